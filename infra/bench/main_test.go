// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"os"
	"strings"
	"testing"

	"socialreturn/infra/bench/figure"
)

func TestTheTableSaysWhatMissesItsBar(t *testing.T) {
	t.Parallel()
	log := []byte("=== RUN TestX\n    a_test.go:1: " + figure.Figure{Metric: "calls", Value: 3, Bar: figure.AtMost(2), Counted: true}.String() +
		"\n    a_test.go:2: " + figure.Figure{Metric: "ratio", Value: 9, Bar: figure.AtMost(2), Moonshot: figure.AtMost(1)}.String() +
		"\n    a_test.go:2: " + figure.Figure{Metric: "ratio", Value: 8, Bar: figure.AtMost(2)}.String() + "\nok\n")
	figures := read(log)
	var table strings.Builder
	err := write(&table, figures)
	if err == nil || !strings.Contains(err.Error(), "calls") || strings.Contains(err.Error(), "ratio") {
		t.Errorf("the table ends with %v", err)
	}
	if len(figures) != 2 || !strings.Contains(table.String(), "MISSED") || !strings.Contains(table.String(), "missed (time)") {
		t.Errorf("%d figures:\n%s", len(figures), table.String())
	}
	if err := write(&table, figures[1:]); err != nil {
		t.Errorf("a time fails: %v", err)
	}
}

// What a source names must exist, or its figures go missing unnoticed.
func TestEverySourceNamesTestsThatAreThere(t *testing.T) {
	t.Parallel()
	for _, source := range sources {
		folder := strings.Replace(source.folder, "./", "../../", 1)
		entries, err := os.ReadDir(folder)
		if err != nil {
			t.Fatal(err)
		}
		var code strings.Builder
		for _, entry := range entries {
			if strings.HasSuffix(entry.Name(), "_test.go") {
				content, err := os.ReadFile(folder + "/" + entry.Name())
				if err != nil {
					t.Fatal(err)
				}
				code.Write(content)
			}
		}
		for name := range strings.FieldsFuncSeq(source.tests+"|"+source.benchmarks, func(r rune) bool { return strings.ContainsRune("^()|$", r) }) {
			if !strings.Contains(code.String(), "func "+name+"(") {
				t.Errorf("%s has no %s", source.folder, name)
			}
		}
	}
}
