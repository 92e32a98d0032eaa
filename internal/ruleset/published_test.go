// SPDX-License-Identifier: EUPL-1.2

package ruleset_test

import (
	"os"
	"reflect"
	"slices"
	"testing"

	"socialreturn/internal/calendar"
	"socialreturn/internal/ruleset"
)

func published(t *testing.T, id, version string) *ruleset.RuleSet {
	t.Helper()
	rules, err := ruleset.Embedded().Version(id, calendar.MustDate(version))
	if err != nil {
		t.Fatal(err)
	}
	return rules
}

// A bonus that asks nothing would be free to claim.
func TestEveryPublishedBonusAsksSomething(t *testing.T) {
	for _, rules := range ruleset.Embedded().All() {
		for _, bonus := range rules.Bonuses {
			if bonus.MinimumAge == 0 && bonus.MinimumInternshipMonths == 0 && len(bonus.Conditions) == 0 {
				t.Errorf("%s %s: %s asks for no age, no internship and no condition", rules.ID, rules.Ref().Version, bonus.Code)
			}
		}
	}
}

// The municipalities of Haaglanden and Zuid-Holland Centraal use one published
// table. Files inherit nothing, so each has it whole.
func TestOnePublishedTableIsTheSameInEachFile(t *testing.T) {
	region := published(t, "haaglanden-zhc", "2023-07-01")
	for id, version := range map[string]string{"den-haag": "2023-07-01", "leidschendam-voorburg": "2025-07-01"} {
		own := published(t, id, version)
		if !reflect.DeepEqual(own.Blocks, region.Blocks) || !reflect.DeepEqual(own.Bonuses, region.Bonuses) {
			t.Errorf("the table of %s is not that of the region", id)
		}
		if own.NormWeek != region.NormWeek || own.HeadStartMonths != region.HeadStartMonths || own.MinimumWeek != region.MinimumWeek {
			t.Errorf("%s counts a placement in another way than the region", id)
		}
	}
}

// What is read one by one is what is read and compared together.
func TestEmbeddedIsWhatIsLoaded(t *testing.T) {
	loaded, err := ruleset.Load(os.DirFS("data"))
	if err != nil {
		t.Fatal(err)
	}
	refs := func(l *ruleset.Library) (refs []ruleset.Ref) {
		for _, rs := range l.All() {
			refs = append(refs, rs.Ref())
		}
		return refs
	}
	if embedded := refs(ruleset.Embedded()); !slices.Equal(embedded, refs(loaded)) || len(embedded) < 13 {
		t.Errorf("embedded %v", embedded)
	}
}
