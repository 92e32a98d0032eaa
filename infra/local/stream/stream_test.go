// SPDX-License-Identifier: EUPL-1.2

package stream_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"

	cloud "socialreturn/infra/aws"
	"socialreturn/infra/local/engine/enginetest"
	"socialreturn/infra/local/stream"
	"socialreturn/infra/local/template"
)

const patience = 30 * time.Second

// table is a fresh table with its stream.
type table struct {
	t      *testing.T
	name   string
	writes *dynamodb.Client
	reads  *dynamodbstreams.Client
	arn    string
}

func newTable(t *testing.T) table {
	t.Helper()
	config := enginetest.Config(t)
	client := dynamodb.NewFromConfig(config)
	name := enginetest.CreateTable(t, client)
	described, err := client.DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: &name})
	if err != nil {
		t.Fatal(err)
	}
	return table{t, name, client, dynamodbstreams.NewFromConfig(config), *described.Table.LatestStreamArn}
}

func (tb table) put(kind string, number int) {
	tb.t.Helper()
	_, err := tb.writes.PutItem(tb.t.Context(), &dynamodb.PutItemInput{TableName: &tb.name, Item: map[string]types.AttributeValue{
		"PK":   &types.AttributeValueMemberS{Value: "CONTRACT#1"},
		"SK":   &types.AttributeValueMemberS{Value: fmt.Sprintf("%s#%08d", kind, number)},
		"type": &types.AttributeValueMemberS{Value: kind},
	}})
	if err != nil {
		tb.t.Fatal(err)
	}
}

// collector remembers the sort keys that it was sent.
type collector struct {
	mutex   sync.Mutex
	keys    []string
	largest int
}

func (c *collector) handle(_ context.Context, event events.DynamoDBEvent) (events.DynamoDBEventResponse, error) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.largest = max(c.largest, len(event.Records))
	for _, record := range event.Records {
		c.keys = append(c.keys, record.Change.Keys["SK"].String())
	}
	return events.DynamoDBEventResponse{}, nil
}

func entries(from, to int) []string {
	var keys []string
	for i := from; i < to; i++ {
		keys = append(keys, fmt.Sprintf("entry#%08d", i))
	}
	return keys
}

func options(t *testing.T, tb table, folder string, handler stream.Handler) stream.Options {
	t.Helper()
	parsed, err := template.Parse(cloud.Template)
	if err != nil {
		t.Fatal(err)
	}
	mapping := parsed.Streams[0]
	mapping.BatchSize = 7
	return stream.Options{
		StreamARN: tb.arn, Mapping: mapping, Handler: handler, Log: slog.New(slog.DiscardHandler),
		PositionFile: filepath.Join(folder, "position.json"), Failures: nowhere{},
	}
}

// run carries the stream until the returned function is called.
func run(t *testing.T, tb table, options stream.Options) (*stream.Poller, func()) {
	t.Helper()
	poller, err := stream.New(tb.reads, options)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- poller.Run(ctx) }()
	stop := sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(stop)
	return poller, stop
}

func idle(t *testing.T, poller *stream.Poller) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := poller.Idle(ctx); err != nil {
		t.Fatal(err)
	}
}

func TestNewEntriesArriveInOrderAndNothingElseDoes(t *testing.T) {
	tb := newTable(t)
	var got collector
	poller, _ := run(t, tb, options(t, tb, t.TempDir(), got.handle))
	idle(t, poller)
	for i := range 30 {
		tb.put("entry", i)
		tb.put("total", i)
	}
	tb.put("entry", 3) // again: no new entry
	idle(t, poller)
	if want := entries(0, 30); !slices.Equal(got.keys, want) {
		t.Errorf("got %v, want %v", got.keys, want)
	}
	if got.largest > 7 {
		t.Errorf("a batch of %d, more than 7", got.largest)
	}
}

func TestARestartNeitherLosesNorRepeats(t *testing.T) {
	tb := newTable(t)
	folder := t.TempDir()
	var before, after collector

	poller, stop := run(t, tb, options(t, tb, folder, before.handle))
	for i := range 10 {
		tb.put("entry", i)
	}
	idle(t, poller)
	stop()
	for i := 10; i < 20; i++ {
		tb.put("entry", i)
	}
	poller, _ = run(t, tb, options(t, tb, folder, after.handle))
	idle(t, poller)
	if !slices.Equal(before.keys, entries(0, 10)) || !slices.Equal(after.keys, entries(10, 20)) {
		t.Errorf("got %v, then %v", before.keys, after.keys)
	}
}

func TestWhatWasNotDeliveredIsDeliveredAfterARestart(t *testing.T) {
	tb := newTable(t)
	folder := t.TempDir()
	reached := make(chan struct{}, 1)
	_, stop := run(t, tb, options(t, tb, folder, func(ctx context.Context, _ events.DynamoDBEvent) (events.DynamoDBEventResponse, error) {
		reached <- struct{}{}
		<-ctx.Done()
		return events.DynamoDBEventResponse{}, ctx.Err()
	}))
	for i := range 5 {
		tb.put("entry", i)
	}
	<-reached
	stop()
	var got collector
	poller, _ := run(t, tb, options(t, tb, folder, got.handle))
	idle(t, poller)
	if !slices.Equal(got.keys, entries(0, 5)) {
		t.Errorf("got %v", got.keys)
	}
}

func TestIdleWaitsForTheFunction(t *testing.T) {
	tb := newTable(t)
	release := make(chan struct{})
	poller, _ := run(t, tb, options(t, tb, t.TempDir(), func(context.Context, events.DynamoDBEvent) (events.DynamoDBEventResponse, error) {
		<-release
		return events.DynamoDBEventResponse{}, nil
	}))
	tb.put("entry", 1)
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if err := poller.Idle(ctx); err == nil {
		t.Error("idle while the function is at work")
	}
	close(release)
	idle(t, poller)
}

func TestUnusableFilesAndFiltersAreRefused(t *testing.T) {
	folder := t.TempDir()
	broken := filepath.Join(folder, "broken.json")
	if err := os.WriteFile(broken, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, options := range map[string]stream.Options{
		"position that is no JSON":  {PositionFile: broken},
		"position that is a folder": {PositionFile: folder},
		"filter":                    {Mapping: template.StreamMapping{Filters: []string{`{"eventID":["1"]}`}}},
	} {
		if _, err := stream.New(nil, options); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// nowhere takes no failures: these tests have none.
type nowhere struct{}

func (nowhere) Send(context.Context, any) error { return errors.New("unexpected") }
