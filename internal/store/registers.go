// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"

	"socialreturn/internal/app"
	"socialreturn/internal/sroi"
)

// Enterprise reads a version of a seller's entry in a register, consistently;
// the newest where version is zero. ErrAbsent.
func (t *Table) Enterprise(ctx context.Context, register, kvk string, version int) (sroi.Enterprise, error) {
	k := enterpriseKey.key(register, kvk)
	if version != 0 {
		k = enterpriseVersionKey.key(register, kvk, padded(version, 4))
	}
	found, err := t.get(ctx, k)
	if err != nil {
		return sroi.Enterprise{}, err
	}
	return decode[sroi.Enterprise](found, typeEnterprise)
}

// PutEnterprise saves version e.Version, which must follow the stored one (1:
// must be new), as the newest and as one that stays. The very same version again
// is no error. ErrStale.
func (t *Table) PutEnterprise(ctx context.Context, e sroi.Enterprise) error {
	return t.commit(ctx,
		put(enterpriseKey.key(e.Register, e.KvK), typeEnterprise, e, number("version", e.Version)).onceOn(follows(e.Version), app.ErrStale),
		put(enterpriseVersionKey.key(e.Register, e.KvK, padded(e.Version, 4)), typeEnterprise, e).onceOn(absent, app.ErrStale))
}

// EnterprisesOf reads the newest entries of those sellers, by KvK number, that
// the register knows, consistently.
func (t *Table) EnterprisesOf(ctx context.Context, register string, sellers []string) ([]sroi.Enterprise, error) {
	keys := make([]key, len(sellers))
	for i, seller := range sellers {
		keys[i] = enterpriseKey.key(register, seller)
	}
	found, err := t.getAll(ctx, keys, true)
	if err != nil {
		return nil, err
	}
	var entries []record
	for _, k := range keys {
		if entry, listed := found[k]; listed {
			entries = append(entries, entry)
		}
	}
	return decodeAll[sroi.Enterprise](entries, typeEnterprise)
}

// Enterprises lists the newest entries of a register by KvK number. ErrCursor.
func (t *Table) Enterprises(ctx context.Context, register string, page app.Page) ([]sroi.Enterprise, string, error) {
	r := reading{index: base, stretch: under(enterprisesPrefix.key(register))}
	found, next, err := t.list(ctx, r, page, enterpriseKey)
	if err != nil {
		return nil, "", err
	}
	enterprises, err := decodeAll[sroi.Enterprise](found, typeEnterprise)
	return enterprises, next, err
}
