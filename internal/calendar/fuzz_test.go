// SPDX-License-Identifier: EUPL-1.2

package calendar_test

import (
	"testing"

	"socialreturn/internal/calendar"
)

// FuzzDates: what is read as a date or a period is written as it stood, and a
// period lies where its year is.
func FuzzDates(f *testing.F) {
	for _, seed := range []string{"2022-01-31", "1900-01-01", "2199-12-31", "2200-01-01", "2022-02-29", "2024-02-29", "2022-Q1", "2022-03", "2022-H2", "2022-13", "2022-0 "} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if date, err := calendar.ParseDate(text); err == nil {
			if year := date.Year(); date.String() != text || date.IsZero() || year < 1900 || year > 2199 {
				t.Fatalf("%q is read as %s", text, date)
			}
		}
		if period, err := calendar.ParsePeriod(text); err == nil {
			span := period.Span()
			if period.String() != text || span.Empty() || span.From.Year() != span.To.Year() || span.From.String()[:4] != text[:4] {
				t.Fatalf("%q is read as %s, %v", text, period, span)
			}
		}
	})
}

// FuzzHours: what is read as hours is whole minutes, and written so that it reads
// the same.
func FuzzHours(f *testing.F) {
	for _, seed := range []string{"24", "24.5", "24.05", "24:30", "33.33", "0:60", "16777215:59", "99999999999999999999", "-1", "+1", "1_0", "24:5"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		minutes, err := calendar.ParseHours(text)
		if err != nil {
			return
		}
		if again, err := calendar.ParseHours(minutes.String()); err != nil || again != minutes || minutes < 0 || minutes >= 60<<24 {
			t.Fatalf("%q is read as %d, written %s, read as %d: %v", text, minutes, minutes, again, err)
		}
	})
}
