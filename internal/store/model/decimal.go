// SPDX-License-Identifier: EUPL-1.2

package model

import (
	"cmp"
	"math/big"
	"strconv"
	"strings"
)

// What a number may be ("Naming rules and data types" in the Developer Guide).
const (
	maxDigits   = 38
	maxExponent = 126  // 9.9…E+125 is 0.99…E+126
	minExponent = -129 // 1E-130 is 0.1E-129
)

// decimal is ±0.digits × 10^exponent. Its digits neither start nor end with a
// zero; zero has none.
type decimal struct {
	negative bool
	digits   string
	exponent int
}

// parseDecimal reads a number as the protocol writes it. Its error is a refusal.
func parseDecimal(text string) (decimal, error) {
	rest, negative := text, false
	if rest != "" && (rest[0] == '-' || rest[0] == '+') {
		rest, negative = rest[1:], rest[0] == '-'
	}
	mantissa, power, scientific := strings.Cut(strings.ToLower(rest), "e")
	shift := 0
	if scientific {
		var err error
		if shift, err = strconv.Atoi(power); err != nil {
			return decimal{}, notANumber(text)
		}
	}
	whole, part, _ := strings.Cut(mantissa, ".")
	digits := whole + part
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return decimal{}, notANumber(text)
	}
	significant := strings.TrimLeft(digits, "0")
	d := decimal{negative, strings.TrimRight(significant, "0"), len(whole) + shift - (len(digits) - len(significant))}
	switch {
	case d.digits == "":
		return decimal{}, nil
	case len(d.digits) > maxDigits:
		return decimal{}, invalid("Attempting to store more than 38 significant digits in a Number")
	case d.exponent > maxExponent:
		return decimal{}, invalid("Number overflow. Attempting to store a number with magnitude larger than supported range")
	case d.exponent < minExponent:
		return decimal{}, invalid("Number underflow. Attempting to store a number with magnitude smaller than supported range")
	}
	return d, nil
}

func notANumber(text string) error {
	return invalid("The parameter cannot be converted to a numeric value: %s", text)
}

// String is the number without an exponent.
func (d decimal) String() string {
	sign, n := "", len(d.digits)
	if d.negative {
		sign = "-"
	}
	switch {
	case n == 0:
		return "0"
	case d.exponent <= 0:
		return sign + "0." + strings.Repeat("0", -d.exponent) + d.digits
	case d.exponent >= n:
		return sign + d.digits + strings.Repeat("0", d.exponent-n)
	}
	return sign + d.digits[:d.exponent] + "." + d.digits[d.exponent:]
}

func (d decimal) compare(other decimal) int {
	if a, b := d.sign(), other.sign(); a != b || a == 0 {
		return cmp.Compare(a, b)
	}
	// Digits of one magnitude compare as text: 0.12 < 0.123 < 0.2.
	order := cmp.Or(cmp.Compare(d.exponent, other.exponent), strings.Compare(d.digits, other.digits))
	return order * d.sign()
}

func (d decimal) sign() int {
	switch {
	case d.digits == "":
		return 0
	case d.negative:
		return -1
	}
	return 1
}

// plus is the exact sum. Its error is a refusal: it may be out of range.
func (d decimal) plus(other decimal) (decimal, error) {
	scale := min(d.exponent-len(d.digits), other.exponent-len(other.digits))
	sum := d.scaled(scale)
	sum.Add(sum, other.scaled(scale))
	return parseDecimal(sum.String() + "e" + strconv.Itoa(scale))
}

// scaled is the number in units of 10^scale, of which it is a multiple.
func (d decimal) scaled(scale int) *big.Int {
	whole, _ := new(big.Int).SetString("0"+d.digits+strings.Repeat("0", d.exponent-len(d.digits)-scale), 10)
	if d.negative {
		whole.Neg(whole)
	}
	return whole
}

// size is a byte, one for each pair of digits on either side of the point, and one
// for a minus sign. The Developer Guide ("Item sizes and formats") only says
// approximately this; the pairs are the embedded engine's.
func (d decimal) size() int {
	if d.digits == "" {
		return 1
	}
	alone := d.exponent & 1 // the first digit, where the pairs from the point leave it one
	size := 1 + (alone+len(d.digits)+1)/2
	if d.negative {
		size++
	}
	return size
}
