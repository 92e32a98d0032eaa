// SPDX-License-Identifier: EUPL-1.2

package host_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"socialreturn/infra/local/issuer"
	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
)

// scenario is whole years of a municipality, worked out by hand.
type scenario struct {
	Titel, Toelichting, Gebied, Opdrachtgever, Bureau string
	Peildatum                                         calendar.Date
	Handelingen                                       []deed
	Verwacht                                          struct {
		SrVerplichtingen []struct{ Contract, Bedrag, Uitwerking string }
		Regels           []expectedLine
		Standen          []expectedBalance
		Indicatoren      []struct {
			Jaar                     int
			Code, Waarde, Uitwerking string
		}
		Vergelijking []struct{ Code, Verschil, VorigOpDezelfdeDag, Oordeel, Uitwerking string }
	}
}

// deed is what someone does on a day: the body as the API takes it, but for
// references and evidence.
type deed struct {
	Datum                                        calendar.Date
	Rol, Wat, Aanbesteding, Contract, Code, Jaar string
	Periode                                      string
	Plaatsing                                    int
	Gegevens                                     map[string]any
}

type expectedLine struct {
	Contract, Periode               string
	Regel                           int
	Waarde, Goedgekeurd, Uitwerking string
}

type expectedBalance struct {
	Op                                                                  calendar.Date
	Contract                                                            string
	Verplicht, Ingediend, Goedgekeurd, Afgekeurd, Openstaand, Overschot string
	Uitwerking                                                          string
}

// Every scenario is played through the front door on its own clock, and every
// figure that was worked out by hand is held against what the house answers.
func TestYearScenarios(t *testing.T) {
	files, err := filepath.Glob("../../../testdata/scenarios/jaar/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			s := read(t, file)
			c := newClock(noon(s.Handelingen[0].Datum))
			stage := &stage{house: open(t, "", c), scenario: s, ids: map[string]string{}, firms: map[string]string{}, versions: map[string]string{}}
			stage.play()
			stage.obligations()
			stage.lines()
			stage.years()
			stage.comparison()
		})
	}
}

func read(t *testing.T, file string) scenario {
	t.Helper()
	content, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = content.Close() }()
	var s scenario
	decoder := json.NewDecoder(content)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&s); err != nil {
		t.Fatal(err)
	}
	return s
}

func noon(day calendar.Date) time.Time {
	year, month, dom := day.Civil()
	return time.Date(year, month, dom, 12, 0, 0, 0, time.UTC)
}

// stage is a scenario in a house.
type stage struct {
	*house
	scenario
	ids      map[string]string // of tenders and contracts, by reference and number
	firms    map[string]string // KvK number by contract
	versions map[string]string // ETag by path
	keys     int
}

// play plays the deeds, and compares the balances of each day that has passed.
func (s *stage) play() {
	checked := 0
	check := func(until calendar.Date) {
		for ; checked < len(s.Verwacht.Standen) && s.Verwacht.Standen[checked].Op.Before(until); checked++ {
			s.balance(s.Verwacht.Standen[checked])
		}
	}
	for _, deed := range s.Handelingen {
		check(deed.Datum)
		s.clock.set(noon(deed.Datum))
		s.perform(deed)
	}
	s.clock.set(noon(s.Peildatum))
	check(s.Peildatum.AddDays(1))
	if checked < len(s.Verwacht.Standen) {
		s.t.Errorf("the balances are not in order of days, from number %d on", checked+1)
	}
	s.idle()
}

func (s *stage) claims(deed deed) issuer.Claims {
	claims := issuer.Claims{Subject: "scenario-" + deed.Rol, Role: deed.Rol, Scope: scopes}
	switch deed.Rol {
	case "inkoper", "auditor":
		claims.Authorities = []string{s.Opdrachtgever}
	case "opdrachtnemer":
		claims.KvK = s.firms[deed.Contract]
	case "adviseur":
		claims.Desk = s.Bureau
	}
	return claims
}

// reader may read everything of the scenario's municipality.
func (s *stage) reader() issuer.Claims { return s.claims(deed{Rol: "auditor"}) }

// perform turns a deed into requests.
func (s *stage) perform(deed deed) {
	s.t.Helper()
	tender, contract := "/v1/aanbestedingen/"+s.ids[deed.Aanbesteding], "/v1/contracten/"+s.ids[deed.Contract]
	statement := contract + "/verantwoordingen/" + deed.Periode
	switch deed.Wat {
	case "opdrachtgever inrichten":
		s.ask(deed, http.MethodPut, "/v1/opdrachtgevers/"+s.Opdrachtgever, "")
	case "verkoper in register zetten":
		s.ask(deed, http.MethodPut, "/v1/sociale-ondernemingen/"+deed.Code, "")
	case "doel vastleggen":
		s.ask(deed, http.MethodPut, "/v1/indicatorwaarden/"+s.Gebied+"/"+deed.Code+"/"+deed.Jaar, "")
	case "aanbesteding registreren":
		s.registered(deed, "/v1/aanbestedingen", fmt.Sprint(deed.Gegevens["kenmerk"]))
	case "gunnen":
		s.ask(deed, http.MethodPost, tender+"/gunningen", tender)
	case "contract registreren":
		number := fmt.Sprint(deed.Gegevens["nummer"])
		deed.Gegevens["aanbesteding"] = s.ids[fmt.Sprint(deed.Gegevens["aanbesteding"])]
		s.firms[number] = fmt.Sprint(deed.Gegevens["opdrachtnemer"])
		s.registered(deed, "/v1/contracten", number)
	case "plaatsing toevoegen":
		s.ask(deed, http.MethodPost, contract+"/plaatsingen", "")
	case "plaatsing wijzigen":
		path := fmt.Sprintf("%s/plaatsingen/%d", contract, deed.Plaatsing)
		s.ask(deed, http.MethodPatch, path, path)
	case "verantwoorden":
		evidence(deed)
		s.ask(deed, http.MethodPut, statement, statement)
		deed.Gegevens = nil
		s.ask(deed, http.MethodPost, statement+"/indiening", statement)
	case "intrekken":
		s.ask(deed, http.MethodPost, statement+"/intrekking", statement)
	case "terugsturen", "beoordelen":
		s.ask(deed, http.MethodPost, statement+"/beoordelingen", statement)
	case "corrigeren":
		s.ask(deed, http.MethodPost, contract+"/correcties", contract)
	default:
		s.t.Fatalf("%s: unknown deed %q", deed.Datum, deed.Wat)
	}
}

// ask sends a deed; guarded is the resource whose newest version it must name.
func (s *stage) ask(deed deed, method, path, guarded string) reply {
	s.t.Helper()
	s.keys++
	headers := map[string]string{"Content-Type": "application/json", "Idempotency-Key": fmt.Sprintf("scenario-%d", s.keys)}
	if method == http.MethodPatch {
		headers["Content-Type"] = "application/merge-patch+json"
	}
	if guarded != "" {
		if current := s.send(s.claims(deed), http.MethodGet, guarded, nil, nil); current.status == http.StatusOK {
			headers["If-Match"] = current.etag
		}
	}
	var body any
	if deed.Gegevens != nil {
		body = deed.Gegevens
	}
	got := s.send(s.claims(deed), method, path, body, headers)
	if got.status >= http.StatusMultipleChoices {
		s.t.Fatalf("%s, %s %s: %d %s", deed.Datum, deed.Wat, path, got.status, got.body)
	}
	return got
}

// registered sends a deed that makes something with an id.
func (s *stage) registered(deed deed, path, reference string) {
	s.t.Helper()
	var made struct{ ID string }
	if err := json.Unmarshal(s.ask(deed, http.MethodPost, path, "").body, &made); err != nil {
		s.t.Fatal(err)
	}
	s.ids[reference] = made.ID
}

// evidence adds every paper that the rule set wants to every line.
func evidence(deed deed) {
	for list, kinds := range map[string][]string{
		"plaatsingen":    {"plaatsingsovereenkomst", "urenoverzicht", "doelgroepverklaring"},
		"socialeInkopen": {"factuur", "betaalbewijs", "erkenning"},
	} {
		lines, _ := deed.Gegevens[list].([]any)
		for i, line := range lines {
			var papers []map[string]string
			for _, kind := range kinds {
				name := fmt.Sprintf("%s-%s-%s-%d.pdf", kind, deed.Contract, deed.Periode, i+1)
				sum := sha256.Sum256([]byte(name))
				papers = append(papers, map[string]string{"soort": kind, "naam": name, "sha256": hex.EncodeToString(sum[:])})
			}
			line.(map[string]any)["bewijsstukken"] = papers
		}
	}
}

// cents reads an amount that the scenario must write with two decimals.
func (s *stage) cents(text string) money.Cents {
	s.t.Helper()
	amount, err := money.Parse(text)
	if err != nil || amount.String() != text {
		s.t.Errorf("%q is not an amount with two decimals", text)
	}
	return amount
}

func (s *stage) balance(want expectedBalance) {
	s.t.Helper()
	var got struct {
		Stand struct{ Verplicht, Ingediend, Goedgekeurd, Afgekeurd, Openstaand, Overschot string }
	}
	s.clock.set(noon(want.Op))
	s.get(s.reader(), "/v1/contracten/"+s.ids[want.Contract], &got)
	balance := got.Stand
	for _, pair := range [][3]string{
		{"verplicht", want.Verplicht, balance.Verplicht}, {"ingediend", want.Ingediend, balance.Ingediend},
		{"goedgekeurd", want.Goedgekeurd, balance.Goedgekeurd}, {"afgekeurd", want.Afgekeurd, balance.Afgekeurd},
		{"openstaand", want.Openstaand, balance.Openstaand}, {"overschot", want.Overschot, balance.Overschot},
	} {
		s.cents(pair[1])
		if pair[1] != pair[2] {
			s.t.Errorf("%s %s %s: by hand %s, the house says %s (%s)", want.Op, want.Contract, pair[0], pair[1], pair[2], want.Uitwerking)
		}
	}
}

func (s *stage) obligations() {
	for _, want := range s.Verwacht.SrVerplichtingen {
		var got struct{ Bedrag string }
		s.get(s.reader(), "/v1/contracten/"+s.ids[want.Contract]+"/sr-verplichting", &got)
		if s.cents(want.Bedrag); got.Bedrag != want.Bedrag {
			s.t.Errorf("%s: by hand %s, the house says %s (%s)", want.Contract, want.Bedrag, got.Bedrag, want.Uitwerking)
		}
	}
	if len(s.Verwacht.SrVerplichtingen) != len(s.firms) {
		s.t.Error("not every contract has its obligation worked out")
	}
}

// statementLine is a line as the API writes it, of either kind.
type statementLine struct {
	Regel       int
	Waarde      string
	Beoordeling struct{ Waarde string }
}

// lines compares every line of every statement.
func (s *stage) lines() {
	seen, stated := 0, map[string][]statementLine{}
	for _, want := range s.Verwacht.Regels {
		path := "/v1/contracten/" + s.ids[want.Contract] + "/verantwoordingen/" + want.Periode
		if stated[path] == nil {
			var got struct{ Plaatsingen, SocialeInkopen []statementLine }
			s.get(s.reader(), path, &got)
			stated[path] = slices.Concat(got.Plaatsingen, got.SocialeInkopen)
			seen += len(stated[path])
		}
		i := slices.IndexFunc(stated[path], func(l statementLine) bool { return l.Regel == want.Regel })
		if i < 0 {
			s.t.Errorf("%s %s has no line %d", want.Contract, want.Periode, want.Regel)
			continue
		}
		s.cents(want.Waarde)
		s.cents(want.Goedgekeurd)
		if got := stated[path][i]; got.Waarde != want.Waarde || got.Beoordeling.Waarde != want.Goedgekeurd {
			s.t.Errorf("%s %s line %d: by hand %s, verified %s; the house says %s, verified %s (%s)",
				want.Contract, want.Periode, want.Regel, want.Waarde, want.Goedgekeurd, got.Waarde, got.Beoordeling.Waarde, want.Uitwerking)
		}
	}
	if seen != len(s.Verwacht.Regels) {
		s.t.Errorf("%d lines are worked out, the statements have %d", len(s.Verwacht.Regels), seen)
	}
}

// written is a figure as a scenario writes it.
func (f figure) written() string {
	switch {
	case f.Stand != "gemeten":
		return "-"
	case f.Geteld != nil:
		return fmt.Sprintf("%d van %d", f.Geteld.Deel, f.Geteld.Geheel)
	}
	return f.Waarde
}

// wanted turns shares of amounts into cents, in which the API counts them.
func (s *stage) wanted(text string) string {
	part, whole, share := strings.Cut(text, " van ")
	if !share || !strings.Contains(text, ".") {
		return text
	}
	return fmt.Sprintf("%d van %d", s.cents(part), s.cents(whole))
}

func (s *stage) year(year int) report {
	var got report
	s.get(s.reader(), fmt.Sprintf("/v1/jaarrapporten/%d?gebied=%s", year, s.Gebied), &got)
	return got
}

// years compares every row of every year.
func (s *stage) years() {
	reports, rows := map[int]report{}, map[int]int{}
	for _, want := range s.Verwacht.Indicatoren {
		if _, ok := reports[want.Jaar]; !ok {
			reports[want.Jaar] = s.year(want.Jaar)
		}
		rows[want.Jaar]++
		if got := reports[want.Jaar].row(s.t, want.Code).Huidig.written(); got != s.wanted(want.Waarde) {
			s.t.Errorf("%d %s: by hand %s, the house says %s (%s)", want.Jaar, want.Code, s.wanted(want.Waarde), got, want.Uitwerking)
		}
	}
	for year, n := range rows {
		if n != len(reports[year].Rijen) {
			s.t.Errorf("%d: %d of %d rows are worked out", year, n, len(reports[year].Rijen))
		}
	}
}

// comparison holds the last year against the one before.
func (s *stage) comparison() {
	got := s.year(s.Verwacht.Indicatoren[len(s.Verwacht.Indicatoren)-1].Jaar)
	for _, want := range s.Verwacht.Vergelijking {
		row := got.row(s.t, want.Code)
		for _, pair := range [][3]string{
			{"verschil", want.Verschil, row.Verschil.written()},
			{"vorigOpDezelfdeDag", want.VorigOpDezelfdeDag, row.VorigOpDezelfdeDag.written()},
			{"oordeel", want.Oordeel, row.Oordeel},
		} {
			if s.wanted(pair[1]) != pair[2] {
				s.t.Errorf("%s %s: by hand %s, the house says %s (%s)", want.Code, pair[0], pair[1], pair[2], want.Uitwerking)
			}
		}
	}
}
