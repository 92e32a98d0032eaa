// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"os"
	"testing"

	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/plan"
	"socialreturn/internal/ruleset"
)

// A calculation without a window asks all days that count, so also those of the
// head start: of 1 July 2019 to 30 June 2020 on a contract of 2020, 184 days of
// 365 and 182 of 366, 40,000 a year.
func TestACalculationCountsTheHeadStart(t *testing.T) {
	t.Parallel()
	library, err := ruleset.Load(os.DirFS("../ruleset/testdata/rules"))
	if err != nil {
		t.Fatal(err)
	}
	span := func(from, to string) calendar.Span {
		return calendar.Span{From: calendar.MustDate(from), To: calendar.MustDate(to)}
	}
	for window, want := range map[calendar.Span]string{{}: "40055.09", span("2020-01-01", "2020-12-31"): "19890.71"} {
		service := app.Service{Rules: library}
		result, err := service.Calculate(t.Context(), app.Call{}, app.CalculationInput{
			RuleSet: "proef", Version: calendar.MustDate("2020-01-01"),
			Contract: &ruleset.ObligationInput{Nature: ruleset.Supplies, Value: 1_000_00, Term: span("2020-01-01", "2020-12-31")},
			Efforts: []plan.Effort{{Placement: &ruleset.PlacementInput{
				Block: "PW", Form: ruleset.Employment, Schedule: []ruleset.Hours{{Span: span("2019-07-01", "2020-06-30"), PerWeek: 38 * 60}}, Window: window,
			}}},
		})
		if err != nil || result.Total.String() != want {
			t.Errorf("window %v: %s, want %s: %v", window, result.Total, want, err)
		}
	}
}
