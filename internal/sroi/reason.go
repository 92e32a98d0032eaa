// SPDX-License-Identifier: EUPL-1.2

package sroi

// DecisionReason is why a consultant approves less than was claimed, or corrects
// what was decided. The list is closed: the reasons stand in ledgers for good and
// are printed in reports, where nothing about a person may stand. What there is
// to say more is said in the text beside it.
type DecisionReason string

// The reasons of decisions and corrections.
const (
	NoEvidence        DecisionReason = "noEvidence"
	HoursNotShown     DecisionReason = "hoursNotShown"
	WrongAmount       DecisionReason = "wrongAmount"
	WrongDate         DecisionReason = "wrongDate"
	CountedTwice      DecisionReason = "countedTwice"
	NoTargetGroup     DecisionReason = "noTargetGroup"
	NotPaid           DecisionReason = "notPaid"
	NotRecognised     DecisionReason = "notRecognised"
	OutsideAssignment DecisionReason = "outsideAssignment"
	CountsNoMore      DecisionReason = "countsNoMore" // it exists, but no longer counts
	Miscalculated     DecisionReason = "miscalculated"
	Objection         DecisionReason = "objection"
	CourtRuling       DecisionReason = "courtRuling"
	OtherReason       DecisionReason = "other"
)

// TenderReason is why an officer changes what moves the figures of a closed year.
// It is a closed list for the same reason as DecisionReason.
type TenderReason string

// The reasons of late changes of tenders and awards.
const (
	TenderMisregistered TenderReason = "registrationError"
	TenderLate          TenderReason = "late" // it became known after the close
	TenderObjection     TenderReason = "objection"
	TenderCourtRuling   TenderReason = "courtRuling"
	TenderOtherReason   TenderReason = "other"
)

// OwnReason is why the system itself approved less or booked a correction.
// Nobody gives it by hand.
type OwnReason string

// The system's own reasons.
const (
	LimitReached       OwnReason = "limitReached"       // the rule set allows no more
	RecognitionDiffers OwnReason = "recognitionDiffers" // the register says otherwise than the invoice's line
	RulesChanged       OwnReason = "rulesChanged"       // the contract moved to other rules
)
