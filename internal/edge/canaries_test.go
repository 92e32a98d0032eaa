// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"encoding/json"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// held is a field in which a name may stand, because a person writes there.
type held struct {
	act, field string // an empty act: of every operation
	why        string
	numbers    bool // may hold a number that happens to pass the 11-test
}

const (
	organisation = "the name of an organisation, which may be that of its owner"
	title        = "a title that the authority publishes"
	explanation  = "an explanation in the officer's, supplier's or consultant's own words"
	reference    = "a reference of another system, with numbers of its own"
	shortCode    = "a short code that the user chooses; a number that may be a BSN is refused"
	function     = "the function of an approver; no check can tell it from a name"
)

// mayHold is the whole list. What a person is known by (persoon) is not in it.
var mayHold = []held{
	{"legOpdrachtgeverVast", "/naam", organisation, false},
	{"legOpdrachtgeverVast", "/bureau", shortCode, false},
	{"", "/titel", title, false},
	{"", "/kenmerk", reference, true},
	{"", "/aankondiging", reference, true},
	{"registreerAanbesteding", "/id", shortCode, false},
	{"", "/toelichting", explanation, false},
	{"", "/goedgekeurdDoor", function, false},
	{"", "/opdrachtnemerNaam", organisation, false},
	{"registreerContract", "/nummer", reference, true},
	{"registreerContract", "/clausule", "where the clause stands in the contract", false},
	{"voegPlaatsingToe", "/werkgever/naam", organisation, false},
	{"bewaarVerantwoording", "/bewijsstukken/0/naam", "the name of a file that the supplier keeps", false},
	{"bewaarVerantwoording", "/bewijsstukken/0/soort", shortCode, false},
	{"bewaarVerantwoording", "/verkoperNaam", organisation, false},
	{"bewaarVerantwoording", "/opdracht", reference, true},
	{"bewaarVerantwoording", "/factuur", reference, true},
	{"beoordeelVerantwoording", "/terugsturen", explanation, false},
	{"legIndicatorwaardeVast", "/bron", explanation, false},
	{"legIndicatorwaardeVast", "/opmerking", explanation, false},
	{"legSocialeOndernemingVast", "/naam", organisation, false},
	{"legSocialeOndernemingVast", "/bron", explanation, false},
}

// bodies are requests that succeed and fill what the duties leave out.
var bodies = map[string][]string{
	"registreerAanbesteding":  {`{"opdrachtgever":"00000001001234567000","kenmerk":"vrij","titel":"Brug","procedure":"europees","publicatieDatum":"2021-10-01","aankondiging":"2021/S 1-2","percelen":[{"id":"1","titel":"Noord","cpv":"45233140","aard":"werken","geraamdeWaarde":"800000.00","socialReturn":"nee","vrijstelling":{"reden":"spoed","toelichting":"Spoed.","goedgekeurdDoor":"hoofd inkoop"}}]}`},
	"wijzigAanbesteding":      {`{"percelen":[{"id":"1","titel":"Zuid","socialReturn":"nee","vrijstelling":{"reden":"spoed","toelichting":"Spoed.","goedgekeurdDoor":"hoofd inkoop"}}]}`},
	"beoordeelVerantwoording": {`{"regels":[{"regel":1,"oordeel":"afgekeurd","reden":"geen-bewijs","toelichting":"Er is geen bewijs."}]}`},
	"corrigeer":               {`{"corrigeert":3,"periode":"2022-Q1","beoordeling":{"regel":2,"oordeel":"afgekeurd","reden":"dubbel-geteld","toelichting":"Dubbel."},"reden":"dubbel-geteld","toelichting":"Dubbel."}`},
	"bewaarVerantwoording": {
		`{"socialeInkopen":[{"bouwblok":"PURCHASE","verkoper":"12345678","verkoperNaam":"De Es","erkenning":"erkend","opdracht":"O-3","factuur":"F-3","factuurDatum":"2022-08-15","bedrag":"100.00","toelichting":"Groen.","bewijsstukken":` + purchasePapers + `}]}`,
	},
}

// TestNothingAboutAPersonStays puts a name, initials, a date of birth, a BSN, an
// e-mail address and a telephone number into every input of every operation, one
// at a time: each field of each body, each parameter, header and column. Then it
// looks for them, also encoded, in the answer, the log, every item that was
// written, and everything that can be read.
func TestNothingAboutAPersonStays(t *testing.T) {
	t.Parallel()
	v := newAviary(t)
	for _, act := range slices.Sorted(maps.Keys(operations())) {
		for _, in := range v.inputsOf(act) {
			for _, c := range canaries {
				forms := c.forms()
				if released := in(c, c.text); released.at != "" {
					v.release(released, c, forms)
				}
			}
		}
	}
	t.Logf("%d canaries went in; %d inputs kept something: %v", v.inputs, len(v.accepted), slices.Sorted(maps.Keys(v.accepted)))
	for _, h := range mayHold {
		if !v.used[h.act+h.field] || h.why == "" {
			t.Errorf("nothing came into %s %s: strike it off, or let a request reach it", h.act, h.field)
		}
	}
}

// putting makes the input of one canary; an empty at where it has no place here.
type putting = func(c canary, text string) input

func (v *aviary) inputsOf(act string) []putting {
	good := v.asked(act)
	all := append(v.fieldsOf(act, good), v.parametersOf(act, good)...)
	for _, header := range []string{"idempotency-key", "if-match", "accept", "content-type", "content-encoding", "authorization", "origin", "user-agent", "x-forwarded-for", "traceparent"} {
		all = append(all, func(c canary, text string) input {
			a := good
			if c.kind != bsn && c.kind != "name without accents" {
				return input{} // a header is read as one text, whatever stands in it
			}
			a.headers = map[string]string{header: text}
			return input{act, "the header " + header, a}
		})
	}
	return append(all, func(_ canary, text string) input {
		a := good
		a.token = text
		return input{act, "the token", a}
	}, func(_ canary, text string) input {
		a := good
		a.method = text
		return input{act, "the method", a}
	})
}

// fieldsOf are the fields of a body, in each body that succeeds.
func (v *aviary) fieldsOf(act string, good ask) []putting {
	at := operations()[act]
	described := contractDocument().Paths.Value(strings.TrimPrefix(at[1], "/v1")).GetOperation(at[0]).RequestBody
	if described == nil {
		return nil
	}
	pointers := map[string]bool{}
	for media, content := range described.Value.Content {
		if strings.HasSuffix(media, "json") {
			fieldsBelow(content.Schema.Value, "", pointers)
		}
	}
	var all []putting
	for _, text := range append([]string{good.body}, bodies[act]...) {
		var body any
		if err := json.Unmarshal([]byte(v.places[ownPlace].in(text)), &body); err != nil {
			v.t.Fatalf("%s: %v", act, err)
		}
		for _, pointer := range slices.Sorted(maps.Keys(pointers)) {
			all = append(all, func(c canary, text string) input {
				if pointers[pointer] && strings.ContainsAny(c.text, "0123456789") {
					return input{} // a date or a number where one belongs is nobody's
				}
				return v.bodied(act, pointer, good, put(body, strings.Split(pointer[1:], "/"), text))
			})
		}
		all = append(all, func(_ canary, text string) input {
			return v.bodied(act, unknownField, good, put(body, []string{text}, true))
		})
	}
	return append(all, func(_ canary, text string) input {
		a := good
		a.body = text
		return input{act, "no JSON", a}
	})
}

func (v *aviary) bodied(act, at string, good ask, body any) input {
	content, err := json.Marshal(body)
	if err != nil {
		v.t.Fatal(err)
	}
	good.body = string(content)
	return input{act, at, good}
}

var parameterInPath = regexp.MustCompile(`\{[a-z]+\}`)

// parametersOf are those of the path and the query.
func (v *aviary) parametersOf(act string, good ask) []putting {
	at := operations()[act]
	var all []putting
	pattern, path := strings.Split(at[1], "/"), strings.Split(good.path, "/")
	for i, step := range pattern {
		if parameterInPath.MatchString(step) {
			all = append(all, func(_ canary, text string) input {
				a, steps := good, slices.Clone(path)
				steps[i] = strings.ReplaceAll(text, " ", "%20")
				a.path = strings.Join(steps, "/")
				if isNumber := strings.Trim(text, "0123456789") == ""; isNumber && slices.Contains([]string{"{kvk}", "{gebied}", "{jaar}"}, step) || isNumber && strings.Contains(act, "Opdrachtgever") {
					return input{} // the public number of an organisation is logged as the object
				}
				return input{act, "the path's " + step, a}
			})
		}
	}
	names, dates := []string{unknownParameter}, map[string]bool{}
	for _, parameter := range contractDocument().Paths.Value(strings.TrimPrefix(at[1], "/v1")).GetOperation(at[0]).Parameters {
		if parameter.Value.In == "query" {
			names = append(names, parameter.Value.Name)
			dates[parameter.Value.Name] = parameter.Value.Schema.Value.Format == "date"
		}
	}
	for _, name := range names {
		all = append(all, func(c canary, text string) input {
			a := good
			if dates[name] && c.kind == "date of birth" {
				return input{}
			}
			if a.query = queryOf(name, text); name == unknownParameter {
				a.query = queryOf(text, "1")
				return input{act, unknownParameter, a}
			}
			return input{act, "the parameter " + name, a}
		})
	}
	return all
}

// TestNothingAboutAPersonStaysOfAFile does the same for the columns of a
// spreadsheet and the texts and attributes of a notice.
func TestNothingAboutAPersonStaysOfAFile(t *testing.T) {
	t.Parallel()
	v := newAviary(t)
	template := v.get(v.supplier(), "/v1/verantwoordingsjabloon").want(200).text
	rows := strings.Split(strings.TrimSpace(template), "\r\n")
	notice, err := os.ReadFile("../intake/testdata/opdracht.xml")
	if err != nil {
		t.Fatal(err)
	}
	places := regexp.MustCompile(`>[^<>]*[^<>\s][^<>]*<|"[^"<>]+"`).FindAllStringIndex(string(notice), -1)
	statement, tender := v.asked("bewaarVerantwoording"), v.asked("registreerAanbesteding")
	for _, c := range canaries {
		forms := c.forms()
		for column := range strings.Count(rows[0], ";") + 1 {
			cells := strings.Split("sociale inkoop;;;;PURCHASE;12345678;De Es;erkend;O-3;F-3;15-08-2022;100,00"+strings.Repeat(";", 30), ";")[:strings.Count(rows[0], ";")+1]
			cells[column] = c.text
			if name := columnOf(rows[0], column); c.kind == bsn && strings.HasPrefix(name, "column bedrag ") {
				continue // an amount is a number
			}
			a := statement
			a.media, a.body = mediaCSV, strings.Join(append(slices.Clone(rows), strings.Join(cells, ";")), "\r\n")+"\r\n"
			v.release(input{"bewaarVerantwoording", columnOf(rows[0], column), a}, c, forms)
		}
		for _, at := range places {
			if c.kind != bsn && c.kind != "name without accents" {
				break
			}
			a := tender
			a.media, a.body = mediaXML, string(notice[:at[0]+1])+c.text+string(notice[at[1]-1:])
			v.release(input{"registreerAanbesteding", nodeOf(string(notice[:at[0]])), a}, c, forms)
		}
	}
	if len(places) < 20 || len(v.accepted) == 0 {
		t.Errorf("%d places in a notice, %v", len(places), v.accepted)
	}
	t.Logf("%d canaries went in; kept: %v", v.inputs, slices.Sorted(maps.Keys(v.accepted)))
}

// nodeOf is what follows in a notice, by the field that it may fill.
func nodeOf(before string) string {
	if strings.Contains(before[strings.LastIndex(before, "<"):], "ID") {
		return "a notice's /kenmerk"
	}
	return "a notice's /titel"
}

// columnOf is a column by the field that it fills.
func columnOf(header string, column int) string {
	name := strings.Split(strings.TrimPrefix(header, "\ufeff"), ";")[column]
	return "column " + name + " " + map[string]string{
		"verkopernaam": "/verkoperNaam", "opdracht": "/opdracht", "factuur": "/factuur", "toelichting": "/toelichting",
		"omschrijving": "/omschrijving", "motivering": "/motivering",
	}[name]
}
