// SPDX-License-Identifier: EUPL-1.2

// Command bench runs whatever measures speed and cost, and prints the figures
// as one table, each with its bar and moonshot.
//
// It ends with 1 where something that is counted misses its bar, for a count is
// the same on every machine; a time, or a ratio of two, is printed with its
// verdict and fails nothing, since a busy machine would.
package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strings"
	"text/tabwriter"

	"socialreturn/infra/bench/figure"
	"socialreturn/infra/local/engine/enginetest"
)

// sources are the tests and benchmarks with figures, by package. All but the cold
// start run on the model of the engine, which tests hold to the real one.
var sources = []struct{ folder, tests, benchmarks, times string }{
	{"./internal/app", "^(TestCallsPerUseCase|TestReportCostsTheSameWhateverTheLedger|TestWritesOfARollUp)$", "^BenchmarkReportOfManyEntries$", "50x"},
	{"./internal/store", "^(TestCallsAndUnits|TestALargeDraftCostsTheFloor)$", "^BenchmarkLargeDraft$", "25x"},
	{"./internal/edge", "^TestAllocationsOfAGet$", "^BenchmarkGet$", "4000x"},
	{"./internal/ruleset", "^TestValuesAllocateNothing$", "^BenchmarkPlacementValue$", "1s"},
	{"./internal/intake", "^(TestAllocations|TestMemoryOfTheLargestFile)$", "^BenchmarkReadLines$", "100x"},
	{functions, "^TestSizeAndPartsOfWhatShips$", "^BenchmarkColdStart$", "40x"},
}

const functions = "./functions"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer) error {
	var figures []figure.Figure
	var faults []error
	for _, source := range sources {
		output, err := measure(ctx, source.folder, "-run", source.tests, "-bench", source.benchmarks, "-benchtime", source.times)
		found := read(output)
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w\n%s", source.folder, err, output))
		}
		if len(found) == 0 {
			faults = append(faults, fmt.Errorf("%s: no figures", source.folder))
		}
		figures = append(figures, found...)
	}
	return errors.Join(append(faults, write(out, figures))...)
}

// measure runs a package's tests and benchmarks.
func measure(ctx context.Context, folder string, arguments ...string) ([]byte, error) {
	command := exec.CommandContext(ctx, "go", append([]string{"test", folder, "-count=1", "-v"}, arguments...)...) //nolint:gosec // G204: our own folders and flags
	command.Env = os.Environ()
	if folder != functions {
		command.Env = append(command.Env, enginetest.Variable+"="+enginetest.Model)
	}
	return command.CombinedOutput()
}

func read(output []byte) []figure.Figure {
	var figures []figure.Figure
	lines := bufio.NewScanner(bytes.NewReader(output))
	for lines.Scan() {
		found, is := figure.Parse(lines.Text())
		same := func(f figure.Figure) bool { return f.Metric == found.Metric }
		if is && !slices.ContainsFunc(figures, same) {
			figures = append(figures, found)
		}
	}
	return figures
}

// write prints the table. It returns an error that names what was counted and
// misses its bar.
func write(out io.Writer, figures []figure.Figure) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "Metric\tFigure\tBar\tMoonshot\tVerdict")
	var missed []string
	for _, f := range figures {
		fmt.Fprintln(table, f.Row())
		if f.Counted && !f.Bar.Holds(f.Value) {
			missed = append(missed, f.Metric)
		}
	}
	if err := table.Flush(); err != nil {
		return err
	}
	if missed != nil {
		return fmt.Errorf("the bar is missed by: %s", strings.Join(missed, "; "))
	}
	return nil
}
