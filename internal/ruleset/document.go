// SPDX-License-Identifier: EUPL-1.2

package ruleset

import (
	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
)

// schemaNumber is the only format of rule-set files so far.
const schemaNumber = 1

// document is a rule-set file. Each value names the source or the assumption
// that it rests on: a single value in its own "source", the values of an object
// in the object's "source" but for those that "sourceOf" lists.
type document struct {
	Schema           int                        `json:"schema"`
	ID               string                     `json:"id" form:"id"`
	Title            string                     `json:"title"`
	Region           string                     `json:"region"`
	Validity         validity                   `json:"validity"`
	Sources          []Source                   `json:"sources,omitempty"`
	Assumptions      []Assumption               `json:"assumptions,omitempty"`
	Anchor           sourced[Anchor]            `json:"anchor"`
	PersonReference  sourced[PersonReference]   `json:"personReference"`
	NormWeek         sourced[calendar.Minutes]  `json:"normWeek"`
	DayCount         sourced[calendar.DayCount] `json:"dayCount"`
	Cadence          sourced[cadence]           `json:"cadence"`
	DecideWithinDays sourced[int]               `json:"decideWithinDays"`
	HeadStartMonths  sourced[int]               `json:"headStartMonths"`
	MinimumWeek      sourced[calendar.Minutes]  `json:"minimumWeek"`
	ExtraJob         ExtraJob                   `json:"extraJob"`
	Obligation       obligationRules            `json:"obligation"`
	WorkedHoursLimit *WorkedHoursLimit          `json:"workedHoursLimit,omitempty"`
	Blocks           []Block                    `json:"blocks"`
	Bonuses          []Bonus                    `json:"bonuses,omitempty"`
	Evidence         []Evidence                 `json:"evidence,omitempty"`
}

// sourced is a single value with the source that states it.
type sourced[T any] struct {
	Value  T      `json:"value"`
	Source string `json:"source" form:"id"`
}

type validity struct {
	From     calendar.Date     `json:"from"`
	To       calendar.Date     `json:"to,omitzero"`
	Source   string            `json:"source" form:"id"`
	SourceOf map[string]string `json:"sourceOf,omitempty"`
}

type obligationRules struct {
	Works    ObligationRule `json:"works"`
	Services ObligationRule `json:"services"`
	Supplies ObligationRule `json:"supplies"`
}

// Source is where a value was published.
type Source struct {
	ID        string        `json:"id" form:"id"`
	Title     string        `json:"title"`
	URL       string        `json:"url" form:"url"`
	Retrieved calendar.Date `json:"retrieved"`
}

// Assumption is what a rule set takes to be so for want of a source.
type Assumption struct {
	ID   string `json:"id" form:"id"`
	Text string `json:"text"` // in Dutch
}

// ExtraJob is what a placement must reach to count as an extra job.
type ExtraJob struct {
	MinHours  calendar.Minutes  `json:"minHours"`  // per week
	MinMonths int               `json:"minMonths"` // of duration
	Source    string            `json:"source" form:"id"`
	SourceOf  map[string]string `json:"sourceOf,omitempty"`
}

// ObligationRule is how much Social Return a contract of one nature carries.
type ObligationRule struct {
	Basis         Basis             `json:"basis"`
	Threshold     *Threshold        `json:"threshold,omitempty"`
	MinimumMonths int               `json:"minimumMonths,omitempty"` // a shorter term carries nothing
	Percentages   []PercentageRule  `json:"percentages,omitempty"`
	Cap           money.Cents       `json:"cap,omitempty"` // per project; zero: none
	Source        string            `json:"source" form:"id"`
	SourceOf      map[string]string `json:"sourceOf,omitempty"`
}

// Threshold is the contract value, excl. VAT, from or above which an obligation
// exists: a fixed amount, or the European threshold of the publication date.
type Threshold struct {
	Comparison  Comparison    `json:"comparison"`
	Amount      money.Cents   `json:"amount,omitempty"`
	EUThreshold []DatedAmount `json:"euThreshold,omitempty"`
}

// DatedAmount is an amount that holds on the days of a span, both included.
type DatedAmount struct {
	From   calendar.Date `json:"from"`
	To     calendar.Date `json:"to"`
	Amount money.Cents   `json:"amount"`
	Source string        `json:"source" form:"id"`
}

// PercentageRule is a percentage of the contract value. The first rule whose
// condition holds applies; the last has none.
type PercentageRule struct {
	Percent          money.Percent `json:"percent"`
	LabourShareBelow money.Percent `json:"labourShareBelow,omitempty"` // only under this labour share; zero: always
}

// WorkedHoursLimit is how many worked hours of one person count, over all
// contracts and suppliers together, in the blocks that it names.
type WorkedHoursLimit struct {
	Hours calendar.Minutes `json:"hours"`
	// GapMonths: a time without a Social Return place that is shorter than this
	// uses nothing up; zero: no rule. Whoever keeps the tally applies it.
	GapMonths int               `json:"gapMonths,omitempty"`
	AppliesTo []string          `json:"appliesTo" form:"code"`
	Source    string            `json:"source" form:"id"`
	SourceOf  map[string]string `json:"sourceOf,omitempty"`
}

// Block is a building block: one row of the published value table.
type Block struct {
	Code     string      `json:"code" form:"code"`
	Label    string      `json:"label"` // in Dutch, as published
	Kind     Kind        `json:"kind"`
	Category Category    `json:"category"`
	Value    money.Cents `json:"value,omitempty"` // per unit of the kind; zero where the kind has none
	ProRata  ProRata     `json:"proRata,omitempty"`
	Forms    []Form      `json:"forms,omitempty"` // of a placement
	// MaxMonths is how many months count per person, block and contract, from
	// the first counted day, gaps included; zero: no limit.
	MaxMonths    int                `json:"maxMonths,omitempty"`
	Recognitions []RecognitionShare `json:"recognitions,omitempty"` // of the seller in a purchase
	// Exclusions are questions in Dutch that the consultant must answer with no.
	Exclusions []string          `json:"exclusions,omitempty"`
	Source     string            `json:"source" form:"id"`
	SourceOf   map[string]string `json:"sourceOf,omitempty"`
}

// RecognitionShare is which part of a purchase counts for a kind of seller.
type RecognitionShare struct {
	Recognition Recognition   `json:"recognition"`
	Percent     money.Percent `json:"percent"`
	Source      string        `json:"source" form:"id"`
}

// Bonus is an amount on top of a placement.
type Bonus struct {
	Code  string      `json:"code" form:"code"`
	Label string      `json:"label"` // in Dutch, as published
	Value money.Cents `json:"value"`
	// ProRata: counts like the value of the block; else once, in the window that
	// holds the first day that is worth anything.
	ProRata bool `json:"proRata"`
	// Group joins bonuses that replace each other: the highest counts.
	Group      string            `json:"group,omitempty" form:"id"`
	MinimumAge int               `json:"minimumAge,omitempty"` // in years on the reference date; zero: none
	AppliesTo  []string          `json:"appliesTo" form:"code"`
	Source     string            `json:"source" form:"id"`
	SourceOf   map[string]string `json:"sourceOf,omitempty"`
}

// Evidence is a kind of paper that proves an effort.
type Evidence struct {
	Code     string `json:"code" form:"id"`
	Label    string `json:"label"` // in Dutch
	Kinds    []Kind `json:"kinds"` // the kinds of block that it proves
	Required bool   `json:"required"`
	Source   string `json:"source" form:"id"`
}
