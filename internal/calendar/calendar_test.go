// SPDX-License-Identifier: EUPL-1.2

package calendar_test

import (
	"encoding/json"
	"errors"
	"math/big"
	"testing"
	"time"

	"pgregory.net/rapid"

	"socialreturn/internal/calendar"
)

var (
	first = calendar.MustDate("1900-01-01")
	last  = calendar.MustDate("2199-12-31")
)

func dates(t *rapid.T, label string) calendar.Date {
	return first.AddDays(rapid.IntRange(0, last.Sub(first)).Draw(t, label))
}

// Every day of the calendar agrees with the standard library's.
func TestEveryDay(t *testing.T) {
	utc := time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC)
	for d := first; !d.After(last); d = d.AddDays(1) {
		year, month, day := d.Civil()
		if y, m, n := utc.Date(); y != year || m != month || n != day || d.Year() != y {
			t.Fatalf("%v reads as %d-%d-%d", utc, year, month, day)
		}
		if calendar.NewDate(year, month, day) != d {
			t.Fatalf("%d-%d-%d does not give %s", year, month, day, d)
		}
		if text := utc.Format(time.DateOnly); d.String() != text || calendar.MustDate(text) != d {
			t.Fatalf("%s reads as %s", text, d)
		}
		utc = utc.AddDate(0, 0, 1)
	}
	if days := last.Sub(first) + 1; days != 109_573 {
		t.Errorf("three centuries have %d days", days)
	}
}

// The years leave room for a month of -20 and a day of -40: what runs on stays
// within the calendar.
func TestNewDateRunsOn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		year, month, day := rapid.IntRange(1902, 2196).Draw(t, "year"), rapid.IntRange(-20, 30).Draw(t, "month"), rapid.IntRange(-40, 400).Draw(t, "day")
		want := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
		if got := calendar.NewDate(year, time.Month(month), day).String(); got != want {
			t.Fatalf("%d-%d-%d gives %s, want %s", year, month, day, got, want)
		}
	})
}

func TestParseDateRefuses(t *testing.T) {
	for _, text := range []string{"", "2023-02-29", "1900-02-29", "2100-02-29", "1899-12-31", "2200-01-01", "2022-1-1", "01-01-2022", "2022-01-01T00:00:00Z", "2022-13-01", "2022-00-10", "2022-04-31"} {
		if d, err := calendar.ParseDate(text); !errors.Is(err, calendar.ErrDate) {
			t.Errorf("%q reads as %s: %v", text, d, err)
		}
	}
}

func TestAddMonths(t *testing.T) {
	for _, c := range []struct {
		from   string
		months int
		want   string
	}{
		{"2022-01-31", 1, "2022-02-28"}, {"2024-01-31", 1, "2024-02-29"}, {"2024-02-29", 12, "2025-02-28"}, {"2024-02-29", 48, "2028-02-29"},
		{"2022-03-31", -1, "2022-02-28"}, {"2022-01-15", -1, "2021-12-15"}, {"2022-12-31", 2, "2023-02-28"}, {"2022-05-31", 13, "2023-06-30"}, {"2000-01-31", 1, "2000-02-29"}, {"1999-12-31", 2, "2000-02-29"},
	} {
		if got := calendar.MustDate(c.from).AddMonths(c.months).String(); got != c.want {
			t.Errorf("%s %+d months: %s, want %s", c.from, c.months, got, c.want)
		}
	}
}

func TestOnIsTheDateInAmsterdam(t *testing.T) {
	for instant, want := range map[string]string{
		"2022-12-31T22:59:59Z": "2022-12-31", "2022-12-31T23:00:00Z": "2023-01-01", "2022-12-31T23:30:00Z": "2023-01-01", // winter: an hour ahead
		"2022-06-30T21:59:59Z": "2022-06-30", "2022-06-30T22:00:00Z": "2022-07-01", // summer: two
		"2022-03-27T00:59:59Z": "2022-03-27", "2022-10-29T22:30:00Z": "2022-10-30",
	} {
		at, err := time.Parse(time.RFC3339, instant)
		if err != nil {
			t.Fatal(err)
		}
		if got := calendar.On(at).String(); got != want {
			t.Errorf("%s is %s, want %s", instant, got, want)
		}
	}
}

func TestDutchDate(t *testing.T) {
	if got := calendar.MustDate("2022-03-01").Dutch(); got != "1 maart 2022" {
		t.Errorf("%q", got)
	}
}

func TestSpans(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(label string) calendar.Span {
			s := calendar.Span{From: dates(t, label+"From")}
			if !rapid.Bool().Draw(t, label+"Open") {
				s.To = dates(t, label+"To")
			}
			return s
		}
		a, b, day := draw("a"), draw("b"), dates(t, "day")
		both := a.Intersect(b)
		if both.Contains(day) != (a.Contains(day) && b.Contains(day)) {
			t.Fatalf("%v and %v give %v, which differs on %s", a, b, both, day)
		}
		if back := b.Intersect(a); back.Days() != both.Days() || a.Overlaps(b) != (both.Days() > 0) || a.Overlaps(b) != b.Overlaps(a) {
			t.Fatalf("%v and %v overlap differently the other way: %v, %v", a, b, both, back)
		}
		if a.Empty() != (a.Days() == 0) {
			t.Fatalf("%v has %d days", a, a.Days())
		}
	})
}

func TestEmptySpans(t *testing.T) {
	var none calendar.Span
	open := calendar.Span{From: first}
	if !none.Empty() || none.Days() != 0 || none.Contains(first) || open.Overlaps(none) {
		t.Error("the zero span holds a day")
	}
	if open.End() != last || open.Days() != 109_573 {
		t.Errorf("an open span ends on %s after %d days", open.End(), open.Days())
	}
}

func TestDatesInJSON(t *testing.T) {
	raw, err := json.Marshal(calendar.Span{From: first})
	if err != nil || string(raw) != `{"from":"1900-01-01"}` {
		t.Errorf("%s, %v", raw, err)
	}
	var s calendar.Span
	if err := json.Unmarshal([]byte(`{"from":"2022-02-30"}`), &s); !errors.Is(err, calendar.ErrDate) {
		t.Errorf("30 February: %v", err)
	}
}

func TestPeriods(t *testing.T) {
	for text, want := range map[string]calendar.Span{
		"2022-Q1": {From: calendar.MustDate("2022-01-01"), To: calendar.MustDate("2022-03-31")},
		"2022-Q4": {From: calendar.MustDate("2022-10-01"), To: calendar.MustDate("2022-12-31")},
		"2024-02": {From: calendar.MustDate("2024-02-01"), To: calendar.MustDate("2024-02-29")},
		"2022-12": {From: calendar.MustDate("2022-12-01"), To: calendar.MustDate("2022-12-31")},
		"2022-H2": {From: calendar.MustDate("2022-07-01"), To: calendar.MustDate("2022-12-31")},
	} {
		if p, err := calendar.ParsePeriod(text); err != nil || p.Span() != want || p.String() != text {
			t.Errorf("%s: %v %v", text, p.Span(), err)
		}
	}
	for _, text := range []string{"", "2022-Q0", "2022-Q5", "2022-H3", "2022-00", "2022-13", "2022-1", "2022-1x", "2022-K1", "2022Q1", "1899-Q1", "2200-Q1", "2022-Q11", "2022-Q/", "2022-19"} {
		if p, err := calendar.ParsePeriod(text); !errors.Is(err, calendar.ErrPeriod) {
			t.Errorf("%q reads as %s: %v", text, p, err)
		}
	}
}

// The periods of a contract cover it without gap or overlap, and no more.
func TestPeriodsCoverTheContract(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		contract := calendar.Span{From: dates(t, "from")}
		contract.To = contract.From.AddDays(min(rapid.IntRange(0, 4000).Draw(t, "days"), last.Sub(contract.From)))
		cadence := rapid.SampledFrom([]calendar.Cadence{calendar.Monthly, calendar.Quarterly, calendar.HalfYearly}).Draw(t, "cadence")
		periods := calendar.Periods(contract, cadence)
		if !periods[0].Span().Contains(contract.From) || !periods[len(periods)-1].Span().Contains(contract.To) {
			t.Fatalf("%v: from %s to %s", contract, periods[0], periods[len(periods)-1])
		}
		for i, p := range periods {
			if p.Cadence() != cadence || calendar.MustPeriod(p.String()) != p || p.Year() != p.Span().From.Year() {
				t.Fatalf("%s does not read as itself", p)
			}
			if i > 0 && (periods[i-1].Span().To.AddDays(1) != p.Span().From || periods[i-1].Compare(p) != -1) {
				t.Fatalf("%s does not follow %s", p, periods[i-1])
			}
		}
	})
}

func TestPeriodsOfAnOpenContractEnd(t *testing.T) {
	periods := calendar.Periods(calendar.Span{From: calendar.MustDate("2190-01-01")}, calendar.Quarterly)
	if len(periods) != 40 || periods[39].String() != "2199-Q4" {
		t.Errorf("%d periods, the last %s", len(periods), periods[len(periods)-1])
	}
}

func TestHours(t *testing.T) {
	for text, want := range map[string]calendar.Minutes{"24": 1440, "24.5": 1470, "24.05": 1443, "24:30": 1470, "33:20": 2000, "0": 0, "0.25": 15} {
		if got, err := calendar.ParseHours(text); err != nil || got != want {
			t.Errorf("%q: %d, %v; want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"", "33.33", "24,5", "-1", "+1", "24:60", "24:5", "24.", ".5", "24.055", "24:300", "1e2", " 1", "99999999999"} {
		if got, err := calendar.ParseHours(text); !errors.Is(err, calendar.ErrHours) {
			t.Errorf("%q reads as %d: %v", text, got, err)
		}
	}
	if got := calendar.Minutes(1470).Dutch() + " " + calendar.Minutes(2000).Dutch(); got != "24,5 33:20" {
		t.Errorf("%q", got)
	}
	rapid.Check(t, func(t *rapid.T) {
		m := calendar.Minutes(rapid.Int64Range(0, 1_000_000).Draw(t, "minutes"))
		if read, err := calendar.ParseHours(m.String()); err != nil || read != m {
			t.Fatalf("%d is written %s and reads as %d: %v", m, m, read, err)
		}
	})
}

func TestMonthsFromStart(t *testing.T) {
	month := calendar.MonthsFromStart.UnitsPerYear() / 12
	for _, c := range []struct {
		anchor, to string
		num, den   int64 // months
	}{
		{"2022-02-15", "2022-08-14", 6, 1}, {"2022-02-15", "2023-02-14", 12, 1}, {"2022-01-01", "2022-01-31", 1, 1}, {"2022-01-01", "2022-01-01", 1, 31},
		{"2024-02-29", "2025-02-27", 12, 1}, {"2024-02-29", "2025-02-28", 12*29 + 1, 29}, {"2024-01-31", "2024-02-28", 1, 1}, {"2024-01-31", "2024-02-29", 32, 31}, {"2022-01-01", "2021-12-31", 0, 1},
	} {
		if got := calendar.MonthsFromStart.Elapsed(calendar.MustDate(c.anchor), calendar.MustDate(c.to)); got*c.den != c.num*month {
			t.Errorf("%s to %s: %v months, want %d/%d", c.anchor, c.to, big.NewRat(got, month), c.num, c.den)
		}
	}
}

func TestActualActual(t *testing.T) {
	year := calendar.ActualActual.UnitsPerYear()
	for _, c := range []struct {
		anchor, to string
		want       *big.Rat
	}{
		{"2024-01-01", "2024-12-31", big.NewRat(1, 1)}, {"2023-01-01", "2024-12-31", big.NewRat(2, 1)}, {"2024-02-29", "2024-02-29", big.NewRat(1, 366)},
		{"2023-12-31", "2024-01-01", new(big.Rat).Add(big.NewRat(1, 365), big.NewRat(1, 366))},
	} {
		if got := big.NewRat(calendar.ActualActual.Elapsed(calendar.MustDate(c.anchor), calendar.MustDate(c.to)), year); got.Cmp(c.want) != 0 {
			t.Errorf("%s to %s: %v years, want %v", c.anchor, c.to, got, c.want)
		}
	}
}

// Cutting a span at any day changes nothing, a later end never shortens it, and
// whole years from the anchor are whole.
func TestCounting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		count := rapid.SampledFrom([]calendar.DayCount{calendar.MonthsFromStart, calendar.ActualActual}).Draw(t, "count")
		anchor := dates(t, "anchor")
		if anchor.After(last.AddDays(-5000)) {
			anchor = anchor.AddDays(-5000)
		}
		day := func(label string) calendar.Date { return anchor.AddDays(rapid.IntRange(0, 2000).Draw(t, label)) }
		s := calendar.Span{From: day("from")}
		s.To = s.From.AddDays(rapid.IntRange(0, 2000).Draw(t, "days"))
		cut := s.From.AddDays(rapid.IntRange(0, s.Days()-1).Draw(t, "cut"))
		parts := count.Units(anchor, calendar.Span{From: s.From, To: cut}) + count.Units(anchor, calendar.Span{From: cut.AddDays(1), To: s.To})
		if cut == s.To {
			parts = count.Units(anchor, s)
		}
		if whole := count.Units(anchor, s); whole != parts || whole <= 0 {
			t.Fatalf("%v cut at %s: %d, whole %d", s, cut, parts, whole)
		}
		if longer := count.Elapsed(anchor, s.To.AddDays(1)); longer <= count.Elapsed(anchor, s.To) {
			t.Fatalf("a day more from %s than %s does not count", anchor, s.To)
		}
		years := rapid.IntRange(1, 5).Draw(t, "years")
		if got := calendar.MonthsFromStart.Elapsed(anchor, anchor.AddMonths(12*years).AddDays(-1)); got != int64(years)*calendar.MonthsFromStart.UnitsPerYear() {
			t.Fatalf("%d years from %s: %d units", years, anchor, got)
		}
	})
}

func TestDayCountNames(t *testing.T) {
	for _, count := range []calendar.DayCount{calendar.MonthsFromStart, calendar.ActualActual} {
		var read calendar.DayCount
		if err := read.UnmarshalText([]byte(count.String())); err != nil || read != count {
			t.Errorf("%s: %v", count, err)
		}
	}
	var none calendar.DayCount
	if err := none.UnmarshalText([]byte("30/360")); !errors.Is(err, calendar.ErrDayCount) {
		t.Errorf("30/360: %v", err)
	}
}
