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
	// TwoPeople wants a second consultant to confirm the close of a year.
	TwoPeople bool
}

// CloseInput closes a year of an authority.
type CloseInput struct {
	Authority sroi.AuthorityID
	Year      int
	Open      []KnownOpen
	NoBSN     bool
}

// KnownOpen is a period without a decided statement that the year is closed with.
type KnownOpen struct {
	Contract string
	Period   calendar.Period
	Reason   string // in words
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
	Reason    sroi.TenderReason // needed where figures of a closed year move
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
	Value        money.Cents       // excl. VAT
	Reason       sroi.TenderReason // needed where figures of a closed year move
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
	WageBill     *money.Cents // as estimated
	TenderDate   calendar.Date
	Certificates []ruleset.Certificate
	Opening      *sroi.Opening
}

// AmendmentInput changes a contract. What belongs to its kind is set.
type AmendmentInput struct {
	Kind      sroi.AmendmentKind
	Reason    sroi.AmendmentReason
	Text      string
	NoBSN     bool
	Effective calendar.Date // on which the change took effect
	Value     *money.Cents  // excl. VAT, from now on
	EndsOn    calendar.Date // the last day of the term from now on
	// Certificates of the contractor, all that are known on Effective, and the
	// date of the bid where the contract has none yet.
	Certificates []ruleset.Certificate
	TenderDate   calendar.Date
}

// TurnoverInput reports the moving basis of an obligation over some days.
type TurnoverInput struct {
	From, To calendar.Date
	Amount   money.Cents // excl. VAT
	Final    bool        // this was all of it
	Text     string
	NoBSN    bool
}

// RulesInput moves a contract to another version of its rule set, or to another
// rule set.
type RulesInput struct {
	RuleSet string        // id; empty: the contract's
	Version calendar.Date // first day of the version
	// Blocks gives codes of building blocks that do not exist there their new code.
	Blocks map[string]string
	Reason sroi.AmendmentReason
	Text   string
	NoBSN  bool
	// Deviates acknowledges that the contract's dates select another version.
	Deviates bool
}

// RulesMove is a contract's move to other rules, worked out or carried out.
type RulesMove struct {
	Amendment sroi.Amendment // of a trial what it would be
	Lines     []RevaluedLine // of every decided line
	Balance   sroi.Balance   // after it; of a trial the one that the trial saw
	Expected  sroi.Balance   // of a trial: after it, were it carried out
}

// RevaluedLine is a decided line before and after a move.
type RevaluedLine struct {
	sroi.DecidedLine
	Receipt ruleset.Receipt // after
	Value   money.Cents     // after
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
	Person   PersonInput
	Block    string
	Bonuses  []string
	Employer sroi.Employer
	Form     ruleset.Form
	Schedule []ruleset.Hours
	// Subsidised is the days on which a wage-cost subsidy is paid for the person;
	// LeftEmployer the last day with this employer before, where there was one.
	Subsidised   []calendar.Span
	LeftEmployer calendar.Date
	Continues    bool
	Replaces     int
}

// PlacementChange changes a placement's agreed hours and what is known of the
// person: Schedule replaces everything from its first day on. Statements already
// submitted keep what they were submitted with.
type PlacementChange struct {
	Schedule []ruleset.Hours
	// EndsOn ends the placement on this day, where set.
	EndsOn calendar.Date
	// Subsidised and LeftEmployer replace what is known, nil leaves it.
	Subsidised   *[]calendar.Span
	LeftEmployer *calendar.Date
}

// LineDecision is a consultant's word on one line.
type LineDecision struct {
	Line    int
	Verdict sroi.LineVerdict
	Reason  sroi.DecisionReason // needed unless approved
	Text    string
	// What is approved, where that is a part; the one that fits the line's kind.
	Hours  []ruleset.Hours   // of a placement
	Amount *money.Cents      // of a purchase or an actual cost
	Spent  *calendar.Minutes // of an activity per hour
	// ApprovedBy is the function of who approved a custom arrangement.
	ApprovedBy string
	NoBSN      bool
}

// DecideInput decides lines, or sends the statement back with a comment.
type DecideInput struct {
	Lines    []LineDecision
	SendBack string
	NoBSN    bool
}

// EnterpriseInput is what a register of social enterprises says of a seller.
type EnterpriseInput struct {
	Register string
	KvK      string
	Name     string
	Spans    []sroi.RecognisedSpan
	NoBSN    bool
}

// CorrectionInput corrects a decided line, or an amount as such.
type CorrectionInput struct {
	Corrects int             // number of the ledger entry that is corrected
	Period   calendar.Period // with Decision: of the statement
	Decision *LineDecision   // the line's decision from now on
	Year     int             // without Decision: the year concerned
	Delta    money.Cents     // without Decision: of the verified value
	Reason   sroi.DecisionReason
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

// BreakdownQuery asks what an indicator is made of.
type BreakdownQuery struct {
	Area string
	Year int
	Code string // of the indicator
}

// ObligationState is what a contract owes: the obligation at each stage that is
// known, and what is due of the one in force.
type ObligationState struct {
	Contract sroi.Contract
	Due      ruleset.Receipt
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
