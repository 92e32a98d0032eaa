// SPDX-License-Identifier: EUPL-1.2

package scenario_test

import (
	"testing"
	"time"

	"socialreturn/internal/ruleset"
	"socialreturn/internal/ruleset/scenario"
)

// Change any single number of any rule file, and a scenario fails.
func TestNoMutantSurvives(t *testing.T) {
	scenarios := published(t)
	for _, rules := range ruleset.Embedded().All() {
		survive(t, ruleset.Embedded(), rules, scenarios)
	}
}

// survive prints and refuses the survivors of a file.
func survive(t *testing.T, library *ruleset.Library, rules *ruleset.RuleSet, scenarios []scenario.Scenario) {
	t.Helper()
	started := time.Now()
	survivors, mutants, err := scenario.Survivors(library, rules, scenarios)
	if err != nil || mutants == 0 {
		t.Fatalf("%d mutants: %v", mutants, err)
	}
	t.Logf("%s %s: %d mutanten, %d overlevenden, %d ms", rules.ID, rules.Ref().Version, mutants, len(survivors), time.Since(started).Milliseconds())
	for _, mutant := range survivors {
		t.Errorf("%s %s: geen scenario merkt het als %s van %s naar %s gaat", rules.ID, rules.Ref().Version, mutant.Pointer, mutant.Before, mutant.After)
	}
}
