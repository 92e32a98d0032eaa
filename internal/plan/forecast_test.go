// SPDX-License-Identifier: EUPL-1.2

package plan_test

import (
	"strings"
	"testing"

	"socialreturn/internal/calendar"
	"socialreturn/internal/plan"
	"socialreturn/internal/sroi"
)

func TestForesee(t *testing.T) {
	counted := []plan.Share{
		{Period: calendar.MustPeriod("2022-Q1"), Amount: cents("10000")}, {Period: calendar.MustPeriod("2022-Q2"), Amount: cents("10000")},
		{Period: calendar.MustPeriod("2022-Q3"), Amount: cents("10000")},
	}
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
