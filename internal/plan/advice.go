// SPDX-License-Identifier: EUPL-1.2

package plan

import (
	"fmt"
	"slices"
	"strings"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

// Advice is one way to close the gap: a placement for each of so many people, or
// an invoice. Where neither can, it has only the words that say why.
type Advice struct {
	Text  string // in Dutch
	Block string
	// FulltimeYears is what is still needed in hundredths of a full-time year,
	// rounded up; zero where the block counts otherwise.
	FulltimeYears int64
	People        int              // new to the plan; zero: no placement closes the gap
	PerWeek       calendar.Minutes // of each, whole hours
	Months        int              // of each, whole months from Span.From on
	Span          calendar.Span
	Form          ruleset.Form
	Recognition   ruleset.Recognition // of the seller
	Amount        money.Cents         // of the invoice excl. VAT, or of its labour part
}

// [choice] What is shown: at most so many building blocks, of each at most so
// many people, and first a placement of at most a year, since that is how people
// plan.
const (
	mostBlocks  = 5
	mostPeople  = 50
	usualMonths = 12
)

// Advise says what would close a gap, each piece of advice by itself: for each
// building block of placements, those worth most first and at most five, and for
// each kind of seller. Rooms are what ceilings still leave, by code. It advises
// nothing where there is no gap.
func Advise(rules *ruleset.RuleSet, terms Terms, gap money.Cents, rooms map[string]money.Cents) ([]Advice, error) {
	if gap <= 0 {
		return nil, nil
	}
	for _, first := range []calendar.Date{terms.Term.From, terms.Counted.From} {
		if terms.AdviseFrom.Before(first) {
			terms.AdviseFrom = first
		}
	}
	var ranked []candidate
	for i := range rules.Blocks {
		block := &rules.Blocks[i]
		if block.Kind.Effort() != ruleset.PlacementEffort {
			continue
		}
		c := candidate{rules: rules, terms: terms, block: block, gap: gap, room: roomOf(rules, block.Code, gap, rooms)}
		if err := c.bounds(); err != nil {
			return nil, err
		}
		ranked = append(ranked, c)
	}
	slices.SortStableFunc(ranked, func(a, b candidate) int { return int(min(max(b.best-a.best, -1), 1)) })
	advice := []Advice{}
	for _, c := range ranked[:min(len(ranked), mostBlocks)] {
		if c.best == 0 {
			continue
		}
		one, err := c.advise()
		if err != nil {
			return nil, err
		}
		advice = append(advice, one)
	}
	if len(advice) == 0 && len(ranked) > 0 {
		advice = append(advice, Advice{Text: "Er is geen hele maand van het contract meer over: een plaatsing kan het tekort niet meer dichten."})
	}
	return append(advice, purchases(rules, gap, rooms)...), nil
}

// roomOf is what a block can still meet of a gap.
func roomOf(rules *ruleset.RuleSet, block string, gap money.Cents, rooms map[string]money.Cents) money.Cents {
	if ceiling := rules.CeilingOf(block); ceiling != nil {
		return min(rooms[ceiling.Code], gap)
	}
	return gap
}

// candidate is a block with which the gap may be closed.
type candidate struct {
	rules *ruleset.RuleSet
	terms Terms
	block *ruleset.Block
	gap   money.Cents
	room  money.Cents // of the gap, under the block's ceiling

	least, most int         // hours a week
	months      int         // at most
	best        money.Cents // of one person in a usual time
}

// bounds finds what the rules and the rest of the term leave to one person.
func (c *candidate) bounds() error {
	c.least, c.most = max(int(c.rules.MinimumWeek+59)/60, 1), int(c.rules.NormWeek/60)
	for !c.last(c.months + 1).After(c.terms.Term.To) {
		c.months++
	}
	if c.block.MaxMonths > 0 {
		c.months = min(c.months, c.block.MaxMonths)
	}
	if limit := c.rules.LimitOf(c.block.Code); limit != nil && limit.Months > 0 {
		c.months = min(c.months, limit.Months)
	}
	if c.months == 0 || c.least > c.most {
		return nil
	}
	var err error
	c.best, err = c.worth(c.most, min(c.months, usualMonths))
	return err
}

// last is the last day of so many months.
func (c *candidate) last(months int) calendar.Date {
	return c.terms.AdviseFrom.AddMonths(months).AddDays(-1)
}

func (c *candidate) span(months int) calendar.Span {
	return calendar.Span{From: c.terms.AdviseFrom, To: c.last(months)}
}

// worth is what one new person comes to.
func (c *candidate) worth(hours, months int) (money.Cents, error) {
	in := ruleset.PlacementInput{
		Block: c.block.Code, Form: c.block.Forms[0], Counted: c.terms.Counted, Window: c.terms.Counted,
		Schedule: []ruleset.Hours{{Span: c.span(months), PerWeek: calendar.Minutes(hours) * 60}},
	}
	if limit := c.rules.LimitOf(c.block.Code); limit != nil && limit.Hours > 0 {
		in.Worked = sroi.Expected(in.Schedule)
	}
	return c.rules.PlacementValue(&in)
}

// advise words how the gap closes: with the fewest people, for a usual time
// where that suffices, and then with the fewest hours a week; where the least
// hours are enough, for the fewest months.
func (c *candidate) advise() (Advice, error) {
	advice := Advice{Block: c.block.Code, FulltimeYears: c.fulltimeYears(), Form: c.block.Forms[0]}
	if c.room < c.gap {
		advice.Text = fmt.Sprintf("%s. Hiermee alleen lukt het niet: onder het plafond telt hiervan nog %s.", c.needed(), c.room.Euro())
		return advice, nil
	}
	people, err := c.people()
	if err != nil {
		return advice, err
	}
	if people > mostPeople {
		advice.Text = fmt.Sprintf("%s. Hiermee alleen lukt het niet: dat vraagt meer dan %d mensen.", c.needed(), mostPeople)
		return advice, nil
	}
	closes := func(hours, months int) bool {
		worth, fault := c.worth(hours, months)
		if fault != nil {
			err = fault
		}
		return worth*money.Cents(people) >= c.gap
	}
	usual := min(c.months, usualMonths)
	hours, months := c.most, usual
	for months < c.months && !closes(hours, months) {
		months++
	}
	for !closes(hours, months) && months > 1 { // a limit in hours weighs short months more
		months = min(months, usual) - 1
	}
	for hours > c.least && closes(hours-1, months) {
		hours--
	}
	for hours == c.least && months > 1 && closes(hours, months-1) {
		months--
	}
	advice.People, advice.PerWeek, advice.Months, advice.Span = people, calendar.Minutes(hours)*60, months, c.span(months)
	advice.Text = c.words(advice)
	return advice, err
}

// people is how many are needed at least, for as long as serves them best.
func (c *candidate) people() (int, error) {
	if c.best >= c.gap {
		return 1, nil
	}
	best := c.best
	for months := 1; months <= c.months; months++ {
		worth, err := c.worth(c.most, months)
		if err != nil {
			return 0, err
		}
		best = max(best, worth)
	}
	return int((c.gap + best - 1) / best), nil
}

// fulltimeYears is the gap in hundredths of a full-time year, rounded up.
func (c *candidate) fulltimeYears() int64 {
	if c.block.Kind != ruleset.PerFulltimeYear {
		return 0
	}
	return c.units()
}

// units is the gap in hundredths of what the block's value is per, rounded up.
func (c *candidate) units() int64 {
	return int64((c.gap*100 + c.block.Value - 1) / c.block.Value)
}

// needed is the gap in the unit of the block.
func (c *candidate) needed() string {
	n, unit := c.units(), c.block.Unit()
	if c.block.Kind == ruleset.PerPlacement {
		n = (n + 99) / 100 * 100
	}
	several := map[string]string{"maand": "maanden", "week": "weken", "plaatsing": "plaatsingen"}[unit]
	switch {
	case c.block.Weeks > 1:
		unit = "× " + unit
	case n != 100 && several != "":
		unit = several
	}
	quantity := strings.TrimSuffix(fmt.Sprintf("%d,%02d", n/100, n%100), ",00")
	return fmt.Sprintf("Nog %s %s %s (%s)", quantity, unit, c.block.Label, c.block.Code)
}

func (c *candidate) words(a Advice) string {
	week := a.PerWeek.Dutch() + " uur per week"
	if c.block.ProRata != ruleset.HoursAndDuration {
		week = "ten minste " + week
	}
	long := fmt.Sprintf("%d maanden lang", a.Months)
	switch a.Months {
	case 1:
		long = "een maand lang"
	case 12:
		long = "een jaar lang"
	}
	who := ""
	if a.People > 1 {
		who = fmt.Sprintf("één plaatsing is niet genoeg; %d mensen, elk ", a.People)
	}
	return fmt.Sprintf("%s: %s%s, %s, vanaf %s.", c.needed(), who, week, long, a.Span.From.Dutch())
}

// purchases says which invoice would close the gap, for each kind of seller.
func purchases(rules *ruleset.RuleSet, gap money.Cents, rooms map[string]money.Cents) []Advice {
	var advice []Advice
	for i := range rules.Blocks {
		block := &rules.Blocks[i]
		room := roomOf(rules, block.Code, gap, rooms)
		for _, share := range block.Recognitions {
			amount := (gap*100_00 + money.Cents(share.Percent) - 1) / money.Cents(max(share.Percent, 1))
			if share.Percent == 0 || amount > money.Max || room < gap {
				continue
			}
			what := "facturen voor"
			if block.Kind == ruleset.LabourPart {
				what = "facturen met een arbeidsdeel van"
			}
			advice = append(advice, Advice{
				Block: block.Code, Recognition: share.Recognition, Amount: amount,
				Text: fmt.Sprintf("%s (%s): %s %s excl. btw bij een %s; daarvan telt %s.",
					strings.TrimSpace(block.Label), block.Code, what, amount.Euro(), share.Recognition.Dutch(), share.Percent.Dutch()),
			})
		}
	}
	return advice
}
