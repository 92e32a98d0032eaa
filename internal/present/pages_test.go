// SPDX-License-Identifier: EUPL-1.2

package present

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

const (
	contractID = "abcdefghijklmnopqrstuvw2"
	tenderID   = "tenderabcdefghijklmnopq2"
	personMark = "persoonlijk-token"
)

func amountOf(value, whole int64) sroi.Amount {
	return sroi.Amount{Value: money.Fraction{Num: value, Den: 1}, Whole: money.Fraction{Num: whole, Den: 1}}
}

// jobs is a breakdown of persons, with one on two contracts, and others in the region.
func jobs() sroi.Breakdown {
	r := apeldoorn()
	return sroi.Breakdown{
		Area: sroi.Area{Code: "AM06", Name: "Stedendriehoek en Noordwest Veluwe"}, Year: 2022, Code: sroi.ExtraJobs,
		Unit: sroi.UnitCount, Counts: sroi.UnitCount, Built: r.Built, AsOf: r.AsOf, Figure: whole(131), Sum: amountOf(134, 0),
		Parts: []sroi.Part{
			{Source: "CONTRACT#" + contractID, Number: "2022-04", Title: "Groenonderhoud wijken Noord en Zuid, inclusief onkruidbestrijding op verharding",
				Entries: 14, Booked: r.AsOf, Amount: amountOf(12, 0)},
			{Amount: amountOf(2, 0)},
		},
		Others: 1041, Rest: amountOf(120, 0),
	}
}

// tenders is a breakdown of a share of euros, of which something else was recorded.
func tenders() sroi.Breakdown {
	r, other := apeldoorn(), recorded(1, sroi.About, "Provincie", "Telling met de hand.")
	return sroi.Breakdown{
		Area: r.Area, Year: 2022, Code: sroi.TenderShareValue, Unit: sroi.UnitPercent, Counts: sroi.UnitEuro, Share: true, Additive: true,
		Built: r.Built, AsOf: r.AsOf, Figure: share(28_730_500_00, 36_402_000_00), Recorded: &other, Sum: amountOf(28_730_500_00, 36_402_000_00),
		Parts: []sroi.Part{{Source: "TENDER#" + tenderID, Number: "AP-2022-31", Title: "Wegen", Entries: 3, Booked: r.AsOf, Amount: amountOf(28_730_500_00, 36_402_000_00)}},
	}
}

func agreement() sroi.Contract {
	c := sroi.Contract{
		ID: contractID, Number: "2022-04", Title: "Groenonderhoud", SupplierName: "Hoveniersbedrijf De Vriend B.V.", Value: 800_000_00,
		Term:   calendar.Span{From: calendar.MustDate("2022-01-01"), To: calendar.MustDate("2022-12-31")},
		Signed: calendar.MustDate("2021-12-20"), Clause: "bijlage 3, artikel 7",
	}
	receipt := paid("obligation", "€ 800.000 × 5 % = € 40.000.", 40_000_00)
	receipt.Steps = []ruleset.Step{{Text: "Opdrachtwaarde excl. btw", Value: "800000.00", Unit: "euro"}, {Text: "Percentage", Value: "5.00", Unit: "%"}}
	c.Obligation = ruleset.Obligation{Applies: true, Stage: ruleset.Estimated, Amount: 40_000_00, Receipt: receipt}
	c.Others = []ruleset.Obligation{{Applies: true, Stage: ruleset.Current, Amount: 12_500_00, Receipt: paid("obligation", "€ 250.000 gefactureerde omzet × 5 % = € 12.500.", 12_500_00)}}
	return c
}

// due is the part of the agreement's obligation that is due half-way.
func due() ruleset.Receipt {
	return paid("due", "€ 40.000 × 181/365 dagen = € 19.835,62; afgerond op hele centen.", 19_835_62)
}

// paid is a receipt with steps in every unit.
func paid(kind, text string, result money.Cents) ruleset.Receipt {
	return ruleset.Receipt{
		Rules: ruleset.Ref{ID: "oost-nederland", Version: calendar.MustDate("2016-01-01")}, Kind: kind,
		Source: "Bouwblokkenmethode Oost-Nederland, https://www.example.org/bouwblokken", Input: json.RawMessage(`{}`), Result: result, Text: text,
		Steps: []ruleset.Step{
			{Text: "Bouwblok DGR_WIA_WSW_BESCHUT: Participatiewet en Wajong (doelgroepregister)", Value: "30000.00", Unit: "euro per voltijdjaar"},
			{Text: "1 januari 2022 tot en met 31 maart 2022, 24 uur per week", Value: "2 + 15/31", Unit: "maanden"},
			{Text: "Gewerkt", Value: "1312.5", Unit: "uur"},
		},
	}
}

func balance() sroi.Balance {
	return sroi.Balance{Contract: contractID, Seq: 4, Obliged: 40_000_00, Pending: 1_200_50, Verified: 5_000_00, Rejected: 800_00}
}

func entriesOf() []sroi.Entry {
	on, by := calendar.MustDate("2022-04-05"), sroi.Actor{Role: sroi.Consultant, ID: "b1946ac92492d234"}
	hash := strings.Repeat("3abec02a", 8)
	q1 := calendar.MustPeriod("2022-Q1")
	return []sroi.Entry{
		{Seq: 1, Kind: sroi.ContractRegistered, Booked: on, Actor: by, Hash: hash, Amounts: []sroi.YearAmounts{{Year: 2022, Obliged: 40_000_00}}},
		{Seq: 2, Kind: sroi.OpeningBooked, Booked: on, Actor: by, Hash: hash, Amounts: []sroi.YearAmounts{{Year: 2021, Verified: 100_00}}},
		{Seq: 3, Kind: sroi.StatementDecided, Booked: on, Actor: by, Hash: hash, Period: q1, Amounts: []sroi.YearAmounts{
			{Year: 2021, Pending: -1_000_00, Verified: 1_000_00}, {Year: 2022, Pending: -4_800_00, Verified: 4_000_00, Rejected: 800_00},
		}},
		{Seq: 4, Kind: sroi.StatementSubmitted, Booked: on, Actor: by, Hash: hash, Period: calendar.MustPeriod("2022-Q2")},
		{Seq: 5, Kind: sroi.Corrected, Booked: on, Actor: by, Hash: hash, Correction: "correctieabcdefghijklmn2", Corrects: 3, Reason: string(sroi.CountedTwice),
			Amounts: []sroi.YearAmounts{{Year: 2022, Verified: -200_00}}},
	}
}

func awarding() (sroi.Tender, []sroi.Entry) {
	t := sroi.Tender{ID: tenderID, Reference: "AP-2022-31", Title: "Wegen", Published: calendar.MustDate("2022-01-10"), Lots: make([]sroi.Lot, 2)}
	entries := entriesOf()[:2]
	entries[0].Kind, entries[1].Kind = sroi.TenderRegistered, sroi.TenderAwarded
	entries[0].Tender = &sroi.TenderFacts{CallOff: true, Withdrawn: true, Lots: []sroi.LotFacts{{SocialReturn: sroi.Proposed}, {SocialReturn: sroi.NotApplied, Above: true, Exempt: true}}}
	entries[1].Tender = &sroi.TenderFacts{Lots: []sroi.LotFacts{
		{SocialReturn: sroi.Applied, Above: true, Final: calendar.MustDate("2022-03-01"), Value: 800_000_00}, {Reserved: true}, {SocialReturn: sroi.NotApplied},
	}}
	return t, entries
}

// reported is a statement with a line of each kind: approved in part, rejected, and
// not decided yet.
func reported() (sroi.Statement, []sroi.Line, []sroi.Decision) {
	on := calendar.MustDate("2022-04-20")
	s := sroi.Statement{
		Contract: contractID, Period: calendar.MustPeriod("2022-Q1"), State: sroi.Decided, Lines: 3, Claimed: 7_000_00, Verified: 4_000_00, Rejected: 1_000_00,
		SubmittedOn: calendar.MustDate("2022-04-05"), Comment: "Graag de juiste uren.",
	}
	span := s.Period.Span()
	labour := sroi.Evidence{Kind: "urenoverzicht", Name: "uren-" + personMark + ".pdf"}
	lines := []sroi.Line{
		{Number: 1, Span: span, Year: 2022, Value: 5_000_00, Receipt: paid("placement", "€ 30.000 × 24/36 × 3/12 = € 5.000.", 5_000_00),
			Claim:    sroi.Claim{Placement: &sroi.PlacementClaim{Number: 7, Worked: 312 * 60}, Evidence: []sroi.Evidence{labour}, Remark: "Drie weken ziek."},
			Placed:   &sroi.Placed{Person: personMark, Form: ruleset.Employment, Start: span.From},
			Findings: []sroi.Finding{{Code: "uren-wijken-af", Detail: "Gewerkt: 250 uren; verwacht ongeveer 312."}}},
		{Number: 2, Span: span, Year: 2022, Value: 1_000_00, Receipt: paid("purchase", "€ 1.000 × 100 % = € 1.000.", 1_000_00),
			Claim: sroi.Claim{Purchase: &sroi.PurchaseClaim{SellerName: "Goed Werk", Recognition: ruleset.Recognised, Invoice: "F-77", InvoiceDate: span.From, Amount: 1_000_00}}},
		{Number: 3, Span: span, Year: 2022, Value: 1_000_00, Receipt: paid("activity", "Maatwerk: afgesproken bedrag = € 1.000.", 1_000_00),
			Claim: sroi.Claim{Activity: &sroi.ActivityClaim{Description: "Open dag voor werkzoekenden", Date: span.From}}},
	}
	return s, lines, []sroi.Decision{
		{Line: 1, Verdict: sroi.ApprovedPartly, Reason: string(sroi.HoursNotShown), Text: "Het overzicht toont minder.", Value: 4_000_00, Booked: on,
			Receipt: paid("placement", "Goedgekeurd deel = € 4.000.", 4_000_00), Findings: []sroi.Finding{{Code: "elders-geteld", Detail: "Ook elders geteld."}}},
		{Line: 2, Verdict: sroi.Rejected, Reason: string(sroi.NotRecognised), Booked: on, Receipt: ruleset.Receipt{Text: "Afgekeurd: van € 1.000,00 telt € 0,00."}},
	}
}

func corrected() sroi.Correction {
	_, _, decisions := reported()
	return sroi.Correction{
		Corrects: 3, Period: calendar.MustPeriod("2022-Q1"), Line: 1, Decision: &decisions[1], Year: 2022, Delta: -5_000_00, Reason: string(sroi.CountsNoMore),
		Text: "Was al in dienst.", Booked: calendar.MustDate("2022-10-11"), Receipt: paid("correction", "Goedgekeurd was € 5.000,00; correctie - € 5.000,00 = € 0,00.", 0),
	}
}

// below are the pages below the report.
func below() map[string]func(io.Writer) error {
	return map[string]func(io.Writer) error{
		"breakdown": func(w io.Writer) error { return BreakdownHTML(w, jobs(), "?cursor=verder") },
		"share":     func(w io.Writer) error { return BreakdownHTML(w, tenders(), "") },
		"ledger":    func(w io.Writer) error { return LedgerHTML(w, agreement(), balance(), entriesOf(), "?cursor=5") },
		"tender": func(w io.Writer) error {
			t, entries := awarding()
			return TenderLedgerHTML(w, t, entries)
		},
		"statement": func(w io.Writer) error {
			s, lines, decisions := reported()
			return StatementHTML(w, agreement(), s, lines, decisions)
		},
		"correction": func(w io.Writer) error { return CorrectionHTML(w, agreement(), corrected()) },
		"obligation": func(w io.Writer) error { return ObligationHTML(w, agreement(), due()) },
	}
}

func rendered(t *testing.T, write func(io.Writer) error) *element {
	t.Helper()
	var page bytes.Buffer
	if err := write(&page); err != nil {
		t.Fatal(err)
	}
	return parse(t, page.Bytes())
}

// Each page says what its reader came for, and leads on from there.
func TestPagesBelowTheReport(t *testing.T) {
	for name, want := range map[string]struct{ words, links []string }{
		"breakdown": {
			[]string{"Extra arbeidsplaatsen door Social Return in Stedendriehoek", "131", "De onderdelen tellen niet op tot dit cijfer: opgeteld zijn zij 134.",
				"2022-04 Groenonderhoud wijken Noord", "12 Mutaties 14", "Van een andere opdrachtgever", "1.041 van andere opdrachtgevers in het gebied, samen", "120"},
			[]string{"../2022?gebied=AM06", "../../contracten/" + contractID + "/mutaties", "?cursor=verder"},
		},
		"share": {
			[]string{"78,9 % (€ 28.730.500 van € 36.402.000)", "in het jaarrapport staat ongeveer 100,0 %", "Bron: Provincie. Telling met de hand.",
				"De onderdelen tellen op tot dit cijfer.", "€ 28.730.500,00 van € 36.402.000,00"},
			[]string{"../2022?gebied=GM0200", "../../aanbestedingen/" + tenderID + "/mutaties"},
		},
		"ledger": {
			[]string{"Contract 2022-04: Groenonderhoud", "1. Contract geregistreerd 5 april 2022, door adviseur Hash 3abec02a3abe…", "3. Verantwoording beoordeeld (2022-Q1)",
				"Mutatie 3, vervolg", "−€ 4.800,00", "Corrigeert mutatie 3; reden: dubbel geteld", "Openstaand € 35.000,00"},
			[]string{"sr-verplichting", "sr-verplichting", "verantwoordingen/2022-Q1", "verantwoordingen/2022-Q2", "correcties/correctieabcdefghijklmn2", "?cursor=5"},
		},
		"tender": {
			[]string{"Aanbesteding AP-2022-31: Wegen", "De aanbesteding is ingetrokken en telt niet mee.", "Een nadere opdracht telt niet mee.", "voorgesteld", "nee, vrijgesteld",
				"voorbehouden opdracht", "op of boven", "1 maart 2022", "€ 800.000,00"},
			nil,
		},
		"statement": {
			[]string{"Verantwoording 2022-Q1", "Regel 1: plaatsing 7", "Gewerkt 312 uur", "Vorm dienstverband", "Bewijsstukken urenoverzicht", "€ 30.000 × 24/36 × 3/12 = € 5.000.",
				"€ 30.000,00 per voltijdjaar", "2 + 15/31 maanden", "1.312,5 uur", "Gedeeltelijk goedgekeurd op 20 april 2022: € 4.000,00", "Reden: uren niet aangetoond.",
				"Gewerkt: 250 uren; verwacht ongeveer 312.", "Ook elders geteld.", "Regel 2: inkoop bij Goed Werk", "Afgekeurd: van € 1.000,00 telt € 0,00.",
				"Regel 3: activiteit", "Deze regel is nog niet beoordeeld.", "Opmerking van de adviseur Graag de juiste uren."},
			[]string{"../mutaties", "../mutaties"},
		},
		"correction": {
			[]string{"Correctie op een contract", "Goedgekeurd was € 5.000,00; correctie - € 5.000,00 = € 0,00.", "Verschil in goedgekeurde waarde −€ 5.000,00",
				"Het oordeel vanaf nu: afgekeurd op 20 april 2022", "2022-Q1, regel 1", "Was al in dienst."},
			[]string{"../mutaties", "../verantwoordingen/2022-Q1#regel-1"},
		},
		"obligation": {
			[]string{"SR-verplichting € 40.000,00", "€ 800.000 × 5 % = € 40.000.", "Opdrachtwaarde excl. btw € 800.000,00", "5,00 %", "Rekenregel oost-nederland, versie van 1 januari 2016."},
			[]string{"mutaties"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			root := rendered(t, below()[name])
			text := strings.ReplaceAll(root.text(), space, " ")
			for _, words := range want.words {
				if !strings.Contains(text, words) {
					t.Errorf("the page does not say %q:\n%s", words, text[strings.Index(text, "}")+1:])
				}
			}
			var links []string
			for _, link := range root.named("a") {
				links = append(links, link.attrs["href"])
			}
			if strings.Join(links, " ") != strings.Join(want.links, " ") {
				t.Errorf("links %q, want %q", links, want.links)
			}
			if strings.Contains(text, personMark) {
				t.Error("the page tells who a person is, or the name of a file")
			}
		})
	}
}

func TestAStatementWithoutLinesAndAFigureOfNothing(t *testing.T) {
	s := sroi.Statement{Period: calendar.MustPeriod("2022-Q1"), State: sroi.Draft}
	empty := rendered(t, func(w io.Writer) error { return StatementHTML(w, agreement(), s, nil, nil) }).text()
	if !strings.Contains(empty, "Deze verantwoording heeft geen regels.") || strings.Contains(empty, "Goedgekeurd") {
		t.Error("an empty statement says otherwise")
	}
	b := sroi.Breakdown{Area: sroi.Area{Code: "GM0200", Name: "Apeldoorn"}, Year: 2022, Code: sroi.Persons, Figure: sroi.Figure{State: sroi.NotMeasured}}
	nothing := rendered(t, func(w io.Writer) error { return BreakdownHTML(w, b, "") }).text()
	if !strings.Contains(nothing, "Geen enkel contract") || !strings.Contains(nothing, "niet gemeten") {
		t.Error("a figure of nothing says otherwise")
	}
}

func TestHostileWordsStayWordsBelowTheReport(t *testing.T) {
	b, c := jobs(), agreement()
	b.Parts[0].Title, b.Area.Name, c.Title, c.SupplierName, c.Clause = hostile, hostile, hostile, hostile, hostile
	s, lines, decisions := reported()
	s.Comment, lines[0].Claim.Remark, lines[1].Claim.Purchase.SellerName, decisions[0].Text, lines[2].Claim.Activity.Description = hostile, hostile, hostile, hostile, hostile
	correction := corrected()
	correction.Text, correction.Reason = hostile, hostile
	for name, write := range map[string]func(io.Writer) error{
		"breakdown":  func(w io.Writer) error { return BreakdownHTML(w, b, `?x="><script>`) },
		"ledger":     func(w io.Writer) error { return LedgerHTML(w, c, balance(), entriesOf(), "") },
		"statement":  func(w io.Writer) error { return StatementHTML(w, c, s, lines, decisions) },
		"correction": func(w io.Writer) error { return CorrectionHTML(w, c, correction) },
		"obligation": func(w io.Writer) error { return ObligationHTML(w, c, due()) },
	} {
		var page bytes.Buffer
		if err := write(&page); err != nil {
			t.Fatal(err)
		}
		if n := len(parse(t, page.Bytes()).named("script")); n > 0 || bytes.ContainsAny(page.Bytes(), "\x00\x1b") || bytes.Contains(page.Bytes(), []byte("\u202E")) {
			t.Errorf("%s: %d scripts, or control characters", name, n)
		}
	}
}

// What a contract owes besides an amount is on its pages, and what a ceiling
// leaves of what was approved.
func TestPagesOfActivitiesAndCeilings(t *testing.T) {
	c, b := agreement(), balance()
	c.Obligation.Activities = 2
	b.Asked, b.Done, b.Obliged, b.Verified = 2, 1, 40_000_00, 12_000_00
	b.Ceilings = []sroi.Ceiling{{Code: "INKOOP", Label: "Inkoop", Percent: 25_00}}
	b.Capped = []sroi.Capped{{Ceiling: "INKOOP", Verified: 12_000_00}}
	for _, page := range []struct {
		write func(io.Writer) error
		words []string
	}{
		{func(w io.Writer) error { return ObligationHTML(w, c, due()) }, []string{"Maatschappelijke activiteiten", "2, in plaats van een bedrag"}},
		{func(w io.Writer) error { return LedgerHTML(w, c, b, entriesOf(), "") }, []string{"1 van 2 goedgekeurd", "Waarvan meegeteld onder de maxima", "10.000"}},
	} {
		var html strings.Builder
		if err := page.write(&html); err != nil {
			t.Fatal(err)
		}
		for _, words := range page.words {
			if !strings.Contains(html.String(), words) {
				t.Errorf("%q is not on the page", words)
			}
		}
	}
}
