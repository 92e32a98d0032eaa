// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/plan"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

// MaxPlan bounds the efforts of a plan that is kept, and maxPlanBytes its size:
// an item of the store holds 400 kB.
const (
	MaxPlan      = 200
	maxPlanBytes = 256 << 10
)

// PlanFile is a kept plan with what it comes to now.
type PlanFile struct {
	Head     PlanHead
	Efforts  []plan.Effort
	Outcome  plan.Outcome // its advice closes the gap that the forecast leaves
	Forecast plan.Forecast
}

// Forecast is what the contract will come to, seen today; nil without a plan.
func (p Prospect) Forecast(today calendar.Date) *plan.Forecast {
	if p.Plan == nil {
		return nil
	}
	forecast := plan.Foresee(p.Balance, p.Plan.Periods, p.Contract.Term, today)
	if p.Plan.Rules != p.Contract.Rules {
		forecast.Text += " Het plan is onder een andere rekenregel bewaard dan het contract nu heeft; bewaar het opnieuw, dan rekent de prognose met de nieuwe."
	}
	return &forecast
}

// Prospect reads a contract with its balance and its newest plan.
func (s *Service) Prospect(ctx context.Context, call Call, contract string) (Prospect, error) {
	prospect, err := s.Store.Prospect(ctx, contract)
	if err != nil {
		return Prospect{}, hidden(err)
	}
	if !call.seesContract(prospect.Contract) {
		return Prospect{}, absent()
	}
	return prospect, nil
}

// SavePlan keeps a plan with its contract: a new revision, under If-Match once
// there is one. It tells whether it is the first.
func (s *Service) SavePlan(ctx context.Context, call Call, contract string, efforts []plan.Effort) (PlanFile, bool, error) {
	prospect, err := s.Prospect(ctx, call, contract)
	if err != nil {
		return PlanFile{}, false, err
	}
	if err := call.may(sroi.Supplier, sroi.Consultant); err != nil {
		return PlanFile{}, false, err
	}
	version, isNew := 1, prospect.Plan == nil
	if !isNew {
		version = prospect.Plan.Version + 1
	}
	if err := call.saves(isNew, version-1); err != nil {
		return PlanFile{}, false, err
	}
	if err := checkKept(efforts); err != nil {
		return PlanFile{}, false, err
	}
	outcome, rules, err := s.work(prospect, prospect.Contract.Rules, efforts)
	if err != nil {
		return PlanFile{}, false, err
	}
	head := PlanHead{
		Contract: contract, Version: version, Rules: rules.Ref(), Total: outcome.Total, Counted: outcome.Counted,
		Digest: sroi.Digest(efforts), Saved: call.at(), Actor: call.actor(),
	}
	for _, period := range outcome.Periods {
		if planned, some := period.Planned(); some {
			head.Periods = append(head.Periods, planned)
		}
	}
	if err := s.Store.SavePlan(ctx, head, PlanRevision{Contract: contract, Version: version, Efforts: efforts}); err != nil {
		return PlanFile{}, false, stale(err)
	}
	prospect.Plan = &head
	file, err := foreseen(prospect, efforts, outcome, rules, call.Today())
	return file, isNew, err
}

// checkKept wants a plan that can be kept: not too large, and of people who are
// not there yet, so that nothing about a person is in it.
func checkKept(efforts []plan.Effort) error {
	var found faults
	if len(efforts) > MaxPlan {
		found.add("/efforts", "te-veel", fmt.Sprintf("Een plan van aanpak heeft hoogstens %d inspanningen.", MaxPlan))
	}
	const why = "Een plan dat bewaard wordt, bevat niets over een persoon; laat dit weg."
	for i, effort := range efforts {
		placed := effort.Placement
		if placed == nil {
			continue
		}
		for _, given := range []struct {
			field string
			is    bool
		}{
			{"earlier", len(placed.Earlier) > 0}, {"subsidised", placed.Subsidised != nil}, {"leftEmployer", !placed.LeftEmployer.IsZero()},
			{"age", placed.Age > 0}, {"internshipMonths", placed.InternshipMonths > 0},
		} {
			if given.is {
				found.add("/efforts/"+itoa(i)+"/"+given.field, "persoonsgegeven", why)
			}
		}
	}
	if body, err := json.Marshal(efforts); err == nil && len(body) > maxPlanBytes {
		found.add("/efforts", "te-omvangrijk", "Dit plan is te omvangrijk om te bewaren: gebruik minder regels in de urenschema's.")
	}
	return found.err()
}

// work works a plan out under rules: those that the contract has, or had.
func (s *Service) work(prospect Prospect, under ruleset.Ref, efforts []plan.Effort) (plan.Outcome, *ruleset.RuleSet, error) {
	rules, err := s.Rules.Pinned(under)
	if err != nil {
		return plan.Outcome{}, nil, err
	}
	terms := termsOf(prospect)
	outcome, err := plan.Work(rules, efforts, &terms)
	var found faults
	if err != nil && !found.addAll("", err) {
		return plan.Outcome{}, nil, err
	}
	return outcome, rules, found.err()
}

// termsOf are the terms of a contract as it stands now.
func termsOf(prospect Prospect) plan.Terms {
	contract := prospect.Contract
	terms := plan.Terms{
		Obliged: prospect.Balance.Obliged, Term: contract.Term, Counted: contract.Counted(), Periods: contract.Periods(),
	}
	if contract.Opening != nil {
		terms.Met = contract.Opening.Verified
	}
	return terms
}

// foreseen completes a plan with the forecast, and with advice on what it leaves.
func foreseen(prospect Prospect, efforts []plan.Effort, outcome plan.Outcome, rules *ruleset.RuleSet, today calendar.Date) (PlanFile, error) {
	file := PlanFile{Head: *prospect.Plan, Efforts: efforts, Outcome: outcome, Forecast: *prospect.Forecast(today)}
	terms, rooms := termsOf(prospect), map[string]money.Cents{}
	terms.AdviseFrom = today
	for _, ceiling := range plan.Ahead(prospect.Balance, prospect.Plan.Periods, terms.Term, today).CeilingStates() {
		rooms[ceiling.Code] = ceiling.Most - ceiling.Counted
	}
	var err error
	file.Outcome.Advice, err = plan.Advise(rules, terms, file.Forecast.Outstanding, rooms)
	return file, err
}

// Plan reads the newest plan of a contract, with what it comes to now.
func (s *Service) Plan(ctx context.Context, call Call, contract string) (PlanFile, error) {
	prospect, err := s.Prospect(ctx, call, contract)
	if err != nil {
		return PlanFile{}, err
	}
	if prospect.Plan == nil {
		return PlanFile{}, absent()
	}
	revision, err := s.Store.PlanRevision(ctx, contract, prospect.Plan.Version)
	if err != nil {
		return PlanFile{}, err
	}
	efforts, err := s.present(prospect, revision.Efforts)
	if err != nil {
		return PlanFile{}, err
	}
	outcome, rules, err := s.work(prospect, prospect.Contract.Rules, efforts)
	if KindOf(err) == Invalid && prospect.Plan.Rules != prospect.Contract.Rules {
		// Not all of it has a place under the present rules: what it was under its own.
		efforts = revision.Efforts
		outcome, rules, err = s.work(prospect, prospect.Plan.Rules, efforts)
	}
	if err != nil {
		return PlanFile{}, err
	}
	return foreseen(prospect, efforts, outcome, rules, call.Today())
}

// present is the efforts of a plan in the codes of the contract's present rules,
// without bonuses that those lack.
func (s *Service) present(prospect Prospect, efforts []plan.Effort) ([]plan.Effort, error) {
	contract := prospect.Contract
	if prospect.Plan.Rules == contract.Rules {
		return efforts, nil
	}
	rules, err := s.Rules.Pinned(contract.Rules)
	if err != nil {
		return nil, err
	}
	translated := slices.Clone(efforts)
	for i := range translated {
		effort := &translated[i]
		switch {
		case effort.Placement != nil:
			p := *effort.Placement
			p.Block = contract.BlockIn(p.Block)
			p.Bonuses = rules.BonusesFor(p.Block, p.Bonuses)
			effort.Placement = &p
		case effort.Purchase != nil:
			p := *effort.Purchase
			p.Block = contract.BlockIn(p.Block)
			effort.Purchase = &p
		default:
			a := *effort.Activity
			a.Block = contract.BlockIn(a.Block)
			effort.Activity = &a
		}
	}
	return translated, nil
}
