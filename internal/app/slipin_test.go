// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"context"
	"testing"

	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/sroi"
)

// intruder is a store in which somebody else acts, once, just before a write.
type intruder struct {
	app.Store
	acts func()
}

func (i *intruder) first() {
	if acts := i.acts; acts != nil {
		i.acts = nil
		acts()
	}
}

func (i *intruder) Move(ctx context.Context, t app.Transition) error {
	i.first()
	return i.Store.Move(ctx, t)
}

func (i *intruder) AddCorrection(ctx context.Context, c sroi.Correction, b sroi.Balance, e sroi.Entry, take *app.Take) (sroi.Correction, error) {
	i.first()
	return i.Store.AddCorrection(ctx, c, b, e, take)
}

// disturbed is the house to somebody whose next write comes just too late.
func (h *house) disturbed(acts func()) *app.Service {
	late := *h.Service
	late.Store = &intruder{h.Store, acts}
	return &late
}

// A decision that slips in while the statement is taken back holds nothing after.
func TestHoursDecidedWhileTheStatementIsTakenBackAreGivenBack(t *testing.T) {
	h := newHouse(t)
	contract := h.contract("terug")
	number := h.add(contract, placementInput("Jansen", 24))
	file, err := h.Store.File(h.ctx, contract.ID)
	h.must(err)
	h.today = "2022-04-05"
	quarter := calendar.MustPeriod("2022-Q1")
	taken := func() int {
		t.Helper()
		person, err := h.Store.Person(h.ctx, file.Placements[0].Person)
		h.must(err)
		return len(person.Takes)
	}
	s := h.draft(contract, "2022-Q1", h.placed(contract, number, 312), h.purchased(contract, "F-1", "100")).Statement
	for name, takeBack := range map[string]func(service *app.Service, version int) error{
		"withdraw": func(service *app.Service, version int) error {
			_, err := service.WithdrawStatement(h.ctx, matching(h.as(sroi.Supplier), version), contract.ID, quarter)
			return err
		},
		"send back": func(service *app.Service, version int) error {
			_, err := service.Decide(h.ctx, matching(h.as(sroi.Consultant), version), contract.ID, quarter, app.DecideInput{SendBack: "graag aanvullen"})
			return err
		},
	} {
		s, err = h.SubmitStatement(h.ctx, matching(h.as(sroi.Supplier), s.Version), contract.ID, quarter)
		h.must(err)
		held := 0
		h.must(takeBack(h.disturbed(func() {
			_, err := h.Decide(h.ctx, matching(h.as(sroi.Consultant), s.Version), contract.ID, quarter, app.DecideInput{Lines: []app.LineDecision{approve(1)}})
			h.must(err)
			held = taken()
		}), s.Version))
		if left := taken(); held != 1 || left != 0 {
			t.Errorf("%s: %d taken meanwhile, %d left", name, held, left)
		}
		s, err = h.Store.Statement(h.ctx, contract.ID, quarter)
		h.must(err)
	}
}

// A decision that was overtaken by the supplier's withdrawal is not acknowledged.
func TestADecisionOnWhatWasWithdrawnIsNotAcknowledged(t *testing.T) {
	h := newHouse(t)
	contract := h.contract("ingetrokken")
	number := h.add(contract, placementInput("Jansen", 24))
	h.today = "2022-04-05"
	quarter := calendar.MustPeriod("2022-Q1")
	s := h.submitted(contract, "2022-Q1", h.placed(contract, number, 312))
	withdrawing := h.disturbed(nil)
	late := h.disturbed(func() { // the decision is written, and its close comes just too late
		_, err := withdrawing.WithdrawStatement(h.ctx, matching(h.as(sroi.Supplier), s.Version), contract.ID, quarter)
		h.must(err)
	})
	withdrawing.Store = &undecided{h.Store} // it looked before the decision was there
	_, err := late.Decide(h.ctx, matching(h.as(sroi.Consultant), s.Version), contract.ID, quarter, app.DecideInput{Lines: []app.LineDecision{approve(1)}})
	h.refused(err, app.Stale, "versie-verouderd")
}

// undecided is a store that was read before any decision.
type undecided struct{ app.Store }

func (u *undecided) Revision(ctx context.Context, s sroi.Statement) ([]sroi.Line, []sroi.Decision, error) {
	lines, _, err := u.Store.Revision(ctx, s)
	return lines, nil, err
}

// What a take-back that died halfway still holds, the next submission gives back.
func TestTheNextSubmissionCompletesATakeBackThatDied(t *testing.T) {
	h := newHouse(t)
	contract := h.contract("halverwege")
	number := h.add(contract, placementInput("Jansen", 24))
	h.today = "2022-04-05"
	quarter := calendar.MustPeriod("2022-Q1")
	s := h.submitted(contract, "2022-Q1", h.placed(contract, number, 312), h.purchased(contract, "F-1", "100"))
	_, err := h.Decide(h.ctx, matching(h.as(sroi.Consultant), s.Version), contract.ID, quarter, app.DecideInput{Lines: []app.LineDecision{approve(1)}})
	h.must(err)
	ctx, cancel := context.WithCancel(h.ctx)
	late := h.disturbed(func() {})
	late.Store = &fading{late.Store, cancel}
	if _, err := late.Decide(ctx, matching(h.as(sroi.Consultant), s.Version), contract.ID, quarter, app.DecideInput{SendBack: "graag aanvullen"}); err == nil {
		t.Fatal("it did not die")
	}
	file, err := h.Store.File(h.ctx, contract.ID)
	h.must(err)
	person, err := h.Store.Person(h.ctx, file.Placements[0].Person)
	h.must(err)
	if len(person.Takes) != 1 {
		t.Fatalf("%d takes: it died too late", len(person.Takes))
	}
	h.resubmitted(contract, quarter)
	if person, err = h.Store.Person(h.ctx, file.Placements[0].Person); err != nil || len(person.Takes) != 0 {
		t.Errorf("%d takes left: %v", len(person.Takes), err)
	}
}

// resubmitted submits the draft that there is.
func (h *house) resubmitted(contract sroi.Contract, quarter calendar.Period) {
	h.t.Helper()
	head, err := h.Store.Statement(h.ctx, contract.ID, quarter)
	h.must(err)
	_, err = h.SubmitStatement(h.ctx, matching(h.as(sroi.Supplier), head.Version), contract.ID, quarter)
	h.must(err)
}

// fading is a store whose caller dies before it can release anything.
type fading struct {
	app.Store
	cancel context.CancelFunc
}

func (d *fading) Release(ctx context.Context, takes []app.Take) error {
	d.cancel()
	return d.Store.Release(ctx, takes)
}

// If-Match names the entry that a correction was weighed against: two that each
// take all there is do not both happen.
func TestACorrectionIsBookedOnTheEntryThatItWasWeighedAgainst(t *testing.T) {
	h := newHouse(t)
	contract := h.contract("gewogen")
	h.today = "2022-04-05"
	h.decided(h.submitted(contract, "2022-Q1", h.purchased(contract, "F-1", "1000")), approve)
	all := app.CorrectionInput{Corrects: 3, Year: 2022, Delta: -cents("1000"), Reason: "anders", Text: "proef"}
	seq := h.balance(contract).Seq
	late := h.disturbed(func() {
		_, _, err := h.Correct(h.ctx, matching(h.as(sroi.Consultant), seq), contract.ID, all)
		h.must(err)
	})
	_, _, err := late.Correct(h.ctx, matching(h.as(sroi.Consultant), seq), contract.ID, all)
	h.refused(err, app.Stale, "versie-verouderd")
	if b := h.balance(contract); b.Verified != 0 || b.Seq != seq+1 {
		t.Errorf("balance %+v", b)
	}
}

// Two corrections with one key at the same time: the second is held to the payload
// of the first, and otherwise answered with it.
func TestACorrectionWhoseKeyWasUsedMeanwhile(t *testing.T) {
	h := newHouse(t)
	contract := h.contract("sleutel")
	h.today = "2022-04-05"
	h.decided(h.submitted(contract, "2022-Q1", h.purchased(contract, "F-1", "2000")), approve)
	for name, other := range map[string]string{"the same": "500", "another": "700"} {
		seq := h.balance(contract).Seq
		call := matching(h.as(sroi.Consultant), seq)
		in := app.CorrectionInput{Corrects: 3, Year: 2022, Delta: -cents("500"), Reason: "anders", Text: "proef"}
		meanwhile := in
		meanwhile.Delta = -cents(other)
		late := h.disturbed(func() {
			_, _, err := h.Correct(h.ctx, call, contract.ID, meanwhile)
			h.must(err)
		})
		_, balance, err := late.Correct(h.ctx, call, contract.ID, in)
		if name == "another" {
			h.refused(err, app.KeyReused, "sleutel-hergebruikt")
		} else {
			h.must(err)
			if sroi.Digest(balance) != sroi.Digest(h.balance(contract)) {
				t.Errorf("answered with %+v", balance)
			}
		}
		if b := h.balance(contract); b.Seq != seq+1 {
			t.Errorf("%s: %d entries more", name, b.Seq-seq)
		}
	}
}

// outpaced is a store in which somebody else acts, once, just after a file was read.
type outpaced struct {
	app.Store
	acts func()
}

func (o *outpaced) File(ctx context.Context, id string) (app.File, error) {
	file, err := o.Store.File(ctx, id)
	if acts := o.acts; acts != nil {
		o.acts = nil
		acts()
	}
	return file, err
}

// Who began to decide under the old rules decides under the new ones, where the
// contract moved and the statement was handed in anew meanwhile.
func TestADecisionIsTakenUnderTheRulesOfTheStatement(t *testing.T) {
	h := newHouse(t)
	h.under(unchanged, merge)
	contract := h.contract("ingehaald")
	number := h.add(contract, placementInput("Jansen", 24))
	h.today = "2022-04-05"
	quarter := calendar.MustPeriod("2022-Q1")
	h.draft(contract, "2022-Q1", h.placed(contract, number, 312))
	late := *h.Service
	late.Store = &outpaced{h.Store, func() {
		_, err := h.MoveRules(h.ctx, matching(h.as(sroi.Consultant), h.balance(contract).Seq), contract.ID, toNewVersion())
		h.must(err)
		draft := h.draft(contract, "2022-Q1", h.placed(contract, number, 312))
		_, err = h.SubmitStatement(h.ctx, matching(h.as(sroi.Supplier), draft.Statement.Version), contract.ID, quarter)
		h.must(err)
	}}
	decided, err := late.Decide(h.ctx, matching(h.as(sroi.Consultant), 3), contract.ID, quarter, app.DecideInput{Lines: []app.LineDecision{approve(1)}})
	h.must(err)
	if d := decided.Decisions[0]; d.Value != cents("6000") || d.Receipt.Rules.Version != calendar.MustDate("2022-01-01") { // € 36.000 × 24/36, a quarter
		t.Errorf("%s under %s", d.Value, d.Receipt.Rules.Version)
	}
}
