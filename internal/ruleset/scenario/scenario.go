// SPDX-License-Identifier: EUPL-1.2

// Package scenario holds rule sets against worked examples: files that a policy
// officer can read and write, with Dutch keys as in POST /v1/berekeningen, a
// source, the working by hand, and what must come out. Tests run them, whoever
// writes a rule file runs them, and [Survivors] tells which numbers of a rule
// file no example would miss.
//
// A scenario that was copied from the program's answer proves nothing: the
// working comes from the source, line by line.
package scenario

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
)

// Scenario is one worked example.
type Scenario struct {
	Name   string `json:"-"` // of its file
	Title  string `json:"titel"`
	Source string `json:"bron"`
	// Working is how it was worked out by hand: a line for the obligation, one for
	// each effort, and what else needs one.
	Working   []string      `json:"uitwerking"`
	Rules     Rules         `json:"rekenregel"`
	Contract  *Contract     `json:"contract,omitempty"`
	Efforts   []Effort      `json:"inspanningen"`
	Submitted calendar.Date `json:"ingediend,omitzero"` // a statement, for DecideBy
	Expected  Expected      `json:"verwacht"`
}

// Rules names a version by its first day, or a date that selects one.
type Rules struct {
	ID      string        `json:"id"`
	Version calendar.Date `json:"versie,omitzero"`
	Date    calendar.Date `json:"datum,omitzero"`
}

// Contract is what an obligation depends on.
type Contract struct {
	Nature        string         `json:"aard"`
	Value         money.Cents    `json:"waarde"`
	From          calendar.Date  `json:"van"`
	To            calendar.Date  `json:"totEnMet"`
	LabourShare   *money.Percent `json:"arbeidsaandeel,omitempty"`
	Offered       *money.Percent `json:"aangebodenPercentage,omitempty"`
	Published     calendar.Date  `json:"publicatieDatum,omitzero"`
	BidSum        *money.Cents   `json:"inschrijfsom,omitempty"`
	WageBill      *money.Cents   `json:"loonsom,omitempty"`
	Stage         string         `json:"stand,omitempty"`
	Realised      *money.Cents   `json:"opgegeven,omitempty"`
	AsOf          calendar.Date  `json:"peildatum,omitzero"`
	TenderDate    calendar.Date  `json:"inschrijfDatum,omitzero"`
	Certificates  []Certificate  `json:"certificaten,omitempty"`
	CertifiedAsOf calendar.Date  `json:"certificatenTotEnMet,omitzero"`
}

// Certificate is a certificate of the contractor.
type Certificate struct {
	Level string `json:"niveau"`
	Days
}

// Days is a span, both ends included.
type Days struct {
	From calendar.Date `json:"van,omitzero"`
	To   calendar.Date `json:"totEnMet,omitzero"`
}

func (d Days) span() calendar.Span { return calendar.Span{From: d.From, To: d.To} }

// Hours is a span of constant weekly hours.
type Hours struct {
	Days
	PerWeek calendar.Minutes `json:"urenPerWeek"`
}

// Earlier is a time in which the person counted, with the hours worked in it.
type Earlier struct {
	Days
	Worked calendar.Minutes `json:"gewerkteUren"`
}

// Effort is a placement, a purchase or an activity. Each effort stands alone:
// what a person did before is in Earlier.
type Effort struct {
	Kind  string `json:"soort"`
	Block string `json:"bouwblok"`

	Bonuses []string `json:"bonussen,omitempty"`
	Form    string   `json:"vorm,omitempty"`
	Days
	PerWeek          calendar.Minutes `json:"urenPerWeek,omitempty"`
	Schedule         []Hours          `json:"urenschema,omitempty"`  // instead of Days and PerWeek
	Window           *Days            `json:"tijdvak,omitempty"`     // else all that counts
	Approved         []Hours          `json:"goedgekeurd,omitempty"` // else all that was reported
	Worked           calendar.Minutes `json:"gewerkteUren,omitempty"`
	Earlier          []Earlier        `json:"eerder,omitempty"`
	Subsidised       []Days           `json:"subsidie,omitempty"`
	LeftEmployer     calendar.Date    `json:"laatstBijWerkgever,omitzero"`
	Age              int              `json:"leeftijd,omitempty"`
	InternshipMonths int              `json:"stageMaanden,omitempty"`

	InvoiceDate calendar.Date `json:"factuurDatum,omitzero"`
	Amount      money.Cents   `json:"bedrag,omitempty"`
	LabourPart  *money.Cents  `json:"arbeidsdeel,omitempty"`
	Recognition string        `json:"erkenning,omitempty"`

	Date   calendar.Date    `json:"datum,omitzero"`
	Hours  calendar.Minutes `json:"uren,omitempty"`
	People int              `json:"deelnemers,omitempty"`
	Cost   *money.Cents     `json:"kosten,omitempty"`
	Agreed *money.Cents     `json:"afgesproken,omitempty"`
}

// Expected is what must come out. Only what is given is compared.
type Expected struct {
	Version    calendar.Date `json:"versie,omitzero"`          // that Rules.Date selects
	NoVersion  string        `json:"geenVersie,omitempty"`     // why it selects none
	Obligation *money.Cents  `json:"srVerplichting"`           // nil only where refused
	Reason     string        `json:"reden,omitempty"`          // empty: geldt
	Stage      string        `json:"stand,omitempty"`          // of the obligation
	Activities *int          `json:"activiteiten,omitempty"`   // asked instead of an amount
	Refused    string        `json:"geweigerd,omitempty"`      // the code of the fault in the contract
	Efforts    []Worth       `json:"inspanningen"`             // of each
	ExtraJobs  []bool        `json:"extraArbeidsplaats"`       // of each: whether it counts as an extra job
	Counts     *money.Cents  `json:"telt,omitempty"`           // of all efforts together, after the ceilings
	DecideBy   calendar.Date `json:"beslisUiterlijk,omitzero"` // of what was submitted on Submitted
	Periods    []string      `json:"perioden,omitempty"`       // in which the contract reports
}

// Worth is what an effort must come to: an amount, or a refusal.
type Worth struct {
	Amount  money.Cents
	Refused string // the code of the fault; empty: none
}

// UnmarshalJSON reads "40000.00" or {"geweigerd": "bonus-voorwaarde"}.
func (w *Worth) UnmarshalJSON(raw []byte) error {
	if raw[0] != '{' {
		return json.Unmarshal(raw, &w.Amount)
	}
	var refusal struct {
		Code string `json:"geweigerd"`
	}
	err := strictly(raw, &refusal)
	w.Refused = refusal.Code
	return err
}

// Read reads every scenario of a file system, in order of name. The error tells
// everything that is wrong, in Dutch, a line each.
func Read(files fs.FS) ([]Scenario, error) {
	names, err := fs.Glob(files, "*.json")
	if err != nil {
		return nil, err
	}
	var scenarios []Scenario
	var faults []error
	for _, name := range names {
		raw, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		s, err := Parse(name, raw)
		scenarios, faults = append(scenarios, s), append(faults, err)
	}
	return scenarios, errors.Join(faults...)
}

// Parse reads one scenario. The error tells everything that is wrong, in Dutch, a
// line each.
func Parse(file string, raw []byte) (Scenario, error) {
	s := Scenario{Name: strings.TrimSuffix(path.Base(file), ".json")}
	if err := strictly(raw, &s); err != nil {
		return s, fmt.Errorf("%s: dit is geen leesbaar scenario: %s", s.Name, unreadable(err))
	}
	var faults []error
	for _, fault := range s.faults() {
		faults = append(faults, errors.New(s.Name+": "+fault))
	}
	return s, errors.Join(faults...)
}

// unreadable is why a file is no scenario, in Dutch.
func unreadable(err error) string {
	var syntax *json.SyntaxError
	var other *json.UnmarshalTypeError
	field, unknown := strings.CutPrefix(err.Error(), "json: unknown field ")
	switch {
	case unknown:
		return "het veld " + field + " is onbekend"
	case errors.As(err, &syntax):
		return fmt.Sprintf("bij teken %d klopt de JSON niet", syntax.Offset)
	case errors.As(err, &other):
		return fmt.Sprintf("het veld %q (bij teken %d) is van een andere soort", other.Field, other.Offset)
	case errors.Is(err, money.ErrSyntax), errors.Is(err, money.ErrRange):
		return "een bedrag of percentage is onleesbaar (schrijf 40000.00 of 2.5)"
	case errors.Is(err, calendar.ErrDate):
		return "een datum is onleesbaar (schrijf jjjj-mm-dd)"
	case errors.Is(err, calendar.ErrHours):
		return "een aantal uren is onleesbaar (schrijf 36, 36.5 of 36:30)"
	case errors.Is(err, errTrailing):
		return "na het einde staat nog tekst"
	}
	return "de JSON houdt te vroeg op"
}

var errTrailing = errors.New("scenario: text behind the end")

// strictly refuses a field that is not known, and what follows the end.
func strictly(raw []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errTrailing
	}
	return nil
}

// faults are what a scenario lacks, and what in it has no meaning.
func (s *Scenario) faults() []string {
	var faults []string
	want := func(holds bool, format string, args ...any) {
		if !holds {
			faults = append(faults, fmt.Sprintf(format, args...))
		}
	}
	expected := &s.Expected
	want(s.Title != "", "de titel ontbreekt")
	want(s.Source != "", "de bron ontbreekt")
	want(len(s.Working) > len(s.Efforts), "de uitwerking heeft een regel nodig voor de SR-verplichting en een voor elke inspanning")
	want(s.Rules.Version.IsZero() != s.Rules.Date.IsZero(), "de rekenregel heeft een versie of een datum nodig: precies een van beide")
	if expected.NoVersion != "" {
		want(NoVersions[expected.NoVersion] != nil, "%q is geen reden dat er geen versie is", expected.NoVersion)
		want(!s.Rules.Date.IsZero() && expected.Obligation == nil && len(s.Efforts) == 0, "waar geen versie geldt, valt niets anders te verwachten dan dat")
		return faults
	}
	want(s.Rules.Date.IsZero() == expected.Version.IsZero(), "bij een rekenregel op datum hoort de versie die verwacht wordt")
	if s.Contract == nil {
		return append(faults, "het contract ontbreekt")
	}
	want((expected.Obligation == nil) == (expected.Refused != ""), "verwacht een SR-verplichting, of dat het contract geweigerd wordt: precies een van beide")
	want(len(expected.Efforts) == len(s.Efforts), "er zijn %d inspanningen en %d verwachte bedragen", len(s.Efforts), len(expected.Efforts))
	want(expected.ExtraJobs == nil || len(expected.ExtraJobs) == len(s.Efforts), "extraArbeidsplaats zegt van elke inspanning ja of nee")
	want(s.Submitted.IsZero() == expected.DecideBy.IsZero(), "ingediend en beslisUiterlijk horen bij elkaar")
	return append(faults, s.unknownWords()...)
}

// unknownWords are the words of the scenario that stand for no code.
func (s *Scenario) unknownWords() []string {
	var faults []string
	check := func(known bool, word string) {
		if !known {
			faults = append(faults, fmt.Sprintf("het woord %q is hier onbekend", word))
		}
	}
	check(Natures[s.Contract.Nature] != "", s.Contract.Nature)
	check(s.Contract.Stage == "" || Stages[s.Contract.Stage] != "", s.Contract.Stage)
	check(s.Expected.Stage == "" || Stages[s.Expected.Stage] != "", s.Expected.Stage)
	check(s.Expected.Reason == "" || Reasons[s.Expected.Reason] != "", s.Expected.Reason)
	check(s.Expected.Refused == "" || Codes[s.Expected.Refused] != "", s.Expected.Refused)
	for _, effort := range s.Efforts {
		check(effort.Form == "" || Forms[effort.Form] != "", effort.Form)
		check(effort.Recognition == "" || Recognitions[effort.Recognition] != "", effort.Recognition)
		check(Kinds[effort.Kind] != "", effort.Kind)
	}
	for _, worth := range s.Expected.Efforts {
		check(worth.Refused == "" || Codes[worth.Refused] != "", worth.Refused)
	}
	return faults
}
