// SPDX-License-Identifier: EUPL-1.2

package sroi

import (
	"testing"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
)

func total(year int, f Figures) Total {
	return Total{Area: "GM0200", Year: year, Version: 1, Figures: f}
}

func targetOf(code string, reading Reading, value *money.Fraction) IndicatorValue {
	return IndicatorValue{Code: code, Period: "2022", Intended: true, Reading: reading, Value: value, State: HasValue}
}

func number(n int64) *money.Fraction { return &money.Fraction{Num: n, Den: 1} }

func TestVerdicts(t *testing.T) {
	t.Parallel()
	jobs := func(n, undecided int) Figures { return Figures{JobPersons: n, Undecided: undecided} }
	share := func(social, undecided int) Figures {
		return Figures{Tenders: TenderFigures{Count: 10, Social: social}, Undecided: undecided}
	}
	for name, c := range map[string]struct {
		current, previous Figures
		asOf              string
		target            IndicatorValue
		want              Verdict
	}{
		"reached":                             {jobs(125, 0), jobs(96, 0), "2023-02-01", targetOf(ExtraJobs, AtLeast, number(125)), Reached},
		"one short":                           {jobs(124, 0), jobs(96, 0), "2023-02-01", targetOf(ExtraJobs, AtLeast, number(125)), NotReached},
		"one short, lines wait":               {jobs(124, 1), jobs(96, 0), "2023-02-01", targetOf(ExtraJobs, AtLeast, number(125)), Undetermined},
		"one short, a statement is due":       {Figures{JobPersons: 124, Unsettled: 1}, jobs(96, 0), "2023-01-01", targetOf(ExtraJobs, AtLeast, number(125)), Undetermined},
		"more than a last year that waits":    {jobs(97, 0), jobs(96, 1), "2023-02-01", targetOf(ExtraJobs, MoreThanBefore, nil), Undetermined},
		"one short, the year runs":            {jobs(124, 0), jobs(96, 0), "2022-12-31", targetOf(ExtraJobs, AtLeast, number(125)), Undetermined},
		"reached while the year runs":         {jobs(125, 0), jobs(96, 0), "2022-06-01", targetOf(ExtraJobs, AtLeast, number(125)), Reached},
		"higher than a value is not equal":    {jobs(125, 0), jobs(96, 0), "2023-02-01", targetOf(ExtraJobs, HigherThanValue, number(125)), NotReached},
		"more than before":                    {jobs(97, 0), jobs(96, 0), "2023-02-01", targetOf(ExtraJobs, MoreThanBefore, nil), Reached},
		"more than before is not equal":       {jobs(96, 0), jobs(96, 0), "2023-02-01", targetOf(ExtraJobs, MoreThanBefore, nil), NotReached},
		"so many more than before":            {jobs(105, 0), jobs(96, 0), "2023-02-01", targetOf(ExtraJobs, MoreThanBefore, number(10)), NotReached},
		"a higher share":                      {share(6, 0), share(5, 0), "2023-02-01", targetOf(TenderShare, MoreThanBefore, nil), Reached},
		"a higher share while it runs":        {share(6, 0), share(5, 0), "2022-02-01", targetOf(TenderShare, MoreThanBefore, nil), Undetermined},
		"a share of awards waits for no line": {share(6, 9), share(5, 0), "2023-02-01", targetOf(TenderShare, MoreThanBefore, nil), Reached},
	} {
		report := BuildReport(ReportInput{
			Current: total(2022, c.current), Previous: total(2021, c.previous), AsOf: calendar.MustDate(c.asOf), Values: []IndicatorValue{c.target},
		})
		for _, row := range report.Rows {
			want := NoTarget
			if row.Code == c.target.Code {
				want = c.want
			}
			if row.Verdict != want {
				t.Errorf("%s: %s is %q, want %q", name, row.Code, row.Verdict, want)
			}
		}
	}
}

func row(t *testing.T, r Report, code string) Row {
	t.Helper()
	for _, row := range r.Rows {
		if row.Code == code {
			return row
		}
	}
	t.Fatalf("no row %s", code)
	return Row{}
}

// A year before this system is taken from what was recorded elsewhere; an
// unknown year makes a comparison impossible, never zero.
func TestAYearFromElsewhere(t *testing.T) {
	t.Parallel()
	in := ReportInput{Current: total(2022, Figures{JobPersons: 10}), Previous: Total{Year: 2021}, AsOf: calendar.MustDate("2023-02-01")}
	in.Values = []IndicatorValue{targetOf(ExtraJobs, MoreThanBefore, nil)}
	unknown := row(t, BuildReport(in), ExtraJobs)
	if unknown.Previous.State != NotMeasured || unknown.Difference.State != NotMeasured || unknown.Verdict != Undetermined {
		t.Errorf("unknown last year: %+v", unknown)
	}
	in.Values = append(in.Values, IndicatorValue{Code: ExtraJobs, Period: "2021", State: HasValue, Value: number(8), Qualifier: About, Source: "archief"})
	known := row(t, BuildReport(in), ExtraJobs)
	in.Previous = total(2021, Figures{JobPersons: 0}) // a contract that began in December must not hide it behind a zero
	if beside := row(t, BuildReport(in), ExtraJobs); beside.Previous.Value != *number(8) {
		t.Errorf("recorded beside a ledger: %+v", beside.Previous)
	}
	if known.Previous.Value != *number(8) || known.Previous.Qualifier != About || known.Difference.Value != *number(2) || known.Verdict != Reached {
		t.Errorf("recorded last year: %+v", known)
	}
}

// What was restated is compared with what was restated: where last year stayed as
// it was closed, or this year is open, last year is as the council adopted it.
func TestLikeIsComparedWithLike(t *testing.T) {
	t.Parallel()
	closedOf := func(year, jobs int) *AreaClose {
		return &AreaClose{Year: year, On: calendar.MustDate("2023-02-01"), Figures: Figures{JobPersons: jobs}}
	}
	act := &ClosedYear{Count: 1, Acts: []Act{{Seq: 9}}}
	for name, c := range map[string]struct {
		closed, previous *AreaClose
		acts             *ClosedYear
		both             bool
		difference       int64
		verdict          Verdict
	}{ // this year 10 as it stands, last year 9
		"both restated":               {closedOf(2022, 12), closedOf(2021, 10), act, true, 1, Reached},
		"this year by acts alone":     {closedOf(2022, 10), closedOf(2021, 10), act, true, 1, Reached},
		"last year as it was closed":  {closedOf(2022, 12), closedOf(2021, 9), act, false, 1, Reached},
		"this year as it was closed":  {closedOf(2022, 10), closedOf(2021, 10), nil, false, 0, NotReached},
		"last year only, this open":   {nil, closedOf(2021, 10), nil, false, 0, NotReached},
		"nothing was closed till now": {nil, nil, nil, false, 1, Reached},
	} {
		in := ReportInput{
			Current: total(2022, Figures{JobPersons: 10}), Previous: total(2021, Figures{JobPersons: 9}), AsOf: calendar.MustDate("2023-03-01"),
			Closed: c.closed, PreviousClosed: c.previous, Values: []IndicatorValue{targetOf(ExtraJobs, MoreThanBefore, nil)},
		}
		in.Current.Closed = c.acts
		report := BuildReport(in)
		jobs := row(t, report, ExtraJobs)
		if report.BothRestated != c.both || jobs.Difference.Value.Num != c.difference || jobs.Verdict != c.verdict {
			t.Errorf("%s: both %t, difference %d, %s", name, report.BothRestated, jobs.Difference.Value.Num, jobs.Verdict)
		}
	}
}

// What was recorded from elsewhere after a year was closed corrects it, and does
// not change what it was closed with.
func TestAYearFromElsewhereAsClosed(t *testing.T) {
	t.Parallel()
	value := func(revision int, on string, jobs int64) IndicatorValue {
		return IndicatorValue{Code: ExtraJobs, Period: "2022", Revision: revision, State: HasValue, Value: number(jobs), Source: "archief", Recorded: calendar.MustDate(on)}
	}
	closed := AreaClose{Year: 2022, On: calendar.MustDate("2023-02-01"), Figures: Figures{JobPersons: 5}}
	for name, c := range map[string]struct {
		values                     []IndicatorValue
		asClosed, correction, live int64
	}{
		"before the close": {[]IndicatorValue{value(1, "2023-02-01", 8)}, 8, 0, 8},
		"revised after it": {[]IndicatorValue{value(1, "2023-01-15", 8), value(2, "2023-03-01", 9)}, 8, 1, 9},
		"only after it":    {[]IndicatorValue{value(1, "2023-03-01", 9)}, 5, 4, 9},
	} {
		in := ReportInput{
			Current: total(2022, closed.Figures), Previous: Total{Year: 2021}, Closed: &closed,
			AsOf: calendar.MustDate("2023-06-01"), Values: c.values,
		}
		report := BuildReport(in)
		got := row(t, report, ExtraJobs)
		if got.AsClosed.Value != *number(c.asClosed) || got.Correction.Value != *number(c.correction) || got.Current.Value != *number(c.live) || report.Restated != (c.correction != 0) {
			t.Errorf("%s: %+v", name, got)
		}
		in.Current, in.Previous, in.Closed, in.PreviousClosed = Total{Year: 2023}, in.Current, nil, &closed
		got = row(t, BuildReport(in), ExtraJobs)
		if got.Previous.Value != *number(c.asClosed) || (got.PreviousRestated.State == HasValue) != (c.correction != 0) {
			t.Errorf("%s, a year later: %+v", name, got)
		}
	}
	// Of a year that was closed without a figure, the one that came later is the first.
	got := row(t, BuildReport(ReportInput{
		Current: total(2023, Figures{}), Previous: Total{Year: 2022}, PreviousClosed: &AreaClose{Year: 2022, On: closed.On},
		AsOf: calendar.MustDate("2023-06-01"), Values: []IndicatorValue{value(1, "2023-03-01", 9)},
	}), ExtraJobs)
	if got.Previous.Value != *number(9) || got.PreviousRestated.State != "" {
		t.Errorf("closed without a figure: %+v", got)
	}
}

// Realised against obliged stands at the end of the last whole month.
func TestObligedToTheReferenceDate(t *testing.T) {
	t.Parallel()
	f := Figures{Verified: 50_00, ObligedWhole: 200_00}
	for month := range f.Obliged {
		f.Obliged[month] = money.Cents(month+1) * 10_00
	}
	for asOf, want := range map[string]money.Fraction{
		"2022-01-30": {},                       // no whole month yet: not measured
		"2022-01-31": {Num: 50_00, Den: 10_00}, // January has passed
		"2022-06-15": {Num: 50_00, Den: 50_00},
		"2022-12-31": {Num: 50_00, Den: 120_00},
		"2024-01-01": {Num: 50_00, Den: 120_00},
	} {
		report := BuildReport(ReportInput{Current: total(2022, f), Previous: Total{Year: 2021}, AsOf: calendar.MustDate(asOf)})
		if got := row(t, report, RealisedShare).Current; got.Parts != want || (got.State == NotMeasured) != (want.Den == 0) {
			t.Errorf("on %s: %+v, want %v", asOf, got, want)
		}
	}
}

func TestMoneyDifferencesAreExact(t *testing.T) {
	t.Parallel()
	in := ReportInput{
		Current:  total(2022, Figures{Tenders: TenderFigures{Count: 1, Value: money.Max, ValueSocial: money.Max - 1}}),
		Previous: total(2021, Figures{Tenders: TenderFigures{Count: 1, Value: money.Max - 2, ValueSocial: 1}}),
		AsOf:     calendar.MustDate("2023-01-01"),
	}
	difference := row(t, BuildReport(in), TenderShareValue).Difference.Value
	if difference.Compare(money.Fraction{Num: 999_999, Den: 1_000_000}) < 0 || difference.Compare(money.Fraction{Num: 1, Den: 1}) >= 0 {
		t.Errorf("the difference of two shares of huge amounts is %v", difference)
	}
}
