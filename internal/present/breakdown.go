// SPDX-License-Identifier: EUPL-1.2

package present

import (
	"fmt"
	"io"
	"net/url"
	"strings"

	"socialreturn/internal/money"
	"socialreturn/internal/sroi"
)

// breakdownSheet is all that the page of a breakdown shows.
type breakdownSheet struct {
	frame
	Figure, Definition, Built string
	Remarks                   []string
	Listing                   listing
	Next                      string
}

// breakdownHref leads from the page of any year to the breakdown of an indicator.
func breakdownHref(area string, year int, code string) string {
	return fmt.Sprintf("%d/onderbouwing?%s", year, url.Values{"gebied": {area}, "indicator": {code}}.Encode())
}

// BreakdownHTML writes what a figure is made of as a page like that of HTML,
// with links to the ledgers behind it. Next asks for the page after it, as a
// query; empty where there is none. It returns the writer's error.
func BreakdownHTML(w io.Writer, b sroi.Breakdown, next string) error {
	name, definition := Definition(b.Code)
	row := sroi.Row{Code: b.Code, Unit: b.Unit}
	text, parts := figureText(row, b.Figure)
	if parts != "" {
		text += " (" + parts + ")"
	}
	if b.Figure.State != sroi.HasValue {
		text = states[sroi.NotMeasured]
	}
	report := fmt.Sprintf("../%d?gebied=%s", b.Year, url.QueryEscape(b.Area.Code))
	return breakdownPage.show(w, breakdownSheet{
		frame: newFrame("Onderbouwing van een cijfer", fmt.Sprintf("%s in %s, %d", name, b.Area.Name, b.Year),
			link{fmt.Sprintf("Jaarrapport %d", b.Year), report}),
		Figure: text, Definition: definition, Remarks: breakdownRemarks(b), Listing: listingOf(b), Next: next,
		Built: fmt.Sprintf("Stand: %s; gemaakt op %s.", day(b.AsOf), moment(b.Built)),
	})
}

func breakdownRemarks(b sroi.Breakdown) []string {
	var remarks []string
	if r := b.Recorded; r != nil {
		text, _ := figureText(sroi.Row{Code: b.Code, Unit: b.Unit}, *r)
		remarks = append(remarks, strings.TrimSpace(fmt.Sprintf(
			"Let op: in het jaarrapport staat %s, dat elders is gemeten en hier is vastgelegd. %s", text, noteText(r.Source, r.Remark))))
	}
	if b.Additive {
		return append(remarks, "De onderdelen tellen op tot dit cijfer.")
	}
	return append(remarks, fmt.Sprintf(
		"De onderdelen tellen niet op tot dit cijfer: opgeteld zijn zij %s. Wie op meer dan één contract voorkomt, telt in het cijfer één keer.", amountText(b, b.Sum)))
}

func listingOf(b sroi.Breakdown) listing {
	g := listing{ID: "onderdelen", Columns: []column{{"Contract of aanbesteding", false}, {partHeading(b), true}, {"Mutaties", true}, {"Laatst geboekt", true}}}
	for _, part := range b.Parts {
		row := listingRow{Head: "Van een andere opdrachtgever"}
		entries, booked := dash, dash
		if kind, id, ok := strings.Cut(part.Source, "#"); ok {
			row.Head, row.Under = clean(part.Number), []string{clean(part.Title)}
			row.Href = "../../contracten/" + id + "/mutaties"
			if kind == "TENDER" {
				row.Href = "../../aanbestedingen/" + id + "/mutaties"
			}
			entries, booked = money.Thousands(int64(part.Entries)), day(part.Booked)
		}
		g.add(row, amountText(b, part.Amount), entries, booked)
	}
	if b.Others > 0 {
		g.add(listingRow{Head: fmt.Sprintf("%s van andere opdrachtgevers in het gebied, samen", money.Thousands(int64(b.Others)))},
			amountText(b, b.Rest), dash, dash)
	}
	return g
}

func partHeading(b sroi.Breakdown) string {
	if b.Share {
		return "Deel van geheel"
	}
	return "Deel"
}

// detailed is so fine that parts are seen to add up.
var detailed = map[sroi.Unit]precision{
	sroi.UnitCount: {1, 1, 0},
	sroi.UnitFTE:   {1, 1, 4},
	sroi.UnitEuro:  {1, 100, 2},
}

// amountText is a part in full: "3", "0,1667", "€ 1.200,00", "1 van 2".
func amountText(b sroi.Breakdown, a sroi.Amount) string {
	text := inFull(b.Counts, a.Value)
	if b.Share {
		text += " van" + space + inFull(b.Counts, a.Whole)
	}
	return text
}

func inFull(unit sroi.Unit, value money.Fraction) string {
	text := group(decimal(value, detailed[unit]))
	if unit == sroi.UnitEuro {
		text = "€" + space + text
	}
	if value.Num < 0 && strings.ContainsAny(text, "123456789") {
		return minus + text
	}
	return text
}

// euros is an amount in full: "€ 1.200,00".
func euros(c money.Cents) string { return inFull(sroi.UnitEuro, money.Fraction{Num: int64(c), Den: 1}) }
