// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"errors"
	"math/big"

	"socialreturn/internal/money"
	"socialreturn/internal/sroi"
)

var errWord = errors.New("edge: not one of the words")

// decimal is a number on the wire as people write it in its unit: persons,
// full-time years, percents, euros. It has at most four decimals and is exact.
type decimal struct{ text string }

var decimalForm = formOf(`^-?(0|[1-9][0-9]{0,13})(\.[0-9]{1,4})?$`)

// MarshalText gives the wire form.
func (d decimal) MarshalText() ([]byte, error) { return []byte(d.text), nil }

// UnmarshalText reads the wire form.
func (d *decimal) UnmarshalText(text []byte) error {
	if !decimalForm.MatchString(string(text)) {
		return money.ErrSyntax
	}
	d.text = string(text)
	return nil
}

// perUnit is how many of what the trade counts make one of what people write:
// shares of one per percent, cents per euro.
func perUnit(unit sroi.Unit) *big.Rat {
	switch unit {
	case sroi.UnitPercent:
		return big.NewRat(1, 100)
	case sroi.UnitEuro:
		return big.NewRat(100, 1)
	}
	return big.NewRat(1, 1)
}

// in is the number as the trade counts its unit.
func (d decimal) in(unit sroi.Unit) money.Fraction {
	value, ok := new(big.Rat).SetString(d.text)
	if !ok {
		return money.Fraction{Num: 0, Den: 1}
	}
	value.Mul(value, perUnit(unit))
	return money.Fraction{Num: value.Num().Int64(), Den: value.Denom().Int64()}
}

// decimalOf writes a number in its unit, rounded to four decimals, half away
// from zero.
func decimalOf(f money.Fraction, unit sroi.Unit) decimal {
	if f.Den == 0 {
		return decimal{"0"}
	}
	value := new(big.Rat).Quo(big.NewRat(f.Num, f.Den), perUnit(unit))
	text := value.FloatString(4)
	for text[len(text)-1] == '0' {
		text = text[:len(text)-1]
	}
	if text[len(text)-1] == '.' {
		text = text[:len(text)-1]
	}
	if text == "-0" {
		text = "0"
	}
	return decimal{text}
}
