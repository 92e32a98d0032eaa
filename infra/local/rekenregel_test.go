// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"strings"
	"testing"
)

func TestRekenregel(t *testing.T) {
	t.Chdir("../..")
	const friesland = "internal/ruleset/data/friesland/2016-07-01.json"
	for line, want := range map[string]struct{ told, err string }{
		"":                        {"", "kies: rekenregel controleer"},
		"publiceer":               {"", "kies: rekenregel controleer"},
		"controleer":              {"", "noem precies één bestand"},
		"controleer nergens.json": {"", "het bestand nergens.json is niet te lezen"},
		"controleer " + friesland: {"De rekenregel is goed.", ""},
		"verschil":                {"", "noem precies één bestand"},
		"verschil " + friesland:   {"Van friesland is nog geen eerdere versie gepubliceerd", ""},
		"verschil -id utrecht":    {"", "geef -van en -tot als jjjj-mm-dd"},
		"verschil -id nergens -van 2015-01-01 -tot 2018-01-01":                                            {"", "rekenregel onbekend"},
		"verschil -id utrecht -van 2015-01-01 -tot 2018-01-01":                                            {"11 % meer waarde bij gelijke uren", ""},
		"controleer -scenario infra/local/rules/testdata/kustregio/scenario-leveringen.json " + friesland: {"De rekenregel is goed.", ""},
	} {
		var out strings.Builder
		err := rekenregel(t.Context(), &out, strings.Fields(line))
		if !strings.Contains(out.String(), want.told) || (err == nil) != (want.err == "") || err != nil && !strings.Contains(err.Error(), want.err) {
			t.Errorf("%q: %v\n%s", line, err, out.String())
		}
	}
}
