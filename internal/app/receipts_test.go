// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"bytes"
	"testing"
	"testing/fstest"

	"socialreturn/infra/local/receipttest"
	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

// replays holds every stored receipt of the municipality to its replay, and
// wants at least one of each of these.
func (h *house) replays(kinds ...string) {
	h.t.Helper()
	counts, faults, err := receipttest.Replay(h.ctx, h.Store, h.Rules, apeldoorn)
	h.must(err)
	for _, fault := range faults {
		h.t.Error(fault)
	}
	for _, kind := range kinds {
		if counts[kind] == 0 {
			h.t.Errorf("no %s among %v", kind, counts)
		}
	}
}

// purchased and active are claims beside placed.
func (h *house) purchased(contract sroi.Contract, invoice, amount string) sroi.Claim {
	purchase := sroi.PurchaseClaim{
		Block: h.purchaseBlock(contract), Seller: "87654321", SellerName: "Goed Werk", Recognition: ruleset.Recognised,
		Order: "O-1", Invoice: invoice, InvoiceDate: calendar.MustDate("2022-02-10"), Amount: cents(amount),
	}
	return sroi.Claim{Kind: sroi.PurchaseLine, Purchase: &purchase, Evidence: h.evidence(contract, purchase.Block)}
}

func (h *house) active(contract sroi.Contract, amount string) sroi.Claim {
	rules, err := h.Rules.Pinned(contract.Rules)
	h.must(err)
	for _, block := range rules.Blocks {
		if block.Kind == ruleset.Agreed {
			return sroi.Claim{Kind: sroi.ActivityLine, Evidence: h.evidence(contract, block.Code), Activity: &sroi.ActivityClaim{
				Block: block.Code, Description: "Open dag", Motivation: "Een dag voor veertig leerlingen.", Date: calendar.MustDate("2022-03-01"), Agreed: ref(cents(amount)),
			}}
		}
	}
	h.t.Fatal("no block for an arrangement")
	return sroi.Claim{}
}

// A year in which every kind of receipt comes about: lines of each kind,
// approved, approved in part and rejected, a draft, and corrections of a line, of
// a rejected line, and of an amount. A quarter of 24 of 36 hours at € 40.000 is
// € 6.666,67.
func TestEveryReceiptReplays(t *testing.T) {
	h := newHouse(t)
	newest, err := h.Rules.At("utrecht", calendar.MustDate("2023-01-01")) // values both invoices and arrangements
	h.must(err)
	h.Rules, err = ruleset.Load(fstest.MapFS{"utrecht/2021-01-01.json": {Data: bytes.Replace(newest.Raw(), []byte("2023-01-01"), []byte("2021-01-01"), 1)}})
	h.must(err)
	h.ruledBy("utrecht")
	contract := h.contract("bewijzen")
	in := placementInput("Jansen", 24)
	in.Block = "PW"
	_, err = h.AddPlacement(h.ctx, h.as(sroi.Supplier), contract.ID, in)
	h.must(err)
	placed := h.placed(contract, 1, 312)
	placed.Evidence = h.evidence(contract, "PW")
	h.today = "2022-04-05"
	s := h.submitted(contract, "2022-Q1",
		placed, h.purchased(contract, "F-1", "1200"), h.purchased(contract, "F-2", "800"), h.active(contract, "500"))
	h.decided(s, func(line int) app.LineDecision {
		switch line {
		case 2:
			return app.LineDecision{Line: 2, Verdict: sroi.ApprovedPartly, Amount: ref(cents("1000")), Reason: "r", Text: "t"}
		case 3:
			return reject(3)
		case 4:
			return app.LineDecision{Line: 4, Verdict: sroi.Approved, ApprovedBy: "Teamleider", Text: "Zoals afgesproken."}
		}
		return approve(line)
	})
	h.today = "2022-07-05"
	_, _, err = h.SaveStatement(h.ctx, h.as(sroi.Supplier), contract.ID, calendar.MustPeriod("2022-Q2"), []sroi.Claim{placed})
	h.must(err)
	for _, c := range []struct {
		in     app.CorrectionInput
		before string
		text   string
	}{
		{app.CorrectionInput{Corrects: 3, Year: 2022, Delta: -cents("200"), Reason: "r", Text: "t"},
			"8166.67", "Goedgekeurd was € 8.166,67; correctie - € 200,00 = € 7.966,67."},
		{app.CorrectionInput{Corrects: 3, Period: s.Period, Decision: ref(reject(1)), Reason: "r", Text: "t"},
			"6666.67", "Goedgekeurd was € 6.666,67; correctie - € 6.666,67 = € 0,00."},
		{app.CorrectionInput{Corrects: 5, Period: s.Period, Decision: ref(approve(1)), Reason: "r", Text: "t"},
			"0", "Goedgekeurd was € 0,00; correctie + € 6.666,67 = € 6.666,67."},
		{app.CorrectionInput{Corrects: 3, Period: s.Period, Decision: ref(approve(3)), Reason: "r", Text: "t"},
			"0", "Goedgekeurd was € 0,00; correctie + € 800,00 = € 800,00."},
	} {
		correction, balance, err := h.Correct(h.ctx, matching(h.as(sroi.Consultant), h.balance(contract).Seq), contract.ID, c.in)
		h.must(err)
		if correction.Receipt.Text != c.text || correction.Receipt.Result != cents(c.before)+correction.Delta {
			t.Errorf("%+v", correction.Receipt)
		}
		entries, err := h.Store.Entries(h.ctx, contract.ID, balance.Seq-1, 1)
		h.must(err)
		if entries[0].Subject != sroi.Digest(correction) {
			t.Error("the entry does not hash the correction with its receipt")
		}
	}
	h.replays("contract/obligation", "line/placement", "line/purchase", "line/activity",
		"decision/placement", "decision/purchase", "decision/activity", "decision/rejection", "correction/correction")
}
