// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

// One contract through one quarter, worked out by hand: 5 % of € 800.000 is
// € 40.000; € 30.000 × 24/36 × 3/12 is € 5.000; an invoice of € 1.200 counts whole.
func TestAQuarterFromTenderToTable(t *testing.T) {
	h := newHouse(t)
	contract := h.contract("2021-001")
	if got := contract.Obligation.Amount; got != cents("40000") {
		t.Fatalf("obligation %s", got)
	}
	placement, err := h.AddPlacement(h.ctx, h.as(sroi.Supplier), contract.ID, placementInput("Jansen", 24))
	h.must(err)
	if placement.Number != 1 || placement.Category != "participatiewet" {
		t.Fatalf("%+v", placement)
	}
	h.today = "2022-04-05"
	purchase := sroi.Claim{Kind: sroi.PurchaseLine, Purchase: &sroi.PurchaseClaim{
		Block: h.purchaseBlock(contract), Seller: "87654321", SellerName: "Goed Werk", Recognition: ruleset.Recognised,
		Order: "O-1", Invoice: "F-77", InvoiceDate: calendar.MustDate("2022-02-10"), Amount: cents("1200"),
	}}
	purchase.Evidence = h.evidence(contract, purchase.Purchase.Block)
	statement := h.submitted(contract, "2022-Q1", h.placed(contract, 1, 312), purchase)
	if statement.Claimed != cents("6200") {
		t.Fatalf("claimed %s", statement.Claimed)
	}
	if b := h.balance(contract); b.Pending != cents("6200") || b.Verified != 0 {
		t.Fatalf("%+v", b)
	}
	rows := h.report(2022, "CONTRACT#"+contract.ID, "TENDER#"+contract.Tender)
	if rows[sroi.ExtraJobs].Current.Value.Num != 0 {
		t.Fatal("a claim is not a job")
	}
	file := h.decided(statement, approve)
	if file.Statement.State != sroi.Decided {
		t.Fatalf("%+v", file.Statement)
	}
	if b := h.balance(contract); b.Pending != 0 || b.Verified != cents("6200") || b.Outstanding() != cents("33800") {
		t.Fatalf("%+v", b)
	}
	rows = h.report(2022, "CONTRACT#"+contract.ID)
	for code, want := range map[string]money.Fraction{
		sroi.ExtraJobs:           {Num: 1, Den: 1},
		sroi.JobsStarted:         {Num: 1, Den: 1},
		sroi.JobsStartedFTE:      {Num: 2, Den: 3},
		sroi.FTEYears:            {Num: 1, Den: 6}, // 24/36 × 3/12
		sroi.PlacedEmployment:    {Num: 1, Den: 1},
		sroi.SocialBuyers:        {Num: 1, Den: 1},
		sroi.SocialAssignments:   {Num: 1, Den: 1},
		sroi.SocialPurchaseValue: {Num: 1200_00, Den: 1},
		sroi.RealisedValue:       {Num: 6200_00, Den: 1},
		sroi.ObligedWhole:        {Num: 40000_00, Den: 1},
	} {
		if got := rows[code].Current.Value; got != want {
			t.Errorf("%s: %v, want %v", code, got, want)
		}
	}
	if share := h.report(2021, "TENDER#"+contract.Tender)[sroi.TenderShare].Current; share.Value != (money.Fraction{Num: 1, Den: 1}) {
		t.Errorf("the tender was awarded in 2021: %+v", share)
	}
}

// purchaseBlock is the code of the rule set's block for purchases.
func (h *house) purchaseBlock(contract sroi.Contract) string {
	rules, err := h.Rules.Pinned(contract.Rules)
	h.must(err)
	for _, block := range rules.Blocks {
		if block.Kind == ruleset.InvoicePercentage {
			return block.Code
		}
	}
	h.t.Fatal("no purchase block")
	return ""
}

func TestARepeatedCommandAnswersTheSameAndWritesNothing(t *testing.T) {
	h := newHouse(t)
	call := h.as(sroi.Officer)
	first, err := h.RegisterTender(h.ctx, call, h.tenderInput("2021-002"))
	h.must(err)
	again, err := h.RegisterTender(h.ctx, call, h.tenderInput("2021-002"))
	h.must(err)
	if first.ID != again.ID || first.Head != again.Head {
		t.Fatal("a repeat made something else")
	}
	_, err = h.RegisterTender(h.ctx, call, h.tenderInput("2021-003"))
	h.refused(err, app.KeyReused, "sleutel-hergebruikt")
	_, err = h.RegisterTender(h.ctx, h.as(sroi.Officer), h.tenderInput("2021-002"))
	h.refused(err, app.Conflict, "kenmerk-bestaat-al")
}

func TestSendingBackGivesBackAndResubmittingStartsAfresh(t *testing.T) {
	h := newHouse(t)
	contract := h.contract("2021-004")
	_, err := h.AddPlacement(h.ctx, h.as(sroi.Supplier), contract.ID, placementInput("Jansen", 24))
	h.must(err)
	_, err = h.AddPlacement(h.ctx, h.as(sroi.Supplier), contract.ID, placementInput("Pietersen", 36))
	h.must(err)
	h.today = "2022-04-05"
	s := h.submitted(contract, "2022-Q1", h.placed(contract, 1, 312), h.placed(contract, 2, 468))
	_, err = h.Decide(h.ctx, matching(h.as(sroi.Consultant), s.Version), contract.ID, s.Period, app.DecideInput{Lines: []app.LineDecision{reject(1)}})
	h.must(err)
	file, err := h.Decide(h.ctx, matching(h.as(sroi.Consultant), s.Version), contract.ID, s.Period, app.DecideInput{SendBack: "Graag de juiste uren."})
	h.must(err)
	if b := h.balance(contract); b.Pending != 0 || b.Verified != 0 {
		t.Fatalf("%+v", b)
	}
	// Resubmitting the very same revision must not find the old decision.
	s, err = h.SubmitStatement(h.ctx, matching(h.as(sroi.Supplier), file.Statement.Version), contract.ID, s.Period)
	h.must(err)
	file = h.decided(s, approve)
	if file.Statement.Verified != s.Claimed {
		t.Fatalf("verified %s of %s", file.Statement.Verified, s.Claimed)
	}
}

func TestACorrectionBooksTheDifferenceAndTheOldStays(t *testing.T) {
	h := newHouse(t)
	contract := h.contract("2021-005")
	_, err := h.AddPlacement(h.ctx, h.as(sroi.Supplier), contract.ID, placementInput("Jansen", 24))
	h.must(err)
	h.today = "2022-04-05"
	h.decided(h.submitted(contract, "2022-Q1", h.placed(contract, 1, 312)), approve)
	h.today = "2022-05-01"
	call := matching(h.as(sroi.Consultant), h.balance(contract).Seq)
	input := app.CorrectionInput{
		Corrects: 3, Period: calendar.MustPeriod("2022-Q1"), Decision: ref(reject(1)), Reason: sroi.CountsNoMore, Text: "Was al in dienst.",
	}
	correction, balance, err := h.Correct(h.ctx, call, contract.ID, input)
	h.must(err)
	if correction.Delta != -cents("5000") || balance.Verified != 0 || balance.Rejected != cents("5000") {
		t.Fatalf("%+v %+v", correction, balance)
	}
	seen, err := h.Statement(h.ctx, h.as(sroi.Consultant), contract.ID, calendar.MustPeriod("2022-Q1"))
	h.must(err)
	if d := seen.Decisions[0]; d.Verdict != sroi.Approved || len(d.Receipt.Input) == 0 {
		t.Fatalf("what was decided stays: %+v", d)
	}
	_, again, err := h.Correct(h.ctx, call, contract.ID, input)
	h.must(err)
	if again.Seq != balance.Seq || sroi.Digest(h.balance(contract)) != sroi.Digest(balance) {
		t.Fatal("a repeated correction booked again")
	}
	rows := h.report(2022, "CONTRACT#"+contract.ID)
	if rows[sroi.ExtraJobs].Current.Value.Num != 0 || rows[sroi.RealisedValue].Current.Value.Num != 0 {
		t.Fatalf("the corrected line still counts: %+v", rows[sroi.ExtraJobs].Current)
	}
	figures, ok, err := h.Store.FiguresOn(h.ctx, "GM0200", 2022, calendar.MustDate("2022-04-30"))
	h.must(err)
	if !ok || figures.JobPersons != 1 {
		t.Fatalf("before the correction it counted: %+v", figures)
	}
}

// What is submitted and taken back on one day was never there at the end of it,
// also where the figures were brought up to date in between.
func TestADayThatTakesEverythingBackLeavesNoFigures(t *testing.T) {
	h := newHouse(t)
	contract := h.contract("heen-en-weer")
	_, err := h.AddPlacement(h.ctx, h.as(sroi.Supplier), contract.ID, placementInput("Jansen", 24))
	h.must(err)
	h.report(2022, "CONTRACT#"+contract.ID)
	h.today = "2022-04-05"
	s := h.submitted(contract, "2022-Q1", h.placed(contract, 1, 312))
	h.report(2022, "CONTRACT#"+contract.ID)
	_, err = h.WithdrawStatement(h.ctx, matching(h.as(sroi.Supplier), s.Version), contract.ID, s.Period)
	h.must(err)
	h.report(2022, "CONTRACT#"+contract.ID)
	for _, day := range []string{"2022-01-31", "2022-04-05", "2022-12-31"} {
		figures, ok, err := h.Store.FiguresOn(h.ctx, "GM0200", 2022, calendar.MustDate(day))
		h.must(err)
		if !ok || figures.Undecided != 0 || figures.Suppliers != 1 {
			t.Errorf("at the end of %s: %+v", day, figures)
		}
	}
}

// The same person on two contracts: together at most the norm week of 36 hours.
func TestAPersonsHoursCountOnceOverAllContracts(t *testing.T) {
	h := newHouse(t)
	one, two := h.contract("2021-006"), h.contract("2021-007")
	for _, contract := range []sroi.Contract{one, two} {
		_, err := h.AddPlacement(h.ctx, h.as(sroi.Supplier), contract.ID, placementInput("Jansen", 24))
		h.must(err)
	}
	h.today = "2022-04-05"
	h.decided(h.submitted(one, "2022-Q1", h.placed(one, 1, 312)), approve)
	s := h.submitted(two, "2022-Q1", h.placed(two, 1, 312))
	file := h.decided(s, approve)
	if d := file.Decisions[0]; d.Value != cents("2500") || d.Verdict != sroi.ApprovedPartly || len(d.Findings) == 0 {
		t.Fatalf("12 of 36 hours are left: %+v", d)
	}
	seen, err := h.Statement(h.ctx, h.as(sroi.Supplier), two.ID, s.Period)
	h.must(err)
	if d := seen.Decisions[0]; len(d.Findings) > 0 || len(d.Receipt.Input) > 0 {
		t.Fatalf("the supplier may not learn that someone is counted elsewhere: %+v", d)
	}
	rows := h.report(2022, "CONTRACT#"+one.ID, "CONTRACT#"+two.ID)
	if rows[sroi.ExtraJobs].Current.Value.Num != 1 || rows[sroi.JobsStarted].Current.Value.Num != 2 {
		t.Fatalf("one person, two placements: %+v", rows[sroi.ExtraJobs].Current)
	}
}

// An area lists the tenders of all its authorities, page by page, each once.
func TestTendersOfAnArea(t *testing.T) {
	h := newHouse(t)
	const neighbour = sroi.AuthorityID("00000001002345678000")
	_, _, err := h.PutAuthority(h.ctx, h.as(sroi.Administrator), app.AuthorityInput{
		ID: neighbour, Name: "Gemeente Epe", Kind: sroi.Municipality, Desk: eenheid, RuleSet: "oost-nederland",
		Areas: []sroi.AreaSpan{{Span: calendar.Span{From: calendar.MustDate("2000-01-01")}, Municipality: "GM0232", Region: "AM06"}},
	})
	h.must(err)
	for i := range 5 {
		in, call := h.tenderInput(fmt.Sprint("g-", i)), h.as(sroi.Officer)
		if i%2 == 1 {
			in.Authority, call.Actor.Authorities = neighbour, []sroi.AuthorityID{neighbour}
		}
		_, err := h.RegisterTender(h.ctx, call, in)
		h.must(err)
	}
	for area, want := range map[string]int{"AM06": 5, "GM0200": 3, "GM0232": 2} {
		for limit := 1; limit <= 6; limit++ {
			seen, cursor := map[string]bool{}, ""
			for range 10 {
				tenders, next, err := h.Tenders(h.ctx, h.as(sroi.Consultant), app.TenderQuery{Area: area}, app.Page{Limit: limit, Cursor: cursor})
				h.must(err)
				if len(tenders) > limit {
					t.Fatalf("%d tenders on a page of %d", len(tenders), limit)
				}
				for _, tender := range tenders {
					if seen[tender.ID] {
						t.Fatalf("%s twice", tender.Reference)
					}
					seen[tender.ID] = true
				}
				if cursor = next; cursor == "" {
					break
				}
			}
			if len(seen) != want {
				t.Errorf("%s by %d: %d tenders, want %d", area, limit, len(seen), want)
			}
		}
	}
	_, _, err = h.Tenders(h.ctx, h.as(sroi.Officer), app.TenderQuery{Area: "GM0232"}, app.Page{Limit: 5})
	h.refused(err, app.Absent, "niet-gevonden")
	for _, cursor := range []string{"x", string(neighbour), "x.y", string(neighbour) + ".zzz"} {
		_, _, err = h.Tenders(h.ctx, h.as(sroi.Consultant), app.TenderQuery{Area: "AM06"}, app.Page{Limit: 5, Cursor: cursor})
		h.refused(err, app.Invalid, "onjuiste-cursor")
	}
}

// hooked is a store in which something happens before a call: someone else acts,
// or whoever calls dies.
type hooked struct {
	app.Store
	beforeMove     func()
	beforeRelease  func() error
	beforeDecision func(line int) error
}

func (s *hooked) Move(ctx context.Context, m app.Transition) error {
	if act := s.beforeMove; act != nil {
		s.beforeMove = nil
		act()
	}
	return s.Store.Move(ctx, m)
}

func (s *hooked) Release(ctx context.Context, takes []app.Take) error {
	if s.beforeRelease != nil {
		if err := s.beforeRelease(); err != nil {
			return err
		}
	}
	return s.Store.Release(ctx, takes)
}

func (s *hooked) AddDecision(ctx context.Context, head sroi.Statement, d sroi.Decision, take *app.Take) (sroi.Decision, error) {
	if s.beforeDecision != nil {
		if err := s.beforeDecision(d.Line); err != nil {
			return sroi.Decision{}, err
		}
	}
	return s.Store.AddDecision(ctx, head, d, take)
}

// sharedPerson is a person of thirty-six hours on two contracts, with a statement of one line
// that is submitted on the first.
func (h *house) sharedPerson() (s sroi.Statement, other sroi.Contract) {
	h.t.Helper()
	contract, other := h.contract("gedeeld-1"), h.contract("gedeeld-2")
	for _, c := range []sroi.Contract{contract, other} {
		_, err := h.AddPlacement(h.ctx, h.as(sroi.Supplier), c.ID, placementInput("Jansen", 36))
		h.must(err)
	}
	h.today = "2022-04-05"
	return h.submitted(contract, "2022-Q1", h.placed(contract, 1, 468)), other
}

// decidedByAnother approves the first line of a statement and closes nothing.
func (h *house) decidedByAnother(s sroi.Statement) {
	h.t.Helper()
	lines, _, err := h.Store.Revision(h.ctx, s)
	h.must(err)
	placed := lines[0].Placed
	_, err = h.Store.AddDecision(h.ctx, s, sroi.Decision{Line: 1, Verdict: sroi.Approved, Hours: placed.Hours, Act: "ander"}, &app.Take{
		Contract: s.Contract, Holder: s.Period.String() + "/1", Person: placed.Person, Period: s.Period, Placement: 1,
		Span: lines[0].Span, Hours: placed.Hours, Worked: 468 * 60,
	})
	h.must(err)
}

// free holds that a contract can have the person's whole week.
func (h *house) free(other sroi.Contract) {
	h.t.Helper()
	decided := h.decided(h.submitted(other, "2022-Q1", h.placed(other, 1, 468)), approve)
	if d := decided.Decisions[0]; d.Verdict != sroi.Approved {
		h.t.Fatalf("hours of a statement that is a draft again still count: %+v", d)
	}
}

// Who takes a statement back while another decides a line of it gives back what that
// line took: the other's decision is reset.
func TestALineDecidedWhileItsStatementIsTakenBackHoldsNothing(t *testing.T) {
	for name, back := range map[string]func(h *house, s sroi.Statement) error{
		"sent back": func(h *house, s sroi.Statement) error {
			_, err := h.Decide(h.ctx, matching(h.as(sroi.Consultant), s.Version), s.Contract, s.Period, app.DecideInput{SendBack: "Vul aan."})
			return err
		},
		"withdrawn": func(h *house, s sroi.Statement) error {
			_, err := h.WithdrawStatement(h.ctx, matching(h.as(sroi.Supplier), s.Version), s.Contract, s.Period)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			s, other := h.sharedPerson()
			store := &hooked{Store: h.Store}
			h.Store = store
			store.beforeMove = func() { h.decidedByAnother(s) }
			h.must(back(h, s))
			h.free(other)
		})
	}
}

// Who takes a statement back may die before giving back what its lines hold, and
// never return: whoever goes on with the draft does it.
func TestADraftGoesOnOnlyOnceNothingIsHeldOfItsLastSubmission(t *testing.T) {
	for name, goesOn := range map[string]func(h *house, s sroi.Statement) error{
		"saved": func(h *house, s sroi.Statement) error {
			_, _, err := h.SaveStatement(h.ctx, matching(h.as(sroi.Supplier), s.Version), s.Contract, s.Period, nil)
			return err
		},
		"submitted": func(h *house, s sroi.Statement) error {
			_, err := h.SubmitStatement(h.ctx, matching(h.as(sroi.Supplier), s.Version), s.Contract, s.Period)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			s, other := h.sharedPerson()
			store := &hooked{Store: h.Store}
			h.Store = store
			h.decidedByAnother(s)
			store.beforeRelease = func() error { return errDied }
			call := matching(h.as(sroi.Consultant), s.Version)
			if _, err := h.Decide(h.ctx, call, s.Contract, s.Period, app.DecideInput{SendBack: "Vul aan."}); !errors.Is(err, errDied) {
				t.Fatalf("%v", err)
			}
			store.beforeRelease = nil
			head, err := store.Statement(h.ctx, s.Contract, s.Period)
			h.must(err)
			h.must(goesOn(h, head))
			h.free(other)
		})
	}
}

// A decision that was cut short, and of which others decided the rest, was not
// carried out: its repeat does not say that it was.
func TestADecisionThatWasOvertakenIsRefused(t *testing.T) {
	h := newHouse(t)
	contract := h.contract("ingehaald")
	for _, name := range []string{"Jansen", "Pietersen"} {
		_, err := h.AddPlacement(h.ctx, h.as(sroi.Supplier), contract.ID, placementInput(name, 24))
		h.must(err)
	}
	h.today = "2022-04-05"
	s := h.submitted(contract, "2022-Q1", h.placed(contract, 1, 312), h.placed(contract, 2, 312))
	store := &hooked{Store: h.Store, beforeDecision: func(line int) error {
		if line == 2 {
			return errDied
		}
		return nil
	}}
	h.Store = store
	call, both := matching(h.as(sroi.Consultant), s.Version), app.DecideInput{Lines: []app.LineDecision{approve(1), reject(2)}}
	if _, err := h.Decide(h.ctx, call, contract.ID, s.Period, both); !errors.Is(err, errDied) {
		t.Fatalf("%v", err)
	}
	store.beforeDecision = nil
	_, err := h.Decide(h.ctx, matching(h.as(sroi.Consultant), s.Version), contract.ID, s.Period, app.DecideInput{Lines: []app.LineDecision{approve(2)}})
	h.must(err)
	_, err = h.Decide(h.ctx, call, contract.ID, s.Period, both)
	h.refused(err, app.Conflict, "regel-al-beoordeeld")
}

func TestARepeatedSendBackCompletesWhatACrashLeft(t *testing.T) {
	h := newHouse(t)
	contract, other := h.contract("crash-1"), h.contract("crash-2")
	for _, c := range []sroi.Contract{contract, other} {
		_, err := h.AddPlacement(h.ctx, h.as(sroi.Supplier), c.ID, placementInput("Jansen", 36))
		h.must(err)
	}
	second := placementInput("Pietersen", 24)
	_, err := h.AddPlacement(h.ctx, h.as(sroi.Supplier), contract.ID, second)
	h.must(err)
	h.today = "2022-04-05"
	s := h.submitted(contract, "2022-Q1", h.placed(contract, 1, 468), h.placed(contract, 2, 312))
	_, err = h.Decide(h.ctx, matching(h.as(sroi.Consultant), s.Version), contract.ID, s.Period, app.DecideInput{Lines: []app.LineDecision{approve(1)}})
	h.must(err)
	store := &hooked{Store: h.Store, beforeRelease: func() error { return errDied }}
	h.Store = store
	call, back := matching(h.as(sroi.Consultant), s.Version), app.DecideInput{SendBack: "Graag de juiste uren."}
	if _, err = h.Decide(h.ctx, call, contract.ID, s.Period, back); !errors.Is(err, errDied) {
		t.Fatalf("a crash is internal: %v", err)
	}
	store.beforeRelease = nil
	file, err := h.Decide(h.ctx, call, contract.ID, s.Period, back)
	h.must(err)
	if file.Statement.State != sroi.SentBack || len(file.Decisions) > 0 {
		t.Fatalf("%+v", file)
	}
	seen, err := h.Statement(h.ctx, h.as(sroi.Supplier), contract.ID, s.Period)
	h.must(err)
	if len(seen.Decisions) > 0 || seen.Statement.Comment == "" {
		t.Fatalf("the supplier sees old decisions: %+v", seen)
	}
	// The person's whole week is free again for the other contract.
	decided := h.decided(h.submitted(other, "2022-Q1", h.placed(other, 1, 468)), approve)
	if d := decided.Decisions[0]; d.Verdict != sroi.Approved {
		t.Fatalf("hours of a statement that was sent back still count: %+v", d)
	}
}

// A continuation is at work but no new job; a sheltered-employment company is no
// social enterprise.
func TestWhatIsNoNewJobAndNoSocialPurchase(t *testing.T) {
	h := newHouse(t)
	contract := h.contract("geen-nieuwe-baan")
	h.recognised(seller, ruleset.Sheltered, calendar.Span{From: calendar.MustDate("2020-01-01")})
	in := placementInput("Jansen", 24)
	in.Continues = true
	_, err := h.AddPlacement(h.ctx, h.as(sroi.Supplier), contract.ID, in)
	h.must(err)
	h.today = "2022-04-05"
	purchase := sroi.Claim{Kind: sroi.PurchaseLine, Purchase: &sroi.PurchaseClaim{
		Block: h.purchaseBlock(contract), Seller: "87654321", SellerName: "SW-bedrijf", Recognition: ruleset.Sheltered,
		Order: "O-1", Invoice: "F-1", InvoiceDate: calendar.MustDate("2022-02-10"), Amount: cents("1000"),
	}}
	purchase.Evidence = h.evidence(contract, purchase.Purchase.Block)
	h.decided(h.submitted(contract, "2022-Q1", h.placed(contract, 1, 312), purchase), approve)
	rows := h.report(2022, "CONTRACT#"+contract.ID)
	for code, want := range map[string]int64{
		sroi.ExtraJobs: 0, sroi.Placements: 0, sroi.Persons: 1, sroi.SocialBuyers: 0, sroi.SocialAssignments: 0, sroi.SocialPurchaseValue: 0,
		sroi.RealisedValue: 6000_00,
	} {
		if got := rows[code].Current.Value.Num; got != want {
			t.Errorf("%s: %d, want %d", code, got, want)
		}
	}
}

// Utrecht has a bonus for who is over fifty at the start of the placement. An
// unknown day or month never makes anyone older.
func TestAnAgeBonusFollowsTheDateOfBirth(t *testing.T) {
	h := newHouse(t)
	h.ruledBy("utrecht")
	contract := h.contract("leeftijd")
	rules, err := h.Rules.Pinned(contract.Rules)
	h.must(err)
	bonus, ok := rules.Bonus("AGE50")
	if !ok || bonus.MinimumAge == 0 {
		t.Fatalf("%+v", bonus)
	}
	year := 2022 - bonus.MinimumAge
	for birth, fits := range map[app.BirthDate]bool{
		{Year: year, Month: 1, Day: 1}:      true,  // the birthday itself
		{Year: year, Month: 1, Day: 2}:      false, // a day short
		{Year: year}:                        false, // may be December
		{Year: year - 1}:                    true,
		{Year: year, Month: 1}:              false, // may be the 31st
		{Year: year - 1, Month: 12, Day: 0}: true,
	} {
		in := placementInput("Jansen", 24)
		in.Block, in.Bonuses, in.Person.Birth = "PW", []string{"AGE50"}, birth
		if birth.Month == 0 {
			in.Schedule[0].From = calendar.MustDate("2022-06-01")
		}
		_, err := h.AddPlacement(h.ctx, h.as(sroi.Supplier), contract.ID, in)
		if fits {
			h.must(err)
		} else {
			h.refused(err, app.Invalid, "leeftijd-te-laag")
		}
	}
}

// A page of contracts in one phase is filled from the list, not cut from it.
func TestContractsInAPhaseFillTheirPages(t *testing.T) {
	h := newHouse(t)
	for i := range 4 {
		tender := h.awarded(fmt.Sprint("fase-", i))
		in := contractInput(tender)
		if i < 3 { // newest first: three upcoming ones stand before the running one
			in.Term = calendar.Span{From: calendar.MustDate("2023-01-01"), To: calendar.MustDate("2023-12-31")}
		}
		_, err := h.RegisterContract(h.ctx, h.as(sroi.Officer), in)
		h.must(err)
	}
	for phase, want := range map[sroi.Phase]int{sroi.Running: 1, sroi.Upcoming: 3, sroi.Ended: 0} {
		accounts, next, err := h.Contracts(h.ctx, h.as(sroi.Officer), app.ContractQuery{Phase: phase}, app.Page{Limit: 2})
		h.must(err)
		if len(accounts) != min(want, 2) || (next != "") != (want > 2) {
			t.Errorf("%s: %d contracts and cursor %q, want %d", phase, len(accounts), next, want)
		}
	}
}
