// SPDX-License-Identifier: EUPL-1.2

package ruleset

import (
	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
)

// Dates are the dates of a contract, one of which selects the version of a
// rule set.
type Dates struct {
	Publication calendar.Date // of the tender
	Contract    calendar.Date // its signing
	Award       calendar.Date // the final one
}

func (d Dates) of(anchor Anchor) calendar.Date {
	switch anchor {
	case TenderPublication:
		return d.Publication
	case AwardDate:
		return d.Award
	}
	return d.Contract
}

// Anchored is the version that a contract's dates select: the newest one that
// holds on the very date that it names as its anchor. It returns ErrUnknown,
// ErrNotYetInForce or ErrEnded.
func (l *Library) Anchored(id string, dates Dates) (*RuleSet, error) {
	versions := l.versions(id)
	for i := len(versions) - 1; i >= 0; i-- {
		if l.Selects(versions[i], dates) {
			return versions[i], nil
		}
	}
	if len(versions) == 0 {
		return nil, l.unknown(id)
	}
	return l.At(id, dates.of(versions[len(versions)-1].Anchor))
}

// Selects tells whether a contract's dates select a version: whether it holds on
// the very date that it names as its anchor.
func (l *Library) Selects(rs *RuleSet, dates Dates) bool {
	at, err := l.At(rs.ID, dates.of(rs.Anchor))
	return err == nil && at == rs
}

// AboveThreshold tells whether a contract of this nature and value, excl. VAT,
// lies at or above the threshold, so that going without Social Return asks for
// an exemption. The date of publication selects the European threshold.
func (rs *RuleSet) AboveThreshold(nature Nature, value money.Cents, published calendar.Date) bool {
	rule, known := rs.ObligationRule(nature)
	if !known || rule.Kind == NoObligation {
		return false
	}
	if rule.Threshold == nil {
		return true
	}
	limit, _, known := rule.Threshold.on(published)
	return known && rule.Threshold.reached(value, limit)
}
