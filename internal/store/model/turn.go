// SPDX-License-Identifier: EUPL-1.2

package model

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"time"
)

// instant is the least that a call takes where calls go in turn.
const instant = time.Nanosecond

type callerKey struct{}

// WithCaller names whoever makes the calls of a context. Calls of one moment are
// taken up by the names of their callers.
func WithCaller(ctx context.Context, name string) context.Context {
	return context.WithValue(ctx, callerKey{}, name)
}

func callerOf(ctx context.Context) string {
	name, _ := ctx.Value(callerKey{}).(string)
	return name
}

// arrival is a call that waits for its turn: to be carried out, or to be given up.
type arrival struct {
	call    Call
	givenUp bool
	since   time.Time
	fate    Fate
	moment  time.Time // when its turn is
}

// admit returns when a call is to be carried out, with what happens to it. Its
// error is the context's.
func (e *Engine) admit(ctx context.Context, call Call) (Fate, error) {
	if !e.options.InTurn {
		e.mutex.Lock()
		fate := e.decide(&call)
		e.mutex.Unlock()
		return fate, sleep(ctx, fate.before())
	}
	a := &arrival{call: call}
	wait := e.queue(a)
	return a.fate, e.wait(ctx, call, wait)
}

// queue returns how long it is until an arrival's turn. The clock of a bubble
// moves on when nobody can do anything more: after an instant all calls of the
// moment are there.
func (e *Engine) queue(a *arrival) time.Duration {
	e.mutex.Lock()
	a.since = e.now()
	e.arrivals = append(e.arrivals, a)
	e.mutex.Unlock()
	time.Sleep(instant)
	e.mutex.Lock()
	defer e.mutex.Unlock()
	e.takeUp()
	return a.moment.Sub(e.now())
}

// wait sleeps, at most as long as the context lives. Where several give up at the
// same moment, they too go in turn: what they draw next depends on it.
func (e *Engine) wait(ctx context.Context, call Call, pause time.Duration) error {
	err := sleep(ctx, pause)
	if err != nil && e.options.InTurn {
		time.Sleep(e.queue(&arrival{call: call, givenUp: true}))
	}
	return err
}

// before is how long a call waits to be carried out, or to be broken off.
func (f Fate) before() time.Duration {
	if f.Fault == Late {
		return 0
	}
	return f.Delay
}

// decide numbers a call and asks for its fate.
func (e *Engine) decide(call *Call) Fate {
	e.calls++
	call.Number = e.calls
	if e.options.Faults == nil {
		return Fate{}
	}
	fate := e.options.Faults(*call)
	if !fate.Fault.Suits(call.Operation) {
		fate.Fault = Pass
	}
	return fate
}

// takeUp decides on the calls of earlier moments, in an order that does not
// depend on who came first, and gives each a moment of its own.
func (e *Engine) takeUp() {
	now := e.now()
	var ready []*arrival
	e.arrivals = slices.DeleteFunc(e.arrivals, func(a *arrival) bool {
		if a.since.Before(now) {
			ready = append(ready, a)
			return true
		}
		return false
	})
	slices.SortFunc(ready, compareArrivals)
	for _, a := range ready {
		if !a.givenUp {
			a.fate = e.decide(&a.call)
		}
		a.moment = e.free(now.Add(instant + a.fate.before()))
	}
}

func compareArrivals(a, b *arrival) int {
	if order := cmp.Or(cmp.Compare(a.call.Caller, b.call.Caller), cmp.Compare(a.call.Operation, b.call.Operation)); order != 0 {
		return order
	}
	return bytes.Compare(canonical(a.call.Body), canonical(b.call.Body))
}

// canonical is a request in one order, without the token that is drawn for it.
func canonical(body []byte) []byte {
	var fields map[string]any
	if json.Unmarshal(body, &fields) != nil {
		return body
	}
	delete(fields, "ClientRequestToken")
	ordered, err := json.Marshal(fields)
	if err != nil {
		return body
	}
	return ordered
}

// free is the first moment from the given one at which nothing happens yet. It
// is taken from then on.
func (e *Engine) free(moment time.Time) time.Time {
	now := e.now()
	for taken := range e.moments {
		if time.Unix(0, taken).Before(now) {
			delete(e.moments, taken)
		}
	}
	for e.moments[moment.UnixNano()] {
		moment = moment.Add(instant)
	}
	e.moments[moment.UnixNano()] = true
	return moment
}

// linger waits before an answer is given. Its error is the context's.
func (e *Engine) linger(ctx context.Context, call Call, lag time.Duration) error {
	if e.options.InTurn && lag > 0 {
		e.mutex.Lock()
		lag = e.free(e.now().Add(lag)).Sub(e.now())
		e.mutex.Unlock()
	}
	return e.wait(ctx, call, lag)
}

func sleep(ctx context.Context, wait time.Duration) error {
	if wait <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
