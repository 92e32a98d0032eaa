// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"socialreturn/internal/calendar"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

const closesPath = "/v1/jaarafsluitingen"

// closeBody closes a year of the municipality with periods known to be open.
func closeBody(year int, contract string, periods ...string) string {
	var open []string
	for _, period := range periods {
		open = append(open, fmt.Sprintf(`{"contract":%q,"periode":%q,"reden":"Wacht op stukken."}`, strings.TrimPrefix(contract, "/v1/contracten/"), period))
	}
	return fmt.Sprintf(`{"opdrachtgever":%q,"jaar":%d,"bekendOpenstaand":[%s]}`, apeldoorn, year, strings.Join(open, ","))
}

// snapshotOf reads a document of heads as whoever keeps it elsewhere does.
func snapshotOf(t *testing.T, document string) (sroi.Snapshot, string) {
	t.Helper()
	var d struct {
		Opdrachtgever sroi.AuthorityID
		Gebied        string
		Jaar          int
		AfgeslotenOp  calendar.Date
		VastgelegdOp  time.Time
		Rekenregels   []struct {
			ID     string
			Versie calendar.Date
			SHA256 string
		}
		Cijfers sroi.Figures
		Hoofden []struct {
			Grootboek string
			Nummer    int
			Hash      string
		}
		Digest string
	}
	if err := json.Unmarshal([]byte(document), &d); err != nil {
		t.Fatal(err)
	}
	s := sroi.Snapshot{Authority: d.Opdrachtgever, Area: d.Gebied, Year: d.Jaar, Closed: d.AfgeslotenOp, At: d.VastgelegdOp, Figures: d.Cijfers}
	for _, ref := range d.Rekenregels {
		s.Rules = append(s.Rules, ruleset.Ref{ID: ref.ID, Version: ref.Versie, SHA256: ref.SHA256})
	}
	for _, head := range d.Hoofden {
		s.Heads = append(s.Heads, sroi.Head{Ledger: head.Grootboek, Seq: head.Nummer, Hash: head.Hash})
	}
	return s, d.Digest
}

func TestAYearIsClosedThroughTheFrontDoor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.putAuthority()
	contract := w.placed("A-1")
	w.post(w.consultant(), closesPath, closeBody(2022, contract)).refused(400, "ongeldige-invoer", "body /jaar jaar-loopt-nog")
	w.clock.set("2023-02-01")
	id := strings.TrimPrefix(contract, "/v1/contracten/")
	open := w.post(w.consultant(), closesPath, closeBody(2022, contract, "2022-Q1", "2023-Q1"))
	open.refused(400, "ongeldige-invoer", "body /bekendOpenstaand/1 niet-open", "body /bekendOpenstaand verantwoording-open",
		"body /bekendOpenstaand verantwoording-open", "body /bekendOpenstaand verantwoording-open")
	if !strings.Contains(open.text, "Contract "+id+", periode 2022-Q3: ontbreekt.") {
		t.Errorf("the refusal does not name what is open: %s", open.text)
	}
	command := ask{method: "POST", path: closesPath, token: w.consultant(), key: "sluit-2022", body: closeBody(2022, contract, "2022-Q1", "2022-Q2", "2022-Q3", "2022-Q4")}
	closed := w.do(command).want(201)
	where := closesPath + "/" + apeldoorn + "-2022"
	if closed.headers["Location"] != where || closed.at("stand") != "vastgesteld" || closed.at("bekendOpenstaand/3/reden") != "Wacht op stukken." || closed.at("voortgang/gereed") != 2.0 {
		t.Errorf("%s", closed.text)
	}
	if again := w.do(command).want(201); again.text != closed.text {
		t.Errorf("a repeat answers\n%s\nnot\n%s", again.text, closed.text)
	}
	for _, token := range []string{w.officer(), w.consultant(), w.auditor()} {
		if read := w.get(token, where).want(200); read.text != closed.text {
			t.Errorf("%s", read.text)
		}
		if list := w.get(token, closesPath+"?opdrachtgever="+apeldoorn).want(200); list.at("jaarafsluitingen/0/id") != apeldoorn+"-2022" {
			t.Errorf("%s", list.text)
		}
	}
	heads := w.get(w.auditor(), where+"/hoofden").want(200)
	if s, digest := snapshotOf(t, heads.text); s.Digest() != digest || digest != closed.at("digest") || len(s.Heads) != 2 || s.Heads[0].Ledger != "CONTRACT#"+id {
		t.Errorf("the heads do not give their digest: %s", heads.text)
	}
	stranger := w.token("adviseur-2", "adviseur", claims{"bureau": otherDesk})
	w.get(stranger, where).refused(404, "niet-gevonden")
	w.get(stranger, where+"/hoofden").refused(404, "niet-gevonden")
	w.get(w.officer(), closesPath+"/"+apeldoorn+"-2021").refused(404, "niet-gevonden")
	if logs := w.logs.String(); !strings.Contains(logs, `"object":"`+where+`"`) {
		t.Errorf("the log does not say which year was closed: %s", logs)
	}
	w.afterTheClose(contract)
}

// afterTheClose corrects the closed year and reads its report in all forms.
func (w *world) afterTheClose(contract string) {
	w.t.Helper()
	tender := w.get(w.officer(), contract).at("aanbesteding").(string)
	late := fmt.Sprintf(tenderBody, "laat")
	w.post(w.officer(), "/v1/aanbestedingen", late).refused(409, "jaar-afgesloten")
	ledger := w.get(w.officer(), "/v1/aanbestedingen/"+tender+"/mutaties").want(200)
	if ledger.at("mutaties/2/soort") != "jaarAfgesloten" || ledger.at("mutaties/2/sluitJaar") != 2022.0 {
		w.t.Errorf("%s", ledger.text)
	}
	w.do(ask{
		method: "PATCH", path: "/v1/aanbestedingen/" + tender, token: w.officer(), match: `"3"`,
		body: `{"titel":"Onderhoud wegen en paden"}`,
	}).want(200) // moves no figure
	extended := w.do(ask{
		method: "POST", path: contract + "/wijzigingen", token: w.officer(), key: "k-verlenging", match: w.get(w.officer(), contract).headers["ETag"],
		body: `{"soort":"waarde","reden":"meerwerk","ingangsDatum":"2022-12-01","waarde":"900000.00","toelichting":"Extra wegvak."}`,
	}).want(201)
	if extended.at("soort") != "waarde" {
		w.t.Errorf("%s", extended.text)
	}
	w.rollUp("TENDER#"+tender, "CONTRACT#"+strings.TrimPrefix(contract, "/v1/contracten/"))
	const path = "/v1/jaarrapporten/2022"
	report := w.get(w.officer(), path+"?gebied=GM0200").want(200)
	if report.at("huidig/definitief") != true || report.at("huidig/afsluitDatum") != "2023-02-01" || report.at("herzien") != true || report.at("naAfsluiting/aantal") != 1.0 ||
		report.at("naAfsluiting/mutaties/0/reden") != "meerwerk" || report.at("naAfsluiting/mutaties/0/link") != contract+"/mutaties" ||
		report.at("naAfsluiting/mutaties/0/contractNummer") != w.get(w.officer(), contract).at("nummer") || report.at("naAfsluiting/mutaties/0/verplicht") != "5000.00" {
		w.t.Errorf("%v %v", report.at("huidig"), report.at("naAfsluiting"))
	}
	for _, row := range report.at("rijen").([]any) {
		row := row.(map[string]any)
		if row["code"] != sroi.ObligedWhole {
			continue
		}
		value := func(name string) any { return row[name].(map[string]any)["waarde"] }
		if value("vastgesteld") != "40000" || value("correctie") != "5000" || value("huidig") != "45000" {
			w.t.Errorf("5 %% of 800,000 and then of 900,000: %v", row)
		}
	}
	for media, want := range map[string]string{mediaHTML: "Na de afsluiting geboekt", mediaCSV: "vastgesteld;correctie"} {
		if got := w.do(ask{method: "GET", path: path, query: "gebied=GM0200", token: w.officer(), accept: media}).want(200); !strings.Contains(got.text, want) {
			w.t.Errorf("%s lacks %q", media, want)
		}
	}
}

func TestASecondPersonConfirmsThroughTheFrontDoor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	body := strings.Replace(authorityBody, `"soort"`, `"afsluitenMetTweePersonen":true,"soort"`, 1)
	w.do(ask{method: "PUT", path: "/v1/opdrachtgevers/" + apeldoorn, token: w.admin(), body: body}).want(201)
	where := closesPath + "/" + apeldoorn + "-2021"
	prepared := w.post(w.consultant(), closesPath, closeBody(2021, "")).want(201)
	if prepared.at("stand") != "voorbereid" {
		t.Fatalf("%s", prepared.text)
	}
	w.get(w.officer(), where+"/hoofden").refused(409, "nog-niet-vastgesteld")
	w.do(ask{method: "POST", path: where + "/bekrachtiging", token: w.consultant(), key: "b1"}).refused(403, "voorbereider-bekrachtigt-niet")
	second := w.token("adviseur-2", "adviseur", claims{"bureau": ourDesk})
	confirmed := w.do(ask{method: "POST", path: where + "/bekrachtiging", token: second, key: "b2", match: prepared.headers["ETag"]}).want(201)
	if confirmed.at("stand") != "vastgesteld" || confirmed.at("bekrachtiging/actor/id") == confirmed.at("opdracht/actor/id") {
		t.Errorf("%s", confirmed.text)
	}
	if authority := w.get(w.officer(), "/v1/opdrachtgevers/"+apeldoorn); authority.at("afgeslotenTotEnMet") != 2021.0 || authority.at("afsluitenMetTweePersonen") != true {
		t.Errorf("%s", authority.text)
	}
}
