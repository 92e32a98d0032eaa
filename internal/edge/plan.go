// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"net/http"
	"time"

	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/plan"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

type planRequest struct {
	Efforts []effortRequest `json:"inspanningen" validate:"max=200,dive"`
}

// planAnswer is a kept plan: the efforts as they can be sent again, what they
// came to when they were saved and what they come to now.
type planAnswer struct {
	Contract string          `json:"contract"`
	Version  int             `json:"versie"`
	Saved    time.Time       `json:"bewaardOp"`
	Role     word[sroi.Role] `json:"bewaardDoor"`
	Rules    rulesAnswer     `json:"rekenregel"`
	Efforts  []effortRequest `json:"inspanningen"`
	AtSaving atSavingAnswer  `json:"bijBewaren"`
	Outcome  outcomeAnswer   `json:"uitkomst"`
	Forecast forecastAnswer  `json:"prognose"`
}

type atSavingAnswer struct {
	Total   money.Cents   `json:"totaal"`
	Counted money.Cents   `json:"telt"`
	Periods []shareAnswer `json:"perioden"`
	SHA256  string        `json:"sha256"`
}

// forecastAnswer is what a contract will come to. Without a plan it only says so.
type forecastAnswer struct {
	Plan        int              `json:"plan,omitempty"`
	On          calendar.Date    `json:"peildatum,omitzero"`
	Obliged     *money.Cents     `json:"verplicht,omitempty"`
	Verified    *money.Cents     `json:"goedgekeurd,omitempty"`
	Pending     *money.Cents     `json:"ingediend,omitempty"`
	Planned     *money.Cents     `json:"gepland,omitempty"`
	Expected    *money.Cents     `json:"verwacht,omitempty"`
	Outstanding *money.Cents     `json:"openstaand,omitempty"`
	Light       word[plan.Light] `json:"stoplicht,omitempty"`
	Text        string           `json:"toelichting"`
}

func forecastOf(f *plan.Forecast, version int) forecastAnswer {
	if f == nil {
		return forecastAnswer{Text: "Er is nog geen plan van aanpak; zonder plan is er geen prognose."}
	}
	return forecastAnswer{
		Plan: version, On: f.On, Obliged: &f.Obliged, Verified: &f.Verified, Pending: &f.Pending, Planned: &f.Planned,
		Expected: &f.Expected, Outstanding: &f.Outstanding, Light: word[plan.Light](f.Light), Text: f.Text,
	}
}

// prospectOf is the forecast of a contract, or that it has no plan.
func prospectOf(p app.Prospect, today calendar.Date) *forecastAnswer {
	version := 0
	if p.Plan != nil {
		version = p.Plan.Version
	}
	answer := forecastOf(p.Forecast(today), version)
	return &answer
}

func planOf(file app.PlanFile) (planAnswer, error) {
	outcome, err := outcomeOf(file.Outcome)
	head := file.Head
	return planAnswer{
		Contract: head.Contract, Version: head.Version, Saved: head.Saved.UTC(), Role: word[sroi.Role](head.Actor.Role), Rules: rulesOf(head.Rules),
		Efforts:  each(file.Efforts, effortOf),
		AtSaving: atSavingAnswer{Total: head.Total, Counted: head.Counted, Periods: each(head.Periods, plannedOf), SHA256: head.Digest},
		Outcome:  outcome, Forecast: forecastOf(&file.Forecast, head.Version),
	}, err
}

// effortOf writes a kept effort as it can be sent.
func effortOf(e plan.Effort) effortRequest {
	switch {
	case e.Purchase != nil:
		p := e.Purchase
		return effortRequest{
			Kind: word[sroi.LineKind](sroi.PurchaseLine), Block: p.Block, InvoiceDate: p.InvoiceDate, Amount: &p.Amount,
			LabourPart: p.LabourPart, Recognition: word[ruleset.Recognition](p.Recognition),
		}
	case e.Activity != nil:
		a := e.Activity
		return effortRequest{
			Kind: word[sroi.LineKind](sroi.ActivityLine), Block: a.Block, Date: a.Date, Hours: a.Hours, People: a.People, Cost: a.Cost, Agreed: a.Agreed,
		}
	}
	p := e.Placement
	answer := effortRequest{
		Kind: word[sroi.LineKind](sroi.PlacementLine), Block: p.Block, Person: e.Person, Bonuses: p.Bonuses, Form: word[ruleset.Form](p.Form),
		Schedule: each(p.Schedule, hoursOf), Worked: p.Worked,
	}
	if p.Window != (calendar.Span{}) {
		window := daysOf(p.Window)
		answer.Window = &window
	}
	if p.Approved != nil {
		answer.Approved = each(p.Approved, hoursOf)
	}
	return answer
}

func planLocation(contract string) string { return "/v1/contracten/" + contract + "/plan-van-aanpak" }

func savePlan(r *request) (*response, error) {
	at, in := path[contractPath](r), body[planRequest](r)
	checkEfforts(in.Efforts, &r.found)
	if err := r.refused(); err != nil {
		return nil, err
	}
	r.relocate = func(path string) (inside, location, rest string) { return relocateEffort(in.Efforts, path) }
	file, isNew, err := r.Service.SavePlan(r.ctx, r.call, at.contract(), each(in.Efforts, effortRequest.input))
	if err != nil {
		return nil, err
	}
	answer, err := planOf(file)
	if err != nil {
		return nil, err
	}
	return r.put(isNew, planLocation(at.contract()), answer.Version, answer)
}

func readPlan(r *request) (*response, error) {
	at := path[contractPath](r)
	if err := r.refused(); err != nil {
		return nil, err
	}
	file, err := r.Service.Plan(r.ctx, r.call, at.contract())
	if err != nil {
		return nil, err
	}
	answer, err := planOf(file)
	if err != nil {
		return nil, err
	}
	return r.versioned(http.StatusOK, answer.Version, answer)
}
