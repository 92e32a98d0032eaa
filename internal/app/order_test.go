// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"bytes"
	"fmt"
	"testing"
	"testing/fstest"

	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

// A limit per person is taken within a statement by the start of the placements,
// whatever the order of the lines, or of the decisions in a command.
func TestTheOrderOfLinesChangesNoTotal(t *testing.T) {
	h := newHouse(t)
	friesland, err := h.Rules.Version("friesland", calendar.MustDate("2016-07-01"))
	h.must(err)
	h.Rules, err = ruleset.Load(fstest.MapFS{"friesland/2016-07-01.json": {Data: bytes.ReplaceAll(friesland.Raw(), []byte(`"3744"`), []byte(`"400"`))}})
	h.must(err)
	h.ruledBy("friesland")
	totals := map[money.Cents][]string{}
	for i, order := range [][4]int{{1, 2, 1, 2}, {2, 1, 1, 2}, {1, 2, 2, 1}, {2, 1, 2, 1}} {
		name := fmt.Sprint(order)
		h.today = "2022-01-03"
		contract := h.contract(fmt.Sprint("F", i))
		h.place(contract, fmt.Sprint("Persoon", i), "PW_LT2", "2022-01-01", "2022-02-14")
		h.place(contract, fmt.Sprint("Persoon", i), "WW_GT1", "2022-02-15", "2022-03-31")
		h.today = "2022-04-04"
		statement := h.submitted(contract, "2022-Q1", h.placed(contract, order[0], 300), h.placed(contract, order[1], 300))
		file, err := h.Decide(h.ctx, matching(h.as(sroi.Consultant), statement.Version), contract.ID, statement.Period, app.DecideInput{Lines: []app.LineDecision{approve(order[2]), approve(order[3])}})
		h.must(err)
		totals[file.Statement.Verified] = append(totals[file.Statement.Verified], name)
	}
	// PW: 35,000 × (1 + 14/28) / 12 = 4,375.00, for 300 of the 400 hours. WW: 20,000 ×
	// (1 + 17/31) / 12 = 2,580.65, of which a third: 100 of its 300 hours are left.
	if len(totals) != 1 || len(totals[cents("5235.22")]) != 4 {
		t.Errorf("totals by order of lines and decisions: %v", totals)
	}
}

// place adds a full-time placement.
func (h *house) place(contract sroi.Contract, surname, block, from, to string) {
	h.t.Helper()
	in := placementInput(surname, 36)
	in.Block, in.Schedule[0].Span = block, calendar.Span{From: calendar.MustDate(from), To: calendar.MustDate(to)}
	_, err := h.AddPlacement(h.ctx, h.as(sroi.Supplier), contract.ID, in)
	h.must(err)
}
