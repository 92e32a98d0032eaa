// SPDX-License-Identifier: EUPL-1.2

package money_test

import (
	"math/big"
	"regexp"
	"strings"
	"testing"

	"socialreturn/internal/money"
)

var wireForm = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]{1,2})?$`)

// hundredths is what a text of the wire form comes to, by another way.
func hundredths(text string) *big.Int {
	value, ok := new(big.Rat).SetString(text)
	if !ok {
		return nil
	}
	return new(big.Int).Quo(value.Mul(value, big.NewRat(100, 1)).Num(), big.NewInt(1))
}

// FuzzParse: exactly the wire form within bounds is read, as what it says, and
// written so that it reads the same.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"40000", "13333.33", "-0.50", "0", "-0", "999999999999.99", "1000000000000", "1e1000000", "+1", ".5", "1.", "01", "1_0", "٣"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := money.Parse(text)
		fits := wireForm.MatchString(text)
		if len(text) > 40 { // far out of bounds, and slow by the other way
			if err == nil {
				t.Fatalf("%.50s is read as %s", text, got)
			}
			return
		}
		want := new(big.Int)
		if fits {
			want = hundredths(text)
			fits = want.IsInt64() && want.CmpAbs(big.NewInt(int64(money.Max))) <= 0
		}
		if (err == nil) != fits {
			t.Fatalf("%q: %v", text, err)
		}
		if err != nil {
			return
		}
		if int64(got) != want.Int64() {
			t.Fatalf("%q is read as %d, is %s", text, got, want)
		}
		if again, err := money.Parse(got.String()); err != nil || again != got {
			t.Fatalf("%q is written %s, which reads as %s: %v", text, got, again, err)
		}
	})
}

// FuzzParsePercent: likewise, from 0 to 100.
func FuzzParsePercent(f *testing.F) {
	for _, seed := range []string{"5", "2.5", "100", "100.01", "-1", "0.005", "5%"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := money.ParsePercent(text)
		if err != nil {
			return
		}
		want := hundredths(text)
		if !wireForm.MatchString(text) || want.Int64() != int64(got) || got < 0 || got > 100_00 {
			t.Fatalf("%q is read as %d", text, got)
		}
		if again, err := money.ParsePercent(got.String()); err != nil || again != got || strings.HasSuffix(got.String(), ".") {
			t.Fatalf("%q is written %s, which reads as %s: %v", text, got, again, err)
		}
	})
}
