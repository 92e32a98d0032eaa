// SPDX-License-Identifier: EUPL-1.2

// Package calendar holds calendar dates, spans, reporting periods and the
// counting of months. It knows no clock: time comes in as an argument, and
// becomes a date in Europe/Amsterdam once, in On.
package calendar

import (
	"errors"
	"fmt"
	"strconv"
	"time"
	_ "time/tzdata" // the time zone must exist in the function's bare runtime
)

// Date is a calendar date between 1900-01-01 and 2199-12-31. The zero value is
// no date. Dates compare with == and with Before and After.
type Date struct{ n int32 } // days since 1899-12-31

// ErrDate reports a text that is no date, or one outside the bounds.
var ErrDate = errors.New("calendar: not a date (yyyy-mm-dd) between 1900 and 2199")

var (
	last      = NewDate(2199, time.December, 31)
	amsterdam = mustLoad("Europe/Amsterdam")
)

func mustLoad(name string) *time.Location {
	location, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return location
}

// The proleptic Gregorian calendar repeats every 400 years. Counting from the
// first of March puts the leap day at the end of the year, so that both ways
// between days and dates are plain arithmetic.
const (
	daysPerEra = 400*365 + 97
	marchZero  = 693900 // days from 1 March of the year 0 to 31 December 1899
)

// NewDate is the date of year, month and day; a day beyond the month runs on
// into the next, as in time.Date.
func NewDate(year int, month time.Month, day int) Date {
	monthsFromMarch := year*12 + int(month) - 3
	y, m := monthsFromMarch/12, monthsFromMarch%12
	return Date{int32(y*365 + y/4 - y/100 + y/400 + (153*m+2)/5 + day - 1 - marchZero)} //nolint:gosec // G115: a date of the calendar fits
}

// On is the calendar date in Europe/Amsterdam at an instant: 31 December
// 23:30 UTC is the first of January.
func On(instant time.Time) Date {
	year, month, day := instant.In(amsterdam).Date()
	return NewDate(year, month, day)
}

// ParseDate reads "2022-01-31" and nothing else. It returns ErrDate.
func ParseDate(s string) (Date, error) {
	if len(s) != len(time.DateOnly) || s[4] != '-' || s[7] != '-' {
		return Date{}, ErrDate
	}
	number := 0 // the digits, as in 20220131
	for i := range len(s) {
		switch digit := s[i] - '0'; {
		case i == 4 || i == 7:
		case digit > 9:
			return Date{}, ErrDate
		default:
			number = 10*number + int(digit)
		}
	}
	year, month, day := number/10000, time.Month(number/100%100), number%100
	if year < 1900 || year > 2199 || month < 1 || month > 12 {
		return Date{}, ErrDate
	}
	d := NewDate(year, month, day)
	if _, same, _ := d.Civil(); day == 0 || same != month {
		return Date{}, ErrDate
	}
	return d, nil
}

// MustDate is ParseDate for constants; it panics.
func MustDate(s string) Date {
	d, err := ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// IsZero tells that there is no date.
func (d Date) IsZero() bool { return d.n == 0 }

// Before tells whether d comes before e.
func (d Date) Before(e Date) bool { return d.n < e.n }

// After tells whether d comes after e.
func (d Date) After(e Date) bool { return d.n > e.n }

// Compare is -1, 0 or +1, for slices.SortFunc.
func (d Date) Compare(e Date) int { return int(min(max(d.n-e.n, -1), 1)) }

// AddDays moves by days.
func (d Date) AddDays(days int) Date { return Date{d.n + int32(days)} } //nolint:gosec // G115: a date of the calendar fits

// Sub is the number of days from e to d.
func (d Date) Sub(e Date) int { return int(d.n - e.n) }

// AddMonths moves by whole months and stays in the month: 31 January plus one
// month is 28 or 29 February.
func (d Date) AddMonths(months int) Date {
	year, month, day := d.Civil()
	return clamped(year, month+time.Month(months), day)
}

// clamped is the day of the month, or the last day of a shorter month.
func clamped(year int, month time.Month, day int) Date {
	first, next := NewDate(year, month, 1), NewDate(year, month+1, 1)
	return first.AddDays(min(day, next.Sub(first)) - 1)
}

// Civil is the year, month and day.
func (d Date) Civil() (year int, month time.Month, day int) {
	days := uint32(d.n + marchZero) //nolint:gosec // G115: no date lies before March of year 0
	era, days := days/daysPerEra, days%daysPerEra
	years := (days - days/1460 + days/36524 - days/(daysPerEra-1)) / 365
	days -= years*365 + years/4 - years/100
	months := (5*days + 2) / 153
	day = int(days-(153*months+2)/5) + 1
	year = int(era*400 + years)
	if months >= 10 {
		return year + 1, time.Month(months - 9), day
	}
	return year, time.Month(months + 3), day
}

// Year is the calendar year.
func (d Date) Year() int {
	year, _, _ := d.Civil()
	return year
}

// String is the wire form "2022-01-31", and empty where there is no date.
func (d Date) String() string {
	text, _ := d.MarshalText() // cannot fail
	return string(text)
}

var months = [...]string{
	"januari", "februari", "maart", "april", "mei", "juni",
	"juli", "augustus", "september", "oktober", "november", "december",
}

// Dutch is the form for people: "31 januari 2022".
func (d Date) Dutch() string {
	year, month, day := d.Civil()
	return fmt.Sprintf("%d %s %d", day, months[month-1], year)
}

// MarshalText gives the wire form. A stored line holds half a dozen dates, and so
// it goes without the layouts of package time.
func (d Date) MarshalText() ([]byte, error) {
	if d.IsZero() {
		return nil, nil
	}
	year, month, day := d.Civil()
	text := strconv.AppendInt(make([]byte, 0, len(time.DateOnly)), int64(year), 10)
	const digits = "0123456789"
	return append(text, '-', digits[month/10], digits[month%10], '-', digits[day/10], digits[day%10]), nil
}

// UnmarshalText reads the wire form; an empty text is no date.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	parsed, err := ParseDate(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

// Span is a run of days, both ends included. A zero To is open-ended; the zero
// span holds no day.
type Span struct {
	From Date `json:"from"`
	To   Date `json:"to,omitzero"`
}

// Empty tells that the span holds no day.
func (s Span) Empty() bool { return s.From.IsZero() || !s.To.IsZero() && s.To.Before(s.From) }

// End is the last day, or the last day of the calendar where the span is open.
func (s Span) End() Date {
	if s.To.IsZero() {
		return last
	}
	return s.To
}

// Contains tells whether the day lies in the span.
func (s Span) Contains(d Date) bool {
	return !s.Empty() && !d.Before(s.From) && !d.After(s.End())
}

// Intersect is the run of days in both; it may be Empty.
func (s Span) Intersect(t Span) Span {
	if s.Empty() || t.Empty() {
		return Span{}
	}
	both := s
	if t.From.After(both.From) {
		both.From = t.From
	}
	if t.End().Before(s.End()) {
		both.To = t.To
	}
	if both.Empty() {
		return Span{}
	}
	return both
}

// Overlaps tells whether a day lies in both.
func (s Span) Overlaps(t Span) bool { return !s.Intersect(t).Empty() }

// Days is the number of days in the span.
func (s Span) Days() int {
	if s.Empty() {
		return 0
	}
	return s.End().Sub(s.From) + 1
}

// YearSpan is the calendar year.
func YearSpan(year int) Span {
	return Span{From: NewDate(year, time.January, 1), To: NewDate(year, time.December, 31)}
}
