// SPDX-License-Identifier: EUPL-1.2

// Package plan works out a whole plan of Social Return: what intended efforts
// are worth together, per line, per period and in total, which limits bite from
// which day, what would close the gap, and what a contract will come to.
//
// It stands on internal/ruleset, which values one effort at a time, and adds
// what only shows when efforts are seen together: lines of one person share a
// norm week, a limit per person and the months of a block; blocks share a
// ceiling. It stores nothing and is pure.
//
//	internal/edge, internal/app
//	       │
//	internal/plan        efforts + terms → outcome, advice, forecast
//	       │
//	internal/sroi, internal/ruleset, internal/money, internal/calendar
package plan

import (
	"errors"
	"fmt"
	"slices"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

// Effort is an intended effort: exactly one of Placement, Purchase and Activity
// is set.
type Effort struct {
	// Person is a label within the plan, such as "A": lines with the same label are
	// about one person. Empty: a person of its own.
	Person    string                  `json:"person,omitempty"`
	Placement *ruleset.PlacementInput `json:"placement,omitempty"` // Counted is the plan's, and Window too where it is empty
	Purchase  *ruleset.PurchaseInput  `json:"purchase,omitempty"`
	Activity  *ruleset.ActivityInput  `json:"activity,omitempty"`
}

// Terms is what the contract of a plan asks.
type Terms struct {
	Obliged money.Cents
	Met     money.Cents   // before the plan begins
	Term    calendar.Span // closed
	Counted calendar.Span // the days that count: Term, with its head start
	Periods []calendar.Period
	// AdviseFrom is the first day of what is advised; zero: that of the term.
	AdviseFrom calendar.Date
}

// Outcome is what a plan comes to. Without terms it has no periods, and nothing
// in it is counted or outstanding.
type Outcome struct {
	Lines   []Line // in the order of the efforts
	Periods []PeriodTotal
	Total   money.Cents // what the lines are worth
	// Counted is what of Total meets the obligation: within the days that count,
	// under the ceilings.
	Counted     money.Cents
	Outstanding money.Cents // of the obligation, zero where it is met
	Excess      money.Cents // counted beyond the obligation
	Advice      []Advice    // what would close the gap, one by one
}

// Line is what one effort comes to.
type Line struct {
	Person  string
	Receipt ruleset.Receipt
	Periods []Share // that it is worth something in
	Limits  []ruleset.Limit
}

// Share is the part of an amount in a period.
type Share struct {
	Period calendar.Period `json:"period"`
	Amount money.Cents     `json:"amount"`
}

// Planned is what a plan counts in a period.
type Planned struct {
	Share
	Capped     []sroi.Capped `json:"capped,omitempty"`     // the part of Amount under each ceiling
	Activities int           `json:"activities,omitempty"` // of what is owed instead of an amount
}

// PeriodTotal is all lines in one period. What is counted in periods adds up to
// what the plan counts.
type PeriodTotal struct {
	Period      calendar.Period
	Span        calendar.Span // of the period within the term
	Value       money.Cents
	Counted     money.Cents
	Covered     money.Cents   // counted up to the end of the period, with what was met before
	Outstanding money.Cents   // at the end of the period
	Capped      []sroi.Capped // the part of Counted under each ceiling
	Activities  int           // of what is owed instead of an amount
}

// Planned is what the plan counts in the period; false where that is nothing.
func (p PeriodTotal) Planned() (Planned, bool) {
	planned := Planned{Share: Share{p.Period, p.Counted}, Capped: p.Capped, Activities: p.Activities}
	return planned, p.Counted > 0 || p.Activities > 0
}

// FaultTooMany is the code of a fault beside those of internal/ruleset: one
// person has more spans of hours than are looked through.
const FaultTooMany = "te-veel"

// maxSpans bounds the spans of hours of one person over all lines, since each is
// held against each other [choice].
const maxSpans = 500

// Work works a plan out; terms are nil where no contract is asked about. It
// returns ruleset.Faults, with fields such as "efforts/3/schedule/0/perWeek".
func Work(rules *ruleset.RuleSet, efforts []Effort, terms *Terms) (Outcome, error) {
	w := worker{rules: rules, terms: terms, lines: make([]line, len(efforts))}
	for i := range efforts {
		w.lines[i].Effort = &efforts[i]
	}
	if err := w.value(); err != nil {
		return Outcome{}, err
	}
	var outcome Outcome
	if terms != nil {
		if err := w.account(&outcome); err != nil {
			return Outcome{}, err
		}
	}
	for i := range w.lines {
		l := &w.lines[i]
		slices.SortStableFunc(l.limits, func(a, b ruleset.Limit) int { return a.From.Compare(b.From) })
		outcome.Lines = append(outcome.Lines, Line{Person: l.Person, Receipt: l.receipt, Periods: l.shares, Limits: l.limits})
		outcome.Total += l.receipt.Result
	}
	return outcome, nil
}

// worker is a plan while it is worked out.
type worker struct {
	rules *ruleset.RuleSet
	terms *Terms
	lines []line
}

// line is an effort while it is worked out.
type line struct {
	*Effort
	input     ruleset.PlacementInput // of a placement, as it counts beside the person's others
	displaced bool                   // the person's other lines fill every norm week
	receipt   ruleset.Receipt
	limits    []ruleset.Limit
	faults    ruleset.Faults
	shares    []Share
	reached   money.Cents // their sum
}

func (l *line) block() string {
	switch {
	case l.Placement != nil:
		return l.Placement.Block
	case l.Purchase != nil:
		return l.Purchase.Block
	}
	return l.Activity.Block
}

// value values every line, or names every fault in any of them.
func (w *worker) value() error {
	for _, person := range w.persons() {
		if err := w.valuePerson(person); err != nil {
			return err
		}
	}
	var faults ruleset.Faults
	for i := range w.lines {
		l := &w.lines[i]
		var err error
		switch {
		case l.Purchase != nil:
			l.receipt, err = w.rules.ExplainPurchase(*l.Purchase)
		case l.Activity != nil:
			l.receipt, err = w.rules.ExplainActivity(*l.Activity)
			if err == nil {
				l.limits, err = w.rules.ActivityLimits(*l.Activity)
			}
		}
		if err := l.refuse(err); err != nil {
			return err
		}
		for _, fault := range l.faults {
			fault.Field = fmt.Sprintf("efforts/%d/%s", i, fault.Field)
			faults = append(faults, fault)
		}
		if l.Placement == nil {
			w.outside(l)
		}
	}
	if faults != nil {
		return faults
	}
	return nil
}

// refuse keeps the faults of a line; another error is given back.
func (l *line) refuse(err error) error {
	if err == nil {
		return nil
	}
	faults, ok := errors.AsType[ruleset.Faults](err)
	if !ok {
		return err
	}
	l.faults = append(l.faults, faults...)
	return nil
}

// day is when an invoice or activity falls; zero of a placement.
func (l *line) day() calendar.Date {
	switch {
	case l.Purchase != nil:
		return l.Purchase.InvoiceDate
	case l.Activity != nil:
		return l.Activity.Date
	}
	return calendar.Date{}
}

// outside tells that an invoice or activity falls outside the days that count.
func (w *worker) outside(l *line) {
	day := l.day()
	if w.terms == nil || day.IsZero() || w.terms.Counted.Contains(day) {
		return
	}
	kind, word := ruleset.LimitContractEnd, "na"
	if day.Before(w.terms.Counted.From) {
		kind, word = ruleset.LimitHeadStart, "vóór"
	}
	l.limits = append(l.limits, ruleset.Limit{
		Kind: kind, From: day, Text: fmt.Sprintf("Telt niet: %s valt %s de looptijd van het contract.", day.Dutch(), word),
	})
}
