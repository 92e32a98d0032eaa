// SPDX-License-Identifier: EUPL-1.2

package simulation

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/aws/smithy-go"

	"socialreturn/internal/app"
	"socialreturn/internal/sroi"
)

// given is an order with what came of it.
type given struct {
	order
	last     outcome // the newest try
	answered bool    // it was acknowledged
	essence  string  // of the acknowledgement
}

// person gives orders, again and again where no answer came.
type person struct {
	*rand.Rand
	name  string
	world *world
	given []*given
}

func newPerson(w *world, seed uint64, number int) *person {
	return &person{Rand: rand.New(rand.NewPCG(seed, uint64(number))), name: fmt.Sprint("person ", number), world: w}
}

func (p *person) hit(chance int) bool { return p.IntN(100) < chance }

// work gives so many orders.
func (p *person) work(orders int) {
	for range orders {
		time.Sleep(time.Duration(p.IntN(int(2 * time.Second))))
		if o, ok := p.propose((*game).any); ok {
			p.insist(o)
		}
	}
}

// closeNext closes the next year of an authority, and gives the second person's word
// on whatever close waits for one.
func (p *person) closeNext(id sroi.AuthorityID) {
	for _, think := range []func(g *game) (order, bool){func(g *game) (order, bool) { return closeNext(g, id) }, confirmClose} {
		time.Sleep(time.Duration(p.IntN(int(2 * time.Second))))
		if o, ok := p.propose(think); ok {
			p.insist(o)
		}
	}
}

// propose looks at the world as it is and thinks of an order.
func (p *person) propose(think func(g *game) (order, bool)) (order, bool) {
	v := p.world.view
	v.mutex.Lock()
	defer v.mutex.Unlock()
	v.refresh()
	g := &game{Rand: p.Rand, view: v, now: p.world.now(), keys: p.world.key}
	for range 8 {
		if o, ok := think(g); ok {
			return o, true
		}
	}
	return order{}, false
}

// insist gives an order until it is answered, or gives up. Answered orders are
// repeated now and then, and their keys used for something else.
func (p *person) insist(o order) {
	g := &given{order: o}
	p.given = append(p.given, g)
	for range 5 {
		dieAt := 0
		if p.hit(12) {
			dieAt = 1 + p.IntN(12)
		}
		p.try(g, dieAt)
		switch {
		case g.last.kind == acknowledged && p.hit(12):
			p.world.injected("repeat after an answer")
			p.reuse(g)
		case (g.last.kind == failed || g.last.kind == died) && p.hit(80):
			p.world.injected("repeat after a failure")
			time.Sleep(time.Duration(p.IntN(int(time.Second))))
		case g.last.kind == refused && p.hit(5):
			p.world.injected("repeat after a refusal")
		default:
			return
		}
	}
}

func (p *person) try(g *given, dieAt int) {
	out := p.world.give(p.name, g.order, g.run, dieAt, p.hit(50))
	p.world.counted(g.name, out.kind)
	p.world.tell("%s: %s %s: %s", p.name, g.name, g.text, out)
	p.judge(g, out)
	g.last = out
	if out.kind == acknowledged {
		g.answered, g.essence = true, out.essence
	}
}

// judge holds the answer to an order against its earlier ones.
func (p *person) judge(g *given, out outcome) {
	switch {
	case out.kind == failed && !transient(out.err) && !(g.closes() && errors.Is(out.err, context.DeadlineExceeded)): // the patience of who closes ends
		p.world.t.Errorf("%s %s ends in an internal error: %v", g.name, g.text, out.err)
	case !g.answered:
	case out.kind == acknowledged && out.essence != g.essence:
		p.world.t.Errorf("%s %s answers otherwise when it is repeated: %s, before %s", g.name, g.text, out.essence, g.essence)
	case out.kind == refused && !g.mayBeOvertaken(out):
		p.world.t.Errorf("%s %s was acknowledged and is refused when it is repeated: %s", g.name, g.text, out.code)
	}
}

// mayBeOvertaken tells whether a refusal of a repeat is one that says that others
// went on since.
func (g *given) mayBeOvertaken(out outcome) bool {
	return !g.lasting && (out.refusal == app.Stale || out.refusal == app.Conflict || out.refusal == app.Unmatched)
}

// reuse uses the key of an order for something else, now and then.
func (p *person) reuse(g *given) {
	if g.other == nil || p.hit(50) {
		return
	}
	p.world.injected("key used for something else")
	out := p.world.give(p.name, g.order, g.other, 0, false)
	p.world.tell("%s: %s under the key of %s: %s", p.name, g.name, g.text, out)
	if out.kind == acknowledged || out.kind == refused && out.refusal != app.KeyReused && !g.mayBeOvertaken(out) {
		p.world.t.Errorf("%s %s: another payload under its key: %s", g.name, g.text, out)
	}
}

// transient tells whether an internal error is the store's, which failed for
// longer than one has patience; others are faults of the house.
func transient(err error) bool {
	var operation *smithy.OperationError
	return errors.As(err, &operation) || strings.Contains(err.Error(), "in conflict with other writers, or throttled, for too long")
}
