// SPDX-License-Identifier: EUPL-1.2

package scenario_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"socialreturn/internal/ruleset"
	"socialreturn/internal/ruleset/scenario"
)

// published are the scenarios of the rule sets that come with the program.
func published(t testing.TB) []scenario.Scenario {
	t.Helper()
	scenarios, err := scenario.Read(os.DirFS("../../../testdata/scenarios/berekening"))
	if err != nil || len(scenarios) == 0 {
		t.Fatalf("%d scenarios: %v", len(scenarios), err)
	}
	return scenarios
}

func TestScenarios(t *testing.T) {
	for _, s := range published(t) {
		t.Run(s.Name, func(t *testing.T) {
			outcome := s.Run(ruleset.Embedded())
			for _, failure := range outcome.Failures {
				t.Error(failure)
			}
			for _, receipt := range outcome.Receipts {
				replays(t, receipt)
			}
		})
	}
}

// replays wants a receipt that went through storage to give the same bytes again.
func replays(t *testing.T, r ruleset.Receipt) {
	t.Helper()
	stored := encode(t, r)
	var read ruleset.Receipt
	if err := json.Unmarshal(stored, &read); err != nil {
		t.Fatal(err)
	}
	again, err := ruleset.Embedded().Replay(read)
	if err != nil {
		t.Fatal(err)
	}
	if got := encode(t, again); string(got) != string(stored) {
		t.Errorf("replayed receipt differs:\n%s\n%s", stored, got)
	}
}

func encode(t testing.TB, value any) []byte {
	t.Helper()
	raw, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestEveryBlockAndBonusHasAScenario(t *testing.T) {
	scenarios := published(t)
	for _, rs := range ruleset.Embedded().All() {
		for _, code := range scenario.Uncovered(rs, scenarios) {
			t.Errorf("%s %s: no scenario with %s", rs.ID, rs.Ref().Version, code)
		}
	}
}

// A receipt is stored with every line, so its size is part of its contract.
func TestReceiptsAreCompact(t *testing.T) {
	sizes := []int{}
	for _, s := range published(t) {
		for _, receipt := range s.Run(ruleset.Embedded()).Receipts {
			if receipt.Kind != ruleset.ObligationResult {
				sizes = append(sizes, len(encode(t, receipt)))
			}
		}
	}
	slices.Sort(sizes)
	if median, largest := sizes[len(sizes)/2], sizes[len(sizes)-1]; median > 1536 || largest > 2048 {
		t.Errorf("receipts take %d bytes at the median and %d at most; want 1536 and 2048", median, largest)
	} else {
		t.Logf("receipts: median %d bytes, largest %d", median, largest)
	}
}

const whole = `{
	"titel": "Leveringen onder de drempel", "bron": "de tabel", "uitwerking": ["99.999,99 ligt onder 100.000.", "1.000 × 100 % = 1.000."],
	"rekenregel": {"id": "oost-nederland", "versie": "2016-01-01"},
	"contract": {"aard": "leveringen", "waarde": "99999.99", "van": "2022-01-01", "totEnMet": "2022-12-31"},
	"inspanningen": [{"soort": "inkoop", "bouwblok": "PURCHASE", "factuurDatum": "2022-03-01", "bedrag": "1000.00", "erkenning": "erkend"}],
	"verwacht": {"srVerplichting": "0.00", "reden": "onderDrempel", "inspanningen": ["1000.00"]}
}`

// Each way in which a scenario can be wrong is told, and where.
func TestScenariosThatCannotBeRead(t *testing.T) {
	for name, c := range map[string]struct{ old, with, want string }{
		"unknown field":      {`"titel"`, `"naam": "x", "titel"`, `het veld "naam" is onbekend`},
		"no JSON":            {`"titel":`, `"titel"`, "klopt de JSON niet"},
		"cut off":            {`"1000.00"]}` + "\n}", ``, "de JSON houdt te vroeg op"},
		"a number":           {`"99999.99"`, `99999.99`, "is van een andere soort"},
		"an amount":          {`"99999.99"`, `"veel"`, "een bedrag of percentage is onleesbaar"},
		"a date":             {`"2022-12-31"`, `"ooit"`, "een datum is onleesbaar"},
		"hours":              {`"erkenning"`, `"uren": "lang", "erkenning"`, "een aantal uren is onleesbaar"},
		"text behind it":     {`"1000.00"]}` + "\n}", `"1000.00"]}} {}`, "na het einde staat nog tekst"},
		"no title":           {`Leveringen onder de drempel`, ``, "de titel ontbreekt"},
		"no source":          {`de tabel`, ``, "de bron ontbreekt"},
		"a line too few":     {`, "1.000 × 100 % = 1.000."`, ``, "de uitwerking heeft een regel nodig"},
		"no version":         {`, "versie": "2016-01-01"`, ``, "een versie of een datum nodig"},
		"date, no version":   {`"versie": "2016-01-01"`, `"datum": "2016-01-01"`, "bij een rekenregel op datum hoort de versie"},
		"no contract":        {`"contract": {"aard": "leveringen", "waarde": "99999.99", "van": "2022-01-01", "totEnMet": "2022-12-31"},`, ``, "het contract ontbreekt"},
		"nothing expected":   {`"srVerplichting": "0.00", `, ``, "precies een van beide"},
		"an amount too few":  {`["1000.00"]`, `[]`, "er zijn 1 inspanningen en 0 verwachte bedragen"},
		"a job too many":     {`["1000.00"]`, `["1000.00"], "extraArbeidsplaats": [true, false]`, "extraArbeidsplaats zegt van elke inspanning"},
		"submitted alone":    {`"verwacht"`, `"ingediend": "2022-04-01", "verwacht"`, "ingediend en beslisUiterlijk horen bij elkaar"},
		"unknown nature":     {`"leveringen"`, `"giften"`, `"giften" is hier onbekend`},
		"unknown effort":     {`"inkoop"`, `"lenen"`, `"lenen" is hier onbekend`},
		"unknown seller":     {`"erkend"`, `"beroemd"`, `"beroemd" is hier onbekend`},
		"unknown reason":     {`"onderDrempel"`, `"zomaar"`, `"zomaar" is hier onbekend`},
		"unknown code":       {`["1000.00"]`, `[{"geweigerd": "stuk"}]`, `"stuk" is hier onbekend`},
		"unknown in refusal": {`["1000.00"]`, `[{"afgewezen": "verplicht"}]`, `het veld "afgewezen" is onbekend`},
		"unknown lack":       {`"srVerplichting": "0.00"`, `"geenVersie": "ooit"`, `"ooit" is geen reden`},
		"more than no rules": {`"srVerplichting": "0.00"`, `"geenVersie": "vervallen"`, "waar geen versie geldt"},
	} {
		t.Run(name, func(t *testing.T) {
			if !strings.Contains(whole, c.old) {
				t.Fatalf("the scenario does not hold %q", c.old)
			}
			_, err := scenario.Parse("leveringen.json", []byte(strings.Replace(whole, c.old, c.with, 1)))
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "leveringen: ") {
				t.Errorf("told %v, want %q", err, c.want)
			}
		})
	}
}

// Each difference between the working and the program is told in words.
func TestScenariosThatFail(t *testing.T) {
	for name, c := range map[string]struct{ old, with, want string }{
		"none":               {`"titel"`, `"titel"`, ""},
		"another amount":     {`["1000.00"]`, `["999.00"]`, "Inspanning 1 (PURCHASE): verwacht € 999, het programma rekent € 1.000. Met de hand: 1.000 × 100 % = 1.000."},
		"another obligation": {`"srVerplichting": "0.00"`, `"srVerplichting": "5000.00"`, "SR-verplichting: verwacht € 5.000, het programma rekent € 0. Met de hand: 99.999,99 ligt onder 100.000."},
		"another reason":     {`"onderDrempel"`, `"geldt"`, "SR-verplichting: verwacht reden geldt"},
		"another stage":      {`"reden"`, `"stand": "geraamd", "reden"`, "verwacht stand geraamd, het programma zegt: definitief"},
		"activities":         {`"reden"`, `"activiteiten": 1, "reden"`, "verwacht 1 activiteiten, het programma vraagt er 0"},
		"no refusal":         {`["1000.00"]`, `[{"geweigerd": "verplicht"}]`, "verwacht dat dit geweigerd wordt (verplicht), maar het programma rekent het"},
		"another refusal": {`"erkenning": "erkend"}],` + "\n\t" + `"verwacht": {"srVerplichting": "0.00", "reden": "onderDrempel", "inspanningen": ["1000.00"]}`,
			`"erkenning": "sw", "arbeidsdeel": "1000.01"}], "verwacht": {"srVerplichting": "0.00", "reden": "onderDrempel", "inspanningen": [{"geweigerd": "erkenning-niet-toegestaan"}]}`,
			"verwacht dat dit geweigerd wordt om erkenning-niet-toegestaan, het programma weigert om iets anders: Het arbeidsdeel is meer dan de factuur."},
		"a refusal":           {`"bedrag": "1000.00"`, `"bedrag": "-1.00"`, "het programma weigert dit: Het bedrag (factuur) is negatief of te groot."},
		"another version":     {`"versie": "2016-01-01"`, `"versie": "2017-01-01"`, "verwacht versie 2017-01-01 van oost-nederland, het programma zegt: rekenregel onbekend"},
		"an extra job":        {`["1000.00"]`, `["1000.00"], "extraArbeidsplaats": [true]`, "verwacht dat dit een extra arbeidsplaats is, het programma telt geen"},
		"what counts":         {`["1000.00"]`, `["1000.00"], "telt": "1.00"`, "verwacht dat € 1 telt na de plafonds, het programma telt € 1.000"},
		"periods":             {`["1000.00"]`, `["1000.00"], "perioden": ["2022-H1"]`, "verwacht 2022-H1, het programma zegt 2022-Q1, 2022-Q2, 2022-Q3, 2022-Q4"},
		"a contract accepted": {`"srVerplichting": "0.00"`, `"geweigerd": "verplicht"`, "SR-verplichting: verwacht dat dit geweigerd wordt (verplicht)"},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := scenario.Parse("leveringen.json", []byte(strings.Replace(whole, c.old, c.with, 1)))
			if err != nil {
				t.Fatal(err)
			}
			failures := strings.Join(s.Run(ruleset.Embedded()).Failures, "\n")
			if !strings.Contains(failures, c.want) || (failures == "") != (c.want == "") || strings.Count(failures, "\n") > 0 {
				t.Errorf("told %q, want %q", failures, c.want)
			}
		})
	}
}

func TestDatesThatSelectNoVersion(t *testing.T) {
	const file = `{"titel": "t", "bron": "b", "uitwerking": ["u"], "rekenregel": {"id": "friesland", "datum": "%d"}, "verwacht": {"geenVersie": "%w"}}`
	for _, c := range []struct{ date, word, want string }{
		{"2016-06-30", "nogNietVanKracht", ""},
		{"2016-07-01", "nogNietVanKracht", "verwacht dat friesland op 1 juli 2016 nog niet van kracht is, het programma zegt: versie 2016-07-01"},
		{"2022-01-01", "vervallen", ""},
		{"2016-06-30", "vervallen", "verwacht dat friesland op 30 juni 2016 vervallen is, het programma zegt: rekenregel nog niet van kracht"},
	} {
		s, err := scenario.Parse("geen.json", []byte(strings.NewReplacer("%d", c.date, "%w", c.word).Replace(file)))
		if err != nil {
			t.Fatal(err)
		}
		if failures := strings.Join(s.Run(ruleset.Embedded()).Failures, "\n"); !strings.Contains(failures, c.want) || (failures == "") != (c.want == "") {
			t.Errorf("%s: told %q, want %q", c.date, failures, c.want)
		}
	}
}
