// SPDX-License-Identifier: EUPL-1.2

package redrive_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"

	"socialreturn/infra/local/queue"
	"socialreturn/infra/redrive"
	"socialreturn/internal/boot/signed"
	"socialreturn/internal/edge"
)

// cloud is a queue that is as strict as SQS with handles, a function that takes
// its time, and a stream, behind one line. It is played in a bubble of synctest.
type cloud struct {
	t        *testing.T
	queue    *queue.Queue
	lasts    time.Duration     // a call of the function
	broken   map[string]string // ledgers that fail, and why
	records  map[string]string // of the stream: ledger by sequence number
	trouble  map[string]string // code of the error by operation: of the stream, or DeleteMessage
	onInvoke func(ledger string)
	answers  time.Duration // an answer of the queue to who receives
	hollow   int           // so many answers of the queue are empty

	calls    map[string]int       // by operation; of the function by ledger
	began    map[string]time.Time // the newest good call of the function, by ledger
	received map[string]time.Time // when the newest time, by handle
	about    map[string]string    // body, by handle
}

func newCloud(t *testing.T) *cloud {
	q, err := queue.Open("")
	if err != nil {
		t.Fatal(err)
	}
	return &cloud{
		t: t, queue: q, broken: map[string]string{}, records: map[string]string{}, trouble: map[string]string{},
		calls: map[string]int{}, began: map[string]time.Time{}, received: map[string]time.Time{}, about: map[string]string{},
	}
}

func (c *cloud) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	content, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(strings.NewReader(string(content)))
	w := httptest.NewRecorder()
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	service, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	c.calls[operation]++
	switch {
	case c.trouble[operation] != "":
		w.WriteHeader(http.StatusBadRequest)
		_, _ = fmt.Fprintf(w, `{"__type":"com.amazonaws#%s"}`, c.trouble[operation])
	case c.calls["ReceiveMessage"] > 3000:
		return nil, errors.New("the run does not end")
	case operation == "ReceiveMessage" && c.hollow > 0:
		c.hollow--
		_, _ = io.WriteString(w, "{}")
	case service == "":
		c.invoke(w, content)
	case strings.HasPrefix(service, "DynamoDBStreams"):
		c.stream(w, operation)
	default:
		if operation == "DeleteMessage" {
			c.mayDelete(content)
		}
		c.queue.ServeHTTP(w, r)
		if operation == "ReceiveMessage" {
			time.Sleep(c.answers)
			c.note(w.Body.Bytes())
		}
	}
	return w.Result(), nil
}

// nobodyElseReceives holds that all that waits is held by the run.
func (c *cloud) nobodyElseReceives(string) {
	r := httptest.NewRequestWithContext(c.t.Context(), http.MethodPost, "/", strings.NewReader(`{"VisibilityTimeout":1}`))
	r.Header.Set("X-Amz-Target", queue.Target+"ReceiveMessage")
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=another")
	w := httptest.NewRecorder()
	if c.queue.ServeHTTP(w, r); strings.Contains(w.Body.String(), "MessageId") {
		c.t.Error("another run receives what this one works on")
	}
}

// note remembers what was received when.
func (c *cloud) note(answer []byte) {
	var found struct {
		Messages []struct{ ReceiptHandle, Body string }
	}
	if err := json.Unmarshal(answer, &found); err != nil {
		c.t.Error(err)
	}
	if len(found.Messages) == 0 {
		time.Sleep(2 * time.Second) // SQS waits before it says that there are none
	}
	for _, m := range found.Messages {
		c.received[m.ReceiptHandle], c.about[m.ReceiptHandle] = time.Now(), m.Body
	}
}

// mayDelete holds that a message is deleted only when its ledger was recomputed
// since the message was received.
func (c *cloud) mayDelete(content []byte) {
	var asked struct{ ReceiptHandle string }
	var body edge.SetAside
	if err := json.Unmarshal(content, &asked); err != nil {
		c.t.Error(err)
	}
	if err := json.Unmarshal([]byte(c.about[asked.ReceiptHandle]), &body); err != nil {
		c.t.Error(err)
	}
	if body.Ledger != "" && c.began[body.Ledger].Before(c.received[asked.ReceiptHandle]) {
		c.t.Errorf("a message of %s is deleted, and the ledger was last recomputed before it was received", body.Ledger)
	}
}

func (c *cloud) invoke(w io.Writer, content []byte) {
	var asked edge.Redriven
	if err := json.Unmarshal(content, &asked); err != nil {
		c.t.Error(err)
	}
	answer := edge.RedriveAnswer{Failed: map[string]string{}}
	for _, ledger := range asked.Ledgers {
		c.calls[ledger]++
		began := time.Now()
		time.Sleep(c.lasts + time.Microsecond)
		if c.onInvoke != nil {
			c.onInvoke(ledger)
		}
		if cause := c.broken[ledger]; cause != "" {
			answer.Failed[ledger] = cause
		} else {
			c.began[ledger] = began
		}
	}
	if err := json.NewEncoder(w).Encode(answer); err != nil {
		c.t.Error(err)
	}
}

// stream answers with all records of one shard at once.
func (c *cloud) stream(w io.Writer, operation string) {
	if operation == "GetShardIterator" {
		_, _ = io.WriteString(w, `{"ShardIterator":"here"}`)
		return
	}
	records := []map[string]any{}
	for _, number := range slices.Sorted(func(yield func(string) bool) {
		for number := range c.records {
			if !yield(number) {
				return
			}
		}
	}) {
		records = append(records, map[string]any{"dynamodb": map[string]any{
			"SequenceNumber": number, "Keys": map[string]any{"PK": map[string]string{"S": c.records[number]}, "SK": map[string]string{"S": "x"}},
		}})
	}
	if err := json.NewEncoder(w).Encode(map[string]any{"Records": records}); err != nil {
		c.t.Error(err)
	}
}

func (c *cloud) send(body any) {
	c.t.Helper()
	if err := c.queue.Send(c.t.Context(), body); err != nil {
		c.t.Fatal(err)
	}
}

func (c *cloud) setAside(ledger string) {
	c.send(edge.SetAside{Ledger: ledger, Records: []string{"1"}})
}

// redrive is a run, and what it prints.
func (c *cloud) redrive(ctx context.Context) (string, error) {
	var out strings.Builder
	keys := credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "geheim", "")
	line := &http.Client{Transport: c}
	err := redrive.Redriver{
		Queue:    signed.Queue{URL: "http://queue.invalid/000000000000/FailureQueue", Caller: signed.Caller{Region: "eu-west-1", Credentials: keys, Client: line}},
		Endpoint: "http://lambda.invalid", Function: "roll-up", Out: &out,
		Streams: dynamodbstreams.New(dynamodbstreams.Options{
			Region: "eu-west-1", Credentials: keys, HTTPClient: line, BaseEndpoint: aws.String("http://streams.invalid"),
		}),
	}.Run(ctx)
	return out.String(), err
}

// ledger is the name of one, in the letters of an id.
func ledger(n int) string {
	return "CONTRACT#" + strings.Map(func(digit rune) rune { return digit - '0' + 'a' }, fmt.Sprintf("%024d", n))
}

func contains(t *testing.T, out string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(out, part) {
			t.Errorf("%q is missing in\n%s", part, out)
		}
	}
}

// A run of thousands lasts much longer than a message is held. It ends with the
// queue empty but for what fails, each message received as often as it must, and
// each ledger that fails tried once.
func TestALongRunEndsWithWhatFailsAlone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCloud(t)
		c.lasts = 45 * time.Second
		const many, ledgers, failing = 2000, 1500, 30
		for n := range failing {
			c.broken[ledger(n*7)] = "stuk"
		}
		left := 0
		for n := range many {
			c.setAside(ledger(n % ledgers))
			if c.broken[ledger(n%ledgers)] != "" {
				left++
			}
		}
		out, err := c.redrive(t.Context())
		if !errors.Is(err, redrive.ErrLeft) || len(c.queue.Bodies()) != left {
			t.Errorf("%v: %d messages are left, want %d", err, len(c.queue.Bodies()), left)
		}
		for name := range c.broken {
			contains(t, out, "blijft staan: "+name+" (stuk).")
			if c.calls[name] != 1 {
				t.Errorf("%s was tried %d times", name, c.calls[name])
			}
		}
		contains(t, out, fmt.Sprintf("Berichten afgehandeld: %d; blijven staan: %d.", many-left, left))
		if lines := strings.Count(out, "Berichten afgehandeld"); lines < many/10 {
			t.Errorf("progress was told %d times", lines)
		}
		if again, err := c.redrive(t.Context()); !errors.Is(err, redrive.ErrLeft) || !strings.Contains(again, fmt.Sprintf("afgehandeld: 0; blijven staan: %d.", left)) {
			t.Errorf("what stays is not given back: %v\n%s", err, again)
		}
		clear(c.broken)
		if again, err := c.redrive(t.Context()); err != nil || len(c.queue.Bodies()) != 0 {
			t.Errorf("after the repair: %v\n%s", err, again)
		}
	})
}

// Receiving thousands that fail takes longer than a message is held.
func TestARunOfWhichAllFailsEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCloud(t)
		c.broken[ledger(1)] = "stuk"
		const many = 2000
		for range many {
			c.setAside(ledger(1))
		}
		c.answers = time.Second
		out, err := c.redrive(t.Context())
		if !errors.Is(err, redrive.ErrLeft) || len(c.queue.Bodies()) != many || c.calls["ReceiveMessage"] > many/10+2 {
			t.Errorf("%v after %d receptions: %d left", err, c.calls["ReceiveMessage"], strings.Count(out, "blijft staan"))
		}
	})
}

// given is a message of Lambda itself, in the shape of the on-failure destination
// of an event source mapping for a DynamoDB stream, as the Lambda Developer Guide
// has it ("Retain discarded records for a DynamoDB event source").
func given(condition, first, last string) json.RawMessage {
	return json.RawMessage(`{
		"requestContext": {
			"requestId": "316aa6d0-8154-4bd6-9af7-85d5f4a6bc81",
			"functionArn": "arn:aws:lambda:eu-west-1:123456789012:function:socialreturn-roll-up",
			"condition": "` + condition + `",
			"approximateInvokeCount": 11
		},
		"responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
		"version": "1.0",
		"timestamp": "2026-03-14T00:13:49.717Z",
		"DDBStreamBatchInfo": {
			"shardId": "shardId-00000001573689847184-864758bb",
			"startSequenceNumber": "` + first + `",
			"endSequenceNumber": "` + last + `",
			"approximateArrivalOfFirstRecord": "2026-03-14T00:13:19Z",
			"approximateArrivalOfLastRecord": "2026-03-14T00:13:19Z",
			"batchSize": 3,
			"streamArn": "arn:aws:dynamodb:eu-west-1:123456789012:table/socialreturn/stream/2026-03-01T00:04:06.388"
		}
	}`)
}

// A batch of a hundred ledgers takes longer than a message is held: nobody else
// receives it meanwhile, and its records are read once.
func TestABatchThatLambdaGaveUpIsRedrivenWithinTheDay(t *testing.T) {
	t.Parallel()
	for _, condition := range []string{"RetryAttemptsExhausted", "MaximumRecordAgeExceeded"} {
		synctest.Test(t, func(t *testing.T) {
			c := newCloud(t)
			c.lasts = 45 * time.Second
			const many = 100
			for n := range many {
				c.records[fmt.Sprintf("800000000003126276%03d", n)] = ledger(n / 2)
			}
			c.records["800000000003126276998"], c.records["800000000003126276999"] = "AREA#GM0200", "TENDER#"+strings.Repeat("b", 24)
			c.records["900000000000000000000"] = ledger(many) // behind the batch
			c.send(given(condition, "800000000003126276000", "800000000003126276999"))
			for n := range 9 {
				c.setAside(ledger(many + 1 + n))
			}
			c.onInvoke = c.nobodyElseReceives
			out, err := c.redrive(t.Context())
			if err != nil || len(c.queue.Bodies()) != 0 || c.calls["GetRecords"] != 1 {
				t.Errorf("%v, read %d times\n%s", err, c.calls["GetRecords"], out)
			}
			for n := range many / 2 {
				contains(t, out, ledger(n)+": herberekend.")
			}
			contains(t, out, "TENDER#"+strings.Repeat("b", 24)+": herberekend.")
			if c.calls[ledger(many)]+c.calls["AREA#GM0200"] > 0 {
				t.Error("what is not of the batch was recomputed too")
			}
		})
	}
}

// After a day the stream has the records no more, and nothing else says of which
// ledgers they were: the message stays and says so, apart from a stream that
// cannot be read for now.
func TestABatchThatLambdaGaveUpAfterTheDay(t *testing.T) {
	t.Parallel()
	const gone = "heeft de records vanaf volgnummer 800000000003126276000, opgegeven op 2026-03-14T00:13:49Z, niet meer: van welke grootboeken zij waren is niet meer te zeggen. Zoek die in het log van roll-up"
	for name, play := range map[string]struct{ operation, code, says string }{
		"trimmed at the start":    {"GetShardIterator", "TrimmedDataAccessException", gone},
		"trimmed while read":      {"GetRecords", "TrimmedDataAccessException", gone},
		"the shard is gone":       {"GetShardIterator", "ResourceNotFoundException", gone},
		"not one record is there": {"", "", gone},
		"no right to read":        {"GetRecords", "AccessDeniedException", "de stroom kan nu niet worden gelezen"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := newCloud(t)
				c.trouble[play.operation] = play.code
				delete(c.trouble, "")
				c.send(given("RetryAttemptsExhausted", "800000000003126276000", "800000000003126276999"))
				c.setAside(ledger(1))
				out, err := c.redrive(t.Context())
				if !errors.Is(err, redrive.ErrLeft) || len(c.queue.Bodies()) != 1 {
					t.Errorf("%v\n%s", err, out)
				}
				contains(t, out, play.says, ledger(1)+": herberekend.", "Berichten afgehandeld: 1; blijven staan: 1.")
				if play.says != gone && strings.Contains(out, "niet meer te zeggen") {
					t.Errorf("it may be read later:\n%s", out)
				}
			})
		})
	}
}

// What fails again after its ledger was recomputed is about what came since: it is
// recomputed again.
func TestAMessageThatComesDuringTheRunIsNotTakenForOlder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCloud(t)
		c.setAside(ledger(1))
		c.setAside(ledger(1)) // one call is enough for both
		c.onInvoke = func(string) {
			if c.calls[ledger(1)] == 1 {
				c.setAside(ledger(1))
			}
		}
		out, err := c.redrive(t.Context())
		if err != nil || len(c.queue.Bodies()) != 0 || c.calls[ledger(1)] != 2 {
			t.Errorf("%v, recomputed %d times\n%s", err, c.calls[ledger(1)], out)
		}
	})
}

func TestAMessageThatCannotBeDeletedIsNamed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCloud(t)
		c.setAside(ledger(1))
		c.trouble["DeleteMessage"] = "InternalError"
		out, err := c.redrive(t.Context())
		if !errors.Is(err, redrive.ErrLeft) || len(c.queue.Bodies()) != 1 {
			t.Errorf("%v\n%s", err, out)
		}
		contains(t, out, "herberekend", "blijft staan: signed: sqs answers 400 com.amazonaws#InternalError")
	})
}

// A run that is broken off gives back what it held, so that the next one has it.
func TestARunThatIsBrokenOffGivesBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCloud(t)
		for n := range 5 {
			c.setAside(ledger(n))
		}
		ctx, end := context.WithCancel(t.Context())
		c.onInvoke = func(string) {
			if len(c.queue.Bodies()) == 4 {
				end()
			}
		}
		out, err := c.redrive(ctx)
		if !errors.Is(err, context.Canceled) || len(c.queue.Bodies()) != 4 {
			t.Errorf("%v\n%s", err, out)
		}
		contains(t, out, "niet aan de beurt gekomen")
		c.onInvoke = nil
		if out, err := c.redrive(t.Context()); err != nil || len(c.queue.Bodies()) != 0 {
			t.Errorf("the next run: %v\n%s", err, out)
		}
	})
}

// An answer without messages may mean that there are none this time.
func TestAnEmptyAnswerDoesNotEndARun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCloud(t)
		c.setAside(ledger(1))
		c.hollow = 1
		if out, err := c.redrive(t.Context()); err != nil || len(c.queue.Bodies()) != 0 {
			t.Errorf("%v\n%s", err, out)
		}
		if out, err := c.redrive(t.Context()); err != nil || out != "De wachtrij is leeg: er is niets te herberekenen.\n" {
			t.Errorf("%v\n%s", err, out)
		}
	})
}
