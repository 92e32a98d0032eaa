// SPDX-License-Identifier: EUPL-1.2

package scenario

import (
	"slices"

	"socialreturn/internal/ruleset"
)

// Survivors tries every mutant of a version: the numbers that could be another
// without any scenario of the rule set telling. A mutant that does not load is
// told by the loader. Only scenarios that hold as things are can tell anything.
func Survivors(l *ruleset.Library, rules *ruleset.RuleSet, scenarios []Scenario) (survivors []ruleset.Mutant, mutants int, err error) {
	holding := slices.DeleteFunc(Of(rules.ID, scenarios), func(s Scenario) bool { return s.Run(l).Failures != nil })
	for mutant, err := range rules.Mutants() {
		if err != nil {
			return nil, 0, err
		}
		mutants++
		mutated, err := l.With(mutant.Path, mutant.File, rules)
		if err == nil && !slices.ContainsFunc(holding, func(s Scenario) bool { return s.Run(mutated).Failures != nil }) {
			survivors = append(survivors, mutant)
		}
	}
	return survivors, mutants, nil
}
