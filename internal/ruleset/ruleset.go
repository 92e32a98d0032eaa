// SPDX-License-Identifier: EUPL-1.2

// Package ruleset holds what a municipality's Social Return policy says, as
// dated data, and computes with it: the obligation of a contract, and the worth
// of placements, purchases and activities, each with a receipt.
//
// Everything is pure. A rule set is a file under data/, strictly read, never
// edited once published; a contract pins one version by its hash. Amounts are
// exact fractions until the one rounding at the end.
package ruleset

import (
	"encoding/json"
	"iter"
	"slices"

	"socialreturn/internal/calendar"
)

// RuleSet is one version of a region's rules. It is immutable and safe for
// concurrent use; its fields and what they refer to must not be changed.
type RuleSet struct {
	ID               string
	Title            string // in Dutch
	Region           string // in Dutch
	Areas            []Area // where it applies; a municipality's own goes before its region's
	Validity         calendar.Span
	Sources          []Source
	Assumptions      []Assumption
	Anchor           Anchor          // the date of a contract that selects the version
	PersonReference  PersonReference // the date on which group and age are read
	NormWeek         calendar.Minutes
	DayCount         calendar.DayCount
	Cadence          calendar.Cadence
	DecideWithinDays int              // calendar days from submission to decision
	HeadStartMonths  int              // how long before the contract a placement counts; zero: not
	MinimumWeek      calendar.Minutes // fewer hours a week are worth nothing; zero: no minimum
	ExtraJob         ExtraJob
	Register         string       // of social enterprises, by its id; empty: none decides
	PersonLimit      *PersonLimit // nil: none
	Blocks           []Block
	Bonuses          []Bonus
	Ceilings         []Ceiling
	Evidence         []Evidence

	doc     document
	raw     []byte
	ref     Ref
	blocks  map[string]*Block
	bonuses map[string]*Bonus
	assumed map[string]int // place of an assumption in the file
}

func newRuleSet(d document, raw []byte, ref Ref) *RuleSet {
	rs := &RuleSet{
		ID: d.ID, Title: d.Title, Region: d.Region, Validity: d.Validity.span(),
		Sources: d.Sources, Assumptions: d.Assumptions,
		Anchor: d.Anchor.Value, PersonReference: d.PersonReference.Value,
		NormWeek: d.NormWeek.Value, DayCount: d.DayCount.Value, Cadence: d.Cadence.Value.cadence(),
		DecideWithinDays: d.DecideWithinDays.Value, HeadStartMonths: d.HeadStartMonths.Value,
		MinimumWeek: d.MinimumWeek.Value, ExtraJob: d.ExtraJob, PersonLimit: d.PersonLimit,
		Areas: d.Areas.Value, Blocks: d.Blocks, Bonuses: d.Bonuses, Ceilings: d.Ceilings, Evidence: d.Evidence,
		doc: d, raw: raw, ref: ref,
		blocks: map[string]*Block{}, bonuses: map[string]*Bonus{}, assumed: map[string]int{},
	}
	if d.Register != nil {
		rs.Register = d.Register.ID
	}
	for i := range rs.Blocks {
		rs.blocks[rs.Blocks[i].Code] = &rs.Blocks[i]
	}
	for i := range rs.Bonuses {
		rs.bonuses[rs.Bonuses[i].Code] = &rs.Bonuses[i]
	}
	for i, assumption := range rs.Assumptions {
		rs.assumed[assumption.ID] = i
	}
	return rs
}

func (c cadence) cadence() calendar.Cadence {
	switch c {
	case "monthly":
		return calendar.Monthly
	case "halfYearly":
		return calendar.HalfYearly
	}
	return calendar.Quarterly
}

// Ref pins this version.
func (rs *RuleSet) Ref() Ref { return rs.ref }

// Raw is a copy of the bytes of the file, whose SHA-256 Ref gives.
func (rs *RuleSet) Raw() []byte { return slices.Clone(rs.raw) }

// MarshalJSON writes the rule set in the format of its file.
func (rs *RuleSet) MarshalJSON() ([]byte, error) { return json.Marshal(rs.doc) }

// Block is the building block of a code; false where there is none.
func (rs *RuleSet) Block(code string) (*Block, bool) {
	block, found := rs.blocks[code]
	return block, found
}

// ShareOf is which part counts of a purchase from such a seller; false where the
// block counts none of it.
func (b *Block) ShareOf(r Recognition) (RecognitionShare, bool) {
	for _, share := range b.Recognitions {
		if share.Recognition == r {
			return share, true
		}
	}
	return RecognitionShare{}, false
}

// Bonus is the bonus of a code; false where there is none.
func (rs *RuleSet) Bonus(code string) (*Bonus, bool) {
	bonus, found := rs.bonuses[code]
	return bonus, found
}

// BonusesFor leaves of some codes those of bonuses that exist here for a block.
func (rs *RuleSet) BonusesFor(block string, codes []string) []string {
	var kept []string
	for _, code := range codes {
		if bonus, found := rs.bonuses[code]; found && slices.Contains(bonus.AppliesTo, block) {
			kept = append(kept, code)
		}
	}
	return kept
}

// ObligationRule is what a nature of contract carries; false where the nature
// is none.
func (rs *RuleSet) ObligationRule(nature Nature) (ObligationRule, bool) {
	for each, rule := range rs.doc.Obligation.all() {
		if each == nature {
			return *rule, true
		}
	}
	return ObligationRule{}, false
}

func (o *obligationRules) all() iter.Seq2[Nature, *ObligationRule] {
	return func(yield func(Nature, *ObligationRule) bool) {
		_ = yield(Works, &o.Works) && yield(Services, &o.Services) && yield(Supplies, &o.Supplies)
	}
}

// Counted is the days on which a placement on a contract counts: the contract's
// own with the head start before it.
func (rs *RuleSet) Counted(contract calendar.Span) calendar.Span {
	if contract.Empty() {
		return calendar.Span{}
	}
	return calendar.Span{From: contract.From.AddMonths(-rs.HeadStartMonths), To: contract.To}
}

// LimitOf is the limit per person that a block is under; nil: none.
func (rs *RuleSet) LimitOf(block string) *PersonLimit {
	if rs.PersonLimit == nil || !slices.Contains(rs.PersonLimit.AppliesTo, block) {
		return nil
	}
	return rs.PersonLimit
}

// CeilingOf is the ceiling that a block is under; nil: none.
func (rs *RuleSet) CeilingOf(block string) *Ceiling {
	if i := rs.ceilingOf(block); i >= 0 {
		return &rs.Ceilings[i]
	}
	return nil
}

func (rs *RuleSet) ceilingOf(block string) int {
	return slices.IndexFunc(rs.Ceilings, func(c Ceiling) bool { return slices.Contains(c.AppliesTo, block) })
}

// DecideBy is the last day on which a statement that was submitted on a day is
// decided.
func (rs *RuleSet) DecideBy(submitted calendar.Date) calendar.Date {
	return submitted.AddDays(rs.DecideWithinDays)
}

// EvidenceFor lists the papers that prove an effort of a block.
func (rs *RuleSet) EvidenceFor(block string) []Evidence {
	b, found := rs.blocks[block]
	if !found {
		return nil
	}
	var papers []Evidence
	for _, evidence := range rs.Evidence {
		if slices.Contains(evidence.Kinds, b.Kind) {
			papers = append(papers, evidence)
		}
	}
	return papers
}

// AppliedAssumptions gives the words of the assumptions that a receipt of this
// rule set rests on.
func (rs *RuleSet) AppliedAssumptions(r Receipt) []Assumption {
	applied := make([]Assumption, 0, len(r.Assumptions))
	for _, id := range r.Assumptions {
		if i, found := rs.assumed[id]; found {
			applied = append(applied, rs.Assumptions[i])
		}
	}
	return applied
}
