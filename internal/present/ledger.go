// SPDX-License-Identifier: EUPL-1.2

package present

import (
	"fmt"
	"io"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/sroi"
)

// ledgerSheet is all that the page of a ledger shows.
type ledgerSheet struct {
	frame
	Facts   []fact
	Listing listing
	Next    string
}

var entryNames = map[sroi.EntryKind]string{
	sroi.TenderRegistered:   "Aanbesteding geregistreerd",
	sroi.TenderChanged:      "Aanbesteding gewijzigd",
	sroi.TenderAwarded:      "Gunning vastgelegd",
	sroi.ContractRegistered: "Contract geregistreerd",
	sroi.OpeningBooked:      "Beginstand geboekt",
	sroi.StatementSubmitted: "Verantwoording ingediend",
	sroi.StatementWithdrawn: "Verantwoording ingetrokken",
	sroi.StatementSentBack:  "Verantwoording teruggestuurd",
	sroi.StatementDecided:   "Verantwoording beoordeeld",
	sroi.Corrected:          "Gecorrigeerd",
	sroi.ContractAmended:    "Contract gewijzigd",
	sroi.TurnoverReported:   "Omzet of loonsom opgegeven",
	sroi.RulesMoved:         "Van rekenregel gewisseld",
	sroi.YearClosed:         "Jaar afgesloten",
}

// EntryName is what an entry of a kind says happened, in Dutch.
func EntryName(kind sroi.EntryKind) string { return entryNames[kind] }

var roleNames = map[sroi.Role]string{
	sroi.Officer:       "inkoper",
	sroi.Supplier:      "opdrachtnemer",
	sroi.Consultant:    "adviseur",
	sroi.Auditor:       "auditor",
	sroi.Administrator: "beheerder",
}

// LedgerHTML writes a page of a contract's ledger as a page like that of HTML,
// with links to what each entry books. Next asks for the page after it, as a
// query; empty where there is none. It returns the writer's error.
func LedgerHTML(w io.Writer, c sroi.Contract, balance sroi.Balance, entries []sroi.Entry, next string) error {
	g := listing{ID: "mutaties", Columns: []column{
		{"Mutatie", false}, {"Jaar", true}, {"Verplicht", true}, {"Ingediend", true}, {"Goedgekeurd", true}, {"Afgekeurd", true},
	}}
	for _, e := range entries {
		row := entryRow(e)
		row.Href = bookedHref(e)
		if len(e.Amounts) == 0 {
			g.add(row, dash, dash, dash, dash, dash)
		}
		for _, a := range e.Amounts {
			g.add(row, fmt.Sprint(a.Year), change(a.Obliged), change(a.Pending), change(a.Verified), change(a.Rejected))
			row = listingRow{Head: fmt.Sprintf("Mutatie %d, vervolg", e.Seq), Part: true}
		}
	}
	return ledgerPage.show(w, ledgerSheet{
		frame: newFrame("Grootboek van een contract", contractTitle(c)), Facts: contractFacts(c, balance), Listing: g, Next: next,
	})
}

// TenderLedgerHTML writes a tender's ledger: what the tender was, lot by lot,
// from each entry on. It returns the writer's error.
func TenderLedgerHTML(w io.Writer, t sroi.Tender, entries []sroi.Entry) error {
	g := listing{ID: "mutaties", Columns: []column{
		{"Mutatie", false}, {"Perceel", true}, {"Social Return", false}, {"Drempel", false}, {"Definitief gegund", true}, {"Waarde", true},
	}}
	for _, e := range entries {
		row := entryRow(e)
		if e.Tender.Withdrawn {
			row.Under = append(row.Under, "De aanbesteding is ingetrokken en telt niet mee.")
		}
		if e.Tender.CallOff {
			row.Under = append(row.Under, "Een nadere opdracht telt niet mee.")
		}
		for i, lot := range e.Tender.Lots {
			g.add(row, fmt.Sprint(i+1), socialText(lot), thresholdText(lot), awardedOn(lot.Final), change(lot.Value))
			row = listingRow{Head: fmt.Sprintf("Mutatie %d, vervolg", e.Seq), Part: true}
		}
	}
	return ledgerPage.show(w, ledgerSheet{
		frame: newFrame("Grootboek van een aanbesteding", "Aanbesteding "+t.Reference+": "+t.Title), Listing: g,
		Facts: known(
			fact{Name: "Publicatie", Text: day(t.Published)},
			fact{Name: "Percelen", Text: fmt.Sprint(len(t.Lots))},
			fact{Name: "Mutaties", Text: fmt.Sprint(len(entries))},
		),
	})
}

func entryRow(e sroi.Entry) listingRow {
	head := fmt.Sprintf("%d. %s", e.Seq, entryNames[e.Kind])
	if !e.Period.IsZero() {
		head += " (" + e.Period.String() + ")"
	}
	row := listingRow{Head: head, Under: []string{day(e.Booked) + ", door " + roleNames[e.Actor.Role]}}
	if e.Corrects > 0 {
		row.Under = append(row.Under, fmt.Sprintf("Corrigeert mutatie %d; reden: %s", e.Corrects, reasonText(e.Reason)))
	}
	row.Under = append(row.Under, "Hash "+e.Hash[:min(12, len(e.Hash))]+"…")
	return row
}

// bookedHref leads from a contract's ledger to what an entry books; empty for an
// opening balance, which is all in the entry.
func bookedHref(e sroi.Entry) string {
	switch {
	case e.Kind == sroi.ContractRegistered:
		return "sr-verplichting"
	case e.Correction != "":
		return "correcties/" + e.Correction
	case !e.Period.IsZero():
		return "verantwoordingen/" + e.Period.String()
	}
	return ""
}

// change is an amount, or a dash where there is none.
func change(c money.Cents) string {
	if c == 0 {
		return dash
	}
	return euros(c)
}

func socialText(l sroi.LotFacts) string {
	switch {
	case l.Reserved:
		return "voorbehouden opdracht"
	case l.SocialReturn == sroi.Applied:
		return "ja"
	case l.SocialReturn == sroi.Proposed:
		return "voorgesteld"
	case l.Exempt:
		return "nee, vrijgesteld"
	}
	return "nee"
}

func thresholdText(l sroi.LotFacts) string {
	if l.Above {
		return "op of boven"
	}
	return "onder, of niet te bepalen"
}

func awardedOn(d calendar.Date) string {
	if d.IsZero() {
		return dash
	}
	return d.Dutch()
}

func contractTitle(c sroi.Contract) string { return "Contract " + c.Number + ": " + c.Title }

func contractFacts(c sroi.Contract, b sroi.Balance) []fact {
	var counted, activities string
	if b.Counted() != b.Verified {
		counted = euros(b.Counted())
	}
	if b.Asked > 0 {
		activities = fmt.Sprintf("%d van %d goedgekeurd", b.Done, b.Asked)
	}
	return known(
		fact{Name: "Opdrachtnemer", Text: clean(c.SupplierName)},
		fact{Name: "Looptijd", Text: c.Term.From.Dutch() + " tot en met " + c.Term.To.Dutch()},
		fact{Name: "SR-verplichting", Text: euros(b.Obliged), Href: "sr-verplichting"},
		fact{Name: "Ingediend, nog te beoordelen", Text: euros(b.Pending)},
		fact{Name: "Goedgekeurd", Text: euros(b.Verified)},
		fact{Name: "Waarvan meegeteld onder de maxima", Text: counted},
		fact{Name: "Afgekeurd", Text: euros(b.Rejected)},
		fact{Name: "Openstaand", Text: euros(b.Outstanding())},
		fact{Name: "Maatschappelijke activiteiten", Text: activities},
		fact{Name: "Mutaties", Text: fmt.Sprint(b.Seq)},
	)
}
