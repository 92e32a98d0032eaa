// SPDX-License-Identifier: EUPL-1.2

package scenario

import (
	"slices"

	"socialreturn/internal/ruleset"
)

// Uncovered lists the codes of the blocks and bonuses of a version that no
// scenario of that version values, in the order of the file.
func Uncovered(rules *ruleset.RuleSet, scenarios []Scenario) []string {
	valued := map[string]bool{}
	for i := range scenarios {
		if !scenarios[i].about(rules.Ref()) {
			continue
		}
		for j, effort := range scenarios[i].Efforts {
			if scenarios[i].Expected.Efforts[j].Refused != "" {
				continue
			}
			valued[effort.Block] = true
			for _, bonus := range effort.Bonuses {
				valued[bonus] = true
			}
		}
	}
	var codes []string
	for _, block := range rules.Blocks {
		codes = append(codes, block.Code)
	}
	for _, bonus := range rules.Bonuses {
		codes = append(codes, bonus.Code)
	}
	return slices.DeleteFunc(codes, func(code string) bool { return valued[code] })
}

// about tells whether the scenario is worked out under this version.
func (s *Scenario) about(ref ruleset.Ref) bool {
	return s.Rules.ID == ref.ID && (s.Rules.Version == ref.Version || s.Expected.Version == ref.Version)
}

// Of are the scenarios about the rule set of an id, in any version.
func Of(id string, scenarios []Scenario) []Scenario {
	return slices.DeleteFunc(slices.Clone(scenarios), func(s Scenario) bool { return s.Rules.ID != id })
}
