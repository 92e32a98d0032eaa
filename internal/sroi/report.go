// SPDX-License-Identifier: EUPL-1.2

package sroi

import (
	"time"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
)

// Report is the council's table of one area and year against another. It holds
// no words for people but what was recorded as such; internal/present has those.
type Report struct {
	Area         Area
	Year         int
	CompareWith  int
	Built        time.Time     // UTC
	AsOf         calendar.Date // the date on which the figures stand
	Position     Position      // up to which ledger entry
	Current      YearState
	Previous     YearState
	SameDateAsOf calendar.Date // the date one year before AsOf, for Row.PreviousAtDate
	Rows         []Row
	// Assumptions are the assumptions of the rule sets that the figures rest on.
	Assumptions []Assumption
	// Restated tells that anything was booked after the year was closed that
	// concerns it: then rows show it as closed, corrected and as restated.
	Restated bool
	// Acts are the first of what was booked so, ActCount is how many there are.
	Acts     []Act
	ActCount int
	// KnownOpen are the periods of such acts that were known to be open when the
	// year was closed, with the reasons given; none in a region's report.
	KnownOpen []OpenPeriod
	// BothRestated tells that last year was restated too: then differences and
	// verdicts compare both years as restated.
	BothRestated bool
}

// WhyOpen is the reason that was given at the close for an act's period to be
// open; empty where none was.
func (r Report) WhyOpen(act Act) string {
	for _, open := range r.KnownOpen {
		if open.Concerns(act) {
			return open.Reason
		}
	}
	return ""
}

// Before is last year's figure that a row's difference and verdict go by.
func (r Report) Before(row Row) Figure {
	if r.BothRestated && row.PreviousRestated.State != "" {
		return row.PreviousRestated
	}
	return row.Previous
}

// Area is a municipality, a labour market region, or an authority of its own.
type Area struct {
	Code string // GM0200, AM06, or an authority's number
	Name string
}

// Position tells up to where the ledgers were read.
type Position struct {
	Entries int           `json:"entries"`         // entries folded, over all contracts and tenders
	Last    string        `json:"last"`            // the newest of them: "<contract or tender id>/<number>"
	Booked  calendar.Date `json:"booked,omitzero"` // when that one was booked
}

// YearState tells how firm a year's figures are.
type YearState struct {
	Final     bool          // closed; else provisional
	ClosedOn  calendar.Date // zero unless Final
	Undecided int           // submitted lines that await a decision
	Unsettled int           // periods of contracts without a decided statement
	Known     bool          // anything was registered in that year at all
}

// Assumption is something a rule set assumes for want of a source.
type Assumption struct {
	RuleSet string // id and version
	ID      string
	Text    string // in Dutch, from the rule-set file
}

// Unit says what a figure counts.
type Unit string

// The units of the council's table.
const (
	UnitCount   Unit = "count"   // whole number of persons, jobs, contractors, assignments
	UnitFTE     Unit = "fte"     // full-time years, shown with two decimals
	UnitPercent Unit = "percent" // a share of one, shown as a percentage with one decimal
	UnitEuro    Unit = "euro"    // cents, shown as euros
)

// Measured tells what a figure's absence means.
type Measured string

// What there may be in a cell.
const (
	HasValue    Measured = "value"
	NotMeasured Measured = "notMeasured" // a dash
	NotYetKnown Measured = "notYetKnown" // will be measured
)

// Figure is a cell: an exact number, or why there is none.
type Figure struct {
	State Measured
	// Value is the exact number in its unit: persons, full-time years, a share
	// of one, or cents.
	Value money.Fraction
	// Parts are numerator and denominator of a share as counted ("18 van 31"),
	// never reduced, in counts or, for a share of value, in cents; zero for other
	// units.
	Parts     money.Fraction
	Qualifier Qualifier
	Source    string // where a figure recorded from elsewhere comes from
	Remark    string
}

// Qualifier tells how firm a number is that someone recorded.
type Qualifier string

// The qualifiers that occur in published tables.
const (
	Exactly Qualifier = ""
	Nearly  Qualifier = "nearly"
	About   Qualifier = "about"
	Over    Qualifier = "over"
)

// Reading tells how a target is meant.
type Reading string

// The readings of a target.
const (
	AtLeast         Reading = "atLeast"         // the year's figure is at least the value
	MoreThanBefore  Reading = "moreThanBefore"  // the figure exceeds last year's; by at least the value where there is one
	HigherThanValue Reading = "higherThanValue" // the figure exceeds the value
)

// Target is what the council intended for the year.
type Target struct {
	Reading   Reading
	Value     *money.Fraction // nil where the reading needs none
	Qualifier Qualifier
	Source    string
	Remark    string
}

// Verdict compares a figure with its target. A year is open while it runs, and
// while a period in it has no decided statement.
type Verdict string

// The verdicts. In an open year a target can be reached already, but not yet be
// missed; a share can do neither.
const (
	NoTarget     Verdict = ""
	Reached      Verdict = "reached"
	NotReached   Verdict = "notReached"
	Undetermined Verdict = "undetermined"
)

// Row is one indicator. A row with a Parent explains another and is shown
// indented under it.
type Row struct {
	Code   string // one of the Indicator codes; a stable name, also in CSV and JSON
	Parent string
	Unit   Unit
	// Previous is last year; of a closed one as it was closed, for that is the
	// figure that the council adopted. PreviousRestated is what it became since,
	// where that differs; without a State where not.
	Previous         Figure
	PreviousRestated Figure
	PreviousAtDate   Figure // last year as it stood at Report.SameDateAsOf
	Current          Figure // of a closed year as restated: with all that was booked since
	Difference       Figure // Current less Report.Before
	// AsClosed is Current when the year was closed, and Correction what that became
	// more; without a State in a year that is open.
	AsClosed   Figure
	Correction Figure
	Target     *Target
	Verdict    Verdict
}

// The codes of the council's table, in the order shown. The first four are the
// indicators of Apeldoorn's programme budget.
const (
	ExtraJobs           = "extra-arbeidsplaatsen"
	TenderShare         = "aandeel-aanbestedingen"
	SocialBuyers        = "opdrachtnemers-sociale-inkoop"
	SocialAssignments   = "opdrachten-impactondernemers"
	TenderShareAbove    = "aandeel-boven-drempel"          // parent: TenderShare
	TenderShareValue    = "aandeel-naar-waarde"            // parent: TenderShare
	TenderShareEuropean = "aandeel-europees"               // parent: TenderShare
	TenderShareNational = "aandeel-nationaal"              // parent: TenderShare
	TenderShareSeveral  = "aandeel-meervoudig-onderhands"  // parent: TenderShare
	TenderShareSingle   = "aandeel-enkelvoudig-onderhands" // parent: TenderShare
	TenderReserved      = "voorbehouden-opdrachten"        // parent: TenderShare
	ExemptedValue       = "vrijgestelde-waarde"            // value of tenders above the threshold without Social Return
	Persons             = "personen"                       // distinct persons with a verified placement running in the year
	JobsStartedFTE      = "extra-arbeidsplaatsen-fte"      // parent: ExtraJobs
	JobsStarted         = "extra-arbeidsplaatsen-banen"    // parent: ExtraJobs; placements rather than persons
	FTEYears            = "voltijdjaren"
	Placements          = "plaatsingen"
	PlacedEmployment    = "plaatsingen-dienstverband" // parent: Placements
	PlacedLearningJob   = "plaatsingen-leerbaan"      // parent: Placements
	PlacedInternship    = "plaatsingen-stage"         // parent: Placements
	PlacedExperience    = "plaatsingen-werkervaring"  // parent: Placements
	SocialPurchaseValue = "waarde-sociale-inkoop"     // parent: SocialAssignments
	RealisedShare       = "gerealiseerd-tegen-verplicht"
	RealisedValue       = "gerealiseerde-waarde"     // parent: RealisedShare
	ObligedValue        = "verplichte-waarde"        // parent: RealisedShare; pro rata of the term
	ObligedWhole        = "verplichte-waarde-geheel" // parent: RealisedShare; the whole obligation
)
