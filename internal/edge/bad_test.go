// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
)

// refused is one deliberately bad request and how it must be refused.
type refused struct {
	name   string
	ask    ask
	status int
	code   string
	faults []string
}

// office is a world in which everything has begun: a statement of the first
// quarter is handed in and its second line decided, one of the third is a draft.
type office struct {
	*world
	tender, contract, statement, etag, draft, draftTag string
}

func newOffice(t *testing.T) *office {
	o := &office{world: newWorld(t)}
	o.putAuthority()
	o.statement, o.etag = o.submitted("C-1")
	o.contract = strings.TrimSuffix(o.statement, "/verantwoordingen/2022-Q1")
	o.tender = "/v1/aanbestedingen/" + o.get(o.officer(), o.contract).at("aanbesteding").(string)
	o.do(ask{method: "POST", path: o.statement + "/beoordelingen", token: o.consultant(), key: "oordeel-0", match: o.etag,
		body: `{"regels":[{"regel":2,"oordeel":"goedgekeurd"}]}`}).want(201)
	o.draft = o.contract + "/verantwoordingen/2022-Q3"
	o.draftTag = o.do(ask{method: "PUT", path: o.draft, token: o.supplier(), body: `{}`}).want(201).headers["ETag"]
	return o
}

func TestBadInputIsRefusedAndWritesNothing(t *testing.T) {
	t.Parallel()
	newOffice(t).refuses((*office).badBodies, (*office).badTrade, (*office).badGuards, (*office).badTransport)
}

// refuses holds the office to its refusals, and to writing nothing.
func (o *office) refuses(tables ...func(*office) []refused) {
	o.t.Helper()
	before := o.stored()
	var rows []refused
	for _, table := range tables {
		rows = append(rows, table(o)...)
	}
	for _, row := range rows {
		row.ask.bad = true
		got := o.do(row.ask)
		if got.status != row.status {
			o.t.Errorf("%s: status %d, want %d: %s", row.name, got.status, row.status, got.text)
			continue
		}
		code, faults := got.problem()
		if code != row.code || strings.Join(faults, "\n") != strings.Join(row.faults, "\n") {
			o.t.Errorf("%s:\n refused with %s %q\n want         %s %q", row.name, code, faults, row.code, row.faults)
		}
	}
	if after := o.stored(); after != before {
		o.t.Errorf("a refused request wrote something:\n%s\n---\n%s", before, after)
	}
}

func (o *office) postTender(body string) ask {
	return ask{method: "POST", path: "/v1/aanbestedingen", token: o.officer(), key: "nieuw", body: body}
}

const invalid = "ongeldige-invoer"

// with replaces part of a good body, which must be there.
func with(body, old, replacement string) string {
	if !strings.Contains(body, old) {
		panic(old + " is not in " + body)
	}
	return strings.Replace(body, old, replacement, 1)
}

func (o *office) badBodies() []refused {
	tender := fmt.Sprintf(tenderBody, "nieuw")
	return []refused{
		{"every fault at once", o.postTender(`{"opdrachtgever":"1","kenmerk":" ","titel":7,"procedure":"europees","onbekend":{"a":[1]},"titel":"x","publicatieDatum":"1-1-2022","percelen":[{"id":"1","titel":null,"socialReturn":"misschien","geraamdeWaarde":"1.234,56"}]}`), 400, invalid, []string{
			"body /titel verkeerd-type", "body /onbekend veld-onbekend", "body /titel veld-dubbel", "body /publicatieDatum onjuiste-vorm",
			"body /percelen/0/titel null-niet-toegestaan", "body /percelen/0/socialReturn onbekende-waarde",
			"body /percelen/0/geraamdeWaarde onjuiste-vorm", "body /percelen/0/aard verplicht",
			"body /opdrachtgever onjuist-nummer", "body /kenmerk leeg",
		}},
		{"unknown field", o.postTender(with(tender, `"titel"`, `"title":"x","titel"`)), 400, invalid, []string{"body /title veld-onbekend"}},
		{"wrong type", o.postTender(with(tender, `"800000.00"`, `800000.00`)), 400, invalid, []string{"body /percelen/0/geraamdeWaarde verkeerd-type"}},
		{"trailing garbage", o.postTender(tender + "x"), 400, invalid, []string{"body  tekst-na-json"}},
		{"cut off", o.postTender(tender[:80]), 400, invalid, []string{"body  geen-json"}},
		{"empty", o.postTender(" "), 400, invalid, []string{"body  geen-json"}},
		{"a list", o.postTender("[]"), 400, invalid, []string{"body  verkeerd-type"}},
		{"not UTF-8", o.postTender(with(tender, "Noord", "No\xffrd")), 400, invalid, []string{"body  geen-utf8"}},
		{"half a surrogate", o.postTender(with(tender, "Noord", `\ud800`)), 400, invalid, []string{"body /percelen/0/titel onleesbaar-teken"}},
		{"too deep", o.postTender(strings.Repeat(`{"percelen":[`, 20)), 400, invalid, []string{"body /percelen/0/percelen veld-onbekend", "body  te-diep-genest"}},
		{"over the limit", o.postTender(with(tender, "Noord", strings.Repeat("N", 1<<20))), 413, "te-groot", nil},
		{"bad KvK", ask{method: "POST", path: o.tender + "/gunningen", token: o.officer(), key: "g", match: `"2"`,
			body: `{"perceel":"1","stand":"definitief","datum":"2021-12-01","opdrachtnemer":"812345","waarde":"1.00"}`}, 400, invalid, []string{"body /opdrachtnemer onjuist-kvk-nummer"}},
		{"bad OIN", ask{method: "PUT", path: "/v1/opdrachtgevers/123", token: o.admin(), body: authorityBody}, 400, invalid, []string{"path id onjuist-nummer"}},
		{"bad municipality and region", ask{method: "PUT", path: "/v1/opdrachtgevers/" + zutphen, token: o.admin(), body: with(with(authorityBody, "GM0200", "0200"), "AM06", "6")}, 400, invalid,
			[]string{"body /gebieden/0/gemeente onjuiste-gemeentecode", "body /gebieden/0/arbeidsmarktregio onjuiste-regiocode"}},
		{"bad area", ask{method: "GET", path: "/v1/jaarrapporten/2022", query: "gebied=Apeldoorn", token: o.officer()}, 400, invalid, []string{"query gebied onjuist-gebied"}},
		{"bad period", ask{method: "GET", path: o.contract + "/verantwoordingen/2022-Q5", token: o.officer()}, 400, invalid, []string{"path periode onjuiste-vorm"}},
		{"period of another cadence", ask{method: "PUT", path: o.contract + "/verantwoordingen/2022-03", token: o.supplier(), body: "{}"}, 400, invalid, []string{"path periode periode-onbekend"}},
	}
}

func (o *office) badTrade() []refused {
	newContract := func(body string) ask {
		return ask{method: "POST", path: "/v1/contracten", token: o.officer(), key: "nieuw", body: body}
	}
	contract := fmt.Sprintf(contractBody, strings.TrimPrefix(o.tender, "/v1/aanbestedingen/"), "C-9")
	place := func(body string) ask {
		return ask{method: "POST", path: o.contract + "/plaatsingen", token: o.supplier(), key: "nieuw", body: body}
	}
	save := func(body string) ask {
		return ask{method: "PUT", path: o.draft, token: o.supplier(), match: o.draftTag, body: body}
	}
	decide := func(body string) ask {
		return ask{method: "POST", path: o.statement + "/beoordelingen", token: o.consultant(), key: "nieuw", match: o.etag, body: body}
	}
	account := o.get(o.consultant(), o.contract).headers["ETag"]
	correct := func(reason string) ask {
		return ask{method: "POST", path: o.contract + "/correcties", token: o.consultant(), key: "recht", match: account,
			body: fmt.Sprintf(`{"corrigeert":1,"jaar":2022,"verschil":"-1.00","reden":%q,"toelichting":"Anders geboekt."}`, reason)}
	}
	purchase := `{"socialeInkopen":[{"bouwblok":"PURCHASE","verkoper":"12345678","verkoperNaam":"De Es","erkenning":"erkend","opdracht":"O-1","factuur":"F-1","factuurDatum":"2022-07-02","bedrag":"100.00"}]}`
	return []refused{
		{"dates out of order", newContract(with(contract, "2022-12-31", "2021-12-31")), 400, invalid, []string{"body /totEnMet looptijd-onjuist"}},
		{"negative amount", newContract(with(contract, "800000.00", "-1.00")), 400, invalid, []string{"body /waarde te-weinig"}},
		{"no amount", newContract(with(contract, "800000.00", "0.00")), 400, invalid, []string{"body /waarde bedrag-onmogelijk"}},
		{"absurd amount", newContract(with(contract, "800000.00", "10000000000000.00")), 400, invalid, []string{"body /waarde onjuiste-vorm"}},
		{"unknown tender", newContract(with(contract, o.tender[len("/v1/aanbestedingen/"):], strings.Repeat("a", 24))), 400, invalid, []string{"body /aanbesteding aanbesteding-onbekend"}},
		{"schedule out of order", place(with(placementBody, `"2022-06-30"`, `"2021-06-30"`)), 400, invalid, []string{"body /urenschema/0/totEnMet datums-verkeerd-om", "body /urenschema/0/van buiten-contract"}},
		{"outside the contract and its head start", place(with(with(placementBody, "2022-01-01", "2019-01-01"), "2022-06-30", "2019-06-30")), 400, invalid, []string{"body /urenschema/0/van buiten-contract"}},
		{"unknown target group", place(with(placementBody, "PW_LT2", "PW_LT3")), 400, invalid, []string{"body /bouwblok bouwblok-onbekend"}},
		{"over 60 hours a week", place(with(placementBody, `"24"`, `"60:01"`)), 400, invalid, []string{"body /urenschema/0/urenPerWeek uren-onmogelijk"}},
		{"no person", place(with(placementBody, `{"voorletters":"K.","achternaam":"Kanarievogel","geboren":{"jaar":1971,"maand":3}}`, `{}`)), 400, invalid,
			[]string{"body /persoon/voorletters verplicht", "body /persoon/achternaam verplicht", "body /persoon/geboren geboortedatum-onjuist"}},
		{"invoice outside the period", save(with(purchase, "2022-07-02", "2022-10-02")), 400, invalid, []string{"body /socialeInkopen/0/factuurDatum buiten-periode"}},
		{"negative invoice", save(with(purchase, "100.00", "-100.00")), 400, invalid, []string{"body /socialeInkopen/0/bedrag bedrag-onmogelijk"}},
		{"block of another kind", save(with(purchase, "PURCHASE", "PW_LT2")), 400, invalid, []string{"body /socialeInkopen/0/bouwblok bouwblok-van-andere-soort"}},
		{"unknown placement", save(`{"plaatsingen":[{"nummer":9,"gewerkteUren":"1"}]}`), 400, invalid, []string{"body /plaatsingen/0/nummer plaatsing-onbekend"}},
		{"BSN in free text", save(with(purchase, `"bedrag"`, `"toelichting":"Bel 111222333 even","bedrag"`)), 400, invalid, []string{"body /socialeInkopen/0/toelichting mogelijk-bsn"}},
		{"period not ended", ask{method: "POST", path: o.draft + "/indiening", token: o.supplier(), key: "in", match: o.draftTag}, 409, "periode-niet-voorbij", nil},
		{"second statement for a period", ask{method: "PUT", path: o.statement, token: o.supplier(), match: o.etag, body: statementBody()}, 409, "al-ingediend", nil},
		{"a decision for a reason of one's own", decide(`{"regels":[{"regel":1,"oordeel":"afgekeurd","reden":"jan-jansen","toelichting":"Zie reden."}]}`), 400, invalid,
			[]string{"body /regels/0/reden onbekende-waarde"}},
		{"a correction for a reason of one's own", correct("jan-jansen"), 400, invalid, []string{"body /reden onbekende-waarde"}},
		{"a correction for the reason of a move", correct("rekenregel-gewijzigd"), 400, invalid, []string{"body /reden onbekende-waarde"}},
		{"a correction of what verified nothing", correct("bezwaar"), 400, invalid, []string{"body /corrigeert mutatie-past-niet", "body /verschil bedrag-onmogelijk"}},
		{"a change of a tender for a reason of one's own", ask{method: "PATCH", path: o.tender, token: o.officer(), match: `"2"`, body: `{"titel":"Anders","reden":"jan-jansen"}`}, 400, invalid,
			[]string{"body /reden onbekende-waarde"}},
		{"decision on a decided line", decide(`{"regels":[{"regel":2,"oordeel":"afgekeurd","reden":"dubbel-geteld","toelichting":"Al geteld."}]}`), 409, "regel-al-beoordeeld", nil},
		{"approval above the claim", decide(`{"regels":[{"regel":1,"oordeel":"deelsGoedgekeurd","reden":"uren-niet-aangetoond","toelichting":"Minder.","urenschema":[{"van":"2022-01-01","totEnMet":"2022-03-31","urenPerWeek":"25"}]}]}`), 400, invalid,
			[]string{"body /regels/0/urenschema boven-claim"}},
		{"withdrawn after a decision", ask{method: "POST", path: o.statement + "/intrekking", token: o.supplier(), key: "uit", match: o.etag}, 409, "beoordeling-begonnen", nil},
		{"second contract of a lot", newContract(contract), 409, "contract-bestaat-al", nil},
	}
}

func (o *office) badGuards() []refused {
	change := func(match string) ask {
		return ask{method: "PATCH", path: o.tender, token: o.officer(), match: match, body: `{"titel":"Anders"}`}
	}
	key := func(key string) ask {
		return ask{method: "POST", path: o.contract + "/plaatsingen", token: o.supplier(), key: key, body: placementBody}
	}
	wrongTag := []string{"header If-Match if-match-onjuist"}
	wrongKey := []string{"header Idempotency-Key idempotency-key-ontbreekt"}
	return []refused{
		{"If-Match missing", change(""), 428, "if-match-ontbreekt", nil},
		{"If-Match stale", change(`"1"`), 412, "versie-verouderd", nil},
		{"If-Match any", change("*"), 400, invalid, wrongTag},
		{"If-Match list", change(`"1", "2"`), 400, invalid, wrongTag},
		{"If-Match weak", change(`W/"2"`), 400, invalid, wrongTag},
		{"key missing", key(""), 400, invalid, wrongKey},
		{"key with a space", key("a b"), 400, invalid, wrongKey},
		{"key too long", key(strings.Repeat("k", 65)), 400, invalid, wrongKey},
		{"key with another payload", ask{method: "POST", path: "/v1/aanbestedingen", token: o.officer(), key: "sleutel-1", body: fmt.Sprintf(tenderBody, "anders")}, 422, "sleutel-hergebruikt", nil},
	}
}

func (o *office) badTransport() []refused {
	notice := func(body string) ask {
		return ask{method: "POST", path: "/v1/aanbestedingen", token: o.officer(), key: "xml", media: mediaXML, body: body}
	}
	entity := `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>`
	forged := o.officer()
	forged = forged[:len(forged)-6] + "AAAAAA"
	expired := o.token("inkoper-1", "inkoper", claims{"opdrachtgever": apeldoorn, "exp": o.clock.now().Unix() - 1})
	read := func(token string) ask { return ask{method: "GET", path: o.tender, token: token} }
	return []refused{
		{"XML with an entity", notice(entity), 400, invalid, []string{"body  xml-onveilig"}},
		{"XML that is none", notice("<a>"), 400, invalid, []string{"body  geen-xml"}},
		{"XML that is no notice", notice("<a/>"), 400, invalid, []string{"body  geen-aankondiging"}},
		{"a text node of 100 MB", notice("<a>" + strings.Repeat("x", 100<<20) + "</a>"), 413, "te-groot", nil},
		{"a statement over 5 MiB", ask{method: "PUT", path: o.draft, token: o.supplier(), media: mediaCSV, match: o.draftTag, body: strings.Repeat("x", 5<<20+1)}, 413, "te-groot", nil},
		{"a statement of 2 MiB is read", ask{method: "PUT", path: o.draft, token: o.supplier(), match: o.draftTag, body: `{"x":"` + strings.Repeat("x", 2<<20) + `"}`}, 400, invalid, []string{"body /x veld-onbekend"}},
		{"wrong content type", ask{method: "POST", path: "/v1/contracten", token: o.officer(), key: "k", media: "text/plain", body: "{}"}, 415, "soort-inhoud-onbekend", nil},
		{"no content type", ask{method: "PATCH", path: o.tender, token: o.officer(), media: " ", body: "{}"}, 415, "soort-inhoud-onbekend", nil},
		{"compressed", ask{method: "POST", path: "/v1/contracten", token: o.officer(), key: "k", body: "{}", headers: map[string]string{"content-encoding": "gzip"}}, 415, "inhoud-gecodeerd", nil},
		{"unknown Accept", ask{method: "GET", path: o.tender, token: o.officer(), accept: "image/png"}, 406, "accept-onbekend", nil},
		{"no route", ask{method: "GET", path: "/v1/bestaat-niet", token: o.officer()}, 404, "niet-gevonden", nil},
		{"trailing slash", ask{method: "GET", path: "/v1/contracten/", token: o.officer()}, 404, "niet-gevonden", nil},
		{"double slash", ask{method: "GET", path: "/v1//contracten", token: o.officer()}, 404, "niet-gevonden", nil},
		{"wrong method", ask{method: "DELETE", path: o.tender, token: o.officer()}, 405, "methode-niet-toegestaan", nil},
		{"HEAD", ask{method: "HEAD", path: o.tender, token: o.officer()}, 405, "methode-niet-toegestaan", nil},
		{"an id of another form", ask{method: "GET", path: "/v1/contracten/C%23HEAD", token: o.officer()}, 404, "niet-gevonden", nil},
		{"unknown parameter", ask{method: "GET", path: o.tender, query: "verbose=1", token: o.officer()}, 400, invalid, []string{"query verbose parameter-onbekend"}},
		{"parameters", ask{method: "GET", path: "/v1/contracten", query: "perPage=0&fase=nu&x=1&cursor=a&cursor=b", token: o.officer()}, 400, invalid,
			[]string{"query cursor parameter-dubbel", "query fase onbekende-waarde", "query x parameter-onbekend"}},
		{"an empty parameter", ask{method: "GET", path: "/v1/contracten", query: "cursor=&opdrachtgever=", token: o.officer()}, 400, invalid,
			[]string{"query cursor parameter-leeg", "query opdrachtgever parameter-leeg"}},
		{"an empty If-Match", ask{method: "PATCH", path: o.tender, token: o.officer(), body: "{}", headers: map[string]string{"if-match": ""}}, 400, invalid,
			[]string{"header If-Match if-match-onjuist"}},
		{"a period before the calendar", ask{method: "GET", path: "/v1/indicatorwaarden/GM0200/personen/1463-10", token: o.officer()}, 400, invalid,
			[]string{"path periode periode-onjuist"}},
		{"page too long", ask{method: "GET", path: "/v1/contracten", query: "perPage=101", token: o.officer()}, 400, invalid, []string{"query perPage te-veel"}},
		{"foreign cursor", ask{method: "GET", path: "/v1/contracten", query: "cursor=abc", token: o.officer()}, 400, invalid, []string{"query cursor onjuiste-cursor"}},
		{"no token", read(""), 401, "token-ontbreekt", nil},
		{"expired token", read(expired), 401, "token-ongeldig", nil},
		{"forged token", read(forged), 401, "token-ongeldig", nil},
		{"no token at all", read("x"), 401, "token-ongeldig", nil},
	}
}

func TestRepeatedCommandAnswersTheSame(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.putAuthority()
	again := ask{method: "POST", path: "/v1/aanbestedingen", token: w.officer(), key: "zelfde", body: fmt.Sprintf(tenderBody, "een")}
	first, second := w.do(again).want(201), w.do(again).want(201)
	if first.text != second.text || first.headers["Location"] != second.headers["Location"] {
		t.Errorf("a repeat answers otherwise:\n%s\n%s", first.text, second.text)
	}
}

func TestBodyInBase64(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	event := ask{method: "PUT", path: "/v1/opdrachtgevers/" + apeldoorn, token: w.admin(), media: mediaJSON, body: base64.StdEncoding.EncodeToString([]byte(authorityBody))}.event()
	event.IsBase64Encoded = true
	w.send(event).want(201)
	event.Body = "%%%"
	w.send(event).refused(400, "inhoud-onleesbaar")
}
