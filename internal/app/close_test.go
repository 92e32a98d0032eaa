// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	cloud "socialreturn/infra/aws"
	"socialreturn/infra/local/engine"
	"socialreturn/infra/local/template"
	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
	"socialreturn/internal/store"
	"socialreturn/internal/store/model"
)

// quarterDecided is a contract over 2022 of which the first quarter is decided:
// € 30.000 × 24/36 × 3/12 is € 5.000, and an invoice of € 1.200 counts whole.
func (h *house) quarterDecided(reference string) sroi.Contract {
	h.t.Helper()
	h.today = "2022-01-03"
	contract := h.contract(reference)
	_, err := h.AddPlacement(h.ctx, h.as(sroi.Supplier), contract.ID, placementInput("Jansen", 24))
	h.must(err)
	h.today = "2022-04-05"
	purchase := sroi.Claim{Kind: sroi.PurchaseLine, Purchase: &sroi.PurchaseClaim{
		Block: h.purchaseBlock(contract), Seller: seller, SellerName: "Goed Werk", Recognition: ruleset.Recognised,
		Order: "O-1", Invoice: "F-77", InvoiceDate: calendar.MustDate("2022-02-10"), Amount: cents("1200"),
	}}
	purchase.Evidence = h.evidence(contract, purchase.Purchase.Block)
	h.decided(h.submitted(contract, "2022-Q1", h.placed(contract, 1, 312), purchase), approve)
	return contract
}

// quarters are periods of 2022 that a contract is known to leave open.
func quarters(contract sroi.Contract, numbers ...int) []app.KnownOpen {
	var open []app.KnownOpen
	for _, n := range numbers {
		open = append(open, app.KnownOpen{Contract: contract.ID, Period: calendar.MustPeriod(fmt.Sprint("2022-Q", n)), Reason: "Wacht op stukken."})
	}
	return open
}

// closed closes a year to the end and holds the close against its snapshot.
func (h *house) closed(call app.Call, year int, open ...app.KnownOpen) sroi.YearClose {
	h.t.Helper()
	c, err := h.CloseYear(h.ctx, call, app.CloseInput{Authority: apeldoorn, Year: year, Open: open})
	h.must(err)
	if c.State != sroi.CloseFrozen {
		h.t.Fatalf("%+v", c)
	}
	snapshot, err := h.CloseSnapshot(h.ctx, h.as(sroi.Auditor), app.CloseID(apeldoorn, year))
	h.must(err)
	if snapshot.Digest() != c.Digest || len(snapshot.Heads) != c.Heads {
		h.t.Fatalf("the snapshot is not the one that was frozen: %+v %+v", snapshot, c)
	}
	return c
}

// table rolls everything up and reads the municipality's report.
func (h *house) table(area string, year int) sroi.Report {
	h.t.Helper()
	ledgers, err := h.Store.LedgersOf(h.ctx, apeldoorn, "", 0)
	h.must(err)
	for ledger, err := range h.RollUp(h.ctx, ledgers) {
		h.t.Fatalf("%s: %v", ledger, err)
	}
	report, err := h.Report(h.ctx, h.as(sroi.Officer), app.ReportQuery{Area: area, Year: year})
	h.must(err)
	return report
}

func rowOf(t testing.TB, r sroi.Report, code string) sroi.Row {
	t.Helper()
	i := slices.IndexFunc(r.Rows, func(row sroi.Row) bool { return row.Code == code })
	if i < 0 {
		t.Fatalf("no row %s", code)
	}
	return r.Rows[i]
}

// Worked out by hand. As closed: the first quarter, € 5.000 + € 1.200 = € 6.200.
// Afterwards the invoice is taken back (- € 1.200) and the second quarter, which
// was known to be open, is decided: the placement's € 30.000 × 24/36 × 6/12 =
// € 10.000 until then, less the € 5.000 before, is + € 5.000. So the correction is
// € 3.800, and as restated it is € 10.000.
func TestAClosedYearIsShownAsClosedCorrectedAndRestated(t *testing.T) {
	h := newHouse(t)
	contract := h.quarterDecided("afgesloten")
	h.today = "2023-02-01"
	h.closed(h.as(sroi.Consultant), 2021)
	h.closed(h.as(sroi.Consultant), 2022, quarters(contract, 2, 3, 4)...)
	before := h.table("GM0200", 2022)
	if !before.Current.Final || before.Current.ClosedOn != calendar.MustDate("2023-02-01") || before.Restated || before.ActCount != 0 {
		t.Fatalf("%+v", before.Current)
	}
	h.today = "2023-03-01"
	_, _, err := h.Correct(h.ctx, matching(h.as(sroi.Consultant), h.balance(contract).Seq), contract.ID, app.CorrectionInput{
		Corrects: 3, Year: 2022, Delta: -cents("1200"), Reason: sroi.CountsNoMore, Text: "De factuur hoorde bij een ander contract.",
	})
	h.must(err)
	h.decided(h.submitted(contract, "2022-Q2", h.placed(contract, 1, 312)), approve)
	report := h.table("GM0200", 2022)
	row := rowOf(t, report, sroi.RealisedValue)
	for what, c := range map[string]struct{ got, want int64 }{
		"as closed":   {row.AsClosed.Value.Num, 6200_00},
		"correction":  {row.Correction.Value.Num, 3800_00},
		"as restated": {row.Current.Value.Num, 10000_00},
	} {
		if c.got != c.want {
			t.Errorf("%s: %d, want %d", what, c.got, c.want)
		}
	}
	if jobs := rowOf(t, report, sroi.ExtraJobs); jobs.AsClosed.Value.Num != 1 || jobs.Correction.Value.Num != 0 {
		t.Errorf("nobody came to work or left: %+v", jobs)
	}
	var acts []string
	for _, act := range report.Acts {
		if act.Ledger != "CONTRACT#"+contract.ID || act.Number != contract.Number || act.Booked != calendar.MustDate("2023-03-01") {
			t.Errorf("%+v", act)
		}
		acts = append(acts, fmt.Sprint(act.Seq, " ", act.Kind, " ", act.Reason, act.Period, " ", act.Realised, " ", act.Open))
	}
	want := []string{"6 corrected countsNoMore -1200.00 false", "7 statementSubmitted 2022-Q2 0.00 true", "8 statementDecided 2022-Q2 5000.00 true"}
	if !report.Restated || report.ActCount != 3 || !slices.Equal(acts, want) {
		t.Errorf("%v, want %v", acts, want)
	}
	if known := report.KnownOpen; len(known) != 1 || known[0].Contract != contract.ID || known[0].Period.String() != "2022-Q2" || known[0].Reason != "Wacht op stukken." {
		t.Errorf("what was known to be open: %+v", known)
	}
	next := h.table("GM0200", 2023)
	if got := rowOf(t, next, sroi.RealisedValue); got.Previous.Value.Num != 6200_00 || got.PreviousRestated.Value.Num != 10000_00 {
		t.Errorf("last year is as the council adopted it: %+v", got)
	}
	if got := rowOf(t, next, sroi.ExtraJobs); got.PreviousRestated.State != "" {
		t.Errorf("nothing was restated: %+v", got)
	}
	if region := h.table("AM06", 2022); !region.Current.Final || region.ActCount != 3 || region.Acts[0].Ledger != "" || region.Acts[0].Number != "" || region.KnownOpen != nil {
		t.Errorf("the region's year is closed with its last municipality, and does not tell whose acts: %+v", region)
	}
}

func TestAYearThatCannotBeClosed(t *testing.T) {
	h := newHouse(t)
	contract := h.quarterDecided("niet-af")
	h.today = "2022-12-31"
	closing := func(year int, open ...app.KnownOpen) error {
		_, err := h.CloseYear(h.ctx, h.as(sroi.Consultant), app.CloseInput{Authority: apeldoorn, Year: year, Open: open})
		return err
	}
	h.refused(closing(2022), app.Invalid, "jaar-loopt-nog")
	h.today = "2023-01-01"
	for ledger, err := range h.RollUp(h.ctx, []string{"TENDER#" + contract.Tender}) {
		t.Fatal(ledger, err)
	}
	h.refused(closing(2022), app.Conflict, "eerder-jaar-open")
	h.closed(h.as(sroi.Consultant), 2021)
	for year, want := range map[int]struct{ code, says string }{
		2021: {"jaar-al-afgesloten", "2021 is al afgesloten, op 1 januari 2023."},
		2020: {"later-jaar-afgesloten", "2020 is niet afgesloten, maar 2021 wel"},
	} {
		err := closing(year)
		h.refused(err, app.Conflict, want.code)
		if !strings.Contains(err.Error(), want.says) {
			t.Errorf("%v", err)
		}
	}

	h.submitted(contract, "2022-Q2", h.placed(contract, 1, 312))
	_, _, err := h.SaveStatement(h.ctx, h.as(sroi.Supplier), contract.ID, calendar.MustPeriod("2022-Q3"), []sroi.Claim{h.placed(contract, 1, 312)})
	h.must(err)
	refusal, _ := errors.AsType[*app.Error](closing(2022, append(quarters(contract, 1, 3), quarters(contract, 3)...)...))
	var found []string
	for _, fault := range refusal.Faults {
		found = append(found, fault.Field+" "+fault.Code+" "+strings.ReplaceAll(fault.Detail, contract.ID, "C"))
	}
	const notOpen = " niet-open Deze verantwoording is niet open, hoort niet bij dit jaar, of staat er dubbel. Haal haar van de lijst."
	const handle = " Handel haar af, of zet haar op de lijst met een reden."
	want := []string{
		"/open/0" + notOpen, "/open/2" + notOpen,
		"/open verantwoording-open Contract C, periode 2022-Q2: ingediend." + handle,
		"/open verantwoording-open Contract C, periode 2022-Q4: ontbreekt." + handle,
	}
	if !slices.Equal(found, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(found, "\n"), strings.Join(want, "\n"))
	}
	blank := quarters(contract, 2, 3, 4)
	blank[1].Reason, blank[2].Reason = " ", "Zie 123456782."
	h.refused(closing(2022, blank...), app.Invalid, "verplicht")
	h.refused(closing(2022, blank...), app.Invalid, "mogelijk-bsn")

	call := h.as(sroi.Consultant)
	call.Actor.Desk = "elders"
	_, err = h.CloseYear(h.ctx, call, app.CloseInput{Authority: apeldoorn, Year: 2022})
	h.refused(err, app.Invalid, "opdrachtgever-onbekend")
	_, err = h.CloseYear(h.ctx, h.as(sroi.Consultant), app.CloseInput{Authority: "12345678", Year: 2022})
	h.refused(err, app.Invalid, "opdrachtgever-onbekend")
	_, err = h.CloseYear(h.ctx, h.as(sroi.Officer), app.CloseInput{Authority: apeldoorn, Year: 2022})
	h.refused(err, app.Forbidden, "rol-mag-dit-niet")
	authority, err := h.Store.Authority(h.ctx, apeldoorn)
	h.must(err)
	if authority.ClosedThrough != 2021 || h.balance(contract).ClosedThrough != 2021 {
		t.Error("a refused close left a fence")
	}
}

func TestARepeatedCloseAnswersTheSame(t *testing.T) {
	h := newHouse(t)
	contract := h.quarterDecided("twee-keer")
	h.today = "2023-02-01"
	call, open := h.as(sroi.Consultant), quarters(contract, 2, 3, 4)
	first := h.closed(call, 2022, open...)
	seq := h.balance(contract).Seq
	again := h.closed(call, 2022, open...)
	if sroi.Digest(first) != sroi.Digest(again) || h.balance(contract).Seq != seq {
		t.Errorf("the repeat did something: %+v %+v", first, again)
	}
	_, err := h.CloseYear(h.ctx, call, app.CloseInput{Authority: apeldoorn, Year: 2022})
	h.refused(err, app.KeyReused, "sleutel-hergebruikt")
	_, err = h.CloseYear(h.ctx, h.as(sroi.Consultant), app.CloseInput{Authority: apeldoorn, Year: 2022, Open: open})
	h.refused(err, app.Conflict, "jaar-al-afgesloten")
	list, err := h.YearCloses(h.ctx, h.as(sroi.Officer), "")
	h.must(err)
	if len(list) != 1 || list[0].Digest != first.Digest {
		t.Errorf("%+v", list)
	}
	for _, id := range []string{app.CloseID(apeldoorn, 2021), string(apeldoorn), "00000001009999999000-2022", app.CloseID(apeldoorn, 2022) + "#"} {
		_, err := h.YearClose(h.ctx, h.as(sroi.Officer), id)
		h.refused(err, app.Absent, "niet-gevonden")
	}
}

// twoPeople has the municipality want a second person for the close of a year.
func (h *house) twoPeople() {
	h.t.Helper()
	authority, err := h.Store.Authority(h.ctx, apeldoorn)
	h.must(err)
	_, _, err = h.PutAuthority(h.ctx, matching(h.as(sroi.Administrator), authority.Version), app.AuthorityInput{
		ID: apeldoorn, Name: authority.Name, Kind: authority.Kind, Areas: authority.Areas, Desk: authority.Desk, RuleSet: authority.RuleSet, TwoPeople: true,
	})
	h.must(err)
}

func TestTwoPeopleCloseAYear(t *testing.T) {
	h := newHouse(t)
	contract := h.quarterDecided("vier-ogen")
	h.twoPeople()
	h.today = "2023-02-01"
	id, open := app.CloseID(apeldoorn, 2022), quarters(contract, 2, 3, 4)
	prepare := func(call app.Call, open ...app.KnownOpen) sroi.YearClose {
		c, err := h.CloseYear(h.ctx, call, app.CloseInput{Authority: apeldoorn, Year: 2022, Open: open})
		h.must(err)
		return c
	}
	first := h.as(sroi.Consultant)
	prepared := prepare(first, open...)
	if prepared.State != sroi.ClosePrepared || h.balance(contract).ClosedThrough != 0 {
		t.Fatalf("one person closed the year: %+v", prepared)
	}
	if again := prepare(first, open...); sroi.Digest(again) != sroi.Digest(prepared) {
		t.Error("a repeat prepared something else")
	}
	newer := h.as(sroi.Consultant)
	prepared = prepare(newer, open...)
	_, err := h.CloseYear(h.ctx, first, app.CloseInput{Authority: apeldoorn, Year: 2022, Open: open})
	h.refused(err, app.Conflict, "jaarafsluiting-vervangen") // a late repeat of the first
	if again := prepare(newer, open...); sroi.Digest(again) != sroi.Digest(prepared) {
		t.Error("a late repeat took the place of what is prepared now")
	}
	_, err = h.CloseSnapshot(h.ctx, h.as(sroi.Officer), id)
	h.refused(err, app.Conflict, "nog-niet-vastgesteld")
	_, err = h.ConfirmClose(h.ctx, h.as(sroi.Consultant), id)
	h.refused(err, app.Forbidden, "voorbereider-bekrachtigt-niet")
	_, err = h.ConfirmClose(h.ctx, h.as(sroi.Officer), id)
	h.refused(err, app.Forbidden, "rol-mag-dit-niet")

	h.decided(h.submitted(contract, "2022-Q2", h.placed(contract, 1, 312)), approve) // one on the list less is no harm
	_, err = h.CloseYear(h.ctx, h.as(sroi.Consultant), app.CloseInput{Authority: apeldoorn, Year: 2022, Open: quarters(contract, 3)})
	h.refused(err, app.Invalid, "verantwoording-open") // and leaves what was prepared
	second := h.as(sroi.Consultant)
	second.Actor.ID = "sub-collega"
	_, err = h.ConfirmClose(h.ctx, second, id)
	h.refused(err, app.Unmatched, "if-match-ontbreekt")
	_, err = h.ConfirmClose(h.ctx, matching(second, prepared.Version-1), id)
	h.refused(err, app.Stale, "versie-verouderd") // read was what it replaced
	second = matching(second, prepared.Version)
	confirmed, err := h.ConfirmClose(h.ctx, second, id)
	h.must(err)
	if confirmed.State != sroi.CloseFrozen || confirmed.Confirmed.Actor.ID != "sub-collega" || len(confirmed.Open) != 2 || confirmed.Open[0].Reason != "Wacht op stukken." {
		t.Errorf("%+v", confirmed)
	}
	again, err := h.ConfirmClose(h.ctx, second, id)
	h.must(err)
	if sroi.Digest(again) != sroi.Digest(confirmed) {
		t.Error("a repeat confirmed something else")
	}
	second.Key = "another"
	_, err = h.ConfirmClose(h.ctx, second, id)
	h.refused(err, app.Conflict, "jaar-al-afgesloten")
}

// What is open may have become more since the year was prepared: a contract that
// was registered meanwhile reports on it too. Whoever confirms did not hear of that.
func TestAContractOfAfterThePreparationIsOpen(t *testing.T) {
	h := newHouse(t)
	contract := h.quarterDecided("eerst")
	h.twoPeople()
	h.today = "2023-02-01"
	id := app.CloseID(apeldoorn, 2022)
	prepared, err := h.CloseYear(h.ctx, h.as(sroi.Consultant), app.CloseInput{Authority: apeldoorn, Year: 2022, Open: quarters(contract, 2, 3, 4)})
	h.must(err)
	late := h.contract("later")
	second := matching(h.as(sroi.Consultant), prepared.Version)
	second.Actor.ID = "sub-collega"
	_, err = h.ConfirmClose(h.ctx, second, id)
	h.refused(err, app.Invalid, "verantwoording-open")
	if refusal, ok := errors.AsType[*app.Error](err); !ok || len(refusal.Faults) != 4 || !strings.Contains(refusal.Faults[0].Detail, late.ID) {
		t.Errorf("%v", err)
	}
	stored, err := h.YearClose(h.ctx, h.as(sroi.Officer), id)
	h.must(err)
	if sroi.Digest(stored) != sroi.Digest(prepared) {
		t.Errorf("the refusal changed the close: %+v", stored)
	}
	authority, err := h.Store.Authority(h.ctx, apeldoorn)
	h.must(err)
	if authority.ClosedThrough != 0 || h.balance(contract).ClosedThrough != 0 || h.balance(late).ClosedThrough != 0 {
		t.Error("something was closed")
	}
}

// brokenLine is the line to an engine that breaks at the call of a number, for good.
type brokenLine struct {
	next  http.RoundTripper
	calls atomic.Int64
	at    int64 // zero: never
	after bool  // the call is carried out first
	end   context.CancelFunc
}

func (l *brokenLine) RoundTrip(r *http.Request) (*http.Response, error) {
	n := l.calls.Add(1)
	if l.at == 0 || n < l.at {
		return l.next.RoundTrip(r)
	}
	if n == l.at && l.after {
		if answer, err := l.next.RoundTrip(r); err == nil {
			_ = answer.Body.Close()
		}
	}
	l.end()
	return nil, errors.New("died")
}

// modelHouse is a house on the model of the engine, the same every time.
func modelHouse(t *testing.T, line *brokenLine) *house {
	t.Helper()
	line.next = model.New(model.Options{Now: time.Now})
	config := engine.Config("http://model.invalid")
	config.HTTPClient = &http.Client{Transport: line}
	client := dynamodb.NewFromConfig(config)
	layout, err := template.Parse(cloud.Template)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.CreateTable(t.Context(), layout.Table("sroi")); err != nil {
		t.Fatal(err)
	}
	salts := 0
	h := &house{t: t, ctx: t.Context(), today: "2022-01-03", Service: &app.Service{
		Store: store.New(client, "sroi"), Rules: ruleset.Embedded(),
		Salt:    func() string { salts++; return fmt.Sprint("salt-", salts) },
		Persons: app.PersonKeys{{Version: 1, Secret: []byte(strings.Repeat("k", 32))}},
	}}
	h.settle()
	return h
}

// frozen is the digest of an area's figures as they were closed.
func (h *house) frozen(area string, year int) string {
	h.t.Helper()
	years, err := h.Store.Totals(h.ctx, area, year)
	h.must(err)
	if years[0].Closed == nil {
		return "not frozen"
	}
	return sroi.Digest(years[0].Closed.Figures)
}

// A close that dies at any of its calls, before or after that was carried out,
// leaves nothing half: its repeat gives the very same snapshot.
func TestACloseThatDiesAnywhereIsFinishedByItsRepeat(t *testing.T) {
	t.Parallel()
	const neighbour = sroi.AuthorityID("00000001002345678000")
	want, wantFigures := "", ""
	for _, after := range []bool{false, true} {
		for at := int64(0); ; at++ { // 0: it lives
			line := &brokenLine{}
			h := modelHouse(t, line)
			contract, untouched := h.quarterDecided("crash"), h.contract("stil")
			h.municipality(neighbour, eenheid, "GM0200", "AM06")
			h.today = "2023-02-01"
			h.closedBy(eenheid, neighbour, 2022)
			call := h.as(sroi.Consultant)
			in := app.CloseInput{Authority: apeldoorn, Year: 2022, Open: append(quarters(contract, 2, 3, 4), quarters(untouched, 1, 2, 3, 4)...)}
			ctx, end := context.WithCancel(t.Context())
			line.calls.Store(0)
			line.at, line.after, line.end = at, after, end
			_, err := h.CloseYear(ctx, call, in)
			end()
			if at > 0 && err == nil {
				if at < 40 {
					t.Errorf("a close takes only %d calls", at-1)
				}
				break // it takes fewer calls than that
			}
			line.at = 0
			if wantFigures == "" {
				wantFigures = h.frozen("GM0200", 2022)
			}
			for _, area := range []string{"GM0200", "AM06"} {
				if figures := h.frozen(area, 2022); figures != "not frozen" && figures != wantFigures {
					t.Fatalf("died at call %d: %s is frozen with other figures", at, area)
				}
			}
			c := h.closed(call, 2022, in.Open...)
			if want == "" {
				want = c.Digest
			}
			if c.Digest != want {
				t.Fatalf("died at call %d: another snapshot", at)
			}
			if municipality, region := h.frozen("GM0200", 2022), h.frozen("AM06", 2022); municipality != wantFigures || region != wantFigures {
				t.Errorf("died at call %d: the municipality is %s, the region %s", at, municipality, region)
			}
			if report := h.table("GM0200", 2022); !report.Current.Final || report.Restated || rowOf(t, report, sroi.RealisedValue).AsClosed.Value.Num != 6200_00 {
				t.Fatalf("died at call %d: %+v", at, report.Current)
			}
			if b := h.balance(contract); b.Seq != 4 || b.ClosedThrough != 2022 {
				t.Fatalf("died at call %d: %+v", at, b)
			}
		}
	}
}

// starter is a store that tells when a close was begun: what is open was looked at.
type starter struct {
	app.Store
	begun func()
	once  sync.Once
}

func (s *starter) PutYearClose(ctx context.Context, c sroi.YearClose) error {
	s.once.Do(s.begun)
	return s.Store.PutYearClose(ctx, c)
}

// What is decided while a year is closed is either before the entry that closes
// it and in the snapshot, or after it and on the list: never both, never neither.
func TestWhatRacesTheFenceIsOnOneSideOfIt(t *testing.T) {
	h := newHouse(t)
	var statements []sroi.Statement
	var open []app.KnownOpen
	for i := range 6 {
		h.today = "2022-01-03"
		contract := h.contract(fmt.Sprint("race-", i))
		_, err := h.AddPlacement(h.ctx, h.as(sroi.Supplier), contract.ID, placementInput(fmt.Sprint("Jansen", i), 24))
		h.must(err)
		h.today = "2023-02-01"
		statements = append(statements, h.submitted(contract, "2022-Q1", h.placed(contract, 1, 312)))
		open = append(open, quarters(contract, 1, 2, 3, 4)...)
	}
	var group sync.WaitGroup
	decide := *h.Service
	h.Store = &starter{Store: h.Store, begun: func() {
		for _, s := range statements {
			call := matching(h.as(sroi.Consultant), s.Version)
			group.Go(func() {
				_, err := decide.Decide(h.ctx, call, s.Contract, s.Period, app.DecideInput{Lines: []app.LineDecision{approve(1)}})
				if err != nil {
					t.Errorf("the fence refuses a decision: %v", err)
				}
			})
		}
	}}
	c, err := h.CloseYear(h.ctx, h.as(sroi.Consultant), app.CloseInput{Authority: apeldoorn, Year: 2022, Open: open})
	group.Wait()
	h.must(err)
	before, after := 0, 0
	for _, s := range statements {
		entries, err := h.Store.Entries(h.ctx, s.Contract, 0, 100)
		h.must(err)
		closes := slices.IndexFunc(entries, func(e sroi.Entry) bool { return e.Kind == sroi.YearClosed })
		decides := slices.IndexFunc(entries, func(e sroi.Entry) bool { return e.Kind == sroi.StatementDecided })
		if decides < closes {
			before++
		} else {
			after++
		}
	}
	report := h.table("GM0200", 2022)
	if want := int64(before) * 5000_00; int64(c.Figures.Verified) != want || rowOf(t, report, sroi.RealisedValue).AsClosed.Value.Num != want {
		t.Errorf("%d decided before the fence: the snapshot has %s", before, c.Figures.Verified)
	}
	if report.ActCount != after || rowOf(t, report, sroi.RealisedValue).Current.Value.Num != 6*5000_00 {
		t.Errorf("%d decided after the fence, %d listed", after, report.ActCount)
	}
	if len(c.Open) != len(open)-before {
		t.Errorf("%d open when closed, want %d", len(c.Open), len(open)-before)
	}
}

// tamperer is a store whose contributions of one ledger say something else of how
// that was closed.
type tamperer struct {
	app.Store
	ledger string
	change func(*sroi.Closing)
}

func (s *tamperer) Contributions(ctx context.Context, area string, year int) ([]sroi.Contribution, error) {
	contributions, err := s.Store.Contributions(ctx, area, year)
	for i, c := range contributions {
		if c.Source == s.ledger && c.Closing != nil {
			closing := *c.Closing
			s.change(&closing)
			contributions[i].Closing = &closing
		}
	}
	return contributions, err
}

func TestFiguresThatDifferFromTheLedgersAreNotFrozen(t *testing.T) {
	h := newHouse(t)
	contract := h.quarterDecided("geknoeid")
	h.today = "2023-02-01"
	h.table("GM0200", 2022)
	h.closed(h.as(sroi.Consultant), 2021)
	h.table("GM0200", 2022)
	total, err := h.Store.Total(h.ctx, "GM0200", 2022)
	h.must(err)
	total.Figures.Jobs++
	total.Version++
	h.must(h.Store.SwapTotal(h.ctx, total, nil))
	call, in := h.as(sroi.Consultant), app.CloseInput{Authority: apeldoorn, Year: 2022, Open: quarters(contract, 2, 3, 4)}
	differs := func(name string) {
		t.Helper()
		_, err := h.CloseYear(h.ctx, call, in)
		h.refused(err, app.Conflict, "cijfers-verschillen")
		if !strings.Contains(err.Error(), name) {
			t.Errorf("the refusal does not name %s: %v", name, err)
		}
		stored, err := h.YearClose(h.ctx, h.as(sroi.Officer), app.CloseID(apeldoorn, 2022))
		h.must(err)
		if stored.State != sroi.CloseBegun {
			t.Errorf("%+v", stored)
		}
		report, err := h.Report(h.ctx, h.as(sroi.Officer), app.ReportQuery{Area: "GM0200", Year: 2022})
		h.must(err)
		if report.Current.Final {
			t.Error("the report calls it final")
		}
	}
	differs("het totaal van GM0200")
	h.table("GM0200", 2022) // redriven
	sound, ledger := h.Store, "CONTRACT#"+contract.ID
	for _, change := range []func(*sroi.Closing){
		func(c *sroi.Closing) { c.Facts.Verified++ },
		func(c *sroi.Closing) { c.Seq++ }, // the same figures, of another entry
	} {
		h.Store = &tamperer{sound, ledger, change}
		differs(ledger)
	}
	h.Store = sound
	h.table("GM0200", 2022)
	h.closed(call, 2022, in.Open...)
}

// A contribution of which there is no ledger is in the total, and in no ledger
// that is recomputed.
func TestFiguresOfNoLedgerAreNotFrozen(t *testing.T) {
	h := newHouse(t)
	h.awarded("echt")
	h.today = "2023-02-01"
	h.table("GM0200", 2021)
	neighbour := h.secondIn("GM0200")
	parts, err := h.Store.Contributions(h.ctx, "GM0200", 2021)
	h.must(err)
	for _, source := range []string{"CONTRACT#verzonnen", "TENDER#verzonnen"} {
		made := parts[0]
		made.Source = source
		h.must(h.Store.PutContribution(h.ctx, made))
		_, err := h.CloseYear(h.ctx, h.as(sroi.Consultant), app.CloseInput{Authority: apeldoorn, Year: 2021})
		h.refused(err, app.Conflict, "cijfers-verschillen")
		if !strings.Contains(err.Error(), "zeggen: "+source+".") {
			t.Errorf("%v", err)
		}
		made.Seq++
		made.Steps = nil
		h.must(h.Store.PutContribution(h.ctx, made)) // repaired: empty
	}
	h.table("GM0200", 2021)
	h.closed(h.as(sroi.Consultant), 2021)
	_, err = h.CloseYear(h.ctx, h.as(sroi.Consultant), app.CloseInput{Authority: neighbour, Year: 2021})
	h.must(err)
}

// latecomer is a store into which others register a tender that the close cannot
// list before it is there: after the authority was stamped.
type latecomer struct {
	app.Store
	arrive func()
	once   sync.Once
}

func (s *latecomer) PutAuthority(ctx context.Context, a sroi.Authority) error {
	err := s.Store.PutAuthority(ctx, a)
	if err == nil {
		s.once.Do(s.arrive)
	}
	return err
}

// Who registers while a year is closed registers after it: such a ledger has no
// head, and all of it counts as after the close.
func TestALedgerThatBeginsDuringTheCloseIsAfterIt(t *testing.T) {
	h := newHouse(t)
	h.awarded("eerder")
	before, err := h.Store.Authority(h.ctx, apeldoorn)
	h.must(err)
	registrar, blind := *h.Service, *h.Service
	blind.Store = &blindfold{h.Store, before}
	var late sroi.Tender
	h.Store = &latecomer{Store: h.Store, arrive: func() {
		in := h.tenderInput("tijdens")
		in.Published = calendar.MustDate("2022-01-02")
		late, err = registrar.RegisterTender(h.ctx, h.as(sroi.Officer), in)
		h.must(err)
		in.Reference = "kent-het-niet"
		_, err := blind.RegisterTender(h.ctx, h.as(sroi.Officer), in)
		h.refused(err, app.Unavailable, "jaar-net-afgesloten")
	}}
	c := h.closed(h.as(sroi.Consultant), 2021)
	if late.ClosedThrough != 2021 || c.Heads != 1 || c.Ledgers != 2 {
		t.Fatalf("%+v %+v", late, c)
	}
	snapshot, err := h.CloseSnapshot(h.ctx, h.as(sroi.Officer), app.CloseID(apeldoorn, 2021))
	h.must(err)
	if slices.ContainsFunc(snapshot.Heads, func(head sroi.Head) bool { return head.Ledger == "TENDER#"+late.ID }) {
		t.Error("a ledger that began after the close has a head")
	}
}

// Who comes to an area whose year is frozen, with a ledger in that year, hides
// nothing of what was booked in it since; its own is in the figures as restated.
func TestANewcomerInAFrozenYearHidesNoActs(t *testing.T) {
	h := newHouse(t)
	tender := h.awarded("eigen")
	h.closed(h.as(sroi.Consultant), 2021)
	tender, err := h.Tender(h.ctx, h.as(sroi.Officer), tender.ID)
	h.must(err)
	_, _, err = h.AwardLot(h.ctx, matching(h.as(sroi.Officer), tender.Version), tender.ID, app.AwardInput{
		Lot: "1", State: sroi.WithdrawnAward, Date: calendar.MustDate("2022-01-03"), Reason: "uitspraak-rechter",
	})
	h.must(err)
	for _, when := range []string{"before", "after"} {
		report := h.table("GM0200", 2021)
		if !report.Current.Final || report.ActCount != 1 || !report.Restated || report.Acts[0].Reason != "uitspraak-rechter" {
			t.Errorf("%s: %d acts, %+v", when, report.ActCount, report.Current)
		}
		if row := rowOf(t, report, sroi.TenderShare); row.AsClosed.Parts.Num != 1 || (row.Current.State == sroi.HasValue) != (when == "after") {
			t.Errorf("%s: %+v", when, row)
		}
		years, err := h.Store.Totals(h.ctx, "GM0200", 2021)
		h.must(err)
		if closed := years[0].Closed; closed == nil || closed.Version == 0 || years[0].OfTwoMoments() {
			t.Errorf("%s: the total counts as one of before the close", when)
		}
		if when == "before" {
			h.secondIn("GM0200")
		}
	}
}

// blindfold is a store as it was read before a year was closed.
type blindfold struct {
	app.Store
	authority sroi.Authority
}

func (s *blindfold) Authority(context.Context, sroi.AuthorityID) (sroi.Authority, error) {
	return s.authority, nil
}

// What moves figures of a closed year needs a reason; what does not moves on.
func TestATendersChangeInAClosedYearNeedsAReason(t *testing.T) {
	h := newHouse(t)
	awarded := h.awarded("gegund")
	running, err := h.RegisterTender(h.ctx, h.as(sroi.Officer), h.tenderInput("loopt"))
	h.must(err)
	h.closed(h.as(sroi.Consultant), 2021)
	version := func(id string) int {
		tender, err := h.Tender(h.ctx, h.as(sroi.Officer), id)
		h.must(err)
		return tender.Version
	}
	award := func(id string, in app.AwardInput) error {
		_, _, err := h.AwardLot(h.ctx, matching(h.as(sroi.Officer), version(id)), id, in)
		return err
	}
	final := app.AwardInput{Lot: "1", State: sroi.Final, Date: calendar.MustDate("2021-12-30"), Supplier: builder, SupplierName: "Bouw BV", Value: cents("800000")}
	h.refused(award(running.ID, final), app.Invalid, "reden-ontbreekt")
	h.refused(award(awarded.ID, app.AwardInput{Lot: "1", State: sroi.WithdrawnAward, Date: calendar.MustDate("2022-01-03")}), app.Invalid, "reden-ontbreekt")
	_, err = h.ChangeTender(h.ctx, matching(h.as(sroi.Officer), version(awarded.ID)), awarded.ID, app.TenderChange{Withdrawn: ref(true)})
	h.refused(err, app.Invalid, "reden-ontbreekt")
	_, err = h.ChangeTender(h.ctx, matching(h.as(sroi.Officer), version(awarded.ID)), awarded.ID, app.TenderChange{Title: ref("Een andere titel")})
	h.must(err)
	final.Date = calendar.MustDate("2022-01-03")
	h.must(award(running.ID, final)) // of the year that is open
	h.must(award(awarded.ID, app.AwardInput{Lot: "1", State: sroi.WithdrawnAward, Date: calendar.MustDate("2022-01-03"), Reason: "uitspraak-rechter"}))
	report := h.table("GM0200", 2021)
	row := rowOf(t, report, sroi.TenderShare)
	if report.ActCount != 1 || report.Acts[0].Reason != "uitspraak-rechter" || report.Acts[0].Kind != sroi.TenderAwarded {
		t.Errorf("%+v", report.Acts)
	}
	if row.AsClosed.Parts.Num != 1 || row.Current.State != sroi.NotMeasured {
		t.Errorf("one tender as closed, none as restated: %+v", row)
	}
}

// A close that runs out of time says how far it is, and goes on at its repeat.
func TestACloseThatRunsOutOfTimeGoesOn(t *testing.T) {
	h := newHouse(t)
	contract := h.quarterDecided("geen-tijd")
	h.today = "2023-02-01"
	call, open := h.as(sroi.Consultant), quarters(contract, 2, 3, 4)
	hurried, end := context.WithTimeout(h.ctx, 3*time.Second) // less than the margin
	defer end()
	c, err := h.CloseYear(hurried, call, app.CloseInput{Authority: apeldoorn, Year: 2022, Open: open})
	h.must(err)
	if c.State != sroi.CloseBegun || c.Ledgers != 2 || c.Done != 0 {
		t.Fatalf("%+v", c)
	}
	if read, err := h.YearClose(h.ctx, h.as(sroi.Officer), app.CloseID(apeldoorn, 2022)); err != nil || read.Version != c.Version {
		t.Errorf("%+v %v", read, err)
	}
	other := h.as(sroi.Consultant)
	other.Actor.ID = "sub-collega"
	_, err = h.CloseYear(h.ctx, other, app.CloseInput{Authority: apeldoorn, Year: 2022, Open: open[:1]})
	h.refused(err, app.Conflict, "jaarafsluiting-loopt")
	if c := h.closed(other, 2022, open...); c.Prepared.Actor.ID != "sub-consultant" { // whoever means the same takes over
		t.Errorf("%+v", c)
	}
	h.closed(call, 2022, open...)
}

// secondIn sets up another municipality of the desk, in the same region, and
// perhaps the same municipal area.
func (h *house) secondIn(area string) sroi.AuthorityID {
	h.t.Helper()
	const id = sroi.AuthorityID("00000001002345678000")
	_, _, err := h.PutAuthority(h.ctx, h.as(sroi.Administrator), app.AuthorityInput{
		ID: id, Name: "Gemeente Epe", Kind: sroi.Municipality, Desk: eenheid, RuleSet: "oost-nederland",
		Areas: []sroi.AreaSpan{{Span: calendar.Span{From: calendar.MustDate("2000-01-01")}, Municipality: area, Region: "AM06"}},
	})
	h.must(err)
	in, call := h.tenderInput("buren"), h.as(sroi.Officer)
	in.Authority, call.Actor.Authorities = id, []sroi.AuthorityID{id}
	tender, err := h.RegisterTender(h.ctx, call, in)
	h.must(err)
	call.Key = "gunning-buren"
	tender, _, err = h.AwardLot(h.ctx, matching(call, tender.Version), tender.ID, app.AwardInput{
		Lot: "1", State: sroi.Final, Date: calendar.MustDate("2021-12-15"), Supplier: builder, SupplierName: "Bouw BV", Value: cents("200000"),
	})
	h.must(err)
	for ledger, err := range h.RollUp(h.ctx, []string{"TENDER#" + tender.ID}) {
		h.t.Fatal(ledger, err)
	}
	return id
}

// A region's year is frozen with the last of its municipalities, and so is that
// of an area that two authorities share.
func TestAnAreaOfTwoAuthoritiesIsFrozenWithTheLast(t *testing.T) {
	for own, shared := range map[string]string{"GM0232": "AM06", "GM0200": "GM0200"} {
		t.Run(own, func(t *testing.T) {
			h := newHouse(t)
			h.awarded("eigen")
			neighbour := h.secondIn(own)
			h.closed(h.as(sroi.Consultant), 2021)
			final := func() bool {
				report := h.table(shared, 2021)
				if report.Current.Final && rowOf(t, report, sroi.TenderShare).AsClosed.Parts.Num != 2 {
					t.Errorf("%s is frozen without both: %+v", shared, rowOf(t, report, sroi.TenderShare))
				}
				return report.Current.Final
			}
			if final() {
				t.Errorf("%s is final before all in it closed", shared)
			}
			_, err := h.CloseYear(h.ctx, h.as(sroi.Consultant), app.CloseInput{Authority: neighbour, Year: 2021})
			h.must(err)
			if !final() {
				t.Errorf("%s is not final", shared)
			}
		})
	}
}

// behind is a store in which the region's total falls behind once the own area
// is frozen, as when others write at that moment.
type behind struct {
	app.Store
	once sync.Once
}

func (s *behind) AddAreaClose(ctx context.Context, c sroi.AreaClose) error {
	err := s.Store.AddAreaClose(ctx, c)
	s.once.Do(func() {
		var total sroi.Total
		if total, err = s.Total(ctx, "AM06", c.Year); err == nil {
			total.Figures.Tenders.Count, total.Position.Entries, total.Version = 0, 0, total.Version+1
			err = s.SwapTotal(ctx, total, nil)
		}
	})
	return err
}

// Who shares an area closes a year in which only the other has figures, also where
// the other's stream died between what it adds and the total.
func TestATotalThatOthersLeftBehindIsFolded(t *testing.T) {
	h := newHouse(t)
	_, err := h.RegisterTender(h.ctx, h.as(sroi.Officer), h.tenderInput("loopt"))
	h.must(err)
	h.secondIn("GM0200")
	total, err := h.Store.Total(h.ctx, "GM0200", 2021)
	h.must(err)
	whole := sroi.Digest(total.Figures)
	total.Figures.Tenders.Count, total.Position.Entries, total.Version = 0, 0, total.Version+1
	h.must(h.Store.SwapTotal(h.ctx, total, nil))
	h.closed(h.as(sroi.Consultant), 2021)
	total, err = h.Store.Total(h.ctx, "GM0200", 2021)
	h.must(err)
	if sroi.Digest(total.Figures) != whole {
		t.Errorf("%+v", total.Figures.Tenders)
	}
}

// Nobody repeats a close that answered that it is done: what is behind then is
// brought up to date.
func TestARegionThatIsBehindIsFrozenToo(t *testing.T) {
	h := newHouse(t)
	h.awarded("eigen")
	h.Store = &behind{Store: h.Store}
	h.closed(h.as(sroi.Consultant), 2021)
	report, err := h.Report(h.ctx, h.as(sroi.Officer), app.ReportQuery{Area: "AM06", Year: 2021})
	h.must(err)
	if !report.Current.Final || rowOf(t, report, sroi.TenderShare).AsClosed.Parts.Den != 1 || report.Restated {
		t.Errorf("%+v %+v", report.Current, rowOf(t, report, sroi.TenderShare))
	}
}

// municipality sets up another municipality of a region, of a desk.
func (h *house) municipality(id sroi.AuthorityID, desk, area, region string) {
	h.t.Helper()
	_, _, err := h.PutAuthority(h.ctx, h.as(sroi.Administrator), app.AuthorityInput{
		ID: id, Name: "Gemeente " + string(id), Kind: sroi.Municipality, Desk: desk, RuleSet: "oost-nederland",
		Areas: []sroi.AreaSpan{{Span: calendar.Span{From: calendar.MustDate("2000-01-01")}, Municipality: area, Region: region}},
	})
	h.must(err)
}

// closedBy closes a year of an authority that has nothing, by its own desk.
func (h *house) closedBy(desk string, id sroi.AuthorityID, year int) sroi.YearClose {
	h.t.Helper()
	call := h.as(sroi.Consultant)
	call.Actor.Desk, call.Key = desk, "sluit-"+string(id)
	c, err := h.CloseYear(h.ctx, call, app.CloseInput{Authority: id, Year: year})
	h.must(err)
	return c
}

// shared are the two areas that another authority may lie in with the own one, and
// the municipality that it then is of.
var shared = map[string]string{"AM06": "GM0232", "GM0200": "GM0200"}

// An area waits for authorities of other desks too, of which the answer tells
// nothing: the close is done, whether or not it was the last. Until then the year is
// provisional, and then it is closed on the day of the last.
func TestAnAreaOfTwoDesksIsFrozenWithTheLast(t *testing.T) {
	const other, desk = sroi.AuthorityID("00000001002345678000"), "elders"
	for area, theirs := range shared {
		for name, ownLast := range map[string]bool{"the other desk is last": false, "the own desk is last": true} {
			t.Run(area+", "+name, func(t *testing.T) {
				h := newHouse(t)
				h.awarded("eigen")
				h.municipality(other, desk, theirs, "AM06")
				h.municipality("00000001002345679000", desk, "GM0141", "AM07") // of another region
				steps := []func(){
					func() {
						answer := fmt.Sprintf("%+v", h.closed(h.as(sroi.Consultant), 2021))
						for _, secret := range []string{string(other), desk, "GM0232", "AM06"} {
							if strings.Contains(answer, secret) {
								t.Errorf("the answer tells %s: %s", secret, answer)
							}
						}
					},
					func() { h.closedBy(desk, other, 2021) },
				}
				if ownLast {
					slices.Reverse(steps)
				}
				h.today = "2022-02-01"
				steps[0]()
				report := h.table(area, 2021)
				if report.Current.Final || rowOf(t, report, sroi.TenderShare).AsClosed.State != "" {
					t.Errorf("%s is final before all in it closed: %+v", area, report.Current)
				}
				h.today = "2022-02-08"
				steps[1]()
				report = h.table(area, 2021)
				if !report.Current.Final || report.Current.ClosedOn != calendar.MustDate("2022-02-08") || rowOf(t, report, sroi.TenderShare).AsClosed.Parts.Den != 1 {
					t.Errorf("%s is not final: %+v", area, report.Current)
				}
			})
		}
	}
}

// meanwhile is a store in which somebody does something just before or just after
// a close is frozen.
type meanwhile struct {
	app.Store
	after bool
	other func()
	once  sync.Once
}

func (s *meanwhile) PutYearClose(ctx context.Context, c sroi.YearClose) error {
	if c.State != sroi.CloseFrozen {
		return s.Store.PutYearClose(ctx, c)
	}
	if !s.after {
		s.once.Do(s.other)
	}
	err := s.Store.PutYearClose(ctx, c)
	s.once.Do(s.other)
	return err
}

// Of two authorities that close at the same moment the later sees both.
func TestAnAreaOfTwoThatCloseAtOnceIsFrozen(t *testing.T) {
	const other = sroi.AuthorityID("00000001002345678000")
	for area, theirs := range shared {
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprint(area, after), func(t *testing.T) {
				h := newHouse(t)
				h.awarded("eigen")
				h.municipality(other, eenheid, theirs, "AM06")
				neighbour := *h
				service := *h.Service
				neighbour.Service = &service
				h.Store = &meanwhile{Store: h.Store, after: after, other: func() { neighbour.closedBy(eenheid, other, 2021) }}
				h.closed(h.as(sroi.Consultant), 2021)
				if !h.table(area, 2021).Current.Final {
					t.Errorf("%s is not final", area)
				}
			})
		}
	}
}

func TestARegionOfMoreThanAHundredAuthorities(t *testing.T) {
	t.Parallel()
	h := modelHouse(t, &brokenLine{})
	h.awarded("eigen")
	const others = 101
	id := func(n int) sroi.AuthorityID { return sroi.AuthorityID(fmt.Sprintf("%020d", 9_000_000+n)) } // behind the own one, in order
	for n := range others {
		h.municipality(id(n), eenheid, fmt.Sprintf("GM1%03d", n), "AM06")
	}
	h.closed(h.as(sroi.Consultant), 2021)
	for n := range others {
		if h.closedBy(eenheid, id(n), 2021); n < others-2 {
			continue
		}
		if final := h.table("AM06", 2021).Current.Final; final != (n == others-1) {
			t.Errorf("after %d of %d others the region is final: %v", n+1, others, final)
		}
	}
}

// Who lay in an area in another year does not hold up this one, and neither does
// who began later.
func TestAnAreaDoesNotWaitForWhoLeftItOrCameLater(t *testing.T) {
	h := newHouse(t)
	h.awarded("eigen")
	const left, later = sroi.AuthorityID("00000001002345678000"), sroi.AuthorityID("00000001002345679000")
	day := calendar.MustDate
	_, _, err := h.PutAuthority(h.ctx, h.as(sroi.Administrator), app.AuthorityInput{
		ID: left, Name: "Gemeente Epe", Kind: sroi.Municipality, Desk: "elders", RuleSet: "oost-nederland", Areas: []sroi.AreaSpan{
			{Span: calendar.Span{From: day("2000-01-01"), To: day("2020-12-31")}, Municipality: "GM0200", Region: "AM06"},
			{Span: calendar.Span{From: day("2021-01-01")}, Municipality: "GM0232", Region: "AM07"},
		},
	})
	h.must(err)
	h.today = "2023-02-01"
	h.municipality(later, eenheid, "GM0200", "AM06")
	h.closedBy(eenheid, later, 2022)
	h.closed(h.as(sroi.Consultant), 2021)
	for area := range shared {
		if !h.table(area, 2021).Current.Final {
			t.Errorf("%s waits", area)
		}
	}
}

// What was prepared and then passed over by a later year is not confirmed.
func TestAPreparedCloseThatALaterYearPassed(t *testing.T) {
	h := newHouse(t)
	h.twoPeople()
	other := h.as(sroi.Consultant)
	other.Actor.ID = "sub-collega"
	var prepared []sroi.YearClose
	for _, year := range []int{2020, 2021} {
		c, err := h.CloseYear(h.ctx, h.as(sroi.Consultant), app.CloseInput{Authority: apeldoorn, Year: year})
		h.must(err)
		prepared = append(prepared, c)
	}
	_, err := h.ConfirmClose(h.ctx, matching(other, prepared[1].Version), app.CloseID(apeldoorn, 2021))
	h.must(err)
	_, err = h.ConfirmClose(h.ctx, matching(other, prepared[0].Version), app.CloseID(apeldoorn, 2020))
	h.refused(err, app.Conflict, "later-jaar-afgesloten")
}

func TestAYearWithoutAnythingCanBeClosed(t *testing.T) {
	h := newHouse(t)
	c := h.closed(h.as(sroi.Consultant), 2020)
	if c.Heads != 0 || c.Area != "GM0200" {
		t.Errorf("%+v", c)
	}
	if report := h.table("GM0200", 2020); !report.Current.Final || report.Current.Known {
		t.Errorf("%+v", report.Current)
	}
}

// Who has registered nothing yet may still do so: the area waits for its word too.
func TestAnAreaWaitsForAnAuthorityWithoutAnything(t *testing.T) {
	const other = sroi.AuthorityID("00000001002345678000")
	for area, theirs := range shared {
		t.Run(area, func(t *testing.T) {
			h := newHouse(t)
			h.awarded("eigen")
			h.municipality(other, eenheid, theirs, "AM06")
			h.closed(h.as(sroi.Consultant), 2021)
			if h.table(area, 2021).Current.Final {
				t.Error("the area is final before all in it closed")
			}
			h.closedBy(eenheid, other, 2021)
			if !h.table(area, 2021).Current.Final {
				t.Error("the area is not final")
			}
		})
	}
}

// An area whose last word was spoken, and that waited for who turned out never to
// have lain there, follows with the next close in it.
func TestAnAreaFollowsOnceWhomItWaitedForIsGone(t *testing.T) {
	const other = sroi.AuthorityID("00000001002345678000")
	h := newHouse(t)
	h.awarded("eigen")
	h.municipality(other, eenheid, "GM0232", "AM06")
	day := h.closed(h.as(sroi.Consultant), 2021).Begun().On
	if h.frozen("AM06", 2021) != "not frozen" {
		t.Fatal("the region did not wait")
	}
	_, _, err := h.PutAuthority(h.ctx, matching(h.as(sroi.Administrator), 1), app.AuthorityInput{
		ID: other, Name: "Gemeente Epe", Kind: sroi.Municipality, Desk: eenheid, RuleSet: "oost-nederland",
		Areas: []sroi.AreaSpan{{Span: calendar.Span{From: calendar.MustDate("2000-01-01")}, Municipality: "GM0232", Region: "AM07"}},
	})
	h.must(err)
	h.today = "2023-03-01"
	h.closed(h.as(sroi.Consultant), 2022)
	if current := h.table("AM06", 2021).Current; !current.Final || current.ClosedOn != day {
		t.Errorf("the region is not final, or not of the day of its last close: %+v", current)
	}
	if h.frozen("AM06", 2020) != "not frozen" {
		t.Error("a year without anything is frozen, and nobody closed it")
	}
}

// refusing is a store that freezes no area.
type refusing struct{ app.Store }

func (refusing) AddAreaClose(context.Context, sroi.AreaClose) error { return errDied }

// What follows only later is of the day of the last close all the same: also where
// that passed the year over, and where whoever closed it has closed more since.
func TestAnAreaThatFollowsLaterIsOfTheDayOfItsLastClose(t *testing.T) {
	const other = sroi.AuthorityID("00000001002345678000")
	for name, c := range map[string]struct {
		last  int  // the year that the other closes, with the last word on 2021
		since bool // the other closes the next year, else the own close is asked for again
	}{
		"its own year, then the next":  {last: 2021, since: true},
		"its own year, asked again":    {last: 2021},
		"passed over, then the next":   {last: 2023, since: true},
		"passed over, and asked again": {last: 2023},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.awarded("eigen")
			h.municipality(other, eenheid, "GM0232", "AM06")
			h.today = "2025-01-07"
			h.closedBy(eenheid, other, 2020)
			h.must(h.Store.PutYearClose(h.ctx, sroi.YearClose{Authority: other, Area: "GM0232", Year: 2022, State: sroi.ClosePrepared, Version: 1}))
			h.today = "2025-02-01"
			h.closed(h.as(sroi.Consultant), 2021)
			whole := h.Store
			h.Store, h.today = refusing{whole}, "2025-02-08"
			call := h.as(sroi.Consultant)
			call.Key = "sluit-de-ander"
			if _, err := h.CloseYear(h.ctx, call, app.CloseInput{Authority: other, Year: c.last}); !errors.Is(err, errDied) {
				t.Fatal(err)
			}
			h.Store, h.today = whole, "2026-02-15"
			if c.since {
				call.Key = "sluit-het-volgende"
				_, err := h.CloseYear(h.ctx, call, app.CloseInput{Authority: other, Year: 2024})
				h.must(err)
			} else {
				_, err := h.CloseYear(h.ctx, h.as(sroi.Consultant), app.CloseInput{Authority: apeldoorn, Year: 2021})
				h.refused(err, app.Conflict, "jaar-al-afgesloten")
			}
			if current := h.table("AM06", 2021).Current; !current.Final || current.ClosedOn != calendar.MustDate("2025-02-08") {
				t.Errorf("%+v", current)
			}
		})
	}
}

// behindhand is a store whose list of closes lacks the newest ones.
type behindhand struct{ app.Store }

func (behindhand) YearClosesOf(context.Context, sroi.AuthorityID) ([]sroi.YearClose, error) {
	return nil, nil
}

func TestAnAreaThatIsPassedOverIsOfThatDay(t *testing.T) {
	const other = sroi.AuthorityID("00000001002345678000")
	h := newHouse(t)
	h.awarded("eigen")
	h.municipality(other, eenheid, "GM0232", "AM06")
	h.today = "2023-02-01"
	h.closed(h.as(sroi.Consultant), 2021)
	h.Store, h.today = behindhand{h.Store}, "2023-02-08"
	h.closedBy(eenheid, other, 2022)
	if current := h.table("AM06", 2021).Current; current.ClosedOn != calendar.MustDate("2023-02-08") {
		t.Errorf("%+v", current)
	}
}

// asking remembers of which areas the members were asked for.
type asking struct {
	app.Store
	areas []string
}

func (a *asking) AuthoritiesIn(ctx context.Context, area string) ([]sroi.AuthorityID, error) {
	a.areas = append(a.areas, area)
	return a.Store.AuthoritiesIn(ctx, area)
}

func TestYearsThatAreFrozenAreNotLookedAtAgain(t *testing.T) {
	h := newHouse(t)
	h.awarded("eigen")
	h.closed(h.as(sroi.Consultant), 2021)
	asked := &asking{Store: h.Store}
	h.Store, h.today = asked, "2023-03-01"
	h.closed(h.as(sroi.Consultant), 2022)
	if got := strings.Join(asked.areas, " "); got != "GM0200 AM06" {
		t.Errorf("asked for the members of %s", got)
	}
}

// Who had nothing in a year may close the next at once, and then never the year
// itself, whether or not it prepared that: its area does not wait for that for ever.
func TestAnAreaDoesNotWaitForAYearThatWasPassedOver(t *testing.T) {
	const other = sroi.AuthorityID("00000001002345678000")
	for name, prepared := range map[string]bool{"passed over": false, "prepared and passed over": true} {
		for _, ownLast := range []bool{false, true} {
			t.Run(fmt.Sprint(name, ", the own last: ", ownLast), func(t *testing.T) {
				h := newHouse(t)
				h.awarded("eigen")
				h.municipality(other, eenheid, "GM0232", "AM06")
				h.today = "2023-02-01"
				if prepared {
					h.must(h.Store.PutYearClose(h.ctx, sroi.YearClose{
						Authority: other, Area: "GM0232", Year: 2021, State: sroi.ClosePrepared, Version: 1,
					}))
				}
				closes := []func(){
					func() { h.closed(h.as(sroi.Consultant), 2021) },
					func() { h.today = "2023-02-08"; h.closedBy(eenheid, other, 2022) },
				}
				if ownLast {
					slices.Reverse(closes)
				}
				closes[0]()
				if !ownLast && h.table("AM06", 2021).Current.Final {
					t.Error("it is final before all in it closed")
				}
				closes[1]()
				if current := h.table("AM06", 2021).Current; !current.Final || current.ClosedOn != calendar.MustDate("2023-02-08") {
					t.Errorf("%+v", current)
				}
				if h.table("AM06", 2022).Current.Final {
					t.Error("a year that is open is final")
				}
			})
		}
	}
}

// Who counts in no municipality waits for nobody.
func TestAnAuthorityThatIsItsOwnAreaFreezesItself(t *testing.T) {
	h := newHouse(t)
	const province = sroi.AuthorityID("00000001002345678000")
	_, _, err := h.PutAuthority(h.ctx, h.as(sroi.Administrator), app.AuthorityInput{
		ID: province, Name: "Provincie", Kind: sroi.Province, Desk: eenheid, RuleSet: "oost-nederland",
	})
	h.must(err)
	h.closedBy(eenheid, province, 2021)
	if h.frozen(string(province), 2021) == "not frozen" {
		t.Error("its year is not frozen")
	}
	if h.frozen("GM0200", 2021) != "not frozen" || h.frozen("AM06", 2021) != "not frozen" {
		t.Error("it froze a year of others")
	}
}

// A close that waits for a second person is none yet.
func TestAnAreaWaitsForASecondPerson(t *testing.T) {
	const other = sroi.AuthorityID("00000001002345678000")
	for area, theirs := range shared {
		t.Run(area, func(t *testing.T) {
			h := newHouse(t)
			h.awarded("eigen")
			h.twoPeople()
			h.municipality(other, eenheid, theirs, "AM06")
			prepared, err := h.CloseYear(h.ctx, h.as(sroi.Consultant), app.CloseInput{Authority: apeldoorn, Year: 2021})
			h.must(err)
			h.closedBy(eenheid, other, 2021)
			if h.table(area, 2021).Current.Final {
				t.Error("the area is final before all in it closed")
			}
			second := matching(h.as(sroi.Consultant), prepared.Version)
			second.Actor.ID = "sub-collega"
			_, err = h.ConfirmClose(h.ctx, second, app.CloseID(apeldoorn, 2021))
			h.must(err)
			if !h.table(area, 2021).Current.Final {
				t.Error("the area is not final")
			}
		})
	}
}

// A ledger counts where its authority lay when it began. Of one that turns out to
// have lain elsewhere the area waits for the ledgers, and follows with whoever asks
// again once these are closed.
func TestAnAreaWaitsForLedgersOfWhoLayElsewhere(t *testing.T) {
	h := newHouse(t)
	h.awarded("eigen")
	moved := h.secondIn("GM0200")
	_, _, err := h.PutAuthority(h.ctx, matching(h.as(sroi.Administrator), 1), app.AuthorityInput{
		ID: moved, Name: "Gemeente Epe", Kind: sroi.Municipality, Desk: eenheid, RuleSet: "oost-nederland",
		Areas: []sroi.AreaSpan{{Span: calendar.Span{From: calendar.MustDate("2000-01-01")}, Municipality: "GM0232", Region: "AM07"}},
	})
	h.must(err)
	call := h.as(sroi.Consultant)
	h.closed(call, 2021)
	if h.table("GM0200", 2021).Current.Final {
		t.Error("the area is final while a ledger in it is open")
	}
	h.closedBy(eenheid, moved, 2021)
	ledgers, err := h.Store.LedgersOf(h.ctx, moved, "", 0)
	h.must(err)
	for ledger, err := range h.RollUp(h.ctx, ledgers) {
		t.Fatalf("%s: %v", ledger, err)
	}
	h.closed(call, 2021)
	if report := h.table("GM0200", 2021); !report.Current.Final || rowOf(t, report, sroi.TenderShare).AsClosed.Parts.Den != 2 {
		t.Errorf("%+v", report.Current)
	}
}

// The last to close a year may have died before its areas followed, and be gone: they
// follow with whoever asks for a close of it again, who is told that it was closed.
func TestAreasFollowACloseThatWasLeft(t *testing.T) {
	const last = sroi.AuthorityID("00000001002345678000")
	h := newHouse(t)
	h.awarded("eigen")
	h.municipality(last, eenheid, "GM0200", "AM06")
	h.today = "2022-02-01"
	h.closed(h.as(sroi.Consultant), 2021)
	h.today = "2022-02-08"
	sound := h.Store
	h.Store = &memberless{Store: sound}
	if _, err := h.CloseYear(h.ctx, h.as(sroi.Consultant), app.CloseInput{Authority: last, Year: 2021}); err == nil {
		t.Fatal("the close did not die")
	}
	h.Store = sound
	h.today = "2022-02-15"
	for area := range shared {
		if h.table(area, 2021).Current.Final {
			t.Errorf("%s is final", area)
		}
	}
	other := h.as(sroi.Consultant)
	other.Actor.ID = "sub-collega"
	_, err := h.CloseYear(h.ctx, other, app.CloseInput{Authority: apeldoorn, Year: 2021})
	h.refused(err, app.Conflict, "jaar-al-afgesloten")
	for area := range shared {
		if current := h.table(area, 2021).Current; !current.Final || current.ClosedOn != calendar.MustDate("2022-02-08") {
			t.Errorf("%s: %+v", area, current)
		}
	}
}

// memberless is a store that cannot tell who lies in an area.
type memberless struct{ app.Store }

func (s *memberless) AuthoritiesIn(context.Context, string) ([]sroi.AuthorityID, error) {
	return nil, errors.New("died")
}
