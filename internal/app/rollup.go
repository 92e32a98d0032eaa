// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

// areaYear is a total to be folded.
type areaYear struct {
	area string
	year int
}

// RollUp brings the figures up to date with the ledgers of contracts and
// tenders, named "CONTRACT#<id>" or "TENDER#<id>". It reads the ledgers, never
// the events, so repeats, disorder and replays change nothing. It answers with
// the ledgers that failed; the others are done.
//
// Contributions are written first and the totals folded always, also when a
// contribution was there already: whoever wrote it may have died before folding.
func (s *Service) RollUp(ctx context.Context, ledgers []string) map[string]error {
	failed := map[string]error{}
	waiting := map[areaYear][]string{}
	for _, ledger := range ledgers {
		touched, err := s.contribute(ctx, ledger)
		if err != nil {
			failed[ledger] = err
			continue
		}
		for _, total := range touched {
			waiting[total] = append(waiting[total], ledger)
		}
	}
	totals := slices.SortedFunc(maps.Keys(waiting), func(a, b areaYear) int {
		return strings.Compare(fmt.Sprint(a.area, a.year), fmt.Sprint(b.area, b.year))
	})
	for _, total := range totals {
		if err := s.fold(ctx, total); err != nil {
			for _, ledger := range waiting[total] {
				failed[ledger] = err
			}
		}
	}
	return failed
}

// contribute writes what a ledger adds, and tells which totals it touches. What
// contradicts itself in a ledger may panic its fold: that is this ledger's fault,
// and the others of the batch have none of it.
func (s *Service) contribute(ctx context.Context, ledger string) (touched []areaYear, err error) {
	defer func() {
		if reason := recover(); reason != nil {
			err = fmt.Errorf("app: the ledger cannot be folded: %v", reason)
		}
	}()
	contributions, err := s.contributions(ctx, ledger)
	if err != nil {
		return nil, err
	}
	for _, c := range contributions {
		if err := s.Store.PutContribution(ctx, c); err != nil {
			return nil, err
		}
		touched = append(touched, areaYear{c.Area, c.Year})
	}
	return touched, nil
}

func (s *Service) contributions(ctx context.Context, ledger string) ([]sroi.Contribution, error) {
	if id, ok := strings.CutPrefix(ledger, "TENDER#"); ok {
		entries, err := s.Store.TenderEntries(ctx, id)
		if err != nil || len(entries) == 0 {
			return nil, err
		}
		return sroi.TenderContributions(entries), nil
	}
	id, ok := strings.CutPrefix(ledger, "CONTRACT#")
	if !ok {
		return nil, fmt.Errorf("app: %q is no ledger", ledger)
	}
	contract, err := s.Store.ContractLedger(ctx, id)
	if err != nil {
		return nil, err
	}
	return s.contractContributions(contract)
}

// contractContributions works them out under all rules that the contract has been under.
func (s *Service) contractContributions(contract sroi.Ledger) ([]sroi.Contribution, error) {
	extra := map[ruleset.Ref]ruleset.ExtraJob{}
	for n := range len(contract.Amendments) + 1 {
		rules, err := s.Rules.Pinned(contract.ContractAfter(n).Rules)
		if err != nil {
			return nil, err
		}
		extra[rules.Ref()] = rules.ExtraJob
	}
	return sroi.ContractContributions(contract, extra), nil
}

// fold swaps a total for the fold of its contributions: the version first, then
// the contributions, so that a swap that succeeds missed none that was there
// before it.
func (s *Service) fold(ctx context.Context, of areaYear) error {
	for range attempts {
		stored, err := s.Store.Total(ctx, of.area, of.year)
		if err != nil {
			return err
		}
		contributions, err := s.Store.Contributions(ctx, of.area, of.year)
		if err != nil {
			return err
		}
		total, courses := sroi.Fold(of.area, of.year, contributions)
		total.Version = stored.Version
		if sroi.Digest(total) == sroi.Digest(stored) {
			return nil
		}
		total.Version++
		if err := s.Store.SwapTotal(ctx, total, changedMonths(stored, total, courses)); !errors.Is(err, ErrStale) {
			return err
		}
	}
	return fmt.Errorf("app: total of %s %d: %w", of.area, of.year, ErrStale)
}

// changedMonths are the months of the course that differ from what is stored. One
// in which nothing changed after all, since the same day took it back, becomes empty.
func changedMonths(stored, total sroi.Total, courses []sroi.Course) []sroi.Course {
	changed := slices.DeleteFunc(courses, func(c sroi.Course) bool { return stored.Course[c.Month] == total.Course[c.Month] })
	for _, month := range slices.Sorted(maps.Keys(stored.Course)) {
		if _, still := total.Course[month]; !still {
			changed = append(changed, sroi.Course{Area: total.Area, Year: total.Year, Month: month})
		}
	}
	return changed
}
