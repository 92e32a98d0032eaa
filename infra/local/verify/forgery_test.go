// SPDX-License-Identifier: EUPL-1.2

package verify_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"socialreturn/infra/local/verify"
	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

// edit changes the content of the first record of a kind that it fits, and tells
// whether there was one.
func edit[T any](t testing.TB, records []record, kind string, change func(*T) bool) bool {
	t.Helper()
	for i := range records {
		if records[i].Kind != kind {
			continue
		}
		var value T
		if err := json.Unmarshal(records[i].Content, &value); err != nil {
			t.Fatal(err)
		}
		if change(&value) {
			records[i].Content = encoded(t, value)
			return true
		}
	}
	return false
}

func booking(t testing.TB, kind sroi.EntryKind, change func(*sroi.Entry)) func([]record) bool {
	return func(records []record) bool {
		return edit(t, records, "mutatie", func(e *sroi.Entry) bool {
			fits := e.Kind == kind
			if fits {
				change(e)
			}
			return fits
		})
	}
}

func inside[T any](t testing.TB, kind string, change func(*T)) func([]record) bool {
	return func(records []record) bool {
		return edit(t, records, kind, func(value *T) bool { change(value); return true })
	}
}

// A ledger whose chain and hashes were all made right again is refused without
// heads too, where its amounts do not follow from what it rests on. The entry that
// is named is the first that does not follow.
func TestAmountsFollowFromWhatIsBooked(t *testing.T) {
	t.Parallel()
	h, export, heads := closedYear(t)
	lines := linesOf(export)
	var contracts []string
	for _, head := range headsIn(t, heads) {
		if strings.HasPrefix(head.Ledger, "CONTRACT#") {
			contracts = append(contracts, head.Ledger)
		}
	}
	more := func(e *sroi.Entry) { e.Amounts[0].Verified += 100 }
	for _, c := range []struct {
		what string
		kind string // of the entry that is named
		text string
		make func([]record) bool
	}{
		{"an obligation booked otherwise", "contractRegistered", "bedragen", booking(t, sroi.ContractRegistered, func(e *sroi.Entry) { e.Amounts[0].Obliged++ })},
		{"an opening booked otherwise", "openingBooked", "bedragen", booking(t, sroi.OpeningBooked, more)},
		{"a claim booked otherwise", "statementSubmitted", "bedragen", booking(t, sroi.StatementSubmitted, func(e *sroi.Entry) { e.Amounts[0].Pending++ })},
		{"a claim of fewer lines", "statementSubmitted", "bedragen", booking(t, sroi.StatementSubmitted, func(e *sroi.Entry) { e.Amounts[0].Lines-- })},
		{"a withdrawal booked otherwise", "statementWithdrawn", "bedragen", booking(t, sroi.StatementWithdrawn, func(e *sroi.Entry) { e.Amounts[0].Pending++ })},
		{"a withdrawal of another period", "statementWithdrawn", "niet ingediend", booking(t, sroi.StatementWithdrawn, func(e *sroi.Entry) { e.Period = calendar.MustPeriod("2022-Q3") })},
		{"a decision booked otherwise", "statementDecided", "bedragen", booking(t, sroi.StatementDecided, more)},
		{"a correction booked otherwise", "corrected", "bedragen", booking(t, sroi.Corrected, more)},
		{"a correction of what comes later", "corrected", "past niet", booking(t, sroi.Corrected, func(e *sroi.Entry) { e.Corrects = 99 })},
		{"an amendment booked otherwise", "contractAmended", "bedragen", booking(t, sroi.ContractAmended, func(e *sroi.Entry) { e.Amounts[0].Obliged++ })},
		{"an amendment that verifies", "contractAmended", "bedragen", booking(t, sroi.ContractAmended, more)},
		{"other ceilings", "contractRegistered", "past niet", booking(t, sroi.ContractRegistered, func(e *sroi.Entry) { e.Ceilings = []sroi.Ceiling{{Code: "X"}} })},
		{"a kind that does not exist", "openingBooked", "soort", booking(t, sroi.OpeningBooked, func(e *sroi.Entry) { e.Kind = "gratis" })},
		{"a year closed twice", "corrected", "alleen een afsluiting sluit", booking(t, sroi.Corrected, func(e *sroi.Entry) { e.Closes = 2022 })},
		{"a second registration", "openingBooked", "alleen de eerste", booking(t, sroi.OpeningBooked, func(e *sroi.Entry) { e.Kind = sroi.ContractRegistered })},
		{"a tender's entry in a contract", "openingBooked", "hoort niet", booking(t, sroi.OpeningBooked, func(e *sroi.Entry) { e.Kind = sroi.TenderAwarded })},

		{"an obligation unlike its receipt", "contractRegistered", "bedragen", inside(t, "contract", func(c *sroi.Contract) { c.Obligation.Amount++ })},
		{"a receipt of an obligation that does not replay", "contractRegistered", "komt bij narekenen anders uit", inside(t, "contract", func(c *sroi.Contract) { c.Obligation.Receipt.Text += "!" })},
		{"a line unlike its receipt", "statementSubmitted", "het bedrag is", inside(t, "regel", func(l *sroi.Line) { l.Value++ })},
		{"a receipt of a line that does not replay", "statementSubmitted", "komt bij narekenen anders uit", inside(t, "regel", func(l *sroi.Line) { l.Value, l.Receipt.Result = l.Value+1, l.Receipt.Result+1 })},
		{"a receipt without input", "statementSubmitted", "is niet na te rekenen", inside(t, "regel", func(l *sroi.Line) { l.Receipt.Input = json.RawMessage("1") })},
		{"a receipt of no kind", "statementSubmitted", "is niet na te rekenen", inside(t, "regel", func(l *sroi.Line) { l.Receipt.Kind = "gratis" })},
		{"a line with another number", "statementSubmitted", "ander nummer", inside(t, "regel", func(l *sroi.Line) { l.Number = 7 })},
		{"a decision on another line", "statementDecided", "andere regel", inside(t, "beoordeling", func(d *sroi.Decision) { d.Line = 2 })},
		{"more approved than claimed", "statementDecided", "meer goed dan er is gevraagd", inside(t, "beoordeling", func(d *sroi.Decision) { d.Value += 100_000_00 })},
		{"a rejection with a value", "statementDecided", "meer goed dan er is gevraagd", inside(t, "beoordeling", func(d *sroi.Decision) { d.Verdict = sroi.Rejected })},
		{"less approved than booked", "statementDecided", "bedragen", inside(t, "beoordeling", func(d *sroi.Decision) { d.Value-- })},
		{"a receipt of a decision that does not replay", "statementDecided", "komt bij narekenen anders uit", inside(t, "beoordeling", func(d *sroi.Decision) { d.Receipt.Source = "zomaar" })},
		{"a correction of another amount", "corrected", "bedragen", inside(t, "correctie", func(c *sroi.Correction) { c.Delta++ })},
		{"a receipt of a correction that does not replay", "corrected", "komt bij narekenen anders uit", inside(t, "correctie", func(c *sroi.Correction) { c.Receipt.Text += "!" })},
		{"another contract's correction", "corrected", "past niet", inside(t, "correctie", func(c *sroi.Correction) { c.Contract = "x" })},
		{"an amendment of another contract", "contractAmended", "ander contract dan het was", inside(t, "wijziging", func(a *sroi.Amendment) { a.Was.Title = "x" })},
		{"an amendment that becomes something else", "contractAmended", "niet wat de wijziging ervan maakte", inside(t, "wijziging", func(a *sroi.Amendment) { a.Becomes = "x" })},
		{"an amendment with another number", "contractAmended", "past niet", inside(t, "wijziging", func(a *sroi.Amendment) { a.Number = 3 })},
	} {
		found := false
		for _, name := range contracts {
			records, before, after := ledgerOf(t, lines, name)
			if records = slices.Clone(records); found || !c.make(records) {
				continue
			}
			found = true
			_, err := h.check(forged(t, committed(t, records), before, after), nil)
			f := faulty(t, c.what, err)
			if f.Ledger != name || f.Entry < 1 || !strings.Contains(f.Text, c.text) {
				t.Errorf("%s: %v", c.what, err)
				continue
			}
			if e := entryOf(t, entryRecord(records, f.Entry)); string(e.Kind) != c.kind && f.Entry > 2 { // the second is the one whose kind is forged
				t.Errorf("%s: named %d, which is %s", c.what, f.Entry, e.Kind)
			}
		}
		if !found {
			t.Errorf("%s: there is nothing to change", c.what)
		}
	}
}

// entryRecord is the record of the entry of a number, counted.
func entryRecord(records []record, number int) record {
	for _, r := range records {
		if r.Kind == "mutatie" {
			number--
		}
		if number == 0 {
			return r
		}
	}
	return record{}
}

// Heads with a digest of their own that say something else are refused.
func TestFrozenFiguresFollowFromTheLedgers(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.history()
	h.today = "2023-02-01"
	right := h.close(2022)
	export := h.export(actor(sroi.Auditor), everything, 0)
	h.accepted(export, document(t, right))
	for what, change := range map[string]func(*sroi.Snapshot){
		"de bevroren cijfers volgen niet":    func(s *sroi.Snapshot) { s.Figures.Verified++ },
		"extra arbeidsplaatsen, personen: b": func(s *sroi.Snapshot) { s.Figures.JobPersons-- },
		"die de hoofden niet noemen":         func(s *sroi.Snapshot) { s.Rules = nil },
		"niet die bij de afsluiting":         func(s *sroi.Snapshot) { s.Heads[0].Hash = strings.Repeat("0", 64) },
		"sluit 2022 niet af": func(s *sroi.Snapshot) {
			first := parsed(t, linesOf(export)[0])
			s.Heads[0] = sroi.Head{Ledger: first.Ledger, Seq: first.Entry, Hash: first.Hash}
		},
		"ontbreekt: bij de afsluiting waren": func(s *sroi.Snapshot) { s.Heads[0].Seq = 99 },
		"de hoofden kennen dit grootboek ni": func(s *sroi.Snapshot) { s.Heads = s.Heads[1:] },
		"hoort de uitvoer van alle grootboe": func(s *sroi.Snapshot) { s.Heads = append(s.Heads, sroi.Head{Ledger: "TENDER#zzz", Seq: 1, Hash: "x"}) },
		"van een andere opdrachtgever":       func(s *sroi.Snapshot) { s.Authority = zutphen },
	} {
		wrong := right
		wrong.Heads = slices.Clone(right.Heads)
		change(&wrong)
		_, err := h.check(export, document(t, wrong))
		if f := faulty(t, what, err); !strings.Contains(f.Error(), what) {
			t.Errorf("want %q: %v", what, f)
		}
	}
}

// What moves the closed year without booking an amount in it is listed too, and a
// line that is corrected twice differs from the first correction.
func TestWhatMovesAClosedYearIsListed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	one, two := h.history()
	h.today = "2023-02-01"
	h.close(2022)
	heads := h.heads(2022)
	h.today = "2023-03-01"
	_, _, err := h.AmendContract(t.Context(), h.on(sroi.Officer, two), two.ID, app.AmendmentInput{
		Kind: sroi.AmendOption, Reason: sroi.ForeseenOption, Text: "Verlengd.", Effective: calendar.MustDate("2023-03-01"), EndsOn: calendar.MustDate("2023-12-31"),
	})
	h.must(err)
	entries, err := h.Store.Entries(t.Context(), one.ID, 0, 100)
	h.must(err)
	decided := entries[slices.IndexFunc(entries, func(e sroi.Entry) bool { return e.Kind == sroi.StatementDecided })]
	for _, line := range []app.LineDecision{{Line: 3, Verdict: sroi.Approved}, {Line: 3, Verdict: sroi.Rejected, Reason: "r", Text: "t"}} {
		h.correct(one, app.CorrectionInput{Corrects: decided.Seq, Period: decided.Period, Decision: &line})
	}
	var kinds []string
	for _, later := range h.accepted(h.export(actor(sroi.Auditor), everything, 0), heads).Year.Later {
		kinds = append(kinds, string(later.Kind)+" "+later.Verified.String())
	}
	slices.Sort(kinds)
	if want := []string{"contractAmended 0.00", "corrected -1200.00", "corrected 1200.00"}; !slices.Equal(kinds, want) {
		t.Errorf("%q, want %q", kinds, want)
	}
}

// The head is that of the first entry that closed the year, not of a later one that
// closed another year.
func TestAHeadOfALaterCloseIsRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.history()
	h.today = "2023-02-01"
	right := h.close(2022)
	export := h.export(actor(sroi.Auditor), everything, 0)
	first := right.Heads[0]
	later := sroi.Entry{Kind: sroi.YearClosed, Closes: 2023, Booked: calendar.MustDate("2024-02-01"), At: right.At.AddDate(1, 0, 0), Actor: sroi.Actor{Role: sroi.Consultant, ID: "x"}}
	export = appended(t, export, first.Ledger, later)
	h.accepted(export, document(t, right))
	records, _, _ := ledgerOf(t, linesOf(export), first.Ledger)
	newest := records[len(records)-2]
	right.Heads[0] = sroi.Head{Ledger: first.Ledger, Seq: newest.Entry, Hash: newest.Hash}
	_, err := h.check(export, document(t, right))
	if f := faulty(t, "a head of a later close", err); f.Ledger != first.Ledger || f.Entry != first.Seq || !strings.Contains(f.Text, "sluit 2022 al af") {
		t.Errorf("%v", f)
	}
}

// A ledger that the heads do not know says that the year was closed when it began:
// the server registers none that does not know which year was closed last. Saying
// so is not enough where its date says that it was there before.
func TestALedgerThatHidesWhenItBeganIsRefused(t *testing.T) {
	t.Parallel()
	h, export, heads := closedYear(t)
	closed, err := time.Parse(time.RFC3339Nano, readString(t, heads, "vastgelegdOp"))
	h.must(err)
	known := map[string]bool{}
	for _, head := range headsIn(t, heads) {
		known[head.Ledger] = true
	}
	lines, forgeries := linesOf(export), 0
	for _, text := range lines {
		first := parsed(t, text)
		if first.Kind != "mutatie" || first.Entry != 1 || known[first.Ledger] {
			continue
		}
		forgeries++
		for _, c := range []struct {
			what, text string
			closes     int
			at         time.Time
		}{
			{"it began before", "zegt niet dat 2022 was afgesloten", 0, closed.AddDate(0, -1, 0)},
			{"it began at the very close", "zegt niet dat 2022 was afgesloten", 0, closed},
			{"it began later", "zegt niet dat 2022 was afgesloten", 0, closed.AddDate(0, 1, 0)},
			{"it knew another year", "zegt niet dat 2022 was afgesloten", 2021, closed.AddDate(0, 1, 0)},
			{"it knew of a close to come", "volgens haar datum van daarvoor", 2022, closed.AddDate(0, -1, 0)},
			{"it was registered while the close went on", "", 2022, closed},
		} {
			records, before, after := ledgerOf(t, lines, first.Ledger)
			e := entryOf(t, records[0])
			e.Closes, e.At, e.Booked = c.closes, c.at, calendar.On(c.at)
			records[0].Content = encoded(t, e)
			made := forged(t, records, before, after)
			if c.text == "" {
				h.accepted(made, heads)
				continue
			}
			_, err := h.check(made, heads)
			if f := faulty(t, c.what, err); f.Ledger != first.Ledger || f.Entry != 1 || !strings.Contains(f.Text, c.text) {
				t.Errorf("%s: %v", c.what, f)
			}
		}
	}
	if forgeries != 2 {
		t.Errorf("%d forgeries", forgeries)
	}
}

// readString is a text of a JSON object by its name.
func readString(t testing.TB, document []byte, name string) string {
	t.Helper()
	var values map[string]any
	if err := json.Unmarshal(document, &values); err != nil {
		t.Fatal(err)
	}
	text, is := values[name].(string)
	if !is {
		t.Fatalf("%s is no text", name)
	}
	return text
}

// Without the rules of a contract its receipts and figures are said to be
// unchecked; all else is checked.
func TestWhatCannotBeCheckedIsSaid(t *testing.T) {
	t.Parallel()
	h, export, heads := closedYear(t)
	h.Rules = ruleset.Embedded()
	result := h.accepted(export, heads)
	if result.Receipts != 0 || result.Year.Confirmed || len(result.Unchecked) != 3 {
		t.Errorf("%+v", result)
	}
}

// Nor is a year said to be restated to figures that lack a contract, where that
// moved to rules after the close that this program does not have.
func TestRulesThatAreUnknownSinceTheCloseAreSaid(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	one := h.contract(h.tender(apeldoorn, "een", "2021-10-01"), year(2022), nil)
	h.today = "2023-02-01"
	h.close(2022)
	h.today = "2023-03-01"
	_, err := h.MoveRules(t.Context(), h.on(sroi.Consultant, one), one.ID, app.RulesInput{
		Version: calendar.MustDate("2022-01-01"), Reason: sroi.PolicyChange, Text: "Besluit.", Deviates: true,
	})
	h.must(err)
	export, heads := h.export(actor(sroi.Auditor), everything, 0), h.heads(2022)
	if whole := h.accepted(export, heads); !whole.Year.Confirmed {
		t.Fatalf("%+v", whole)
	}
	h.Rules = rulesFrom(t, "2016-01-01")
	result := h.accepted(export, heads)
	if result.Year.Confirmed || len(result.Unchecked) == 0 || !strings.Contains(result.Unchecked[len(result.Unchecked)-1], "van 1 grootboeken") {
		t.Errorf("%+v", result)
	}
}

// Whatever figure of a year differs is seen.
func TestEveryFigureIsCompared(t *testing.T) {
	t.Parallel()
	var compare func(what string, v reflect.Value, whole *sroi.Figures)
	compare = func(what string, v reflect.Value, whole *sroi.Figures) {
		switch v.Kind() {
		case reflect.Struct:
			for i := range v.NumField() {
				compare(what+"."+v.Type().Field(i).Name, v.Field(i), whole)
			}
		case reflect.Array:
			for i := range v.Len() {
				compare(what, v.Index(i), whole)
			}
		case reflect.Map:
			whole.ByProcedure = map[sroi.Procedure]sroi.TenderFigures{sroi.National: {Count: 1}}
			if len(verify.Differences(sroi.Figures{}, *whole)) != 4 || len(verify.Differences(*whole, sroi.Figures{})) != 4 {
				t.Errorf("%s is not compared", what)
			}
			whole.ByProcedure = nil
		default:
			v.SetInt(1)
			if len(verify.Differences(sroi.Figures{}, *whole)) != 1 {
				t.Errorf("%s is not compared", what)
			}
			v.SetInt(0)
		}
	}
	var figures sroi.Figures
	compare("Figures", reflect.ValueOf(&figures).Elem(), &figures)
}

// A line that says it is of a placement and names none breaks every calculation;
// of a file, and heads, that someone made so, it is a fault.
func TestWhatNoCalculationBearsIsAFault(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	one, _ := h.history()
	h.today = "2023-02-01"
	snapshot := h.close(2022)
	name := "CONTRACT#" + one.ID
	records, before, after := ledgerOf(t, linesOf(h.export(actor(sroi.Auditor), everything, 0)), name)
	for i := range records {
		edit(t, records[i:i+1], "regel", func(l *sroi.Line) bool { l.Claim.Placement = nil; return true })
	}
	export := forged(t, committed(t, relined(t, records)), before, after)
	made, _, _ := ledgerOf(t, linesOf(export), name)
	for i, head := range snapshot.Heads {
		if head.Ledger == name {
			snapshot.Heads[i].Hash = made[len(made)-1].Hash
		}
	}
	_, err := h.check(export, document(t, snapshot))
	if f := faulty(t, "a line without its placement", err); f.Ledger != name || !strings.Contains(f.Text, "niet na te rekenen") {
		t.Errorf("%v", err)
	}
}

// relined gives every entry about the same lines the hash that these have now.
func relined(t testing.TB, records []record) []record {
	t.Helper()
	hashes := map[string][]string{}
	var submitted string
	for i, r := range records {
		switch r.Kind {
		case "mutatie":
			submitted = entryOf(t, records[i]).LinesHash
		case "regel":
			hashes[submitted] = append(hashes[submitted], sum(r.Content))
		}
	}
	for i := range records {
		if records[i].Kind != "mutatie" {
			continue
		}
		if e := entryOf(t, records[i]); e.LinesHash != "" {
			e.LinesHash = sroi.Digest(hashes[e.LinesHash])
			records[i].Content = encoded(t, e)
		}
	}
	return records
}
