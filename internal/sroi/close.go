// SPDX-License-Identifier: EUPL-1.2

package sroi

import (
	"slices"
	"strings"
	"time"

	"socialreturn/internal/calendar"
	"socialreturn/internal/ruleset"
)

// Head is where a ledger stands: the number and hash of its newest entry.
type Head struct {
	Ledger string `json:"ledger"` // "CONTRACT#<id>" or "TENDER#<id>"
	Seq    int    `json:"seq"`
	Hash   string `json:"hash"`
}

// Snapshot is an authority's year as it was closed: what whoever keeps it
// elsewhere can hold the ledgers against.
type Snapshot struct {
	Authority AuthorityID   `json:"authority"`
	Area      string        `json:"area"` // whose figures are frozen: the municipality, or the authority itself
	Year      int           `json:"year"`
	Closed    calendar.Date `json:"closed"`
	At        time.Time     `json:"at"`
	Rules     []ruleset.Ref `json:"rules"`
	Figures   Figures       `json:"figures"`
	// Heads are those of all ledgers of the authority, by name. Each is that of
	// the entry that closed the year there.
	Heads []Head `json:"heads"`
}

// Digest is the hash of the snapshot, over its heads in order of their ledgers.
func (s Snapshot) Digest() string {
	s.Heads = slices.SortedFunc(slices.Values(s.Heads), func(a, b Head) int { return strings.Compare(a.Ledger, b.Ledger) })
	s.Rules = append([]ruleset.Ref{}, s.Rules...) // none is [], however it was read
	s.Heads = append([]Head{}, s.Heads...)
	return Digest(s)
}
