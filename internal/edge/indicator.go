// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"fmt"
	"net/http"

	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/sroi"
)

type figurePath struct {
	Area   string `json:"gebied" validate:"area"`
	Code   string `json:"code" validate:"code"`
	Period string `json:"periode" validate:"figureDate"`
}

func (p figurePath) location() string {
	return fmt.Sprintf("/v1/indicatorwaarden/%s/%s/%s", p.Area, p.Code, p.Period)
}

type figureRequest struct {
	Intended  figureKind           `json:"soort"`
	State     word[sroi.Measured]  `json:"stand"`
	Value     *decimal             `json:"waarde,omitempty"`
	Qualifier word[sroi.Qualifier] `json:"voorbehoud,omitempty"`
	Reading   word[sroi.Reading]   `json:"lezing,omitempty"`
	Source    string               `json:"bron" validate:"visible,max=500"`
	Remark    string               `json:"opmerking,omitempty" validate:"max=2000"`
	NoBSN     bool                 `json:"geenBsn,omitempty"`
}

// figureKind is behaald or beoogd.
type figureKind bool

// MarshalText gives the Dutch word.
func (k figureKind) MarshalText() ([]byte, error) {
	if k {
		return []byte("beoogd"), nil
	}
	return []byte("behaald"), nil
}

// UnmarshalText reads the Dutch word.
func (k *figureKind) UnmarshalText(text []byte) error {
	*k = string(text) == "beoogd"
	if !*k && string(text) != "behaald" {
		return errWord
	}
	return nil
}

func (*figureKind) choices() []string { return []string{"behaald", "beoogd"} }

func (f figureRequest) input(at figurePath) app.IndicatorInput {
	in := app.IndicatorInput{
		Area: at.Area, Code: at.Code, Period: at.Period, Intended: bool(f.Intended), State: sroi.Measured(f.State),
		Qualifier: sroi.Qualifier(f.Qualifier), Reading: sroi.Reading(f.Reading), Source: f.Source, Remark: f.Remark, NoBSN: f.NoBSN,
	}
	if f.Value != nil {
		value := f.Value.in(unitOf(at.Code))
		in.Value = &value
	}
	return in
}

// unitOf is an indicator's unit; the use case refuses one that there is not.
func unitOf(code string) sroi.Unit {
	unit, _ := sroi.IsIndicator(code)
	return unit
}

type figureValueAnswer struct {
	Area      string               `json:"gebied"`
	Code      string               `json:"code"`
	Period    string               `json:"periode"`
	Intended  figureKind           `json:"soort"`
	Revision  int                  `json:"revisie"`
	State     word[sroi.Measured]  `json:"stand"`
	Value     *decimal             `json:"waarde,omitempty"`
	Unit      word[sroi.Unit]      `json:"eenheid"`
	Qualifier word[sroi.Qualifier] `json:"voorbehoud,omitempty"`
	Reading   word[sroi.Reading]   `json:"lezing,omitempty"`
	Source    string               `json:"bron"`
	Remark    string               `json:"opmerking,omitempty"`
	Recorded  calendar.Date        `json:"vastlegDatum"`
	Actor     actorAnswer          `json:"actor"`
}

func figureValueOf(v sroi.IndicatorValue) figureValueAnswer {
	answer := figureValueAnswer{
		Area: v.Area, Code: v.Code, Period: v.Period, Intended: figureKind(v.Intended), Revision: v.Revision,
		State: word[sroi.Measured](v.State), Unit: word[sroi.Unit](unitOf(v.Code)), Qualifier: word[sroi.Qualifier](v.Qualifier),
		Reading: word[sroi.Reading](v.Reading), Source: v.Source, Remark: v.Remark, Recorded: v.Recorded, Actor: actorOf(v.Actor),
	}
	if v.Value != nil {
		value := decimalOf(*v.Value, unitOf(v.Code))
		answer.Value = &value
	}
	return answer
}

func recordIndicator(r *request) (*response, error) {
	at, in := path[figurePath](r), body[figureRequest](r)
	if err := r.refused(); err != nil {
		return nil, err
	}
	value, isNew, err := r.Service.RecordIndicator(r.ctx, r.call, in.input(at))
	if err != nil {
		return nil, err
	}
	return r.put(isNew, at.location(), value.Revision, figureValueOf(value))
}

func readIndicator(r *request) (*response, error) {
	at := path[figurePath](r)
	if err := r.refused(); err != nil {
		return nil, err
	}
	values, err := r.Service.Indicator(r.ctx, r.call, at.Area, at.Code, at.Period)
	if err != nil {
		return nil, err
	}
	if len(values) == 0 {
		return nil, refuse(http.StatusNotFound, "niet-gevonden", "Van deze indicator is over deze periode niets vastgelegd.")
	}
	return whole(r, "indicatorwaarden", values, figureValueOf)
}
