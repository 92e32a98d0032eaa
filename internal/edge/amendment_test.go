// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"fmt"
	"strings"
	"testing"
)

const extensionBody = `{"soort":"optie","reden":"voorzieneOptie","toelichting":"Verlengd.","ingangsDatum":"2022-12-31","waarde":"1000000.00","totEnMet":"2023-12-31"}`

func TestAContractChangesThroughTheFrontDoor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.putAuthority()
	contract := w.contracted("C-1")
	read := w.get(w.officer(), contract).want(200)
	change := ask{method: "POST", path: contract + "/wijzigingen", token: w.officer(), key: "optie-1", match: read.headers["ETag"], body: extensionBody}
	changed := w.do(change).want(201)
	for path, want := range map[string]any{
		"nummer": 1.0, "soort": "optie", "reden": "voorzieneOptie", "verschil": "10000.00", "mutatie": 2.0,
		"voor/srVerplichting/bedrag": "40000.00", "voor/totEnMet": "2022-12-31", "voor/srVerplichting/berekening/uitkomst": "40000.00",
		"na/srVerplichting/bedrag": "50000.00", "na/totEnMet": "2023-12-31", "na/waarde": "1000000.00",
		"inWoorden": "De SR-verplichting is herrekend alsof het contract altijd zo was geweest: € 40.000 wordt € 50.000, € 10.000 meer.",
	} {
		if got := changed.at(path); got != want {
			t.Errorf("%s is %v, want %v", path, got, want)
		}
	}
	if again := w.do(change).want(201); again.text != changed.text {
		t.Errorf("a repeat answers %s", again.text)
	}
	listed := w.get(w.supplier(), contract+"/wijzigingen").want(200)
	read = w.get(w.officer(), contract).want(200)
	if listed.at("wijzigingen/0/nummer") != 1.0 || listed.headers["ETag"] != read.headers["ETag"] || read.at("versie") != 2.0 || read.at("inschrijfsom") != "800000.00" {
		t.Errorf("%s\n%s", listed.text, read.text)
	}
	owed := w.get(w.supplier(), contract+"/sr-verplichting?peildatum=2022-12-31").want(200)
	if owed.at("definitief/bedrag") != "50000.00" || owed.at("verschuldigd/uitkomst") != "25000.00" || owed.at("verschuldigd/invoer/peildatum") != "2022-12-31" {
		t.Errorf("%s", owed.text)
	}
	entries := w.get(w.auditor(), contract+"/mutaties").want(200)
	if entries.at("mutaties/1/soort") != "contractGewijzigd" || entries.at("mutaties/1/wijziging") != 1.0 || entries.at("mutaties/1/bedragen/0/verplicht") != "10000.00" {
		t.Errorf("%s", entries.text)
	}
	turnover := ask{method: "POST", path: contract + "/omzetopgaven", token: w.supplier(), key: "omzet-1", match: read.headers["ETag"], body: `{"van":"2022-01-01","totEnMet":"2022-01-31","bedrag":"1.00"}`}
	w.do(turnover).refused(409, "grondslag-ligt-vast")
	if none := w.get(w.consultant(), contract+"/omzetopgaven").want(200); len(none.at("omzetopgaven").([]any)) != 0 {
		t.Errorf("%s", none.text)
	}
	change.key, change.body = "optie-2", strings.NewReplacer(`"optie"`, `"certificaat"`, "1000000", "1200000", "2023-12-31", "2024-12-31").Replace(extensionBody)
	change.match = read.headers["ETag"]
	w.do(change).refused(400, "ongeldige-invoer", "body /waarde past-niet-bij-soort", "body /totEnMet past-niet-bij-soort", "body /soort niets-te-wijzigen")
}

func TestOtherRulesThroughTheFrontDoor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.putAuthority()
	statement, etag := w.submitted("C-1")
	contract := strings.TrimSuffix(statement, "/verantwoordingen/2022-Q1")
	const body = `{"rekenregel":"utrecht","versie":"2023-01-01","bouwblokken":%s,"reden":"gewijzigdBeleid","toelichting":"Besluit.","afwijkendVanAnker":true}`
	try := ask{method: "POST", path: contract + "/rekenregelwissels/proef", token: w.consultant(), body: fmt.Sprintf(body, `{"PW_LT2":"X"}`)}
	w.do(try).refused(400, "ongeldige-invoer", "body /versie verantwoording-onbeoordeeld", "body /bouwblokken/PW_LT2 bouwblok-onbekend")
	try.body = fmt.Sprintf(body, `{"PW_LT2":"niet goed","PW_LT2":"PW"}`)
	w.do(try).refused(400, "ongeldige-invoer", "body /bouwblokken/PW_LT2 veld-dubbel")
	w.do(ask{method: "POST", path: statement + "/beoordelingen", token: w.consultant(), key: "oordeel-1", match: etag, body: `{"regels":[
		{"regel":1,"oordeel":"goedgekeurd"},{"regel":2,"oordeel":"goedgekeurd"}]}`}).want(201)
	try.body = fmt.Sprintf(body, `{"PW_LT2":"PW"}`)
	shown := w.do(try).want(200)
	for path, want := range map[string]any{
		"regels/0/voor": "5000.00", "regels/0/na": "6666.67", "regels/0/verschil": "1666.67", "regels/0/inWoorden": "€ 5.000 wordt € 6.666,67, € 1.666,67 meer.",
		"regels/0/berekeningVoor/rekenregel/id": "oost-nederland", "regels/0/berekeningNa/rekenregel/id": "utrecht", "gewijzigdeRegels": 1.0,
		"goedgekeurd/verschil": "1666.67", "stand/goedgekeurd": "17500.00", "standErna/goedgekeurd": "19166.67",
	} {
		if got := shown.at(path); got != want {
			t.Errorf("%s is %v, want %v", path, got, want)
		}
	}
	move := ask{method: "POST", path: contract + "/rekenregelwissels", token: w.consultant(), key: "wissel-1", match: shown.headers["ETag"], body: try.body}
	moved := w.do(move).want(201)
	if moved.at("wijziging") != 1.0 || moved.at("stand/goedgekeurd") != "19166.67" {
		t.Errorf("%s", moved.text)
	}
	if again := w.do(move).want(201); again.text != moved.text {
		t.Errorf("a repeat answers\n%s\nafter\n%s", again.text, moved.text)
	}
	entries := w.get(w.supplier(), contract+"/mutaties").want(200)
	if entries.at("mutaties/3/soort") != "rekenregelGewisseld" || entries.at("mutaties/4/reden") != "rekenregel-gewijzigd" {
		t.Errorf("%s", entries.text)
	}
}
