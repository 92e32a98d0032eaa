// SPDX-License-Identifier: EUPL-1.2

package calendar

import (
	"errors"
	"time"
)

// DayCount says how a run of days becomes a number of months. It counts in
// integer units so small that every day of every month and year is whole, so
// no counting ever rounds.
type DayCount int

const (
	// MonthsFromStart counts whole months by anniversary of an anchor date
	// (clamped at month ends) and the remaining days over the days of the
	// running month: 15 February to 14 August is exactly six months.
	MonthsFromStart DayCount = iota
	// ActualActual counts days over the days of their calendar year.
	ActualActual
)

const (
	unitsPerMonth      = 28 / 4 * 60 * 29 * 31 // least common multiple of 28, 29, 30 and 31
	unitsPerActualYear = 365 * 366
)

// ErrDayCount reports a name that is no day count.
var ErrDayCount = errors.New("calendar: not a day count (monthsFromStart or actualActual)")

// UnitsPerYear is how many units of Elapsed make one year (twelve months).
func (c DayCount) UnitsPerYear() int64 {
	if c == ActualActual {
		return unitsPerActualYear
	}
	return 12 * unitsPerMonth
}

// Elapsed is the number of units from the start of the anchor day to the *end*
// of the day to; zero where to lies before the anchor. A span counted from an
// anchor is Elapsed(anchor, span.To) - Elapsed(anchor, span.From - 1 day), so
// that cutting a span at any day changes nothing.
func (c DayCount) Elapsed(anchor, to Date) int64 {
	if to.Before(anchor) {
		return 0
	}
	if c == ActualActual {
		return actualUnits(anchor, to)
	}
	end := to.AddDays(1) // the first day that does not count
	y0, m0, d0 := anchor.Civil()
	y1, m1, _ := end.Civil()
	whole := (y1-y0)*12 + int(m1-m0)
	running := clamped(y0, m0+time.Month(whole), d0)
	if running.After(end) {
		whole--
		running = clamped(y0, m0+time.Month(whole), d0)
	}
	month := clamped(y0, m0+time.Month(whole)+1, d0).Sub(running)
	return int64(whole)*unitsPerMonth + int64(end.Sub(running))*(unitsPerMonth/int64(month))
}

func actualUnits(from, to Date) int64 {
	var units int64
	for year := from.Year(); year <= to.Year(); year++ {
		days := Span{From: from, To: to}.Intersect(YearSpan(year)).Days()
		units += int64(days) * (unitsPerActualYear / int64(daysInYear(year)))
	}
	return units
}

func daysInYear(year int) int { return YearSpan(year).Days() }

// Units is the number of units of a closed span, counted from an anchor on or
// before its first day.
func (c DayCount) Units(anchor Date, s Span) int64 {
	if s.Empty() {
		return 0
	}
	return c.Elapsed(anchor, s.End()) - c.Elapsed(anchor, s.From.AddDays(-1))
}

// String is the name in rule-set files.
func (c DayCount) String() string {
	if c == ActualActual {
		return "actualActual"
	}
	return "monthsFromStart"
}

// MarshalText gives the name.
func (c DayCount) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads the name. It returns ErrDayCount.
func (c *DayCount) UnmarshalText(text []byte) error {
	switch string(text) {
	case "monthsFromStart":
		*c = MonthsFromStart
	case "actualActual":
		*c = ActualActual
	default:
		return ErrDayCount
	}
	return nil
}
