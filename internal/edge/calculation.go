// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/plan"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

type calculationRequest struct {
	Rules      *rulesNamed      `json:"rekenregel,omitempty"`
	Authority  sroi.AuthorityID `json:"opdrachtgever,omitempty" validate:"omitempty,authority"`
	Area       ruleset.Area     `json:"gebied,omitempty" validate:"omitempty,ruleArea"`
	Date       calendar.Date    `json:"peildatum,omitzero"`
	AdviseFrom calendar.Date    `json:"adviesVanaf,omitzero"`
	Contract   *contractAsked   `json:"contract,omitempty"`
	Efforts    []effortRequest  `json:"inspanningen,omitempty" validate:"max=1000,dive"`
}

type rulesNamed struct {
	RuleSet string        `json:"id" validate:"code"`
	Version calendar.Date `json:"versie,omitzero"`
}

type contractAsked struct {
	Nature      word[ruleset.Nature] `json:"aard"`
	Value       money.Cents          `json:"waarde" validate:"min=0"`
	From        calendar.Date        `json:"van"`
	To          calendar.Date        `json:"totEnMet"`
	LabourShare *money.Percent       `json:"arbeidsaandeel,omitempty"`
	Offered     *money.Percent       `json:"aangebodenPercentage,omitempty"`
	Published   calendar.Date        `json:"publicatieDatum,omitzero"`
	basisGiven
}

func (c contractAsked) input() *ruleset.ObligationInput {
	return &ruleset.ObligationInput{
		Nature: ruleset.Nature(c.Nature), Value: c.Value, Term: calendar.Span{From: c.From, To: c.To},
		LabourShare: c.LabourShare, Offered: c.Offered, Published: c.Published,
		BidSum: c.BidSum, WageBill: c.WageBill, Stage: ruleset.Stage(c.Stage), Realised: c.Realised,
		AsOf: c.AsOf, TenderDate: c.TenderDate, Certificates: each(c.Certificates, certificate.certificate), CertifiedAsOf: c.CertifiedAsOf,
	}
}

// effortRequest is an effort of any kind; effortFields says what belongs to which.
type effortRequest struct {
	Kind  word[sroi.LineKind] `json:"soort"`
	Block string              `json:"bouwblok" validate:"code"`

	Person   string             `json:"persoon,omitempty" validate:"omitempty,personLabel"`
	Bonuses  []string           `json:"bonussen,omitempty" validate:"max=20,dive,code"`
	Form     word[ruleset.Form] `json:"vorm,omitempty"`
	From     calendar.Date      `json:"van,omitzero"`
	To       calendar.Date      `json:"totEnMet,omitzero"`
	PerWeek  *calendar.Minutes  `json:"urenPerWeek,omitempty"`
	Schedule []hours            `json:"urenschema,omitempty" validate:"max=500"`
	Window   *days              `json:"tijdvak,omitempty"`
	Approved []hours            `json:"goedgekeurd,omitempty" validate:"max=500"`
	Worked   calendar.Minutes   `json:"gewerkteUren,omitzero"`
	personFacts

	InvoiceDate calendar.Date             `json:"factuurDatum,omitzero"`
	Amount      *money.Cents              `json:"bedrag,omitempty"`
	LabourPart  *money.Cents              `json:"arbeidsdeel,omitempty"`
	Recognition word[ruleset.Recognition] `json:"erkenning,omitempty"`

	Date   calendar.Date    `json:"datum,omitzero"`
	Hours  calendar.Minutes `json:"uren,omitzero"`
	People int              `json:"deelnemers,omitempty" validate:"omitempty,min=1,max=100000"`
	Cost   *money.Cents     `json:"kosten,omitempty"`
	Agreed *money.Cents     `json:"afgesproken,omitempty"`
}

// effortFields are the fields of each kind beside soort and bouwblok: those it
// needs and those it may have.
var effortFields = map[sroi.LineKind]struct{ needed, allowed []string }{
	sroi.PlacementLine: {
		needed: []string{"vorm"},
		allowed: []string{"persoon", "bonussen", "van", "totEnMet", "urenPerWeek", "urenschema", "tijdvak", "goedgekeurd", "gewerkteUren",
			"eerder", "subsidie", "laatstBijWerkgever", "leeftijd", "stageMaanden"},
	},
	sroi.PurchaseLine: {needed: []string{"factuurDatum", "bedrag", "erkenning"}, allowed: []string{"arbeidsdeel"}},
	sroi.ActivityLine: {needed: []string{"datum"}, allowed: []string{"uren", "deelnemers", "kosten", "afgesproken"}},
}

// checkEfforts holds each effort to the fields of its kind.
func checkEfforts(efforts []effortRequest, found *findings) {
	for i, effort := range efforts {
		effort.check("/inspanningen/"+strconv.Itoa(i), found)
	}
}

func exactlyOne(given ...bool) bool {
	n := 0
	for _, is := range given {
		if is {
			n++
		}
	}
	return n == 1
}

// check holds an effort to the fields of its kind.
func (e effortRequest) check(at string, found *findings) {
	fields, known := effortFields[sroi.LineKind(e.Kind)]
	if !known {
		return // said by the decoder
	}
	v := reflect.ValueOf(e)
	for _, f := range fieldsOf(v.Type()).list {
		given := !v.FieldByIndex(f.index).IsZero()
		switch {
		case f.required, found.covers(at + "/" + f.name):
		case !given && slices.Contains(fields.needed, f.name):
			found.add(inBody, at+"/"+f.name, "verplicht", "Dit veld is verplicht bij deze soort inspanning.")
		case given && !slices.Contains(fields.needed, f.name) && !slices.Contains(fields.allowed, f.name):
			found.add(inBody, at+"/"+f.name, "past-niet-bij-soort", "Dit veld hoort niet bij deze soort inspanning.")
		}
	}
	if sroi.LineKind(e.Kind) == sroi.PlacementLine {
		e.checkHours(at, found)
	}
}

// checkHours wants the hours of a placement in one of two ways.
func (e effortRequest) checkHours(at string, found *findings) {
	missing := false
	for _, field := range []struct {
		name          string
		given, needed bool
	}{{"van", !e.From.IsZero(), true}, {"totEnMet", !e.To.IsZero(), false}, {"urenPerWeek", e.PerWeek != nil, true}} {
		switch place := at + "/" + field.name; {
		case found.covers(place):
		case field.given && e.Schedule != nil:
			found.add(inBody, place, "past-niet-bij-urenschema", "Geef een urenschema, of van, totEnMet en urenPerWeek; niet allebei.")
		case !field.given && field.needed:
			missing = true
		}
	}
	if missing && e.Schedule == nil && !found.covers(at+"/urenschema") {
		found.add(inBody, at+"/urenschema", "verplicht", "Geef een urenschema, of van, totEnMet en urenPerWeek.")
	}
}

// input is the effort as the plan takes it. Which days count, the plan says.
func (e effortRequest) input() plan.Effort {
	switch sroi.LineKind(e.Kind) {
	case sroi.PurchaseLine:
		return plan.Effort{Purchase: &ruleset.PurchaseInput{
			Block: e.Block, InvoiceDate: e.InvoiceDate, Amount: *e.Amount, LabourPart: e.LabourPart, Recognition: ruleset.Recognition(e.Recognition),
		}}
	case sroi.ActivityLine:
		return plan.Effort{Activity: &ruleset.ActivityInput{
			Block: e.Block, Date: e.Date, Hours: e.Hours, People: e.People, Cost: e.Cost, Agreed: e.Agreed,
		}}
	}
	placed := &ruleset.PlacementInput{
		Block: e.Block, Bonuses: e.Bonuses, Form: ruleset.Form(e.Form), Schedule: schedule(e.Schedule),
		Approved: schedule(e.Approved), Worked: e.Worked,
		Earlier: ruleset.Merge(each(e.Earlier, earlierTime.earlier)), Subsidised: subsidised(e.Subsidised),
		LeftEmployer: e.LeftEmployer, Age: e.Age, InternshipMonths: e.InternshipMonths,
	}
	if placed.Schedule == nil {
		placed.Schedule = []ruleset.Hours{{Span: calendar.Span{From: e.From, To: e.To}, PerWeek: *e.PerWeek}}
	}
	if e.Window != nil {
		placed.Window = e.Window.span()
	}
	return plan.Effort{Person: e.Person, Placement: placed}
}

// subsidised is nil where no subsidy is named: then it says nothing.
func subsidised(list []days) []calendar.Span {
	if len(list) == 0 {
		return nil
	}
	return each(list, days.span)
}

func (c calculationRequest) input() app.CalculationInput {
	in := app.CalculationInput{
		Authority: c.Authority, Area: c.Area, Date: c.Date, AdviseFrom: c.AdviseFrom, Efforts: each(c.Efforts, effortRequest.input),
	}
	if c.Rules != nil {
		in.RuleSet, in.Version = c.Rules.RuleSet, c.Rules.Version
	}
	if c.Contract != nil {
		in.Contract = c.Contract.input()
	}
	return in
}

// relocate finds what the wire has elsewhere than the input: the rule set, and
// the hours of an effort without a schedule.
func (c calculationRequest) relocate(path string) (in, location, rest string) {
	if path == "/version" || path == "/ruleSet" {
		return "", "", "/rules" + path
	}
	return relocateEffort(c.Efforts, path)
}

// relocateEffort finds the hours of an effort without a schedule.
func relocateEffort(efforts []effortRequest, path string) (in, location, rest string) {
	parts := strings.SplitN(path, "/", 6) // "", efforts, 3, schedule, 0, perWeek
	if len(parts) < 5 || parts[3] != "schedule" || efforts[atoi(parts[2])].Schedule != nil {
		return "", "", path
	}
	field := "to" // of days in the wrong order the last is named
	if len(parts) == 6 {
		field = parts[5]
	}
	return "", "", "/efforts/" + parts[2] + "/" + field
}

type calculationAnswer struct {
	Rules       rulesAnswer        `json:"rekenregel"`
	Assumptions []assumptionAnswer `json:"aannames"`
	Obligation  *obligationAnswer  `json:"srVerplichting,omitempty"`
	outcomeAnswer
}

func calculationOf(c app.Calculation) (calculationAnswer, error) {
	outcome, err := outcomeOf(c.Outcome)
	answer := calculationAnswer{Rules: rulesOf(c.Rules), Assumptions: each(c.Assumptions, assumptionOf), outcomeAnswer: outcome}
	if err != nil || c.Obligation == nil {
		return answer, err
	}
	obligation, err := obligationOf(*c.Obligation)
	answer.Obligation = &obligation
	return answer, err
}

func calculate(r *request) (*response, error) {
	in := body[calculationRequest](r)
	if !exactlyOne(in.Rules != nil, in.Authority != "", in.Area != "") {
		r.found.add(inBody, "/rekenregel", "rekenregel-of-opdrachtgever", "Noem een rekenregel, of een opdrachtgever of gebied waarvan de rekenregel geldt: precies een van de drie.")
	}
	checkEfforts(in.Efforts, &r.found)
	if err := r.refused(); err != nil {
		return nil, err
	}
	r.relocate = in.relocate
	result, err := r.Service.Calculate(r.ctx, r.call, in.input())
	if err != nil {
		return nil, err
	}
	answer, err := calculationOf(result)
	if err != nil {
		return nil, err
	}
	return r.answer(http.StatusOK, answer)
}
