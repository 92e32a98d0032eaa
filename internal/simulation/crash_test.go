// SPDX-License-Identifier: EUPL-1.2

package simulation

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"socialreturn/internal/app"
	"socialreturn/internal/store/model"
)

// subject is a command to be broken, with what it does when nothing is.
type subject struct {
	order
	fixture fixture
	calls   int
	essence string
	image   map[string]string
}

// subjects are one of each command, and the roll-up.
func subjects(t *testing.T) map[string]subject {
	t.Helper()
	all := map[string]subject{}
	for _, c := range commands {
		o, f := example(t, c.name, c.propose)
		all[c.name] = whole(t, o, f)
	}
	f := decided.at(t)
	all["roll-up"] = whole(t, quiet(t, f).rollUp(), f)
	return all
}

// whole carries a command out without faults.
func whole(t *testing.T, o order, f fixture) subject {
	w := quiet(t, f)
	essence := w.must(o)
	return subject{order: o, fixture: f, calls: w.tally.calls, essence: essence, image: w.image()}
}

// A command that dies at any of its calls, before or after that was carried out,
// leaves ledgers that are true; given again it answers and leaves the very same as
// if nothing had been.
func TestACrashAtEveryCall(t *testing.T) {
	for name, s := range subjects(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for call := 1; call <= s.calls; call++ {
				for _, after := range []bool{false, true} {
					s.dies(t, call, after)
				}
			}
			t.Logf("%d calls, %d deaths", s.calls, 2*s.calls)
		})
	}
}

func (s subject) dies(t *testing.T, call int, after bool) {
	t.Helper()
	w := quiet(t, s.fixture)
	out := w.give("worker", s.order, s.run, call, after)
	if out.kind != died {
		t.Fatalf("call %d of %d: %s, and not dead", call, s.calls, out)
	}
	w.inspectLedgers()
	again := w.give("worker", s.order, s.run, 0, false)
	s.held(t, fmt.Sprintf("dead at call %d (carried out: %v)", call, after), w, again)
}

// held holds the end of a disturbed command to that of an undisturbed one.
func (s subject) held(t *testing.T, when string, w *world, out outcome) {
	t.Helper()
	overtaken := s.call.Key == "" && out.kind == refused && (out.refusal == app.Stale || out.refusal == app.Unmatched || out.refusal == app.Conflict)
	if !overtaken && (out.kind != acknowledged || out.essence != s.essence) {
		t.Errorf("%s: %s %s, want %s", when, out, out.essence, s.essence)
	}
	sameImage(t, w.image(), s.image)
	if t.Failed() {
		t.Fatalf("%s: %s %s", when, s.name, s.text)
	}
}

// A single fault of any kind at any call is not noticed by who gave the command.
func TestEveryFaultAtEveryCall(t *testing.T) {
	for name, s := range subjects(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			faults := 0
			for call := 1; call <= s.calls; call++ {
				for _, fault := range model.AllFaults() {
					for _, delay := range []time.Duration{0, 20 * time.Second} {
						if delay == 0 || fault == model.Late {
							synctest.Test(t, func(t *testing.T) { faults += s.suffers(t, call, model.Fate{Fault: fault, Delay: delay}) })
						}
					}
				}
			}
			t.Logf("%d calls, %d faults", s.calls, faults)
		})
	}
}

// suffers gives a command of which one call has a fate, and counts the faults.
func (s subject) suffers(t *testing.T, at int, fate model.Fate) int {
	t.Helper()
	n, injected := 0, 0
	w := worldOver(t, s.fixture, func(call model.Call) model.Fate {
		if n++; n != at || !fate.Fault.Suits(call.Operation) {
			return model.Fate{}
		}
		injected++
		return fate
	})
	w.on(s.fixture.engine.Fork(model.Options{Now: time.Now, Faults: w.fate}))
	w.service = serviceOver(clientOf(w), s.fixture.rules, sameSalt)
	out := w.give("worker", s.order, s.run, 0, false)
	time.Sleep(time.Minute) // what comes late is there
	w.engine.Changes(tableName, 0)
	s.held(t, fmt.Sprintf("%s at call %d", fate.Fault, at), w, out)
	return injected
}

// chance is the order of an example: that of a seed.
func chance(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0)) }
