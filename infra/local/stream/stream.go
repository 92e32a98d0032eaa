// SPDX-License-Identifier: EUPL-1.2

// Package stream carries the stream of a table to a function as Lambda does:
// filtered, in batches, at least once, with bounded retries, halving, partial
// answers, and a destination for what could not be applied.
package stream

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"

	"socialreturn/infra/local/template"
)

const (
	pollEvery = 100 * time.Millisecond
	callLimit = 30 * time.Second // for one call to the engine
)

// Handler is the function behind a stream.
type Handler = func(ctx context.Context, event events.DynamoDBEvent) (events.DynamoDBEventResponse, error)

// Options says what to carry where.
type Options struct {
	StreamARN string
	Mapping   template.StreamMapping
	Handler   Handler
	Timeout   time.Duration // for one call of the handler; 0 for a minute

	PositionFile string // remembers what was delivered; empty forgets it at the end
	Failures     Destination

	// RepeatEvery delivers each nth batch a second time on purpose, since Lambda
	// promises no more than at least once; 0 never does.
	RepeatEvery int

	Log *slog.Logger
}

// Poller carries one stream to one function.
type Poller struct {
	client   *dynamodbstreams.Client
	stream   string
	filters  filters
	dispatch *dispatcher
	position *position
	window   time.Duration
	batch    int
	log      *slog.Logger
	shards   map[string]*shard

	wake    chan struct{}
	mutex   sync.Mutex
	waiters []chan struct{} // of Idle
}

// New is a poller that continues where the position file says. It refuses a
// filter pattern that it does not understand.
func New(client *dynamodbstreams.Client, options Options) (*Poller, error) {
	compiled, err := compile(options.Mapping.Filters)
	if err != nil {
		return nil, err
	}
	remembered, err := loadPosition(options.PositionFile, options.StreamARN)
	if err != nil {
		return nil, err
	}
	return &Poller{
		client:   client,
		stream:   options.StreamARN,
		filters:  compiled,
		position: remembered,
		window:   options.Mapping.Window,
		batch:    max(options.Mapping.BatchSize, 1),
		log:      options.Log,
		shards:   make(map[string]*shard),
		wake:     make(chan struct{}, 1),
		dispatch: &dispatcher{
			mapping:     options.Mapping,
			handler:     options.Handler,
			timeout:     cmp.Or(options.Timeout, time.Minute),
			stream:      options.StreamARN,
			failures:    options.Failures,
			repeatEvery: options.RepeatEvery,
			log:         options.Log,
		},
	}, nil
}

// Run carries records until the context ends, which is no error. It outlasts
// an engine that does not answer; it gives up when it can keep no record of
// its position or of a failure.
func (p *Poller) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		waiting := p.waiting()
		quiet, err := p.round(ctx, waiting > 0)
		switch {
		case errors.Is(err, errFile):
			return err
		case err != nil && ctx.Err() == nil:
			p.log.Error("stream", "error", err)
		case quiet:
			p.release(waiting)
		case err == nil && waiting > 0:
			continue
		}
		select {
		case <-ctx.Done():
		case <-p.wake:
		case <-time.After(pollEvery):
		}
	}
	return nil
}

// Idle returns when everything that was written before the call has been
// delivered or has been given up. Run must be running.
func (p *Poller) Idle(ctx context.Context) error {
	waiter := make(chan struct{})
	p.mutex.Lock()
	p.waiters = append(p.waiters, waiter)
	p.mutex.Unlock()
	select {
	case p.wake <- struct{}{}:
	default:
	}
	select {
	case <-waiter:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("stream: nog niet alles bezorgd: %w", ctx.Err())
	}
}

// waiting counts those who asked before this round began.
func (p *Poller) waiting() int {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return len(p.waiters)
}

func (p *Poller) release(count int) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	for _, waiter := range p.waiters[:count] {
		close(waiter)
	}
	p.waiters = p.waiters[count:]
}

// round reads every shard once, parents before children, and delivers what is
// due. It is quiet when there was nothing left to read or to deliver.
func (p *Poller) round(ctx context.Context, hurry bool) (quiet bool, err error) {
	if err := p.discover(ctx); err != nil {
		return false, err
	}
	quiet = true
	for _, s := range p.shards {
		if s.finished {
			continue
		}
		if parent := p.shards[s.parent]; parent != nil && !parent.finished {
			quiet = false
			continue
		}
		calm, err := p.step(ctx, s, hurry)
		if err != nil {
			return false, err
		}
		quiet = quiet && calm
	}
	return quiet, nil
}

// step reads a shard once and delivers the batches that are full or due.
func (p *Poller) step(ctx context.Context, s *shard, hurry bool) (calm bool, err error) {
	records, err := p.read(ctx, s)
	if err != nil {
		return false, err
	}
	for _, record := range records {
		s.seen = record.Change.SequenceNumber
		if p.filters.match(record) {
			s.add(record)
		}
	}
	for s.due(p.batch, p.window, hurry || s.closed) {
		size := min(len(s.pending), p.batch)
		if err := p.dispatch.deliver(ctx, s.id, s.pending[:size]); err != nil {
			s.forget()
			return false, err
		}
		last := s.pending[size-1].Change.SequenceNumber
		s.pending = s.pending[size:]
		if err := p.position.set(s.id, last); err != nil {
			return false, err
		}
	}
	if len(s.pending) > 0 {
		return false, nil
	}
	if err := p.position.set(s.id, s.seen); err != nil {
		return false, err
	}
	// The children of a shard that ends now are still to be read.
	s.finished = s.closed
	return len(records) == 0 && !s.finished, nil
}
