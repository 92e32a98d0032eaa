// SPDX-License-Identifier: EUPL-1.2

package present

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"socialreturn/internal/sroi"
)

// sheet reads the spreadsheet back: per code, each cell under its column's name.
func sheet(t *testing.T, r sroi.Report) map[string]map[string]string {
	t.Helper()
	var file bytes.Buffer
	if err := CSV(&file, r); err != nil {
		t.Fatal(err)
	}
	plain, marked := strings.CutPrefix(file.String(), "\uFEFF")
	if !marked {
		t.Error("no byte order mark")
	}
	if strings.Count(plain, "\n") != strings.Count(plain, "\r\n") {
		t.Error("a line ends without CR LF")
	}
	reader := csv.NewReader(strings.NewReader(plain))
	reader.Comma = ';'
	records, err := reader.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(records) != 1+len(r.Rows) {
		t.Errorf("%d records for %d rows", len(records), len(r.Rows))
	}
	rows := map[string]map[string]string{}
	for _, record := range records[1:] {
		row := map[string]string{}
		for i, cell := range record {
			row[records[0][i]] = cell
		}
		if len(row) != len(record) {
			t.Fatal("two columns have one name")
		}
		rows[row["code"]] = row
	}
	return rows
}

func TestSpreadsheetHoldsEveryCell(t *testing.T) {
	rows := sheet(t, apeldoorn())
	for code, want := range map[string]map[string]string{
		sroi.ExtraJobs: {
			"indicator": "Extra arbeidsplaatsen door Social Return", "onderdeel_van": "", "eenheid": "aantal",
			"behaald_vergelijkingsjaar": "118", "behaald_vergelijkingsjaar_zelfde_datum": "86", "behaald": "131", "verschil": "13",
			"doel_lezing": "ten minste", "beoogd": "125", "oordeel": "bereikt", "beoogd_bron": "Programmabegroting 2022, 1.1.5",
			"beoogd_opmerking": "Gelezen als het aantal in het jaar, niet als groei.", "behaald_toestand": "gemeten",
			"gebied_code": "GM0200", "gebied": "Apeldoorn", "jaar": "2022", "vergelijkingsjaar": "2021",
			"stand_op": "2022-09-30", "zelfde_datum": "2021-09-30", "jaar_status": "voorlopig", "jaar_afgesloten_op": "",
			"jaar_te_beoordelen": "12", "jaar_verantwoordingen_open": "7", "jaar_iets_geregistreerd": "ja", "vergelijkingsjaar_status": "definitief",
			"vergelijkingsjaar_afgesloten_op": "2022-02-14", "gemaakt_op": "2022-10-03 14:05:00", "mutaties": "1482",
			"laatste_mutatie": "c-2022-0173/14", "laatste_mutatie_geboekt_op": "2022-09-30",
		},
		sroi.TenderShare: {
			"eenheid": "procent", "behaald": "58,0645", "behaald_teller": "18", "behaald_noemer": "31", "verschil": "6,3404",
			"doel_lezing": "meer dan in het vergelijkingsjaar", "beoogd": "", "oordeel": "nog niet te zeggen",
		},
		sroi.TenderShareValue: {
			"behaald_teller": "28730500,00", "behaald_noemer": "36402000,00",
			"behaald_vergelijkingsjaar_zelfde_datum": "", "behaald_vergelijkingsjaar_zelfde_datum_noemer": "", "behaald_vergelijkingsjaar_zelfde_datum_toestand": "niet gemeten",
		},
		sroi.JobsStartedFTE: {"onderdeel_van": "extra-arbeidsplaatsen", "eenheid": "fte", "behaald": "98,4600", "doel_lezing": "", "oordeel": "geen doel"},
		sroi.ExemptedValue:  {"eenheid": "euro", "behaald": "2410750,49", "verschil": "-739249,51"},
		sroi.SocialBuyers: {"behaald_vergelijkingsjaar_voorbehoud": "ongeveer", "behaald_vergelijkingsjaar_bron": "Regionaal bureau, opgave maart 2022",
			"behaald_vergelijkingsjaar_opmerking": "Vóór 2022 niet per factuur bijgehouden.", "verschil": "-3"},
		sroi.ObligedWhole: {"verschil": "", "verschil_toestand": "nog niet bekend"},
	} {
		for column, value := range want {
			if got, there := rows[code][column]; !there || got != value {
				t.Errorf("%s, %s: %q, want %q", code, column, got, value)
			}
		}
	}
	for code, row := range rows {
		if _, definition := Definition(code); row["omschrijving"] != definition {
			t.Errorf("%s is defined as %q", code, row["omschrijving"])
		}
	}
}

func TestNoTextStartsAFormula(t *testing.T) {
	for _, start := range []string{"=1+1", "+31", "-2", "@som", "\tx", "\rx", "\nx"} {
		r := apeldoorn()
		r.Area.Name, r.Rows[0].Current.Remark, r.Rows[0].Target.Source = start, start, start
		r.Rows[0].Parent, r.Position.Last = start, start
		row := sheet(t, r)[sroi.ExtraJobs]
		// The reader of the file makes CR LF one line end.
		want := strings.ReplaceAll("'"+start, "\r", "")
		for _, column := range []string{"gebied", "behaald_opmerking", "beoogd_bron", "onderdeel_van", "laatste_mutatie"} {
			if row[column] != want {
				t.Errorf("%s: %q, want %q", column, row[column], want)
			}
		}
	}
	for _, harmless := range []string{"", "1 = 1", "a-b", "Bron; met puntkomma", "een \"citaat\"", "twee\nregels"} {
		r := apeldoorn()
		r.Area.Name = harmless
		if got := sheet(t, r)[sroi.ExtraJobs]["gebied"]; got != harmless {
			t.Errorf("%q became %q", harmless, got)
		}
	}
}
