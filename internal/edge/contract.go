// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"fmt"
	"io"
	"net/http"
	"time"

	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/present"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

type contractPath struct {
	ID objectID `json:"id"`
}

func (p contractPath) contract() string { return string(p.ID) }

type contractRequest struct {
	Tender       string               `json:"aanbesteding" validate:"id"`
	Lot          string               `json:"perceel" validate:"code"`
	Number       string               `json:"nummer" validate:"visible,max=100"`
	Title        string               `json:"titel,omitempty" validate:"max=500"`
	Supplier     string               `json:"opdrachtnemer" validate:"kvk"`
	SupplierName string               `json:"opdrachtnemerNaam,omitempty" validate:"max=200"`
	Nature       word[ruleset.Nature] `json:"aard,omitempty"`
	Value        money.Cents          `json:"waarde" validate:"min=0"`
	From         calendar.Date        `json:"van"`
	To           calendar.Date        `json:"totEnMet"`
	Signed       calendar.Date        `json:"contractDatum"`
	Clause       string               `json:"clausule" validate:"visible,max=200"`
	Offered      *money.Percent       `json:"aangebodenPercentage,omitempty"`
	LabourShare  *money.Percent       `json:"arbeidsaandeel,omitempty"`
	WageBill     *money.Cents         `json:"loonsom,omitempty" validate:"omitempty,min=0"`
	TenderDate   calendar.Date        `json:"inschrijfDatum,omitzero"`
	Certificates []certificate        `json:"certificaten,omitempty" validate:"max=100,dive"`
	Opening      *opening             `json:"beginstand,omitempty"`
}

// opening is what was verified before the contract came here; also in answers.
type opening struct {
	Verified money.Cents   `json:"goedgekeurd" validate:"min=0"`
	AsOf     calendar.Date `json:"peildatum"`
	Note     string        `json:"toelichting" validate:"visible,max=2000"`
}

func (c contractRequest) input() app.ContractInput {
	in := app.ContractInput{
		Tender: c.Tender, Lot: c.Lot, Number: c.Number, Title: c.Title, Supplier: c.Supplier, SupplierName: c.SupplierName,
		Nature: ruleset.Nature(c.Nature), Value: c.Value, Term: calendar.Span{From: c.From, To: c.To}, Signed: c.Signed,
		Clause: c.Clause, Offered: c.Offered, LabourShare: c.LabourShare, WageBill: c.WageBill, TenderDate: c.TenderDate,
	}
	if c.Certificates != nil {
		in.Certificates = each(c.Certificates, certificate.certificate)
	}
	if c.Opening != nil {
		in.Opening = &sroi.Opening{Verified: c.Opening.Verified, AsOf: c.Opening.AsOf, Note: c.Opening.Note}
	}
	return in
}

type contractAnswer struct {
	ID              string               `json:"id"`
	Authority       sroi.AuthorityID     `json:"opdrachtgever"`
	Desk            string               `json:"bureau"`
	Tender          string               `json:"aanbesteding"`
	Lot             string               `json:"perceel"`
	Number          string               `json:"nummer"`
	Title           string               `json:"titel"`
	Supplier        string               `json:"opdrachtnemer"`
	SupplierName    string               `json:"opdrachtnemerNaam"`
	Nature          word[ruleset.Nature] `json:"aard"`
	Value           money.Cents          `json:"waarde"`
	BidSum          money.Cents          `json:"inschrijfsom"`
	From            calendar.Date        `json:"van"`
	To              calendar.Date        `json:"totEnMet"`
	Signed          calendar.Date        `json:"contractDatum"`
	Awarded         calendar.Date        `json:"gunningsDatum"`
	Clause          string               `json:"clausule"`
	Offered         *money.Percent       `json:"aangebodenPercentage,omitempty"`
	LabourShare     *money.Percent       `json:"arbeidsaandeel,omitempty"`
	WageBill        *money.Cents         `json:"loonsom,omitempty"`
	TenderDate      calendar.Date        `json:"inschrijfDatum,omitzero"`
	Certificates    []certificate        `json:"certificaten"`
	Opening         *opening             `json:"beginstand,omitempty"`
	HeadStartMonths int                  `json:"aanloopMaanden"`
	Cadence         string               `json:"verantwoordt"`
	Phase           word[sroi.Phase]     `json:"fase"`
	Rules           rulesAnswer          `json:"rekenregel"`
	Obligation      obligationAnswer     `json:"srVerplichting"`
	Balance         balanceAnswer        `json:"stand"`
	Forecast        *forecastAnswer      `json:"prognose,omitempty"`
	Registered      time.Time            `json:"geregistreerdOp"`
	Version         int                  `json:"versie"`
}

type balanceAnswer struct {
	Obliged     money.Cents       `json:"verplicht"`
	Pending     money.Cents       `json:"ingediend"`
	Verified    money.Cents       `json:"goedgekeurd"`
	Rejected    money.Cents       `json:"afgekeurd"`
	Counted     money.Cents       `json:"meegeteld"`
	Outstanding money.Cents       `json:"openstaand"`
	Excess      money.Cents       `json:"overschot"`
	Ceilings    []ceilingAnswer   `json:"maxima,omitempty"`
	Activities  *activitiesAnswer `json:"activiteiten,omitempty"`
	Entries     int               `json:"mutaties"`
}

// activitiesAnswer is an obligation of activities instead of an amount.
type activitiesAnswer struct {
	Asked       int `json:"gevraagd"`
	Done        int `json:"goedgekeurd"`
	Outstanding int `json:"openstaand"`
}

// ceilingAnswer is the share of the obligation that some blocks can meet.
type ceilingAnswer struct {
	Code     string        `json:"code"`
	Label    string        `json:"naam"`
	Percent  money.Percent `json:"percentage"`
	Most     money.Cents   `json:"maximum"`
	Verified money.Cents   `json:"goedgekeurd"`
	Counted  money.Cents   `json:"meegeteld"`
	Room     money.Cents   `json:"ruimte"`
	InWords  string        `json:"inWoorden"`
}

func ceilingOf(c sroi.CeilingState) ceilingAnswer {
	answer := ceilingAnswer{
		Code: c.Code, Label: c.Label, Percent: c.Percent, Most: c.Most, Verified: c.Verified, Counted: c.Counted, Room: c.Most - c.Counted,
		InWords: fmt.Sprintf("%s: hoogstens %s van de SR-verplichting, %s. Goedgekeurd is %s", c.Label, c.Percent.Dutch(), c.Most.Euro(), c.Verified.Euro()),
	}
	if beyond := c.Verified - c.Counted; beyond > 0 {
		answer.InWords += fmt.Sprintf("; daarvan telt %s niet mee.", beyond.Euro())
	} else {
		answer.InWords += fmt.Sprintf("; er is nog %s ruimte.", answer.Room.Euro())
	}
	return answer
}

func balanceOf(b sroi.Balance) balanceAnswer {
	answer := balanceAnswer{
		Obliged: b.Obliged, Pending: b.Pending, Verified: b.Verified, Rejected: b.Rejected, Counted: b.Counted(),
		Outstanding: b.Outstanding(), Excess: b.Excess(), Ceilings: each(b.CeilingStates(), ceilingOf), Entries: b.Seq,
	}
	if b.Asked > 0 {
		answer.Activities = &activitiesAnswer{Asked: b.Asked, Done: b.Done, Outstanding: max(b.Asked-b.Done, 0)}
	}
	return answer
}

// contractOf leaves the receipt out: that is a resource of its own.
func contractOf(a app.Account, today calendar.Date) contractAnswer {
	c := a.Contract
	answer := contractAnswer{
		ID: c.ID, Authority: c.Authority, Desk: c.Desk, Tender: c.Tender, Lot: c.Lot, Number: c.Number, Title: c.Title,
		Supplier: c.Supplier, SupplierName: c.SupplierName, Nature: word[ruleset.Nature](c.Nature), Value: c.Value, BidSum: c.BidSum,
		From: c.Term.From, To: c.Term.To, Signed: c.Signed, Awarded: c.Awarded, Clause: c.Clause,
		Offered: c.Offered, LabourShare: c.LabourShare, WageBill: c.WageBill, TenderDate: c.TenderDate,
		Certificates: each(c.Certificates, certificateOf), HeadStartMonths: c.HeadStartMonths, Cadence: cadenceWord(c.Cadence),
		Phase: word[sroi.Phase](c.PhaseOn(today)), Rules: rulesOf(c.Rules),
		Obligation: obligationWithout(c.Obligation),
		Balance:    balanceOf(a.Balance), Registered: c.Registered.UTC(), Version: c.Version,
	}
	if o := c.Opening; o != nil {
		answer.Opening = &opening{Verified: o.Verified, AsOf: o.AsOf, Note: o.Note}
	}
	return answer
}

type contractQuery struct {
	paging
	Authority sroi.AuthorityID `json:"opdrachtgever,omitempty" validate:"omitempty,authority"`
	Phase     word[sroi.Phase] `json:"fase,omitempty"`
}

// registerContract answers with the obligation and how it came about.
func registerContract(r *request) (*response, error) {
	in := body[contractRequest](r)
	if err := r.refused(); err != nil {
		return nil, err
	}
	account, err := r.Service.RegisterContract(r.ctx, r.call, in.input())
	if err != nil {
		return nil, err
	}
	answer := contractOf(account, r.call.Today())
	if answer.Obligation, err = obligationOf(account.Contract.Obligation); err != nil {
		return nil, err
	}
	return r.created("/v1/contracten/"+answer.ID, account.Balance.Seq, answer)
}

func listContracts(r *request) (*response, error) {
	asked := query[contractQuery](r)
	if err := r.refused(); err != nil {
		return nil, err
	}
	wanted := app.ContractQuery{Authority: asked.Authority, Phase: sroi.Phase(asked.Phase)}
	accounts, next, err := r.Service.Contracts(r.ctx, r.call, wanted, asked.page())
	if err != nil {
		return nil, err
	}
	today := r.call.Today()
	return listed(r, "contracten", accounts, next, func(a app.Account) contractAnswer { return contractOf(a, today) })
}

// readContract answers with the forecast too, which comes in the same call.
func readContract(r *request) (*response, error) {
	at := path[contractPath](r)
	if err := r.refused(); err != nil {
		return nil, err
	}
	prospect, err := r.Service.Prospect(r.ctx, r.call, at.contract())
	if err != nil {
		return nil, err
	}
	answer := contractOf(prospect.Account, r.call.Today())
	answer.Forecast = prospectOf(prospect, r.call.Today())
	return r.versioned(http.StatusOK, prospect.Balance.Seq, answer)
}

type obligationQuery struct {
	AsOf calendar.Date `json:"peildatum,omitzero"`
}

// obligationStateAnswer is the obligation in force, beside the stages that are
// known and the part that is due.
type obligationStateAnswer struct {
	obligationAnswer
	Estimated *obligationAnswer `json:"geraamd,omitempty"`
	Current   *obligationAnswer `json:"actueel,omitempty"`
	Final     *obligationAnswer `json:"definitief,omitempty"`
	Due       *receiptAnswer    `json:"verschuldigd"`
}

func obligationStateOf(o app.ObligationState) (obligationStateAnswer, error) {
	inForce, err := obligationOf(o.Contract.Obligation)
	answer := obligationStateAnswer{obligationAnswer: inForce}
	if err != nil {
		return answer, err
	}
	for stage, place := range map[ruleset.Stage]**obligationAnswer{
		ruleset.Estimated: &answer.Estimated, ruleset.Current: &answer.Current, ruleset.Final: &answer.Final,
	} {
		if known, ok := o.Contract.Stage(stage); ok {
			represented, err := obligationOf(known)
			if err != nil {
				return answer, err
			}
			*place = &represented
		}
	}
	answer.Due, err = receiptOf(o.Due)
	return answer, err
}

// readObligation answers what is owed, at which stage, and what is due of it.
func readObligation(r *request) (*response, error) {
	at, asked := path[contractPath](r), query[obligationQuery](r)
	if err := r.refused(); err != nil {
		return nil, err
	}
	state, err := r.Service.Obligation(r.ctx, r.call, at.contract(), asked.AsOf)
	if err != nil {
		return nil, err
	}
	if r.offer == mediaHTML {
		return r.page(func(w io.Writer) error { return present.ObligationHTML(w, state.Contract, state.Due) })
	}
	answer, err := obligationStateOf(state)
	if err != nil {
		return nil, err
	}
	return r.answer(http.StatusOK, answer)
}
