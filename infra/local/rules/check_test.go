// SPDX-License-Identifier: EUPL-1.2

package rules

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"socialreturn/internal/calendar"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/ruleset/scenario"
)

// project is this very project, on a day after every source was read.
var project = House{Root: os.DirFS("../../.."), Today: calendar.MustDate("2026-11-23")}

// regime is an invented one, in a folder of its own: a file and its scenarios,
// and no line of Go.
type regime struct {
	t         *testing.T
	file      string
	scenarios []string
}

func kustregio(t *testing.T) *regime {
	t.Helper()
	folder := t.TempDir()
	if err := os.CopyFS(folder, os.DirFS("testdata/kustregio")); err != nil {
		t.Fatal(err)
	}
	scenarios, err := filepath.Glob(filepath.Join(folder, "scenario-*.json"))
	if err != nil || len(scenarios) < 10 {
		t.Fatalf("%d scenarios: %v", len(scenarios), err)
	}
	return &regime{t: t, file: filepath.Join(folder, "2024-01-01.json"), scenarios: scenarios}
}

// check runs the check and gives what it printed.
func (r *regime) check(house House) (string, error) {
	r.t.Helper()
	raw, err := os.ReadFile(r.file)
	if err != nil {
		r.t.Fatal(err)
	}
	var out strings.Builder
	err = house.Check(&out, r.file, raw, r.scenarios)
	return out.String(), err
}

// edit replaces texts in a file, each of which must be there.
func (r *regime) edit(path string, oldnew ...string) {
	r.t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		r.t.Fatal(err)
	}
	for pair := range slices.Chunk(oldnew, 2) {
		if !strings.Contains(string(raw), pair[0]) {
			r.t.Fatalf("%s has no %s", path, pair[0])
		}
		raw = []byte(strings.Replace(string(raw), pair[0], pair[1], 1))
	}
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		r.t.Fatal(err)
	}
}

// scenario is the path of one of the regime's scenarios.
func (r *regime) scenario(name string) string {
	return filepath.Join(filepath.Dir(r.file), "scenario-"+name+".json")
}

func TestANewRegimeIsOneFileAndItsScenarios(t *testing.T) {
	told, err := kustregio(t).check(project)
	if err != nil {
		t.Fatalf("%v\n%s", err, told)
	}
	for _, want := range []string{
		"op 37 plaatsen een bron, op 1 een aanname",
		"het bestand hoort in internal/ruleset/data/kustregio/2024-01-01.json",
		"14 scenario's bij deze versie komen uit",
		"90 veranderingen van een stapje, alle opgemerkt",
		"De rekenregel is goed.",
		"Publiceren is deze regel toevoegen aan internal/ruleset/published.sha256",
	} {
		if !strings.Contains(told, want) {
			t.Errorf("nothing says %q:\n%s", want, told)
		}
	}
	if strings.Contains(told, "FOUT") {
		t.Errorf("a fault in what is good:\n%s", told)
	}
}

// Each thing that can be wrong with a rule file is told in words.
func TestRegimesThatAreNotGood(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*regime)
		want  string
	}{
		"form":                {func(r *regime) { r.edit(r.file, `"30000.00"`, `30000`) }, "/blocks/0/value: Hier moet tekst tussen aanhalingstekens staan."},
		"meaning":             {func(r *regime) { r.edit(r.file, `"code": "WEP"`, `"code": "WERK"`) }, `/blocks/5/code: De code "WERK" komt al eerder voor.`},
		"no JSON":             {func(r *regime) { r.edit(r.file, `{`, `[`) }, "(hele bestand): Het bestand is geen geldige JSON"},
		"idle source":         {func(r *regime) { r.edit(r.file, `"source": "aanname"`, `"source": "kust"`) }, `Niets berust op "aanname"`},
		"read tomorrow":       {func(r *regime) { r.edit(r.file, `"2026-11-20"`, `"2026-11-24"`) }, "/sources/0/retrieved: 24 november 2026 ligt in de toekomst."},
		"area of another":     {func(r *regime) { r.edit(r.file, `GM9998`, `GM0344`) }, "Voor het gebied GM0344 geldt in die tijd ook"},
		"no scenario":         {func(r *regime) { r.scenarios = nil }, "Er is geen scenario bij deze versie."},
		"unreadable scenario": {func(r *regime) { r.edit(r.scenario("leveringen"), `"titel"`, `"kop"`) }, `scenario-leveringen: dit is geen leesbaar scenario: het veld "kop" is onbekend`},
		"absent scenario":     {func(r *regime) { r.scenarios = append(r.scenarios, "nergens.json") }, "het scenario nergens.json is niet te lezen"},
		"another amount":      {func(r *regime) { r.edit(r.file, `"350.00"`, `"351.00"`) }, "Inspanning 28 (GASTLES): verwacht € 350, het programma rekent € 351. Met de hand: Een gastles: 350."},
		"block without one":   {func(r *regime) { r.edit(r.scenario("diensten"), `"GASTLES"`, `"SCHOLING"`) }, "Geen scenario rekent met GASTLES."},
		"a survivor": {func(r *regime) {
			r.scenarios = slices.DeleteFunc(r.scenarios, func(path string) bool { return path == r.scenario("werken-maximum") })
		}, "Geen scenario merkt het als /obligation/works/cap van 300000.00 naar 300000.01 gaat."},
		"before a published": {func(r *regime) {
			r.edit(r.file, `"id": "kustregio"`, `"id": "utrecht"`, `"from": "2024-01-01",`, `"from": "2014-01-01",`, `"to": "2025-12-31",`, `"to": "2014-12-31",`)
		}, "/validity/from: 1 januari 2014 ligt vóór utrecht/2015-01-01.json, dat al gepubliceerd is."},
		"over a published": {func(r *regime) {
			r.edit(r.file, `"id": "kustregio"`, `"id": "friesland"`, `"from": "2024-01-01",`, `"from": "2021-01-01",`)
		}, "de versies overlappen"},
	} {
		t.Run(name, func(t *testing.T) {
			r := kustregio(t)
			c.spoil(r)
			told, err := r.check(project)
			if !errors.Is(err, ErrRefused) || !strings.Contains(told, "FOUT") || !strings.Contains(told, c.want) {
				t.Errorf("%v; want %q in:\n%s", err, c.want, told)
			}
			if !strings.Contains(told, "De rekenregel is nog niet goed:") || !strings.Contains(told, "Wat nu") {
				t.Errorf("no verdict:\n%s", told)
			}
		})
	}
}

// checked runs the check of one file of the project.
func checked(t *testing.T, path string, raw []byte) (string, error) {
	t.Helper()
	var out strings.Builder
	err := project.Check(&out, path, raw, nil)
	return out.String(), err
}

func TestPublishedFiles(t *testing.T) {
	const path = "internal/ruleset/data/oost-nederland/2016-01-01.json"
	raw, err := os.ReadFile("../../../" + path)
	if err != nil {
		t.Fatal(err)
	}
	edited := strings.Replace(string(raw), `"750.00"`, `"800.00"`, 1)
	told, err := checked(t, path, []byte(edited))
	if !errors.Is(err, ErrRefused) || !strings.Contains(told, "oost-nederland/2016-01-01.json is gepubliceerd en daarna bewerkt.") {
		t.Errorf("%v:\n%s", err, told)
	}
}

func TestElsewhereThanInTheProject(t *testing.T) {
	r := kustregio(t)
	if _, err := r.check(House{Root: os.DirFS(t.TempDir())}); err == nil || errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), "voer dit uit in de map van het project") {
		t.Errorf("told %v", err)
	}
}

// What busted files are told, they are told here too.
func TestBustedFiles(t *testing.T) {
	paths, err := filepath.Glob("../../../testdata/busted/*.json")
	if err != nil || len(paths) < 60 {
		t.Fatalf("%d busted files: %v", len(paths), err)
	}
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if told, err := checked(t, path, raw); !errors.Is(err, ErrRefused) || !strings.Contains(told, "FOUT") {
			t.Errorf("%s: %v\n%s", path, err, told)
		}
	}
}

func TestDifferencesArePrinted(t *testing.T) {
	var out strings.Builder
	if err := project.Compare(&out, "utrecht", calendar.MustDate("2015-01-01"), calendar.MustDate("2018-01-01")); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"utrecht: van 1 januari 2015 naar 1 januari 2018", "Norm van 40 naar 36 uur: 11 % meer waarde bij gelijke uren.", "verschillen."} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("nothing says %q:\n%s", want, out.String())
		}
	}
	if err := project.Compare(&out, "utrecht", calendar.MustDate("2015-01-01"), calendar.MustDate("2018-01-02")); !errors.Is(err, ruleset.ErrUnknown) {
		t.Errorf("an unknown version: %v", err)
	}
}

func TestAFileAgainstTheNewestPublished(t *testing.T) {
	r := kustregio(t)
	told := func() string {
		raw, err := os.ReadFile(r.file)
		if err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		if err := project.CompareFile(&out, r.file, raw); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	if got := told(); !strings.Contains(got, "Van kustregio is nog geen eerdere versie gepubliceerd") {
		t.Errorf("of a new regime: %s", got)
	}
	r.edit(r.file, `"id": "kustregio"`, `"id": "friesland"`)
	if got := told(); !strings.Contains(got, "friesland: van 1 juli 2016 naar 1 januari 2024") || !strings.Contains(got, "Beslistermijn van 28 naar 42 dagen.") {
		t.Errorf("of a next version: %s", got)
	}
}

// The invented regime shows that a scenario can pin every number of the format.
func TestTheRegimeUsesTheWholeFormat(t *testing.T) {
	r := kustregio(t)
	raw, err := os.ReadFile(r.file)
	if err != nil {
		t.Fatal(err)
	}
	rules, err := ruleset.Parse(r.file, raw)
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[ruleset.Kind]bool{}
	for _, block := range rules.Blocks {
		kinds[block.Kind] = true
	}
	if len(kinds) != 11 {
		t.Errorf("%d kinds of block", len(kinds))
	}
	var all []scenario.Scenario
	for _, path := range r.scenarios {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		s, err := scenario.Parse(path, content)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, s)
	}
	if codes := scenario.Uncovered(rules, all); len(codes) > 0 {
		t.Errorf("not valued: %v", codes)
	}
}
