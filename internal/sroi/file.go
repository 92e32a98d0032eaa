// SPDX-License-Identifier: EUPL-1.2

package sroi

import "socialreturn/internal/calendar"

// Ledger is all of a contract that its figures are made of: the entries and
// the immutable items that they hash.
type Ledger struct {
	Contract    Contract
	Entries     []Entry // by number
	Revisions   []Revision
	Corrections []Correction
}

// Revision is the lines of one revision of a statement, with their decisions.
type Revision struct {
	Period    calendar.Period
	Number    int
	LinesHash string // of the lines, tells revisions with the same number apart
	// Submission is the newest of this revision; Decisions are those on it.
	Submission int
	Lines      []Line     // by number
	Decisions  []Decision // by line
}

// Holding is the decision on a line that holds now: the newest correction's, or
// the one given.
func (l Ledger) Holding(period calendar.Period, revision, line int, decided Decision) Decision {
	for _, entry := range l.Entries {
		for _, c := range l.Corrections {
			if c.ID == entry.Correction && c.Decision != nil && c.Period == period && c.Revision == revision && c.Line == line {
				decided = *c.Decision
			}
		}
	}
	return decided
}
