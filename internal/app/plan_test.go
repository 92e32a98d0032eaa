// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"strings"
	"testing"

	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/plan"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

func intended(person, from, to string, hours calendar.Minutes) plan.Effort {
	return plan.Effort{Person: person, Placement: &ruleset.PlacementInput{
		Block: "PW_GT2", Form: ruleset.Employment,
		Schedule: []ruleset.Hours{{Span: calendar.Span{From: calendar.MustDate(from), To: calendar.MustDate(to)}, PerWeek: hours * 60}},
	}}
}

func TestAPlanIsKeptWithItsRevisions(t *testing.T) {
	h := newHouse(t)
	contract := h.contract("plan")
	_, err := h.Plan(h.ctx, h.as(sroi.Supplier), contract.ID)
	h.refused(err, app.Absent, "niet-gevonden")
	prospect, err := h.Prospect(h.ctx, h.as(sroi.Officer), contract.ID)
	h.must(err)
	if prospect.Plan != nil || prospect.Forecast(calendar.MustDate("2022-01-03")) != nil {
		t.Errorf("a forecast without a plan: %+v", prospect)
	}

	first, isNew, err := h.SavePlan(h.ctx, h.as(sroi.Supplier), contract.ID, []plan.Effort{intended("A", "2022-01-01", "2022-12-31", 24)})
	h.must(err)
	if !isNew || first.Head.Version != 1 || first.Head.Counted != cents("26666.67") || len(first.Head.Periods) != 4 {
		t.Errorf("%+v", first.Head)
	}
	again := []plan.Effort{intended("A", "2022-01-01", "2022-12-31", 24), intended("B", "2022-04-01", "2022-12-31", 18)}
	_, _, err = h.SavePlan(h.ctx, h.as(sroi.Consultant), contract.ID, again)
	h.refused(err, app.Unmatched, "if-match-ontbreekt")
	_, _, err = h.SavePlan(h.ctx, matching(h.as(sroi.Consultant), 2), contract.ID, again)
	h.refused(err, app.Stale, "versie-verouderd")
	second, isNew, err := h.SavePlan(h.ctx, matching(h.as(sroi.Consultant), 1), contract.ID, again)
	h.must(err)
	if isNew || second.Head.Version != 2 || second.Head.Digest == first.Head.Digest || second.Head.Actor.Role != sroi.Consultant {
		t.Errorf("%+v", second.Head)
	}
	read, err := h.Plan(h.ctx, h.as(sroi.Auditor), contract.ID)
	h.must(err)
	if len(read.Efforts) != 2 || read.Efforts[1].Person != "B" || sroi.Digest(read.Efforts) != read.Head.Digest || read.Outcome.Counted != second.Head.Counted {
		t.Errorf("%+v", read)
	}
	old, err := h.Store.PlanRevision(h.ctx, contract.ID, 1)
	h.must(err)
	if sroi.Digest(old.Efforts) != first.Head.Digest {
		t.Errorf("the first revision changed: %+v", old)
	}
	entries, err := h.Store.Entries(h.ctx, contract.ID, 0, 10)
	h.must(err)
	if len(entries) != 1 {
		t.Errorf("a plan is no ledger entry, there are %d", len(entries))
	}
}

// TestTheForecastFollowsTheYear: 24 hours in PW_GT2 plan 6,666.67 a quarter. The
// first quarter is reported in another block: 24 hours in PW_LT2, 5,000.
func TestTheForecastFollowsTheYear(t *testing.T) {
	h := newHouse(t)
	contract := h.contract("prognose")
	_, _, err := h.SavePlan(h.ctx, h.as(sroi.Supplier), contract.ID, []plan.Effort{intended("A", "2022-01-01", "2022-12-31", 24)})
	h.must(err)
	foreseen := func(day, verified, pending, planned string, light plan.Light) plan.Forecast {
		t.Helper()
		h.today = day
		file, err := h.Plan(h.ctx, h.as(sroi.Consultant), contract.ID)
		h.must(err)
		prospect, err := h.Prospect(h.ctx, h.as(sroi.Supplier), contract.ID)
		h.must(err)
		f := file.Forecast
		if f.Verified != cents(verified) || f.Pending != cents(pending) || f.Planned != cents(planned) || f.Light != light {
			t.Errorf("%s: %+v", day, f)
		}
		if *prospect.Forecast(calendar.MustDate(day)) != f {
			t.Errorf("%s: the contract shows %+v", day, prospect.Forecast(calendar.MustDate(day)))
		}
		return f
	}
	foreseen("2022-01-03", "0", "0", "26666.67", plan.Red)
	h.today = "2022-01-05"
	_, err = h.AddPlacement(h.ctx, h.as(sroi.Supplier), contract.ID, placementInput("Jansen", 24))
	h.must(err)
	foreseen("2022-04-05", "0", "0", "20000.00", plan.Red)
	statement := h.submitted(contract, "2022-Q1", h.placed(contract, 1, 312))
	foreseen("2022-04-05", "0", "5000.00", "20000.00", plan.Red)
	h.decided(statement, approve)
	foreseen("2022-04-05", "5000.00", "0", "20000.00", plan.Red)

	// The advice closes what the forecast leaves: 15,000 in the eight whole months
	// from 5 April on, 21 hours a week: 40,000 × 21/36 × 8/12 = 15,555.56.
	file, err := h.Plan(h.ctx, h.as(sroi.Supplier), contract.ID)
	h.must(err)
	if file.Forecast.Outstanding != cents("15000") || file.Outcome.Advice[0].Span.From != calendar.MustDate("2022-04-05") {
		t.Errorf("%+v, advice %+v", file.Forecast, file.Outcome.Advice[0])
	}
	more := append(file.Efforts, plan.Effort{Placement: &ruleset.PlacementInput{
		Block: file.Outcome.Advice[0].Block, Form: file.Outcome.Advice[0].Form,
		Schedule: []ruleset.Hours{{Span: file.Outcome.Advice[0].Span, PerWeek: file.Outcome.Advice[0].PerWeek}},
	}})
	_, _, err = h.SavePlan(h.ctx, matching(h.as(sroi.Supplier), 1), contract.ID, more)
	h.must(err)
	if f := foreseen("2022-04-05", "5000.00", "0", "35555.56", plan.Green); f.Outstanding != 0 {
		t.Errorf("%+v", f)
	}
}

func TestPlansThatAreRefused(t *testing.T) {
	h := newHouse(t)
	contract := h.contract("weigering")
	save := func(call app.Call, efforts ...plan.Effort) error {
		_, _, err := h.SavePlan(h.ctx, call, contract.ID, efforts)
		return err
	}
	old := intended("A", "2022-01-01", "2022-12-31", 24)
	old.Placement.Age, old.Placement.Subsidised = 55, []calendar.Span{{From: calendar.MustDate("2022-01-01")}}
	h.refused(save(h.as(sroi.Supplier), old), app.Invalid, "persoonsgegeven")
	many := make([]plan.Effort, app.MaxPlan+1)
	for i := range many {
		many[i] = intended("", "2022-01-01", "2022-12-31", 24)
	}
	h.refused(save(h.as(sroi.Supplier), many...), app.Invalid, "te-veel")
	long := intended("", "2022-01-01", "2022-01-01", 24)
	for range 5000 {
		last := long.Placement.Schedule[len(long.Placement.Schedule)-1]
		last.From, last.To = last.To.AddDays(2), last.To.AddDays(2)
		long.Placement.Schedule = append(long.Placement.Schedule, last)
	}
	h.refused(save(h.as(sroi.Supplier), long), app.Invalid, "te-omvangrijk")
	h.refused(save(h.as(sroi.Supplier), intended("A", "2022-01-01", "2022-12-31", 40), intended("A", "2022-06-01", "2022-12-31", 21)), app.Invalid, ruleset.FaultHours)
	h.refused(save(h.as(sroi.Officer), intended("A", "2022-01-01", "2022-12-31", 24)), app.Forbidden, "rol-mag-dit-niet")
	stranger := h.as(sroi.Supplier)
	stranger.Actor.Supplier = "87654321"
	h.refused(save(stranger, intended("A", "2022-01-01", "2022-12-31", 24)), app.Absent, "niet-gevonden")
	_, err := h.Plan(h.ctx, h.as(sroi.Supplier), strings.Repeat("a", 24))
	h.refused(err, app.Absent, "niet-gevonden")
	prospect, err := h.Prospect(h.ctx, h.as(sroi.Supplier), contract.ID)
	h.must(err)
	if prospect.Plan != nil {
		t.Errorf("a refused plan was kept: %+v", prospect.Plan)
	}
}

func TestAPlanBesideAnOpeningBalance(t *testing.T) {
	h := newHouse(t)
	in := contractInput(h.awarded("opening"))
	in.Opening = &sroi.Opening{Verified: cents("15000"), AsOf: calendar.MustDate("2021-12-31"), Note: "overgenomen"}
	account, err := h.RegisterContract(h.ctx, h.as(sroi.Officer), in)
	h.must(err)
	file, _, err := h.SavePlan(h.ctx, h.as(sroi.Supplier), account.Contract.ID, []plan.Effort{intended("A", "2022-01-01", "2022-06-30", 36)})
	h.must(err)
	if file.Outcome.Counted != cents("20000") || file.Outcome.Outstanding != cents("5000") || file.Outcome.Periods[0].Covered != cents("25000") {
		t.Errorf("%+v", file.Outcome)
	}
	if file.Forecast.Verified != cents("15000") || file.Forecast.Outstanding != cents("5000") || file.Forecast.Light != plan.Red {
		t.Errorf("%+v", file.Forecast)
	}
}

// Under the threshold two activities are asked: a plan of both is green, and one
// that is over without being reported is not.
func TestAForecastOfActivities(t *testing.T) {
	h := newHouse(t)
	account := h.small("klein-plan")
	activity := func(day string) plan.Effort {
		return plan.Effort{Activity: &ruleset.ActivityInput{Block: "ACT", Date: calendar.MustDate(day)}}
	}
	file, _, err := h.SavePlan(h.ctx, h.as(sroi.Supplier), account.Contract.ID,
		[]plan.Effort{activity("2022-03-31"), activity("2022-04-01"), activity("2023-01-01")})
	h.must(err)
	if file.Forecast.Light != plan.Green || !strings.Contains(file.Forecast.Text, "samen 2 van 2") {
		t.Errorf("planned: %+v", file.Forecast)
	}
	h.today = "2022-04-05"
	file, err = h.Plan(h.ctx, h.as(sroi.Supplier), account.Contract.ID)
	h.must(err)
	if file.Forecast.Light != plan.Red || !strings.Contains(file.Forecast.Text, "er ontbreken er 1") {
		t.Errorf("one was not reported: %+v", file.Forecast)
	}
}

// A quarter of € 40.000 is € 10.000, which verified invoices fill: the forecast
// counts no more of them, planned or verified, and nobody is advised to buy.
func TestAForecastUnderACeiling(t *testing.T) {
	h := newHouse(t)
	h.under(capPurchases("25"))
	contract := h.contract("plan-onder-maximum")
	h.today = "2022-04-05"
	h.decided(h.submitted(contract, "2022-Q1", h.invoiced(contract, "F-1", "2022-02-01", "38000")), approve)
	later := plan.Effort{Purchase: &ruleset.PurchaseInput{
		Block: "PURCHASE", InvoiceDate: calendar.MustDate("2022-06-01"), Amount: cents("5000"), Recognition: ruleset.Recognised,
	}}
	file, _, err := h.SavePlan(h.ctx, h.as(sroi.Supplier), contract.ID, []plan.Effort{later})
	h.must(err)
	if f := file.Forecast; f.Expected != cents("10000") || f.Outstanding != cents("30000") || f.Light != plan.Red {
		t.Errorf("%+v", f)
	}
	for _, advice := range file.Outcome.Advice {
		if advice.Block == "PURCHASE" {
			t.Errorf("invoices count no more: %s", advice.Text)
		}
	}
}

// What was planned behind an early end is expected no more.
func TestAForecastAfterAnEarlyEnd(t *testing.T) {
	h := newHouse(t)
	contract := h.contract("plan-vroeg-einde")
	_, _, err := h.SavePlan(h.ctx, h.as(sroi.Supplier), contract.ID, []plan.Effort{intended("A", "2022-07-01", "2022-12-31", 36), intended("B", "2022-07-01", "2022-12-31", 36)})
	h.must(err)
	h.amend(contract, app.AmendmentInput{
		Kind: sroi.AmendTerm, Reason: sroi.EarlyEnd, Text: "Eerder klaar.", Effective: calendar.MustDate("2022-06-30"), EndsOn: calendar.MustDate("2022-06-30"),
	})
	file, err := h.Plan(h.ctx, h.as(sroi.Supplier), contract.ID)
	h.must(err)
	if f := file.Forecast; f.Planned != 0 || f.Outstanding != cents("40000") || f.Light != plan.Red {
		t.Errorf("%+v", f)
	}
}

// A kept plan is read in the codes of the contract's present rules, and its
// forecast tells that it was saved under others.
func TestAPlanAfterAMoveToOtherRules(t *testing.T) {
	h := newHouse(t)
	h.under(func(doc document) {
		doc["bonuses"] = []any{document{
			"code": "VAST", "label": "Vast contract", "value": "3000.00", "proRata": true, "appliesTo": []string{"PW_LT2"}, "source": "verplichting",
		}}
	}, func(doc document) { merge(doc); delete(doc, "bonuses") })
	contract := h.contract("plan-wissel")
	effort := intended("A", "2022-01-01", "2022-12-31", 24)
	effort.Placement.Block, effort.Placement.Bonuses = "PW_LT2", []string{"VAST"}
	_, _, err := h.SavePlan(h.ctx, h.as(sroi.Supplier), contract.ID, []plan.Effort{effort})
	h.must(err)
	_, err = h.AddPlacement(h.ctx, h.as(sroi.Supplier), contract.ID, placementInput("Jansen", 24))
	h.must(err)
	_, err = h.MoveRules(h.ctx, matching(h.as(sroi.Consultant), h.balance(contract).Seq), contract.ID, toNewVersion())
	h.must(err)
	read, err := h.Plan(h.ctx, h.as(sroi.Supplier), contract.ID)
	h.must(err)
	if read.Efforts[0].Placement.Block != "PW" || read.Outcome.Counted != cents("24000") || !strings.Contains(read.Forecast.Text, "onder een andere rekenregel bewaard") {
		t.Errorf("%+v, %s, %s", read.Efforts[0].Placement, read.Outcome.Counted, read.Forecast.Text)
	}
	again, _, err := h.SavePlan(h.ctx, matching(h.as(sroi.Supplier), 1), contract.ID, read.Efforts)
	h.must(err)
	if strings.Contains(again.Forecast.Text, "andere rekenregel") || again.Forecast.Planned != cents("24000") {
		t.Errorf("saved again: %+v", again.Forecast)
	}
}

// What has no place under the present rules is read under those it was saved
// under, until someone saves a plan that fits.
func TestAPlanOfWhatTheNewRulesLack(t *testing.T) {
	h := newHouse(t)
	h.under(func(document) {}, merge)
	contract := h.contract("plan-zonder-opvolger")
	effort := intended("A", "2022-01-01", "2022-12-31", 24)
	effort.Placement.Block = "PW_LT2"
	saved, _, err := h.SavePlan(h.ctx, h.as(sroi.Supplier), contract.ID, []plan.Effort{effort})
	h.must(err)
	move := toNewVersion()
	move.Blocks = nil
	_, err = h.MoveRules(h.ctx, matching(h.as(sroi.Consultant), h.balance(contract).Seq), contract.ID, move)
	h.must(err)
	read, err := h.Plan(h.ctx, h.as(sroi.Supplier), contract.ID)
	h.must(err)
	if read.Efforts[0].Placement.Block != "PW_LT2" || read.Outcome.Total != saved.Outcome.Total || !strings.Contains(read.Forecast.Text, "onder een andere rekenregel bewaard") {
		t.Errorf("%+v, %s, %s", read.Efforts[0].Placement, read.Outcome.Total, read.Forecast.Text)
	}
	_, _, err = h.SavePlan(h.ctx, matching(h.as(sroi.Supplier), 1), contract.ID, read.Efforts)
	h.refused(err, app.Invalid, "unknownBlock")
}
