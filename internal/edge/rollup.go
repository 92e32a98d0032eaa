// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"context"
	"log/slog"
	"slices"
	"strings"

	"github.com/aws/aws-lambda-go/events"
)

// StreamHandler answers a batch of stream records with those that failed.
type StreamHandler func(ctx context.Context, event events.DynamoDBEvent) (events.DynamoDBEventResponse, error)

// RollUp brings the totals up to date with the ledgers of a batch of new
// entries. Only the keys of a record are read: the ledgers themselves are the
// truth, so it does not matter how often or in which order records come. Every
// record of a ledger that failed is reported, so that it is delivered again.
func RollUp(d Deps) StreamHandler {
	return func(ctx context.Context, event events.DynamoDBEvent) (events.DynamoDBEventResponse, error) {
		var ledgers []string
		for i := range event.Records {
			if key := ledgerOf(&event.Records[i]); key != "" && !slices.Contains(ledgers, key) {
				ledgers = append(ledgers, key)
			}
		}
		failed := map[string]error{}
		if len(ledgers) > 0 {
			failed = d.Service.RollUp(ctx, ledgers)
		}
		var answer events.DynamoDBEventResponse
		for i := range event.Records {
			record := &event.Records[i]
			if key := ledgerOf(record); key == "" || failed[key] != nil {
				answer.BatchItemFailures = append(answer.BatchItemFailures,
					events.DynamoDBBatchItemFailure{ItemIdentifier: record.Change.SequenceNumber})
			}
		}
		d.logBatch(ctx, ledgers, failed)
		return answer, nil
	}
}

// ledgerOf is the partition key of a record where it is that of a ledger.
func ledgerOf(record *events.DynamoDBEventRecord) string {
	key, ok := record.Change.Keys["PK"]
	if !ok || key.DataType() != events.DataTypeString {
		return ""
	}
	kind, id, _ := strings.Cut(key.String(), "#")
	if kind != "CONTRACT" && kind != "TENDER" || !objectForm.MatchString(id) {
		return ""
	}
	return key.String()
}

// logBatch writes one line per ledger.
func (d Deps) logBatch(ctx context.Context, ledgers []string, failed map[string]error) {
	for _, ledger := range ledgers {
		fields := []slog.Attr{
			slog.String("actie", "werkTotalenBij"), slog.String("object", ledger),
			slog.String("herkomst", "stream"), slog.String("actor", "systeem"),
		}
		if err := failed[ledger]; err != nil {
			fields = append(fields, slog.String("resultaat", "mislukt"), slog.String("oorzaak", err.Error()))
		} else {
			fields = append(fields, slog.String("resultaat", "gelukt"))
		}
		d.Log.LogAttrs(ctx, slog.LevelInfo, "", fields...)
	}
}
