// SPDX-License-Identifier: EUPL-1.2

package sroi

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
)

// EntryKind is what happened.
type EntryKind string

// The kinds of ledger entry. The first three are a tender's, the others a contract's.
const (
	TenderRegistered EntryKind = "tenderRegistered"
	TenderChanged    EntryKind = "tenderChanged"
	TenderAwarded    EntryKind = "tenderAwarded"

	ContractRegistered EntryKind = "contractRegistered"
	OpeningBooked      EntryKind = "openingBooked"
	StatementSubmitted EntryKind = "statementSubmitted"
	StatementWithdrawn EntryKind = "statementWithdrawn"
	StatementSentBack  EntryKind = "statementSentBack"
	StatementDecided   EntryKind = "statementDecided"
	Corrected          EntryKind = "corrected"
)

// YearAmounts is what an entry adds to the balance, for one year concerned.
type YearAmounts struct {
	Year     int         `json:"year"`
	Obliged  money.Cents `json:"obliged,omitempty"`
	Pending  money.Cents `json:"pending,omitempty"` // claimed, awaiting decision
	Verified money.Cents `json:"verified,omitempty"`
	Rejected money.Cents `json:"rejected,omitempty"`
	Lines    int         `json:"lines,omitempty"` // submitted lines awaiting a decision
}

// Plus is the sum, for the year of a.
func (a YearAmounts) Plus(b YearAmounts) YearAmounts {
	return YearAmounts{
		Year: a.Year, Obliged: a.Obliged + b.Obliged, Pending: a.Pending + b.Pending,
		Verified: a.Verified + b.Verified, Rejected: a.Rejected + b.Rejected, Lines: a.Lines + b.Lines,
	}
}

// Minus is the difference, for the year of a.
func (a YearAmounts) Minus(b YearAmounts) YearAmounts {
	return YearAmounts{
		Year: a.Year, Obliged: a.Obliged - b.Obliged, Pending: a.Pending - b.Pending,
		Verified: a.Verified - b.Verified, Rejected: a.Rejected - b.Rejected, Lines: a.Lines - b.Lines,
	}
}

// Entry is one fact in the ledger of a contract or tender. Entries are numbered
// without gaps from 1 and chained by hash. The stream delivers them; they are
// the system's only events.
type Entry struct {
	Owner   string        `json:"owner"` // id of the contract or tender
	Seq     int           `json:"seq"`
	Kind    EntryKind     `json:"kind"`
	Booked  calendar.Date `json:"booked"`
	At      time.Time     `json:"at"`
	Actor   Actor         `json:"actor"`
	Amounts []YearAmounts `json:"amounts,omitempty"`

	Period        calendar.Period `json:"period,omitzero"`
	Revision      int             `json:"revision,omitempty"`
	Submission    int             `json:"submission,omitempty"`
	Lines         int             `json:"lines,omitempty"`
	LinesHash     string          `json:"linesHash,omitempty"`
	DecisionsHash string          `json:"decisionsHash,omitempty"`
	Correction    string          `json:"correction,omitempty"` // id
	Corrects      int             `json:"corrects,omitempty"`   // number of an earlier entry
	Reason        string          `json:"reason,omitempty"`     // code
	// Subject is the digest of the item that this entry books: the contract, the correction.
	Subject string `json:"subject,omitempty"`
	// Tender is the tender's state after this entry, as far as figures depend on it.
	Tender *TenderFacts `json:"tender,omitempty"`

	Prev string `json:"prev,omitempty"` // hash of the entry before; empty for the first
	Hash string `json:"hash"`
}

// Digest is the SHA-256 of a value's JSON, in hexadecimal.
func Digest(value any) string {
	body, err := json.Marshal(value)
	if err != nil {
		panic(fmt.Sprintf("sroi: %T has no JSON: %v", value, err)) // a programming error: all our types have
	}
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// DigestAll is the digest over digests, in order: the hash of a statement's
// lines or decisions.
func DigestAll[T any](values []T) string {
	digests := make([]string, len(values))
	for i, value := range values {
		digests[i] = Digest(value)
	}
	return Digest(digests)
}

// Sealed completes an entry: number, link and hash.
func (e Entry) Sealed(seq int, prev string) Entry {
	e.Seq, e.Prev, e.Hash = seq, prev, ""
	e.Hash = Digest(e)
	return e
}

// Balance is the fold of a contract's entries.
type Balance struct {
	Contract string      `json:"contract"`
	Seq      int         `json:"seq"`  // of the newest entry
	Head     string      `json:"head"` // its hash
	Obliged  money.Cents `json:"obliged"`
	Pending  money.Cents `json:"pending"`
	Verified money.Cents `json:"verified"`
	Rejected money.Cents `json:"rejected"`
	// ClosedThrough is the last closed year.
	ClosedThrough int `json:"closedThrough,omitempty"`
}

// Outstanding is what is still to be met; zero when the obligation is met.
func (b Balance) Outstanding() money.Cents { return max(b.Obliged-b.Verified, 0) }

// Excess is what was verified beyond the obligation.
func (b Balance) Excess() money.Cents { return max(b.Verified-b.Obliged, 0) }

// ErrChain reports an entry that does not follow: a gap, a broken link or a
// hash that is not the entry's.
var ErrChain = errors.New("sroi: the entry does not follow from the ledger")

// Apply adds the next entry. It returns ErrChain.
func (b Balance) Apply(e Entry) (Balance, error) {
	if e.Owner != b.Contract || e.Seq != b.Seq+1 || e.Prev != b.Head {
		return b, fmt.Errorf("%w: number %d after %d", ErrChain, e.Seq, b.Seq)
	}
	if e.Sealed(e.Seq, e.Prev).Hash != e.Hash {
		return b, fmt.Errorf("%w: the hash of number %d is not its own", ErrChain, e.Seq)
	}
	for _, a := range e.Amounts {
		b.Obliged += a.Obliged
		b.Pending += a.Pending
		b.Verified += a.Verified
		b.Rejected += a.Rejected
	}
	b.Seq, b.Head = e.Seq, e.Hash
	return b, nil
}

// Next seals an entry onto the balance and applies it.
func (b Balance) Next(e Entry) (Balance, Entry) {
	e.Owner = b.Contract
	sealed := e.Sealed(b.Seq+1, b.Head)
	after, err := b.Apply(sealed)
	if err != nil {
		panic(err) // sealed against this very balance
	}
	return after, sealed
}
