// SPDX-License-Identifier: EUPL-1.2

package stream

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"pgregory.net/rapid"

	"socialreturn/infra/local/template"
)

var mapping = template.StreamMapping{
	Function: "roll-up", BatchSize: 100, Bisect: true, MaximumRetries: 3, MaximumAge: time.Hour, ReportsItemFaults: true,
}

// records are entries numbered from one.
func records(count int) []events.DynamoDBEventRecord {
	made := make([]events.DynamoDBEventRecord, count)
	for i := range made {
		made[i].EventName = "INSERT"
		made[i].Change = events.DynamoDBStreamRecord{
			SequenceNumber:              fmt.Sprint(i + 1),
			ApproximateCreationDateTime: events.SecondsEpochTime{Time: time.Now()},
			Keys: map[string]events.DynamoDBAttributeValue{
				"PK": events.NewStringAttribute("CONTRACT#1"), "SK": events.NewStringAttribute(fmt.Sprintf("ENTRY#%08d", i+1)),
			},
			NewImage: map[string]events.DynamoDBAttributeValue{"secret": events.NewStringAttribute("geheim")},
		}
	}
	return made
}

func numbers(batch []events.DynamoDBEventRecord) []string {
	var found []string
	for _, record := range batch {
		found = append(found, record.Change.SequenceNumber)
	}
	return found
}

func failing(numbers ...string) events.DynamoDBEventResponse {
	var response events.DynamoDBEventResponse
	for _, number := range numbers {
		response.BatchItemFailures = append(response.BatchItemFailures, events.DynamoDBBatchItemFailure{ItemIdentifier: number})
	}
	return response
}

// lost is a destination in memory.
type lost struct {
	messages []GivenUp
	fault    error
}

func (l *lost) Send(_ context.Context, message any) error {
	if l.fault == nil {
		l.messages = append(l.messages, message.(GivenUp))
	}
	return l.fault
}

// newDispatcher gives up to an empty destination.
func newDispatcher(mapping template.StreamMapping, handler Handler) *dispatcher {
	return &dispatcher{
		mapping: mapping, handler: handler, timeout: time.Minute, stream: "arn:stroom", failures: &lost{}, log: slog.New(slog.DiscardHandler),
	}
}

// givenUp is the sequence numbers of the records given up.
func givenUp(d *dispatcher) []string {
	var found []string
	for _, message := range d.failures.(*lost).messages {
		first, _ := strconv.Atoi(message.Batch.First)
		for i := range message.Batch.Size {
			found = append(found, strconv.Itoa(first+i))
		}
	}
	return found
}

func TestDeliver(t *testing.T) {
	broken := errors.New("kapot")
	poison := func(number string) func(int, []string) (events.DynamoDBEventResponse, error) {
		return func(_ int, batch []string) (events.DynamoDBEventResponse, error) {
			if slices.Contains(batch, number) {
				return events.DynamoDBEventResponse{}, broken
			}
			return events.DynamoDBEventResponse{}, nil
		}
	}
	once := func(answer events.DynamoDBEventResponse, err error) func(int, []string) (events.DynamoDBEventResponse, error) {
		return func(call int, _ []string) (events.DynamoDBEventResponse, error) {
			if call == 0 {
				return answer, err
			}
			return events.DynamoDBEventResponse{}, nil
		}
	}
	tests := map[string]struct {
		count   int
		change  func(*template.StreamMapping)
		answer  func(call int, batch []string) (events.DynamoDBEventResponse, error)
		calls   string
		givenUp []string
	}{
		"all well":               {3, nil, once(failing(), nil), "[1 2 3]", nil},
		"from the lowest":        {4, nil, once(failing("4", "2"), nil), "[1 2 3 4] [2 3 4]", nil},
		"from the lowest, first": {4, nil, once(failing("2", "4"), nil), "[1 2 3 4] [2 3 4]", nil},
		"unknown number":         {2, nil, once(failing("9"), nil), "[1 2] [1] [2]", nil},
		"empty number":           {2, nil, once(failing(""), nil), "[1 2] [1] [2]", nil},
		"answers not asked":      {2, func(m *template.StreamMapping) { m.ReportsItemFaults = false }, once(failing("2"), nil), "[1 2]", nil},
		"halved on an error":     {4, nil, once(failing(), broken), "[1 2 3 4] [1 2] [3 4]", nil},
		"not halved":             {2, func(m *template.StreamMapping) { m.Bisect = false }, once(failing(), broken), "[1 2] [1 2]", nil},
		"poison is isolated":     {4, nil, poison("3"), "[1 2 3 4] [1 2] [3 4] [3] [3] [3] [3] [4]", []string{"3"}},
		"poison, not halved":     {2, func(m *template.StreamMapping) { m.Bisect = false }, poison("2"), "[1 2] [1 2] [1 2] [1 2]", []string{"1", "2"}},
		"no retries":             {1, func(m *template.StreamMapping) { m.MaximumRetries = 0 }, poison("1"), "[1]", []string{"1"}},
		"panic": {1, nil, func(call int, _ []string) (events.DynamoDBEventResponse, error) {
			if call == 0 {
				panic("kapot")
			}
			return events.DynamoDBEventResponse{}, nil
		}, "[1] [1]", nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var calls []string
				settings := mapping
				if test.change != nil {
					test.change(&settings)
				}
				d := newDispatcher(settings, func(_ context.Context, event events.DynamoDBEvent) (events.DynamoDBEventResponse, error) {
					calls = append(calls, fmt.Sprint(numbers(event.Records)))
					return test.answer(len(calls)-1, numbers(event.Records))
				})
				if err := d.deliver(t.Context(), "shard", records(test.count)); err != nil {
					t.Fatal(err)
				}
				if got := join(calls); got != test.calls {
					t.Errorf("calls were %s, want %s", got, test.calls)
				}
				if got := givenUp(d); !slices.Equal(got, test.givenUp) {
					t.Errorf("given up: %v, want %v", got, test.givenUp)
				}
			})
		})
	}
}

func join(calls []string) string {
	text := fmt.Sprint(calls)
	return text[1 : len(text)-1]
}

func TestRetriesWaitLongerAndLonger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		settings := mapping
		settings.MaximumRetries = 8
		var at []time.Duration
		began := time.Now()
		d := newDispatcher(settings, func(context.Context, events.DynamoDBEvent) (events.DynamoDBEventResponse, error) {
			at = append(at, time.Since(began))
			return events.DynamoDBEventResponse{}, errors.New("kapot")
		})
		if err := d.deliver(t.Context(), "shard", records(1)); err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(at); got != "[0s 100ms 300ms 700ms 1.5s 3.1s 6.3s 11.3s 16.3s]" {
			t.Errorf("called at %v", got)
		}
	})
}

func TestRecordsThatAreTooOldAreGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		batch := records(3)
		time.Sleep(mapping.MaximumAge + time.Second)
		batch[2].Change.ApproximateCreationDateTime.Time = time.Now()
		var got []string
		d := newDispatcher(mapping, func(_ context.Context, event events.DynamoDBEvent) (events.DynamoDBEventResponse, error) {
			got = append(got, numbers(event.Records)...)
			return events.DynamoDBEventResponse{}, nil
		})
		if err := d.deliver(t.Context(), "shard", batch); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got, []string{"3"}) || !slices.Equal(givenUp(d), []string{"1", "2"}) {
			t.Errorf("delivered %v, given up %v", got, givenUp(d))
		}
	})
}

func TestWhatIsGivenUpTellsItsPlaceAndNoContent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		settings := mapping
		settings.Bisect = false
		d := newDispatcher(settings, func(context.Context, events.DynamoDBEvent) (events.DynamoDBEventResponse, error) {
			return events.DynamoDBEventResponse{}, errors.New("geheim")
		})
		if err := d.deliver(t.Context(), "shard-7", records(2)); err != nil {
			t.Fatal(err)
		}
		got, err := json.Marshal(d.failures.(*lost).messages)
		if err != nil {
			t.Fatal(err)
		}
		// The clock of the bubble starts at 2000; four calls take 0.7 s, and one more pause.
		want := `[{"version":"1.0","timestamp":"2000-01-01T00:00:01.5Z","requestContext":{"functionArn":"roll-up","condition":"RetryAttemptsExhausted"},` +
			`"DDBStreamBatchInfo":{"shardId":"shard-7","startSequenceNumber":"1","endSequenceNumber":"2","batchSize":2,"streamArn":"arn:stroom"}}]`
		if string(got) != want {
			t.Errorf("messages are\n%s\nwant\n%s", got, want)
		}
	})
}

func TestADestinationThatFailsLosesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDispatcher(mapping, func(context.Context, events.DynamoDBEvent) (events.DynamoDBEventResponse, error) {
			return events.DynamoDBEventResponse{}, errors.New("kapot")
		})
		d.failures.(*lost).fault = errors.New("vol")
		if err := d.deliver(t.Context(), "shard", records(1)); !errors.Is(err, errFile) {
			t.Errorf("error is %v", err)
		}
	})
}

func TestSomeBatchesComeTwiceOnPurpose(t *testing.T) {
	var calls []string
	d := newDispatcher(mapping, func(_ context.Context, event events.DynamoDBEvent) (events.DynamoDBEventResponse, error) {
		calls = append(calls, fmt.Sprint(numbers(event.Records)))
		return events.DynamoDBEventResponse{}, nil
	})
	d.repeatEvery = 2
	all := records(4)
	for i := range all {
		if err := d.deliver(t.Context(), "shard", all[i:i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if got := join(calls); got != "[1] [2] [2] [3] [4] [4]" {
		t.Errorf("calls were %s", got)
	}
}

// Whatever the function does, each record is applied or given up.
func TestNothingIsLost(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		synctest.Test(t, func(*testing.T) {
			settings := mapping
			settings.Bisect = rapid.Bool().Draw(rt, "bisect")
			settings.MaximumRetries = rapid.IntRange(0, 3).Draw(rt, "retries")
			count := rapid.IntRange(1, 12).Draw(rt, "count")
			settled := make(map[string]bool)
			d := newDispatcher(settings, nil)
			d.handler = func(_ context.Context, event events.DynamoDBEvent) (events.DynamoDBEventResponse, error) {
				sent := numbers(event.Records)
				switch rapid.SampledFrom([]string{"well", "error", "part"}).Draw(rt, "outcome") {
				case "error":
					return events.DynamoDBEventResponse{}, errors.New("kapot")
				case "part":
					from := rapid.IntRange(0, len(sent)-1).Draw(rt, "from")
					for _, number := range sent[:from] {
						settled[number] = true
					}
					return failing(sent[from]), nil
				}
				for _, number := range sent {
					settled[number] = true
				}
				return events.DynamoDBEventResponse{}, nil
			}
			if err := d.deliver(context.Background(), "shard", records(count)); err != nil {
				rt.Fatal(err)
			}
			for _, number := range givenUp(d) {
				settled[number] = true
			}
			if len(settled) != count {
				rt.Errorf("%d of %d records settled", len(settled), count)
			}
		})
	})
}
