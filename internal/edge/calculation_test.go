// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// TestScenariosThroughTheFrontDoor posts every worked example of the
// calculation room and compares what comes back with what was worked out by hand.
func TestScenariosThroughTheFrontDoor(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../testdata/scenarios/berekening/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	w := newWorldOn(t, nil)
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var scenario map[string]json.RawMessage
		var expected struct {
			Obligation string   `json:"srVerplichting"`
			Reason     string   `json:"reden"`
			Efforts    []string `json:"inspanningen"`
		}
		if err := json.Unmarshal(content, &scenario); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(scenario["verwacht"], &expected); err != nil {
			t.Fatal(err)
		}
		asked := map[string]json.RawMessage{}
		for _, name := range []string{"rekenregel", "contract", "inspanningen"} {
			if part, ok := scenario[name]; ok {
				asked[name] = part
			}
		}
		body, err := json.Marshal(asked)
		if err != nil {
			t.Fatal(err)
		}
		var got calculationAnswer
		answered := w.do(ask{method: "POST", path: "/v1/berekeningen", token: w.supplier(), body: string(body)})
		if answered.status != 200 {
			t.Errorf("%s: %s", file, answered.text)
			continue
		}
		if err := json.Unmarshal([]byte(answered.text), &got); err != nil {
			t.Fatal(err)
		}
		if got.Obligation == nil || got.Obligation.Amount.String() != expected.Obligation {
			t.Errorf("%s: obligation %v, want %s", file, got.Obligation, expected.Obligation)
		}
		if reason, _ := answered.at("srVerplichting/reden").(string); expected.Reason != "" && reason != expected.Reason {
			t.Errorf("%s: because %s, want %s", file, reason, expected.Reason)
		}
		if len(got.Efforts) != len(expected.Efforts) {
			t.Fatalf("%s: %d efforts, want %d", file, len(got.Efforts), len(expected.Efforts))
		}
		for i, want := range expected.Efforts {
			if value := got.Efforts[i].Result.String(); value != want {
				t.Errorf("%s: effort %d is worth %s, want %s", file, i, value, want)
			}
		}
	}
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
		`{` + rules + `,"inspanningen":[{"soort":"plaatsing","bouwblok":"PW_LT2","vorm":"dienstverband","van":"2022-01-01","totEnMet":"2022-06-30","urenPerWeek":"61"}]}`: {"body /inspanningen/0/urenPerWeek uren-onmogelijk"},
		`{` + rules + `,"contract":{"aard":"diensten","waarde":"1.00","van":"1990-01-01","totEnMet":"2100-12-31"}}`:                                                       {"body /contract/totEnMet looptijd-te-lang"},
		`{` + rules + `,"inspanningen":[{"soort":"lenen","bouwblok":"PURCHASE"}]}`:                                                                                        {"body /inspanningen/0/soort onbekende-waarde"},
	} {
		w.do(ask{method: "POST", path: "/v1/berekeningen", token: w.officer(), body: body, bad: true}).refused(400, invalid, faults...)
	}
}
