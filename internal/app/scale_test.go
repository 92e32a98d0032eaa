// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"socialreturn/infra/bench/figure"
	"socialreturn/infra/local/engine/enginetest"
	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

// filled writes a tenth of the contributions, and the totals, that so many contracts lead to, of so many ledger
// entries each, and something booked on every day of both years.
func (h *house) filled(contracts, entries int) {
	h.t.Helper()
	for _, year := range []int{2021, 2022} {
		var contributions []sroi.Contribution
		days := calendar.YearSpan(year)
		for n := range contracts {
			c := sroi.Contribution{
				Area: "GM0200", Year: year, Source: fmt.Sprintf("CONTRACT#%024d", n), Seq: entries, Booked: days.To,
				Rules: []ruleset.Ref{{ID: "oost-nederland", Version: calendar.MustDate("2016-01-01")}},
			}
			for step := range 10 {
				c.Steps = append(c.Steps, sroi.Step{
					Booked: days.From.AddDays((n*10 + step*37) % 365),
					Facts: sroi.Facts{
						Supplier: fmt.Sprintf("%08d", n%500), Verified: money.Cents(entries * (step + 1) * 1000), ObligedWhole: money.Cents(entries * 20_000),
						Persons: []sroi.Token{sroi.Token(fmt.Sprintf("%064d", n))}, Placed: sroi.PlacedCount{Employment: 1},
					},
				})
			}
			slices.SortFunc(c.Steps, func(a, b sroi.Step) int { return a.Booked.Compare(b.Booked) })
			if n%10 == 0 { // enough to see who reads them
				h.must(h.Store.PutContribution(h.ctx, c))
			}
			contributions = append(contributions, c)
		}
		total, courses := sroi.Fold("GM0200", year, contributions)
		total.Version = 1
		h.must(h.Store.SwapTotal(h.ctx, total, courses))
	}
	h.today = "2022-12-31"
}

func (h *house) readReport() sroi.Report {
	report, err := h.Report(h.ctx, h.as(sroi.Officer), app.ReportQuery{Area: "GM0200", Year: 2022})
	h.must(err)
	return report
}

// A report reads totals, which a thousand times as many entries make no larger.
func TestReportCostsTheSameWhateverTheLedger(t *testing.T) {
	var costs []enginetest.Cost
	for _, contracts := range []int{100, 1000} {
		h, meter := meteredHouse(t)
		h.filled(contracts, contracts*contracts/1000) // a thousand and a million entries
		meter.Read()
		report := h.readReport()
		costs = append(costs, meter.Read())
		if want := contracts * contracts * contracts / 1000; report.Position.Entries != want {
			t.Fatalf("%d entries, want %d", report.Position.Entries, want)
		}
	}
	small, large := costs[0], costs[1]
	if small != large {
		t.Errorf("a report costs %d calls and %s, of a million entries %d calls and %s", small.Calls, small.Units(), large.Calls, large.Units())
	}
	figure.Count(t, "report at 1,000,000 entries over 1,000: round trips", float64(large.Calls)/float64(small.Calls), figure.AtMost(1), figure.AtMost(1))
	figure.Count(t, "report at 1,000,000 entries over 1,000: read units", float64(large.ReadHalves)/float64(small.ReadHalves), figure.AtMost(1), figure.AtMost(1))
}

func BenchmarkReportOfManyEntries(b *testing.B) {
	small, _ := meteredHouse(b)
	small.filled(100, 10)
	large, _ := meteredHouse(b)
	large.filled(1000, 1000)
	var times [2][]time.Duration
	for b.Loop() {
		for i, h := range []*house{small, large} {
			start := figure.ProcessorTime()
			h.readReport()
			times[i] = append(times[i], figure.ProcessorTime()-start)
		}
	}
	for i := range times {
		slices.Sort(times[i])
	}
	middle := len(times[0]) / 2
	figure.Time(b, "report at 1,000,000 entries over 1,000: time", float64(times[1][middle])/float64(times[0][middle]), figure.AtMost(1.05), figure.AtMost(1.05))
}

// A batch of the stream's hundred entries, five of each of twenty contracts: a
// contribution of each contract for the municipality and the region, and their
// totals once.
func TestWritesOfARollUp(t *testing.T) {
	const contracts = 20
	h, meter := meteredHouse(t)
	var ledgers []string
	events := 0
	for n := range contracts {
		h.today = "2022-01-03"
		contract := h.contract(fmt.Sprint("batch-", n))
		_, err := h.AddPlacement(h.ctx, h.as(sroi.Supplier), contract.ID, placementInput(fmt.Sprint("Jansen", n), 24))
		h.must(err)
		h.today = "2022-04-05"
		statement := h.submitted(contract, "2022-Q1", h.placed(contract, 1, 312))
		withdrawn, err := h.WithdrawStatement(h.ctx, matching(h.as(sroi.Supplier), statement.Version), contract.ID, statement.Period)
		h.must(err)
		statement, err = h.SubmitStatement(h.ctx, matching(h.as(sroi.Supplier), withdrawn.Version), contract.ID, statement.Period)
		h.must(err)
		h.decided(statement, approve)
		events += h.balance(contract).Seq
		ledgers = append(ledgers, "CONTRACT#"+contract.ID)
	}
	meter.Read()
	for ledger, err := range h.RollUp(h.ctx, ledgers) {
		t.Fatal(ledger, err)
	}
	cost := meter.Read()
	const rows = contracts*2 + 2 + 2*2 // contributions, totals, and the months of January and April
	figure.Count(t, fmt.Sprintf("write units an event of a roll-up (%d entries of %d contracts)", events, contracts),
		float64(cost.WriteHalves)/2/float64(events), figure.AtMost(1), figure.AtMost(float64(rows)/float64(events)))
	if meter.Read(); len(h.RollUp(h.ctx, ledgers)) > 0 {
		t.Fatal("a repeat fails")
	}
	if again := meter.Read(); again.WriteHalves > contracts*2*2*2 {
		t.Errorf("a repeat writes %s", again.Units())
	}
}
