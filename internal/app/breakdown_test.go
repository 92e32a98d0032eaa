// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"fmt"
	"testing"

	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/sroi"
)

const epe = sroi.AuthorityID("00000001002345678000")

// neighbour sets up another municipality of the region.
func (h *house) neighbour(id sroi.AuthorityID, municipality string) {
	h.t.Helper()
	_, _, err := h.PutAuthority(h.ctx, h.as(sroi.Administrator), app.AuthorityInput{
		ID: id, Name: "Gemeente " + municipality, Kind: sroi.Municipality, Desk: "elders", RuleSet: "oost-nederland",
		Areas: []sroi.AreaSpan{{Span: calendar.Span{From: calendar.MustDate("2000-01-01")}, Municipality: municipality, Region: "AM06"}},
	})
	h.must(err)
}

// running is a contract of an authority with a decided quarter of one person and
// one invoice, rolled up.
func (h *house) running(authority sroi.AuthorityID, desk, reference, surname string) sroi.Contract {
	h.t.Helper()
	h.today = "2022-01-03"
	as := func(role sroi.Role) app.Call {
		call := h.as(role)
		call.Actor.Authorities, call.Actor.Desk = []sroi.AuthorityID{authority}, desk
		return call
	}
	in := h.tenderInput(reference)
	in.Authority = authority
	tender, err := h.RegisterTender(h.ctx, as(sroi.Officer), in)
	h.must(err)
	tender, _, err = h.AwardLot(h.ctx, matching(as(sroi.Officer), 1), tender.ID, app.AwardInput{
		Lot: "1", State: sroi.Final, Date: calendar.MustDate("2022-01-02"), Supplier: builder, SupplierName: "Bouw BV", Value: cents("800000"),
	})
	h.must(err)
	account, err := h.RegisterContract(h.ctx, as(sroi.Officer), contractInput(tender))
	h.must(err)
	contract := account.Contract
	_, err = h.AddPlacement(h.ctx, as(sroi.Supplier), contract.ID, placementInput(surname, 12))
	h.must(err)
	h.today = "2022-04-05"
	s := h.submitted(contract, "2022-Q1", h.placed(contract, 1, 156), h.purchased(contract, "F-"+reference, "1200"))
	_, err = h.Decide(h.ctx, matching(as(sroi.Consultant), s.Version), contract.ID, s.Period, app.DecideInput{Lines: []app.LineDecision{approve(1), approve(2)}})
	h.must(err)
	h.report(2022, "CONTRACT#"+contract.ID, "TENDER#"+tender.ID)
	return contract
}

// wholeBreakdown reads all pages of one part each.
func (h *house) wholeBreakdown(call app.Call, area, code string) sroi.Breakdown {
	h.t.Helper()
	var whole sroi.Breakdown
	page := app.Page{Limit: 1}
	for range 20 {
		b, next, err := h.Breakdown(h.ctx, call, app.BreakdownQuery{Area: area, Year: 2022, Code: code}, page)
		h.must(err)
		b.Parts = append(whole.Parts, b.Parts...)
		if whole = b; next == "" {
			return whole
		}
		page.Cursor = next
	}
	h.t.Fatalf("%s of %s never ends", code, area)
	return whole
}

// One person on two contracts of a municipality, another on a contract of its
// neighbour: of every indicator the breakdown has the report's own figure, and
// its parts add up to it, or say that they do not.
func TestABreakdownIsTheReportsFigure(t *testing.T) {
	h := newHouse(t)
	h.neighbour(epe, "GM0232")
	h.running(apeldoorn, eenheid, "u-1", "Jansen")
	h.running(apeldoorn, eenheid, "u-2", "Jansen")
	h.running(epe, "elders", "u-3", "Pietersen")
	apart := 0
	for _, area := range []string{"GM0200", "AM06"} {
		report, err := h.Report(h.ctx, h.as(sroi.Officer), app.ReportQuery{Area: area, Year: 2022})
		h.must(err)
		for _, row := range report.Rows {
			b := h.wholeBreakdown(h.as(sroi.Officer), area, row.Code)
			if b.Figure != row.Current || b.Unit != row.Unit || b.Area != report.Area || b.AsOf != report.AsOf {
				t.Errorf("%s %s: %+v, the report has %+v", area, row.Code, b, row.Current)
			}
			sum, figure := b.Rest.Value, row.Current.Value
			for _, part := range b.Parts {
				sum = sum.Minus(money.Fraction{Num: -part.Amount.Value.Num, Den: part.Amount.Value.Den}).Reduced()
				if part.Number == "" || part.Title == "" || part.Entries == 0 || part.Booked.IsZero() {
					t.Errorf("%s %s: a part without name: %+v", area, row.Code, part)
				}
			}
			if b.Share {
				figure = money.Fraction{Num: row.Current.Parts.Num, Den: 1}
			}
			if sum != b.Sum.Value || b.Additive && row.Current.State == sroi.HasValue && sum != figure {
				t.Errorf("%s %s: the parts come to %v, the sum is %v, the figure %v", area, row.Code, sum, b.Sum, row.Current)
			}
			if !b.Additive && sum != figure {
				apart++
			}
		}
	}
	if apart == 0 {
		t.Error("nothing here counts once what is on two contracts")
	}
}

// Of a region an officer sees one by one only what the own municipality adds.
func TestTheRestOfARegionIsOneSum(t *testing.T) {
	h := newHouse(t)
	h.neighbour(epe, "GM0232")
	own := h.running(apeldoorn, eenheid, "r-1", "Jansen")
	foreign := []sroi.Contract{h.running(epe, "elders", "r-2", "Pietersen"), h.running(epe, "elders", "r-3", "Pietersen")}
	b := h.wholeBreakdown(h.as(sroi.Officer), "AM06", sroi.Persons)
	if len(b.Parts) != 1 || b.Parts[0].Source != "CONTRACT#"+own.ID || b.Parts[0].Number != own.Number {
		t.Fatalf("%+v", b.Parts)
	}
	if b.Others != len(foreign) || b.Rest.Value.Num != 1 || b.Sum.Value.Num != 3 || b.Figure.Value.Num != 2 {
		t.Fatalf("one other person, on two contracts: %+v", b)
	}
	stranger := h.as(sroi.Officer)
	stranger.Actor.Authorities = []sroi.AuthorityID{epe}
	_, _, err := h.Breakdown(h.ctx, stranger, app.BreakdownQuery{Area: "GM0200", Year: 2022, Code: sroi.Persons}, app.Page{Limit: 5})
	h.refused(err, app.Absent, "niet-gevonden")
	_, _, err = h.Breakdown(h.ctx, h.as(sroi.Supplier), app.BreakdownQuery{Area: "GM9999", Year: 2022, Code: sroi.Persons}, app.Page{Limit: 5})
	h.refused(err, app.Absent, "niet-gevonden")
	_, _, err = h.Breakdown(h.ctx, h.as(sroi.Officer), app.BreakdownQuery{Area: "GM0200", Year: 2022, Code: sroi.Persons}, app.Page{Limit: 5, Cursor: "zomaar"})
	h.refused(err, app.Invalid, "onjuiste-cursor")
	_, _, err = h.Breakdown(h.ctx, h.as(sroi.Officer), app.BreakdownQuery{Area: "GM0200", Year: 1999, Code: "bestaat-niet"}, app.Page{Limit: 5})
	for _, code := range []string{"jaar-onmogelijk", "indicator-onbekend"} {
		h.refused(err, app.Invalid, code) // both at once
	}
}

// Two authorities may share a municipality: what the other adds is counted, but
// not named.
func TestAnotherAuthoritysPartHasNoName(t *testing.T) {
	h := newHouse(t)
	const twin = sroi.AuthorityID("00000001003333333000")
	h.neighbour(twin, "GM0200")
	own, other := h.running(apeldoorn, eenheid, "t-1", "Jansen"), h.running(twin, "elders", "t-2", "Pietersen")
	b := h.wholeBreakdown(h.as(sroi.Officer), "GM0200", sroi.RealisedValue)
	if len(b.Parts) != 2 || b.Others != 0 {
		t.Fatalf("%+v", b)
	}
	for _, part := range b.Parts {
		if named := part.Source == "CONTRACT#"+own.ID; part.Amount.Value.Num != 3700_00 || !named && fmt.Sprint(part) != fmt.Sprint(sroi.Part{Amount: part.Amount}) {
			t.Errorf("%+v; the other is %s", part, other.ID)
		}
	}
}

// What a correction booked is read by who may see the contract; only who sees
// findings learns that someone is counted elsewhere.
func TestACorrectionIsReadAsItsReaderMay(t *testing.T) {
	h := newHouse(t)
	one, two := h.contract("lees-1"), h.contract("lees-2")
	for _, contract := range []sroi.Contract{one, two} {
		_, err := h.AddPlacement(h.ctx, h.as(sroi.Supplier), contract.ID, placementInput("Jansen", 24))
		h.must(err)
	}
	h.today = "2022-04-05"
	h.decided(h.submitted(one, "2022-Q1", h.placed(one, 1, 312)), approve)
	s := h.submitted(two, "2022-Q1", h.placed(two, 1, 312))
	h.decided(s, reject)
	correction, balance, err := h.Correct(h.ctx, matching(h.as(sroi.Consultant), h.balance(two).Seq), two.ID, app.CorrectionInput{
		Corrects: 3, Period: s.Period, Decision: ref(approve(1)), Reason: "r", Text: "t",
	})
	h.must(err)
	for role, open := range map[sroi.Role]bool{sroi.Consultant: true, sroi.Auditor: true, sroi.Officer: false, sroi.Supplier: false} {
		got, account, err := h.Correction(h.ctx, h.as(role), two.ID, correction.ID)
		h.must(err)
		if sroi.Digest(account.Balance) != sroi.Digest(balance) || got.Receipt.Text != "Goedgekeurd was € 0,00; correctie + € 2.500,00 = € 2.500,00." {
			t.Errorf("%s: %+v %+v", role, account.Balance, got.Receipt)
		}
		if seen := len(got.Decision.Findings) > 0 || len(got.Decision.Receipt.Steps) > 0; seen != open {
			t.Errorf("%s sees %+v", role, got.Decision)
		}
	}
	_, _, err = h.Correction(h.ctx, h.as(sroi.Officer), one.ID, correction.ID)
	h.refused(err, app.Absent, "niet-gevonden")
}
