// SPDX-License-Identifier: EUPL-1.2

package present

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/sroi"
)

// csvColumn is a column of the spreadsheet: its stable name, and what it holds
// of a row.
type csvColumn struct {
	name string
	cell func(r sroi.Report, row sroi.Row) string
}

var units = map[sroi.Unit]string{
	sroi.UnitCount: "aantal", sroi.UnitFTE: "fte",
	sroi.UnitPercent: "procent", sroi.UnitEuro: "euro",
}

var readings = map[sroi.Reading]string{
	sroi.AtLeast:         "ten minste",
	sroi.MoreThanBefore:  "meer dan in het vergelijkingsjaar",
	sroi.HigherThanValue: "hoger dan",
}

// csvColumns are the columns in order: first what people look for, then each
// figure's particulars, then the state of the report, the same in every row, so
// that the file is one plain table for whoever reads it by program.
var csvColumns = joined(
	[]csvColumn{
		{"code", func(_ sroi.Report, row sroi.Row) string { return sheetText(row.Code) }},
		{"indicator", func(_ sroi.Report, row sroi.Row) string { name, _ := Definition(row.Code); return sheetText(name) }},
		{"onderdeel_van", func(_ sroi.Report, row sroi.Row) string { return sheetText(row.Parent) }},
		{"eenheid", func(_ sroi.Report, row sroi.Row) string { return units[row.Unit] }},
		{"behaald_vergelijkingsjaar", numberOf(previous)},
		{"behaald_vergelijkingsjaar_zelfde_datum", numberOf(previousAtDate)},
		{"behaald", numberOf(current)},
		{"verschil", numberOf(difference)},
		{"doel_lezing", ofTarget(func(_ sroi.Unit, t sroi.Target) string { return readings[t.Reading] })},
		{"beoogd", ofTarget(targetValue)},
		{"oordeel", func(_ sroi.Report, row sroi.Row) string { return verdicts[row.Verdict] }},
	},
	shareColumns("behaald_vergelijkingsjaar", previous),
	figureColumns("behaald_vergelijkingsjaar", previous),
	shareColumns("behaald_vergelijkingsjaar_zelfde_datum", previousAtDate),
	figureColumns("behaald_vergelijkingsjaar_zelfde_datum", previousAtDate),
	[]csvColumn{
		{"vastgesteld", numberOf(asClosed)},
		{"correctie", numberOf(correction)},
		{"behaald_vergelijkingsjaar_herzien", numberOf(previousRestated)},
		{"verschil_met", comparedColumn},
	},
	shareColumns("vastgesteld", asClosed),
	shareColumns("behaald", current),
	figureColumns("behaald", current),
	figureColumns("verschil", difference),
	[]csvColumn{
		{"beoogd_voorbehoud", ofTarget(func(_ sroi.Unit, t sroi.Target) string { return qualifiers[t.Qualifier] })},
		{"beoogd_bron", ofTarget(func(_ sroi.Unit, t sroi.Target) string { return sheetText(t.Source) })},
		{"beoogd_opmerking", ofTarget(func(_ sroi.Unit, t sroi.Target) string { return sheetText(t.Remark) })},
		{"omschrijving", func(_ sroi.Report, row sroi.Row) string { _, what := Definition(row.Code); return sheetText(what) }},
		{"gebied_code", ofReport(func(r sroi.Report) string { return sheetText(r.Area.Code) })},
		{"gebied", ofReport(func(r sroi.Report) string { return sheetText(r.Area.Name) })},
		{"jaar", ofReport(func(r sroi.Report) string { return strconv.Itoa(r.Year) })},
		{"vergelijkingsjaar", ofReport(func(r sroi.Report) string { return strconv.Itoa(r.CompareWith) })},
		{"stand_op", ofReport(func(r sroi.Report) string { return r.AsOf.String() })},
		{"zelfde_datum", ofReport(func(r sroi.Report) string { return r.SameDateAsOf.String() })},
	},
	yearColumns("jaar", func(r sroi.Report) sroi.YearState { return r.Current }),
	yearColumns("vergelijkingsjaar", func(r sroi.Report) sroi.YearState { return r.Previous }),
	[]csvColumn{
		{"gemaakt_op", ofReport(func(r sroi.Report) string {
			return calendar.On(r.Built).String() + " " + r.Built.In(amsterdam).Format("15:04:05")
		})},
		{"na_afsluiting_geboekt", ofReport(func(r sroi.Report) string { return strconv.Itoa(r.ActCount) })},
		{"mutaties", ofReport(func(r sroi.Report) string { return strconv.Itoa(r.Position.Entries) })},
		{"laatste_mutatie", ofReport(func(r sroi.Report) string { return sheetText(r.Position.Last) })},
		{"laatste_mutatie_geboekt_op", ofReport(func(r sroi.Report) string { return r.Position.Booked.String() })},
	},
)

// CSV writes the report as a spreadsheet that a Dutch Excel opens with a double
// click: byte order mark, semicolons, decimal commas, one row per indicator.
// Amounts are exact to the cent, and no text can start a formula. It returns
// the writer's error.
func CSV(w io.Writer, r sroi.Report) error {
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return err
	}
	sheet := csv.NewWriter(w)
	sheet.Comma, sheet.UseCRLF = ';', true
	names := make([]string, len(csvColumns))
	for i, column := range csvColumns {
		names[i] = column.name
	}
	rows := [][]string{names}
	for _, row := range r.Rows {
		cells := make([]string, len(csvColumns))
		for i, column := range csvColumns {
			cells[i] = column.cell(r, row)
		}
		rows = append(rows, cells)
	}
	return sheet.WriteAll(rows)
}

func joined(groups ...[]csvColumn) []csvColumn {
	var all []csvColumn
	for _, group := range groups {
		all = append(all, group...)
	}
	return all
}

// comparedColumn names the column of last year that the difference goes by.
func comparedColumn(r sroi.Report, row sroi.Row) string {
	if r.BothRestated && row.PreviousRestated.State != "" {
		return "behaald_vergelijkingsjaar_herzien"
	}
	return "behaald_vergelijkingsjaar"
}

func previous(row sroi.Row) sroi.Figure       { return row.Previous }
func previousAtDate(row sroi.Row) sroi.Figure { return row.PreviousAtDate }
func current(row sroi.Row) sroi.Figure        { return row.Current }
func difference(row sroi.Row) sroi.Figure     { return row.Difference }
func asClosed(row sroi.Row) sroi.Figure       { return row.AsClosed }
func correction(row sroi.Row) sroi.Figure     { return row.Correction }
func previousRestated(row sroi.Row) sroi.Figure {
	return row.PreviousRestated
}

// numberOf is a figure's number, empty where there is none.
func numberOf(of func(sroi.Row) sroi.Figure) func(sroi.Report, sroi.Row) string {
	return func(_ sroi.Report, row sroi.Row) string {
		if figure := of(row); figure.State == sroi.HasValue {
			return exportedNumber(row.Unit, figure.Value)
		}
		return ""
	}
}

// figureColumn is a column about one figure of each row.
func figureColumn(name string, of func(sroi.Row) sroi.Figure, cell func(sroi.Row, sroi.Figure) string) csvColumn {
	return csvColumn{name, func(_ sroi.Report, row sroi.Row) string { return cell(row, of(row)) }}
}

// shareColumns are the columns with numerator and denominator of a share.
func shareColumns(name string, of func(sroi.Row) sroi.Figure) []csvColumn {
	return []csvColumn{
		figureColumn(name+"_teller", of, func(row sroi.Row, f sroi.Figure) string { return exportedPart(row, f, f.Parts.Num) }),
		figureColumn(name+"_noemer", of, func(row sroi.Row, f sroi.Figure) string { return exportedPart(row, f, f.Parts.Den) }),
	}
}

// figureColumns are the columns that say how a figure is to be read.
func figureColumns(name string, of func(sroi.Row) sroi.Figure) []csvColumn {
	return []csvColumn{
		figureColumn(name+"_toestand", of, func(_ sroi.Row, f sroi.Figure) string { return stateWord(f.State) }),
		figureColumn(name+"_voorbehoud", of, func(_ sroi.Row, f sroi.Figure) string { return qualifiers[f.Qualifier] }),
		figureColumn(name+"_bron", of, func(_ sroi.Row, f sroi.Figure) string { return sheetText(f.Source) }),
		figureColumn(name+"_opmerking", of, func(_ sroi.Row, f sroi.Figure) string { return sheetText(f.Remark) }),
	}
}

func stateWord(state sroi.Measured) string {
	if word, known := states[state]; known {
		return word
	}
	return states[sroi.NotMeasured]
}

func exportedPart(row sroi.Row, f sroi.Figure, n int64) string {
	if f.State != sroi.HasValue || f.Parts.Den == 0 {
		return ""
	}
	return exportedNumber(sroi.CountedIn(row.Code), money.Fraction{Num: n, Den: 1})
}

func ofTarget(cell func(sroi.Unit, sroi.Target) string) func(sroi.Report, sroi.Row) string {
	return func(_ sroi.Report, row sroi.Row) string {
		if row.Target == nil {
			return ""
		}
		return cell(row.Unit, *row.Target)
	}
}

func targetValue(unit sroi.Unit, t sroi.Target) string {
	if t.Value == nil {
		return ""
	}
	return exportedNumber(unit, *t.Value)
}

func ofReport(cell func(sroi.Report) string) func(sroi.Report, sroi.Row) string {
	return func(r sroi.Report, _ sroi.Row) string { return cell(r) }
}

func yearColumns(name string, of func(sroi.Report) sroi.YearState) []csvColumn {
	return []csvColumn{
		{name + "_status", ofReport(func(r sroi.Report) string { return firmWord(of(r)) })},
		{name + "_afgesloten_op", ofReport(func(r sroi.Report) string { return of(r).ClosedOn.String() })},
		{name + "_te_beoordelen", ofReport(func(r sroi.Report) string { return strconv.Itoa(of(r).Undecided) })},
		{name + "_verantwoordingen_open", ofReport(func(r sroi.Report) string { return strconv.Itoa(of(r).Unsettled) })},
		{name + "_iets_geregistreerd", ofReport(func(r sroi.Report) string { return yesNo(of(r).Known) })},
	}
}

func yesNo(yes bool) string {
	if yes {
		return "ja"
	}
	return "nee"
}

// sheetText is a cell of words: a spreadsheet must not take it for a formula.
func sheetText(words string) string {
	words = strings.ToValidUTF8(words, "\uFFFD")
	if words != "" && strings.ContainsRune("=+-@\t\r\n", rune(words[0])) {
		return "'" + words
	}
	return words
}
