// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"errors"
	"fmt"

	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/sroi"
)

const maxSeq = 99_999_999 // eight digits

// Entries lists a contract's entries after a number, in order, consistently; at
// most limit of them, and none where limit is not positive.
func (t *Table) Entries(ctx context.Context, contract string, after, limit int) ([]sroi.Entry, error) {
	if limit <= 0 || after >= maxSeq {
		return nil, nil
	}
	from, to := entryKey.key(contract, padded(max(after, 0)+1, 8)), entryKey.key(contract, padded(maxSeq, 8))
	found, err := t.all(ctx, reading{index: base, consistent: true, stretch: between(from, to)}, limit)
	if err != nil {
		return nil, err
	}
	return decodeAll[sroi.Entry](found, typeEntry)
}

// Book books an entry on a contract, with the balance after it. The very same
// entry again is no error. ErrStale.
func (t *Table) Book(ctx context.Context, after sroi.Balance, e sroi.Entry) error {
	writes := book(after, e)
	writes[0], writes[1] = writes[1].onceOn(absent, app.ErrStale), writes[0]
	return t.commit(ctx, writes...)
}

// ContractLedger reads all of a contract that its figures are made of,
// consistently: the entries with the contract in one query, since their keys
// adjoin, and only then each revision that they name, the amendments and the
// corrections, so that all that an entry names is there. What came since is left
// out: as of the same entry a ledger is always the same. Drafts that were never
// submitted are not read. ErrAbsent.
func (t *Table) ContractLedger(ctx context.Context, id string) (sroi.Ledger, error) {
	head := contractKey.key(id)
	if head.fault != nil {
		return sroi.Ledger{}, fmt.Errorf("%w: %w", app.ErrAbsent, head.fault)
	}
	found, err := t.all(ctx, reading{index: base, consistent: true, stretch: between(entryKey.key(id, padded(1, 8)), head)}, 0)
	if err != nil {
		return sroi.Ledger{}, err
	}
	last := len(found) - 1
	if last < 0 || found[last].text("type") != typeContract {
		return sroi.Ledger{}, app.ErrAbsent
	}
	contract, err := decode[sroi.Contract](found[last], typeContract)
	if err != nil {
		return sroi.Ledger{}, err
	}
	entries, err := decodeAll[sroi.Entry](found[:last], typeEntry)
	if err != nil {
		return sroi.Ledger{}, err
	}
	ledger := sroi.Ledger{Contract: contract, Entries: entries, Revisions: revisionsNamed(entries)}
	if err := t.fill(ctx, &ledger); err != nil {
		return sroi.Ledger{}, err
	}
	return ledger.Through(len(entries)), nil
}

// LedgersOf lists an authority's ledgers after a name, in order, consistently; at
// most limit of them, or all where that is zero. They are what its pointers are
// called: contracts, then tenders, with the authority itself in between.
func (t *Table) LedgersOf(ctx context.Context, authority sroi.AuthorityID, after string, limit int) ([]string, error) {
	r := reading{
		index: base, consistent: true, stretch: under(ledgersPrefix.key(string(authority))),
		filter: condition{"#type = :type", []attribute{text("type", typePointer)}},
	}
	if after != "" && r.fault == nil {
		r.after = key{pk: r.pk, sk: after}.primary()
	}
	found, err := t.all(ctx, r, limit)
	names := make([]string, len(found))
	for i, pointer := range found {
		names[i] = pointer.text("SK")
	}
	return names, err
}

// revisionsNamed are the revisions that entries name, in that order, each with
// its newest submission, still empty.
func revisionsNamed(entries []sroi.Entry) []sroi.Revision {
	type name struct {
		period    calendar.Period
		number    int
		linesHash string
	}
	places := make(map[name]int)
	var revisions []sroi.Revision
	for _, e := range entries {
		n := name{e.Period, e.Revision, e.LinesHash}
		if e.LinesHash == "" || e.Period.IsZero() {
			continue
		}
		if place, seen := places[n]; seen {
			revisions[place].Submission = e.Submission
			continue
		}
		places[n] = len(revisions)
		revisions = append(revisions, sroi.Revision{Period: n.period, Number: n.number, LinesHash: n.linesHash, Submission: e.Submission})
	}
	return revisions
}

func (t *Table) fill(ctx context.Context, ledger *sroi.Ledger) error {
	id := ledger.Contract.ID
	err := concurrently(ctx, len(ledger.Revisions), func(ctx context.Context, i int) (err error) {
		r := &ledger.Revisions[i]
		r.Lines, r.Decisions, err = t.revision(ctx, id, *r)
		return err
	})
	if err != nil {
		return err
	}
	if err := t.fillAmendments(ctx, ledger); err != nil || !anyCorrects(ledger.Entries) {
		return err
	}
	found, err := t.all(ctx, reading{index: base, consistent: true, stretch: under(corrections.key(id))}, 0)
	if err != nil {
		return err
	}
	ledger.Corrections, err = decodeAll[sroi.Correction](found, typeCorrection)
	return err
}

// fillAmendments reads the amendments of a contract that has any. The contract was
// read after its entries, so it is no older than they are.
func (t *Table) fillAmendments(ctx context.Context, ledger *sroi.Ledger) (err error) {
	named := 0
	for _, entry := range ledger.Entries {
		named = max(named, entry.Amendment)
	}
	if named == 0 && ledger.Contract.Version <= 1 {
		return nil
	}
	if ledger.Amendments, err = t.Amendments(ctx, ledger.Contract.ID); err != nil {
		return err
	}
	if named > len(ledger.Amendments) || named >= ledger.Contract.Version {
		return errors.New("store: an entry names an amendment that is not there")
	}
	return nil
}

func anyCorrects(entries []sroi.Entry) bool {
	for _, e := range entries {
		if e.Correction != "" {
			return true
		}
	}
	return false
}
