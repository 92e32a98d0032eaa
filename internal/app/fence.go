// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"socialreturn/internal/sroi"
)

const (
	ledgersAbreast = 8
	// ledgersPerPart is how many ledgers are fenced and kept before a close looks
	// whether there is time for more.
	ledgersPerPart = 100
	// rolledAtOnce is how many ledgers' figures are brought up to date before that.
	rolledAtOnce = 20
	// closeMargin is left of the caller's patience to put down how far a close came.
	closeMargin = 6 * time.Second
)

// errUnfinished: the time is up, and a repeat goes on.
var errUnfinished = errors.New("app: the close goes on at a repeat")

// goOn takes a close that was begun as far as there is time. The order lets it die
// anywhere: first nothing new may start in the year, then every ledger gets the
// entry that closes it, and only then is anything recomputed, compared and frozen;
// the areas follow, for which others look whether this close is frozen.
func (s *Service) goOn(ctx context.Context, call Call, c sroi.YearClose) (sroi.YearClose, error) {
	switch c.State {
	case sroi.ClosePrepared:
		return c, nil
	case sroi.CloseFrozen:
		return c, s.freezeAreas(ctx, c)
	}
	work, done := withMargin(ctx)
	defer done()
	if err := s.stampAuthority(ctx, c); err != nil {
		return c, err
	}
	ledgers, total, err := s.fenceLedgers(ctx, work, call, c)
	if err == nil {
		c, err = s.settle(ctx, work, c, ledgers)
	}
	if errors.Is(err, errUnfinished) {
		return s.putProgress(ctx, c, total, len(ledgers))
	}
	if err != nil {
		return c, err
	}
	return c, s.freezeAreas(ctx, c)
}

// withMargin is done a while before the caller's patience is; without a deadline never.
func withMargin(ctx context.Context) (context.Context, context.CancelFunc) {
	if deadline, bounded := ctx.Deadline(); bounded {
		return context.WithDeadline(ctx, deadline.Add(-closeMargin))
	}
	return context.WithCancel(ctx)
}

func (s *Service) putProgress(ctx context.Context, c sroi.YearClose, ledgers, done int) (sroi.YearClose, error) {
	next := c
	next.Ledgers, next.Done, next.Version = ledgers, done, c.Version+1
	err := s.Store.PutYearClose(ctx, next)
	if errors.Is(err, ErrStale) { // another repeat is further
		return s.Store.YearClose(ctx, c.Authority, c.Year)
	}
	return next, err
}

// stampAuthority keeps new tenders and contracts out of the year.
func (s *Service) stampAuthority(ctx context.Context, c sroi.YearClose) error {
	return bounded(func() error {
		authority, err := s.Store.Authority(ctx, c.Authority)
		if err != nil || authority.ClosedThrough >= c.Year {
			return err
		}
		authority.ClosedThrough = c.Year
		authority.Version++
		return s.Store.PutAuthority(ctx, authority)
	})
}

// fenceLedgers books the close on every ledger and recomputes what each then adds,
// part by part; what earlier attempts did is read back. It also answers how many
// ledgers there are.
func (s *Service) fenceLedgers(ctx, work context.Context, call Call, c sroi.YearClose) ([]sroi.ClosedLedger, int, error) {
	all, err := s.Store.LedgersOf(ctx, c.Authority, "", 0)
	if err != nil {
		return nil, 0, err
	}
	parts, err := s.Store.ClosedLedgers(ctx, c.Authority, c.Year)
	if err != nil {
		return nil, len(all), err
	}
	done := flat(parts)
	for part := range slices.Chunk(notIn(all, done), ledgersPerPart) {
		if work.Err() != nil {
			return done, len(all), errUnfinished
		}
		closed := make([]sroi.ClosedLedger, len(part))
		err := abreast(ctx, len(part), func(ctx context.Context, i int) (err error) {
			closed[i], err = s.fence(ctx, call, c, part[i])
			return err
		})
		if err != nil {
			return done, len(all), err
		}
		parts = append(parts, closed)
		err = s.Store.AddClosedLedgers(ctx, c.Authority, c.Year, len(parts), closed)
		if errors.Is(err, ErrStale) {
			return done, len(all), errUnfinished // another repeat is at it
		}
		if err != nil {
			return done, len(all), err
		}
		done = append(done, closed...)
	}
	return done, len(all), nil
}

func notIn(all []string, done []sroi.ClosedLedger) []string {
	seen := map[string]bool{}
	for _, ledger := range done {
		seen[ledger.Ledger] = true
	}
	return slices.DeleteFunc(slices.Clone(all), func(name string) bool { return seen[name] })
}

// fence books the close on a ledger, unless that was done, and recomputes the
// ledger as far as that entry.
func (s *Service) fence(ctx context.Context, call Call, c sroi.YearClose, name string) (sroi.ClosedLedger, error) {
	if tender, isTender := strings.CutPrefix(name, "TENDER#"); isTender {
		if err := s.fenceTender(ctx, call, tender, c.Year); err != nil {
			return sroi.ClosedLedger{}, err
		}
		entries, err := s.Store.TenderEntries(ctx, tender)
		if err != nil {
			return sroi.ClosedLedger{}, err
		}
		closed, err := closedAt(entries, name, c.Year)
		if err == nil && !closed.Late {
			closed.take(sroi.TenderContributions(entries[:closed.Seq]), c)
		}
		return closed.ClosedLedger, err
	}
	contract := strings.TrimPrefix(name, "CONTRACT#")
	if err := s.fenceContract(ctx, call, contract, c.Year); err != nil {
		return sroi.ClosedLedger{}, err
	}
	ledger, err := s.Store.ContractLedger(ctx, contract)
	if err != nil {
		return sroi.ClosedLedger{}, err
	}
	closed, err := closedAt(ledger.Entries, name, c.Year)
	if err != nil || closed.Late {
		return closed.ClosedLedger, err
	}
	ledger = ledger.Through(closed.Seq)
	contributions, err := s.contractContributions(ledger)
	closed.take(contributions, c)
	closed.Open = ledger.OpenIn(c.Year)
	return closed.ClosedLedger, err
}

// closedLedger is a ledger at the entry that closed the year, being recomputed.
type closedLedger struct{ sroi.ClosedLedger }

// closedAt finds the entry that closed the year. The ledger's Late where it began
// later than that.
func closedAt(entries []sroi.Entry, name string, year int) (closedLedger, error) {
	for _, e := range entries {
		if e.Closes >= year {
			return closedLedger{sroi.ClosedLedger{Head: sroi.Head{Ledger: name, Seq: e.Seq, Hash: e.Hash}, Late: e.Kind != sroi.YearClosed}}, nil
		}
	}
	return closedLedger{}, fmt.Errorf("app: %s was fenced, and no entry says so", name)
}

// take keeps what of its contributions the close is about.
func (l *closedLedger) take(contributions []sroi.Contribution, c sroi.YearClose) {
	for _, part := range contributions {
		if part.Area == c.Area && part.Year == c.Year {
			if l.Part = part.Facts().Digest(); l.Part != "" {
				l.Rules = part.Rules
			}
		}
	}
}

func (s *Service) fenceContract(ctx context.Context, call Call, id string, year int) error {
	return bounded(func() error {
		account, err := s.Store.Account(ctx, id)
		if err != nil || account.Balance.ClosedThrough >= year {
			return err
		}
		after, entry := account.Balance.Next(sroi.Entry{
			Kind: sroi.YearClosed, Booked: call.Today(), At: call.at(), Actor: call.actor(), Closes: year,
		})
		return s.Store.Book(ctx, after, entry)
	})
}

// fenceTender books the close on a tender, which stays what it was. One that changes
// between the two reads is no longer the version that the entry follows: ErrStale.
func (s *Service) fenceTender(ctx context.Context, call Call, id string, year int) error {
	return bounded(func() error {
		tender, err := s.Store.Tender(ctx, id)
		if err != nil || tender.ClosedThrough >= year {
			return err
		}
		entries, err := s.Store.TenderEntries(ctx, id)
		if err != nil {
			return err
		}
		tender.Version++
		entry := sroi.Entry{
			Owner: id, Kind: sroi.YearClosed, Booked: call.Today(), At: call.at(), Actor: call.actor(), Closes: year,
			Tender: entries[len(entries)-1].Tender,
		}.Sealed(tender.Version, tender.Head)
		tender.Head, tender.ClosedThrough = entry.Hash, year
		return s.Store.UpdateTender(ctx, tender, entry)
	})
}

// abreast calls do for 0 to n-1, a few at the same time, and gives the first
// error; from then on their context is over.
func abreast(ctx context.Context, n int, do func(ctx context.Context, i int) error) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(ledgersAbreast)
	for i := range n {
		group.Go(func() error { return do(ctx, i) })
	}
	return group.Wait()
}
