// SPDX-License-Identifier: EUPL-1.2

package ruleset_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"testing"

	"socialreturn/infra/bench/figure"
	"socialreturn/internal/calendar"
	"socialreturn/internal/ruleset"
)

// A statement's line: the second quarter of a placement with a bonus.
func benchPlacement() (*ruleset.RuleSet, ruleset.PlacementInput) {
	rs, err := ruleset.Embedded().Version("utrecht", calendar.MustDate("2018-01-01"))
	if err != nil {
		panic(err)
	}
	span := func(from, to string) calendar.Span {
		return calendar.Span{From: calendar.MustDate(from), To: calendar.MustDate(to)}
	}
	return rs, ruleset.PlacementInput{
		Block: "PW_GT2", Bonuses: []string{"AGE50"}, Form: ruleset.Employment,
		Schedule: []ruleset.Hours{{Span: span("2018-01-15", "2018-09-14"), PerWeek: 24 * 60}},
		Counted:  span("2018-01-01", "2019-12-31"), Window: span("2018-04-01", "2018-06-30"),
	}
}

func BenchmarkPlacementValue(b *testing.B) {
	rs, in := benchPlacement()
	b.ReportAllocs()
	start := figure.ProcessorTime()
	for b.Loop() {
		if _, err := rs.PlacementValue(&in); err != nil {
			b.Fatal(err)
		}
	}
	took := figure.ProcessorTime() - start
	figure.Time(b, "valuations a second and core", float64(b.N)/took.Seconds(), figure.AtLeast(1_000_000), figure.AtLeast(10_000_000))
}

func BenchmarkExplainPlacement(b *testing.B) {
	rs, in := benchPlacement()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := rs.ExplainPlacement(in); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPurchaseValue(b *testing.B) {
	rs, _ := benchPlacement()
	in := ruleset.PurchaseInput{Block: "ACTIVITY_INVOICE", InvoiceDate: calendar.MustDate("2018-03-01"), Amount: 1000_00, Recognition: ruleset.Recognised}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := rs.PurchaseValue(&in); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkObligation(b *testing.B) {
	rs, _ := benchPlacement()
	in := ruleset.ObligationInput{Nature: ruleset.Services, Value: 800_000_00, Term: calendar.YearSpan(2018)}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := rs.Obligation(in); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReplay(b *testing.B) {
	rs, in := benchPlacement()
	receipt, err := rs.ExplainPlacement(in)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ruleset.Embedded().Replay(receipt); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkLoad is what a process pays once, for all published rule sets.
func BenchmarkLoad(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ruleset.Load(os.DirFS("data")); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkLoadOne is what a cold start pays: the versions of one rule set.
func BenchmarkLoadOne(b *testing.B) {
	b.ReportAllocs()
	files, err := fs.Sub(os.DirFS("data"), "oost-nederland")
	if err != nil {
		b.Fatal(err)
	}
	raw, err := fs.ReadFile(files, "2016-01-01.json")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := ruleset.Parse("oost-nederland", raw); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReceiptJSON(b *testing.B) {
	rs, in := benchPlacement()
	receipt, err := rs.ExplainPlacement(in)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := json.Marshal(receipt); err != nil {
			b.Fatal(err)
		}
	}
}

func TestValuesAllocateNothing(t *testing.T) {
	rs, placement := benchPlacement()
	approved := placement
	approved.Approved = []ruleset.Hours{{Span: approved.Window, PerWeek: 12 * 60}}
	purchase := ruleset.PurchaseInput{Block: "ACTIVITY_INVOICE", InvoiceDate: calendar.MustDate("2018-03-01"), Amount: 1000_00, Recognition: ruleset.Recognised}
	activity := ruleset.ActivityInput{Block: "ACTIVITY", Date: calendar.MustDate("2018-03-01"), Hours: 8 * 60}
	for name, value := range map[string]func() error{
		"placement": func() error { _, err := rs.PlacementValue(&placement); return err },
		"approved":  func() error { _, err := rs.PlacementValue(&approved); return err },
		"purchase":  func() error { _, err := rs.PurchaseValue(&purchase); return err },
		"activity":  func() error { _, err := rs.ActivityValue(&activity); return err },
	} {
		allocations := testing.AllocsPerRun(100, func() {
			if err := value(); err != nil {
				t.Fatal(name, err)
			}
		})
		figure.Count(t, "allocations of a valuation without receipt: "+name, allocations, figure.AtMost(0), figure.AtMost(0))
	}
}
