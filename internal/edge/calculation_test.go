// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"encoding/json"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"socialreturn/internal/ruleset"
	"socialreturn/internal/ruleset/scenario"
	"socialreturn/internal/sroi"
)

// TestScenariosThroughTheFrontDoor posts every worked example of the
// calculation room that has rules in force, and compares what comes back with
// what was worked out by hand: first the refusals, then the rest without them.
func TestScenariosThroughTheFrontDoor(t *testing.T) {
	t.Parallel()
	const folder = "../../testdata/scenarios/berekening"
	scenarios, err := scenario.Read(os.DirFS(folder))
	if err != nil || len(scenarios) == 0 {
		t.Fatalf("%d scenarios: %v", len(scenarios), err)
	}
	w := newWorldOn(t, nil)
	for _, s := range scenarios {
		if s.Expected.NoVersion != "" {
			continue
		}
		content, err := os.ReadFile(filepath.Join(folder, s.Name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		refused := refusals(s)
		post := func(body map[string]any, bad bool) answer {
			raw, err := json.Marshal(body)
			if err != nil {
				t.Fatal(err)
			}
			return w.do(ask{method: "POST", path: "/v1/berekeningen", token: w.supplier(), body: string(raw), bad: bad})
		}
		body := calculationAsked(t, content)
		if len(refused) > 0 {
			tellsRefusals(t, s.Name, post(body, true), refused)
			body["inspanningen"] = withoutRefused(body["inspanningen"].([]any), s)
		}
		if s.Expected.Refused == "" {
			tellsWorths(t, s, post(body, false))
		}
	}
}

// refusals are the codes that a scenario expects, by the beginning of their place.
func refusals(s scenario.Scenario) map[string]string {
	codes := map[string]string{}
	if s.Expected.Refused != "" {
		codes["body /contract"] = s.Expected.Refused
	}
	for i, worth := range s.Expected.Efforts {
		if worth.Refused != "" {
			codes["body /inspanningen/"+strconv.Itoa(i)+"/"] = worth.Refused
		}
	}
	return codes
}

func tellsRefusals(t *testing.T, name string, got answer, refused map[string]string) {
	t.Helper()
	_, faults := got.want(http.StatusBadRequest).problem()
	for place, code := range refused {
		if !slices.ContainsFunc(faults, func(f string) bool { return strings.HasPrefix(f, place) && strings.HasSuffix(f, " "+code) }) {
			t.Errorf("%s: refused with %q, want %s at %s", name, faults, code, place)
		}
	}
}

func withoutRefused(efforts []any, s scenario.Scenario) []any {
	kept := []any{}
	for i, effort := range efforts {
		if s.Expected.Efforts[i].Refused == "" {
			kept = append(kept, effort)
		}
	}
	return kept
}

// calculationAsked is the part of a scenario that a calculation takes.
func calculationAsked(t *testing.T, content []byte) map[string]any {
	t.Helper()
	var file map[string]any
	if err := json.Unmarshal(content, &file); err != nil {
		t.Fatal(err)
	}
	asked := map[string]any{}
	for _, name := range []string{"rekenregel", "contract", "inspanningen"} {
		if part, ok := file[name]; ok {
			asked[name] = part
		}
	}
	rules := file["rekenregel"].(map[string]any)
	if date, ok := rules["datum"]; ok {
		asked["peildatum"] = date
		delete(rules, "datum")
	}
	return asked
}

func tellsWorths(t *testing.T, s scenario.Scenario, answered answer) {
	t.Helper()
	if answered.status != http.StatusOK {
		t.Errorf("%s: %s", s.Name, answered.text)
		return
	}
	var got calculationAnswer
	if err := json.Unmarshal([]byte(answered.text), &got); err != nil {
		t.Fatal(err)
	}
	want := s.Expected
	if !want.Version.IsZero() && got.Rules.Version != want.Version {
		t.Errorf("%s: version %s, want %s", s.Name, got.Rules.Version, want.Version)
	}
	if got.Obligation == nil || got.Obligation.Amount != *want.Obligation {
		t.Errorf("%s: obligation %v, want %s", s.Name, got.Obligation, want.Obligation)
	}
	for place, word := range map[string]string{"srVerplichting/reden": want.Reason, "srVerplichting/stand": want.Stage} {
		if found, _ := answered.at(place).(string); word != "" && found != word {
			t.Errorf("%s: %s is %s, want %s", s.Name, place, found, word)
		}
	}
	worths := slices.DeleteFunc(slices.Clone(want.Efforts), func(w scenario.Worth) bool { return w.Refused != "" })
	if len(got.Efforts) != len(worths) {
		t.Fatalf("%s: %d efforts, want %d", s.Name, len(got.Efforts), len(worths))
	}
	for i, worth := range worths {
		if value := got.Efforts[i].Result; value != worth.Amount {
			t.Errorf("%s: %s is worth %s, want %s: %s", s.Name, got.Efforts[i].Path, value, worth.Amount, got.Efforts[i].Text)
		}
	}
}

// Scenarios speak the words of the wire.
func TestScenariosHaveTheWordsOfTheWire(t *testing.T) {
	t.Parallel()
	if want := swapped(ruleCodes); !maps.Equal(scenario.Codes, want) {
		t.Errorf("codes %v, want %v", scenario.Codes, want)
	}
	hasWords[ruleset.Nature](t, scenario.Natures)
	hasWords[ruleset.Form](t, scenario.Forms)
	hasWords[ruleset.Recognition](t, scenario.Recognitions)
	hasWords[ruleset.Stage](t, scenario.Stages)
	hasWords[obligationReason](t, scenario.Reasons)
	hasWords[sroi.LineKind](t, scenario.Kinds)
}

func hasWords[T, S ~string](t *testing.T, words map[string]S) {
	t.Helper()
	codes := map[string]string{}
	for word, code := range words {
		codes[word] = string(code)
	}
	if want := dictionary[reflect.TypeFor[T]()].codes; !maps.Equal(codes, want) {
		t.Errorf("words of %T: %v, want %v", T(""), codes, want)
	}
}

func swapped(names map[string]string) map[string]string {
	codes := map[string]string{}
	for code, name := range names {
		codes[name] = code
	}
	return codes
}

func TestCalculationsThatAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const rules = `"rekenregel":{"id":"oost-nederland","versie":"2016-01-01"}`
	for body, faults := range map[string][]string{
		`{}`: {"body /rekenregel rekenregel-of-opdrachtgever"},
		`{` + rules + `,"opdrachtgever":"` + apeldoorn + `"}`:                        {"body /rekenregel rekenregel-of-opdrachtgever"},
		`{"opdrachtgever":"` + apeldoorn + `"}`:                                      {"body /opdrachtgever opdrachtgever-onbekend"},
		`{"rekenregel":{"id":"oost-nederland","versie":"2016-01-02"}}`:               {"body /rekenregel/versie rekenregel-onbekend"},
		`{"rekenregel":{"id":"oost-nederland"},"peildatum":"2001-01-01"}`:            {"body /peildatum rekenregel-nog-niet-van-kracht"},
		`{` + rules + `,"inspanningen":[{"soort":"plaatsing","bouwblok":"PW_LT2"}]}`: {"body /inspanningen/0/vorm verplicht", "body /inspanningen/0/urenschema verplicht"},
		`{` + rules + `,"inspanningen":[{"soort":"inkoop","bouwblok":"PURCHASE","vorm":"stage"}]}`: {
			"body /inspanningen/0/vorm past-niet-bij-soort", "body /inspanningen/0/factuurDatum verplicht",
			"body /inspanningen/0/bedrag verplicht", "body /inspanningen/0/erkenning verplicht",
		},
		`{` + rules + `,"inspanningen":[{"soort":"plaatsing","bouwblok":"PW_LT2","vorm":"dienstverband","van":"2022-01-01","totEnMet":"2022-06-30","urenPerWeek":"61"}]}`:                                                                                           {"body /inspanningen/0/urenPerWeek uren-onmogelijk"},
		`{` + rules + `,"contract":{"aard":"diensten","waarde":"1.00","van":"2022-01-01","totEnMet":"2022-12-31"},"inspanningen":[{"soort":"plaatsing","bouwblok":"PW_LT2","vorm":"dienstverband","van":"2022-06-30","totEnMet":"2022-01-01","urenPerWeek":"24"}]}`: {"body /inspanningen/0/totEnMet datums-verkeerd-om"},
		`{` + rules + `,"inspanningen":[{"soort":"plaatsing","bouwblok":"PW_LT2","vorm":"dienstverband","van":"2022-02-30","totEnMet":"2022-06-30","urenPerWeek":"24"}]}`:                                                                                           {"body /inspanningen/0/van onjuiste-vorm"},
		`{` + rules + `,"inspanningen":[{"soort":"plaatsing","bouwblok":"PW_LT2","vorm":"dienstverband","van":"2022-01-01","totEnMet":"2022-06-30","urenPerWeek":"24","urenschema":[{"van":"2022-01-01","totEnMet":"2022-02-28","urenPerWeek":"20"}]}]}`: {
			"body /inspanningen/0/van past-niet-bij-urenschema", "body /inspanningen/0/totEnMet past-niet-bij-urenschema", "body /inspanningen/0/urenPerWeek past-niet-bij-urenschema",
		},
		`{` + rules + `,"inspanningen":[{"soort":"inkoop","bouwblok":"PURCHASE","factuurDatum":"2022-02-30","bedrag":"1.00","erkenning":"geen"}]}`: {
			"body /inspanningen/0/factuurDatum onjuiste-vorm", "body /inspanningen/0/erkenning onbekende-waarde",
		},
		`{` + rules + `,"contract":{"aard":"diensten","waarde":"1.00","van":"1990-01-01","totEnMet":"2100-12-31"}}`: {"body /contract/totEnMet looptijd-te-lang"},
		`{` + rules + `,"inspanningen":[{"soort":"lenen","bouwblok":"PURCHASE"}]}`:                                  {"body /inspanningen/0/soort onbekende-waarde"},
	} {
		w.do(ask{method: "POST", path: "/v1/berekeningen", token: w.officer(), body: body, bad: true}).refused(400, invalid, faults...)
	}
}
