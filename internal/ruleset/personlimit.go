// SPDX-License-Identifier: EUPL-1.2

package ruleset

import (
	"slices"

	"socialreturn/internal/calendar"
)

// Merge joins times that follow each other or overlap, in order of days, and
// adds up their hours: what a PersonLimit makes of them stays the same.
func Merge(times []Earlier) []Earlier {
	sorted := slices.Clone(times)
	slices.SortFunc(sorted, func(a, b Earlier) int { return a.From.Compare(b.From) })
	merged := sorted[:0]
	for _, time := range sorted {
		if n := len(merged); n > 0 && !time.From.After(merged[n-1].End().AddDays(1)) {
			last := &merged[n-1]
			last.Worked += time.Worked
			if time.End().After(last.End()) {
				last.To = time.To
			}
			continue
		}
		merged = append(merged, time)
	}
	return merged
}

// limitPerson finds what a limit per person leaves of the window.
func (p *placement) limitPerson() {
	p.allowed, p.worked = 1, 1
	p.limit = p.rs.LimitOf(p.block.Code)
	if p.limit == nil {
		return
	}
	places := within(within(p.in.Schedule, p.counts), p.in.Window)
	if len(places) == 0 {
		return
	}
	if p.limit.Months > 0 {
		p.limitMonths(places)
		return
	}
	p.used = p.usedHours(places[0].From)
	switch left := max(p.limit.Hours-p.used, 0); {
	case left == 0:
		p.allowed = 0
	case p.in.Worked > left:
		p.allowed, p.worked = left, p.in.Worked
	}
}

// uses tells whether a time without a place uses the limit up.
func (l *PersonLimit) uses(gap calendar.Span) bool {
	if l.GapMonths == 0 {
		return l.Months > 0
	}
	return !gap.To.AddDays(1).Before(gap.From.AddMonths(l.GapMonths))
}

// usedHours are the hours worked before, and those of a full week in every gap
// up to a day that uses the limit up.
func (p *placement) usedHours(first calendar.Date) calendar.Minutes {
	var used calendar.Minutes
	for _, earlier := range p.in.Earlier {
		used += earlier.Worked
	}
	for _, gap := range gaps(p.in.Earlier, first) {
		if p.limit.uses(gap) {
			used += p.rs.NormWeek * calendar.Minutes(gap.Days()) / 7
		}
	}
	return used
}

// gaps are the times between earlier ones, and between them and a day, as far as
// they lie before that day.
func gaps(times []Earlier, day calendar.Date) []calendar.Span {
	var found []calendar.Span
	for i, time := range times {
		next := day
		if i+1 < len(times) && times[i+1].From.Before(day) {
			next = times[i+1].From
		}
		if gap := (calendar.Span{From: time.End().AddDays(1), To: next.AddDays(-1)}); !gap.Empty() && time.From.Before(day) {
			found = append(found, gap)
		}
	}
	return found
}

// limitMonths ends what counts where the months of the person are used up: as
// many days as the months have from the person's first day, less those counted
// already on any contract, and the gaps that use the limit up.
func (p *placement) limitMonths(places []Hours) {
	start := places[0].From
	if len(p.in.Earlier) > 0 && p.in.Earlier[0].From.Before(start) {
		start = p.in.Earlier[0].From
	}
	left := start.AddMonths(p.limit.Months).Sub(start)
	taken := slices.Clone(p.in.Earlier)
	for _, earlier := range taken {
		left -= earlier.Days()
	}
	p.cut = places[0].From.AddDays(-1)
	passed := calendar.Date{} // gaps before this day were counted
	for _, place := range places {
		for _, gap := range gaps(Merge(taken), place.From) {
			if p.limit.uses(gap) && gap.From.After(passed) {
				left -= gap.Days()
			}
		}
		passed = place.From
		p.cut, left = spend(place.Span, p.in.Earlier, left, p.cut)
		if left <= 0 {
			break
		}
		taken = append(taken, Earlier{Span: place.Span})
	}
	if !places[len(places)-1].End().After(p.cut) {
		p.cut = calendar.Date{}
		return
	}
	p.counts = p.counts.Intersect(calendar.Span{From: p.counts.From, To: p.cut})
}

// spend takes the days of a place from what is left, but for those on which the
// person counted already. It gives the last day that counts, and what is left.
func spend(place calendar.Span, counted []Earlier, left int, cut calendar.Date) (calendar.Date, int) {
	for day := place.From; !day.After(place.End()) && left > 0; day = day.AddDays(1) {
		if !slices.ContainsFunc(counted, func(e Earlier) bool { return e.Contains(day) }) {
			left--
		}
		cut = day
	}
	return cut, left
}
