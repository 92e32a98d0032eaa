// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"fmt"
	"regexp"
	"slices"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

// claimed turns what a supplier wrote into lines with their worth.
type claimed struct {
	file   File
	rules  *ruleset.RuleSet
	period calendar.Period
	// register is what the rule set's register says of the sellers, by KvK number.
	register register
}

var sha256Hex = regexp.MustCompile(`^[0-9a-f]{64}$`)

// lines values every claim, or names every fault in any of them.
func (c claimed) lines(claims []sroi.Claim) ([]sroi.Line, error) {
	var found faults
	if len(claims) > MaxLines {
		found.add("/lines", "te-veel-regels", fmt.Sprintf("Een verantwoording heeft hoogstens %s regels.", money.Thousands(MaxLines)))
		return nil, found.err()
	}
	lines := make([]sroi.Line, 0, len(claims))
	first := map[string]int{}
	for i, claim := range claims {
		at := "/lines/" + itoa(i)
		if key := c.identity(claim); first[key] > 0 {
			found.add(at, "regel-dubbel", fmt.Sprintf("Dit staat ook al in regel %d.", first[key]))
		} else if key != "" {
			first[key] = i + 1
		}
		checkEvidence(at, claim, &found)
		checkFreeText(at+"/remark", claim.Remark, claim.NoBSN, &found)
		line, err := c.line(at, claim, &found)
		if err != nil {
			return nil, err
		}
		line.Number = i + 1
		lines = append(lines, line)
	}
	return lines, found.err()
}

// identity is what may stand in a statement once: a placement's period, an
// invoice, and an activity whose day has a maximum. Other activities may repeat.
func (c claimed) identity(claim sroi.Claim) string {
	period := c.period
	if !claim.Period.IsZero() {
		period = claim.Period
	}
	switch {
	case claim.Placement != nil:
		return fmt.Sprint("placement ", claim.Placement.Number, " ", period)
	case claim.Purchase != nil:
		return fmt.Sprintf("purchase %s %q", claim.Purchase.Seller, claim.Purchase.Invoice)
	case claim.Activity != nil && countsOnceADay(c.rules, claim.Activity):
		return fmt.Sprintf("activity %s %s", claim.Activity.Block, claim.Activity.Date)
	}
	return ""
}

func checkEvidence(at string, claim sroi.Claim, found *faults) {
	if claim.Purchase != nil {
		checkFreeText(at+"/purchase/sellerName", claim.Purchase.SellerName, claim.NoBSN, found)
	}
	for i, paper := range claim.Evidence {
		checkFreeText(at+"/evidence/"+itoa(i)+"/name", paper.Name, claim.NoBSN, found)
		checkFreeText(at+"/evidence/"+itoa(i)+"/kind", paper.Kind, claim.NoBSN, found)
		if !sha256Hex.MatchString(paper.SHA256) {
			found.add(at+"/evidence/"+itoa(i)+"/sha256", "onjuiste-hash", "Een SHA-256 heeft 64 hexadecimale cijfers in kleine letters.")
		}
	}
}

// line values one claim. What is wrong with it goes to found; an error is internal.
func (c claimed) line(at string, claim sroi.Claim, found *faults) (sroi.Line, error) {
	line := sroi.Line{Claim: claim, Span: c.span(at, claim.Period, found)}
	line.Year = line.Span.To.Year()
	var err error
	switch {
	case claim.Placement != nil:
		err = c.placement(at, &line, found)
	case claim.Purchase != nil:
		err = c.purchase(at, &line, found)
	case claim.Activity != nil:
		err = c.activity(at, &line, found)
	default:
		err = errNotSupplied
	}
	return line, err
}

// span is the days that a line may claim: of the statement's period, or of an
// earlier one that the line names.
func (c claimed) span(at string, named calendar.Period, found *faults) calendar.Span {
	period := c.period
	if !named.IsZero() {
		known := reportsOn(c.file.Contract, named) == nil
		if !known || named.Compare(c.period) > 0 {
			found.add(at+"/period", "periode-onjuist", "Een regel kan alleen een eerdere periode van dit contract noemen.")
		} else {
			period = named
		}
	}
	return c.file.Contract.LineSpan(period)
}

func (c claimed) placement(at string, line *sroi.Line, found *faults) error {
	claim := line.Claim.Placement
	p, ok := c.file.placement(claim.Number)
	if !ok {
		found.add(at+"/placement/number", "plaatsing-onbekend", "Deze plaatsing bestaat niet bij dit contract.")
		return nil
	}
	schedule, inside := c.hours(p, line.Span)
	if len(inside) == 0 {
		found.add(at+"/placement/number", "buiten-periode", fmt.Sprintf("Plaatsing %d liep niet in de dagen waarover deze regel gaat (%s tot en met %s).", p.Number, line.Span.From.Dutch(), line.Span.To.Dutch()))
		return nil
	}
	if most := sroi.Expected([]ruleset.Hours{{Span: line.Span, PerWeek: calendar.MaxWeek}}); claim.Worked > most {
		found.add(at+"/placement/worked", "uren-onmogelijk", "Meer dan 60 uren per week kan niet: in deze dagen hoogstens "+most.Dutch()+" uren.")
		return nil
	}
	var err error
	line.Receipt, err = c.rules.ExplainPlacement(c.input(p, schedule, line))
	if err != nil {
		return c.faulty(at, err, found)
	}
	line.Value = line.Receipt.Result
	line.Placed = &sroi.Placed{
		Person: p.Person, Form: p.Form, Category: p.Category, Start: p.Start(),
		Continues: p.Continues, Replaces: p.Replaces, Hours: inside,
	}
	line.Missing = c.missing(p.Block, line.Claim)
	line.Findings = c.placementFindings(p, line)
	return nil
}

// hours are those of a placement that its other jobs leave, and what of them counts
// in a line's days.
func (c claimed) hours(p sroi.Placement, days calendar.Span) (schedule, inside []ruleset.Hours) {
	schedule = sroi.Beside(p, c.file.Placements, c.rules.NormWeek)
	return schedule, sroi.Within(sroi.Below(schedule, c.rules.NormWeek, nil), days)
}

// input asks for the worth of a placement in a line's days.
func (c claimed) input(p sroi.Placement, schedule []ruleset.Hours, line *sroi.Line) ruleset.PlacementInput {
	input := worth(c.file, p, line.Span)
	input.Schedule = schedule
	input.FirstCounted = sroi.FirstCounted(p, c.file.Placements, c.file.Contract.Counted())
	input.Worked = line.Claim.Placement.Worked
	return input
}

// reckonsWith tells whether a line of a placement would be handed in with the same
// facts now: of its own days, and of what came before them.
func (c claimed) reckonsWith(line sroi.Line) (bool, error) {
	p, _ := c.file.placement(line.Claim.Placement.Number)
	var was ruleset.PlacementInput
	if err := decode(line.Receipt.Input, &was); err != nil {
		return false, err
	}
	schedule, inside := c.hours(p, line.Span)
	is := c.input(p, schedule, &line)
	return slices.Equal(inside, line.Placed.Hours) && p.Start() == line.Placed.Start && is.FirstCounted == was.FirstCounted &&
		is.LeftEmployer == was.LeftEmployer && is.InternshipMonths == was.InternshipMonths && (len(is.Subsidised) == 0) == (len(was.Subsidised) == 0) &&
		slices.Equal(spansUntil(is.Subsidised, line.Span.To), spansUntil(was.Subsidised, line.Span.To)), nil
}

// placementFindings are what the consultant should look at.
func (c claimed) placementFindings(p sroi.Placement, line *sroi.Line) []sroi.Finding {
	var findings []sroi.Finding
	expected, worked := sroi.Expected(sroi.Within(p.Schedule, line.Span)), line.Claim.Placement.Worked
	if difference := max(expected-worked, worked-expected); difference*10 > expected {
		findings = append(findings, sroi.Finding{Code: "uren-wijken-af", Detail: fmt.Sprintf(
			"Gewerkt: %s uren; volgens de afgesproken uren per week ongeveer %s.", worked.Dutch(), expected.Dutch())})
	}
	if !p.FactsChanged.IsZero() {
		findings = append(findings, sroi.Finding{Code: "gegevens-gewijzigd", Detail: "De uren, de loonkostensubsidie of de laatste werkdag bij de werkgever zijn op " +
			p.FactsChanged.Dutch() + " gewijzigd over dagen die al waren verantwoord. Wat toen was ingediend, rekent met wat er stond; ga na of een correctie nodig is."})
	}
	findings = append(findings, c.sameEmployer(p)...)
	for _, question := range bonusQuestions(c.rules, worth(c.file, p, line.Span)) {
		findings = append(findings, sroi.Finding{Code: findingQuestion, Detail: question})
	}
	return findings
}

// findingQuestion marks what only a consultant can answer.
const findingQuestion = "na-te-gaan"

// sameEmployer is whether the person may have come from the same employer, where
// the block looks at that: as an earlier placement on the contract tells, unless
// this one goes on with that job; else as a question. Where the supplier names
// the last day, the valuation knows.
func (c claimed) sameEmployer(p sroi.Placement) []sroi.Finding {
	block, ok := c.rules.Block(p.Block)
	if !ok || block.SameEmployerMonths == 0 || !p.LeftEmployer.IsZero() {
		return nil
	}
	since := p.Start().AddMonths(-block.SameEmployerMonths)
	var findings []sroi.Finding
	for _, earlier := range sroi.EarlierWith(p, c.file.Placements) {
		if last := earlier.End(); !p.Continues && !last.Before(since) && last.Before(p.Start()) {
			findings = append(findings, sroi.Finding{Code: "zelfde-werkgever", Detail: fmt.Sprintf(
				"Plaatsing %d van dezelfde persoon bij dezelfde werkgever eindigde op %s, binnen %d maanden voor deze plaatsing. Ga na of deze telt, of een voortzetting is.",
				earlier.Number, last.Dutch(), block.SameEmployerMonths)})
		}
	}
	if findings == nil {
		findings = append(findings, sroi.Finding{Code: findingQuestion, Detail: fmt.Sprintf(
			"Werkte de kandidaat in de %d maanden vóór de plaatsing al bij dezelfde werkgever?", block.SameEmployerMonths)})
	}
	return findings
}

// bonusQuestions are the conditions of a placement's bonuses that no number tells.
func bonusQuestions(rules *ruleset.RuleSet, in ruleset.PlacementInput) []string {
	var asked []string
	for _, code := range in.Bonuses {
		bonus, ok := rules.Bonus(code)
		if !ok {
			continue
		}
		for _, condition := range bonus.Conditions {
			asked = append(asked, "Bij de toeslag "+code+": "+condition.Question())
		}
		if bonus.MinimumInternshipMonths > 0 && in.InternshipMonths == 0 {
			asked = append(asked, fmt.Sprintf("Bij de toeslag %s: Liep de kandidaat eerder ten minste %d maanden stage bij deze werkgever?", code, bonus.MinimumInternshipMonths))
		}
	}
	return asked
}

func (c claimed) within(field string, day calendar.Date, span calendar.Span, found *faults) {
	if !span.Contains(day) {
		found.add(field, "buiten-periode", fmt.Sprintf("Deze regel gaat over %s tot en met %s. Noem bij de regel een eerdere periode als het daarin viel.", span.From.Dutch(), span.To.Dutch()))
	}
}

// faulty takes over the faults of the calculation room.
func (c claimed) faulty(at string, err error, found *faults) error {
	if found.addAll(at, err) {
		return nil
	}
	return err
}

// missing names the required papers that the claim lacks, in Dutch.
func (c claimed) missing(block string, claim sroi.Claim) []string {
	var missing []string
	for _, paper := range c.rules.EvidenceFor(block) {
		if paper.Required && !has(claim.Evidence, paper.Code) {
			missing = append(missing, paper.Label)
		}
	}
	return missing
}

func has(papers []sroi.Evidence, kind string) bool {
	for _, paper := range papers {
		if paper.Kind == kind {
			return true
		}
	}
	return false
}
