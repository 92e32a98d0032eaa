// SPDX-License-Identifier: EUPL-1.2

package present

import (
	"strconv"
	"strings"
	"testing"

	"socialreturn/internal/money"
	"socialreturn/internal/sroi"
)

func TestChartsStandBesideTheirTable(t *testing.T) {
	figures := parse(t, render(t, apeldoorn())).named("figure")
	if len(figures) != len(chartedIndicators) {
		t.Fatalf("%d charts, want %d", len(figures), len(chartedIndicators))
	}
	first := figures[0]
	image := first.named("svg")[0]
	if image.attrs["role"] != "img" || image.named("title")[0].text() != "Extra arbeidsplaatsen door Social Return" {
		t.Errorf("chart is %v, called %q", image.attrs, image.named("title")[0].text())
	}
	wantDescription := "Staafdiagram. Behaald 2021: 118. Behaald op 30 september 2021: 86. Behaald 2022 (voorlopig): 131. Doel: ten minste 125."
	if got := image.named("desc")[0].text(); got != wantDescription {
		t.Errorf("described as %q, want %q", got, wantDescription)
	}
	var rows []string
	for _, row := range first.named("tr") {
		rows = append(rows, row.text())
	}
	if got, want := strings.Join(rows, "|"), "Behaald 2021 118|Behaald op 30 september 2021 86|Behaald 2022 (voorlopig) 131|Doel ten minste 125"; got != want {
		t.Errorf("table %s, want %s", got, want)
	}
}

// Bars are to scale, and stay within the drawing.
func TestBarsAreToScale(t *testing.T) {
	lengths := func(row sroi.Row) (bars string, mark int, marked bool) {
		row.Code = sroi.ExtraJobs
		c := newChart(closed(), row)
		var all []string
		for _, b := range c.Bars {
			if b.Length < 0 || b.Length > chartWidth || b.MarkX < 0 || b.MarkX > chartWidth {
				t.Errorf("bar of %d with mark at %d in a drawing of %d", b.Length, b.MarkX, chartWidth)
			}
			all = append(all, strconv.Itoa(b.Length))
		}
		return strings.Join(all, " "), c.Bars[0].MarkX, c.Marked
	}
	at := func(num, den int64) *money.Fraction { return &money.Fraction{Num: num, Den: den} }
	cases := map[string]struct {
		row    sroi.Row
		bars   string
		mark   int
		marked bool
	}{
		"largest fills the width": {sroi.Row{Unit: sroi.UnitCount, Previous: whole(50), Current: whole(100)}, "160 320", 0, false},
		"target beyond":           {sroi.Row{Unit: sroi.UnitCount, Previous: whole(50), Current: whole(100), Target: &sroi.Target{Reading: sroi.AtLeast, Value: at(200, 1)}}, "80 160", 320, true},
		"target within":           {sroi.Row{Unit: sroi.UnitCount, Previous: whole(50), Current: whole(100), Target: &sroi.Target{Reading: sroi.HigherThanValue, Value: at(75, 1)}}, "160 320", 240, true},
		"more than last year":     {sroi.Row{Unit: sroi.UnitCount, Previous: whole(50), Current: whole(100), Target: &sroi.Target{Reading: sroi.MoreThanBefore}}, "160 320", 160, true},
		"so many more":            {sroi.Row{Unit: sroi.UnitCount, Previous: whole(50), Current: whole(100), Target: &sroi.Target{Reading: sroi.MoreThanBefore, Value: at(25, 1)}}, "160 320", 240, true},
		"last year unknown":       {sroi.Row{Unit: sroi.UnitCount, Current: whole(100), Target: &sroi.Target{Reading: sroi.MoreThanBefore}}, "0 320", 0, false},
		"more than an unknown":    {sroi.Row{Unit: sroi.UnitCount, Current: whole(10), Target: &sroi.Target{Reading: sroi.MoreThanBefore, Value: at(25, 1)}}, "0 320", 0, false},
		"share of the whole":      {sroi.Row{Unit: sroi.UnitPercent, Previous: ratio(1, 4), Current: ratio(1, 2)}, "80 160", 0, false},
		"share beyond the whole":  {sroi.Row{Unit: sroi.UnitPercent, Previous: ratio(1, 1), Current: ratio(2, 1)}, "160 320", 0, false},
		"nothing":                 {sroi.Row{Unit: sroi.UnitCount, Previous: whole(0), Current: whole(0)}, "0 0", 0, false},
		"below nothing":           {sroi.Row{Unit: sroi.UnitEuro, Previous: whole(-500), Current: whole(1000)}, "0 320", 0, false},
		"largest numbers":         {sroi.Row{Unit: sroi.UnitEuro, Previous: ratio(1<<62, 1), Current: ratio(1<<63-1, 1)}, "160 320", 0, false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			bars, mark, marked := lengths(c.row)
			if bars != c.bars || marked != c.marked || marked && mark != c.mark {
				t.Errorf("bars %s, mark %d (%t); want %s, %d (%t)", bars, mark, marked, c.bars, c.mark, c.marked)
			}
		})
	}
}

func TestNoChartOfNothing(t *testing.T) {
	r := apeldoorn()
	r.Rows = []sroi.Row{{Code: sroi.ExtraJobs, Unit: sroi.UnitCount, Current: sroi.Figure{State: sroi.NotYetKnown}}}
	if n := len(parse(t, render(t, r)).named("figure")); n != 0 {
		t.Errorf("%d charts of a report without figures", n)
	}
}
