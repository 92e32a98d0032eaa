// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/plan"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

// AuthorityInput sets up a contracting authority.
type AuthorityInput struct {
	ID      sroi.AuthorityID
	Name    string
	Kind    sroi.AuthorityKind
	Areas   []sroi.AreaSpan
	Desk    string
	RuleSet string
}

// TenderInput registers a tender.
type TenderInput struct {
	Authority sroi.AuthorityID
	Reference string
	Title     string
	Procedure sroi.Procedure
	Published calendar.Date
	Notice    string
	Framework bool
	CallOffOf string // tender id of the framework
	Lots      []LotInput
	Omitted   []sroi.Omission
}

// LotInput is a lot of a new tender.
type LotInput struct {
	ID           string
	Title        string
	CPV          string
	Nature       ruleset.Nature // may be empty from a notice
	Estimated    *money.Cents
	SocialReturn sroi.SocialReturn
	ProposedBy   string
	Form         sroi.ClauseForm
	Reserved     bool
	Exemption    *sroi.Exemption
}

// TenderChange changes what is not nil.
type TenderChange struct {
	Title     *string
	Withdrawn *bool
	Lots      []LotChange
}

// LotChange changes what is not nil of the lot with this id.
type LotChange struct {
	ID           string
	Title        *string
	Nature       *ruleset.Nature
	Estimated    *money.Cents
	SocialReturn *sroi.SocialReturn
	Form         *sroi.ClauseForm
	Reserved     *bool
	Exemption    **sroi.Exemption // pointing at nil removes it
}

// AwardInput is a step in the award of a lot.
type AwardInput struct {
	Lot          string
	State        sroi.AwardState
	Date         calendar.Date
	Supplier     string // KvK number; empty when withdrawn
	SupplierName string
	Value        money.Cents // excl. VAT
}

// ContractInput registers a contract from an awarded lot.
type ContractInput struct {
	Tender       string
	Lot          string
	Number       string
	Title        string         // empty: the lot's
	Supplier     string         // KvK number; must be the winner's
	SupplierName string         // empty: as awarded
	Nature       ruleset.Nature // empty: the lot's
	Value        money.Cents    // excl. VAT
	Term         calendar.Span
	Signed       calendar.Date
	Clause       string
	Offered      *money.Percent
	LabourShare  *money.Percent
	Opening      *sroi.Opening
}

// ContractQuery lists the contracts of the actor, or of one of its authorities.
type ContractQuery struct {
	Authority sroi.AuthorityID // empty: the officer's or auditor's only one; ignored for suppliers
	Phase     sroi.Phase       // empty: all
}

// PersonInput says who a person is: by the desk's code, or by name and birth.
type PersonInput struct {
	Code     string
	Initials string
	Surname  string
	Birth    BirthDate
}

// BirthDate may have an unknown (zero) month and day; the year is needed.
type BirthDate struct{ Year, Month, Day int }

// PlacementInput adds a placement.
type PlacementInput struct {
	Person    PersonInput
	Block     string
	Bonuses   []string
	Employer  sroi.Employer
	Form      ruleset.Form
	Schedule  []ruleset.Hours
	Continues bool
	Replaces  int
}

// PlacementChange changes a placement's agreed hours: Schedule replaces
// everything from its first day on. Days of statements already submitted keep
// the hours they were submitted with.
type PlacementChange struct {
	Schedule []ruleset.Hours
	// EndsOn ends the placement on this day, where set.
	EndsOn calendar.Date
}

// LineDecision is a consultant's word on one line.
type LineDecision struct {
	Line    int
	Verdict sroi.LineVerdict
	Reason  string // code; needed unless approved
	Text    string
	// What is approved, where that is a part; the one that fits the line's kind.
	Hours  []ruleset.Hours   // of a placement
	Amount *money.Cents      // of a purchase or an actual cost
	Spent  *calendar.Minutes // of an activity per hour
	NoBSN  bool
}

// DecideInput decides lines, or sends the statement back with a comment.
type DecideInput struct {
	Lines    []LineDecision
	SendBack string
	NoBSN    bool
}

// CorrectionInput corrects a decided line, or an amount as such.
type CorrectionInput struct {
	Corrects int             // number of the ledger entry that is corrected
	Period   calendar.Period // with Decision: of the statement
	Decision *LineDecision   // the line's decision from now on
	Year     int             // without Decision: the year concerned
	Delta    money.Cents     // without Decision: of the verified value
	Reason   string          // code
	Text     string
	NoBSN    bool
}

// CalculationInput asks what a contract and its efforts come to. Exactly one of
// RuleSet, Authority and Area says whose rules.
type CalculationInput struct {
	RuleSet    string           // id
	Version    calendar.Date    // of RuleSet: first day of the version; zero: in force on Date
	Authority  sroi.AuthorityID // its rule set
	Area       ruleset.Area     // the rule set of a municipality or a region
	Date       calendar.Date    // anchor date; zero: the first day of the term
	AdviseFrom calendar.Date    // first day of what is advised; zero: that of the term
	Contract   *ruleset.ObligationInput
	Efforts    []plan.Effort
}

// Calculation is the answer.
type Calculation struct {
	Rules       ruleset.Ref
	Assumptions []sroi.Assumption
	Obligation  *ruleset.Obligation
	plan.Outcome
}

// IndicatorInput records a target, or a figure measured elsewhere.
type IndicatorInput struct {
	Area      string
	Code      string
	Period    string // a year "2022" or a period "2022-Q1"
	Intended  bool
	State     sroi.Measured
	Value     *money.Fraction
	Qualifier sroi.Qualifier
	Reading   sroi.Reading
	Source    string
	Remark    string
	NoBSN     bool
}

// ReportQuery asks for the council's table.
type ReportQuery struct {
	Area        string
	Year        int
	CompareWith int // zero: the year before
}

// StatementFile is a statement with its lines, decisions and seen evidence.
type StatementFile struct {
	Statement sroi.Statement
	Lines     []sroi.Line
	Decisions []sroi.Decision
	Sightings []sroi.Sighting
}

// PeriodState is a period that a contract reports on: its statement, or none yet.
type PeriodState struct {
	Period    calendar.Period
	Span      calendar.Span
	Statement *sroi.Statement
}
