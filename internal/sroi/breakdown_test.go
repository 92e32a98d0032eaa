// SPDX-License-Identifier: EUPL-1.2

package sroi

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
)

func everything(Contribution) bool { return true }

// ownAssignments makes the names of assignments those of their contracts, as
// they are: no two contracts share one.
func ownAssignments(contributions []Contribution) {
	for _, c := range contributions {
		for _, step := range c.Steps {
			for i, name := range step.Facts.Assignments {
				step.Facts.Assignments[i] = c.Source + name
			}
		}
	}
}

// added sums amounts, reduced.
func added(amounts []Amount) Amount {
	sum := Amount{Value: money.Fraction{Num: 0, Den: 1}, Whole: money.Fraction{Num: 0, Den: 1}}
	for _, a := range amounts {
		negative := func(f money.Fraction) money.Fraction { return money.Fraction{Num: -f.Num, Den: f.Den} }
		sum.Value = sum.Value.Minus(negative(a.Value)).Reduced()
		sum.Whole = sum.Whole.Minus(negative(a.Whole)).Reduced()
	}
	return sum
}

// Of every indicator: the figure is that of the report, the parts add up to the
// sum, and the sum is the figure where the indicator is additive, and no less
// where it is not. What is not shown stays in the sum.
func TestEveryFigureIsMadeOfItsParts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		contributions := someContributions(t)
		ownAssignments(contributions)
		asOf := calendar.MustDate("2022-01-01").AddDays(rapid.IntRange(0, 400).Draw(t, "days"))
		total, _ := Fold("GM0200", 2022, contributions)
		if len(contributions) > 0 {
			total.Version = 1
		}
		report := BuildReport(ReportInput{Current: total, Previous: Total{Year: 2021}, AsOf: asOf})
		hidden := rapid.IntRange(0, 6).Draw(t, "hidden")
		for _, row := range report.Rows {
			in := BreakdownInput{Year: 2022, Code: row.Code, Contributions: contributions, Shown: everything, AsOf: asOf}
			b := BreakDown(in)
			if b.Figure != row.Current || b.Unit != row.Unit || b.Counts != CountedIn(row.Code) {
				t.Fatalf("%s: %+v, the report has %+v", row.Code, b.Figure, row.Current)
			}
			checkParts(t, b, row)
			in.Shown = func(c Contribution) bool { return c.Source != fmt.Sprint("CONTRACT#", hidden) }
			some := BreakDown(in)
			if some.Sum != b.Sum || len(some.Parts)+some.Others != len(b.Parts) {
				t.Fatalf("%s: %d of %d parts, %d others, sum %v", row.Code, len(some.Parts), len(b.Parts), some.Others, some.Sum)
			}
			for _, part := range some.Parts {
				if !in.Shown(Contribution{Source: part.Source}) {
					t.Fatalf("%s: %s is shown", row.Code, part.Source)
				}
			}
		}
	})
}

func checkParts(t *rapid.T, b Breakdown, row Row) {
	var amounts []Amount
	for i, part := range b.Parts {
		amounts = append(amounts, part.Amount)
		if i > 0 && b.Parts[i-1].Amount.Value.Compare(part.Amount.Value) < 0 {
			t.Fatalf("%s: the largest is not first", b.Code)
		}
	}
	if sum := added(amounts); sum != b.Sum {
		t.Fatalf("%s: the parts add up to %v, not %v", b.Code, sum, b.Sum)
	}
	figure := row.Current.Value
	whole := money.Fraction{Num: row.Current.Parts.Den, Den: 1}
	if b.Share && row.Current.State == HasValue {
		figure = money.Fraction{Num: row.Current.Parts.Num, Den: 1}
	}
	if row.Current.State != HasValue {
		figure, whole = money.Fraction{Num: b.Sum.Value.Num, Den: 1}, money.Fraction{Num: 0, Den: 1} // a share of nothing
	}
	above, more := b.Sum.Value.Compare(figure), b.Sum.Whole.Compare(whole)
	if above < 0 || more < 0 || b.Additive && (above != 0 || more != 0) {
		t.Fatalf("%s: the parts add up to %v, the figure is %v", b.Code, b.Sum, row.Current)
	}
}

// A person on two contracts and a supplier with two count once: exactly these
// indicators do not add up.
func TestWhatCountsOnceDoesNotAddUp(t *testing.T) {
	facts := Facts{
		Supplier: "08123456", Buys: true, Persons: []Token{"p"}, Jobs: []Job{{Person: "p", PerWeek: 24 * 60}}, Work: 1,
		Placed: PlacedCount{Employment: 1, LearningJob: 1, Internship: 1, WorkExperience: 1}, Purchases: 1, Verified: 1,
		Obliged: make([]money.Cents, 12), ObligedWhole: 1,
	}
	for month := range facts.Obliged {
		facts.Obliged[month] = 1
	}
	var contributions []Contribution
	for i := range 2 {
		facts.Assignments = []string{fmt.Sprint(i)}
		for _, procedure := range []Procedure{European, National, NegotiatedSeveral, NegotiatedSingle} {
			facts.Tender = &TenderCount{Procedure: procedure, SocialReturn: true, Above: true, Reserved: true, Value: 3, ValueSocial: 2, Exempted: 1}
			contributions = append(contributions, Contribution{Source: fmt.Sprint("CONTRACT#", i, procedure), Seq: 1, Steps: []Step{{Facts: facts}}})
			facts.Assignments = nil
		}
	}
	once := map[string]bool{ExtraJobs: true, JobsStartedFTE: true, Persons: true, SocialBuyers: true}
	for _, code := range Codes() {
		b := BreakDown(BreakdownInput{Year: 2022, Code: code, Contributions: contributions, Shown: everything, AsOf: calendar.MustDate("2022-12-31")})
		value := b.Figure.Value
		if b.Share {
			value = money.Fraction{Num: b.Figure.Parts.Num, Den: 1}
		}
		addsUp := b.Sum.Value == value
		if addsUp == once[code] || b.Additive == once[code] || b.Sum.Value.Num == 0 {
			t.Errorf("%s: additive %v, adds up %v: %v against %v", code, b.Additive, addsUp, b.Sum, b.Figure)
		}
	}
}

func TestABreakdownTellsWhatWasRecordedInstead(t *testing.T) {
	in := BreakdownInput{Year: 2022, Code: ExtraJobs, Shown: everything, AsOf: calendar.MustDate("2022-12-31"), Values: []IndicatorValue{
		{Code: ExtraJobs, Period: "2022", State: HasValue, Value: number(84), Source: "UWV"},
		{Code: ExtraJobs, Period: "2022", State: HasValue, Value: number(125), Intended: true},
		{Code: Persons, Period: "2022", State: HasValue, Value: number(7)},
	}}
	b := BreakDown(in)
	if b.Recorded == nil || b.Recorded.Value != *number(84) || b.Recorded.Source != "UWV" || b.Figure.State != NotMeasured {
		t.Errorf("%+v", b)
	}
	in.Year = 2021
	if b := BreakDown(in); b.Recorded != nil {
		t.Errorf("%+v", b)
	}
}
