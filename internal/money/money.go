// SPDX-License-Identifier: EUPL-1.2

// Package money holds euro amounts, percentages and exact fractions.
//
// Amounts are whole cents, percentages whole hundredths of a percent, and a
// quantity is a fraction of two integers. Nothing here is floating point, and
// an amount is rounded once: half away from zero, to the cent.
package money

import (
	"errors"
	"fmt"
	"math/big"
	"math/bits"
	"strconv"
	"strings"
)

// Cents is an amount in euro cents. A valid amount lies between -Max and Max.
type Cents int64

// Max bounds every amount that enters the system: just under a trillion euros,
// so that no sum of a year's amounts can leave int64.
const Max Cents = 99_999_999_999_999

var (
	// ErrSyntax reports a text that is no amount or percentage.
	ErrSyntax = errors.New("money: not a decimal number with at most two decimals")
	// ErrRange reports an amount beyond Max, or a percentage beyond 100.
	ErrRange = errors.New("money: out of range")
)

// Parse reads the wire form of an amount: digits, optionally a sign before and
// one or two decimals after a point, such as "40000", "13333.33" or "-0.50".
// It returns ErrSyntax or ErrRange.
func Parse(s string) (Cents, error) {
	n, err := parseHundredths(s)
	if err != nil {
		return 0, err
	}
	if c := Cents(n); c >= -Max && c <= Max {
		return c, nil
	}
	return 0, ErrRange
}

// parseHundredths reads a decimal of at most two decimals as an integer
// number of hundredths.
func parseHundredths(s string) (int64, error) {
	digits, negative := strings.CutPrefix(s, "-")
	whole, decimals, point := strings.Cut(digits, ".")
	if whole == "" || len(decimals) > 2 || point && decimals == "" || !isDigits(whole) || !isDigits(decimals) {
		return 0, ErrSyntax
	}
	if len(whole) > 1 && whole[0] == '0' {
		return 0, ErrSyntax
	}
	if len(whole) > 15 {
		return 0, ErrRange
	}
	var n int64
	for _, digits := range [...]string{whole, decimals, "00"[len(decimals):]} {
		for i := range len(digits) {
			n = 10*n + int64(digits[i]-'0')
		}
	}
	if negative {
		n = -n
	}
	return n, nil
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// String gives the wire form, always with two decimals: "13333.33".
func (c Cents) String() string {
	text, _ := c.MarshalText() // cannot fail
	return string(text)
}

// Euro gives the Dutch form for people: "€ 13.333,33", and without decimals
// where the amount is whole: "€ 40.000".
func (c Cents) Euro() string {
	sign, n := "", int64(c)
	if n < 0 {
		sign, n = "-", -n
	}
	text := "€ " + sign + Thousands(n/100)
	if n%100 != 0 {
		text += fmt.Sprintf(",%02d", n%100)
	}
	return text
}

// Thousands writes a whole number with Dutch thousands points: "13.333".
func Thousands(n int64) string {
	digits := strconv.FormatInt(n, 10)
	sign := ""
	if digits[0] == '-' {
		sign, digits = "-", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "." + digits[i:]
	}
	return sign + digits
}

// MarshalText gives the wire form. It runs a few times per stored line, and so
// goes without fmt.
func (c Cents) MarshalText() ([]byte, error) {
	text, n := make([]byte, 0, len("-999999999999.99")), uint64(c) //nolint:gosec // G115: two's complement, negated below
	if c < 0 {
		text, n = append(text, '-'), -n
	}
	text = strconv.AppendUint(text, n/100, 10)
	const digits = "0123456789"
	return append(text, '.', digits[n/10%10], digits[n%10]), nil
}

// UnmarshalText reads the wire form; see Parse.
func (c *Cents) UnmarshalText(text []byte) error {
	parsed, err := Parse(string(text))
	if err != nil {
		return err
	}
	*c = parsed
	return nil
}

// Percent is a percentage in hundredths of a percent: 5 % is 500.
// A valid percentage lies between 0 and 10,000 (100 %).
type Percent int64

// ParsePercent reads "5", "2.5" or "12.75". It returns ErrSyntax or ErrRange.
func ParsePercent(s string) (Percent, error) {
	n, err := parseHundredths(s)
	if err != nil {
		return 0, err
	}
	if n < 0 || n > 100_00 {
		return 0, ErrRange
	}
	return Percent(n), nil
}

// String gives the wire form without trailing zeros: "5", "2.5", "12.75".
func (p Percent) String() string {
	text := fmt.Sprintf("%d.%02d", p/100, p%100)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

// Dutch gives the form for people: "2,5 %".
func (p Percent) Dutch() string { return strings.Replace(p.String(), ".", ",", 1) + " %" }

// Fraction is the percentage as an exact fraction of one.
func (p Percent) Fraction() Fraction { return Fraction{Num: int64(p), Den: 100_00} }

// MarshalText gives the wire form.
func (p Percent) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads the wire form; see ParsePercent.
func (p *Percent) UnmarshalText(text []byte) error {
	parsed, err := ParsePercent(string(text))
	if err != nil {
		return err
	}
	*p = parsed
	return nil
}

// Fraction is an exact quantity Num/Den. Den is positive in every valid
// fraction; the zero value stands for nothing and multiplies to zero.
type Fraction struct {
	Num int64 `json:"num"`
	Den int64 `json:"den"`
}

// Reduced divides out the greatest common divisor.
func (f Fraction) Reduced() Fraction {
	if f.Num == 0 || f.Den == 0 {
		return Fraction{Num: 0, Den: 1}
	}
	a, b := magnitude(f.Num), uint64(f.Den) //nolint:gosec // G115: a denominator is not negative
	for b != 0 {
		a, b = b, a%b
	}
	return Fraction{Num: f.Num / int64(a), Den: f.Den / int64(a)}
}

// String gives the reduced fraction: "2/3", or "2" where it is whole.
func (f Fraction) String() string {
	r := f.Reduced()
	if r.Den == 1 {
		return strconv.FormatInt(r.Num, 10)
	}
	return strconv.FormatInt(r.Num, 10) + "/" + strconv.FormatInt(r.Den, 10)
}

// Times is the amount multiplied by the fraction and rounded once, half away
// from zero. It panics where the result leaves int64, which inputs within Max
// and the bounds of a working week cannot reach.
func (c Cents) Times(f Fraction) Cents {
	if f.Den == 0 {
		return 0
	}
	hi, lo := bits.Mul64(magnitude(int64(c)), magnitude(f.Num))
	den := uint64(f.Den) //nolint:gosec // G115: a denominator is not negative
	if hi >= den {
		panic("money: amount × fraction leaves int64")
	}
	quotient, remainder := bits.Div64(hi, lo, den)
	if remainder >= den-remainder {
		quotient++
	}
	if quotient > 1<<63-1 {
		panic("money: amount × fraction leaves int64")
	}
	if (c < 0) != (f.Num < 0) {
		return -Cents(quotient)
	}
	return Cents(quotient)
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return -uint64(n) //nolint:gosec // G115: two's complement: right for the least int64 as well
	}
	return uint64(n)
}

// Compare is -1, 0 or +1 as f is less than, equal to or more than g. It is exact.
func (f Fraction) Compare(g Fraction) int { return f.rat().Cmp(g.rat()) }

// Minus is f less g: exact where numerator and denominator fit in int64, which
// counts and amounts do, else rounded to a billionth.
func (f Fraction) Minus(g Fraction) Fraction {
	difference := new(big.Rat).Sub(f.rat(), g.rat())
	if difference.Num().IsInt64() && difference.Denom().IsInt64() {
		return Fraction{Num: difference.Num().Int64(), Den: difference.Denom().Int64()}
	}
	const billion = 1_000_000_000
	scaled := new(big.Int).Mul(difference.Num(), big.NewInt(billion))
	return Fraction{Num: scaled.Quo(scaled, difference.Denom()).Int64(), Den: billion}.Reduced()
}

func (f Fraction) rat() *big.Rat {
	if f.Den == 0 {
		return new(big.Rat)
	}
	return big.NewRat(f.Num, f.Den)
}
