// SPDX-License-Identifier: EUPL-1.2

package rules

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"socialreturn/internal/ruleset"
	"socialreturn/internal/ruleset/scenario"
)

// ErrRefused reports a rule set that cannot be published as it is; what is wrong
// was printed.
var ErrRefused = errors.New("de rekenregel is nog niet goed")

// Check holds a file against everything that a rule set must be before it is
// published, and prints what it finds, with a verdict and what to do next. The
// scenarios are those of the project and the files named. It returns ErrRefused,
// or an error of reading.
func (h House) Check(out io.Writer, file string, raw []byte, scenarios []string) error {
	c := checkup{house: h, out: out}
	rules, err := c.form(file, raw)
	if err != nil {
		return err
	}
	if rules == nil {
		return c.refuse("Bronnen, plaats en scenario's komen aan de beurt als de vorm goed is.")
	}
	c.grounds(rules)
	library, published, err := c.place(rules)
	if err != nil {
		return err
	}
	if library != nil {
		if err := c.scenarios(library, rules, scenarios); err != nil {
			return err
		}
	}
	if c.objections > 0 {
		return c.refuse("")
	}
	c.accept(rules, published[rules.Path()] != "")
	return nil
}

// checkup is a check while it is printed.
type checkup struct {
	house      House
	out        io.Writer
	objections int
}

func (c *checkup) part(title string) { fmt.Fprintf(c.out, "\n%s\n", title) }

func (c *checkup) good(format string, args ...any) {
	fmt.Fprintf(c.out, "  goed  "+format+"\n", args...)
}

func (c *checkup) wrong(format string, args ...any) {
	c.objections++
	fmt.Fprintf(c.out, "  FOUT  "+format+"\n", args...)
}

// accept ends with a good verdict.
func (c *checkup) accept(rules *ruleset.RuleSet, published bool) {
	c.part("Oordeel")
	fmt.Fprintln(c.out, "  De rekenregel is goed.")
	c.part("Wat nu")
	if published {
		fmt.Fprintln(c.out, "  Niets: deze versie is al gepubliceerd.")
		return
	}
	fmt.Fprintf(c.out, "  Zet het bestand in %s/%s en de scenario's in %s.\n", dataFolder, rules.Path(), scenarioFolder)
	fmt.Fprintf(c.out, "  Publiceren is deze regel toevoegen aan %s; daarna verandert het bestand nooit meer:\n  %s\n", publishedList, rules.Line())
}

// refuse ends with a verdict that is not good.
func (c *checkup) refuse(later string) error {
	c.part("Oordeel")
	objections := "1 bezwaar"
	if c.objections > 1 {
		objections = fmt.Sprintf("%d bezwaren", c.objections)
	}
	fmt.Fprintf(c.out, "  De rekenregel is nog niet goed: %s.\n", objections)
	c.part("Wat nu")
	fmt.Fprintln(c.out, strings.TrimRight("  Los op wat met FOUT is gemerkt en controleer opnieuw. "+later, " "))
	return ErrRefused
}

// form asks the loader and the schema; nil: the file cannot be read further.
func (c *checkup) form(file string, raw []byte) (*ruleset.RuleSet, error) {
	c.part("Vorm en betekenis")
	refused, err := c.house.schemaRefuses(raw)
	if err != nil {
		return nil, err
	}
	rules, err := ruleset.Parse(file, raw)
	var faults ruleset.FileFaults
	switch {
	case errors.As(err, &faults):
		for _, fault := range faults {
			c.wrong("%s %s: %s", file, fault.Place(), fault.Detail)
		}
		return nil, nil
	case err != nil:
		return nil, err
	case refused != nil:
		c.wrong("%s: het programma leest het bestand, maar het JSON Schema niet: %v", file, refused)
		return nil, nil
	}
	c.good("JSON Schema (%s) en programma lezen %s, %s.", schemaFile, rules.ID, rules.Ref().Version.Dutch())
	return rules, nil
}

// schemaRefuses gives why the schema refuses a file, apart from an error of the
// schema itself.
func (h House) schemaRefuses(raw []byte) (refused, err error) {
	text, err := h.read(schemaFile)
	if err != nil {
		return nil, err
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource(schemaFile, document); err != nil {
		return nil, err
	}
	schema, err := compiler.Compile(schemaFile)
	if err != nil {
		return nil, err
	}
	file, refused := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if refused == nil {
		refused = schema.Validate(file)
	}
	return refused, nil
}

// grounds wants every source and assumption used, and sources read before today.
func (c *checkup) grounds(rules *ruleset.RuleSet) {
	c.part("Bronnen")
	sourced, assumed := 0, 0
	var assumptions []string
	for _, ground := range rules.Grounds() {
		switch {
		case ground.Places == 0:
			c.wrong("Niets berust op %q: haal het weg, of noem het waar het bij hoort.", ground.ID)
		case ground.Assumed:
			assumed += ground.Places
			assumptions = append(assumptions, fmt.Sprintf("%s (%d)", ground.ID, ground.Places))
		default:
			sourced += ground.Places
		}
	}
	for i, source := range rules.Sources {
		if source.Retrieved.After(c.house.Today) {
			c.wrong("/sources/%d/retrieved: %s ligt in de toekomst.", i, source.Retrieved.Dutch())
		}
	}
	c.good("Elke waarde noemt waarop zij berust: op %d plaatsen een bron, op %d een aanname.", sourced, assumed)
	if assumed > 0 {
		c.good("Aangenomen: %s.", strings.Join(assumptions, ", "))
	}
}

// place wants the file where nothing that was published changes, and gives the
// library with the file in it; nil: it does not fit.
func (c *checkup) place(rules *ruleset.RuleSet) (*ruleset.Library, ruleset.Published, error) {
	c.part("Plaats")
	published, err := c.house.published()
	if err != nil {
		return nil, nil, err
	}
	library, err := c.house.library(rules.Path())
	if err != nil {
		return nil, nil, err
	}
	version := rules.Ref().Version
	switch sum := published[rules.Path()]; {
	case sum == "":
		c.good("Een nieuwe versie; het bestand hoort in %s/%s.", dataFolder, rules.Path())
	case sum == rules.Ref().SHA256:
		c.good("Dit is de gepubliceerde versie, letter voor letter.")
	default:
		c.wrong("%s is gepubliceerd en daarna bewerkt. Zet het terug (sha256 %s) en maak een nieuwe versie met een latere datum.", rules.Path(), sum)
	}
	for _, other := range library.Versions(rules.ID) {
		if published[rules.Path()] == "" && published[other.Path()] != "" && version.Before(other.Ref().Version) {
			c.wrong("/validity/from: %s ligt vóór %s, dat al gepubliceerd is. Een nieuwe versie begint later.", version.Dutch(), other.Path())
		}
	}
	with, err := library.With(rules.Path(), rules.Raw(), nil)
	var faults ruleset.FileFaults
	if errors.As(err, &faults) {
		for _, fault := range faults {
			c.wrong("%s %s: %s", fault.File, fault.Place(), fault.Detail)
		}
		return nil, published, nil
	}
	if err == nil {
		c.good("Geen andere rekenregel geldt in %s op dezelfde dagen.", areas(rules))
	}
	return with, published, err
}

func areas(rules *ruleset.RuleSet) string {
	names := make([]string, len(rules.Areas))
	for i, area := range rules.Areas {
		names[i] = string(area)
	}
	return strings.Join(names, ", ")
}

// scenarios wants worked examples that hold, that value every block and bonus,
// and that notice any other number.
func (c *checkup) scenarios(library *ruleset.Library, rules *ruleset.RuleSet, elsewhere []string) error {
	c.part("Scenario's")
	all, err := c.house.scenarios(elsewhere)
	if err != nil {
		c.wrong("%s", strings.ReplaceAll(err.Error(), "\n", "\n  FOUT  "))
		return nil
	}
	about, failed := 0, false
	for _, s := range scenario.Of(rules.ID, all) {
		outcome := s.Run(library)
		for _, failure := range outcome.Failures {
			c.wrong("%s: %s", s.Name, failure)
			failed = true
		}
		if outcome.Rules != nil && outcome.Rules.Ref() == rules.Ref() {
			about++
		}
	}
	if about == 0 {
		c.wrong("Er is geen scenario bij deze versie. Schrijf er een, met de uitwerking uit de bron, in %s (of noem het met SCENARIO=pad).", scenarioFolder)
		return nil
	}
	for _, code := range scenario.Uncovered(rules, all) {
		c.wrong("Geen scenario rekent met %s.", code)
	}
	if failed {
		return nil // what fails already notices nothing more
	}
	c.good("%d scenario's bij deze versie komen uit.", about)
	survivors, mutants, err := scenario.Survivors(library, rules, all)
	if err != nil {
		return err
	}
	for _, mutant := range survivors {
		c.wrong("Geen scenario merkt het als %s van %s naar %s gaat.", mutant.Pointer, mutant.Before, mutant.After)
	}
	if len(survivors) == 0 {
		c.good("Elk getal is door een scenario vastgelegd: %d veranderingen van een stapje, alle opgemerkt.", mutants)
	}
	return nil
}
