// SPDX-License-Identifier: EUPL-1.2

package sroi

import (
	"time"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/ruleset"
)

// AmendmentKind is what of a contract changed.
type AmendmentKind string

// The kinds of amendment.
const (
	AmendValue        AmendmentKind = "value"
	AmendTerm         AmendmentKind = "term"
	AmendOption       AmendmentKind = "option" // an option exercised: value, last day or both
	AmendCertificates AmendmentKind = "certificates"
	AmendTurnover     AmendmentKind = "turnover" // the moving basis of the obligation was reported
	AmendRules        AmendmentKind = "rules"    // moved to another version or rule set
)

// entry is the kind of ledger entry that books the amendment.
func (k AmendmentKind) entry() EntryKind {
	switch k {
	case AmendTurnover:
		return TurnoverReported
	case AmendRules:
		return RulesMoved
	}
	return ContractAmended
}

// AmendmentReason is why a contract changed.
type AmendmentReason string

// The reasons for an amendment.
const (
	MoreWork          AmendmentReason = "moreWork"
	LessWork          AmendmentReason = "lessWork"
	Indexation        AmendmentReason = "indexation"
	Extension         AmendmentReason = "extension"
	EarlyEnd          AmendmentReason = "earlyEnd"
	ForeseenOption    AmendmentReason = "foreseenOption"
	CertificateChange AmendmentReason = "certificateChange"
	RegistrationError AmendmentReason = "registrationError"
	PolicyChange      AmendmentReason = "policyChange"
)

// Turnover is what the moving basis of an obligation came to in some days: the
// invoiced turnover or the wage bill, excl. VAT.
type Turnover struct {
	Span   calendar.Span `json:"span"`
	Amount money.Cents   `json:"amount"` // negative where more was credited than invoiced
	Final  bool          `json:"final,omitempty"`
}

// Reported is the sum of what was reported of a moving basis.
type Reported struct {
	Amount money.Cents   `json:"amount"`
	AsOf   calendar.Date `json:"asOf"` // the last day that it covers
}

// Amendment is one change of a contract. It is immutable and keeps the whole
// contract as it was, so that every earlier state can be shown and proved: the
// contract as registered is what the first entry hashes, and each amendment
// hashes what it made of the contract.
type Amendment struct {
	Contract  string          `json:"contract"`
	Number    int             `json:"number"` // from 1: the version of the contract that it changed
	Kind      AmendmentKind   `json:"kind"`
	Reason    AmendmentReason `json:"reason,omitempty"` // none of a turnover report
	Text      string          `json:"text,omitempty"`
	Effective calendar.Date   `json:"effective"` // its year is the year concerned
	Turnover  *Turnover       `json:"turnover,omitempty"`
	Entry     int             `json:"entry"` // number of the ledger entry that books it
	Was       Contract        `json:"was"`
	// Obligations are those of the contract after the change: the one in force
	// first. Becomes is the digest of the whole contract after it.
	Obligations []ruleset.Obligation `json:"obligations"`
	Becomes     string               `json:"becomes"`
	Booked      calendar.Date        `json:"booked"`
	At          time.Time            `json:"at"`
	Actor       Actor                `json:"actor"`
	Act         string               `json:"act"`
	Payload     string               `json:"payload"`
	Salt        string               `json:"salt"` // random; keeps the digest from being guessed
}

// Amended completes an amendment from the contract before and after it, and
// gives the contract's next version with the entry that books the difference.
// Seq is the number that the entry will have; moved is what else the entry adds
// to the balance.
func (a Amendment) Amended(was, becomes Contract, seq int, moved []YearAmounts) (Amendment, Contract, Entry) {
	becomes.Version = was.Version + 1
	a.Contract, a.Number, a.Entry = was.ID, was.Version, seq
	a.Was, a.Becomes = was, Digest(becomes)
	a.Obligations = append([]ruleset.Obligation{becomes.Obligation}, becomes.Others...)
	before, after := was.Obligation, becomes.Obligation
	entry := Entry{
		Kind: a.Kind.entry(), Booked: a.Booked, At: a.At, Actor: a.Actor, Amendment: a.Number, Subject: Digest(a),
		Amounts: SumByYear(append(moved, YearAmounts{
			Year: a.Effective.Year(), Obliged: after.Amount - before.Amount, Asked: after.Activities - before.Activities,
		})),
	}
	if a.Kind == AmendRules {
		entry.Ceilings = becomes.Ceilings
	}
	return a, becomes, entry
}
