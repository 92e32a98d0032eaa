// SPDX-License-Identifier: EUPL-1.2

package verify_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"socialreturn/infra/bench/growth"
	"socialreturn/infra/local/verify"
	"socialreturn/internal/calendar"
	"socialreturn/internal/sroi"
)

// longAfter is the closed year of which a ledger of the heads got n entries more:
// of a contract a statement that is taken back and handed in again, of a tender
// an award that is taken back and made again.
func longAfter(t testing.TB, export string, heads []byte, kind string) func(n int) string {
	t.Helper()
	lines := linesOf(export)
	for _, head := range headsIn(t, heads) {
		records, before, after := ledgerOf(t, lines, head.Ledger)
		submits := slices.IndexFunc(records, func(r record) bool {
			return r.Kind == "mutatie" && entryOf(t, r).Kind == sroi.StatementSubmitted
		})
		if !strings.HasPrefix(head.Ledger, kind) || kind == "CONTRACT#" && (submits < 0 || entryOf(t, records[submits]).Period != calendar.MustPeriod("2022-Q2")) {
			continue
		}
		last := len(records) - 1
		more := [2]sroi.Entry{entryOf(t, records[0]), entryOf(t, records[last-1])}
		for i := range more {
			more[i].Kind, more[i].Closes = sroi.TenderChanged, 0
		}
		if kind == "CONTRACT#" {
			handedIn := entryOf(t, records[submits])
			more = [2]sroi.Entry{handedIn, handedIn}
			more[0].Kind, more[0].Amounts = sroi.StatementWithdrawn, nil
			for _, a := range handedIn.Amounts {
				more[0].Amounts = append(more[0].Amounts, sroi.YearAmounts{Year: a.Year}.Minus(a))
			}
		}
		return func(n int) string {
			longer := slices.Clone(records[:last])
			for i := range n {
				e := more[i%2]
				e.Booked = calendar.MustDate("2023-03-01").AddDays(i / 10)
				e.At = e.At.AddDate(1, 6, i)
				longer = append(longer, record{Kind: "mutatie", Ledger: head.Ledger, Content: encoded(t, e)})
			}
			return forged(t, append(longer, records[last]), before, after)
		}
	}
	t.Fatalf("no ledger of %s that can go on", kind)
	return nil
}

// What is checked of a ledger grows with its entries, also of those after the
// head: each is folded once, not anew for every later one.
func TestALedgerIsFoldedOnce(t *testing.T) {
	h, export, heads := closedYear(t)
	for _, kind := range []string{"CONTRACT#", "TENDER#"} {
		text := longAfter(t, export, heads, kind)
		if later := h.accepted(text(40), heads).Year.Later; len(later) != 1+40 { // and one before
			t.Errorf("%s: %d entries of 40 concern the year", kind, len(later)-1)
		}
		growth.Memory(t, map[string]growth.Input{kind: growth.Of(text, func(export string) {
			if _, err := verify.Check(strings.NewReader(export), bytes.NewReader(heads), h.Rules); err != nil {
				t.Fatal(err)
			}
		}, 60)})
	}
}
