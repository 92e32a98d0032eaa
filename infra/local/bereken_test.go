// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const plan = "../../testdata/plannen/apeldoorn-schoonmaak.json"

func TestCalculatePrintsAnOverviewOrTheAnswer(t *testing.T) {
	t.Parallel()
	var page, answer bytes.Buffer
	if err := do(t.Context(), &page, []string{"bereken", plan}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(page.String(), "€ 10.416,67") || !strings.Contains(page.String(), "10 uur per week, een jaar lang") {
		t.Error(page.String())
	}
	if err := calculate(t.Context(), &answer, []string{"-json", plan}); err != nil {
		t.Fatal(err)
	}
	var got struct{ Openstaand string }
	if err := json.Unmarshal(answer.Bytes(), &got); err != nil || got.Openstaand != "10416.67" {
		t.Errorf("%v: %s", err, answer.String())
	}
}

func TestCalculateReadsStandardInput(t *testing.T) {
	file, err := os.Open(plan)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	standard := os.Stdin
	os.Stdin = file
	defer func() { os.Stdin = standard }()
	var page bytes.Buffer
	if err := calculate(t.Context(), &page, []string{"-"}); err != nil || !strings.Contains(page.String(), "€ 10.416,67") {
		t.Errorf("%v: %s", err, page.String())
	}
}

func TestCalculateRefusesInDutch(t *testing.T) {
	t.Parallel()
	for want, arguments := range map[string][]string{
		"bestaat niet":          {filepath.Join(t.TempDir(), "geen.json")},
		"kan niet worden":       {t.TempDir()},
		"noem precies één":      {},
		"noem precies één best": {plan, plan},
	} {
		var page bytes.Buffer
		err := calculate(t.Context(), &page, arguments)
		if err == nil || !strings.Contains(err.Error(), want) || page.Len() > 0 {
			t.Errorf("%v: %v, want %q", arguments, err, want)
		}
		if err != nil && (strings.Contains(err.Error(), "no such file") || strings.Contains(err.Error(), "directory")) {
			t.Errorf("tells of the machine: %v", err)
		}
	}
}

func TestAnUnknownCommandRunsNothing(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := do(t.Context(), &out, []string{"berekend"}); err == nil || !strings.Contains(err.Error(), "bereken, redrive, rekenregel, token, verify") || out.Len() > 0 {
		t.Errorf("%v %s", err, out.String())
	}
}
