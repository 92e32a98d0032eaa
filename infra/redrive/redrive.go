// SPDX-License-Identifier: EUPL-1.2

// Package redrive brings up to date what stands in the failure queue: it has the
// function roll-up read each ledger again, whole, so that it does not matter how
// long ago the ledger was set aside. What an operator needs for it are
// sqs:ReceiveMessage, sqs:DeleteMessage and sqs:ChangeMessageVisibility on the
// queue, lambda:InvokeFunction on the function, and dynamodb:GetShardIterator and
// dynamodb:GetRecords on the stream.
package redrive

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"

	"socialreturn/infra/local/stream"
	"socialreturn/internal/boot/signed"
	"socialreturn/internal/edge"
)

// held is the seconds for which a message is received: longer than the function
// may take.
const held = 120

// maxPages bounds the reading of one batch in the stream.
const maxPages = 100

// ErrLeft reports that messages stay in the queue.
var ErrLeft = errors.New("niet alles is herberekend: wat mislukt is blijft in de wachtrij")

// Redriver knows the queue, the function and the stream.
type Redriver struct {
	Queue    signed.Queue
	Endpoint string // of Lambda: https://lambda.<region>.amazonaws.com
	Function string // name
	Streams  *dynamodbstreams.Client
	Out      io.Writer // what was done, in Dutch, a line per ledger
}

// Run redrives every message once. A message whose ledgers are all up to date is
// deleted, the others stay: then its error is ErrLeft.
func (r Redriver) Run(ctx context.Context) error {
	outcomes := make(map[string]error) // by ledger, each once
	left := make(map[string]signed.Message)
	for {
		messages, err := r.Queue.Receive(ctx, held)
		if err != nil {
			return err
		}
		messages = slices.DeleteFunc(messages, func(m signed.Message) bool { _, again := left[m.ID]; return again })
		if len(messages) == 0 {
			break
		}
		for _, message := range messages {
			left[message.ID] = message
			if !r.redrive(ctx, message, outcomes) {
				continue
			}
			if err := r.Queue.Delete(ctx, message); err != nil {
				return err
			}
			delete(left, message.ID)
		}
	}
	return r.finish(ctx, outcomes, left)
}

// finish gives back what stays and tells how it went.
func (r Redriver) finish(ctx context.Context, outcomes map[string]error, left map[string]signed.Message) error {
	for _, id := range slices.Sorted(maps.Keys(left)) {
		if err := r.Queue.GiveBack(ctx, left[id]); err != nil {
			return err
		}
	}
	done := 0
	for _, err := range outcomes {
		if err == nil {
			done++
		}
	}
	switch {
	case len(outcomes) == 0 && len(left) == 0:
		fmt.Fprintln(r.Out, "De wachtrij is leeg: er is niets te herberekenen.")
	default:
		fmt.Fprintf(r.Out, "Grootboeken herberekend: %d; mislukt: %d; berichten die blijven staan: %d.\n", done, len(outcomes)-done, len(left))
	}
	if len(left) > 0 {
		return ErrLeft
	}
	return nil
}

// redrive tells whether everything that a message is about is up to date.
func (r Redriver) redrive(ctx context.Context, message signed.Message, outcomes map[string]error) bool {
	ledgers, err := r.ledgers(ctx, message)
	if err != nil {
		fmt.Fprintf(r.Out, "Bericht %s: %v. Het blijft staan.\n", message.ID, err)
		return false
	}
	whole := true
	for _, ledger := range ledgers {
		err, tried := outcomes[ledger]
		if !tried {
			err = r.invoke(ctx, ledger)
			outcomes[ledger] = err
			if err != nil {
				fmt.Fprintf(r.Out, "%s: mislukt (%v). Het blijft staan.\n", ledger, err)
			} else {
				fmt.Fprintf(r.Out, "%s: herberekend.\n", ledger)
			}
		}
		whole = whole && err == nil
	}
	return whole
}

// ledgers are those that a message is about: the one that roll-up named, or
// those of the records that Lambda gave up, as far as the stream has them still.
func (r Redriver) ledgers(ctx context.Context, message signed.Message) ([]string, error) {
	var body struct {
		edge.SetAside
		Batch *stream.Batch `json:"DDBStreamBatchInfo"`
	}
	err := json.Unmarshal([]byte(message.Body), &body)
	switch {
	case err == nil && body.Batch != nil:
		return r.inStream(ctx, *body.Batch)
	case err == nil && body.Ledger != "":
		return []string{body.Ledger}, nil
	case err == nil && len(body.Records) > 0:
		return nil, fmt.Errorf("volgnummer %s van de stroom noemt geen grootboek", strings.Join(body.Records, ", "))
	}
	return nil, errors.New("dit bericht is niet van dit systeem")
}

// inStream reads the batch in the stream, which keeps records for a day.
func (r Redriver) inStream(ctx context.Context, batch stream.Batch) ([]string, error) {
	gone := fmt.Errorf("de stroom heeft de records vanaf volgnummer %s niet meer; zoek hun grootboeken in het log van %s", batch.First, r.Function)
	start, err := r.Streams.GetShardIterator(ctx, &dynamodbstreams.GetShardIteratorInput{
		StreamArn: &batch.Stream, ShardId: &batch.Shard, SequenceNumber: &batch.First, ShardIteratorType: types.ShardIteratorTypeAtSequenceNumber,
	})
	if err != nil {
		return nil, fmt.Errorf("%w (%w)", gone, err)
	}
	var ledgers []string
	iterator := start.ShardIterator
	for range maxPages {
		if iterator == nil {
			break
		}
		page, err := r.Streams.GetRecords(ctx, &dynamodbstreams.GetRecordsInput{ShardIterator: iterator})
		if err != nil {
			return nil, fmt.Errorf("%w (%w)", gone, err)
		}
		for _, record := range page.Records {
			if key, isText := record.Dynamodb.Keys["PK"].(*types.AttributeValueMemberS); isText && named(key.Value) && !slices.Contains(ledgers, key.Value) {
				ledgers = append(ledgers, key.Value)
			}
			if *record.Dynamodb.SequenceNumber == batch.Last {
				return ledgers, nil
			}
		}
		iterator = page.NextShardIterator
	}
	return nil, gone
}

func named(key string) bool {
	return strings.HasPrefix(key, "CONTRACT#") || strings.HasPrefix(key, "TENDER#")
}

// invoke has the function bring one ledger up to date.
func (r Redriver) invoke(ctx context.Context, ledger string) error {
	url := r.Endpoint + "/2015-03-31/functions/" + r.Function + "/invocations"
	body, header, err := r.Queue.Post(ctx, "lambda", url, "", edge.Redriven{Ledgers: []string{ledger}})
	if err != nil {
		return err
	}
	if header.Get("X-Amz-Function-Error") != "" {
		return errors.New("de functie is zelf mislukt; zie haar log")
	}
	var answer edge.RedriveAnswer
	if err := json.Unmarshal(body, &answer); err != nil {
		return fmt.Errorf("het antwoord van de functie is onleesbaar: %w", err)
	}
	if cause := answer.Failed[ledger]; cause != "" {
		return errors.New(cause)
	}
	return nil
}
