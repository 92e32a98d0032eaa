// SPDX-License-Identifier: EUPL-1.2

package present

import (
	"fmt"
	"strings"
	"time"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/sroi"
)

// line is a row of the council's table in words.
type line struct {
	Code, Name string
	Parent     string // the name of the row that this one explains
	Cells      []cell // as the columns
	Untargeted bool   // the last two cells say only that there is no target
}

// cell is one figure, target or verdict in words.
type cell struct {
	Column string
	Text   string
	Parts  string // of a share: "18 van 31"
	Spoken string // what a dash means
	Href   string // of a figure: where it is broken down
	About  string // what Href leads to
	Class  string
	Sign   string // the mark before a verdict
	Notes  []reference
}

// reference is a mark in the table that leads to a note.
type reference struct {
	Note  int // from 1
	ID    string
	Where string // row and column
}

// note is a source or remark, once, with the cells that it is about.
type note struct {
	Number     int
	Text       string
	References []reference
}

// table is the council's table in words: columns, rows grouped under the row
// they explain, and the notes that their cells refer to.
type table struct {
	Columns []string
	Groups  [][]line
	Notes   []note
}

func newTable(r sroi.Report) table {
	t := table{Columns: columns(r)}
	groupOf := map[string]int{}
	for _, row := range r.Rows {
		built := t.line(r, row)
		at, explains := groupOf[row.Parent]
		if row.Parent == "" || !explains {
			at = len(t.Groups)
			t.Groups = append(t.Groups, nil)
		} else {
			built.Parent, _ = Definition(row.Parent)
		}
		groupOf[row.Code] = at
		t.Groups[at] = append(t.Groups[at], built)
	}
	return t
}

// comparesAtDate tells whether last year at the same date says something: once
// this year is closed, the whole years compare.
func comparesAtDate(r sroi.Report) bool { return !r.Current.Final }

func columns(r sroi.Report) []string {
	names := []string{before(r)}
	if comparesAtDate(r) {
		names = append(names, atDate(r))
	}
	if r.Restated {
		names = append(names, fmt.Sprintf("Vastgesteld %d", r.Year), "Correctie")
	}
	return append(names, now(r), "Verschil", fmt.Sprintf("Beoogd %d", r.Year), "Doel")
}

// before names last year's figure, which of a closed year is that of the close.
func before(r sroi.Report) string {
	if r.BothRestated {
		return fmt.Sprintf("Vastgesteld %d", r.CompareWith)
	}
	return achieved(r.CompareWith, r.Previous)
}

// now names the year's figure as it is.
func now(r sroi.Report) string {
	if r.Restated {
		return fmt.Sprintf("Herzien %d", r.Year)
	}
	return achieved(r.Year, r.Current)
}

func achieved(year int, state sroi.YearState) string {
	if state.Final {
		return fmt.Sprintf("Behaald %d", year)
	}
	return fmt.Sprintf("Behaald %d (voorlopig)", year)
}

func atDate(r sroi.Report) string {
	if r.SameDateAsOf.IsZero() {
		return fmt.Sprintf("Behaald %d op dezelfde datum", r.CompareWith)
	}
	return "Behaald op " + r.SameDateAsOf.Dutch()
}

func (t *table) line(r sroi.Report, row sroi.Row) line {
	name, _ := Definition(row.Code)
	built := line{Code: clean(row.Code), Name: name, Untargeted: row.Target == nil && row.Verdict == sroi.NoTarget}
	built.Cells = append(built.Cells, t.beforeCell(built, r, row))
	if comparesAtDate(r) {
		built.Cells = append(built.Cells, t.figureCell(built, row, row.PreviousAtDate))
	}
	if r.Restated {
		built.Cells = append(built.Cells, t.figureCell(built, row, row.AsClosed))
		built.Cells = append(built.Cells, cell{Text: signedText(row, row.Correction), Class: "numeric", Spoken: spoken(row.Correction)})
	}
	built.Cells = append(built.Cells, t.figureCell(built, row, row.Current).leadingTo(r, row, r.Year))
	current := &built.Cells[len(built.Cells)-1]
	current.Class += " current"
	built.Cells = append(built.Cells,
		cell{Text: signedText(row, row.Difference), Class: "numeric", Spoken: spoken(row.Difference),
			Notes: t.refer(built, row.Difference.Source, row.Difference.Remark)})
	built.Cells = append(built.Cells, t.targetCell(built, r, row), verdictCell(row))
	for i := range built.Cells {
		built.Cells[i].Column = t.Columns[i]
	}
	return built
}

func (t *table) figureCell(built line, row sroi.Row, figure sroi.Figure) cell {
	text, parts := figureText(row, figure)
	return cell{Text: text, Parts: parts, Class: "numeric", Spoken: spoken(figure), Notes: t.refer(built, figure.Source, figure.Remark)}
}

// beforeCell is last year's figure; beside it what it became, where the difference
// goes by that.
func (t *table) beforeCell(built line, r sroi.Report, row sroi.Row) cell {
	shown := t.figureCell(built, row, lastYear(r, row))
	if r.BothRestated && row.PreviousRestated.State == sroi.HasValue {
		shown.Parts = strings.TrimPrefix(shown.Parts+"; herzien: "+withParts(row, row.PreviousRestated), "; ")
	}
	return shown.leadingTo(r, row, r.CompareWith)
}

// leadingTo links a whole year's figure to what it is made of.
func (c cell) leadingTo(r sroi.Report, row sroi.Row, year int) cell {
	c.Href = breakdownHref(r.Area.Code, year, row.Code)
	c.About = fmt.Sprintf("waaruit dit cijfer van %d bestaat", year)
	return c
}

func (t *table) targetCell(built line, r sroi.Report, row sroi.Row) cell {
	if row.Target == nil {
		return cell{Text: dash, Spoken: verdicts[sroi.NoTarget], Class: "target"}
	}
	return cell{Text: goal(row, r.CompareWith), Class: "target",
		Notes: t.refer(built, row.Target.Source, row.Target.Remark)}
}

func verdictCell(row sroi.Row) cell {
	if row.Verdict == sroi.NoTarget {
		return cell{Text: dash, Spoken: verdicts[sroi.NoTarget], Class: "verdict"}
	}
	return cell{Text: verdicts[row.Verdict], Class: "verdict", Sign: string(row.Verdict)}
}

func spoken(f sroi.Figure) string {
	if f.State == sroi.HasValue || f.State == sroi.NotYetKnown {
		return ""
	}
	return states[sroi.NotMeasured]
}

// refer notes a source and remark for the cell that comes next in the line, and
// gives its mark; the same words are noted once.
func (t *table) refer(built line, source, remark string) []reference {
	text := noteText(source, remark)
	if text == "" {
		return nil
	}
	at := 0
	for at < len(t.Notes) && t.Notes[at].Text != text {
		at++
	}
	if at == len(t.Notes) {
		t.Notes = append(t.Notes, note{Number: at + 1, Text: text})
	}
	mark := reference{
		Note:  at + 1,
		ID:    fmt.Sprintf("noot-%d-bij-%d", at+1, len(t.Notes[at].References)+1),
		Where: built.Name + ", " + t.Columns[len(built.Cells)],
	}
	t.Notes[at].References = append(t.Notes[at].References, mark)
	return []reference{mark}
}

func noteText(source, remark string) string {
	source, remark = strings.TrimSuffix(clean(source), "."), clean(remark)
	switch {
	case source == "":
		return remark
	case remark == "":
		return "Bron: " + source + "."
	default:
		return "Bron: " + source + ". " + remark
	}
}

// title is the report's heading.
func title(r sroi.Report) string {
	return fmt.Sprintf("Social Return in %s, %d vergeleken met %d", clean(r.Area.Name), r.Year, r.CompareWith)
}

// status says how firm the figures are and when they were drawn up.
func status(r sroi.Report) []string {
	told := []string{yearStatus(r.Year, r.Current), yearStatus(r.CompareWith, r.Previous)}
	if after := actsTold(r); after != "" {
		told = append(told, after)
	}
	return append(told,
		"Stand van de cijfers: "+day(r.AsOf)+".",
		"Gemaakt op "+moment(r.Built)+", "+upTo(r.Position)+".",
	)
}

func yearStatus(year int, state sroi.YearState) string {
	firm := fmt.Sprintf("%d is %s", year, firmWord(state))
	if state.Final && !state.ClosedOn.IsZero() {
		firm += ", afgesloten op " + state.ClosedOn.Dutch()
	}
	if !state.Known {
		firm += "; over dit jaar is niets geregistreerd"
	}
	return firm + ". " + waiting(state.Undecided) + unsettled(state.Unsettled)
}

func waiting(lines int) string {
	switch lines {
	case 0:
		return "Er wachten geen regels op een beoordeling."
	case 1:
		return "Er wacht nog 1 ingediende regel op een beoordeling."
	}
	return "Er wachten nog " + money.Thousands(int64(lines)) + " ingediende regels op een beoordeling."
}

// unsettled tells of periods over which contracts have yet to report, or wait
// for a decision; empty where there are none.
func unsettled(periods int) string {
	switch periods {
	case 0:
		return ""
	case 1:
		return " Eén verantwoording is nog niet ingediend of niet beoordeeld."
	}
	return " In totaal zijn " + money.Thousands(int64(periods)) + " verantwoordingen nog niet ingediend of niet beoordeeld."
}

func firmWord(state sroi.YearState) string {
	if state.Final {
		return "definitief"
	}
	return "voorlopig"
}

func upTo(p sroi.Position) string {
	if p.Entries == 0 {
		return "er zijn nog geen mutaties geboekt"
	}
	text := fmt.Sprintf("uit %s mutaties tot en met %s", money.Thousands(int64(p.Entries)), clean(p.Last))
	if !p.Booked.IsZero() {
		text += ", geboekt op " + p.Booked.Dutch()
	}
	return text
}

func day(d calendar.Date) string {
	if d.IsZero() {
		return "niet vastgelegd"
	}
	return d.Dutch()
}

var amsterdam = mustLoad("Europe/Amsterdam")

func mustLoad(name string) *time.Location {
	location, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return location
}

// moment is an instant as people in the Netherlands read it.
func moment(instant time.Time) string {
	return calendar.On(instant).Dutch() + " om " + instant.In(amsterdam).Format("15.04") + " uur"
}
