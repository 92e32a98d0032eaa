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
		if key := identity(claim, c.period); first[key] > 0 {
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
// invoice. Activities may repeat.
func identity(claim sroi.Claim, period calendar.Period) string {
	if !claim.Period.IsZero() {
		period = claim.Period
	}
	switch {
	case claim.Placement != nil:
		return fmt.Sprint("placement ", claim.Placement.Number, " ", period)
	case claim.Purchase != nil:
		return fmt.Sprintf("purchase %s %q", claim.Purchase.Seller, claim.Purchase.Invoice)
	}
	return ""
}

func checkEvidence(at string, claim sroi.Claim, found *faults) {
	for i, paper := range claim.Evidence {
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
	effective := sroi.Effective(p, c.file.Placements, c.rules.NormWeek)
	inside := sroi.Within(effective, line.Span)
	if len(inside) == 0 {
		found.add(at+"/placement/number", "buiten-periode", fmt.Sprintf("Plaatsing %d liep niet in de dagen waarover deze regel gaat (%s tot en met %s).", p.Number, line.Span.From.Dutch(), line.Span.To.Dutch()))
		return nil
	}
	if most := sroi.Expected([]ruleset.Hours{{Span: line.Span, PerWeek: calendar.MaxWeek}}); claim.Worked > most {
		found.add(at+"/placement/worked", "uren-onmogelijk", "Meer dan 60 uren per week kan niet: in deze dagen hoogstens "+most.Dutch()+" uren.")
		return nil
	}
	var err error
	line.Receipt, err = c.rules.ExplainPlacement(c.input(p, effective, line))
	if err != nil {
		return c.faulty(at, err, found)
	}
	line.Value = line.Receipt.Result
	line.Placed = &sroi.Placed{
		Person: p.Person, Form: p.Form, Category: p.Category, Start: p.Start(),
		Continues: p.Continues, Replaces: p.Replaces, Hours: inside,
	}
	line.Missing = c.missing(p.Block, line.Claim)
	line.Findings = placementFindings(c.rules, p, line)
	return nil
}

// input asks for the worth of a placement in a line's days.
func (c claimed) input(p sroi.Placement, effective []ruleset.Hours, line *sroi.Line) ruleset.PlacementInput {
	return ruleset.PlacementInput{
		Block: p.Block, Bonuses: p.Bonuses, Form: p.Form, Schedule: effective, Counted: c.file.Contract.Counted(),
		FirstCounted: sroi.FirstCounted(p, c.file.Placements, c.file.Contract.Counted()),
		Window:       line.Span, Worked: line.Claim.Placement.Worked,
	}
}

// placementFindings are what the consultant should look at.
func placementFindings(rules *ruleset.RuleSet, p sroi.Placement, line *sroi.Line) []sroi.Finding {
	var findings []sroi.Finding
	expected, worked := sroi.Expected(sroi.Within(p.Schedule, line.Span)), line.Claim.Placement.Worked
	if difference := max(expected-worked, worked-expected); difference*10 > expected {
		findings = append(findings, sroi.Finding{Code: "uren-wijken-af", Detail: fmt.Sprintf(
			"Gewerkt: %s uren; volgens de afgesproken uren per week ongeveer %s.", worked.Dutch(), expected.Dutch())})
	}
	for _, question := range questions(rules, p) {
		findings = append(findings, sroi.Finding{Code: "na-te-gaan", Detail: question})
	}
	return findings
}

// questions are what only a consultant can answer about a placement.
func questions(rules *ruleset.RuleSet, p sroi.Placement) []string {
	var asked []string
	if block, ok := rules.Block(p.Block); ok && block.SameEmployerMonths > 0 {
		asked = append(asked, fmt.Sprintf("Werkte de kandidaat in de %d maanden vóór de plaatsing al bij dezelfde werkgever?", block.SameEmployerMonths))
	}
	for _, code := range p.Bonuses {
		if bonus, ok := rules.Bonus(code); ok {
			for _, condition := range bonus.Conditions {
				asked = append(asked, "Bij de toeslag "+code+": "+condition.Question())
			}
		}
	}
	return asked
}

func (c claimed) purchase(at string, line *sroi.Line, found *faults) error {
	claim := line.Claim.Purchase
	checkKvK(at+"/purchase/seller", claim.Seller, found)
	c.within(at+"/purchase/invoiceDate", claim.InvoiceDate, line.Span, found)
	line.Year = claim.InvoiceDate.Year()
	var err error
	line.Receipt, err = c.rules.ExplainPurchase(ruleset.PurchaseInput{
		Block: claim.Block, InvoiceDate: claim.InvoiceDate, Amount: claim.Amount, LabourPart: claim.LabourPart, Recognition: claim.Recognition,
	})
	if err != nil {
		return c.faulty(at+"/purchase", err, found)
	}
	line.Value = line.Receipt.Result
	line.Missing = c.missing(claim.Block, line.Claim)
	line.Findings = []sroi.Finding{{Code: "na-te-gaan", Detail: "Was de verkoper op " + claim.InvoiceDate.Dutch() + " erkend zoals opgegeven?"}}
	if slices.ContainsFunc(c.file.Placements, func(p sroi.Placement) bool { return p.Employer.KvK == claim.Seller }) {
		line.Findings = append(line.Findings, sroi.Finding{
			Code: "mogelijk-dubbel", Detail: "De verkoper is ook werkgever van een plaatsing op dit contract; dezelfde persoon telt niet als plaatsing én via een inkoop.",
		})
	}
	return nil
}

func (c claimed) activity(at string, line *sroi.Line, found *faults) error {
	claim := line.Claim.Activity
	c.within(at+"/activity/date", claim.Date, line.Span, found)
	checkFreeText(at+"/activity/description", claim.Description, line.Claim.NoBSN, found)
	line.Year = claim.Date.Year()
	c.onlyWhatCounts(at+"/activity", claim, found)
	var err error
	line.Receipt, err = c.rules.ExplainActivity(ruleset.ActivityInput{
		Block: claim.Block, Date: claim.Date, Hours: claim.Hours, Cost: claim.Cost, Agreed: claim.Agreed,
	})
	if err != nil {
		return c.faulty(at+"/activity", err, found)
	}
	line.Value = line.Receipt.Result
	line.Missing = c.missing(claim.Block, line.Claim)
	return nil
}

// onlyWhatCounts refuses what the block does not count by: it would stand on the
// line without meaning anything.
func (c claimed) onlyWhatCounts(at string, claim *sroi.ActivityClaim, found *faults) {
	block, ok := c.rules.Block(claim.Block)
	if !ok {
		return
	}
	for _, given := range []struct {
		field string
		is    bool
		kind  ruleset.Kind
	}{
		{"/hours", claim.Hours > 0, ruleset.PerHour}, {"/cost", claim.Cost != nil, ruleset.ActualCost}, {"/agreed", claim.Agreed != nil, ruleset.Agreed},
	} {
		if given.is && block.Kind != given.kind {
			found.add(at+given.field, "niet-toegestaan", "Dit bouwblok telt hier niet naar; laat het weg.")
		}
	}
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
