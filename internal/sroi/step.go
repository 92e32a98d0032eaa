// SPDX-License-Identifier: EUPL-1.2

package sroi

import (
	"cmp"
	"encoding/json"
	"errors"
	"slices"

	"socialreturn/internal/calendar"
)

// Steps are how a contribution came about, by day, ascending. As JSON the first
// one is whole, and of each later one the names are those that came and went
// since: a thousand persons who stay are written once, not on every day that
// something is booked. Names are sorted when they are read.
type Steps []Step

// writtenStep is a step in JSON: with its facts whole, or with those that are no
// names and the names that changed since the step before.
type writtenStep struct {
	Booked calendar.Date `json:"booked"`
	Facts  *Facts        `json:"facts,omitempty"`
	Other  *Facts        `json:"other,omitempty"`
	Came   Facts         `json:"came,omitzero"`
	Went   Facts         `json:"went,omitzero"`
}

var errNoFacts = errors.New("sroi: a step without facts")

// MarshalJSON writes the steps as differences.
func (s Steps) MarshalJSON() ([]byte, error) {
	written := make([]writtenStep, len(s))
	for i, step := range s {
		written[i] = writtenStep{Booked: step.Booked, Facts: &step.Facts}
		if i > 0 {
			before, other := s[i-1].Facts, step.Facts
			other.Persons, other.Jobs, other.Assignments = nil, nil, nil
			written[i] = writtenStep{
				Booked: step.Booked, Other: &other,
				Came: step.Facts.namesWithout(before), Went: before.namesWithout(step.Facts),
			}
		}
	}
	return json.Marshal(written)
}

// UnmarshalJSON reads steps as MarshalJSON writes them, and whole ones.
func (s *Steps) UnmarshalJSON(encoded []byte) error {
	var written []writtenStep
	if err := json.Unmarshal(encoded, &written); err != nil {
		return err
	}
	steps := make(Steps, len(written))
	before := Facts{}
	for i, w := range written {
		facts := Facts{}
		switch {
		case w.Facts != nil:
			facts = *w.Facts
		case w.Other != nil:
			facts = *w.Other
			stayed := before.namesWithout(w.Went)
			facts.Persons = slices.Concat(stayed.Persons, w.Came.Persons)
			facts.Jobs = slices.Concat(stayed.Jobs, w.Came.Jobs)
			facts.Assignments = slices.Concat(stayed.Assignments, w.Came.Assignments)
			facts.sortNames()
		default:
			return errNoFacts
		}
		steps[i], before = Step{Booked: w.Booked, Facts: facts}, facts
	}
	*s = steps
	return nil
}

// namesWithout are the persons, jobs and assignments that others lack, each as
// often as they lack it.
func (f Facts) namesWithout(others Facts) Facts {
	return Facts{
		Persons: without(f.Persons, others.Persons), Jobs: without(f.Jobs, others.Jobs),
		Assignments: without(f.Assignments, others.Assignments),
	}
}

// sortNames gives the same names the same order, whatever order they came in.
func (f *Facts) sortNames() {
	slices.Sort(f.Persons)
	slices.Sort(f.Assignments)
	slices.SortFunc(f.Jobs, func(a, b Job) int {
		byPerson := cmp.Or(cmp.Compare(a.Person, b.Person), cmp.Compare(a.PerWeek, b.PerWeek))
		if byPerson == 0 && a.Replaces != b.Replaces {
			if b.Replaces {
				return -1
			}
			return 1
		}
		return byPerson
	})
}

func without[T comparable](all, dropped []T) []T {
	drop := make(map[T]int, len(dropped))
	for _, one := range dropped {
		drop[one]++
	}
	var left []T
	for _, one := range all {
		if drop[one] > 0 {
			drop[one]--
			continue
		}
		left = append(left, one)
	}
	return left
}
