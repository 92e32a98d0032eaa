// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"fmt"
	"net/http"
	"time"

	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

type placementPath struct {
	contractPath
	Number int `json:"nummer" validate:"min=1,max=9999"`
}

type placementRequest struct {
	Person   personRequest      `json:"persoon"`
	Block    string             `json:"bouwblok" validate:"code"`
	Bonuses  []string           `json:"bonussen,omitempty" validate:"max=20,dive,code"`
	Employer employer           `json:"werkgever"`
	Form     word[ruleset.Form] `json:"vorm"`
	Schedule []hours            `json:"urenschema" validate:"min=1,max=500"`
	// Subsidised and LeftEmployer are known of the person besides.
	Subsidised   []days        `json:"loonkostensubsidie,omitempty" validate:"max=500"`
	LeftEmployer calendar.Date `json:"laatstBijWerkgever,omitzero"`
	Continues    bool          `json:"voortzetting,omitempty"`
	Replaces     int           `json:"vervangt,omitempty" validate:"min=0,max=9999"`
}

// personRequest says who a person is. It goes no further than the use case that
// turns it into a token.
type personRequest struct {
	Code     string        `json:"code,omitempty" validate:"max=100"`
	Initials string        `json:"voorletters,omitempty" validate:"max=50"`
	Surname  string        `json:"achternaam,omitempty" validate:"max=200"`
	Birth    *birthRequest `json:"geboren,omitempty"`
}

type birthRequest struct {
	Year  int `json:"jaar" validate:"min=1900,max=2199"`
	Month int `json:"maand,omitempty" validate:"min=0,max=12"`
	Day   int `json:"dag,omitempty" validate:"min=0,max=31"`
}

// employer is who employs the placed person; also in answers.
type employer struct {
	KvK      string              `json:"kvk" validate:"kvk"`
	Name     string              `json:"naam" validate:"visible,max=200"`
	Relation word[sroi.Relation] `json:"rol"`
}

func (p placementRequest) input() app.PlacementInput {
	in := app.PlacementInput{
		Person: app.PersonInput{Code: p.Person.Code, Initials: p.Person.Initials, Surname: p.Person.Surname},
		Block:  p.Block, Bonuses: p.Bonuses, Form: ruleset.Form(p.Form), Schedule: schedule(p.Schedule),
		Employer:   sroi.Employer{KvK: p.Employer.KvK, Name: p.Employer.Name, Relation: sroi.Relation(p.Employer.Relation)},
		Subsidised: subsidised(p.Subsidised), LeftEmployer: p.LeftEmployer,
		Continues: p.Continues, Replaces: p.Replaces,
	}
	if b := p.Person.Birth; b != nil {
		in.Person.Birth = app.BirthDate{Year: b.Year, Month: b.Month, Day: b.Day}
	}
	return in
}

type placementPatch struct {
	Schedule     []hours                  `json:"urenschema,omitempty" validate:"max=500"`
	EndsOn       calendar.Date            `json:"eindDatum,omitzero"`
	Subsidised   removable[[]days]        `json:"loonkostensubsidie,omitzero" validate:"omitempty,max=500"`
	LeftEmployer removable[calendar.Date] `json:"laatstBijWerkgever,omitzero"`
}

func (p placementPatch) change() app.PlacementChange {
	change := app.PlacementChange{Schedule: schedule(p.Schedule), EndsOn: p.EndsOn}
	if p.Subsidised.Given {
		var spans []calendar.Span
		if p.Subsidised.Value != nil {
			spans = subsidised(*p.Subsidised.Value)
		}
		change.Subsidised = &spans
	}
	if p.LeftEmployer.Given {
		change.LeftEmployer = new(calendar.Date)
		if p.LeftEmployer.Value != nil {
			change.LeftEmployer = p.LeftEmployer.Value
		}
	}
	return change
}

// placementAnswer has no person: who is placed is known to who sent it.
type placementAnswer struct {
	Contract string             `json:"contract"`
	Number   int                `json:"nummer"`
	Block    string             `json:"bouwblok"`
	Category string             `json:"categorie"`
	Bonuses  []string           `json:"bonussen"`
	Employer employer           `json:"werkgever"`
	Form     word[ruleset.Form] `json:"vorm"`
	Schedule []hours            `json:"urenschema"`
	// Days on which a wage-cost subsidy is paid, the last day with this employer
	// before, and when these were changed after a statement had reckoned with them.
	Subsidised   []days        `json:"loonkostensubsidie"`
	LeftEmployer calendar.Date `json:"laatstBijWerkgever,omitzero"`
	FactsChanged calendar.Date `json:"gegevensGewijzigdOp,omitzero"`
	Continues    bool          `json:"voortzetting"`
	Replaces     int           `json:"vervangt,omitempty"`
	Added        time.Time     `json:"toegevoegdOp"`
	Version      int           `json:"versie"`
}

func placementOf(p sroi.Placement) placementAnswer {
	return placementAnswer{
		Contract: p.Contract, Number: p.Number, Block: p.Block, Category: p.Category, Bonuses: each(p.Bonuses, same[string]),
		Employer: employer{KvK: p.Employer.KvK, Name: p.Employer.Name, Relation: word[sroi.Relation](p.Employer.Relation)},
		Form:     word[ruleset.Form](p.Form), Schedule: each(p.Schedule, hoursOf), Continues: p.Continues, Replaces: p.Replaces,
		Subsidised: each(p.Subsidised, daysOf), LeftEmployer: p.LeftEmployer, FactsChanged: p.FactsChanged,
		Added: p.Added.UTC(), Version: p.Version,
	}
}

func addPlacement(r *request) (*response, error) {
	at, in := path[contractPath](r), body[placementRequest](r)
	if err := r.refused(); err != nil {
		return nil, err
	}
	placement, err := r.Service.AddPlacement(r.ctx, r.call, at.contract(), in.input())
	if err != nil {
		return nil, err
	}
	location := fmt.Sprintf("/v1/contracten/%s/plaatsingen/%d", at.ID, placement.Number)
	return r.created(location, placement.Version, placementOf(placement))
}

func listPlacements(r *request) (*response, error) {
	at := path[contractPath](r)
	if err := r.refused(); err != nil {
		return nil, err
	}
	placements, err := r.Service.Placements(r.ctx, r.call, at.contract())
	if err != nil {
		return nil, err
	}
	return whole(r, "plaatsingen", placements, placementOf)
}

func readPlacement(r *request) (*response, error) {
	at := path[placementPath](r)
	if err := r.refused(); err != nil {
		return nil, err
	}
	placement, err := r.Service.Placement(r.ctx, r.call, at.contract(), at.Number)
	if err != nil {
		return nil, err
	}
	return r.versioned(http.StatusOK, placement.Version, placementOf(placement))
}

func changePlacement(r *request) (*response, error) {
	at, in := path[placementPath](r), body[placementPatch](r)
	if err := r.refused(); err != nil {
		return nil, err
	}
	placement, err := r.Service.ChangePlacement(r.ctx, r.call, at.contract(), at.Number, in.change())
	if err != nil {
		return nil, err
	}
	return r.versioned(http.StatusOK, placement.Version, placementOf(placement))
}
