// SPDX-License-Identifier: EUPL-1.2

package sroi

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
)

func TestStepsReadBackAsTheyWereWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		for _, c := range someContributions(t) {
			for i := range c.Steps {
				c.Steps[i].Facts.sortNames() // as they are made
			}
			encoded, err := json.Marshal(c)
			if err != nil {
				t.Fatal(err)
			}
			var read Contribution
			if err := json.Unmarshal(encoded, &read); err != nil {
				t.Fatal(err)
			}
			// nil and empty lists are the same in JSON.
			if Digest([]Step(read.Steps)) != Digest([]Step(c.Steps)) || read.Seq != c.Seq {
				t.Fatalf("wrote %+v\nread %+v\nas %s", c, read, encoded)
			}
		}
	})
}

func TestTheFoldOfWhatWasReadIsTheSameByteForByte(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		made := someContributions(t)
		encoded, err := json.Marshal(made)
		if err != nil {
			t.Fatal(err)
		}
		var read []Contribution
		if err := json.Unmarshal(encoded, &read); err != nil {
			t.Fatal(err)
		}
		total, courses := Fold("GM0200", 2022, made)
		again, coursesAgain := Fold("GM0200", 2022, read)
		if Digest(total) != Digest(again) || Digest(courses) != Digest(coursesAgain) {
			t.Fatalf("made %+v\nread %+v", total, again)
		}
	})
}

func TestWholeStepsAreReadToo(t *testing.T) {
	t.Parallel()
	var steps Steps
	err := json.Unmarshal([]byte(`[
		{"booked":"2022-04-01","facts":{"persons":["a"],"work":1}},
		{"booked":"2022-07-01","facts":{"persons":["a","b"],"work":2}},
		{"booked":"2022-10-01","other":{"work":3},"came":{"persons":["c"]},"went":{"persons":["a"]}}]`), &steps)
	want := Steps{
		{calendar.MustDate("2022-04-01"), Facts{Persons: []Token{"a"}, Work: 1}},
		{calendar.MustDate("2022-07-01"), Facts{Persons: []Token{"a", "b"}, Work: 2}},
		{calendar.MustDate("2022-10-01"), Facts{Persons: []Token{"b", "c"}, Work: 3}},
	}
	if err != nil || !reflect.DeepEqual(steps, want) {
		t.Errorf("%+v %v", steps, err)
	}
	if json.Unmarshal([]byte(`[{"booked":"2022-04-01"}]`), &steps) == nil || json.Unmarshal([]byte(`{}`), &steps) == nil {
		t.Error("a step of nothing is read")
	}
}

// A thousand persons who are each at work all year, with a day of booking every
// two months, must stay far under what an item of the store may be (400 KB).
func TestPersonsWhoStayAreWrittenOnce(t *testing.T) {
	t.Parallel()
	facts := Facts{Supplier: "12345678", Obliged: make([]money.Cents, 12)}
	for n := range 1000 {
		person := Token(fmt.Sprintf("%064d", n))
		facts.Persons = append(facts.Persons, person)
		facts.Jobs = append(facts.Jobs, Job{Person: person, PerWeek: ReportingNorm})
	}
	sizes := map[int]int{}
	for _, days := range []int{1, 6, 60} {
		var c Contribution
		for day := range days {
			facts.Work++
			c.Steps = append(c.Steps, Step{Booked: calendar.MustDate("2022-01-01").AddDays(day), Facts: facts})
		}
		encoded, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		sizes[days] = len(encoded)
		if repeats := strings.Count(string(encoded), string(facts.Persons[500])); repeats != 2 { // as a person, and as a job
			t.Errorf("%d days: a person is written %d times", days, repeats)
		}
	}
	t.Logf("bytes of 1,000 persons with a job, by days of booking: %v", sizes)
	if perDay := (sizes[60] - sizes[6]) / 54; perDay > 200 || sizes[60] > 200_000 {
		t.Errorf("%d bytes a day, %d for 60", perDay, sizes[60])
	}
}
