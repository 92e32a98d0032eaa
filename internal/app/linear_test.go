// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"socialreturn/infra/local/engine/enginetest"
	"socialreturn/internal/app"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
	"socialreturn/internal/store"
)

// Histories of many clients at once, each call with its beginning and its end,
// are held against a sequential model: some order of the calls, each somewhere
// between its own beginning and end, must explain every answer.
//
// LINEAR_ROUNDS is how many histories of each kind are made, four unless it is
// set; LINEAR_SEED repeats the choices of a run, though not the interleaving.

const (
	clients       = 8
	callsOfClient = 20
	checkPatience = 20 * time.Second // after which a history is neither right nor wrong
)

func fromEnvironment(t *testing.T, name string, otherwise uint64) uint64 {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	value, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return value
}

// rounds makes histories, each in a house of its own, and checks them. Each of
// the wanted outcomes must have occurred in one of them.
func rounds(t *testing.T, round func(h *house, seed uint64) history, wanted ...string) {
	t.Helper()
	seed := fromEnvironment(t, "LINEAR_SEED", mathrand.Uint64())
	t.Logf("LINEAR_SEED=%d", seed)
	counts := map[string]int{}
	wantedRounds, decided := fromEnvironment(t, "LINEAR_ROUNDS", 4), uint64(0)
	for n := uint64(0); decided < wantedRounds && n < 2*wantedRounds; n++ {
		t.Run(fmt.Sprint("round ", n), func(t *testing.T) {
			made := round(newCutHouse(t), seed+n)
			if made.check(t, made.model) {
				decided++
			} else {
				t.Log("no verdict in time: this history proves nothing, another is made")
			}
			for outcome, count := range made.counts {
				counts[outcome] += count
			}
			made.books()
		})
	}
	if decided < wantedRounds {
		t.Errorf("only %d of %d histories came to a verdict", decided, wantedRounds)
	}
	for _, outcome := range wanted {
		if counts[outcome] == 0 {
			t.Errorf("no %q among %v", outcome, counts)
		}
	}
}

// history is what the clients of one house saw, what explains it, and a look at
// the books afterwards.
type history struct {
	*recorder
	model porcupine.Model
	books func()
}

// newCutHouse is a house whose line to the engine can be cut within a call.
func newCutHouse(t *testing.T) *house {
	t.Helper()
	config := enginetest.Config(t)
	whole, ok := config.HTTPClient.(*http.Client)
	if !ok {
		t.Fatalf("the engine's client is a %T", config.HTTPClient)
	}
	config.HTTPClient = &http.Client{Transport: cutLine{whole.Transport}}
	client := dynamodb.NewFromConfig(config)
	h := &house{t: t, ctx: t.Context(), today: "2022-01-03", Service: &app.Service{
		Store: store.New(client, enginetest.CreateTable(t, client)), Rules: ruleset.Embedded(), Salt: rand.Text,
		Persons: app.PersonKeys{{Version: 1, Secret: []byte(strings.Repeat("k", 32))}},
	}}
	h.settle()
	return h
}

// cutLine ends a call amid one of its requests, as a crash does.
type cutLine struct{ line http.RoundTripper }

// cut says at which request of a call, and whether the engine carries it out.
type cut struct {
	mutex   sync.Mutex
	after   int
	carried bool
	cancel  context.CancelFunc
}

type cutKey struct{}

func (c cutLine) RoundTrip(r *http.Request) (*http.Response, error) {
	scissors, cutting := r.Context().Value(cutKey{}).(*cut)
	if !cutting {
		return c.line.RoundTrip(r)
	}
	scissors.mutex.Lock()
	scissors.after--
	now := scissors.after < 0
	scissors.mutex.Unlock()
	if !now {
		return c.line.RoundTrip(r)
	}
	defer scissors.cancel()
	if scissors.carried {
		response, err := c.line.RoundTrip(r.WithContext(context.WithoutCancel(r.Context())))
		if err == nil {
			_ = response.Body.Close()
		}
	}
	return nil, context.Canceled
}

// recorder keeps a history. Its counts are of the outcomes seen, by kind of call
// and, where they are no success, by themselves.
type recorder struct {
	mutex   sync.Mutex
	began   time.Time
	history []porcupine.Operation
	counts  map[string]int
}

func newRecorder() *recorder { return &recorder{began: time.Now(), counts: map[string]int{}} }

const forever = int64(1) << 62

// call makes a call and records it. One whose outcome is unknown may take effect
// at any time after, or never: it never returns.
func (r *recorder) call(client int, input any, label string, do func() (output any, outcome string)) {
	began := time.Since(r.began).Nanoseconds()
	output, outcome := do()
	returned := time.Since(r.began).Nanoseconds()
	if outcome == unknown {
		returned = forever
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.counts[label+" "+outcome]++
	if outcome != done {
		r.counts[outcome]++
	}
	r.history = append(r.history, porcupine.Operation{ClientId: client, Input: input, Call: began, Output: output, Return: returned})
}

const (
	done    = "done"
	unknown = "unknown"
)

// outcomeOf is done, the code of a refusal, or unknown: a fault, or too busy,
// which both may have done their work by halves.
func outcomeOf(err error) string {
	refusal, refused := errors.AsType[*app.Error](err)
	switch {
	case err == nil:
		return done
	case refused && refusal.Kind != app.Unavailable:
		if len(refusal.Faults) > 0 {
			return refusal.Faults[0].Code
		}
		return refusal.Code
	}
	return unknown
}

// check holds the history against the model, and holds that it was worth it:
// calls did overlap. It tells whether there was time for a verdict.
func (r *recorder) check(t *testing.T, model porcupine.Model) bool {
	t.Helper()
	overlaps := 0
	for i, one := range r.history {
		for _, other := range r.history[i+1:] {
			if one.Call < other.Return && other.Call < one.Return && one.Return != forever && other.Return != forever {
				overlaps++
			}
		}
	}
	t.Logf("%d calls, %d overlaps, %v", len(r.history), overlaps, r.counts)
	if overlaps < len(r.history) {
		t.Errorf("only %d overlaps among %d calls", overlaps, len(r.history))
	}
	verdict, info := porcupine.CheckOperationsVerbose(model, r.history, checkPatience)
	if verdict != porcupine.Illegal {
		return verdict == porcupine.Ok
	}
	t.Errorf("the history is %s", verdict)
	for _, partial := range info.PartialLinearizationsOperations() {
		longest := []porcupine.Operation{}
		for _, candidate := range partial {
			if len(candidate) > len(longest) {
				longest = candidate
			}
		}
		t.Logf("the longest order explains %d calls; the last of them:", len(longest))
		for _, operation := range longest[max(0, len(longest)-5):] {
			t.Log("  ", model.DescribeOperation(operation.Input, operation.Output))
		}
		t.Log("the first calls that it does not explain:")
		explained := map[string]bool{}
		for _, operation := range longest {
			explained[fmt.Sprint(operation.ClientId, operation.Call)] = true
		}
		shown := 0
		for _, operation := range r.history {
			if !explained[fmt.Sprint(operation.ClientId, operation.Call)] && operation.Return != forever && shown < 10 {
				t.Log("  ", model.DescribeOperation(operation.Input, operation.Output))
				shown++
			}
		}
	}
	return true
}

// client is one of the clients of a history.
type client struct {
	*house
	*recorder
	number int
	chance *mathrand.Rand
	keys   int
	shared *sharedKeys
}

// sharedKeys are commands that somebody made, to be made again by anybody.
type sharedKeys struct {
	mutex    sync.Mutex
	commands []any
}

func (s *sharedKeys) add(command any) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.commands = append(s.commands, command)
}

// recent is one of the latest commands, and nil where there is none.
func (s *sharedKeys) recent(chance *mathrand.Rand) any {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if len(s.commands) == 0 {
		return nil
	}
	return s.commands[max(0, len(s.commands)-1-chance.IntN(6))]
}

// start runs the clients until all have made their calls.
func start(h *house, seed uint64, work func(c *client)) *recorder {
	history, shared := newRecorder(), &sharedKeys{}
	var group sync.WaitGroup
	for number := range clients {
		c := &client{house: h, recorder: history, number: number, chance: mathrand.New(mathrand.NewPCG(seed, uint64(number))), shared: shared}
		group.Go(func() {
			for range callsOfClient {
				work(c)
			}
		})
	}
	group.Wait()
	return history
}

// key is one that no other command has.
func (c *client) key() string {
	c.keys++
	return fmt.Sprint("k", c.number, "-", c.keys)
}

// calling is a call with a key and a version. Some are cut amid their requests.
func (c *client) calling(role sroi.Role, key string, match int) (context.Context, app.Call) {
	call := app.Call{
		Actor: app.Actor{Role: role, ID: "sub-" + string(role), Authorities: []sroi.AuthorityID{apeldoorn}, Supplier: builder, Desk: eenheid},
		Now:   time.Date(2023, 2, 1, 10, 0, 0, 0, time.UTC), Key: key, Match: &match,
	}
	ctx := c.ctx
	if c.chance.IntN(16) == 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithCancel(ctx)
		ctx = context.WithValue(ctx, cutKey{}, &cut{after: c.chance.IntN(9), carried: c.chance.IntN(2) == 0, cancel: cancel})
	}
	return ctx, call
}
