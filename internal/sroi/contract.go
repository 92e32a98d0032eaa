// SPDX-License-Identifier: EUPL-1.2

package sroi

import (
	"slices"
	"time"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/ruleset"
)

// Contract is an agreement that carries an obligation, as it is now. Each change
// is an Amendment, which keeps the contract as it was; the first entry hashes the
// contract as it was registered.
type Contract struct {
	ID            string         `json:"id"`
	Authority     AuthorityID    `json:"authority"`
	Areas         []AreaSpan     `json:"areas,omitempty"` // the authority's, when it was registered
	AuthorityKind AuthorityKind  `json:"authorityKind"`
	Desk          string         `json:"desk"`
	Tender        string         `json:"tender"`
	Lot           string         `json:"lot"`
	Number        string         `json:"number"` // the authority's own, unique within it
	Title         string         `json:"title"`
	Supplier      string         `json:"supplier"` // KvK number
	SupplierName  string         `json:"supplierName"`
	Nature        ruleset.Nature `json:"nature"`
	Value         money.Cents    `json:"value"`  // excl. VAT
	BidSum        money.Cents    `json:"bidSum"` // the value at registration; it stays
	Term          calendar.Span  `json:"term"`
	Signed        calendar.Date  `json:"signed"` // contract date
	Awarded       calendar.Date  `json:"awarded"`
	Clause        string         `json:"clause"` // reference to the clause in the contract; never empty
	Offered       *money.Percent `json:"offered,omitempty"`
	LabourShare   *money.Percent `json:"labourShare,omitempty"`
	WageBill      *money.Cents   `json:"wageBill,omitempty"`  // as estimated
	Published     calendar.Date  `json:"published,omitzero"`  // of the tender
	TenderDate    calendar.Date  `json:"tenderDate,omitzero"` // of the bid
	// Certificates of the contractor, as far as they are known up to CertifiedAsOf
	// (zero: the first day of the term).
	Certificates  []ruleset.Certificate `json:"certificates,omitempty"`
	CertifiedAsOf calendar.Date         `json:"certifiedAsOf,omitzero"`
	Rules         ruleset.Ref           `json:"rules"`
	// Obligation is the one in force. Where its basis moves with the contract,
	// Others are the other stages that are known, in order.
	Obligation ruleset.Obligation   `json:"obligation"`
	Others     []ruleset.Obligation `json:"others,omitempty"`
	// Reported is the moving basis so far, Settled the whole of it once that is known.
	Reported *Reported `json:"reported,omitempty"`
	Settled  *Reported `json:"settled,omitempty"`
	Opening  *Opening  `json:"opening,omitempty"`
	// HeadStartMonths before the term also count; Cadence is how often it reports;
	// Ceilings are the shares of the obligation that some blocks can meet. All
	// from the rule set.
	HeadStartMonths int              `json:"headStartMonths,omitempty"`
	Cadence         calendar.Cadence `json:"cadence"`
	Ceilings        []Ceiling        `json:"ceilings,omitempty"`
	// Late are the last days of periods that had been reported when the term was
	// extended over those days; they are claimed with the next period.
	Late []calendar.Span `json:"late,omitempty"`
	// Blocks are the codes of building blocks from before the contract moved to
	// its present rules, with what they are called there.
	Blocks     map[string]string `json:"blocks,omitempty"`
	Registered time.Time         `json:"registered"`
	Act        string            `json:"act"`
	Payload    string            `json:"payload"`
	Version    int               `json:"version"` // from 1
	// LinesFrom is the version since which lines are worth what they are: an older
	// draft was valued under another term or other rules.
	LinesFrom int `json:"linesFrom,omitempty"`
}

// Obliged is the contract with its obligations under its rules: every stage that
// is known. The final one is in force; before that the greater of estimated and
// current, for an obligation does not shrink while its basis still moves. It
// returns ruleset.Faults.
func (c Contract) Obliged(rules *ruleset.RuleSet) (Contract, error) {
	inForce, err := rules.Obligation(c.obligationInput("", nil))
	if err != nil {
		return c, err
	}
	var others []ruleset.Obligation
	for _, known := range []struct {
		stage    ruleset.Stage
		reported *Reported
	}{{ruleset.Current, c.Reported}, {ruleset.Final, c.Settled}} {
		if known.reported == nil || inForce.Stage == ruleset.Final {
			continue
		}
		next, err := rules.Obligation(c.obligationInput(known.stage, known.reported))
		if err != nil {
			return c, err
		}
		if next.Stage == ruleset.Final || next.Amount >= inForce.Amount {
			inForce, next = next, inForce
		}
		others = append(others, next)
	}
	slices.SortFunc(others, func(a, b ruleset.Obligation) int { return rank(a.Stage) - rank(b.Stage) })
	c.Obligation, c.Others = inForce, others
	return c, nil
}

func rank(stage ruleset.Stage) int {
	return slices.Index([]ruleset.Stage{ruleset.Estimated, ruleset.Current, ruleset.Final}, stage)
}

// Stage is the obligation at a stage; false where that is not known.
func (c Contract) Stage(stage ruleset.Stage) (ruleset.Obligation, bool) {
	for _, o := range append([]ruleset.Obligation{c.Obligation}, c.Others...) {
		if o.Stage == stage {
			return o, true
		}
	}
	return ruleset.Obligation{}, false
}

// obligationInput is all that the obligation depends on, at a stage.
func (c Contract) obligationInput(stage ruleset.Stage, reported *Reported) ruleset.ObligationInput {
	in := ruleset.ObligationInput{
		Nature: c.Nature, Value: c.Value, BidSum: &c.BidSum, Term: c.Term, LabourShare: c.LabourShare, WageBill: c.WageBill,
		Offered: c.Offered, Published: c.Published, Stage: stage, TenderDate: c.TenderDate,
		Certificates: c.Certificates, CertifiedAsOf: c.CertifiedAsOf,
	}
	if reported != nil {
		in.Realised, in.AsOf = &reported.Amount, reported.AsOf
	}
	return in
}

// Under is the contract under other rules: what of it follows from them. How
// often it reports stays as it was agreed.
func (c Contract) Under(rules *ruleset.RuleSet) Contract {
	c.Rules, c.HeadStartMonths, c.Ceilings = rules.Ref(), rules.HeadStartMonths, nil
	for _, ceiling := range rules.Ceilings {
		c.Ceilings = append(c.Ceilings, Ceiling{Code: ceiling.Code, Label: ceiling.Label, Percent: ceiling.Percent})
	}
	return c
}

// Due is what is due of the obligation in force at the end of a day.
func (c Contract) Due(asOf calendar.Date) ruleset.DueInput {
	return ruleset.DueInput{Obligation: c.Obligation.Amount, Term: c.Term, AsOf: asOf}
}

// BlockIn is the code under the contract's present rules of a building block
// that was typed at any time.
func (c Contract) BlockIn(code string) string {
	if present, moved := c.Blocks[code]; moved {
		return present
	}
	return code
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
// the term, and before it the head start where the period is the first, or days
// that came too late for the period before.
func (c Contract) LineSpan(p calendar.Period) calendar.Span {
	span := p.Span()
	if p == calendar.PeriodOf(c.Term.From, c.Cadence) {
		span.From = c.Counted().From
	}
	for _, late := range c.Late {
		if late.To.AddDays(1) == p.Span().From {
			span.From = late.From
		}
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
	// FactsChanged is the day on which the schedule or those two were last changed
	// after a statement was handed in that reckoned with them; zero: never.
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
