// SPDX-License-Identifier: EUPL-1.2

package ruleset

import (
	"encoding/json"
	"fmt"
	"strings"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
)

// Ref pins one version of a rule set by the hash of its file.
type Ref struct {
	ID      string        `json:"id"`
	Version calendar.Date `json:"version"` // first day in force
	SHA256  string        `json:"sha256"`
}

// Nature is what a contract buys.
type Nature string

// The natures of Directive 2014/24/EU.
const (
	Works    Nature = "works"
	Services Nature = "services"
	Supplies Nature = "supplies"
)

// Form is how a person is placed.
type Form string

// The forms of a placement. The first three are employment.
const (
	Employment     Form = "employment"
	AgencyWork     Form = "agencyWork"
	Secondment     Form = "secondment"
	LearningJob    Form = "learningJob"
	Internship     Form = "internship"
	WorkExperience Form = "workExperience"
)

// Recognition is what a seller is on the invoice date.
type Recognition string

// The recognitions that occur.
const (
	Recognised Recognition = "recognised" // a social enterprise in the region's register
	Aspirant   Recognition = "aspirant"   // on its way into the register
	Sheltered  Recognition = "sheltered"  // a sheltered-employment (SW) company
)

// Hours is a dated span of constant weekly hours.
type Hours struct {
	calendar.Span
	PerWeek calendar.Minutes `json:"perWeek"`
}

// PlacementInput is what a placement's worth depends on. The worth of Window is
// the rounded cumulative worth at its end minus that at its start, so that
// windows that follow each other add up to the rounded whole, in any order.
type PlacementInput struct {
	Block   string   `json:"block"`
	Bonuses []string `json:"bonuses,omitempty"` // codes of bonuses whose conditions hold
	Form    Form     `json:"form"`
	// Schedule is every dated span of the placement, in order, not overlapping.
	Schedule []Hours `json:"schedule"`
	// Counted is the days that count at all: the contract with its head start.
	Counted calendar.Span `json:"counted"`
	// FirstCounted is the first counted day of this person, block and contract:
	// months-limits run from here. Zero: the first counted day of Schedule.
	FirstCounted calendar.Date `json:"firstCounted,omitzero"`
	// Window is the days whose worth is asked.
	Window calendar.Span `json:"window"`
	// Approved is what a consultant leaves of the window: spans inside Window
	// with their weekly hours. Nil leaves everything.
	// An empty list leaves nothing (hence omitzero: it must survive as such).
	Approved []Hours `json:"approved,omitzero"`
	// Worked is the hours worked in the window, and Earlier what was verified of
	// the person before, over all contracts; both only matter to a PersonLimit.
	Worked  calendar.Minutes `json:"worked,omitempty"`
	Earlier []Earlier        `json:"earlier,omitempty"`
	// Subsidised is the days on which a wage-cost subsidy is paid for the person,
	// in order. Nil: none is; only a block that counts DuringSubsidy looks at it.
	Subsidised []calendar.Span `json:"subsidised,omitempty"`
	// LeftEmployer is the last day on which the person worked for this very
	// employer before the placement; zero: never, or not known.
	LeftEmployer calendar.Date `json:"leftEmployer,omitzero"`
	// Age in whole years on the reference date, and InternshipMonths in whole
	// months with this employer before; zero: not known, so not held against a
	// bonus.
	Age              int `json:"age,omitempty"`
	InternshipMonths int `json:"internshipMonths,omitempty"`
}

// Earlier is a time in which a person counted, with the hours worked in it.
type Earlier struct {
	calendar.Span
	Worked calendar.Minutes `json:"worked"`
}

// PurchaseInput is what a purchase's worth depends on.
type PurchaseInput struct {
	Block       string        `json:"block"`
	InvoiceDate calendar.Date `json:"invoiceDate"`
	Amount      money.Cents   `json:"amount"`               // invoice, excl. VAT
	LabourPart  *money.Cents  `json:"labourPart,omitempty"` // part of Amount; asked where only labour counts
	Recognition Recognition   `json:"recognition"`
	// Register is where Recognition stands; nil: the supplier says so.
	Register *RegisterEntry `json:"register,omitempty"`
}

// RegisterEntry is the version of a seller's entry in a register of social
// enterprises.
type RegisterEntry struct {
	ID      string `json:"id"`
	Version int    `json:"version"`
}

// ActivityInput is what an activity's worth depends on.
type ActivityInput struct {
	Block  string           `json:"block"`
	Date   calendar.Date    `json:"date"`
	Hours  calendar.Minutes `json:"hours,omitempty"`  // for a block per hour, of all people together
	People int              `json:"people,omitempty"` // who spent the hours on that day; zero: one
	Cost   *money.Cents     `json:"cost,omitempty"`   // for a block of actual cost, excl. VAT
	Agreed *money.Cents     `json:"agreed,omitempty"` // for a custom arrangement: the amount decided
}

// ObligationInput is what an obligation depends on.
type ObligationInput struct {
	Nature      Nature         `json:"nature"`
	Value       money.Cents    `json:"value"`            // of the contract as it is now, excl. VAT
	BidSum      *money.Cents   `json:"bidSum,omitempty"` // as awarded; nil: Value
	Term        calendar.Span  `json:"term"`
	LabourShare *money.Percent `json:"labourShare,omitempty"`
	WageBill    *money.Cents   `json:"wageBill,omitempty"` // as estimated, of the people on the contract
	// Offered is the percentage of the bid where Social Return was an award
	// criterion; it binds and is never recomputed from the rules.
	Offered *money.Percent `json:"offered,omitempty"`
	// Published is the day on which the tender was published; asked where the
	// threshold is the European one, which changes every two years.
	Published calendar.Date `json:"published,omitzero"`
	// Stage of a moving basis; empty: Estimated. Realised is the turnover or the
	// wage bill that was reported up to AsOf; for Current and Final.
	Stage    Stage        `json:"stage,omitempty"`
	Realised *money.Cents `json:"realised,omitempty"`
	// AsOf is the day up to which things are known; zero: the first day of the
	// term. Certificates of the contractor must hold at tender and until then.
	AsOf         calendar.Date `json:"asOf,omitzero"`
	TenderDate   calendar.Date `json:"tenderDate,omitzero"` // on which the bid was made; with Certificates
	Certificates []Certificate `json:"certificates,omitempty"`
	// CertifiedAsOf is the day up to which Certificates are known, where that is
	// later than AsOf.
	CertifiedAsOf calendar.Date `json:"certifiedAsOf,omitzero"`
}

// Certificate is a certificate of the contractor (PSO), with its validity.
type Certificate struct {
	calendar.Span
	Level string `json:"level"`
}

// CorrectionInput is what a correction changes: what was verified of a line, or
// of a whole contract.
type CorrectionInput struct {
	Line   int         `json:"line,omitempty"` // number of the line; zero: the contract as a whole
	Year   int         `json:"year"`           // concerned
	Before money.Cents `json:"before"`         // verified
	Delta  money.Cents `json:"delta"`          // of it; negative where it becomes less
}

// RejectionInput is what a rejected line claimed.
type RejectionInput struct {
	Claimed money.Cents `json:"claimed"`
}

// Obligation is the outcome for a contract.
type Obligation struct {
	Applies    bool        `json:"applies"`
	Reason     string      `json:"reason"` // one of the Reason constants
	Stage      Stage       `json:"stage"`
	Amount     money.Cents `json:"amount"`
	Activities int         `json:"activities,omitempty"` // asked instead of an amount
	Receipt    Receipt     `json:"receipt"`
}

// Why an obligation is what it is.
const (
	ReasonApplies        = "applies"
	ReasonOffered        = "offered"        // the percentage of the bid binds
	ReasonBelowThreshold = "belowThreshold" // asks nothing
	ReasonActivity       = "activity"       // below the threshold: activities instead of an amount
	ReasonTooShort       = "tooShort"       // under the minimum duration
	ReasonNatureExcluded = "natureExcluded" // this nature carries no obligation under these rules
)

// Receipt shows how an amount came about. Receipts are values: the same input
// under the same rule set gives the same receipt, byte for byte.
type Receipt struct {
	Rules  Ref    `json:"rules"`
	Kind   string `json:"kind"`   // obligation, due, placement, purchase, activity, correction or rejection
	Path   string `json:"path"`   // JSON pointer into the rule-set file; empty where a person set the amount
	Source string `json:"source"` // title and address of the source of that rule
	// Input is the exact input that its kind has, such as PlacementInput, so that
	// Replay can ask again.
	Input json.RawMessage `json:"input,omitempty"`
	Steps []Step          `json:"steps,omitempty"`
	// Exact is the unrounded result in cents as a reduced fraction "4000000/3".
	Exact       string      `json:"exact"`
	Rounding    string      `json:"rounding"` // "halfAwayFromZero/cent"
	Result      money.Cents `json:"result"`
	Assumptions []string    `json:"assumptions,omitempty"` // ids of what the rule set assumes and this amount rests on
	Text        string      `json:"text"`                  // the explanation for people, in Dutch
}

// Step is one line of a receipt, in Dutch: what, how much, in which unit.
type Step struct {
	Text  string `json:"text"`
	Value string `json:"value"`
	Unit  string `json:"unit,omitempty"`
}

// Fault is one thing wrong with an input: a stable code (one of the Fault
// constants), the field of the input it is about (its JSON names joined by
// slashes, such as "schedule/1/perWeek"), and a sentence in Dutch.
type Fault struct {
	Code   string
	Field  string
	Detail string
}

// The codes of faults.
const (
	FaultUnknownBlock     = "unknownBlock"
	FaultWrongKind        = "wrongKind" // the block is no placement, purchase or activity
	FaultForm             = "formNotAllowed"
	FaultUnknownBonus     = "unknownBonus"
	FaultBonusNotForBlock = "bonusNotForBlock"
	FaultDuplicateBonus   = "duplicateBonus"
	FaultRequired         = "required"
	FaultOrder            = "order" // spans out of order or overlapping, an end before its start
	FaultHours            = "hours" // below zero, or over calendar.MaxWeek
	FaultOutsideWindow    = "outsideWindow"
	FaultAboveSchedule    = "aboveSchedule"
	FaultRange            = "range" // an amount or percentage beyond its bounds
	FaultLabourPart       = "labourPartAboveAmount"
	FaultRecognition      = "recognitionNotAllowed"
	FaultUnknownNature    = "unknownNature"
	FaultNoThreshold      = "noThreshold" // no European threshold known on the date
	FaultBelowFloor       = "belowFloor"  // less was offered than the rule set allows
	FaultBonusCondition   = "bonusCondition"
	FaultStage            = "stage" // no stage, or none of this basis
	FaultCertificate      = "certificate"
)

// Faults is every fault of an input at once.
type Faults []Fault

func (f Faults) Error() string {
	details := make([]string, len(f))
	for i, fault := range f {
		details[i] = fault.Detail
	}
	return strings.Join(details, " ")
}

func (f *Faults) add(code, field, format string, args ...any) {
	*f = append(*f, Fault{Code: code, Field: field, Detail: fmt.Sprintf(format, args...)})
}
