// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"errors"
	"slices"

	"socialreturn/internal/calendar"
	"socialreturn/internal/sroi"
)

// MaxLines bounds the lines of one statement.
const MaxLines = 1000

// SaveStatement saves a period's statement as a draft: a new revision of its
// lines, each with its worth. It tells whether the statement is new.
func (s *Service) SaveStatement(ctx context.Context, call Call, contract string, period calendar.Period, claims []sroi.Claim) (StatementFile, bool, error) {
	file, rules, err := s.contractFile(ctx, call, contract)
	if err != nil {
		return StatementFile{}, false, err
	}
	if err := call.may(sroi.Supplier, sroi.Officer); err != nil {
		return StatementFile{}, false, err
	}
	head, err := s.Store.Statement(ctx, contract, period)
	created := errors.Is(err, ErrAbsent)
	if err != nil && !created {
		return StatementFile{}, false, err
	}
	if err := mayDraft(call, head, created); err != nil {
		return StatementFile{}, false, err
	}
	if err := reportsOn(file.Contract, period); err != nil {
		return StatementFile{}, false, err
	}
	register, err := s.registerOf(ctx, rules, claims)
	if err != nil {
		return StatementFile{}, false, err
	}
	lines, err := claimed{file: file, rules: rules, period: period, register: register}.lines(claims)
	if err != nil {
		return StatementFile{}, false, err
	}
	if err := s.completeReopening(ctx, call, head); err != nil {
		return StatementFile{}, false, err
	}
	for i := range lines {
		lines[i].Salt = s.Salt()
	}
	draft := newDraft(head, file.Contract, period, lines)
	draft.PreparedBy = call.prepares(head.PreparedBy)
	if err := s.Store.SaveDraft(ctx, draft, lines); err != nil {
		return StatementFile{}, false, stale(err)
	}
	return StatementFile{Statement: draft, Lines: lines}, created, nil
}

// completeReopening gives back what a statement that was submitted before may
// still hold, where whoever reopened it died halfway: the next draft or submission
// forgets what was decided.
func (s *Service) completeReopening(ctx context.Context, call Call, head sroi.Statement) error {
	if head.Submission == 0 {
		return nil
	}
	return s.giveBack(ctx, call, head)
}

func reportsOn(contract sroi.Contract, period calendar.Period) error {
	if !slices.Contains(contract.Periods(), period) {
		var found faults
		found.add("/period", "periode-onbekend", "Over deze periode verantwoordt dit contract niet; zie de lijst van verantwoordingen.")
		return found.err()
	}
	return nil
}

func mayDraft(call Call, head sroi.Statement, created bool) error {
	switch {
	case created:
		return call.saves(true, 0)
	case head.State == sroi.Submitted:
		return refuse(Conflict, "al-ingediend", "Over deze periode is al een verantwoording ingediend. Trek die eerst in.")
	case head.State == sroi.Decided:
		return refuse(Conflict, "al-beoordeeld", "Deze verantwoording is beoordeeld. Neem wat nog ontbreekt op in de volgende, met deze periode erbij.")
	}
	return call.matches(head.Version)
}

func newDraft(head sroi.Statement, contract sroi.Contract, period calendar.Period, lines []sroi.Line) sroi.Statement {
	draft := sroi.Statement{
		Contract: contract.ID, Authority: contract.Authority, Desk: contract.Desk, Supplier: contract.Supplier,
		Period: period, State: sroi.Draft, Revision: head.Revision + 1, Lines: len(lines), LinesHash: sroi.DigestAll(lines),
		Submission: head.Submission, Comment: head.Comment, Version: head.Version + 1, ContractVersion: contract.Version,
	}
	if head.State == sroi.SentBack {
		draft.State = sroi.SentBack
	}
	var claimed []sroi.YearAmounts
	for _, line := range lines {
		draft.Claimed += line.Value
		claimed = append(claimed, sroi.YearAmounts{Year: line.Year, Pending: line.Value, Lines: 1})
		if len(line.Missing) > 0 {
			draft.Incomplete++
		}
	}
	draft.ByYear = sroi.SumByYear(claimed)
	return draft
}

// Statement reads a period's statement with its lines and, once it is submitted,
// the decisions on it so far. Whoever sees findings is also told which placements
// changed since.
func (s *Service) Statement(ctx context.Context, call Call, contract string, period calendar.Period) (StatementFile, error) {
	file, err := s.statementFile(ctx, call, contract, period)
	if err != nil {
		return file, err
	}
	if file.Statement.State == sroi.Draft || file.Statement.State == sroi.SentBack {
		file.Decisions = nil // of a submission that was sent back
		return file, nil     // which is held to the placements when it is handed in
	}
	if seesFindings(call.Actor.Role) {
		file.Lines, err = s.changedSince(ctx, call, file)
	}
	return file, err
}

// changedSince adds to the lines that were handed in what changed of their
// placements. What was handed in stays as it was, and so does its worth. Lines of
// before a move to other rules are left out: those reckon otherwise.
func (s *Service) changedSince(ctx context.Context, call Call, f StatementFile) ([]sroi.Line, error) {
	if !slices.ContainsFunc(f.Lines, hasPlacement) {
		return f.Lines, nil
	}
	file, rules, err := s.contractFile(ctx, call, f.Statement.Contract)
	if err != nil {
		return nil, err
	}
	now, lines := claimed{file: file, rules: rules, period: f.Statement.Period}, slices.Clone(f.Lines)
	for i, was := range lines {
		if was.Placed == nil || was.Receipt.Rules != rules.Ref() {
			continue
		}
		same, err := now.reckonsWith(was)
		if err != nil {
			return nil, err
		}
		if !same {
			lines[i].Findings = append(slices.Clip(was.Findings), sroi.Finding{Code: placementChanged,
				Detail: "Deze plaatsing, of een die meetelt, is gewijzigd nadat dit is ingediend. De regel rekent met wat er toen stond. Ga na wat daarvan goed te keuren is; is de regel al beoordeeld, dan kan een correctie nodig zijn."})
		}
	}
	return lines, nil
}

// placementChanged marks a line whose placement is no longer what it claims.
const placementChanged = "plaatsing-gewijzigd"

func hasPlacement(line sroi.Line) bool { return line.Placed != nil }

func (s *Service) statementFile(ctx context.Context, call Call, contract string, period calendar.Period) (StatementFile, error) {
	head, err := s.Store.Statement(ctx, contract, period)
	if err != nil {
		return StatementFile{}, hidden(err)
	}
	if call.Actor.Role == sroi.Administrator || !call.sees(head.Authority, head.Desk, head.Supplier) {
		return StatementFile{}, absent()
	}
	file := StatementFile{Statement: head}
	if file.Lines, file.Decisions, err = s.Store.Revision(ctx, head); err != nil {
		return StatementFile{}, err
	}
	if file.Sightings, err = s.Store.Sightings(ctx, contract); err != nil {
		return StatementFile{}, err
	}
	return file.shownTo(call.Actor.Role), nil
}

// shownTo leaves out what a role may not see: findings are the consultant's,
// for they tell that someone is claimed elsewhere.
func (f StatementFile) shownTo(role sroi.Role) StatementFile {
	if seesFindings(role) {
		return f
	}
	f.Lines, f.Decisions = slices.Clone(f.Lines), slices.Clone(f.Decisions)
	for i := range f.Lines {
		f.Lines[i].Findings = nil
	}
	for i := range f.Decisions {
		f.Decisions[i] = discreet(f.Decisions[i])
	}
	return f
}

func seesFindings(role sroi.Role) bool { return role == sroi.Consultant || role == sroi.Auditor }

// discreet is a decision without what tells that someone is counted elsewhere.
func discreet(d sroi.Decision) sroi.Decision {
	for _, finding := range d.Findings {
		if finding.Code == findingElsewhere {
			d.Receipt.Input, d.Receipt.Steps = nil, nil
			d.Receipt.Text = "Een grens uit de rekenregel bepaalde dit bedrag; de adviseur kan het toelichten."
		}
	}
	d.Findings = nil
	return d
}

// Statements lists the periods that a contract reports on, with their
// statements where there are any.
func (s *Service) Statements(ctx context.Context, call Call, contract string) ([]PeriodState, error) {
	account, err := s.Contract(ctx, call, contract)
	if err != nil {
		return nil, err
	}
	heads, err := s.Store.Statements(ctx, contract)
	if err != nil {
		return nil, err
	}
	var states []PeriodState
	for _, period := range account.Contract.Periods() {
		state := PeriodState{Period: period, Span: period.Span().Intersect(account.Contract.Term)}
		for i := range heads {
			if heads[i].Period == period {
				state.Statement = &heads[i]
			}
		}
		states = append(states, state)
	}
	return states, nil
}

// SubmitStatement hands the draft to the consultant. Only the supplier does,
// once the period has ended.
func (s *Service) SubmitStatement(ctx context.Context, call Call, contract string, period calendar.Period) (sroi.Statement, error) {
	account, head, err := s.statementOf(ctx, call, contract, period)
	if err != nil {
		return sroi.Statement{}, err
	}
	act := call.act("submit-statement/" + contract + "/" + period.String())
	payload := sroi.Digest([]any{call.Match})
	if head.SubmitAct == act {
		return head, sameCommand(head.SubmitPayload, payload)
	}
	if err := s.maySubmit(ctx, call, account.Contract, head); err != nil {
		return sroi.Statement{}, err
	}
	if err := s.completeReopening(ctx, call, head); err != nil {
		return sroi.Statement{}, err
	}
	rules, err := s.Rules.Pinned(account.Contract.Rules)
	if err != nil {
		return sroi.Statement{}, err
	}
	head.State, head.Version, head.Submission = sroi.Submitted, head.Version+1, head.Submission+1
	head.SubmitAct, head.SubmitPayload, head.Comment = act, payload, ""
	head.PreparedBy = call.prepares(head.PreparedBy)
	head.SubmittedOn, head.DecideBy = call.Today(), rules.DecideBy(call.Today())
	return head, s.book(ctx, account.Balance, head, sroi.Entry{
		Kind: sroi.StatementSubmitted, Booked: call.Today(), At: call.at(), Actor: call.actor(), Amounts: head.ByYear,
		Period: period, Revision: head.Revision, Submission: head.Submission, Lines: head.Lines, LinesHash: head.LinesHash,
	})
}

// book seals the entry onto the balance and moves the statement with it.
func (s *Service) book(ctx context.Context, balance sroi.Balance, head sroi.Statement, entry sroi.Entry) error {
	after, sealed := balance.Next(entry)
	return stale(s.Store.Move(ctx, Transition{Statement: head, Balance: after, Entry: sealed}))
}

// statementOf loads a statement that the supplier may act on.
func (s *Service) statementOf(ctx context.Context, call Call, contract string, period calendar.Period) (Account, sroi.Statement, error) {
	account, err := s.Contract(ctx, call, contract)
	if err != nil {
		return account, sroi.Statement{}, err
	}
	if err := call.may(sroi.Supplier); err != nil {
		return account, sroi.Statement{}, err
	}
	head, err := s.Store.Statement(ctx, contract, period)
	return account, head, hidden(err)
}

func (s *Service) maySubmit(ctx context.Context, call Call, contract sroi.Contract, head sroi.Statement) error {
	if head.State != sroi.Draft && head.State != sroi.SentBack {
		return refuse(Conflict, "al-ingediend", "Deze verantwoording is al ingediend.")
	}
	if err := call.matches(head.Version); err != nil {
		return err
	}
	if end := head.Period.Span().Intersect(contract.Term).To; !end.Before(call.Today()) {
		return refuse(Conflict, "periode-niet-voorbij", "De periode loopt nog tot en met "+end.Dutch()+". Indienen kan daarna.")
	}
	if head.ContractVersion < contract.LinesFrom {
		return refuse(Conflict, "concept-verouderd", "De looptijd of de rekenregel van het contract is gewijzigd sinds dit concept is bewaard. Bewaar het opnieuw, zodat de waarden kloppen, en dien het dan in.")
	}
	if head.Lines == 0 {
		return nil
	}
	lines, _, err := s.Store.Revision(ctx, head)
	if err != nil {
		return err
	}
	var found faults
	for i, line := range lines {
		for _, kind := range line.Missing {
			found.add("/lines/"+itoa(i)+"/evidence", "bewijs-ontbreekt", "Bij deze regel ontbreekt het bewijsstuk: "+kind+".")
		}
	}
	if err := s.checkPlaced(ctx, call, head, lines, &found); err != nil {
		return err
	}
	return found.err()
}

// checkPlaced wants each line of a placement to be what it would be if the draft
// were saved now: the placement, or one beside it, may have changed since.
func (s *Service) checkPlaced(ctx context.Context, call Call, head sroi.Statement, lines []sroi.Line, found *faults) error {
	if !slices.ContainsFunc(lines, hasPlacement) {
		return nil
	}
	file, rules, err := s.contractFile(ctx, call, head.Contract)
	if err != nil {
		return err
	}
	now := claimed{file: file, rules: rules, period: head.Period}
	for i, was := range lines {
		if was.Placed == nil {
			continue
		}
		var gone faults // there is nothing left of it in these days
		is, err := now.line("", was.Claim, &gone)
		if err != nil {
			return err
		}
		if len(gone) > 0 || sroi.Digest([]any{is.Placed, is.Receipt}) != sroi.Digest([]any{was.Placed, was.Receipt}) {
			found.add("/lines/"+itoa(i), placementChanged, "Deze plaatsing, of een die meetelt, is gewijzigd sinds het concept is bewaard. Bewaar het concept opnieuw, zodat de waarde klopt, en dien het dan in.")
		}
	}
	return nil
}

// WithdrawStatement takes a submitted statement back, until a line of it is decided.
// A line that is decided at the same moment does not stand in its way, and is reset.
func (s *Service) WithdrawStatement(ctx context.Context, call Call, contract string, period calendar.Period) (sroi.Statement, error) {
	account, head, err := s.statementOf(ctx, call, contract, period)
	if err != nil {
		return sroi.Statement{}, err
	}
	act, payload := call.act("withdraw-statement/"+contract+"/"+period.String()), sroi.Digest([]any{call.Match})
	if head.Act == act {
		if err := sameCommand(head.Payload, payload); err != nil || head.State != sroi.Draft {
			return head, err
		}
		return head, s.giveBack(ctx, call, head)
	}
	if head.State != sroi.Submitted {
		return sroi.Statement{}, refuse(Conflict, "niet-ingediend", "Alleen een ingediende verantwoording kan worden ingetrokken, zolang zij niet is beoordeeld.")
	}
	if err := call.matches(head.Version); err != nil {
		return sroi.Statement{}, err
	}
	_, decisions, err := s.Store.Revision(ctx, head)
	if err != nil {
		return sroi.Statement{}, err
	}
	if len(decisions) > 0 {
		return sroi.Statement{}, refuse(Conflict, "beoordeling-begonnen", "De beoordeling is al begonnen; vraag de adviseur om terug te sturen.")
	}
	head.Act, head.Payload = act, payload
	if head, err = s.reopen(ctx, call, account.Balance, head, sroi.Draft, sroi.StatementWithdrawn); err != nil {
		return sroi.Statement{}, err
	}
	return head, s.giveBack(ctx, call, head)
}

// reopen makes a submitted statement a draft again and books that nothing is
// claimed any more.
func (s *Service) reopen(ctx context.Context, call Call, balance sroi.Balance, head sroi.Statement, state sroi.StatementState, kind sroi.EntryKind) (sroi.Statement, error) {
	head.State, head.Version = state, head.Version+1
	head.DecideBy, head.SubmittedOn = calendar.Date{}, calendar.Date{}
	var amounts []sroi.YearAmounts
	for _, year := range head.ByYear {
		amounts = append(amounts, sroi.YearAmounts{Year: year.Year}.Minus(year))
	}
	return head, s.book(ctx, balance, head, sroi.Entry{
		Kind: kind, Booked: call.Today(), At: call.at(), Actor: call.actor(), Amounts: amounts,
		Period: head.Period, Revision: head.Revision, Submission: head.Submission,
	})
}

// SeeEvidence records that the consultant saw papers of a contract.
func (s *Service) SeeEvidence(ctx context.Context, call Call, contract string, hashes []string) ([]sroi.Sighting, error) {
	if _, err := s.Contract(ctx, call, contract); err != nil {
		return nil, err
	}
	if err := call.may(sroi.Consultant); err != nil {
		return nil, err
	}
	for _, hash := range hashes {
		sighting := sroi.Sighting{SHA256: hash, Seen: call.Today(), Actor: call.actor(), Act: call.act("see-evidence")}
		if err := s.Store.AddSighting(ctx, contract, sighting); err != nil {
			return nil, err
		}
	}
	return s.Store.Sightings(ctx, contract)
}

// Queue lists the statements of the consultant's desk in a state, submitted
// ones by the date by which to decide.
func (s *Service) Queue(ctx context.Context, call Call, state sroi.StatementState, page Page) ([]sroi.Statement, string, error) {
	if err := call.may(sroi.Consultant); err != nil {
		return nil, "", err
	}
	statements, next, err := s.Store.Queue(ctx, DeskQuery{Desk: call.Actor.Desk, State: state}, page)
	return statements, next, badCursor(err)
}
