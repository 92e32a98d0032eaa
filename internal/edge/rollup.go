// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"socialreturn/internal/app"
)

// StreamHandler answers a batch of stream records with those to deliver again.
type StreamHandler func(ctx context.Context, event events.DynamoDBEvent) (events.DynamoDBEventResponse, error)

// RecordPatience is the age at which a record waits no longer for a store that
// is busy: its ledger is set aside then, so that its shard goes on.
const RecordPatience = 2 * time.Minute

// CallPatience is how long one call at least goes on trying a ledger of a younger
// record while the store is busy. The event source gives up after its retries,
// and then names no ledger: so many calls must take longer than RecordPatience.
const CallPatience = 15 * time.Second

// FailureQueue keeps messages until somebody has repaired what they are about.
type FailureQueue interface {
	// Send returns when the message is safe. The message becomes JSON.
	Send(ctx context.Context, message any) error
}

// SetAside is the message about a ledger whose entries could not be applied.
// The ledger's name is all that its repair needs: the ledger itself is the truth,
// so that it does not matter when.
type SetAside struct {
	Ledger  string    `json:"grootboek,omitempty"` // as in app.Service.RollUp; empty where a record names none
	Records []string  `json:"volgnummers"`         // in the stream
	At      time.Time `json:"tijdstip"`
}

// RollUp brings the totals up to date with the ledgers of a batch of new
// entries. Only the keys of a record are read: the ledgers themselves are the
// truth, so it does not matter how often or in which order records come.
//
// A ledger that fails is tried again at once, a few times. What still fails is
// set aside in the failure queue and its records count as done, so that nobody
// else's wait for them; see Redrive. Two kinds of failure are reported instead,
// so that the records are delivered again: of young records while the store is
// busy, and of those that cannot be set aside.
func RollUp(d Deps) StreamHandler {
	return func(ctx context.Context, event events.DynamoDBEvent) (events.DynamoDBEventResponse, error) {
		parts := partsOf(event.Records)
		young := make(map[string]bool)
		var ledgers []string
		for _, part := range parts {
			if part.ledger != "" {
				ledgers = append(ledgers, part.ledger)
				young[part.ledger] = d.Now().Sub(part.oldest) < RecordPatience
			}
		}
		failed := d.bringUpToDate(ctx, ledgers, young)
		failed[""] = errNoLedger
		return d.setAside(ctx, parts, failed, young), nil
	}
}

var errNoLedger = errors.New("edge: the record names no ledger")

// part is the records of a batch that are of one ledger, or one of none.
type part struct {
	ledger  string
	records []string
	oldest  time.Time
}

func partsOf(records []events.DynamoDBEventRecord) []part {
	var parts []part
	for i := range records {
		ledger, change := ledgerOf(&records[i]), records[i].Change
		known := slices.IndexFunc(parts, func(p part) bool { return ledger != "" && p.ledger == ledger })
		if known < 0 {
			parts = append(parts, part{ledger, []string{change.SequenceNumber}, change.ApproximateCreationDateTime.Time})
			continue
		}
		parts[known].records = append(parts[known].records, change.SequenceNumber)
	}
	return parts
}

// ledgerOf is the partition key of a record where it is that of a ledger.
func ledgerOf(record *events.DynamoDBEventRecord) string {
	key, ok := record.Change.Keys["PK"]
	if !ok || key.DataType() != events.DataTypeString || !IsLedger(key.String()) {
		return ""
	}
	return key.String()
}

// IsLedger tells whether a name, or a partition key, is that of a ledger:
// "CONTRACT#<id>" or "TENDER#<id>".
func IsLedger(name string) bool {
	kind, id, _ := strings.Cut(name, "#")
	return (kind == "CONTRACT" || kind == "TENDER") && objectForm.MatchString(id)
}

const (
	tries        = 3 // of a ledger within one call: it may have been read amid a repair
	firstPause   = 100 * time.Millisecond
	longestPause = 2 * time.Second
	reserve      = 10 * time.Second // of the call's time, to set aside and answer
)

// bringUpToDate tries ledgers, those that fail a few times, and longer where the
// store is busy and they are young. It answers with those that failed.
func (d Deps) bringUpToDate(ctx context.Context, ledgers []string, young map[string]bool) map[string]error {
	if deadline, limited := ctx.Deadline(); limited {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, deadline.Add(-reserve))
		defer cancel()
	}
	began := time.Now()
	failed := d.Service.RollUp(ctx, ledgers)
	for try := 1; ; try++ {
		var again []string
		for _, ledger := range ledgers {
			err := failed[ledger]
			if err != nil && (try < tries || young[ledger] && app.Passing(err) && time.Since(began) < CallPatience) {
				again = append(again, ledger)
			}
		}
		if again == nil || !wait(ctx, min(longestPause, firstPause<<min(try-1, 10))) {
			return failed
		}
		still := d.Service.RollUp(ctx, again)
		for _, ledger := range again {
			delete(failed, ledger)
			if err := still[ledger]; err != nil {
				failed[ledger] = err
			}
		}
	}
}

// wait pauses, and tells whether there is time left. Chance comes in below, in
// the store's own repetitions, which keep writers apart.
func wait(ctx context.Context, pause time.Duration) bool {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// setAside sends the parts that failed to the failure queue. It answers with the
// records to deliver again.
func (d Deps) setAside(ctx context.Context, parts []part, failed map[string]error, young map[string]bool) events.DynamoDBEventResponse {
	answer := events.DynamoDBEventResponse{BatchItemFailures: []events.DynamoDBBatchItemFailure{}}
	var unsafe error // once the queue does not answer, it is not asked again
	for _, p := range parts {
		err := failed[p.ledger]
		d.logLedger(ctx, "werkTotalenBij", p.ledger, err)
		if err == nil {
			continue
		}
		again := app.Passing(err) && young[p.ledger]
		if !again {
			if unsafe == nil {
				unsafe = d.Failures.Send(ctx, SetAside{Ledger: p.ledger, Records: p.records, At: d.Now().UTC()})
			}
			d.logLedger(ctx, "zetGrootboekApart", p.ledger, unsafe)
			again = unsafe != nil
		}
		if !again {
			continue
		}
		for _, record := range p.records {
			answer.BatchItemFailures = append(answer.BatchItemFailures, events.DynamoDBBatchItemFailure{ItemIdentifier: record})
		}
	}
	return answer
}

// logLedger writes what became of an act on a ledger.
func (d Deps) logLedger(ctx context.Context, act, ledger string, err error) {
	if ledger == "" {
		ledger = "onbekend"
	}
	fields := []slog.Attr{
		slog.String("actie", act), slog.String("object", ledger),
		slog.String("herkomst", "stream"), slog.String("actor", "systeem"),
	}
	if err != nil {
		fields = append(fields, slog.String("resultaat", "mislukt"), slog.String("oorzaak", err.Error()))
	} else {
		fields = append(fields, slog.String("resultaat", "gelukt"))
	}
	d.Log.LogAttrs(ctx, slog.LevelInfo, "", fields...)
}
