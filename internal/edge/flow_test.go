// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"socialreturn/internal/sroi"
)

const authorityBody = `{"naam":"Gemeente Apeldoorn","soort":"gemeente","gebieden":[{"van":"2002-01-01","gemeente":"GM0200","arbeidsmarktregio":"AM06"}],"bureau":"stedendriehoek","rekenregel":"oost-nederland"}`

const tenderBody = `{"opdrachtgever":"00000001001234567000","kenmerk":"%s","titel":"Onderhoud wegen","procedure":"europees","publicatieDatum":"2021-10-01",
"percelen":[{"id":"1","titel":"Noord","cpv":"45233140","aard":"werken","geraamdeWaarde":"800000.00","socialReturn":"ja","vorm":"contracteis"}]}`

const contractBody = `{"aanbesteding":"%s","perceel":"1","nummer":"%s","opdrachtnemer":"08123456","waarde":"800000.00","van":"2022-01-01","totEnMet":"2022-12-31","contractDatum":"2021-12-15","clausule":"Artikel 12"}`

const placementBody = `{"persoon":{"voorletters":"K.","achternaam":"Kanarievogel","geboren":{"jaar":1971,"maand":3}},"bouwblok":"PW_LT2","werkgever":{"kvk":"08123456","naam":"Wegenbouw Oost","rol":"opdrachtnemer"},"vorm":"dienstverband","urenschema":[{"van":"2022-01-01","totEnMet":"2022-06-30","urenPerWeek":"24"}]}`

const enterpriseBody = `{"naam":"Groenbedrijf De Es","erkenningen":[{"van":"2021-01-01","erkenning":"erkend","bron":"Besluit van de registercommissie"}]}`

// putAuthority sets up the municipality, and a seller that its rule set recognises.
func (w *world) putAuthority() {
	w.t.Helper()
	w.do(ask{method: "PUT", path: "/v1/opdrachtgevers/" + apeldoorn, token: w.admin(), body: authorityBody}).want(201)
	w.do(ask{method: "PUT", path: enterprise(groen), token: w.admin(), body: enterpriseBody}).want(201)
}

// enterprise is the path of a seller in the register.
func enterprise(kvk string) string { return "/v1/sociale-ondernemingen/oost-nederland/" + kvk }

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

// paper is evidence of a kind.
func paper(kind string) string {
	return fmt.Sprintf(`{"soort":"%s","naam":"%s.pdf","sha256":"%s"}`, kind, kind, aDigest)
}

func papers(kinds ...string) string {
	var all []string
	for _, kind := range kinds {
		all = append(all, paper(kind))
	}
	return "[" + strings.Join(all, ",") + "]"
}

var (
	placementPapers = papers("plaatsingsovereenkomst", "urenoverzicht", "doelgroepverklaring")
	purchasePapers  = papers("factuur", "betaalbewijs", "erkenning")
)

func statementBody() string {
	return fmt.Sprintf(`{"plaatsingen":[{"nummer":1,"gewerkteUren":"360","bewijsstukken":%s}],
		"socialeInkopen":[{"bouwblok":"PURCHASE","verkoper":"12345678","verkoperNaam":"Groenbedrijf De Es","erkenning":"erkend","opdracht":"O-1",
		"factuur":"F-117","factuurDatum":"2022-03-15","bedrag":"12500.00","bewijsstukken":%s}]}`, placementPapers, purchasePapers)
}

// placed is a contract with one placement.
func (w *world) placed(number string) (contract string) {
	w.t.Helper()
	contract = w.contracted(number)
	w.post(w.supplier(), contract+"/plaatsingen", placementBody).want(201)
	return contract
}

// submitted is a statement of the first quarter, handed in, and its ETag.
func (w *world) submitted(number string) (statement, etag string) {
	w.t.Helper()
	statement = w.placed(number) + "/verantwoordingen/2022-Q1"
	draft := w.do(ask{method: "PUT", path: statement, token: w.supplier(), body: statementBody()}).want(201)
	handed := w.do(ask{method: "POST", path: statement + "/indiening", token: w.supplier(), key: "in-" + number, match: draft.headers["ETag"]}).want(201)
	return statement, handed.headers["ETag"]
}

// rollUp hands the ledgers of everything made so far to the stream's function.
func (w *world) rollUp(ledgers ...string) {
	w.t.Helper()
	var event events.DynamoDBEvent
	for i, ledger := range ledgers {
		record := events.DynamoDBEventRecord{EventName: "INSERT"}
		record.Change.SequenceNumber = fmt.Sprint(i + 1)
		record.Change.Keys = map[string]events.DynamoDBAttributeValue{
			"PK": events.NewStringAttribute(ledger), "SK": events.NewStringAttribute("ENTRY#00000001"),
		}
		event.Records = append(event.Records, record)
	}
	answer, err := RollUp(w.deps)(context.Background(), event)
	if err != nil || len(answer.BatchItemFailures) > 0 {
		w.t.Fatalf("rollup: %v %v: %s", answer, err, w.logs)
	}
}

func TestAYearThroughTheFrontDoor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.putAuthority()
	statement, etag := w.submitted("C-1")
	contract := strings.TrimSuffix(statement, "/verantwoordingen/2022-Q1")

	queue := w.get(w.consultant(), "/v1/verantwoordingen?status=ingediend").want(200)
	if queue.at("verantwoordingen/0/periode") != "2022-Q1" {
		t.Errorf("queue: %s", queue.text)
	}
	w.do(ask{method: "POST", path: statement + "/inzagen", token: w.consultant(), body: `{"bewijsstukken":["` + aDigest + `"]}`}).want(200)
	decided := w.do(ask{method: "POST", path: statement + "/beoordelingen", token: w.consultant(), key: "oordeel-1", match: etag, body: `{"regels":[
		{"regel":1,"oordeel":"goedgekeurd"},
		{"regel":2,"oordeel":"deelsGoedgekeurd","reden":"buiten-opdracht","toelichting":"Een post hoort elders.","bedrag":"10000.00"}]}`}).want(201)
	for path, want := range map[string]any{
		"status": "beoordeeld", "plaatsingen/0/beoordeling/waarde": "5000.00", "socialeInkopen/0/beoordeling/waarde": "10000.00",
		"goedgekeurd": "15000.00", "plaatsingen/0/bewijsstukken/0/gezien/rol": "adviseur",
	} {
		if got := decided.at(path); got != want {
			t.Errorf("%s is %v, want %v", path, got, want)
		}
	}
	account := w.get(w.officer(), contract).want(200)
	if account.at("stand/goedgekeurd") != "15000.00" || account.at("stand/openstaand") != "25000.00" {
		t.Errorf("balance: %v", account.at("stand"))
	}
	corrected := w.do(ask{method: "POST", path: contract + "/correcties", token: w.consultant(), key: "correctie-1", match: account.headers["ETag"], body: `{"corrigeert":3,"jaar":2022,"verschil":"-500.00","reden":"dubbel-geteld","toelichting":"De factuur stond er twee keer."}`}).want(201)
	if corrected.at("stand/goedgekeurd") != "14500.00" {
		t.Errorf("after the correction: %s", corrected.text)
	}
	w.pagesThrough(contract + "/mutaties")
	w.exports(contract, account.at("aanbesteding").(string))
	w.report(contract, account.at("aanbesteding").(string))
	w.clicksDown(contract, corrected)
}

// clicksDown goes from the council's figure to the entry and what it booked, as
// JSON and as pages, for whoever may.
func (w *world) clicksDown(contract string, corrected answer) {
	w.t.Helper()
	report := w.get(w.officer(), "/v1/jaarrapporten/2022?gebied=GM0200").want(200)
	if to := report.at("rijen/0/onderbouwing/vorig"); to != "/v1/jaarrapporten/2021/onderbouwing?gebied=GM0200&indicator=extra-arbeidsplaatsen" {
		w.t.Errorf("last year leads to %v", to)
	}
	down := report.at("rijen/0/onderbouwing/huidig").(string)
	of := w.get(w.officer(), down).want(200)
	for path, want := range map[string]any{
		"cijfer/waarde": "1", "optelbaar": false, "telt": "aantal", "opgeteld/deel": "1", "onderdelen/0/deel": "1",
		"onderdelen/0/contract": strings.TrimPrefix(contract, "/v1/contracten/"), "onderdelen/0/nummer": "C-1",
		"onderdelen/0/grootboek/mutaties": 4.0, "onderdelen/0/grootboek/link": contract + "/mutaties",
	} {
		if got := of.at(path); got != want {
			w.t.Errorf("breakdown: %s is %v, want %v", path, got, want)
		}
	}
	entries := w.get(w.supplier(), contract+"/mutaties").want(200)
	for i, want := range []string{"/sr-verplichting", "/verantwoordingen/2022-Q1", "/verantwoordingen/2022-Q1", strings.TrimPrefix(corrected.headers["Location"], contract)} {
		to := entries.at(fmt.Sprintf("mutaties/%d/boekt", i)).(string)
		if w.get(w.supplier(), to).want(200); to != contract+want {
			w.t.Errorf("entry %d books %s", i+1, to)
		}
	}
	correction := corrected.headers["Location"]
	if got := w.get(w.auditor(), correction).want(200); got.at("berekening/toelichting") != "Goedgekeurd was € 15.000,00; correctie - € 500,00 = € 14.500,00." || got.at("berekening/invoer/eerderGoedgekeurd") != "15000.00" {
		w.t.Errorf("correction: %s", got.text)
	}
	tender := w.get(w.officer(), "/v1/jaarrapporten/2021/onderbouwing?gebied=GM0200&indicator=aandeel-aanbestedingen").want(200)
	awards := tender.at("onderdelen/0/grootboek/link").(string)
	if got := w.get(w.officer(), awards).want(200); got.at("mutaties/1/percelen/0/gunningsDatum") != "2021-12-01" {
		w.t.Errorf("tender: %s", got.text)
	}
	w.get(w.supplier(), awards).want(403)
	w.get(w.officer(), contract+"/correcties/"+strings.Repeat("a", 24)).refused(404, "niet-gevonden")
	w.do(ask{method: "GET", path: contract + "/correcties/nergens", token: w.officer(), bad: true}).refused(404, "niet-gevonden")
	for path, mark := range map[string]string{
		down: "C-1", contract + "/mutaties?perPage=2": "Volgende mutaties", correction: "correctie - € 500,00", awards: "1 december 2021",
		contract + "/sr-verplichting": "= € 40.000.", contract + "/verantwoordingen/2022-Q1": "Een post hoort elders.",
	} {
		at, query, _ := strings.Cut(path, "?")
		page := w.do(ask{method: "GET", path: at, query: query, token: w.auditor(), accept: "text/html"}).want(200)
		if !strings.Contains(page.text, mark) || !strings.Contains(page.headers["Content-Security-Policy"], "style-src 'sha256-") || strings.Contains(page.text, canaryName) {
			w.t.Errorf("%s as a page: %v lacks %q", path, page.headers, mark)
		}
	}
	for _, reader := range []struct {
		token string
		sees  bool
	}{{w.auditor(), true}, {w.consultant(), true}, {w.officer(), false}, {w.supplier(), false}} {
		page := w.do(ask{method: "GET", path: contract + "/verantwoordingen/2022-Q1", token: reader.token, accept: "text/html"}).want(200)
		if sees := strings.Contains(page.text, "volgens de afgesproken uren per week"); sees != reader.sees {
			w.t.Errorf("a reader sees findings: %v, want %v", sees, reader.sees)
		}
	}
}

// pagesThrough follows the links of a ledger of four entries.
func (w *world) pagesThrough(path string) {
	w.t.Helper()
	seen := 0
	query := "perPage=3"
	for query != "" {
		page := w.do(ask{method: "GET", path: path, query: query, token: w.auditor()}).want(200)
		seen += len(page.at("mutaties").([]any))
		link, _, more := strings.Cut(page.headers["Link"], ">")
		query = ""
		if more {
			_, query, _ = strings.Cut(link, "?")
		}
	}
	if seen != 4 {
		w.t.Errorf("%d entries over the pages, want 4", seen)
	}
}

// exports reads a ledger, and all of the authority, as whoever may, and holds what
// each is shown.
func (w *world) exports(contract, tender string) {
	w.t.Helper()
	all := "/v1/opdrachtgevers/" + apeldoorn + "/mutaties"
	for _, c := range []struct {
		token, path string
		shown       int // lines, decisions and corrections with their content
		records     int
	}{
		{w.consultant(), all, 5, 14}, {w.auditor(), all, 5, 14}, {w.officer(), all, 0, 14},
		{w.consultant(), contract + "/mutaties", 5, 11}, {w.supplier(), contract + "/mutaties", 0, 11},
		{w.officer(), "/v1/aanbestedingen/" + tender + "/mutaties", 0, 3},
	} {
		page := w.do(ask{method: "GET", path: c.path, token: c.token, accept: mediaJSONL}).want(200)
		lines := strings.Split(strings.TrimSpace(page.text), "\n")
		shown := 0
		for _, text := range lines[:len(lines)-1] {
			var r recordAnswer
			if err := json.Unmarshal([]byte(text), &r); err != nil {
				w.t.Fatal(err)
			}
			if secret := r.Kind == word[sroi.RecordKind](sroi.LineRecord) || r.Kind == word[sroi.RecordKind](sroi.DecisionRecord) || r.Kind == word[sroi.RecordKind](sroi.CorrectionRecord); secret && r.Content != nil {
				shown++
			}
		}
		if end := fmt.Sprintf(`{"soort":"einde","records":%d}`, c.records); shown != c.shown || lines[len(lines)-1] != end || page.headers["Content-Type"] != mediaJSONL || strings.Contains(page.text, canaryName) {
			w.t.Errorf("%s: %d shown, want %d; ends with %s", c.path, shown, c.shown, lines[len(lines)-1])
		}
	}
	w.do(ask{method: "GET", path: all, token: w.officer(), accept: mediaJSON}).refused(406, "accept-onbekend")
	w.do(ask{method: "GET", path: all, query: "cursor=nergens", token: w.officer(), accept: mediaJSONL}).refused(400, "ongeldige-invoer", "query cursor onjuiste-cursor")
	next := w.do(ask{method: "GET", path: all, query: "perPage=1", token: w.officer(), accept: mediaJSONL}).want(200)
	if id := strings.TrimPrefix(contract, "/v1/contracten/"); next.headers["Link"] != "<"+all+"?cursor=CONTRACT%23"+id+"%2F1%2F1&perPage=1>; rel=\"next\"" {
		w.t.Errorf("the next page is at %s", next.headers["Link"])
	}
}

func (w *world) report(contract, tender string) {
	w.t.Helper()
	w.rollUp("TENDER#"+tender, "CONTRACT#"+strings.TrimPrefix(contract, "/v1/contracten/"))
	const figure = "/v1/indicatorwaarden/GM0200/extra-arbeidsplaatsen/2022"
	first := w.do(ask{method: "PUT", path: figure, token: w.officer(), body: `{"soort":"beoogd","stand":"gemeten","waarde":"100","lezing":"tenMinste","bron":"Begroting"}`}).want(201)
	w.do(ask{method: "PUT", path: figure, token: w.officer(), match: first.headers["ETag"], body: `{"soort":"beoogd","stand":"gemeten","waarde":"125","lezing":"tenMinste","bron":"Programmabegroting 2022"}`}).want(200)
	if got := w.get(w.auditor(), figure).want(200); got.at("indicatorwaarden/1/waarde") != "125" {
		w.t.Errorf("figures: %s", got.text)
	}
	report := w.get(w.officer(), "/v1/jaarrapporten/2022?gebied=GM0200&vergelijkMet=2021").want(200)
	for path, want := range map[string]any{"gebied/naam": "Apeldoorn", "rijen/0/code": "extra-arbeidsplaatsen", "rijen/0/huidig/waarde": "1", "rijen/0/doel/waarde": "125"} {
		if got := report.at(path); got != want {
			w.t.Errorf("report: %s is %v, want %v", path, got, want)
		}
	}
	for media, mark := range map[string]string{mediaHTML: "<!doctype html>", mediaCSV: "extra-arbeidsplaatsen"} {
		other := w.do(ask{method: "GET", path: "/v1/jaarrapporten/2022", query: "gebied=GM0200", token: w.consultant(), accept: media}).want(200)
		if !strings.HasPrefix(other.headers["Content-Type"], media) || !strings.Contains(strings.ToLower(other.text), mark) {
			w.t.Errorf("report as %s: %v %.100s", media, other.headers, other.text)
		}
	}
	if got := w.get(w.officer(), "/v1/jaarrapporten/2021?gebied=AM06").want(200); got.at("gebied/code") != "AM06" {
		w.t.Errorf("region: %s", got.text)
	}
}

func TestSentBackWithdrawnAndHandedInAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.putAuthority()
	statement, etag := w.submitted("C-1")
	withdrawn := w.do(ask{method: "POST", path: statement + "/intrekking", token: w.supplier(), key: "terug-1", match: etag}).want(201)
	saved := w.do(ask{method: "PUT", path: statement, token: w.officer(), match: withdrawn.headers["ETag"], body: statementBody()}).want(200)
	handed := w.do(ask{method: "POST", path: statement + "/indiening", token: w.supplier(), key: "in-2", match: saved.headers["ETag"]}).want(201)
	back := w.do(ask{method: "POST", path: statement + "/beoordelingen", token: w.consultant(), key: "oordeel-1", match: handed.headers["ETag"],
		body: `{"terugsturen":"De urenstaat ontbreekt."}`}).want(201)
	if back.at("status") != "teruggestuurd" || back.at("opmerking") != "De urenstaat ontbreekt." {
		t.Errorf("sent back: %s", back.text)
	}
	read := w.get(w.supplier(), statement).want(200)
	if findings := read.at("socialeInkopen/0/bevindingen").([]any); len(findings) != 0 {
		t.Errorf("the supplier sees findings: %v", findings)
	}
}

func TestStatementFromASpreadsheet(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.putAuthority()
	statement := w.placed("C-1") + "/verantwoordingen/2022-Q1"
	template := w.do(ask{method: "GET", path: "/v1/verantwoordingsjabloon", token: w.supplier(), accept: "text/csv"}).want(200)
	rows := template.text + "plaatsing;;1;312,5\r\n"
	saved := w.do(ask{method: "PUT", path: statement, token: w.supplier(), body: rows, media: mediaCSV + "; charset=utf-8"}).want(201)
	if saved.at("plaatsingen/0/gewerkteUren") != "312.5" || saved.at("aantalRegels") != 1.0 {
		t.Errorf("from the spreadsheet: %s", saved.text)
	}
	wrong := w.do(ask{method: "PUT", path: statement, token: w.supplier(), body: template.text + "plaatsing;;1;veel\r\nactiviteit;2022-Q9\r\n", media: mediaCSV, match: saved.headers["ETag"]})
	wrong.want(400)
	if code, found := wrong.problem(); code != "ongeldige-invoer" || len(found) < 3 || !strings.HasPrefix(found[0], "body rij 5, kolom D (gewerkte uren) ") {
		t.Errorf("faults of the spreadsheet: %s %q", code, found)
	}
	unknown := w.do(ask{method: "PUT", path: statement, token: w.supplier(), body: template.text + "plaatsing;;7;12\r\n", media: mediaCSV, match: saved.headers["ETag"]})
	unknown.refused(400, "ongeldige-invoer", "body rij 5 (nummer) plaatsing-onbekend")
}
