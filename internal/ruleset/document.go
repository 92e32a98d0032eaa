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
	Areas            sourced[[]Area]            `json:"areas"`
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
	Register         *Register                  `json:"register,omitempty"`
	Obligation       obligationRules            `json:"obligation"`
	PersonLimit      *PersonLimit               `json:"personLimit,omitempty"`
	Blocks           []Block                    `json:"blocks,omitempty"` // none: no value table was published
	Bonuses          []Bonus                    `json:"bonuses,omitempty"`
	Ceilings         []Ceiling                  `json:"ceilings,omitempty"`
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

// Reached tells whether a placement that started on a day counts as an extra job
// with these verified hours: in some span it has the hours a week, and the spans
// together have the months.
func (e ExtraJob) Reached(start calendar.Date, verified []Hours) bool {
	var units int64
	var longest calendar.Minutes
	for _, hours := range verified {
		units += calendar.MonthsFromStart.Units(start, hours.Span)
		longest = max(longest, hours.PerWeek)
	}
	return longest >= e.MinHours && units*12 >= int64(e.MinMonths)*calendar.MonthsFromStart.UnitsPerYear()
}

// Register is the register of social enterprises that decides what a seller is
// on the invoice date.
type Register struct {
	ID     string `json:"id" form:"id"`
	Source string `json:"source" form:"id"`
}

// ObligationRule is how much Social Return a contract of one nature carries.
type ObligationRule struct {
	Kind          ObligationKind   `json:"kind"`
	Basis         Basis            `json:"basis,omitempty"` // what the percentage is taken of
	Threshold     *Threshold       `json:"threshold,omitempty"`
	Small         *SmallRule       `json:"small,omitempty"`         // what a contract under the threshold carries
	MinimumMonths int              `json:"minimumMonths,omitempty"` // a shorter term carries nothing
	Percentages   []PercentageRule `json:"percentages,omitempty"`
	// Floor is the least that a bid may offer, or that may be agreed for a contract.
	Floor     money.Percent     `json:"floor,omitempty"`
	Cap       money.Cents       `json:"cap,omitempty"` // per project; zero: none
	Discounts []Discount        `json:"discounts,omitempty"`
	Source    string            `json:"source" form:"id"`
	SourceOf  map[string]string `json:"sourceOf,omitempty"`
}

// SmallRule asks for societal activities of a contract under the threshold.
type SmallRule struct {
	From       money.Cents `json:"from,omitempty"` // a smaller contract carries nothing
	Activities int         `json:"activities"`
}

// Discount is what a certificate (PSO) of the contractor takes off an obligation,
// where it is valid at tender and on every day of the term. The highest level
// that is counts.
type Discount struct {
	Level   string        `json:"level" form:"id"` // such as "pso-3"
	Percent money.Percent `json:"percent"`
	Source  string        `json:"source" form:"id"`
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

// PersonLimit is how long one person counts, over all contracts and suppliers
// together, in the blocks that it names: in worked hours or in months, one of
// both.
type PersonLimit struct {
	Hours  calendar.Minutes `json:"hours,omitempty"`
	Months int              `json:"months,omitempty"`
	// GapMonths: a time without a Social Return place that is shorter than this
	// uses nothing up, a longer one does. Without it a gap uses up no worked hours,
	// and every gap uses up months.
	GapMonths int               `json:"gapMonths,omitempty"`
	AppliesTo []string          `json:"appliesTo" form:"code"` // blocks; who is exempt is in none of them
	Source    string            `json:"source" form:"id"`
	SourceOf  map[string]string `json:"sourceOf,omitempty"`
}

// Ceiling is the share of the obligation that some blocks together can meet; what
// is verified beyond it meets nothing.
type Ceiling struct {
	Code      string            `json:"code" form:"code"`
	Label     string            `json:"label"` // in Dutch
	Percent   money.Percent     `json:"percent"`
	AppliesTo []string          `json:"appliesTo" form:"code"` // blocks; each in one ceiling at most
	Source    string            `json:"source" form:"id"`
	SourceOf  map[string]string `json:"sourceOf,omitempty"`
}

// Block is a building block: one row of the published value table.
type Block struct {
	Code     string      `json:"code" form:"code"`
	Label    string      `json:"label"` // in Dutch, as published
	Kind     Kind        `json:"kind"`
	Category Category    `json:"category"`
	Payer    Payer       `json:"payer,omitempty"` // of the person's benefit, where it matters
	Value    money.Cents `json:"value,omitempty"` // per unit of the kind; zero where the kind has none
	Weeks    int         `json:"weeks,omitempty"` // that the value is for, of kind PerWeeks
	// DailyMaximum is the most that one person's hours of one day are worth, of
	// kind PerHour; zero: no maximum.
	DailyMaximum money.Cents `json:"dailyMaximum,omitempty"`
	ProRata      ProRata     `json:"proRata,omitempty"`
	Forms        []Form      `json:"forms,omitempty"` // of a placement
	// MaxMonths is how many months count per person, block and contract, from
	// the first counted day, gaps included; zero: no limit.
	MaxMonths int `json:"maxMonths,omitempty"`
	// DuringSubsidy: where a wage-cost subsidy is paid for the person, only the
	// days on which it runs count.
	DuringSubsidy bool `json:"duringSubsidy,omitempty"`
	// SameEmployerMonths: who worked for the same employer in so many months
	// before the placement does not count; zero: no such rule.
	SameEmployerMonths int                `json:"sameEmployerMonths,omitempty"`
	Recognitions       []RecognitionShare `json:"recognitions,omitempty"` // of the seller in a purchase
	Source             string             `json:"source" form:"id"`
	SourceOf           map[string]string  `json:"sourceOf,omitempty"`
}

// RecognitionShare is which part of a purchase counts for a kind of seller.
type RecognitionShare struct {
	Recognition Recognition   `json:"recognition"`
	Percent     money.Percent `json:"percent"`
	Source      string        `json:"source" form:"id"`
}

// Bonus is an amount on top of a placement, or in place of its block's value.
type Bonus struct {
	Code  string      `json:"code" form:"code"`
	Label string      `json:"label"` // in Dutch, as published
	Value money.Cents `json:"value"`
	// ProRata: counts like the value of the block; else once, in the window that
	// holds the first day that is worth anything.
	ProRata bool `json:"proRata"`
	// Replaces: comes in place of the block's value, not on top of it; pro rata
	// only. Of several the highest counts.
	Replaces bool `json:"replaces,omitempty"`
	// Group joins bonuses that replace each other: the highest counts.
	Group string `json:"group,omitempty" form:"id"`

	MinimumAge              int               `json:"minimumAge,omitempty"`              // in whole years on the reference date
	MinimumInternshipMonths int               `json:"minimumInternshipMonths,omitempty"` // in whole months, with this employer before
	Conditions              []Condition       `json:"conditions,omitempty"`              // that a consultant verifies
	AppliesTo               []string          `json:"appliesTo" form:"code"`
	Source                  string            `json:"source" form:"id"`
	SourceOf                map[string]string `json:"sourceOf,omitempty"`
}

// Evidence is a kind of paper that proves an effort.
type Evidence struct {
	Code     string `json:"code" form:"id"`
	Label    string `json:"label"` // in Dutch
	Kinds    []Kind `json:"kinds"` // the kinds of block that it proves
	Required bool   `json:"required"`
	Source   string `json:"source" form:"id"`
}
