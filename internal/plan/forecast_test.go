// SPDX-License-Identifier: EUPL-1.2

package plan_test

import (
	"strings"
	"testing"

	"socialreturn/internal/calendar"
	"socialreturn/internal/plan"
	"socialreturn/internal/sroi"
)

func planned(period, amount string) plan.Planned {
	return plan.Planned{Share: plan.Share{Period: calendar.MustPeriod(period), Amount: cents(amount)}}
}

func TestForesee(t *testing.T) {
	counted := []plan.Planned{planned("2022-Q1", "10000"), planned("2022-Q2", "10000"), planned("2022-Q3", "10000")}
	term := span("2022-01-01", "2022-08-31") // the third quarter is cut
	for name, row := range map[string]struct {
		on, verified, pending string
		planned, expected     string
		light                 plan.Light
		left, words           string
	}{
		"before it begins":            {"2021-12-31", "0", "0", "30000.00", "30000.00", plan.Green, "0.00", "Groen"},
		"the last day of a period":    {"2022-03-31", "0", "0", "30000.00", "30000.00", plan.Green, "0.00", "Groen"},
		"the day after, not reported": {"2022-04-01", "0", "0", "20000.00", "20000.00", plan.Red, "10000.00", "Rood: minder dan 90 %"},
		"nine tenths":                 {"2022-04-01", "4000", "3000", "20000.00", "27000.00", plan.Orange, "3000.00", "Oranje: ten minste 90 %"},
		"a cent under nine tenths":    {"2022-04-01", "4000", "2999.99", "20000.00", "26999.99", plan.Red, "3000.01", "er ontbreekt € 3.000,01"},
		"a cent short":                {"2022-04-01", "9999.99", "0", "20000.00", "29999.99", plan.Orange, "0.01", "er ontbreekt € 0,01"},
		"after the cut quarter":       {"2022-09-01", "30000", "0", "0.00", "30000.00", plan.Green, "0.00", "Op 1 september 2022"},
		"more than planned":           {"2022-07-01", "25000", "0", "10000.00", "35000.00", plan.Green, "0.00", "samen € 35.000 van € 30.000"},
	} {
		balance := sroi.Balance{Obliged: cents("30000"), Verified: cents(row.verified), Pending: cents(row.pending)}
		f := plan.Foresee(balance, counted, term, day(row.on))
		got := strings.Join([]string{f.Planned.String(), f.Expected.String(), string(f.Light), f.Outstanding.String()}, " ")
		want := strings.Join([]string{row.planned, row.expected, string(row.light), row.left}, " ")
		if got != want || !strings.Contains(f.Text, row.words) || strings.Contains(f.Text, "%!") {
			t.Errorf("%s: %s, want %s; %s", name, got, want, f.Text)
		}
	}
}

// A term that was shortened leaves nothing of what was planned behind its end.
func TestForeseeCountsNothingBehindTheTerm(t *testing.T) {
	counted := []plan.Planned{planned("2022-Q2", "10000"), planned("2022-Q3", "30000")}
	f := plan.Foresee(sroi.Balance{Obliged: cents("40000")}, counted, span("2022-01-01", "2022-06-30"), day("2022-05-01"))
	if f.Planned != cents("10000") || f.Light != plan.Red || f.Outstanding != cents("30000") {
		t.Errorf("%+v", f)
	}
}

// A quarter of € 40.000 is € 10.000: of what is verified € 2.000 goes beyond it,
// or of what is planned.
func TestForeseeStaysUnderTheCeilings(t *testing.T) {
	capped := func(amount string) []sroi.Capped { return []sroi.Capped{{Ceiling: "INKOOP", Verified: cents(amount)}} }
	ahead := planned("2022-Q3", "20000")
	ahead.Capped = capped("8000")
	for _, row := range []struct{ verified, meets, planned, left string }{
		{"0", "0", "20000", "20000"},
		{"2000", "2000", "20000", "18000"},
		{"4000", "4000", "18000", "18000"},
		{"12000", "10000", "12000", "18000"},
	} {
		balance := sroi.Balance{
			Obliged: cents("40000"), Verified: cents(row.verified), Capped: capped(row.verified),
			Ceilings: []sroi.Ceiling{{Code: "INKOOP", Label: "Inkoop", Percent: 25_00}},
		}
		f := plan.Foresee(balance, []plan.Planned{ahead}, span("2022-01-01", "2022-12-31"), day("2022-05-01"))
		if f.Verified != cents(row.meets) || f.Planned != cents(row.planned) || f.Outstanding != cents(row.left) {
			t.Errorf("%s verified: %+v", row.verified, f)
		}
	}
}

// Who owes activities instead of an amount is not done before they are.
func TestForeseeOfActivities(t *testing.T) {
	for name, row := range map[string]struct {
		done, planned int
		pending       string
		light         plan.Light
		words         string
	}{
		"nothing done":        {0, 0, "0", plan.Red, "er ontbreken er 2"},
		"one of two":          {1, 0, "0", plan.Red, "er ontbreken er 1"},
		"awaits a decision":   {1, 0, "500", plan.Orange, "nog worden beoordeeld"},
		"the other planned":   {1, 1, "0", plan.Green, "samen 2 van 2"},
		"planned, none done":  {0, 2, "0", plan.Green, "zijn er 0 goedgekeurd, en 2 gepland"},
		"more than was asked": {3, 0, "0", plan.Green, "samen 3 van 2"},
	} {
		ahead := planned("2022-Q3", "500")
		ahead.Activities = row.planned
		balance := sroi.Balance{Asked: 2, Done: row.done, Pending: cents(row.pending)}
		f := plan.Foresee(balance, []plan.Planned{ahead}, span("2022-01-01", "2022-12-31"), day("2022-05-01"))
		if f.Light != row.light || !strings.Contains(f.Text, row.words) {
			t.Errorf("%s: %s, %s", name, f.Light, f.Text)
		}
	}
}
