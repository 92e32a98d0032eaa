// SPDX-License-Identifier: EUPL-1.2

package sroi

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
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
	ContractAmended    EntryKind = "contractAmended"
	TurnoverReported   EntryKind = "turnoverReported"
	RulesMoved         EntryKind = "rulesMoved"

	// YearClosed is booked on every ledger of an authority when it closes a year:
	// whoever decided before it is stale, and what follows it came later.
	YearClosed EntryKind = "yearClosed"
)

// YearAmounts is what an entry adds to the balance, for one year concerned.
type YearAmounts struct {
	Year     int         `json:"year"`
	Obliged  money.Cents `json:"obliged,omitempty"`
	Pending  money.Cents `json:"pending,omitempty"` // claimed, awaiting decision
	Verified money.Cents `json:"verified,omitempty"`
	Rejected money.Cents `json:"rejected,omitempty"`
	Lines    int         `json:"lines,omitempty"` // submitted lines awaiting a decision
	// Asked and Done are activities that are owed instead of an amount, and those verified.
	Asked int `json:"asked,omitempty"`
	Done  int `json:"done,omitempty"`
	// Capped is the part of Verified that a ceiling is on, by its code.
	Capped []Capped `json:"capped,omitempty"`
}

// Plus is the sum, for the year of a.
func (a YearAmounts) Plus(b YearAmounts) YearAmounts {
	return YearAmounts{
		Year: a.Year, Obliged: a.Obliged + b.Obliged, Pending: a.Pending + b.Pending,
		Verified: a.Verified + b.Verified, Rejected: a.Rejected + b.Rejected, Lines: a.Lines + b.Lines,
		Asked: a.Asked + b.Asked, Done: a.Done + b.Done, Capped: plusCapped(a.Capped, b.Capped),
	}
}

// Minus is the difference, for the year of a.
func (a YearAmounts) Minus(b YearAmounts) YearAmounts {
	negative := YearAmounts{
		Obliged: -b.Obliged, Pending: -b.Pending, Verified: -b.Verified, Rejected: -b.Rejected, Lines: -b.Lines, Asked: -b.Asked, Done: -b.Done,
	}
	for _, c := range b.Capped {
		negative.Capped = append(negative.Capped, Capped{c.Ceiling, -c.Verified})
	}
	return a.Plus(negative)
}

// SumByYear adds up amounts of the same year, in order of years.
func SumByYear(amounts []YearAmounts) []YearAmounts {
	var years []YearAmounts
	for _, add := range amounts {
		i, found := slices.BinarySearchFunc(years, add.Year, func(a YearAmounts, year int) int { return a.Year - year })
		if found {
			years[i] = years[i].Plus(add)
		} else {
			years = slices.Insert(years, i, add)
		}
	}
	return years
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
	Reason        string          `json:"reason,omitempty"`     // of a correction, or of a tender's change that touches a closed year
	Amendment     int             `json:"amendment,omitempty"`  // number
	// Ceilings are those of the contract from now on; of its registration and of
	// a move to other rules.
	Ceilings []Ceiling `json:"ceilings,omitempty"`
	// Closes is the year that YearClosed closes; of a registration the last year
	// that the authority had closed by then: all of the ledger came after it.
	Closes int `json:"closes,omitempty"`
	// Subject is the digest of the item that this entry books: the contract as
	// registered, the correction, the amendment.
	Subject string `json:"subject,omitempty"`
	// Tender is the tender's state after this entry, as far as figures depend on it.
	Tender *TenderFacts `json:"tender,omitempty"`

	Prev string `json:"prev,omitempty"` // hash of the entry before; empty for the first
	Hash string `json:"hash"`
}

// Digest is the SHA-256 of a value's JSON, in hexadecimal.
func Digest(value any) string {
	sum := sha256.Sum256(encoded(value))
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

// SameLines tells whether both entries are about the same lines: those of one
// revision of a statement.
func (e Entry) SameLines(other Entry) bool {
	return e.LinesHash != "" && e.LinesHash == other.LinesHash && e.Period == other.Period && e.Revision == other.Revision
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
	Asked    int         `json:"asked,omitempty"` // activities owed instead of an amount
	Done     int         `json:"done,omitempty"`  // activities verified
	Ceilings []Ceiling   `json:"ceilings,omitempty"`
	Capped   []Capped    `json:"capped,omitempty"` // of Verified, by ceiling
	// Amended is the number of the newest amendment that it counts: the contract
	// that it is the balance of is the version after it.
	Amended int `json:"amended,omitempty"`
	// ClosedThrough is the last closed year.
	ClosedThrough int `json:"closedThrough,omitempty"`
}

// Outstanding is what is still to be met; zero when the obligation is met.
func (b Balance) Outstanding() money.Cents { return max(b.Obliged-b.Counted(), 0) }

// Excess is what counts beyond the obligation.
func (b Balance) Excess() money.Cents { return max(b.Counted()-b.Obliged, 0) }

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
	b = b.with(e)
	b.Seq, b.Head = e.Seq, e.Hash
	return b, nil
}

// with is the balance with what an entry adds, whatever its place in the chain.
func (b Balance) with(e Entry) Balance {
	for _, a := range e.Amounts {
		b.Obliged += a.Obliged
		b.Pending += a.Pending
		b.Verified += a.Verified
		b.Rejected += a.Rejected
		b.Asked += a.Asked
		b.Done += a.Done
		b.Capped = plusCapped(b.Capped, a.Capped)
	}
	if e.Kind == ContractRegistered || e.Kind == RulesMoved {
		b.Ceilings = e.Ceilings
	}
	b.Amended = max(b.Amended, e.Amendment)
	b.ClosedThrough = max(b.ClosedThrough, e.Closes)
	return b
}

// Plus is what the balance would be with such amounts more.
func (b Balance) Plus(a YearAmounts) Balance { return b.with(Entry{Amounts: []YearAmounts{a}}) }

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
