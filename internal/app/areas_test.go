// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"slices"
	"testing"

	"socialreturn/internal/app"
	"socialreturn/internal/ruleset"
)

// A mistyped code is soon another municipality's, so those of the first regimes
// are told by name too.
func TestPublishedRulesNameTheirAreas(t *testing.T) {
	named := map[string][]string{
		"den-haag": {"'s-Gravenhage"}, "friesland": {"Friesland"}, "haaglanden-zhc": {"Haaglanden", "Zuid-Holland Centraal"},
		"hilversum": {"Hilversum"}, "leidschendam-voorburg": {"Leidschendam-Voorburg"},
		"lekstroom": {"Houten", "Lopik", "IJsselstein", "Nieuwegein"}, "oost-nederland": {"Stedendriehoek en Noordwest Veluwe"},
		"twente": {"Twente"}, "utrecht": {"Utrecht"}, "zwolle": {"Zwolle"},
	}
	for _, rules := range ruleset.Embedded().All() {
		var names []string
		for _, area := range rules.Areas {
			name := app.AreaName(string(area))
			if name == "" {
				t.Errorf("%s %s: there is no area %s", rules.ID, rules.Ref().Version, area)
			}
			names = append(names, name)
		}
		if want, known := named[rules.ID]; known && !slices.Equal(names, want) {
			t.Errorf("%s %s holds in %q, want %q", rules.ID, rules.Ref().Version, names, want)
		}
	}
}
