// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/sroi"
)

// PutContribution saves a contribution unless a later sequence, or this very
// one, is stored; that is no error. Another of the same sequence was worked out
// wrongly, for a ledger comes to one thing: it is replaced.
func (t *Table) PutContribution(ctx context.Context, c sroi.Contribution) error {
	seq, digest := number("seq", c.Seq), text("digest", sroi.Digest(c))
	newer := condition{"attribute_not_exists(#PK) OR #seq < :seq OR (#seq = :seq AND #digest <> :digest)", []attribute{seq, digest}}
	return t.commit(ctx, put(contributionKey(c), typeContribution, c, seq, digest).on(newer, always(nil)))
}

func contributionKey(c sroi.Contribution) key {
	if contract, isContract := strings.CutPrefix(c.Source, "CONTRACT#"); isContract {
		return contractPartKey.key(c.Area, year(c.Year), contract)
	}
	if tender, isTender := strings.CutPrefix(c.Source, "TENDER#"); isTender {
		return tenderPartKey.key(c.Area, year(c.Year), tender)
	}
	return key{fault: fmt.Errorf("%w: <source>", ErrKey)}
}

// Contributions reads all of an area's year, consistently, by source.
func (t *Table) Contributions(ctx context.Context, area string, y int) ([]sroi.Contribution, error) {
	found, err := t.all(ctx, reading{index: base, consistent: true, stretch: under(contributionsOf.key(area, year(y)))}, 0)
	if err != nil {
		return nil, err
	}
	return decodeAll[sroi.Contribution](found, typeContribution)
}

// Sources reads the heads of at most 100 contributions' contracts and tenders, by
// Contribution.Source, in one call, and none without one. The newest change may
// be a moment late.
func (t *Table) Sources(ctx context.Context, names []string) (app.Sources, error) {
	sources := app.Sources{Contracts: make(map[string]sroi.Contract), Tenders: make(map[string]sroi.Tender)}
	keys := make([]key, len(names))
	for i, name := range names {
		keys[i] = sourceKey(name)
	}
	found, err := t.getAll(ctx, keys, false)
	if err != nil {
		return sources, err
	}
	for i, name := range names {
		r := found[keys[i]]
		switch {
		case r == nil:
		case r.text("type") == typeContract:
			sources.Contracts[name], err = decode[sroi.Contract](r, typeContract)
		default:
			sources.Tenders[name], err = decode[sroi.Tender](r, typeTender)
		}
		if err != nil {
			return sources, err
		}
	}
	return sources, nil
}

// sourceKey is that of the contract or tender that a contribution comes from.
func sourceKey(source string) key {
	if contract, isContract := strings.CutPrefix(source, "CONTRACT#"); isContract {
		return contractKey.key(contract)
	}
	if tender, isTender := strings.CutPrefix(source, "TENDER#"); isTender {
		return tenderKey.key(tender)
	}
	return key{fault: fmt.Errorf("%w: <source>", ErrKey)}
}

// Total reads a total, consistently; its Version is zero where there is none.
func (t *Table) Total(ctx context.Context, area string, y int) (sroi.Total, error) {
	found, err := t.get(ctx, totalKey.key(area, year(y)))
	if errors.Is(err, app.ErrAbsent) && !errors.Is(err, ErrKey) {
		return sroi.Total{Area: area, Year: y}, nil
	}
	if err != nil {
		return sroi.Total{}, err
	}
	return decode[sroi.Total](found, typeTotal)
}

// SwapTotal saves version total.Version, which must follow the stored one, with
// the changed months of its course, all or nothing. The very same version again
// is no error. ErrStale.
func (t *Table) SwapTotal(ctx context.Context, total sroi.Total, changed []sroi.Course) error {
	writes := []write{
		put(totalKey.key(total.Area, year(total.Year)), typeTotal, total, number("version", total.Version)).
			onceOn(follows(total.Version), app.ErrStale),
	}
	for _, c := range changed {
		w := put(courseKey.key(c.Area, year(c.Year), c.Month), typeCourse, c)
		if c.Area != total.Area || c.Year != total.Year {
			w.fault = errors.New("store: the course is not that of the total's area and year")
		}
		writes = append(writes, w)
	}
	return t.commit(ctx, writes...)
}

// Totals reads the totals of several years, in that order, and what was frozen
// of them, in one call; absent totals have version zero. The newest change may be
// a moment late. Where a total is of before what was frozen of it, a second call
// reads all as it is now.
func (t *Table) Totals(ctx context.Context, area string, years ...int) ([]app.AreaYear, error) {
	totals, err := t.totals(ctx, area, years, false)
	if err == nil && slices.ContainsFunc(totals, app.AreaYear.OfTwoMoments) {
		return t.totals(ctx, area, years, true)
	}
	return totals, err
}

func (t *Table) totals(ctx context.Context, area string, years []int, consistent bool) ([]app.AreaYear, error) {
	totals := make([]app.AreaYear, len(years))
	wanted := make(map[key]bool)
	var keys []key
	for _, y := range years {
		if k := totalKey.key(area, year(y)); !wanted[k] { // the engine refuses a key that comes twice
			wanted[k] = true
			keys = append(keys, k, areaCloseKey.key(area, year(y)))
		}
	}
	found, err := t.getAll(ctx, keys, consistent)
	if err != nil {
		return nil, err
	}
	for i, y := range years {
		totals[i].Total = sroi.Total{Area: area, Year: y}
		if r := found[totalKey.key(area, year(y))]; r != nil {
			if totals[i].Total, err = decode[sroi.Total](r, typeTotal); err != nil {
				return nil, err
			}
		}
		if r := found[areaCloseKey.key(area, year(y))]; r != nil {
			frozen, err := decode[sroi.AreaClose](r, typeAreaClose)
			if err != nil {
				return nil, err
			}
			totals[i].Closed = &frozen
		}
	}
	return totals, nil
}

// FiguresOn reads a year's figures as they stood at the end of a day; false
// where there were none yet. One call, or two where the day comes before all
// changes of its month. The newest change may be a moment late.
func (t *Table) FiguresOn(ctx context.Context, area string, y int, day calendar.Date) (sroi.Figures, bool, error) {
	month := day.String()
	month = month[:min(7, len(month))]
	r := reading{
		index: base, backward: true, limit: 1,
		stretch: between(courseKey.key(area, year(y), "1900-01"), courseKey.key(area, year(y), month)),
	}
	for range maxListCalls { // two, and pages that turn out empty
		found, next, err := t.page(ctx, r)
		if err != nil {
			return sroi.Figures{}, false, err
		}
		courses, err := decodeAll[sroi.Course](found, typeCourse)
		if err != nil {
			return sroi.Figures{}, false, err
		}
		for _, course := range courses {
			for _, figures := range slices.Backward(course.Days) {
				if !figures.Booked.After(day) {
					return figures.Figures, true, nil
				}
			}
		}
		if next == nil {
			break
		}
		r.after = next
	}
	return sroi.Figures{}, false, nil
}
