// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"encoding/json"
	"fmt"
	"time"

	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

type amendmentRequest struct {
	Kind         word[sroi.AmendmentKind]   `json:"soort"`
	Reason       word[sroi.AmendmentReason] `json:"reden"`
	Text         string                     `json:"toelichting" validate:"visible,max=2000"`
	NoBSN        bool                       `json:"geenBsn,omitempty"`
	Effective    calendar.Date              `json:"ingangsDatum"`
	Value        *money.Cents               `json:"waarde,omitempty" validate:"omitempty,min=0"`
	EndsOn       calendar.Date              `json:"totEnMet,omitzero"`
	Certificates []certificate              `json:"certificaten,omitempty" validate:"max=100,dive"`
	TenderDate   calendar.Date              `json:"inschrijfDatum,omitzero"`
}

func (a amendmentRequest) input() app.AmendmentInput {
	in := app.AmendmentInput{
		Kind: sroi.AmendmentKind(a.Kind), Reason: sroi.AmendmentReason(a.Reason), Text: a.Text, NoBSN: a.NoBSN,
		Effective: a.Effective, Value: a.Value, EndsOn: a.EndsOn, TenderDate: a.TenderDate,
	}
	if a.Certificates != nil { // an empty list says that there are none any more
		in.Certificates = each(a.Certificates, certificate.certificate)
	}
	return in
}

type turnoverRequest struct {
	From   calendar.Date `json:"van"`
	To     calendar.Date `json:"totEnMet"`
	Amount money.Cents   `json:"bedrag"`
	Final  bool          `json:"definitief,omitempty"`
	Text   string        `json:"toelichting,omitempty" validate:"max=2000"`
	NoBSN  bool          `json:"geenBsn,omitempty"`
}

func (t turnoverRequest) input() app.TurnoverInput {
	return app.TurnoverInput{From: t.From, To: t.To, Amount: t.Amount, Final: t.Final, Text: t.Text, NoBSN: t.NoBSN}
}

// amendmentAnswer is one change of a contract: before, after and the difference.
type amendmentAnswer struct {
	Contract   string                      `json:"contract"`
	Number     int                         `json:"nummer"`
	Kind       word[sroi.AmendmentKind]    `json:"soort"`
	Reason     *word[sroi.AmendmentReason] `json:"reden,omitempty"`
	Text       string                      `json:"toelichting,omitempty"`
	Effective  calendar.Date               `json:"ingangsDatum"`
	Turnover   *turnoverAnswer             `json:"opgave,omitempty"`
	Before     termsAnswer                 `json:"voor"`
	After      termsAnswer                 `json:"na"`
	Difference money.Cents                 `json:"verschil"`
	InWords    string                      `json:"inWoorden"`
	Entry      int                         `json:"mutatie"`
	Booked     calendar.Date               `json:"boekDatum"`
	At         time.Time                   `json:"vastgelegdOp"`
	Actor      actorAnswer                 `json:"actor"`
}

type turnoverAnswer struct {
	From   calendar.Date `json:"van"`
	To     calendar.Date `json:"totEnMet"`
	Amount money.Cents   `json:"bedrag"`
	Final  bool          `json:"definitief"`
}

// termsAnswer is what of a contract an amendment may change.
type termsAnswer struct {
	Value      money.Cents      `json:"waarde"`
	To         calendar.Date    `json:"totEnMet"`
	Obligation obligationAnswer `json:"srVerplichting"`
}

// termsOf reads the contract's terms from the receipt of its obligation, which
// keeps all that the obligation depends on.
func termsOf(o ruleset.Obligation) (termsAnswer, error) {
	var in ruleset.ObligationInput
	if len(o.Receipt.Input) > 0 {
		if err := json.Unmarshal(o.Receipt.Input, &in); err != nil {
			return termsAnswer{}, fmt.Errorf("edge: the input of a receipt: %w", err)
		}
	}
	obligation, err := obligationOf(o)
	return termsAnswer{Value: in.Value, To: in.Term.To, Obligation: obligation}, err
}

func amendmentOf(a sroi.Amendment) (amendmentAnswer, error) {
	before, err := termsOf(a.Was.Obligation)
	if err != nil {
		return amendmentAnswer{}, err
	}
	after, err := termsOf(a.Obligations[0])
	answer := amendmentAnswer{
		Contract: a.Contract, Number: a.Number, Kind: word[sroi.AmendmentKind](a.Kind), Text: a.Text, Effective: a.Effective,
		Before: before, After: after, Difference: after.Obligation.Amount - before.Obligation.Amount,
		InWords: amendedInWords(a), Entry: a.Entry, Booked: a.Booked, At: a.At.UTC(), Actor: actorOf(a.Actor),
	}
	if a.Reason != "" {
		reason := word[sroi.AmendmentReason](a.Reason)
		answer.Reason = &reason
	}
	if t := a.Turnover; t != nil {
		answer.Turnover = &turnoverAnswer{From: t.Span.From, To: t.Span.To, Amount: t.Amount, Final: t.Final}
	}
	return answer, err
}

// amendedInWords says what an amendment did to the obligation in force.
func amendedInWords(a sroi.Amendment) string {
	before, after := a.Was.Obligation, a.Obligations[0]
	how := "De SR-verplichting is herrekend alsof het contract altijd zo was geweest: "
	if a.Turnover != nil {
		how = "Voor de definitieve opgave geldt het hoogste van raming en opgave: "
		if after.Stage == ruleset.Final {
			how = "De SR-verplichting is definitief: "
		}
	}
	if a.Kind == sroi.AmendRules {
		how = "De SR-verplichting is herrekend met de nieuwe rekenregel: "
	}
	return how + changedInWords(before.Amount, after.Amount)
}

// changedInWords says how an amount changed.
func changedInWords(before, after money.Cents) string {
	switch {
	case after > before:
		return fmt.Sprintf("%s wordt %s, %s meer.", before.Euro(), after.Euro(), (after - before).Euro())
	case after < before:
		return fmt.Sprintf("%s wordt %s, %s minder.", before.Euro(), after.Euro(), (before - after).Euro())
	}
	return fmt.Sprintf("%s blijft %s.", before.Euro(), after.Euro())
}

func amendContract(r *request) (*response, error) {
	at, in := path[contractPath](r), body[amendmentRequest](r)
	if err := r.refused(); err != nil {
		return nil, err
	}
	amendment, account, err := r.Service.AmendContract(r.ctx, r.call, at.contract(), in.input())
	return amendedAnswer(r, "wijzigingen", amendment, account, err)
}

func reportTurnover(r *request) (*response, error) {
	at, in := path[contractPath](r), body[turnoverRequest](r)
	if err := r.refused(); err != nil {
		return nil, err
	}
	amendment, account, err := r.Service.ReportTurnover(r.ctx, r.call, at.contract(), in.input())
	return amendedAnswer(r, "omzetopgaven", amendment, account, err)
}

func amendedAnswer(r *request, list string, amendment sroi.Amendment, account app.Account, err error) (*response, error) {
	if err != nil {
		return nil, err
	}
	answer, err := amendmentOf(amendment)
	if err != nil {
		return nil, err
	}
	return r.created(fmt.Sprintf("/v1/contracten/%s/%s", amendment.Contract, list), account.Balance.Seq, answer)
}

func listAmendments(r *request) (*response, error) {
	return amendmentsWhere(r, "wijzigingen", func(sroi.Amendment) bool { return true })
}

func listTurnover(r *request) (*response, error) {
	return amendmentsWhere(r, "omzetopgaven", func(a sroi.Amendment) bool { return a.Turnover != nil })
}

// amendmentsWhere lists amendments, with the ETag of the contract.
func amendmentsWhere(r *request, name string, listed func(sroi.Amendment) bool) (*response, error) {
	at := path[contractPath](r)
	if err := r.refused(); err != nil {
		return nil, err
	}
	amendments, account, err := r.Service.Amendments(r.ctx, r.call, at.contract())
	if err != nil {
		return nil, err
	}
	answers := []amendmentAnswer{}
	for _, a := range amendments {
		if !listed(a) {
			continue
		}
		answer, err := amendmentOf(a)
		if err != nil {
			return nil, err
		}
		answers = append(answers, answer)
	}
	answer, err := whole(r, name, answers, same[amendmentAnswer])
	if err != nil {
		return nil, err
	}
	return answer.versioned(account.Balance.Seq), nil
}
