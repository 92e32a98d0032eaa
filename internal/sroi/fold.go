// SPDX-License-Identifier: EUPL-1.2

package sroi

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/ruleset"
)

// Fold adds up an area's contributions of a year, in any order, to the same
// total and course, byte for byte. Version and hash of the store are not its.
func Fold(area string, year int, contributions []Contribution) (Total, []Course) {
	total := Total{Area: area, Year: year}
	rules := map[ruleset.Ref]bool{}
	var events []event
	for i, c := range contributions {
		total.Position.Entries += c.Seq
		_, id, _ := strings.Cut(c.Source, "#")
		last := fmt.Sprintf("%s/%d", id, c.Seq)
		if byDay := c.Booked.Compare(total.Position.Booked); byDay > 0 || byDay == 0 && last > total.Position.Last {
			total.Position.Booked, total.Position.Last = c.Booked, last
		}
		if len(c.Steps) == 0 {
			continue
		}
		for _, ref := range c.Rules {
			rules[ref] = true
		}
		for j, step := range c.Steps {
			e := event{day: step.Booked, source: i, adds: step.Facts}
			if j > 0 {
				e.drops = &c.Steps[j-1].Facts
			}
			events = append(events, e)
		}
	}
	slices.SortStableFunc(events, func(a, b event) int { return a.day.Compare(b.day) })
	total.Rules = slices.SortedFunc(maps.Keys(rules), compareRefs)
	total.Closed = foldClosed(contributions)
	courses := run(area, year, events, &total)
	if len(courses) > 0 {
		total.Course = map[string]string{}
	}
	for _, course := range courses {
		total.Course[course.Month] = Digest(course)[:16]
	}
	return total, courses
}

func compareRefs(a, b ruleset.Ref) int {
	return slices.Compare([]string{a.ID, a.Version.String()}, []string{b.ID, b.Version.String()})
}

// event is a contribution's change on a day.
type event struct {
	day    calendar.Date
	source int
	adds   Facts
	drops  *Facts
}

// run plays the events in order of days and notes the figures after each.
func run(area string, year int, events []event, total *Total) []Course {
	sum := newSum()
	var courses []Course
	for i, e := range events {
		if e.drops != nil {
			sum.add(*e.drops, -1)
		}
		sum.add(e.adds, +1)
		if i+1 < len(events) && events[i+1].day == e.day {
			continue
		}
		total.Figures = sum.figures()
		month := e.day.String()[:7]
		if n := len(courses); n == 0 || courses[n-1].Month != month {
			courses = append(courses, Course{Area: area, Year: year, Month: month})
		}
		course := &courses[len(courses)-1]
		course.Days = append(course.Days, DayFigures{Booked: e.day, Figures: total.Figures})
	}
	return courses
}

// sum is a running total over facts. Names are counted, so that each adds one
// however many contracts mention it, until the last is gone.
type sum struct {
	f           Figures
	persons     map[Token]int
	jobPersons  map[Token]int
	jobMinutes  map[Token]int64
	suppliers   map[string]int
	buyers      map[string]int
	assignments map[string]int
}

func newSum() *sum {
	return &sum{
		f: Figures{ByProcedure: map[Procedure]TenderFigures{}}, persons: map[Token]int{}, jobPersons: map[Token]int{},
		jobMinutes: map[Token]int64{}, suppliers: map[string]int{}, buyers: map[string]int{}, assignments: map[string]int{},
	}
}

// count adds n to what a name counts for, and forgets it at zero.
func count[K comparable, N int | int64](names map[K]N, name K, n N) {
	if names[name] += n; names[name] == 0 {
		delete(names, name)
	}
}

func (s *sum) add(facts Facts, sign int) {
	for _, person := range facts.Persons {
		count(s.persons, person, sign)
	}
	for _, job := range facts.Jobs {
		count(s.jobPersons, job.Person, sign)
		count(s.jobMinutes, job.Person, int64(sign)*int64(job.PerWeek))
		if !job.Replaces {
			s.f.Jobs += sign
		}
	}
	if facts.Supplier != "" {
		count(s.suppliers, facts.Supplier, sign)
		if facts.Buys {
			count(s.buyers, facts.Supplier, sign)
		}
	}
	for _, assignment := range facts.Assignments {
		count(s.assignments, assignment, sign)
	}
	s.addTender(facts.Tender, sign)
	s.addNumbers(facts, sign)
}

func (s *sum) addNumbers(facts Facts, sign int) {
	f, cents := &s.f, money.Cents(sign)
	f.Work += int64(sign) * facts.Work
	f.Placed.Employment += sign * facts.Placed.Employment
	f.Placed.LearningJob += sign * facts.Placed.LearningJob
	f.Placed.Internship += sign * facts.Placed.Internship
	f.Placed.WorkExperience += sign * facts.Placed.WorkExperience
	f.Purchases += cents * facts.Purchases
	f.Verified += cents * facts.Verified
	f.ObligedWhole += cents * facts.ObligedWhole
	for month, obliged := range facts.Obliged {
		f.Obliged[month] += cents * obliged
	}
	f.Undecided += sign * facts.Undecided
	f.Unsettled += sign * facts.Unsettled
}

func (s *sum) addTender(t *TenderCount, sign int) {
	if t == nil {
		return
	}
	f := &s.f
	f.Tenders = f.Tenders.plus(*t, sign)
	if t.Above {
		f.Above = f.Above.plus(*t, sign)
	}
	if sums := f.ByProcedure[t.Procedure].plus(*t, sign); sums.Count > 0 {
		f.ByProcedure[t.Procedure] = sums
	} else {
		delete(f.ByProcedure, t.Procedure)
	}
	if t.Reserved {
		f.Reserved += sign
	}
	f.Exempted += money.Cents(sign) * t.Exempted
}

func (t TenderFigures) plus(count TenderCount, sign int) TenderFigures {
	t.Count += sign
	if count.SocialReturn {
		t.Social += sign
	}
	t.Value += money.Cents(sign) * count.Value
	t.ValueSocial += money.Cents(sign) * count.ValueSocial
	return t
}

// figures is the running total as numbers.
func (s *sum) figures() Figures {
	f := s.f
	f.ByProcedure = maps.Clone(s.f.ByProcedure)
	f.Persons, f.JobPersons = len(s.persons), len(s.jobPersons)
	f.JobMinutes = 0
	for _, minutes := range s.jobMinutes {
		f.JobMinutes += min(minutes, int64(ReportingNorm))
	}
	f.Suppliers, f.SuppliersBuying, f.Assignments = len(s.suppliers), len(s.buyers), len(s.assignments)
	return f
}
