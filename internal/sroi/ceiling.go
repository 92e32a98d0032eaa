// SPDX-License-Identifier: EUPL-1.2

package sroi

import (
	"slices"
	"strings"

	"socialreturn/internal/money"
)

// Ceiling is the share of an obligation that some building blocks together can
// meet. What is verified beyond it stays verified, and meets nothing.
type Ceiling struct {
	Code    string        `json:"code"`
	Label   string        `json:"label"` // in Dutch
	Percent money.Percent `json:"percent"`
}

// Capped is the verified value that a ceiling is on.
type Capped struct {
	Ceiling  string      `json:"ceiling"` // code
	Verified money.Cents `json:"verified"`
}

// plusCapped adds up per ceiling, in order of codes; what comes to nothing is
// left out, so that equal sums are equal byte for byte.
func plusCapped(a, b []Capped) []Capped {
	var sum []Capped
	for _, add := range slices.Concat(a, b) {
		i, found := slices.BinarySearchFunc(sum, add.Ceiling, func(c Capped, code string) int { return strings.Compare(c.Ceiling, code) })
		if found {
			sum[i].Verified += add.Verified
		} else {
			sum = slices.Insert(sum, i, add)
		}
	}
	sum = slices.DeleteFunc(sum, func(c Capped) bool { return c.Verified == 0 })
	if len(sum) == 0 {
		return nil
	}
	return sum
}

func under(capped []Capped, ceiling string) money.Cents {
	for _, c := range capped {
		if c.Ceiling == ceiling {
			return c.Verified
		}
	}
	return 0
}

// CeilingState is how far a ceiling is used.
type CeilingState struct {
	Ceiling
	Most     money.Cents // of the obligation in force, rounded half away from zero
	Verified money.Cents
	Counted  money.Cents // at most Most
}

// CeilingStates are the contract's ceilings and how far each is used.
func (b Balance) CeilingStates() []CeilingState {
	states := make([]CeilingState, len(b.Ceilings))
	for i, ceiling := range b.Ceilings {
		most, verified := b.Obliged.Times(ceiling.Percent.Fraction()), under(b.Capped, ceiling.Code)
		states[i] = CeilingState{Ceiling: ceiling, Most: most, Verified: verified, Counted: min(verified, most)}
	}
	return states
}

// Counted is what of the verified value meets the obligation: all of it but for
// what goes beyond a ceiling.
func (b Balance) Counted() money.Cents {
	counted := b.Verified
	for _, state := range b.CeilingStates() {
		counted += state.Counted - state.Verified
	}
	return counted
}

// countedIn is the part of Counted that concerns a year, of all the years'
// amounts. Years fill a ceiling in their order, so that the excess falls in the
// latest, in whatever order things were booked.
func (b Balance) countedIn(year int, amounts map[int]YearAmounts) money.Cents {
	counted := amounts[year].Verified
	for _, state := range b.CeilingStates() {
		var before money.Cents
		for other, a := range amounts {
			if other < year {
				before += under(a.Capped, state.Code)
			}
		}
		own := under(amounts[year].Capped, state.Code)
		counted += min(before+own, state.Most) - min(before, state.Most) - own
	}
	return counted
}
