// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	"golang.org/x/sync/errgroup"

	"socialreturn/internal/app"
)

const (
	attemptPatience = 3 * time.Second // the SDK sets no bound of its own
	maxTries        = 8
	firstPause      = 10 * time.Millisecond
	longestPause    = time.Second
	maxPages        = 256 // of 1 MB, in a reading to the end
	abreast         = 4   // calls at the same time within one command
	maxBatchRead    = 100
	maxBatchWrite   = 25
)

// Table is the store in one DynamoDB table. It is safe for use by many
// goroutines at once.
type Table struct {
	engine     operations
	name       string
	firstPause time.Duration // before the first repetition; see pause
}

var _ app.Store = (*Table)(nil)

// New is the store in a table that exists. The client's retries stay on; each
// attempt gets a deadline of three seconds, or the context's where that is closer.
func New(client *dynamodb.Client, table string) *Table {
	return &Table{engine: operationsOf(dynamodb.New(client.Options(), withAttemptDeadline)), name: table, firstPause: firstPause}
}

func withAttemptDeadline(options *dynamodb.Options) {
	options.APIOptions = append(options.APIOptions[:len(options.APIOptions):len(options.APIOptions)], func(stack *middleware.Stack) error {
		return stack.Finalize.Insert(middleware.FinalizeMiddlewareFunc("AttemptDeadline", attempt), "Retry", middleware.After)
	})
}

func attempt(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (middleware.FinalizeOutput, middleware.Metadata, error) {
	bounded, cancel := context.WithTimeout(ctx, attemptPatience)
	defer cancel()
	out, metadata, err := next.HandleFinalize(bounded, in)
	if err != nil && ctx.Err() == nil && (bounded.Err() != nil || errors.Is(err, io.ErrUnexpectedEOF)) {
		err = lostAnswer{err}
	}
	return out, metadata, err
}

// lostAnswer is an attempt that took too long, or whose answer broke off. It does
// not unwrap: the SDK would find a cancelled call or half an answer inside and
// not repeat it.
type lostAnswer struct{ err error }

func (l lostAnswer) Error() string { return "store: no whole answer in time: " + l.err.Error() }

// RetryableError tells the SDK to try again.
func (lostAnswer) RetryableError() bool { return true }

// wrapped is an engine's error as an internal one. One that says that the
// request is invalid is the same fault wherever it comes from. What the SDK would
// still have repeated is app.ErrBusy.
func wrapped(err error) error {
	var fault smithy.APIError
	switch {
	case errors.As(err, &fault) && fault.ErrorCode() == "ValidationException":
		return fmt.Errorf("%w: %w", errRefused, err)
	case retry.IsErrorRetryables(retry.DefaultRetryables).IsErrorRetryable(err) == aws.TrueTernary:
		return fmt.Errorf("store: %w: %w", app.ErrBusy, err)
	}
	return fmt.Errorf("store: %w", err)
}

// pause waits before a try: not before the first (0), then twice as long each
// time at most, by chance, so that writers in conflict come apart.
func (t *Table) pause(ctx context.Context, try int) error {
	if try == 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(chance(min(longestPause, t.firstPause<<(try-1))))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// chance is a pause below the longest. It comes from where all chance comes from
// here and in the SDK, so that a test that seeds crypto/rand can replay it.
func chance(longest time.Duration) time.Duration {
	var drawn [8]byte
	rand.Read(drawn[:]) // never fails

	return time.Duration(binary.LittleEndian.Uint64(drawn[:]) % uint64(longest)) //nolint:gosec // G115: a pause is not negative
}

// get reads one item, consistently. ErrAbsent, also where no such key can be.
func (t *Table) get(ctx context.Context, k key) (record, error) {
	if k.fault != nil {
		return nil, fmt.Errorf("%w: %w", app.ErrAbsent, k.fault)
	}
	out, err := t.engine.getItem(ctx, &dynamodb.GetItemInput{TableName: &t.name, Key: k.primary(), ConsistentRead: aws.Bool(true)})
	if err != nil {
		return nil, wrapped(err)
	}
	if out.Item == nil {
		return nil, app.ErrAbsent
	}
	return out.Item, nil
}

// getAll reads items by key, in no order; absent ones are left out.
func (t *Table) getAll(ctx context.Context, keys []key, consistent bool) (map[key]record, error) {
	found := make(map[key]record, len(keys))
	for len(keys) > 0 {
		chunk := keys[:min(len(keys), maxBatchRead)]
		keys = keys[len(chunk):]
		if err := t.getChunk(ctx, chunk, consistent, found); err != nil {
			return nil, err
		}
	}
	return found, nil
}

func (t *Table) getChunk(ctx context.Context, keys []key, consistent bool, into map[key]record) error {
	wanted := types.KeysAndAttributes{ConsistentRead: &consistent}
	for _, k := range keys {
		if k.fault != nil {
			return k.fault
		}
		wanted.Keys = append(wanted.Keys, k.primary())
	}
	requested := map[string]types.KeysAndAttributes{t.name: wanted}
	for try := range maxTries {
		if err := t.pause(ctx, try); err != nil {
			return err
		}
		out, err := t.engine.batchGetItem(ctx, &dynamodb.BatchGetItemInput{RequestItems: requested})
		if err != nil {
			return wrapped(err)
		}
		for _, item := range out.Responses[t.name] {
			r := record(item)
			into[r.key()] = r
		}
		if len(out.UnprocessedKeys) == 0 {
			return nil
		}
		requested = out.UnprocessedKeys
	}
	return errConflict
}

// putAll writes items without conditions, not as one: a crash leaves some.
func (t *Table) putAll(ctx context.Context, writes []write) error {
	requests := make([]types.WriteRequest, len(writes))
	for i, w := range writes {
		if w.fault != nil {
			return w.fault
		}
		requests[i] = types.WriteRequest{PutRequest: &types.PutRequest{Item: w.item}}
	}
	for len(requests) > 0 {
		chunk := requests[:min(len(requests), maxBatchWrite)]
		requests = requests[len(chunk):]
		if err := t.putChunk(ctx, map[string][]types.WriteRequest{t.name: chunk}); err != nil {
			return err
		}
	}
	return nil
}

func (t *Table) putChunk(ctx context.Context, requests map[string][]types.WriteRequest) error {
	for try := range maxTries {
		if err := t.pause(ctx, try); err != nil {
			return err
		}
		out, err := t.engine.batchWriteItem(ctx, &dynamodb.BatchWriteItemInput{RequestItems: requests})
		if err != nil {
			return wrapped(err)
		}
		if len(out.UnprocessedItems) == 0 {
			return nil
		}
		requests = out.UnprocessedItems
	}
	return errConflict
}

// concurrently calls do for 0 to n-1, a few abreast, and gives the first error;
// from then on their context is over.
func concurrently(ctx context.Context, n int, do func(ctx context.Context, i int) error) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(abreast)
	for i := range n {
		group.Go(func() error { return do(ctx, i) })
	}
	return group.Wait()
}
