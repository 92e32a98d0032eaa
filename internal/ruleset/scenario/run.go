// SPDX-License-Identifier: EUPL-1.2

package scenario

import (
	"errors"
	"fmt"
	"strings"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/ruleset"
)

// Outcome is what the rules make of a scenario.
type Outcome struct {
	Rules *ruleset.RuleSet // nil where no version holds, as the scenario may expect
	// Receipts are of the obligation and of each effort, without what was refused.
	Receipts []ruleset.Receipt
	// Failures are where something else came out than was worked out by hand: each
	// a sentence in Dutch. None: the scenario holds.
	Failures []string
}

func (o *Outcome) fail(format string, args ...any) {
	o.Failures = append(o.Failures, fmt.Sprintf(format, args...))
}

// Run works the scenario out under a library and compares.
func (s *Scenario) Run(l *ruleset.Library) Outcome {
	var o Outcome
	rules, err := s.rules(l)
	if wanted := NoVersions[s.Expected.NoVersion]; wanted != nil || err != nil {
		if wanted == nil || !errors.Is(err, wanted) {
			o.fail("Rekenregel: verwacht %s, het programma zegt: %s.", s.versionExpected(), versionFound(rules, err))
		}
		return o
	}
	if found := rules.Ref().Version; !s.Expected.Version.IsZero() && found != s.Expected.Version {
		o.fail("Rekenregel: verwacht %s, het programma zegt: %s.", s.versionExpected(), versionFound(rules, nil))
	}
	o.Rules = rules
	s.runObligation(rules, &o)
	worths := map[string]money.Cents{}
	for i := range s.Efforts {
		s.runEffort(rules, i, worths, &o)
	}
	s.runContract(rules, worths, &o)
	return o
}

// rules is the version that the scenario is about.
func (s *Scenario) rules(l *ruleset.Library) (*ruleset.RuleSet, error) {
	if s.Rules.Date.IsZero() {
		return l.Version(s.Rules.ID, s.Rules.Version)
	}
	return l.At(s.Rules.ID, s.Rules.Date)
}

func (s *Scenario) versionExpected() string {
	switch s.Expected.NoVersion {
	case "":
		version := s.Expected.Version
		if version.IsZero() {
			version = s.Rules.Version
		}
		return fmt.Sprintf("versie %s van %s", version, s.Rules.ID)
	case "vervallen":
		return fmt.Sprintf("dat %s op %s vervallen is", s.Rules.ID, s.Rules.Date.Dutch())
	}
	return fmt.Sprintf("dat %s op %s nog niet van kracht is", s.Rules.ID, s.Rules.Date.Dutch())
}

func versionFound(rules *ruleset.RuleSet, err error) string {
	if err != nil {
		return err.Error()
	}
	return "versie " + rules.Ref().Version.String()
}

// runObligation compares what the contract owes.
func (s *Scenario) runObligation(rules *ruleset.RuleSet, o *Outcome) {
	want := &s.Expected
	got, err := rules.Obligation(s.Contract.input())
	if err != nil || want.Refused != "" {
		o.refusal("SR-verplichting", err, want.Refused, s.Working[0])
		return
	}
	o.Receipts = append(o.Receipts, got.Receipt)
	if got.Amount != *want.Obligation {
		o.fail("SR-verplichting: verwacht %s, het programma rekent %s. Met de hand: %s Het programma: %s", want.Obligation.Euro(), got.Amount.Euro(), s.Working[0], got.Receipt.Text)
	}
	reason := want.Reason
	if reason == "" {
		reason = "geldt"
	}
	if Reasons[reason] != got.Reason {
		o.fail("SR-verplichting: verwacht reden %s, het programma zegt: %s", reason, got.Receipt.Text)
	}
	if want.Stage != "" && Stages[want.Stage] != got.Stage {
		o.fail("SR-verplichting: verwacht stand %s, het programma zegt: %s", want.Stage, wordFor(Stages, got.Stage))
	}
	if want.Activities != nil && *want.Activities != got.Activities {
		o.fail("SR-verplichting: verwacht %d activiteiten, het programma vraagt er %d. Met de hand: %s", *want.Activities, got.Activities, s.Working[0])
	}
}

// refusal compares a refusal with the code that was expected; empty: none was.
func (o *Outcome) refusal(what string, err error, code, working string) {
	var faults ruleset.Faults
	switch {
	case code == "":
		o.fail("%s: het programma weigert dit: %v Met de hand: %s", what, err, working)
	case !errors.As(err, &faults):
		o.fail("%s: verwacht dat dit geweigerd wordt (%s), maar het programma rekent het. Met de hand: %s", what, code, working)
	default:
		for _, fault := range faults {
			if fault.Code != Codes[code] {
				o.fail("%s: verwacht dat dit geweigerd wordt om %s, het programma weigert om iets anders: %s", what, code, fault.Detail)
			}
		}
	}
}

// runEffort compares what an effort is worth, and adds it to its block.
func (s *Scenario) runEffort(rules *ruleset.RuleSet, i int, worths map[string]money.Cents, o *Outcome) {
	effort, want := &s.Efforts[i], s.Expected.Efforts[i]
	what, working := fmt.Sprintf("Inspanning %d (%s)", i+1, effort.Block), s.Working[i+1]
	receipt, err := effort.explain(rules, s.Contract)
	if err != nil || want.Refused != "" {
		o.refusal(what, err, want.Refused, working)
		return
	}
	o.Receipts = append(o.Receipts, receipt)
	worths[effort.Block] += receipt.Result
	if receipt.Result != want.Amount {
		o.fail("%s: verwacht %s, het programma rekent %s. Met de hand: %s Het programma: %s", what, want.Amount.Euro(), receipt.Result.Euro(), working, receipt.Text)
	}
	if s.Expected.ExtraJobs == nil {
		return
	}
	if job := effort.extraJob(rules, s.Contract); job != s.Expected.ExtraJobs[i] {
		o.fail("%s: verwacht dat dit %s extra arbeidsplaats is, het programma telt %s. Met de hand: %s", what, article[!job], article[job], working)
	}
}

var article = map[bool]string{true: "een", false: "geen"}

// runContract compares what holds for the contract as a whole.
func (s *Scenario) runContract(rules *ruleset.RuleSet, worths map[string]money.Cents, o *Outcome) {
	want := &s.Expected
	if want.Counts != nil && want.Obligation != nil {
		if counts := rules.Counts(*want.Obligation, worths); counts != *want.Counts {
			o.fail("Alle inspanningen samen: verwacht dat %s telt na de plafonds, het programma telt %s.", want.Counts.Euro(), counts.Euro())
		}
	}
	if by := rules.DecideBy(s.Submitted); !want.DecideBy.IsZero() && by != want.DecideBy {
		o.fail("Beslistermijn: verwacht uiterlijk %s, het programma zegt %s.", want.DecideBy.Dutch(), by.Dutch())
	}
	if want.Periods == nil {
		return
	}
	var periods []string
	for _, period := range calendar.Periods(s.Contract.span(), rules.Cadence) {
		periods = append(periods, period.String())
	}
	if got, wanted := strings.Join(periods, ", "), strings.Join(want.Periods, ", "); got != wanted {
		o.fail("Perioden van verantwoording: verwacht %s, het programma zegt %s.", wanted, got)
	}
}

func wordFor[T comparable](words map[string]T, code T) string {
	for word, each := range words {
		if each == code {
			return word
		}
	}
	return ""
}
