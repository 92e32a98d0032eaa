// SPDX-License-Identifier: EUPL-1.2

package ruleset_test

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"socialreturn/internal/money"
	"socialreturn/internal/ruleset"
)

func someRules(t testing.TB) *ruleset.RuleSet {
	t.Helper()
	return ruleset.Embedded().All()[0]
}

func TestACorrectionShowsBeforeAndAfter(t *testing.T) {
	for _, c := range []struct {
		in    ruleset.CorrectionInput
		after money.Cents
		text  string
		step  string
	}{
		{ruleset.CorrectionInput{Year: 2022, Before: 1_200_00, Delta: -200_00}, 1_000_00,
			"Goedgekeurd was € 1.200,00; correctie - € 200,00 = € 1.000,00.", "Goedgekeurde waarde van het contract vóór de correctie"},
		{ruleset.CorrectionInput{Line: 3, Year: 2022, Before: 0, Delta: 1_250_05}, 1_250_05,
			"Goedgekeurd was € 0,00; correctie + € 1.250,05 = € 1.250,05.", "Goedgekeurde waarde van regel 3 vóór de correctie"},
		{ruleset.CorrectionInput{Line: 1, Year: 2021, Before: 70_00}, 70_00,
			"Goedgekeurd was € 70,00; correctie + € 0,00 = € 70,00.", "Goedgekeurde waarde van regel 1 vóór de correctie"},
		{ruleset.CorrectionInput{Year: 2021, Before: -70_00, Delta: 20_00}, -50_00,
			"Goedgekeurd was € -70,00; correctie + € 20,00 = € -50,00.", "Goedgekeurde waarde van het contract vóór de correctie"},
	} {
		receipt, err := someRules(t).ExplainCorrection(c.in)
		if err != nil || receipt.Result != c.after || receipt.Text != c.text || receipt.Steps[0].Text != c.step || receipt.Kind != ruleset.CorrectionResult {
			t.Errorf("%+v: %+v %v", c.in, receipt, err)
		}
	}
}

func TestACorrectionStaysWithinBounds(t *testing.T) {
	for _, in := range []ruleset.CorrectionInput{
		{Year: 2022, Before: 100, Delta: -101},
		{Year: 2022, Before: -100, Delta: -1},
		{Year: 2022, Before: money.Max, Delta: 1},
		{Year: 2022, Before: money.Max + 1, Delta: -1},
		{Year: 2022, Delta: money.Max + 1},
	} {
		_, err := someRules(t).ExplainCorrection(in)
		if faults, ok := errors.AsType[ruleset.Faults](err); !ok || faults[0].Code != ruleset.FaultRange || faults[0].Field != "delta" {
			t.Errorf("%+v: %v", in, err)
		}
	}
	for _, claimed := range []money.Cents{-1, money.Max + 1} {
		if _, err := someRules(t).ExplainRejection(ruleset.RejectionInput{Claimed: claimed}); err == nil {
			t.Errorf("a claim of %d is rejected with a receipt", claimed)
		}
	}
}

func TestARejectionIsWorthNothing(t *testing.T) {
	receipt, err := someRules(t).ExplainRejection(ruleset.RejectionInput{Claimed: 5_000_00})
	if err != nil || receipt.Result != 0 || receipt.Exact != "0" || receipt.Text != "Afgekeurd: van € 5.000,00 telt € 0,00." || receipt.Assumptions != nil {
		t.Errorf("%+v %v", receipt, err)
	}
}

// What a person set replays like what a rule gave, under the rules that it names.
func TestVerdictsReplay(t *testing.T) {
	library := ruleset.Embedded()
	rapid.Check(t, func(t *rapid.T) {
		rules := rapid.SampledFrom(library.All()).Draw(t, "rules")
		before := rapid.Int64Range(0, int64(money.Max)).Draw(t, "before")
		delta := rapid.Int64Range(-before, int64(money.Max)-before).Draw(t, "delta")
		correction, err := rules.ExplainCorrection(ruleset.CorrectionInput{
			Line: rapid.IntRange(0, 1000).Draw(t, "line"), Year: 2022, Before: money.Cents(before), Delta: money.Cents(delta),
		})
		if err != nil || int64(correction.Result) != before+delta {
			t.Fatalf("%d %+d: %+v %v", before, delta, correction, err)
		}
		rejection, err := rules.ExplainRejection(ruleset.RejectionInput{Claimed: money.Cents(before)})
		if err != nil {
			t.Fatal(err)
		}
		for _, receipt := range []ruleset.Receipt{correction, rejection} {
			replaysIn(t, library, receipt)
		}
	})
}
