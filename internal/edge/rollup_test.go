// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"socialreturn/internal/app"
	"socialreturn/internal/sroi"
)

// halfBroken is a store that cannot read the ledger of one tender.
type halfBroken struct {
	app.Store
	broken string
	read   []string
}

func (h *halfBroken) TenderEntries(_ context.Context, id string) ([]sroi.Entry, error) {
	h.read = append(h.read, id)
	if id == h.broken {
		return nil, errors.New("kapot")
	}
	return nil, nil
}

func record(sequence string, keys map[string]events.DynamoDBAttributeValue) events.DynamoDBEventRecord {
	return events.DynamoDBEventRecord{Change: events.DynamoDBStreamRecord{SequenceNumber: sequence, Keys: keys}}
}

func TestRollUpReportsEveryRecordThatFailed(t *testing.T) {
	t.Parallel()
	good, bad := strings.Repeat("a", 24), strings.Repeat("b", 24)
	kept := &halfBroken{broken: bad}
	w := newWorldOn(t, kept)
	key := func(text string) map[string]events.DynamoDBAttributeValue {
		return map[string]events.DynamoDBAttributeValue{"PK": events.NewStringAttribute(text)}
	}
	answer, err := RollUp(w.deps)(t.Context(), events.DynamoDBEvent{Records: []events.DynamoDBEventRecord{
		record("1", key("TENDER#"+good)),
		record("2", key("TENDER#"+bad)),
		record("3", key("TENDER#"+good)),
		record("4", key("TENDER#"+bad)),
		record("5", key("AREA#GM0200")),
		record("6", nil),
		record("7", map[string]events.DynamoDBAttributeValue{"PK": events.NewNumberAttribute("1")}),
		record("8", key("TENDER#x")),
	}})
	if err != nil {
		t.Fatal(err)
	}
	var failed []string
	for _, item := range answer.BatchItemFailures {
		failed = append(failed, item.ItemIdentifier)
	}
	if got := strings.Join(failed, " "); got != "2 4 5 6 7 8" {
		t.Errorf("failed: %s", got)
	}
	if got := strings.Join(kept.read, " "); got != good+" "+bad {
		t.Errorf("each ledger is read once; read %s", got)
	}
	if logs := w.logs.String(); strings.Count(logs, "\n") != 2 || !strings.Contains(logs, `"oorzaak":"kapot"`) {
		t.Errorf("log: %s", logs)
	}
}

func TestRollUpOfNothing(t *testing.T) {
	t.Parallel()
	w := newWorldOn(t, nil)
	if answer, err := RollUp(w.deps)(t.Context(), events.DynamoDBEvent{}); err != nil || len(answer.BatchItemFailures) > 0 {
		t.Errorf("%v %v", answer, err)
	}
}
