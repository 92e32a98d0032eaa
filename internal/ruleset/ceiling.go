// SPDX-License-Identifier: EUPL-1.2

package ruleset

import "socialreturn/internal/money"

// Room is how much of an obligation the blocks under the ceiling can meet
// together: its percentage, rounded half away from zero to the cent.
func (c *Ceiling) Room(obligation money.Cents) money.Cents {
	return obligation.Times(c.Percent.Fraction())
}

// Counts is how much of worths by block counts towards an obligation: what lies
// under a ceiling up to its room, and all the rest.
func (rs *RuleSet) Counts(obligation money.Cents, worths map[string]money.Cents) money.Cents {
	var sum money.Cents
	under := make([]money.Cents, len(rs.Ceilings))
	for block, worth := range worths {
		if i := rs.ceilingOf(block); i >= 0 {
			under[i] += worth
		} else {
			sum += worth
		}
	}
	for i := range rs.Ceilings {
		sum += min(under[i], rs.Ceilings[i].Room(obligation))
	}
	return sum
}
