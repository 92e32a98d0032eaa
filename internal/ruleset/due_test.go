// SPDX-License-Identifier: EUPL-1.2

package ruleset_test

import (
	"testing"

	"pgregory.net/rapid"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/ruleset"
)

func TestDue(t *testing.T) {
	t.Parallel()
	term := calendar.Span{From: calendar.MustDate("2022-01-01"), To: calendar.MustDate("2022-12-31")}
	for day, want := range map[string]string{
		"2021-12-31": "0.00", "2022-01-01": "109.59", "2022-03-31": "9863.01", "2022-12-30": "39890.41", "2022-12-31": "40000.00", "2030-01-01": "40000.00",
	} {
		in := ruleset.DueInput{Obligation: 40_000_00, Term: term, AsOf: calendar.MustDate(day)}
		receipt, err := ruleset.Embedded().All()[0].ExplainDue(in)
		if err != nil || receipt.Result.String() != want || ruleset.Due(in) != receipt.Result {
			t.Errorf("%s: %s (%v), want %s", day, receipt.Result, err, want)
		}
	}
}

// The parts between any days add up to the whole, and receipts replay.
func TestDuePartsAddUp(t *testing.T) {
	t.Parallel()
	rules := ruleset.Embedded().All()[0]
	rapid.Check(t, func(t *rapid.T) {
		from := calendar.MustDate("2020-01-01").AddDays(rapid.IntRange(0, 4000).Draw(t, "from"))
		term := calendar.Span{From: from, To: from.AddDays(rapid.IntRange(0, 10_000).Draw(t, "days"))}
		amount := money.Cents(rapid.Int64Range(0, int64(money.Max)).Draw(t, "amount"))
		var sum, before money.Cents
		for day := from.AddDays(-10); !day.After(term.To.AddDays(10)); day = day.AddDays(rapid.IntRange(1, 3000).Draw(t, "step")) {
			in := ruleset.DueInput{Obligation: amount, Term: term, AsOf: day}
			due := ruleset.Due(in)
			if due < before || due > amount {
				t.Fatalf("%s after %s, of %s", due, before, amount)
			}
			sum, before = sum+due-before, due
			receipt, err := rules.ExplainDue(in)
			if err != nil {
				t.Fatal(err)
			}
			if again, err := ruleset.Embedded().Replay(receipt); err != nil || again.Text != receipt.Text || again.Exact != receipt.Exact {
				t.Fatalf("%+v %v", again, err)
			}
		}
		if last := ruleset.Due(ruleset.DueInput{Obligation: amount, Term: term, AsOf: term.To}); sum > last || last != amount {
			t.Fatalf("%s of %s", sum, last)
		}
	})
}
