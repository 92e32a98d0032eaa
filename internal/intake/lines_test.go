// SPDX-License-Identifier: EUPL-1.2

package intake

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/text/encoding/charmap"
	"pgregory.net/rapid"

	"socialreturn/infra/bench/figure"
	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

const (
	purchaseHeader = "soort;bouwblok;verkoper (KvK);verkopernaam;erkenning;opdracht;factuur;factuurdatum;bedrag\n"
	purchaseRow    = "sociale inkoop;inkoop;12345678;Groen BV;erkend;O-1;F-1;31-12-2022;1.234,56\n"
)

func purchase() sroi.Claim {
	return sroi.Claim{Kind: sroi.PurchaseLine, Purchase: &sroi.PurchaseClaim{
		Block: "inkoop", Seller: "12345678", SellerName: "Groen BV", Recognition: ruleset.Recognised,
		Order: "O-1", Invoice: "F-1", InvoiceDate: calendar.MustDate("2022-12-31"), Amount: 1_234_56,
	}}
}

// where writes a fault as row, column letter, column name and code.
func where(faults []RowFault) []string {
	var lines []string
	for _, f := range faults {
		lines = append(lines, fmt.Sprintf("%d%s %s %s", f.Row, f.Letter, f.Column, f.Code))
	}
	return lines
}

// readClaims is ReadLines without the rows.
func readClaims(r io.Reader) ([]sroi.Claim, []RowFault) {
	lines, faults := ReadLines(r)
	var claims []sroi.Claim
	for _, line := range lines {
		claims = append(claims, line.Claim)
	}
	return claims, faults
}

func TestLinesKnowTheirRows(t *testing.T) {
	lines, faults := ReadLines(strings.NewReader("soort;plaatsing;gewerkte uren\r\nvoorbeeld: plaatsing;9;1\r\nplaatsing;1;10\r\n;;\r\nplaatsing;2;10\r\n"))
	if faults != nil || len(lines) != 2 || lines[0].Row != 3 || lines[1].Row != 5 || lines[1].Claim.Placement.Number != 2 {
		t.Fatalf("%+v %+v", lines, faults)
	}
}

func TestReadLines(t *testing.T) {
	claims, faults := readClaims(strings.NewReader("soort;plaatsing;gewerkte uren;toelichting;geen BSN;periode\r\n" +
		"Plaatsing;3;312,5;\"een \"\"citaat\"\";\r\nen een tweede regel\";JA;2022-q1\r\n" +
		";;;;;\r\n" +
		"\r\n" +
		"voorbeeld: plaatsing;niet;te;lezen;;\r\n" +
		" plaatsing ;4;0;'=som;nee;2022-03"))
	equal(t, "faults", faults, []RowFault(nil))
	equal(t, "claims", claims, []sroi.Claim{
		{
			Kind: sroi.PlacementLine, Period: calendar.MustPeriod("2022-Q1"), NoBSN: true,
			Placement: &sroi.PlacementClaim{Number: 3, Worked: 312*60 + 30},
			Remark:    "een \"citaat\";\r\nen een tweede regel",
		},
		{
			Kind: sroi.PlacementLine, Period: calendar.MustPeriod("2022-03"),
			Placement: &sroi.PlacementClaim{Number: 4}, Remark: "=som",
		},
	})
}

func TestHeaders(t *testing.T) {
	row := "sociale inkoop%sinkoop%s12345678%sGroen BV%serkend%sO-1%sF-1%s31-12-2022%s1234.56"
	tests := map[string]string{
		";":  "soort;bouwblok;verkoper;verkopernaam;erkenning;opdracht;factuur;factuurdatum;bedrag",
		",":  "SOORT,Bouw-blok,KvK,Verkoper naam,erkenning,opdracht,factuur,factuur datum,bedrag (€)",
		"\t": " soort\tbouwblok\tVerkoper (KVK)\tverkopernaam\terkenning\topdracht\t\"factuur\"\tfactuurdatum\tbedrag",
	}
	for separator, header := range tests {
		claims, faults := readClaims(strings.NewReader(header + "\n" + strings.ReplaceAll(row, "%s", separator)))
		equal(t, header, where(faults), []string(nil))
		equal(t, header, claims, []sroi.Claim{purchase()})
	}
}

func TestFaults(t *testing.T) {
	tests := []struct {
		name, file string
		want       []string
	}{
		{"empty", " \n\n", []string{"0  empty"}},
		{"workbook", "PK\x03\x04rest", []string{"0  workbook"}},
		{"old workbook", "\xD0\xCF\x11\xE0rest", []string{"0  workbook"}},
		{"binary", "soort\x00", []string{"0  notText"}},
		{"broken UTF-8 after a mark", "\uFEFFsoort\n\xE9", []string{"0  encoding"}},
		{"half UTF-16", "\xFF\xFEs\x00o", []string{"0  encoding"}},
		{"lone surrogate", "\xFF\xFE\x00\xD8s\x00", []string{"0  encoding"}},
		{"zero in UTF-16", "\xFF\xFEs\x00\x00\x00", []string{"0  notText"}},
		{"no header", "sociale inkoop;12345678\nmeer;1\n", []string{"1  header"}},
		{"header on row 3", "\n;;\n" + purchaseHeader + "x", []string{"4A soort kind"}},
		{"no kind column", "bedrag\n12", []string{"1  missingColumn"}},
		{"unknown and double column", "soort;bedragg;bedrag;kleur;Bedrag\n", []string{"1B  unknownColumn", "1D  unknownColumn", "1E bedrag duplicateColumn"}},
		{"kind", "soort\n\nx\n", []string{"3A soort kind"}},
		{"no kind", "soort;bedrag\n;12\n", []string{"2A soort missing"}},
		{"absent columns are told once", "soort\nplaatsing\nplaatsing\n", []string{"1 plaatsing missingColumn", "1 gewerkte uren missingColumn"}},
		{"empty cells", "soort;plaatsing;gewerkte uren\nplaatsing;;\n", []string{"2B plaatsing missing", "2C gewerkte uren missing"}},
		{"foreign columns", "soort;plaatsing;gewerkte uren;bedrag;datum\nplaatsing;1;2;3;x\n", []string{"2D bedrag foreign", "2E datum foreign"}},
		{"cell without header", "soort;;plaatsing;gewerkte uren\nplaatsing;x;1;2\nplaatsing;;1;2;y\n", []string{"2B  noHeader", "3E  noHeader"}},
		{"every fault of a row at once", purchaseHeader + "sociale inkoop;;1234567;;onbekend;1,2E+10;1,23E+08;31-12-22;1.234\n", []string{
			"2B bouwblok missing", "2C verkoper (KvK) kvk", "2D verkopernaam missing", "2E erkenning recognition",
			"2F opdracht scientific", "2G factuur scientific", "2H factuurdatum date", "2I bedrag ambiguous"}},
		{"rows count as on the screen", "soort;toelichting;plaatsing;gewerkte uren\n\n\"plaatsing\";\"a\nb\r\nc\";1;2\n\r\nplaatsing;x;0;2\n", []string{"5C plaatsing number"}},
		{"open quote", purchaseHeader + "\"sociale inkoop;x\n" + purchaseRow, []string{"2  openQuote"}},
		{"text behind a quote", purchaseHeader + "\"sociale\" inkoop;x\nx\n", []string{"2  openQuote", "3A soort kind"}},
		{"wide row", purchaseHeader + strings.Repeat(";", maxCells) + "\nx\n", []string{"2  wideRow", "3A soort kind"}},
		{"control character", "soort;plaatsing;gewerkte uren\nplaatsing;\x07;1\n", []string{"2B plaatsing control"}},
		{"Excel error", "soort;plaatsing;gewerkte uren;toelichting\nplaatsing;#NAAM?;####;#1 van de lijst\n", []string{"2B plaatsing excelError", "2C gewerkte uren excelError"}},
		{"long cell", "soort;plaatsing;gewerkte uren;toelichting\nplaatsing;1;2;" + strings.Repeat("x", maxCellBytes+1) + "\n", []string{"2D toelichting cellTooLong"}},
		{"evidence of unequal number", "soort;plaatsing;gewerkte uren;bewijs soort;bewijs naam\nplaatsing;1;2;contract|urenstaat;a.pdf\n", []string{"2  evidence"}},
		{"evidence without hash", "soort;plaatsing;gewerkte uren;bewijs soort;bewijs naam\nplaatsing;1;2;contract;a.pdf\n", []string{"2  evidence"}},
		{"evidence in part", "soort;plaatsing;gewerkte uren;bewijs soort;bewijs naam;bewijs sha256\nplaatsing;1;2;a|;|b;" + strings.Repeat("0", 64) + "|x\n", []string{
			"2E bewijs naam missing", "2F bewijs sha256 sha256", "2D bewijs soort missing"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			claims, faults := readClaims(strings.NewReader(test.file))
			equal(t, "faults", where(faults), test.want)
			if claims != nil {
				t.Errorf("a refused file still gives %d claims", len(claims))
			}
		})
	}
}

func TestUnknownColumnHints(t *testing.T) {
	_, faults := readClaims(strings.NewReader("soort;factuurdatm;kleur\n"))
	if !strings.Contains(faults[0].Detail, "Bedoelde u factuurdatum?") || strings.Contains(faults[1].Detail, "Bedoelde") {
		t.Errorf("got %q and %q", faults[0].Detail, faults[1].Detail)
	}
}

func TestReadFailure(t *testing.T) {
	_, faults := readClaims(iotest.ErrReader(errors.New("broken")))
	equal(t, "faults", where(faults), []string{"0  read"})
}

func TestLimits(t *testing.T) {
	file := purchaseHeader + strings.Repeat(purchaseRow+";\n", maxRows)
	claims, faults := readClaims(strings.NewReader(file))
	if len(claims) != maxRows || faults != nil {
		t.Errorf("%d rows: got %d claims, %v", maxRows, len(claims), where(faults))
	}
	_, faults = readClaims(strings.NewReader(file + purchaseRow))
	equal(t, "a row more", where(faults), []string{fmt.Sprintf("%d  tooManyRows", 2*maxRows+2)})
	padded := file + strings.Repeat("\n", maxLinesBytes-len(file))
	if claims, faults = readClaims(strings.NewReader(padded)); len(claims) != maxRows || faults != nil {
		t.Errorf("5 MiB: got %d claims, %v", len(claims), where(faults))
	}
	_, faults = readClaims(strings.NewReader(padded + "\n"))
	equal(t, "a byte more", where(faults), []string{"0  tooLarge"})
	_, faults = readClaims(strings.NewReader("soort\n" + strings.Repeat("x\n", maxFaults+7)))
	if len(faults) != maxFaults+1 || faults[maxFaults].Detail != "En nog 7 fouten. Herstel eerst de fouten hierboven." {
		t.Errorf("got %d faults, the last %+v", len(faults), faults[len(faults)-1])
	}
}

// TestFaultsRepeatNothing fills every cell, and the header, with a number that
// passes the 11-test, as a citizen service number does.
func TestFaultsRepeatNothing(t *testing.T) {
	const secret = "111222333"
	files := []string{secret + "\n", "soort;" + secret + "\nplaatsing;1\n"}
	header := strings.Join(columnNames[:], ";") + "\n"
	for _, kind := range []string{secret, "plaatsing", "sociale inkoop", "activiteit"} {
		files = append(files, header+kind+strings.Repeat(";"+secret, int(columnCount)-1)+";"+secret+"\n")
	}
	for _, file := range files {
		_, faults := readClaims(strings.NewReader(file))
		if len(faults) == 0 {
			t.Errorf("no fault in %q", file)
		}
		for _, fault := range faults {
			if strings.Contains(fault.Detail+fault.Column, secret) {
				t.Errorf("%s repeats the cell: %s", where([]RowFault{fault}), fault.Detail)
			}
		}
	}
}

func TestTemplate(t *testing.T) {
	var file bytes.Buffer
	if err := WriteTemplate(&file); err != nil {
		t.Fatal(err)
	}
	text := file.String()
	if !strings.HasPrefix(text, "\uFEFFsoort;periode;plaatsing;gewerkte uren;") || strings.Count(text, "\r\n") != 4 {
		t.Errorf("not a Dutch Excel file: %q", text)
	}
	claims, faults := readClaims(strings.NewReader(text))
	if len(claims) > 0 || faults != nil {
		t.Errorf("as it is, the template holds no line; got %v, %v", claims, where(faults))
	}
	claims, faults = readClaims(strings.NewReader(strings.ReplaceAll(text, "voorbeeld: ", "")))
	equal(t, "faults", where(faults), []string(nil))
	equal(t, "the examples", claims, examples())
	if err := WriteTemplate(failingWriter{}); err == nil {
		t.Error("the writer's error is lost")
	}
}

type failingWriter struct{}

func (failingWriter) Write([]byte) (int, error) { return 0, errors.New("full") }

// anyText draws text without space around it, as ReadLines gives it.
func anyText(t *rapid.T, label string) string {
	text := rapid.StringMatching(`['=+\-@]{0,3}[a-zA-Zéë€ ;,|"'=\n\t.0-9]{0,12}[a-z]`).Draw(t, label)
	return strings.TrimSpace(text)
}

func anyEvidence(t *rapid.T) []sroi.Evidence {
	var papers []sroi.Evidence
	for range rapid.IntRange(0, 3).Draw(t, "papers") {
		papers = append(papers, sroi.Evidence{
			Kind:   rapid.StringMatching(`[a-z]{1,8}`).Draw(t, "kind"),
			Name:   rapid.StringMatching(`[=@]?[a-zé ]{0,5}\.pdf`).Draw(t, "name"),
			SHA256: rapid.StringMatching(`[0-9a-f]{64}`).Draw(t, "sha256"),
		})
		papers[len(papers)-1].Name = strings.TrimSpace(papers[len(papers)-1].Name)
	}
	return papers
}

func anyCents(t *rapid.T) money.Cents {
	return money.Cents(rapid.Int64Range(-int64(money.Max), int64(money.Max)).Draw(t, "cents"))
}

func maybeCents(t *rapid.T) *money.Cents {
	if !rapid.Bool().Draw(t, "given") {
		return nil
	}
	cents := anyCents(t)
	return &cents
}

func anyDate(t *rapid.T) calendar.Date {
	return calendar.MustDate("1900-01-01").AddDays(rapid.IntRange(0, 109_000).Draw(t, "days"))
}

func anyMinutes(t *rapid.T) calendar.Minutes {
	return calendar.Minutes(rapid.Int64Range(0, 60_000).Draw(t, "minutes"))
}

func anyClaim(t *rapid.T) sroi.Claim {
	claim := sroi.Claim{
		Kind:     rapid.SampledFrom([]sroi.LineKind{sroi.PlacementLine, sroi.PurchaseLine, sroi.ActivityLine}).Draw(t, "line"),
		Evidence: anyEvidence(t),
		NoBSN:    rapid.Bool().Draw(t, "no bsn"),
	}
	if rapid.Bool().Draw(t, "remarked") {
		claim.Remark = anyText(t, "remark")
	}
	if rapid.Bool().Draw(t, "earlier") {
		cadence := rapid.SampledFrom([]calendar.Cadence{calendar.Monthly, calendar.Quarterly, calendar.HalfYearly}).Draw(t, "cadence")
		claim.Period = calendar.PeriodOf(anyDate(t), cadence)
	}
	switch claim.Kind {
	case sroi.PlacementLine:
		claim.Placement = &sroi.PlacementClaim{Number: rapid.IntRange(1, 999_999_999).Draw(t, "number"), Worked: anyMinutes(t)}
	case sroi.PurchaseLine:
		claim.Purchase = &sroi.PurchaseClaim{
			Block: anyText(t, "block"), Seller: rapid.StringMatching(`[0-9]{8}`).Draw(t, "kvk"), SellerName: anyText(t, "name"),
			Recognition: rapid.SampledFrom([]ruleset.Recognition{ruleset.Recognised, ruleset.Aspirant, ruleset.Sheltered}).Draw(t, "recognition"),
			Order:       anyText(t, "order"), Invoice: anyText(t, "invoice"),
			InvoiceDate: anyDate(t), Amount: anyCents(t), LabourPart: maybeCents(t),
		}
	case sroi.ActivityLine:
		claim.Activity = &sroi.ActivityClaim{
			Block: anyText(t, "block"), Description: anyText(t, "description"), Date: anyDate(t),
			Hours: anyMinutes(t), People: rapid.IntRange(0, 999_999_999).Draw(t, "people"), Cost: maybeCents(t), Agreed: maybeCents(t),
			Motivation: anyText(t, "motivation"),
		}
	}
	return claim
}

// writeLines writes claims the way a spreadsheet does, with the columns in the
// given order.
func writeLines(claims []sroi.Claim, order []int, separator, lineEnd string) string {
	rows := [][columnCount]string{columnNames}
	for _, claim := range claims {
		rows = append(rows, lineCells(claim))
	}
	var file strings.Builder
	for _, row := range rows {
		for i, c := range order {
			if i > 0 {
				file.WriteString(separator)
			}
			cell := row[c]
			if strings.ContainsAny(cell, separator+"\"\n") {
				cell = `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
			}
			file.WriteString(cell)
		}
		file.WriteString(lineEnd)
	}
	return file.String()
}

var fileEncodings = map[string]func(string) string{
	"UTF-8":           func(s string) string { return s },
	"UTF-8 with mark": func(s string) string { return "\uFEFF" + s },
	"UTF-16 LE":       func(s string) string { return utf16File(s, false) },
	"UTF-16 BE":       func(s string) string { return utf16File(s, true) },
	"Windows-1252": func(s string) string {
		encoded, err := charmap.Windows1252.NewEncoder().String(s)
		if err != nil {
			panic(err)
		}
		return encoded
	},
}

func TestRoundTrip(t *testing.T) {
	names := []string{"UTF-8", "UTF-8 with mark", "UTF-16 LE", "UTF-16 BE", "Windows-1252"}
	rapid.Check(t, func(t *rapid.T) {
		claims := rapid.SliceOfN(rapid.Custom(anyClaim), 1, 5).Draw(t, "claims")
		columns := make([]int, columnCount)
		for c := range columns {
			columns[c] = c
		}
		text := writeLines(claims, rapid.Permutation(columns).Draw(t, "order"),
			rapid.SampledFrom([]string{";", ",", "\t"}).Draw(t, "separator"),
			rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "line end"))
		file := fileEncodings[rapid.SampledFrom(names).Draw(t, "encoding")](text)
		got, faults := readClaims(strings.NewReader(file))
		if faults != nil {
			t.Fatalf("faults %+v in %q", faults, text)
		}
		if !reflect.DeepEqual(got, claims) {
			t.Fatalf("got %+v\nwant %+v\nfrom %q", got, claims, text)
		}
	})
}

func TestGuard(t *testing.T) {
	tests := map[string]string{
		"":            "",
		"gewoon":      "gewoon",
		"=1+1":        "'=1+1",
		"+31":         "'+31",
		"-5":          "'-5",
		"@SUM":        "'@SUM",
		"\tx":         "'\tx",
		"\rx":         "'\rx",
		"'s-Gravelo":  "'s-Gravelo",
		"'=1":         "''=1",
		"a=b":         "a=b",
		"'":           "'",
		" =1+1 ":      " =1+1 ",
		"''-5 graden": "'''-5 graden",
	}
	for cell, want := range tests {
		if got := Guard(cell); got != want {
			t.Errorf("Guard(%q) = %q, want %q", cell, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		cell := rapid.StringMatching(`['=+\-@\t\ra]{0,6}`).Draw(t, "cell")
		guarded := Guard(cell)
		if unguard(guarded) != cell {
			t.Fatalf("%q comes back as %q", cell, unguard(guarded))
		}
		if guarded != "" && strings.Contains("=+-@\t\r", guarded[:1]) {
			t.Fatalf("%q is still a formula", guarded)
		}
	})
}

// TestSplitter holds the splitter against encoding/csv on files without blank
// lines, which that skips, and on rows of every shape.
func TestSplitter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`("?[a;"\n]{0,3}"?[;\n]){1,6}a?`).Draw(t, "text")
		reader := csv.NewReader(strings.NewReader(text))
		reader.Comma, reader.FieldsPerRecord, reader.LazyQuotes = ';', -1, false
		want, err := reader.ReadAll()
		if err != nil {
			return // malformed in its eyes
		}
		var got [][]string
		rows := &splitter{rest: text, separator: ';'}
		for {
			cells, problem, more := rows.next(nil)
			if !more {
				break
			}
			if problem != nil {
				t.Fatalf("%q: %s", text, problem.detail)
			}
			got = append(got, cells)
		}
		blank := func(row []string) bool { return len(row) == 1 && row[0] == "" }
		got, want = slices.DeleteFunc(got, blank), slices.DeleteFunc(want, blank)
		if len(got)+len(want) > 0 && !reflect.DeepEqual(got, want) {
			t.Fatalf("%q: got %q, want %q", text, got, want)
		}
	})
}

func TestLetter(t *testing.T) {
	for index, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 51: "AZ", 52: "BA", 255: "IV", 701: "ZZ", 702: "AAA"} {
		if got := letter(index); got != want {
			t.Errorf("letter(%d) = %s, want %s", index, got, want)
		}
	}
}

func FuzzReadLines(f *testing.F) {
	f.Add([]byte(purchaseHeader + purchaseRow))
	f.Add([]byte(utf16File(purchaseHeader+purchaseRow, true)))
	f.Add([]byte("soort\tuitleg\n\"activiteit\"\t\"\"\"\"\n"))
	f.Add([]byte("soort,plaatsing,gewerkte uren,bewijs soort\nplaatsing,1,24:30,a|b\n"))
	f.Add([]byte(purchaseHeader + strings.ReplaceAll(purchaseRow, "31-12-2022", canary)))
	f.Add([]byte(canary + ";soort\n\"" + canary))
	f.Add([]byte(manyLines(6)))
	f.Fuzz(func(t *testing.T, data []byte) {
		claims, faults := readClaims(bytes.NewReader(data))
		if claims != nil && faults != nil {
			t.Fatal("both claims and faults")
		}
		for _, fault := range faults {
			if fault.Code == "" || fault.Detail == "" {
				t.Fatalf("a fault without words: %+v", fault)
			}
			if strings.Contains(fmt.Sprintf("%+v", fault), canary) {
				t.Fatalf("a fault repeats what the file holds: %+v", fault)
			}
		}
		for _, claim := range claims {
			if _, known := kindNames[claim.Kind]; !known {
				t.Fatalf("a claim of kind %q", claim.Kind)
			}
		}
		if len(claims) > 0 {
			again, faults := readClaims(strings.NewReader(written(claims)))
			if faults != nil || !reflect.DeepEqual(again, claims) {
				t.Fatalf("written and read again:\n%+v\nwas\n%+v\n%+v", again, claims, faults)
			}
		}
	})
}

// manyLines is a file of n lines of all kinds.
func manyLines(n int) string {
	claims := make([]sroi.Claim, n)
	for i := range claims {
		claims[i] = examples()[i%3]
	}
	return written(claims)
}

// written is claims as a file with every column.
func written(claims []sroi.Claim) string {
	columns := make([]int, columnCount)
	for c := range columns {
		columns[c] = c
	}
	return writeLines(claims, columns, ";", "\r\n")
}

// canary is what nobody writes, and no fault may repeat.
const canary = "Kanarievogel"

// TestAllocations bounds what a line costs, so that memory stays flat: the
// claim with its parts, and nothing for a cell.
func TestAllocations(t *testing.T) {
	file := manyLines(3000)
	allocations := testing.AllocsPerRun(3, func() {
		if _, faults := readClaims(strings.NewReader(file)); faults != nil {
			t.Fatal(faults)
		}
	})
	figure.Count(t, "allocations of a line of CSV", allocations/3000, figure.AtMost(3.5), figure.Bar{})
}

// The largest file of the smallest lines: what reading keeps and throws away
// beyond the file, of the 64 MB that it may. A file is bounded, so that more lines
// than these are more files, one after another.
func TestMemoryOfTheLargestFile(t *testing.T) {
	file := manyLines(maxRows)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	lines, faults := ReadLines(strings.NewReader(file))
	runtime.ReadMemStats(&after)
	if faults != nil || len(lines) != maxRows {
		t.Fatal(faults)
	}
	megabytes := float64(after.TotalAlloc-before.TotalAlloc-uint64(len(file))) / 1e6
	figure.Count(t, "MB of memory of the largest file of lines, beyond the file", megabytes, figure.AtMost(64), figure.Bar{})
}
