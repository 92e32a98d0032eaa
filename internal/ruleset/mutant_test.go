// SPDX-License-Identifier: EUPL-1.2

package ruleset_test

import (
	"slices"
	"testing"
)

// What placements are counted by is worth a mutant only where placements are.
func TestMutantsOfWhatCountsPlacements(t *testing.T) {
	for id, c := range map[string]struct {
		version string
		want    bool
	}{"lekstroom": {"2019-01-01", false}, "twente": {"2020-01-01", false}, "hilversum": {"2015-01-01", true}} {
		var pointers []string
		for mutant, err := range published(t, id, c.version).Mutants() {
			if err != nil {
				t.Fatal(err)
			}
			pointers = append(pointers, mutant.Pointer)
		}
		for _, pointer := range []string{"/normWeek/value", "/headStartMonths/value", "/minimumWeek/value", "/extraJob/minHours", "/extraJob/minMonths"} {
			if got := slices.Contains(pointers, pointer); got != c.want {
				t.Errorf("%s: a mutant of %s: %v", id, pointer, got)
			}
		}
		if !slices.Contains(pointers, "/decideWithinDays/value") {
			t.Errorf("%s: no mutant of the days to decide within", id)
		}
	}
}
