// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"testing"

	"socialreturn/internal/app"
	"socialreturn/internal/ruleset"
)

func TestPublishedRulesNameAreasThatExist(t *testing.T) {
	for _, rules := range ruleset.Embedded().All() {
		for _, area := range rules.Areas {
			if app.AreaName(string(area)) == "" {
				t.Errorf("%s %s: there is no area %s", rules.ID, rules.Ref().Version, area)
			}
		}
	}
}
