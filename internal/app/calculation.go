// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"errors"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/plan"
	"socialreturn/internal/ruleset"
)

// Calculate answers what a contract and its efforts come to, together. It stores
// nothing.
func (s *Service) Calculate(ctx context.Context, call Call, in CalculationInput) (Calculation, error) {
	rules, err := s.calculatedUnder(ctx, call, in)
	if err != nil {
		return Calculation{}, err
	}
	result := Calculation{Rules: rules.Ref(), Assumptions: Assumed(rules)}
	var found faults
	var terms *plan.Terms
	if in.Contract != nil {
		obligation, err := rules.Obligation(*in.Contract)
		if err != nil && !found.addAll("/contract", err) {
			return Calculation{}, err
		}
		if in.Contract.Term.Days() > maxTermDays {
			found.add("/contract/term/to", "looptijd-te-lang", tooLongTerm)
		}
		result.Obligation, terms = &obligation, termsAsked(rules, in, obligation.Amount)
	}
	if len(found) > 0 {
		terms = nil // the efforts' own faults can be told without the contract
	}
	result.Outcome, err = plan.Work(rules, in.Efforts, terms)
	if err != nil && !found.addAll("", err) {
		return Calculation{}, err
	}
	if result.Total > money.Max {
		found.add("/efforts", "bedrag-te-groot", "De inspanningen zijn samen meer dan het systeem kan tellen.")
	}
	return result, found.err()
}

// termsAsked are the terms of the contract that is asked about.
func termsAsked(rules *ruleset.RuleSet, in CalculationInput, obliged money.Cents) *plan.Terms {
	term := in.Contract.Term
	return &plan.Terms{
		Obliged: obliged, Term: term, Counted: rules.Counted(term), Periods: calendar.Periods(term, rules.Cadence), AdviseFrom: in.AdviseFrom,
	}
}

// calculatedUnder is the rule set that the question names.
func (s *Service) calculatedUnder(ctx context.Context, call Call, in CalculationInput) (*ruleset.RuleSet, error) {
	if in.Area != "" {
		rules, err := s.Rules.ForArea(in.Area, in.anchor(call))
		return inForce(rules, err, "/area", "/date", "Voor dit gebied is geen rekenregel bekend. Sommige gelden voor een gemeente, andere voor een arbeidsmarktregio (zoals AM06): /v1/rekenregels noemt de gebieden.")
	}
	id := in.RuleSet
	if id == "" {
		authority, err := s.Authority(ctx, call, in.Authority)
		if err != nil {
			return nil, unseenAuthority(err)
		}
		id = authority.RuleSet
	}
	if in.Version.IsZero() {
		return s.rulesAt(id, in.anchor(call), "/date")
	}
	rules, err := s.Rules.Version(id, in.Version)
	if errors.Is(err, ruleset.ErrUnknown) {
		var found faults
		found.add("/version", "rekenregel-onbekend", "Deze versie van de rekenregel bestaat niet; zie /v1/rekenregels.")
		return nil, found.err()
	}
	return rules, err
}

// unseenAuthority says the same of an authority that does not exist and of one
// that the actor does not work for.
func unseenAuthority(err error) error {
	if KindOf(err) != Absent {
		return err
	}
	var found faults
	found.add("/authority", "opdrachtgever-onbekend", "Deze opdrachtgever is er niet, of u werkt er niet voor. Noem in plaats daarvan de rekenregel, of het gebied.")
	return found.err()
}

// anchor is the date that selects the version.
func (in CalculationInput) anchor(call Call) calendar.Date {
	switch {
	case !in.Date.IsZero():
		return in.Date
	case in.Contract != nil:
		return in.Contract.Term.From
	}
	return call.Today()
}
