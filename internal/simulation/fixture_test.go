// SPDX-License-Identifier: EUPL-1.2

package simulation

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	cloud "socialreturn/infra/aws"
	"socialreturn/infra/local/engine"
	"socialreturn/infra/local/template"
	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
	"socialreturn/internal/store"
	"socialreturn/internal/store/model"
)

const (
	tableName = "sroi"
	apeldoorn = sroi.AuthorityID("00000001001234567000")
	brummen   = sroi.AuthorityID("00000001009876543000")
	builder   = "12345678" // KvK numbers
	gardener  = "23456789"
	seller    = "87654321"
	bureau    = "stedendriehoek"
	ruleSetID = "oost-nederland"

	// works has nothing yet, and lies in the municipality of Brummen.
	works = sroi.AuthorityID("00000001005555555000")
)

// Who acts. The two suppliers, their officer and their consultant share two
// municipalities, of which one has two authorities.
var (
	officer       = app.Actor{Role: sroi.Officer, ID: "inkoper", Authorities: []sroi.AuthorityID{apeldoorn, brummen, works}}
	consultant    = app.Actor{Role: sroi.Consultant, ID: "adviseur", Desk: bureau}
	second        = app.Actor{Role: sroi.Consultant, ID: "collega", Desk: bureau}
	administrator = app.Actor{Role: sroi.Administrator, ID: "beheerder"}
	suppliers     = map[string]app.Actor{
		builder:  {Role: sroi.Supplier, ID: "bouw", Supplier: builder},
		gardener: {Role: sroi.Supplier, ID: "groen", Supplier: gardener},
	}
)

// fixture is the world at the beginning of every run: two municipalities, two
// tenders, and a contract of each supplier with two placements. One person works
// on both contracts, for more hours than the norm week has. The second contract is
// of works, of which the obligation moves with the turnover.
type fixture struct {
	engine    *model.Engine
	rules     *ruleset.Library
	contracts [2]string
	tenders   [2]string
	delivered int // changes that the stream brought already
}

var (
	original fixture
	making   sync.Once
)

// prepare makes the fixture, once in a process.
func prepare(t testing.TB) fixture {
	t.Helper()
	making.Do(func() { original = newFixture(t) })
	if original.engine == nil {
		t.Fatal("there is no fixture")
	}
	return original
}

func newFixture(t testing.TB) fixture {
	t.Helper()
	f := fixture{engine: model.New(model.Options{Now: time.Now}), rules: library(t)}
	ctx := t.Context()
	client := clientOf(f.engine)
	layout, err := template.Parse(cloud.Template)
	must(t, err)
	_, err = client.CreateTable(ctx, layout.Table(tableName))
	must(t, err)
	s := serviceOver(client, f.rules, rand.Text)
	b := builderOfFixture{t: t, ctx: ctx, service: s}
	b.authority(apeldoorn, "Apeldoorn", "GM0200")
	b.authority(brummen, "Brummen", "GM0213")
	b.authority(works, "Brummen, werken", "GM0213")
	_, _, err = s.PutEnterprise(ctx, b.call(administrator), app.EnterpriseInput{
		Register: ruleSetID, KvK: seller, Name: "Goed Werk",
		Spans: []sroi.RecognisedSpan{{Span: calendar.Span{From: calendar.MustDate("2020-01-01")}, Recognition: ruleset.Recognised, Source: "besluit"}},
	})
	must(t, err)
	for i, owner := range []sroi.AuthorityID{apeldoorn, brummen} {
		supplier := []string{builder, gardener}[i]
		f.tenders[i] = b.tender(owner, supplier)
		f.contracts[i] = b.contract(f.tenders[i], fmt.Sprint(i+1), supplier)
		b.placement(f.contracts[i], supplier, personNamed("Jansen"), "PW_LT2", calendar.Minutes(24-4*i))
		b.placement(f.contracts[i], supplier, personNamed([]string{"Bakker", "Visser"}[i]), "NUG", 24)
	}
	for _, err := range s.RollUp(ctx, []string{"TENDER#" + f.tenders[0], "TENDER#" + f.tenders[1], "CONTRACT#" + f.contracts[0], "CONTRACT#" + f.contracts[1]}) {
		must(t, err)
	}
	f.delivered = newView(f.engine).seen
	return f
}

func must(t testing.TB, err error) {
	t.Helper()
	if refusal, ok := errors.AsType[*app.Error](err); ok {
		t.Fatalf("%v %+v", err, refusal.Faults)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// doer is an engine as an HTTP client.
type doer struct{ http.RoundTripper }

func (d doer) Do(request *http.Request) (*http.Response, error) { return d.RoundTrip(request) }

// clientOf is the SDK's client as in production, its retries included.
func clientOf(line http.RoundTripper) *dynamodb.Client {
	config := engine.Config("http://model.invalid")
	config.HTTPClient = doer{line}
	config.Credentials = aws.AnonymousCredentials{} // a signature costs a fifth of a call and proves nothing here
	return dynamodb.NewFromConfig(config)
}

// sameSalt makes two runs of the same commands equal byte for byte.
func sameSalt() string { return "zout" }

func serviceOver(client *dynamodb.Client, rules *ruleset.Library, salt func() string) *app.Service {
	return &app.Service{
		Store: store.New(client, tableName), Rules: rules, Salt: salt,
		Persons: app.PersonKeys{{Version: 1, Secret: []byte(strings.Repeat("k", 32))}},
	}
}

type document = map[string]any

// library is the rules of Oost-Nederland with all that a limit can be on: hours
// per person over all contracts, a day per activity, and an obligation of works
// that moves with the turnover. From 2022 a block has another name and value.
func library(t testing.TB) *ruleset.Library {
	t.Helper()
	published, err := ruleset.Embedded().At(ruleSetID, calendar.MustDate("2022-01-01"))
	must(t, err)
	files := fstest.MapFS{}
	for _, from := range []string{"2016-01-01", "2022-01-01"} {
		var doc document
		must(t, json.Unmarshal(published.Raw(), &doc))
		doc["validity"].(document)["from"] = from
		doc["obligation"].(document)["works"].(document)["basis"] = "invoicedTurnover"
		blocks := append(doc["blocks"].([]any), document{
			"code": "ACT", "label": "Activiteit", "kind": "perHour", "category": "activiteit", "value": "50.00", "dailyMaximum": "300.00", "source": "verplichting",
		})
		limited := []any{"PW_LT2", "PW_GT2"}
		if from == "2022-01-01" {
			for _, block := range blocks {
				if block.(document)["code"] == "PW_LT2" {
					block.(document)["code"], block.(document)["value"] = "PW", "36000.00"
				}
			}
			limited = []any{"PW", "PW_GT2"}
		}
		doc["blocks"] = blocks
		doc["personLimit"] = document{"hours": fmt.Sprint(int(personHours / 60)), "gapMonths": 6, "appliesTo": limited, "source": "normweek"}
		raw, err := json.Marshal(doc)
		must(t, err)
		files[ruleSetID+"/"+from+".json"] = &fstest.MapFile{Data: raw}
	}
	rules, err := ruleset.Load(files)
	must(t, err)
	return rules
}

// personHours is the limit of a person over all contracts; two quarters of an
// ordinary placement go over it.
const personHours calendar.Minutes = 500 * 60

// builderOfFixture carries out what must succeed.
type builderOfFixture struct {
	t       testing.TB
	ctx     context.Context
	service *app.Service
	keys    int
}

var signed = time.Date(2021, 12, 20, 9, 0, 0, 0, time.UTC)

func (b *builderOfFixture) call(actor app.Actor) app.Call {
	b.keys++
	return app.Call{Actor: actor, Now: signed, Key: fmt.Sprint("begin-", b.keys)}
}

func matching(call app.Call, version int) app.Call {
	call.Match = &version
	return call
}

func (b *builderOfFixture) authority(id sroi.AuthorityID, name, code string) {
	_, _, err := b.service.PutAuthority(b.ctx, b.call(administrator), app.AuthorityInput{
		ID: id, Name: "Gemeente " + name, Kind: sroi.Municipality, Desk: bureau, RuleSet: ruleSetID,
		TwoPeople: id == brummen,
		Areas:     []sroi.AreaSpan{{Span: calendar.Span{From: calendar.MustDate("2000-01-01")}, Municipality: code, Region: "AM06"}},
	})
	must(b.t, err)
}

// tender is a tender of two lots, both finally awarded: the first for a contract.
func (b *builderOfFixture) tender(owner sroi.AuthorityID, supplier string) string {
	tender, err := b.service.RegisterTender(b.ctx, b.call(officer), tenderInput(owner, "Onderhoud"))
	must(b.t, err)
	for _, lot := range []string{"1", "2"} {
		in := awardInput(lot, supplier)
		tender, _, err = b.service.AwardLot(b.ctx, matching(b.call(officer), tender.Version), tender.ID, in)
		must(b.t, err)
	}
	return tender.ID
}

func (b *builderOfFixture) contract(tender, lot, supplier string) string {
	account, err := b.service.RegisterContract(b.ctx, b.call(officer), contractInput(tender, lot, supplier, "C-0"))
	must(b.t, err)
	return account.Contract.ID
}

func (b *builderOfFixture) placement(contract, supplier string, person app.PersonInput, block string, hours calendar.Minutes) {
	_, err := b.service.AddPlacement(b.ctx, b.call(suppliers[supplier]), contract, placementInput(person, block, hours))
	must(b.t, err)
}

func personNamed(surname string) app.PersonInput {
	return app.PersonInput{Initials: "J.", Surname: surname, Birth: app.BirthDate{Year: 1980}}
}

func ref[T any](v T) *T { return &v }

func euros(n int64) money.Cents { return money.Cents(100 * n) }

func tenderInput(owner sroi.AuthorityID, reference string) app.TenderInput {
	in := app.TenderInput{Authority: owner, Reference: reference, Title: reference, Procedure: sroi.European, Published: calendar.MustDate("2021-10-01")}
	for i, nature := range []ruleset.Nature{ruleset.Services, ruleset.Works} {
		in.Lots = append(in.Lots, app.LotInput{
			ID: fmt.Sprint(i + 1), Title: "Perceel", Nature: nature, Estimated: ref(euros(800_000)), SocialReturn: sroi.Applied, Form: sroi.Requirement,
		})
	}
	return in
}

func awardInput(lot, supplier string) app.AwardInput {
	return app.AwardInput{Lot: lot, State: sroi.Final, Date: calendar.MustDate("2021-12-15"), Supplier: supplier, SupplierName: "Bedrijf " + supplier, Value: euros(800_000)}
}

func contractInput(tender, lot, supplier, number string) app.ContractInput {
	return app.ContractInput{
		Tender: tender, Lot: lot, Number: number, Supplier: supplier, Value: euros(800_000),
		Term:   calendar.Span{From: calendar.MustDate("2022-01-01"), To: calendar.MustDate("2022-12-31")},
		Signed: calendar.On(signed), Clause: "bijlage 3, artikel 7",
	}
}

func placementInput(person app.PersonInput, block string, hours calendar.Minutes) app.PlacementInput {
	return app.PlacementInput{
		Person: person, Block: block, Form: ruleset.Employment,
		Employer: sroi.Employer{KvK: builder, Name: "Bouw BV", Relation: sroi.Contractor},
		Schedule: []ruleset.Hours{{Span: calendar.Span{From: calendar.MustDate("2022-01-01")}, PerWeek: hours * 60}},
	}
}
