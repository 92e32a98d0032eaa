// SPDX-License-Identifier: EUPL-1.2

package present

import (
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"socialreturn/internal/money"
	"socialreturn/internal/sroi"
)

func TestNumbersForPeople(t *testing.T) {
	cases := map[string]struct {
		unit          sroi.Unit
		value         money.Fraction
		number, delta string
	}{
		"count":              {sroi.UnitCount, money.Fraction{Num: 1234, Den: 1}, "1.234", "+1.234"},
		"count of millions":  {sroi.UnitCount, money.Fraction{Num: -1234567, Den: 1}, "−1.234.567", "−1.234.567"},
		"nothing":            {sroi.UnitCount, money.Fraction{}, "0", "0"},
		"fte":                {sroi.UnitFTE, money.Fraction{Num: 1234, Den: 100}, "12,34", "+12,34"},
		"fte below one":      {sroi.UnitFTE, money.Fraction{Num: 1, Den: 30}, "0,03", "+0,03"},
		"percent":            {sroi.UnitPercent, money.Fraction{Num: 18, Den: 31}, "58,1 %", "+58,1 procentpunt"},
		"percent half up":    {sroi.UnitPercent, money.Fraction{Num: 1, Den: 2000}, "0,1 %", "+0,1 procentpunt"},
		"percent half down":  {sroi.UnitPercent, money.Fraction{Num: -1, Den: 2000}, "−0,1 %", "−0,1 procentpunt"},
		"less, rounded":      {sroi.UnitPercent, money.Fraction{Num: -1, Den: 9999}, "0,0 %", "0,0 procentpunt"},
		"more, rounded":      {sroi.UnitFTE, money.Fraction{Num: 1, Den: 9999}, "0,00", "0,00"},
		"a few cents less":   {sroi.UnitEuro, money.Fraction{Num: -49, Den: 1}, "€ 0", "€ 0"},
		"euro":               {sroi.UnitEuro, money.Fraction{Num: 1_234_567_49, Den: 1}, "€ 1.234.567", "+€ 1.234.567"},
		"euro half":          {sroi.UnitEuro, money.Fraction{Num: -50, Den: 1}, "−€ 1", "−€ 1"},
		"euro half rounds":   {sroi.UnitEuro, money.Fraction{Num: 4950, Den: 1}, "€ 50", "+€ 50"},
		"beyond any integer": {sroi.UnitPercent, money.Fraction{Num: 1<<63 - 1, Den: 1}, "922.337.203.685.477.580.700,0 %", "+922.337.203.685.477.580.700,0 procentpunt"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if got := spaced(number(c.unit, c.value)); got != c.number {
				t.Errorf("number: %q, want %q", got, c.number)
			}
			if got := spaced(signed(c.unit, c.value)); got != c.delta {
				t.Errorf("signed: %q, want %q", got, c.delta)
			}
		})
	}
}

// spaced makes the spaces that hold words together ordinary ones.
func spaced(s string) string { return strings.ReplaceAll(s, space, " ") }

// What people and spreadsheets read is the exact number, rounded half away from
// zero, whatever the unit: checked against rational arithmetic.
func TestRoundingIsExact(t *testing.T) {
	units := []sroi.Unit{sroi.UnitCount, sroi.UnitFTE, sroi.UnitPercent, sroi.UnitEuro}
	factors := map[sroi.Unit]*big.Rat{
		sroi.UnitCount: big.NewRat(1, 1), sroi.UnitFTE: big.NewRat(1, 1),
		sroi.UnitPercent: big.NewRat(100, 1), sroi.UnitEuro: big.NewRat(1, 100),
	}
	rapid.Check(t, func(t *rapid.T) {
		unit := rapid.SampledFrom(units).Draw(t, "unit")
		f := money.Fraction{Num: rapid.Int64().Draw(t, "num"), Den: rapid.Int64Range(1, 1<<62).Draw(t, "den")}
		if rapid.Bool().Draw(t, "near a half") {
			f.Den = rapid.SampledFrom([]int64{2, 20, 200, 2000, 20000}).Draw(t, "small den")
		}
		exact := new(big.Rat).Mul(big.NewRat(f.Num, f.Den), factors[unit])
		shownPlaces := map[sroi.Unit]int{sroi.UnitCount: 0, sroi.UnitFTE: 2, sroi.UnitPercent: 1, sroi.UnitEuro: 0}[unit]
		people := strings.NewReplacer("€", "", "%", "", space, "", ".", "", ",", ".", minus, "-").Replace(number(unit, f))
		if want := negativeZero(exact.FloatString(shownPlaces)); people != want {
			t.Fatalf("for people %q, want %q", people, want)
		}
		difference := strings.NewReplacer("€", "", "procentpunt", "", "+", "", space, "", ".", "", ",", ".", minus, "-").Replace(signed(unit, f))
		if difference != people || f.Num > 0 != strings.HasPrefix(signed(unit, f), "+") && strings.Trim(people, "0.") != "" {
			t.Fatalf("as a difference %q, want %q", signed(unit, f), people)
		}
		exportedPlaces := map[sroi.Unit]int{sroi.UnitCount: 0, sroi.UnitFTE: 4, sroi.UnitPercent: 4, sroi.UnitEuro: 2}[unit]
		sheet := strings.Replace(exportedNumber(unit, f), ",", ".", 1)
		if want := negativeZero(exact.FloatString(exportedPlaces)); sheet != want {
			t.Fatalf("for a spreadsheet %q, want %q", sheet, want)
		}
	})
}

// negativeZero takes the sign from a number that rounded to nothing.
func negativeZero(s string) string {
	if strings.Trim(s, "-0.") == "" {
		return strings.TrimPrefix(s, "-")
	}
	return s
}
