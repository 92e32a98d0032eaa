// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"

	"socialreturn/internal/app"
	"socialreturn/internal/sroi"
)

// Authority reads a contracting authority, consistently. ErrAbsent.
func (t *Table) Authority(ctx context.Context, id sroi.AuthorityID) (sroi.Authority, error) {
	found, err := t.get(ctx, authorityKey.key(string(id)))
	if err != nil {
		return sroi.Authority{}, err
	}
	return decode[sroi.Authority](found, typeAuthority)
}

// PutAuthority saves version a.Version, which must follow the stored one (1:
// must be new). The very same version again is no error. ErrStale.
func (t *Table) PutAuthority(ctx context.Context, a sroi.Authority) error {
	attributes := []attribute{number("version", a.Version)}
	if a.ClosedThrough > 0 {
		attributes = append(attributes, number("closedThrough", a.ClosedThrough))
	}
	writes := []write{put(authorityKey.key(string(a.ID)), typeAuthority, a, attributes...).
		in(byDesk, authoritiesOfDesk.key(a.Desk, string(a.ID))).
		onceOn(follows(a.Version), app.ErrStale)}
	for _, area := range a.SharedAreas() {
		writes = append(writes, put(memberKey.key(area, string(a.ID)), typePointer, reference{string(a.ID)}))
	}
	return t.commit(ctx, writes...)
}

// AuthoritiesIn names the authorities that ever lay in a municipality or region, of
// whatever desk, by id, consistently.
func (t *Table) AuthoritiesIn(ctx context.Context, area string) ([]sroi.AuthorityID, error) {
	found, err := t.all(ctx, reading{index: base, consistent: true, stretch: under(membersPrefix.key(area))}, 0)
	if err != nil {
		return nil, err
	}
	pointers, err := decodeAll[reference](found, typePointer)
	members := make([]sroi.AuthorityID, len(pointers))
	for i, pointer := range pointers {
		members[i] = sroi.AuthorityID(pointer.ID)
	}
	return members, err
}

// AuthoritiesOf lists a desk's authorities by id. ErrCursor.
func (t *Table) AuthoritiesOf(ctx context.Context, desk string, page app.Page) ([]sroi.Authority, string, error) {
	r := reading{index: byDesk, stretch: under(deskAuthoritiesPrefix.key(desk))}
	found, next, err := t.list(ctx, r, page, authorityKey)
	if err != nil {
		return nil, "", err
	}
	authorities, err := decodeAll[sroi.Authority](found, typeAuthority)
	return authorities, next, err
}

// checkOpen refuses a year that the authority closed, and whoever does not know
// the last year that it closed. ErrYearClosed, ErrStale, and ErrAbsent where
// there is no such authority.
func checkOpen(id sroi.AuthorityID, year, closedThrough int) write {
	open := condition{"#closedThrough = :known AND #closedThrough < :year", []attribute{number("known", closedThrough), number("year", year)}}
	if closedThrough == 0 {
		open = condition{"attribute_exists(#PK) AND attribute_not_exists(#closedThrough)", nil}
	}
	return check(authorityKey.key(string(id)), open, func(old record) error {
		switch {
		case old == nil:
			return app.ErrAbsent
		case old.number("closedThrough") < year:
			return app.ErrStale
		}
		return app.ErrYearClosed
	})
}
