// SPDX-License-Identifier: EUPL-1.2

package sroi

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

// RecordKind is what a record of an exported ledger holds.
type RecordKind string

// The kinds of record. After an entry come the items that it commits to: the
// contract as registered; an amendment and the contract that it made; the lines
// of a revision, once; decisions; a correction.
const (
	EntryRecord      RecordKind = "entry"
	ContractRecord   RecordKind = "contract"
	AmendmentRecord  RecordKind = "amendment"
	LineRecord       RecordKind = "line"
	DecisionRecord   RecordKind = "decision"
	CorrectionRecord RecordKind = "correction"
	// BalanceRecord ends a ledger: its newest entry, and a contract's balance.
	BalanceRecord RecordKind = "balance"
)

// Record is an item of an exported ledger, in the very bytes that are hashed.
type Record struct {
	Kind   RecordKind
	Ledger string // "CONTRACT#<id>" or "TENDER#<id>"
	Entry  int    // number of the entry, or of the one that commits to the item
	Item   int    // of items of a kind: their number within the entry, from 1
	// Hash is the digest of the content; of an entry its own, which leaves itself
	// out; of a balance that of the newest entry.
	Hash string
	// Content is nil where the reader may not see it: the hash then still lets the
	// chain be checked.
	Content json.RawMessage
}

// Recorded is the record of an item that an entry commits to.
func Recorded(kind RecordKind, ledger string, entry, item int, value any) Record {
	body := encoded(value)
	sum := sha256.Sum256(body)
	return Record{Kind: kind, Ledger: ledger, Entry: entry, Item: item, Hash: hex.EncodeToString(sum[:]), Content: body}
}

// RecordedEntry is the record of an entry.
func RecordedEntry(ledger string, e Entry) Record {
	return Record{Kind: EntryRecord, Ledger: ledger, Entry: e.Seq, Hash: e.Hash, Content: encoded(e)}
}

// encoded is the JSON over which digests are taken.
func encoded(value any) []byte {
	body, err := json.Marshal(value)
	if err != nil {
		panic(fmt.Sprintf("sroi: %T has no JSON: %v", value, err)) // a programming error: all our types have
	}
	return body
}
