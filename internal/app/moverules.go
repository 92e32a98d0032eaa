// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

// TryRules works out what a move to other rules would do to a contract's
// obligation and to each decided line. It stores nothing.
func (s *Service) TryRules(ctx context.Context, call Call, id string, in RulesInput) (RulesMove, error) {
	m, err := s.mover(ctx, call, id)
	if err != nil {
		return RulesMove{}, err
	}
	change, err := m.planned(in)
	if err != nil {
		return RulesMove{}, err
	}
	answer := RulesMove{Amendment: change.Amendment, Lines: m.lines, Balance: m.balance, Expected: change.Balance}
	for _, line := range m.lines {
		if line.Value != line.Decision.Value {
			_, entry, err := m.correction(line, line.Decision)
			if err != nil {
				return RulesMove{}, err
			}
			answer.Expected, _ = answer.Expected.Next(entry)
		}
	}
	return answer, nil
}

// MoveRules moves a contract to other rules, under If-Match with the number of
// its newest ledger entry, so that what is carried out is what a trial showed.
// One transaction moves the contract; then each decided line whose value changes
// is corrected. The same act again completes what a crash left, and answers the
// same.
func (s *Service) MoveRules(ctx context.Context, call Call, id string, in RulesInput) (RulesMove, error) {
	m, err := s.mover(ctx, call, id)
	if err != nil {
		return RulesMove{}, err
	}
	m.act, m.payload = call.act("move-rules/"+id), sroi.Digest(in)
	amendment, found := m.booked()
	if found {
		err = sameCommand(amendment.Payload, m.payload)
	} else if err = call.matches(m.balance.Seq); err == nil {
		var change Change
		if change, err = m.planned(in); err == nil {
			amendment, err = change.Amendment, stale(s.Store.Amend(ctx, change))
		}
	}
	if err != nil {
		return RulesMove{}, err
	}
	if err := m.resume(ctx, amendment); err != nil {
		return RulesMove{}, err
	}
	for _, line := range m.lines {
		if err := m.correct(ctx, line); err != nil {
			return RulesMove{}, err
		}
	}
	return RulesMove{Amendment: amendment, Lines: m.lines, Balance: m.balance, Expected: m.balance}, nil
}

// mover moves one contract to other rules.
type mover struct {
	service      *Service
	call         Call
	act, payload string
	ledger       sroi.Ledger
	balance      sroi.Balance // after the ledger's entries
	file         File         // placements as they were typed; the contract as it is
	rules        *ruleset.RuleSet
	lines        []RevaluedLine // every decided line, as it was before the move
	moved        int            // number of the amendment that moved it
}

func (s *Service) mover(ctx context.Context, call Call, id string) (*mover, error) {
	if _, err := s.Contract(ctx, call, id); err != nil {
		return nil, err
	}
	if err := call.may(sroi.Consultant); err != nil {
		return nil, err
	}
	file, err := s.Store.File(ctx, id)
	m := &mover{service: s, call: call, file: file}
	if err != nil {
		return nil, err
	}
	return m, m.reload(ctx)
}

// reload reads the balance and the ledger up to it.
func (m *mover) reload(ctx context.Context) error {
	account, err := m.service.Store.Account(ctx, m.file.Contract.ID)
	if err != nil {
		return err
	}
	ledger, err := m.service.Store.ContractLedger(ctx, account.Contract.ID)
	m.balance, m.ledger = account.Balance, ledger.Through(account.Balance.Seq)
	return err
}

// booked is the amendment that this very act made before.
func (m *mover) booked() (sroi.Amendment, bool) {
	i := slices.IndexFunc(m.ledger.Amendments, func(a sroi.Amendment) bool { return a.Act == m.act })
	if i < 0 {
		return sroi.Amendment{}, false
	}
	return m.ledger.Amendments[i], true
}

// resume takes the contract and the rules as the amendment left them, and values
// the lines that were decided before it.
func (m *mover) resume(ctx context.Context, amendment sroi.Amendment) error {
	if err := m.reload(ctx); err != nil {
		return err
	}
	m.file.Contract = m.ledger.ContractAfter(amendment.Number)
	rules, err := m.service.Rules.Pinned(m.file.Contract.Rules)
	if err != nil {
		return err
	}
	m.rules, m.lines, m.moved = rules, nil, amendment.Number
	return m.revalue(m.ledger.Before(amendment.Entry).DecidedLines(), nil)
}

// revalue values decided lines under the rules. What has no worth under them
// goes to found; where that is nil, it is an error.
func (m *mover) revalue(lines []sroi.DecidedLine, found *faults) error {
	v, err := revaluing(m.file.under(m.rules), m.rules, lines)
	if err != nil {
		return err
	}
	for _, line := range lines {
		decision, err := v.decision(line.Line, line.Decision)
		faulty, isFaulty := errors.AsType[ruleset.Faults](err)
		switch {
		case isFaulty && found != nil:
			found.add("/blocks", "niet-te-waarderen", fmt.Sprintf("Regel %d van %s heeft geen waarde onder deze rekenregel. %s", line.Line.Number, line.Period, faulty.Error()))
		case err != nil:
			return err
		}
		m.lines = append(m.lines, RevaluedLine{DecidedLine: line, Receipt: decision.Receipt, Value: decision.Value})
	}
	return nil
}

// planned checks the move and works it out; every fault is named at once.
func (m *mover) planned(in RulesInput) (Change, error) {
	was, before := m.file, m.file.Contract
	rules, err := m.target(in)
	if err != nil {
		return Change{}, err
	}
	old, err := m.service.Rules.Pinned(before.Rules)
	if err != nil {
		return Change{}, err
	}
	var found faults
	m.rules = rules
	m.checkMove(in, &found)
	becomes, err := before.Under(rules).Obliged(rules)
	if err != nil && !found.addAll("/version", err) {
		return Change{}, err
	}
	becomes.LinesFrom, becomes.Blocks = before.Version+1, m.translated(old, in, &found)
	if err := found.err(); err != nil {
		return Change{}, err // a line without a block would only repeat it
	}
	m.file.Contract = becomes
	if err := m.revalue(m.ledger.DecidedLines(), &found); err != nil {
		return Change{}, err
	}
	if err := found.err(); err != nil {
		return Change{}, err
	}
	draft := sroi.Amendment{
		Kind: sroi.AmendRules, Reason: in.Reason, Text: in.Text, Effective: m.call.Today(), Booked: m.call.Today(), At: m.call.at(),
		Actor: m.call.actor(), Act: m.act, Payload: m.payload, Salt: m.service.Salt(),
	}
	change, _ := nextVersion(Account{Contract: before, Balance: m.balance}, becomes, draft, m.reclassified(was, old))
	return change, nil
}

func (m *mover) target(in RulesInput) (*ruleset.RuleSet, error) {
	var found faults
	rules, err := m.service.Rules.Version(or(in.RuleSet, m.file.Contract.Rules.ID), in.Version)
	if err != nil {
		found.add("/version", "rekenregel-onbekend", "Deze versie van de rekenregel bestaat niet; zie /v1/rekenregels.")
		checkMoveText(in, &found)
	}
	return rules, found.err()
}

func checkMoveText(in RulesInput, found *faults) {
	if strings.TrimSpace(in.Text) == "" {
		found.add("/text", "verplicht", "Een wijziging heeft een toelichting.")
	}
	checkFreeText("/text", in.Text, in.NoBSN, found)
}

func (m *mover) checkMove(in RulesInput, found *faults) {
	contract := m.file.Contract
	checkMoveText(in, found)
	if m.rules.Ref() == contract.Rules {
		found.add("/version", "zelfde-rekenregel", "Het contract rekent al met deze versie.")
	} else if !in.Deviates && !m.service.Rules.Selects(m.rules, datesOf(contract)) {
		found.add("/deviates", "afwijkend-van-anker", "Op de datum die de versie bepaalt, was dit niet de geldende versie. Bevestig met afwijkendVanAnker dat u toch wisselt.")
	}
	if waiting := m.ledger.Undecided(); len(waiting) > 0 {
		var names []string
		for _, period := range waiting {
			names = append(names, period.String())
		}
		found.add("/version", "verantwoording-onbeoordeeld", "Beoordeel eerst wat is ingediend: "+strings.Join(names, ", ")+".")
	}
}

// translated gives codes of before that do not exist under the rules their code
// there: at least those in use.
func (m *mover) translated(old *ruleset.RuleSet, in RulesInput, found *faults) map[string]string {
	used := m.codesInUse()
	for _, code := range used {
		if _, exists := m.rules.Block(code); !exists && in.Blocks[code] == "" {
			found.add("/blocks", "bouwblok-zonder-opvolger", "Bouwblok "+code+" bestaat niet in deze rekenregel; noem bij bouwblokken wat ervoor in de plaats komt.")
		}
	}
	for _, code := range slices.Sorted(maps.Keys(in.Blocks)) {
		if _, exists := m.rules.Block(in.Blocks[code]); !exists {
			found.add("/blocks/"+code, "bouwblok-onbekend", "Dit bouwblok bestaat niet in deze rekenregel.")
		}
		_, stays := m.rules.Block(code)
		if _, known := old.Block(code); stays || !known && !slices.Contains(used, code) {
			found.add("/blocks/"+code, "bouwblok-niet-te-vervangen", "Dit bouwblok is onbekend, of bestaat ook in deze rekenregel; laat het weg.")
		}
	}
	return in.Blocks
}

// codesInUse are the blocks of placements and decided lines as they were typed.
func (m *mover) codesInUse() []string {
	var codes []string
	for _, p := range m.file.Placements {
		codes = append(codes, p.Block)
	}
	for _, line := range m.ledger.DecidedLines() {
		if purchase := line.Line.Claim.Purchase; purchase != nil {
			codes = append(codes, purchase.Block)
		}
		if activity := line.Line.Claim.Activity; activity != nil {
			codes = append(codes, activity.Block)
		}
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

// reclassified is what the move does to the balance before any value changes:
// verified values come under other ceilings, or under none.
func (m *mover) reclassified(was File, old *ruleset.RuleSet) []sroi.YearAmounts {
	was, now := was.under(old), m.file.under(m.rules)
	var moved []sroi.YearAmounts
	for _, line := range m.lines {
		before := was.verified(old, line.Line, line.Decision)
		if change := now.verified(m.rules, line.Line, line.Decision).Minus(before); change.Done != 0 || change.Capped != nil {
			moved = append(moved, change)
		}
	}
	return moved
}

// correction books the value of a line under the rules instead of that of the
// decision that holds.
func (m *mover) correction(line RevaluedLine, holds sroi.Decision) (sroi.Correction, sroi.Entry, error) {
	id := m.call.act(strings.Join([]string{"move-rules", m.file.Contract.ID, line.Period.String(), itoa(line.Line.Number)}, "/"))
	decision := holds
	decision.Value, decision.Receipt = line.Value, line.Receipt
	decision.Booked, decision.At, decision.Actor = m.call.Today(), m.call.at(), m.call.actor()
	decision.Act, decision.Payload, decision.Salt = m.act, m.payload, m.service.Salt()
	correction := sroi.Correction{
		ID: id, Contract: m.file.Contract.ID, Corrects: line.Entry, Period: line.Period, Revision: line.Revision, Line: line.Line.Number,
		Decision: &decision, Year: line.Line.Year, Delta: decision.Value - holds.Value, Reason: string(sroi.RulesChanged),
		Text:   fmt.Sprintf("Het contract rekent met %s van %s.", m.rules.Title, m.rules.Validity.From.Dutch()),
		Booked: m.call.Today(), Act: m.act, Payload: m.payload, Salt: m.service.Salt(),
	}
	var err error
	correction.Receipt, err = m.rules.ExplainCorrection(ruleset.CorrectionInput{
		Line: correction.Line, Year: correction.Year, Before: holds.Value, Delta: correction.Delta,
	})
	file := m.file.under(m.rules)
	amounts := file.verified(m.rules, line.Line, decision).Minus(file.verified(m.rules, line.Line, holds))
	return correction, correcting(m.call, correction, amounts), err
}

// correct books the correction of a line whose value changes, unless a decision
// under the new rules holds already (this act's own, or someone's since), or the
// contract has moved on since, be it back to these rules.
func (m *mover) correct(ctx context.Context, line RevaluedLine) error {
	return bounded(func() error {
		holds := m.ledger.Holding(line.Period, line.Revision, line.Line.Number, line.Decision)
		if m.movedOn() || holds.Receipt.Rules == m.rules.Ref() || holds.Value == line.Value {
			return nil
		}
		correction, entry, err := m.correction(line, holds)
		if err != nil {
			return err
		}
		after, sealed := m.balance.Next(entry)
		stored, err := m.service.Store.AddCorrection(ctx, correction, after, sealed, nil)
		if err == nil && stored.Salt == correction.Salt {
			m.balance = after
			return nil
		}
		if err != nil && !errors.Is(err, ErrStale) {
			return err
		}
		if err := m.reload(ctx); err != nil {
			return err
		}
		return ErrStale // by another booking, or by this act running twice: look again
	})
}

// movedOn tells whether the contract was moved again after this move.
func (m *mover) movedOn() bool {
	return slices.ContainsFunc(m.ledger.Amendments, func(a sroi.Amendment) bool { return a.Kind == sroi.AmendRules && a.Number > m.moved })
}
