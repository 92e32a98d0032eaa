// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"fmt"
	"strings"
	"testing"
)

func (w *world) putEnterprise(kvk, match, spans string) answer {
	w.t.Helper()
	return w.do(ask{method: "PUT", path: enterprise(kvk), token: w.admin(), match: match, body: `{"naam":"Kwekerij Samen","erkenningen":` + spans + `}`})
}

func spanBody(recognition, from, to string) string {
	if to != "" {
		to = `"totEnMet":"` + to + `",`
	}
	return fmt.Sprintf(`{"van":"%s",%s"erkenning":"%s","bron":"besluit"}`, from, to, recognition)
}

func TestARegisterThroughTheFrontDoor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.putAuthority() // with one seller
	first := w.putEnterprise("00000002", "", "["+spanBody("aspirant", "2021-01-01", "2021-12-31")+"]").want(201)
	if first.headers["Location"] != enterprise("00000002") || first.headers["ETag"] != `"1"` {
		t.Errorf("headers %v", first.headers)
	}
	w.putEnterprise("00000002", "", "[]").refused(428, "if-match-ontbreekt")
	both := "[" + spanBody("aspirant", "2021-01-01", "2021-12-31") + "," + spanBody("erkend", "2022-01-01", "") + "]"
	w.putEnterprise("00000002", first.headers["ETag"], both).want(200)
	w.putEnterprise("00000002", first.headers["ETag"], both).refused(412, "versie-verouderd")
	for _, token := range []string{w.officer(), w.supplier(), w.consultant(), w.auditor(), w.admin()} {
		now := w.get(token, enterprise("00000002")).want(200)
		if now.at("versie") != 2.0 || now.at("erkenningen/1/erkenning") != "erkend" || strings.Contains(now.text, "actor") {
			t.Errorf("newest: %s", now.text)
		}
	}
	before := w.do(ask{method: "GET", path: enterprise("00000002"), query: "versie=1", token: w.supplier()}).want(200)
	if before.at("versie") != 1.0 || len(before.at("erkenningen").([]any)) != 1 {
		t.Errorf("as it was: %s", before.text)
	}
	page := w.do(ask{method: "GET", path: "/v1/sociale-ondernemingen/oost-nederland", query: "perPage=1", token: w.supplier()}).want(200)
	if page.at("socialeOndernemingen/0/kvk") != "00000002" || page.headers["Link"] == "" {
		t.Errorf("page: %s %v", page.text, page.headers)
	}
	for _, path := range []string{enterprise("99999999"), "/v1/sociale-ondernemingen/nergens", "/v1/sociale-ondernemingen/nergens/00000002"} {
		w.get(w.supplier(), path).refused(404, "niet-gevonden")
	}
	w.do(ask{method: "GET", path: enterprise("00000002"), query: "versie=3", token: w.supplier()}).refused(404, "niet-gevonden")
}

// badRegister is what a register refuses, each with its place.
func (o *office) badRegister() []refused {
	put := func(path, spans string) ask {
		return ask{method: "PUT", path: path, token: o.admin(), body: `{"naam":"Kwekerij Samen","erkenningen":` + spans + `}`}
	}
	good, open := spanBody("erkend", "2022-01-01", "2022-06-30"), spanBody("sw", "2022-06-30", "")
	return []refused{
		{"register unknown", put("/v1/sociale-ondernemingen/nergens/00000002", "[]"), 400, invalid, []string{"path register register-onbekend"}},
		{"seller's number", put(enterprise("123"), "["+good+"]"), 400, invalid, []string{"path kvk onjuist-kvk-nummer"}},
		{"spans overlap", put(enterprise("00000002"), "["+good+","+open+"]"), 400, invalid, []string{"body /erkenningen/1/van overlap"}},
		{"end before start, and unknown", put(enterprise("00000002"), "["+spanBody("erkend", "2022-01-01", "2021-12-31")+"]"), 400, invalid,
			[]string{"body /erkenningen/0/totEnMet datums-verkeerd-om"}},
		{"recognition unknown", put(enterprise("00000002"), "["+spanBody("bekend", "2022-01-01", "")+"]"), 400, invalid,
			[]string{"body /erkenningen/0/erkenning onbekende-waarde"}},
		{"no source", put(enterprise("00000002"), "["+with(good, `"besluit"`, `" "`)+"]"), 400, invalid, []string{"body /erkenningen/0/bron leeg"}},
		{"may be a BSN", put(enterprise("00000002"), "["+with(good, `"besluit"`, `"111222333"`)+"]"), 400, invalid, []string{"body /erkenningen/0/bron mogelijk-bsn"}},
		{"by a consultant", by(put(enterprise("00000002"), "[]"), o.consultant()), 403, "rol-mag-dit-niet", nil},
		{"version zero", ask{method: "GET", path: enterprise(groen), query: "versie=0", token: o.supplier()}, 400, invalid, []string{"query versie te-weinig"}},
	}
}

// by is the same request by another.
func by(a ask, token string) ask {
	a.token = token
	return a
}

func TestBadRegisters(t *testing.T) {
	t.Parallel()
	newOffice(t).refuses((*office).badRegister)
}

// badEfforts is what placements, activities and decisions refuse, each with its
// place.
func (o *office) badEfforts() []refused {
	post := func(body string) ask {
		return ask{method: "POST", path: o.contract + "/plaatsingen", token: o.supplier(), key: "nieuw", body: body}
	}
	patch := func(body string) ask {
		return ask{method: "PATCH", path: o.contract + "/plaatsingen/1", token: o.supplier(), match: `"1"`, media: mediaPatch, body: body}
	}
	facts := `"vorm":"dienstverband","laatstBijWerkgever":"2022-02-30","loonkostensubsidie":[{"van":"2022-01-01","totEnMet":"2021-01-01"}]`
	decide := func(line string) ask {
		return ask{method: "POST", path: o.statement + "/beoordelingen", token: o.consultant(), key: "o", match: o.etag, body: `{"regels":[` + line + `]}`}
	}
	return []refused{
		{"a day that does not exist", post(with(placementBody, `"vorm":"dienstverband"`, facts)), 400, invalid, []string{"body /laatstBijWerkgever onjuiste-vorm"}},
		{"facts out of order", post(with(placementBody, `"vorm":"dienstverband"`, with(facts, "2022-02-30", "2022-01-01"))), 400, invalid,
			[]string{"body /loonkostensubsidie/0/totEnMet datums-verkeerd-om", "body /laatstBijWerkgever datums-verkeerd-om"}},
		{"facts changed out of order", patch(`{"loonkostensubsidie":[{"van":"2022-02-01"},{"van":"2022-03-01"}],"laatstBijWerkgever":"2022-01-01"}`), 400, invalid,
			[]string{"body /loonkostensubsidie/1/van overlap", "body /laatstBijWerkgever datums-verkeerd-om"}},
		{"nothing to change", patch(`{}`), 400, invalid, []string{"body /urenschema niets-te-wijzigen"}},
		{"an approver of what is no arrangement", decide(`{"regel":1,"oordeel":"goedgekeurd","goedgekeurdDoor":"hoofd inkoop"}`), 400, invalid,
			[]string{"body /regels/0/goedgekeurdDoor niet-toegestaan"}},
	}
}

func TestBadEfforts(t *testing.T) {
	t.Parallel()
	newOffice(t).refuses((*office).badEfforts)
}

func TestAPlacementsFactsOnTheWire(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.putAuthority()
	contract := w.contracted("C-1")
	placed := w.post(w.supplier(), contract+"/plaatsingen", with(placementBody, `"vorm":"dienstverband"`,
		`"vorm":"dienstverband","laatstBijWerkgever":"2019-12-31","loonkostensubsidie":[{"van":"2022-01-01","totEnMet":"2022-03-31"}]`)).want(201)
	if placed.at("loonkostensubsidie/0/totEnMet") != "2022-03-31" || placed.at("laatstBijWerkgever") != "2019-12-31" {
		t.Errorf("placed: %s", placed.text)
	}
	patch := func(match, body string) answer {
		return w.do(ask{method: "PATCH", path: contract + "/plaatsingen/1", token: w.supplier(), match: match, media: mediaPatch, body: body}).want(200)
	}
	changed := patch(placed.headers["ETag"], `{"loonkostensubsidie":[{"van":"2022-02-01"}]}`)
	if changed.at("loonkostensubsidie/0/van") != "2022-02-01" || changed.at("laatstBijWerkgever") != "2019-12-31" {
		t.Errorf("changed: %s", changed.text)
	}
	gone := patch(changed.headers["ETag"], `{"loonkostensubsidie":null,"laatstBijWerkgever":null}`)
	if len(gone.at("loonkostensubsidie").([]any)) != 0 || gone.at("laatstBijWerkgever") != nil {
		t.Errorf("removed: %s", gone.text)
	}
}

// A seller whom the register does not know: the supplier reads why, the
// consultant cannot approve it, and can once the register is put right.
func TestAnUnrecognisedSellerAtTheFrontDoor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.putAuthority()
	statement := w.placed("C-1") + "/verantwoordingen/2022-Q1"
	body := strings.Replace(statementBody(), `"verkoper":"12345678"`, `"verkoper":"00000002"`, 1)
	draft := w.do(ask{method: "PUT", path: statement, token: w.supplier(), body: body}).want(201)
	if note, _ := draft.at("socialeInkopen/0/opmerkingen/0").(string); !strings.Contains(note, "15 maart 2022") {
		t.Errorf("the supplier reads %q", note)
	}
	handed := w.do(ask{method: "POST", path: statement + "/indiening", token: w.supplier(), key: "in", match: draft.headers["ETag"]}).want(201)
	decide := ask{method: "POST", path: statement + "/beoordelingen", token: w.consultant(), key: "oordeel", match: handed.headers["ETag"],
		body: `{"regels":[{"regel":1,"oordeel":"goedgekeurd"},{"regel":2,"oordeel":"goedgekeurd"}]}`}
	w.do(decide).refused(400, invalid, "body /regels/1/oordeel niet-erkend-op-factuurdatum")
	w.putEnterprise("00000002", "", "["+spanBody("erkend", "2022-03-15", "2022-03-15")+"]").want(201)
	decided := w.do(decide).want(201)
	for path, want := range map[string]any{
		"socialeInkopen/0/beoordeling/erkenning": "erkend", "socialeInkopen/0/beoordeling/waarde": "12500.00",
		"socialeInkopen/0/beoordeling/berekening/invoer/register/id": "oost-nederland", "socialeInkopen/0/beoordeling/berekening/invoer/register/versie": 1.0,
	} {
		if got := decided.at(path); got != want {
			t.Errorf("%s is %v, want %v", path, got, want)
		}
	}
}

func TestRuleSetsSayWhereTheyApply(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	listed := w.get("", "/v1/rekenregels").want(200)
	for _, item := range listed.at("rekenregels").([]any) {
		rules := item.(map[string]any)
		if rules["id"] == "oost-nederland" && (fmt.Sprint(rules["gebieden"]) != "[AM06]" || rules["register"] != "oost-nederland") {
			t.Errorf("%v", rules)
		}
		if rules["gebieden"] == nil || rules["regio"] == "" {
			t.Errorf("%v", rules)
		}
	}
}
