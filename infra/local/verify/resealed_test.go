// SPDX-License-Identifier: EUPL-1.2

package verify_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

// redecision changes the first correction of a line, and books what it then says.
func redecision(t testing.TB, change func(*sroi.Correction)) func([]record) bool {
	return func(records []record) bool {
		var made sroi.Correction
		found := edit(t, records, "correctie", func(c *sroi.Correction) bool {
			if c.Decision == nil {
				return false
			}
			change(c)
			made = *c
			return true
		})
		return found && edit(t, records, "mutatie", func(e *sroi.Entry) bool {
			if e.Correction != made.ID {
				return false
			}
			e.Amounts = []sroi.YearAmounts{{Year: made.Year, Verified: made.Delta, Rejected: -made.Delta}}
			return true
		})
	}
}

// explaining gives the first correction of a line, or of an amount, a true receipt
// of something else.
func explaining(t testing.TB, rules *ruleset.Library, ofLine bool, change func(*ruleset.CorrectionInput)) func([]record) bool {
	return func(records []record) bool {
		return edit(t, records, "correctie", func(c *sroi.Correction) bool {
			if (c.Decision != nil) != ofLine {
				return false
			}
			var in ruleset.CorrectionInput
			if err := json.Unmarshal(c.Receipt.Input, &in); err != nil {
				t.Fatal(err)
			}
			change(&in)
			pinned, err := rules.Pinned(c.Receipt.Rules)
			if err == nil {
				c.Receipt, err = pinned.ExplainCorrection(in)
			}
			if err != nil {
				t.Fatal(err)
			}
			return true
		})
	}
}

// Where the amounts were made to follow from an item that was replaced, the item
// itself is refused, for what the items before it say.
func TestItemsFollowFromEachOther(t *testing.T) {
	t.Parallel()
	h, export, _ := closedYear(t)
	lines := linesOf(export)
	const otherwise = "rekent met iets anders dan de correctie"
	const difference = "niet het verschil met de beoordeling die gold"
	for _, c := range []struct {
		what, text string
		kind       sroi.EntryKind // of the entry that is named
		make       func([]record) bool
	}{
		{"a line corrected by less than the difference", difference, sroi.Corrected, redecision(t, func(c *sroi.Correction) { c.Delta += 100 })},
		{"a line corrected to less than nothing", difference, sroi.Corrected, redecision(t, func(c *sroi.Correction) { c.Decision.Value, c.Delta = -100, c.Delta-100 })},
		{"a line corrected in another year", difference, sroi.Corrected, redecision(t, func(c *sroi.Correction) { c.Year++ })},
		{"a correction with the decision on another line", difference, sroi.Corrected, redecision(t, func(c *sroi.Correction) { c.Decision.Line-- })},
		{"a correction of another line", difference, sroi.Corrected, redecision(t, func(c *sroi.Correction) { c.Line, c.Decision.Line = 1, 1 })},
		{"a line corrected to more than the receipt came to", "meer goed dan haar rekenbewijs", sroi.Corrected, redecision(t, func(c *sroi.Correction) { c.Decision.Value, c.Delta = 100, c.Delta+100 })},
		{"a correction of a line that was never decided", "nooit beoordeeld", sroi.Corrected, redecision(t, func(c *sroi.Correction) { c.Line, c.Decision.Line, c.Year, c.Delta = 9, 9, 0, 0 })},
		{"a correction of a revision that was never decided", "nooit beoordeeld", sroi.Corrected, redecision(t, func(c *sroi.Correction) { c.Revision, c.Year, c.Delta = c.Revision+1, 0, 0 })},
		{"a correction without a receipt", "geen rekenbewijs", sroi.Corrected, redecision(t, func(c *sroi.Correction) { c.Receipt = ruleset.Receipt{} })},
		{"a correction with the receipt of its decision", "geen rekenbewijs", sroi.Corrected, redecision(t, func(c *sroi.Correction) { c.Receipt = c.Decision.Receipt })},
		{"a receipt of another line", otherwise, sroi.Corrected, explaining(t, h.Rules, true, func(in *ruleset.CorrectionInput) { in.Line++ })},
		{"a receipt of another year", otherwise, sroi.Corrected, explaining(t, h.Rules, true, func(in *ruleset.CorrectionInput) { in.Year++ })},
		{"a receipt of more than was verified", otherwise, sroi.Corrected, explaining(t, h.Rules, true, func(in *ruleset.CorrectionInput) { in.Before++ })},
		{"a receipt of less than was verified of the contract", otherwise, sroi.Corrected, explaining(t, h.Rules, false, func(in *ruleset.CorrectionInput) { in.Before-- })},
		{"a receipt of a line of what has none", otherwise, sroi.Corrected, explaining(t, h.Rules, false, func(in *ruleset.CorrectionInput) { in.Line = 1 })},
		{"a receipt of another difference", otherwise, sroi.Corrected, explaining(t, h.Rules, true, func(in *ruleset.CorrectionInput) { in.Delta++ })},
		{"an activity taken back that was never done", "minder dan niets zijn goedgekeurd", sroi.StatementDecided, booking(t, sroi.StatementDecided, func(e *sroi.Entry) { e.Amounts[0].Done = -1 })},
	} {
		found := false
		for name := range paths(t, export) {
			records, before, after := ledgerOf(t, lines, name)
			if !c.make(records) {
				continue
			}
			found = true
			_, err := h.check(forged(t, committed(t, records), before, after), nil)
			f := faulty(t, c.what, err)
			if f.Ledger != name || !strings.Contains(f.Text, c.text) {
				t.Errorf("%s: %v", c.what, err)
			} else if e := entryOf(t, entryRecord(records, f.Entry)); e.Kind != c.kind {
				t.Errorf("%s: named %d, which is %s", c.what, f.Entry, e.Kind)
			}
		}
		if !found {
			t.Errorf("%s: there is nothing to change", c.what)
		}
	}
}

// Where retention destroyed decisions, nobody knows what was verified of a line before
// it was corrected: the correction is held to what it says of itself.
func TestWhatIsHiddenIsNoFaultOfACorrection(t *testing.T) {
	t.Parallel()
	h, export, heads := closedYear(t)
	lines, corrections := linesOf(export), 0
	for i, text := range lines {
		r := parsed(t, text)
		if r.Kind == "correctie" {
			corrections++
		}
		if r.Kind == "beoordeling" {
			r.Content = nil
			lines[i] = r.String()
		}
	}
	if result := h.accepted(strings.Join(lines, ""), heads); result.Hidden == 0 || corrections == 0 {
		t.Errorf("%d corrections: %+v", corrections, result)
	}
}

// A decision approves no more than its receipt came to, also where the line asked
// for more and the entry books what the decision says.
func TestNoMoreIsApprovedThanTheReceipt(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	contract := h.contract(h.tender(apeldoorn, "een", "2021-10-01"), year(2022), nil)
	h.today = "2022-04-05"
	less := cents("1000")
	h.decide(h.submit(contract, "2022-Q1", h.invoice(contract, "F-1")), app.LineDecision{Line: 1, Verdict: sroi.ApprovedPartly, Reason: "r", Text: "t", Amount: &less})
	name := "CONTRACT#" + contract.ID
	records, before, after := ledgerOf(t, linesOf(h.export(actor(sroi.Auditor), everything, 0)), name)
	h.accepted(forged(t, committed(t, records), before, after), nil)
	inside(t, "beoordeling", func(d *sroi.Decision) { d.Value++ })(records)
	booking(t, sroi.StatementDecided, func(e *sroi.Entry) {
		e.Amounts[0].Verified++
		e.Amounts[0].Rejected--
	})(records)
	_, err := h.check(forged(t, committed(t, records), before, after), nil)
	if f := faulty(t, "a cent more than the receipt", err); f.Ledger != name || !strings.Contains(f.Text, "meer goed dan het rekenbewijs") {
		t.Errorf("%v", err)
	}
}

// Where no item is shown, nothing tells what an entry should book; less than
// nothing it cannot come to all the same.
func TestNoBalanceComesBelowZero(t *testing.T) {
	t.Parallel()
	h, export, _ := closedYear(t)
	lines := linesOf(export)
	for _, c := range []struct {
		what, text string
		kind       sroi.EntryKind
		less       func(*sroi.YearAmounts)
	}{
		{"an obligation", "de SR-verplichting komt onder nul", sroi.ContractRegistered, func(a *sroi.YearAmounts) { a.Obliged = -1 }},
		{"activities owed", "de SR-verplichting komt onder nul", sroi.ContractRegistered, func(a *sroi.YearAmounts) { a.Asked = -1 }},
		{"what is claimed", "minder dan niets zijn ingediend", sroi.StatementDecided, func(a *sroi.YearAmounts) { a.Pending-- }},
		{"what is verified", "minder dan niets zijn goedgekeurd", sroi.StatementDecided, func(a *sroi.YearAmounts) { a.Verified = -1 }},
		{"activities done", "minder dan niets zijn goedgekeurd", sroi.StatementDecided, func(a *sroi.YearAmounts) { a.Done = -1 }},
	} {
		found := false
		for name := range paths(t, export) {
			records, before, after := ledgerOf(t, lines, name)
			for i := range records {
				if records[i].Item > 0 {
					records[i].Content = nil
				}
			}
			h.accepted(forged(t, records, before, after), nil)
			if !booking(t, c.kind, func(e *sroi.Entry) { c.less(&e.Amounts[0]) })(records) {
				continue
			}
			found = true
			_, err := h.check(forged(t, records, before, after), nil)
			f := faulty(t, c.what, err)
			if f.Ledger != name || !strings.Contains(f.Text, c.text) || entryOf(t, entryRecord(records, f.Entry)).Kind != c.kind {
				t.Errorf("%s: %v", c.what, err)
			}
		}
		if !found {
			t.Errorf("%s: there is nothing to change", c.what)
		}
	}
}

// An opening balance is booked once, right after the registration, whether the
// contract is shown or not.
func TestAnOpeningIsBookedOnce(t *testing.T) {
	t.Parallel()
	h, export, _ := closedYear(t)
	forgeries := 0
	for _, text := range linesOf(export) {
		r := parsed(t, text)
		if r.Kind != "mutatie" || entryOf(t, r).Kind != sroi.OpeningBooked {
			continue
		}
		for _, shown := range []bool{true, false} {
			forgeries++
			records, before, after := ledgerOf(t, linesOf(appended(t, export, r.Ledger, entryOf(t, r))), r.Ledger)
			if at := slices.IndexFunc(records, func(r record) bool { return r.Kind == "contract" }); !shown {
				records[at].Content = nil
			}
			_, err := h.check(forged(t, records, before, after), nil)
			if f := faulty(t, "a second opening", err); f.Ledger != r.Ledger || f.Entry <= 2 || !strings.Contains(f.Text, "direct na de registratie") {
				t.Errorf("a second opening: %v", err)
			}
		}
	}
	if forgeries != 2 {
		t.Errorf("%d forgeries", forgeries)
	}
}

// A tender stays its authority's, and books no amounts.
func TestATenderStaysOfItsAuthority(t *testing.T) {
	t.Parallel()
	h, export, _ := closedYear(t)
	for what, change := range map[string]func(*sroi.Entry){
		"a tender of another owner": func(e *sroi.Entry) { e.Tender.Authority.ID = zutphen },
		"a tender with an amount":   func(e *sroi.Entry) { e.Amounts = []sroi.YearAmounts{{Year: 2022, Verified: 100}} },
	} {
		forgeries := 0
		for name := range paths(t, export) {
			records, before, after := ledgerOf(t, linesOf(export), name)
			if !booking(t, sroi.TenderAwarded, change)(records) {
				continue
			}
			forgeries++
			_, err := h.check(forged(t, records, before, after), nil)
			if f := faulty(t, what, err); f.Ledger != name || f.Entry != 2 || !strings.Contains(f.Text, "blijft van één opdrachtgever") {
				t.Errorf("%s: %v", what, err)
			}
		}
		if forgeries != 4 {
			t.Errorf("%s: %d forgeries", what, forgeries)
		}
	}
}

// moved puts a municipality under another desk; its contracts stay with theirs.
func (h *house) moved(id sroi.AuthorityID, to string) {
	h.t.Helper()
	authority, err := h.Store.Authority(h.t.Context(), id)
	h.must(err)
	_, _, err = h.PutAuthority(h.t.Context(), matching(h.as(sroi.Administrator), authority.Version), app.AuthorityInput{
		ID: id, Name: authority.Name, Kind: authority.Kind, Areas: authority.Areas, Desk: to, RuleSet: authority.RuleSet,
	})
	h.must(err)
}

// A desk that took an authority over exports its ledgers, and of the contracts
// that stayed with the desk before no more than the chain: neither contracts and
// amendments, nor lines, decisions and corrections. A contract of its own it is
// shown whole.
func TestOfAnotherDesksContractsOnlyTheChainIsShown(t *testing.T) {
	t.Parallel()
	h, export, heads := closedYear(t)
	h.moved(apeldoorn, "elders")
	own := "CONTRACT#" + h.contract(h.tender(apeldoorn, "eigen", "2023-02-01"), calendar.YearSpan(2023), nil).ID
	there := app.Actor{Role: sroi.Consultant, ID: "elders", Desk: "elders"}
	shown := h.export(there, everything, 0)
	if result := h.accepted(shown, heads); result.Year.Confirmed || result.Contracts != 4 {
		t.Errorf("%+v", result)
	}
	kinds := map[string]int{}
	for _, text := range withoutEnds(t, shown) {
		r := parsed(t, text)
		switch {
		case r.Item == 0 && r.Kind != "stand" && r.Content == nil, r.Ledger == own && r.Item > 0 && r.Content == nil:
			t.Errorf("%s of %s is hidden", r.Kind, r.Ledger)
		case r.Ledger != own && r.Item > 0 && r.Content != nil:
			t.Errorf("%s of %s is shown", r.Kind, r.Ledger)
		case r.Item > 0:
			kinds[r.Kind]++
		}
	}
	for _, kind := range []string{"contract", "wijziging", "regel", "beoordeling", "correctie"} {
		if kinds[kind] == 0 {
			t.Errorf("there is no %s", kind)
		}
	}
	for name, path := range paths(t, export) {
		if status, content, _ := h.page(there, path, ""); strings.HasPrefix(name, "CONTRACT#") && status != 404 {
			t.Errorf("%s by itself: %d %s", name, status, content)
		}
	}
}
