// SPDX-License-Identifier: EUPL-1.2

package figure_test

import (
	"fmt"
	"strings"
	"testing"

	"socialreturn/infra/bench/figure"
)

func TestAFigureReadsBackAndIsJudged(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		value         float64
		bar, moonshot figure.Bar
		counted       bool
		verdict       string
	}{
		{57, figure.AtMost(60), figure.AtMost(20), true, "holds"},
		{60, figure.AtMost(60), figure.Bar{}, true, "holds"},
		{61, figure.AtMost(60), figure.AtMost(20), true, "MISSED"},
		{1.625, figure.AtMost(1.5), figure.Bar{}, false, "missed (time)"},
		{20, figure.AtMost(60), figure.AtMost(20), true, "moonshot"},
		{499_999, figure.AtLeast(500_000), figure.Bar{}, true, "MISSED"},
		{700_000, figure.AtLeast(500_000), figure.AtLeast(1_000_000), false, "holds"},
		{12, figure.Bar{}, figure.Bar{}, true, ""},
	} {
		made := figure.Figure{Metric: "rows a second", Value: row.value, Bar: row.bar, Moonshot: row.moonshot, Counted: row.counted}
		read, found := figure.Parse("    bench_test.go:12: " + made.String() + "\n")
		if !found || read != made {
			t.Errorf("%+v reads as %+v", made, read)
		}
		cells := strings.Split(made.Row(), "\t")
		if len(cells) != 5 || cells[4] != row.verdict {
			t.Errorf("%+v is judged %q", made, cells)
		}
	}
	for _, line := range []string{"", "ok  	package	1s", figure.Mark + "a | b | - | - | true", figure.Mark + "a | 1"} {
		if read, found := figure.Parse(line); found {
			t.Errorf("%q reads as %+v", line, read)
		}
	}
}

// listener hears what a test says.
type listener struct {
	testing.TB
	logged, failed []string
}

func (l *listener) Helper()         {}
func (l *listener) Log(args ...any) { l.logged = append(l.logged, fmt.Sprint(args...)) }
func (l *listener) Errorf(format string, args ...any) {
	l.failed = append(l.failed, fmt.Sprintf(format, args...))
}

func TestOnlyACountFails(t *testing.T) {
	t.Parallel()
	heard := &listener{}
	figure.Count(heard, "calls", 2, figure.AtMost(2), figure.Bar{})
	figure.Time(heard, "ratio", 3, figure.AtMost(2), figure.Bar{})
	if len(heard.failed) != 0 || len(heard.logged) != 2 {
		t.Fatalf("%+v", heard)
	}
	if figure.Count(heard, "calls", 3, figure.AtMost(2), figure.Bar{}); len(heard.failed) != 1 || len(heard.logged) != 3 {
		t.Fatalf("%+v", heard)
	}
}
