// SPDX-License-Identifier: EUPL-1.2

package ruleset_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/ruleset"
)

// trial is the rule set of testdata, which uses what the published ones do not.
func trial(t *testing.T) *ruleset.RuleSet {
	t.Helper()
	library, err := ruleset.Load(fstest.MapFS{"proef/2020-01-01.json": {Data: good(t)}})
	if err != nil {
		t.Fatal(err)
	}
	return library.All()[0]
}

func span(from, to string) calendar.Span {
	return calendar.Span{From: calendar.MustDate(from), To: calendar.MustDate(to)}
}

func cents(c money.Cents) *money.Cents { return &c }

// earlier is a day of work long before.
func earlier(worked calendar.Minutes) []ruleset.Earlier {
	return []ruleset.Earlier{{Span: span("2010-01-01", "2010-01-01"), Worked: worked}}
}

func percent(p money.Percent) *money.Percent { return &p }

// wantFaults wants exactly these faults, as "code field".
func wantFaults(t *testing.T, err error, want ...string) {
	t.Helper()
	var faults ruleset.Faults
	if err != nil && !errors.As(err, &faults) {
		t.Fatalf("no faults but %v", err)
	}
	var got []string
	for _, fault := range faults {
		got = append(got, fault.Code+" "+fault.Field)
		if !strings.HasSuffix(fault.Detail, ".") {
			t.Errorf("no sentence: %q", fault.Detail)
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("faults %q, want %q", got, want)
	}
}

func TestPlacementFaults(t *testing.T) {
	rs := trial(t)
	for name, c := range map[string]struct {
		change func(*ruleset.PlacementInput)
		want   []string
	}{
		"none":          {func(*ruleset.PlacementInput) {}, nil},
		"unknown block": {func(in *ruleset.PlacementInput) { in.Block = "XX" }, []string{"unknownBlock block"}},
		"no placement":  {func(in *ruleset.PlacementInput) { in.Block = "INKOOP" }, []string{"wrongKind block"}},
		"form":          {func(in *ruleset.PlacementInput) { in.Form = ruleset.Internship }, []string{"formNotAllowed form"}},
		"unknown form":  {func(in *ruleset.PlacementInput) { in.Form = "hobby" }, []string{"formNotAllowed form"}},
		"bonuses": {func(in *ruleset.PlacementInput) { in.Bonuses = []string{"AGE50", "AGE50", "X"} },
			[]string{"duplicateBonus bonuses/1", "unknownBonus bonuses/2"}},
		"bonus of another block": {func(in *ruleset.PlacementInput) {
			in.Block, in.Form, in.Bonuses = "WEP", ruleset.WorkExperience, []string{"AGE50"}
		}, []string{"bonusNotForBlock bonuses/0"}},
		"no schedule":   {func(in *ruleset.PlacementInput) { in.Schedule = nil }, []string{"required schedule"}},
		"over 60 hours": {func(in *ruleset.PlacementInput) { in.Schedule[0].PerWeek = 3601 }, []string{"hours schedule/0/perWeek"}},
		"negative":      {func(in *ruleset.PlacementInput) { in.Schedule[0].PerWeek = -1 }, []string{"hours schedule/0/perWeek"}},
		"overlap": {func(in *ruleset.PlacementInput) {
			in.Schedule = append(in.Schedule, ruleset.Hours{Span: span("2020-06-30", "2020-07-31"), PerWeek: 600})
		}, []string{"order schedule/1/from"}},
		"after an open end": {func(in *ruleset.PlacementInput) {
			in.Schedule[0].To = calendar.Date{}
			in.Schedule = append(in.Schedule, ruleset.Hours{Span: span("2021-06-30", "2021-07-31"), PerWeek: 600})
		}, []string{"order schedule/1/from"}},
		"backwards":       {func(in *ruleset.PlacementInput) { in.Schedule[0].Span = span("2020-02-01", "2020-01-01") }, []string{"order schedule/0"}},
		"no term":         {func(in *ruleset.PlacementInput) { in.Counted = calendar.Span{} }, []string{"required counted"}},
		"open window":     {func(in *ruleset.PlacementInput) { in.Window.To = calendar.Date{} }, []string{"required window"}},
		"first counted":   {func(in *ruleset.PlacementInput) { in.FirstCounted = calendar.MustDate("2020-01-02") }, []string{"order firstCounted"}},
		"worked too much": {func(in *ruleset.PlacementInput) { in.Worked = 91*24*60 + 1 }, []string{"hours worked"}},
		"used negative":   {func(in *ruleset.PlacementInput) { in.Earlier = earlier(-1) }, []string{"hours earlier/0/worked"}},
		"approved outside": {func(in *ruleset.PlacementInput) {
			in.Approved = []ruleset.Hours{{Span: span("2020-03-01", "2020-04-01"), PerWeek: 60}}
		}, []string{"outsideWindow approved/0"}},
		"approved above": {func(in *ruleset.PlacementInput) {
			in.Approved = []ruleset.Hours{{Span: span("2020-03-01", "2020-03-31"), PerWeek: 24*60 + 1}}
		}, []string{"aboveSchedule approved/0"}},
		"approved where nobody worked": {func(in *ruleset.PlacementInput) {
			in.Window = span("2020-04-01", "2020-12-31")
			in.Approved = []ruleset.Hours{{Span: span("2020-06-01", "2020-07-01"), PerWeek: 60}}
		}, []string{"aboveSchedule approved/0"}},
		"all at once": {func(in *ruleset.PlacementInput) {
			*in = ruleset.PlacementInput{Worked: -1, Earlier: earlier(-1), Bonuses: []string{"X"}}
		}, []string{"unknownBlock block", "formNotAllowed form", "unknownBonus bonuses/0", "required schedule", "required counted", "required window", "hours worked", "hours earlier/0/worked"}},
	} {
		t.Run(name, func(t *testing.T) {
			in := ruleset.PlacementInput{
				Block: "PW", Form: ruleset.Employment, Schedule: []ruleset.Hours{{Span: span("2020-01-01", "2020-06-30"), PerWeek: 24 * 60}},
				Counted: span("2020-01-01", "2020-12-31"), Window: span("2020-01-01", "2020-03-31"),
			}
			c.change(&in)
			_, err := rs.PlacementValue(&in)
			wantFaults(t, err, c.want...)
		})
	}
}

func TestHoursGiven(t *testing.T) {
	rs := trial(t)
	in := ruleset.PlacementInput{Block: "PW", Form: ruleset.Employment, Schedule: []ruleset.Hours{{Span: span("2020-01-01", "2020-01-31"), PerWeek: 60}, {Span: span("2020-02-01", "2020-06-30")}}, Counted: calendar.YearSpan(2020), Window: span("2020-02-01", "2020-06-30")}
	wantFaults(t, rs.HoursGiven(&in), "required schedule/1/perWeek")
	receipt, err := rs.ExplainPlacement(in)
	if want := "In dit tijdvak telt niets: er zijn geen uren per week, ook niet naast andere plaatsingen van dezelfde persoon."; err != nil || receipt.Result != 0 || !strings.Contains(receipt.Text, want) {
		t.Errorf("%v: %s %s", err, receipt.Result, receipt.Text)
	}
	in.Block, in.Form = "LEERJAAR", ruleset.LearningJob // by duration
	wantFaults(t, rs.HoursGiven(&in))
	in.Block = "X"
	wantFaults(t, rs.HoursGiven(&in))
}

func TestPurchaseFaults(t *testing.T) {
	rs, date := trial(t), calendar.MustDate("2020-03-01")
	for name, c := range map[string]struct {
		in   ruleset.PurchaseInput
		want []string
	}{
		"none":             {ruleset.PurchaseInput{Block: "LOON", InvoiceDate: date, Amount: 100, LabourPart: cents(100), Recognition: ruleset.Sheltered}, nil},
		"labour missing":   {ruleset.PurchaseInput{Block: "LOON", InvoiceDate: date, Amount: 100, Recognition: ruleset.Sheltered}, []string{"required labourPart"}},
		"labour too much":  {ruleset.PurchaseInput{Block: "LOON", InvoiceDate: date, Amount: 100, LabourPart: cents(101), Recognition: ruleset.Sheltered}, []string{"labourPartAboveAmount labourPart"}},
		"recognition":      {ruleset.PurchaseInput{Block: "LOON", InvoiceDate: date, Amount: 100, LabourPart: cents(1), Recognition: ruleset.Recognised}, []string{"recognitionNotAllowed recognition"}},
		"no recognition":   {ruleset.PurchaseInput{Block: "INKOOP", InvoiceDate: date, Amount: 100}, []string{"recognitionNotAllowed recognition"}},
		"negative":         {ruleset.PurchaseInput{Block: "INKOOP", InvoiceDate: date, Amount: -1, Recognition: ruleset.Recognised}, []string{"range amount"}},
		"too large":        {ruleset.PurchaseInput{Block: "INKOOP", InvoiceDate: date, Amount: money.Max + 1, Recognition: ruleset.Recognised}, []string{"range amount"}},
		"several together": {ruleset.PurchaseInput{Block: "PW", Amount: -1}, []string{"wrongKind block", "required invoiceDate", "range amount"}},
	} {
		_, err := rs.PurchaseValue(&c.in)
		t.Run(name, func(t *testing.T) { wantFaults(t, err, c.want...) })
	}
}

func TestActivityFaults(t *testing.T) {
	rs, date := trial(t), calendar.MustDate("2020-03-01")
	for name, c := range map[string]struct {
		in   ruleset.ActivityInput
		want []string
	}{
		"none":      {ruleset.ActivityInput{Block: "UUR", Date: date, Hours: 1}, nil},
		"no hours":  {ruleset.ActivityInput{Block: "UUR", Date: date}, []string{"required hours"}},
		"no cost":   {ruleset.ActivityInput{Block: "KOSTEN", Date: date, Hours: 60}, []string{"required cost"}},
		"no amount": {ruleset.ActivityInput{Block: "MAATWERK", Date: date, Cost: cents(1)}, []string{"required agreed"}},
		"range":     {ruleset.ActivityInput{Block: "KOSTEN", Date: date, Cost: cents(-1), Agreed: cents(money.Max + 1)}, []string{"range cost", "range agreed"}},
		"endless":   {ruleset.ActivityInput{Block: "UUR", Date: date, Hours: 1 << 40}, []string{"hours hours"}},
		"together":  {ruleset.ActivityInput{Block: "X", Hours: -1}, []string{"unknownBlock block", "required date", "hours hours"}},
	} {
		_, err := rs.ActivityValue(&c.in)
		t.Run(name, func(t *testing.T) { wantFaults(t, err, c.want...) })
	}
}

func TestObligation(t *testing.T) {
	rs, year := trial(t), calendar.YearSpan(2020)
	published := calendar.MustDate("2020-01-01")
	for name, c := range map[string]struct {
		in     ruleset.ObligationInput
		reason string
		amount money.Cents
		want   []string
	}{
		"at the european threshold":    {ruleset.ObligationInput{Nature: ruleset.Works, Value: 5_350_000_00, Term: year, Published: published}, ruleset.ReasonBelowThreshold, 0, nil},
		"above the european threshold": {ruleset.ObligationInput{Nature: ruleset.Works, Value: 5_350_000_01, Term: year, Published: published}, ruleset.ReasonApplies, 107_000_00, nil},
		"an earlier threshold":         {ruleset.ObligationInput{Nature: ruleset.Works, Value: 5_400_000_00, Term: year, Published: calendar.MustDate("2019-12-31")}, ruleset.ReasonBelowThreshold, 0, nil},
		"no threshold known":           {ruleset.ObligationInput{Nature: ruleset.Works, Value: 5_400_000_00, Term: year, Published: calendar.MustDate("2017-12-31")}, "", 0, []string{"noThreshold published"}},
		"no publication":               {ruleset.ObligationInput{Nature: ruleset.Works, Value: 5_400_000_00, Term: year}, "", 0, []string{"required published"}},
		"six months to the day":        {ruleset.ObligationInput{Nature: ruleset.Works, Value: 6_000_000_00, Term: span("2020-01-31", "2020-07-30"), Published: published}, ruleset.ReasonApplies, 120_000_00, nil},
		"a day under six months":       {ruleset.ObligationInput{Nature: ruleset.Works, Value: 6_000_000_00, Term: span("2020-01-31", "2020-07-29"), Published: published}, ruleset.ReasonTooShort, 0, nil},
		"labour share under 30":        {ruleset.ObligationInput{Nature: ruleset.Services, Value: 1_000_000_00, Term: year, LabourShare: percent(25_00)}, ruleset.ReasonApplies, 20_000_00, nil},
		"labour share of 30":           {ruleset.ObligationInput{Nature: ruleset.Services, Value: 1_000_000_00, Term: year, LabourShare: percent(30_00)}, ruleset.ReasonApplies, 50_000_00, nil},
		"labour share of 40":           {ruleset.ObligationInput{Nature: ruleset.Services, Value: 1_000_000_00, Term: year, LabourShare: percent(40_00)}, ruleset.ReasonApplies, 50_000_00, nil},
		"labour share missing":         {ruleset.ObligationInput{Nature: ruleset.Services, Value: 1_000_000_00, Term: year}, "", 0, []string{"required labourShare"}},
		"offered binds":                {ruleset.ObligationInput{Nature: ruleset.Services, Value: 50_000_00, Term: year, Offered: percent(7_50)}, ruleset.ReasonOffered, 3_750_00, nil},
		"nature excluded":              {ruleset.ObligationInput{Nature: ruleset.Supplies, Value: 1_000_000_00, Term: year}, ruleset.ReasonNatureExcluded, 0, nil},
		"half a cent goes up":          {ruleset.ObligationInput{Nature: ruleset.Supplies, Value: 10, Term: year, Offered: percent(5_00)}, ruleset.ReasonOffered, 1, nil},
		"everything wrong": {ruleset.ObligationInput{Nature: "gifts", Value: -1, LabourShare: percent(-1), Offered: percent(100_01)}, "", 0,
			[]string{"unknownNature nature", "range value", "required term", "range labourShare", "range offered"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := rs.Obligation(c.in)
			wantFaults(t, err, c.want...)
			if got.Reason != c.reason || got.Amount != c.amount || got.Receipt.Result != c.amount {
				t.Errorf("%s %s, want %s %s: %s", got.Reason, got.Amount, c.reason, c.amount, got.Receipt.Text)
			}
			if applies := c.reason == ruleset.ReasonApplies || c.reason == ruleset.ReasonOffered; got.Applies != applies {
				t.Errorf("applies %v", got.Applies)
			}
		})
	}
}

func TestObligationDecidedPerContract(t *testing.T) {
	rs, err := ruleset.Embedded().Version("friesland", calendar.MustDate("2016-07-01"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = rs.Obligation(ruleset.ObligationInput{Nature: ruleset.Supplies, Value: 500_000_00, Term: calendar.YearSpan(2018)})
	wantFaults(t, err, "required offered")
}

// What the published rule sets do not use: years counted in days, a bonus that
// counts once, a learning year by hours.
func TestTrialRules(t *testing.T) {
	rs, year := trial(t), calendar.YearSpan(2020)
	for name, c := range map[string]struct {
		block   string
		form    ruleset.Form
		bonuses []string
		hours   calendar.Minutes
		window  calendar.Span
		want    money.Cents
	}{
		"a leap year is a year":        {"PW", ruleset.Employment, nil, 38 * 60, year, 40_000_00},
		"a day of a leap year":         {"PW", ruleset.Employment, nil, 38 * 60, span("2020-01-01", "2020-01-01"), 109_29},                        // 40,000 / 366 = 109.289
		"a month is a twelfth":         {"WEP", ruleset.WorkExperience, nil, 0, span("2020-01-01", "2020-01-01"), 0},                              // under 8 hours
		"months by days of the year":   {"WEP", ruleset.WorkExperience, nil, 8 * 60, span("2020-01-01", "2020-04-30"), 2_975_41},                  // 750 × 12 × 121 / 366 = 2,975.41
		"the limit of six months":      {"WEP", ruleset.WorkExperience, nil, 8 * 60, year, 4_475_41},                                              // 750 × 12 × 182 / 366 = 4,475.41
		"once in the first window":     {"LEERJAAR", ruleset.LearningJob, []string{"VAST"}, 20 * 60, span("2020-01-01", "2020-06-30"), 10_945_36}, // 20,000 × 182 / 366 + 1,000
		"not again in the second":      {"LEERJAAR", ruleset.LearningJob, []string{"VAST"}, 20 * 60, span("2020-07-01", "2020-12-31"), 10_054_64},
		"a learning year by the hours": {"LEERJAAR_UREN", ruleset.LearningJob, nil, 19 * 60, year, 10_000_00},
		"by duration":                  {"LEERJAAR", ruleset.LearningJob, nil, 19 * 60, year, 20_000_00},
	} {
		t.Run(name, func(t *testing.T) {
			in := ruleset.PlacementInput{Block: c.block, Form: c.form, Bonuses: c.bonuses, Schedule: []ruleset.Hours{{Span: year, PerWeek: c.hours}}, Counted: year, Window: c.window}
			receipt, err := rs.ExplainPlacement(in)
			if err != nil || receipt.Result != c.want {
				t.Errorf("%s, want %s: %v %s", receipt.Result, c.want, err, receipt.Text)
			}
		})
	}
}

func TestCountedHasTheHeadStart(t *testing.T) {
	if got := trial(t).Counted(span("2020-02-29", "2020-12-31")); got != span("2019-02-28", "2020-12-31") {
		t.Errorf("counted %v", got)
	}
}

func TestReceiptTexts(t *testing.T) {
	rs, err := ruleset.Embedded().Version("oost-nederland", calendar.MustDate("2016-01-01"))
	if err != nil {
		t.Fatal(err)
	}
	half := []ruleset.Hours{{Span: span("2022-01-01", "2022-06-30"), PerWeek: 24 * 60}}
	long := []ruleset.Hours{{Span: span("2022-01-01", "2023-06-30"), PerWeek: 40 * 60}}
	for want, in := range map[string]ruleset.PlacementInput{
		"€ 40.000 per voltijdjaar × 24/36 uur × 6/12 maanden = € 13.333,33; afgerond op hele centen.": {Block: "PW_GT2", Schedule: half, Window: calendar.YearSpan(2022)},
		"€ 40.000 per voltijdjaar × 24/36 uur × 6/12 maanden = € 13.333,33 tot en met 30 juni 2022, waarvan eerder geteld € 6.666,67 tot en met 31 maart 2022. Dit tijdvak = € 6.666,66; afgerond op hele centen.": {
			Block: "PW_GT2", Schedule: half, Window: span("2022-04-01", "2022-06-30")},
		"€ 40.000 per voltijdjaar × 24/36 uur × (1 + 15/28)/12 maanden = € 3.412,70; afgerond op hele centen.": {Block: "PW_GT2", Schedule: half, Window: span("2022-01-01", "2022-02-15")},
		"In dit tijdvak telt niets: de grens van 12 maanden was bereikt op 31 december 2022.":                  {Block: "WW_GT1", Schedule: long, Window: span("2023-01-01", "2023-06-30")},
		"In dit tijdvak telt niets: de plaatsing loopt niet in 1 juli 2022 tot en met 30 september 2022.":      {Block: "PW_GT2", Schedule: half, Window: span("2022-07-01", "2022-09-30")},
		"Grens: ten hoogste 12 maanden, tot en met 31 december 2022. Meer dan 36 uur per week telt niet extra. Aangenomen: ingangsdatum, contractdatum, normweek, dagentelling, vormen.": {
			Block: "WW_GT1", Schedule: long, Window: span("2022-01-01", "2023-12-31")},
		"In dit tijdvak telt niets: er is niets goedgekeurd.": {Block: "PW_GT2", Schedule: half, Window: span("2022-01-01", "2022-03-31"), Approved: []ruleset.Hours{}},
		"Goedgekeurd deel (1 april 2022 tot en met 30 juni 2022): € 40.000 per voltijdjaar × 24/36 uur × 3/12 maanden = € 6.666,66; afgerond op hele centen. Het bedrag is het verschil van twee afgeronde standen": {
			Block: "PW_GT2", Schedule: half, Window: span("2022-04-01", "2022-06-30"), Approved: []ruleset.Hours{{Span: span("2022-04-01", "2022-06-30"), PerWeek: 24 * 60}}},
	} {
		in.Form, in.Counted = ruleset.Employment, span("2022-01-01", "2023-12-31")
		receipt, err := rs.ExplainPlacement(in)
		if err != nil || !strings.Contains(receipt.Text, want) {
			t.Errorf("%v\n got %s\nwant %s", err, receipt.Text, want)
		}
		if fmt.Sprint(rs.AppliedAssumptions(receipt)) == "[]" || receipt.Path == "" || !strings.Contains(receipt.Source, "https://impactoost.nl/bouwblokken") {
			t.Errorf("path %q, source %q", receipt.Path, receipt.Source)
		}
	}
}

func TestAnchored(t *testing.T) {
	dates := ruleset.Dates{Publication: calendar.MustDate("2015-01-01"), Contract: calendar.MustDate("2018-01-01"), Award: calendar.MustDate("2017-12-31")}
	utrecht, err := ruleset.Embedded().Anchored("utrecht", dates)
	if err != nil || utrecht.Ref().Version != calendar.MustDate("2018-01-01") {
		t.Errorf("by contract date: %v", err)
	}
	dates.Award = calendar.MustDate("2022-01-01")
	if _, err := ruleset.Embedded().Anchored("friesland", dates); !errors.Is(err, ruleset.ErrEnded) {
		t.Errorf("by award date: %v", err)
	}
}

func TestAboveThreshold(t *testing.T) {
	rs := trial(t)
	day := calendar.MustDate("2020-01-01")
	for _, c := range []struct {
		nature ruleset.Nature
		value  money.Cents
		want   bool
	}{{ruleset.Works, 5_350_000_00, false}, {ruleset.Works, 5_350_000_01, true}, {ruleset.Services, 100_000_00, false}, {ruleset.Services, 100_000_01, true}, {ruleset.Supplies, money.Max, false}} {
		if got := rs.AboveThreshold(c.nature, c.value, day); got != c.want {
			t.Errorf("%s %s: %v", c.nature, c.value, got)
		}
	}
}
