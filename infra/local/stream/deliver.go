// SPDX-License-Identifier: EUPL-1.2

package stream

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"socialreturn/infra/local/template"
)

const (
	firstBackoff = 100 * time.Millisecond
	lastBackoff  = 5 * time.Second
)

// dispatcher calls the function until each record is applied or given up.
type dispatcher struct {
	mapping     template.StreamMapping
	handler     Handler
	timeout     time.Duration
	stream      string // its ARN
	failures    Destination
	repeatEvery int
	delivered   int // batches so far
	log         *slog.Logger
}

// deliver returns when every record has been applied or given up to the
// destination. Its error is errFile, or that of an ended context.
func (d *dispatcher) deliver(ctx context.Context, shard string, batch []events.DynamoDBEventRecord) error {
	d.delivered++
	if err := d.try(ctx, shard, batch, 0); err != nil {
		return err
	}
	if d.repeatEvery > 0 && d.delivered%d.repeatEvery == 0 {
		return d.try(ctx, shard, batch, 0)
	}
	return nil
}

// try calls the function with the batch that failed a number of times before.
// As in Lambda, halving a batch does not count as a retry, and records that
// the function did apply are not sent again.
func (d *dispatcher) try(ctx context.Context, shard string, batch []events.DynamoDBEventRecord, failures int) error {
	for {
		fresh := slices.IndexFunc(batch, func(r events.DynamoDBEventRecord) bool { return !d.expired(r) })
		if fresh < 0 {
			return d.giveUp(ctx, shard, batch, tooOld)
		}
		if err := d.giveUp(ctx, shard, batch[:fresh], tooOld); err != nil {
			return err
		}
		batch = batch[fresh:]
		applied, err := d.call(ctx, batch)
		if err == nil && applied == len(batch) {
			return nil
		}
		d.log.Warn("stream batch failed", "function", d.mapping.Function, "shard", shard, "from", batch[0].Change.SequenceNumber,
			"records", len(batch), "applied", applied, "failures", failures+1, "error", err)
		if applied > 0 {
			failures = 0
		}
		batch = batch[applied:]
		if err := sleep(ctx, backoff(failures)); err != nil {
			return err
		}
		if applied == 0 && d.mapping.Bisect && len(batch) > 1 {
			half := len(batch) / 2
			if err := d.try(ctx, shard, batch[:half], failures); err != nil {
				return err
			}
			batch = batch[half:]
			continue
		}
		if failures++; d.mapping.MaximumRetries >= 0 && failures > d.mapping.MaximumRetries {
			return d.giveUp(ctx, shard, batch, tooOften)
		}
	}
}

// call is how many records from the start were applied: all, those before the
// first that the answer names, or none where the call or the answer is bad.
func (d *dispatcher) call(ctx context.Context, batch []events.DynamoDBEventRecord) (applied int, err error) {
	ctx, cancel := context.WithTimeout(ctx, d.timeout)
	defer cancel()
	defer func() {
		if reason := recover(); reason != nil {
			applied, err = 0, fmt.Errorf("panic: %v", reason)
		}
	}()
	answer, err := d.handler(ctx, events.DynamoDBEvent{Records: slices.Clone(batch)})
	if err != nil {
		return 0, err
	}
	applied = len(batch)
	if !d.mapping.ReportsItemFaults {
		return applied, nil
	}
	for _, failure := range answer.BatchItemFailures {
		named := func(r events.DynamoDBEventRecord) bool { return r.Change.SequenceNumber == failure.ItemIdentifier }
		// A name that is not in the batch gives -1: then nothing counts as applied.
		applied = max(min(applied, slices.IndexFunc(batch, named)), 0)
	}
	return applied, nil
}

func (d *dispatcher) expired(record events.DynamoDBEventRecord) bool {
	created := record.Change.ApproximateCreationDateTime
	return d.mapping.MaximumAge > 0 && !created.IsZero() && time.Since(created.Time) > d.mapping.MaximumAge
}

// Destination keeps what was given up, until somebody looks at it.
type Destination interface {
	// Send returns when the message is safe. The message becomes JSON.
	Send(ctx context.Context, message any) error
}

// GivenUp is the message about records that were given up. As Lambda's it tells
// where they stand in the stream, and neither their keys nor their images.
type GivenUp struct {
	Version        string     `json:"version"`
	Timestamp      time.Time  `json:"timestamp"`
	RequestContext Invocation `json:"requestContext"`
	Batch          Batch      `json:"DDBStreamBatchInfo"`
}

// Invocation is whose records they were, and why they were given up.
type Invocation struct {
	Function  string `json:"functionArn"` // here its name
	Condition string `json:"condition"`
}

// Batch is records that follow each other in a shard.
type Batch struct {
	Shard  string `json:"shardId"`
	First  string `json:"startSequenceNumber"`
	Last   string `json:"endSequenceNumber"`
	Size   int    `json:"batchSize"`
	Stream string `json:"streamArn"`
}

// The conditions on which records are given up, as Lambda names them.
const (
	tooOften = "RetryAttemptsExhausted"
	tooOld   = "MaximumRecordAgeExceeded"
)

// giveUp sends one message for the batch and returns when it is safe.
func (d *dispatcher) giveUp(ctx context.Context, shard string, batch []events.DynamoDBEventRecord, condition string) error {
	if len(batch) == 0 {
		return nil
	}
	last := len(batch) - 1
	d.log.Error("stream records given up", "function", d.mapping.Function, "records", len(batch), "condition", condition)
	err := d.failures.Send(ctx, GivenUp{
		Version: "1.0", Timestamp: time.Now().UTC(), RequestContext: Invocation{d.mapping.Function, condition},
		Batch: Batch{shard, batch[0].Change.SequenceNumber, batch[last].Change.SequenceNumber, len(batch), d.stream},
	})
	if err != nil {
		return fmt.Errorf("%w: %w", errFile, err)
	}
	return nil
}

func backoff(failures int) time.Duration {
	return min(firstBackoff<<min(failures, 10), lastBackoff)
}

func sleep(ctx context.Context, pause time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(pause):
		return nil
	}
}
