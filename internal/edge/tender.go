// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"net/http"
	"time"

	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

type tenderPath struct {
	ID objectID `json:"id"`
}

type tenderRequest struct {
	Authority sroi.AuthorityID     `json:"opdrachtgever" validate:"authority"`
	Reference string               `json:"kenmerk" validate:"visible,max=100"`
	Title     string               `json:"titel" validate:"visible,max=500"`
	Procedure word[sroi.Procedure] `json:"procedure"`
	Published calendar.Date        `json:"publicatieDatum"`
	Notice    string               `json:"aankondiging,omitempty" validate:"max=100"`
	Framework bool                 `json:"raamovereenkomst,omitempty"`
	CallOffOf string               `json:"nadereOpdrachtVan,omitempty" validate:"omitempty,id"`
	Lots      []lotRequest         `json:"percelen" validate:"min=1,max=500,dive"`
}

type lotRequest struct {
	ID           string                  `json:"id" validate:"code"`
	Title        string                  `json:"titel" validate:"visible,max=500"`
	CPV          string                  `json:"cpv,omitempty" validate:"omitempty,cpv"`
	Nature       word[ruleset.Nature]    `json:"aard"`
	Estimated    *money.Cents            `json:"geraamdeWaarde,omitempty" validate:"omitempty,min=0"`
	SocialReturn word[sroi.SocialReturn] `json:"socialReturn"`
	Form         word[sroi.ClauseForm]   `json:"vorm,omitempty"`
	Reserved     bool                    `json:"voorbehouden,omitempty"`
	Exemption    *exemption              `json:"vrijstelling,omitempty"`
}

// exemption lets a lot above the threshold go without Social Return; also in answers.
type exemption struct {
	Reason   word[sroi.ExemptionReason] `json:"reden"`
	Text     string                     `json:"toelichting" validate:"visible,max=2000"`
	Approver string                     `json:"goedgekeurdDoor" validate:"visible,max=100"`
}

func (e *exemption) input() *sroi.Exemption {
	if e == nil {
		return nil
	}
	return &sroi.Exemption{Reason: sroi.ExemptionReason(e.Reason), Text: e.Text, Approver: e.Approver}
}

func (t tenderRequest) input() app.TenderInput {
	return app.TenderInput{
		Authority: t.Authority, Reference: t.Reference, Title: t.Title, Procedure: sroi.Procedure(t.Procedure),
		Published: t.Published, Notice: t.Notice, Framework: t.Framework, CallOffOf: t.CallOffOf,
		Lots: each(t.Lots, lotRequest.input),
	}
}

func (l lotRequest) input() app.LotInput {
	return app.LotInput{
		ID: l.ID, Title: l.Title, CPV: l.CPV, Nature: ruleset.Nature(l.Nature), Estimated: l.Estimated,
		SocialReturn: sroi.SocialReturn(l.SocialReturn), Form: sroi.ClauseForm(l.Form), Reserved: l.Reserved,
		Exemption: l.Exemption.input(),
	}
}

// tenderPatch changes what it names, and of the lots those that it names.
type tenderPatch struct {
	Title     *string    `json:"titel,omitempty" validate:"omitempty,visible,max=500"`
	Withdrawn *bool      `json:"ingetrokken,omitempty"`
	Lots      []lotPatch `json:"percelen,omitempty" validate:"max=500,dive"`
	// Reason is needed where figures of a closed year move.
	Reason word[sroi.TenderReason] `json:"reden,omitempty"`
}

type lotPatch struct {
	ID           string                   `json:"id" validate:"code"`
	Title        *string                  `json:"titel,omitempty" validate:"omitempty,visible,max=500"`
	Nature       *word[ruleset.Nature]    `json:"aard,omitempty"`
	Estimated    *money.Cents             `json:"geraamdeWaarde,omitempty" validate:"omitempty,min=0"`
	SocialReturn *word[sroi.SocialReturn] `json:"socialReturn,omitempty"`
	Form         *word[sroi.ClauseForm]   `json:"vorm,omitempty"`
	Reserved     *bool                    `json:"voorbehouden,omitempty"`
	Exemption    removable[exemption]     `json:"vrijstelling,omitzero"`
}

func (t tenderPatch) input() app.TenderChange {
	change := app.TenderChange{Title: t.Title, Withdrawn: t.Withdrawn, Reason: sroi.TenderReason(t.Reason)}
	for _, l := range t.Lots {
		lot := app.LotChange{
			ID: l.ID, Title: l.Title, Nature: code(l.Nature), Estimated: l.Estimated,
			SocialReturn: code(l.SocialReturn), Form: code(l.Form), Reserved: l.Reserved,
		}
		if l.Exemption.Given {
			given := l.Exemption.Value.input()
			lot.Exemption = &given
		}
		change.Lots = append(change.Lots, lot)
	}
	return change
}

// code is the code of a word that may be absent.
func code[T ~string](w *word[T]) *T {
	if w == nil {
		return nil
	}
	known := T(*w)
	return &known
}

type awardRequest struct {
	Lot          string                  `json:"perceel" validate:"code"`
	State        word[sroi.AwardState]   `json:"stand"`
	Date         calendar.Date           `json:"datum"`
	Supplier     string                  `json:"opdrachtnemer,omitempty" validate:"omitempty,kvk"`
	SupplierName string                  `json:"opdrachtnemerNaam,omitempty" validate:"max=200"`
	Value        money.Cents             `json:"waarde,omitzero" validate:"min=0"`
	Reason       word[sroi.TenderReason] `json:"reden,omitempty"`
}

func (a awardRequest) input() app.AwardInput {
	return app.AwardInput{
		Lot: a.Lot, State: sroi.AwardState(a.State), Date: a.Date,
		Supplier: a.Supplier, SupplierName: a.SupplierName, Value: a.Value, Reason: sroi.TenderReason(a.Reason),
	}
}

type tenderAnswer struct {
	ID         string               `json:"id"`
	Authority  sroi.AuthorityID     `json:"opdrachtgever"`
	Desk       string               `json:"bureau"`
	Reference  string               `json:"kenmerk"`
	Title      string               `json:"titel"`
	Procedure  word[sroi.Procedure] `json:"procedure,omitempty"`
	Published  calendar.Date        `json:"publicatieDatum"`
	Notice     string               `json:"aankondiging,omitempty"`
	Framework  bool                 `json:"raamovereenkomst"`
	CallOffOf  string               `json:"nadereOpdrachtVan,omitempty"`
	Withdrawn  bool                 `json:"ingetrokken"`
	Lots       []lotAnswer          `json:"percelen"`
	Omitted    []omissionAnswer     `json:"weggelaten"`
	Rules      rulesAnswer          `json:"rekenregel"`
	Registered time.Time            `json:"geregistreerdOp"`
	Version    int                  `json:"versie"`
}

type lotAnswer struct {
	ID             string                  `json:"id"`
	Title          string                  `json:"titel"`
	CPV            string                  `json:"cpv,omitempty"`
	Nature         word[ruleset.Nature]    `json:"aard,omitempty"`
	Estimated      *money.Cents            `json:"geraamdeWaarde,omitempty"`
	SocialReturn   word[sroi.SocialReturn] `json:"socialReturn"`
	ProposedBy     string                  `json:"voorgesteldDoor,omitempty"`
	Form           word[sroi.ClauseForm]   `json:"vorm,omitempty"`
	Reserved       bool                    `json:"voorbehouden"`
	Exemption      *exemption              `json:"vrijstelling,omitempty"`
	AboveThreshold *bool                   `json:"bovenDrempel,omitempty"`
	Awards         []awardAnswer           `json:"gunningen"`
}

type awardAnswer struct {
	Lot          string                `json:"perceel"`
	State        word[sroi.AwardState] `json:"stand"`
	Date         calendar.Date         `json:"datum"`
	Supplier     string                `json:"opdrachtnemer,omitempty"`
	SupplierName string                `json:"opdrachtnemerNaam,omitempty"`
	Value        money.Cents           `json:"waarde,omitzero"`
}

type omissionAnswer struct {
	Field  string `json:"veld"`
	Lot    string `json:"perceel,omitempty"`
	Code   string `json:"code"`
	Detail string `json:"toelichting"`
}

func tenderOf(t sroi.Tender) tenderAnswer {
	return tenderAnswer{
		ID: t.ID, Authority: t.Authority, Desk: t.Desk, Reference: t.Reference, Title: t.Title,
		Procedure: word[sroi.Procedure](t.Procedure), Published: t.Published, Notice: t.Notice, Framework: t.Framework,
		CallOffOf: t.CallOffOf, Withdrawn: t.Withdrawn, Lots: each(t.Lots, lotOf),
		Omitted: each(t.Omitted, func(o sroi.Omission) omissionAnswer {
			return omissionAnswer{Field: o.Field, Lot: o.Lot, Code: codeOf(o.Code, fileCodes), Detail: o.Detail}
		}),
		Rules: rulesOf(t.Rules), Registered: t.Registered.UTC(), Version: t.Version,
	}
}

func lotOf(l sroi.Lot) lotAnswer {
	answer := lotAnswer{
		ID: l.ID, Title: l.Title, CPV: l.CPV, Nature: word[ruleset.Nature](l.Nature), Estimated: l.Estimated,
		SocialReturn: word[sroi.SocialReturn](l.SocialReturn), ProposedBy: l.ProposedBy, Form: word[sroi.ClauseForm](l.Form),
		Reserved: l.Reserved, AboveThreshold: l.AboveThreshold,
		Awards: each(l.Awards, func(a sroi.Award) awardAnswer { return awardOf(l.ID, a) }),
	}
	if e := l.Exemption; e != nil {
		answer.Exemption = &exemption{Reason: word[sroi.ExemptionReason](e.Reason), Text: e.Text, Approver: e.Approver}
	}
	return answer
}

func awardOf(lot string, a sroi.Award) awardAnswer {
	return awardAnswer{
		Lot: lot, State: word[sroi.AwardState](a.State), Date: a.Date,
		Supplier: a.Supplier, SupplierName: a.SupplierName, Value: a.Value,
	}
}

type tenderQuery struct {
	paging
	Authority sroi.AuthorityID `json:"opdrachtgever,omitempty" validate:"omitempty,authority"`
	Area      string           `json:"gebied,omitempty" validate:"omitempty,area"`
	Year      *int             `json:"jaar,omitempty" validate:"omitempty,min=1900,max=2199"`
	Social    *bool            `json:"socialReturn,omitempty"`
}

func registerTender(r *request) (*response, error) {
	in, err := tenderSent(r)
	if err != nil {
		return nil, err
	}
	tender, err := r.Service.RegisterTender(r.ctx, r.call, in)
	if err != nil {
		return nil, err
	}
	return r.created("/v1/aanbestedingen/"+tender.ID, tender.Version, tenderOf(tender))
}

// tenderSent reads a tender as JSON or from a notice.
func tenderSent(r *request) (app.TenderInput, error) {
	if r.media == mediaXML {
		return noticeSent(r)
	}
	in := body[tenderRequest](r)
	return in.input(), r.refused()
}

func listTenders(r *request) (*response, error) {
	asked := query[tenderQuery](r)
	if err := r.refused(); err != nil {
		return nil, err
	}
	wanted := app.TenderQuery{Authority: asked.Authority, Area: asked.Area, Social: asked.Social}
	if asked.Year != nil {
		wanted.Year = *asked.Year
	}
	tenders, next, err := r.Service.Tenders(r.ctx, r.call, wanted, asked.page())
	if err != nil {
		return nil, err
	}
	return listed(r, "aanbestedingen", tenders, next, tenderOf)
}

func readTender(r *request) (*response, error) {
	at := path[tenderPath](r)
	if err := r.refused(); err != nil {
		return nil, err
	}
	tender, err := r.Service.Tender(r.ctx, r.call, string(at.ID))
	if err != nil {
		return nil, err
	}
	return r.versioned(http.StatusOK, tender.Version, tenderOf(tender))
}

func changeTender(r *request) (*response, error) {
	at, change := path[tenderPath](r), body[tenderPatch](r)
	if err := r.refused(); err != nil {
		return nil, err
	}
	tender, err := r.Service.ChangeTender(r.ctx, r.call, string(at.ID), change.input())
	if err != nil {
		return nil, err
	}
	return r.versioned(http.StatusOK, tender.Version, tenderOf(tender))
}

func awardLot(r *request) (*response, error) {
	at, in := path[tenderPath](r), body[awardRequest](r)
	if err := r.refused(); err != nil {
		return nil, err
	}
	tender, award, err := r.Service.AwardLot(r.ctx, r.call, string(at.ID), in.input())
	if err != nil {
		return nil, err
	}
	return r.created("/v1/aanbestedingen/"+tender.ID, tender.Version, awardOf(in.Lot, award))
}
