// SPDX-License-Identifier: EUPL-1.2

package sroi

import (
	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/ruleset"
)

// TenderFacts is what figures need of a tender, as it stood after an entry.
type TenderFacts struct {
	Authority Authority  `json:"authority"` // id, kind and areas only
	Procedure Procedure  `json:"procedure"`
	CallOff   bool       `json:"callOff,omitempty"`
	Withdrawn bool       `json:"withdrawn,omitempty"`
	Lots      []LotFacts `json:"lots"`
}

// LotFacts is what figures need of a lot.
type LotFacts struct {
	SocialReturn SocialReturn  `json:"socialReturn"`
	Reserved     bool          `json:"reserved,omitempty"`
	Above        bool          `json:"above,omitempty"` // at or above the threshold
	Exempt       bool          `json:"exempt,omitempty"`
	Final        calendar.Date `json:"final,omitzero"`  // date of the final award
	Value        money.Cents   `json:"value,omitempty"` // of the award
}

// Facts is what one contract or tender adds to the figures of an area's year.
// Persons, suppliers and assignments are named, so that a fold over many counts
// each once.
type Facts struct {
	Tender *TenderCount `json:"tender,omitempty"`

	Supplier     string        `json:"supplier,omitempty"` // with a running contract in the year
	Buys         bool          `json:"buys,omitempty"`     // from a social enterprise, verified
	Jobs         []Job         `json:"jobs,omitempty"`     // employment that started in the year
	Placed       PlacedCount   `json:"placed,omitzero"`
	Persons      []Token       `json:"persons,omitempty"` // with verified hours in the year
	Work         int64         `json:"work,omitempty"`    // verified minutes per week × month units
	Assignments  []string      `json:"assignments,omitempty"`
	Purchases    money.Cents   `json:"purchases,omitempty"` // verified invoices of social enterprises, excl. VAT
	Verified     money.Cents   `json:"verified,omitempty"`  // as far as it meets the obligation
	Obliged      []money.Cents `json:"obliged,omitempty"`   // pro rata from 1 January to the end of each month, twelve of them
	ObligedWhole money.Cents   `json:"obligedWhole,omitempty"`
	Undecided    int           `json:"undecided,omitempty"` // submitted lines awaiting a decision
	Unsettled    int           `json:"unsettled,omitempty"` // periods of the year without a decided statement
}

// Job is a verified employment placement that started in the year.
type Job struct {
	Person   Token            `json:"person"`
	Replaces bool             `json:"replaces,omitempty"` // a person, not a job
	PerWeek  calendar.Minutes `json:"perWeek"`            // verified at the start, at most the norm
}

// PlacedCount counts verified placements that started in the year.
type PlacedCount struct {
	Employment     int `json:"employment,omitempty"`
	LearningJob    int `json:"learningJob,omitempty"`
	Internship     int `json:"internship,omitempty"`
	WorkExperience int `json:"workExperience,omitempty"`
}

// TenderCount is a finally awarded tender.
type TenderCount struct {
	Procedure    Procedure   `json:"procedure"`
	SocialReturn bool        `json:"socialReturn,omitempty"` // in any lot
	Above        bool        `json:"above,omitempty"`        // any lot at or above the threshold
	Reserved     bool        `json:"reserved,omitempty"`
	Value        money.Cents `json:"value"`
	ValueSocial  money.Cents `json:"valueSocial,omitempty"` // of the lots with Social Return
	Exempted     money.Cents `json:"exempted,omitempty"`    // of lots above the threshold without it
}

// Step is what a contribution was from a day on.
type Step struct {
	Booked calendar.Date `json:"booked"`
	Facts  Facts         `json:"facts"`
}

// Contribution is the state of one contract's or tender's part in an area's
// year, with how it came about, day by day. An empty Steps adds nothing.
type Contribution struct {
	Area   string        `json:"area"`
	Year   int           `json:"year"`
	Source string        `json:"source"` // "CONTRACT#<id>" or "TENDER#<id>"
	Seq    int           `json:"seq"`    // ledger entries folded
	Booked calendar.Date `json:"booked"` // of the newest of them
	Rules  []ruleset.Ref `json:"rules,omitempty"`
	Steps  Steps         `json:"steps"`
	// Closing is what it was when the year was closed; nil while the year is open.
	Closing *Closing `json:"closing,omitempty"`
}

// Figures are the numbers of an area's year: counts, never names.
type Figures struct {
	Persons         int                         `json:"persons"`
	JobPersons      int                         `json:"jobPersons"` // extra jobs: distinct persons
	Jobs            int                         `json:"jobs"`       // placements that replace none
	JobMinutes      int64                       `json:"jobMinutes"` // weekly minutes of JobPersons, each at most the norm
	Work            int64                       `json:"work"`       // see WorkPerFTEYear
	Placed          PlacedCount                 `json:"placed"`
	Tenders         TenderFigures               `json:"tenders"` // all
	Above           TenderFigures               `json:"above"`   // at or above the threshold
	ByProcedure     map[Procedure]TenderFigures `json:"byProcedure,omitempty"`
	Reserved        int                         `json:"reserved"`
	Exempted        money.Cents                 `json:"exempted"`
	Suppliers       int                         `json:"suppliers"`
	SuppliersBuying int                         `json:"suppliersBuying"`
	Assignments     int                         `json:"assignments"`
	Purchases       money.Cents                 `json:"purchases"`
	Verified        money.Cents                 `json:"verified"`
	Obliged         [12]money.Cents             `json:"obliged"` // to the end of each month
	ObligedWhole    money.Cents                 `json:"obligedWhole"`
	Undecided       int                         `json:"undecided"`
	Unsettled       int                         `json:"unsettled"` // periods, over all contracts, without a decided statement
}

// TenderFigures counts finally awarded tenders, and those with Social Return.
type TenderFigures struct {
	Count       int         `json:"count"`
	Social      int         `json:"social"`
	Value       money.Cents `json:"value"`
	ValueSocial money.Cents `json:"valueSocial"`
}

// Total is the fold of an area's contributions of a year.
type Total struct {
	Area     string        `json:"area"`
	Year     int           `json:"year"`
	Version  int           `json:"version"` // from 1; swapped on every change
	Position Position      `json:"position"`
	Rules    []ruleset.Ref `json:"rules,omitempty"` // that the figures rest on, sorted
	Figures  Figures       `json:"figures"`
	// Course names the months ("2022-03") in which the figures changed, with the
	// hash of each Course item, so that only changed ones are written.
	Course map[string]string `json:"course,omitempty"`
	// Closed is the year as its ledgers were closed; nil while none of them is.
	Closed *ClosedYear `json:"closed,omitempty"`
}

// Course is the figures of an area's year as they stood at the end of each day
// of one month on which they changed.
type Course struct {
	Area  string       `json:"area"`
	Year  int          `json:"year"`
	Month string       `json:"month"` // of booking, "2022-03"
	Days  []DayFigures `json:"days"`
}

// DayFigures is the figures from a day on.
type DayFigures struct {
	Booked  calendar.Date `json:"booked"`
	Figures Figures       `json:"figures"`
}

// IndicatorValue is a figure that someone recorded: a target, or an achieved
// figure measured elsewhere. Revisions are kept; the newest holds.
type IndicatorValue struct {
	Area      string          `json:"area"`
	Code      string          `json:"code"`
	Period    string          `json:"period"`          // a year "2022" or a calendar.Period
	Revision  int             `json:"revision"`        // from 1
	Intended  bool            `json:"intended"`        // a target; else achieved
	Value     *money.Fraction `json:"value,omitempty"` // in the indicator's unit; nil: not measured or not yet known, as State says
	State     Measured        `json:"state"`
	Qualifier Qualifier       `json:"qualifier,omitempty"`
	Reading   Reading         `json:"reading,omitempty"` // of a target
	Source    string          `json:"source"`
	Remark    string          `json:"remark,omitempty"`
	Recorded  calendar.Date   `json:"recorded"`
	Actor     Actor           `json:"actor"`
	Payload   string          `json:"payload"`
}
