// SPDX-License-Identifier: EUPL-1.2

package sroi

import (
	"time"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/ruleset"
)

// Procedure is how a tender is held.
type Procedure string

// The procedures told apart in the figures.
const (
	European          Procedure = "european"
	National          Procedure = "national"
	NegotiatedSeveral Procedure = "negotiatedSeveral" // meervoudig onderhands
	NegotiatedSingle  Procedure = "negotiatedSingle"  // enkelvoudig onderhands
)

// SocialReturn is whether a lot carries a Social Return clause.
type SocialReturn string

// The answers. Proposed comes from a notice and waits for a person.
const (
	Proposed   SocialReturn = "proposed"
	Applied    SocialReturn = "applied"
	NotApplied SocialReturn = "notApplied"
)

// ClauseForm is how Social Return is asked for.
type ClauseForm string

// The forms of a clause.
const (
	Requirement ClauseForm = "requirement" // contract requirement
	Criterion   ClauseForm = "criterion"   // award criterion: the bid's percentage binds
	LotRule     ClauseForm = "lotRule"
)

// ExemptionReason is why a lot above the threshold has no Social Return. There
// is no bare "other".
type ExemptionReason string

// The closed list of reasons.
const (
	NoLabour          ExemptionReason = "noLabour"
	Disproportionate  ExemptionReason = "disproportionate"
	TermTooShort      ExemptionReason = "termTooShort"
	Urgency           ExemptionReason = "urgency"
	NationalFramework ExemptionReason = "nationalFramework"
	TooFewCandidates  ExemptionReason = "tooFewCandidates"
)

// Exemption lets a lot above the threshold go without Social Return.
type Exemption struct {
	Reason   ExemptionReason `json:"reason"`
	Text     string          `json:"text"`
	Approver string          `json:"approver"` // the function that approved, never a person's name
}

// AwardState is how firm an award is.
type AwardState string

// The states of an award.
const (
	Provisional    AwardState = "provisional"
	Final          AwardState = "final"
	WithdrawnAward AwardState = "withdrawn"
)

// Award is one step in the award of a lot; the last one holds.
type Award struct {
	Act          string        `json:"act"`     // id of the command that made it
	Payload      string        `json:"payload"` // its hash
	State        AwardState    `json:"state"`
	Date         calendar.Date `json:"date"`
	Supplier     string        `json:"supplier,omitempty"` // KvK number; empty when withdrawn
	SupplierName string        `json:"supplierName,omitempty"`
	Value        money.Cents   `json:"value,omitempty"` // excl. VAT
}

// Lot is a part of a tender with an award of its own.
type Lot struct {
	ID           string         `json:"id"`
	Title        string         `json:"title"`
	CPV          string         `json:"cpv,omitempty"`
	Nature       ruleset.Nature `json:"nature,omitempty"`
	Estimated    *money.Cents   `json:"estimated,omitempty"` // excl. VAT
	SocialReturn SocialReturn   `json:"socialReturn"`
	// ProposedBy names the notice field that says Social Return.
	ProposedBy string     `json:"proposedBy,omitempty"`
	Form       ClauseForm `json:"form,omitempty"`
	Reserved   bool       `json:"reserved,omitempty"` // reserved contract (article 2.82 Aanbestedingswet)
	Exemption  *Exemption `json:"exemption,omitempty"`
	// AboveThreshold is what the authority's rules say of the estimated value,
	// nil where there is none to judge by.
	AboveThreshold *bool   `json:"aboveThreshold,omitempty"`
	Awards         []Award `json:"awards,omitempty"`
}

// Awarded is the award that holds, if any step was taken and not withdrawn.
func (l Lot) Awarded() (Award, bool) {
	if len(l.Awards) == 0 {
		return Award{}, false
	}
	last := l.Awards[len(l.Awards)-1]
	return last, last.State != WithdrawnAward
}

// Omission is something that a notice lacked or said in a way we do not take over.
type Omission struct {
	Field  string `json:"field"` // BT code
	Lot    string `json:"lot,omitempty"`
	Code   string `json:"code"`
	Detail string `json:"detail"` // in Dutch
}

// Tender is a procurement procedure, with Social Return or without.
type Tender struct {
	ID        string        `json:"id"`
	Authority AuthorityID   `json:"authority"`
	Desk      string        `json:"desk"`
	Reference string        `json:"reference"` // the authority's own, unique within it
	Title     string        `json:"title"`
	Procedure Procedure     `json:"procedure"`
	Published calendar.Date `json:"published"`
	Notice    string        `json:"notice,omitempty"` // id of the notice it was imported from
	Framework bool          `json:"framework,omitempty"`
	// CallOffOf is the framework's tender id; call-offs stay out of the share of tenders.
	CallOffOf string     `json:"callOffOf,omitempty"`
	Withdrawn bool       `json:"withdrawn,omitempty"`
	Lots      []Lot      `json:"lots"`
	Omitted   []Omission `json:"omitted,omitempty"`
	// Rules is the version that judged the threshold.
	Rules      ruleset.Ref `json:"rules"`
	Registered time.Time   `json:"registered"`
	Act        string      `json:"act"`
	Payload    string      `json:"payload"`
	// ClosedThrough is the last closed year, as its entries say.
	ClosedThrough int    `json:"closedThrough,omitempty"`
	Version       int    `json:"version"` // from 1; also the number of ledger entries
	Head          string `json:"head"`    // hash of the newest entry
}

// Lot finds a lot by its id.
func (t *Tender) Lot(id string) (*Lot, bool) {
	for i := range t.Lots {
		if t.Lots[i].ID == id {
			return &t.Lots[i], true
		}
	}
	return nil, false
}
