// SPDX-License-Identifier: EUPL-1.2

package present

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"socialreturn/internal/money"
	"socialreturn/internal/sroi"
)

// The chart's measures, in units of its view box.
const (
	chartWidth = 320
	barHeight  = 22
	barTop     = 22 // from the top of a bar's block, under its label
	barBlock   = 58
)

// chart is a bar chart of one indicator, with the table of the same figures.
type chart struct {
	Code, Name  string
	Description string
	Height      int
	Bars        []bar
	Goal        string // in words; empty where there is none
	Marked      bool   // the goal has a place on the scale
}

// bar is one figure of a chart.
type bar struct {
	Label, Text, Class         string
	LabelY, Y, Length          int
	MarkX, MarkTop, MarkBottom int
}

func charts(r sroi.Report) []chart {
	var drawn []chart
	for _, row := range r.Rows {
		if slices.Contains(chartedIndicators, row.Code) &&
			(row.Current.State == sroi.HasValue || row.Previous.State == sroi.HasValue) {
			drawn = append(drawn, newChart(r, row))
		}
	}
	return drawn
}

func newChart(r sroi.Report, row sroi.Row) chart {
	name, _ := Definition(row.Code)
	c := chart{Code: row.Code, Name: name, Goal: goal(row, r.CompareWith)}
	figures := []sroi.Figure{r.Before(row), row.Current}
	classes := []string{"previous", "now"}
	labels := []string{compared(r), now(r)}
	if comparesAtDate(r) {
		figures = slices.Insert(figures, 1, row.PreviousAtDate)
		classes = slices.Insert(classes, 1, "at-date")
		labels = slices.Insert(labels, 1, atDate(r))
	}
	mark, marked := threshold(row, r.Before(row))
	c.Marked = marked
	scale := scaleOf(row, figures, mark)
	for i, figure := range figures {
		text, _ := figureText(row, figure)
		if spoken(figure) != "" {
			text = spoken(figure)
		}
		top := i * barBlock
		length := 0
		if figure.State == sroi.HasValue {
			length = along(rational(figure.Value), scale)
		}
		c.Bars = append(c.Bars, bar{
			Label: labels[i], Text: text, Class: classes[i],
			LabelY: top + barTop - 7, Y: top + barTop, Length: length,
			MarkX: along(mark, scale), MarkTop: top + barTop - 4, MarkBottom: top + barTop + barHeight + 4,
		})
	}
	c.Height = len(figures) * barBlock
	c.Description = describe(c)
	return c
}

// compared names last year's figure that this year's is compared with.
func compared(r sroi.Report) string {
	if r.BothRestated {
		return fmt.Sprintf("Herzien %d", r.CompareWith)
	}
	return before(r)
}

func describe(c chart) string {
	var text strings.Builder
	text.WriteString("Staafdiagram.")
	for _, b := range c.Bars {
		fmt.Fprintf(&text, " %s: %s.", b.Label, b.Text)
	}
	if c.Goal != "" {
		fmt.Fprintf(&text, " Doel: %s.", c.Goal)
	}
	return text.String()
}

// threshold is the place of the target on the scale of the figures, and whether
// it has one: more than an unknown figure has none.
func threshold(row sroi.Row, before sroi.Figure) (at *big.Rat, ok bool) {
	at = new(big.Rat)
	target := row.Target
	if target == nil {
		return at, false
	}
	fromBefore := target.Reading == sroi.MoreThanBefore
	if fromBefore && before.State != sroi.HasValue || !fromBefore && target.Value == nil {
		return at, false
	}
	if target.Value != nil {
		at.Set(rational(*target.Value))
	}
	if fromBefore {
		at.Add(at, rational(before.Value))
	}
	return at, true
}

// scaleOf is the value at the right edge: the largest of figures and target,
// and of shares never under the whole.
func scaleOf(row sroi.Row, figures []sroi.Figure, mark *big.Rat) *big.Rat {
	largest := new(big.Rat).Set(mark)
	if row.Unit == sroi.UnitPercent && largest.Cmp(big.NewRat(1, 1)) < 0 {
		largest.SetInt64(1)
	}
	for _, figure := range figures {
		if value := rational(figure.Value); figure.State == sroi.HasValue && value.Cmp(largest) > 0 {
			largest = value
		}
	}
	return largest
}

// along is the length of a value on the scale; nothing is shorter than 0.
func along(value, scale *big.Rat) int {
	if scale.Sign() <= 0 || value.Sign() <= 0 {
		return 0
	}
	share := new(big.Rat).Quo(value, scale)
	share.Mul(share, big.NewRat(chartWidth, 1))
	return int(new(big.Int).Quo(share.Num(), share.Denom()).Int64())
}

func rational(f money.Fraction) *big.Rat {
	if f.Den == 0 {
		return big.NewRat(f.Num, 1)
	}
	return big.NewRat(f.Num, f.Den)
}
