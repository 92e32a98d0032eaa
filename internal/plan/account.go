// SPDX-License-Identifier: EUPL-1.2

package plan

import (
	"fmt"
	"sort"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

// account spreads the lines over the periods of the contract, holds them under
// the ceilings, and compares them with the obligation.
func (w *worker) account(outcome *Outcome) error {
	covered, before := w.terms.Met, sroi.YearAmounts{}
	for _, period := range w.terms.Periods {
		total := PeriodTotal{Period: period, Span: period.Span().Intersect(w.terms.Term)}
		for i := range w.lines {
			l := &w.lines[i]
			reached, err := w.until(l, total.Span.To)
			if err != nil {
				return err
			}
			if added := reached - l.reached; added > 0 {
				l.shares, l.reached = append(l.shares, Share{period, added}), reached
				total.Value += added
			}
		}
		counted := w.counted(total.Span.To)
		reached := w.terms.Met + counted.Verified
		total.Counted, total.Capped, covered = reached-covered, counted.Minus(before).Capped, reached
		total.Activities = counted.Done - before.Done
		before = counted
		total.Covered, total.Outstanding = covered, max(w.terms.Obliged-covered, 0)
		outcome.Periods = append(outcome.Periods, total)
	}
	outcome.Counted = covered - w.terms.Met
	outcome.Outstanding, outcome.Excess = max(w.terms.Obliged-covered, 0), max(covered-w.terms.Obliged, 0)
	if err := w.ceilings(); err != nil {
		return err
	}
	var err error
	outcome.Advice, err = Advise(w.rules, *w.terms, outcome.Outstanding, w.rooms())
	return err
}

// until is what a line counts up to and including a day: never more than at its
// end. Periods are differences of it, so that they add up to the line.
func (w *worker) until(l *line, day calendar.Date) (money.Cents, error) {
	if l.Placement == nil {
		if !w.terms.Counted.Contains(l.day()) || l.day().After(day) {
			return 0, nil
		}
		return l.receipt.Result, nil
	}
	window := l.input.Window
	switch {
	case l.displaced, day.Before(window.From), day.Before(l.input.Schedule[0].From):
		return 0, nil
	case !day.Before(window.To), !day.Before(w.terms.Counted.To), !day.Before(last(l.input.Schedule)):
		return l.receipt.Result, nil
	}
	in := l.input
	in.Window.To = day
	if in.Approved != nil {
		in.Approved = append([]ruleset.Hours{}, sroi.Within(in.Approved, in.Window)...)
	}
	// A limit in hours weighs days, the worth of a placement months: the part
	// that is reached may pass its end by a little.
	in.Worked = min(share(in.Worked, w.agreed(in), w.agreed(l.input)), calendar.Minutes(in.Window.Days())*24*60)
	reached, err := w.rules.PlacementValue(&in)
	return min(reached, l.receipt.Result), err
}

// last is the last day of a schedule, which has one.
func last(schedule []ruleset.Hours) calendar.Date { return schedule[len(schedule)-1].End() }

// agreed is the hours of a placement in its window.
func (w *worker) agreed(in ruleset.PlacementInput) calendar.Minutes {
	return sroi.Expected(sroi.Within(sroi.Within(in.Schedule, in.Counted), in.Window))
}

// counted is what every line came to up to a day, each ceiling's at most the
// ceiling, as a ledger would have it.
func (w *worker) counted(until calendar.Date) sroi.YearAmounts {
	var sum sroi.YearAmounts
	under := map[string]money.Cents{}
	for i := range w.lines {
		l := &w.lines[i]
		one := sroi.YearAmounts{Verified: l.reached}
		if ceiling := w.rules.CeilingOf(l.block()); ceiling != nil {
			room := max(w.most(ceiling)-under[ceiling.Code], 0)
			under[ceiling.Code] += l.reached
			one.Verified = min(l.reached, room)
			one.Capped = []sroi.Capped{{Ceiling: ceiling.Code, Verified: one.Verified}}
		}
		if block, _ := w.rules.Block(l.block()); block.Category == ruleset.CategoryActivity && w.terms.Counted.Contains(l.day()) && !l.day().After(until) {
			one.Done = 1
		}
		sum = sum.Plus(one)
	}
	return sum
}

// most is what the blocks under a ceiling can meet of the obligation.
func (w *worker) most(ceiling *ruleset.Ceiling) money.Cents {
	return w.terms.Obliged.Times(ceiling.Percent.Fraction())
}

// rooms is what each ceiling still leaves, by its code.
func (w *worker) rooms() map[string]money.Cents {
	rooms := map[string]money.Cents{}
	for i := range w.rules.Ceilings {
		ceiling := &w.rules.Ceilings[i]
		rooms[ceiling.Code] = max(w.most(ceiling)-w.under(ceiling, soFar), 0)
	}
	return rooms
}

func soFar(l *line) money.Cents { return l.reached }

// under sums an amount of the lines under a ceiling.
func (w *worker) under(ceiling *ruleset.Ceiling, of func(*line) money.Cents) money.Cents {
	var sum money.Cents
	for i := range w.lines {
		if own := w.rules.CeilingOf(w.lines[i].block()); own != nil && own.Code == ceiling.Code {
			sum += of(&w.lines[i])
		}
	}
	return sum
}

// ceilings tells the lines under a ceiling that is passed from which day what
// they add counts no more.
func (w *worker) ceilings() error {
	for i := range w.rules.Ceilings {
		ceiling := &w.rules.Ceilings[i]
		if w.under(ceiling, soFar) <= w.most(ceiling) {
			continue
		}
		day, err := w.passed(ceiling)
		if err != nil {
			return err
		}
		for j := range w.lines {
			l := &w.lines[j]
			own := w.rules.CeilingOf(l.block())
			if own == nil || own.Code != ceiling.Code {
				continue
			}
			if before, err := w.until(l, day.AddDays(-1)); err != nil || before < l.receipt.Result {
				l.limits = append(l.limits, ruleset.Limit{Kind: ruleset.LimitCeiling, From: day, Text: fmt.Sprintf(
					"%s: samen dekt dit ten hoogste %s van de SR-verplichting, %s; op %s is dat bereikt.", ceiling.Label, ceiling.Percent.Dutch(), w.most(ceiling).Euro(), day.Dutch())})
			}
		}
	}
	return nil
}

// passed is the first day at whose end the lines under a ceiling are worth more
// than it.
func (w *worker) passed(ceiling *ruleset.Ceiling) (calendar.Date, error) {
	var fault error
	first := w.terms.Counted.From
	n := sort.Search(w.terms.Counted.Days(), func(n int) bool {
		return w.under(ceiling, func(l *line) money.Cents {
			reached, err := w.until(l, first.AddDays(n))
			if err != nil {
				fault = err
			}
			return reached
		}) > w.most(ceiling)
	})
	return first.AddDays(n), fault
}
