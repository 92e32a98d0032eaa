// SPDX-License-Identifier: EUPL-1.2

package model

import (
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestNumbersHaveOneForm(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct {
		form string
		size int
	}{
		"0": {"0", 1}, "-0.00": {"0", 1}, "007": {"7", 2}, "1.500": {"1.5", 3}, "+.5": {"0.5", 2}, "5.": {"5", 2},
		"1e2": {"100", 2}, "1E-2": {"0.01", 2}, "-12.5e1": {"-125", 4}, "12345": {"12345", 4}, "-1": {"-1", 3}, "0.05": {"0.05", 2},
		"9007199254740993":                       {"9007199254740993", 9},
		"12345678901234567890123456789012345678": {"12345678901234567890123456789012345678", 20},
		"9e125":                                  {"9" + strings.Repeat("0", 125), 2},
		"1e-130":                                 {"0." + strings.Repeat("0", 129) + "1", 2},
	} {
		d, err := parseDecimal(text)
		if err != nil || d.String() != want.form || d.size() != want.size {
			t.Errorf("%s is %s of %d bytes, %v", text, d, d.size(), err)
		}
	}
	for _, text := range []string{
		"", "-", ".", "1,5", "abc", "1e", "e5", "1e1.5", "--1", "0x10", "1 ", "NaN", "Infinity",
		"123456789012345678901234567890123456789", "1e126", "1e-131", "1e99999999999999999999",
	} {
		if d, err := parseDecimal(text); err == nil {
			t.Errorf("%q is taken for %s", text, d)
		}
	}
}

func TestNumbersCompareAndAddAsFractions(t *testing.T) {
	t.Parallel()
	number := rapid.StringMatching(`-?[0-9]{1,12}(\.[0-9]{1,8})?`)
	rapid.Check(t, func(t *rapid.T) {
		texts := []string{number.Draw(t, "a"), number.Draw(t, "b")}
		var decimals [2]decimal
		var fractions [2]*big.Rat
		for i, text := range texts {
			var err error
			if decimals[i], err = parseDecimal(text); err != nil {
				t.Fatal(err)
			}
			fractions[i], _ = new(big.Rat).SetString(text)
			if back, _ := new(big.Rat).SetString(decimals[i].String()); back.Cmp(fractions[i]) != 0 {
				t.Fatalf("%s became %s", text, decimals[i])
			}
		}
		if got, want := decimals[0].compare(decimals[1]), fractions[0].Cmp(fractions[1]); got != want {
			t.Fatalf("%v compare %d, want %d", texts, got, want)
		}
		sum, err := decimals[0].plus(decimals[1])
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := new(big.Rat).SetString(sum.String()); got.Cmp(new(big.Rat).Add(fractions[0], fractions[1])) != 0 {
			t.Fatalf("%v add up to %s", texts, sum)
		}
	})
}

func TestASumOutOfRangeIsRefused(t *testing.T) {
	t.Parallel()
	for _, pair := range [][2]string{{"9e125", "9e125"}, {"1e125", "1"}} {
		a, errA := parseDecimal(pair[0])
		b, errB := parseDecimal(pair[1])
		if sum, err := a.plus(b); err == nil || errA != nil || errB != nil {
			t.Errorf("%v add up to %s", pair, sum)
		}
	}
}
