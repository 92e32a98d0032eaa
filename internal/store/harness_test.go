// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go/middleware"

	"socialreturn/infra/local/engine/enginetest"
)

// wire is the line to the engine: it counts what passes, and can spoil it.
type wire struct {
	mutex     sync.Mutex
	inner     aws.HTTPClient
	client    *dynamodb.Client // past the line
	exchanges []exchange
	// spoil is called with the operation and its number, from 1, before each
	// request; nil lets all through.
	spoil func(operation string, n int) fault
	seen  map[string]int
}

// exchange is one request with its answer.
type exchange struct {
	operation     string
	request, back []byte
}

// fault is what happens to one request.
type fault struct {
	answer string                   // given instead of the engine's, which never hears of the request
	lose   bool                     // the request is carried out, the answer never arrives
	hang   bool                     // the request is not carried out, and nothing answers
	before func()                   // runs first
	edit   func(body []byte) []byte // of the engine's answer
}

func (w *wire) Do(request *http.Request) (*http.Response, error) {
	_, operation, _ := strings.Cut(request.Header.Get("X-Amz-Target"), ".")
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return nil, err
	}
	request.Body = io.NopCloser(bytes.NewReader(body))
	f := w.next(operation)
	if f.before != nil {
		f.before()
	}
	if f.hang {
		<-request.Context().Done()
		return nil, request.Context().Err()
	}
	if f.answer != "" {
		w.keep(exchange{operation: operation, request: body})
		return &http.Response{
			StatusCode: http.StatusBadRequest, Proto: "HTTP/1.1", Body: io.NopCloser(strings.NewReader(f.answer)),
			Header: http.Header{"Content-Type": {"application/x-amz-json-1.0"}},
		}, nil
	}
	response, err := w.inner.Do(request)
	if err != nil {
		return nil, err
	}
	back, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	w.keep(exchange{operation: operation, request: body, back: back})
	if f.lose {
		return nil, io.ErrUnexpectedEOF
	}
	if f.edit != nil {
		back = f.edit(back)
		response.Header.Del("X-Amz-Crc32")
		response.ContentLength = int64(len(back))
	}
	response.Body = io.NopCloser(bytes.NewReader(back))
	return response, nil
}

func (w *wire) next(operation string) fault {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.seen[operation]++
	if w.spoil == nil {
		return fault{}
	}
	return w.spoil(operation, w.seen[operation])
}

func (w *wire) keep(e exchange) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.exchanges = append(w.exchanges, e)
}

// start forgets what passed, and spoils from now on.
func (w *wire) start(spoil func(operation string, n int) fault) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.exchanges, w.seen, w.spoil = nil, make(map[string]int), spoil
}

// once spoils the first request of an operation.
func once(operation string, f fault) func(string, int) fault {
	return func(o string, n int) fault {
		if o == operation && n == 1 {
			return f
		}
		return fault{}
	}
}

func (w *wire) calls() map[string]int {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	counts := make(map[string]int)
	for _, e := range w.exchanges {
		counts[e.operation]++
	}
	return counts
}

// open is a store in a fresh table, with the line to its engine.
func open(t testing.TB) (*Table, *wire) {
	t.Helper()
	config := enginetest.Config(t)
	client := dynamodb.NewFromConfig(config)
	name := enginetest.CreateTable(t, client)
	line := &wire{inner: config.HTTPClient, client: client, seen: make(map[string]int)}
	config.HTTPClient = line
	config.Retryer = func() aws.Retryer {
		return retry.NewStandard(func(o *retry.StandardOptions) { o.MaxBackoff = time.Millisecond })
	}
	return New(dynamodb.NewFromConfig(config, askForUnits), name), line
}

// askForUnits makes every call say what it cost.
func askForUnits(options *dynamodb.Options) {
	options.APIOptions = append(options.APIOptions, func(stack *middleware.Stack) error {
		return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("AskForUnits",
			func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
				const all = types.ReturnConsumedCapacityIndexes
				switch input := in.Parameters.(type) {
				case *dynamodb.GetItemInput:
					input.ReturnConsumedCapacity = all
				case *dynamodb.PutItemInput:
					input.ReturnConsumedCapacity = all
				case *dynamodb.QueryInput:
					input.ReturnConsumedCapacity = all
				case *dynamodb.BatchGetItemInput:
					input.ReturnConsumedCapacity = all
				case *dynamodb.BatchWriteItemInput:
					input.ReturnConsumedCapacity = all
				case *dynamodb.TransactWriteItemsInput:
					input.ReturnConsumedCapacity = all
				}
				return next.HandleInitialize(ctx, in)
			}), middleware.Before)
	})
}

func cancelled(codes ...string) string {
	var reasons []map[string]string
	for _, code := range codes {
		reasons = append(reasons, map[string]string{"Code": code})
	}
	encoded, err := json.Marshal(map[string]any{
		"__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException", "message": "cancelled", "CancellationReasons": reasons,
	})
	if err != nil {
		panic(err)
	}
	return string(encoded)
}

func refused(exception string) string {
	return `{"__type":"com.amazonaws.dynamodb.v20120810#` + exception + `","message":"no"}`
}
