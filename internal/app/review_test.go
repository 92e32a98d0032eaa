// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"errors"
	"slices"
	"testing"

	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

func partly(line int, hours []ruleset.Hours) app.LineDecision {
	return app.LineDecision{Line: line, Verdict: sroi.ApprovedPartly, Reason: "r", Text: "t", Hours: hours}
}

func TestAnEmptyPartApprovesNothing(t *testing.T) {
	h := newHouse(t)
	contract := h.contract("leeg-deel")
	_, err := h.AddPlacement(h.ctx, h.as(sroi.Supplier), contract.ID, placementInput("Jansen", 24))
	h.must(err)
	h.today = "2022-04-05"
	s := h.submitted(contract, "2022-Q1", h.placed(contract, 1, 312))
	decide := func(d app.LineDecision) error {
		_, err := h.Decide(h.ctx, matching(h.as(sroi.Consultant), s.Version), contract.ID, s.Period, app.DecideInput{Lines: []app.LineDecision{d}})
		return err
	}
	h.refused(decide(partly(1, []ruleset.Hours{})), app.Invalid, "deel-onduidelijk")
	h.must(decide(partly(1, []ruleset.Hours{{Span: s.Period.Span(), PerWeek: 0}})))
	if b := h.balance(contract); b.Verified != 0 || b.Rejected != cents("5000") {
		t.Fatalf("no hours are worth nothing: %+v", b)
	}
	if rows := h.report(2022, "CONTRACT#"+contract.ID); rows[sroi.ExtraJobs].Current.Value.Num != 0 {
		t.Fatal("no hours are no job")
	}
}

func TestNothingCountsTwiceBesideAnOpeningBalance(t *testing.T) {
	h := newHouse(t)
	h.today = "2022-07-10"
	in := contractInput(h.awarded("beginstand"))
	in.Opening = &sroi.Opening{Verified: cents("7500"), AsOf: calendar.MustDate("2022-06-30"), Note: "uit het oude systeem"}
	account, err := h.RegisterContract(h.ctx, h.as(sroi.Officer), in)
	h.must(err)
	if account.Balance.Verified != cents("7500") || account.Balance.Seq != 2 {
		t.Fatalf("%+v", account.Balance)
	}
	_, err = h.AddPlacement(h.ctx, h.as(sroi.Supplier), account.Contract.ID, placementInput("Jansen", 36))
	h.must(err)
	periods, err := h.Statements(h.ctx, h.as(sroi.Supplier), account.Contract.ID)
	h.must(err)
	if len(periods) != 2 || periods[0].Period != calendar.MustPeriod("2022-Q3") {
		t.Fatalf("it reports on what comes after: %+v", periods)
	}
	_, _, err = h.SaveStatement(h.ctx, h.as(sroi.Supplier), account.Contract.ID, calendar.MustPeriod("2022-Q1"), nil)
	h.refused(err, app.Invalid, "periode-onbekend")
}

func TestAnAwardMayShowThatAnExemptionIsNeeded(t *testing.T) {
	h := newHouse(t)
	in := h.tenderInput("zonder-raming")
	in.Lots[0].Estimated, in.Lots[0].SocialReturn, in.Lots[0].Form = nil, sroi.NotApplied, ""
	tender, err := h.RegisterTender(h.ctx, h.as(sroi.Officer), in)
	h.must(err)
	award := app.AwardInput{Lot: "1", State: sroi.Final, Date: calendar.MustDate("2021-12-15"), Supplier: builder, SupplierName: "Bouw BV", Value: cents("800000")}
	_, _, err = h.AwardLot(h.ctx, matching(h.as(sroi.Officer), 1), tender.ID, award)
	h.refused(err, app.Invalid, "vrijstelling-ontbreekt")
	exemption := &sroi.Exemption{Reason: sroi.Urgency, Text: "spoed", Approver: "afdelingshoofd"}
	award.Value = cents("90000") // below: asks nothing
	tender, _, err = h.AwardLot(h.ctx, matching(h.as(sroi.Officer), 1), tender.ID, award)
	h.must(err)
	tender, err = h.ChangeTender(h.ctx, matching(h.as(sroi.Officer), 2), tender.ID, app.TenderChange{
		Title: ref("Andere titel"), Lots: []app.LotChange{{ID: "1", Exemption: ref(exemption)}},
	})
	h.must(err)
	if above := tender.Lots[0].AboveThreshold; above == nil || *above {
		t.Fatalf("a change of title forgets the award's value: %v", above)
	}
}

func TestACorrectionNamesTheEntryThatItCorrects(t *testing.T) {
	h := newHouse(t)
	contract := h.contract("verwijzing")
	_, err := h.AddPlacement(h.ctx, h.as(sroi.Supplier), contract.ID, placementInput("Jansen", 24))
	h.must(err)
	h.today = "2022-04-05"
	h.decided(h.submitted(contract, "2022-Q1", h.placed(contract, 1, 312)), approve)
	_, _, err = h.Correct(h.ctx, matching(h.as(sroi.Consultant), 3), contract.ID, app.CorrectionInput{
		Corrects: 1, Period: calendar.MustPeriod("2022-Q1"), Decision: ref(reject(1)), Reason: "r", Text: "t",
	})
	h.refused(err, app.Invalid, "mutatie-past-niet")
}

// An amount is taken from, or given back to, what an entry verified in that year;
// whatever else is wrong is said beside it.
func TestAnAmountNamesAnEntryThatVerifiedInItsYear(t *testing.T) {
	h := newHouse(t)
	h.today = "2022-04-05"
	in := contractInput(h.awarded("bedrag"))
	in.Opening = &sroi.Opening{Verified: cents("7500"), AsOf: calendar.MustDate("2022-03-31"), Note: "uit het oude systeem"}
	account, err := h.RegisterContract(h.ctx, h.as(sroi.Officer), in) // 1, and 2 the opening balance
	h.must(err)
	contract := account.Contract
	_, err = h.AddPlacement(h.ctx, h.as(sroi.Supplier), contract.ID, placementInput("Jansen", 24))
	h.must(err)
	h.today = "2022-07-05"
	h.decided(h.submitted(contract, "2022-Q2", h.placed(contract, 1, 312)), approve) // 3 and 4
	h.today = "2022-10-05"
	h.decided(h.submitted(contract, "2022-Q3", h.placed(contract, 1, 312)), reject) // 5 and 6
	correct := func(corrects, year int, delta money.Cents, text string) error {
		_, _, err := h.Correct(h.ctx, matching(h.as(sroi.Consultant), h.balance(contract).Seq), contract.ID, app.CorrectionInput{
			Corrects: corrects, Year: year, Delta: delta, Reason: sroi.WrongAmount, Text: text,
		})
		return err
	}
	for name, c := range map[string]struct {
		corrects, year int
		delta          money.Cents
		text           string
		want           []string
	}{
		"a registration":               {1, 2022, -100, "t", []string{"/corrects mutatie-past-niet"}},
		"what was handed in":           {3, 2022, -100, "t", []string{"/corrects mutatie-past-niet"}},
		"a rejection":                  {6, 2022, -100, "t", []string{"/corrects mutatie-past-niet"}},
		"a decision of another year":   {4, 2021, -100, "t", []string{"/corrects mutatie-past-niet", "/year jaar-onmogelijk"}},
		"the opening of another year":  {2, 2023, -100, "t", []string{"/corrects mutatie-past-niet", "/year jaar-onmogelijk"}},
		"nothing that is there":        {7, 2022, -100, "t", []string{"/corrects mutatie-onbekend"}},
		"all of it wrong":              {3, 2022, 0, " ", []string{"/corrects mutatie-past-niet", "/delta bedrag-onmogelijk", "/text verplicht"}},
		"a fit entry, too much of all": {4, 2022, -cents("60000"), "t", []string{"/delta bedrag-onmogelijk"}},
	} {
		if got := faultsOf(correct(c.corrects, c.year, c.delta, c.text)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	h.must(correct(4, 2022, -cents("100"), "een beoordeling"))
	h.must(correct(7, 2022, cents("50"), "een eerdere correctie"))
	h.must(correct(2, 2022, cents("10"), "de beginstand"))
}

// faultsOf are the places and codes of what is refused, in order of places.
func faultsOf(err error) []string {
	var found []string
	if refusal, ok := errors.AsType[*app.Error](err); ok {
		for _, fault := range refusal.Faults {
			found = append(found, fault.Field+" "+fault.Code)
		}
	}
	slices.Sort(found)
	return found
}

// Friesland counts worked hours per person: a correction that approves the same
// again books nothing, however much was verified since.
func TestACorrectionReshufflesNoLimit(t *testing.T) {
	h := newHouse(t)
	contract := h.frisian()
	in := placementInput("Jansen", 36)
	in.Schedule[0].From = calendar.MustDate("2019-01-01")
	_, err := h.AddPlacement(h.ctx, h.as(sroi.Supplier), contract.ID, in)
	h.must(err)
	period := calendar.MustPeriod("2019-Q1")
	for range 9 { // 9 × 468 hours pass the limit of 3,744
		h.today = period.Span().To.AddDays(5).String()
		h.decided(h.submitted(contract, period.String(), h.placed(contract, 1, 468)), approve)
		period = period.Next()
	}
	before := h.balance(contract)
	if before.Rejected == 0 {
		t.Fatalf("the limit never bit: %+v", before)
	}
	correction, after, err := h.Correct(h.ctx, matching(h.as(sroi.Consultant), before.Seq), contract.ID, app.CorrectionInput{
		Corrects: 3, Period: calendar.MustPeriod("2019-Q1"), Decision: ref(approve(1)), Reason: "r", Text: "t",
	})
	h.must(err)
	if correction.Delta != 0 || after.Verified != before.Verified {
		t.Fatalf("approved again as it was: %s", correction.Delta)
	}
}

// What a rejected line never used up, others may have used since: approving it
// by a correction finds the limit as it is now.
func TestACorrectionOfARejectionFindsTheLimitAsItIs(t *testing.T) {
	h := newHouse(t)
	contract := h.frisian()
	in := placementInput("Jansen", 36)
	in.Schedule[0].From = calendar.MustDate("2019-01-01")
	_, err := h.AddPlacement(h.ctx, h.as(sroi.Supplier), contract.ID, in)
	h.must(err)
	verdict := reject
	for _, period := range calendar.Periods(contract.Term, calendar.Quarterly)[:9] { // 8 × 468 hours are the limit of 3,744
		h.today = period.Span().To.AddDays(5).String()
		h.decided(h.submitted(contract, period.String(), h.placed(contract, 1, 468)), verdict)
		verdict = approve
	}
	correction, _, err := h.Correct(h.ctx, matching(h.as(sroi.Consultant), h.balance(contract).Seq), contract.ID, app.CorrectionInput{
		Corrects: 3, Period: calendar.MustPeriod("2019-Q1"), Decision: ref(approve(1)), Reason: "r", Text: "t",
	})
	h.must(err)
	if correction.Delta != 0 || correction.Decision.Verdict != sroi.ApprovedPartly {
		t.Fatalf("the limit was used up meanwhile: %s, %+v", correction.Delta, correction.Decision)
	}
}

// frisian is a contract of three years under the Frisian rules.
func (h *house) frisian() sroi.Contract {
	h.t.Helper()
	h.today = "2019-01-03"
	h.ruledBy("friesland")
	in := h.tenderInput("friesland")
	in.Published = calendar.MustDate("2018-10-01")
	tender, err := h.RegisterTender(h.ctx, h.as(sroi.Officer), in)
	h.must(err)
	tender, _, err = h.AwardLot(h.ctx, matching(h.as(sroi.Officer), 1), tender.ID, app.AwardInput{
		Lot: "1", State: sroi.Final, Date: calendar.MustDate("2018-12-15"), Supplier: builder, SupplierName: "Bouw BV", Value: cents("800000"),
	})
	h.must(err)
	contract := contractInput(tender)
	contract.Term = calendar.Span{From: calendar.MustDate("2019-01-01"), To: calendar.MustDate("2021-12-31")}
	contract.Signed = calendar.MustDate("2018-12-20")
	account, err := h.RegisterContract(h.ctx, h.as(sroi.Officer), contract)
	h.must(err)
	return account.Contract
}
