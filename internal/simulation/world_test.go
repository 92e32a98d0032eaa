// SPDX-License-Identifier: EUPL-1.2

package simulation

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"socialreturn/internal/app"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/store/model"
)

// world is one run: a store that fails, and processes that die.
type world struct {
	t        testing.TB
	engine   *model.Engine
	line     http.RoundTripper // to the engine
	service  *app.Service
	services map[string]*app.Service // of who has one of his own
	rules    *ruleset.Library
	view     *view
	started  time.Time // on the clock of the bubble
	day      time.Time // then, on the clock of the people
	chance   model.Faults
	calm     bool // nothing fails any more
	begun    int  // changes of the table before the run
	streamed int  // those that the stream brought before
	tally    tally

	mutex     sync.Mutex
	processes map[string]*process
	begins    map[string]int // of processes, by who began them
	history   []string
	keys      int
}

// tally is what happened, by kind.
type tally struct {
	faults   map[string]int // of the store, of processes and of the stream
	commands map[string]int // by command and outcome
	calls    int
}

// process is what carries out commands until it dies: from a call on, none of its
// calls is answered.
type process struct {
	name  string
	left  int  // calls until it dies; zero: it lives
	after bool // the call at which it dies is carried out
	dying atomic.Bool
	kill  context.CancelFunc
}

type processKey struct{}

func newWorld(t testing.TB, f fixture, chance model.Faults) *world {
	w := worldOver(t, f, chance)
	w.on(f.engine.Fork(model.Options{Now: time.Now, InTurn: true, Faults: w.fate}))
	w.service = serviceOver(clientOf(w), f.rules, rand.Text)
	return w
}

// worldOver is a world that still needs an engine and a service.
func worldOver(t testing.TB, f fixture, chance model.Faults) *world {
	return &world{
		t: t, rules: f.rules, streamed: f.delivered, started: time.Now(), day: phases[0], chance: chance, processes: make(map[string]*process), begins: make(map[string]int), services: make(map[string]*app.Service),
		tally: tally{faults: make(map[string]int), commands: make(map[string]int)},
	}
}

func (w *world) on(e *model.Engine) {
	w.engine, w.line, w.view = e, e, newView(e)
	w.begun = w.view.seen
}

// fate decides over a call. The engine asks one call at a time.
func (w *world) fate(call model.Call) model.Fate {
	w.mutex.Lock() // against those who count beside the engine
	defer w.mutex.Unlock()
	w.tally.calls++
	p := w.processes[call.Caller]
	switch {
	case p != nil && p.dying.Load():
		return model.Fate{Fault: model.Reset}
	case p != nil && p.left == 1:
		p.dying.Store(true)
		if p.after {
			w.tally.faults["death after a call"]++
			return model.Fate{Fault: model.Lost}
		}
		w.tally.faults["death before a call"]++
		return model.Fate{Fault: model.Reset}
	case p != nil && p.left > 1:
		p.left--
	}
	if w.calm || w.chance == nil {
		return model.Fate{}
	}
	return w.count(w.chance(call), call.Operation)
}

func (w *world) count(fate model.Fate, operation string) model.Fate {
	if fate.Fault != model.Pass && fate.Fault.Suits(operation) {
		w.tally.faults[string(fate.Fault)]++
	}
	if fate.Behind > 0 {
		w.tally.faults["stale read"]++
	}
	if fate.Delay > 0 || fate.Lag > 0 {
		w.tally.faults["delay"]++
	}
	return fate
}

// RoundTrip carries a call to the store. Nobody hears the answer to a process
// that dies of it.
func (w *world) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := w.line.RoundTrip(request)
	if p, is := request.Context().Value(processKey{}).(*process); is && p.dying.Load() {
		p.kill()
		return nil, context.Canceled
	}
	return response, err
}

// begin starts a process that dies at its nth call; it lives where n is zero.
func (w *world) begin(name string, n int, after bool) (context.Context, *process) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.begins[name]++
	name = fmt.Sprintf("%s/%d", name, w.begins[name])
	ctx, kill := context.WithCancel(context.Background())
	p := &process{name: name, left: n, after: after, kill: kill}
	w.processes[name] = p
	return model.WithCaller(context.WithValue(ctx, processKey{}, p), name), p
}

// now is the time of the people: each phase of a run has its own day, on which
// time goes as fast as in the bubble.
func (w *world) now() time.Time { return w.day.Add(time.Since(w.started)) }

func (w *world) key() string {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.keys++
	return fmt.Sprintf("sleutel-%d-%d", w.begun, w.keys)
}

// tell writes down what happened.
func (w *world) tell(format string, args ...any) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.history = append(w.history, fmt.Sprintf("%9.3fs ", time.Since(w.started).Seconds())+fmt.Sprintf(format, args...))
}

// counted counts an outcome of a command.
func (w *world) counted(name, outcome string) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.tally.commands[name+" "+outcome]++
}

// injected counts something that the harness itself did to the house.
func (w *world) injected(what string) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.tally.faults[what]++
}

// changes is how many changes the table has seen.
func (w *world) changes() int {
	w.view.mutex.Lock()
	defer w.view.mutex.Unlock()
	w.view.refresh()
	return w.view.seen
}

// story is the history, with short names for long ids.
func (w *world) story() string {
	text := strings.Join(w.history, "\n")
	for prefix, letter := range map[string]string{"CONTRACT#": "C", "TENDER#": "T"} {
		for i, id := range idsIn(w.view, prefix) {
			text = strings.ReplaceAll(text, id, fmt.Sprint(letter, i+1))
		}
	}
	return text
}

// outcome is how a command ended, as whoever gave it sees it.
type outcome struct {
	kind    string // acknowledged, refused, failed (no answer, or an internal error) or died
	essence string // of the answer
	refusal app.Kind
	code    string
	err     error
}

// The kinds of outcome.
const (
	acknowledged = "acknowledged"
	refused      = "refused"
	failed       = "failed"
	died         = "died"
)

func (o outcome) String() string {
	switch o.kind {
	case refused:
		return "refused: " + o.code
	case failed:
		text, _, _ := strings.Cut(o.err.Error(), ", https response")
		return "failed: " + text
	}
	return o.kind
}

// give carries out an order in a process of its own.
func (w *world) give(who string, o order, run func(context.Context, *app.Service, app.Call) (string, error), dieAt int, after bool) outcome {
	ctx, p := w.begin(who, dieAt, after)
	defer p.kill()
	service := w.service
	if own := w.services[who]; own != nil {
		service = own
	}
	essence, err := run(ctx, service, o.call)
	switch refusal, isRefusal := errors.AsType[*app.Error](err); {
	case p.dying.Load():
		return outcome{kind: died}
	case err == nil:
		return outcome{kind: acknowledged, essence: essence}
	case isRefusal:
		return outcome{kind: refused, refusal: refusal.Kind, code: codeOf(refusal), err: err}
	}
	return outcome{kind: failed, err: err}
}

func codeOf(refusal *app.Error) string {
	codes := []string{refusal.Code}
	for _, fault := range refusal.Faults {
		codes = append(codes, fault.Code)
	}
	slices.Sort(codes)
	return strings.Join(slices.Compact(codes), " ")
}

// rulesOf are the rules of a version that the world knows.
func (w *world) rulesOf(ref ruleset.Ref) *ruleset.RuleSet {
	rules, err := w.rules.Pinned(ref)
	must(w.t, err)
	return rules
}
