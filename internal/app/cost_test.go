// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"crypto/rand"
	"strings"
	"testing"

	"socialreturn/infra/local/engine/enginetest"
	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/plan"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
	"socialreturn/internal/store"
)

// calls is the number of round trips of each use case, in the order in which a
// year runs. A statement here has one line; each further approved line with a
// person costs two calls more, and every 25 lines of a draft one. Purchases cost
// one call more per hundred sellers, to save and to decide, where a register decides.
// A close takes about six calls per ledger to fence and recompute it, and as many to
// roll it up where the stream has not done that yet.
var calls = []struct {
	useCase string
	calls   int
}{
	{"register a tender", 2},
	{"award a lot", 3},
	{"register a contract", 3},
	{"add a placement", 2},
	{"save a statement", 4},
	{"submit a statement", 3},
	{"decide a statement", 8},
	{"roll up a contract", 10},
	{"read the report", 4},
	{"break a figure down", 4},
	{"read a contract", 1},
	{"amend a contract", 4},
	{"try other rules", 6},
	{"read a contract with its forecast", 1},
	{"keep a plan", 2},
	{"read a plan", 2},
	{"close a year of two ledgers", 41},
}

// TestCallsPerUseCase plays each use case once and holds it to its number of
// round trips; -v shows the capacity units too.
func TestCallsPerUseCase(t *testing.T) {
	h, meter := meteredHouse(t)
	costs := playOnce(h, meter)
	for i, want := range calls {
		t.Logf("%-34s %s", want.useCase, costs[i])
		if costs[i].Calls != want.calls {
			t.Errorf("%s takes %d calls, not %d", want.useCase, costs[i].Calls, want.calls)
		}
	}
}

func meteredHouse(t testing.TB) (*house, *enginetest.Meter) {
	client, table, meter := enginetest.Metered(t)
	h := &house{t: t, ctx: t.Context(), today: "2022-01-03", Service: &app.Service{
		Store: store.New(client, table), Rules: ruleset.Embedded(), Salt: rand.Text,
		Persons: app.PersonKeys{{Version: 1, Secret: []byte(strings.Repeat("k", 32))}},
	}}
	h.settle()
	return h, meter
}

// playOnce plays every use case of calls once, and reads the meter after each.
func playOnce(h *house, meter *enginetest.Meter) []enginetest.Cost {
	var costs []enginetest.Cost
	read := func() { costs = append(costs, meter.Read()) }
	meter.Read()
	tender, err := h.RegisterTender(h.ctx, h.as(sroi.Officer), h.tenderInput("kosten"))
	h.must(err)
	read()
	tender, _, err = h.AwardLot(h.ctx, matching(h.as(sroi.Officer), 1), tender.ID, app.AwardInput{
		Lot: "1", State: sroi.Final, Date: calendar.MustDate("2021-12-15"), Supplier: builder, SupplierName: "Bouw BV", Value: cents("800000"),
	})
	h.must(err)
	read()
	account, err := h.RegisterContract(h.ctx, h.as(sroi.Officer), contractInput(tender))
	h.must(err)
	read()
	contract := account.Contract
	_, err = h.AddPlacement(h.ctx, h.as(sroi.Supplier), contract.ID, placementInput("Jansen", 24))
	h.must(err)
	read()
	h.today = "2022-04-05"
	q1 := calendar.MustPeriod("2022-Q1")
	file, _, err := h.SaveStatement(h.ctx, h.as(sroi.Supplier), contract.ID, q1, []sroi.Claim{h.placed(contract, 1, 312)})
	h.must(err)
	read()
	statement, err := h.SubmitStatement(h.ctx, matching(h.as(sroi.Supplier), file.Statement.Version), contract.ID, q1)
	h.must(err)
	read()
	h.decided(statement, approve)
	read()
	for ledger, err := range h.RollUp(h.ctx, []string{"CONTRACT#" + contract.ID}) {
		h.t.Fatal(ledger, err)
	}
	read()
	_, err = h.Report(h.ctx, h.as(sroi.Officer), app.ReportQuery{Area: "GM0200", Year: 2022})
	h.must(err)
	read()
	_, _, err = h.Breakdown(h.ctx, h.as(sroi.Officer), app.BreakdownQuery{Area: "GM0200", Year: 2022, Code: sroi.RealisedValue}, app.Page{Limit: 100})
	h.must(err)
	read()
	_, err = h.Contract(h.ctx, h.as(sroi.Officer), contract.ID)
	h.must(err)
	read()
	_, _, err = h.AmendContract(h.ctx, matching(h.as(sroi.Officer), 3), contract.ID, extension())
	h.must(err)
	read()
	_, err = h.TryRules(h.ctx, h.as(sroi.Consultant), contract.ID, app.RulesInput{
		RuleSet: "utrecht", Version: calendar.MustDate("2021-01-01"), Blocks: map[string]string{"PW_LT2": "PW"}, Text: "Proef.", Deviates: true,
	})
	h.must(err)
	read()
	_, err = h.Prospect(h.ctx, h.as(sroi.Officer), contract.ID)
	h.must(err)
	read()
	_, _, err = h.SavePlan(h.ctx, h.as(sroi.Supplier), contract.ID, []plan.Effort{intended("A", "2022-01-01", "2022-12-31", 24)})
	h.must(err)
	read()
	_, err = h.Plan(h.ctx, h.as(sroi.Officer), contract.ID)
	h.must(err)
	read()
	for ledger, err := range h.RollUp(h.ctx, []string{"TENDER#" + tender.ID}) {
		h.t.Fatal(ledger, err)
	}
	meter.Read()
	_, err = h.CloseYear(h.ctx, h.as(sroi.Consultant), app.CloseInput{Authority: apeldoorn, Year: 2021})
	h.must(err)
	read()
	return costs
}
