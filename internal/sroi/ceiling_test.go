// SPDX-License-Identifier: EUPL-1.2

package sroi

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"socialreturn/internal/money"
)

// someVerified draws amounts per year under two ceilings and under none.
func someVerified(t *rapid.T) []YearAmounts {
	var amounts []YearAmounts
	for range rapid.IntRange(0, 12).Draw(t, "lines") {
		a := YearAmounts{Year: rapid.IntRange(2020, 2024).Draw(t, "year"), Verified: money.Cents(rapid.Int64Range(1, 1e6).Draw(t, "verified"))}
		if code := rapid.SampledFrom([]string{"", "A", "B"}).Draw(t, "ceiling"); code != "" {
			a.Capped = []Capped{{code, a.Verified}}
		}
		amounts = append(amounts, a)
	}
	return amounts
}

// folded books one entry per amount, in the order given.
func folded(obliged money.Cents, ceilings []Ceiling, amounts []YearAmounts) (Balance, map[int]YearAmounts) {
	balance, _ := Balance{Contract: "c"}.Next(Entry{Kind: ContractRegistered, Amounts: []YearAmounts{{Year: 2020, Obliged: obliged}}, Ceilings: ceilings})
	years := map[int]YearAmounts{}
	for _, a := range amounts {
		balance, _ = balance.Next(Entry{Kind: Corrected, Amounts: []YearAmounts{a}})
		sum := years[a.Year].Plus(a)
		sum.Year = a.Year
		years[a.Year] = sum
	}
	return balance, years
}

// In whatever order lines are booked, no ceiling is exceeded, the years add up to
// what counts, and the excess falls in the latest years.
func TestCeilingsAreNeverExceededInAnyOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		obliged := money.Cents(rapid.Int64Range(0, 4e6).Draw(t, "obliged"))
		ceilings := []Ceiling{
			{Code: "A", Percent: money.Percent(rapid.Int64Range(0, 100_00).Draw(t, "percent A"))},
			{Code: "B", Percent: money.Percent(rapid.Int64Range(0, 100_00).Draw(t, "percent B"))},
		}
		amounts := someVerified(t)
		balance, years := folded(obliged, ceilings, amounts)
		shuffled := slices.Clone(amounts)
		rand.New(rand.NewPCG(1, rapid.Uint64().Draw(t, "seed"))).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		again, _ := folded(obliged, ceilings, shuffled)
		if balance.Counted() != again.Counted() || Digest(balance.Capped) != Digest(again.Capped) {
			t.Fatalf("order matters: %+v %+v", balance, again)
		}
		free := balance.Verified
		for _, state := range balance.CeilingStates() {
			if state.Counted > state.Most || state.Counted > state.Verified || state.Counted < min(state.Most, state.Verified) {
				t.Fatalf("%+v", state)
			}
			free -= state.Verified
		}
		var counted money.Cents
		for year := 2020; year <= 2024; year++ {
			own := balance.countedIn(year, years)
			if own < 0 || own > years[year].Verified {
				t.Fatalf("%d counts %s of %s", year, own, years[year].Verified)
			}
			counted += own
		}
		if counted != balance.Counted() || counted < free {
			t.Fatalf("the years count %s, the contract %s", counted, balance.Counted())
		}
		if balance.Outstanding()-balance.Excess() != obliged-counted {
			t.Fatalf("outstanding %s, excess %s", balance.Outstanding(), balance.Excess())
		}
	})
}

func TestTheExcessFallsInTheLatestYears(t *testing.T) {
	t.Parallel()
	capped := func(year int, amount money.Cents) YearAmounts {
		return YearAmounts{Year: year, Verified: amount, Capped: []Capped{{"A", amount}}}
	}
	balance, years := folded(1000_00, []Ceiling{{Code: "A", Percent: 50_00}}, []YearAmounts{
		capped(2022, 300_00), capped(2021, 300_00), capped(2020, 100_00), {Year: 2022, Verified: 50_00},
	})
	for year, want := range map[int]money.Cents{2020: 100_00, 2021: 300_00, 2022: 150_00} {
		if got := balance.countedIn(year, years); got != want {
			t.Errorf("%d counts %s, want %s", year, got, want)
		}
	}
}

func TestMinusUndoesPlus(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := SumByYear(someVerified(t)), SumByYear(someVerified(t))
		for i := range min(len(a), len(b)) {
			if back := a[i].Plus(b[i]).Minus(b[i]); Digest(back) != Digest(a[i]) {
				t.Fatalf("%+v came back as %+v", a[i], back)
			}
		}
	})
}
