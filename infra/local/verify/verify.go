// SPDX-License-Identifier: EUPL-1.2

// Package verify checks exported ledgers without a server: that entries are
// numbered without gaps, chained and unchanged; that every item is the one that
// its entry commits to; that amounts follow from lines and decisions; that every
// receipt comes out the same again; and, against heads that were kept elsewhere
// when a year was closed, that the ledgers are the ones that were closed, and that
// the frozen figures follow from them. It shares with the server only the trade
// and its rules, never how it stores or writes.
package verify

import (
	"cmp"
	"fmt"
	"io"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

// Fault is the first thing that does not hold, in Dutch.
type Fault struct {
	Line   int    // of the file, from 1; zero where it is about the whole
	Ledger string // "CONTRACT#<id>" or "TENDER#<id>"; empty where it is about none
	Entry  int    // number of the entry that does not hold
	Text   string
}

func (f *Fault) Error() string {
	where := "het bestand"
	if f.Ledger != "" {
		where = fmt.Sprintf("%s, mutatie %d", f.Ledger, f.Entry)
	}
	if f.Line > 0 {
		where += fmt.Sprintf(" (regel %d)", f.Line)
	}
	return where + ": " + f.Text
}

// Unreadable is input that is no export or no document of heads, in Dutch.
type Unreadable struct {
	Line int // from 1; zero for heads
	Text string
}

func (u *Unreadable) Error() string {
	if u.Line == 0 {
		return "de hoofden zijn onleesbaar: " + u.Text
	}
	return fmt.Sprintf("regel %d is onleesbaar: %s", u.Line, u.Text)
}

// Counts is how much was checked.
type Counts struct {
	Contracts, Tenders, Entries, Lines, Decisions, Amendments, Corrections int
	Receipts                                                               int // replayed
	Hidden                                                                 int // items of which only the hash is in the file
}

// Later is an entry that concerns the closed year and was booked after it.
type Later struct {
	Ledger   string
	Entry    int
	Kind     sroi.EntryKind
	Booked   calendar.Date
	Verified money.Cents // added to that of the closed year
}

// Year is a closed year as it was frozen and as it is now.
type Year struct {
	Authority sroi.AuthorityID
	Area      string
	Year      int
	Closed    calendar.Date
	Frozen    sroi.Figures
	Restated  sroi.Figures
	Later     []Later
	// Confirmed tells that the frozen figures follow from the ledgers. Where it is
	// false, Unchecked says why that could not be seen.
	Confirmed bool
}

// Result is what an export came to in which no fault was found.
type Result struct {
	Counts
	Year *Year // nil without heads
	// Unchecked is what could not be checked, in Dutch, each once.
	Unchecked []string
}

// Check reads an export, which may be several pages or exports in a row, and
// checks it; against heads where they are not nil. It returns a *Fault, an
// *Unreadable or the error of a reader. Of the ledgers one at a time is kept.
func Check(export, heads io.Reader, rules *ruleset.Library) (Result, error) {
	c := &checker{rules: rules, done: map[string]bool{}, unknown: map[ruleset.Ref]int{}}
	if heads != nil {
		frozen, err := readHeads(heads)
		if err != nil {
			return Result{}, err
		}
		c.heads = frozen
	}
	err := readLines(export, func(number int, l line) error {
		c.line = number
		if f := c.read(l); f != nil {
			f.Line = cmp.Or(f.Line, number)
			return f
		}
		return nil
	})
	if err != nil {
		return Result{}, err
	}
	if f := c.end(); f != nil {
		return Result{}, f
	}
	return c.result()
}
