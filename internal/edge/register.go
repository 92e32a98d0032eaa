// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"net/http"
	"time"

	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

type registerPath struct {
	Register string `json:"register" validate:"code"`
}

type enterprisePath struct {
	registerPath
	KvK string `json:"kvk" validate:"kvk"`
}

type enterpriseRequest struct {
	Name  string           `json:"naam" validate:"visible,max=200"`
	Spans []recognisedSpan `json:"erkenningen" validate:"max=50,dive"`
	NoBSN bool             `json:"geenBsn,omitempty"`
}

// recognisedSpan is what a seller is on some days; also in answers.
type recognisedSpan struct {
	From        calendar.Date             `json:"van"`
	To          calendar.Date             `json:"totEnMet,omitzero"`
	Recognition word[ruleset.Recognition] `json:"erkenning"`
	Source      string                    `json:"bron" validate:"visible,max=500"`
}

func (s recognisedSpan) span() sroi.RecognisedSpan {
	return sroi.RecognisedSpan{Span: calendar.Span{From: s.From, To: s.To}, Recognition: ruleset.Recognition(s.Recognition), Source: s.Source}
}

func recognisedSpanOf(s sroi.RecognisedSpan) recognisedSpan {
	return recognisedSpan{From: s.From, To: s.To, Recognition: word[ruleset.Recognition](s.Recognition), Source: s.Source}
}

// enterpriseAnswer leaves out who recorded it: a register is for everyone.
type enterpriseAnswer struct {
	Register string           `json:"register"`
	KvK      string           `json:"kvk"`
	Name     string           `json:"naam"`
	Spans    []recognisedSpan `json:"erkenningen"`
	Recorded time.Time        `json:"vastgelegdOp"`
	Version  int              `json:"versie"`
}

func enterpriseOf(e sroi.Enterprise) enterpriseAnswer {
	return enterpriseAnswer{
		Register: e.Register, KvK: e.KvK, Name: e.Name, Spans: each(e.Spans, recognisedSpanOf), Recorded: e.Recorded.UTC(), Version: e.Version,
	}
}

func putEnterprise(r *request) (*response, error) {
	at, in := path[enterprisePath](r), body[enterpriseRequest](r)
	if err := r.refused(); err != nil {
		return nil, err
	}
	saved, isNew, err := r.Service.PutEnterprise(r.ctx, r.call, app.EnterpriseInput{
		Register: at.Register, KvK: at.KvK, Name: in.Name, Spans: each(in.Spans, recognisedSpan.span), NoBSN: in.NoBSN,
	})
	if err != nil {
		return nil, err
	}
	return r.put(isNew, "/v1/sociale-ondernemingen/"+saved.Register+"/"+saved.KvK, saved.Version, enterpriseOf(saved))
}

type enterpriseQuery struct {
	Version *int `json:"versie,omitempty" validate:"omitempty,min=1,max=9999"`
}

// version is zero for the newest.
func (q enterpriseQuery) version() int {
	if q.Version == nil {
		return 0
	}
	return *q.Version
}

func readEnterprise(r *request) (*response, error) {
	at, asked := path[enterprisePath](r), query[enterpriseQuery](r)
	if err := r.refused(); err != nil {
		return nil, err
	}
	enterprise, err := r.Service.Enterprise(r.ctx, at.Register, at.KvK, asked.version())
	if err != nil {
		return nil, err
	}
	return r.versioned(http.StatusOK, enterprise.Version, enterpriseOf(enterprise))
}

func listEnterprises(r *request) (*response, error) {
	at, asked := path[registerPath](r), query[paging](r)
	if err := r.refused(); err != nil {
		return nil, err
	}
	enterprises, next, err := r.Service.Enterprises(r.ctx, at.Register, asked.page())
	if err != nil {
		return nil, err
	}
	return listed(r, "socialeOndernemingen", enterprises, next, enterpriseOf)
}
