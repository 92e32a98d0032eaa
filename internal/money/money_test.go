// SPDX-License-Identifier: EUPL-1.2

package money_test

import (
	"errors"
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"socialreturn/internal/money"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]money.Cents{
		"0": 0, "40000": 40_000_00, "13333.33": 13_333_33, "-0.50": -50, "0.5": 50, "-0": 0,
		"999999999999.99": money.Max, "-999999999999.99": -money.Max,
	} {
		if got, err := money.Parse(text); err != nil || got != want {
			t.Errorf("%q: %d, %v; want %d", text, got, err, want)
		}
	}
	for text, want := range map[string]error{
		"": money.ErrSyntax, "-": money.ErrSyntax, ".5": money.ErrSyntax, "5.": money.ErrSyntax, "1.234": money.ErrSyntax,
		"1,50": money.ErrSyntax, "1.234,56": money.ErrSyntax, "+5": money.ErrSyntax, " 5": money.ErrSyntax, "05": money.ErrSyntax, "1e3": money.ErrSyntax, "--5": money.ErrSyntax, "٥": money.ErrSyntax,
		"1000000000000.00": money.ErrRange, "-1000000000000": money.ErrRange, "99999999999999999999999": money.ErrRange,
	} {
		if _, err := money.Parse(text); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", text, err, want)
		}
	}
}

func TestParsePercent(t *testing.T) {
	for text, want := range map[string]money.Percent{"0": 0, "5": 500, "2.5": 250, "12.75": 1275, "100": 100_00, "100.00": 100_00} {
		if got, err := money.ParsePercent(text); err != nil || got != want {
			t.Errorf("%q: %d, %v; want %d", text, got, err, want)
		}
	}
	for text, want := range map[string]error{"": money.ErrSyntax, "5%": money.ErrSyntax, "2,5": money.ErrSyntax, "100.01": money.ErrRange, "-1": money.ErrRange} {
		if _, err := money.ParsePercent(text); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", text, err, want)
		}
	}
}

func TestForms(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{money.Cents(13_333_33).Euro(), "€ 13.333,33"}, {money.Cents(40_000_00).Euro(), "€ 40.000"}, {money.Cents(-1_05).Euro(), "€ -1,05"}, {money.Cents(0).Euro(), "€ 0"},
		{money.Cents(999_99).Euro(), "€ 999,99"}, {money.Max.Euro(), "€ 999.999.999.999,99"},
		{money.Cents(-5).String(), "-0.05"}, {money.Cents(120).String(), "1.20"}, {money.Cents(math.MinInt64).String(), "-92233720368547758.08"},
		{money.Thousands(0), "0"}, {money.Thousands(999), "999"}, {money.Thousands(1000), "1.000"}, {money.Thousands(-1234567), "-1.234.567"}, {money.Thousands(-999), "-999"},
		{money.Percent(250).Dutch(), "2,5 %"}, {money.Percent(500).String(), "5"}, {money.Percent(100_00).String(), "100"}, {money.Percent(5).String(), "0.05"}, {money.Percent(0).String(), "0"},
		{money.Fraction{Num: 24, Den: 36}.String(), "2/3"}, {money.Fraction{Num: -6, Den: 3}.String(), "-2"}, {money.Fraction{}.String(), "0"}, {money.Percent(500).Fraction().String(), "1/20"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

func TestRoundTrips(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		amount := money.Cents(rapid.Int64Range(-int64(money.Max), int64(money.Max)).Draw(t, "amount"))
		if read, err := money.Parse(amount.String()); err != nil || read != amount {
			t.Fatalf("%s reads as %s: %v", amount, read, err)
		}
		if plain := new(big.Rat).SetFrac64(int64(amount), 100).FloatString(2); amount.String() != plain {
			t.Fatalf("%d cents is written %s, want %s", int64(amount), amount, plain)
		}
		percent := money.Percent(rapid.Int64Range(0, 100_00).Draw(t, "percent"))
		if read, err := money.ParsePercent(percent.String()); err != nil || read != percent {
			t.Fatalf("%s reads as %s: %v", percent, read, err)
		}
	})
}

// Whatever is accepted is written again as the same amount, in one form.
func TestParseAcceptsOnlyAmounts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`-?[0-9]{0,16}[.,]?[0-9]{0,3}`).Draw(t, "text")
		amount, err := money.Parse(text)
		if err != nil {
			return
		}
		value, ok := new(big.Rat).SetString(text)
		if !ok || value.Cmp(big.NewRat(int64(amount), 100)) != 0 {
			t.Fatalf("%q reads as %s", text, amount)
		}
	})
}

func TestTimesAgreesWithUnboundedFractions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		amount := money.Cents(rapid.Int64Range(-int64(money.Max), int64(money.Max)).Draw(t, "amount"))
		den := rapid.Int64Range(1, 1<<62).Draw(t, "den")
		num := rapid.Int64Range(-min(den, 1<<61), min(den, 1<<61)).Draw(t, "num")
		exact := new(big.Rat).Mul(big.NewRat(int64(amount), 1), big.NewRat(num, den))
		if got, want := amount.Times(money.Fraction{Num: num, Den: den}), halfAway(exact); got != want {
			t.Fatalf("%d × %d/%d = %d, want %d", amount, num, den, got, want)
		}
	})
}

// halfAway is the rounding of the trade, written another way.
func halfAway(r *big.Rat) money.Cents {
	shifted := new(big.Rat).Add(new(big.Rat).Abs(r), big.NewRat(1, 2))
	whole := new(big.Int).Quo(shifted.Num(), shifted.Denom()).Int64()
	return money.Cents(whole * int64(r.Sign()))
}

func TestTimesRounding(t *testing.T) {
	for _, c := range []struct {
		amount   money.Cents
		num, den int64
		want     money.Cents
	}{
		{1, 1, 2, 1}, {-1, 1, 2, -1}, {1, -1, 2, -1}, {-1, -1, 2, 1}, {1, 49, 100, 0}, {3, 1, 2, 2}, {40_000_00, 1, 3, 13_333_33}, {20_000_00, 1, 3, 6_666_67}, {5, 0, 1, 0}, {5, 3, 0, 0},
	} {
		if got := c.amount.Times(money.Fraction{Num: c.num, Den: c.den}); got != c.want {
			t.Errorf("%d × %d/%d = %d, want %d", c.amount, c.num, c.den, got, c.want)
		}
	}
}

func TestTimesPanicsRatherThanWraps(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	money.Max.Times(money.Fraction{Num: 1 << 62, Den: 1})
}

func TestReducedKeepsTheValue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := money.Fraction{Num: rapid.Int64().Draw(t, "num"), Den: rapid.Int64Range(1, 1<<62).Draw(t, "den")}
		r := f.Reduced()
		want := big.NewRat(f.Num, f.Den)
		if r.Num != want.Num().Int64() || r.Den != want.Denom().Int64() {
			t.Fatalf("%d/%d reduces to %d/%d", f.Num, f.Den, r.Num, r.Den)
		}
	})
}
