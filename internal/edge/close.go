// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"net/http"
	"time"

	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/sroi"
)

type closePath struct {
	ID string `json:"id"`
}

type closeRequest struct {
	Authority sroi.AuthorityID `json:"opdrachtgever" validate:"authority"`
	Year      int              `json:"jaar" validate:"min=1900,max=2199"`
	Open      []knownOpen      `json:"bekendOpenstaand,omitempty" validate:"max=400,dive"`
	NoBSN     bool             `json:"geenBsn,omitempty"`
}

type knownOpen struct {
	Contract string          `json:"contract" validate:"id"`
	Period   calendar.Period `json:"periode"`
	Reason   string          `json:"reden" validate:"visible,max=200"`
}

func (c closeRequest) input() app.CloseInput {
	in := app.CloseInput{Authority: c.Authority, Year: c.Year, NoBSN: c.NoBSN}
	for _, known := range c.Open {
		in.Open = append(in.Open, app.KnownOpen{Contract: known.Contract, Period: known.Period, Reason: known.Reason})
	}
	return in
}

type closeAnswer struct {
	ID        string                `json:"id"`
	Authority sroi.AuthorityID      `json:"opdrachtgever"`
	Area      string                `json:"gebied"`
	Year      int                   `json:"jaar"`
	State     word[sroi.CloseState] `json:"stand"`
	Open      []openAnswer          `json:"bekendOpenstaand"`
	Prepared  signatureAnswer       `json:"opdracht"`
	Confirmed *signatureAnswer      `json:"bekrachtiging,omitempty"`
	Progress  progressAnswer        `json:"voortgang"`
	Rules     []rulesAnswer         `json:"rekenregels"`
	// Figures stand as they are stored, for the digest is over that.
	Figures any    `json:"cijfers,omitempty"`
	Heads   int    `json:"aantalHoofden,omitempty"`
	Digest  string `json:"digest,omitempty"`
	Version int    `json:"versie"`
}

type openAnswer struct {
	Contract string                    `json:"contract"`
	Period   calendar.Period           `json:"periode"`
	State    word[sroi.StatementState] `json:"status,omitempty"`
	Reason   string                    `json:"reden,omitempty"`
}

type signatureAnswer struct {
	Actor actorAnswer   `json:"actor"`
	On    calendar.Date `json:"datum"`
	At    time.Time     `json:"vastgelegdOp"`
}

// progressAnswer is how many ledgers are closed and recomputed.
type progressAnswer struct {
	Ledgers int `json:"grootboeken"`
	Done    int `json:"gereed"`
}

func signatureOf(s sroi.Signature) signatureAnswer {
	return signatureAnswer{Actor: actorOf(s.Actor), On: s.On, At: s.At.UTC()}
}

func openOf(o sroi.OpenPeriod) openAnswer {
	return openAnswer{Contract: o.Contract, Period: o.Period, State: word[sroi.StatementState](o.State), Reason: o.Reason}
}

func closeOf(c sroi.YearClose) closeAnswer {
	answer := closeAnswer{
		ID: app.CloseID(c.Authority, c.Year), Authority: c.Authority, Area: c.Area, Year: c.Year, State: word[sroi.CloseState](c.State),
		Open: each(c.Open, openOf), Prepared: signatureOf(c.Prepared), Progress: progressAnswer{c.Ledgers, c.Done},
		Rules: each(c.Rules, rulesOf), Heads: c.Heads, Digest: c.Digest, Version: c.Version,
	}
	if c.Confirmed != nil {
		confirmed := signatureOf(*c.Confirmed)
		answer.Confirmed = &confirmed
	}
	if c.Figures != nil {
		answer.Figures = c.Figures
	}
	return answer
}

// headsAnswer is what whoever keeps the heads elsewhere holds the ledgers against.
type headsAnswer struct {
	Authority sroi.AuthorityID `json:"opdrachtgever"`
	Area      string           `json:"gebied"`
	Year      int              `json:"jaar"`
	Closed    calendar.Date    `json:"afgeslotenOp"`
	At        time.Time        `json:"vastgelegdOp"`
	Rules     []rulesAnswer    `json:"rekenregels"`
	Figures   any              `json:"cijfers"`
	Heads     []headAnswer     `json:"hoofden"`
	Digest    string           `json:"digest"`
}

type headAnswer struct {
	Ledger string `json:"grootboek"`
	Seq    int    `json:"nummer"`
	Hash   string `json:"hash"`
}

func headsOf(s sroi.Snapshot) headsAnswer {
	return headsAnswer{
		Authority: s.Authority, Area: s.Area, Year: s.Year, Closed: s.Closed, At: s.At.UTC(), Rules: each(s.Rules, rulesOf), Figures: s.Figures,
		Heads: each(s.Heads, func(h sroi.Head) headAnswer { return headAnswer(h) }), Digest: s.Digest(),
	}
}

// closeYear answers 202 while a repeat of the command has more to do.
func closeYear(r *request) (*response, error) {
	in := body[closeRequest](r)
	if err := r.refused(); err != nil {
		return nil, err
	}
	closed, err := r.Service.CloseYear(r.ctx, r.call, in.input())
	if err != nil {
		return nil, err
	}
	return r.underWay(closed)
}

func confirmClose(r *request) (*response, error) {
	at := path[closePath](r)
	if err := r.refused(); err != nil {
		return nil, err
	}
	closed, err := r.Service.ConfirmClose(r.ctx, r.call, at.ID)
	if err != nil {
		return nil, err
	}
	return r.underWay(closed)
}

func (r *request) underWay(c sroi.YearClose) (*response, error) {
	answer, err := r.created("/v1/jaarafsluitingen/"+app.CloseID(c.Authority, c.Year), c.Version, closeOf(c))
	if err == nil && c.State == sroi.CloseBegun {
		answer.status = http.StatusAccepted
		answer.set("Retry-After", retryAfterSeconds)
	}
	return answer, err
}

func readClose(r *request) (*response, error) {
	at := path[closePath](r)
	if err := r.refused(); err != nil {
		return nil, err
	}
	closed, err := r.Service.YearClose(r.ctx, r.call, at.ID)
	if err != nil {
		return nil, err
	}
	return r.versioned(http.StatusOK, closed.Version, closeOf(closed))
}

func readHeads(r *request) (*response, error) {
	at := path[closePath](r)
	if err := r.refused(); err != nil {
		return nil, err
	}
	snapshot, err := r.Service.CloseSnapshot(r.ctx, r.call, at.ID)
	if err != nil {
		return nil, err
	}
	return r.answer(http.StatusOK, headsOf(snapshot))
}

type closeQuery struct {
	Authority sroi.AuthorityID `json:"opdrachtgever,omitempty" validate:"omitempty,authority"`
}

func listCloses(r *request) (*response, error) {
	asked := query[closeQuery](r)
	if err := r.refused(); err != nil {
		return nil, err
	}
	closes, err := r.Service.YearCloses(r.ctx, r.call, asked.Authority)
	if err != nil {
		return nil, err
	}
	return whole(r, "jaarafsluitingen", closes, closeOf)
}
