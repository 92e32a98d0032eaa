// SPDX-License-Identifier: EUPL-1.2

package sroi

import (
	"time"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/ruleset"
)

// StatementState is where a statement is between supplier and consultant.
type StatementState string

// The states. Withdrawing and sending back lead to a draft again.
const (
	Draft     StatementState = "draft"
	SentBack  StatementState = "sentBack" // a draft again, with the consultant's comment
	Submitted StatementState = "submitted"
	Decided   StatementState = "decided"
)

// Statement is the head of a contract's statement of one period. Its lines are
// items of their own, per revision, and never change.
type Statement struct {
	Contract  string          `json:"contract"`
	Authority AuthorityID     `json:"authority"`
	Desk      string          `json:"desk"`
	Supplier  string          `json:"supplier"`
	Period    calendar.Period `json:"period"`
	State     StatementState  `json:"state"`
	Revision  int             `json:"revision"` // of the lines, from 1
	Lines     int             `json:"lines"`
	LinesHash string          `json:"linesHash"` // over the salted digests of the lines, in order
	Claimed   money.Cents     `json:"claimed"`
	ByYear    []YearAmounts   `json:"byYear,omitempty"` // claimed per year concerned
	// Incomplete is the number of lines that lack a required paper.
	Incomplete int `json:"incomplete,omitempty"`
	// Submission counts the times it was submitted; SubmitAct and SubmitPayload are the newest command's.
	Submission    int           `json:"submission,omitempty"`
	SubmitAct     string        `json:"submitAct,omitempty"`
	SubmitPayload string        `json:"submitPayload,omitempty"`
	SubmittedOn   calendar.Date `json:"submittedOn,omitzero"`
	DecideBy      calendar.Date `json:"decideBy,omitzero"`
	Comment       string        `json:"comment,omitempty"` // of the newest send-back
	Verified      money.Cents   `json:"verified,omitempty"`
	Rejected      money.Cents   `json:"rejected,omitempty"`
	DecisionsHash string        `json:"decisionsHash,omitempty"`
	// PreparedBy are the ids of all who saved a draft of it or submitted it, in
	// order: none of them decides on it.
	PreparedBy []string `json:"preparedBy,omitempty"`
	// ContractVersion is the version of the contract that the lines were valued under.
	ContractVersion int `json:"contractVersion,omitempty"`
	// Act is the newest state-changing command (withdrawal, send-back, closing decision).
	Act     string `json:"act,omitempty"`
	Payload string `json:"payload,omitempty"`
	Version int    `json:"version"` // from 1
}

// Line is a claim with its worth, as it stood when the revision was saved.
type Line struct {
	Number   int             `json:"number"` // from 1
	Claim    Claim           `json:"claim"`
	Span     calendar.Span   `json:"span"` // the days it claims
	Year     int             `json:"year"` // the year it concerns
	Value    money.Cents     `json:"value"`
	Receipt  ruleset.Receipt `json:"receipt"`
	Placed   *Placed         `json:"placed,omitempty"`
	Findings []Finding       `json:"findings,omitempty"`
	// Notices tell the supplier, in Dutch, what stands in the way of approval.
	Notices []string `json:"notices,omitempty"`
	// Missing names the required papers that the claim lacks; it cannot be submitted so.
	Missing []string `json:"missing,omitempty"`
	Salt    string   `json:"salt"` // random; keeps the digest from being guessed
}

// Placed is what the ledger must know of the placement that a line names.
type Placed struct {
	Person    Token           `json:"person"`
	Form      ruleset.Form    `json:"form"`
	Category  string          `json:"category"`
	Start     calendar.Date   `json:"start"` // of the placement
	Continues bool            `json:"continues,omitempty"`
	Replaces  int             `json:"replaces,omitempty"`
	Hours     []ruleset.Hours `json:"hours"` // effective: within the line's days, below the norm
}

// Finding is something the consultant should look at; it blocks nothing.
type Finding struct {
	Code   string `json:"code"`
	Detail string `json:"detail"` // in Dutch
}

// LineVerdict is a consultant's verdict on a line.
type LineVerdict string

// The verdicts on a line.
const (
	Approved       LineVerdict = "approved"
	ApprovedPartly LineVerdict = "approvedPartly"
	Rejected       LineVerdict = "rejected"
)

// Decision is a consultant's decision on one line. It is immutable.
type Decision struct {
	Line    int         `json:"line"`
	Verdict LineVerdict `json:"verdict"`
	Reason  string      `json:"reason,omitempty"` // DecisionReason or OwnReason; required unless approved
	Text    string      `json:"text,omitempty"`
	// What is approved of the line, where that is a part: hours of a placement,
	// or an amount of an invoice, a cost, or hours of an activity.
	Hours  []ruleset.Hours   `json:"hours,omitempty"`
	Amount *money.Cents      `json:"amount,omitempty"`
	Spent  *calendar.Minutes `json:"spent,omitempty"`
	// ApprovedBy is the function of who approved a custom arrangement; never a
	// person's name.
	ApprovedBy string `json:"approvedBy,omitempty"`
	// Recognition is what the rule set's register said of a purchase's seller on
	// the invoice date; empty where the claim decides.
	Recognition ruleset.Recognition `json:"recognition,omitempty"`
	Value       money.Cents         `json:"value"` // verified; at most the line's
	Receipt     ruleset.Receipt     `json:"receipt"`
	Findings    []Finding           `json:"findings,omitempty"`
	Booked      calendar.Date       `json:"booked"`
	At          time.Time           `json:"at"`
	Actor       Actor               `json:"actor"`
	Act         string              `json:"act"`
	Payload     string              `json:"payload"`
	Salt        string              `json:"salt"`
}

// Sighting records that evidence was seen; the paper itself may then go.
type Sighting struct {
	SHA256 string        `json:"sha256"`
	Seen   calendar.Date `json:"seen"`
	Actor  Actor         `json:"actor"`
	Act    string        `json:"act"`
}

// Actor is who acted: a role and a pseudonym.
type Actor struct {
	Role Role   `json:"role"`
	ID   string `json:"id"` // hash of the token's subject
}

// Role is what someone may do.
type Role string

// The roles.
const (
	Officer       Role = "officer"
	Supplier      Role = "supplier"
	Consultant    Role = "consultant"
	Auditor       Role = "auditor"
	Administrator Role = "administrator"
)

// Correction changes what a closed or decided statement said: either one line's
// decision, or an amount as such.
type Correction struct {
	ID       string          `json:"id"`
	Contract string          `json:"contract"`
	Corrects int             `json:"corrects"`        // number of the entry that it corrects
	Period   calendar.Period `json:"period,omitzero"` // with Line: of the statement
	Revision int             `json:"revision,omitempty"`
	Line     int             `json:"line,omitempty"`
	Decision *Decision       `json:"decision,omitempty"` // the line's decision from now on
	Year     int             `json:"year"`               // concerned
	Delta    money.Cents     `json:"delta"`              // of the verified value
	Reason   string          `json:"reason"`             // DecisionReason or OwnReason
	Text     string          `json:"text"`
	// Receipt shows the verified value before and after: of the line, or of the
	// contract where it corrects no line.
	Receipt ruleset.Receipt `json:"receipt"`
	Booked  calendar.Date   `json:"booked"`
	Act     string          `json:"act"`
	Payload string          `json:"payload"`
	Salt    string          `json:"salt"`
}
