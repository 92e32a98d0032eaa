// SPDX-License-Identifier: EUPL-1.2

package present

import (
	"fmt"
	"io"
	"regexp"
	"strings"

	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

// receipt is how an amount came about, in words.
type receipt struct {
	About  string
	Text   string
	Steps  []receiptStep
	Origin string
}

type receiptStep struct{ Text, Value string }

func receiptOf(about string, r ruleset.Receipt) *receipt {
	shown := receipt{About: about, Text: clean(r.Text)}
	for _, s := range r.Steps {
		shown.Steps = append(shown.Steps, receiptStep{clean(s.Text), stepValue(s)})
	}
	shown.Origin = fmt.Sprintf("Rekenregel %s, versie van %s.", r.Rules.ID, day(r.Rules.Version))
	if r.Source != "" {
		shown.Origin += " Bron: " + strings.TrimSuffix(clean(r.Source), ".") + "."
	}
	return &shown
}

var plainDecimal = regexp.MustCompile(`^(-?)([0-9]+)(?:\.([0-9]+))?$`)

// stepValue writes a step's value as people do: "€ 40.000,00", "24,5 uur".
func stepValue(s ruleset.Step) string {
	text := s.Value
	if parts := plainDecimal.FindStringSubmatch(s.Value); parts != nil {
		text = group(parts[2], parts[3])
		if parts[1] != "" {
			text = minus + text
		}
	}
	if per, inEuros := strings.CutPrefix(s.Unit, "euro"); inEuros {
		return "€" + space + text + per
	}
	return strings.TrimSpace(text + space + s.Unit)
}

// receiptSheet is all that the page of receipts shows.
type receiptSheet struct {
	frame
	About    string // heading of the facts
	Facts    []fact
	Receipts []namedReceipt
}

type namedReceipt struct {
	ID, Name string
	Receipt  *receipt
}

// ObligationHTML writes what a contract owes and why, as a page like that of
// HTML: at each stage that is known, and the part that is due. It returns the
// writer's error.
func ObligationHTML(w io.Writer, c sroi.Contract, due ruleset.Receipt) error {
	activities := ""
	if asked := c.Obligation.Activities; asked > 0 {
		activities = fmt.Sprintf("%d, in plaats van een bedrag", asked)
	}
	receipts := []namedReceipt{{"berekening", "Berekening", receiptOf("SR-verplichting", c.Obligation.Receipt)}}
	for i, other := range c.Others {
		name := "Ook bekend: " + stageWords[other.Stage]
		receipts = append(receipts, namedReceipt{fmt.Sprintf("ook-%d", i+1), name, receiptOf(name, other.Receipt)})
	}
	receipts = append(receipts, namedReceipt{"verschuldigd", "Verschuldigd tot nu toe", receiptOf("Verschuldigd", due)})
	return receiptPage.show(w, receiptSheet{
		frame: newFrame("SR-verplichting van een contract", contractTitle(c), ledgerLink("mutaties")),
		About: "SR-verplichting",
		Facts: known(
			fact{Name: "SR-verplichting", Text: euros(c.Obligation.Amount)},
			fact{Name: "Maatschappelijke activiteiten", Text: activities},
			fact{Name: "Stand", Text: stageWords[c.Obligation.Stage]},
			fact{Name: "Verschuldigd tot nu toe", Text: euros(due.Result)},
			fact{Name: "Waarde van het contract, exclusief btw", Text: euros(c.Value)},
			fact{Name: "Contractdatum", Text: day(c.Signed)},
			fact{Name: "Clausule", Text: clean(c.Clause)},
		),
		Receipts: receipts,
	})
}

// stageWords say how far an obligation is known.
var stageWords = map[ruleset.Stage]string{
	ruleset.Estimated: "geraamd", ruleset.Current: "naar de opgaven tot nu toe", ruleset.Final: "definitief",
}

// CorrectionHTML writes a correction, with the value before and after and, of a
// line, the decision from then on. It returns the writer's error.
func CorrectionHTML(w io.Writer, c sroi.Contract, correction sroi.Correction) error {
	shown := receiptSheet{
		frame: newFrame("Correctie op een contract", contractTitle(c), ledgerLink("../mutaties")),
		About: "Correctie",
		Facts: known(
			fact{Name: "Verschil in goedgekeurde waarde", Text: euros(correction.Delta)},
			fact{Name: "Betreft het jaar", Text: fmt.Sprint(correction.Year)},
			fact{Name: "Corrigeert mutatie", Text: fmt.Sprint(correction.Corrects)},
			fact{Name: "Geboekt op", Text: day(correction.Booked)},
			fact{Name: "Reden", Text: reasonText(correction.Reason)},
			fact{Name: "Toelichting", Text: clean(correction.Text)},
		),
		Receipts: []namedReceipt{{"berekening", "Voor en na de correctie", receiptOf("voor en na de correctie", correction.Receipt)}},
	}
	if d := correction.Decision; d != nil {
		shown.Facts = append(shown.Facts, fact{
			Name: "Verantwoording", Text: fmt.Sprintf("%s, regel %d", correction.Period, correction.Line),
			Href: fmt.Sprintf("../verantwoordingen/%s#regel-%d", correction.Period, correction.Line),
		})
		shown.Receipts = append(shown.Receipts, namedReceipt{"oordeel", "Het oordeel vanaf nu: " + strings.ToLower(verdictText(*d)), receiptOf("het oordeel vanaf nu", d.Receipt)})
	}
	return receiptPage.show(w, shown)
}

func ledgerLink(href string) link { return link{"Grootboek van het contract", href} }
