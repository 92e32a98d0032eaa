// SPDX-License-Identifier: EUPL-1.2

package ruleset

import "slices"

// Kind is how a block turns an effort into euros. The list is closed: a new
// kind is new code and a new schema number.
type Kind string

// The kinds of block. The first three are worth of a placement, the next two
// of a purchase, the last three of an activity.
const (
	PerFulltimeYear   Kind = "perFulltimeYear"   // value × hours ÷ norm week × months ÷ 12
	PerMonth          Kind = "perMonth"          // value × months; hours do not matter
	PerLearningYear   Kind = "perLearningYear"   // value × months ÷ 12, with hours only where ProRata says so
	InvoicePercentage Kind = "invoicePercentage" // a share of the invoice excl. VAT
	LabourPart        Kind = "labourPart"        // a share of the labour part of the invoice
	PerHour           Kind = "perHour"           // value × hours
	ActualCost        Kind = "actualCost"        // what it cost, excl. VAT
	Agreed            Kind = "agreed"            // the amount of a custom arrangement
)

// The kinds of effort: what a receipt is about, and what a line claims.
const (
	PlacementEffort  = "placement"
	PurchaseEffort   = "purchase"
	ActivityEffort   = "activity"
	ObligationResult = "obligation" // the kinds of a receipt that is about no effort, from here on
	CorrectionResult = "correction"
	RejectionResult  = "rejection"
)

// Effort is the kind of effort that a block of this kind values: placement,
// purchase or activity, and empty for no kind.
func (k Kind) Effort() string {
	switch k {
	case PerFulltimeYear, PerMonth, PerLearningYear:
		return PlacementEffort
	case InvoicePercentage, LabourPart:
		return PurchaseEffort
	case PerHour, ActualCost, Agreed:
		return ActivityEffort
	}
	return ""
}

func (k Kind) valid() bool { return k.Effort() != "" }

// hasValue tells whether a block of this kind carries euros per unit.
func (k Kind) hasValue() bool { return k.Effort() == PlacementEffort || k == PerHour }

// unit is what the value of a block is per, in Dutch.
func (k Kind) unit() string {
	switch k {
	case PerFulltimeYear:
		return "voltijdjaar"
	case PerMonth:
		return "maand"
	case PerLearningYear:
		return "leerjaar"
	}
	return "uur"
}

// ProRata is what the worth of a placement is proportional to.
type ProRata string

// The ways of counting pro rata.
const (
	HoursAndDuration ProRata = "hoursAndDuration"
	DurationOnly     ProRata = "duration"
)

func (p ProRata) valid() bool { return p == HoursAndDuration || p == DurationOnly }

// Category is the stable name under which reports count a block: blocks split
// and merge between versions, categories do not. The words are those of the
// reports, so Dutch.
type Category string

// The categories: target groups first, then what is no group of people.
const (
	CategoryParticipationAct Category = "participatiewet"
	CategoryUnemployment     Category = "ww"
	CategoryDisabilityAct    Category = "wia"              // WIA and its predecessor WAO
	CategoryJobsAgreement    Category = "banenafspraak"    // the target-group register, Wajong included
	CategoryDisabled         Category = "arbeidsbeperking" // a row that joins register, WIA, WSW and sheltered work
	CategoryNoBenefit        Category = "nug"
	CategoryYouth            Category = "jongere" // without basic qualification
	CategoryApprentice       Category = "leerling"
	CategoryIntern           Category = "stagiair"
	CategoryWorkExperience   Category = "werkervaring"
	CategoryPurchase         Category = "sociale-inkoop"
	CategoryActivity         Category = "activiteit"
	CategoryTraining         Category = "scholing"
	CategoryCustom           Category = "maatwerk"
)

func (c Category) valid() bool {
	switch c {
	case CategoryParticipationAct, CategoryUnemployment, CategoryDisabilityAct, CategoryJobsAgreement,
		CategoryDisabled, CategoryNoBenefit, CategoryYouth, CategoryApprentice, CategoryIntern,
		CategoryWorkExperience, CategoryPurchase, CategoryActivity, CategoryTraining, CategoryCustom:
		return true
	}
	return false
}

// Anchor is which date of a contract selects the version of the rule set.
type Anchor string

// The anchors.
const (
	TenderPublication Anchor = "tenderPublication"
	ContractDate      Anchor = "contract"
	AwardDate         Anchor = "award"
)

func (a Anchor) valid() bool {
	return a == TenderPublication || a == ContractDate || a == AwardDate
}

// PersonReference is the date on which a person's group and age are read.
type PersonReference string

// The reference dates.
const (
	AtAward          PersonReference = "award"
	AtPlacementStart PersonReference = "placementStart"
)

func (r PersonReference) valid() bool { return r == AtAward || r == AtPlacementStart }

// Comparison tells whether the threshold itself carries an obligation.
type Comparison string

// The comparisons.
const (
	From  Comparison = "from"  // the threshold itself does
	Above Comparison = "above" // only more than it does
)

func (c Comparison) valid() bool { return c == From || c == Above }

// Basis is what settles whether a nature of contract carries an obligation.
type Basis string

// The bases.
const (
	ByPercentage       Basis = "percentage"
	DecidedPerContract Basis = "decidedPerContract" // the percentage is agreed for each contract
	NoObligation       Basis = "none"
)

func (b Basis) valid() bool { return b == ByPercentage || b == DecidedPerContract || b == NoObligation }

type cadence string

func (c cadence) valid() bool { return c == "monthly" || c == "quarterly" || c == "halfYearly" }

func (f Form) valid() bool {
	return slices.Contains([]Form{Employment, AgencyWork, Secondment, LearningJob, Internship, WorkExperience}, f)
}

// dutch is the name of the form in the interface.
func (f Form) dutch() string {
	switch f {
	case Employment:
		return "dienstverband"
	case AgencyWork:
		return "uitzendwerk"
	case Secondment:
		return "detachering"
	case LearningJob:
		return "leerbaan"
	case Internship:
		return "stage"
	case WorkExperience:
		return "werkervaringsplek"
	}
	return ""
}

func (r Recognition) valid() bool { return r == Recognised || r == Aspirant || r == Sheltered }

// dutch is the name of the recognition in the interface.
func (r Recognition) dutch() string {
	switch r {
	case Recognised:
		return "erkende sociale onderneming"
	case Aspirant:
		return "aspirant-sociale onderneming"
	case Sheltered:
		return "SW-bedrijf"
	}
	return ""
}
