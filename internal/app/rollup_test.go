// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"context"
	"strings"
	"testing"

	"socialreturn/internal/app"
	"socialreturn/internal/sroi"
)

// absurd is a store in which one tender's ledger makes no sense to the fold.
type absurd struct {
	app.Store
	tender string
}

func (a absurd) TenderEntries(ctx context.Context, id string) ([]sroi.Entry, error) {
	if id == a.tender {
		panic("een grootboek dat zichzelf tegenspreekt")
	}
	return a.Store.TenderEntries(ctx, id)
}

func TestALedgerThatPanicsItsFoldFailsAlone(t *testing.T) {
	h := newHouse(t)
	one, two := h.awarded("een"), h.awarded("twee")
	h.Store = absurd{h.Store, one.ID}
	failed := h.RollUp(h.ctx, []string{"TENDER#" + one.ID, "TENDER#" + two.ID})
	if err := failed["TENDER#"+one.ID]; len(failed) != 1 || err == nil || !strings.Contains(err.Error(), "cannot be folded") {
		t.Errorf("failed: %v", failed)
	}
	contributions, err := h.Store.Contributions(h.ctx, "GM0200", 2021)
	h.must(err)
	if len(contributions) != 1 || contributions[0].Source != "TENDER#"+two.ID {
		t.Errorf("contributions: %v", contributions)
	}
}

// What was once worked out wrongly is put right by working it out again, also
// where nothing was booked since.
func TestRollingUpRepairsAWrongContribution(t *testing.T) {
	h := newHouse(t)
	contract := h.quarterDecided("verrekend")
	right := sroi.Digest(h.table("GM0200", 2022).Rows)
	parts, err := h.Store.Contributions(h.ctx, "GM0200", 2022)
	h.must(err)
	wrong := parts[0]
	if wrong.Source != "CONTRACT#"+contract.ID || len(wrong.Steps) == 0 {
		t.Fatalf("%+v", wrong)
	}
	wrong.Steps = nil
	h.must(h.Store.PutContribution(h.ctx, wrong))
	if stored, err := h.Store.Contributions(h.ctx, "GM0200", 2022); err != nil || len(stored[0].Steps) != 0 {
		t.Fatalf("the contribution is not wrong: %v", err)
	}
	if again := sroi.Digest(h.table("GM0200", 2022).Rows); again != right {
		t.Error("the figures stay wrong")
	}
}
