// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"slices"
	"strings"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

// AmendContract changes a contract's value, term or certificates, under If-Match
// with the number of the contract's newest ledger entry. The obligation is worked
// out anew under the pinned rules, as if the contract had always been so.
func (s *Service) AmendContract(ctx context.Context, call Call, id string, in AmendmentInput) (sroi.Amendment, Account, error) {
	draft := sroi.Amendment{Kind: in.Kind, Reason: in.Reason, Text: in.Text, Effective: in.Effective, Payload: sroi.Digest(in)}
	return s.amend(ctx, call, id, "amend-contract", as(sroi.Officer), draft, func(a Account, rules *ruleset.RuleSet) (sroi.Contract, error) {
		stated, err := s.lastStated(ctx, a.Contract)
		if err != nil {
			return a.Contract, err
		}
		var found faults
		checkAmendment(in, &found)
		becomes := amended(a.Contract, in, stated, &found)
		if err := found.err(); err != nil {
			return becomes, err
		}
		return obligedAgain(becomes, rules)
	})
}

// ReportTurnover reports what the moving basis of an obligation came to over
// some days, which follow those reported before, likewise under If-Match.
func (s *Service) ReportTurnover(ctx context.Context, call Call, id string, in TurnoverInput) (sroi.Amendment, Account, error) {
	span := calendar.Span{From: in.From, To: in.To}
	draft := sroi.Amendment{
		Kind: sroi.AmendTurnover, Text: in.Text, Effective: in.To, Payload: sroi.Digest(in),
		Turnover: &sroi.Turnover{Span: span, Amount: in.Amount, Final: in.Final},
	}
	return s.amend(ctx, call, id, "report-turnover", as(sroi.Supplier, sroi.Officer), draft, func(a Account, rules *ruleset.RuleSet) (sroi.Contract, error) {
		becomes, err := withTurnover(call, a.Contract, rules, in)
		if err != nil {
			return becomes, err
		}
		return obligedAgain(becomes, rules)
	})
}

func as(roles ...sroi.Role) []sroi.Role { return roles }

// obligedAgain works out the obligations of a changed contract.
func obligedAgain(becomes sroi.Contract, rules *ruleset.RuleSet) (sroi.Contract, error) {
	obliged, err := becomes.Obliged(rules)
	var found faults
	if found.addAll("", err) {
		return obliged, found.err()
	}
	return obliged, err
}

// amend books one change of a contract, all or nothing. The same act again finds
// what it made.
func (s *Service) amend(ctx context.Context, call Call, id, command string, roles []sroi.Role, draft sroi.Amendment,
	change func(Account, *ruleset.RuleSet) (sroi.Contract, error),
) (sroi.Amendment, Account, error) {
	draft.Act, draft.Booked, draft.At, draft.Actor, draft.Salt = call.act(command+"/"+id), call.Today(), call.at(), call.actor(), s.Salt()
	var booked sroi.Amendment
	var account Account
	err := bounded(func() error {
		var err error
		if account, err = s.Contract(ctx, call, id); err != nil {
			return err
		}
		if err := call.may(roles...); err != nil {
			return err
		}
		amendments, err := s.Store.Amendments(ctx, id)
		if err != nil {
			return err
		}
		if i := slices.IndexFunc(amendments, func(a sroi.Amendment) bool { return a.Act == draft.Act }); i >= 0 {
			booked = amendments[i]
			return sameCommand(booked.Payload, draft.Payload)
		}
		if err := call.matches(account.Balance.Seq); err != nil {
			return err
		}
		rules, err := s.Rules.Pinned(account.Contract.Rules)
		if err != nil {
			return err
		}
		becomes, err := change(account, rules)
		if err != nil {
			return err
		}
		next, amendment := nextVersion(account, becomes, draft, nil)
		booked, account = amendment, Account{Contract: next.Contract, Balance: next.Balance}
		return s.Store.Amend(ctx, next)
	})
	return booked, account, err
}

// nextVersion is what writing an amendment of an account takes.
func nextVersion(account Account, becomes sroi.Contract, draft sroi.Amendment, moved []sroi.YearAmounts) (Change, sroi.Amendment) {
	amendment, contract, entry := draft.Amended(account.Contract, becomes, account.Balance.Seq+1, moved)
	after, sealed := account.Balance.Next(entry)
	return Change{Contract: contract, Amendment: amendment, Balance: after, Entry: sealed}, amendment
}

// amendmentFields are the fields that belong to each kind of amendment.
var amendmentFields = map[sroi.AmendmentKind]string{
	sroi.AmendValue: "value", sroi.AmendTerm: "endsOn", sroi.AmendOption: "value endsOn", sroi.AmendCertificates: "certificates tenderDate",
}

// checkAmendment holds an amendment to the fields of its kind.
func checkAmendment(in AmendmentInput, found *faults) {
	if strings.TrimSpace(in.Text) == "" {
		found.add("/text", "verplicht", "Een wijziging heeft een toelichting.")
	}
	checkFreeText("/text", in.Text, in.NoBSN, found)
	if in.Reason == sroi.PolicyChange {
		found.add("/reason", "reden-past-niet", "Gewijzigd beleid is een reden om van rekenregel te wisselen, niet om het contract te wijzigen.")
	}
	if _, here := amendmentFields[in.Kind]; !here {
		found.add("/kind", "soort-past-niet", "Een opgave van omzet of loonsom en een wissel van rekenregel hebben een eigen adres: omzetopgaven en rekenregelwissels.")
		return
	}
	changes := false
	for _, field := range []struct {
		name  string
		given bool
	}{
		{"value", in.Value != nil}, {"endsOn", !in.EndsOn.IsZero()}, {"certificates", in.Certificates != nil}, {"tenderDate", !in.TenderDate.IsZero()},
	} {
		belongs := slices.Contains(strings.Fields(amendmentFields[in.Kind]), field.name)
		changes = changes || belongs && field.given && field.name != "tenderDate"
		if field.given && !belongs {
			found.add("/"+field.name, "past-niet-bij-soort", "Dit veld hoort niet bij deze soort wijziging.")
		}
	}
	if !changes {
		found.add("/kind", "niets-te-wijzigen", "Geef wat er wijzigt: de waarde, de laatste dag of de certificaten, naar de soort wijziging.")
	}
}

// amended is the contract with the change, but for its obligation. Stated is the
// last day that a statement covers.
func amended(c sroi.Contract, in AmendmentInput, stated calendar.Date, found *faults) sroi.Contract {
	term := c.Term
	if in.Value != nil {
		if *in.Value <= 0 || *in.Value == c.Value {
			found.add("/value", "bedrag-onmogelijk", "Geef de nieuwe waarde in euro's exclusief btw, groter dan nul en anders dan nu.")
		}
		c.Value = *in.Value
	}
	if !in.EndsOn.IsZero() {
		checkEnd(c, in.EndsOn, stated, found)
		if period := calendar.PeriodOf(term.To, c.Cadence).Span(); stated == term.To && term.To.Before(period.To) && term.To.Before(in.EndsOn) {
			c.Late = append(slices.Clone(c.Late), calendar.Span{From: term.To.AddDays(1), To: period.To})
		}
		c.Term.To, c.LinesFrom = in.EndsOn, c.Version+1
	}
	if in.Certificates != nil {
		c.Certificates, c.CertifiedAsOf = in.Certificates, in.Effective
		if !in.TenderDate.IsZero() {
			c.TenderDate = in.TenderDate
		}
	}
	if !term.Contains(in.Effective) && !c.Term.Contains(in.Effective) {
		found.add("/effective", "buiten-looptijd", "De ingangsdatum valt niet in de looptijd van het contract.")
	}
	return c
}

// checkEnd holds a new last day to what was reported already.
func checkEnd(c sroi.Contract, end, stated calendar.Date, found *faults) {
	span, last := calendar.Span{From: c.Term.From, To: end}, stated
	if c.Reported != nil {
		last = laterOf(last, c.Reported.AsOf)
	}
	if c.Opening != nil {
		last = laterOf(last, c.Opening.AsOf)
	}
	cut := calendar.PeriodOf(c.Term.To, c.Cadence)
	switch {
	case c.Settled != nil:
		found.add("/endsOn", "opgave-definitief", "De omzet of loonsom over de hele looptijd is al definitief opgegeven; de looptijd ligt daarmee vast.")
	case end == c.Term.To:
		found.add("/endsOn", "niets-te-wijzigen", "Dit is al de laatste dag.")
	case span.Empty() || end.Before(last):
		found.add("/endsOn", "al-verantwoord", "De looptijd kan niet eindigen vóór haar begin of vóór "+laterOf(last, c.Term.From).Dutch()+": tot en met die dag is al verantwoord of opgegeven.")
	case stated == c.Term.To && !end.After(cut.Span().To):
		found.add("/endsOn", "periode-al-verantwoord", "Over "+cut.String()+" is al verantwoord, tot en met de oude laatste dag. Verleng tot na die periode, of laat de verantwoording eerst intrekken of terugsturen.")
	case span.Days() > 30*366:
		found.add("/endsOn", "looptijd-te-lang", "Een looptijd van meer dan dertig jaar kan niet.")
	}
}

func laterOf(a, b calendar.Date) calendar.Date {
	if a.Before(b) {
		return b
	}
	return a
}

// lastStated is the last day that a submitted or decided statement covers; zero
// where there is none.
func (s *Service) lastStated(ctx context.Context, c sroi.Contract) (calendar.Date, error) {
	statements, err := s.Store.Statements(ctx, c.ID)
	var last calendar.Date
	for _, statement := range statements {
		if statement.State == sroi.Submitted || statement.State == sroi.Decided {
			last = laterOf(last, statement.Period.Span().Intersect(c.Term).End())
		}
	}
	return last, err
}

// withTurnover adds a report to what was reported. Once that is all of the term,
// only the final report can follow, over the last day, with what it still adds.
func withTurnover(call Call, c sroi.Contract, rules *ruleset.RuleSet, in TurnoverInput) (sroi.Contract, error) {
	rule, _ := rules.ObligationRule(c.Nature)
	if !rule.Basis.Moving() {
		return c, refuse(Conflict, "grondslag-ligt-vast", "De SR-verplichting van dit contract hangt niet van omzet of loonsom af; er valt niets op te geven.")
	}
	if c.Settled != nil {
		return c, refuse(Conflict, "opgave-definitief", "De omzet of loonsom van dit contract is al definitief opgegeven.")
	}
	var found faults
	next, sum := c.Term.From, in.Amount
	if c.Reported != nil {
		next, sum = c.Reported.AsOf.AddDays(1), sum+c.Reported.Amount
	}
	if next.After(c.Term.To) { // all of it was reported, and not as final
		next = c.Term.To
		if !in.Final {
			found.add("/final", "sluit-niet-aan", "Over de hele looptijd is al opgegeven. Alleen de definitieve opgave kan nog, over de laatste dag, "+next.Dutch()+", met wat er nog bij komt of af gaat, of nul.")
		}
	}
	checkFreeText("/text", in.Text, in.NoBSN, &found)
	if in.From != next {
		found.add("/from", "sluit-niet-aan", "De opgaven sluiten op elkaar aan: deze begint op "+next.Dutch()+".")
	}
	switch span := (calendar.Span{From: in.From, To: in.To}); {
	case span.Empty() || in.To.After(c.Term.To):
		found.add("/to", "buiten-looptijd", "De laatste dag ligt niet voor de eerste en niet na het einde van de looptijd, "+c.Term.To.Dutch()+".")
	case !in.To.Before(call.Today()):
		found.add("/to", "periode-niet-voorbij", "Opgeven kan over dagen die voorbij zijn.")
	case in.Final && in.To != c.Term.To:
		found.add("/final", "looptijd-niet-voorbij", "De definitieve opgave loopt tot en met het einde van de looptijd, "+c.Term.To.Dutch()+". Eindigt het contract eerder, wijzig dan eerst de looptijd.")
	}
	if sum < 0 || sum > money.Max {
		found.add("/amount", "bedrag-onmogelijk", "Alle opgaven samen zijn nul of meer, en niet meer dan het systeem kan tellen.")
	}
	reported := &sroi.Reported{Amount: sum, AsOf: in.To}
	if in.Final {
		c.Settled = reported
	} else {
		c.Reported = reported
	}
	return c, found.err()
}

// Amendments lists a contract's amendments by number, with the contract.
func (s *Service) Amendments(ctx context.Context, call Call, id string) ([]sroi.Amendment, Account, error) {
	account, err := s.Contract(ctx, call, id)
	if err != nil {
		return nil, Account{}, err
	}
	amendments, err := s.Store.Amendments(ctx, id)
	return amendments, account, err
}

// Obligation reads what a contract owes, and what is due of it on a day; today
// where the day is zero.
func (s *Service) Obligation(ctx context.Context, call Call, id string, asOf calendar.Date) (ObligationState, error) {
	account, err := s.Contract(ctx, call, id)
	if err != nil {
		return ObligationState{}, err
	}
	rules, err := s.Rules.Pinned(account.Contract.Rules)
	if err != nil {
		return ObligationState{}, err
	}
	if asOf.IsZero() {
		asOf = call.Today()
	}
	due, err := rules.ExplainDue(account.Contract.Due(asOf))
	return ObligationState{Contract: account.Contract, Due: due}, err
}
