// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"fmt"
	"io"
	"net/http"

	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/present"
	"socialreturn/internal/sroi"
)

type decideRequest struct {
	Lines    []lineDecision `json:"regels,omitempty" validate:"max=1000,dive"`
	SendBack string         `json:"terugsturen,omitempty" validate:"max=2000"`
	NoBSN    bool           `json:"geenBsn,omitempty"`
}

type lineDecision struct {
	Line    int                       `json:"regel" validate:"min=1,max=1000"`
	Verdict word[sroi.LineVerdict]    `json:"oordeel"`
	Reason  word[sroi.DecisionReason] `json:"reden,omitempty"`
	Text    string                    `json:"toelichting,omitempty" validate:"max=2000"`
	Hours   []hours                   `json:"urenschema,omitempty" validate:"max=500"`
	Amount  *money.Cents              `json:"bedrag,omitempty" validate:"omitempty,min=0"`
	Spent   *calendar.Minutes         `json:"bestedeUren,omitempty"`
	// ApprovedBy is a function, never a person's name.
	ApprovedBy string `json:"goedgekeurdDoor,omitempty" validate:"omitempty,visible,max=100"`
	NoBSN      bool   `json:"geenBsn,omitempty"`
}

func (d lineDecision) input() app.LineDecision {
	return app.LineDecision{
		Line: d.Line, Verdict: sroi.LineVerdict(d.Verdict), Reason: sroi.DecisionReason(d.Reason), Text: d.Text,
		Hours: schedule(d.Hours), Amount: d.Amount, Spent: d.Spent, ApprovedBy: d.ApprovedBy, NoBSN: d.NoBSN,
	}
}

func decide(r *request) (*response, error) {
	at, in := path[statementPath](r), body[decideRequest](r)
	if err := r.refused(); err != nil {
		return nil, err
	}
	file, err := r.Service.Decide(r.ctx, r.call, at.contract(), at.Period, app.DecideInput{
		Lines: each(in.Lines, lineDecision.input), SendBack: in.SendBack, NoBSN: in.NoBSN,
	})
	if err != nil {
		return nil, err
	}
	answer, err := fileOf(file)
	if err != nil {
		return nil, err
	}
	return r.created(at.location(), file.Statement.Version, answer)
}

type sightingRequest struct {
	Evidence []string `json:"bewijsstukken" validate:"min=1,max=100,dive,sha256"`
}

type sightingAnswer struct {
	SHA256 string          `json:"sha256"`
	Seen   calendar.Date   `json:"datum"`
	Role   word[sroi.Role] `json:"rol"`
}

func sightingOf(s sroi.Sighting) sightingAnswer {
	return sightingAnswer{SHA256: s.SHA256, Seen: s.Seen, Role: word[sroi.Role](s.Actor.Role)}
}

// seeEvidence needs no idempotency key: to have seen a paper twice changes nothing.
func seeEvidence(r *request) (*response, error) {
	at, in := path[statementPath](r), body[sightingRequest](r)
	if err := r.refused(); err != nil {
		return nil, err
	}
	sightings, err := r.Service.SeeEvidence(r.ctx, r.call, at.contract(), in.Evidence)
	if err != nil {
		return nil, err
	}
	return whole(r, "inzagen", sightings, sightingOf)
}

type queueQuery struct {
	paging
	State word[sroi.StatementState] `json:"status"`
}

func listQueue(r *request) (*response, error) {
	asked := query[queueQuery](r)
	if err := r.refused(); err != nil {
		return nil, err
	}
	statements, next, err := r.Service.Queue(r.ctx, r.call, sroi.StatementState(asked.State), asked.page())
	if err != nil {
		return nil, err
	}
	return listed(r, "verantwoordingen", statements, next, statementOf)
}

type correctionRequest struct {
	Corrects int                       `json:"corrigeert" validate:"min=1"`
	Period   calendar.Period           `json:"periode,omitzero"`
	Decision *lineDecision             `json:"beoordeling,omitempty"`
	Year     int                       `json:"jaar,omitempty" validate:"omitempty,min=1900,max=2199"`
	Delta    money.Cents               `json:"verschil,omitzero"`
	Reason   word[sroi.DecisionReason] `json:"reden"`
	Text     string                    `json:"toelichting" validate:"visible,max=2000"`
	NoBSN    bool                      `json:"geenBsn,omitempty"`
}

func (c correctionRequest) input() app.CorrectionInput {
	in := app.CorrectionInput{
		Corrects: c.Corrects, Period: c.Period, Year: c.Year, Delta: c.Delta, Reason: sroi.DecisionReason(c.Reason), Text: c.Text, NoBSN: c.NoBSN,
	}
	if c.Decision != nil {
		decision := c.Decision.input()
		in.Decision = &decision
	}
	return in
}

type correctionAnswer struct {
	ID       string          `json:"id"`
	Contract string          `json:"contract"`
	Corrects int             `json:"corrigeert"`
	Period   calendar.Period `json:"periode,omitzero"`
	Revision int             `json:"revisie,omitempty"`
	Line     int             `json:"regel,omitempty"`
	Decision *decisionAnswer `json:"beoordeling,omitempty"`
	Year     int             `json:"jaar"`
	Delta    money.Cents     `json:"verschil"`
	Reason   string          `json:"reden"`
	Text     string          `json:"toelichting"`
	Receipt  *receiptAnswer  `json:"berekening"`
	Booked   calendar.Date   `json:"boekDatum"`
	Balance  balanceAnswer   `json:"stand"`
}

func correctionOf(c sroi.Correction, b sroi.Balance) (correctionAnswer, error) {
	receipt, err := receiptOf(c.Receipt)
	answer := correctionAnswer{
		ID: c.ID, Contract: c.Contract, Corrects: c.Corrects, Period: c.Period, Revision: c.Revision, Line: c.Line,
		Year: c.Year, Delta: c.Delta, Reason: reasonOf(c.Reason), Text: c.Text, Receipt: receipt, Booked: c.Booked, Balance: balanceOf(b),
	}
	if c.Decision == nil || err != nil {
		return answer, err
	}
	answer.Decision, err = decisionOf(*c.Decision)
	return answer, err
}

func correct(r *request) (*response, error) {
	at, in := path[contractPath](r), body[correctionRequest](r)
	if in.Decision != nil && in.Period.IsZero() && !r.found.covers("/periode") {
		r.found.add(inBody, "/periode", "verplicht", "Noem de periode van de verantwoording waarvan een regel wordt gecorrigeerd.")
	}
	if err := r.refused(); err != nil {
		return nil, err
	}
	correction, balance, err := r.Service.Correct(r.ctx, r.call, at.contract(), in.input())
	if err != nil {
		return nil, err
	}
	answer, err := correctionOf(correction, balance)
	if err != nil {
		return nil, err
	}
	return r.created(fmt.Sprintf("/v1/contracten/%s/correcties/%s", at.ID, correction.ID), balance.Seq, answer)
}

type correctionPath struct {
	contractPath
	Correction objectID `json:"correctie"`
}

// readCorrection gives a correction with the contract's balance as it is now.
func readCorrection(r *request) (*response, error) {
	at := path[correctionPath](r)
	if err := r.refused(); err != nil {
		return nil, err
	}
	correction, account, err := r.Service.Correction(r.ctx, r.call, at.contract(), string(at.Correction))
	if err != nil {
		return nil, err
	}
	if r.offer == mediaHTML {
		return r.page(func(w io.Writer) error { return present.CorrectionHTML(w, account.Contract, correction) })
	}
	answer, err := correctionOf(correction, account.Balance)
	if err != nil {
		return nil, err
	}
	return r.answer(http.StatusOK, answer)
}
