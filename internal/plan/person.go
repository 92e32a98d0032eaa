// SPDX-License-Identifier: EUPL-1.2

package plan

import (
	"fmt"
	"slices"

	"socialreturn/internal/calendar"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

// persons groups the placements by person, each person's in order of start, then
// of line: what came first goes first with every limit that they share.
func (w *worker) persons() [][]*line {
	var groups [][]*line
	known := map[string]int{}
	for i := range w.lines {
		l := &w.lines[i]
		if l.Placement == nil {
			continue
		}
		at, found := known[l.Person]
		if !found || l.Person == "" {
			at = len(groups)
			known[l.Person], groups = at, append(groups, nil)
		}
		groups[at] = append(groups[at], l)
	}
	for _, group := range groups {
		slices.SortStableFunc(group, func(a, b *line) int { return start(a.Placement.Schedule).Compare(start(b.Placement.Schedule)) })
	}
	return groups
}

// start is the first day of a schedule; zero where there is none.
func start(schedule []ruleset.Hours) calendar.Date {
	if len(schedule) == 0 {
		return calendar.Date{}
	}
	return schedule[0].From
}

// valuePerson values the placements of one person, each beside those before it.
// A line with faults is left out of what the next ones share.
func (w *worker) valuePerson(group []*line) error {
	var before []*line
	for _, l := range group {
		in := w.asked(l.Placement)
		_, err := w.rules.PlacementValue(&in)
		for _, err := range []error{err, w.rules.HoursGiven(&in)} {
			if err := l.refuse(err); err != nil {
				return err
			}
		}
		if err == nil && enough(l, before) {
			tooLong(l, before)
		}
		if l.faults != nil {
			continue
		}
		if err := w.beside(l, in, before); err != nil {
			return err
		}
		before = append(before, l)
	}
	return nil
}

// asked completes a placement with the days that count.
func (w *worker) asked(placed *ruleset.PlacementInput) ruleset.PlacementInput {
	in := *placed
	switch {
	case w.terms != nil:
		in.Counted = w.terms.Counted
	case len(in.Schedule) > 0:
		in.Counted = calendar.Span{From: in.Schedule[0].From, To: in.Schedule[len(in.Schedule)-1].To}
	}
	if in.Window == (calendar.Span{}) {
		in.Window = in.Counted
	}
	if limit := w.rules.LimitOf(in.Block); limit != nil && limit.Hours > 0 && in.Worked == 0 && !in.Window.To.IsZero() {
		in.Worked = sroi.Expected(sroi.Within(sroi.Within(in.Schedule, in.Counted), in.Window))
	}
	return in
}

// enough refuses a line with which a person has too many spans to look through.
func enough(l *line, before []*line) bool {
	spans := len(l.Placement.Schedule)
	for _, other := range before {
		spans += len(other.Placement.Schedule)
	}
	if spans <= maxSpans {
		return true
	}
	l.faults = append(l.faults, ruleset.Fault{Code: FaultTooMany, Field: "schedule", Detail: fmt.Sprintf(
		"Een persoon heeft in een plan hoogstens %d perioden met uren.", maxSpans)})
	return false
}

// tooLong refuses a line with which a person would work over 60 hours a week.
func tooLong(l *line, before []*line) {
	for i, hours := range l.Placement.Schedule {
		sum, day := hours.PerWeek, calendar.Date{}
		for _, from := range append([]calendar.Date{hours.From}, starts(before)...) {
			if !hours.Contains(from) || !day.IsZero() && !from.Before(day) {
				continue
			}
			if week := hours.PerWeek + on(before, from); week > calendar.MaxWeek {
				sum, day = week, from
			}
		}
		if !day.IsZero() {
			l.faults = append(l.faults, ruleset.Fault{
				Code: ruleset.FaultHours, Field: fmt.Sprintf("schedule/%d/perWeek", i),
				Detail: fmt.Sprintf("Persoon %s werkt vanaf %s op alle regels samen %s uur per week; meer dan %s kan niet.", l.Person, day.Dutch(), sum.Dutch(), calendar.MaxWeek.Dutch()),
			})
		}
	}
}

func starts(lines []*line) []calendar.Date {
	var days []calendar.Date
	for _, l := range lines {
		for _, hours := range l.Placement.Schedule {
			days = append(days, hours.From)
		}
	}
	return days
}

// on is the hours a week of all lines on a day.
func on(lines []*line, day calendar.Date) calendar.Minutes {
	var sum calendar.Minutes
	for _, l := range lines {
		for _, hours := range l.Placement.Schedule {
			if hours.Contains(day) {
				sum += hours.PerWeek
			}
		}
	}
	return sum
}

// beside values a placement beside those of the same person before it: below
// the norm week, its months from the first of them, its limit less what they
// used.
func (w *worker) beside(l *line, in ruleset.PlacementInput, before []*line) error {
	in.FirstCounted = firstOfBlock(in, before)
	if len(before) > 0 && w.rules.LimitOf(in.Block) != nil {
		in.Earlier = slices.Clone(in.Earlier)
		for _, other := range before {
			in.Earlier = append(in.Earlier, other.used()...)
		}
		in.Earlier = ruleset.Merge(in.Earlier)
	}
	reduced, from := w.below(in.Schedule, before)
	if !from.IsZero() {
		l.limits = append(l.limits, ruleset.Limit{Kind: ruleset.LimitNormWeek, From: from, Text: fmt.Sprintf(
			"Persoon %s werkt ook op andere regels: samen tellen ten hoogste %s uur per week.", l.Person, w.rules.NormWeek.Dutch())})
		if l.displaced = len(reduced) == 0; l.displaced {
			in.Schedule = without(in.Schedule)
		} else {
			in = w.reduced(in, reduced, before)
		}
	}
	l.input = in
	var err error
	if l.receipt, err = w.rules.ExplainPlacement(in); err != nil {
		return err
	}
	found, err := w.rules.PlacementLimits(in)
	l.limits = append(l.limits, found...)
	return err
}

// without is a schedule of no hours.
func without(schedule []ruleset.Hours) []ruleset.Hours {
	none := slices.Clone(schedule)
	for i := range none {
		none[i].PerWeek = 0
	}
	return none
}

// reduced is the placement with the hours that the person's other lines leave.
func (w *worker) reduced(in ruleset.PlacementInput, schedule []ruleset.Hours, before []*line) ruleset.PlacementInput {
	if in.Worked > 0 {
		days := sroi.Within(sroi.Within(in.Schedule, in.Counted), in.Window)
		left := sroi.Within(sroi.Within(schedule, in.Counted), in.Window)
		in.Worked = share(in.Worked, sroi.Expected(left), sroi.Expected(days))
	}
	in.Schedule = schedule
	if in.Approved != nil {
		approved, _ := w.below(in.Approved, before)
		in.Approved = append([]ruleset.Hours{}, approved...)
	}
	return in
}

// share is the part of a whole, rounded down; all of it where the whole is nothing.
func share(of, part, whole calendar.Minutes) calendar.Minutes {
	if whole == 0 {
		return of
	}
	return of * part / whole
}

// below is what the norm week leaves of a schedule beside other lines, without
// spans of no hours; and the first day on which they take something, zero where
// they do not: then the schedule is as it was.
func (w *worker) below(schedule []ruleset.Hours, before []*line) ([]ruleset.Hours, calendar.Date) {
	var others []ruleset.Hours
	for _, other := range before {
		others = append(others, other.Placement.Schedule...)
	}
	capped := sroi.Below(schedule, w.rules.NormWeek, others)
	var from calendar.Date
	for _, hours := range capped {
		for _, own := range schedule {
			if both := own.Intersect(hours.Span); from.IsZero() && !both.Empty() && hours.PerWeek < min(own.PerWeek, w.rules.NormWeek) {
				from = both.From
			}
		}
	}
	if from.IsZero() {
		return schedule, from
	}
	return slices.DeleteFunc(capped, func(h ruleset.Hours) bool { return h.PerWeek == 0 }), from
}

// firstOfBlock is the first day that counts of the person's other lines of the
// same block, from which its months run; zero where it is the line's own.
func firstOfBlock(in ruleset.PlacementInput, before []*line) calendar.Date {
	var found calendar.Date
	earliest := start(sroi.Within(in.Schedule, in.Counted))
	for _, other := range before {
		first := start(sroi.Within(other.input.Schedule, other.input.Counted))
		if !other.displaced && other.Placement.Block == in.Block && !first.IsZero() && first.Before(earliest) {
			earliest, found = first, first
		}
	}
	return found
}

// used is the time in which a line counts, with its hours: what is left to the
// person's next one.
func (l *line) used() []ruleset.Earlier {
	days := sroi.Within(sroi.Within(l.input.Schedule, l.input.Counted), l.input.Window)
	if l.displaced || len(days) == 0 {
		return nil
	}
	worked := l.input.Worked
	if worked == 0 {
		worked = sroi.Expected(days)
	}
	span := calendar.Span{From: days[0].From, To: days[len(days)-1].To}
	return []ruleset.Earlier{{Span: span, Worked: worked}}
}
