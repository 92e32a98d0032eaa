// SPDX-License-Identifier: EUPL-1.2

package sroi

import (
	"maps"
	"slices"
	"time"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/ruleset"
)

// ReportingNorm is the working week in which full-time years are reported,
// whatever norm a rule set has.
const ReportingNorm calendar.Minutes = 36 * 60

// WorkPerFTEYear is how much Facts.Work makes one full-time year.
var WorkPerFTEYear = int64(ReportingNorm) * calendar.MonthsFromStart.UnitsPerYear()

// ContractContributions works out what a contract adds to the years of the
// areas it counts in: one contribution per area and year that its ledger ever
// touched, also where nothing is left of it. Each step has the contract as it was
// that day. Extra says what counts as an extra job under the rules that the
// contract has been under. The ledger must be whole.
func ContractContributions(l Ledger, extra map[ruleset.Ref]ruleset.ExtraJob) []Contribution {
	s := contractState{
		ledger: l, contract: l.ContractAfter(0), extra: extra,
		amounts: map[int]YearAmounts{}, decided: map[lineKey]decidedLine{}, settled: map[calendar.Period]bool{},
		corrections: map[string]Correction{},
	}
	for _, c := range l.Corrections {
		s.corrections[c.ID] = c
	}
	rules := []ruleset.Ref{}
	for n := range len(l.Amendments) + 1 {
		contract := l.ContractAfter(n)
		for year := contract.Term.From.Year(); year <= contract.Term.To.Year(); year++ {
			s.amounts[year] = YearAmounts{Year: year}
		}
		if !slices.Contains(rules, contract.Rules) {
			rules = append(rules, contract.Rules)
		}
	}
	for _, entry := range l.Entries {
		for _, a := range entry.Amounts {
			s.amounts[a.Year] = YearAmounts{Year: a.Year}
		}
	}
	years := slices.Sorted(maps.Keys(s.amounts))
	steps, closed := map[int][]Step{}, newClosings("CONTRACT#"+l.Contract.ID, l.Contract.Number)
	for i, entry := range l.Entries {
		s.apply(entry)
		for _, year := range years {
			closed.note(entry, year, l.reason(entry), func() (Facts, []calendar.Period) { return s.facts(year), s.unsettled(year) })
		}
		if i+1 < len(l.Entries) && !l.Entries[i+1].Booked.After(entry.Booked) {
			continue // the day goes on
		}
		for _, year := range years {
			steps[year] = append(steps[year], Step{Booked: entry.Booked, Facts: s.facts(year)})
		}
	}
	last := l.Entries[len(l.Entries)-1]
	var contributions []Contribution
	for _, year := range years {
		for _, area := range l.Contract.AreasIn(year) {
			contributions = append(contributions, Contribution{
				Area: area, Year: year, Source: closed.source, Seq: last.Seq, Booked: last.Booked,
				Rules: rules, Steps: changes(steps[year]), Closing: closed.years[year],
			})
		}
	}
	return contributions
}

// reason is why an entry was booked, as a code: that of a correction, or of the
// amendment that it books; empty of other entries.
func (l Ledger) reason(e Entry) string {
	for _, a := range l.Amendments {
		if a.Number == e.Amendment {
			return string(a.Reason)
		}
	}
	return e.Reason
}

// changes drops steps that repeat the one before, and empty ones at the start.
func changes(steps []Step) []Step {
	before := Digest(Facts{})
	kept := []Step{}
	for _, step := range steps {
		if digest := Digest(step.Facts); digest != before {
			kept, before = append(kept, step), digest
		}
	}
	return kept
}

type lineKey struct {
	period         calendar.Period
	revision, line int
}

type decidedLine struct {
	line     Line
	decision Decision
}

// contractState is a contract as its ledger stood after some entries.
type contractState struct {
	ledger   Ledger
	contract Contract
	extra    map[ruleset.Ref]ruleset.ExtraJob
	balance  Balance
	amounts  map[int]YearAmounts
	decided  map[lineKey]decidedLine
	settled  map[calendar.Period]bool // with a decided statement
	// corrections are those of the ledger by id, whether they were booked yet or not.
	corrections map[string]Correction
	// lines are what approved lists; nil since something was decided.
	lines []decidedLine
}

func (s *contractState) apply(entry Entry) {
	for _, a := range entry.Amounts {
		s.amounts[a.Year] = s.amounts[a.Year].Plus(a)
	}
	s.balance = s.balance.with(entry)
	if entry.Amendment > 0 {
		s.contract = s.ledger.ContractAfter(entry.Amendment)
	}
	switch entry.Kind {
	case StatementDecided:
		s.lines = nil
		s.settled[entry.Period] = true
		for _, revision := range s.ledger.Revisions {
			if revision.Period != entry.Period || revision.LinesHash != entry.LinesHash {
				continue
			}
			for i, line := range revision.Lines {
				s.decided[lineKey{entry.Period, entry.Revision, line.Number}] = decidedLine{line, revision.Decisions[i]}
			}
		}
	case Corrected:
		if c := s.corrections[entry.Correction]; c.Decision != nil {
			key := lineKey{c.Period, c.Revision, c.Line}
			s.decided[key] = decidedLine{s.decided[key].line, *c.Decision}
			s.lines = nil
		}
	}
}

// approved lists the lines of which anything is verified, by the first day that
// they claim. Hours count also where a limit leaves them no value.
func (s *contractState) approved() []decidedLine {
	if s.lines != nil {
		return s.lines
	}
	keys := slices.SortedFunc(maps.Keys(s.decided), func(a, b lineKey) int {
		if byDay := s.decided[a].line.Span.From.Compare(s.decided[b].line.Span.From); byDay != 0 {
			return byDay
		}
		if byPeriod := a.period.Compare(b.period); byPeriod != 0 {
			return byPeriod
		}
		return a.line - b.line
	})
	s.lines = []decidedLine{}
	for _, key := range keys {
		if d := s.decided[key]; d.decision.Verdict != Rejected && (d.decision.Value > 0 || len(d.decision.Hours) > 0) {
			s.lines = append(s.lines, d)
		}
	}
	return s.lines
}

// facts is what the contract adds to a year, as the ledger stands.
func (s *contractState) facts(year int) Facts {
	c := s.contract
	facts := Facts{
		Verified: s.balance.countedIn(year, s.amounts), Undecided: s.amounts[year].Lines, Unsettled: len(s.unsettled(year)),
	}
	if c.Term.Overlaps(calendar.YearSpan(year)) {
		facts.Supplier = c.Supplier
		facts.ObligedWhole = c.Obligation.Amount
		facts.Obliged = obligedByMonth(c, year)
	}
	approved := s.approved()
	s.addPlacements(&facts, year, approved)
	addPurchases(&facts, year, c.ID, approved)
	return facts
}

// unsettled are the periods of the year without a decided statement.
func (s *contractState) unsettled(year int) []calendar.Period {
	var periods []calendar.Period
	for _, period := range s.contract.Periods() {
		if period.Year() == year && !s.settled[period] {
			periods = append(periods, period)
		}
	}
	return periods
}

// obligedByMonth is the obligation pro rata of the term, from the start of the
// year to the end of each month.
func obligedByMonth(c Contract, year int) []money.Cents {
	before := ruleset.Due(c.Due(calendar.NewDate(year, time.January, 1).AddDays(-1)))
	obliged := make([]money.Cents, 12)
	for month := range obliged {
		obliged[month] = ruleset.Due(c.Due(calendar.NewDate(year, time.Month(month+2), 1).AddDays(-1))) - before
	}
	return obliged
}

// addPlacements counts the persons at work in the year, their working time, and
// the placements that started in it.
func (s *contractState) addPlacements(facts *Facts, year int, approved []decidedLine) {
	verified := map[int][]decidedLine{}
	var numbers []int
	for _, d := range approved {
		if d.line.Placed == nil || len(d.decision.Hours) == 0 {
			continue
		}
		number := d.line.Claim.Placement.Number
		if verified[number] == nil {
			numbers = append(numbers, number)
		}
		verified[number] = append(verified[number], d)
	}
	for _, number := range numbers {
		lines := verified[number]
		placed := lines[0].line.Placed
		work := workIn(placed.Start, lines, calendar.YearSpan(year))
		if work > 0 {
			facts.Work += work
			if !slices.Contains(facts.Persons, placed.Person) {
				facts.Persons = append(facts.Persons, placed.Person)
			}
		}
		if s.startYear(placed) == year && !placed.Continues && s.extra[s.contract.Rules].Reached(placed.Start, hoursOf(lines)) {
			facts.place(placed, lines[0].decision.Hours)
		}
	}
	facts.sortNames()
}

// startYear is the year of the later of job start and contract start.
func (s *contractState) startYear(placed *Placed) int {
	return max(placed.Start.Year(), s.contract.Term.From.Year())
}

func hoursOf(lines []decidedLine) []ruleset.Hours {
	var hours []ruleset.Hours
	for _, d := range lines {
		hours = append(hours, d.decision.Hours...)
	}
	return hours
}

// place counts a placement by its form; a job by the hours verified at its start.
func (f *Facts) place(placed *Placed, verified []ruleset.Hours) {
	switch {
	case placed.Form == ruleset.LearningJob:
		f.Placed.LearningJob++
	case placed.Form == ruleset.Internship:
		f.Placed.Internship++
	case placed.Form == ruleset.WorkExperience:
		f.Placed.WorkExperience++
	case placed.Form.Employs():
		f.Placed.Employment++
		perWeek := min(verified[0].PerWeek, ReportingNorm)
		f.Jobs = append(f.Jobs, Job{Person: placed.Person, Replaces: placed.Replaces > 0, PerWeek: perWeek})
	}
}

func workIn(start calendar.Date, lines []decidedLine, span calendar.Span) int64 {
	var work int64
	for _, d := range lines {
		for _, hours := range Within(d.decision.Hours, span) {
			work += int64(min(hours.PerWeek, ReportingNorm)) * calendar.MonthsFromStart.Units(start, hours.Span)
		}
	}
	return work
}

// addPurchases counts purchases from social enterprises; those from
// sheltered-employment companies stay apart. An assignment counts in the year
// of its first verified invoice.
func addPurchases(facts *Facts, year int, contract string, approved []decidedLine) {
	first := map[string]calendar.Date{}
	for _, d := range approved {
		purchase := d.line.Claim.Purchase
		if purchase == nil || d.recognition() == ruleset.Sheltered {
			continue
		}
		assignment := Digest([]string{contract, purchase.Seller, purchase.Order})[:32]
		if known, ok := first[assignment]; !ok || purchase.InvoiceDate.Before(known) {
			first[assignment] = purchase.InvoiceDate
		}
		if purchase.InvoiceDate.Year() == year {
			facts.Buys = true
			facts.Purchases += approvedAmount(d)
		}
	}
	for _, assignment := range slices.Sorted(maps.Keys(first)) {
		if first[assignment].Year() == year {
			facts.Assignments = append(facts.Assignments, assignment)
		}
	}
}

// recognition is what the seller was on the invoice date: as the register said,
// where one decides.
func (d decidedLine) recognition() ruleset.Recognition {
	if d.decision.Recognition != "" {
		return d.decision.Recognition
	}
	return d.line.Claim.Purchase.Recognition
}

func approvedAmount(d decidedLine) money.Cents {
	if d.decision.Amount != nil {
		return *d.decision.Amount
	}
	return d.line.Claim.Purchase.Amount
}

// TenderContributions works out what a tender adds to the year of its first
// final award; earlier answers to that question leave empty contributions.
func TenderContributions(entries []Entry) []Contribution {
	last := entries[len(entries)-1]
	years, closed := map[int][]Step{}, newClosings("TENDER#"+last.Owner, "")
	for _, entry := range entries {
		if day := firstFinal(*entry.Tender); !day.IsZero() {
			years[day.Year()] = nil
		}
	}
	for i, entry := range entries {
		for year := range years {
			facts := tenderFacts(*entry.Tender, year)
			closed.note(entry, year, entry.Reason, func() (Facts, []calendar.Period) { return facts, nil })
			if i+1 == len(entries) || entries[i+1].Booked.After(entry.Booked) {
				years[year] = append(years[year], Step{Booked: entry.Booked, Facts: facts})
			}
		}
	}
	var contributions []Contribution
	for _, year := range slices.Sorted(maps.Keys(years)) {
		now := last.Tender.Authority.AreasIn(year)
		for _, area := range everIn(entries, year) {
			c := Contribution{Area: area, Year: year, Source: closed.source, Seq: last.Seq, Booked: last.Booked, Steps: []Step{}}
			if slices.Contains(now, area) {
				c.Steps, c.Closing = changes(years[year]), closed.years[year]
			}
			contributions = append(contributions, c)
		}
	}
	return contributions
}

// FactsIn is what a tender that stands so adds to a year of an area.
func (t TenderFacts) FactsIn(area string, year int) Facts {
	if !slices.Contains(t.Authority.AreasIn(year), area) {
		return Facts{}
	}
	return tenderFacts(t, year)
}

// tenderFacts is what a tender adds to a year: only that of its first final award.
func tenderFacts(t TenderFacts, year int) Facts {
	if firstFinal(t).Year() != year {
		return Facts{}
	}
	return Facts{Tender: countTender(t)}
}

// TouchesYears tells whether a tender's change moves figures of a year through
// that one.
func TouchesYears(was, becomes TenderFacts, through int) bool {
	for _, day := range []calendar.Date{firstFinal(was), firstFinal(becomes)} {
		if year := day.Year(); !day.IsZero() && year <= through && Digest(tenderFacts(was, year)) != Digest(tenderFacts(becomes, year)) {
			return true
		}
	}
	return false
}

// everIn are the areas that a tender's figures of a year rolled up into, as any
// entry had it: where the authority's areas were corrected, the old ones become
// empty.
func everIn(entries []Entry, year int) []string {
	var areas []string
	for _, entry := range entries {
		for _, area := range entry.Tender.Authority.AreasIn(year) {
			if !slices.Contains(areas, area) {
				areas = append(areas, area)
			}
		}
	}
	return areas
}

// firstFinal is the date of the first final award, zero where the tender does
// not count: nothing awarded, withdrawn, or a call-off.
func firstFinal(t TenderFacts) calendar.Date {
	var first calendar.Date
	if t.Withdrawn || t.CallOff {
		return first
	}
	for _, lot := range t.Lots {
		if !lot.Final.IsZero() && (first.IsZero() || lot.Final.Before(first)) {
			first = lot.Final
		}
	}
	return first
}

func countTender(t TenderFacts) *TenderCount {
	count := &TenderCount{Procedure: t.Procedure}
	for _, lot := range t.Lots {
		count.SocialReturn = count.SocialReturn || lot.SocialReturn == Applied || lot.Reserved // reserved contracts are included
		count.Above = count.Above || lot.Above
		count.Reserved = count.Reserved || lot.Reserved
		count.Value += lot.Value
		if lot.SocialReturn == Applied || lot.Reserved {
			count.ValueSocial += lot.Value
		} else if lot.Above {
			count.Exempted += lot.Value
		}
	}
	return count
}
