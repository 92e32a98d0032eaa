// SPDX-License-Identifier: EUPL-1.2

// Package receipttest replays every receipt that a store holds.
package receipttest

import (
	"context"
	"encoding/json"
	"fmt"

	"socialreturn/internal/app"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

// Counts is how many receipts were replayed, by where they stand and their kind:
// "line/placement", "decision/rejection", "correction/correction".
type Counts map[string]int

// walk replays receipts and collects what went wrong.
type walk struct {
	rules  *ruleset.Library
	counts Counts
	faults []error
}

// Replay replays every receipt of an authority's contracts to the very bytes
// that are stored: of the obligation, of the lines of each statement, drafts and
// earlier revisions that were submitted included, of each decision on them and of each
// correction. It returns what it replayed, and a fault for every receipt that
// comes out otherwise; or the error of the store.
func Replay(ctx context.Context, store app.Store, rules *ruleset.Library, authority sroi.AuthorityID) (Counts, []error, error) {
	w := walk{rules: rules, counts: Counts{}}
	page := app.Page{Limit: 100}
	for {
		accounts, next, err := store.ListContracts(ctx, app.Owner{Authority: authority}, page)
		if err != nil {
			return nil, nil, err
		}
		for _, account := range accounts {
			if err := w.contract(ctx, store, account.Contract.ID); err != nil {
				return nil, nil, err
			}
		}
		if next == "" {
			return w.counts, w.faults, nil
		}
		page.Cursor = next
	}
}

func (w *walk) contract(ctx context.Context, store app.Store, id string) error {
	ledger, err := store.ContractLedger(ctx, id)
	if err != nil {
		return err
	}
	registered := ledger.ContractAfter(0)
	w.replay("contract", id, registered.Obligation.Receipt)
	for _, other := range registered.Others {
		w.replay("contract", id, other.Receipt)
	}
	for _, amendment := range ledger.Amendments {
		for _, obligation := range amendment.Obligations {
			w.replay("amendment", id, obligation.Receipt)
		}
	}
	submitted := map[string]bool{}
	for _, revision := range ledger.Revisions {
		submitted[revision.LinesHash] = true
		w.revision(id, revision.Lines, revision.Decisions)
	}
	heads, err := store.Statements(ctx, id)
	if err != nil {
		return err
	}
	for _, head := range heads {
		if submitted[head.LinesHash] {
			continue
		}
		lines, decisions, err := store.Revision(ctx, head)
		if err != nil {
			return err
		}
		w.revision(id, lines, decisions)
	}
	for _, correction := range ledger.Corrections {
		w.replay("correction", id, correction.Receipt)
		if correction.Decision != nil {
			w.replay("decision", id, correction.Decision.Receipt)
		}
	}
	return nil
}

func (w *walk) revision(contract string, lines []sroi.Line, decisions []sroi.Decision) {
	for _, line := range lines {
		w.replay("line", contract, line.Receipt)
	}
	for _, decision := range decisions {
		w.replay("decision", contract, decision.Receipt)
	}
}

func (w *walk) replay(place, contract string, stored ruleset.Receipt) {
	again, err := w.rules.Replay(stored)
	if err != nil {
		w.faults = append(w.faults, fmt.Errorf("contract %s, %s %q: %w", contract, place, stored.Text, err))
		return
	}
	want, wrong := json.Marshal(stored)
	got, err := json.Marshal(again)
	if wrong != nil || err != nil || string(want) != string(got) {
		w.faults = append(w.faults, fmt.Errorf("contract %s, %s:\nstored   %s\nreplayed %s", contract, place, want, got))
		return
	}
	w.counts[place+"/"+stored.Kind]++
}
