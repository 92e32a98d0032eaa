// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"fmt"
	"net/http"

	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

type rulesMoveRequest struct {
	RuleSet  string                     `json:"rekenregel,omitempty" validate:"omitempty,code"`
	Version  calendar.Date              `json:"versie"`
	Blocks   map[string]string          `json:"bouwblokken,omitempty" validate:"max=200,dive,keys,code,endkeys,code"`
	Reason   word[sroi.AmendmentReason] `json:"reden"`
	Text     string                     `json:"toelichting" validate:"visible,max=2000"`
	NoBSN    bool                       `json:"geenBsn,omitempty"`
	Deviates bool                       `json:"afwijkendVanAnker,omitempty"`
}

func (m rulesMoveRequest) input() app.RulesInput {
	return app.RulesInput{
		RuleSet: m.RuleSet, Version: m.Version, Blocks: m.Blocks, Reason: sroi.AmendmentReason(m.Reason), Text: m.Text, NoBSN: m.NoBSN, Deviates: m.Deviates,
	}
}

// rulesMoveAnswer is a move to other rules, tried or carried out.
type rulesMoveAnswer struct {
	Number   int              `json:"wijziging,omitempty"` // none of a trial
	Before   termsAnswer      `json:"voor"`
	After    termsAnswer      `json:"na"`
	Lines    []revaluedAnswer `json:"regels"`
	Changed  int              `json:"gewijzigdeRegels"`
	Verified changeAnswer     `json:"goedgekeurd"`
	Balance  balanceAnswer    `json:"stand"`
	Expected balanceAnswer    `json:"standErna"`
	InWords  string           `json:"inWoorden"`
}

type changeAnswer struct {
	Before     money.Cents `json:"voor"`
	After      money.Cents `json:"na"`
	Difference money.Cents `json:"verschil"`
	InWords    string      `json:"inWoorden"`
}

func changeOf(before, after money.Cents) changeAnswer {
	return changeAnswer{Before: before, After: after, Difference: after - before, InWords: changedInWords(before, after)}
}

// revaluedAnswer is a decided line before and after a move.
type revaluedAnswer struct {
	Period  calendar.Period        `json:"periode"`
	Line    int                    `json:"regel"`
	Verdict word[sroi.LineVerdict] `json:"oordeel"`
	changeAnswer
	ReceiptBefore *receiptAnswer `json:"berekeningVoor"`
	ReceiptAfter  *receiptAnswer `json:"berekeningNa"`
}

func revaluedOf(l app.RevaluedLine) (revaluedAnswer, error) {
	before, err := receiptOf(l.Decision.Receipt)
	if err != nil {
		return revaluedAnswer{}, err
	}
	after, err := receiptOf(l.Receipt)
	return revaluedAnswer{
		Period: l.Period, Line: l.Line.Number, Verdict: word[sroi.LineVerdict](l.Decision.Verdict),
		changeAnswer: changeOf(l.Decision.Value, l.Value), ReceiptBefore: before, ReceiptAfter: after,
	}, err
}

func rulesMoveOf(m app.RulesMove) (rulesMoveAnswer, error) {
	answer := rulesMoveAnswer{
		Number: m.Amendment.Number, Lines: []revaluedAnswer{}, Balance: balanceOf(m.Balance), Expected: balanceOf(m.Expected),
		InWords: movedInWords(m.Amendment),
	}
	var err error
	if answer.Before, err = termsOf(m.Amendment.Was.Obligation); err != nil {
		return answer, err
	}
	if answer.After, err = termsOf(m.Amendment.Obligations[0]); err != nil {
		return answer, err
	}
	var before, after money.Cents
	for _, line := range m.Lines {
		revalued, err := revaluedOf(line)
		if err != nil {
			return answer, err
		}
		if answer.Lines = append(answer.Lines, revalued); revalued.Difference != 0 {
			answer.Changed++
		}
		before, after = before+revalued.Before, after+revalued.After
	}
	answer.Verified = changeOf(before, after)
	return answer, nil
}

func movedInWords(a sroi.Amendment) string {
	name := func(ref ruleset.Ref) string { return ref.ID + " van " + ref.Version.Dutch() }
	return fmt.Sprintf("Van rekenregel %s naar %s. %s", name(a.Was.Rules), name(a.Obligations[0].Receipt.Rules), amendedInWords(a))
}

// tryRules answers with the ETag of the contract that it saw: with it the move
// can be carried out as it was shown.
func tryRules(r *request) (*response, error) {
	at, in := path[contractPath](r), body[rulesMoveRequest](r)
	if err := r.refused(); err != nil {
		return nil, err
	}
	move, err := r.Service.TryRules(r.ctx, r.call, at.contract(), in.input())
	if err != nil {
		return nil, err
	}
	move.Amendment.Number = 0
	answer, err := rulesMoveOf(move)
	if err != nil {
		return nil, err
	}
	return r.versioned(http.StatusOK, move.Balance.Seq, answer)
}

func moveRules(r *request) (*response, error) {
	at, in := path[contractPath](r), body[rulesMoveRequest](r)
	if err := r.refused(); err != nil {
		return nil, err
	}
	move, err := r.Service.MoveRules(r.ctx, r.call, at.contract(), in.input())
	if err != nil {
		return nil, err
	}
	answer, err := rulesMoveOf(move)
	if err != nil {
		return nil, err
	}
	return r.created(fmt.Sprintf("/v1/contracten/%s/wijzigingen", at.ID), move.Balance.Seq, answer)
}
