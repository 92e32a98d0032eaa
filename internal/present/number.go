// SPDX-License-Identifier: EUPL-1.2

package present

import (
	"math/big"
	"strings"

	"socialreturn/internal/money"
	"socialreturn/internal/sroi"
)

const (
	space = "\u00A0" // keeps a number and its unit on one line
	minus = "\u2212"
)

// precision is how many of which unit a number is shown in: the exact value
// times num/den, in steps of 10^-places.
type precision struct {
	num, den int64
	places   int
}

var (
	shown = map[sroi.Unit]precision{
		sroi.UnitCount:   {1, 1, 0},
		sroi.UnitFTE:     {1, 1, 2},
		sroi.UnitPercent: {100, 1, 1},
		sroi.UnitEuro:    {1, 100, 0},
	}
	// exported is finer: a spreadsheet calculates on.
	exported = map[sroi.Unit]precision{
		sroi.UnitCount:   {1, 1, 0},
		sroi.UnitFTE:     {1, 1, 4},
		sroi.UnitPercent: {100, 1, 4},
		sroi.UnitEuro:    {1, 100, 2},
	}
)

// number is a value for people: "1.234", "12,34", "58,1 %", "€ 1.234.567".
func number(unit sroi.Unit, value money.Fraction) string {
	text := magnitude(unit, value)
	if value.Num < 0 && strings.ContainsAny(text, "123456789") {
		return minus + text
	}
	return text
}

// signed is a difference for people: "+13", "−3", "+6,3 procentpunt"; without a
// sign where it rounds to zero.
func signed(unit sroi.Unit, value money.Fraction) string {
	switch text := step(unit, value); {
	case !strings.ContainsAny(text, "123456789"):
		return text
	case value.Num > 0:
		return "+" + text
	default:
		return minus + text
	}
}

// step is the size of a difference: as magnitude, but of shares in percentage points.
func step(unit sroi.Unit, value money.Fraction) string {
	if unit == sroi.UnitPercent {
		return group(decimal(value, shown[unit])) + space + "procentpunt"
	}
	return magnitude(unit, value)
}

// FTEYears is Figures.Work for people: "12,34".
func FTEYears(work int64) string {
	return number(sroi.UnitFTE, money.Fraction{Num: work, Den: sroi.WorkPerFTEYear})
}

func magnitude(unit sroi.Unit, value money.Fraction) string {
	digits := group(decimal(value, shown[unit]))
	switch unit {
	case sroi.UnitPercent:
		return digits + space + "%"
	case sroi.UnitEuro:
		return "€" + space + digits
	default:
		return digits
	}
}

// part is the numerator or denominator of a share, in what it counts.
func part(code string, n int64) string {
	return number(sroi.CountedIn(code), money.Fraction{Num: n, Den: 1})
}

// exportedNumber is a value for a spreadsheet: decimal comma, no thousands
// points, a plain minus.
func exportedNumber(unit sroi.Unit, value money.Fraction) string {
	whole, decimals := decimal(value, exported[unit])
	text := whole
	if decimals != "" {
		text += "," + decimals
	}
	if value.Num < 0 && strings.Trim(text, "0,") != "" {
		return "-" + text
	}
	return text
}

// decimal is the size of a value, rounded once, half away from zero, as the
// digits before and after the comma. The zero precision counts whole ones, and
// the zero fraction is nothing.
func decimal(value money.Fraction, p precision) (whole, decimals string) {
	if value.Den == 0 {
		value.Den = 1
	}
	num := new(big.Int).Mul(big.NewInt(value.Num), big.NewInt(max(p.num, 1)))
	num.Abs(num).Mul(num, new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(p.places)), nil))
	den := new(big.Int).Mul(big.NewInt(value.Den), big.NewInt(max(p.den, 1)))
	half := new(big.Int).Add(num.Lsh(num, 1), den)
	digits := half.Quo(half, den.Lsh(den, 1)).String()
	if missing := p.places + 1 - len(digits); missing > 0 {
		digits = strings.Repeat("0", missing) + digits
	}
	return digits[:len(digits)-p.places], digits[len(digits)-p.places:]
}

// group joins the digits with thousands points and a decimal comma.
func group(whole, decimals string) string {
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "." + whole[i:]
	}
	if decimals == "" {
		return whole
	}
	return whole + "," + decimals
}
