// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"socialreturn/internal/calendar"
	"socialreturn/internal/sroi"
)

// settle holds the stored figures of the year against what the ledgers recompute
// to, brings up to date what is merely behind, and freezes the year. It refuses
// figures that differ.
func (s *Service) settle(ctx, work context.Context, c sroi.YearClose, ledgers []sroi.ClosedLedger) (sroi.YearClose, error) {
	for range settleRounds {
		stored, err := s.figuresOf(ctx, c.Area, c.Year)
		if err != nil {
			return c, err
		}
		behind, err := stored.compare(ledgers)
		if err == nil {
			err = s.checkSources(ctx, stored, ledgers)
		}
		if err == nil && len(behind) == 0 && !stored.current() {
			if err = s.fold(ctx, areaYear{c.Area, c.Year}); err == nil {
				continue // others added to it, and have not come to fold it
			}
			if errors.Is(err, ErrStale) {
				err = errUnfinished
			}
		}
		if err == nil && len(behind) == 0 {
			behind, err = s.behindInRegion(ctx, c, ledgers)
		}
		if err != nil {
			return c, err
		}
		if len(behind) == 0 {
			return s.freeze(ctx, c, ledgers, stored)
		}
		for some := range slices.Chunk(behind, rolledAtOnce) {
			if work.Err() != nil {
				return c, errUnfinished
			}
			for ledger, err := range s.RollUp(work, some) {
				if work.Err() != nil {
					return c, errUnfinished
				}
				return c, fmt.Errorf("app: figures of %s: %w", ledger, err)
			}
		}
	}
	return c, errUnfinished // others keep writing
}

const settleRounds = 4

// areaFigures is the stored figures of an area's year: the total, and what it is
// the fold of.
type areaFigures struct {
	total, folded sroi.Total
	parts         map[string]sroi.Contribution // by source
}

func (s *Service) figuresOf(ctx context.Context, area string, year int) (areaFigures, error) {
	total, err := s.Store.Total(ctx, area, year)
	if err != nil {
		return areaFigures{}, err
	}
	contributions, err := s.Store.Contributions(ctx, area, year)
	if err != nil {
		return areaFigures{}, err
	}
	f := areaFigures{total: total, parts: map[string]sroi.Contribution{}}
	f.folded, _ = sroi.Fold(area, year, contributions)
	f.folded.Version = total.Version
	for _, c := range contributions {
		f.parts[c.Source] = c
	}
	return f, nil
}

// agree tells whether the total is the fold of the contributions.
func (f areaFigures) agree() bool { return sroi.Digest(f.total) == sroi.Digest(f.folded) }

// current tells whether the total is of the same entries as the contributions.
func (f areaFigures) current() bool { return f.total.Position == f.folded.Position }

// compare names the ledgers whose figures are behind. Figures that stand at the
// same entries and differ are a fault that no repeat repairs.
func (f areaFigures) compare(ledgers []sroi.ClosedLedger) (behind []string, err error) {
	behind, wrong := f.compareParts(ledgers)
	if f.current() && !f.agree() {
		wrong = append([]string{"het totaal van " + f.total.Area}, wrong...)
	}
	if len(wrong) > 0 {
		return nil, differing(f.total.Year, wrong)
	}
	if len(behind) == 0 && !f.current() {
		behind = f.anyOf(ledgers)
	}
	return behind, nil
}

// behindInRegion does so for the authority's region, where each ledger adds the
// same. Whoever rolled a ledger up may have died between the two areas. The total
// is others' as well, and is held to its parts when the region is frozen.
func (s *Service) behindInRegion(ctx context.Context, c sroi.YearClose, ledgers []sroi.ClosedLedger) ([]string, error) {
	authority, err := s.Store.Authority(ctx, c.Authority)
	if err != nil {
		return nil, err
	}
	areas := authority.AreasIn(c.Year)
	if len(areas) < 2 {
		return nil, nil
	}
	region, err := s.figuresOf(ctx, areas[1], c.Year)
	if err != nil {
		return nil, err
	}
	behind, wrong := region.compareParts(ledgers)
	if len(wrong) > 0 {
		return nil, differing(c.Year, wrong)
	}
	return behind, nil
}

// compareParts holds what each ledger adds to what it was closed with.
func (f areaFigures) compareParts(ledgers []sroi.ClosedLedger) (behind, wrong []string) {
	for _, ledger := range ledgers {
		part, stored := f.parts[ledger.Ledger]
		closing := part.Closing
		switch {
		case ledger.Late:
		case !stored && ledger.Part == "":
		case !stored || closing == nil && part.Seq < ledger.Seq:
			behind = append(behind, ledger.Ledger)
		case closing == nil || closing.Seq != ledger.Seq || closing.Facts.Digest() != ledger.Part:
			wrong = append(wrong, ledger.Ledger)
		}
	}
	return behind, wrong
}

// checkSources refuses figures that come from no ledger. Those of authorities that
// share the area have ledgers of their own.
func (s *Service) checkSources(ctx context.Context, f areaFigures, ledgers []sroi.ClosedLedger) error {
	var astray []string
	for some := range slices.Chunk(f.others(ledgers), maxSources) {
		sources, err := s.Store.Sources(ctx, some)
		if err != nil {
			return err
		}
		for _, name := range some {
			_, isContract := sources.Contracts[name]
			_, isTender := sources.Tenders[name]
			if isContract || isTender {
				continue
			}
			begun, err := s.hasBegun(ctx, name) // the newest may be missing above
			if err != nil {
				return err
			}
			if !begun {
				astray = append(astray, name)
			}
		}
	}
	if len(astray) > 0 {
		return differing(f.total.Year, astray)
	}
	return nil
}

// maxSources bounds a call of Store.Sources.
const maxSources = 100

// others are the sources beside the ledgers that add to the year, or did when it
// was closed.
func (f areaFigures) others(ledgers []sroi.ClosedLedger) []string {
	var names []string
	for name := range f.parts {
		names = append(names, name)
	}
	slices.Sort(names)
	return slices.DeleteFunc(notIn(names, ledgers), func(name string) bool {
		part := f.parts[name]
		return part.Facts().Digest() == "" && (part.Closing == nil || part.Closing.Facts.Digest() == "")
	})
}

// hasBegun tells whether a ledger is there.
func (s *Service) hasBegun(ctx context.Context, name string) (bool, error) {
	var err error
	if tender, isTender := strings.CutPrefix(name, "TENDER#"); isTender {
		_, err = s.Store.Tender(ctx, tender)
	} else {
		_, err = s.Store.Account(ctx, strings.TrimPrefix(name, "CONTRACT#"))
	}
	if errors.Is(err, ErrAbsent) {
		return false, nil
	}
	return err == nil, err
}

// anyOf is a ledger that adds to the total, so that rolling it up folds that, and
// the region's; none where others alone add to it.
func (f areaFigures) anyOf(ledgers []sroi.ClosedLedger) []string {
	for _, ledger := range ledgers {
		if _, adds := f.parts[ledger.Ledger]; adds {
			return []string{ledger.Ledger}
		}
	}
	return nil
}

// shownDiffering bounds how many ledgers a refusal names.
const shownDiffering = 20

func differing(year int, names []string) error {
	shown := strings.Join(names[:min(len(names), shownDiffering)], ", ")
	if more := len(names) - shownDiffering; more > 0 {
		shown += fmt.Sprintf(" en nog %d", more)
	}
	return refuse(Conflict, "cijfers-verschillen", fmt.Sprintf(
		"De cijfers van %d zijn niet wat de grootboeken zeggen: %s. Laat ze herstellen en herhaal de opdracht.", year, shown))
}

// freeze writes down the year as it was closed, for good.
func (s *Service) freeze(ctx context.Context, c sroi.YearClose, ledgers []sroi.ClosedLedger, stored areaFigures) (sroi.YearClose, error) {
	var parts []sroi.Facts
	for _, ledger := range ledgers {
		if part := stored.parts[ledger.Ledger]; ledger.Part != "" {
			parts = append(parts, part.Closing.Facts)
		}
	}
	frozen := c.Frozen(ledgers, sroi.FiguresOf(parts))
	frozen.Version = c.Version + 1
	err := s.Store.PutYearClose(ctx, frozen)
	if errors.Is(err, ErrStale) { // another repeat is further
		return c, errUnfinished
	}
	return frozen, err
}

// freezeAreas freezes the areas that a frozen close of an authority completes: where
// every other authority that lay in them has closed the year too. It looks after
// the close was written: of two that close at the same moment at least the later
// sees both.
func (s *Service) freezeAreas(ctx context.Context, c sroi.YearClose) error {
	authority, err := s.Store.Authority(ctx, c.Authority)
	if err != nil {
		return err
	}
	areas, err := s.waiting(ctx, authority, c.Year)
	if err != nil {
		return err
	}
	for _, of := range areas {
		on, all, err := s.lastClose(ctx, of, c)
		if err == nil && all {
			err = s.freezeArea(ctx, of, on)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// waiting are the areas that may wait for a close of an authority: those of the
// year, and those of earlier years with figures, for whoever had none closes these
// by closing a later one.
func (s *Service) waiting(ctx context.Context, authority sroi.Authority, year int) ([]areaYear, error) {
	var areas []areaYear
	for _, area := range authority.AreasIn(year) {
		areas = append(areas, areaYear{area, year})
	}
	earlier := map[string][]int{}
	for y := firstYear; y < year; y++ {
		for _, area := range authority.AreasIn(y) {
			earlier[area] = append(earlier[area], y)
		}
	}
	for _, area := range slices.Sorted(maps.Keys(earlier)) {
		totals, err := s.Store.Totals(ctx, area, earlier[area]...)
		if err != nil {
			return nil, err
		}
		for _, of := range totals {
			if of.Total.Version > 0 && of.Closed == nil {
				areas = append(areas, areaYear{area, of.Total.Year})
			}
		}
	}
	return areas, nil
}

// lastClose is the day of the last close of an area's year, and whether every
// authority that lay in it, of whatever desk, has closed it; that of c has. Whom it
// waits for is never told.
func (s *Service) lastClose(ctx context.Context, of areaYear, c sroi.YearClose) (calendar.Date, bool, error) {
	members, err := s.Store.AuthoritiesIn(ctx, of.area)
	if err != nil {
		return calendar.Date{}, false, err
	}
	members = slices.DeleteFunc(members, func(id sroi.AuthorityID) bool { return id == c.Authority })
	days, open := make([]calendar.Date, len(members)), make([]bool, len(members))
	err = abreast(ctx, len(members), func(ctx context.Context, i int) (err error) {
		days[i], open[i], err = s.closedOn(ctx, members[i], of)
		return err
	})
	if err != nil || slices.Contains(open, true) {
		return calendar.Date{}, false, err
	}
	own, err := s.closedBy(ctx, of, c)
	return slices.MaxFunc(slices.Concat(days, []calendar.Date{own}), calendar.Date.Compare), true, err
}

// closedBy is the day on which the authority of a close closed that year, or an
// earlier one: by a close of its own, or passed over by this one.
func (s *Service) closedBy(ctx context.Context, of areaYear, c sroi.YearClose) (calendar.Date, error) {
	if of.year == c.Year {
		return c.Begun().On, nil
	}
	on, _, err := s.closedOn(ctx, c.Authority, of)
	if on.IsZero() { // the newest is missing in the list
		on = c.Begun().On
	}
	return on, err
}

// closedOn is the day on which an authority closed a year, or a later one without
// it; zero where it lay elsewhere. Open where it has yet to.
func (s *Service) closedOn(ctx context.Context, id sroi.AuthorityID, of areaYear) (on calendar.Date, open bool, err error) {
	authority, err := s.Store.Authority(ctx, id)
	if err != nil || !slices.Contains(authority.AreasIn(of.year), of.area) {
		return on, false, err
	}
	c, err := s.Store.YearClose(ctx, id, of.year)
	switch {
	case err == nil && c.State != sroi.ClosePrepared:
		return c.Begun().On, c.State != sroi.CloseFrozen, nil
	case err != nil && !errors.Is(err, ErrAbsent):
		return on, false, err
	case authority.ClosedThrough < of.year:
		return on, true, nil
	}
	closes, err := s.Store.YearClosesOf(ctx, id) // the year was passed over, prepared perhaps
	for _, later := range closes {
		if later.Year > of.year && later.State == sroi.CloseFrozen {
			return later.Begun().On, false, err
		}
	}
	return on, false, err
}

// freezeArea keeps the figures of an area's year as they were closed, where every
// ledger in it is closed; elsewhere the year stays provisional. What is behind is
// brought up to date first.
func (s *Service) freezeArea(ctx context.Context, of areaYear, on calendar.Date) error {
	for range settleRounds {
		stored, err := s.figuresOf(ctx, of.area, of.year)
		if err != nil {
			return err
		}
		if !stored.agree() {
			if err := s.fold(ctx, of); err != nil {
				return err
			}
			continue
		}
		figures, closed := stored.closed()
		if !closed {
			return nil
		}
		return s.Store.AddAreaClose(ctx, sroi.AreaClose{Area: of.area, Year: of.year, On: on, Figures: figures, Version: stored.total.Version})
	}
	return refuse(Unavailable, "te-druk", "Het jaar is vastgesteld, maar aan de cijfers van het gebied wordt door velen gewerkt. Herhaal de opdracht zo.")
}

// closed are the figures that the year was closed with, those of a year without
// anything too; false while a ledger in it is open.
func (f areaFigures) closed() (sroi.Figures, bool) {
	if closed := f.folded.Closed; closed != nil {
		return closed.Figures, !closed.Open
	}
	for _, part := range f.parts {
		if len(part.Steps) > 0 {
			return sroi.Figures{}, false
		}
	}
	return sroi.Figures{}, true
}
