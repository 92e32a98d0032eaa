// SPDX-License-Identifier: EUPL-1.2

package ruleset

import (
	"encoding/json"
	"fmt"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
)

// DueInput asks which part of an obligation is due at the end of a day.
type DueInput struct {
	Obligation money.Cents   `json:"obligation"`
	Term       calendar.Span `json:"term"` // closed
	AsOf       calendar.Date `json:"asOf"`
}

// passed is the days of the term up to the end of the day.
func (in DueInput) passed() int {
	return in.Term.Intersect(calendar.Span{From: in.Term.From, To: in.AsOf}).Days()
}

func (in DueInput) exact() exact {
	if in.Term.Days() == 0 {
		return exact{}
	}
	return product(int64(in.Obligation), int64(in.passed()), int64(in.Term.Days()))
}

// Due is the part of an obligation that is due, pro rata of the term in days:
// nothing before the term, all of it from its last day. Every figure that is pro
// rata of a term uses it, so that what is due between two days is the
// difference and parts always add up to the whole.
func Due(in DueInput) money.Cents {
	due, _ := in.exact().cents()
	return due
}

// ExplainDue is Due with its receipt. Pro rata of the term is a definition of the
// house, the same under every rule set.
func (rs *RuleSet) ExplainDue(in DueInput) (Receipt, error) {
	encoded, err := json.Marshal(in)
	if err != nil {
		return Receipt{}, fmt.Errorf("invoer vastleggen: %w", err)
	}
	e := explanation{rules: rs}
	passed, days, due := in.passed(), in.Term.Days(), Due(in)
	e.step("SR-verplichting", in.Obligation.String(), inEuro)
	e.step("Looptijd "+through(in.Term), fmt.Sprint(days), "dagen")
	e.step("Verstreken tot en met "+in.AsOf.Dutch(), fmt.Sprint(passed), "dagen")
	return Receipt{
		Rules: rs.ref, Kind: DueResult, Source: "definitie: naar rato van de looptijd in dagen", Input: encoded,
		Steps: e.steps, Exact: in.exact().String(), Rounding: rounding, Result: due,
		Text: fmt.Sprintf("%s × %d / %d dagen %s", in.Obligation.Euro(), passed, days, rounded(due, in.exact().whole())),
	}, nil
}
