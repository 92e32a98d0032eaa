// SPDX-License-Identifier: EUPL-1.2

package present

import (
	"bytes"
	"encoding/csv"
	"regexp"
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
	if got, want := strings.Join(columns, "|"), "Indicator|Vastgesteld 2021|Vastgesteld 2022|Correctie|Herzien 2022|Verschil|Beoogd 2022|Doel"; got != want {
		t.Errorf("columns %s, want %s", got, want)
	}
	for code, want := range map[string]string{
		sroi.ExtraJobs:     "118 herzien: 117|133|−2|131|+14|ten minste 125 [1]",
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
	for _, bar := range newChart(restated(), restated().Rows[0]).Bars {
		if bar.Label == "Herzien 2022" && bar.Text != "131" || bar.Label == "Herzien 2021" && bar.Text != "117" || !strings.HasPrefix(bar.Label, "Herzien ") {
			t.Errorf("the chart says %s %s", bar.Label, bar.Text)
		}
	}
	if words := root.text(); !strings.Contains(words, "Bij de afsluiting was het 133; de correctie daarna is −2. Dat is 14 meer dan in heel 2021, toen het zoals herzien 117 was.") {
		t.Error("the summary does not tell of the correction and the comparison")
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
		rows = append(rows, spaced(strings.Join(append(cells, row.named("th")[0].text(), link), "|")))
	}
	want := []string{
		"−€ 1.200,00|–|1 maart 2023|telt niet meer mee|Gecorrigeerd Contract 2021-09, mutatie 19|../contracten/" + contractID + "/mutaties",
		"+€ 5.000,00|–|14 maart 2023|bij de afsluiting bekend als openstaand: Wacht op het urenoverzicht.|Verantwoording beoordeeld (2022-Q4) Contract 2021-09, mutatie 21|../contracten/" + contractID + "/mutaties",
		"–|–|3 april 2023|uitspraak van de rechter|Gunning vastgelegd Aanbesteding, mutatie 4|../aanbestedingen/" + tenderID + "/mutaties",
		"–|+€ 10.000,00|3 april 2023|registratiefout|Contract gewijzigd Mutatie 8|",
		"–|–|4 april 2023|bij de afsluiting bekend als openstaand|Verantwoording ingediend (2022-Q4) Mutatie 9|",
	}
	if !slices.Equal(rows, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(rows, "\n"), strings.Join(want, "\n"))
	}
	if words := root.text(); !strings.Contains(words, "Na de afsluiting zijn 103 mutaties geboekt die 2022 betreffen. Hier staan de eerste 5.") {
		t.Error("the page does not say how many there are")
	}
	if words := string(render(t, closed())); strings.Contains(words, `id="na-afsluiting"`) || strings.Contains(words, "Vastgesteld") {
		t.Error("nothing was booked after the close, and the page speaks of it")
	}
	told := strings.Join(terminal(t, restated(), 100), "\n")
	if !strings.Contains(told, "Na de afsluiting geboekt\n- 1 maart 2023: Gecorrigeerd, contract 2021-09, mutatie 19; gerealiseerd −€ 1.200,00; reden: telt\n  niet meer mee") {
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
		"vastgesteld": "133", "correctie": "-2", "behaald": "131", "behaald_vergelijkingsjaar": "118", "behaald_vergelijkingsjaar_herzien": "117", "verschil": "14", "verschil_met": "behaald_vergelijkingsjaar_herzien", "na_afsluiting_geboekt": "103",
	} {
		if got := rows[1][slices.Index(rows[0], column)]; got != want {
			t.Errorf("%s: %q, want %q", column, got, want)
		}
	}
}

// The page says which figures it compares, in one sentence, and its table, chart
// and summary then do so.
func TestThePageSaysWhatItCompares(t *testing.T) {
	thisYear, lastYear := restated(), restated()
	thisYear.BothRestated = false
	for i := range thisYear.Rows {
		thisYear.Rows[i].PreviousRestated = sroi.Figure{}
	}
	beforeCloses := thisYear
	beforeCloses.Previous = sroi.YearState{}
	lastYear.Restated, lastYear.BothRestated = false, false
	for name, c := range map[string]struct {
		report sroi.Report
		want   string
	}{
		"both": {restated(), "Beide jaren zijn na hun afsluiting herzien. Verschil en Doel vergelijken gelijk met gelijk: 2022 zoals herzien met 2021 zoals herzien."},
		"this": {thisYear, "Verschil en Doel vergelijken 2022 zoals herzien met 2021, waarvan de cijfers na de afsluiting gelijk bleven."},
		"open": {beforeCloses, "Verschil en Doel vergelijken 2022 zoals herzien met 2021, dat niet is afgesloten."},
		"last": {lastYear, "Verschil en Doel vergelijken met 2021 zoals vastgesteld bij de afsluiting."},
		"none": {closed(), ""},
	} {
		page, told := parse(t, render(t, c.report)).text(), strings.Join(strings.Fields(strings.Join(terminal(t, c.report, 100), " ")), " ")
		for medium, words := range map[string]string{"page": page, "terminal": told} {
			if n := strings.Count(words, "Verschil en Doel vergelijken"); c.want != "" && !strings.Contains(words, c.want) || n != min(len(c.want), 1) {
				t.Errorf("%s restated, %s: %d sentences, want %q", name, medium, n, c.want)
			}
		}
	}
	if page := parse(t, render(t, lastYear)).text(); !strings.Contains(page, "daarna herzien: 117.") || strings.Contains(page, "118 herzien: 117") {
		t.Error("last year as it was closed does not tell in a note what it became")
	}
}

// What rounds to nothing is neither more nor less: in no figure of the page.
func TestADifferenceThatRoundsToNothingHasNoSign(t *testing.T) {
	r := restated()
	for i := range r.Rows {
		tiny := ratio(1-2*int64(i%2), 1_000_000)
		r.Rows[i].Difference, r.Rows[i].Correction = tiny, tiny
	}
	words := spaced(parse(t, render(t, r)).text())
	if signs := regexp.MustCompile(`[−+-](€ )?0(,0+)?( procentpunt)?\b[^,.\d]`).FindAllString(words, -1); signs != nil {
		t.Errorf("%q", signs)
	}
	for _, want := range []string{"0,0 procentpunt", "Dat is afgerond evenveel als in heel 2021", "de correctie daarna is 0."} {
		if !strings.Contains(words, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}
