// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"fmt"
	"strings"
	"testing"
)

const authorityBody = `{"naam":"Gemeente Apeldoorn","soort":"gemeente","gebieden":[{"van":"2002-01-01","gemeente":"GM0200","arbeidsmarktregio":"AM06"}],"bureau":"stedendriehoek","rekenregel":"oost-nederland"}`

const tenderBody = `{"opdrachtgever":"00000001001234567000","kenmerk":"%s","titel":"Onderhoud wegen","procedure":"europees","publicatieDatum":"2021-10-01",
"percelen":[{"id":"1","titel":"Noord","cpv":"45233140","aard":"werken","geraamdeWaarde":"800000.00","socialReturn":"ja","vorm":"contracteis"}]}`

const contractBody = `{"aanbesteding":"%s","perceel":"1","nummer":"%s","opdrachtnemer":"08123456","waarde":"800000.00","van":"2022-01-01","totEnMet":"2022-12-31","contractDatum":"2021-12-15","clausule":"Artikel 12"}`

const placementBody = `{"persoon":{"voorletters":"K.","achternaam":"Kanarievogel","geboren":{"jaar":1971,"maand":3}},"bouwblok":"PW_LT2","werkgever":{"kvk":"08123456","naam":"Wegenbouw Oost","rol":"opdrachtnemer"},"vorm":"dienstverband","urenschema":[{"van":"2022-01-01","totEnMet":"2022-06-30","urenPerWeek":"24"}]}`

func (w *world) putAuthority() {
	w.t.Helper()
	w.do(ask{method: "PUT", path: "/v1/opdrachtgevers/" + apeldoorn, token: w.admin(), body: authorityBody}).want(201)
}

// awarded registers a tender and awards its lot.
func (w *world) awarded(reference string) (tender string) {
	w.t.Helper()
	registered := w.post(w.officer(), "/v1/aanbestedingen", fmt.Sprintf(tenderBody, reference)).want(201)
	tender = registered.at("id").(string)
	w.keys++
	w.do(ask{
		method: "POST", path: "/v1/aanbestedingen/" + tender + "/gunningen", token: w.officer(), key: fmt.Sprintf("gunning-%d", w.keys),
		match: registered.headers["ETag"], body: `{"perceel":"1","stand":"definitief","datum":"2021-12-01","opdrachtnemer":"08123456","opdrachtnemerNaam":"Wegenbouw Oost","waarde":"800000.00"}`,
	}).want(201)
	return tender
}

// contracted is the path of a fresh contract.
func (w *world) contracted(number string) string {
	w.t.Helper()
	tender := w.awarded("kenmerk-" + number)
	contract := w.post(w.officer(), "/v1/contracten", fmt.Sprintf(contractBody, tender, number)).want(201)
	if contract.at("srVerplichting/bedrag") != "40000.00" || contract.at("srVerplichting/berekening/uitkomst") != "40000.00" {
		w.t.Errorf("obligation %v", contract.at("srVerplichting"))
	}
	return contract.headers["Location"]
}

func statementBody() string {
	return fmt.Sprintf(`{"plaatsingen":[{"nummer":1,"gewerkteUren":"312","bewijsstukken":[
		{"soort":"plaatsingsovereenkomst","naam":"overeenkomst.pdf","sha256":"%s"}]}],"socialeInkopen":[],"activiteiten":[]}`, aDigest)
}

func TestAYearThroughTheFrontDoor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.putAuthority()
	contract := w.contracted("C-1")
	w.get(w.supplier(), contract).want(200)
	placement := w.post(w.supplier(), contract+"/plaatsingen", placementBody).want(201)
	if strings.Contains(placement.text, canaryName) {
		t.Error("the answer names the person")
	}
	w.do(ask{method: "PATCH", path: placement.headers["Location"], token: w.supplier(), match: placement.headers["ETag"],
		body: `{"urenschema":[{"van":"2022-05-01","totEnMet":"2022-06-30","urenPerWeek":"32"}]}`}).want(200)
	statement := contract + "/verantwoordingen/2022-Q1"
	w.get(w.supplier(), contract+"/verantwoordingen").want(200)
	draft := w.do(ask{method: "PUT", path: statement, token: w.supplier(), body: statementBody()}).want(201)
	t.Log(draft.text)
}
