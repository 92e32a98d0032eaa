// SPDX-License-Identifier: EUPL-1.2

package present

import (
	"fmt"
	"slices"
	"strings"

	"socialreturn/internal/money"
	"socialreturn/internal/sroi"
)

// afterClose lists what was booked after the year was closed, with the ledgers
// that it stands in; nil where nothing was.
func afterClose(r sroi.Report) *listing {
	if len(r.Acts) == 0 {
		return nil
	}
	g := listing{ID: "na-afsluiting", Columns: []column{
		{"Mutatie", false}, {"Gerealiseerd", true}, {"SR-verplichting", true}, {"Geboekt", true}, {"Reden", false},
	}}
	for _, act := range r.Acts {
		row := listingRow{Head: actText(act), Under: []string{actPlace(act)}}
		switch kind, id, _ := strings.Cut(act.Ledger, "#"); kind {
		case "CONTRACT":
			row.Href = "../contracten/" + id + "/mutaties"
		case "TENDER":
			row.Href = "../aanbestedingen/" + id + "/mutaties"
		}
		g.add(row, gained(act.Realised), gained(act.Obliged), day(act.Booked), actReason(r, act))
	}
	return &g
}

// actPlace is where an act stands: "Contract 2021-09, mutatie 19". A region's
// report does not tell whose it is.
func actPlace(act sroi.Act) string {
	switch {
	case act.Number != "":
		return fmt.Sprintf("Contract %s, mutatie %d", clean(act.Number), act.Seq)
	case strings.HasPrefix(act.Ledger, "TENDER#"):
		return fmt.Sprintf("Aanbesteding, mutatie %d", act.Seq)
	}
	return fmt.Sprintf("Mutatie %d", act.Seq)
}

// gained is an amount that something became more: "+€ 3.800,00"; a dash for nothing.
func gained(c money.Cents) string {
	if c > 0 {
		return "+" + euros(c)
	}
	return change(c)
}

// actReason is why something was booked after the close: for a reason of ours, or
// because its period was known to be open, with what was said of that.
func actReason(r sroi.Report, act sroi.Act) string {
	if !act.Open {
		return reasonText(act.Reason)
	}
	text := "bij de afsluiting bekend als openstaand"
	if why := clean(r.WhyOpen(act)); why != "" {
		text += ": " + why
	}
	return text
}

// actText is what was booked: "Verantwoording beoordeeld (2022-Q4)".
func actText(act sroi.Act) string {
	text := entryNames[act.Kind]
	if !act.Period.IsZero() {
		text += " (" + act.Period.String() + ")"
	}
	return text
}

// actTold is an act in one line: "1 maart 2023: Gecorrigeerd, contract 2021-09,
// mutatie 19; gerealiseerd −€ 1.200,00; reden: telt niet meer mee".
func actTold(r sroi.Report, act sroi.Act) string {
	place := actPlace(act)
	text := day(act.Booked) + ": " + actText(act) + ", " + strings.ToLower(place[:1]) + place[1:]
	if act.Realised != 0 {
		text += "; gerealiseerd " + gained(act.Realised)
	}
	if act.Obliged != 0 {
		text += "; SR-verplichting " + gained(act.Obliged)
	}
	return text + "; reden: " + actReason(r, act)
}

// actsTold says how much was booked after the close; empty where nothing was.
func actsTold(r sroi.Report) string {
	var text string
	switch r.ActCount {
	case 0:
		return ""
	case 1:
		text = fmt.Sprintf("Na de afsluiting is 1 mutatie geboekt die %d betreft.", r.Year)
	default:
		text = fmt.Sprintf("Na de afsluiting zijn %s mutaties geboekt die %d betreffen.", money.Thousands(int64(r.ActCount)), r.Year)
	}
	if r.ActCount > len(r.Acts) {
		text += fmt.Sprintf(" Hier staan de eerste %d.", len(r.Acts))
	}
	return text
}

// correctionSentence tells of a figure that was corrected after the close.
func correctionSentence(row sroi.Row) string {
	if row.AsClosed.State != sroi.HasValue || row.Correction.Value.Num == 0 {
		return ""
	}
	return fmt.Sprintf(" Bij de afsluiting was het %s; de correctie daarna is %s.",
		withParts(row, row.AsClosed), signed(row.Unit, row.Correction.Value))
}

// basis says which figures are compared, where any was restated after its close;
// empty where none was.
func basis(r sroi.Report) string {
	switch before := slices.ContainsFunc(r.Rows, func(row sroi.Row) bool { return row.PreviousRestated.State != "" }); {
	case r.BothRestated:
		return fmt.Sprintf("Beide jaren zijn na hun afsluiting herzien. Verschil en Doel vergelijken gelijk met gelijk: %d zoals herzien met %d zoals herzien.", r.Year, r.CompareWith)
	case r.Restated && r.Previous.Final:
		return fmt.Sprintf("Verschil en Doel vergelijken %d zoals herzien met %d, waarvan de cijfers na de afsluiting gelijk bleven.", r.Year, r.CompareWith)
	case r.Restated:
		return fmt.Sprintf("Verschil en Doel vergelijken %d zoals herzien met %d, dat niet is afgesloten.", r.Year, r.CompareWith)
	case before:
		return fmt.Sprintf("Verschil en Doel vergelijken met %d zoals vastgesteld bij de afsluiting.", r.CompareWith)
	}
	return ""
}

// lastYear is last year's figure, which of a closed year is that of the close,
// with a remark where it was restated and its cell does not show that.
func lastYear(r sroi.Report, row sroi.Row) sroi.Figure {
	figure := row.Previous
	if !r.BothRestated && row.PreviousRestated.State == sroi.HasValue {
		figure.Remark = strings.TrimSpace(figure.Remark + " Zoals vastgesteld bij de afsluiting; daarna herzien: " + withParts(row, row.PreviousRestated) + ".")
	}
	return figure
}
