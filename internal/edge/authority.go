// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"net/http"

	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/sroi"
)

type authorityPath struct {
	ID sroi.AuthorityID `json:"id" validate:"authority"`
}

type authorityRequest struct {
	Name    string                   `json:"naam" validate:"visible,max=200"`
	Kind    word[sroi.AuthorityKind] `json:"soort"`
	Areas   []areaSpan               `json:"gebieden,omitempty" validate:"max=49"` // one transaction saves it, and both areas of each
	Desk    string                   `json:"bureau" validate:"code"`
	RuleSet string                   `json:"rekenregel" validate:"code"`
	// TwoPeople wants the close of a year confirmed.
	TwoPeople bool `json:"afsluitenMetTweePersonen,omitempty"`
}

// areaSpan is a municipality and its region while they were; also in answers.
type areaSpan struct {
	From         calendar.Date `json:"van"`
	To           calendar.Date `json:"totEnMet,omitzero"`
	Municipality string        `json:"gemeente"`
	Region       string        `json:"arbeidsmarktregio"`
}

func (a authorityRequest) input(id sroi.AuthorityID) app.AuthorityInput {
	in := app.AuthorityInput{ID: id, Name: a.Name, Kind: sroi.AuthorityKind(a.Kind), Desk: a.Desk, RuleSet: a.RuleSet, TwoPeople: a.TwoPeople}
	for _, area := range a.Areas {
		in.Areas = append(in.Areas, sroi.AreaSpan{
			Span: calendar.Span{From: area.From, To: area.To}, Municipality: area.Municipality, Region: area.Region,
		})
	}
	return in
}

type authorityAnswer struct {
	ID            sroi.AuthorityID         `json:"id"`
	Name          string                   `json:"naam"`
	Kind          word[sroi.AuthorityKind] `json:"soort"`
	Areas         []areaSpan               `json:"gebieden"`
	Desk          string                   `json:"bureau"`
	RuleSet       string                   `json:"rekenregel"`
	TwoPeople     bool                     `json:"afsluitenMetTweePersonen"`
	ClosedThrough int                      `json:"afgeslotenTotEnMet,omitempty"`
	Version       int                      `json:"versie"`
}

func authorityOf(a sroi.Authority) authorityAnswer {
	return authorityAnswer{
		ID: a.ID, Name: a.Name, Kind: word[sroi.AuthorityKind](a.Kind), Desk: a.Desk, RuleSet: a.RuleSet,
		TwoPeople: a.TwoPeople, ClosedThrough: a.ClosedThrough, Version: a.Version,
		Areas: each(a.Areas, func(area sroi.AreaSpan) areaSpan {
			return areaSpan{From: area.From, To: area.To, Municipality: area.Municipality, Region: area.Region}
		}),
	}
}

func putAuthority(r *request) (*response, error) {
	at, in := path[authorityPath](r), body[authorityRequest](r)
	if err := r.refused(); err != nil {
		return nil, err
	}
	saved, isNew, err := r.Service.PutAuthority(r.ctx, r.call, in.input(at.ID))
	if err != nil {
		return nil, err
	}
	return r.put(isNew, "/v1/opdrachtgevers/"+string(saved.ID), saved.Version, authorityOf(saved))
}

func readAuthority(r *request) (*response, error) {
	at := path[authorityPath](r)
	if err := r.refused(); err != nil {
		return nil, err
	}
	authority, err := r.Service.Authority(r.ctx, r.call, at.ID)
	if err != nil {
		return nil, err
	}
	return r.versioned(http.StatusOK, authority.Version, authorityOf(authority))
}

func listAuthorities(r *request) (*response, error) {
	asked := query[paging](r)
	if err := r.refused(); err != nil {
		return nil, err
	}
	authorities, next, err := r.Service.Authorities(r.ctx, r.call, asked.page())
	if err != nil {
		return nil, err
	}
	return listed(r, "opdrachtgevers", authorities, next, authorityOf)
}
