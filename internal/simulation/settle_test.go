// SPDX-License-Identifier: EUPL-1.2

package simulation

import (
	"slices"

	"socialreturn/internal/app"
	"socialreturn/internal/sroi"
)

// settle lets the people find out what came of their orders, now that nothing
// fails, finishes what was left half, and brings the rest of the stream.
func (w *world) settle(staff []*person, line []*shard) {
	for _, p := range staff {
		for _, g := range p.given {
			unknown := g.last.kind == failed || g.last.kind == died
			if unknown && (p.hit(70) || g.name == "send-back") {
				p.try(g, 0)
			}
		}
	}
	w.changes()
	for _, id := range idsIn(w.view, "CONTRACT#") {
		for _, s := range w.view.statements(id) {
			if s.State == sroi.Submitted && len(w.view.decisions(s)) == s.Lines {
				w.closeStatement(s)
			}
		}
	}
	w.goOn(staff)
	for _, s := range line {
		s.drain()
	}
	if left := redrive(w, line); len(slices.DeleteFunc(left, func(ledger string) bool { return ledger == poison })) > 0 {
		w.t.Errorf("the failure queue cannot be redriven: %v", left)
	}
	w.changes()
	w.askAgain()
}

// closeStatement finishes a statement of which every line was decided, by someone
// who died before the end.
func (w *world) closeStatement(s sroi.Statement) {
	g := &game{view: w.view, now: w.now(), keys: w.key}
	o := decideOrder(matching(g.call(consultant), s.Version), s, app.DecideInput{})
	if out := w.give("close", o, o.run, 0, false); out.kind != acknowledged {
		w.t.Errorf("a statement with all its lines decided cannot be closed: %s", out)
	}
}

// repeatAll gives every order once more: what was acknowledged is there, answers
// the same and writes nothing, and its key is refused for anything else.
func (w *world) repeatAll(staff []*person) {
	for _, p := range staff {
		for _, g := range p.given {
			booked := g.booked(w.view)
			switch {
			case g.answered && !booked:
				w.t.Errorf("%s %s was acknowledged and is lost", g.name, g.text)
			case g.answered:
				w.repeat(p, g)
			case booked && g.lasting:
				p.try(g, 0) // its answer was never heard
				if !g.answered {
					w.t.Errorf("%s %s is booked and refused when it is repeated: %s", g.name, g.text, g.last)
				}
			}
			if booked && g.other != nil && g.answered {
				w.misuse(p, g)
			}
		}
	}
}

func (w *world) repeat(p *person, g *given) {
	before := w.changes()
	p.try(g, 0)
	if n := w.changes() - before; n > 0 {
		w.t.Errorf("%s %s changes %d items when it is repeated", g.name, g.text, n)
	}
}

func (w *world) misuse(p *person, g *given) {
	before := w.changes()
	p.reuse(g)
	if n := w.changes() - before; n > 0 {
		w.t.Errorf("%s %s changes %d items under another payload", g.name, g.text, n)
	}
}

// replayed delivers the whole stream again in some runs: nothing may change.
func (w *world) replayed(line []*shard, seed uint64) {
	if seed%4 != 0 {
		return
	}
	for _, s := range line {
		s.drain() // a repeat may have completed what a death had cut short
	}
	before := w.changes()
	for _, s := range line {
		s.replay()
	}
	w.injected("stream: replay after three days")
	if n := w.changes() - before; n > 0 {
		w.t.Errorf("a replay of the stream changes %d items", n)
	}
}
