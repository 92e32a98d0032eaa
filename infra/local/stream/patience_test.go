// SPDX-License-Identifier: EUPL-1.2

package stream

import (
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/events"

	cloud "socialreturn/infra/aws"
	"socialreturn/infra/local/template"
	"socialreturn/internal/app"
	"socialreturn/internal/edge"
	"socialreturn/internal/sroi"
)

// busy is a store that cannot read the ledgers of tenders, for now.
type busy struct{ app.Store }

func (busy) TenderEntries(context.Context, string) ([]sroi.Entry, error) { return nil, app.ErrBusy }

// aside is the failure queue as roll-up uses it.
type aside struct{ messages []string }

func (a *aside) Send(_ context.Context, message any) error {
	body, err := json.Marshal(message)
	a.messages = append(a.messages, string(body))
	return err
}

// However long a store stays busy: roll-up sets each ledger aside, with its key,
// before the event source of the template gives its records up without one. No
// shard waits much longer than a record's patience.
func TestTheFunctionSetsAsideBeforeTheEventSourceGivesUp(t *testing.T) {
	parsed, err := template.Parse(cloud.Template)
	if err != nil {
		t.Fatal(err)
	}
	for _, count := range []int{1, 7, parsed.Streams[0].BatchSize} {
		synctest.Test(t, func(t *testing.T) {
			var queue aside
			deps := edge.Deps{
				Service: &app.Service{Store: busy{}}, Now: time.Now, Log: slog.New(slog.DiscardHandler), Failures: &queue,
			}
			calls, rollUp := 0, edge.RollUp(deps)
			d := newDispatcher(parsed.Streams[0], func(ctx context.Context, event events.DynamoDBEvent) (events.DynamoDBEventResponse, error) {
				calls++
				return rollUp(ctx, event)
			})
			batch := records(count)
			for i := range batch {
				id := strings.Repeat("a", 22) + string(rune('a'+i/26)) + string(rune('a'+i%26))
				batch[i].Change.Keys["PK"] = events.NewStringAttribute("TENDER#" + id)
			}
			began := time.Now()
			if err := d.deliver(t.Context(), "shard", batch); err != nil {
				t.Fatal(err)
			}
			if given := givenUp(d); len(given) > 0 || len(queue.messages) != count {
				t.Errorf("given up %v, set aside %d of %d", given, len(queue.messages), count)
			}
			if took := time.Since(began); took < edge.RecordPatience || took > edge.RecordPatience+2*edge.CallPatience {
				t.Errorf("the shard waited %v, in %d calls", took, calls)
			}
			for _, message := range queue.messages {
				if !strings.Contains(message, `"grootboek":"TENDER#`) {
					t.Errorf("set aside without a key: %s", message)
				}
			}
		})
	}
}
