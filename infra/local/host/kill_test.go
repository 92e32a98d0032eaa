// SPDX-License-Identifier: EUPL-1.2

package host_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	cloud "socialreturn/infra/aws"
	"socialreturn/infra/local/host"
	"socialreturn/infra/local/issuer"
	"socialreturn/infra/local/template"
	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

const (
	killHouse     = "KILL_HOUSE" // in the environment of a house to be killed: its data folder
	killPort      = "KILL_PORT"  // likewise: an actor is known by the issuer too, whose address must stay
	killClients   = 6
	startPatience = 20 * time.Second
)

// killDay is the day of every house that is killed.
func killDay() time.Time { return time.Date(2023, 2, 1, 12, 0, 0, 0, time.UTC) }

// TestTheHouseIsKilled is a house, in a process of its own, until it is killed.
// As a test of its own it holds that such a house leaves no engine behind.
func TestTheHouseIsKilled(t *testing.T) {
	folder := os.Getenv(killHouse)
	if folder == "" {
		victim := startVictim(t, t.TempDir(), freePort(t))
		victim.kill(t, false)
		if response, err := http.Get(victim.engine); err == nil {
			response.Body.Close()
			t.Error("the engine outlives the house")
		}
		return
	}
	h := openOn(t, folder, int(numberFrom(t, killPort, 0)))
	fmt.Printf("HUIS %s %s\n", h.URL, h.EngineURL())
	t.Fatal(<-h.Failed())
}

// openOn starts a house of that day on a port.
func openOn(t *testing.T, folder string, port int) *house {
	t.Helper()
	h, err := host.Start(t.Context(), host.Options{Data: folder, Port: port, Now: killDay, Reader: auditor})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.Stop)
	return &house{h, t, newClock(killDay())}
}

func freePort(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}

// victim is a running house that can be killed.
type victim struct {
	url, engine string
	process     *exec.Cmd
}

func startVictim(t *testing.T, folder string, port int) *victim {
	t.Helper()
	v := &victim{process: exec.Command(os.Args[0], "-test.run=^TestTheHouseIsKilled$")}
	v.process.Env = append(os.Environ(), killHouse+"="+folder, fmt.Sprint(killPort, "=", port))
	v.process.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	output, err := v.process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := v.process.Start(); err != nil {
		t.Fatal(err)
	}
	overdue := time.AfterFunc(startPatience, func() { _ = v.process.Process.Kill() })
	defer overdue.Stop()
	var printed []string
	for lines := bufio.NewScanner(output); lines.Scan(); {
		printed = append(printed, lines.Text())
		if parts := strings.Fields(lines.Text()); len(parts) == 3 && parts[0] == "HUIS" {
			v.url, v.engine = parts[1], parts[2]
			go func() { _, _ = io.Copy(io.Discard, output) }()
			return v
		}
	}
	_ = v.process.Wait() // it has ended
	t.Fatalf("the house does not start:\n%s", strings.Join(printed, "\n"))
	return nil
}

// kill ends the house at once, alone or with its engine in the same instant, and
// returns when both are gone.
func (v *victim) kill(t *testing.T, group bool) {
	t.Helper()
	target := v.process.Process.Pid
	if group {
		target = -target
	}
	if err := syscall.Kill(target, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = v.process.Wait() // killed on purpose
	for range 500 {
		response, err := http.Get(v.engine)
		if err != nil {
			return
		}
		response.Body.Close()
		time.Sleep(2 * time.Millisecond)
	}
}

// order is a command with a key. Until it is acknowledged it is given again.
type order struct {
	kind, key, method, path, match string
	body                           map[string]any
	delta                          money.Cents
}

// customer gives orders to whichever house stands, one at a time.
type customer struct {
	t        *testing.T
	number   int
	chance   *rand.Rand
	shared   string // contract that all correct
	own      string // contract whose statement this one submits and withdraws
	given    int
	repeated int // orders given again after a kill
	pending  *order
	acked    map[string]int // by kind
	deltas   money.Cents    // of corrections acknowledged
	tenders  []string       // paths of those acknowledged
}

// house is one life of the house, as a customer sees it.
type life struct {
	url  string
	sign func(issuer.Claims) string
	http *http.Client
}

// ask does one request. Not ok means that nobody knows what came of it.
func (l life) ask(ctx context.Context, who issuer.Claims, o order) (answer reply, location string, ok bool) {
	body, err := json.Marshal(o.body)
	if err != nil {
		return reply{}, "", false
	}
	request, err := http.NewRequestWithContext(ctx, o.method, l.url+o.path, bytes.NewReader(body))
	if err != nil {
		return reply{}, "", false
	}
	request.Header.Set("Authorization", "Bearer "+l.sign(who))
	if o.method == http.MethodGet || o.body == nil {
		request.Body, request.ContentLength = http.NoBody, 0
	} else {
		request.Header.Set("Content-Type", "application/json")
	}
	for name, value := range map[string]string{"Idempotency-Key": o.key, "If-Match": o.match} {
		if value != "" {
			request.Header.Set(name, value)
		}
	}
	response, err := l.http.Do(request)
	if err != nil {
		return reply{}, "", false
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	got := reply{response.StatusCode, response.Header.Get("ETag"), content}
	return got, response.Header.Get("Location"), err == nil && got.status < http.StatusInternalServerError
}

var (
	killOfficer    = issuer.Claims{Subject: "kill-inkoper", Role: "inkoper", Authorities: []string{string(town)}, Scope: scopes}
	killSupplier   = issuer.Claims{Subject: "kill-opdrachtnemer", Role: "opdrachtnemer", KvK: firm, Scope: scopes}
	killConsultant = issuer.Claims{Subject: "kill-adviseur", Role: "adviseur", Desk: townDesk, Scope: scopes}
)

func whoGives(o order) issuer.Claims {
	switch o.kind {
	case "correct":
		return killConsultant
	case "submit", "withdraw":
		return killSupplier
	}
	return killOfficer
}

// work gives orders until the house is gone or most of them are given. It first
// looks for what the last house acknowledged.
func (c *customer) work(ctx context.Context, l life, most int) {
	if n := len(c.tenders); n > 0 {
		got, _, ok := l.ask(ctx, killOfficer, order{method: http.MethodGet, path: c.tenders[n-1]})
		if ok && got.status != http.StatusOK {
			c.t.Errorf("acknowledged and lost: %s answers %d", c.tenders[n-1], got.status)
		}
	}
	if c.pending != nil {
		c.repeated++
	}
	for range most {
		if c.pending == nil && !c.compose(ctx, l) {
			return
		}
		got, location, ok := l.ask(ctx, whoGives(*c.pending), *c.pending)
		switch {
		case !ok:
			return
		case got.status/100 == 2:
			c.acknowledged(location)
		case got.status == http.StatusPreconditionFailed && c.pending.kind == "correct": // somebody else was first
			if !c.look(ctx, l, killConsultant, "/v1/contracten/"+c.shared) {
				return
			}
		default:
			c.t.Errorf("%+v: %d %s", *c.pending, got.status, got.body)
			c.pending = nil
		}
	}
}

func (c *customer) acknowledged(location string) {
	c.acked[c.pending.kind]++
	c.deltas += c.pending.delta
	if c.pending.kind == "tender" {
		c.tenders = append(c.tenders, location)
	}
	c.pending = nil
}

// look makes the pending order match what is there now.
func (c *customer) look(ctx context.Context, l life, who issuer.Claims, path string) bool {
	got, _, ok := l.ask(ctx, who, order{method: http.MethodGet, path: path})
	if ok && got.status == http.StatusOK {
		c.pending.match = got.etag
	}
	return ok
}

// compose makes the next order.
func (c *customer) compose(ctx context.Context, l life) bool {
	c.given++
	next := order{key: fmt.Sprintf("kill-%d-%d", c.number, c.given), method: http.MethodPost}
	c.pending = &next
	ready := true
	switch statement := "/v1/contracten/" + c.own + "/verantwoordingen/2022-Q1"; c.chance.IntN(3) {
	case 0:
		next.kind, next.path = "tender", "/v1/aanbestedingen"
		next.body = map[string]any{
			"opdrachtgever": town, "kenmerk": next.key, "titel": "Onderhoud", "procedure": "europees", "publicatieDatum": "2022-01-10",
			"percelen": []map[string]any{{"id": "1", "titel": "Noord", "aard": "diensten", "geraamdeWaarde": "800000.00", "socialReturn": "ja", "vorm": "contracteis"}},
		}
	case 1:
		next.kind, next.path, next.delta = "correct", "/v1/contracten/"+c.shared+"/correcties", money.Cents(100+c.chance.IntN(10_000))
		next.body = map[string]any{
			"corrigeert": 2, "jaar": 2022, "verschil": next.delta.String(), "reden": "anders", "toelichting": "proef",
		}
		ready = c.look(ctx, l, killConsultant, "/v1/contracten/"+c.shared)
	default:
		next.kind, next.path = "submit", statement+"/indiening"
		if c.acked["submit"] > c.acked["withdraw"] {
			next.kind, next.path = "withdraw", statement+"/intrekking"
		}
		ready = c.look(ctx, l, killSupplier, statement)
	}
	if !ready {
		c.pending = nil
	}
	return ready
}

// killOpening is what the shared contract begins with; corrections are of that.
var killOpening = sroi.Opening{Verified: 1_000_00, AsOf: calendar.MustDate("2022-01-01"), Note: "overgenomen"}

// killSetting is a town with a contract that all customers correct and one of
// each, with a draft.
func killSetting(t *testing.T, folder string) (shared string, own []string) {
	t.Helper()
	a := &acts{house: open(t, folder, newClock(killDay()))}
	a.settle()
	shared = a.contract("gedeeld", killOpening).Contract.ID
	for i := range killClients {
		contract := a.contract(fmt.Sprint("eigen-", i)).Contract
		placement, err := a.Deps.Service.AddPlacement(t.Context(), a.as(sroi.Supplier), contract.ID, app.PlacementInput{
			Person: app.PersonInput{Code: fmt.Sprint("SDH-", i)}, Block: "PW_LT2", Form: ruleset.Employment,
			Employer: sroi.Employer{KvK: firm, Name: "Groenbedrijf", Relation: sroi.Contractor},
			Schedule: []ruleset.Hours{{Span: calendar.Span{From: calendar.MustDate("2022-01-01")}, PerWeek: 24 * 60}},
		})
		a.must(err)
		rules, err := a.Deps.Service.Rules.Pinned(contract.Rules)
		a.must(err)
		var papers []sroi.Evidence
		for _, paper := range rules.EvidenceFor("PW_LT2") {
			papers = append(papers, sroi.Evidence{Kind: paper.Code, Name: paper.Code + ".pdf", SHA256: strings.Repeat("ab", 32)})
		}
		_, _, err = a.Deps.Service.SaveStatement(t.Context(), a.as(sroi.Supplier), contract.ID, calendar.MustPeriod("2022-Q1"), []sroi.Claim{
			{Kind: sroi.PlacementLine, Placement: &sroi.PlacementClaim{Number: placement.Number, Worked: 312 * 60}, Evidence: papers},
		})
		a.must(err)
		own = append(own, contract.ID)
	}
	a.Stop()
	return shared, own
}

func signer(t *testing.T, folder, url string) func(issuer.Claims) string {
	t.Helper()
	local, err := issuer.New(url+"/issuer", host.Audience, filepath.Join(folder, host.IssuerKey), killDay)
	if err != nil {
		t.Fatal(err)
	}
	return func(who issuer.Claims) string {
		token, err := local.Token(who, time.Hour)
		if err != nil {
			t.Error(err)
		}
		return token
	}
}

func numberFrom(t *testing.T, name string, otherwise uint64) uint64 {
	t.Helper()
	if os.Getenv(name) == "" {
		return otherwise
	}
	number, err := strconv.ParseUint(os.Getenv(name), 10, 64)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return number
}

// TestNothingIsLostOrCountedTwiceUnderSIGKILL kills the house at random moments
// under load, KILL_ROUNDS times (five unless it is set), each third time with its
// engine in the same instant, and lets each customer give again what was not
// acknowledged. KILL_SEED repeats the moments and the orders of a run.
func TestNothingIsLostOrCountedTwiceUnderSIGKILL(t *testing.T) {
	seed, rounds := numberFrom(t, "KILL_SEED", rand.Uint64()), numberFrom(t, "KILL_ROUNDS", 5)
	fmt.Printf("KILL_SEED=%d KILL_ROUNDS=%d\n", seed, rounds)
	chance, folder := rand.New(rand.NewPCG(seed, 0)), t.TempDir()
	shared, own := killSetting(t, folder)
	port := freePort(t)
	customers := make([]*customer, killClients)
	for i := range customers {
		customers[i] = &customer{
			t: t, number: i, chance: rand.New(rand.NewPCG(seed, uint64(i+1))), shared: shared, own: own[i], acked: map[string]int{},
		}
	}
	for n := range rounds {
		v := startVictim(t, folder, port)
		l := life{v.url, signer(t, folder, v.url), &http.Client{Timeout: 10 * time.Second}}
		var group sync.WaitGroup
		for _, c := range customers {
			group.Go(func() { c.work(t.Context(), l, 1_000_000) })
		}
		age := time.Duration(20+chance.IntN(400)) * time.Millisecond
		if n%2 == 1 { // old enough for a batch of the stream to go, and to be killed amid it
			age += mappingWindow(t)
		}
		time.Sleep(age)
		v.kill(t, n%3 == 2)
		group.Wait()
		l.http.CloseIdleConnections()
		if done := n + 1; done%10 == 0 || done == rounds {
			fmt.Printf("killed %d times: %s\n", done, tell(customers))
		}
	}
	a := &acts{house: openOn(t, folder, port)}
	l := life{a.URL, signer(t, folder, a.URL), &http.Client{Timeout: 10 * time.Second}}
	for _, c := range customers {
		for range 20 {
			if c.pending == nil {
				break
			}
			c.work(t.Context(), l, 1)
		}
		if c.pending != nil {
			t.Errorf("never acknowledged: %+v", *c.pending)
		}
	}
	holdAccounts(a, customers, shared)
}

// mappingWindow is how long the event source lets a batch fill.
func mappingWindow(t *testing.T) time.Duration {
	t.Helper()
	layout, err := template.Parse(cloud.Template)
	if err != nil {
		t.Fatal(err)
	}
	return layout.Streams[0].Window
}

func tell(customers []*customer) string {
	acked, repeated := map[string]int{}, 0
	for _, c := range customers {
		repeated += c.repeated
		for kind, count := range c.acked {
			acked[kind] += count
		}
	}
	return fmt.Sprintf("acknowledged %v, given again after a kill: %d", acked, repeated)
}

// holdAccounts holds the books against what was acknowledged, and the totals
// against a rebuild from the ledgers.
func holdAccounts(a *acts, customers []*customer, shared string) {
	a.t.Helper()
	ledgers, corrections, deltas, tenders, repeated := []string{"CONTRACT#" + shared}, 0, money.Cents(0), 0, 0
	for _, c := range customers {
		kinds, _ := a.ledger(c.own)
		for kind, act := range map[sroi.EntryKind]string{sroi.StatementSubmitted: "submit", sroi.StatementWithdrawn: "withdraw"} {
			if kinds[kind] != c.acked[act] {
				a.t.Errorf("customer %d: %d times %s acknowledged, %d booked", c.number, c.acked[act], act, kinds[kind])
			}
		}
		ledgers = append(ledgers, "CONTRACT#"+c.own)
		corrections += c.acked["correct"]
		deltas += c.deltas
		tenders += len(c.tenders)
		repeated += c.repeated
	}
	kinds, balance := a.ledger(shared)
	if kinds[sroi.Corrected] != corrections || balance.Verified != killOpening.Verified+deltas {
		a.t.Errorf("%d corrections of %s acknowledged, %d of %s booked", corrections, deltas, kinds[sroi.Corrected], balance.Verified)
	}
	listed, cursor := 0, ""
	for {
		page, next, err := a.Deps.Service.Store.ListTenders(a.t.Context(), app.TenderQuery{Authority: town}, app.Page{Limit: 100, Cursor: cursor})
		a.must(err)
		for _, tender := range page {
			ledgers = append(ledgers, "TENDER#"+tender.ID)
			if !strings.HasPrefix(tender.Reference, "kill-") {
				continue
			}
			listed++
			if owner := slices.IndexFunc(customers, func(c *customer) bool { return slices.Contains(c.tenders, "/v1/aanbestedingen/"+tender.ID) }); owner < 0 {
				a.t.Errorf("tender %s was never acknowledged", tender.ID)
			}
		}
		if cursor = next; cursor == "" {
			break
		}
	}
	if listed != tenders {
		a.t.Errorf("%d tenders acknowledged, %d there", tenders, listed)
	}
	if corrections == 0 || tenders == 0 || repeated == 0 {
		a.t.Errorf("the load proves nothing: %s", tell(customers))
	}
	a.idle()
	if waiting := a.Failures.Bodies(); len(waiting) > 0 {
		a.t.Errorf("the failure queue holds %v", waiting)
	}
	a.rebuild(ledgers)
}

// ledger counts a contract's entries by kind, and holds their chain and sums
// against its balance.
func (a *acts) ledger(contract string) (map[sroi.EntryKind]int, sroi.Balance) {
	a.t.Helper()
	entries, err := a.Deps.Service.Store.Entries(a.t.Context(), contract, 0, 1_000_000)
	a.must(err)
	account, err := a.Deps.Service.Store.Account(a.t.Context(), contract)
	a.must(err)
	kinds, folded := map[sroi.EntryKind]int{}, sroi.Balance{Contract: contract}
	for _, entry := range entries {
		kinds[entry.Kind]++
		folded, err = folded.Apply(entry)
		a.must(err)
	}
	if sroi.Digest(folded) != sroi.Digest(account.Balance) {
		a.t.Errorf("contract %s: balance %+v is not the fold %+v", contract, account.Balance, folded)
	}
	return kinds, folded
}

// rebuild throws all figures away, folds the ledgers anew and compares.
func (a *acts) rebuild(ledgers []string) {
	a.t.Helper()
	before := a.totals()
	for _, area := range []string{"GM0200", "AM06"} {
		for _, pk := range []string{"AREA#" + area, "AREA#" + area + "#YEAR#2021", "AREA#" + area + "#YEAR#2022"} {
			a.drop(pk)
		}
	}
	if empty := a.totals(); empty == before {
		a.t.Fatal("there were no totals")
	}
	for ledger, err := range a.Deps.Service.RollUp(a.t.Context(), ledgers) {
		a.t.Errorf("%s: %v", ledger, err)
	}
	if after := a.totals(); after != before {
		a.t.Errorf("totals were\n%s\nrebuilt from the ledgers they are\n%s", before, after)
	}
}

// drop deletes every item of a partition.
func (a *acts) drop(pk string) {
	a.t.Helper()
	for {
		found, err := a.client().Query(a.t.Context(), &dynamodb.QueryInput{
			TableName: aws.String("socialreturn"), KeyConditionExpression: aws.String("PK = :pk"),
			ExpressionAttributeValues: map[string]types.AttributeValue{":pk": &types.AttributeValueMemberS{Value: pk}},
		})
		a.must(err)
		if len(found.Items) == 0 {
			return
		}
		for _, item := range found.Items {
			_, err := a.client().DeleteItem(a.t.Context(), &dynamodb.DeleteItemInput{
				TableName: aws.String("socialreturn"), Key: map[string]types.AttributeValue{"PK": item["PK"], "SK": item["SK"]},
			})
			a.must(err)
		}
	}
}
