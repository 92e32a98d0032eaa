// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

const plannedBody = `{"inspanningen":[
{"soort":"plaatsing","bouwblok":"PW_GT2","persoon":"A","vorm":"dienstverband","van":"2022-01-01","totEnMet":"2022-12-31","urenPerWeek":"24"},
{"soort":"plaatsing","bouwblok":"PW_GT2","persoon":"A","vorm":"detachering","urenschema":[{"van":"2022-07-01","totEnMet":"2022-12-31","urenPerWeek":"20"}],"bonussen":[]},
{"soort":"inkoop","bouwblok":"PURCHASE","factuurDatum":"2022-10-01","bedrag":"2500.00","erkenning":"erkend"}]}`

func TestAPlanThroughTheFrontDoor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.putAuthority()
	contract := w.contracted("P-1")
	path := contract + "/plan-van-aanpak"
	without := w.get(w.officer(), contract).want(200)
	if without.at("prognose/toelichting") != "Er is nog geen plan van aanpak; zonder plan is er geen prognose." || without.at("prognose/stoplicht") != nil {
		t.Errorf("%v", without.at("prognose"))
	}
	w.get(w.supplier(), path).refused(404, "niet-gevonden")

	kept := w.do(ask{method: "PUT", path: path, token: w.supplier(), body: plannedBody}).want(201)
	if kept.headers["ETag"] != `"1"` || kept.headers["Location"] != path || kept.at("bewaardDoor") != "opdrachtnemer" {
		t.Errorf("%v %s", kept.headers, kept.text)
	}
	// 40,000 × 24/36 = 26,666.67; of 20 hours 12 count for half a year: 6,666.67.
	for at, want := range map[string]any{
		"uitkomst/inspanningen/0/uitkomst": "26666.67", "uitkomst/inspanningen/1/uitkomst": "6666.67",
		"uitkomst/inspanningen/1/persoon": "A", "uitkomst/inspanningen/1/grenzen/0/soort": "normweek", "uitkomst/inspanningen/1/grenzen/0/vanaf": "2022-07-01",
		"uitkomst/telt": "35833.34", "bijBewaren/telt": "35833.34", "bijBewaren/perioden/3/bedrag": "12500.01", "uitkomst/perioden/3/openstaand": "4166.66",
		"prognose/goedgekeurd": "0.00", "prognose/gepland": "22500.01", "prognose/verwacht": "22500.01", "prognose/openstaand": "17499.99",
		"prognose/stoplicht": "rood", "prognose/peildatum": "2022-07-04", "versie": 1.0,
	} {
		if got := kept.at(at); got != want {
			t.Errorf("%s is %v, want %v", at, got, want)
		}
	}
	if advice := kept.at("uitkomst/advies/0/van"); advice != "2022-07-04" {
		t.Errorf("advised from %v", advice)
	}
	w.do(ask{method: "PUT", path: path, token: w.consultant(), body: plannedBody}).refused(428, "if-match-ontbreekt")
	w.do(ask{method: "PUT", path: path, token: w.consultant(), match: `"7"`, body: plannedBody}).refused(412, "versie-verouderd")

	// What is read can be sent again as it is, and comes to the same.
	read := w.get(w.auditor(), path).want(200)
	efforts, err := json.Marshal(map[string]any{"inspanningen": read.at("inspanningen")})
	if err != nil {
		t.Fatal(err)
	}
	again := w.do(ask{method: "PUT", path: path, token: w.consultant(), match: read.headers["ETag"], body: string(efforts)}).want(200)
	if again.at("uitkomst/telt") != "35833.34" || again.headers["ETag"] != `"2"` {
		t.Errorf("%s", again.text)
	}
	shown := w.get(w.supplier(), contract).want(200)
	if shown.at("prognose/stoplicht") != "rood" || shown.at("prognose/plan") != 2.0 || shown.at("prognose/verwacht") != "22500.01" {
		t.Errorf("%v", shown.at("prognose"))
	}
	stranger := w.token("leverancier-2", "opdrachtnemer", claims{"kvk": schilders})
	w.get(stranger, path).refused(404, "niet-gevonden")
	w.do(ask{method: "PUT", path: path, token: stranger, body: plannedBody}).refused(404, "niet-gevonden")
}

func TestAPlanThatIsRefusedIsNotKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.putAuthority()
	path := w.contracted("P-2") + "/plan-van-aanpak"
	before := w.stored()
	line := func(fields string) string {
		return `{"soort":"plaatsing","bouwblok":"PW_GT2","persoon":"A","vorm":"dienstverband","van":"2022-01-01","totEnMet":"2022-12-31",` + fields + `}`
	}
	full := line(`"urenPerWeek":"36"`)
	for body, faults := range map[string][]string{
		`{}`: {"body /inspanningen verplicht"},
		`{"inspanningen":[` + full + `,` + line(`"urenPerWeek":"24:30"`) + `]}`: {"body /inspanningen/1/urenPerWeek uren-onmogelijk"},
		`{"inspanningen":[` + full + `,{"soort":"plaatsing","bouwblok":"PW_GT2","persoon":"A","vorm":"dienstverband","urenschema":[{"van":"2022-01-01","totEnMet":"2022-01-31","urenPerWeek":"4"},{"van":"2022-02-01","totEnMet":"2022-02-28","urenPerWeek":"30"}]}]}`: {"body /inspanningen/1/urenschema/1/urenPerWeek uren-onmogelijk"},
		`{"inspanningen":[{"soort":"plaatsing","bouwblok":"PW_9","vorm":"dienstverband","van":"2022-01-01","totEnMet":"2022-12-31","urenPerWeek":"24"}]}`:                                                                                                              {"body /inspanningen/0/bouwblok bouwblok-onbekend"},
		`{"inspanningen":[{"soort":"lenen","bouwblok":"PW_GT2"}]}`:                                                                                   {"body /inspanningen/0/soort onbekende-waarde"},
		`{"inspanningen":[` + line(`"urenPerWeek":"24","leeftijd":55,"eerder":[{"van":"2020-01-01","totEnMet":"2020-12-31"}]`) + `]}`:                {"body /inspanningen/0/eerder persoonsgegeven", "body /inspanningen/0/leeftijd persoonsgegeven"},
		`{"inspanningen":[` + strings.Replace(full, `"A"`, `"`+canaryName+`"`, 1) + `]}`:                                                             {"body /inspanningen/0/persoon onjuist-label"},
		`{"inspanningen":[` + strings.Repeat(full+",", 200) + full + `]}`:                                                                            {"body /inspanningen te-veel"},
		`{"inspanningen":[{"soort":"inkoop","bouwblok":"PURCHASE","persoon":"A","factuurDatum":"2022-10-01","bedrag":"1.00","erkenning":"erkend"}]}`: {"body /inspanningen/0/persoon past-niet-bij-soort"},
	} {
		w.do(ask{method: "PUT", path: path, token: w.supplier(), body: body, bad: true}).refused(400, invalid, faults...)
	}
	if w.stored() != before {
		t.Error("a refused plan wrote something")
	}
	if strings.Contains(w.logs.String(), canaryName) {
		t.Error("a name reached the log")
	}
}

// TestCalculationsByArea: the area selects the rule set on the date, in three answers.
func TestCalculationsByArea(t *testing.T) {
	t.Parallel()
	w := newWorldOn(t, nil)
	asked := func(fields string) ask {
		return ask{method: "POST", path: "/v1/berekeningen", token: w.supplier(), body: `{` + fields + `}`}
	}
	if got := w.do(asked(`"gebied":"AM06","peildatum":"2022-01-01"`)).want(200); got.at("rekenregel/id") != "oost-nederland" {
		t.Errorf("%s", got.text)
	}
	if got := w.do(asked(`"gebied":"GM0344","contract":{"aard":"diensten","waarde":"1000000.00","van":"2019-01-01","totEnMet":"2019-12-31"}`)).want(200); got.at("rekenregel/versie") != "2018-01-01" {
		t.Errorf("%s", got.text)
	}
	for fields, faults := range map[string][]string{
		`"gebied":"GM0200","peildatum":"2022-01-01"`:           {"body /gebied rekenregel-onbekend"},
		`"gebied":"AM02","peildatum":"2022-01-01"`:             {"body /peildatum rekenregel-vervallen"},
		`"gebied":"AM02","peildatum":"2015-01-01"`:             {"body /peildatum rekenregel-nog-niet-van-kracht"},
		`"gebied":"AM06","rekenregel":{"id":"oost-nederland"}`: {"body /rekenregel rekenregel-of-opdrachtgever"},
		`"gebied":"` + apeldoorn + `"`:                         {"body /gebied onjuist-gebied"},
		`"gebied":"AM06","inspanningen":[{"soort":"plaatsing","bouwblok":"PW_LT2","persoon":"Jan","vorm":"dienstverband","van":"2022-01-01","totEnMet":"2022-06-30","urenPerWeek":"24"}]`: {"body /inspanningen/0/persoon onjuist-label"},
	} {
		bad := asked(fields)
		bad.bad = true
		w.do(bad).refused(400, invalid, faults...)
	}
}

// TestAPlanAnswersPerLinePeriodAndInTotal posts the lead's own question: what
// would close the gap, in words a person plans with.
func TestAPlanAnswersPerLinePeriodAndInTotal(t *testing.T) {
	t.Parallel()
	w := newWorldOn(t, nil)
	const contract = `"rekenregel":{"id":"oost-nederland"},"contract":{"aard":"diensten","waarde":"800000.00","van":"2022-01-01","totEnMet":"2023-12-31"}`
	body := fmt.Sprintf(`{%s,"inspanningen":[
{"soort":"plaatsing","bouwblok":"WW_LT1","persoon":"A","vorm":"dienstverband","van":"2022-01-01","totEnMet":"2023-06-30","urenPerWeek":"36"},
{"soort":"inkoop","bouwblok":"PURCHASE","factuurDatum":"2024-01-01","bedrag":"500.00","erkenning":"aspirant"},
{"soort":"inkoop","bouwblok":"PURCHASE","factuurDatum":"2022-05-01","bedrag":"17777.78","erkenning":"erkend"}]}`, contract)
	got := w.do(ask{method: "POST", path: "/v1/berekeningen", token: w.consultant(), body: body}).want(200)
	for at, want := range map[string]any{
		"inspanningen/0/uitkomst": "10000.00", "inspanningen/0/grenzen/0/soort": "maandenBouwblok", "inspanningen/0/grenzen/0/vanaf": "2023-01-01",
		"inspanningen/0/perioden/3/periode": "2022-Q4", "inspanningen/0/perioden/3/bedrag": "2500.00",
		"inspanningen/1/grenzen/0/soort": "contracteinde", "inspanningen/1/uitkomst": "250.00",
		"perioden/1/bedrag": "20277.78", "perioden/1/telt": "20277.78", "perioden/1/gedekt": "22777.78", "perioden/1/openstaand": "17222.22",
		"perioden/7/openstaand": "12222.22", "totaal": "28027.78", "telt": "27777.78", "openstaand": "12222.22", "overschot": "0.00",
		// 12,222.22 of 40,000 is 0.3056; 11 of 36 hours for a year are 12,222.22.
		"advies/0/tekst":        "Nog 0,31 voltijdjaar Participatiewet > 2 jaar (PW_GT2): 11 uur per week, een jaar lang, vanaf 1 januari 2022.",
		"advies/0/voltijdjaren": "0.31", "advies/0/urenPerWeek": "11", "advies/0/maanden": 12.0, "advies/0/personen": 1.0, "advies/0/totEnMet": "2022-12-31",
	} {
		if value := got.at(at); value != want {
			t.Errorf("%s is %v, want %v", at, value, want)
		}
	}
}

// TestAKeptEffortIsSentAgainAsItWas: everything that a kept effort may say comes
// back as it was sent.
func TestAKeptEffortIsSentAgainAsItWas(t *testing.T) {
	t.Parallel()
	for _, sent := range []string{
		`{"soort":"plaatsing","bouwblok":"PW_GT2","persoon":"A1","bonussen":["X"],"vorm":"stage","urenschema":[{"van":"2022-01-01","totEnMet":"2022-06-30","urenPerWeek":"24"}],"tijdvak":{"van":"2022-01-01","totEnMet":"2022-03-31"},"goedgekeurd":[{"van":"2022-01-01","totEnMet":"2022-01-31","urenPerWeek":"12"}],"gewerkteUren":"300"}`,
		`{"soort":"inkoop","bouwblok":"PURCHASE","factuurDatum":"2022-10-01","bedrag":"2500.00","arbeidsdeel":"1000.00","erkenning":"sw"}`,
		`{"soort":"activiteit","bouwblok":"UUR","datum":"2022-05-05","uren":"8","deelnemers":3,"kosten":"10.00","afgesproken":"20.00"}`,
	} {
		var effort effortRequest
		var found findings
		decodeJSON([]byte(sent), &effort, &found)
		if effort.check("", &found); len(found.list) > 0 {
			t.Fatalf("%s: %v", sent, found.list)
		}
		got, err := json.Marshal(effortOf(effort.input()))
		if err != nil || string(got) != sent {
			t.Errorf("sent  %s\nagain %s (%v)", sent, got, err)
		}
	}
}
