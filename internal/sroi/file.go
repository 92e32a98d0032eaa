// SPDX-License-Identifier: EUPL-1.2

package sroi

import (
	"slices"

	"socialreturn/internal/calendar"
)

// Ledger is all of a contract that its figures are made of: the entries and
// the immutable items that they hash.
type Ledger struct {
	Contract    Contract // as it is now
	Amendments  []Amendment
	Entries     []Entry // by number
	Revisions   []Revision
	Corrections []Correction
}

// ContractAfter is the contract as it was after the amendment of a number, and
// as it was registered after none.
func (l Ledger) ContractAfter(amendment int) Contract {
	for _, a := range l.Amendments {
		if a.Number == amendment+1 {
			return a.Was
		}
	}
	return l.Contract
}

// Before is the ledger as it stood before the entry of a number.
func (l Ledger) Before(seq int) Ledger {
	l.Entries = slices.DeleteFunc(slices.Clone(l.Entries), func(e Entry) bool { return e.Seq >= seq })
	return l
}

// Through is the ledger as it stood after the entry of a number.
func (l Ledger) Through(seq int) Ledger {
	l = l.Before(seq + 1)
	amended := 0
	for _, entry := range l.Entries {
		amended = max(amended, entry.Amendment)
	}
	l.Contract = l.ContractAfter(amended)
	l.Amendments = slices.DeleteFunc(slices.Clone(l.Amendments), func(a Amendment) bool { return a.Number > amended })
	return l
}

// OpenIn are the periods of a year without a decided statement, with the state
// of the statement where one awaits its decision.
func (l Ledger) OpenIn(year int) []OpenPeriod {
	settled := map[calendar.Period]bool{}
	for _, entry := range l.Entries {
		if entry.Kind == StatementDecided {
			settled[entry.Period] = true
		}
	}
	waiting := l.Undecided()
	var open []OpenPeriod
	for _, period := range l.Contract.Periods() {
		if period.Year() != year || settled[period] {
			continue
		}
		o := OpenPeriod{Contract: l.Contract.ID, Period: period}
		if slices.Contains(waiting, period) {
			o.State = Submitted
		}
		open = append(open, o)
	}
	return open
}

// DecidedLine is a line with the decision on it that holds.
type DecidedLine struct {
	Period   calendar.Period // of the statement
	Revision int
	Line     Line
	Decision Decision
	Entry    int // number of the entry that booked the first decision
}

// DecidedLines are the lines of all decided statements, by the order in which
// they were decided and by number.
func (l Ledger) DecidedLines() []DecidedLine {
	var lines []DecidedLine
	for _, entry := range l.Entries {
		if entry.Kind != StatementDecided {
			continue
		}
		for _, revision := range l.Revisions {
			if revision.Period != entry.Period || revision.LinesHash != entry.LinesHash {
				continue
			}
			for i, line := range revision.Lines {
				lines = append(lines, DecidedLine{
					Period: entry.Period, Revision: entry.Revision, Line: line, Entry: entry.Seq,
					Decision: l.Holding(entry.Period, entry.Revision, line.Number, revision.Decisions[i]),
				})
			}
		}
	}
	return lines
}

// Undecided are the periods with a statement that was submitted and awaits its
// decisions.
func (l Ledger) Undecided() []calendar.Period {
	var waiting []calendar.Period
	for _, entry := range l.Entries {
		switch entry.Kind {
		case StatementSubmitted:
			waiting = append(waiting, entry.Period)
		case StatementDecided, StatementWithdrawn, StatementSentBack:
			waiting = slices.DeleteFunc(waiting, func(p calendar.Period) bool { return p == entry.Period })
		}
	}
	return waiting
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
	corrects := map[string]Decision{}
	for _, c := range l.Corrections {
		if c.Decision != nil && c.Period == period && c.Revision == revision && c.Line == line {
			corrects[c.ID] = *c.Decision
		}
	}
	for i := len(l.Entries) - 1; i >= 0 && len(corrects) > 0; i-- {
		if newest, found := corrects[l.Entries[i].Correction]; found {
			return newest
		}
	}
	return decided
}
