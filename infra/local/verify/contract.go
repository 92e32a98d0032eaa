// SPDX-License-Identifier: EUPL-1.2

package verify

import (
	"errors"
	"fmt"
	"slices"

	"socialreturn/internal/money"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

// maxLines bounds the lines of a statement: their numbers have five digits.
const maxLines = 99_999

// claimed is a revision of a statement as it was submitted.
type claimed struct {
	entry    sroi.Entry // that submitted it first
	revision int        // its place in the file's revisions; -1 where lines are hidden
}

var tenderKinds = []sroi.EntryKind{sroi.TenderRegistered, sroi.TenderChanged, sroi.TenderAwarded, sroi.YearClosed}

// fits holds an entry to its ledger: its kind, and what entries of it have.
func (l *ledger) fits(e sroi.Entry) string {
	first := e.Kind == sroi.TenderRegistered || e.Kind == sroi.ContractRegistered
	switch {
	case first != (e.Seq == 1):
		return "alleen de eerste mutatie registreert"
	case slices.Contains(tenderKinds, e.Kind) != l.isTender() && e.Kind != sroi.YearClosed:
		return fmt.Sprintf("een mutatie van de soort %q hoort niet in dit grootboek", e.Kind)
	case l.isTender() != (e.Tender != nil):
		return "de feiten van de aanbesteding horen in elke mutatie daarvan, en in geen andere"
	case l.isTender() && (e.Amounts != nil || e.Tender.Authority.ID != l.owner()):
		return "een aanbesteding boekt geen bedragen, en blijft van één opdrachtgever"
	case e.Kind == sroi.YearClosed && e.Closes <= l.closed || e.Kind != sroi.YearClosed && e.Closes != 0 && !first:
		return "alleen een afsluiting sluit een jaar af, en elk jaar wordt één keer afgesloten"
	case e.Lines < 0 || e.Lines > maxLines:
		return "zo veel regels heeft geen verantwoording"
	}
	l.closed = max(l.closed, e.Closes)
	return ""
}

// follows are the items that an entry of a contract commits to, in order.
func (l *ledger) follows(e sroi.Entry) []due {
	switch {
	case e.Kind == sroi.ContractRegistered:
		return []due{{contractKind, 1}}
	case e.Amendment > 0:
		return []due{{amendmentKind, 1}, {contractKind, 1}}
	case e.Correction != "":
		return []due{{correctionKind, 1}}
	case e.Kind == sroi.StatementDecided:
		return numbered(decisionKind, e.Lines)
	case e.Kind == sroi.StatementSubmitted && l.claim(e) == nil:
		return numbered(lineKind, e.Lines)
	}
	return nil
}

func numbered(kind string, n int) []due {
	items := make([]due, n)
	for i := range items {
		items[i] = due{kind, i + 1}
	}
	return items
}

// claim is what an entry submits or decides, where that was submitted before.
func (l *ledger) claim(e sroi.Entry) *claimed {
	for i := range l.claimed {
		if l.claimed[i].entry.SameLines(e) {
			return &l.claimed[i]
		}
	}
	return nil
}

// contract holds an entry of a contract to the items that it commits to.
func (c *checker) contract(l *ledger, e sroi.Entry, items []line) string {
	switch e.Kind {
	case sroi.ContractRegistered:
		return c.registered(l, e, items[0])
	case sroi.OpeningBooked:
		return l.opening(e)
	case sroi.StatementSubmitted:
		return c.submitted(l, e, items)
	case sroi.StatementWithdrawn, sroi.StatementSentBack:
		return l.reopened(e)
	case sroi.StatementDecided:
		return c.decided(l, e, items)
	case sroi.Corrected:
		if len(items) != 1 {
			return "de mutatie noemt geen correctie"
		}
		return c.corrected(l, e, items[0])
	case sroi.ContractAmended, sroi.TurnoverReported, sroi.RulesMoved:
		if len(items) != 2 {
			return "de mutatie noemt geen wijziging"
		}
		return c.amended(l, e, items[0], items[1])
	case sroi.YearClosed:
		return books(e, nil)
	}
	return fmt.Sprintf("de soort %q is onbekend", e.Kind)
}

// books holds what an entry adds to what follows from its items. What of it is
// under a ceiling, and activities done, follow from the rule set and are left
// to the hash.
func books(e sroi.Entry, want []sroi.YearAmounts) string {
	booked := slices.Clone(e.Amounts)
	for i := range booked {
		booked[i].Done, booked[i].Capped = 0, nil
	}
	if len(booked) == 0 && len(want) == 0 || sroi.Digest(booked) == sroi.Digest(want) {
		return ""
	}
	return "de bedragen van de mutatie volgen niet uit wat zij vastlegt"
}

func (c *checker) registered(l *ledger, e sroi.Entry, item line) string {
	if item.Hash != e.Subject {
		return "de mutatie legt een ander contract vast dan hier staat"
	}
	l.contract = item.Hash
	if item.Content == nil {
		return ""
	}
	contract, wrong := content[sroi.Contract](item)
	if wrong != "" {
		return wrong
	}
	l.file.Contract = contract
	if contract.ID != e.Owner || contract.Version != 1 || sroi.Digest(contract.Ceilings) != sroi.Digest(e.Ceilings) {
		return "het contract past niet bij de mutatie die het registreert"
	}
	obliged := contract.Obligation
	if wrong := books(e, []sroi.YearAmounts{{Year: contract.Term.From.Year(), Obliged: obliged.Amount, Asked: obliged.Activities}}); wrong != "" {
		return wrong
	}
	return c.obligations(append([]ruleset.Obligation{obliged}, contract.Others...))
}

func (c *checker) obligations(all []ruleset.Obligation) string {
	for _, o := range all {
		if wrong := c.receipt(o.Receipt, o.Amount, "de SR-verplichting"); wrong != "" {
			return wrong
		}
	}
	return ""
}

// receipt replays a receipt, and holds its outcome to the amount that it explains.
func (c *checker) receipt(stored ruleset.Receipt, amount money.Cents, of string) string {
	if stored.Result != amount {
		return fmt.Sprintf("het rekenbewijs van %s komt op %s, het bedrag is %s", of, stored.Result.Euro(), amount.Euro())
	}
	return c.replay(stored, of)
}

func (c *checker) replay(stored ruleset.Receipt, of string) string {
	again, err := c.rules.Replay(stored)
	switch {
	case errors.Is(err, ruleset.ErrUnknown), errors.Is(err, ruleset.ErrChanged):
		c.unknown[stored.Rules]++
		return ""
	case err != nil:
		return fmt.Sprintf("het rekenbewijs van %s is niet na te rekenen", of)
	case sroi.Digest(again) != sroi.Digest(stored):
		return fmt.Sprintf("het rekenbewijs van %s komt bij narekenen anders uit: %s", of, again.Result.Euro())
	}
	c.counts.Receipts++
	return ""
}

func (l *ledger) opening(e sroi.Entry) string {
	opening := l.file.Contract.Opening
	switch {
	case e.Seq != 2:
		return "een beginstand hoort direct na de registratie"
	case l.hidden > 0:
		return ""
	case opening == nil:
		return "het contract heeft geen beginstand"
	}
	return books(e, []sroi.YearAmounts{{Year: opening.AsOf.Year(), Verified: opening.Verified}})
}

func (c *checker) amended(l *ledger, e sroi.Entry, change, made line) string {
	was := l.contract
	l.contract = made.Hash
	if change.Hash != e.Subject {
		return "de mutatie legt een andere wijziging vast dan hier staat"
	}
	c.counts.Amendments++
	if change.Content == nil || made.Content == nil {
		return ""
	}
	amendment, wrong := content[sroi.Amendment](change)
	if wrong != "" {
		return wrong
	}
	contract, wrong := content[sroi.Contract](made)
	if wrong != "" {
		return wrong
	}
	switch {
	case amendment.Contract != e.Owner || amendment.Number != e.Amendment || amendment.Entry != e.Seq || amendment.Number != len(l.file.Amendments)+1:
		return "de wijziging past niet bij de mutatie die haar boekt"
	case l.file.Contract.ID != "" && sroi.Digest(amendment.Was) != was:
		return "de wijziging gaat uit van een ander contract dan het was"
	case made.Hash != amendment.Becomes || contract.Version != amendment.Was.Version+1 || contract.ID != e.Owner:
		return "het contract is niet wat de wijziging ervan maakte"
	case e.Kind == sroi.RulesMoved && sroi.Digest(contract.Ceilings) != sroi.Digest(e.Ceilings):
		return "de maxima zijn niet die van het contract"
	}
	l.file.Amendments, l.file.Contract = append(l.file.Amendments, amendment), contract
	before, after := amendment.Was.Obligation, contract.Obligation
	booked := sroi.YearAmounts{}
	for _, a := range e.Amounts {
		booked = booked.Plus(a)
	}
	if booked.Obliged != after.Amount-before.Amount || booked.Asked != after.Activities-before.Activities ||
		booked.Pending != 0 || booked.Verified != 0 || booked.Rejected != 0 || booked.Lines != 0 {
		return "de bedragen van de mutatie volgen niet uit de wijziging"
	}
	return c.obligations(amendment.Obligations)
}
