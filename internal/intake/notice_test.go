// SPDX-License-Identifier: EUPL-1.2

package intake

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/ruleset"
)

func readTestdata(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func mustRead(t *testing.T, data []byte) Notice {
	t.Helper()
	notice, err := ReadNotice(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return notice
}

func euros(whole money.Cents) *money.Cents {
	cents := whole * 100
	return &cents
}

func exactly(cents money.Cents) *money.Cents { return &cents }

// short writes an omission as field, lot and code.
func short(omitted []Omission) []string {
	var lines []string
	for _, o := range omitted {
		lines = append(lines, strings.Join([]string{o.Field, o.Lot, o.Code}, " "))
	}
	slices.Sort(lines)
	return lines
}

func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s:\n got %+v\nwant %+v", what, got, want)
	}
}

func TestContractNotice(t *testing.T) {
	got := mustRead(t, readTestdata(t, "opdracht.xml"))
	omitted, lots := got.Omitted, got.Lots
	got.Omitted, got.Lots = nil, nil
	equal(t, "notice", got, Notice{
		ID: "3f1c0a52-0000-4000-8000-000000000001", Version: "02", Kind: Competition, Type: "cn-standard",
		Subtype: "16", Procedure: "9b2d7e10-0000-4000-8000-000000000002", Issued: calendar.MustDate("2025-12-31"),
		Language: "NLD", Title: "Groenonderhoud & schoonmaak", Nature: ruleset.Services, CPV: "77310000",
		ProcedureType: "open", EstimatedValue: euros(800_000),
		Buyers: []Organisation{
			{Ref: "ORG-0001", Name: "Gemeente Voorbeeldstad", CompanyIDs: []string{"01234567", "00000001234567890000"}},
			{Ref: "ORG-0002", Name: "Inkoopbureau Voorbeeld"},
		},
	})
	equal(t, "lots", lots, []Lot{
		{
			ID: "LOT-0001", Title: "Groenonderhoud", Nature: ruleset.Services, CPV: "77310000",
			EstimatedValue: euros(600_000), FrameworkMaximum: exactly(750_000_50), Framework: "fa-wo-rc",
			ReservedProcurement: []string{"res-ws"}, ReservedExecution: "yes",
			StrategicGoals: []string{"soc-obj"}, SocialObjectives: []string{"acc-all", "opp"},
			SocialReturn: []Clue{
				{Field: "BT-775", Text: "opp"},
				{Field: "BT-777", Text: "De opdrachtnemer zet 5% Social\n          Return in."},
				{Field: "BT-70", Text: "De SROI-verplichting staat in het bestek."},
			},
			Duration: Duration{Count: 48, Unit: "MONTH"},
		},
		{
			ID: "LOT-0002", Title: "Schoonmaak", ReservedProcurement: []string{"none"},
			Starts: calendar.MustDate("2026-01-01"), Ends: calendar.MustDate("2029-12-31"),
		},
	})
	equal(t, "omitted", short(omitted), []string{
		"BT-23 LOT-0002 unsupported", "BT-262 LOT-0002 invalid", "BT-27 LOT-0002 currency",
		"BT-501  missing", "BT-736 LOT-0002 missing", "BT-765 LOT-0002 missing", "OPT-200  missing",
	})
	if !lots[0].SuggestsSocialReturn() || lots[1].SuggestsSocialReturn() {
		t.Error("Social Return is suggested for the first lot only")
	}
}

func TestContractAwardNotice(t *testing.T) {
	got := mustRead(t, readTestdata(t, "gunning.xml"))
	groen := Organisation{Ref: "ORG-0002", Name: "Groen BV", CompanyIDs: []string{"12345678"}}
	schoon := Organisation{Ref: "ORG-0003", Name: "Schoon BV", CompanyIDs: []string{"87654321"}}
	decided, concluded := calendar.MustDate("2025-06-30"), calendar.MustDate("2025-07-21")
	var results []*LotResult
	for _, lot := range got.Lots {
		results = append(results, lot.Result)
	}
	equal(t, "results", results, []*LotResult{
		{Status: "selec-w", FrameworkMaximum: euros(900_000), Awards: []Award{{
			Contract: "CON-0001", Tender: "TEN-0001", Decided: decided, Concluded: concluded,
			Winners: []Organisation{groen, schoon}, Value: exactly(400_000_10),
		}}},
		{Status: "selec-w", Awards: []Award{
			{Contract: "CON-0001", Tender: "TEN-0002", Decided: decided, Concluded: concluded, Winners: []Organisation{schoon}},
			{Contract: "CON-0002", Tender: "TEN-0003", Concluded: calendar.MustDate("2025-07-22"), Winners: []Organisation{groen, schoon}},
		}},
		{Status: "clos-nw", Reason: "no-rece"},
		{Status: "selec-w"},
		nil,
	})
	equal(t, "totals", []*money.Cents{got.TotalValue, got.FrameworkMaximum, got.EstimatedValue},
		[]*money.Cents{exactly(1_100_000_10), euros(2_000_000), nil})
	var told []string
	for _, line := range short(got.Omitted) {
		if !strings.HasSuffix(line, " missing") {
			told = append(told, line)
		}
	}
	equal(t, "omitted", told, []string{
		"BT-1451 LOT-0002 unpublished", "BT-1451 LOT-0004 invalid", "BT-27  invalid",
		"BT-3202 LOT-0004 contradiction", "BT-720 LOT-0002 shared", "BT-720 LOT-0002 unpublished",
	})
	if !slices.Contains(short(got.Omitted), "BT-142 LOT-0005 missing") {
		t.Error("a lot without a result is not told")
	}
}

// TestContradictions changes one thing in the award notice and looks at what is
// left out for it.
func TestContradictions(t *testing.T) {
	const lot1 = `<cac:ProcurementProjectLot><cbc:ID schemeName="Lot">LOT-0001</cbc:ID></cac:ProcurementProjectLot>`
	tests := []struct{ name, old, new, omitted, awards string }{
		{"nothing changed", "", "", "", "1 2 0 0 -"},
		{"two results of one lot", "<cbc:ID>LOT-0003</cbc:ID></efac:TenderLot>", "<cbc:ID>LOT-0001</cbc:ID></efac:TenderLot>",
			"BT-142 LOT-0001 contradiction", "- 2 - 0 -"},
		{"result of an unknown lot", "<cbc:ID>LOT-0003</cbc:ID></efac:TenderLot>", "<cbc:ID>LOT-0099</cbc:ID></efac:TenderLot>",
			"BT-13713  contradiction", "1 2 - 0 -"},
		{"contract named twice", "<efac:SettledContract><cbc:ID>CON-0002</cbc:ID></efac:SettledContract>",
			"<efac:SettledContract><cbc:ID>CON-0001</cbc:ID></efac:SettledContract>", "OPT-315 LOT-0002 invalid", "1 1 0 0 -"},
		{"unknown contract", "<efac:SettledContract><cbc:ID>CON-0003</cbc:ID></efac:SettledContract>",
			"<efac:SettledContract><cbc:ID>CON-0099</cbc:ID></efac:SettledContract>", "OPT-315 LOT-0004 invalid", "1 2 0 0 -"},
		{"awarded without contract", "<efac:SettledContract><cbc:ID>CON-0003</cbc:ID></efac:SettledContract>", "",
			"OPT-315 LOT-0004 missing", "1 2 0 0 -"},
		{"tender named twice", "<efac:LotTender><cbc:ID>TEN-0002</cbc:ID></efac:LotTender>",
			"<efac:LotTender><cbc:ID>TEN-0001</cbc:ID></efac:LotTender>", "BT-3202 LOT-0002 contradiction", "1 1 0 0 -"},
		{"no winner", "<efac:TenderingParty><cbc:ID>TPA-0001</cbc:ID></efac:TenderingParty>",
			"<efac:TenderingParty><cbc:ID>TPA-0099</cbc:ID></efac:TenderingParty>", "OPT-301 LOT-0001 missing", "1 2 0 0 -"},
		{"withheld result", ">clos-nw<", ">unpublished<", "BT-142 LOT-0003 unpublished", "1 2 0 0 -"},
		{"lot named twice", lot1, lot1 + lot1, "BT-137 LOT-0001 invalid", "1 2 0 0 -"},
		{"lot without name", lot1, lot1 + strings.Replace(lot1, "LOT-0001", "", 1), "BT-137  invalid", "1 2 0 0 -"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			file := string(readTestdata(t, "gunning.xml"))
			notice := mustRead(t, []byte(strings.Replace(file, test.old, test.new, 1)))
			var awards []string
			for _, lot := range notice.Lots {
				count := "-"
				if lot.Result != nil {
					count = fmt.Sprint(len(lot.Result.Awards))
				}
				awards = append(awards, count)
			}
			equal(t, "awards", strings.Join(awards, " "), test.awards)
			if test.omitted != "" && !slices.Contains(short(notice.Omitted), test.omitted) {
				t.Errorf("%s is not among %v", test.omitted, short(notice.Omitted))
			}
		})
	}
}

// TestSamples reads the samples of the eForms SDK where they lie beside the
// project; the notices in testdata are read in any case.
func TestSamples(t *testing.T) {
	want := map[string]string{
		"cn-social_25.xml":   "competition 2023-05-26 supplies LOT-0001 sr=[BT-775] result=-",
		"cn_24_minimal.xml":  "competition 2019-11-21 services LOT-0000 sr=[] result=-",
		"can-social_24.xml":  "result 2023-05-26 services LOT-0001 sr=[] result=clos-nw 0, LOT-0002 sr=[] result=selec-w 0, LOT-0003 sr=[] result=open-nw 0",
		"can_24_minimal.xml": "result 2019-10-23 services LOT-0000 sr=[] result=selec-w 1",
	}
	for name, summary := range want {
		data, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "data", "eforms", name))
		if errors.Is(err, os.ErrNotExist) {
			t.Logf("ATTENTION: the eForms sample %s is absent, so it was NOT read; only the notices in testdata were", name)
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if got := summarise(mustRead(t, data)); got != summary {
			t.Errorf("%s:\n got %s\nwant %s", name, got, summary)
		}
	}
}

func summarise(n Notice) string {
	var lots []string
	for _, lot := range n.Lots {
		fields, result := []string{}, "-"
		for _, clue := range lot.SocialReturn {
			fields = append(fields, clue.Field)
		}
		if lot.Result != nil {
			result = fmt.Sprintf("%s %d", lot.Result.Status, len(lot.Result.Awards))
		}
		lots = append(lots, fmt.Sprintf("%s sr=%v result=%s", lot.ID, fields, result))
	}
	return fmt.Sprintf("%s %s %s %s", n.Kind, n.Issued, n.Nature, strings.Join(lots, ", "))
}

// small is a contract notice with the given content.
func small(content string) string {
	return `<ContractNotice xmlns="urn:oasis:names:specification:ubl:schema:xsd:ContractNotice-2"` +
		` xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"` +
		` xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">` + content + `</ContractNotice>`
}

func utf16File(text string, bigEndian bool) string {
	data := []byte("\xFF\xFE")
	if bigEndian {
		data = []byte("\xFE\xFF")
	}
	for _, unit := range utf16.Encode([]rune(text)) {
		low, high := byte(unit), byte(unit>>8)
		if bigEndian {
			low, high = high, low
		}
		data = append(data, low, high)
	}
	return string(data)
}

func lots(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `<cac:ProcurementProjectLot><cbc:ID schemeName="Lot">L%d</cbc:ID></cac:ProcurementProjectLot>`, i)
	}
	return b.String()
}

func TestRefusals(t *testing.T) {
	nested := func(depth int) string { return strings.Repeat("<a>", depth) + strings.Repeat("</a>", depth) }
	modification := strings.Replace(string(readTestdata(t, "gunning.xml")), `listName="result"`, `listName="cont-modif"`, 1)
	tests := []struct {
		name, file string
		want       error
	}{
		{"smallest", small(""), nil},
		{"byte order mark", "\uFEFF" + small(""), nil},
		{"comment and space behind", small("") + "\n<!-- einde -->\n", nil},
		{"stylesheet", `<?xml-stylesheet href="x.xsl"?>` + small(""), nil},
		{"predefined entities", small("<cbc:ID>&lt;&#233;&gt;</cbc:ID>"), nil},
		{"empty", "", ErrSyntax},
		{"text", "geen xml", ErrSyntax},
		{"unclosed", strings.TrimSuffix(small(""), ">"), ErrSyntax},
		{"trailing text", small("") + "x", ErrSyntax},
		{"second root", small("") + small(""), ErrSyntax},
		{"unknown entity", small("<cbc:ID>&naam;</cbc:ID>"), ErrSyntax},
		{"doctype", "<!DOCTYPE a>" + small(""), ErrUnsafe},
		{"entity declaration", `<!DOCTYPE a [<!ENTITY b "c">]>` + small(""), ErrUnsafe},
		{"directive inside", small("<!ELEMENT a>"), ErrUnsafe},
		{"declared charset", `<?xml version="1.0" encoding="ISO-8859-1"?>` + small(""), ErrEncoding},
		{"no UTF-8", small("<cbc:ID>\xE9</cbc:ID>"), ErrEncoding},
		{"UTF-16", utf16File(small(""), false), ErrEncoding},
		{"page", "<html></html>", ErrNotNotice},
		{"other namespace", "<ContractNotice/>", ErrNotNotice},
		{"prior information", `<PriorInformationNotice xmlns="urn:oasis:names:specification:ubl:schema:xsd:PriorInformationNotice-2"/>`, ErrNotNotice},
		{"modification", modification, ErrFormType},
		{"planning", small(`<cbc:NoticeTypeCode listName="planning">pin</cbc:NoticeTypeCode>`), ErrFormType},
		{"1 MiB", small(strings.Repeat(" ", maxTextBytes)) + strings.Repeat(" ", maxNoticeBytes-maxTextBytes-len(small(""))), nil},
		{"over 1 MiB", small("") + strings.Repeat(" ", maxNoticeBytes), ErrTooLarge},
		{"longest text", small("<a>" + strings.Repeat("x", maxTextBytes) + "</a>"), nil},
		{"longer text", small("<a>" + strings.Repeat("x", maxTextBytes+1) + "</a>"), ErrLimit},
		{"longer text in pieces", small("<a>" + strings.Repeat("x<!---->", maxTextBytes+1) + "</a>"), ErrLimit},
		{"deepest", small(nested(maxDepth - 1)), nil},
		{"deeper", small(nested(maxDepth)), ErrLimit},
		{"most elements", small(strings.Repeat("<a/>", maxElements-1)), nil},
		{"more elements", small(strings.Repeat("<a/>", maxElements)), ErrLimit},
		{"most attributes", small("<a" + attributes(maxAttributes) + "/>"), nil},
		{"more attributes", small("<a" + attributes(maxAttributes+1) + "/>"), ErrLimit},
		{"most omissions", small(unknownBuyers(maxOmitted - omittedBySmall(t))), nil},
		{"more omissions", small(unknownBuyers(maxOmitted - omittedBySmall(t) + 1)), ErrLimit},
		{"most lots", small(lots(maxLots)), nil},
		{"more lots", small(lots(maxLots + 1)), ErrLimit},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := ReadNotice(strings.NewReader(test.file))
			if !errors.Is(err, test.want) || test.want == nil && err != nil {
				t.Errorf("got %v, want %v", err, test.want)
			}
		})
	}
}

func attributes(n int) string {
	var text strings.Builder
	for i := range n {
		fmt.Fprintf(&text, ` a%d=""`, i)
	}
	return text.String()
}

// unknownBuyers are references to organisations that are not there: each is an omission.
func unknownBuyers(n int) string {
	return "<cac:ContractingParty><cac:Party><cac:PartyIdentification>" + strings.Repeat("<cbc:ID>x</cbc:ID>", n) +
		"</cac:PartyIdentification></cac:Party></cac:ContractingParty>"
}

func omittedBySmall(t *testing.T) int {
	t.Helper()
	return len(mustRead(t, []byte(small(unknownBuyers(1)))).Omitted) - 1
}

// TestPlacesToLookAreBounded holds a lot that is in many groups and has many
// contracts, none of which are for any of them, against the bound.
func TestPlacesToLookAreBounded(t *testing.T) {
	for n, want := range map[int]error{200: nil, 250: ErrLimit} { // squared, and the lot itself
		var groups, contracts, refs strings.Builder
		for i := range n {
			fmt.Fprintf(&groups, "<cac:LotsGroup><cbc:LotsGroupID>G%d</cbc:LotsGroupID><cac:ProcurementProjectLotReference><cbc:ID>L</cbc:ID></cac:ProcurementProjectLotReference></cac:LotsGroup>", i)
			fmt.Fprintf(&contracts, "<efac:SettledContract><cbc:ID>C%d</cbc:ID></efac:SettledContract>", i)
			fmt.Fprintf(&refs, "<efac:SettledContract><cbc:ID>C%d</cbc:ID></efac:SettledContract>", i)
		}
		file := string(readTestdata(t, "gunning.xml"))
		opening := file[strings.Index(file, "<ContractAwardNotice"):strings.Index(file, "<efac:NoticeResult>")]
		file = opening + "<efac:NoticeResult><efac:LotResult>" + refs.String() + "<efac:TenderLot><cbc:ID>L</cbc:ID></efac:TenderLot></efac:LotResult>" + contracts.String() +
			"</efac:NoticeResult></efext:EformsExtension></ext:ExtensionContent></ext:UBLExtension></ext:UBLExtensions>" +
			"<cac:TenderingTerms><cac:LotDistribution>" + groups.String() + `</cac:LotDistribution></cac:TenderingTerms>` +
			`<cac:ProcurementProjectLot><cbc:ID schemeName="Lot">L</cbc:ID></cac:ProcurementProjectLot></ContractAwardNotice>`
		if _, err := ReadNotice(strings.NewReader(file)); !errors.Is(err, want) || want == nil && err != nil {
			t.Errorf("%d groups and contracts: %v, want %v", n, err, want)
		}
	}
}

func TestReaderError(t *testing.T) {
	broken := errors.New("broken")
	_, err := ReadNotice(iotest.ErrReader(broken))
	if !errors.Is(err, ErrRead) || !errors.Is(err, broken) || errors.Is(err, ErrSyntax) {
		t.Errorf("got %v", err)
	}
}

func TestErrorNamesItsLine(t *testing.T) {
	_, err := ReadNotice(strings.NewReader("<?xml version='1.0'?>\n\n<!DOCTYPE a>"))
	if want := "Regel 3: " + ErrUnsafe.Detail; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// TestAwardsAreBounded holds a group of lots, which multiplies every tender by
// every lot, against the bound.
func TestAwardsAreBounded(t *testing.T) {
	const lots, tenders = 400, 100
	var results, bids, won, members, sections strings.Builder
	for i := range lots {
		fmt.Fprintf(&results, "<efac:LotResult><efac:SettledContract><cbc:ID>C</cbc:ID></efac:SettledContract>"+
			"<efac:TenderLot><cbc:ID>L%d</cbc:ID></efac:TenderLot></efac:LotResult>", i)
		fmt.Fprintf(&members, "<cac:ProcurementProjectLotReference><cbc:ID>L%d</cbc:ID></cac:ProcurementProjectLotReference>", i)
		fmt.Fprintf(&sections, `<cac:ProcurementProjectLot><cbc:ID schemeName="Lot">L%d</cbc:ID></cac:ProcurementProjectLot>`, i)
	}
	for i := range tenders {
		fmt.Fprintf(&bids, "<efac:LotTender><cbc:ID>T%d</cbc:ID><efac:TenderLot><cbc:ID>G</cbc:ID></efac:TenderLot></efac:LotTender>", i)
		fmt.Fprintf(&won, "<efac:LotTender><cbc:ID>T%d</cbc:ID></efac:LotTender>", i)
	}
	file := string(readTestdata(t, "gunning.xml"))
	opening := file[strings.Index(file, "<ContractAwardNotice"):strings.Index(file, "<efac:NoticeResult>")]
	file = opening + "<efac:NoticeResult>" + results.String() + bids.String() +
		"<efac:SettledContract><cbc:ID>C</cbc:ID>" + won.String() + "</efac:SettledContract></efac:NoticeResult>" +
		"</efext:EformsExtension></ext:ExtensionContent></ext:UBLExtension></ext:UBLExtensions>" +
		"<cac:TenderingTerms><cac:LotDistribution><cac:LotsGroup><cbc:LotsGroupID>G</cbc:LotsGroupID>" + members.String() +
		"</cac:LotsGroup></cac:LotDistribution></cac:TenderingTerms>" + sections.String() + "</ContractAwardNotice>"
	if _, err := ReadNotice(strings.NewReader(file)); !errors.Is(err, ErrLimit) {
		t.Errorf("got %v, want %v", err, ErrLimit)
	}
}

func TestNamesSocialReturn(t *testing.T) {
	tests := map[string]bool{
		"5% Social Return":               true,
		"SOCIAL-RETURN":                  true,
		"social\u00A0return":             true,
		"socialreturnverplichting":       false,
		"De SROI bedraagt 5%":            true,
		"(sroi)":                         true,
		"Minstens 5% SROI.":              true,
		"social media; return on equity": false,
		"return social":                  false,
		"asroid":                         false,
		"":                               false,
	}
	for text, want := range tests {
		if got := namesSocialReturn(text); got != want {
			t.Errorf("%q: got %t, want %t", text, got, want)
		}
	}
}

func TestTerm(t *testing.T) {
	tests := []struct {
		period   string
		duration Duration
		starts   string
		ends     string
		omitted  string
	}{
		{period: `<cbc:DurationMeasure unitCode="YEAR">4</cbc:DurationMeasure>`, duration: Duration{4, "YEAR"}},
		{period: `<cbc:DurationMeasure unitCode="MONTH">4.5</cbc:DurationMeasure>`, omitted: "BT-36 invalid"},
		{period: `<cbc:DurationMeasure unitCode="MONTH">0</cbc:DurationMeasure>`, omitted: "BT-36 invalid"},
		{period: `<cbc:DurationMeasure unitCode="HOUR">4</cbc:DurationMeasure>`, omitted: "BT-36 invalid"},
		{period: `<cbc:StartDate>2026-01-01</cbc:StartDate>`, starts: "2026-01-01", omitted: "BT-36 missing"},
		{period: `<cbc:EndDate>2026-01-01</cbc:EndDate>`, ends: "2026-01-01"},
		{period: `<cbc:DescriptionCode>UNLIMITED</cbc:DescriptionCode>`},
		{period: `<cbc:StartDate>2026-01-02</cbc:StartDate><cbc:EndDate>2026-01-01</cbc:EndDate>`, starts: "2026-01-02", omitted: "BT-537 contradiction"},
		{period: `<cbc:StartDate>2026-02-30</cbc:StartDate><cbc:EndDate>2026-12-31</cbc:EndDate>`, ends: "2026-12-31", omitted: "BT-536 invalid"},
	}
	for _, test := range tests {
		lot := mustRead(t, []byte(small(`<cac:ProcurementProjectLot><cbc:ID schemeName="Lot">L</cbc:ID>`+
			`<cac:ProcurementProject><cac:PlannedPeriod>`+test.period+`</cac:PlannedPeriod></cac:ProcurementProject></cac:ProcurementProjectLot>`)))
		got := lot.Lots[0]
		if got.Duration != test.duration || got.Starts.String() != test.starts || got.Ends.String() != test.ends {
			t.Errorf("%s: got %v, %s to %s", test.period, got.Duration, got.Starts, got.Ends)
		}
		var omitted []string
		for _, o := range lot.Omitted {
			if slices.Contains([]string{"BT-36", "BT-536", "BT-537"}, o.Field) {
				omitted = append(omitted, o.Field+" "+o.Code)
			}
		}
		if strings.Join(omitted, ", ") != test.omitted {
			t.Errorf("%s: omitted %v, want %s", test.period, omitted, test.omitted)
		}
	}
}

// TestOmissionsSpeak holds every omission that the tests provoke against the
// labels: none may be without its words.
func TestOmissionsSpeak(t *testing.T) {
	for _, name := range []string{"opdracht.xml", "gunning.xml"} {
		for _, o := range mustRead(t, readTestdata(t, name)).Omitted {
			if fieldLabels[o.Field] == "" || omissionReasons[o.Code] == "" {
				t.Errorf("no words for %s %s", o.Field, o.Code)
			}
		}
	}
	for _, o := range mustRead(t, []byte(small(""))).Omitted {
		if fieldLabels[o.Field] == "" || o.Code != OmittedMissing {
			t.Errorf("an empty notice lacks %s, got %s: %s", o.Field, o.Code, o.Detail)
		}
	}
}

func FuzzReadNotice(f *testing.F) {
	f.Add(readTestdata(f, "opdracht.xml"))
	f.Add(readTestdata(f, "gunning.xml"))
	f.Add([]byte(small(`<cbc:IssueDate>2026-01</cbc:IssueDate>`)))
	f.Add([]byte(small("<cbc:IssueDate>" + canary + "</cbc:IssueDate>" + unknownBuyers(2) + lots(2))))
	f.Add([]byte("<" + canary + "></a>"))
	f.Fuzz(func(t *testing.T, data []byte) {
		notice, err := ReadNotice(bytes.NewReader(data))
		var typed *Error
		if err != nil && (!errors.As(err, &typed) || typed.Detail == "") {
			t.Fatalf("untyped error %v", err)
		}
		if err != nil && strings.Contains(err.Error(), canary) {
			t.Fatalf("the error repeats what the notice holds: %v", err)
		}
		if len(notice.Lots) > maxLots || len(notice.Omitted) > maxOmitted {
			t.Fatalf("%d lots and %d omissions", len(notice.Lots), len(notice.Omitted))
		}
		if err != nil && !reflect.DeepEqual(notice, Notice{}) {
			t.Fatal("a refused notice still gives values")
		}
		for _, o := range notice.Omitted {
			if fieldLabels[o.Field] == "" || omissionReasons[o.Code] == "" {
				t.Fatalf("no words for %s %s", o.Field, o.Code)
			}
			if strings.Contains(o.Detail, canary) {
				t.Fatalf("an omission repeats what the notice holds: %s", o.Detail)
			}
		}
	})
}

func BenchmarkReadNotice(b *testing.B) {
	data := readTestdata(b, "gunning.xml")
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ReadNotice(bytes.NewReader(data)); err != nil {
			b.Fatal(err)
		}
	}
}
