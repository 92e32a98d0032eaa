// SPDX-License-Identifier: EUPL-1.2

// Package figure lets tests and benchmarks say what they measured, with the bar
// and the moonshot, so that infra/bench can lay all figures in one table. Bars
// stand where the figure is taken, and nowhere else.
package figure

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
)

// Mark starts the text of a figure in the log of a test.
const Mark = "figure: "

const separator = " | "

// Bar is a bound on a figure. The zero value is none.
type Bar struct {
	sign  string
	bound float64
}

// AtMost is a bar that a figure may reach and not pass.
func AtMost(bound float64) Bar { return Bar{"≤", bound} }

// AtLeast is a bar that a figure must reach.
func AtLeast(bound float64) Bar { return Bar{"≥", bound} }

// Holds tells whether a value keeps to the bar; any does where there is none.
func (b Bar) Holds(value float64) bool {
	switch b.sign {
	case "≤":
		return value <= b.bound
	case "≥":
		return value >= b.bound
	}
	return true
}

func (b Bar) String() string {
	if b.sign == "" {
		return "-"
	}
	return b.sign + " " + number(b.bound)
}

// Figure is what was measured.
type Figure struct {
	Metric        string
	Value         float64
	Bar, Moonshot Bar
	// Counted tells that the figure is the same on every machine, so that a missed
	// bar is a fault. Times are not: only a reader can judge them.
	Counted bool
}

// Count logs what was counted, and fails the test where the bar is missed.
func Count(t testing.TB, metric string, value float64, bar, moonshot Bar) {
	t.Helper()
	f := Figure{metric, value, bar, moonshot, true}
	t.Log(f)
	if !bar.Holds(value) {
		t.Errorf("%s: %s, the bar is %s", metric, number(value), bar)
	}
}

// Time logs what took time, or the ratio of two times, and never fails.
func Time(t testing.TB, metric string, value float64, bar, moonshot Bar) {
	t.Helper()
	t.Log(Figure{metric, value, bar, moonshot, false})
}

// String is the form that Parse reads.
func (f Figure) String() string {
	return Mark + strings.Join([]string{f.Metric, number(f.Value), f.Bar.String(), f.Moonshot.String(), strconv.FormatBool(f.Counted)}, separator)
}

// Parse finds a figure in a line of a log; false where there is none.
func Parse(line string) (Figure, bool) {
	_, text, marked := strings.Cut(line, Mark)
	parts := strings.Split(strings.TrimSpace(text), separator)
	if !marked || len(parts) != 5 {
		return Figure{}, false
	}
	value, err := strconv.ParseFloat(parts[1], 64)
	return Figure{parts[0], value, parseBar(parts[2]), parseBar(parts[3]), parts[4] == "true"}, err == nil
}

func parseBar(text string) Bar {
	sign, bound, found := strings.Cut(text, " ")
	value, err := strconv.ParseFloat(bound, 64)
	if !found || err != nil {
		return Bar{}
	}
	return Bar{sign, value}
}

// number has at most three digits behind the point, and none for a large value.
func number(value float64) string {
	decimals := 3
	if value >= 1000 || value <= -1000 {
		decimals = 0
	}
	text := strconv.FormatFloat(value, 'f', decimals, 64)
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return text
}

// Row is the figure for a reader: metric, value, bar, moonshot and verdict.
func (f Figure) Row() string {
	verdict := "holds"
	switch {
	case !f.Bar.Holds(f.Value) && f.Counted:
		verdict = "MISSED"
	case !f.Bar.Holds(f.Value):
		verdict = "missed (time)"
	case f.Moonshot.sign != "" && f.Moonshot.Holds(f.Value):
		verdict = "moonshot"
	case f.Bar.sign == "":
		verdict = ""
	}
	return fmt.Sprintf("%s\t%s\t%s\t%s\t%s", f.Metric, number(f.Value), f.Bar, f.Moonshot, verdict)
}
