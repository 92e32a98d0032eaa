// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
)

// TestSamplesReplay hands each sample to its function, and compares what of the
// answer is fixed.
func TestSamplesReplay(t *testing.T) {
	t.Parallel()
	for _, f := range functions {
		samples, err := filepath.Glob("../../events/" + f.name + "/*.answer.json")
		if err != nil || len(samples) == 0 {
			t.Errorf("%s has no sample: %v", f.name, err)
		}
		for _, sample := range samples {
			w, fill := replayed(t)
			var event events.APIGatewayV2HTTPRequest
			var want struct{ StatusCode int }
			readSample(t, strings.Replace(sample, ".answer", "", 1), fill, &event)
			readSample(t, sample, fill, &want)
			if got := w.sendTo(f.build(w.deps), event); got.status != want.StatusCode {
				t.Errorf("%s: %d %s, want %d", sample, got.status, got.text, want.StatusCode)
			}
			at := ask{method: event.RequestContext.HTTP.Method, path: event.RawPath, query: event.RawQueryString, body: event.Body}
			holdRequestAgainstContract(t, at, event)
		}
	}
}

func TestStreamSampleReplays(t *testing.T) {
	t.Parallel()
	w, fill := replayed(t)
	var event events.DynamoDBEvent
	var want events.DynamoDBEventResponse
	readSample(t, "../../events/roll-up/nieuwe-mutaties.json", fill, &event)
	readSample(t, "../../events/roll-up/nieuwe-mutaties.answer.json", fill, &want)
	got, err := RollUp(w.deps)(t.Context(), event)
	if err != nil || len(got.BatchItemFailures) != len(want.BatchItemFailures) || len(event.Records) != 3 {
		t.Errorf("%d records: %v %v", len(event.Records), got, err)
	}
	report := w.get(w.officer(), "/v1/jaarrapporten/2022?gebied=GM0200").want(200)
	if report.at("grootboek/mutaties") != 1.0 {
		t.Errorf("after the sample: %v", report.at("grootboek"))
	}
}

func TestRedriveSampleReplays(t *testing.T) {
	t.Parallel()
	w, fill := replayed(t)
	var asked Redriven
	var want RedriveAnswer
	readSample(t, "../../events/roll-up/herbereken-grootboeken.json", fill, &asked)
	readSample(t, "../../events/roll-up/herbereken-grootboeken.answer.json", fill, &want)
	got, err := Redrive(w.deps)(t.Context(), asked)
	if err != nil || !maps.Equal(got.Failed, want.Failed) || len(asked.Ledgers) != 2 {
		t.Errorf("%v: %v %v", asked, got, err)
	}
	report := w.get(w.officer(), "/v1/jaarrapporten/2022?gebied=GM0200").want(200)
	if report.at("grootboek/mutaties") != 1.0 {
		t.Errorf("after the sample: %v", report.at("grootboek"))
	}
}

// replayed is the world of the samples, and what fills their blanks.
func replayed(t *testing.T) (*world, func(file string) *strings.Replacer) {
	w := newWorld(t)
	w.putAuthority()
	contract := strings.TrimPrefix(w.placed("C-1"), "/v1/contracten/")
	return w, func(file string) *strings.Replacer {
		token := w.officer()
		switch filepath.Base(filepath.Dir(file)) {
		case "award-contract", "submit-proof":
			token = w.supplier()
		case "verify-proof", "close-year":
			token = w.consultant()
		case "keep-register":
			token = w.admin()
		}
		return strings.NewReplacer("{{token}}", token, "{{contract}}", contract)
	}
}

func readSample(t *testing.T, file string, fill func(string) *strings.Replacer, into any) {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(fill(file).Replace(string(content))), into); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}
