// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/plan"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

func TestTenderRefusals(t *testing.T) {
	h := newHouse(t)
	for name, c := range map[string]struct {
		change func(*app.TenderInput)
		code   string
	}{
		"no lot":                     {func(in *app.TenderInput) { in.Lots = nil }, "perceel-ontbreekt"},
		"lot twice":                  {func(in *app.TenderInput) { in.Lots = append(in.Lots, in.Lots[0]) }, "perceel-dubbel"},
		"another's authority":        {func(in *app.TenderInput) { in.Authority = "00000001009999999000" }, "opdrachtgever-niet-van-u"},
		"before any rule set":        {func(in *app.TenderInput) { in.Published = calendar.MustDate("2001-01-01") }, "rekenregel-nog-niet-van-kracht"},
		"above without exemption":    {func(in *app.TenderInput) { in.Lots[0].SocialReturn, in.Lots[0].Form = sroi.NotApplied, "" }, "vrijstelling-ontbreekt"},
		"exemption where it applies": {func(in *app.TenderInput) { in.Lots[0].Exemption = &sroi.Exemption{Reason: sroi.Urgency} }, "vrijstelling-niet-nodig"},
		"number that may be a BSN": {func(in *app.TenderInput) {
			in.Lots[0].SocialReturn, in.Lots[0].Form = sroi.NotApplied, ""
			in.Lots[0].Exemption = &sroi.Exemption{Reason: sroi.Urgency, Text: "zie 111222333", Approver: "hoofd"}
		}, "mogelijk-bsn"},
		"call-off of nothing": {func(in *app.TenderInput) { in.CallOffOf = "onbekend" }, "raamovereenkomst-onbekend"},
	} {
		t.Run(name, func(*testing.T) {
			in := h.tenderInput("x")
			in.Lots = append([]app.LotInput{}, in.Lots...)
			c.change(&in)
			_, err := h.RegisterTender(h.ctx, h.as(sroi.Officer), in)
			h.refused(err, app.Invalid, c.code)
		})
	}
	_, err := h.RegisterTender(h.ctx, h.as(sroi.Officer), h.tenderInput("x"))
	h.must(err) // nothing was half-written: the reference is still free
}

func TestBelowTheThresholdAsksNothing(t *testing.T) {
	h := newHouse(t)
	in := h.tenderInput("klein")
	in.Lots[0].SocialReturn, in.Lots[0].Form, in.Lots[0].Estimated = sroi.NotApplied, "", ref(cents("99999.99"))
	tender, err := h.RegisterTender(h.ctx, h.as(sroi.Officer), in)
	h.must(err)
	if above := tender.Lots[0].AboveThreshold; above == nil || *above {
		t.Fatalf("€ 99.999,99 of services is below: %v", above)
	}
}

func TestAwardAndContractRefusals(t *testing.T) {
	h := newHouse(t)
	in := h.tenderInput("a")
	in.Lots[0].SocialReturn, in.Lots[0].ProposedBy = sroi.Proposed, "BT-775"
	tender, err := h.RegisterTender(h.ctx, h.as(sroi.Officer), in)
	h.must(err)
	award := app.AwardInput{Lot: "1", State: sroi.Final, Date: calendar.MustDate("2021-12-15"), Supplier: builder, SupplierName: "Bouw BV", Value: cents("800000")}
	_, _, err = h.AwardLot(h.ctx, matching(h.as(sroi.Officer), 1), tender.ID, award)
	h.refused(err, app.Conflict, "social-return-onbevestigd")
	_, _, err = h.AwardLot(h.ctx, h.as(sroi.Officer), tender.ID, award)
	h.refused(err, app.Unmatched, "if-match-ontbreekt")
	_, err = h.RegisterContract(h.ctx, h.as(sroi.Officer), contractInput(tender))
	h.refused(err, app.Invalid, "niet-definitief-gegund")
	tender, err = h.ChangeTender(h.ctx, matching(h.as(sroi.Officer), 1), tender.ID, app.TenderChange{Lots: []app.LotChange{{ID: "1", SocialReturn: ref(sroi.Applied)}}})
	h.must(err)
	_, err = h.ChangeTender(h.ctx, matching(h.as(sroi.Officer), 1), tender.ID, app.TenderChange{Withdrawn: ref(true)})
	h.refused(err, app.Stale, "versie-verouderd")
	tender, _, err = h.AwardLot(h.ctx, matching(h.as(sroi.Officer), 2), tender.ID, award)
	h.must(err)
	_, _, err = h.AwardLot(h.ctx, matching(h.as(sroi.Officer), 3), tender.ID, award)
	h.refused(err, app.Conflict, "al-gegund")
	bad := contractInput(tender)
	bad.Supplier, bad.Clause, bad.Value, bad.Term.To = "87654321", " ", 0, calendar.MustDate("2021-01-01")
	_, err = h.RegisterContract(h.ctx, h.as(sroi.Officer), bad)
	for _, code := range []string{"niet-de-winnaar", "clausule-ontbreekt", "bedrag-onmogelijk", "looptijd-onjuist"} {
		h.refused(err, app.Invalid, code) // all at once
	}
	_, err = h.RegisterContract(h.ctx, h.as(sroi.Officer), contractInput(tender))
	h.must(err)
	second := contractInput(tender)
	second.Number = "ander"
	_, err = h.RegisterContract(h.ctx, h.as(sroi.Officer), second)
	h.refused(err, app.Conflict, "contract-bestaat-al")
}

func TestAForeignObjectAnswersLikeAnAbsentOne(t *testing.T) {
	h := newHouse(t)
	contract := h.contract("geheim")
	stranger := func(role sroi.Role) app.Call {
		call := h.as(role)
		call.Actor.Authorities, call.Actor.Supplier, call.Actor.Desk = []sroi.AuthorityID{"00000001009999999000"}, "99999999", "elders"
		return call
	}
	for _, role := range []sroi.Role{sroi.Officer, sroi.Supplier, sroi.Consultant, sroi.Auditor, sroi.Administrator} {
		for name, ask := range map[string]func(app.Call, string) error{
			"contract":   func(c app.Call, id string) error { _, err := h.Contract(h.ctx, c, id); return err },
			"placements": func(c app.Call, id string) error { _, err := h.Placements(h.ctx, c, id); return err },
			"entries":    func(c app.Call, id string) error { _, _, err := h.Entries(h.ctx, c, id, 0, 10); return err },
			"booked":     func(c app.Call, id string) error { _, _, err := h.Correction(h.ctx, c, id, "x"); return err },
			"statement": func(c app.Call, id string) error {
				_, err := h.Statement(h.ctx, c, id, calendar.MustPeriod("2022-Q1"))
				return err
			},
			"correction": func(c app.Call, id string) error {
				_, _, err := h.Correct(h.ctx, c, id, app.CorrectionInput{})
				return err
			},
		} {
			foreign, none := ask(stranger(role), contract.ID), ask(stranger(role), "bestaatniet")
			if app.KindOf(foreign) != app.Absent || fmt.Sprint(foreign) != fmt.Sprint(none) {
				t.Errorf("%s as %s: foreign %v, absent %v", name, role, foreign, none)
			}
		}
	}
}

// A draft is handed in only while its lines are what they would be if it were saved
// now: also where another placement of the person moved.
func TestADraftOfAPlacementThatChangedIsSavedAgain(t *testing.T) {
	h := newHouse(t)
	contract := h.contract("gewijzigd")
	number := h.add(contract, placementInput("Jansen", 24))
	beside := h.add(contract, placementInput("Pietersen", 24))
	h.today = "2022-04-05"
	quarter := calendar.MustPeriod("2022-Q1")
	draft := func() int { return h.draft(contract, "2022-Q1", h.placed(contract, number, 312)).Statement.Version }
	submit := func(version int) error {
		_, err := h.SubmitStatement(h.ctx, matching(h.as(sroi.Supplier), version), contract.ID, quarter)
		return err
	}
	change := func(number, version int, change app.PlacementChange) {
		t.Helper()
		_, err := h.ChangePlacement(h.ctx, matching(h.as(sroi.Supplier), version), contract.ID, number, change)
		h.must(err)
	}
	version := draft()
	change(number, 1, app.PlacementChange{EndsOn: calendar.MustDate("2022-01-31")})
	h.refused(submit(version), app.Invalid, "plaatsing-gewijzigd")
	file, err := h.Statement(h.ctx, h.as(sroi.Consultant), contract.ID, quarter)
	h.must(err)
	if said := codes(file.Lines[0]); strings.Contains(said, "plaatsing-gewijzigd") {
		t.Errorf("of a draft, which nobody handed in: %s", said)
	}
	_, _, err = h.SaveStatement(h.ctx, matching(h.as(sroi.Supplier), version), contract.ID, quarter, []sroi.Claim{h.placed(contract, number, 104)})
	h.must(err)
	change(beside, 1, app.PlacementChange{EndsOn: calendar.MustDate("2022-01-31")}) // of somebody else
	h.must(submit(version + 1))
	file, err = h.Statement(h.ctx, h.as(sroi.Consultant), contract.ID, quarter)
	h.must(err)
	if claimed := file.Statement.Claimed; claimed != cents("1666.67") { // a month of € 30.000 × 24/36
		t.Errorf("claimed %s", claimed)
	}
}

func TestStatementRefusals(t *testing.T) {
	h := newHouse(t)
	contract := h.contract("st")
	_, err := h.AddPlacement(h.ctx, h.as(sroi.Supplier), contract.ID, placementInput("Jansen", 61))
	h.refused(err, app.Invalid, "uren-onmogelijk")
	wrong := placementInput("Jansen", 24)
	wrong.Block = "BESTAATNIET"
	_, err = h.AddPlacement(h.ctx, h.as(sroi.Supplier), contract.ID, wrong)
	h.refused(err, app.Invalid, ruleset.FaultUnknownBlock)
	_, err = h.AddPlacement(h.ctx, h.as(sroi.Supplier), contract.ID, placementInput("Jansen", 24))
	h.must(err)

	q1 := calendar.MustPeriod("2022-Q1")
	save := func(period string, claims ...sroi.Claim) error {
		_, _, err := h.SaveStatement(h.ctx, h.as(sroi.Supplier), contract.ID, calendar.MustPeriod(period), claims)
		return err
	}
	invoice := func(day string, amount money.Cents) sroi.Claim {
		return sroi.Claim{Kind: sroi.PurchaseLine, Purchase: &sroi.PurchaseClaim{
			Block: h.purchaseBlock(contract), Seller: "87654321", SellerName: "Goed Werk", Recognition: ruleset.Recognised,
			Order: "O", Invoice: "F", InvoiceDate: calendar.MustDate(day), Amount: amount,
		}}
	}
	h.refused(save("2023-Q1"), app.Invalid, "periode-onbekend")
	h.refused(save("2022-Q1", h.placed(contract, 2, 10)), app.Invalid, "plaatsing-onbekend")
	h.refused(save("2022-Q1", h.placed(contract, 1, 10), h.placed(contract, 1, 10)), app.Invalid, "regel-dubbel")
	h.refused(save("2022-Q1", h.placed(contract, 1, 5000)), app.Invalid, "uren-onmogelijk")
	h.refused(save("2022-Q1", invoice("2022-04-01", 100)), app.Invalid, "buiten-periode")
	h.refused(save("2022-Q1", invoice("2021-12-31", 100)), app.Invalid, "buiten-periode")
	later := h.placed(contract, 1, 10)
	later.Period = calendar.MustPeriod("2022-Q2")
	h.refused(save("2022-Q1", later), app.Invalid, "periode-onjuist")
	remark := h.placed(contract, 1, 10)
	remark.Remark = "BSN 111.222.333"
	h.refused(save("2022-Q1", remark), app.Invalid, "mogelijk-bsn")
	remark.NoBSN = true
	h.must(save("2022-Q1", remark))
	h.refused(save("2022-Q1"), app.Unmatched, "if-match-ontbreekt")
	h.today = "2022-03-31"
	_, err = h.SubmitStatement(h.ctx, matching(h.as(sroi.Supplier), 1), contract.ID, q1)
	h.refused(err, app.Conflict, "periode-niet-voorbij")
	_, err = h.SubmitStatement(h.ctx, matching(h.as(sroi.Officer), 1), contract.ID, q1)
	h.refused(err, app.Forbidden, "rol-mag-dit-niet")
	h.today = "2022-04-01"
	s, err := h.SubmitStatement(h.ctx, matching(h.as(sroi.Supplier), 1), contract.ID, q1)
	h.must(err)
	h.refused(save("2022-Q1"), app.Conflict, "al-ingediend")

	decide := func(in app.DecideInput) error {
		_, err := h.Decide(h.ctx, matching(h.as(sroi.Consultant), s.Version), contract.ID, q1, in)
		return err
	}
	one := func(d app.LineDecision) app.DecideInput {
		d.Line = 1
		return app.DecideInput{Lines: []app.LineDecision{d}}
	}
	h.refused(decide(app.DecideInput{}), app.Invalid, "regels-of-terugsturen")
	h.refused(decide(one(app.LineDecision{Verdict: sroi.Rejected})), app.Invalid, "reden-ontbreekt")
	h.refused(decide(one(app.LineDecision{Verdict: sroi.ApprovedPartly, Reason: "r", Text: "t"})), app.Invalid, "deel-onduidelijk")
	h.refused(decide(one(app.LineDecision{Verdict: sroi.ApprovedPartly, Reason: "r", Text: "t", Amount: ref(cents("1"))})), app.Invalid, "deel-past-niet")
	more := ruleset.Hours{Span: q1.Span(), PerWeek: 25 * 60}
	h.refused(decide(one(app.LineDecision{Verdict: sroi.ApprovedPartly, Reason: "r", Text: "t", Hours: []ruleset.Hours{more}})), app.Invalid, "boven-claim")
	h.must(decide(one(app.LineDecision{Verdict: sroi.Approved})))
	h.refused(decide(one(app.LineDecision{Verdict: sroi.Approved})), app.Conflict, "niet-ingediend")
	h.refused(save("2022-Q1"), app.Conflict, "al-beoordeeld")
}

// Twenty at once: placements get numbers without gaps, and one contract's
// statements of different periods are all booked, one entry each.
func TestTwentyAtOnce(t *testing.T) {
	h := newHouse(t)
	contract := h.contract("druk")
	calls := make([]app.Call, 20)
	for i := range calls {
		calls[i] = h.as(sroi.Supplier)
	}
	var group sync.WaitGroup
	errs := make([]error, len(calls))
	for i := range calls {
		group.Go(func() {
			_, errs[i] = h.AddPlacement(h.ctx, calls[i], contract.ID, placementInput(fmt.Sprint("Persoon", i), 24))
		})
	}
	group.Wait()
	for _, err := range errs {
		h.must(err)
	}
	placements, err := h.Placements(h.ctx, h.as(sroi.Supplier), contract.ID)
	h.must(err)
	if len(placements) != 20 {
		t.Fatalf("%d placements", len(placements))
	}
	for i, p := range placements {
		if p.Number != i+1 {
			t.Fatalf("placement %d has number %d", i+1, p.Number)
		}
	}
	h.today = "2022-04-05"
	var claims []sroi.Claim
	for number := range 20 {
		claims = append(claims, h.placed(contract, number+1, 312))
	}
	s := h.submitted(contract, "2022-Q1", claims...)
	for i := range calls {
		calls[i] = matching(h.as(sroi.Consultant), s.Version)
	}
	for i := range calls {
		group.Go(func() {
			_, errs[i] = h.Decide(h.ctx, calls[i], contract.ID, s.Period, app.DecideInput{Lines: []app.LineDecision{approve(i + 1)}})
		})
	}
	group.Wait()
	for _, err := range errs {
		h.must(err)
	}
	if b := h.balance(contract); b.Verified != s.Claimed || b.Pending != 0 || b.Seq != 3 {
		t.Fatalf("claimed %s, %+v", s.Claimed, b)
	}
}

func TestAnAwardStaysUnderItsContract(t *testing.T) {
	h := newHouse(t)
	contract := h.contract("2021-9")
	tender, err := h.Tender(h.ctx, h.as(sroi.Officer), contract.Tender)
	h.must(err)
	_, _, err = h.AwardLot(h.ctx, matching(h.as(sroi.Officer), tender.Version), tender.ID, app.AwardInput{Lot: "1", State: sroi.WithdrawnAward, Date: calendar.MustDate("2022-01-03")})
	h.refused(err, app.Conflict, "contract-loopt")
	_, err = h.ChangeTender(h.ctx, matching(h.as(sroi.Officer), tender.Version), tender.ID, app.TenderChange{Withdrawn: ref(true)})
	h.refused(err, app.Conflict, "contract-loopt")

	free := h.awarded("2021-10")
	_, _, err = h.AwardLot(h.ctx, matching(h.as(sroi.Officer), free.Version), free.ID, app.AwardInput{Lot: "1", State: sroi.WithdrawnAward, Date: calendar.MustDate("2022-01-03")})
	h.must(err)
}

// Whoever names a version of what is not there has something else in mind.
func TestAVersionOfNothingIsRefused(t *testing.T) {
	h := newHouse(t)
	contract := h.contract("niets")
	_, _, err := h.SaveStatement(h.ctx, matching(h.as(sroi.Supplier), 1), contract.ID, calendar.MustPeriod("2022-Q1"), nil)
	h.refused(err, app.Stale, "versie-verouderd")
	_, _, err = h.SavePlan(h.ctx, matching(h.as(sroi.Supplier), 1), contract.ID, []plan.Effort{intended("A", "2022-01-01", "2022-12-31", 24)})
	h.refused(err, app.Stale, "versie-verouderd")
	_, _, err = h.PutEnterprise(h.ctx, matching(h.as(sroi.Administrator), 1), app.EnterpriseInput{Register: "oost-nederland", KvK: "87650000", Name: "Nieuw", Spans: []sroi.RecognisedSpan{{
		Span: span("2021-01-01", ""), Recognition: ruleset.Recognised, Source: "Besluit",
	}}})
	h.refused(err, app.Stale, "versie-verouderd")
	_, _, err = h.PutAuthority(h.ctx, matching(h.as(sroi.Administrator), 1), app.AuthorityInput{
		ID: "00000001009999990000", Name: "Gemeente Epe", Kind: sroi.Municipality, Desk: eenheid, RuleSet: "oost-nederland",
		Areas: []sroi.AreaSpan{{Span: span("2000-01-01", ""), Municipality: "GM0232", Region: "AM06"}},
	})
	h.refused(err, app.Stale, "versie-verouderd")
}
