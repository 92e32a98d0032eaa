// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"socialreturn/internal/money"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

// Correct books a correction of something decided: a line's decision from now
// on, or an amount, under If-Match with the number of the contract's newest
// ledger entry. What was booked before stays as it is.
func (s *Service) Correct(ctx context.Context, call Call, contract string, in CorrectionInput) (sroi.Correction, sroi.Balance, error) {
	correction := sroi.Correction{
		ID: call.act("correct/" + contract), Contract: contract, Corrects: in.Corrects, Year: in.Year, Delta: in.Delta,
		Reason: string(in.Reason), Text: in.Text, Booked: call.Today(), Act: call.act("correct/" + contract), Payload: sroi.Digest(in), Salt: s.Salt(),
	}
	var booked sroi.Correction
	var balance sroi.Balance
	err := bounded(func() error {
		account, err := s.Contract(ctx, call, contract)
		if err != nil {
			return err
		}
		if err := call.may(sroi.Consultant); err != nil {
			return err
		}
		if booked, err = s.Store.Correction(ctx, contract, correction.ID); !errors.Is(err, ErrAbsent) {
			balance = account.Balance
			if err == nil {
				err = sameCommand(booked.Payload, correction.Payload)
			}
			return err
		}
		if err := s.mayCorrect(ctx, call, account, in); err != nil {
			return err
		}
		booked, balance, err = s.bookCorrection(ctx, call, account, correction, in)
		return err
	})
	return booked, balance, err
}

// mayCorrect holds a correction to the ledger as the caller saw it. An amount is
// for someone who prepared none of the statements that it may correct. Nothing is
// booked meanwhile: If-Match names the newest entry.
func (s *Service) mayCorrect(ctx context.Context, call Call, account Account, in CorrectionInput) error {
	if err := call.matches(account.Balance.Seq); err != nil {
		return err
	}
	after, limit := max(in.Corrects-1, 0), 1
	if in.Decision == nil {
		if err := s.decidesOnAny(ctx, call, account.Contract.ID); err != nil {
			return err
		}
		after, limit = 0, account.Balance.Seq
	}
	entries, err := s.Store.Entries(ctx, account.Contract.ID, after, limit)
	if err != nil {
		return err
	}
	var found faults
	checkCorrection(in, &found)
	checkCorrected(entries, in, &found)
	if in.Decision == nil {
		checkAmount(call, account, entries, in, &found)
	}
	return found.err()
}

func checkCorrection(in CorrectionInput, found *faults) {
	if in.Reason == "" {
		found.add("/reason", "verplicht", "Een correctie heeft een reden.")
	}
	if strings.TrimSpace(in.Text) == "" {
		found.add("/text", "verplicht", "Een correctie heeft een toelichting.")
	}
	checkFreeText("/text", in.Text, in.NoBSN, found)
	if in.Decision != nil && (in.Delta != 0 || in.Year != 0) {
		found.add("/delta", "regel-of-bedrag", "Corrigeer een regel, of een bedrag, niet beide.")
	}
}

// checkCorrected holds a correction to the entry that it names: of a line, the
// one that booked its decision; of an amount, one that booked verified value in
// that year; of either, an earlier correction.
func checkCorrected(entries []sroi.Entry, in CorrectionInput, found *faults) {
	switch entry, known := numbered(entries, in.Corrects); {
	case !known:
		found.add("/corrects", "mutatie-onbekend", "Deze mutatie bestaat niet bij dit contract.")
	case in.Decision == nil && !verifies(entry, in.Year):
		found.add("/corrects", "mutatie-past-niet", "Noem een mutatie die in dat jaar goedgekeurde waarde boekte: een beoordeling, een eerdere correctie of de beginstand.")
	case in.Decision != nil && entry.Kind != sroi.Corrected && (entry.Kind != sroi.StatementDecided || entry.Period != in.Period):
		found.add("/corrects", "mutatie-past-niet", "Noem de mutatie die de beoordeling van deze verantwoording boekte, of een eerdere correctie.")
	}
}

func numbered(entries []sroi.Entry, seq int) (sroi.Entry, bool) {
	i := slices.IndexFunc(entries, func(e sroi.Entry) bool { return e.Seq == seq })
	if i < 0 {
		return sroi.Entry{}, false
	}
	return entries[i], true
}

// verifies tells whether an entry booked verified value in a year.
func verifies(e sroi.Entry, year int) bool {
	switch e.Kind {
	case sroi.StatementDecided, sroi.Corrected, sroi.OpeningBooked:
		return slices.ContainsFunc(e.Amounts, func(a sroi.YearAmounts) bool { return a.Year == year && a.Verified != 0 })
	}
	return false
}

// checkAmount wants an amount to leave the verified value of the year that it
// concerns at zero or more; and to verify no more than was ever claimed: it gives
// back at most what an earlier amount took. An opening balance was claimed by
// nobody, and may be set right upwards too.
func checkAmount(call Call, account Account, entries []sroi.Entry, in CorrectionInput, found *faults) {
	first, last := account.Contract.Counted().From.Year(), min(call.Today().Year(), account.Contract.Term.To.Year())
	possible := in.Year >= first && in.Year <= last
	if !possible {
		found.add("/year", "jaar-onmogelijk", "Noem het jaar waarop de correctie betrekking heeft, binnen de looptijd en niet in de toekomst.")
	}
	verified, room := roomIn(in.Year, entries)
	if corrected, known := numbered(entries, in.Corrects); known && corrected.Kind == sroi.OpeningBooked {
		room = money.Max
	}
	switch {
	case in.Delta == 0 || in.Delta > money.Max || in.Delta < -account.Balance.Verified:
		found.add("/delta", "bedrag-onmogelijk", "Geef een verschil dat niet nul is en de goedgekeurde waarde niet onder nul brengt.")
	case possible && verified+in.Delta < 0:
		found.add("/delta", "bedrag-onmogelijk", fmt.Sprintf("Over %d is %s goedgekeurd; meer kan er niet af.", in.Year, verified.Euro()))
	case possible && in.Delta > room:
		found.add("/delta", "boven-claim", fmt.Sprintf("Over %d kan er hoogstens %s bij: zoveel is er van wat was opgegeven met een eerder bedrag afgehaald. Corrigeer anders een regel.", in.Year, room.Euro()))
	}
}

// roomIn is what is verified of a year, and how much of it amounts have taken
// off. Deciding a line, also anew, moves what was claimed from one sum to another;
// only an amount changes them together.
func roomIn(year int, entries []sroi.Entry) (verified, room money.Cents) {
	for _, entry := range entries {
		for _, amounts := range entry.Amounts {
			if amounts.Year != year {
				continue
			}
			verified += amounts.Verified
			if entry.Kind == sroi.Corrected {
				room -= amounts.Pending + amounts.Verified + amounts.Rejected
			}
		}
	}
	return verified, max(room, 0)
}

// bookCorrection books it on the balance that it was held to. ErrStale where
// that, or the person's tally, moved on, and where the same key booked another
// meanwhile.
func (s *Service) bookCorrection(ctx context.Context, call Call, account Account, correction sroi.Correction, in CorrectionInput) (sroi.Correction, sroi.Balance, error) {
	take, amounts := (*Take)(nil), sroi.YearAmounts{Year: correction.Year, Verified: correction.Delta}
	var err error
	if in.Decision == nil {
		err = s.explainAmount(account, &correction)
	} else {
		take, amounts, err = s.redecide(ctx, call, &correction, in)
		amounts.Rejected = -correction.Delta
	}
	if err != nil {
		return correction, account.Balance, err
	}
	after, entry := account.Balance.Next(correcting(call, correction, amounts))
	stored, err := s.Store.AddCorrection(ctx, correction, after, entry, take)
	if errors.Is(err, ErrTaken) {
		err = refuse(Conflict, "al-geteld", "Hetzelfde is al goedgekeurd in een andere verantwoording van dit contract.")
	}
	if err == nil && stored.Salt != correction.Salt {
		err = ErrStale
	}
	return stored, after, err
}

// explainAmount gives a correction of an amount its receipt: the contract's
// verified value before and after, as its entries add up to.
func (s *Service) explainAmount(account Account, correction *sroi.Correction) error {
	rules, err := s.Rules.Pinned(account.Contract.Rules)
	if err != nil {
		return err
	}
	correction.Receipt, err = rules.ExplainCorrection(ruleset.CorrectionInput{
		Year: correction.Year, Before: account.Balance.Verified, Delta: correction.Delta,
	})
	var found faults
	if found.addAll("", err) { // others corrected it since it was checked
		return found.err()
	}
	return err
}

// correcting is the entry that books a correction. What a consultant takes from
// the verified value of a line is rejected, so its amounts say; an amount as such
// and a move to other rules reject nothing.
func correcting(call Call, c sroi.Correction, amounts sroi.YearAmounts) sroi.Entry {
	return sroi.Entry{
		Kind: sroi.Corrected, Booked: call.Today(), At: call.at(), Actor: call.actor(), Amounts: []sroi.YearAmounts{amounts},
		Correction: c.ID, Corrects: c.Corrects, Reason: c.Reason, Subject: sroi.Digest(c),
	}
}

// redecide weighs the line anew, under the contract's present rules, and works
// out the difference with the decision that holds.
func (s *Service) redecide(ctx context.Context, call Call, correction *sroi.Correction, in CorrectionInput) (*Take, sroi.YearAmounts, error) {
	var none sroi.YearAmounts
	d, err := s.desk(ctx, call, correction.Contract, in.Period)
	if err != nil {
		return nil, none, err
	}
	d.act, d.payload = correction.Act, correction.Payload
	if err := call.decidesOn(d.Statement); err != nil {
		return nil, none, err
	}
	if d.Statement.State != sroi.Decided {
		return nil, none, refuse(Conflict, "niet-beoordeeld", "Deze verantwoording is nog niet beoordeeld; een correctie is pas daarna nodig.")
	}
	if d.register, err = s.registerOfLines(ctx, d.rules, d.Lines); err != nil {
		return nil, none, err
	}
	if err := d.checkRedecision(in); err != nil {
		return nil, none, err
	}
	ledger, err := s.Store.ContractLedger(ctx, correction.Contract)
	if err != nil {
		return nil, none, err
	}
	v, err := revaluing(d.file, d.rules, ledger.DecidedLines())
	if err != nil {
		return nil, none, err
	}
	line, err := v.line(d.Lines[in.Decision.Line-1])
	if err != nil {
		return nil, none, err
	}
	if err := d.rememberUse(line); err != nil {
		return nil, none, err
	}
	holds := ledger.Holding(d.Statement.Period, d.Statement.Revision, line.Number, d.Decisions[line.Number-1])
	decision, take, err := d.weighAgain(ctx, line, *in.Decision, holds)
	if err != nil {
		return nil, none, err
	}
	correction.Period, correction.Revision, correction.Line = d.Statement.Period, d.Statement.Revision, line.Number
	correction.Decision, correction.Year, correction.Delta = &decision, line.Year, decision.Value-holds.Value
	correction.Receipt, err = d.rules.ExplainCorrection(ruleset.CorrectionInput{
		Line: line.Number, Year: line.Year, Before: holds.Value, Delta: correction.Delta,
	})
	if err != nil {
		return nil, none, err
	}
	if take == nil {
		take, err = d.release(ctx, line)
	}
	return take, d.file.verified(d.rules, line, decision).Minus(d.file.verified(d.rules, line, holds)), err
}

// weighAgain weighs a line as at its first decision: what others verified since came
// after it. But where that is more than the line holds now, the person's limit may
// have been used by others since, and it comes after them.
func (d *desk) weighAgain(ctx context.Context, line sroi.Line, in LineDecision, holds sroi.Decision) (sroi.Decision, *Take, error) {
	decision, take, err := d.weigh(ctx, line, in)
	if err != nil || d.earlier == nil || decision.Value <= holds.Value {
		return decision, take, err
	}
	d.earlier = nil
	return d.weigh(ctx, line, in)
}

// rememberUse takes over what the person had used up at the first decision.
func (d *desk) rememberUse(line sroi.Line) error {
	receipt := d.Decisions[line.Number-1].Receipt
	if receipt.Kind != ruleset.PlacementEffort {
		return nil
	}
	var input ruleset.PlacementInput
	err := decode(receipt.Input, &input)
	d.earlier = &input.Earlier
	return err
}

func (d *desk) checkRedecision(in CorrectionInput) error {
	var found faults
	if in.Decision.Line < 1 || in.Decision.Line > len(d.Lines) {
		found.add("/decision/line", "regel-onbekend", "Deze regel bestaat niet in de verantwoording.")
		return found.err()
	}
	d.checkDecision("/decision", *in.Decision, &found)
	d.checkRecognition("/decision", *in.Decision, &found)
	return found.err()
}

// release gives back what a line may hold, nil where lines of its kind hold nothing.
func (d *desk) release(ctx context.Context, line sroi.Line) (*Take, error) {
	takes := d.takesOf(line)
	if len(takes) == 0 {
		return nil, nil
	}
	take := takes[0]
	if take.Person != "" {
		person, err := d.service.Store.Person(ctx, take.Person)
		if err != nil {
			return nil, err
		}
		take.TallyVersion = person.TallyVersion
	}
	return &take, nil
}
