// SPDX-License-Identifier: EUPL-1.2

package host_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"

	"socialreturn/infra/local/engine"
	"socialreturn/infra/local/host"
	"socialreturn/infra/local/stream"
	"socialreturn/infra/redrive"
	"socialreturn/internal/app"
	"socialreturn/internal/boot/signed"
	"socialreturn/internal/calendar"
	"socialreturn/internal/edge"
	"socialreturn/internal/money"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

const (
	town     = sroi.AuthorityID("00000001001234567000")
	townDesk = "stedendriehoek"
	firm     = "12345678"
)

// acts are deeds of a small town through its house's use cases, each with a key
// of its own, so that two houses come to the same ids.
type acts struct {
	*house
	keys int
}

func (a *acts) as(role sroi.Role) app.Call {
	a.keys++
	return app.Call{Now: a.clock.now(), Key: fmt.Sprint("daad-", a.keys), Actor: app.Actor{
		Role: role, ID: string(role), Authorities: []sroi.AuthorityID{town}, Supplier: firm, Desk: townDesk,
	}}
}

func (a *acts) must(err error) {
	a.t.Helper()
	if refusal, ok := errors.AsType[*app.Error](err); ok {
		a.t.Fatalf("%v %+v", err, refusal.Faults)
	}
	if err != nil {
		a.t.Fatal(err)
	}
}

func (a *acts) settle() {
	a.t.Helper()
	_, _, err := a.Deps.Service.PutAuthority(a.t.Context(), a.as(sroi.Administrator), app.AuthorityInput{
		ID: town, Name: "Gemeente Apeldoorn", Kind: sroi.Municipality, Desk: townDesk, RuleSet: "oost-nederland",
		Areas: []sroi.AreaSpan{{Span: calendar.Span{From: calendar.MustDate("2000-01-01")}, Municipality: "GM0200", Region: "AM06"}},
	})
	a.must(err)
}

// contract registers a tender, awards it and registers its contract.
func (a *acts) contract(reference string, opening ...sroi.Opening) app.Account {
	a.t.Helper()
	service, day, value := a.Deps.Service, calendar.MustDate, money.Cents(800_000_00)
	tender, err := service.RegisterTender(a.t.Context(), a.as(sroi.Officer), app.TenderInput{
		Authority: town, Reference: reference, Title: "Groen", Procedure: sroi.European, Published: day("2021-10-01"),
		Lots: []app.LotInput{{ID: "1", Title: "Groen", Nature: ruleset.Services, Estimated: &value, SocialReturn: sroi.Applied, Form: sroi.Requirement}},
	})
	a.must(err)
	award := a.as(sroi.Officer)
	award.Match = &tender.Version
	_, _, err = service.AwardLot(a.t.Context(), award, tender.ID, app.AwardInput{
		Lot: "1", State: sroi.Final, Date: day("2021-12-01"), Supplier: firm, SupplierName: "Groenbedrijf", Value: value,
	})
	a.must(err)
	in := app.ContractInput{
		Tender: tender.ID, Lot: "1", Number: "C-" + reference, Supplier: firm, Value: value, Signed: day("2021-12-10"), Clause: "artikel 7",
		Term: calendar.Span{From: day("2022-01-01"), To: day("2022-12-31")},
	}
	for _, o := range opening {
		in.Opening = &o
	}
	account, err := service.RegisterContract(a.t.Context(), a.as(sroi.Officer), in)
	a.must(err)
	return account
}

// raise amends the value of a contract.
func (a *acts) raise(account app.Account, value money.Cents) {
	a.t.Helper()
	call := a.as(sroi.Officer)
	call.Match = &account.Balance.Seq
	_, _, err := a.Deps.Service.AmendContract(a.t.Context(), call, account.Contract.ID, app.AmendmentInput{
		Kind: sroi.AmendValue, Reason: sroi.MoreWork, Text: "meerwerk", Effective: calendar.MustDate("2022-03-01"), Value: &value,
	})
	a.must(err)
}

// totals are those of the town and its region as they are stored, but for the
// number of swaps.
func (a *acts) totals() string {
	a.t.Helper()
	var all []sroi.Total
	for _, area := range []string{"GM0200", "AM06"} {
		totals, err := a.Deps.Service.Store.Totals(a.t.Context(), area, 2021, 2022)
		a.must(err)
		for _, total := range totals {
			total.Total.Version = 0
			all = append(all, total.Total)
		}
	}
	text, err := json.Marshal(all)
	a.must(err)
	return string(text)
}

// item reads an item as the engine has it, and put writes one.
func (a *acts) item(pk, sk string) map[string]types.AttributeValue {
	a.t.Helper()
	found, err := a.client().GetItem(a.t.Context(), &dynamodb.GetItemInput{TableName: aws.String("socialreturn"), Key: map[string]types.AttributeValue{
		"PK": &types.AttributeValueMemberS{Value: pk}, "SK": &types.AttributeValueMemberS{Value: sk},
	}})
	a.must(err)
	if found.Item == nil {
		a.t.Fatalf("no item %s %s", pk, sk)
	}
	return found.Item
}

func (a *acts) put(item map[string]types.AttributeValue) {
	a.t.Helper()
	_, err := a.client().PutItem(a.t.Context(), &dynamodb.PutItemInput{TableName: aws.String("socialreturn"), Item: item})
	a.must(err)
}

func (a *acts) client() *dynamodb.Client {
	return dynamodb.NewFromConfig(engine.Config(a.EngineURL()))
}

// redrive does what `make redrive` does, and gives what it prints.
func (a *acts) redrive() (string, error) {
	a.t.Helper()
	var out strings.Builder
	config := engine.Config(a.URL)
	err := redrive.Redriver{
		Queue: signed.Queue{URL: host.QueueURL(a.URL), Caller: signed.Caller{
			Region: config.Region, Credentials: config.Credentials, Client: &http.Client{Timeout: time.Minute},
		}},
		Endpoint: a.URL, Function: edge.StreamFunction, Streams: dynamodbstreams.NewFromConfig(config), Out: &out,
	}.Run(a.t.Context())
	return out.String(), err
}

// logged counts the lines of the log with an act, an object and an outcome.
func (a *acts) logged(folder, act, object, outcome string) int {
	a.t.Helper()
	content, err := os.ReadFile(filepath.Join(folder, "log.jsonl"))
	a.must(err)
	count := 0
	for line := range strings.Lines(string(content)) {
		var fields map[string]any
		a.must(json.Unmarshal([]byte(line), &fields))
		if fields["actie"] == act && fields["object"] == object && fields["resultaat"] == outcome {
			count++
		}
		if fields["msg"] == "stream batch failed" {
			a.t.Errorf("a batch was not applied: %s", line)
		}
	}
	return count
}

func newActs(t *testing.T, data string) *acts {
	t.Helper()
	return &acts{house: open(t, data, newClock(time.Date(2022, 3, 7, 12, 0, 0, 0, time.UTC)))}
}

func TestPoisonWaitsInTheQueueAndIsRedrivenDaysLater(t *testing.T) {
	sane := newActs(t, "")
	sane.settle()
	one, two := sane.contract("een"), sane.contract("twee")
	sane.raise(one, 900_000_00)
	sane.raise(two, 1_000_000_00)
	sane.idle()
	want := sane.totals()

	folder := t.TempDir()
	sick := newActs(t, folder)
	sick.settle()
	one, two = sick.contract("een"), sick.contract("twee")
	sick.idle()
	poisoned, healthy := "CONTRACT#"+one.Contract.ID, "CONTRACT#"+two.Contract.ID
	whole := sick.item(poisoned, "ENTRY#00000001")
	broken := map[string]types.AttributeValue{}
	for name, value := range whole {
		broken[name] = value
	}
	broken["body"] = &types.AttributeValueMemberS{Value: "{"}
	sick.put(broken)
	before := sick.logged(folder, "werkTotalenBij", healthy, "gelukt")
	sick.raise(one, 900_000_00)
	sick.raise(two, 1_000_000_00)
	sick.idle()

	if sick.logged(folder, "werkTotalenBij", healthy, "gelukt") == before {
		t.Error("the healthy ledger was held up")
	}
	if failed := sick.logged(folder, "werkTotalenBij", poisoned, "mislukt"); failed < 1 || failed > 2 { // twice where the batch is repeated on purpose
		t.Errorf("the poison was delivered %d times", failed)
	}
	waiting := sick.Failures.Bodies()
	if len(waiting) == 0 || !strings.Contains(waiting[0], `"grootboek":"`+poisoned+`"`) {
		t.Fatalf("the queue holds %q", waiting)
	}
	if sick.totals() == want {
		t.Fatal("the poison did no harm")
	}

	out, err := sick.redrive()
	if !errors.Is(err, redrive.ErrLeft) || !strings.Contains(out, poisoned+": mislukt") || len(sick.Failures.Bodies()) != len(waiting) {
		t.Fatalf("before the repair: %v\n%s", err, out)
	}
	sick.put(whole)
	sick.clock.set(sick.clock.now().AddDate(0, 0, 6))
	out, err = sick.redrive()
	if err != nil || !strings.Contains(out, poisoned+": herberekend.") || len(sick.Failures.Bodies()) > 0 {
		t.Fatalf("after the repair: %v\n%s", err, out)
	}
	if got := sick.totals(); got != want {
		t.Errorf("totals are\n%s\nwant\n%s", got, want)
	}
	swaps := sick.item("AREA#GM0200", "YEAR#2022")["version"].(*types.AttributeValueMemberN).Value
	sick.must(sick.Failures.Send(t.Context(), edge.SetAside{Ledger: poisoned, Records: []string{"1"}}))
	out, err = sick.redrive()
	if again := sick.item("AREA#GM0200", "YEAR#2022")["version"].(*types.AttributeValueMemberN).Value; err != nil || again != swaps {
		t.Errorf("the second time changed the total: version %s, was %s: %v\n%s", again, swaps, err, out)
	}
	if out, err = sick.redrive(); err != nil || !strings.Contains(out, "De wachtrij is leeg") {
		t.Errorf("%v %s", err, out)
	}
}

// What Lambda gives up itself names no ledger, but the stream still knows it.
func TestWhatTheEventSourceGaveUpIsFoundInTheStream(t *testing.T) {
	a := newActs(t, "")
	a.settle()
	contract := a.contract("een")
	a.idle()
	streams := dynamodbstreams.NewFromConfig(engine.Config(a.EngineURL()))
	listed, err := streams.ListStreams(t.Context(), &dynamodbstreams.ListStreamsInput{TableName: aws.String("socialreturn")})
	a.must(err)
	described, err := streams.DescribeStream(t.Context(), &dynamodbstreams.DescribeStreamInput{StreamArn: listed.Streams[0].StreamArn})
	a.must(err)
	start, err := streams.GetShardIterator(t.Context(), &dynamodbstreams.GetShardIteratorInput{
		StreamArn: listed.Streams[0].StreamArn, ShardId: described.StreamDescription.Shards[0].ShardId, ShardIteratorType: "TRIM_HORIZON",
	})
	a.must(err)
	page, err := streams.GetRecords(t.Context(), &dynamodbstreams.GetRecordsInput{ShardIterator: start.ShardIterator})
	a.must(err)
	first, last := page.Records[0].Dynamodb.SequenceNumber, page.Records[len(page.Records)-1].Dynamodb.SequenceNumber
	given := stream.GivenUp{Version: "1.0", Batch: stream.Batch{
		Shard: *described.StreamDescription.Shards[0].ShardId, First: *first, Last: *last, Size: len(page.Records), Stream: *listed.Streams[0].StreamArn,
	}}
	a.must(a.Failures.Send(t.Context(), given))
	out, err := a.redrive()
	for _, ledger := range []string{"CONTRACT#" + contract.Contract.ID, "TENDER#" + contract.Contract.Tender} {
		if !strings.Contains(out, ledger+": herberekend.") {
			t.Errorf("%s is missing", ledger)
		}
	}
	if err != nil || len(a.Failures.Bodies()) > 0 {
		t.Errorf("%v\n%s", err, out)
	}
	given.Batch.First, given.Batch.Last = "999999999999999999999999", "999999999999999999999999"
	a.must(a.Failures.Send(t.Context(), given))
	a.must(a.Failures.Send(t.Context(), edge.SetAside{Records: []string{"17"}}))
	a.must(a.Failures.Send(t.Context(), "onzin"))
	out, err = a.redrive()
	if !errors.Is(err, redrive.ErrLeft) || len(a.Failures.Bodies()) != 3 {
		t.Errorf("%v\n%s", err, out)
	}
	for _, reason := range []string{"heeft de records vanaf volgnummer", "volgnummer 17 van de stroom noemt geen grootboek", "niet van dit systeem"} {
		if !strings.Contains(out, reason) {
			t.Errorf("%q is missing in\n%s", reason, out)
		}
	}
}
