// SPDX-License-Identifier: EUPL-1.2

package sroi

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/ruleset"
)

// someFacts draws facts from few names, so that contributions share them.
func someFacts(t *rapid.T) Facts {
	small := rapid.IntRange(0, 3)
	token := rapid.Custom(func(t *rapid.T) Token { return Token(fmt.Sprint("p", rapid.IntRange(0, 5).Draw(t, "person"))) })
	facts := Facts{
		Persons:     slices.Compact(slices.Sorted(slices.Values(rapid.SliceOfN(token, 0, 4).Draw(t, "persons")))),
		Work:        int64(small.Draw(t, "work")) * WorkPerFTEYear,
		Purchases:   money.Cents(rapid.Int64Range(0, 1e9).Draw(t, "purchases")),
		Verified:    money.Cents(rapid.Int64Range(-1e6, 1e9).Draw(t, "verified")),
		Undecided:   small.Draw(t, "undecided"),
		Assignments: []string{fmt.Sprint("a", small.Draw(t, "assignment"))},
	}
	for range small.Draw(t, "jobs") {
		facts.Jobs = append(facts.Jobs, Job{Person: token.Draw(t, "jobholder"), Replaces: rapid.Bool().Draw(t, "replaces"), PerWeek: 24 * 60})
	}
	if rapid.Bool().Draw(t, "runs") {
		facts.Supplier, facts.Buys = fmt.Sprint("s", small.Draw(t, "supplier")), rapid.Bool().Draw(t, "buys")
		for month := range 12 {
			facts.Obliged = append(facts.Obliged, money.Cents(1000*(month+1)))
		}
	}
	if rapid.Bool().Draw(t, "tender") {
		facts.Tender = &TenderCount{
			Procedure: rapid.SampledFrom([]Procedure{European, National}).Draw(t, "procedure"),
			Value:     100_00, SocialReturn: rapid.Bool().Draw(t, "social"), Above: rapid.Bool().Draw(t, "above"),
		}
	}
	return facts
}

func someContributions(t *rapid.T) []Contribution {
	var contributions []Contribution
	for i := range rapid.IntRange(0, 6).Draw(t, "contributions") {
		c := Contribution{Area: "GM0200", Year: 2022, Source: fmt.Sprint("CONTRACT#", i), Steps: []Step{}}
		day := calendar.MustDate("2022-01-01")
		for range rapid.IntRange(0, 5).Draw(t, "steps") {
			day = day.AddDays(rapid.IntRange(1, 40).Draw(t, "days"))
			c.Steps = append(c.Steps, Step{Booked: day, Facts: someFacts(t)})
			c.Seq, c.Booked = c.Seq+1, day
			c.Rules = []ruleset.Ref{{ID: "r", Version: calendar.MustDate("2016-01-01")}}
		}
		contributions = append(contributions, c)
	}
	return contributions
}

func TestFoldInAnyOrderIsTheSameByteForByte(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		contributions := someContributions(t)
		total, courses := Fold("GM0200", 2022, contributions)
		shuffled := slices.Clone(contributions)
		random := rand.New(rand.NewPCG(1, rapid.Uint64().Draw(t, "seed")))
		random.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		again, coursesAgain := Fold("GM0200", 2022, shuffled)
		if Digest(total) != Digest(again) || Digest(courses) != Digest(coursesAgain) {
			t.Fatalf("order matters:\n%+v\n%+v", total, again)
		}
	})
}

// The running sum must agree with a fold from nothing over the newest steps.
func TestFoldEqualsAFoldOfTheNewestSteps(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		contributions := someContributions(t)
		total, courses := Fold("GM0200", 2022, contributions)
		var newest []Contribution
		for _, c := range contributions {
			if n := len(c.Steps); n > 0 {
				c.Steps = []Step{{Booked: c.Steps[0].Booked, Facts: c.Steps[n-1].Facts}}
			}
			newest = append(newest, c)
		}
		direct, _ := Fold("GM0200", 2022, newest)
		if Digest(total.Figures) != Digest(direct.Figures) {
			t.Fatalf("running sum %+v\nfrom nothing %+v", total.Figures, direct.Figures)
		}
		if len(courses) > 0 {
			last := courses[len(courses)-1].Days
			if Digest(last[len(last)-1].Figures) != Digest(total.Figures) {
				t.Fatal("the course does not end at the total")
			}
		}
		if total.Figures.JobPersons > 6 || total.Figures.Suppliers > 4 {
			t.Fatalf("names counted more than once: %+v", total.Figures)
		}
	})
}

func TestFoldAsOfADayIsTheCourseOfThatDay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		contributions := someContributions(t)
		_, courses := Fold("GM0200", 2022, contributions)
		for _, course := range courses {
			for _, day := range course.Days {
				var then []Contribution
				for _, c := range contributions {
					c.Steps = slices.Clone(c.Steps)
					c.Steps = slices.DeleteFunc(c.Steps, func(s Step) bool { return s.Booked.After(day.Booked) })
					then = append(then, c)
				}
				asOf, _ := Fold("GM0200", 2022, then)
				if Digest(asOf.Figures) != Digest(day.Figures) {
					t.Fatalf("on %s the course says %+v, a fold of what was booked %+v", day.Booked, day.Figures, asOf.Figures)
				}
			}
		}
	})
}
