// SPDX-License-Identifier: EUPL-1.2

package verify

import (
	"encoding/json"
	"fmt"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

// hashes are those of items, in order; what they are items of is hashed over them.
func hashes(items []line) []string {
	all := make([]string, len(items))
	for i, item := range items {
		all[i] = item.Hash
	}
	return all
}

// contents reads all items; none where any of them is hidden.
func contents[T any](items []line) ([]T, string) {
	values := make([]T, len(items))
	for i, item := range items {
		if item.Content == nil {
			return nil, ""
		}
		var wrong string
		if values[i], wrong = content[T](item); wrong != "" {
			return nil, wrong
		}
	}
	return values, ""
}

func (c *checker) submitted(l *ledger, e sroi.Entry, items []line) string {
	if _, waits := l.waiting[e.Period]; waits {
		return "deze verantwoording was al ingediend"
	}
	l.waiting[e.Period] = e.Amounts
	claim := l.claim(e)
	if claim == nil {
		if sroi.Digest(hashes(items)) != e.LinesHash {
			return "de regels zijn niet die van de ingediende verantwoording"
		}
		lines, wrong := c.lines(items)
		if wrong != "" {
			return wrong
		}
		l.claimed = append(l.claimed, claimed{entry: e, revision: -1})
		claim = &l.claimed[len(l.claimed)-1]
		if lines != nil {
			claim.revision = len(l.file.Revisions)
			l.file.Revisions = append(l.file.Revisions, sroi.Revision{
				Period: e.Period, Number: e.Revision, LinesHash: e.LinesHash, Submission: e.Submission, Lines: lines,
			})
		}
	}
	if e.Lines != claim.entry.Lines {
		return "het aantal regels is niet dat van de verantwoording"
	}
	if claim.revision < 0 {
		return ""
	}
	var want []sroi.YearAmounts
	for _, line := range l.file.Revisions[claim.revision].Lines {
		want = append(want, sroi.YearAmounts{Year: line.Year, Pending: line.Value, Lines: 1})
	}
	return books(e, sroi.SumByYear(want))
}

func (c *checker) lines(items []line) ([]sroi.Line, string) {
	c.counts.Lines += len(items)
	lines, wrong := contents[sroi.Line](items)
	if wrong != "" {
		return nil, wrong
	}
	for i, line := range lines {
		of := fmt.Sprintf("regel %d", i+1)
		if line.Number != i+1 || line.Value < 0 {
			return nil, of + " heeft een ander nummer of een bedrag onder nul"
		}
		if wrong := c.receipt(line.Receipt, line.Value, of); wrong != "" {
			return nil, wrong
		}
	}
	return lines, ""
}

func (l *ledger) reopened(e sroi.Entry) string {
	waiting, waits := l.waiting[e.Period]
	if !waits {
		return "deze verantwoording was niet ingediend"
	}
	delete(l.waiting, e.Period)
	var want []sroi.YearAmounts
	for _, a := range waiting {
		want = append(want, sroi.YearAmounts{Year: a.Year}.Minus(a))
	}
	return books(e, want)
}

func (c *checker) decided(l *ledger, e sroi.Entry, items []line) string {
	_, waits := l.waiting[e.Period]
	claim := l.claim(e)
	switch {
	case !waits || claim == nil || claim.entry.Lines != e.Lines:
		return "wat hier is beoordeeld, was niet zo ingediend"
	case sroi.Digest(hashes(items)) != e.DecisionsHash:
		return "de beoordelingen zijn niet die van de mutatie"
	}
	delete(l.waiting, e.Period)
	c.counts.Decisions += len(items)
	decisions, wrong := contents[sroi.Decision](items)
	if wrong != "" || claim.revision < 0 || decisions == nil {
		return wrong
	}
	revision := &l.file.Revisions[claim.revision]
	revision.Submission, revision.Decisions = e.Submission, decisions
	var want []sroi.YearAmounts
	for i, d := range decisions {
		line, of := revision.Lines[i], fmt.Sprintf("beoordeling %d", i+1)
		switch {
		case d.Line != line.Number:
			return of + " is van een andere regel"
		case d.Value < 0 || d.Value > line.Value || d.Verdict == sroi.Rejected && d.Value != 0:
			return of + " keurt meer goed dan er is gevraagd, of minder dan niets"
		case d.Value > d.Receipt.Result:
			return of + " keurt meer goed dan het rekenbewijs"
		}
		if wrong := c.replay(d.Receipt, of); wrong != "" {
			return wrong
		}
		l.holding[place{e.Period, e.Revision, d.Line}] = held{d.Value, line.Year}
		want = append(want, sroi.YearAmounts{
			Year: line.Year, Pending: -line.Value, Verified: d.Value, Rejected: line.Value - d.Value, Lines: -1,
		})
	}
	return books(e, sroi.SumByYear(want))
}

func (c *checker) corrected(l *ledger, e sroi.Entry, item line) string {
	if item.Hash != e.Subject {
		return "de mutatie legt een andere correctie vast dan hier staat"
	}
	c.counts.Corrections++
	if item.Content == nil {
		return ""
	}
	correction, wrong := content[sroi.Correction](item)
	if wrong != "" {
		return wrong
	}
	if correction.ID != e.Correction || correction.Contract != e.Owner || correction.Corrects != e.Corrects || correction.Reason != e.Reason || e.Corrects >= e.Seq {
		return "de correctie past niet bij de mutatie die haar boekt"
	}
	before, known := l.verifiedBefore(correction)
	if wrong := l.redecided(correction); wrong != "" {
		return wrong
	}
	l.file.Corrections = append(l.file.Corrections, correction)
	if len(e.Amounts) != 1 {
		return "een correctie gaat over één jaar"
	}
	want := sroi.YearAmounts{Year: correction.Year, Verified: correction.Delta}
	if correction.Decision != nil {
		want.Rejected = e.Amounts[0].Rejected // nothing, where the line follows other rules
		if want.Rejected != 0 {
			want.Rejected = -correction.Delta
		}
		if wrong := c.replay(correction.Decision.Receipt, "de beoordeling in de correctie"); wrong != "" {
			return wrong
		}
	}
	if wrong := books(e, []sroi.YearAmounts{want}); wrong != "" {
		return wrong
	}
	return c.explained(correction, before, known)
}

// explained holds the receipt of a correction to the correction, and to what was
// verified before it where that is known.
func (c *checker) explained(correction sroi.Correction, before money.Cents, known bool) string {
	var in ruleset.CorrectionInput
	if err := json.Unmarshal(correction.Receipt.Input, &in); err != nil || correction.Receipt.Kind != ruleset.CorrectionResult {
		return "de correctie heeft geen rekenbewijs"
	}
	if !known {
		before = in.Before
	}
	if in != (ruleset.CorrectionInput{Line: correction.Line, Year: correction.Year, Before: before, Delta: correction.Delta}) {
		return "het rekenbewijs van de correctie rekent met iets anders dan de correctie"
	}
	return c.replay(correction.Receipt, "de correctie")
}

// verifiedBefore is what was verified of a line, or of the contract, before its
// correction, of which the entry is in the balance already. It is not known of a
// line where items are hidden.
func (l *ledger) verifiedBefore(c sroi.Correction) (before money.Cents, known bool) {
	if c.Decision == nil {
		return l.balance.Verified - c.Delta, true
	}
	return l.holding[place{c.Period, c.Revision, c.Line}].value, l.hidden == 0
}

// place is where a decided line stands.
type place struct {
	period         calendar.Period
	revision, line int
}

// held is what the decision that holds approved of a line, and for which year.
type held struct {
	value money.Cents
	year  int
}

// redecided holds the correction of a line to the difference with the decision
// that held.
func (l *ledger) redecided(c sroi.Correction) string {
	if c.Decision == nil || l.hidden > 0 {
		return ""
	}
	of := place{c.Period, c.Revision, c.Line}
	holds, decided := l.holding[of]
	switch {
	case !decided:
		return "de gecorrigeerde regel is nooit beoordeeld"
	case c.Decision.Line != c.Line || c.Decision.Value < 0 || c.Year != holds.year || c.Delta != c.Decision.Value-holds.value:
		return "de correctie is niet het verschil met de beoordeling die gold"
	case c.Decision.Value > c.Decision.Receipt.Result:
		return "de correctie keurt meer goed dan haar rekenbewijs"
	}
	l.holding[of] = held{c.Decision.Value, holds.year}
	return ""
}
