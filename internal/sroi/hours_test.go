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

func TestInternshipMonths(t *testing.T) {
	t.Parallel()
	intern := func(number int, person Token, kvk string, form ruleset.Form, schedule ...ruleset.Hours) Placement {
		return Placement{Number: number, Person: person, Employer: Employer{KvK: kvk}, Form: form, Schedule: schedule}
	}
	job := intern(9, "p", "1", ruleset.Employment, span("2022-07-01", "2022-12-31", 36))
	for name, row := range map[string]struct {
		others []Placement
		want   int
	}{
		"none":                             {nil, 0},
		"split in hours is one internship": {[]Placement{intern(1, "p", "1", ruleset.Internship, span("2022-01-15", "2022-02-20", 24), span("2022-02-21", "2022-04-14", 8))}, 3},
		"a day short":                      {[]Placement{intern(1, "p", "1", ruleset.Internship, span("2022-01-15", "2022-04-13", 24))}, 2},
		"two at once count once": {[]Placement{
			intern(1, "p", "1", ruleset.Internship, span("2022-01-01", "2022-03-31", 8)),
			intern(2, "p", "1", ruleset.Internship, span("2022-02-01", "2022-04-30", 8)),
		}, 4},
		"two with a gap add up": {[]Placement{
			intern(1, "p", "1", ruleset.Internship, span("2022-01-01", "2022-01-31", 8)),
			intern(2, "p", "1", ruleset.Internship, span("2022-04-01", "2022-05-31", 8)),
		}, 3},
		"other people, employers and forms": {[]Placement{
			intern(1, "q", "1", ruleset.Internship, span("2022-01-01", "2022-06-30", 8)),
			intern(2, "p", "2", ruleset.Internship, span("2022-01-01", "2022-06-30", 8)),
			intern(3, "p", "1", ruleset.WorkExperience, span("2022-01-01", "2022-06-30", 8)),
		}, 0},
	} {
		if got := InternshipMonths(job, append(row.others, job)); got != row.want {
			t.Errorf("%s: %d months, want %d", name, got, row.want)
		}
	}
}

// Hours above the norm stay as agreed where nobody else takes of it.
func TestBesideLeavesWhatWasAgreedAlone(t *testing.T) {
	at := func(number int, person, from, to string, perWeek calendar.Minutes) Placement {
		return Placement{Number: number, Person: Token(person), Schedule: []ruleset.Hours{{
			Span: calendar.Span{From: calendar.MustDate(from), To: calendar.MustDate(to)}, PerWeek: perWeek * 60,
		}}}
	}
	first, second := at(1, "A", "2022-01-01", "2022-06-30", 20), at(2, "A", "2022-04-01", "2022-12-31", 40)
	all := []Placement{first, second, at(3, "B", "2022-01-01", "2022-12-31", 60)}
	left := Beside(second, all, 36*60)
	if len(left) != 2 || left[0].PerWeek != 16*60 || left[0].End() != calendar.MustDate("2022-06-30") || left[1].PerWeek != 40*60 {
		t.Errorf("%+v", left)
	}
	if alone := Beside(first, all, 36*60); len(alone) != 1 || alone[0] != first.Schedule[0] {
		t.Errorf("%+v", alone)
	}
}
