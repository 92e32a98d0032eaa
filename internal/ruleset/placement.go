// SPDX-License-Identifier: EUPL-1.2

package ruleset

import (
	"fmt"
	"slices"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
)

// PlacementValue is what a placement is worth in its window; ExplainPlacement
// gives the same amount with the reasons. It returns Faults.
func (rs *RuleSet) PlacementValue(in *PlacementInput) (money.Cents, error) {
	p, err := rs.placement(in)
	if err != nil {
		return 0, err
	}
	return p.result, nil
}

// placement is a placement under a rule set, with its worth worked out.
type placement struct {
	rs    *RuleSet
	in    *PlacementInput
	block *Block
	rate  money.Cents // value and bonuses pro rata, per unit of the block
	once  money.Cents // what counts once: bonuses, and the value of a block per placement

	anchor     calendar.Date    // first day of the schedule in Counted, from which months are counted
	counts     calendar.Span    // the days that can count: Counted up to the limit in months
	weighed    int64            // what one unit of the calendar at full norm weighs, times units per year
	before     int64            // weight of the schedule up to the window
	inside     int64            // weight of the schedule, or of what was approved, in the window
	onceBefore money.Cents      // once, where it counted before the window
	onceInside money.Cents      // once, where it counts in the window
	limit      *PersonLimit     // of the person over all contracts; nil: none
	used       calendar.Minutes // of a limit in worked hours, before the window
	cut        calendar.Date    // last day within a limit in months that ends in the window; zero: none does
	allowed    calendar.Minutes
	worked     calendar.Minutes // allowed of worked counts; equal where no limit bites

	earlier exact       // worth up to the window
	value   exact       // worth of the window
	result  money.Cents // of the window: the difference of rounded cumulative worths
}

func (rs *RuleSet) placement(in *PlacementInput) (placement, error) {
	block, faults := rs.checkPlacement(in)
	if faults != nil {
		return placement{}, faults
	}
	p := placement{rs: rs, in: in, block: block}
	p.rates()
	p.days()
	p.limitPerson()
	p.weigh()
	if !p.round() {
		return placement{}, Faults{{Code: FaultRange, Field: "schedule", Detail: "De waarde van deze plaatsing is groter dan het systeem aankan."}}
	}
	return p, nil
}

// rates adds up what counts per unit and what counts once.
func (p *placement) rates() {
	if p.block.Kind == PerPlacement {
		p.once = p.block.Value
	} else {
		p.rate = p.block.Value
	}
	if replacing := p.replacing(); replacing != nil {
		p.rate = replacing.Value
	}
	for _, code := range p.in.Bonuses {
		switch bonus := p.rs.bonuses[code]; {
		case bonus.Replaces || bonus.Group != "" && bonus != p.rs.counting(p.in.Bonuses, bonus.Group):
		case bonus.ProRata:
			p.rate += bonus.Value
		default:
			p.once += bonus.Value
		}
	}
}

// replacing is the bonus that comes in place of the block's value: the highest of
// those chosen; nil: none does.
func (p *placement) replacing() *Bonus {
	var best *Bonus
	for _, code := range p.in.Bonuses {
		if bonus := p.rs.bonuses[code]; bonus.Replaces && (best == nil || bonus.Value > best.Value) {
			best = bonus
		}
	}
	return best
}

// counting is the bonus that counts of those of a group that were chosen: the
// highest, and of equals the first in the file.
func (rs *RuleSet) counting(chosen []string, group string) *Bonus {
	var best *Bonus
	for i := range rs.Bonuses {
		bonus := &rs.Bonuses[i]
		if bonus.Group == group && slices.Contains(chosen, bonus.Code) && (best == nil || bonus.Value > best.Value) {
			best = bonus
		}
	}
	return best
}

// days finds the anchor and the days that can count.
func (p *placement) days() {
	p.counts = p.in.Counted
	p.anchor = firstIn(p.in.Schedule, p.in.Counted)
	if p.excluded() {
		p.counts = calendar.Span{}
	}
	if p.block.MaxMonths == 0 || p.anchor.IsZero() {
		return
	}
	p.counts = p.counts.Intersect(calendar.Span{From: p.counts.From, To: p.lastCounted()})
}

// lastCounted is the last day within the limit in months.
func (p *placement) lastCounted() calendar.Date {
	first := p.in.FirstCounted
	if first.IsZero() {
		first = p.anchor
	}
	return first.AddMonths(p.block.MaxMonths).AddDays(-1)
}

// excluded tells that the person worked for the same employer too shortly before.
func (p *placement) excluded() bool {
	months, left := p.block.SameEmployerMonths, p.in.LeftEmployer
	return months > 0 && !left.IsZero() && !left.Before(p.in.Schedule[0].From.AddMonths(-months))
}

// units is how much of the calendar a span takes, in units of which perYear (or
// the weeks of the block) make one.
func (p *placement) units(days calendar.Span) int64 {
	if p.block.Kind == PerWeeks {
		return int64(days.Days())
	}
	return p.rs.DayCount.Units(p.anchor, days)
}

// weight is what one unit of the calendar weighs at these weekly hours.
func (p *placement) weight(perWeek calendar.Minutes) int64 {
	switch {
	case perWeek < p.rs.MinimumWeek:
		return 0
	case p.block.ProRata == HoursAndDuration:
		return int64(min(perWeek, p.rs.NormWeek))
	case p.block.Kind == PerMonth:
		return 12
	}
	return 1
}

// until is the weight of spans up to and including a day.
func (p *placement) until(spans []Hours, day calendar.Date) int64 {
	if p.anchor.IsZero() {
		return 0
	}
	var sum int64
	for _, span := range spans {
		days := span.Intersect(p.counts)
		if days.Empty() || days.From.After(day) {
			continue
		}
		if days.End().After(day) {
			days.To = day
		}
		sum += p.weight(span.PerWeek) * p.subsidised(days)
	}
	return sum
}

// subsidised is the units of the days on which a subsidy runs, where the block
// asks that of a person who has one; else of all of them.
func (p *placement) subsidised(days calendar.Span) int64 {
	if !p.block.DuringSubsidy || p.in.Subsidised == nil {
		return p.units(days)
	}
	var sum int64
	for _, subsidy := range p.in.Subsidised {
		if both := days.Intersect(subsidy); !both.Empty() {
			sum += p.units(both)
		}
	}
	return sum
}

// weigh weighs what lies before and in the window.
func (p *placement) weigh() {
	p.weighed = p.rs.DayCount.UnitsPerYear()
	if p.block.Kind == PerWeeks {
		p.weighed = 7 * int64(p.block.Weeks)
	}
	if p.block.ProRata == HoursAndDuration {
		p.weighed *= int64(p.rs.NormWeek)
	}
	window := p.in.Window
	p.before = p.until(p.in.Schedule, window.From.AddDays(-1))
	if p.in.Approved == nil {
		p.inside = p.until(p.in.Schedule, window.To) - p.before
	} else {
		p.inside = p.until(p.in.Approved, window.To)
	}
	if p.once == 0 {
		return
	}
	switch {
	case p.before != 0:
		p.onceBefore = p.once
	case p.inside != 0:
		p.onceInside = p.once
	}
}

// round works out the worth: the difference between the rounded worth up to the
// end of the window and that up to its start, so that windows add up. It tells
// false where an amount exceeds money.Max.
func (p *placement) round() bool {
	p.earlier = p.worth(p.before, p.onceBefore)
	p.value = p.worth(p.inside, p.onceInside)
	cumulative := p.earlier.plus(p.value)
	if p.allowed != p.worked {
		p.value = p.value.times(int64(p.allowed), int64(p.worked))
		cumulative = p.earlier.times(int64(p.worked), int64(p.worked)).plus(p.value)
	}
	start, fitsBefore := p.earlier.cents()
	end, fits := cumulative.cents()
	p.result = end - start
	return fits && fitsBefore
}

func (p *placement) worth(weight int64, once money.Cents) exact {
	return product(int64(p.rate), weight, p.weighed).plus(product(int64(once), p.weighed, p.weighed))
}

// checkPlacement finds every fault of an input.
func (rs *RuleSet) checkPlacement(in *PlacementInput) (*Block, Faults) {
	var faults Faults
	block := rs.blockOf(in.Block, PlacementEffort, &faults)
	if !in.Form.valid() {
		faults.add(FaultForm, "form", "De vorm %q bestaat niet.", in.Form)
	} else if block != nil && !slices.Contains(block.Forms, in.Form) {
		faults.add(FaultForm, "form", "De vorm %s past niet bij het bouwblok %s.", in.Form.dutch(), block.Code)
	}
	rs.checkBonuses(in, block, &faults)
	if len(in.Schedule) == 0 {
		faults.add(FaultRequired, "schedule", "De uren per week van de plaatsing ontbreken.")
	}
	checkHours("schedule", in.Schedule, &faults)
	if in.Counted.Empty() {
		faults.add(FaultRequired, "counted", "De looptijd waarin de plaatsing telt ontbreekt of eindigt voor het begin.")
	}
	if in.Window.Empty() || in.Window.To.IsZero() {
		faults.add(FaultRequired, "window", "Het tijdvak heeft een eerste en een laatste dag nodig, in die volgorde.")
	}
	if first := firstIn(in.Schedule, in.Counted); !in.FirstCounted.IsZero() && !first.IsZero() && in.FirstCounted.After(first) {
		faults.add(FaultOrder, "firstCounted", "De eerste getelde dag ligt na de eerste dag van de plaatsing, %s.", first.Dutch())
	}
	if in.Worked < 0 || in.Worked > calendar.Minutes(in.Window.Days())*24*60 {
		faults.add(FaultHours, "worked", "De gewerkte uren zijn negatief of passen niet in het tijdvak.")
	}
	in.checkEarlier(&faults)
	checkSpans("subsidised", in.Subsidised, &faults)
	if in.Age < 0 || in.Age > 120 || in.InternshipMonths < 0 || in.InternshipMonths > 1200 {
		faults.add(FaultRange, "age", "De leeftijd of de duur van de stage is onmogelijk.")
	}
	checkHours("approved", in.Approved, &faults)
	if faults == nil {
		in.checkApproved(&faults)
	}
	return block, faults
}

// HoursGiven wants hours a week where the worth depends on them. No hours are
// worth nothing, which is right where other placements of the person leave none,
// and a fault where somebody enters a placement. It returns Faults or nil.
func (rs *RuleSet) HoursGiven(in *PlacementInput) error {
	block, known := rs.blocks[in.Block]
	if !known || block.ProRata != HoursAndDuration {
		return nil
	}
	var faults Faults
	for i := range in.Schedule {
		if in.Schedule[i].PerWeek == 0 {
			faults.add(FaultRequired, place("schedule", i)+"/perWeek", "De uren per week ontbreken; de waarde van %s hangt ervan af.", block.Code)
		}
	}
	if faults == nil {
		return nil
	}
	return faults
}

// maxUsed bounds the hours that a person can have used up: a century of the
// longest weeks.
const maxUsed = 5300 * calendar.MaxWeek

// checkEarlier wants times in order that do not overlap, with possible hours.
func (in *PlacementInput) checkEarlier(faults *Faults) {
	for i, earlier := range in.Earlier {
		if earlier.Worked < 0 || earlier.Worked > maxUsed {
			faults.add(FaultHours, place("earlier", i)+"/worked", "De eerder gewerkte uren zijn negatief of meer dan een mensenleven.")
		}
		if earlier.Empty() || earlier.To.IsZero() || i > 0 && !earlier.From.After(in.Earlier[i-1].To) {
			faults.add(FaultOrder, place("earlier", i), "De eerdere tijd %d heeft geen begin of einde, of begint niet na de vorige.", i+1)
		}
	}
}

func checkSpans(field string, spans []calendar.Span, faults *Faults) {
	for i, span := range spans {
		if span.Empty() || i > 0 && !span.From.After(spans[i-1].End()) {
			faults.add(FaultOrder, place(field, i), "Tijdvak %d heeft geen begin, eindigt voor het begin of begint niet na het vorige.", i+1)
		}
	}
}

func place(list string, i int) string { return fmt.Sprintf("%s/%d", list, i) }

// firstIn is the first day of the spans that lies in counted; zero: none does.
func firstIn(spans []Hours, counted calendar.Span) calendar.Date {
	for i := range spans {
		if days := spans[i].Intersect(counted); !days.Empty() {
			return days.From
		}
	}
	return calendar.Date{}
}

// blockOf is the block of a code, if it values this kind of effort.
func (rs *RuleSet) blockOf(code, effort string, faults *Faults) *Block {
	block, found := rs.blocks[code]
	switch {
	case !found:
		faults.add(FaultUnknownBlock, "block", "Dit bouwblok staat niet in deze rekenregel.")
	case block.Kind.Effort() != effort:
		faults.add(FaultWrongKind, "block", "Het bouwblok %s is geen %s.", code, effortInDutch[effort])
		return nil
	}
	return block
}

var effortInDutch = map[string]string{PlacementEffort: "plaatsing", PurchaseEffort: "inkoop", ActivityEffort: "activiteit"}

func (rs *RuleSet) checkBonuses(in *PlacementInput, block *Block, faults *Faults) {
	for i, code := range in.Bonuses {
		bonus, found := rs.bonuses[code]
		switch {
		case !found:
			faults.add(FaultUnknownBonus, place("bonuses", i), "Deze toeslag staat niet in deze rekenregel.")
		case slices.Contains(in.Bonuses[:i], code):
			faults.add(FaultDuplicateBonus, place("bonuses", i), "De toeslag %s staat er twee keer.", code)
		case block != nil && !slices.Contains(bonus.AppliesTo, block.Code):
			faults.add(FaultBonusNotForBlock, place("bonuses", i), "De toeslag %s geldt niet bij het bouwblok %s.", code, block.Code)
		case in.Age > 0 && in.Age < bonus.MinimumAge:
			faults.add(FaultBonusCondition, place("bonuses", i), "De toeslag %s geldt vanaf %d jaar; op de peildatum is de leeftijd %d.", code, bonus.MinimumAge, in.Age)
		case in.InternshipMonths > 0 && in.InternshipMonths < bonus.MinimumInternshipMonths:
			faults.add(FaultBonusCondition, place("bonuses", i), "De toeslag %s geldt na een stage van ten minste %d maanden; het waren er %d.", code, bonus.MinimumInternshipMonths, in.InternshipMonths)
		}
	}
}

// checkHours wants spans in order that do not overlap, of possible hours.
func checkHours(field string, spans []Hours, faults *Faults) {
	for i := range spans {
		span := &spans[i]
		if span.Empty() {
			faults.add(FaultOrder, place(field, i), "Regel %d van de uren heeft geen begin of eindigt voor het begin.", i+1)
		}
		if i > 0 && !span.From.After(spans[i-1].End()) {
			faults.add(FaultOrder, place(field, i)+"/from", "Regel %d van de uren begint niet na het einde van de vorige.", i+1)
		}
		if span.PerWeek < 0 || span.PerWeek > calendar.MaxWeek {
			faults.add(FaultHours, place(field, i)+"/perWeek", "Regel %d van de uren: per week kan van 0 tot en met %s uur.", i+1, calendar.MaxWeek.Dutch())
		}
	}
}

// checkApproved wants what was approved to lie in the window and in what was
// claimed.
func (in *PlacementInput) checkApproved(faults *Faults) {
	for i := range in.Approved {
		span := &in.Approved[i]
		if span.From.Before(in.Window.From) || span.End().After(in.Window.To) {
			faults.add(FaultOutsideWindow, place("approved", i), "Het goedgekeurde deel ligt niet binnen het tijdvak %s tot en met %s.", in.Window.From.Dutch(), in.Window.To.Dutch())
		} else if !claimed(in.Schedule, *span) {
			faults.add(FaultAboveSchedule, place("approved", i), "Goedgekeurd is meer dan de %s uur per week of andere dagen dan gemeld.", span.PerWeek.Dutch())
		}
	}
}

// claimed tells whether the schedule has at least these hours on all these days.
func claimed(schedule []Hours, approved Hours) bool {
	day := approved.From
	for _, span := range schedule {
		if span.PerWeek >= approved.PerWeek && span.Contains(day) {
			day = span.End().AddDays(1)
		}
	}
	return day.After(approved.End())
}
