// SPDX-License-Identifier: EUPL-1.2

package ruleset

import (
	"fmt"
	"slices"
	"strings"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
)

// ExplainPlacement is what a placement is worth in its window, and why. It
// returns Faults.
func (rs *RuleSet) ExplainPlacement(in PlacementInput) (Receipt, error) {
	p, err := rs.placement(&in)
	if err != nil {
		return Receipt{}, err
	}
	e := placementExplanation{explanation: explanation{rules: rs}, placement: &p}
	e.sources()
	e.worths()
	var formula string
	switch {
	case p.result == 0 && (p.inside == 0 || p.allowed == 0):
		formula = "In dit tijdvak telt niets: " + e.whyNothing() + "."
	case p.in.Approved == nil && p.allowed == p.worked:
		formula = e.cumulative()
	default:
		formula = e.part()
	}
	e.limits()
	return e.receipt(PlacementEffort, rs.blockPath(p.block), p.block.Source, in, formula, p.value, p.result)
}

type placementExplanation struct {
	explanation
	*placement
}

// sources notes what the amount rests on.
func (e *placementExplanation) sources() {
	d := &e.rs.doc
	e.restsOn(e.block.Source, e.block.SourceOf, "kind", "value", "weeks", "proRata", "forms", "maxMonths", "duringSubsidy", "sameEmployerMonths")
	e.restsOn(d.DayCount.Source, nil)
	if e.block.ProRata == HoursAndDuration {
		e.restsOn(d.NormWeek.Source, nil)
	}
	if d.MinimumWeek.Value > 0 {
		e.restsOn(d.MinimumWeek.Source, nil)
	}
	if d.HeadStartMonths.Value > 0 {
		e.restsOn(d.HeadStartMonths.Source, nil)
	}
	for _, code := range e.in.Bonuses {
		bonus := e.rs.bonuses[code]
		e.restsOn(bonus.Source, bonus.SourceOf, "value", "proRata", "replaces", "group", "minimumAge", "minimumInternshipMonths", "appliesTo")
	}
	if limit := e.limit; limit != nil {
		e.restsOn(limit.Source, limit.SourceOf, "hours", "months", "gapMonths", "appliesTo")
	}
}

// worths shows the value of the block and what the bonuses do.
func (e *placementExplanation) worths() {
	rs, per := e.rs, "euro per "+e.block.Unit()
	name, replacing := "Bouwblok "+e.block.Code+": "+e.block.Label, e.replacing()
	if replacing != nil {
		name += "; vervangen door " + replacing.Code
	}
	e.step(name, e.block.Value.String(), per)
	for _, code := range e.in.Bonuses {
		bonus := rs.bonuses[code]
		name := "Toeslag " + code + ": " + bonus.Label
		counting := rs.counting(e.in.Bonuses, bonus.Group)
		if bonus.Replaces {
			counting = replacing
		}
		switch {
		case (bonus.Group != "" || bonus.Replaces) && counting != bonus:
			e.step(name+"; vervangen door "+counting.Code, "0.00", inEuro)
		case bonus.Replaces:
			e.step(name+"; in plaats van het bouwblok", bonus.Value.String(), per)
		case bonus.ProRata:
			e.step(name, bonus.Value.String(), per)
		default:
			e.step(name+"; eenmalig", bonus.Value.String(), inEuro)
		}
	}
}

// rateText is the value of the block, and the bonuses pro rata where there are.
func (e *placementExplanation) rateText() string {
	base := e.block.Value
	if replacing := e.replacing(); replacing != nil {
		base = replacing.Value
	}
	amount := base.Euro()
	if bonuses := e.rate - base; bonuses != 0 {
		amount = "(" + amount + " + " + bonuses.Euro() + " toeslag)"
	}
	return amount + " per " + e.block.Unit()
}

// stretch is days of equal weight.
type stretch struct {
	weight int64
	units  int64
}

// stretches shows each span that counts up to a day, and sums those of equal
// weight: a placement that is split reads as one.
func (e *placementExplanation) stretches(spans []Hours, until calendar.Date) []stretch {
	var sums []stretch
	for _, span := range spans {
		days := span.Intersect(e.counts).Intersect(calendar.Span{From: span.From, To: until})
		weight := e.weight(span.PerWeek)
		if days.Empty() || weight == 0 {
			continue
		}
		units := e.subsidised(days)
		e.step(through(days)+e.hoursText(span.PerWeek)+e.subsidyText(units, days), e.duration(units), e.durationUnit())
		if i := slices.IndexFunc(sums, func(s stretch) bool { return s.weight == weight }); i >= 0 {
			sums[i].units += units
		} else {
			sums = append(sums, stretch{weight, units})
		}
	}
	return sums
}

func (e *placementExplanation) hoursText(perWeek calendar.Minutes) string {
	if e.block.ProRata != HoursAndDuration {
		return ""
	}
	norm := e.rs.NormWeek
	text := ", " + perWeek.Dutch() + " uur per week"
	if perWeek > norm {
		text += ", telt als " + norm.Dutch()
	}
	return text
}

func (e *placementExplanation) subsidyText(units int64, days calendar.Span) string {
	if units == e.units(days) {
		return ""
	}
	return ", alleen zolang de loonkostensubsidie loopt"
}

// duration is a number of units in months, in years or, for weeks, in days, by
// what is counted.
func (e *placementExplanation) duration(units int64) string {
	if e.block.Kind == PerWeeks {
		return fmt.Sprint(units)
	}
	per := e.rs.DayCount.UnitsPerYear()
	if e.rs.DayCount == calendar.MonthsFromStart {
		per /= 12
	}
	whole, rest := units/per, money.Fraction{Num: units % per, Den: per}
	switch {
	case rest.Num == 0:
		return fmt.Sprint(whole)
	case whole == 0:
		return rest.String()
	}
	return fmt.Sprintf("%d + %s", whole, rest)
}

func (e *placementExplanation) durationUnit() string {
	if e.block.Kind == PerWeeks {
		return "dagen"
	}
	if e.rs.DayCount == calendar.MonthsFromStart {
		return "maanden"
	}
	return "jaar"
}

// maxTerms is how many terms a formula shows before it gives their sum.
const maxTerms = 3

// terms words what the rate is multiplied by.
func (e *placementExplanation) terms(sums []stretch) string {
	if len(sums) > maxTerms {
		var weight int64
		for _, sum := range sums {
			weight += sum.weight * sum.units
		}
		return fmt.Sprintf("%s %s (som van de tijdvakken)", money.Fraction{Num: weight, Den: e.weighed}, e.block.Unit())
	}
	terms := make([]string, len(sums))
	for i, sum := range sums {
		terms[i] = e.term(sum)
	}
	if len(terms) == 1 {
		return terms[0]
	}
	return "(" + strings.Join(terms, " + ") + ")"
}

func (e *placementExplanation) term(sum stretch) string {
	length := e.duration(sum.units)
	if strings.ContainsAny(length, "+/") {
		length = "(" + length + ")"
	}
	switch {
	case e.block.Kind == PerWeeks:
		length += fmt.Sprintf("/%d", 7*e.block.Weeks)
	case e.block.Kind != PerMonth && e.rs.DayCount == calendar.MonthsFromStart:
		length += "/12"
	}
	length += " " + e.durationUnit()
	if e.block.Kind == PerMonth && e.rs.DayCount == calendar.ActualActual {
		length = "12 × " + length
	}
	if e.block.ProRata != HoursAndDuration {
		return length
	}
	return fmt.Sprintf("%s/%s uur × %s", calendar.Minutes(sum.weight).Dutch(), e.rs.NormWeek.Dutch(), length)
}

// amountText words what counts: the rate times what was placed, and what counts
// once.
func (e *placementExplanation) amountText(sums []stretch, once money.Cents) string {
	var parts []string
	if e.rate != 0 {
		parts = append(parts, e.rateText()+" × "+e.terms(sums))
	}
	if once != 0 {
		parts = append(parts, once.Euro()+" eenmalig")
	}
	return strings.Join(parts, " + ")
}

// cumulative words a window as what was reached at its end, less what was
// counted before it.
func (e *placementExplanation) cumulative() string {
	window := e.in.Window
	sums := e.stretches(e.in.Schedule, window.To)
	formula := e.amountText(sums, e.onceBefore+e.onceInside)
	total := e.earlier.plus(e.value)
	whole := e.earlier.whole() && e.value.whole()
	if e.before == 0 {
		return formula + " " + rounded(e.result, whole)
	}
	earlier, _ := e.earlier.cents()
	reached, _ := total.cents()
	dayBefore := window.From.AddDays(-1)
	e.step("Stand tot en met "+window.To.Dutch(), reached.String(), inEuro)
	e.step("Eerder geteld tot en met "+dayBefore.Dutch(), earlier.String(), inEuro)
	return fmt.Sprintf("%s = %s tot en met %s, waarvan eerder geteld %s tot en met %s. Dit tijdvak %s",
		formula, reached.Euro(), window.To.Dutch(), earlier.Euro(), dayBefore.Dutch(), rounded(e.result, whole))
}

// part words a window of which only a part counts: what a consultant approved,
// or what a limit in worked hours leaves.
func (e *placementExplanation) part() string {
	spans, name := e.in.Approved, "Goedgekeurd deel"
	if spans == nil {
		spans, name = within(e.in.Schedule, e.in.Window), "Dit tijdvak"
	}
	amount := e.amountText(e.stretches(spans, e.in.Window.To), e.onceInside)
	if e.allowed != e.worked && e.onceInside != 0 {
		amount = "(" + amount + ")"
	}
	formula := fmt.Sprintf("%s (%s): %s", name, through(e.in.Window), amount)
	if e.allowed != e.worked {
		formula += fmt.Sprintf(" × %s/%s gewerkte uren", e.allowed.Dutch(), e.worked.Dutch())
	}
	if alone, _ := e.value.cents(); alone != e.result {
		e.remark("Het bedrag is het verschil van twee afgeronde standen, zodat alle tijdvakken samen op de cent kloppen.")
	}
	return formula + " " + rounded(e.result, e.value.whole())
}

func within(spans []Hours, window calendar.Span) []Hours {
	var cut []Hours
	for _, span := range spans {
		if days := span.Intersect(window); !days.Empty() {
			cut = append(cut, Hours{Span: days, PerWeek: span.PerWeek})
		}
	}
	return cut
}

// whyNothing is the first reason, from wide to narrow, that no day counts.
func (e *placementExplanation) whyNothing() string {
	window := e.in.Window
	inWindow := within(e.in.Schedule, window)
	switch {
	case len(inWindow) == 0:
		return "de plaatsing loopt niet in " + through(window)
	case e.excluded():
		return fmt.Sprintf("de kandidaat werkte in de %d maanden vóór de plaatsing al bij dezelfde werkgever, tot en met %s", e.block.SameEmployerMonths, e.in.LeftEmployer.Dutch())
	case len(within(inWindow, e.in.Counted)) == 0:
		return "de plaatsing loopt hier buiten de looptijd waarin zij telt, " + through(e.in.Counted)
	case !e.cut.IsZero() && e.cut.Before(inWindow[0].From):
		return fmt.Sprintf("de grens van %d maanden per persoon, over alle contracten samen, was bereikt", e.limit.Months)
	case len(within(inWindow, e.counts)) == 0:
		return "de grens van " + fmt.Sprint(e.block.MaxMonths) + " maanden was bereikt op " + e.lastCounted().Dutch()
	case e.allowed == 0:
		return "de grens in gewerkte uren was al bereikt"
	case e.block.DuringSubsidy && e.in.Subsidised != nil && !e.under(inWindow):
		return "in deze dagen liep er geen loonkostensubsidie"
	case e.in.Approved != nil && len(e.in.Approved) == 0:
		return "er is niets goedgekeurd"
	case e.in.Approved != nil && len(within(e.in.Approved, e.counts)) == 0:
		return "de goedgekeurde dagen vallen buiten de looptijd waarin de plaatsing telt"
	case e.in.Approved != nil && !e.under(inWindow):
		return "de goedgekeurde uren zijn nul of blijven onder het minimum"
	}
	if !slices.ContainsFunc(inWindow, func(h Hours) bool { return h.PerWeek > 0 }) {
		return "er zijn geen uren per week, ook niet naast andere plaatsingen van dezelfde persoon"
	}
	return "de uren per week blijven onder het minimum"
}

// under tells whether all spans stay under the minimum hours a week.
func (e *placementExplanation) under(spans []Hours) bool {
	return !slices.ContainsFunc(spans, func(h Hours) bool { return h.PerWeek >= e.rs.MinimumWeek })
}

// limits tells which bounds bite in the window.
func (e *placementExplanation) limits() {
	rs, inWindow := e.rs, within(e.in.Schedule, e.in.Window)
	last := e.placement.lastCountedIn(inWindow)
	if !last.IsZero() {
		e.step("Grens van het bouwblok: telt tot en met "+last.Dutch(), fmt.Sprint(e.block.MaxMonths), "maanden")
		e.remark("Grens: ten hoogste %d maanden, tot en met %s.", e.block.MaxMonths, last.Dutch())
	}
	if rs.MinimumWeek > 0 && slices.ContainsFunc(inWindow, func(h Hours) bool { return h.PerWeek < rs.MinimumWeek }) {
		e.step("Minimum per week; minder telt niet", rs.MinimumWeek.String(), "uur per week")
		e.remark("Minder dan %s uur per week telt niet.", rs.MinimumWeek.Dutch())
	}
	if e.block.ProRata == HoursAndDuration && slices.ContainsFunc(inWindow, func(h Hours) bool { return h.PerWeek > rs.NormWeek }) {
		e.remark("Meer dan %s uur per week telt niet extra.", rs.NormWeek.Dutch())
	}
	if e.limit != nil {
		e.personLimit()
	}
}

// personLimit tells what a limit per person leaves.
func (e *placementExplanation) personLimit() {
	limit := e.limit
	switch {
	case !e.cut.IsZero():
		e.step("Grens per persoon over alle contracten: telt tot en met "+e.cut.Dutch(), fmt.Sprint(limit.Months), "maanden")
		e.remark("Grens: per persoon tellen %d maanden, over alle contracten samen; dat is tot en met %s.", limit.Months, e.cut.Dutch())
	case e.allowed != e.worked:
		left := max(limit.Hours-e.used, 0)
		e.step("Grens per persoon: eerder gebruikt "+e.used.Dutch()+" uur, over", left.String(), "uur van "+limit.Hours.Dutch())
		e.remark("Grens: per persoon tellen %s gewerkte uren; daarvan was %s over.", limit.Hours.Dutch(), left.Dutch())
	}
}

// lastCountedIn is the last day within the limit in months, where days that
// were to count lie behind it; zero where the limit does not bite.
func (p *placement) lastCountedIn(spans []Hours) calendar.Date {
	if p.block.MaxMonths == 0 || p.anchor.IsZero() {
		return calendar.Date{}
	}
	last := p.lastCounted()
	for _, span := range spans {
		if days := span.Intersect(p.in.Counted); !days.Empty() && days.End().After(last) {
			return last
		}
	}
	return calendar.Date{}
}
