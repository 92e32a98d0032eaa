// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

// merge makes a document the version of 2022, in which PW_LT2 and PW_GT2 are one
// block of € 36.000 and work experience brings € 700 a month.
func merge(doc document) {
	var blocks []any
	for _, each := range doc["blocks"].([]any) {
		block := each.(document)
		switch block["code"] {
		case "PW_LT2":
			block["code"], block["value"] = "PW", "36000.00"
		case "PW_GT2":
			continue
		case "WEP":
			block["value"] = "700.00"
		}
		blocks = append(blocks, block)
	}
	doc["blocks"] = blocks
}

func unchanged(document) {}

// decidedUnderOld is a contract signed in 2021 with two decided quarters, of two
// people and an invoice: worked out under the rules of 2016.
func (h *house) decidedUnderOld(reference string) sroi.Contract {
	h.t.Helper()
	contract := h.contract(reference)
	for _, name := range []string{"Jansen", "Pietersen"} {
		_, err := h.AddPlacement(h.ctx, h.as(sroi.Supplier), contract.ID, placementInput(name+reference, 24))
		h.must(err)
	}
	purchase := sroi.Claim{Kind: sroi.PurchaseLine, Purchase: &sroi.PurchaseClaim{
		Block: "PURCHASE", Seller: "87654321", SellerName: "Goed Werk", Recognition: ruleset.Recognised,
		Order: "O-1", Invoice: "F-77", InvoiceDate: calendar.MustDate("2022-02-10"), Amount: cents("1200"),
	}}
	purchase.Evidence = h.evidence(contract, "PURCHASE")
	h.today = "2022-04-05"
	h.decided(h.submitted(contract, "2022-Q1", h.placed(contract, 1, 312), h.placed(contract, 2, 312), purchase), func(line int) app.LineDecision {
		if line == 2 {
			return partly(2, []ruleset.Hours{{Span: span("2022-01-01", "2022-02-28"), PerWeek: 24 * 60}})
		}
		return approve(line)
	})
	h.today = "2022-07-05"
	h.decided(h.submitted(contract, "2022-Q2", h.placed(contract, 1, 312), h.placed(contract, 2, 312)), func(line int) app.LineDecision {
		if line == 2 {
			return reject(2)
		}
		return approve(line)
	})
	return contract
}

func toNewVersion() app.RulesInput {
	return app.RulesInput{
		Version: calendar.MustDate("2022-01-01"), Blocks: map[string]string{"PW_LT2": "PW"}, Reason: sroi.PolicyChange, Text: "Besluit van het bureau.", Deviates: true,
	}
}

// By hand: € 30.000 × 24/36 is € 20.000 a year and € 36.000 × 24/36 is € 24.000:
// a quarter goes from € 5.000 to € 6.000, two months from € 3.333,33 to € 4.000.
// The invoice and the rejected line stay as they are.
func TestAMoveToOtherRulesIsShownThenBooked(t *testing.T) {
	h := newHouse(t)
	h.under(unchanged, merge)
	contract := h.decidedUnderOld("wissel")
	before := h.balance(contract)
	if before.Verified != cents("14533.33") {
		t.Fatalf("verified %s", before.Verified)
	}
	trial, err := h.TryRules(h.ctx, h.as(sroi.Consultant), contract.ID, toNewVersion())
	h.must(err)
	if sroi.Digest(h.balance(contract)) != sroi.Digest(before) {
		t.Fatal("a trial booked something")
	}
	want := []string{"6000", "4000", "1200", "6000", "0"}
	for i, line := range trial.Lines {
		if line.Value != cents(want[i]) || line.Decision.Verdict != sroi.Rejected && line.Receipt.Rules.Version != calendar.MustDate("2022-01-01") {
			t.Errorf("line %d: %s under %s, want %s", i+1, line.Value, line.Receipt.Rules.Version, want[i])
		}
	}
	if len(trial.Lines) != len(want) || trial.Expected.Verified != cents("17200") {
		t.Fatalf("%d lines, %s", len(trial.Lines), trial.Expected.Verified)
	}
	call := matching(h.as(sroi.Consultant), before.Seq)
	moved, err := h.MoveRules(h.ctx, call, contract.ID, toNewVersion())
	h.must(err)
	after := h.balance(contract)
	if after.Verified != cents("17200") || after.Seq != before.Seq+1+3 || sroi.Digest(after) != sroi.Digest(moved.Balance) {
		t.Fatalf("%+v, shown %+v", after, trial.Expected)
	}
	if after.Rejected != before.Rejected || trial.Expected.Rejected != before.Rejected {
		t.Errorf("the rules rejected %s, shown %s, of %s: nobody did", after.Rejected, trial.Expected.Rejected, before.Rejected)
	}
	again, err := h.MoveRules(h.ctx, call, contract.ID, toNewVersion())
	h.must(err)
	if sroi.Digest(again) != sroi.Digest(moved) || h.balance(contract).Seq != after.Seq {
		t.Fatal("a repeat answers otherwise, or books again")
	}
	h.provable(contract)
	h.replays("correction/correction")
	h.movedOn(contract)
}

// A norm of fewer hours leaves less of the same placement: that is no change of it.
func TestAMoveChangesNoPlacement(t *testing.T) {
	h := newHouse(t)
	h.under(unchanged, func(doc document) {
		merge(doc)
		doc["normWeek"] = document{"value": "20", "source": "normweek"}
	})
	contract := h.decidedUnderOld("norm")
	_, err := h.MoveRules(h.ctx, matching(h.as(sroi.Consultant), h.balance(contract).Seq), contract.ID, toNewVersion())
	h.must(err)
	head, err := h.Store.Statement(h.ctx, contract.ID, calendar.MustPeriod("2022-Q1"))
	h.must(err)
	if lines := h.saysChanged(head, sroi.Consultant); lines != "" {
		t.Errorf("changed at lines %s", lines)
	}
}

// movedOn holds what comes after a move to the new rules.
func (h *house) movedOn(contract sroi.Contract) {
	h.t.Helper()
	h.today = "2022-10-05"
	placement, err := h.Placement(h.ctx, h.as(sroi.Supplier), contract.ID, 1)
	h.must(err)
	if placement.Block != "PW" {
		h.t.Errorf("the placement is of block %s", placement.Block)
	}
	h.decided(h.submitted(contract, "2022-Q3", h.placed(contract, 1, 312)), approve)
	if b := h.balance(contract); b.Verified != cents("23200") {
		h.t.Errorf("a quarter under the new rules: %+v", b)
	}
	// Who corrects an old line now does so under the new rules: rejected becomes approved.
	correction, _, err := h.Correct(h.ctx, matching(h.as(sroi.Consultant), h.balance(contract).Seq), contract.ID, app.CorrectionInput{
		Corrects: 5, Period: calendar.MustPeriod("2022-Q2"), Decision: ref(approve(2)), Reason: "bezwaar", Text: "Toch.",
	})
	h.must(err)
	if correction.Delta != cents("6000") {
		h.t.Errorf("approved after all: %s", correction.Delta)
	}
	if rows := h.report(2022, "CONTRACT#"+contract.ID); rows[sroi.RealisedValue].Current.Value.Num != int64(cents("29200")) {
		h.t.Errorf("realised %+v", rows[sroi.RealisedValue].Current)
	}
}

// dying is a store that dies at its n-th write of a move.
type dying struct {
	app.Store
	left  int
	after bool // dies after the write instead of before it
}

var errDied = errors.New("died")

func (d *dying) write(do func() error) error {
	if d.left--; d.left == 0 && !d.after {
		return errDied
	}
	err := do()
	if d.left == 0 {
		return errDied
	}
	return err
}

func (d *dying) Amend(ctx context.Context, c app.Change) error {
	return d.write(func() error { return d.Store.Amend(ctx, c) })
}

func (d *dying) AddCorrection(ctx context.Context, c sroi.Correction, b sroi.Balance, e sroi.Entry, take *app.Take) (stored sroi.Correction, err error) {
	err = d.write(func() error { stored, err = d.Store.AddCorrection(ctx, c, b, e, take); return err })
	return stored, err
}

func TestAMoveThatDiedIsCompletedByItsKey(t *testing.T) {
	h := newHouse(t)
	h.under(unchanged, merge)
	whole := h.Store
	for _, after := range []bool{false, true} {
		for n := 1; n <= 4; n++ {
			h.today = "2022-01-03"
			contract := h.decidedUnderOld("dood-" + string(rune('a'+n)) + map[bool]string{true: "-na", false: ""}[after])
			before := h.balance(contract)
			call := matching(h.as(sroi.Consultant), before.Seq)
			h.Store = &dying{Store: whole, left: n, after: after}
			if _, err := h.MoveRules(h.ctx, call, contract.ID, toNewVersion()); !errors.Is(err, errDied) {
				t.Fatalf("write %d: %v", n, err)
			}
			h.Store = whole
			moved, err := h.MoveRules(h.ctx, call, contract.ID, toNewVersion())
			h.must(err)
			b := h.balance(contract)
			if b.Verified != cents("17200") || b.Seq != before.Seq+4 || len(moved.Lines) != 5 {
				t.Errorf("died at write %d (after: %v): %+v", n, after, b)
			}
		}
	}
}

// What was verified keeps its facts: a job that turns out to have begun before its
// time, as told between a crash and its completion, changes nothing of the move.
func TestACompletedMoveReckonsWithWhatWasVerified(t *testing.T) {
	h := newHouse(t)
	early := func(doc document) { doc["headStartMonths"] = document{"value": 12, "source": "inkoop"} }
	h.under(early, func(doc document) {
		merge(doc)
		early(doc)
		for _, block := range doc["blocks"].([]any) {
			if block := block.(document); block["code"] == "PW" {
				block["maxMonths"] = 12
			}
		}
	})
	contract, whole := h.decidedUnderOld("feiten"), h.Store
	call := matching(h.as(sroi.Consultant), h.balance(contract).Seq)
	h.Store = &dying{Store: whole, left: 2}
	if _, err := h.MoveRules(h.ctx, call, contract.ID, toNewVersion()); !errors.Is(err, errDied) {
		t.Fatal(err)
	}
	h.Store = whole
	for number := 1; number <= 2; number++ {
		_, err := h.ChangePlacement(h.ctx, matching(h.as(sroi.Supplier), 1), contract.ID, number, app.PlacementChange{
			Schedule: []ruleset.Hours{{Span: span("2021-02-01", ""), PerWeek: 24 * 60}},
		})
		h.must(err)
	}
	_, err := h.MoveRules(h.ctx, call, contract.ID, toNewVersion())
	h.must(err)
	if b := h.balance(contract); b.Verified != cents("17200") {
		t.Errorf("verified %s", b.Verified)
	}
}

// valuesOf is what each line is worth after a move.
func valuesOf(moved app.RulesMove) string {
	var values []string
	for _, line := range moved.Lines {
		values = append(values, line.Value.String())
	}
	return strings.Join(values, " ")
}

// By hand, at € 36.000 × 12/36, € 1.000 a month of twelve hours a week, for half a
// year from the first day that counts. One person is at work from November, before
// any day counts now, and from March in a second job that is of the same block now:
// both count until June. The other is there from March, until August, whatever she
// did in January in another block (€ 10.000 × 12/36 ÷ 12).
func TestMonthsRunFromTheFirstDayThatCountsUnderTheNewRules(t *testing.T) {
	h := newHouse(t)
	h.under(func(doc document) { doc["headStartMonths"] = document{"value": 12, "source": "inkoop"} }, func(doc document) {
		merge(doc)
		for _, block := range doc["blocks"].([]any) {
			if block := block.(document); block["code"] == "PW" {
				block["maxMonths"] = 6
			}
		}
	})
	contract := h.contract("eerste-dag")
	for _, p := range []struct {
		surname, block string
		days           calendar.Span
		hours          calendar.Minutes
	}{
		{"Jansen", "PW_LT2", span("2021-11-01", ""), 12},
		{"Jansen", "PW_GT2", span("2022-03-01", ""), 12},
		{"Pietersen", "PW_LT2", span("2022-03-01", ""), 24},
		{"Pietersen", "WW_LT1", span("2022-01-01", "2022-01-31"), 12},
	} {
		in := placementInput(p.surname, p.hours)
		in.Block, in.Schedule[0].Span = p.block, p.days
		h.add(contract, in)
	}
	for _, q := range []struct {
		period, today string
		numbers       []int
	}{{"2022-Q1", "2022-04-05", []int{4, 3, 2, 1}}, {"2022-Q2", "2022-07-05", []int{1, 2, 3}}, {"2022-Q3", "2022-10-05", []int{1, 2, 3}}} {
		var claims []sroi.Claim
		for _, number := range q.numbers {
			claims = append(claims, h.placed(contract, number, 104))
		}
		h.today = q.today
		h.decided(h.submitted(contract, q.period, claims...), approve)
	}
	in := toNewVersion()
	in.Blocks["PW_GT2"] = "PW"
	moved, err := h.MoveRules(h.ctx, matching(h.as(sroi.Consultant), h.balance(contract).Seq), contract.ID, in)
	h.must(err)
	if got, want := valuesOf(moved), "277.78 2000.00 1000.00 3000.00 3000.00 3000.00 6000.00 0.00 0.00 4000.00"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	h.balance(contract)
}

// By hand, as above: a head start that is new makes days count that did not before.
// Half a year from November is over in April, also in a second job of the same block.
func TestMonthsRunFromDaysThatDidNotCountBefore(t *testing.T) {
	h := newHouse(t)
	h.under(unchanged, func(doc document) {
		merge(doc)
		doc["headStartMonths"] = document{"value": 12, "source": "inkoop"}
		for _, block := range doc["blocks"].([]any) {
			if block := block.(document); block["code"] == "PW" {
				block["maxMonths"] = 6
			}
		}
	})
	contract := h.contract("aanloop")
	for _, from := range []string{"2021-11-01", "2022-03-01"} {
		in := placementInput("Jansen", 12)
		in.Schedule[0].Span = span(from, "")
		h.add(contract, in)
	}
	for _, q := range []struct{ period, today string }{{"2022-Q1", "2022-04-05"}, {"2022-Q2", "2022-07-05"}} {
		h.today = q.today
		h.decided(h.submitted(contract, q.period, h.placed(contract, 2, 52), h.placed(contract, 1, 156)), approve)
	}
	moved, err := h.MoveRules(h.ctx, matching(h.as(sroi.Consultant), h.balance(contract).Seq), contract.ID, toNewVersion())
	h.must(err)
	if got, want := valuesOf(moved), "1000.00 3000.00 1000.00 1000.00"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// A line that someone corrected between a crash and its completion is left as it is.
func TestACompletedMoveLeavesALaterCorrectionAlone(t *testing.T) {
	h := newHouse(t)
	h.under(unchanged, merge)
	contract, whole := h.decidedUnderOld("tussen"), h.Store
	call := matching(h.as(sroi.Consultant), h.balance(contract).Seq)
	h.Store = &dying{Store: whole, left: 2}
	_, err := h.MoveRules(h.ctx, call, contract.ID, toNewVersion())
	if !errors.Is(err, errDied) {
		t.Fatal(err)
	}
	h.Store = whole
	_, _, err = h.Correct(h.ctx, matching(h.as(sroi.Consultant), h.balance(contract).Seq), contract.ID, app.CorrectionInput{
		Corrects: 3, Period: calendar.MustPeriod("2022-Q1"), Decision: ref(reject(1)), Reason: "dubbel", Text: "Dubbel.",
	})
	h.must(err)
	_, err = h.MoveRules(h.ctx, call, contract.ID, toNewVersion())
	h.must(err)
	if b := h.balance(contract); b.Verified != cents("14533.33")-cents("5000")+cents("666.67")+cents("1000") {
		// rejected by hand: € 5.000 less; the two lines that were left: + € 666,67 and + € 1.000
		t.Fatalf("%+v", b)
	}
}

// Moved there and back, all is as it was; the first act again books nothing and
// answers as it did.
func TestAMoveThereAndBackChangesNothing(t *testing.T) {
	h := newHouse(t)
	h.under(unchanged, merge)
	contract := h.decidedUnderOld("heen-en-terug")
	before := h.balance(contract)
	call := matching(h.as(sroi.Consultant), before.Seq)
	there, err := h.MoveRules(h.ctx, call, contract.ID, toNewVersion())
	h.must(err)
	_, err = h.MoveRules(h.ctx, matching(h.as(sroi.Consultant), there.Balance.Seq), contract.ID, app.RulesInput{
		Version: calendar.MustDate("2016-01-01"), Reason: sroi.RegistrationError, Text: "Toch niet.", Deviates: true,
	})
	h.must(err)
	back := h.balance(contract)
	if back.Verified != before.Verified || back.Rejected != before.Rejected || back.Obliged != before.Obliged {
		t.Fatalf("there and back: %+v, was %+v", back, before)
	}
	again, err := h.MoveRules(h.ctx, call, contract.ID, toNewVersion())
	h.must(err)
	if h.balance(contract).Seq != back.Seq || sroi.Digest(again.Lines) != sroi.Digest(there.Lines) || sroi.Digest(again.Amendment) != sroi.Digest(there.Amendment) {
		t.Fatal("the first act booked again, or answers otherwise")
	}
	placement, err := h.Placement(h.ctx, h.as(sroi.Supplier), contract.ID, 1)
	h.must(err)
	if placement.Block != "PW_LT2" {
		t.Errorf("the placement is of block %s", placement.Block)
	}
}

// A line that was rejected between there, back and there again stays rejected, also
// when the first act comes once more: it was overtaken, though its rules hold again.
func TestAMoveThatWasOvertakenIsOver(t *testing.T) {
	h := newHouse(t)
	h.under(unchanged, merge)
	contract := h.decidedUnderOld("overgedaan")
	call := matching(h.as(sroi.Consultant), h.balance(contract).Seq)
	there, err := h.MoveRules(h.ctx, call, contract.ID, toNewVersion())
	h.must(err)
	_, err = h.MoveRules(h.ctx, matching(h.as(sroi.Consultant), there.Balance.Seq), contract.ID, app.RulesInput{
		Version: calendar.MustDate("2016-01-01"), Reason: sroi.RegistrationError, Text: "Toch niet.", Deviates: true,
	})
	h.must(err)
	_, _, err = h.Correct(h.ctx, matching(h.as(sroi.Consultant), h.balance(contract).Seq), contract.ID, app.CorrectionInput{
		Corrects: 3, Period: calendar.MustPeriod("2022-Q1"), Decision: ref(reject(1)), Reason: "dubbel", Text: "Dubbel.",
	})
	h.must(err)
	_, err = h.MoveRules(h.ctx, matching(h.as(sroi.Consultant), h.balance(contract).Seq), contract.ID, toNewVersion())
	h.must(err)
	settled := h.balance(contract)
	if settled.Verified != cents("11200") { // € 17.200 without the rejected € 6.000
		t.Fatalf("%+v", settled)
	}
	again, err := h.MoveRules(h.ctx, call, contract.ID, toNewVersion())
	h.must(err)
	if h.balance(contract).Seq != settled.Seq || sroi.Digest(again.Lines) != sroi.Digest(there.Lines) {
		t.Fatal("the first act booked again, or answers otherwise")
	}
}

func TestFaultsOfAMoveAreNamedAtOnce(t *testing.T) {
	h := newHouse(t)
	h.under(unchanged, merge)
	contract := h.decidedUnderOld("wisselfouten")
	h.today = "2022-10-05"
	h.submitted(contract, "2022-Q3", h.placed(contract, 1, 312))
	try := func(in app.RulesInput) error {
		_, err := h.TryRules(h.ctx, h.as(sroi.Consultant), contract.ID, in)
		return err
	}
	bad := app.RulesInput{Version: calendar.MustDate("2022-01-01"), Blocks: map[string]string{"WEP": "NERGENS"}, Text: "111222333"}
	for _, code := range []string{"mogelijk-bsn", "afwijkend-van-anker", "verantwoording-onbeoordeeld", "bouwblok-zonder-opvolger", "bouwblok-onbekend", "bouwblok-niet-te-vervangen"} {
		h.refused(try(bad), app.Invalid, code)
	}
	bad.Version = calendar.MustDate("2016-01-01")
	h.refused(try(bad), app.Invalid, "zelfde-rekenregel")
	bad.Version = calendar.MustDate("2017-01-01")
	h.refused(try(bad), app.Invalid, "rekenregel-onbekend")
	_, err := h.TryRules(h.ctx, h.as(sroi.Officer), contract.ID, bad)
	h.refused(err, app.Forbidden, "rol-mag-dit-niet")
	foreign := h.as(sroi.Consultant)
	foreign.Actor.Desk = "elders"
	_, err = h.MoveRules(h.ctx, foreign, contract.ID, bad)
	h.refused(err, app.Absent, "niet-gevonden")
	_, err = h.MoveRules(h.ctx, matching(h.as(sroi.Consultant), 1), contract.ID, toNewVersion())
	h.refused(err, app.Stale, "versie-verouderd")
}

// A block that fits no line is refused: an invoice is no placement.
func TestAMoveThatLeavesALineWithoutWorthIsRefused(t *testing.T) {
	h := newHouse(t)
	h.under(unchanged, merge)
	contract := h.decidedUnderOld("past-niet")
	in := toNewVersion()
	in.Blocks = map[string]string{"PW_LT2": "WEP"}
	_, err := h.TryRules(h.ctx, h.as(sroi.Consultant), contract.ID, in)
	h.refused(err, app.Invalid, "niet-te-waarderen")
}

func TestADraftUnderTheOldRulesIsSavedAgain(t *testing.T) {
	h := newHouse(t)
	h.under(unchanged, merge)
	contract := h.decidedUnderOld("concept")
	h.today = "2022-10-05"
	q3 := calendar.MustPeriod("2022-Q3")
	draft, _, err := h.SaveStatement(h.ctx, h.as(sroi.Supplier), contract.ID, q3, []sroi.Claim{h.placed(contract, 1, 312)})
	h.must(err)
	_, err = h.MoveRules(h.ctx, matching(h.as(sroi.Consultant), h.balance(contract).Seq), contract.ID, toNewVersion())
	h.must(err)
	submit := func() error {
		_, err := h.SubmitStatement(h.ctx, matching(h.as(sroi.Supplier), draft.Statement.Version), contract.ID, q3)
		return err
	}
	h.refused(submit(), app.Conflict, "concept-verouderd")
	draft, _, err = h.SaveStatement(h.ctx, matching(h.as(sroi.Supplier), draft.Statement.Version), contract.ID, q3, []sroi.Claim{h.placed(contract, 1, 312)})
	h.must(err)
	h.must(submit())
	if draft.Statement.Claimed != cents("6000") {
		t.Fatalf("claimed %s", draft.Statement.Claimed)
	}
}

// Who works 40 hours under a norm of 36 counts in full and the receipt says why;
// after a move to a norm of 40 that is still so: € 30.000 × 40/40 × 3/12.
func TestHoursAboveTheNormAreSaidAndMoveAlong(t *testing.T) {
	h := newHouse(t)
	h.under(unchanged, func(doc document) { doc["normWeek"].(document)["value"] = "40" })
	contract := h.contract("veertig-uur")
	_, err := h.AddPlacement(h.ctx, h.as(sroi.Supplier), contract.ID, placementInput("Jansen", 40))
	h.must(err)
	h.today = "2022-04-05"
	file := h.decided(h.submitted(contract, "2022-Q1", h.placed(contract, 1, 520)), approve)
	for _, receipt := range []ruleset.Receipt{file.Lines[0].Receipt, file.Decisions[0].Receipt} {
		if !strings.Contains(receipt.Text, "× 36/36 uur × 3/12 maanden = € 7.500. Meer dan 36 uur per week telt niet extra.") {
			t.Errorf("%s", receipt.Text)
		}
	}
	if file.Decisions[0].Verdict != sroi.Approved {
		t.Errorf("%+v", file.Decisions[0])
	}
	moved, err := h.TryRules(h.ctx, h.as(sroi.Consultant), contract.ID, app.RulesInput{
		Version: calendar.MustDate("2022-01-01"), Reason: sroi.PolicyChange, Text: "Nieuwe norm.", Deviates: true,
	})
	h.must(err)
	if moved.Lines[0].Value != cents("7500") {
		t.Errorf("moved to %s: %s", moved.Lines[0].Value, moved.Lines[0].Receipt.Text)
	}
}

// A bonus that the new rules lack is not forgotten: € 30.000 and a bonus of € 3.000
// a year, 24/36 × 3/12, is € 5.500; under rules without it € 5.000; and back.
func TestABonusComesBackWithTheRules(t *testing.T) {
	h := newHouse(t)
	h.under(func(doc document) {
		doc["bonuses"] = []any{document{
			"code": "VAST", "label": "Vast contract", "value": "3000.00", "proRata": true, "appliesTo": []string{"PW_LT2"}, "source": "verplichting",
		}}
	}, func(doc document) { delete(doc, "bonuses") })
	contract := h.contract("toeslag")
	placed := placementInput("Jansen", 24)
	placed.Bonuses = []string{"VAST"}
	_, err := h.AddPlacement(h.ctx, h.as(sroi.Supplier), contract.ID, placed)
	h.must(err)
	h.today = "2022-04-05"
	h.decided(h.submitted(contract, "2022-Q1", h.placed(contract, 1, 312)), approve)
	for _, step := range []struct{ version, verified string }{{"", "5500"}, {"2022-01-01", "5000"}, {"2016-01-01", "5500"}} {
		if step.version != "" {
			_, err := h.MoveRules(h.ctx, matching(h.as(sroi.Consultant), h.balance(contract).Seq), contract.ID, app.RulesInput{
				Version: calendar.MustDate(step.version), Reason: sroi.PolicyChange, Text: "Wissel.", Deviates: true,
			})
			h.must(err)
		}
		if b := h.balance(contract); b.Verified != cents(step.verified) {
			t.Errorf("under %s: %s, want %s", step.version, b.Verified, step.verified)
		}
	}
	h.provable(contract)
}
