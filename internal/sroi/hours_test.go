// SPDX-License-Identifier: EUPL-1.2

package sroi

import (
	"testing"

	"pgregory.net/rapid"

	"socialreturn/internal/calendar"
	"socialreturn/internal/ruleset"
)

func span(from, to string, hours calendar.Minutes) ruleset.Hours {
	return ruleset.Hours{Span: calendar.Span{From: calendar.MustDate(from), To: calendar.MustDate(to)}, PerWeek: hours * 60}
}

func someSchedule(t *rapid.T, name string) []ruleset.Hours {
	day := calendar.MustDate("2022-01-01").AddDays(rapid.IntRange(0, 30).Draw(t, name+"start"))
	var schedule []ruleset.Hours
	for range rapid.IntRange(0, 4).Draw(t, name+"spans") {
		from := day.AddDays(rapid.IntRange(0, 5).Draw(t, name+"gap"))
		day = from.AddDays(rapid.IntRange(0, 40).Draw(t, name+"days"))
		schedule = append(schedule, ruleset.Hours{Span: calendar.Span{From: from, To: day}, PerWeek: calendar.Minutes(rapid.IntRange(0, 60).Draw(t, name+"hours")) * 60})
		day = day.AddDays(1)
	}
	return schedule
}

func on(schedule []ruleset.Hours, day calendar.Date) calendar.Minutes {
	var minutes calendar.Minutes
	for _, hours := range schedule {
		if hours.Contains(day) {
			minutes += hours.PerWeek
		}
	}
	return minutes
}

// Against the definition, day by day.
func TestBelowLeavesWhatTheNormAllowsOnEachDay(t *testing.T) {
	t.Parallel()
	const norm = 36 * 60
	rapid.Check(t, func(t *rapid.T) {
		schedule := someSchedule(t, "own")
		others := append(someSchedule(t, "a"), someSchedule(t, "b")...)
		below := Below(schedule, norm, others)
		for day := calendar.MustDate("2022-01-01"); day.Before(calendar.MustDate("2022-09-01")); day = day.AddDays(1) {
			want := min(on(schedule, day), max(norm-on(others, day), 0))
			if got := on(below, day); got != want {
				t.Fatalf("on %s: %d, want %d", day, got, want)
			}
		}
		for i := 1; i < len(below); i++ {
			if !below[i-1].To.Before(below[i].From) {
				t.Fatalf("spans overlap: %v", below)
			}
		}
	})
}

func TestExpectedHours(t *testing.T) {
	t.Parallel()
	if got := Expected([]ruleset.Hours{span("2022-01-01", "2022-01-14", 24)}); got != 48*60 {
		t.Errorf("two weeks of 24 hours are %s hours", got)
	}
}
