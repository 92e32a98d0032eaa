// SPDX-License-Identifier: EUPL-1.2

package sroi

import (
	"time"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/ruleset"
)

// Contract is an agreement that carries an obligation. It never changes in this
// version of the system, so all of it may be hashed by its first entry.
type Contract struct {
	ID            string             `json:"id"`
	Authority     AuthorityID        `json:"authority"`
	Areas         []AreaSpan         `json:"areas,omitempty"` // the authority's, when it was registered
	AuthorityKind AuthorityKind      `json:"authorityKind"`
	Desk          string             `json:"desk"`
	Tender        string             `json:"tender"`
	Lot           string             `json:"lot"`
	Number        string             `json:"number"` // the authority's own, unique within it
	Title         string             `json:"title"`
	Supplier      string             `json:"supplier"` // KvK number
	SupplierName  string             `json:"supplierName"`
	Nature        ruleset.Nature     `json:"nature"`
	Value         money.Cents        `json:"value"` // excl. VAT
	Term          calendar.Span      `json:"term"`
	Signed        calendar.Date      `json:"signed"` // contract date
	Awarded       calendar.Date      `json:"awarded"`
	Clause        string             `json:"clause"` // reference to the clause in the contract; never empty
	Offered       *money.Percent     `json:"offered,omitempty"`
	LabourShare   *money.Percent     `json:"labourShare,omitempty"`
	Rules         ruleset.Ref        `json:"rules"`
	Obligation    ruleset.Obligation `json:"obligation"`
	Opening       *Opening           `json:"opening,omitempty"`
	// HeadStartMonths before the term also count; Cadence is how often it reports. Both from the rule set.
	HeadStartMonths int              `json:"headStartMonths,omitempty"`
	Cadence         calendar.Cadence `json:"cadence"`
	Registered      time.Time        `json:"registered"`
	Act             string           `json:"act"`
	Payload         string           `json:"payload"`
}

// Opening is what was verified before the contract came into this system.
type Opening struct {
	Verified money.Cents   `json:"verified"`
	AsOf     calendar.Date `json:"asOf"`
	Note     string        `json:"note"`
}

// Counted is the days on which efforts count: the term and its head start, but
// for what an opening balance covers.
func (c Contract) Counted() calendar.Span {
	return c.sinceOpening(calendar.Span{From: c.Term.From.AddMonths(-c.HeadStartMonths), To: c.Term.To})
}

func (c Contract) sinceOpening(span calendar.Span) calendar.Span {
	if c.Opening == nil {
		return span
	}
	return span.Intersect(calendar.Span{From: c.Opening.AsOf.AddDays(1)})
}

// Periods are the periods that the contract reports on.
func (c Contract) Periods() []calendar.Period {
	return calendar.Periods(c.sinceOpening(c.Term), c.Cadence)
}

// LineSpan is the days that a line about a period may claim: the period within
// the term, and before it the head start where the period is the first.
func (c Contract) LineSpan(p calendar.Period) calendar.Span {
	span := p.Span()
	if p == calendar.PeriodOf(c.Term.From, c.Cadence) {
		span.From = c.Counted().From
	}
	return span.Intersect(c.Counted())
}

// AreasIn are the codes of the areas that the contract's figures of a year roll
// up into; see Authority.AreasIn.
func (c Contract) AreasIn(year int) []string {
	return Authority{ID: c.Authority, Kind: c.AuthorityKind, Areas: c.Areas}.AreasIn(year)
}

// Phase is where a contract is in its life.
type Phase string

// The phases of a contract.
const (
	Upcoming Phase = "upcoming"
	Running  Phase = "running"
	Ended    Phase = "ended"
)

// PhaseOn is the contract's phase on a day.
func (c Contract) PhaseOn(today calendar.Date) Phase {
	switch {
	case today.Before(c.Term.From):
		return Upcoming
	case today.After(c.Term.To):
		return Ended
	}
	return Running
}

// Token stands for a person: a keyed hash, never a name.
type Token string

// Relation is what an employer is to the contractor.
type Relation string

// The relations of an employer.
const (
	Contractor    Relation = "contractor"
	Subcontractor Relation = "subcontractor"
	Agency        Relation = "agency"
	ShelteredWork Relation = "sheltered" // sheltered-employment (SW) company
)

// Employer is who employs the placed person.
type Employer struct {
	KvK      string   `json:"kvk"`
	Name     string   `json:"name"`
	Relation Relation `json:"relation"`
}

// Placement is a person at work for a contract. Its identity is its number
// within the contract; statements name it.
type Placement struct {
	Contract string       `json:"contract"`
	Number   int          `json:"number"` // from 1, without gaps
	Person   Token        `json:"person"`
	Block    string       `json:"block"`    // building block of the contract's rule set
	Category string       `json:"category"` // the block's target-group category
	Bonuses  []string     `json:"bonuses,omitempty"`
	Employer Employer     `json:"employer"`
	Form     ruleset.Form `json:"form"`
	// Schedule is the agreed hours: dated spans in order; a gap is days in no span.
	Schedule []ruleset.Hours `json:"schedule"`
	// Subsidised is the days on which a wage-cost subsidy is paid for the person,
	// in order; LeftEmployer is the last day on which the person worked for this
	// employer before, zero where that never was or is not known.
	Subsidised   []calendar.Span `json:"subsidised,omitempty"`
	LeftEmployer calendar.Date   `json:"leftEmployer,omitzero"`
	// FactsChanged is the day on which those two were last changed after a
	// statement was handed in that reckoned with them; zero: never.
	FactsChanged calendar.Date `json:"factsChanged,omitzero"`
	// Continues tells that it renews or continues an earlier job, so that it is no new start.
	Continues bool `json:"continues,omitempty"`
	// Replaces is the number of the placement whose place it takes: a new
	// person, not a new job. Zero where it replaces none.
	Replaces int       `json:"replaces,omitempty"`
	Added    time.Time `json:"added"`
	Act      string    `json:"act"`
	Payload  string    `json:"payload"`
	Version  int       `json:"version"` // from 1
}

// Start is the first day of the placement.
func (p Placement) Start() calendar.Date { return p.Schedule[0].From }

// End is the last day of the placement; that of an open one is far away.
func (p Placement) End() calendar.Date { return p.Schedule[len(p.Schedule)-1].End() }
