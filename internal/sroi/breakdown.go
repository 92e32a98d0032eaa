// SPDX-License-Identifier: EUPL-1.2

package sroi

import (
	"cmp"
	"slices"
	"time"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
)

// Breakdown is what an indicator of an area's year is made of: a part for each
// contract or tender that adds to it, or to what it is a share of.
type Breakdown struct {
	Area   Area
	Year   int
	Code   string        // of the indicator
	Unit   Unit          // of Figure
	Counts Unit          // of the parts; of a share, what it is a share of
	Built  time.Time     // UTC
	AsOf   calendar.Date // the date on which the figures stand
	Figure Figure        // that of the ledgers
	// Recorded is what someone recorded from elsewhere; then the report has that
	// instead of Figure. Nil: nobody did.
	Recorded *Figure
	// Share tells that each part is of a whole, as the figure is.
	Share bool
	// Additive tells that the parts add up to the figure. Others count persons or
	// suppliers, each once however many contracts mention them.
	Additive bool
	Sum      Amount // of all parts, added up
	Parts    []Part // that may be shown one by one, largest first
	// Others is how many more there are; Rest is what they come to together, each
	// person and supplier counted once.
	Others int
	Rest   Amount
}

// Amount is a part of an indicator, in what Breakdown.Counts says: persons,
// full-time years, cents.
type Amount struct {
	Value money.Fraction
	Whole money.Fraction // what Value is a part of; zero where Breakdown is no Share
}

// Part is what one contract or tender adds to an indicator.
type Part struct {
	Source  string // of the contribution: "CONTRACT#<id>" or "TENDER#<id>"
	Number  string // the authority's own number or reference of it
	Title   string
	Entries int           // of its ledger, all of them counted
	Booked  calendar.Date // of the newest of them
	Amount  Amount
}

// BreakdownInput is what a breakdown is made of.
type BreakdownInput struct {
	Area          Area
	Year          int
	Code          string // a code of Codes
	Contributions []Contribution
	Values        []IndicatorValue // of the area; all revisions, each oldest first
	// Shown tells which contributions may be shown one by one.
	Shown func(Contribution) bool
	Built time.Time
	AsOf  calendar.Date
}

// BreakDown works out the part of each contribution with the very functions
// that make the indicator out of all of them. Numbers and titles are left open.
func BreakDown(in BreakdownInput) Breakdown {
	ind, months := indicatorOf(in.Code), month(in.Year, in.AsOf)
	b := Breakdown{
		Area: in.Area, Year: in.Year, Code: in.Code, Unit: ind.unit, Counts: ind.counts, Built: in.Built, AsOf: in.AsOf,
		Figure: Figure{State: NotMeasured}, Share: ind.whole != nil, Additive: !ind.distinct,
	}
	all, rest := newSum(), newSum()
	var sum tally
	for _, c := range in.Contributions {
		facts := c.Facts()
		all.add(facts, +1)
		own := newSum()
		own.add(facts, +1)
		one := ind.tally(own.figures(), months)
		sum = tally{sum.part + one.part, sum.whole + one.whole}
		switch {
		case one == tally{}:
		case in.Shown(c):
			b.Parts = append(b.Parts, Part{Source: c.Source, Entries: c.Seq, Booked: c.Booked, Amount: ind.amount(one)})
		default:
			b.Others++
			rest.add(facts, +1)
		}
	}
	if len(in.Contributions) > 0 {
		b.Figure = ind.of(all.figures(), months)
	}
	if figure, ok := recorded(in.Values, in.Code, in.Year, calendar.Date{}); ok {
		b.Recorded = &figure
	}
	b.Sum, b.Rest = ind.amount(sum), ind.amount(ind.tally(rest.figures(), months))
	slices.SortFunc(b.Parts, largestFirst)
	return b
}

// Facts is what the contribution is now.
func (c Contribution) Facts() Facts {
	if len(c.Steps) == 0 {
		return Facts{}
	}
	return c.Steps[len(c.Steps)-1].Facts
}

func largestFirst(a, b Part) int {
	return cmp.Or(
		b.Amount.Value.Compare(a.Amount.Value),
		b.Amount.Whole.Compare(a.Amount.Whole),
		cmp.Compare(a.Source, b.Source),
	)
}
