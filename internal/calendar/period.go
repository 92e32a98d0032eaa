// SPDX-License-Identifier: EUPL-1.2

package calendar

import (
	"errors"
	"fmt"
	"time"
)

// Cadence is how often a contract reports. Its value is the number of months.
type Cadence int

// The cadences that occur.
const (
	Monthly    Cadence = 1
	Quarterly  Cadence = 3
	HalfYearly Cadence = 6
)

// Period is a reporting period: "2022-Q1", "2022-03" or "2022-H1". The zero
// value is no period.
type Period struct {
	year    int16
	cadence int8
	number  int8 // from 1
}

// ErrPeriod reports a text that is no period.
var ErrPeriod = errors.New("calendar: not a period (yyyy-Q1, yyyy-03 or yyyy-H1)")

// ParsePeriod reads the wire form. It returns ErrPeriod.
func ParsePeriod(s string) (Period, error) {
	if len(s) != 7 || s[4] != '-' {
		return Period{}, ErrPeriod
	}
	january, err := ParseDate(s[:4] + "-01-01")
	if err != nil {
		return Period{}, ErrPeriod
	}
	cadence, number := Monthly, int(s[6]-'0')
	switch s[5] {
	case 'Q':
		cadence = Quarterly
	case 'H':
		cadence = HalfYearly
	case '0', '1':
		number += 10 * int(s[5]-'0')
	default:
		return Period{}, ErrPeriod
	}
	if s[6] < '0' || s[6] > '9' || number < 1 || number > 12/int(cadence) {
		return Period{}, ErrPeriod
	}
	return Period{year: int16(january.Year()), cadence: int8(cadence), number: int8(number)}, nil //nolint:gosec // G115: four digits of a year fit
}

// MustPeriod is ParsePeriod for constants; it panics.
func MustPeriod(s string) Period {
	p, err := ParsePeriod(s)
	if err != nil {
		panic(err)
	}
	return p
}

// PeriodOf is the period of a cadence that holds the date.
func PeriodOf(d Date, cadence Cadence) Period {
	year, month, _ := d.Civil()
	return Period{year: int16(year), cadence: int8(cadence), number: int8((int(month)-1)/int(cadence) + 1)} //nolint:gosec // G115: a year of the calendar fits
}

// IsZero tells that there is no period.
func (p Period) IsZero() bool { return p == Period{} }

// Cadence is how long the period is.
func (p Period) Cadence() Cadence { return Cadence(p.cadence) }

// Year is the calendar year that the period lies in.
func (p Period) Year() int { return int(p.year) }

// Span is the days of the period.
func (p Period) Span() Span {
	first := NewDate(int(p.year), time.Month((int(p.number)-1)*int(p.cadence)+1), 1)
	return Span{From: first, To: first.AddMonths(int(p.cadence)).AddDays(-1)}
}

// Next is the period after this one.
func (p Period) Next() Period { return PeriodOf(p.Span().To.AddDays(1), p.Cadence()) }

// Compare orders periods by their first day, and a shorter one before a longer.
func (p Period) Compare(q Period) int {
	if byDate := p.Span().From.Compare(q.Span().From); byDate != 0 {
		return byDate
	}
	return min(max(int(p.cadence)-int(q.cadence), -1), 1)
}

// String is the wire form, and empty where there is no period.
func (p Period) String() string {
	switch p.Cadence() {
	case Quarterly:
		return fmt.Sprintf("%04d-Q%d", p.year, p.number)
	case HalfYearly:
		return fmt.Sprintf("%04d-H%d", p.year, p.number)
	case Monthly:
		return fmt.Sprintf("%04d-%02d", p.year, p.number)
	}
	return ""
}

// MarshalText gives the wire form.
func (p Period) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads the wire form; an empty text is no period.
func (p *Period) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*p = Period{}
		return nil
	}
	parsed, err := ParsePeriod(string(text))
	if err != nil {
		return err
	}
	*p = parsed
	return nil
}

// Periods are the periods of a cadence that a contract reports on, in order:
// the first holds its first day, the last its last day.
func Periods(contract Span, cadence Cadence) []Period {
	if contract.Empty() {
		return nil
	}
	var periods []Period
	for p := PeriodOf(contract.From, cadence); !p.Span().From.After(contract.End()); p = p.Next() {
		periods = append(periods, p)
	}
	return periods
}
