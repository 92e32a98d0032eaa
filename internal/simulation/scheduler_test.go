// SPDX-License-Identifier: EUPL-1.2

package simulation

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"socialreturn/internal/store/model"
)

// scheduler lets one call through at a time, and decides whose.
type scheduler struct {
	engine  http.RoundTripper
	mutex   sync.Mutex
	waiting []*pending
}

// pending is a call that waits to be let through.
type pending struct {
	caller string
	name   string // of who makes it, and what it asks: the same in every run
	touches
	through chan struct{}
}

// touches is what a call reads and writes.
type touches struct{ reads, writes []stretch }

// stretch is sort keys of a partition, both ends included.
type stretch struct{ pk, from, to string }

const lastKey = "\xff"

func (s stretch) overlaps(o stretch) bool { return s.pk == o.pk && s.from <= o.to && o.from <= s.to }

// independent tells that it makes no difference which of two calls comes first.
func (a touches) independent(b touches) bool {
	meet := func(some, others []stretch) bool {
		return slices.ContainsFunc(some, func(s stretch) bool { return slices.ContainsFunc(others, s.overlaps) })
	}
	return !meet(a.writes, b.writes) && !meet(a.writes, b.reads) && !meet(a.reads, b.writes)
}

// RoundTrip waits until the call is let through.
func (s *scheduler) RoundTrip(request *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return nil, err
	}
	request.Body = io.NopCloser(bytes.NewReader(body))
	_, operation, _ := strings.Cut(request.Header.Get("X-Amz-Target"), ".")
	p := &pending{caller: callerOf(request), through: make(chan struct{}), touches: touchesOf(operation, body)}
	p.name = p.caller + " " + operation + " " + fingerprint(body)
	s.mutex.Lock()
	s.waiting = append(s.waiting, p)
	s.mutex.Unlock()
	<-p.through
	return s.engine.RoundTrip(request)
}

func callerOf(request *http.Request) string {
	if p, is := request.Context().Value(processKey{}).(*process); is {
		return p.name
	}
	return ""
}

// fingerprint tells requests apart, but for the token that is drawn for each.
func fingerprint(body []byte) string {
	fields := parsed[map[string]any](body)
	delete(fields, "ClientRequestToken")
	sum := sha256.Sum256([]byte(encoded(fields)))
	return hex.EncodeToString(sum[:6])
}

func parsed[T any](body []byte) T {
	var value T
	if err := json.Unmarshal(body, &value); err != nil {
		panic(err) // the SDK wrote it
	}
	return value
}

// request is what touches are read from.
type request struct {
	Key, Item                 model.Item
	IndexName                 string
	ExpressionAttributeValues model.Item
	KeyConditionExpression    string
	RequestItems              map[string]json.RawMessage
	TransactItems             []struct{ Put, Update, ConditionCheck *request }
}

func touchesOf(operation string, body []byte) (t touches) {
	in := parsed[request](body)
	one := func(item model.Item) stretch { return stretch{*item["PK"].S, *item["SK"].S, *item["SK"].S} }
	switch operation {
	case "GetItem":
		t.reads = []stretch{one(in.Key)}
	case "PutItem":
		t.writes = []stretch{one(in.Item)}
	case "Query":
		t.reads = []stretch{in.queried()}
	case "BatchGetItem":
		for _, k := range parsed[struct{ Keys []model.Item }](in.RequestItems[tableName]).Keys {
			t.reads = append(t.reads, one(k))
		}
	case "BatchWriteItem":
		for _, put := range parsed[[]struct{ PutRequest struct{ Item model.Item } }](in.RequestItems[tableName]) {
			t.writes = append(t.writes, one(put.PutRequest.Item))
		}
	case "TransactWriteItems":
		for _, member := range in.TransactItems {
			switch {
			case member.Put != nil:
				t.writes = append(t.writes, one(member.Put.Item))
			case member.Update != nil:
				t.writes = append(t.writes, one(member.Update.Key))
			default:
				t.reads = append(t.reads, one(member.ConditionCheck.Key))
			}
		}
	default:
		panic("an operation of which it is not known what it touches: " + operation)
	}
	return t
}

// queried is what a query of the table reads.
func (in request) queried() stretch {
	if in.IndexName != "" {
		panic("a query of an index: what it touches is not known")
	}
	values := in.ExpressionAttributeValues
	s := stretch{pk: *values[":pk"].S, to: lastKey}
	if from, to := values[":from"].S, values[":to"].S; from != nil && to != nil {
		s.from, s.to = *from, *to
	}
	return s
}

// node is a moment at which a call was let through, and what else could have been.
type node struct {
	enabled map[string]touches
	chosen  string
	done    map[string]bool
	// asleep are calls that need not be let through here: every order in which they
	// come now was seen before they were put off.
	asleep map[string]touches
}

// search goes through all orders of calls that can make a difference, depth
// first: of two orders that differ only in calls that do not touch the same items,
// it goes through one (sleep sets, Godefroid 1996).
type search struct {
	path      []*node
	orders    int  // gone through to their end
	redundant int  // given up: equal to one that was
	plain     bool // goes through all orders, also where it makes no difference
	torn      bool // every read of several items takes two calls
}

// run plays one order: that of the path, and from there on the first that is not
// asleep. It tells whether the order is a new one. At work tells how many callers
// have not ended.
func (s *search) run(sched *scheduler, atWork func() int) bool {
	for depth, sleepy := 0, false; ; {
		synctest.Wait()
		waiting := sched.take()
		switch {
		case atWork() == 0:
			return !sleepy
		case callers(waiting) < atWork():
			time.Sleep(10 * time.Millisecond) // somebody pauses, and may come first all the same
			continue
		case sleepy:
			sched.let(waiting, waiting[0].name)
			continue
		}
		if depth == len(s.path) {
			s.path = append(s.path, s.child(waiting))
		}
		n := s.path[depth]
		if n.chosen == "" {
			s.path, sleepy = s.path[:depth], true
			continue
		}
		sched.let(waiting, n.chosen)
		depth++
	}
}

func callers(waiting []*pending) int {
	names := map[string]bool{}
	for _, p := range waiting {
		names[p.caller] = true
	}
	return len(names)
}

// child is the next node of the path.
func (s *search) child(waiting []*pending) *node {
	n := &node{enabled: map[string]touches{}, done: map[string]bool{}, asleep: map[string]touches{}}
	for _, p := range waiting {
		n.enabled[p.name] = p.touches
	}
	if len(s.path) > 0 && !s.plain {
		parent := s.path[len(s.path)-1]
		for name, t := range parent.asleep {
			if t.independent(parent.enabled[parent.chosen]) {
				n.asleep[name] = t
			}
		}
		for name := range parent.done {
			if t := parent.enabled[name]; t.independent(parent.enabled[parent.chosen]) {
				n.asleep[name] = t
			}
		}
	}
	n.choose()
	return n
}

// choose takes the next call to let through; none where all were, or are asleep.
func (n *node) choose() {
	n.chosen = ""
	var names []string
	for name := range n.enabled {
		if _, sleeps := n.asleep[name]; !sleeps && !n.done[name] {
			names = append(names, name)
		}
	}
	if len(names) > 0 {
		n.chosen = slices.Min(names)
	}
}

// next goes to the next order; false where there is none.
func (s *search) next() bool {
	for len(s.path) > 0 {
		n := s.path[len(s.path)-1]
		n.done[n.chosen] = true
		if n.choose(); n.chosen != "" {
			return true
		}
		s.path = s.path[:len(s.path)-1]
	}
	return false
}

// take is the calls that wait, by name.
func (s *scheduler) take() []*pending {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	slices.SortFunc(s.waiting, func(a, b *pending) int { return strings.Compare(a.name, b.name) })
	return slices.Clone(s.waiting)
}

// let lets the call of a name through.
func (s *scheduler) let(waiting []*pending, name string) {
	i := slices.IndexFunc(waiting, func(p *pending) bool { return p.name == name })
	if i < 0 {
		panic("the same choices lead to other calls: " + name)
	}
	s.mutex.Lock()
	s.waiting = slices.DeleteFunc(s.waiting, func(p *pending) bool { return p == waiting[i] })
	s.mutex.Unlock()
	close(waiting[i].through)
}

// explore plays a world in every order, and calls check after each.
func explore(t *testing.T, s *search, play func(t *testing.T, sched *scheduler, s *search)) {
	t.Helper()
	for {
		synctest.Test(t, func(t *testing.T) { play(t, &scheduler{}, s) })
		if t.Failed() || !s.next() {
			return
		}
	}
}
