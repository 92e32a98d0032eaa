// SPDX-License-Identifier: EUPL-1.2

package sroi

import (
	"slices"

	"socialreturn/internal/calendar"
	"socialreturn/internal/ruleset"
)

// Below is the schedule with, on each day, no more hours per week than the norm
// leaves beside the hours of others. Spans stay in order; equal neighbours are
// joined, so that cutting the others' spans changes nothing.
func Below(schedule []ruleset.Hours, norm calendar.Minutes, others []ruleset.Hours) []ruleset.Hours {
	return beside(schedule, others, func(own, taken calendar.Minutes) calendar.Minutes { return min(own, max(norm-taken, 0)) })
}

// beside is the schedule with what is left of its own hours per week beside those
// that others take on each day.
func beside(schedule, others []ruleset.Hours, left func(own, taken calendar.Minutes) calendar.Minutes) []ruleset.Hours {
	var capped []ruleset.Hours
	for _, hours := range schedule {
		for _, part := range split(hours, others) {
			var taken calendar.Minutes
			for _, other := range others {
				if other.Contains(part.From) {
					taken += other.PerWeek
				}
			}
			part.PerWeek = left(part.PerWeek, taken)
			capped = appendJoined(capped, part)
		}
	}
	return capped
}

// split cuts a span at every day on which another begins or has just ended.
func split(hours ruleset.Hours, others []ruleset.Hours) []ruleset.Hours {
	starts := []calendar.Date{hours.From}
	for _, other := range others {
		starts = append(starts, other.From)
		if !other.To.IsZero() {
			starts = append(starts, other.To.AddDays(1))
		}
	}
	slices.SortFunc(starts, calendar.Date.Compare)
	starts = slices.Compact(starts)
	starts = slices.DeleteFunc(starts, func(d calendar.Date) bool { return !hours.Contains(d) })
	parts := make([]ruleset.Hours, len(starts))
	for i, start := range starts {
		parts[i] = ruleset.Hours{Span: calendar.Span{From: start, To: hours.To}, PerWeek: hours.PerWeek}
		if i+1 < len(starts) {
			parts[i].To = starts[i+1].AddDays(-1)
		}
	}
	return parts
}

func appendJoined(schedule []ruleset.Hours, next ruleset.Hours) []ruleset.Hours {
	if n := len(schedule); n > 0 {
		last := &schedule[n-1]
		if last.PerWeek == next.PerWeek && !last.To.IsZero() && last.To.AddDays(1) == next.From {
			last.To = next.To
			return schedule
		}
	}
	return append(schedule, next)
}

// Within is the part of a schedule inside a span.
func Within(schedule []ruleset.Hours, span calendar.Span) []ruleset.Hours {
	var inside []ruleset.Hours
	for _, hours := range schedule {
		if both := hours.Intersect(span); !both.Empty() {
			inside = append(inside, ruleset.Hours{Span: both, PerWeek: hours.PerWeek})
		}
	}
	return inside
}

// Beside is a placement's schedule with what the norm leaves of it beside the
// placements of the same person on the contract that come first: by start, then
// by number. Without those it is as agreed, also above the norm: that those hours
// add nothing follows from the rules.
func Beside(p Placement, all []Placement, norm calendar.Minutes) []ruleset.Hours {
	var others []ruleset.Hours
	for _, other := range all {
		if other.Person == p.Person && other.Number != p.Number && comesBefore(other, p) {
			others = append(others, other.Schedule...)
		}
	}
	return beside(p.Schedule, others, func(own, taken calendar.Minutes) calendar.Minutes {
		if taken == 0 {
			return own
		}
		return min(own, max(norm-taken, 0))
	})
}

func comesBefore(a, b Placement) bool {
	if byStart := a.Start().Compare(b.Start()); byStart != 0 {
		return byStart < 0
	}
	return a.Number < b.Number
}

// FirstCounted is the first day that counts of this person and block on the
// contract, over all its placements; zero where none does.
func FirstCounted(p Placement, all []Placement, counted calendar.Span) calendar.Date {
	var first calendar.Date
	for _, other := range all {
		if other.Person != p.Person || other.Block != p.Block {
			continue
		}
		for _, hours := range Within(other.Schedule, counted) {
			if first.IsZero() || hours.From.Before(first) {
				first = hours.From
			}
		}
	}
	return first
}

// EarlierWith are the placements of the same person with the same employer that
// began before p does.
func EarlierWith(p Placement, all []Placement) []Placement {
	var earlier []Placement
	for _, other := range all {
		if other.Number != p.Number && other.Person == p.Person && other.Employer.KvK == p.Employer.KvK && other.Start().Before(p.Start()) {
			earlier = append(earlier, other)
		}
	}
	return earlier
}

// InternshipMonths is how many whole months of internship with the same employer
// the person has on the contract before p begins; days of several at once count
// once. Zero where less than a month is known.
func InternshipMonths(p Placement, all []Placement) int {
	var days []ruleset.Earlier
	for _, other := range EarlierWith(p, all) {
		if other.Form != ruleset.Internship {
			continue
		}
		for _, hours := range Within(other.Schedule, calendar.Span{From: other.Start(), To: p.Start().AddDays(-1)}) {
			days = append(days, ruleset.Earlier{Span: hours.Span})
		}
	}
	var units int64
	for _, stretch := range ruleset.Merge(days) {
		units += calendar.MonthsFromStart.Units(stretch.From, stretch.Span)
	}
	return int(units * 12 / calendar.MonthsFromStart.UnitsPerYear())
}

// Expected is the working time that a schedule of closed spans comes to, at a
// seventh of the weekly minutes a day, rounded down.
func Expected(schedule []ruleset.Hours) calendar.Minutes {
	var sevenths calendar.Minutes
	for _, hours := range schedule {
		sevenths += hours.PerWeek * calendar.Minutes(hours.Days())
	}
	return sevenths / 7
}
