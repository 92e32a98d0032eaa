// SPDX-License-Identifier: EUPL-1.2

package ruleset

import (
	"fmt"
	"regexp"
	"slices"
)

// Kind is how a block turns an effort into euros. The list is closed: a new
// kind is new code and a new schema number.
type Kind string

// The kinds of block. The first five are worth of a placement, the next two of
// a purchase, the last four of an activity.
const (
	PerFulltimeYear   Kind = "perFulltimeYear"   // value × hours ÷ norm week × months ÷ 12
	PerMonth          Kind = "perMonth"          // value × months; hours do not matter
	PerLearningYear   Kind = "perLearningYear"   // value × months ÷ 12, with hours only where ProRata says so
	PerWeeks          Kind = "perWeeks"          // value × days ÷ (7 × Weeks), with hours only where ProRata says so
	PerPlacement      Kind = "perPlacement"      // value once, where the first day counts
	InvoicePercentage Kind = "invoicePercentage" // a share of the invoice excl. VAT
	LabourPart        Kind = "labourPart"        // a share of the labour part of the invoice
	PerHour           Kind = "perHour"           // value × hours, to a maximum a day where there is one
	PerActivity       Kind = "perActivity"       // value once
	ActualCost        Kind = "actualCost"        // what it cost, excl. VAT
	Agreed            Kind = "agreed"            // the amount of a custom arrangement
)

// The kinds of effort: what a receipt is about, and what a line claims.
const (
	PlacementEffort  = "placement"
	PurchaseEffort   = "purchase"
	ActivityEffort   = "activity"
	ObligationResult = "obligation" // the kinds of a receipt that is about no effort, from here on
	DueResult        = "due"
	CorrectionResult = "correction"
	RejectionResult  = "rejection"
)

// Effort is the kind of effort that a block of this kind values: placement,
// purchase or activity, and empty for no kind.
func (k Kind) Effort() string {
	switch k {
	case PerFulltimeYear, PerMonth, PerLearningYear, PerWeeks, PerPlacement:
		return PlacementEffort
	case InvoicePercentage, LabourPart:
		return PurchaseEffort
	case PerHour, PerActivity, ActualCost, Agreed:
		return ActivityEffort
	}
	return ""
}

func (k Kind) valid() bool { return k.Effort() != "" }

// hasValue tells whether a block of this kind carries euros per unit.
func (k Kind) hasValue() bool {
	return k.Effort() == PlacementEffort || k == PerHour || k == PerActivity
}

// Unit is what the value of the block is per, in Dutch: "voltijdjaar".
func (b *Block) Unit() string {
	switch b.Kind {
	case PerFulltimeYear:
		return "voltijdjaar"
	case PerMonth:
		return "maand"
	case PerLearningYear:
		return "leerjaar"
	case PerWeeks:
		if b.Weeks == 1 {
			return "week"
		}
		return fmt.Sprintf("%d weken", b.Weeks)
	case PerPlacement:
		return "plaatsing"
	case PerActivity:
		return "activiteit"
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

// ObligationKind is what settles whether a nature of contract carries an
// obligation.
type ObligationKind string

// The kinds of obligation.
const (
	ByPercentage       ObligationKind = "percentage"
	DecidedPerContract ObligationKind = "decidedPerContract" // the percentage is agreed for each contract
	NoObligation       ObligationKind = "none"
)

func (k ObligationKind) valid() bool {
	return k == ByPercentage || k == DecidedPerContract || k == NoObligation
}

// Basis is what a percentage is taken of, always excl. VAT.
type Basis string

// The bases. Under the last two the obligation moves with the contract: it is
// estimated, then current, then final.
const (
	OfContractValue    Basis = "contractValue" // as amended
	OfBidSum           Basis = "bidSum"        // as awarded, whatever the contract becomes
	OfLabourShare      Basis = "labourShare"   // the labour part of the contract value
	OfInvoicedTurnover Basis = "invoicedTurnover"
	OfWageBill         Basis = "wageBill"
)

func (b Basis) valid() bool {
	switch b {
	case OfContractValue, OfBidSum, OfLabourShare, OfInvoicedTurnover, OfWageBill:
		return true
	}
	return false
}

// Moving tells that the basis is only known while the contract runs.
func (b Basis) Moving() bool { return b == OfInvoicedTurnover || b == OfWageBill }

// dutch is the name of the basis in the interface.
func (b Basis) dutch() string {
	switch b {
	case OfBidSum:
		return "inschrijfsom"
	case OfLabourShare:
		return "arbeidsdeel van de opdrachtwaarde"
	case OfInvoicedTurnover:
		return "gefactureerde omzet"
	case OfWageBill:
		return "loonsom"
	}
	return "opdrachtwaarde"
}

// Stage is how far an obligation is known.
type Stage string

// The stages. Without a moving basis an obligation is final from the start.
const (
	Estimated Stage = "estimated" // of what the contract is expected to come to
	Current   Stage = "current"   // of what was reported so far
	Final     Stage = "final"
)

func (s Stage) valid() bool { return s == Estimated || s == Current || s == Final }

// Payer is who pays a person's benefit.
type Payer string

// The payers.
const (
	Municipality Payer = "municipality"
	BenefitsBody Payer = "uwv" // the national employee insurance agency
	NoPayer      Payer = "none"
)

func (p Payer) valid() bool { return p == Municipality || p == BenefitsBody || p == NoPayer }

// Condition is what must hold for a bonus and no number tells.
type Condition string

// The conditions.
const (
	PermanentContract Condition = "permanentContract"
	RefugeeStatus     Condition = "refugeeStatus"
	StatusOrLanguage  Condition = "statusOrLanguage" // refugee status, or a language gap
	WorkDisability    Condition = "workDisability"
)

func (c Condition) valid() bool { return c.Question() != "" }

// Question is what a consultant must be able to answer with yes, in Dutch.
func (c Condition) Question() string {
	switch c {
	case PermanentContract:
		return "Is het een dienstverband voor onbepaalde tijd?"
	case RefugeeStatus:
		return "Heeft de kandidaat een verblijfsstatus als vluchteling?"
	case StatusOrLanguage:
		return "Is de kandidaat statushouder, of is er een taalachterstand?"
	case WorkDisability:
		return "Heeft de kandidaat een arbeidsbeperking?"
	}
	return ""
}

// Area is where a rule set applies: a municipality (GM0200) or a labour market
// region (AM06).
type Area string

var areaForm = regexp.MustCompile(`^(GM[0-9]{4}|AM[0-9]{2})$`)

func (a Area) valid() bool { return areaForm.MatchString(string(a)) }

type cadence string

func (c cadence) valid() bool { return c == "monthly" || c == "quarterly" || c == "halfYearly" }

func (f Form) valid() bool {
	return slices.Contains([]Form{Employment, AgencyWork, Secondment, LearningJob, Internship, WorkExperience}, f)
}

// Employs tells whether the form is employment: a job, not a place.
func (f Form) Employs() bool { return f == Employment || f == AgencyWork || f == Secondment }

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

// Dutch is the name of the recognition in the interface.
func (r Recognition) Dutch() string {
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
