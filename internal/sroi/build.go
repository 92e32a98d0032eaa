// SPDX-License-Identifier: EUPL-1.2

package sroi

import (
	"slices"
	"time"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
)

// ReportInput is what the council's table is made of.
type ReportInput struct {
	Area     Area
	Current  Total
	Previous Total
	// Closed and PreviousClosed are the years as they were closed; nil: open.
	Closed, PreviousClosed *AreaClose
	AtDate                 *Figures         // the previous year at the same date, nil where there was nothing yet
	Values                 []IndicatorValue // all revisions, each oldest first
	Built                  time.Time
	AsOf                   calendar.Date
	Assumptions            []Assumption
}

// BuildReport lays the totals beside the recorded figures and targets.
func BuildReport(in ReportInput) Report {
	r := Report{
		Area: in.Area, Year: in.Current.Year, CompareWith: in.Previous.Year, Built: in.Built, AsOf: in.AsOf,
		Position: in.Current.Position, Current: stateOf(in.Current, in.Closed), Previous: stateOf(in.Previous, in.PreviousClosed),
		SameDateAsOf: in.AsOf.AddMonths(-12 * (in.Current.Year - in.Previous.Year)), Assumptions: in.Assumptions,
	}
	if r.Position.Entries == 0 {
		r.Position = in.Previous.Position
	}
	if closed := in.Current.Closed; closed != nil && r.Current.Final {
		r.Acts, r.ActCount, r.Restated = closed.Acts, closed.Count, closed.Count > 0
	}
	for _, ind := range indicators {
		row := in.row(&r, ind)
		r.Restated = r.Restated || row.Correction.Value.Num != 0
		r.Rows = append(r.Rows, row)
	}
	r.BothRestated = r.Restated && slices.ContainsFunc(r.Rows, func(row Row) bool { return row.PreviousRestated.State != "" })
	for i, ind := range indicators {
		in.compare(&r, &r.Rows[i], ind)
	}
	return r
}

// compare lays a row's figure against last year's and the target.
func (in ReportInput) compare(r *Report, row *Row, ind indicator) {
	before := r.Before(*row)
	row.Difference = difference(row.Current, before)
	if target, ok := in.target(ind.code, in.Current.Year); ok {
		row.Target = &target
		running := !r.AsOf.After(calendar.YearSpan(r.Year).To)
		row.Verdict = judge(*row, before, !r.Current.Final && (running || ind.awaits(r.Current)), !r.Previous.Final && ind.awaits(r.Previous))
	}
}

// row is an indicator's: this year's figure and last year's.
func (in ReportInput) row(r *Report, ind indicator) Row {
	row := Row{Code: ind.code, Parent: ind.parent, Unit: ind.unit}
	months, monthsBefore := month(r.Year, r.AsOf), month(r.CompareWith, r.AsOf)
	row.Current = in.figure(ind, in.Current, months)
	if in.Closed != nil {
		row.AsClosed = in.closed(ind, in.Current, *in.Closed, months)
		row.Correction = difference(row.Current, row.AsClosed)
	}
	row.Previous = in.figure(ind, in.Previous, monthsBefore)
	if in.PreviousClosed != nil {
		asClosed := in.closed(ind, in.Previous, *in.PreviousClosed, monthsBefore)
		if asClosed.State == HasValue && asClosed != row.Previous {
			row.Previous, row.PreviousRestated = asClosed, row.Previous
		}
	}
	row.PreviousAtDate = Figure{State: NotMeasured}
	if in.AtDate != nil {
		row.PreviousAtDate = ind.of(*in.AtDate, month(in.Previous.Year, r.SameDateAsOf))
	}
	return row
}

func stateOf(t Total, closed *AreaClose) YearState {
	state := YearState{Undecided: t.Figures.Undecided, Unsettled: t.Figures.Unsettled, Known: t.Version > 0}
	if closed != nil {
		state.Final, state.ClosedOn = true, closed.On
	}
	return state
}

// month is the number of whole months of the year that have passed on a day, 0 to 12.
func month(year int, day calendar.Date) int {
	passed := 0
	for passed < 12 && !calendar.NewDate(year, time.Month(passed+2), 1).After(day.AddDays(1)) {
		passed++
	}
	return passed
}

// awaits tells whether statements and decisions to come can still move the
// indicator: what follows from awards waits for neither.
func (ind indicator) awaits(year YearState) bool {
	return year.Undecided+year.Unsettled > 0 && ind.code != TenderShare && ind.parent != TenderShare
}

// indicator is a row of the table and how it follows from the figures.
type indicator struct {
	code, parent string
	unit         Unit
	// part and whole are the number, after so many whole months; without whole
	// it is a plain number in units of per.
	part  func(f Figures, months int) int64
	whole func(f Figures, months int) int64
	per   int64
	// counts is what part and whole count. Distinct tells that they count each
	// person or supplier once, so that those of two contracts need not add up.
	counts   Unit
	distinct bool
}

// tally is the part and the whole of an indicator as counted.
type tally struct{ part, whole int64 }

func (ind indicator) tally(f Figures, months int) tally {
	counted := tally{part: ind.part(f, months)}
	if ind.whole != nil {
		counted.whole = ind.whole(f, months)
	}
	return counted
}

// amount is a tally in what the indicator counts.
func (ind indicator) amount(t tally) Amount {
	a := Amount{Value: money.Fraction{Num: t.part, Den: ind.per}.Reduced(), Whole: money.Fraction{Num: 0, Den: 1}}
	if ind.whole != nil {
		a.Whole.Num = t.whole
	}
	return a
}

func plain(code, parent string, unit Unit, part func(f Figures) int64) indicator {
	return indicator{code: code, parent: parent, unit: unit, counts: unit, per: 1, part: func(f Figures, _ int) int64 { return part(f) }}
}

func share(code, parent string, part, whole func(f Figures) int64) indicator {
	return indicator{
		code: code, parent: parent, unit: UnitPercent, counts: UnitCount, per: 1,
		part:  func(f Figures, _ int) int64 { return part(f) },
		whole: func(f Figures, _ int) int64 { return whole(f) },
	}
}

func obliged(f Figures, months int) int64 {
	if months == 0 {
		return 0
	}
	return int64(f.Obliged[months-1])
}

func verified(f Figures, _ int) int64 { return int64(f.Verified) }

// indicators are the rows, in the order shown.
var indicators = []indicator{
	plain(ExtraJobs, "", UnitCount, func(f Figures) int64 { return int64(f.JobPersons) }).once(),
	plain(JobsStarted, ExtraJobs, UnitCount, func(f Figures) int64 { return int64(f.Jobs) }),
	{code: JobsStartedFTE, parent: ExtraJobs, unit: UnitFTE, counts: UnitFTE, distinct: true, per: int64(ReportingNorm), part: func(f Figures, _ int) int64 { return f.JobMinutes }},
	share(TenderShare, "", func(f Figures) int64 { return int64(f.Tenders.Social) }, func(f Figures) int64 { return int64(f.Tenders.Count) }),
	share(TenderShareAbove, TenderShare, func(f Figures) int64 { return int64(f.Above.Social) }, func(f Figures) int64 { return int64(f.Above.Count) }),
	share(TenderShareValue, TenderShare, func(f Figures) int64 { return int64(f.Tenders.ValueSocial) }, func(f Figures) int64 { return int64(f.Tenders.Value) }).inEuros(),
	procedure(TenderShareEuropean, European),
	procedure(TenderShareNational, National),
	procedure(TenderShareSeveral, NegotiatedSeveral),
	procedure(TenderShareSingle, NegotiatedSingle),
	plain(TenderReserved, TenderShare, UnitCount, func(f Figures) int64 { return int64(f.Reserved) }),
	plain(ExemptedValue, TenderShare, UnitEuro, func(f Figures) int64 { return int64(f.Exempted) }),
	share(SocialBuyers, "", func(f Figures) int64 { return int64(f.SuppliersBuying) }, func(f Figures) int64 { return int64(f.Suppliers) }).counted().once(),
	plain(SocialAssignments, "", UnitCount, func(f Figures) int64 { return int64(f.Assignments) }),
	plain(SocialPurchaseValue, SocialAssignments, UnitEuro, func(f Figures) int64 { return int64(f.Purchases) }),
	plain(Persons, "", UnitCount, func(f Figures) int64 { return int64(f.Persons) }).once(),
	{code: FTEYears, unit: UnitFTE, counts: UnitFTE, per: WorkPerFTEYear, part: func(f Figures, _ int) int64 { return f.Work }},
	plain(Placements, "", UnitCount, func(f Figures) int64 {
		return int64(f.Placed.Employment + f.Placed.LearningJob + f.Placed.Internship + f.Placed.WorkExperience)
	}),
	plain(PlacedEmployment, Placements, UnitCount, func(f Figures) int64 { return int64(f.Placed.Employment) }),
	plain(PlacedLearningJob, Placements, UnitCount, func(f Figures) int64 { return int64(f.Placed.LearningJob) }),
	plain(PlacedInternship, Placements, UnitCount, func(f Figures) int64 { return int64(f.Placed.Internship) }),
	plain(PlacedExperience, Placements, UnitCount, func(f Figures) int64 { return int64(f.Placed.WorkExperience) }),
	{code: RealisedShare, unit: UnitPercent, counts: UnitEuro, per: 1, part: verified, whole: obliged},
	{code: RealisedValue, parent: RealisedShare, unit: UnitEuro, counts: UnitEuro, per: 1, part: verified},
	{code: ObligedValue, parent: RealisedShare, unit: UnitEuro, counts: UnitEuro, per: 1, part: obliged},
	plain(ObligedWhole, RealisedShare, UnitEuro, func(f Figures) int64 { return int64(f.ObligedWhole) }),
}

func procedure(code string, p Procedure) indicator {
	return share(code, TenderShare, func(f Figures) int64 { return int64(f.ByProcedure[p].Social) }, func(f Figures) int64 { return int64(f.ByProcedure[p].Count) })
}

// counted shows a share as its count, with the whole beside it.
func (ind indicator) counted() indicator {
	ind.unit = UnitCount
	return ind
}

// inEuros tells that part and whole are cents.
func (ind indicator) inEuros() indicator {
	ind.counts = UnitEuro
	return ind
}

// once tells that persons or suppliers are counted, each once.
func (ind indicator) once() indicator {
	ind.distinct = true
	return ind
}

// Codes are the codes of the table's rows, in the order shown.
func Codes() []string {
	codes := make([]string, len(indicators))
	for i, ind := range indicators {
		codes[i] = ind.code
	}
	return codes
}

// IsIndicator tells whether a code is a row of the table, in which unit.
func IsIndicator(code string) (Unit, bool) {
	ind := indicatorOf(code)
	return ind.unit, ind.code != ""
}

// CountedIn is what the parts of an indicator count, such as euros of a share of
// value; empty where the code is of none.
func CountedIn(code string) Unit { return indicatorOf(code).counts }

// indicatorOf is the row of a code; without a code where there is none.
func indicatorOf(code string) indicator {
	for _, ind := range indicators {
		if ind.code == code {
			return ind
		}
	}
	return indicator{}
}

// of is the indicator's figure; a share of nothing was not measured.
func (ind indicator) of(f Figures, months int) Figure {
	part := ind.part(f, months)
	if ind.whole == nil {
		return Figure{State: HasValue, Value: money.Fraction{Num: part, Den: ind.per}.Reduced()}
	}
	parts := money.Fraction{Num: part, Den: ind.whole(f, months)}
	switch {
	case ind.unit == UnitCount:
		return Figure{State: HasValue, Value: money.Fraction{Num: part, Den: 1}, Parts: parts}
	case parts.Den == 0:
		return Figure{State: NotMeasured}
	}
	return Figure{State: HasValue, Value: parts.Reduced(), Parts: parts}
}

// figure is the one that someone recorded from elsewhere, with its source, else
// the ledger's where the year is in it.
func (in ReportInput) figure(ind indicator, total Total, months int) Figure {
	return in.figureOn(calendar.Date{}, ind, total, months)
}

// closed is the figure that a year was closed with.
func (in ReportInput) closed(ind indicator, total Total, c AreaClose, months int) Figure {
	total.Figures = c.Figures
	return in.figureOn(c.On, ind, total, months)
}

// figureOn is figure with what was recorded by the end of a day.
func (in ReportInput) figureOn(day calendar.Date, ind indicator, total Total, months int) Figure {
	if figure, ok := recorded(in.Values, ind.code, total.Year, day); ok {
		return figure
	}
	if total.Version > 0 {
		return ind.of(total.Figures, months)
	}
	return Figure{State: NotMeasured}
}

// recorded is the figure of a year that someone recorded from elsewhere, the
// newest by the end of a day, or of all where that is zero.
func recorded(values []IndicatorValue, code string, year int, day calendar.Date) (figure Figure, found bool) {
	for _, v := range values {
		if v.Code != code || v.Period != yearPeriod(year) || v.Intended || !day.IsZero() && v.Recorded.After(day) {
			continue
		}
		figure, found = Figure{State: v.State, Qualifier: v.Qualifier, Source: v.Source, Remark: v.Remark}, true
		if v.Value != nil {
			figure.Value = *v.Value
		}
	}
	return figure, found
}

// target is the newest of the year.
func (in ReportInput) target(code string, year int) (target Target, found bool) {
	for _, v := range in.Values {
		if v.Code == code && v.Period == yearPeriod(year) && v.Intended {
			target, found = Target{Reading: v.Reading, Value: v.Value, Qualifier: v.Qualifier, Source: v.Source, Remark: v.Remark}, true
		}
	}
	return target, found
}

func yearPeriod(year int) string { return calendar.YearSpan(year).From.String()[:4] }

func difference(current, previous Figure) Figure {
	if current.State != HasValue || previous.State != HasValue {
		return Figure{State: NotMeasured}
	}
	return Figure{State: HasValue, Value: current.Value.Minus(previous.Value)}
}

// judge compares the row with its target, which cannot be said against a last
// year that still awaits decisions. While the year is open a number that
// only grows can be reached already; nothing can be missed, and a share can
// still go either way.
func judge(row Row, before Figure, open, previousAwaits bool) Verdict {
	t := row.Target
	var reached bool
	switch {
	case row.Current.State != HasValue:
		return Undetermined
	case t.Reading == MoreThanBefore:
		if before.State != HasValue || previousAwaits {
			return Undetermined
		}
		gain := row.Difference.Value
		reached = gain.Num > 0 && (t.Value == nil || gain.Compare(*t.Value) >= 0)
	case t.Value == nil:
		return Undetermined
	case t.Reading == HigherThanValue:
		reached = row.Current.Value.Compare(*t.Value) > 0
	default:
		reached = row.Current.Value.Compare(*t.Value) >= 0
	}
	switch {
	case open && (!reached || row.Unit == UnitPercent):
		return Undetermined
	case reached:
		return Reached
	}
	return NotReached
}
