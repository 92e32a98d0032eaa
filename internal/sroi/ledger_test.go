// SPDX-License-Identifier: EUPL-1.2

package sroi

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"socialreturn/internal/money"
)

func someAmounts(t *rapid.T) []YearAmounts {
	cents := rapid.Int64Range(-1e9, 1e9)
	var amounts []YearAmounts
	for range rapid.IntRange(0, 3).Draw(t, "years") {
		amounts = append(amounts, YearAmounts{
			Year: rapid.IntRange(2020, 2023).Draw(t, "year"), Obliged: money.Cents(cents.Draw(t, "obliged")),
			Pending: money.Cents(cents.Draw(t, "pending")), Verified: money.Cents(cents.Draw(t, "verified")),
		})
	}
	return amounts
}

func chain(t *rapid.T) (Balance, []Entry) {
	balance := Balance{Contract: "c"}
	var entries []Entry
	for range rapid.IntRange(1, 8).Draw(t, "entries") {
		var entry Entry
		balance, entry = balance.Next(Entry{Kind: Corrected, Amounts: someAmounts(t)})
		entries = append(entries, entry)
	}
	return balance, entries
}

func TestBalanceIsTheFoldOfItsEntries(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		balance, entries := chain(t)
		folded := Balance{Contract: "c"}
		var err error
		for _, entry := range entries {
			if folded, err = folded.Apply(entry); err != nil {
				t.Fatal(err)
			}
		}
		if Digest(folded) != Digest(balance) {
			t.Fatalf("folded %+v, kept %+v", folded, balance)
		}
	})
}

func TestAChangedDroppedOrSwappedEntryIsFound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		_, entries := chain(t)
		i := rapid.IntRange(0, len(entries)-1).Draw(t, "at")
		tamperings := []string{"amount", "reason"}
		if i < len(entries)-1 { // a dropped last entry is found by the head kept elsewhere
			tamperings = append(tamperings, "drop", "reseal")
		}
		switch rapid.SampledFrom(tamperings).Draw(t, "tampering") {
		case "amount":
			entries[i].Amounts = append(entries[i].Amounts, YearAmounts{Year: 2022, Verified: 1})
		case "reason":
			entries[i].Reason = "anders"
		case "reseal": // its own hash holds, but the next entry links to the old one
			entries[i].Reason = "anders"
			entries[i] = entries[i].Sealed(entries[i].Seq, entries[i].Prev)
		default:
			entries = append(entries[:i], entries[i+1:]...)
		}
		balance := Balance{Contract: "c"}
		var err error
		for _, entry := range entries {
			if balance, err = balance.Apply(entry); err != nil {
				break
			}
		}
		if !errors.Is(err, ErrChain) {
			t.Fatalf("tampering went unnoticed: %v", err)
		}
	})
}

// Closing a year is an entry like any other: the balance tells it, and whoever
// decided before it has a balance that does not follow.
func TestClosingAYearFences(t *testing.T) {
	open := Balance{Contract: "C1"}
	_, late := open.Next(Entry{Kind: StatementSubmitted})
	closed, entry := open.Next(Entry{Kind: YearClosed, Closes: 2022})
	if closed.ClosedThrough != 2022 || closed.Head != entry.Hash {
		t.Fatalf("%+v", closed)
	}
	if _, err := closed.Apply(late); !errors.Is(err, ErrChain) {
		t.Errorf("an entry from before the fence: %v", err)
	}
	if again, _ := closed.Next(Entry{Kind: YearClosed, Closes: 2021}); again.ClosedThrough != 2022 {
		t.Errorf("an earlier year opens a later one: %d", again.ClosedThrough)
	}
}
