// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"testing"

	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

// capPurchases lets purchases meet so much of the obligation.
func capPurchases(percent string) func(document) {
	return func(doc document) {
		doc["ceilings"] = []document{{"code": "INKOOP", "label": "Inkoop", "percent": percent, "appliesTo": []string{"PURCHASE"}, "source": "verplichting"}}
	}
}

func (h *house) invoiced(contract sroi.Contract, number, date, amount string) sroi.Claim {
	claim := sroi.Claim{Kind: sroi.PurchaseLine, Purchase: &sroi.PurchaseClaim{
		Block: "PURCHASE", Seller: "87654321", SellerName: "Goed Werk", Recognition: ruleset.Recognised,
		Order: "O-1", Invoice: number, InvoiceDate: calendar.MustDate(date), Amount: cents(amount),
	}}
	claim.Evidence = h.evidence(contract, "PURCHASE")
	return claim
}

// A quarter of € 40.000 is € 10.000: of € 12.000 of invoices € 2.000 meets nothing,
// in the balance and in the year, until a correction or a higher obligation makes room.
func TestACeilingLeavesLinesAsTheyAre(t *testing.T) {
	h := newHouse(t)
	h.under(capPurchases("25"))
	contract := h.contract("maximum")
	_, err := h.AddPlacement(h.ctx, h.as(sroi.Supplier), contract.ID, placementInput("Jansen", 24))
	h.must(err)
	h.today = "2022-04-05"
	file := h.decided(h.submitted(contract, "2022-Q1", h.placed(contract, 1, 312),
		h.invoiced(contract, "F-1", "2022-02-01", "5000"), h.invoiced(contract, "F-2", "2022-03-01", "7000")), approve)
	if file.Decisions[2].Value != cents("7000") {
		t.Fatalf("the decision keeps its value: %s", file.Decisions[2].Value)
	}
	holds := func(when, verified, counted, outstanding string) {
		t.Helper()
		b := h.balance(contract)
		if b.Verified != cents(verified) || b.Counted() != cents(counted) || b.Outstanding() != cents(outstanding) {
			t.Errorf("%s: verified %s, counted %s, outstanding %s", when, b.Verified, b.Counted(), b.Outstanding())
		}
		if rows := h.report(2022, "CONTRACT#"+contract.ID); rows[sroi.RealisedValue].Current.Value.Num != int64(cents(counted)) {
			t.Errorf("%s: realised %+v", when, rows[sroi.RealisedValue].Current.Value)
		}
	}
	holds("decided", "17000", "15000", "25000")
	correct := func(verdict app.LineDecision) {
		t.Helper()
		_, _, err := h.Correct(h.ctx, matching(h.as(sroi.Consultant), h.balance(contract).Seq), contract.ID, app.CorrectionInput{
			Corrects: 3, Period: calendar.MustPeriod("2022-Q1"), Decision: &verdict, Reason: "r", Text: "t",
		})
		h.must(err)
	}
	correct(reject(2))
	holds("corrected", "12000", "12000", "28000")
	correct(approve(2))
	holds("corrected back", "17000", "15000", "25000")
	h.amend(contract, app.AmendmentInput{
		Kind: sroi.AmendValue, Reason: sroi.MoreWork, Text: "Meer.", Effective: calendar.MustDate("2022-04-01"), Value: ref(cents("880000")),
	})
	holds("room for a quarter of € 44.000", "17000", "16000", "28000")
}

// A move brings what was verified under the ceilings of the new rules, also where
// no value changes.
func TestAMoveBringsVerifiedValuesUnderTheNewCeilings(t *testing.T) {
	h := newHouse(t)
	h.under(unchanged, capPurchases("25"))
	contract := h.contract("onder-maximum")
	h.today = "2022-04-05"
	h.decided(h.submitted(contract, "2022-Q1", h.invoiced(contract, "F-1", "2022-02-01", "12000")), approve)
	if b := h.balance(contract); b.Counted() != cents("12000") {
		t.Fatalf("%+v", b)
	}
	there := app.RulesInput{Version: calendar.MustDate("2022-01-01"), Reason: sroi.PolicyChange, Text: "Nieuw.", Deviates: true}
	trial, err := h.TryRules(h.ctx, h.as(sroi.Consultant), contract.ID, there)
	h.must(err)
	if trial.Expected.Counted() != cents("10000") {
		t.Fatalf("shown %+v", trial.Expected)
	}
	_, err = h.MoveRules(h.ctx, matching(h.as(sroi.Consultant), 3), contract.ID, there)
	h.must(err)
	if b := h.balance(contract); b.Verified != cents("12000") || b.Counted() != cents("10000") {
		t.Fatalf("%+v", b)
	}
	_, err = h.MoveRules(h.ctx, matching(h.as(sroi.Consultant), 4), contract.ID, app.RulesInput{
		Version: calendar.MustDate("2016-01-01"), Reason: sroi.RegistrationError, Text: "Terug.",
	})
	h.must(err)
	if b := h.balance(contract); b.Counted() != cents("12000") || b.Ceilings != nil || b.Capped != nil {
		t.Fatalf("back again: %+v", b)
	}
}

// small is a contract under the threshold, which owes two activities.
func (h *house) small(reference string) app.Account {
	h.t.Helper()
	h.under(func(doc document) {
		services(doc)["small"] = document{"activities": 2}
		doc["blocks"] = append(doc["blocks"].([]any), document{
			"code": "ACT", "label": "Activiteit", "kind": "perActivity", "category": "activiteit", "value": "500.00", "source": "verplichting",
		})
	})
	in := contractInput(h.awarded(reference))
	in.Value = cents("60000")
	account, err := h.RegisterContract(h.ctx, h.as(sroi.Officer), in)
	h.must(err)
	return account
}

// Under the threshold two activities are asked instead of a percentage.
func TestASmallContractOwesActivities(t *testing.T) {
	h := newHouse(t)
	account := h.small("klein")
	contract := account.Contract
	if b := h.balance(contract); b.Asked != 2 || b.Obliged != 0 || b.Done != 0 {
		t.Fatalf("%+v", b)
	}
	h.today = "2022-04-05"
	claim := sroi.Claim{Kind: sroi.ActivityLine, Activity: &sroi.ActivityClaim{Block: "ACT", Description: "Gastles", Date: calendar.MustDate("2022-02-01")}}
	claim.Evidence = h.evidence(contract, "ACT")
	h.decided(h.submitted(contract, "2022-Q1", claim, claim, claim), func(line int) app.LineDecision {
		if line == 3 {
			return reject(3)
		}
		return approve(line)
	})
	if b := h.balance(contract); b.Done != 2 {
		t.Fatalf("%+v", b)
	}
	_, b, err := h.Correct(h.ctx, matching(h.as(sroi.Consultant), 3), contract.ID, app.CorrectionInput{
		Corrects: 3, Period: calendar.MustPeriod("2022-Q1"), Decision: ref(reject(1)), Reason: "r", Text: "t",
	})
	h.must(err)
	if b.Done != 1 {
		t.Fatalf("%+v", b)
	}
	_, account = h.amend(contract, app.AmendmentInput{ // above the threshold: a percentage after all
		Kind: sroi.AmendValue, Reason: sroi.MoreWork, Text: "Meer.", Effective: calendar.MustDate("2022-04-01"), Value: ref(cents("100000")),
	})
	if account.Balance.Asked != 0 || account.Balance.Obliged != cents("5000") || account.Balance.Done != 1 {
		t.Fatalf("%+v", account.Balance)
	}
}
