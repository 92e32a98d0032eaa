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
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"

	"socialreturn/infra/local/stream"
	"socialreturn/internal/boot/signed"
	"socialreturn/internal/edge"
)

const (
	// held is the seconds for which a message is received, and held again while the
	// function works on its batch: longer than a call of the function and renewal.
	held    = 120
	renewal = 20 * time.Second
	// aside is the seconds for which a message that stays is kept out of the way of
	// this run, so that others get their turn: it comes back by itself if the run dies.
	aside = 900
	// quiet answers in a row mean that the queue is empty.
	quiet = 2
	// maxPages bounds the reading of one batch in the stream.
	maxPages = 100
)

// ErrLeft reports that messages stay in the queue.
var ErrLeft = errors.New("niet alles is herberekend: wat mislukt is blijft in de wachtrij")

// Redriver knows the queue, the function and the stream.
type Redriver struct {
	Queue    signed.Queue // a call of the function must end within 90 seconds
	Endpoint string       // of Lambda: https://lambda.<region>.amazonaws.com
	Function string       // name
	Streams  *dynamodbstreams.Client
	Out      io.Writer // what was done, in Dutch, a line per ledger and per batch
}

// Run redrives until the queue has nothing but what fails. A message is deleted
// once each of its ledgers was recomputed after the message was received: what
// was recomputed before may miss what the message is about. The others stay and
// are named at the end: then the error is ErrLeft. A run that is broken off gives
// back what it held.
func (r Redriver) Run(ctx context.Context) error {
	work := &run{Redriver: r, failed: map[string]error{}, left: map[string]kept{}}
	err := work.drain(ctx)
	work.finish(context.WithoutCancel(ctx))
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("afgebroken; wat niet is herberekend blijft in de wachtrij: %w", ctx.Err())
	case err == nil && len(work.left) > 0:
		return ErrLeft
	}
	return err
}

// run is one run on its way.
type run struct {
	Redriver
	failed  map[string]error // ledgers, tried once in a run
	left    map[string]kept  // received and not deleted, by id
	deleted int
}

// kept is a message that stays, and why.
type kept struct {
	signed.Message
	cause error
}

var errNoTurn = errors.New("niet aan de beurt gekomen")

func (r *run) drain(ctx context.Context) error {
	for silent := 0; silent < quiet; {
		messages, err := r.Queue.Receive(ctx, held)
		if err != nil {
			return err
		}
		silent++
		if len(messages) == 0 {
			continue
		}
		silent = 0
		b := &batch{run: r, pending: messages, held: time.Now(), done: map[string]bool{}}
		if err := b.work(ctx); err != nil {
			return err
		}
		fmt.Fprintf(r.Out, "Berichten afgehandeld: %d; blijven staan: %d.\n", r.deleted, len(r.left))
	}
	return nil
}

// finish names what stays, and gives it back. What cannot be given back comes back
// by itself, later.
func (r *run) finish(ctx context.Context) {
	if r.deleted == 0 && len(r.left) == 0 {
		fmt.Fprintln(r.Out, "De wachtrij is leeg: er is niets te herberekenen.")
	}
	for _, id := range slices.Sorted(maps.Keys(r.left)) {
		fmt.Fprintf(r.Out, "Bericht %s blijft staan: %v.\n", id, r.left[id].cause)
		_ = r.Queue.Hold(ctx, r.left[id].Message, 0)
	}
}

// batch is messages that were received at once.
type batch struct {
	*run
	pending []signed.Message // still to be redriven
	held    time.Time        // since when
	done    map[string]bool  // ledgers that were recomputed since then
}

// work redrives the messages one by one. Its error is that of the context.
func (b *batch) work(ctx context.Context) error {
	for _, m := range b.pending {
		b.left[m.ID] = kept{m, errNoTurn}
	}
	for len(b.pending) > 0 {
		message := b.pending[0]
		cause := b.redrive(ctx, message)
		b.pending = b.pending[1:]
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if cause == nil {
			cause = b.Queue.Delete(ctx, message)
		}
		if cause != nil {
			b.left[message.ID] = kept{message, cause}
			_ = b.Queue.Hold(ctx, message, aside) // else it comes sooner
			continue
		}
		delete(b.left, message.ID)
		b.deleted++
	}
	return nil
}

// redrive brings everything up to date that a message is about, or tells what
// stands in the way.
func (b *batch) redrive(ctx context.Context, message signed.Message) error {
	ledgers, err := b.ledgers(ctx, message)
	if err != nil {
		return err
	}
	var causes []string
	for _, ledger := range ledgers {
		if err := b.recompute(ctx, ledger); err != nil {
			causes = append(causes, fmt.Sprintf("%s (%v)", ledger, err))
		}
	}
	if len(causes) > 0 {
		return errors.New(strings.Join(causes, ", "))
	}
	return nil
}

// recompute has the function bring a ledger up to date, unless that was done for
// this batch, or failed in this run.
func (b *batch) recompute(ctx context.Context, ledger string) error {
	err, failed := b.failed[ledger]
	if failed || b.done[ledger] {
		return err
	}
	b.holdOn(ctx)
	if err = b.invoke(ctx, ledger); err != nil {
		b.failed[ledger] = err
		fmt.Fprintf(b.Out, "%s: mislukt (%v).\n", ledger, err)
		return err
	}
	b.done[ledger] = true
	fmt.Fprintf(b.Out, "%s: herberekend.\n", ledger)
	return nil
}

// holdOn keeps the messages of the batch from coming back while the next call of
// the function lasts. One that does all the same is redriven again.
func (b *batch) holdOn(ctx context.Context) {
	if time.Since(b.held) < renewal {
		return
	}
	b.held = time.Now()
	for _, message := range b.pending {
		_ = b.Queue.Hold(ctx, message, held)
	}
}

// ledgers are those that a message is about: the one that roll-up named, or
// those of the records that Lambda gave up, as far as the stream has them still.
func (r Redriver) ledgers(ctx context.Context, message signed.Message) ([]string, error) {
	var body struct {
		edge.SetAside
		stream.GivenUp
	}
	err := json.Unmarshal([]byte(message.Body), &body)
	switch {
	case err == nil && body.Batch.Shard != "":
		return r.inStream(ctx, body.GivenUp)
	case err == nil && body.Ledger != "":
		return []string{body.Ledger}, nil
	case err == nil && len(body.SetAside.Records) > 0:
		return nil, fmt.Errorf("volgnummer %s van de stroom noemt geen grootboek", strings.Join(body.SetAside.Records, ", "))
	}
	return nil, errors.New("dit bericht is niet van dit systeem")
}

// inStream reads the batch in the stream, which keeps records for a day. Other
// records may stand between those of the batch: their ledgers are recomputed too.
func (r Redriver) inStream(ctx context.Context, given stream.GivenUp) ([]string, error) {
	batch := given.Batch
	start, err := r.Streams.GetShardIterator(ctx, &dynamodbstreams.GetShardIteratorInput{
		StreamArn: &batch.Stream, ShardId: &batch.Shard, SequenceNumber: &batch.First, ShardIteratorType: types.ShardIteratorTypeAtSequenceNumber,
	})
	if err != nil {
		return nil, r.unread(given, err)
	}
	var ledgers []string
	iterator := start.ShardIterator
	for range maxPages {
		if iterator == nil {
			break
		}
		page, err := r.Streams.GetRecords(ctx, &dynamodbstreams.GetRecordsInput{ShardIterator: iterator})
		if err != nil {
			return nil, r.unread(given, err)
		}
		for _, record := range page.Records {
			if key, isText := record.Dynamodb.Keys["PK"].(*types.AttributeValueMemberS); isText && edge.IsLedger(key.Value) && !slices.Contains(ledgers, key.Value) {
				ledgers = append(ledgers, key.Value)
			}
			if *record.Dynamodb.SequenceNumber == batch.Last {
				return ledgers, nil
			}
		}
		iterator = page.NextShardIterator
	}
	return nil, r.unread(given, &types.TrimmedDataAccessException{})
}

// unread says why the records of a batch could not be read: because the stream
// has them no more, or for now.
func (r Redriver) unread(given stream.GivenUp, err error) error {
	var trimmed *types.TrimmedDataAccessException
	var absent *types.ResourceNotFoundException
	if !errors.As(err, &trimmed) && !errors.As(err, &absent) {
		return fmt.Errorf("de stroom kan nu niet worden gelezen: %w", err)
	}
	return fmt.Errorf("de stroom bewaart records een dag en heeft de records vanaf volgnummer %s, opgegeven op %s, niet meer: "+
		"van welke grootboeken zij waren is niet meer te zeggen. Zoek die in het log van %s van dat moment, laat de functie ze herberekenen en verwijder dan dit bericht",
		given.Batch.First, given.Timestamp.Format(time.RFC3339), r.Function)
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
