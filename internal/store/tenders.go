// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"fmt"

	"socialreturn/internal/app"
	"socialreturn/internal/sroi"
)

// reference is the body of an item that only points: at what holds a unique
// value or a lot, or at a tender or contract of an authority.
type reference struct {
	ID string `json:"id"`
}

// What is unique within an authority.
const (
	tenderReference = "tender"
	contractNumber  = "contract"
)

// reserve takes a place that one tender or contract may hold. ErrTaken.
func reserve(k key, holder string) write {
	return put(k, typeReservation, reference{holder}).on(absent, always(app.ErrTaken))
}

// Tender reads a tender, consistently. ErrAbsent.
func (t *Table) Tender(ctx context.Context, id string) (sroi.Tender, error) {
	found, err := t.get(ctx, tenderKey.key(id))
	if err != nil {
		return sroi.Tender{}, err
	}
	return decode[sroi.Tender](found, typeTender)
}

// CreateTender saves a new tender and its first entry, or returns the tender
// that has the id already. ErrTaken (reference), ErrYearClosed (year of
// publication), ErrStale (another year was closed meanwhile), ErrAbsent (the
// authority).
func (t *Table) CreateTender(ctx context.Context, tender sroi.Tender, e sroi.Entry) (sroi.Tender, error) {
	err := t.commit(ctx,
		tenderHead(tender).on(absent, always(errExists)),
		tenderEntry(tender, e),
		put(tenderPointerKey.key(string(tender.Authority), tender.ID), typePointer, reference{tender.ID}),
		reserve(uniqueKey.key(string(tender.Authority), tenderReference, fingerprint(tender.Reference)), tender.ID),
		checkOpen(tender.Authority, tender.Published.Year(), tender.ClosedThrough),
	)
	if stored, exists := existing(err); exists {
		return decode[sroi.Tender](stored, typeTender)
	}
	return tender, err
}

// UpdateTender saves version t.Version, which must follow the stored one, with
// its entry. Authority, reference and id never change. The very same version
// again is no error. From none of the lots freed may there be a contract.
// ErrStale, ErrTaken (a lot freed).
func (t *Table) UpdateTender(ctx context.Context, tender sroi.Tender, e sroi.Entry, freed ...string) error {
	writes := []write{
		tenderHead(tender).onceOn(follows(tender.Version), app.ErrStale),
		tenderEntry(tender, e),
	}
	for _, lot := range freed {
		writes = append(writes, check(lotKey.key(tender.ID, lot), absent, always(app.ErrTaken)))
	}
	return t.commit(ctx, writes...)
}

func tenderHead(tender sroi.Tender) write {
	return put(tenderKey.key(tender.ID), typeTender, tender,
		number("version", tender.Version), flag("social", hasSocialReturn(tender))).
		in(byOwner, tendersOfAuthority.key(string(tender.Authority), tender.Published.String(), tender.ID))
}

func hasSocialReturn(tender sroi.Tender) bool {
	for _, lot := range tender.Lots {
		if lot.SocialReturn == sroi.Applied {
			return true
		}
	}
	return false
}

// tenderEntry is the entry of a tender's version: they are numbered alike.
func tenderEntry(tender sroi.Tender, e sroi.Entry) write {
	w := put(tenderEntryKey.key(tender.ID, padded(e.Seq, 8)), typeEntry, e).on(absent, always(app.ErrStale))
	if e.Owner != tender.ID || e.Seq != tender.Version {
		w.fault = fmt.Errorf("store: entry %d does not belong to version %d of the tender", e.Seq, tender.Version)
	}
	return w
}

// ListTenders lists an authority's tenders by date of publication, newest
// first. ErrCursor.
func (t *Table) ListTenders(ctx context.Context, q app.TenderQuery, page app.Page) ([]sroi.Tender, string, error) {
	authority := string(q.Authority)
	r := reading{index: byOwner, backward: true, stretch: under(tendersPrefix.key(authority))}
	if q.Year != 0 {
		// "TENDER#2023" lies after every tender of 2022 and before those of 2023.
		r.stretch = between(tendersFromYear.key(authority, year(q.Year)), tendersFromYear.key(authority, year(q.Year+1)))
	}
	if q.Social != nil {
		r.filter = condition{"#social = :social", []attribute{flag("social", *q.Social)}}
	}
	found, next, err := t.list(ctx, r, page, tenderKey)
	if err != nil {
		return nil, "", err
	}
	tenders, err := decodeAll[sroi.Tender](found, typeTender)
	return tenders, next, err
}

// TenderEntries reads a tender's whole ledger, consistently, in order.
func (t *Table) TenderEntries(ctx context.Context, id string) ([]sroi.Entry, error) {
	found, err := t.all(ctx, reading{index: base, consistent: true, stretch: under(tenderEntries.key(id))}, 0)
	if err != nil {
		return nil, err
	}
	return decodeAll[sroi.Entry](found, typeEntry)
}
