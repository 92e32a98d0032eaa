// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"encoding/json"
	"fmt"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

// rulesAnswer pins a version of a rule set.
type rulesAnswer struct {
	ID      string        `json:"id"`
	Version calendar.Date `json:"versie"`
	SHA256  string        `json:"sha256"`
}

func rulesOf(ref ruleset.Ref) rulesAnswer {
	return rulesAnswer{ID: ref.ID, Version: ref.Version, SHA256: ref.SHA256}
}

// receiptAnswer shows how an amount came about, in Dutch.
type receiptAnswer struct {
	Rules       rulesAnswer       `json:"rekenregel"`
	Kind        word[receiptKind] `json:"soort"`
	Path        string            `json:"vindplaats,omitempty"`
	Source      string            `json:"bron,omitempty"`
	Input       any               `json:"invoer,omitempty"`
	Steps       []stepAnswer      `json:"stappen"`
	Exact       string            `json:"exact,omitempty"`
	Rounding    string            `json:"afronding,omitempty"`
	Result      money.Cents       `json:"uitkomst"`
	Assumptions []string          `json:"aannames"`
	Text        string            `json:"toelichting"`
}

type stepAnswer struct {
	Text  string `json:"tekst"`
	Value string `json:"waarde"`
	Unit  string `json:"eenheid,omitempty"`
}

var roundings = map[string]string{"halfAwayFromZero/cent": "halfVanNulAf/cent"}

func receiptOf(r ruleset.Receipt) (*receiptAnswer, error) {
	answer := &receiptAnswer{
		Rules: rulesOf(r.Rules), Kind: word[receiptKind](r.Kind), Path: r.Path, Source: r.Source, Exact: r.Exact,
		Rounding: roundings[r.Rounding], Result: r.Result, Assumptions: each(r.Assumptions, same[string]), Text: r.Text,
		Steps: each(r.Steps, func(s ruleset.Step) stepAnswer { return stepAnswer{Text: s.Text, Value: s.Value, Unit: s.Unit} }),
	}
	if len(r.Input) == 0 {
		return answer, nil
	}
	var err error
	answer.Input, err = receiptInput(r)
	return answer, err
}

func same[T any](value T) T { return value }

// receiptInput puts the input of a receipt in the names of the wire.
func receiptInput(r ruleset.Receipt) (any, error) {
	switch r.Kind {
	case ruleset.ObligationResult:
		return inputAs(r.Input, obligationInputOf)
	case ruleset.DueResult:
		return inputAs(r.Input, dueInputOf)
	case ruleset.PlacementEffort:
		return inputAs(r.Input, placementInputOf)
	case ruleset.PurchaseEffort:
		return inputAs(r.Input, purchaseInputOf)
	case ruleset.ActivityEffort:
		return inputAs(r.Input, activityInputOf)
	case ruleset.CorrectionResult:
		return inputAs(r.Input, correctionInputOf)
	case ruleset.RejectionResult:
		return inputAs(r.Input, rejectionInputOf)
	}
	return nil, fmt.Errorf("edge: a receipt of kind %q", r.Kind)
}

func inputAs[T, W any](raw json.RawMessage, wire func(T) W) (any, error) {
	var input T
	if err := json.Unmarshal(raw, &input); err != nil {
		return nil, fmt.Errorf("edge: the input of a receipt: %w", err)
	}
	return wire(input), nil
}

// days is a span on the wire.
type days struct {
	From calendar.Date `json:"van"`
	To   calendar.Date `json:"totEnMet,omitzero"`
}

func daysOf(s calendar.Span) days   { return days{From: s.From, To: s.To} }
func (d days) span() calendar.Span  { return calendar.Span{From: d.From, To: d.To} }
func hoursOf(h ruleset.Hours) hours { return hours{From: h.From, To: h.To, PerWeek: h.PerWeek} }
func (h hours) scheduled() ruleset.Hours {
	return ruleset.Hours{Span: calendar.Span{From: h.From, To: h.To}, PerWeek: h.PerWeek}
}

// hours is a dated span of constant weekly hours on the wire.
type hours struct {
	From    calendar.Date    `json:"van"`
	To      calendar.Date    `json:"totEnMet,omitzero"`
	PerWeek calendar.Minutes `json:"urenPerWeek"`
}

// schedule is nil where there is none: then it says nothing.
func schedule(list []hours) []ruleset.Hours {
	if list == nil {
		return nil
	}
	return each(list, hours.scheduled)
}

type obligationInput struct {
	Nature      word[ruleset.Nature] `json:"aard"`
	Value       money.Cents          `json:"waarde"`
	From        calendar.Date        `json:"van"`
	To          calendar.Date        `json:"totEnMet,omitzero"`
	LabourShare *money.Percent       `json:"arbeidsaandeel,omitempty"`
	Offered     *money.Percent       `json:"aangebodenPercentage,omitempty"`
	Published   calendar.Date        `json:"publicatieDatum,omitzero"`
	basisGiven
}

// basisGiven is what an obligation may be taken of beside the contract value.
type basisGiven struct {
	BidSum        *money.Cents        `json:"inschrijfsom,omitempty" validate:"omitempty,min=0"`
	WageBill      *money.Cents        `json:"loonsom,omitempty" validate:"omitempty,min=0"`
	Stage         word[ruleset.Stage] `json:"stand,omitempty"`
	Realised      *money.Cents        `json:"opgegeven,omitempty" validate:"omitempty,min=0"`
	AsOf          calendar.Date       `json:"peildatum,omitzero"`
	TenderDate    calendar.Date       `json:"inschrijfDatum,omitzero"`
	Certificates  []certificate       `json:"certificaten,omitempty" validate:"max=100,dive"`
	CertifiedAsOf calendar.Date       `json:"certificatenTotEnMet,omitzero"`
}

// certificate is a certificate of the contractor on the wire.
type certificate struct {
	Level string        `json:"niveau" validate:"code"`
	From  calendar.Date `json:"van"`
	To    calendar.Date `json:"totEnMet"`
}

func (c certificate) certificate() ruleset.Certificate {
	return ruleset.Certificate{Level: c.Level, Span: calendar.Span{From: c.From, To: c.To}}
}

func certificateOf(c ruleset.Certificate) certificate {
	return certificate{Level: c.Level, From: c.From, To: c.To}
}

func obligationInputOf(in ruleset.ObligationInput) obligationInput {
	return obligationInput{
		Nature: word[ruleset.Nature](in.Nature), Value: in.Value, From: in.Term.From, To: in.Term.To,
		LabourShare: in.LabourShare, Offered: in.Offered, Published: in.Published,
		basisGiven: basisGiven{
			BidSum: in.BidSum, WageBill: in.WageBill, Stage: word[ruleset.Stage](in.Stage), Realised: in.Realised,
			AsOf: in.AsOf, TenderDate: in.TenderDate, Certificates: each(in.Certificates, certificateOf), CertifiedAsOf: in.CertifiedAsOf,
		},
	}
}

// dueInput is what a part pro rata of the term depends on.
type dueInput struct {
	Obligation money.Cents   `json:"srVerplichting"`
	From       calendar.Date `json:"van"`
	To         calendar.Date `json:"totEnMet"`
	AsOf       calendar.Date `json:"peildatum"`
}

func dueInputOf(in ruleset.DueInput) dueInput {
	return dueInput{Obligation: in.Obligation, From: in.Term.From, To: in.Term.To, AsOf: in.AsOf}
}

type placementInput struct {
	Block        string             `json:"bouwblok"`
	Bonuses      []string           `json:"bonussen"`
	Form         word[ruleset.Form] `json:"vorm"`
	Schedule     []hours            `json:"urenschema"`
	Counted      days               `json:"teldagen"`
	FirstCounted calendar.Date      `json:"eersteTelDatum,omitzero"`
	Window       days               `json:"tijdvak"`
	Approved     []hours            `json:"goedgekeurd,omitzero"`
	Worked       calendar.Minutes   `json:"gewerkteUren,omitzero"`
	personFacts
}

// personFacts is what is known of a placed person beside the hours.
type personFacts struct {
	Earlier          []earlierTime `json:"eerder,omitempty" validate:"max=500"`
	Subsidised       []days        `json:"subsidie,omitempty" validate:"max=500"`
	LeftEmployer     calendar.Date `json:"laatstBijWerkgever,omitzero"`
	Age              int           `json:"leeftijd,omitempty" validate:"min=0,max=120"`
	InternshipMonths int           `json:"stageMaanden,omitempty" validate:"min=0,max=1200"`
}

// earlierTime is a time in which a person counted, on the wire.
type earlierTime struct {
	From   calendar.Date    `json:"van"`
	To     calendar.Date    `json:"totEnMet"`
	Worked calendar.Minutes `json:"gewerkteUren,omitzero"`
}

func earlierOf(e ruleset.Earlier) earlierTime {
	return earlierTime{From: e.From, To: e.To, Worked: e.Worked}
}

func (e earlierTime) earlier() ruleset.Earlier {
	return ruleset.Earlier{Span: calendar.Span{From: e.From, To: e.To}, Worked: e.Worked}
}

func personFactsOf(in ruleset.PlacementInput) personFacts {
	return personFacts{
		Earlier: each(in.Earlier, earlierOf), Subsidised: each(in.Subsidised, daysOf),
		LeftEmployer: in.LeftEmployer, Age: in.Age, InternshipMonths: in.InternshipMonths,
	}
}

func placementInputOf(in ruleset.PlacementInput) placementInput {
	answer := placementInput{
		Block: in.Block, Bonuses: each(in.Bonuses, same[string]), Form: word[ruleset.Form](in.Form), Schedule: each(in.Schedule, hoursOf),
		Counted: daysOf(in.Counted), FirstCounted: in.FirstCounted, Window: daysOf(in.Window),
		Worked: in.Worked, personFacts: personFactsOf(in),
	}
	if in.Approved != nil {
		answer.Approved = each(in.Approved, hoursOf)
	}
	return answer
}

type purchaseInput struct {
	Block       string                    `json:"bouwblok"`
	InvoiceDate calendar.Date             `json:"factuurDatum"`
	Amount      money.Cents               `json:"bedrag"`
	LabourPart  *money.Cents              `json:"arbeidsdeel,omitempty"`
	Recognition word[ruleset.Recognition] `json:"erkenning"`
	Register    *registerEntry            `json:"register,omitempty"`
}

// registerEntry is the version of a seller's entry in a register.
type registerEntry struct {
	ID      string `json:"id"`
	Version int    `json:"versie"`
}

func purchaseInputOf(in ruleset.PurchaseInput) purchaseInput {
	answer := purchaseInput{
		Block: in.Block, InvoiceDate: in.InvoiceDate, Amount: in.Amount, LabourPart: in.LabourPart,
		Recognition: word[ruleset.Recognition](in.Recognition),
	}
	if in.Register != nil {
		answer.Register = &registerEntry{ID: in.Register.ID, Version: in.Register.Version}
	}
	return answer
}

type activityInput struct {
	Block  string           `json:"bouwblok"`
	Date   calendar.Date    `json:"datum"`
	Hours  calendar.Minutes `json:"uren,omitzero"`
	People int              `json:"deelnemers,omitempty"`
	Cost   *money.Cents     `json:"kosten,omitempty"`
	Agreed *money.Cents     `json:"afgesproken,omitempty"`
}

func activityInputOf(in ruleset.ActivityInput) activityInput {
	return activityInput{Block: in.Block, Date: in.Date, Hours: in.Hours, People: in.People, Cost: in.Cost, Agreed: in.Agreed}
}

type correctionInput struct {
	Line   int         `json:"regel,omitempty"`
	Year   int         `json:"jaar"`
	Before money.Cents `json:"eerderGoedgekeurd"`
	Delta  money.Cents `json:"verschil"`
}

func correctionInputOf(in ruleset.CorrectionInput) correctionInput {
	return correctionInput{Line: in.Line, Year: in.Year, Before: in.Before, Delta: in.Delta}
}

type rejectionInput struct {
	Claimed money.Cents `json:"opgegeven"`
}

func rejectionInputOf(in ruleset.RejectionInput) rejectionInput {
	return rejectionInput{Claimed: in.Claimed}
}

// obligationAnswer is what a contract owes; in a contract without its receipt.
type obligationAnswer struct {
	Applies    bool                   `json:"vanToepassing"`
	Reason     word[obligationReason] `json:"reden"`
	Stage      word[ruleset.Stage]    `json:"stand"`
	Amount     money.Cents            `json:"bedrag"`
	Activities int                    `json:"activiteiten,omitempty"`
	Receipt    *receiptAnswer         `json:"berekening,omitempty"`
}

func obligationOf(o ruleset.Obligation) (obligationAnswer, error) {
	receipt, err := receiptOf(o.Receipt)
	answer := obligationWithout(o)
	answer.Receipt = receipt
	return answer, err
}

// obligationWithout leaves the receipt out.
func obligationWithout(o ruleset.Obligation) obligationAnswer {
	return obligationAnswer{
		Applies: o.Applies, Reason: word[obligationReason](o.Reason), Stage: word[ruleset.Stage](o.Stage),
		Amount: o.Amount, Activities: o.Activities,
	}
}

type assumptionAnswer struct {
	RuleSet string `json:"rekenregel"`
	ID      string `json:"id"`
	Text    string `json:"tekst"`
}

func assumptionOf(a sroi.Assumption) assumptionAnswer {
	return assumptionAnswer{RuleSet: a.RuleSet, ID: a.ID, Text: a.Text}
}
