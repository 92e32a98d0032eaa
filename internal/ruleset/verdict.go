// SPDX-License-Identifier: EUPL-1.2

package ruleset

import (
	"encoding/json"
	"fmt"
	"strconv"

	"socialreturn/internal/money"
)

// byVerdict is the source of an amount that no rule in the file gives.
const byVerdict = "besluit van de adviseur"

// ExplainCorrection is what a verified value comes to after a correction, and
// from what. It returns Faults where the correction takes it below zero, or an
// amount is beyond money.Max.
func (rs *RuleSet) ExplainCorrection(in CorrectionInput) (Receipt, error) {
	after := in.Before + in.Delta
	var faults Faults
	if max(in.Before, -in.Before, in.Delta, -in.Delta, after, -after) > money.Max {
		faults.add(FaultRange, "delta", "Een van de bedragen is te groot.")
	}
	if in.Delta < 0 && after < 0 {
		faults.add(FaultRange, "delta", "De correctie brengt de goedgekeurde waarde onder nul.")
	}
	if faults != nil {
		return Receipt{}, faults
	}
	e := explanation{rules: rs}
	subject := "Goedgekeurde waarde van het contract"
	if in.Line > 0 {
		subject = fmt.Sprintf("Goedgekeurde waarde van regel %d", in.Line)
	}
	e.step(subject+" vóór de correctie", in.Before.String(), inEuro)
	e.step(fmt.Sprintf("Correctie, betreft %d", in.Year), in.Delta.String(), inEuro)
	e.step(subject+" na de correctie", after.String(), inEuro)
	sign, size := "+", in.Delta
	if in.Delta < 0 {
		sign, size = "-", -in.Delta
	}
	return e.verdict(CorrectionResult, in, after,
		fmt.Sprintf("Goedgekeurd was %s; correctie %s %s = %s.", inFull(in.Before), sign, inFull(size), inFull(after)))
}

// ExplainRejection is what remains of a rejected line: nothing. It returns Faults.
func (rs *RuleSet) ExplainRejection(in RejectionInput) (Receipt, error) {
	var faults Faults
	checkAmount("claimed", "opgegeven", in.Claimed, &faults)
	if faults != nil {
		return Receipt{}, faults
	}
	e := explanation{rules: rs}
	e.step("Opgegeven waarde", in.Claimed.String(), inEuro)
	e.step("Daarvan goedgekeurd", money.Cents(0).String(), inEuro)
	return e.verdict(RejectionResult, in, 0, fmt.Sprintf("Afgekeurd: van %s telt %s.", inFull(in.Claimed), inFull(0)))
}

// verdict closes the explanation of an amount that a person set: it rests on no
// rule in the file, so on no assumption either.
func (e *explanation) verdict(kind string, input any, result money.Cents, text string) (Receipt, error) {
	encoded, err := json.Marshal(input)
	if err != nil {
		return Receipt{}, fmt.Errorf("invoer vastleggen: %w", err)
	}
	return Receipt{
		Rules: e.rules.ref, Kind: kind, Source: byVerdict, Input: encoded, Steps: e.steps,
		Exact: strconv.FormatInt(int64(result), 10), Rounding: rounding, Result: result, Text: text,
	}, nil
}

// inFull writes an amount with its cents, also where there are none: sums read
// better so.
func inFull(c money.Cents) string {
	if c%100 == 0 {
		return c.Euro() + ",00"
	}
	return c.Euro()
}
