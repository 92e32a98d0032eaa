// SPDX-License-Identifier: EUPL-1.2

package sroi

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
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
	Area      string        `json:"area"` // in which the figures count: the municipality, or the authority itself
	Year      int           `json:"year"`
	Closed    calendar.Date `json:"closed"`
	At        time.Time     `json:"at"`
	Rules     []ruleset.Ref `json:"rules"`
	Figures   Figures       `json:"figures"` // of the authority's ledgers
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

// OpenPeriod is a period that a contract reports on, without a decided statement.
type OpenPeriod struct {
	Contract string          `json:"contract"`
	Period   calendar.Period `json:"period"`
	State    StatementState  `json:"state,omitempty"` // empty: nothing handed in, as far as the ledger tells
	// Reason is why the year may be closed all the same, in the words of the
	// consultant; empty of one that came about while the year was being closed.
	Reason string `json:"reason,omitempty"`
}

// Concerns tells whether an act is about the period.
func (o OpenPeriod) Concerns(act Act) bool {
	return act.Ledger == "CONTRACT#"+o.Contract && act.Period == o.Period
}

// CloseState is how far the close of a year is.
type CloseState string

// The states of a close, in order.
const (
	ClosePrepared CloseState = "prepared" // waits for a second person
	CloseBegun    CloseState = "begun"    // the authority is fenced, the ledgers follow
	CloseFrozen   CloseState = "frozen"   // for good
)

// Signature is who took a step, and when.
type Signature struct {
	Actor Actor         `json:"actor"`
	On    calendar.Date `json:"on"`
	At    time.Time     `json:"at"`
	Act   string        `json:"act"` // id of the command
}

// YearClose is the close of an authority's year, on its way or done.
type YearClose struct {
	Authority AuthorityID `json:"authority"`
	Area      string      `json:"area"` // see Snapshot
	Year      int         `json:"year"`
	State     CloseState  `json:"state"`
	// Open is what is known to be open: until the year is frozen as the consultant
	// listed it, from then on as the ledgers have it.
	Open []OpenPeriod `json:"open,omitempty"`
	// Prepared is who closed the year, or prepared that; Confirmed is the second
	// person, where there must be one.
	Prepared  Signature  `json:"prepared"`
	Confirmed *Signature `json:"confirmed,omitempty"`
	Payload   string     `json:"payload"`
	// Replaced are the acts of earlier preparations, oldest first: a repeat of one
	// does not take the place of the newest.
	Replaced []string `json:"replaced,omitempty"`
	// Done of Ledgers are fenced and recomputed, as the newest attempt left it.
	Ledgers int `json:"ledgers"`
	Done    int `json:"done"`
	// What is frozen: see Snapshot, with the number of its heads and its digest.
	Rules   []ruleset.Ref `json:"rules,omitempty"`
	Figures *Figures      `json:"figures,omitempty"`
	Heads   int           `json:"heads,omitempty"`
	Digest  string        `json:"digest,omitempty"`
	Version int           `json:"version"` // from 1
}

// Acts are those of all preparations until now, oldest first; none of a close that
// is not there yet.
func (c YearClose) Acts() []string {
	if c.Version == 0 {
		return nil
	}
	return append(slices.Clone(c.Replaced), c.Prepared.Act)
}

// Begun is the signature that set the close in motion.
func (c YearClose) Begun() Signature {
	if c.Confirmed != nil {
		return *c.Confirmed
	}
	return c.Prepared
}

// Snapshot is what was frozen, with the heads that are kept beside it.
func (c YearClose) Snapshot(heads []Head) Snapshot {
	s := Snapshot{
		Authority: c.Authority, Area: c.Area, Year: c.Year, Closed: c.Begun().On, At: c.Begun().At, Rules: c.Rules, Heads: heads,
	}
	if c.Figures != nil {
		s.Figures = *c.Figures
	}
	return s
}

// Frozen is the close with what its ledgers came to. Figures are the fold of
// their parts.
func (c YearClose) Frozen(ledgers []ClosedLedger, figures Figures) YearClose {
	reasons := map[OpenPeriod]string{}
	for _, known := range c.Open {
		reasons[OpenPeriod{Contract: known.Contract, Period: known.Period}] = known.Reason
	}
	c.State, c.Figures, c.Open, c.Rules = CloseFrozen, &figures, nil, nil
	for _, ledger := range ledgers {
		for _, open := range ledger.Open {
			open.Reason = reasons[OpenPeriod{Contract: open.Contract, Period: open.Period}]
			c.Open = append(c.Open, open)
		}
		for _, ref := range ledger.Rules {
			if !slices.Contains(c.Rules, ref) {
				c.Rules = append(c.Rules, ref)
			}
		}
	}
	slices.SortFunc(c.Open, func(a, b OpenPeriod) int {
		return cmp.Or(strings.Compare(a.Contract, b.Contract), a.Period.Compare(b.Period))
	})
	slices.SortFunc(c.Rules, compareRefs)
	heads := HeadsOf(ledgers)
	c.Heads, c.Ledgers, c.Done = len(heads), len(ledgers), len(ledgers)
	c.Digest = c.Snapshot(heads).Digest()
	return c
}

// ClosedLedger is a ledger at the entry that closed the year in it, recomputed
// from its entries.
type ClosedLedger struct {
	Head
	// Late tells that the ledger began after the year was closed: it has no head.
	Late bool `json:"late,omitempty"`
	// Part is the digest of the Facts that it then added to the authority's area,
	// empty where it adds to another or to none.
	Part  string        `json:"part,omitempty"`
	Rules []ruleset.Ref `json:"rules,omitempty"` // that the part rests on
	Open  []OpenPeriod  `json:"open,omitempty"`
}

// HeadsOf are the heads of ledgers that were there when the year was closed, by name.
func HeadsOf(ledgers []ClosedLedger) []Head {
	heads := []Head{}
	for _, ledger := range ledgers {
		if !ledger.Late {
			heads = append(heads, ledger.Head)
		}
	}
	slices.SortFunc(heads, func(a, b Head) int { return strings.Compare(a.Ledger, b.Ledger) })
	return heads
}

// AreaClose is an area's year as it was closed, which its report keeps beside
// the live figures. It is frozen with the last of the authorities that lay in it.
type AreaClose struct {
	Area    string        `json:"area"`
	Year    int           `json:"year"`
	On      calendar.Date `json:"on"` // when the last of its authorities closed it
	Figures Figures       `json:"figures"`
	Version int           `json:"version"` // of the total that they were taken from
}

// Act is something that was booked after a year was closed and concerns it.
type Act struct {
	Ledger string          `json:"ledger"` // "CONTRACT#<id>" or "TENDER#<id>"
	Seq    int             `json:"seq"`
	Kind   EntryKind       `json:"kind"`
	Booked calendar.Date   `json:"booked"`
	Period calendar.Period `json:"period,omitzero"`
	Reason string          `json:"reason,omitempty"` // AmendmentReason, DecisionReason, TenderReason or OwnReason
	// Number is the contract's own; empty of a tender, and in a region's report.
	Number string `json:"number,omitempty"`
	// Realised and Obliged are what the year's realised value and whole obligation
	// became more by it.
	Realised money.Cents `json:"realised,omitempty"`
	Obliged  money.Cents `json:"obliged,omitempty"`
	// Open tells that its Period had no decided statement when the year was closed:
	// whoever closed it knew.
	Open bool `json:"open,omitempty"`
}

// Closing is what one contract or tender added to a year when that was closed,
// and what was booked on it since that concerns the year.
type Closing struct {
	Seq   int   `json:"seq"` // of the entry that closed the year
	Facts Facts `json:"facts"`
	Acts  []Act `json:"acts,omitempty"`
}

// ClosedYear is the fold of the closings of an area's year.
type ClosedYear struct {
	// Open tells that a ledger that adds to the year is not closed: of an authority
	// that has yet to close it, or that came to an area whose year was frozen.
	Open    bool    `json:"open,omitempty"`
	Figures Figures `json:"figures"`
	Acts    []Act   `json:"acts,omitempty"` // the first MaxActs of them, by day
	Count   int     `json:"count,omitempty"`
}

// MaxActs is how many acts after the close a total lists.
const MaxActs = 100

// closings follows the years of one ledger past the entries that close them.
type closings struct {
	source, number string
	years          map[int]*Closing
	facts          map[int]Facts // of the year as the ledger stands
	open           map[int][]calendar.Period
}

// newClosings begins with a ledger: its name and, of a contract, its number.
func newClosings(source, number string) closings {
	return closings{source: source, number: number, years: map[int]*Closing{}, facts: map[int]Facts{}, open: map[int][]calendar.Period{}}
}

// note takes in an entry, with what the ledger adds to the year from then on and
// which of the year's periods are not settled. An act concerns the year where it
// books amounts in it, or changes what the ledger adds to it.
func (c closings) note(e Entry, year int, reason string, stands func() (Facts, []calendar.Period)) {
	closing := c.years[year]
	if closing == nil {
		if e.Closes < year {
			return
		}
		closing = &Closing{Seq: e.Seq}
		if e.Kind == YearClosed {
			closing.Facts, c.open[year] = stands()
		}
		c.years[year], c.facts[year] = closing, closing.Facts
	}
	before := c.facts[year]
	after, _ := stands()
	if Digest(after) == Digest(before) && !slices.ContainsFunc(e.Amounts, func(a YearAmounts) bool { return a.Year == year }) {
		return
	}
	c.facts[year] = after
	closing.Acts = append(closing.Acts, Act{
		Ledger: c.source, Number: c.number, Seq: e.Seq, Kind: e.Kind, Booked: e.Booked, Period: e.Period, Reason: reason,
		Realised: after.Verified - before.Verified, Obliged: after.ObligedWhole - before.ObligedWhole,
		Open: slices.Contains(c.open[year], e.Period),
	})
}

// foldClosed adds up what contributions were when the year was closed; nil where
// it was closed in none.
func foldClosed(contributions []Contribution) *ClosedYear {
	sum, year, adds := newSum(), ClosedYear{}, false
	for _, c := range contributions {
		if c.Closing == nil {
			year.Open = year.Open || len(c.Steps) > 0
			continue
		}
		adds = true
		sum.add(c.Closing.Facts, +1)
		year.Acts = append(year.Acts, c.Closing.Acts...)
	}
	if !adds {
		return nil
	}
	slices.SortFunc(year.Acts, func(a, b Act) int {
		return cmp.Or(a.Booked.Compare(b.Booked), strings.Compare(a.Ledger, b.Ledger), cmp.Compare(a.Seq, b.Seq))
	})
	year.Figures, year.Count = sum.figures(), len(year.Acts)
	year.Acts = year.Acts[:min(len(year.Acts), MaxActs)]
	return &year
}

// Digest is the hash of facts, and empty of none.
func (f Facts) Digest() string {
	if digest := Digest(f); digest != noFacts {
		return digest
	}
	return ""
}

var noFacts = Digest(Facts{})

// FiguresOf are the figures of facts that each come from another ledger.
func FiguresOf(parts []Facts) Figures {
	sum := newSum()
	for _, part := range parts {
		sum.add(part, +1)
	}
	return sum.figures()
}
