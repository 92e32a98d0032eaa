// SPDX-License-Identifier: EUPL-1.2

package stream

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"

	"socialreturn/infra/local/engine"
)

// canned answers as a stream that splits: what no local engine shows. Each
// shard holds one record and is closed; the child is listed before its parent.
type canned struct {
	mutex  sync.Mutex
	faults []string // exceptions to answer with first, for the operation before the colon
	asked  []string
}

func (c *canned) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(err)
	}
	var input struct{ ShardId, ShardIterator, ShardIteratorType, ExclusiveStartShardId string }
	if err := json.Unmarshal(body, &input); err != nil {
		panic(err)
	}
	c.asked = append(c.asked, strings.TrimSpace(operation+" "+input.ShardIteratorType))
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	if len(c.faults) > 0 && strings.HasPrefix(c.faults[0], operation+":") {
		_, fault, _ := strings.Cut(c.faults[0], ":")
		c.faults = c.faults[1:]
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprintf(w, `{"__type":"com.amazonaws.dynamodb.v20120810#%s","message":"canned"}`, fault)
		return
	}
	switch {
	case operation == "GetShardIterator":
		fmt.Fprintf(w, `{"ShardIterator":%q}`, input.ShardId)
	case operation == "GetRecords":
		fmt.Fprintf(w, `{"Records":[{"eventName":"INSERT","dynamodb":{"SequenceNumber":"of-%s","Keys":{}}}]}`, input.ShardIterator)
	case input.ExclusiveStartShardId == "":
		io.WriteString(w, `{"StreamDescription":{"Shards":[{"ShardId":"child","ParentShardId":"parent"}],"LastEvaluatedShardId":"child"}}`)
	default:
		io.WriteString(w, `{"StreamDescription":{"Shards":[{"ShardId":"parent","ParentShardId":"long-gone"}]}}`)
	}
}

// carry runs a poller over the canned stream until it is idle, and returns
// the sequence numbers that the function saw.
func carry(t *testing.T, source *canned, file string) []string {
	t.Helper()
	server := httptest.NewServer(source)
	defer server.Close()
	var got []string
	poller, err := New(dynamodbstreams.NewFromConfig(engine.Config(server.URL)), Options{
		StreamARN: "arn:stream", Mapping: mapping, PositionFile: file, Log: slog.New(slog.DiscardHandler),
		Handler: func(_ context.Context, event events.DynamoDBEvent) (events.DynamoDBEventResponse, error) {
			got = append(got, numbers(event.Records)...)
			return events.DynamoDBEventResponse{}, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- poller.Run(ctx) }()
	if err := poller.Idle(ctx); err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	return got
}

func TestParentsComeBeforeTheirChildren(t *testing.T) {
	if got := carry(t, &canned{}, ""); !slices.Equal(got, []string{"of-parent", "of-child"}) {
		t.Errorf("got %v", got)
	}
}

func TestFaultsOfTheStreamAreOutlasted(t *testing.T) {
	for name, fault := range map[string]string{
		"iterator expired": "GetRecords:ExpiredIteratorException",
		"stream not there": "DescribeStream:ResourceNotFoundException",
		"shard not there":  "GetShardIterator:ResourceNotFoundException",
	} {
		t.Run(name, func(t *testing.T) {
			if got := carry(t, &canned{faults: []string{fault}}, ""); !slices.Equal(got, []string{"of-parent", "of-child"}) {
				t.Errorf("got %v", got)
			}
		})
	}
}

func TestTrimmedPositionGoesOnAtTheOldestRecord(t *testing.T) {
	file := filepath.Join(t.TempDir(), "position.json")
	carry(t, &canned{}, file)
	source := &canned{faults: []string{"GetShardIterator:TrimmedDataAccessException"}}
	if got := carry(t, source, file); len(got) != 2 {
		t.Errorf("got %v", got)
	}
	types := slices.DeleteFunc(source.asked, func(call string) bool { return !strings.HasPrefix(call, "GetShardIterator") })
	want := []string{"GetShardIterator AFTER_SEQUENCE_NUMBER", "GetShardIterator TRIM_HORIZON", "GetShardIterator AFTER_SEQUENCE_NUMBER"}
	if !slices.Equal(types, want) {
		t.Errorf("asked %v, want %v", types, want)
	}
}

func TestPositionOfAnotherStreamIsForgotten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "position.json")
	first, err := loadPosition(file, "arn:one")
	if err != nil {
		t.Fatal(err)
	}
	if err := first.set("shard", "12"); err != nil {
		t.Fatal(err)
	}
	for stream, want := range map[string]string{"arn:one": "12", "arn:two": ""} {
		loaded, err := loadPosition(file, stream)
		if err != nil {
			t.Fatal(err)
		}
		if got := loaded.after("shard"); got != want {
			t.Errorf("%s: after %q, want %q", stream, got, want)
		}
	}
}
