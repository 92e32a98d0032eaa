// SPDX-License-Identifier: EUPL-1.2

package present

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"socialreturn/internal/sroi"
)

// figuresTable is the page's table with the heading of an id.
func figuresTable(t *testing.T, root *element, id string) *element {
	t.Helper()
	tables := root.all(func(e *element) bool { return e.name == "table" && e.attrs["aria-labelledby"] == id })
	if len(tables) != 1 {
		t.Fatalf("%d tables %s", len(tables), id)
	}
	return tables[0]
}

func TestARestatedYearShowsThreeFigures(t *testing.T) {
	root := parse(t, render(t, restated()))
	table := figuresTable(t, root, "cijfers")
	var columns []string
	for _, head := range table.named("thead")[0].named("th") {
		columns = append(columns, head.text())
	}
	if got, want := strings.Join(columns, "|"), "Indicator|Behaald 2021|Vastgesteld 2022|Correctie|Herzien 2022|Verschil|Beoogd 2022|Doel"; got != want {
		t.Errorf("columns %s, want %s", got, want)
	}
	for code, want := range map[string]string{
		sroi.ExtraJobs:     "118 [1]|133|−2|131|+13|ten minste 125 [2]",
		sroi.RealisedValue: "€ 1.204.500|€ 1.146.420|+€ 3.800|€ 1.150.220|",
		sroi.Persons:       "203|228|0|228|",
	} {
		row := table.all(func(e *element) bool { return e.attrs["id"] == "rij-"+code })[0]
		var cells []string
		for _, content := range row.all(func(e *element) bool { return e.class("content") }) {
			cells = append(cells, content.text())
		}
		if got := strings.ReplaceAll(strings.Join(cells, "|"), "\u00a0", " "); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %s, want %s", code, got, want)
		}
	}
	if notes := root.all(func(e *element) bool { return e.attrs["id"] == "noot-1" })[0].text(); !strings.Contains(notes, "daarna herzien: 117.") {
		t.Errorf("last year's note: %s", notes)
	}
	for _, bar := range newChart(restated(), restated().Rows[0]).Bars {
		if bar.Label == "Herzien 2022" && bar.Text != "131" || bar.Label == "Vastgesteld 2022" {
			t.Errorf("the chart says %s %s", bar.Label, bar.Text)
		}
	}
	if words := root.text(); !strings.Contains(words, "Bij de afsluiting was het 133; de correctie daarna is −2.") {
		t.Error("the summary does not tell of the correction")
	}
}

func TestWhatWasBookedAfterTheCloseIsListed(t *testing.T) {
	root := parse(t, render(t, restated()))
	var rows []string
	for _, row := range figuresTable(t, root, "na-afsluiting").named("tbody") {
		link := ""
		for _, a := range row.named("a") {
			link = a.attrs["href"]
		}
		var cells []string
		for _, content := range row.all(func(e *element) bool { return e.class("content") }) {
			cells = append(cells, content.text())
		}
		rows = append(rows, strings.Join(append(cells, row.named("th")[0].text(), link), "|"))
	}
	want := []string{
		"1 maart 2023|telt niet mee|Gecorrigeerd Mutatie 19 van een contract|../contracten/" + contractID + "/mutaties",
		"14 maart 2023|–|Verantwoording beoordeeld (2022-Q4) Mutatie 21 van een contract|../contracten/" + contractID + "/mutaties",
		"3 april 2023|uitspraak rechter|Gunning vastgelegd Mutatie 4 van een aanbesteding|../aanbestedingen/" + tenderID + "/mutaties",
		"3 april 2023|registratiefout|Contract gewijzigd Mutatie 8|",
	}
	if !slices.Equal(rows, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(rows, "\n"), strings.Join(want, "\n"))
	}
	if words := root.text(); !strings.Contains(words, "Na de afsluiting zijn 103 mutaties geboekt die 2022 betreffen. Hier staan de eerste 4.") {
		t.Error("the page does not say how many there are")
	}
	if words := string(render(t, closed())); strings.Contains(words, "na-afsluiting") || strings.Contains(words, "Vastgesteld") {
		t.Error("nothing was booked after the close, and the page speaks of it")
	}
	told := strings.Join(terminal(t, restated(), 100), "\n")
	if !strings.Contains(told, "Na de afsluiting geboekt\n- 1 maart 2023: Gecorrigeerd; reden: telt niet mee") {
		t.Errorf("the terminal: %s", told)
	}
}

func TestTheSpreadsheetHasWhatWasClosed(t *testing.T) {
	var file bytes.Buffer
	if err := CSV(&file, restated()); err != nil {
		t.Fatal(err)
	}
	sheet := csv.NewReader(strings.NewReader(strings.TrimPrefix(file.String(), "\uFEFF")))
	sheet.Comma = ';'
	rows, err := sheet.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for column, want := range map[string]string{
		"vastgesteld": "133", "correctie": "-2", "behaald": "131", "behaald_vergelijkingsjaar": "118", "behaald_vergelijkingsjaar_herzien": "117", "na_afsluiting_geboekt": "103",
	} {
		if got := rows[1][slices.Index(rows[0], column)]; got != want {
			t.Errorf("%s: %q, want %q", column, got, want)
		}
	}
}
