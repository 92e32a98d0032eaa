// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/sroi"
)

// Statement reads the head of a period's statement, consistently. ErrAbsent.
func (t *Table) Statement(ctx context.Context, contract string, p calendar.Period) (sroi.Statement, error) {
	found, err := t.get(ctx, statementKey.key(contract, p.String()))
	if err != nil {
		return sroi.Statement{}, err
	}
	return decode[sroi.Statement](found, typeStatement)
}

// Statements lists a contract's statement heads by period, consistently.
func (t *Table) Statements(ctx context.Context, contract string) ([]sroi.Statement, error) {
	found, err := t.all(ctx, reading{index: base, consistent: true, stretch: under(statementHeads.key(contract))}, 0)
	if err != nil {
		return nil, err
	}
	heads, err := decodeAll[sroi.Statement](found, typeStatement)
	slices.SortFunc(heads, func(a, b sroi.Statement) int { return a.Period.Compare(b.Period) })
	return heads, err
}

// StatementsDue reads the heads of at most 100 statements, consistently, in one
// call; those that are not there are not in it.
func (t *Table) StatementsDue(ctx context.Context, due []app.Due) (map[app.Due]sroi.Statement, error) {
	keys := make([]key, len(due))
	for i, of := range due {
		keys[i] = statementKey.key(of.Contract, of.Period.String())
	}
	found, err := t.getAll(ctx, keys, true)
	if err != nil {
		return nil, err
	}
	statements := make(map[app.Due]sroi.Statement, len(found))
	for i, of := range due {
		if r := found[keys[i]]; r != nil {
			if statements[of], err = decode[sroi.Statement](r, typeStatement); err != nil {
				return nil, err
			}
		}
	}
	return statements, nil
}

// Revision reads the lines of a statement's revision and the decisions on its
// newest submission, by line number, consistently. That lines are missing is an
// error.
func (t *Table) Revision(ctx context.Context, s sroi.Statement) ([]sroi.Line, []sroi.Decision, error) {
	lines, decisions, err := t.revision(ctx, s.Contract, sroi.Revision{Period: s.Period, Number: s.Revision, LinesHash: s.LinesHash, Submission: s.Submission})
	if err == nil && len(lines) != s.Lines {
		err = fmt.Errorf("store: %d lines where the statement says %d", len(lines), s.Lines)
	}
	return lines, decisions, err
}

func (t *Table) revision(ctx context.Context, contract string, r sroi.Revision) ([]sroi.Line, []sroi.Decision, error) {
	prefix := revisionItems.key(contract, r.Period.String(), revision(r.Number, r.LinesHash))
	found, err := t.all(ctx, reading{index: base, consistent: true, stretch: under(prefix)}, 0)
	if err != nil {
		return nil, nil, err
	}
	// Decisions sort before lines.
	first := slices.IndexFunc(found, func(r record) bool { return r.text("type") == typeLine })
	if first < 0 {
		first = len(found)
	}
	submitted := decisionsOf.key(contract, r.Period.String(), revision(r.Number, r.LinesHash), padded(r.Submission, 4))
	earlier := func(other record) bool { return !strings.HasPrefix(other.text("SK"), submitted.sk) }
	decisions, err := decodeAll[sroi.Decision](slices.DeleteFunc(slices.Clone(found[:first]), earlier), typeDecision)
	if err != nil {
		return nil, nil, err
	}
	lines, err := decodeAll[sroi.Line](found[first:], typeLine)
	return lines, decisions, err
}

// SaveDraft writes the lines of a new revision first, in batches, and then
// swaps the head to it; a crash in between leaves the old revision whole. The
// head's version must follow the stored one (1: must be new). The very same
// draft again is no error. ErrStale.
func (t *Table) SaveDraft(ctx context.Context, s sroi.Statement, lines []sroi.Line) error {
	if len(lines) != s.Lines {
		return fmt.Errorf("store: %d lines where the statement says %d", len(lines), s.Lines)
	}
	period, revision := s.Period.String(), revision(s.Revision, s.LinesHash)
	writes := make([]write, len(lines))
	for i := range lines {
		line := &lines[i] // large: no copy of it is made
		if line.Number != i+1 {
			return errors.New("store: the lines of a draft are not numbered from 1")
		}
		writes[i] = put(lineKey.key(s.Contract, period, revision, padded(line.Number, 5)), typeLine, line)
	}
	head := statementHead(s).onceOn(follows(s.Version), app.ErrStale)
	if head.fault != nil {
		return head.fault
	}
	if err := t.putAll(ctx, writes); err != nil {
		return err
	}
	return t.commit(ctx, head)
}

func statementHead(s sroi.Statement) write {
	due := s.DecideBy
	if s.State != sroi.Submitted || due.IsZero() {
		due = s.Period.Span().To
	}
	period := s.Period.String()
	return put(statementKey.key(s.Contract, period), typeStatement, s, number("version", s.Version)).
		in(byDesk, statementsOfDesk.key(s.Desk, string(s.State), due.String(), s.Contract, period))
}

// Move books a transition: head, balance and entry, all or nothing. The very
// same transition again is no error. ErrStale.
func (t *Table) Move(ctx context.Context, m app.Transition) error {
	head := statementHead(m.Statement).onceOn(follows(m.Statement.Version), app.ErrStale)
	return t.commit(ctx, append([]write{head}, book(m.Balance, m.Entry)...)...)
}

// Queue lists a desk's statements in a state: submitted ones by decision date,
// others by the end of their period, oldest first. ErrCursor.
func (t *Table) Queue(ctx context.Context, q app.DeskQuery, page app.Page) ([]sroi.Statement, string, error) {
	r := reading{index: byDesk, stretch: under(deskStatementsPrefix.key(q.Desk, string(q.State)))}
	found, next, err := t.list(ctx, r, page, statementKey)
	if err != nil {
		return nil, "", err
	}
	statements, err := decodeAll[sroi.Statement](found, typeStatement)
	return statements, next, err
}

// AddSighting records that evidence of a contract was seen; a repeat, also by
// someone else, changes nothing.
func (t *Table) AddSighting(ctx context.Context, contract string, s sroi.Sighting) error {
	return t.commit(ctx, put(sightingKey.key(contract, s.SHA256), typeSighting, s).on(absent, always(nil)))
}

// Sightings lists a contract's sightings by hash, consistently.
func (t *Table) Sightings(ctx context.Context, contract string) ([]sroi.Sighting, error) {
	found, err := t.all(ctx, reading{index: base, consistent: true, stretch: under(sightings.key(contract))}, 0)
	if err != nil {
		return nil, err
	}
	return decodeAll[sroi.Sighting](found, typeSighting)
}
