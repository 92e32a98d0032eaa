// SPDX-License-Identifier: EUPL-1.2

package simulation

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"socialreturn/internal/edge"
	"socialreturn/internal/store/model"
)

const (
	shards   = 2
	maxBatch = 8
	maxTries = 3 // of a batch, before it is split; of a single record, before it is given up
)

// shard brings new entries to the roll-up as the event source does: those of one
// ledger in order, at least once, and again from the first that failed. A batch
// that fails too often is split, a record that does goes to the failure queue.
type shard struct {
	*rand.Rand
	number  int
	world   *world
	roll    edge.StreamHandler
	records []record
	seen    int // changes of the table
	next    int // record
	tries   int // of the batch that begins there
	size    int // that it may have
	given   []string
	deaths  int      // of a hundred batches
	sender  *process // of the batch that is being applied
}

// record is a record of the stream: the key of its ledger.
type record struct{ ledger, number string }

// poison is a ledger that no figure can be made of: it does not exist.
const poison = "CONTRACT#aaaaaaaaaaaaaaaaaaaaaaaa"

func newShard(w *world, seed uint64, number int) *shard {
	s := &shard{
		Rand: rand.New(rand.NewPCG(seed, 1000+uint64(number))), number: number, world: w, size: maxBatch, seen: w.streamed,
	}
	s.deaths = 10
	if seed%8 == uint64(number) {
		s.deaths = 80 // a bad day
	}
	s.roll = edge.RollUp(edge.Deps{Service: w.service, Now: w.now, Log: slog.New(slog.DiscardHandler), Failures: s})
	return s
}

// Send is the failure queue, which is down now and then: what the roll-up cannot
// apply it sets aside, and holds up nobody.
func (s *shard) Send(_ context.Context, message any) error {
	aside := message.(edge.SetAside)
	if s.sender.dying.Load() || s.hit(20) {
		s.world.injected("stream: queue down")
		return errors.New("the queue does not answer")
	}
	s.world.injected("stream: set aside")
	s.given = append(s.given, aside.Ledger)
	return nil
}

func (s *shard) hit(chance int) bool { return s.IntN(100) < chance }

// run polls until the people have gone home; then it brings what is left.
func (s *shard) run(home <-chan struct{}) {
	for {
		select {
		case <-home:
			return
		case <-time.After(time.Duration(1 + s.IntN(int(1500*time.Millisecond)))):
		}
		s.poll()
	}
}

// drain brings all that is left.
func (s *shard) drain() {
	for s.fetch(); s.next < len(s.records); s.fetch() {
		s.deliver(0)
	}
}

// poll brings one batch, if there is one.
func (s *shard) poll() {
	s.fetch()
	if s.next > 0 && s.hit(10) { // what was delivered comes again
		s.next -= 1 + s.IntN(min(s.next, 4))
		s.world.injected("stream: delivered twice")
	}
	if s.next >= len(s.records) {
		return
	}
	dieAt := 0
	if s.hit(s.deaths) {
		dieAt = 1 + s.IntN(15)
	}
	s.deliver(dieAt)
}

// fetch takes in new entries of the ledgers of this shard.
func (s *shard) fetch() {
	for _, c := range s.world.engine.Changes(tableName, s.seen) {
		s.seen = c.Sequence
		if c.Old == nil && textOf(c.New, "type") == "entry" && shardOf(keyOf(c.New).pk) == s.number {
			s.records = append(s.records, record{keyOf(c.New).pk, c.SequenceNumber()})
		}
	}
}

func shardOf(pk string) int {
	sum := fnv.New32a()
	sum.Write([]byte(pk))
	return int(sum.Sum32() % shards)
}

// insertPoison puts a record that cannot be applied at a place that is still to come.
func (s *shard) insertPoison() {
	s.records = slices.Insert(s.records, s.next, record{poison, fmt.Sprintf("0%020d", s.next)})
	s.world.injected("stream: poison")
}

// deliver brings a batch and goes on after what was done of it.
func (s *shard) deliver(dieAt int) {
	batch := s.records[s.next:min(len(s.records), s.next+s.size)]
	event := events.DynamoDBEvent{}
	for _, r := range batch {
		event.Records = append(event.Records, events.DynamoDBEventRecord{Change: events.DynamoDBStreamRecord{
			SequenceNumber: r.number, Keys: map[string]events.DynamoDBAttributeValue{"PK": events.NewStringAttribute(r.ledger)},
		}})
	}
	ctx, p := s.world.begin(fmt.Sprint("roll-up ", s.number), dieAt, s.hit(50))
	defer p.kill()
	s.sender = p
	answer, err := s.roll(ctx, event)
	done := len(batch)
	switch {
	case err != nil || p.dying.Load():
		done = 0
	default:
		for _, failure := range answer.BatchItemFailures { // the lowest counts
			done = min(done, slices.IndexFunc(batch, func(r record) bool { return r.number == failure.ItemIdentifier }))
		}
	}
	s.world.tell("shard %d: %d of %d records done", s.number, done, len(batch))
	s.advance(done, len(batch))
}

// advance goes on after what was done, tries again, splits, or gives a record up.
func (s *shard) advance(done, of int) {
	s.next += done
	switch {
	case done == of:
		s.tries, s.size = 0, maxBatch
	case done > 0:
		s.tries = 1
	default:
		s.tries++
	}
	if s.tries < maxTries {
		return
	}
	s.tries = 0
	if s.size > 1 && of > 1 {
		s.size = (of + 1) / 2
		s.world.injected("stream: batch split")
		return
	}
	s.given = append(s.given, s.records[s.next].ledger)
	s.world.injected("stream: given up")
	s.next++
	s.size = maxBatch
}

// redrive recomputes the ledgers of the failure queue, and says which are left.
func redrive(w *world, all []*shard) []string {
	var ledgers []string
	for _, s := range all {
		ledgers = append(ledgers, s.given...)
		s.given = nil
	}
	slices.Sort(ledgers)
	ledgers = slices.Compact(ledgers)
	ctx, p := w.begin("redrive", 0, false)
	defer p.kill()
	var left []string
	for ledger := range w.service.RollUp(ctx, ledgers) {
		left = append(left, ledger)
	}
	return left
}

// replay delivers everything once more, three days later, in another order.
func (s *shard) replay() {
	time.Sleep(3 * 24 * time.Hour)
	s.next, s.records = 0, slices.DeleteFunc(s.records, func(r record) bool { return r.ledger == poison })
	s.Shuffle(len(s.records), func(i, j int) { s.records[i], s.records[j] = s.records[j], s.records[i] })
	s.size = 3 * maxBatch
	s.drain()
}

// faultsOf are the model's faults for a seed, at odds that let most commands through.
func faultsOf(seed uint64) model.Faults {
	odds := model.Even()
	for f := range odds.Faults {
		odds.Faults[f] = 6
	}
	odds.Faults[model.Conflict], odds.Faults[model.Partial], odds.Faults[model.EmptyPage], odds.Faults[model.ShortPage] = 30, 30, 15, 60
	odds.Slow, odds.Longest = 60, 4*time.Second
	return model.Seeded(seed, odds)
}
