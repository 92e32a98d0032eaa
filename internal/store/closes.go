// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"

	"socialreturn/internal/app"
	"socialreturn/internal/sroi"
)

// YearClose reads the close of an authority's year, consistently. ErrAbsent.
func (t *Table) YearClose(ctx context.Context, id sroi.AuthorityID, y int) (sroi.YearClose, error) {
	found, err := t.get(ctx, yearCloseKey.key(string(id), year(y)))
	if err != nil {
		return sroi.YearClose{}, err
	}
	return decode[sroi.YearClose](found, typeYearClose)
}

// PutYearClose saves version c.Version, which must follow the stored one (1:
// must be new). The very same version again is no error. ErrStale.
func (t *Table) PutYearClose(ctx context.Context, c sroi.YearClose) error {
	return t.commit(ctx, put(yearCloseKey.key(string(c.Authority), year(c.Year)), typeYearClose, c, number("version", c.Version)).
		onceOn(follows(c.Version), app.ErrStale))
}

// YearClosesOf lists the closes of an authority by year. The newest change may be
// a moment late.
func (t *Table) YearClosesOf(ctx context.Context, id sroi.AuthorityID) ([]sroi.YearClose, error) {
	found, err := t.all(ctx, reading{index: base, stretch: under(yearClosesPrefix.key(string(id)))}, 0)
	if err != nil {
		return nil, err
	}
	return decodeAll[sroi.YearClose](found, typeYearClose)
}

// AddClosedLedgers saves part n, from 1, of the ledgers of a close, for good: they
// stand beside the close, which so stays small. The very same part again is no
// error. ErrStale.
func (t *Table) AddClosedLedgers(ctx context.Context, id sroi.AuthorityID, y, n int, ledgers []sroi.ClosedLedger) error {
	return t.commit(ctx, put(headsKey.key(string(id), year(y), padded(n, 4)), typeHeads, ledgers).onceOn(absent, app.ErrStale))
}

// ClosedLedgers reads all parts, consistently, in order.
func (t *Table) ClosedLedgers(ctx context.Context, id sroi.AuthorityID, y int) ([][]sroi.ClosedLedger, error) {
	found, err := t.all(ctx, reading{index: base, consistent: true, stretch: under(headsPrefix.key(string(id), year(y)))}, 0)
	if err != nil {
		return nil, err
	}
	return decodeAll[[]sroi.ClosedLedger](found, typeHeads)
}

// AddAreaClose freezes an area's year, unless that was done before.
func (t *Table) AddAreaClose(ctx context.Context, c sroi.AreaClose) error {
	return t.commit(ctx, put(areaCloseKey.key(c.Area, year(c.Year)), typeAreaClose, c).on(absent, always(nil)))
}
