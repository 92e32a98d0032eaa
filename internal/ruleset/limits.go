// SPDX-License-Identifier: EUPL-1.2

package ruleset

import (
	"fmt"
	"slices"

	"socialreturn/internal/calendar"
)

// LimitKind is which bound of the rules takes something off an effort.
type LimitKind string

// The kinds of limit. The last is of a plan as a whole.
const (
	LimitHeadStart    LimitKind = "headStart"    // days before those that count
	LimitContractEnd  LimitKind = "contractEnd"  // days after those that count
	LimitSameEmployer LimitKind = "sameEmployer" // worked for the same employer shortly before
	LimitBlockMonths  LimitKind = "blockMonths"  // months of the block are used up
	LimitPerson       LimitKind = "person"       // hours or months of the person are used up
	LimitSubsidy      LimitKind = "subsidy"      // no wage-cost subsidy runs
	LimitMinimumWeek  LimitKind = "minimumWeek"  // too few hours a week
	LimitNormWeek     LimitKind = "normWeek"     // hours above the norm
	LimitDailyMaximum LimitKind = "dailyMaximum" // hours of one day above their maximum
	LimitCeiling      LimitKind = "ceiling"      // blocks that meet a share of the obligation at most
)

// Limit is a bound that bites: which, the first day on which it takes something
// off, and a sentence in Dutch.
type Limit struct {
	Kind LimitKind
	From calendar.Date
	Text string
}

// PlacementLimits are the bounds that bite on a placement in its window, and
// where its days lie outside Counted, by first day. It returns Faults.
func (rs *RuleSet) PlacementLimits(in PlacementInput) ([]Limit, error) {
	p, err := rs.placement(&in)
	if err != nil {
		return nil, err
	}
	l := limits{placement: &p, inWindow: within(in.Schedule, in.Window)}
	l.outside()
	if p.excluded() {
		l.add(LimitSameEmployer, in.Schedule[0].From, "Telt niet: de kandidaat werkte in de %d maanden vóór de plaatsing al bij dezelfde werkgever.", p.block.SameEmployerMonths)
		return l.list, nil
	}
	if last := p.lastCountedIn(l.inWindow); !last.IsZero() {
		l.add(LimitBlockMonths, last.AddDays(1), "Van dit bouwblok tellen ten hoogste %d maanden: tot en met %s.", p.block.MaxMonths, last.Dutch())
	}
	l.person()
	l.subsidy()
	l.week()
	slices.SortStableFunc(l.list, func(a, b Limit) int { return a.From.Compare(b.From) })
	return l.list, nil
}

type limits struct {
	*placement
	inWindow []Hours
	list     []Limit
}

func (l *limits) add(kind LimitKind, from calendar.Date, format string, args ...any) {
	l.list = append(l.list, Limit{Kind: kind, From: from, Text: fmt.Sprintf(format, args...)})
}

// outside tells that the placement begins before the days that count, or goes on
// after them.
func (l *limits) outside() {
	counted, schedule := l.in.Counted, l.in.Schedule
	if first := schedule[0].From; first.Before(counted.From) {
		l.add(LimitHeadStart, first, "Dagen vóór %s tellen niet: de looptijd, met een aanloop van %d maanden, begint dan.", counted.From.Dutch(), l.rs.HeadStartMonths)
	}
	if schedule[len(schedule)-1].End().After(counted.End()) {
		l.add(LimitContractEnd, counted.End().AddDays(1), "Dagen na %s tellen niet: dan eindigt het contract.", counted.End().Dutch())
	}
}

// person tells when the hours or the months of the person are used up.
func (l *limits) person() {
	switch places := within(within(l.in.Schedule, l.counts), l.in.Window); {
	case l.limit == nil:
	case !l.cut.IsZero():
		l.add(LimitPerson, l.cut.AddDays(1), "Per persoon tellen %d maanden, over alle contracten samen: tot en met %s.", l.limit.Months, l.cut.Dutch())
	case l.allowed != l.worked:
		l.add(LimitPerson, l.spent(places), "Per persoon tellen %s gewerkte uren, over alle contracten samen; daarvan was nog %s over.",
			l.limit.Hours.Dutch(), max(l.limit.Hours-l.used, 0).Dutch())
	}
}

// spent is the day on which the hours worked, spread over the agreed ones, come
// to more than the limit left.
func (l *limits) spent(places []Hours) calendar.Date {
	var agreed, before calendar.Minutes
	for _, place := range places {
		agreed += place.PerWeek * calendar.Minutes(place.Days())
	}
	left := max(l.limit.Hours-l.used, 0)
	for _, place := range places {
		if perDay := place.PerWeek * l.in.Worked; perDay > 0 {
			whole := (left*agreed - before*l.in.Worked) / perDay // days that count to their end
			if whole < calendar.Minutes(place.Days()) {
				return place.From.AddDays(int(max(whole, 0)))
			}
		}
		before += place.PerWeek * calendar.Minutes(place.Days())
	}
	return places[0].From
}

// subsidy tells the first day without the subsidy that the block asks.
func (l *limits) subsidy() {
	if !l.block.DuringSubsidy || l.in.Subsidised == nil {
		return
	}
	for _, place := range within(l.inWindow, l.counts) {
		day := place.From
		for _, subsidy := range l.in.Subsidised {
			if subsidy.Contains(day) {
				day = subsidy.End().AddDays(1)
			}
		}
		if !day.After(place.End()) {
			l.add(LimitSubsidy, day, "Telt alleen zolang de loonkostensubsidie loopt; op %s loopt die niet.", day.Dutch())
			return
		}
	}
}

// week tells where hours stay under the minimum or go over the norm.
func (l *limits) week() {
	rs := l.rs
	if i := slices.IndexFunc(l.inWindow, func(h Hours) bool { return h.PerWeek < rs.MinimumWeek }); i >= 0 {
		l.add(LimitMinimumWeek, l.inWindow[i].From, "Minder dan %s uur per week telt niet.", rs.MinimumWeek.Dutch())
	}
	over := func(h Hours) bool { return h.PerWeek > rs.NormWeek }
	if i := slices.IndexFunc(l.inWindow, over); i >= 0 && l.block.ProRata == HoursAndDuration {
		l.add(LimitNormWeek, l.inWindow[i].From, "Meer dan %s uur per week telt niet extra.", rs.NormWeek.Dutch())
	}
}

// ActivityLimits are the bounds that bite on an activity. It returns Faults.
func (rs *RuleSet) ActivityLimits(in ActivityInput) ([]Limit, error) {
	a, err := rs.activity(&in)
	if err != nil || a.most == 0 {
		return nil, err
	}
	text := fmt.Sprintf("Per persoon telt op één dag ten hoogste %s.", a.block.DailyMaximum.Euro())
	return []Limit{{Kind: LimitDailyMaximum, From: in.Date, Text: text}}, nil
}
