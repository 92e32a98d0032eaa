// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/plan"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

const (
	apeldoorn = sroi.AuthorityID("00000001002220647000")
	supplier  = "12345678"
	oost      = "oost"
	act       = "5f3c8d1e0a7b4c2d9e6f1a3b5c7d8e90"
	payload   = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
)

var (
	q1    = calendar.MustPeriod("2022-Q1")
	at    = time.Date(2022, 4, 7, 9, 30, 0, 0, time.UTC)
	today = calendar.MustDate("2022-04-07")
	actor = sroi.Actor{Role: sroi.Consultant, ID: "2cf24dba5fb0a30e26e83b2ac5b9e29e"}
	rules = ruleset.Ref{ID: "oost-nederland", Version: calendar.MustDate("2022-01-01"), SHA256: payload}
)

func authority(version int) sroi.Authority {
	return sroi.Authority{
		ID: apeldoorn, Name: "Gemeente Apeldoorn", Kind: sroi.Municipality, Desk: oost, RuleSet: "oost-nederland", Version: version,
		Areas: []sroi.AreaSpan{{Span: calendar.Span{From: calendar.MustDate("2018-01-01")}, Municipality: "GM0200", Region: "AM06"}},
	}
}

func tender(id string, version int) sroi.Tender {
	estimated := money.Cents(400_000_00)
	return sroi.Tender{
		ID: id, Authority: apeldoorn, Desk: oost, Reference: "AP-" + id, Title: "Onderhoud groen " + id, Procedure: sroi.European,
		Published: calendar.MustDate("2021-09-01"), Rules: rules, Registered: at, Act: act, Payload: payload, Version: version,
		Lots: []sroi.Lot{{
			ID: "1", Title: "Perceel noord", CPV: "77310000", Nature: ruleset.Services, Estimated: &estimated, SocialReturn: sroi.Applied, Form: sroi.Requirement,
			Awards: []sroi.Award{{Act: act, Payload: payload, State: sroi.Final, Date: calendar.MustDate("2021-12-01"), Supplier: supplier, SupplierName: "Groenwerk bv", Value: 400_000_00}},
		}},
	}
}

func tenderEntryOf(t sroi.Tender) sroi.Entry {
	return sroi.Entry{
		Owner: t.ID, Kind: sroi.TenderRegistered, Booked: today, At: at, Actor: actor,
		Tender: &sroi.TenderFacts{Authority: sroi.Authority{ID: t.Authority}, Procedure: t.Procedure, Lots: []sroi.LotFacts{{SocialReturn: sroi.Applied, Value: 400_000_00}}},
	}.Sealed(t.Version, "")
}

func receipt(input any) ruleset.Receipt {
	raw, err := json.Marshal(input)
	if err != nil {
		panic(err)
	}
	return ruleset.Receipt{
		Rules: rules, Kind: "placement", Path: "/blocks/3", Source: "Bouwblokken Oost-Nederland, https://www.example.org/bouwblokken", Input: raw,
		Steps: []ruleset.Step{
			{Text: "Waarde van het bouwblok per jaar", Value: "40.000", Unit: "euro"},
			{Text: "Uren per week ten opzichte van de norm", Value: "24/36"},
			{Text: "Maanden tot en met 31 maart 2022", Value: "3", Unit: "maanden"},
			{Text: "Eerder opgebouwd", Value: "0,00", Unit: "euro"},
		},
		Exact: "2000000/3", Rounding: "halfAwayFromZero/cent", Result: 6_666_67, Assumptions: []string{"norm-week"},
		Text: "24 uur per week van januari tot en met maart, bij een norm van 36 uur: € 6.666,67.",
	}
}

var term = calendar.Span{From: calendar.MustDate("2022-01-01"), To: calendar.MustDate("2025-12-31")}

func contract(id string) sroi.Contract {
	return sroi.Contract{
		ID: id, Authority: apeldoorn, AuthorityKind: sroi.Municipality, Areas: authority(1).Areas, Desk: oost, Tender: "T1", Lot: "1", Number: "C-" + id,
		Title: "Onderhoud groen noord", Supplier: supplier, SupplierName: "Groenwerk bv", Nature: ruleset.Services, Value: 400_000_00, Term: term,
		Signed: calendar.MustDate("2021-12-15"), Awarded: calendar.MustDate("2021-12-01"), Clause: "artikel 12", Rules: rules,
		Obligation: ruleset.Obligation{Applies: true, Reason: ruleset.ReasonApplies, Amount: 20_000_00, Receipt: receipt(ruleset.ObligationInput{Nature: ruleset.Services, Value: 400_000_00, Term: term})},
		BidSum:     400_000_00,
		Cadence:    calendar.Quarterly, Registered: at, Act: act, Payload: payload, Version: 1,
	}
}

// amended is a contract's next version, with its value doubled.
func amended(was sroi.Contract, b sroi.Balance) app.Change {
	becomes := was
	becomes.Value *= 2
	becomes.Obligation.Amount *= 2
	a, next, e := sroi.Amendment{
		Kind: sroi.AmendValue, Reason: sroi.MoreWork, Text: "meerwerk", Effective: today, Booked: today, At: at, Actor: actor, Act: act, Payload: payload, Salt: "a1b2c3d4",
	}.Amended(was, becomes, b.Seq+1, nil)
	after, sealed := b.Next(e)
	return app.Change{Contract: next, Amendment: a, Balance: after, Entry: sealed}
}

func newContract(id string) app.NewContract {
	c := contract(id)
	b, e := sroi.Balance{Contract: id}.Next(sroi.Entry{
		Kind: sroi.ContractRegistered, Booked: today, At: at, Actor: actor, Subject: sroi.Digest(c), Amounts: []sroi.YearAmounts{{Year: 2022, Obliged: 20_000_00}},
	})
	return app.NewContract{Contract: c, Balance: b, Entries: []sroi.Entry{e}, TenderVersion: 1}
}

func placement(contract string, n int) sroi.Placement {
	return sroi.Placement{
		Contract: contract, Number: n, Person: sroi.Token(payload), Block: "ww", Category: "WW", Form: ruleset.Employment,
		Employer: sroi.Employer{KvK: supplier, Name: "Groenwerk bv", Relation: sroi.Contractor}, Schedule: hours("2022-01-01"),
		Added: at, Act: act, Payload: payload, Version: 1,
	}
}

func hours(from string) []ruleset.Hours {
	return []ruleset.Hours{{Span: calendar.Span{From: calendar.MustDate(from)}, PerWeek: 24 * 60}}
}

func lines(n int) []sroi.Line {
	list := make([]sroi.Line, n)
	for i := range list {
		input := ruleset.PlacementInput{Block: "ww", Form: ruleset.Employment, Schedule: hours("2022-01-01"), Counted: term, Window: q1.Span()}
		list[i] = sroi.Line{
			Number: i + 1, Claim: sroi.Claim{Kind: sroi.PlacementLine, Placement: &sroi.PlacementClaim{Number: i + 1, Worked: 300 * 60}},
			Span: q1.Span(), Year: 2022, Value: 6_666_67, Receipt: receipt(input), Salt: fmt.Sprintf("%032d", i),
			Placed: &sroi.Placed{Person: sroi.Token(payload), Form: ruleset.Employment, Category: "WW", Start: calendar.MustDate("2022-01-01"), Hours: hours("2022-01-01")},
		}
	}
	return list
}

func draft(contract string, p calendar.Period, version int, list []sroi.Line) sroi.Statement {
	return sroi.Statement{
		Contract: contract, Authority: apeldoorn, Desk: oost, Supplier: supplier, Period: p, State: sroi.Draft, Revision: version,
		Lines: len(list), LinesHash: sroi.DigestAll(list), Claimed: 6_666_67, ByYear: []sroi.YearAmounts{{Year: 2022, Pending: 6_666_67}}, Version: version,
		PreparedBy: []string{"Zx6Zk-hnW4x-mT-iOZbMIM", "zx6Zk-hnW4x-mT-iOZbMIM"},
	}
}

// moved is a statement in another state, with the entry that says so.
func moved(s sroi.Statement, b sroi.Balance, state sroi.StatementState, kind sroi.EntryKind) app.Transition {
	s.State, s.Version, s.Act, s.Payload = state, s.Version+1, act, payload
	if state == sroi.Submitted {
		s.SubmittedOn, s.DecideBy = today, today.AddDays(14)
	}
	after, e := b.Next(sroi.Entry{
		Kind: kind, Booked: today, At: at, Actor: actor, Period: s.Period, Revision: s.Revision, Lines: s.Lines, LinesHash: s.LinesHash,
		Amounts: []sroi.YearAmounts{{Year: 2022, Pending: 6_666_67}},
	})
	return app.Transition{Statement: s, Balance: after, Entry: e}
}

func decision(line int, act string) sroi.Decision {
	input := ruleset.PlacementInput{Block: "ww", Form: ruleset.Employment, Schedule: hours("2022-01-01"), Counted: term, Window: q1.Span()}
	return sroi.Decision{
		Line: line, Verdict: sroi.Approved, Value: 6_666_67, Receipt: receipt(input), Booked: today, At: at, Actor: actor, Act: act, Payload: payload, Salt: "a1b2c3d4",
	}
}

func hoursTake(contract, holder string, tallyVersion int) *app.Take {
	return &app.Take{
		Contract: contract, Holder: holder + "/1", Person: sroi.Token(payload), Period: q1, Placement: 1, Span: q1.Span(),
		Hours: hours("2022-01-01"), Worked: 300 * 60, TallyVersion: tallyVersion,
	}
}

func invoiceTake(contract, holder, invoice string) *app.Take {
	return &app.Take{Contract: contract, Holder: holder + "/1", Seller: supplier, Invoice: invoice}
}

func correction(contract, id string, b sroi.Balance) (sroi.Correction, sroi.Balance, sroi.Entry) {
	c := sroi.Correction{
		ID: id, Contract: contract, Corrects: 1, Year: 2022, Delta: -100_00, Reason: "dubbel", Text: "Factuur kwam twee keer voor.",
		Booked: today, Act: act, Payload: payload, Salt: "a1b2c3d4",
	}
	after, e := b.Next(sroi.Entry{Kind: sroi.Corrected, Booked: today, At: at, Actor: actor, Correction: id, Corrects: 1, Subject: sroi.Digest(c), Amounts: []sroi.YearAmounts{{Year: 2022, Verified: -100_00}}})
	return c, after, e
}

func contribution(source string, seq int) sroi.Contribution {
	return sroi.Contribution{
		Area: "GM0200", Year: 2022, Source: source, Seq: seq, Booked: today, Rules: []ruleset.Ref{rules},
		Steps: []sroi.Step{{Booked: today, Facts: sroi.Facts{Supplier: supplier, Verified: money.Cents(seq) * 100, Persons: []sroi.Token{sroi.Token(payload)}}}},
	}
}

func total(area string, y, version int) sroi.Total {
	return sroi.Total{Area: area, Year: y, Version: version, Figures: sroi.Figures{Persons: version}, Rules: []ruleset.Ref{rules}}
}

func course(area string, y int, days ...string) sroi.Course {
	c := sroi.Course{Area: area, Year: y, Month: days[0][:7]}
	for _, day := range days {
		c.Days = append(c.Days, sroi.DayFigures{Booked: calendar.MustDate(day), Figures: sroi.Figures{Persons: calendar.MustDate(day).Sub(calendar.MustDate("2022-01-01"))}})
	}
	return c
}

func indicator(area, code, period string, revision int, target bool) sroi.IndicatorValue {
	return sroi.IndicatorValue{
		Area: area, Code: code, Period: period, Revision: revision, Intended: target, Value: &money.Fraction{Num: int64(revision), Den: 1},
		Source: "jaarverslag", Recorded: today, Actor: actor, Payload: payload,
	}
}

func dayTake(contract, holder, block, day string) *app.Take {
	return &app.Take{Contract: contract, Holder: holder + "/1", Block: block, Day: calendar.MustDate(day)}
}

func enterprise(register, kvk string, version int) sroi.Enterprise {
	return sroi.Enterprise{
		Register: register, KvK: kvk, Name: "Kwekerij Samen", Recorded: at, Actor: actor, Version: version,
		Spans: []sroi.RecognisedSpan{{
			Span: calendar.Span{From: calendar.MustDate("2021-01-01")}, Recognition: ruleset.Recognised, Source: "Besluit van de registercommissie",
		}},
	}
}

// yearClose is a close of 2022 with some known to be open, and frozen figures.
func yearClose(version int) sroi.YearClose {
	return sroi.YearClose{
		Authority: apeldoorn, Area: "GM0200", Year: 2022, State: sroi.CloseFrozen, Version: version, Payload: payload,
		Open:     []sroi.OpenPeriod{{Contract: "C1", Period: q1, State: sroi.Submitted, Reason: "Wacht op het urenoverzicht."}},
		Prepared: sroi.Signature{Actor: actor, On: today, At: at, Act: act},
		Ledgers:  2, Done: 2, Rules: []ruleset.Ref{rules}, Figures: &sroi.Figures{}, Heads: 2, Digest: payload,
	}
}

// closedLedgers are n ledgers of a close, the first of them of a contract.
func closedLedgers(n int) []sroi.ClosedLedger {
	var ledgers []sroi.ClosedLedger
	for i := range n {
		ledgers = append(ledgers, sroi.ClosedLedger{
			Head: sroi.Head{Ledger: fmt.Sprintf("CONTRACT#%024d", i), Seq: 14, Hash: payload}, Part: payload, Rules: []ruleset.Ref{rules},
		})
	}
	return ledgers
}

// closing is the next balance and entry of a contract whose authority closes 2022.
func closing(b sroi.Balance) (sroi.Balance, sroi.Entry) {
	return b.Next(sroi.Entry{Kind: sroi.YearClosed, Booked: today, At: at, Actor: actor, Closes: 2022})
}

// planned is a plan of C1 with so many efforts, in its head and its revision.
func planned(contract string, version, efforts int) (app.PlanHead, app.PlanRevision) {
	revision := app.PlanRevision{Contract: contract, Version: version}
	for range efforts {
		revision.Efforts = append(revision.Efforts, plan.Effort{Person: "A", Placement: &ruleset.PlacementInput{
			Block: "ww", Form: ruleset.Employment, Schedule: hours("2022-01-01"),
		}})
	}
	head := app.PlanHead{
		Contract: contract, Version: version, Rules: rules, Total: 6_666_67, Counted: 6_666_67,
		Digest: sroi.Digest(revision.Efforts), Saved: at, Actor: actor,
	}
	for _, p := range calendar.Periods(term, calendar.Quarterly) {
		head.Periods = append(head.Periods, plan.Planned{Share: plan.Share{Period: p, Amount: 416_67}})
	}
	return head, revision
}

// prepared is a store with the authority, tender T1 and contract C1.
func prepared(t testing.TB) (*Table, *wire) {
	t.Helper()
	table, line := open(t)
	prepare(t, table)
	return table, line
}

func prepare(t testing.TB, table *Table) {
	t.Helper()
	ok(t, table.PutAuthority(t.Context(), authority(1)))
	addTender(t, table, tender("T1", 1))
	addContract(t, table, "C1")
}

func addTender(t testing.TB, table *Table, x sroi.Tender) {
	t.Helper()
	_, err := table.CreateTender(t.Context(), x, tenderEntryOf(x))
	ok(t, err)
}

func addContract(t testing.TB, table *Table, id string) app.NewContract {
	t.Helper()
	n := newContract(id)
	_, err := table.CreateContract(t.Context(), n)
	ok(t, err)
	return n
}

// submitted is a store with a submitted statement of C1 over q1, of n lines.
func submitted(t testing.TB, n int) (*Table, *wire, app.Transition) {
	t.Helper()
	table, line := prepared(t)
	return table, line, submit(t, table, n)
}

func submit(t testing.TB, table *Table, n int) app.Transition {
	t.Helper()
	list := lines(n)
	head := draft("C1", q1, 1, list)
	ok(t, table.SaveDraft(t.Context(), head, list))
	m := moved(head, newContract("C1").Balance, sroi.Submitted, sroi.StatementSubmitted)
	ok(t, table.Move(t.Context(), m))
	return m
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// same compares by what is stored: JSON.
func same(t testing.TB, got, want any) {
	t.Helper()
	a, errA := json.Marshal(got)
	b, errB := json.Marshal(want)
	if errA != nil || errB != nil || string(a) != string(b) {
		t.Fatalf("got\n%s\nwant\n%s (%v %v)", a, b, errA, errB)
	}
}
