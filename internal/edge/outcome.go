// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"fmt"
	"reflect"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/plan"
	"socialreturn/internal/ruleset"
)

// outcomeAnswer is what a plan comes to.
type outcomeAnswer struct {
	Efforts     []effortAnswer      `json:"inspanningen"`
	Periods     []periodTotalAnswer `json:"perioden"`
	Total       money.Cents         `json:"totaal"`
	Counted     money.Cents         `json:"telt"`
	Outstanding money.Cents         `json:"openstaand"`
	Excess      money.Cents         `json:"overschot"`
	Advice      []adviceAnswer      `json:"advies"`
}

// effortAnswer is the receipt of an effort, with what the plan makes of it.
type effortAnswer struct {
	receiptAnswer
	Person  string        `json:"persoon,omitempty"`
	Periods []shareAnswer `json:"perioden"`
	Limits  []limitAnswer `json:"grenzen"`
}

type shareAnswer struct {
	Period calendar.Period `json:"periode"`
	Amount money.Cents     `json:"bedrag"`
}

func shareOf(s plan.Share) shareAnswer { return shareAnswer{Period: s.Period, Amount: s.Amount} }

func plannedOf(p plan.Planned) shareAnswer { return shareOf(p.Share) }

type limitAnswer struct {
	Kind word[ruleset.LimitKind] `json:"soort"`
	From calendar.Date           `json:"vanaf"`
	Text string                  `json:"toelichting"`
}

func limitOf(l ruleset.Limit) limitAnswer {
	return limitAnswer{Kind: word[ruleset.LimitKind](l.Kind), From: l.From, Text: l.Text}
}

type periodTotalAnswer struct {
	Period      calendar.Period `json:"periode"`
	From        calendar.Date   `json:"van"`
	To          calendar.Date   `json:"totEnMet"`
	Value       money.Cents     `json:"bedrag"`
	Counted     money.Cents     `json:"telt"`
	Covered     money.Cents     `json:"gedekt"`
	Outstanding money.Cents     `json:"openstaand"`
}

func periodTotalOf(p plan.PeriodTotal) periodTotalAnswer {
	return periodTotalAnswer{
		Period: p.Period, From: p.Span.From, To: p.Span.To, Value: p.Value, Counted: p.Counted, Covered: p.Covered, Outstanding: p.Outstanding,
	}
}

// adviceAnswer is one way to close the gap: a placement, or an invoice.
type adviceAnswer struct {
	Text          string                    `json:"tekst"`
	Block         string                    `json:"bouwblok,omitempty"`
	FulltimeYears string                    `json:"voltijdjaren,omitempty"`
	People        int                       `json:"personen,omitempty"`
	PerWeek       calendar.Minutes          `json:"urenPerWeek,omitzero"`
	Months        int                       `json:"maanden,omitempty"`
	From          calendar.Date             `json:"van,omitzero"`
	To            calendar.Date             `json:"totEnMet,omitzero"`
	Form          word[ruleset.Form]        `json:"vorm,omitempty"`
	Recognition   word[ruleset.Recognition] `json:"erkenning,omitempty"`
	Amount        *money.Cents              `json:"bedrag,omitempty"`
}

func adviceOf(a plan.Advice) adviceAnswer {
	answer := adviceAnswer{
		Text: a.Text, Block: a.Block, People: a.People, PerWeek: a.PerWeek, Months: a.Months, From: a.Span.From, To: a.Span.To,
		Form: word[ruleset.Form](a.Form), Recognition: word[ruleset.Recognition](a.Recognition),
	}
	if n := a.FulltimeYears; n > 0 {
		answer.FulltimeYears = fmt.Sprintf("%d.%02d", n/100, n%100)
	}
	if a.Amount > 0 {
		answer.Amount = &a.Amount
	}
	return answer
}

func outcomeOf(o plan.Outcome) (outcomeAnswer, error) {
	answer := outcomeAnswer{
		Efforts: []effortAnswer{}, Periods: each(o.Periods, periodTotalOf), Total: o.Total, Counted: o.Counted,
		Outstanding: o.Outstanding, Excess: o.Excess, Advice: each(o.Advice, adviceOf),
	}
	for _, line := range o.Lines {
		receipt, err := receiptOf(line.Receipt)
		if err != nil {
			return answer, err
		}
		answer.Efforts = append(answer.Efforts, effortAnswer{
			receiptAnswer: *receipt, Person: line.Person, Periods: each(line.Periods, shareOf), Limits: each(line.Limits, limitOf),
		})
	}
	return answer, nil
}

// addPlanWords are the words of plans.
func addPlanWords(add func(reflect.Type, vocabulary)) {
	add(words(
		pair[ruleset.LimitKind]{ruleset.LimitHeadStart, "aanloop"},
		pair[ruleset.LimitKind]{ruleset.LimitContractEnd, "contracteinde"},
		pair[ruleset.LimitKind]{ruleset.LimitSameEmployer, "zelfdeWerkgever"},
		pair[ruleset.LimitKind]{ruleset.LimitBlockMonths, "maandenBouwblok"},
		pair[ruleset.LimitKind]{ruleset.LimitPerson, "persoon"},
		pair[ruleset.LimitKind]{ruleset.LimitSubsidy, "subsidie"},
		pair[ruleset.LimitKind]{ruleset.LimitMinimumWeek, "minimumweek"},
		pair[ruleset.LimitKind]{ruleset.LimitNormWeek, "normweek"},
		pair[ruleset.LimitKind]{ruleset.LimitDailyMaximum, "dagmaximum"},
		pair[ruleset.LimitKind]{ruleset.LimitCeiling, "plafond"},
	))
	add(words(
		pair[plan.Light]{plan.Green, "groen"},
		pair[plan.Light]{plan.Orange, "oranje"},
		pair[plan.Light]{plan.Red, "rood"},
	))
}
