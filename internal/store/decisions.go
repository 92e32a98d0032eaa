// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"socialreturn/internal/app"
	"socialreturn/internal/sroi"
)

// AddDecision writes an immutable decision on a line of the statement's
// revision. With a take, it writes that too, all or nothing, and only while the
// statement's head is at s.Version: a take for a statement that was sent back
// meanwhile would never be released. Where a decision of the same act is there
// already it returns that one, which is what the ledger will hash. ErrTaken (decided
// otherwise, or taken by another holder), ErrStale (the statement or the person's
// tally moved on).
func (t *Table) AddDecision(ctx context.Context, s sroi.Statement, d sroi.Decision, take *app.Take) (sroi.Decision, error) {
	stored := d
	period := s.Period.String()
	k := decisionKey.key(s.Contract, period, revision(s.Revision, s.LinesHash), padded(s.Submission, 4), padded(d.Line, 5))
	decision := put(k, typeDecision, d).on(absent, func(old record) error {
		written, err := decode[sroi.Decision](old, typeDecision)
		if err == nil && written.Act != d.Act {
			err = app.ErrTaken
		}
		stored = written
		return err
	})
	if take == nil {
		err := t.commit(ctx, decision)
		return stored, err
	}
	unmoved := condition{"#version = :version", []attribute{number("version", s.Version)}}
	head := check(statementKey.key(s.Contract, period), unmoved, always(app.ErrStale))
	err := t.commit(ctx, append([]write{decision, head}, claim(*take)...)...)
	return stored, err
}

// claim is a take, possible where nothing is taken, it was released, or the
// same statement has it; of a person, also the next version of the person's tally.
// One that asks no hours of a person releases.
func claim(take app.Take) []write {
	free := condition{
		"attribute_not_exists(#PK) OR attribute_exists(#released) OR begins_with(#holder, :statement)",
		[]attribute{text("statement", statementOf(take.Holder))},
	}
	if take.Person != "" && len(take.Hours) == 0 && take.Worked == 0 {
		take.Released = true
	}
	writes := []write{takeItem(take).on(free, always(app.ErrTaken))}
	if take.Person != "" {
		next := tally(take)
		next.when, next.lost = follows(take.TallyVersion+1), always(app.ErrStale)
		writes = append(writes, next)
	}
	return writes
}

// statementOf is the holder without the number of the submission: a later
// submission of a statement may take again what an earlier one held.
func statementOf(holder string) string {
	return holder[:strings.LastIndexByte(holder, '/')+1]
}

func takeItem(take app.Take) write {
	attributes := []attribute{text("holder", take.Holder)}
	if take.Released {
		take.Hours, take.Worked = nil, 0
		attributes = append(attributes, flag("released", true))
	}
	k, fault := takeKey(take)
	w := put(k, typeTake, take, attributes...)
	if fault != nil || statementOf(take.Holder) == "" {
		w.fault = errors.New("store: a take is of a person's hours, an invoice or a day of an activity, by a holder")
	}
	return w
}

// takeKey is the place of what is taken, which is exactly one thing.
func takeKey(take app.Take) (key, error) {
	var keys []key
	if take.Person != "" {
		keys = append(keys, hoursKey.key(string(take.Person), take.Period.String(), take.Contract, padded(take.Placement, 4)))
	}
	if take.Invoice != "" {
		keys = append(keys, invoiceKey.key(take.Contract, fingerprint(take.Seller, take.Invoice)))
	}
	if take.Block != "" {
		keys = append(keys, activityDayKey.key(take.Contract, take.Block, take.Day.String()))
	}
	if len(keys) != 1 {
		return key{}, fmt.Errorf("store: a take of %d things", len(keys))
	}
	return keys[0], nil
}

// tally is one more version of the count of changes to what is taken of a person.
func tally(take app.Take) write {
	k := tallyKey.key(string(take.Person))
	return write{
		key:    k,
		fault:  k.fault,
		update: "SET #type = :type, #v = :v, #body = :body ADD #version :one",
		values: []attribute{text("type", typeTally), number("v", formatVersion), text("body", "{}"), number("one", 1)},
	}
}

// Release gives takes back. A take of another holder, or one already released,
// is left alone. A failure on the way leaves some released; a repeat completes it.
func (t *Table) Release(ctx context.Context, takes []app.Take) error {
	return concurrently(ctx, len(takes), func(ctx context.Context, i int) error {
		take := takes[i]
		take.Released = true
		held := condition{"#holder = :holder AND attribute_not_exists(#released)", []attribute{text("holder", take.Holder)}}
		writes := []write{takeItem(take).on(held, always(nil))}
		if take.Person != "" {
			writes = append(writes, tally(take))
		}
		return t.commit(ctx, writes...)
	})
}

// Person reads what is taken of a person, consistently, and the tally before it: a
// query reads item by item, and whoever missed what was taken in between must find
// that the tally moved on. What was released is left out.
func (t *Table) Person(ctx context.Context, person sroi.Token) (app.PersonFile, error) {
	taken := between(hoursOfPerson.key(string(person)), tallyKey.key(string(person)))
	found, err := t.all(ctx, reading{index: base, consistent: true, backward: true, stretch: taken}, 0)
	if err != nil {
		return app.PersonFile{}, err
	}
	var file app.PersonFile
	for _, r := range slices.Backward(found) {
		if r.text("type") == typeTally {
			if _, err := decode[struct{}](r, typeTally); err != nil {
				return app.PersonFile{}, err
			}
			file.TallyVersion = r.number("version")
			continue
		}
		take, err := decode[app.Take](r, typeTake)
		if err != nil {
			return app.PersonFile{}, err
		}
		if !take.Released {
			file.Takes = append(file.Takes, take)
		}
	}
	return file, nil
}

// AddCorrection writes a correction with its entry, and its take if any, all or
// nothing, or returns the correction that has the id already. ErrStale, ErrTaken.
func (t *Table) AddCorrection(ctx context.Context, c sroi.Correction, b sroi.Balance, e sroi.Entry, take *app.Take) (sroi.Correction, error) {
	writes := []write{put(correctionKey.key(c.Contract, c.ID), typeCorrection, c).on(absent, always(errExists))}
	writes = append(writes, book(b, e)...)
	if take != nil {
		writes = append(writes, claim(*take)...)
	}
	err := t.commit(ctx, writes...)
	if stored, exists := existing(err); exists {
		return decode[sroi.Correction](stored, typeCorrection)
	}
	return c, err
}

// Correction reads a correction, consistently. ErrAbsent.
func (t *Table) Correction(ctx context.Context, contract, id string) (sroi.Correction, error) {
	found, err := t.get(ctx, correctionKey.key(contract, id))
	if err != nil {
		return sroi.Correction{}, err
	}
	return decode[sroi.Correction](found, typeCorrection)
}
