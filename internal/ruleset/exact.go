// SPDX-License-Identifier: EUPL-1.2

package ruleset

import (
	"math/big"
	"math/bits"

	"socialreturn/internal/money"
)

// exact is an amount in cents as a fraction, not negative, wide enough for any
// placement within the calendar: (hi·2⁶⁴ + lo) / den. The zero value is nothing.
type exact struct{ hi, lo, den uint64 }

// product is a × b / den.
//
//nolint:gosec // G115: nothing here is negative
func product(a, b, den int64) exact {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	return exact{hi: hi, lo: lo, den: uint64(den)}
}

// plus adds fractions with one denominator.
func (e exact) plus(f exact) exact {
	lo, carry := bits.Add64(e.lo, f.lo, 0)
	return exact{hi: e.hi + f.hi + carry, lo: lo, den: e.den}
}

// times multiplies by a fraction.
//
//nolint:gosec // G115: nothing here is negative
func (e exact) times(num, den int64) exact {
	hi, lo := bits.Mul64(e.lo, uint64(num))
	return exact{hi: e.hi*uint64(num) + hi, lo: lo, den: e.den * uint64(den)}
}

// cents rounds half away from zero; false where the amount exceeds money.Max.
func (e exact) cents() (money.Cents, bool) {
	if e.den == 0 {
		return 0, true
	}
	if e.hi >= e.den {
		return 0, false
	}
	quotient, remainder := bits.Div64(e.hi, e.lo, e.den)
	if remainder >= e.den-remainder {
		quotient++
	}
	return money.Cents(quotient), quotient <= uint64(money.Max) //nolint:gosec // G115: the caller asks whether it fits
}

// whole tells that rounding changes nothing.
func (e exact) whole() bool {
	return e.den == 0 || e.rat().IsInt()
}

// String is the reduced fraction of cents: "4000000/3", or "40" where whole.
func (e exact) String() string {
	if e.den == 0 {
		return "0"
	}
	return e.rat().RatString()
}

func (e exact) rat() *big.Rat {
	num := new(big.Int).SetUint64(e.hi)
	num.Lsh(num, 64).Or(num, new(big.Int).SetUint64(e.lo))
	return new(big.Rat).SetFrac(num, new(big.Int).SetUint64(e.den))
}
