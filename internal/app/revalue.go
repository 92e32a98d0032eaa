// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"maps"
	"slices"

	"socialreturn/internal/calendar"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

// revaluation values what was verified under other rules under the present
// rules of a contract. Hours, days, invoices and amounts stay as they were
// verified; only what they are worth follows the rules. So it gives the same at
// any later moment, whatever became of the placements.
type revaluation struct {
	file  File // in the codes of the rules
	rules *ruleset.RuleSet
	first map[counted]calendar.Date // counted of the decided lines
}

// counted is whose days count, and as what.
type counted struct {
	person sroi.Token
	block  string
}

// revaluing is for the decided lines of a contract.
func revaluing(file File, rules *ruleset.RuleSet, decided []sroi.DecidedLine) (revaluation, error) {
	v := revaluation{file, rules, map[counted]calendar.Date{}}
	for _, line := range decided {
		if line.Line.Placed == nil {
			continue
		}
		var in ruleset.PlacementInput
		if err := decode(line.Line.Receipt.Input, &in); err != nil {
			return v, err
		}
		v.counts(line.Line, in)
	}
	return v, nil
}

// counts takes over the first day that a line counts from: as it was handed in, or
// of its own days where other days count now, later or earlier ones.
func (v revaluation) counts(line sroi.Line, in ruleset.PlacementInput) {
	days, first := v.file.Contract.Counted(), in.FirstCounted
	if own := sroi.Within(in.Schedule, days); len(own) > 0 && (!days.Contains(first) || own[0].From.Before(first)) {
		first = own[0].From
	}
	if !days.Contains(first) {
		return
	}
	of := counted{line.Placed.Person, v.file.blockOf(line.Claim)}
	if known, ok := v.first[of]; !ok || first.Before(known) {
		v.first[of] = first
	}
}

// receipt asks again for the worth that a receipt of a line shows. It returns
// ruleset.Faults where the effort has no worth under these rules.
func (v revaluation) receipt(line sroi.Line, old ruleset.Receipt) (ruleset.Receipt, error) {
	if old.Rules == v.rules.Ref() || old.Kind == ruleset.RejectionResult {
		return old, nil
	}
	block := v.file.blockOf(line.Claim)
	switch old.Kind {
	case ruleset.PlacementEffort:
		return asked(old, func(in ruleset.PlacementInput) (ruleset.Receipt, error) {
			p, _ := v.file.placement(line.Claim.Placement.Number)
			in.Block, in.Bonuses, in.Counted = block, p.Bonuses, v.file.Contract.Counted()
			in.FirstCounted = v.first[counted{line.Placed.Person, block}]
			return v.rules.ExplainPlacement(in)
		})
	case ruleset.PurchaseEffort:
		return asked(old, func(in ruleset.PurchaseInput) (ruleset.Receipt, error) {
			in.Block = block
			if in.Register != nil && in.Register.ID != v.rules.Register {
				in.Register = nil // what the seller was stays as it was verified
			}
			return v.rules.ExplainPurchase(in)
		})
	}
	return asked(old, func(in ruleset.ActivityInput) (ruleset.Receipt, error) {
		in.Block = block
		return v.rules.ExplainActivity(in)
	})
}

func asked[T any](old ruleset.Receipt, explain func(T) (ruleset.Receipt, error)) (ruleset.Receipt, error) {
	var in T
	if err := decode(old.Input, &in); err != nil {
		return ruleset.Receipt{}, err
	}
	return explain(in)
}

// line is a line as it would stand under the present rules.
func (v revaluation) line(line sroi.Line) (sroi.Line, error) {
	receipt, err := v.receipt(line, line.Receipt)
	line.Receipt, line.Value = receipt, receipt.Result
	return line, err
}

// decision is a decision as it would stand under the present rules: at most what
// its line claims under them.
func (v revaluation) decision(line sroi.Line, decision sroi.Decision) (sroi.Decision, error) {
	claimed, err := v.line(line)
	if err != nil {
		return decision, err
	}
	if decision.Receipt, err = v.receipt(line, decision.Receipt); err != nil {
		return decision, err
	}
	decision.Value = min(decision.Receipt.Result, claimed.Value)
	return decision, nil
}

// blockOf is the code under the contract's present rules of what a line claims.
func (f File) blockOf(claim sroi.Claim) string {
	switch {
	case claim.Placement != nil:
		p, _ := f.placement(claim.Placement.Number)
		return f.Contract.BlockIn(p.Block)
	case claim.Purchase != nil:
		return f.Contract.BlockIn(claim.Purchase.Block)
	}
	return f.Contract.BlockIn(claim.Activity.Block)
}

// takenAs is the code under which the day of a block is taken: that of before a
// move, where there is one, so that a day is not taken again under its new name.
func (f File) takenAs(code string) string {
	if _, typedBefore := f.Contract.Blocks[code]; typedBefore {
		return code
	}
	for _, old := range slices.Sorted(maps.Keys(f.Contract.Blocks)) {
		if f.Contract.Blocks[old] == code {
			return old
		}
	}
	return code
}

// present is a claim in the codes of the contract's present rules.
func (f File) present(claim sroi.Claim) sroi.Claim {
	switch {
	case claim.Purchase != nil:
		purchase := *claim.Purchase
		purchase.Block = f.Contract.BlockIn(purchase.Block)
		claim.Purchase = &purchase
	case claim.Activity != nil:
		activity := *claim.Activity
		activity.Block = f.Contract.BlockIn(activity.Block)
		claim.Activity = &activity
	}
	return claim
}

// verified is what a decision adds to the balance: the value, with the ceiling
// that is on it, and the activity.
func (f File) verified(rules *ruleset.RuleSet, line sroi.Line, decision sroi.Decision) sroi.YearAmounts {
	amounts, code := sroi.YearAmounts{Year: line.Year, Verified: decision.Value}, f.blockOf(line.Claim)
	if ceiling := rules.CeilingOf(code); ceiling != nil && decision.Value != 0 {
		amounts.Capped = []sroi.Capped{{Ceiling: ceiling.Code, Verified: decision.Value}}
	}
	if block, ok := rules.Block(code); ok && block.Category == ruleset.CategoryActivity && decision.Verdict != sroi.Rejected {
		amounts.Done = 1
	}
	return amounts
}
