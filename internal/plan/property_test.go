// SPDX-License-Identifier: EUPL-1.2

package plan_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/plan"
	"socialreturn/internal/ruleset"
)

// drawRules draws a rule set with any mix of limits.
func drawRules(t *rapid.T) *ruleset.RuleSet {
	changes := []change{
		value("normWeek", calendar.Minutes(rapid.SampledFrom([]int{32 * 60, 36 * 60, 36*60 + 30, 40 * 60}).Draw(t, "norm"))),
		value("minimumWeek", calendar.Minutes(rapid.SampledFrom([]int{0, 8 * 60, 11*60 + 30}).Draw(t, "minimum"))),
		value("dayCount", calendar.DayCount(rapid.IntRange(0, 1).Draw(t, "dayCount"))),
		value("headStartMonths", rapid.IntRange(0, 3).Draw(t, "headStart")),
		value("cadence", rapid.SampledFrom([]string{"monthly", "quarterly", "halfYearly"}).Draw(t, "cadence")),
		block("PW", "maxMonths", rapid.IntRange(1, 30).Draw(t, "maxMonths")),
		block("PW", "value", money.Cents(rapid.Int64Range(100_00, 60_000_00).Draw(t, "worth"))),
	}
	switch rapid.IntRange(0, 2).Draw(t, "personLimit") {
	case 1:
		changes = append(changes, personLimit(map[string]any{"months": rapid.IntRange(1, 24).Draw(t, "months")}))
	case 2:
		changes = append(changes, personLimit(map[string]any{"hours": calendar.Minutes(rapid.IntRange(100, 3800).Draw(t, "hours")) * 60}))
	}
	if rapid.Bool().Draw(t, "ceiling") {
		percent := money.Percent(rapid.IntRange(1, 100_00).Draw(t, "percent"))
		changes = append(changes, ceiling(percent.String(), "INKOOP", "WEP"))
	}
	return rulesWith(t, changes...)
}

var forms = map[string]ruleset.Form{"PW": ruleset.Employment, "LEERJAAR": ruleset.LearningJob, "LEERJAAR_UREN": ruleset.Internship, "WEP": ruleset.WorkExperience}

func drawDay(t *rapid.T, label string) calendar.Date {
	return day("2021-10-15").AddDays(rapid.IntRange(0, 900).Draw(t, label))
}

func drawEffort(t *rapid.T) plan.Effort {
	if rapid.IntRange(0, 3).Draw(t, "purchase") == 0 {
		return plan.Effort{Purchase: &ruleset.PurchaseInput{
			Block: "INKOOP", InvoiceDate: drawDay(t, "invoice"), Amount: money.Cents(rapid.Int64Range(0, 20_000_00).Draw(t, "amount")), Recognition: ruleset.Recognised,
		}}
	}
	code := rapid.SampledFrom([]string{"PW", "PW", "PW", "LEERJAAR", "LEERJAAR_UREN", "WEP"}).Draw(t, "block")
	effort := plan.Effort{
		Person:    rapid.SampledFrom([]string{"", "A", "B"}).Draw(t, "person"),
		Placement: &ruleset.PlacementInput{Block: code, Form: forms[code]},
	}
	from := drawDay(t, "start")
	for range rapid.IntRange(1, 3).Draw(t, "spans") {
		to := from.AddDays(rapid.IntRange(0, 300).Draw(t, "length"))
		effort.Placement.Schedule = append(effort.Placement.Schedule, ruleset.Hours{
			Span: calendar.Span{From: from, To: to}, PerWeek: calendar.Minutes(rapid.IntRange(1, 40).Draw(t, "hours")) * 30,
		})
		from = to.AddDays(1 + rapid.SampledFrom([]int{0, 40}).Draw(t, "gap"))
	}
	if rapid.IntRange(0, 3).Draw(t, "window") == 0 {
		first := effort.Placement.Schedule[0].Span
		effort.Placement.Window = calendar.Span{From: first.From.AddDays(rapid.IntRange(-20, 20).Draw(t, "opens")), To: first.To.AddDays(rapid.IntRange(30, 200).Draw(t, "closes"))}
		if part := first.Intersect(effort.Placement.Window); !part.Empty() && rapid.Bool().Draw(t, "approved") {
			effort.Placement.Approved = []ruleset.Hours{{Span: part, PerWeek: effort.Placement.Schedule[0].PerWeek / 2}}
		}
	}
	return effort
}

// drawn is a plan that can be worked out: no person over sixty hours a week.
type drawn struct {
	rules   *ruleset.RuleSet
	terms   plan.Terms
	efforts []plan.Effort
	outcome plan.Outcome
}

func drawPlan(t *rapid.T) drawn {
	d := drawn{rules: drawRules(t)}
	from := day("2022-01-01").AddDays(rapid.IntRange(0, 40).Draw(t, "from"))
	term := calendar.Span{From: from, To: from.AddDays(rapid.IntRange(10, 900).Draw(t, "term"))}
	d.terms = plan.Terms{
		Obliged: money.Cents(rapid.Int64Range(0, 80_000_00).Draw(t, "obliged")), Met: money.Cents(rapid.Int64Range(0, 5_000_00).Draw(t, "met")),
		Term: term, Counted: d.rules.Counted(term), Periods: calendar.Periods(term, d.rules.Cadence),
		AdviseFrom: from.AddDays(rapid.IntRange(-30, 400).Draw(t, "advise")),
	}
	for range rapid.IntRange(0, 5).Draw(t, "efforts") {
		next := append(slices.Clone(d.efforts), drawEffort(t))
		if outcome, err := plan.Work(d.rules, next, &d.terms); err == nil {
			d.efforts, d.outcome = next, outcome
		}
	}
	if d.efforts == nil {
		d.outcome = d.with(t)
	}
	return d
}

// with is the outcome of the plan with more efforts.
func (d drawn) with(t *rapid.T, more ...plan.Effort) plan.Outcome {
	outcome, err := plan.Work(d.rules, append(slices.Clone(d.efforts), more...), &d.terms)
	if err != nil {
		t.Fatal(err)
	}
	return outcome
}

func TestPeriodsAddUpToLinesAndTotals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawPlan(t)
		byPeriod := map[calendar.Period]money.Cents{}
		var total, within money.Cents
		for i, line := range d.outcome.Lines {
			var sum money.Cents
			for _, share := range line.Periods {
				if share.Amount <= 0 {
					t.Fatalf("line %d has a share of %s", i, share.Amount)
				}
				sum += share.Amount
				byPeriod[share.Period] += share.Amount
			}
			if outside := d.efforts[i].Purchase != nil && !d.terms.Counted.Contains(d.efforts[i].Purchase.InvoiceDate); !outside && sum != line.Receipt.Result || outside && sum != 0 {
				t.Fatalf("line %d: shares of %s, the line is worth %s", i, sum, line.Receipt.Result)
			}
			total, within = total+line.Receipt.Result, within+sum
		}
		covered := d.terms.Met
		for _, period := range d.outcome.Periods {
			if period.Value != byPeriod[period.Period] || period.Counted < 0 || period.Counted > period.Value {
				t.Fatalf("%s: %+v, the lines come to %s", period.Period, period, byPeriod[period.Period])
			}
			covered += period.Counted
			if period.Covered != covered || period.Outstanding != max(d.terms.Obliged-covered, 0) {
				t.Fatalf("%s: %+v, covered %s", period.Period, period, covered)
			}
		}
		o := d.outcome
		if o.Total != total || o.Counted != covered-d.terms.Met || o.Counted > within || d.rules.Ceilings == nil && o.Counted != within {
			t.Fatalf("total %s of %s, counted %s of %s", o.Total, total, o.Counted, within)
		}
		if o.Outstanding != max(d.terms.Obliged-covered, 0) || o.Excess != max(covered-d.terms.Obliged, 0) {
			t.Fatalf("outstanding %s, excess %s, covered %s", o.Outstanding, o.Excess, covered)
		}
	})
}

func TestOnePersonNeverCountsMoreThanSeveral(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawPlan(t)
		if d.rules.DayCount != calendar.ActualActual {
			return // months are counted from a line's own first day, which others may move
		}
		for i := range d.efforts {
			d.efforts[i].Person = ""
		}
		rounding := money.Cents(len(d.efforts)) * 1_00 // a limit in hours rounds minutes
		if apart := d.with(t); d.outcome.Total > apart.Total+rounding {
			t.Fatalf("as one person %s, as several %s", d.outcome.Total, apart.Total)
		}
	})
}

// TestAdviceIsTrue: what is advised closes the gap when it is added to the plan,
// and with an hour less a week (or, where the hours are the least, a month less;
// for an invoice, a euro less) it does not.
func TestAdviceIsTrue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawPlan(t)
		if (d.outcome.Outstanding > 0) != (len(d.outcome.Advice) > 0) {
			t.Fatalf("outstanding %s, %d pieces of advice", d.outcome.Outstanding, len(d.outcome.Advice))
		}
		for _, advice := range d.outcome.Advice {
			switch {
			case advice.People > 0:
				d.placementIsTrue(t, advice)
			case advice.Amount > 0:
				d.invoiceIsTrue(t, advice)
			}
		}
	})
}

func (d drawn) placementIsTrue(t *rapid.T, advice plan.Advice) {
	norm, least := d.rules.NormWeek, max((d.rules.MinimumWeek+59)/60*60, 60)
	if advice.PerWeek > norm || advice.PerWeek < least || advice.PerWeek%60 != 0 || advice.Months < 1 ||
		advice.Span.To != advice.Span.From.AddMonths(advice.Months).AddDays(-1) || advice.Span.To.After(d.terms.Term.To) || advice.Span.From.Before(d.terms.Term.From) {
		t.Fatalf("not within the term or the week: %+v", advice)
	}
	placed := func(people, months int, perWeek calendar.Minutes) []plan.Effort {
		var efforts []plan.Effort
		for range people {
			efforts = append(efforts, plan.Effort{Placement: &ruleset.PlacementInput{Block: advice.Block, Form: advice.Form, Schedule: []ruleset.Hours{{
				Span: calendar.Span{From: advice.Span.From, To: advice.Span.From.AddMonths(months).AddDays(-1)}, PerWeek: perWeek,
			}}}})
		}
		return efforts
	}
	if left := d.with(t, placed(advice.People, advice.Months, advice.PerWeek)...).Outstanding; left != 0 {
		t.Fatalf("%s: leaves %s", advice.Text, left)
	}
	switch {
	case advice.PerWeek > least:
		if d.with(t, placed(advice.People, advice.Months, advice.PerWeek-60)...).Outstanding == 0 {
			t.Fatalf("%s: an hour less suffices", advice.Text)
		}
	case advice.Months > 1:
		if d.with(t, placed(advice.People, advice.Months-1, advice.PerWeek)...).Outstanding == 0 {
			t.Fatalf("%s: a month less suffices", advice.Text)
		}
	}
	if advice.People > 1 && d.with(t, placed(advice.People-1, advice.Months, norm/60*60)...).Outstanding == 0 {
		t.Fatalf("%s: one person less suffices", advice.Text)
	}
}

func (d drawn) invoiceIsTrue(t *rapid.T, advice plan.Advice) {
	bought := func(amount money.Cents) plan.Effort {
		return plan.Effort{Purchase: &ruleset.PurchaseInput{
			Block: advice.Block, InvoiceDate: d.terms.Term.To, Amount: amount, LabourPart: &amount, Recognition: advice.Recognition,
		}}
	}
	if left := d.with(t, bought(advice.Amount)).Outstanding; left != 0 {
		t.Fatalf("%s: leaves %s", advice.Text, left)
	}
	if less := advice.Amount - 1_00; less >= 0 && d.with(t, bought(less)).Outstanding == 0 {
		t.Fatalf("%s: a euro less suffices", advice.Text)
	}
}

func TestTheOrderOfLinesChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawPlan(t)
		for i := range d.efforts { // of one start the first line goes first
			if p := d.efforts[i].Placement; p != nil {
				for _, other := range d.efforts[:i] {
					if o := other.Placement; o != nil && other.Person == d.efforts[i].Person && o.Schedule[0].From == p.Schedule[0].From {
						return
					}
				}
			}
		}
		d.efforts = rapid.Permutation(d.efforts).Draw(t, "order")
		if again := d.with(t); again.Total != d.outcome.Total || again.Counted != d.outcome.Counted {
			t.Fatalf("total %s and counted %s, were %s and %s", again.Total, again.Counted, d.outcome.Total, d.outcome.Counted)
		}
	})
}
