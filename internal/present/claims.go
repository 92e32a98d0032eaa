// SPDX-License-Identifier: EUPL-1.2

package present

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

// statementSheet is all that the page of a statement shows.
type statementSheet struct {
	frame
	Facts []fact
	Lines []claimLine
}

// claimLine is a line of a statement and what became of it.
type claimLine struct {
	Number   int
	Name     string
	Facts    []fact
	Claimed  *receipt
	Decided  *receipt // nil: not yet
	Verdict  string
	Reasons  []string
	Findings []string
}

var stateNames = map[sroi.StatementState]string{
	sroi.Draft:     "concept",
	sroi.SentBack:  "teruggestuurd",
	sroi.Submitted: "ingediend",
	sroi.Decided:   "beoordeeld",
}

var formNames = map[ruleset.Form]string{
	ruleset.Employment:     "dienstverband",
	ruleset.AgencyWork:     "uitzendwerk",
	ruleset.Secondment:     "detachering",
	ruleset.LearningJob:    "leerbaan",
	ruleset.Internship:     "stage",
	ruleset.WorkExperience: "werkervaringsplek",
}

var recognitionNames = map[ruleset.Recognition]string{
	ruleset.Recognised: "erkende sociale onderneming",
	ruleset.Aspirant:   "aspirant-sociale onderneming",
	ruleset.Sheltered:  "SW-bedrijf",
}

// StatementHTML writes a statement with its lines, the decisions on them and how
// each amount came about, as a page like that of HTML. It shows what it is given:
// what a role may not see is left out before. It returns the writer's error.
func StatementHTML(w io.Writer, c sroi.Contract, s sroi.Statement, lines []sroi.Line, decisions []sroi.Decision) error {
	shown := statementSheet{
		frame: newFrame("Verantwoording "+s.Period.String(), contractTitle(c), ledgerLink("../mutaties")),
		Facts: statementFacts(c, s),
	}
	for _, line := range lines {
		built := lineOf(line)
		if i := slices.IndexFunc(decisions, func(d sroi.Decision) bool { return d.Line == line.Number }); i >= 0 {
			built.decide(decisions[i])
		}
		shown.Lines = append(shown.Lines, built)
	}
	return statementPage.show(w, shown)
}

func statementFacts(c sroi.Contract, s sroi.Statement) []fact {
	facts := []fact{
		{Name: "Opdrachtnemer", Text: clean(c.SupplierName)},
		{Name: "Periode", Text: s.Period.String()},
		{Name: "Status", Text: stateNames[s.State]},
		{Name: "Regels", Text: fmt.Sprint(s.Lines)},
		{Name: "Opgegeven", Text: euros(s.Claimed)},
	}
	if s.State == sroi.Decided {
		facts = append(facts, fact{Name: "Goedgekeurd", Text: euros(s.Verified)}, fact{Name: "Afgekeurd", Text: euros(s.Rejected)})
	}
	if !s.SubmittedOn.IsZero() {
		facts = append(facts, fact{Name: "Ingediend op", Text: s.SubmittedOn.Dutch()})
	}
	return known(append(facts, fact{Name: "Opmerking van de adviseur", Text: clean(s.Comment)})...)
}

func lineOf(l sroi.Line) claimLine {
	name, facts := claimWords(l)
	facts = append(facts,
		fact{Name: "Dagen", Text: l.Span.From.Dutch() + " tot en met " + l.Span.To.Dutch()},
		fact{Name: "Betreft het jaar", Text: fmt.Sprint(l.Year)},
		fact{Name: "Opgegeven waarde", Text: euros(l.Value)},
		fact{Name: "Bewijsstukken", Text: papers(l.Claim.Evidence)},
		fact{Name: "Toelichting", Text: clean(l.Claim.Remark)},
	)
	name = fmt.Sprintf("Regel %d: %s", l.Number, name)
	return claimLine{
		Number: l.Number, Name: name, Facts: known(facts...), Claimed: receiptOf(name+", opgegeven", l.Receipt), Findings: findings(l.Findings),
	}
}

// claimWords names what a line claims, and tells what it says about it.
func claimWords(l sroi.Line) (string, []fact) {
	switch claim := l.Claim; {
	case claim.Placement != nil:
		facts := []fact{{Name: "Gewerkt", Text: claim.Placement.Worked.Dutch() + " uur"}}
		if l.Placed != nil {
			facts = append(facts, fact{Name: "Vorm", Text: formNames[l.Placed.Form]})
		}
		return fmt.Sprintf("plaatsing %d", claim.Placement.Number), facts
	case claim.Purchase != nil:
		p := claim.Purchase
		return "inkoop bij " + clean(p.SellerName), []fact{
			{Name: "Verkoper", Text: recognitionNames[p.Recognition]},
			{Name: "Factuur", Text: clean(p.Invoice) + " van " + p.InvoiceDate.Dutch()},
			{Name: "Factuurbedrag, exclusief btw", Text: euros(p.Amount)},
		}
	case claim.Activity != nil:
		return "activiteit", []fact{
			{Name: "Omschrijving", Text: clean(claim.Activity.Description)},
			{Name: "Datum", Text: claim.Activity.Date.Dutch()},
		}
	}
	return "onbekend", nil
}

// papers names the kinds of evidence, never the files: their names may be people's.
func papers(evidence []sroi.Evidence) string {
	var kinds []string
	for _, paper := range evidence {
		kinds = append(kinds, clean(paper.Kind))
	}
	return strings.Join(kinds, ", ")
}

func (c *claimLine) decide(d sroi.Decision) {
	c.Verdict = verdictText(d)
	c.Decided = receiptOf(c.Name+", beoordeeld", d.Receipt)
	if d.Reason != "" {
		c.Reasons = append(c.Reasons, "Reden: "+reasonText(d.Reason)+".")
	}
	if d.Text != "" {
		c.Reasons = append(c.Reasons, clean(d.Text))
	}
	c.Findings = append(c.Findings, findings(d.Findings)...)
}

// verdictText is a decision in words: "Goedgekeurd op 5 april 2022: € 5.000,00".
func verdictText(d sroi.Decision) string {
	words := map[sroi.LineVerdict]string{
		sroi.Approved: "Goedgekeurd", sroi.ApprovedPartly: "Gedeeltelijk goedgekeurd", sroi.Rejected: "Afgekeurd",
	}
	return fmt.Sprintf("%s op %s: %s", words[d.Verdict], d.Booked.Dutch(), euros(d.Value))
}

func findings(list []sroi.Finding) []string {
	var details []string
	for _, f := range list {
		details = append(details, clean(f.Detail))
	}
	return details
}
