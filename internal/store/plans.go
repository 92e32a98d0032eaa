// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"errors"

	"socialreturn/internal/app"
)

// Prospect reads a contract, its balance and its newest plan, consistently, in
// one call. ErrAbsent (the contract).
func (t *Table) Prospect(ctx context.Context, contract string) (app.Prospect, error) {
	newest := planKey.key(contract)
	account, found, err := t.accountWith(ctx, contract, newest)
	prospect := app.Prospect{Account: account}
	if err != nil || found[newest] == nil {
		return prospect, err
	}
	kept, err := decode[app.PlanHead](found[newest], typePlan)
	prospect.Plan = &kept
	return prospect, err
}

// SavePlan saves a revision and makes it the newest, all or nothing. The version
// of both must follow the stored one (1: must be new). The very same plan again
// is no error. ErrStale.
func (t *Table) SavePlan(ctx context.Context, head app.PlanHead, revision app.PlanRevision) error {
	if head.Contract != revision.Contract || head.Version != revision.Version {
		return errors.New("store: the head of a plan is not of its revision")
	}
	newest := put(planKey.key(head.Contract), typePlan, head, number("version", head.Version)).onceOn(follows(head.Version), app.ErrStale)
	k := planRevisionKey.key(revision.Contract, padded(revision.Version, 4))
	return t.commit(ctx, newest, put(k, typePlanRevision, revision).onceOn(absent, app.ErrStale))
}

// PlanRevision reads one, consistently. ErrAbsent.
func (t *Table) PlanRevision(ctx context.Context, contract string, version int) (app.PlanRevision, error) {
	found, err := t.get(ctx, planRevisionKey.key(contract, padded(version, 4)))
	if err != nil {
		return app.PlanRevision{}, err
	}
	return decode[app.PlanRevision](found, typePlanRevision)
}
