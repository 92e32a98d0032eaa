// SPDX-License-Identifier: EUPL-1.2

package simulation

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/sroi"
	"socialreturn/internal/store/model"
)

// pair is two commands at the same time, from a stage on.
type pair struct {
	name  string
	stage stage
	make  func(w *world) [2]order
	// wins is how many of the two can be acknowledged, at least and at most.
	least, most int
	// folds tells that the pair itself brings the figures up to date.
	folds bool
	// long tells that the pair has hundreds of orders, which is for whoever asks
	// for no fewer seeds than usual; for more of them where reads are torn.
	long bool
}

// tear ends a query half-way and leaves half of a batch over, so that the other
// command's writes come in between.
func tear(call model.Call) model.Fate {
	switch call.Operation {
	case "Query":
		if !bytes.Contains(call.Body, []byte("ExclusiveStartKey")) {
			return model.Fate{Fault: model.ShortPage}
		}
	case "BatchGetItem":
		if len(touchesOf(call.Operation, call.Body).reads) > 1 {
			return model.Fate{Fault: model.Partial}
		}
	}
	return model.Fate{}
}

func (w *world) correcting(contract string, line int, verdict sroi.LineVerdict) order {
	word := app.LineDecision{Line: line, Verdict: verdict, Reason: "r", Text: "t"}
	entries := w.view.entries("CONTRACT#" + contract)
	i := slices.IndexFunc(entries, func(e sroi.Entry) bool { return e.Kind == sroi.StatementDecided })
	return correctOrder("correct-line", w.by(consultant, len(entries)), contract, app.CorrectionInput{
		Corrects: entries[i].Seq, Period: q1, Decision: &word, Reason: sroi.Objection, Text: "Op bezwaar.",
	})
}

func (w *world) proposed(propose func(*game) (order, bool)) order {
	for seed := range uint64(200) {
		g := &game{Rand: chance(seed), view: w.view, now: phases[0], keys: w.key}
		if o, ok := propose(g); ok {
			return o
		}
	}
	w.t.Fatal("nothing is proposed")
	return order{}
}

// twice is an order and its repeat.
func twice(o order) [2]order { return [2]order{o, o} }

// misused is an order and another under its key.
func misused(o order) [2]order {
	other := o
	other.run, other.other = o.other, o.run
	other.booked = func(*view) bool { return true } // looked for in the first
	o.booked = other.booked
	return [2]order{o, other}
}

// inTurn is several orders as one: it ends with the first that is not acknowledged.
func inTurn(orders ...order) order {
	all := orders[0]
	all.run = func(ctx context.Context, s *app.Service, _ app.Call) (essence string, err error) {
		for _, o := range orders {
			if essence, err = o.run(ctx, s, o.call); err != nil {
				return essence, err
			}
		}
		return essence, nil
	}
	return all
}

// approvingLate hands in the invoice of the first quarter once more with the third,
// and is about to approve it there.
func (w *world) approvingLate(contract string) order {
	claim := purchased("f-1", q1.Span().From, euros(900))
	claim.Period = q1
	later := func(actor app.Actor, version int) app.Call {
		call := w.by(actor, version)
		call.Now = phases[1]
		return call
	}
	q3 := calendar.MustPeriod("2022-Q3")
	w.must(saveOrder(later(suppliers[builder], 0), w.view.contract(contract), q3, 0, []sroi.Claim{claim}))
	w.changes()
	s, _ := w.view.statement(contract, q3)
	w.must(submitOrder(later(suppliers[builder], s.Version), s))
	w.changes()
	s, _ = w.view.statement(contract, q3)
	return decideOrder(later(consultant, s.Version), s, app.DecideInput{Lines: []app.LineDecision{{Line: 1, Verdict: sroi.Approved}}})
}

// pairs are the small histories that are gone through in every order.
func pairs(f fixture) []pair {
	one, two := f.contracts[0], f.contracts[1]
	contracted := func(w *world, number string) order {
		in := contractInput(f.tenders[0], "2", builder, number)
		return registerOrder(w.by(officer, 0), in)
	}
	return []pair{
		{"the same person, decided on two contracts", submitted, func(w *world) [2]order {
			return [2]order{w.approving(one, 1), w.approving(two, 1)}
		}, 2, 2, false, false},
		{"two lines of one statement", submitted, func(w *world) [2]order {
			return [2]order{w.approving(one, 1), w.approving(one, 2)}
		}, 2, 2, false, false},
		{"one line by two", submitted, func(w *world) [2]order {
			return [2]order{w.approving(two, 1), w.approving(two, 1)}
		}, 1, 1, false, false},
		{"decide and withdraw", submitted, func(w *world) [2]order {
			s := w.statement(two)
			return [2]order{w.approving(two, 1), withdrawOrder(w.by(suppliers[gardener], s.Version), s)}
		}, 1, 2, false, false},
		{"decide and send back", submitted, func(w *world) [2]order {
			s := w.statement(two)
			return [2]order{w.approving(two, 1), sendBackOrder(w.by(consultant, s.Version), s)}
		}, 1, 2, false, false},
		{"send back, and that again with all that follows", halfway, func(w *world) [2]order {
			s := w.statement(one)
			back := sendBackOrder(w.by(consultant, s.Version), s)
			return [2]order{back, inTurn(back, submitOrder(w.by(suppliers[builder], s.Version+1), s), w.approvingAt(s.Version+2, one, 1))}
		}, 0, 2, false, true},
		{"decide, and withdraw, submit and decide anew", submitted, func(w *world) [2]order {
			s := w.statement(two)
			reject := app.DecideInput{Lines: []app.LineDecision{{Line: 1, Verdict: sroi.Rejected, Reason: "r", Text: "t"}}}
			return [2]order{decideOrder(w.by(consultant, s.Version), s, reject), inTurn(
				withdrawOrder(w.by(suppliers[gardener], s.Version), s), submitOrder(w.by(suppliers[gardener], s.Version+1), s), w.approvingAt(s.Version+2, two, 1),
			)}
		}, 0, 2, false, true},
		{"one invoice in two statements", submitted, func(w *world) [2]order {
			return [2]order{w.approving(one, 2), w.approvingLate(one)}
		}, 1, 2, false, false},
		{"submit and amend", drafted, func(w *world) [2]order {
			return [2]order{submitOrder(w.by(suppliers[gardener], 1), w.statement(two)), w.amending(two)}
		}, 1, 2, false, false},
		{"submit and move to other rules", drafted, func(w *world) [2]order {
			return [2]order{submitOrder(w.by(suppliers[gardener], 1), w.statement(two)), w.moving(two)}
		}, 1, 1, false, false},
		{"correct and move to other rules", decided, func(w *world) [2]order {
			return [2]order{w.correcting(one, 1, sroi.Rejected), w.moving(one)}
		}, 1, 1, false, false},
		{"correct and decide", decided, func(w *world) [2]order {
			return [2]order{w.correcting(one, 1, sroi.Rejected), w.approving(two, 1)}
		}, 2, 2, false, false},
		{"correct back and decide", decided, func(w *world) [2]order {
			w.must(w.correcting(one, 1, sroi.Rejected))
			w.changes()
			return [2]order{w.correcting(one, 1, sroi.Approved), w.approving(two, 1)}
		}, 2, 2, false, false},
		{"roll up and move to other rules", decided, func(w *world) [2]order {
			w.must(w.amending(one))
			w.must(w.rolling(one))
			w.changes()
			return [2]order{w.rolling(one), w.moving(one)}
		}, 2, 2, false, false},
		{"correct and amend", decided, func(w *world) [2]order {
			return [2]order{w.correcting(one, 1, sroi.Rejected), w.amending(one)}
		}, 1, 1, false, false},
		{"two contracts from one lot", begun, func(w *world) [2]order {
			return [2]order{contracted(w, "C-1"), contracted(w, "C-2")}
		}, 1, 1, false, false},
		{"two placements", begun, func(w *world) [2]order {
			return [2]order{w.proposed(addPlacement), w.proposed(addPlacement)}
		}, 2, 2, false, false},
		{"two drafts", begun, func(w *world) [2]order {
			contract := w.view.contract(one)
			draft := func(hours int64) order {
				return saveOrder(w.by(suppliers[builder], 0), contract, q1, 0, []sroi.Claim{purchased(fmt.Sprint("F-", hours), q1.Span().From, euros(hours))})
			}
			return [2]order{draft(100), draft(200)}
		}, 1, 1, false, false},
		{"submit twice", drafted, func(w *world) [2]order { return twice(submitOrder(w.by(suppliers[gardener], 1), w.statement(two))) }, 1, 2, false, false},
		{"decide twice", submitted, func(w *world) [2]order { return twice(w.approving(two, 1)) }, 1, 2, false, false},
		{"correct twice", decided, func(w *world) [2]order { return twice(w.correcting(one, 1, sroi.Rejected)) }, 1, 2, false, false},
		{"register a contract twice", begun, func(w *world) [2]order { return twice(contracted(w, "C-1")) }, 1, 2, false, false},
		{"two corrections of all there is", decided, func(w *world) [2]order {
			balance := w.view.balance(one)
			decided, _ := w.view.verifying(one)
			all := app.CorrectionInput{Corrects: decided, Year: 2022, Delta: -balance.Verified, Reason: sroi.Miscalculated, Text: "Rekenfout."}
			correct := func() order { return correctOrder("correct-amount", w.by(consultant, balance.Seq), one, all) }
			return [2]order{correct(), correct()}
		}, 1, 1, false, false},
		{"one key for two decisions", submitted, func(w *world) [2]order { return misused(w.approving(one, 2)) }, 1, 1, false, false},
		{"one key for two corrections", decided, func(w *world) [2]order { return misused(w.correcting(one, 1, sroi.Rejected)) }, 1, 1, false, false},
		{"one key for two contracts", begun, func(w *world) [2]order { return misused(contracted(w, "C-1")) }, 1, 1, false, false},
		{"one key for two placements", begun, func(w *world) [2]order { return misused(w.proposed(addPlacement)) }, 1, 1, false, false},
		{"two roll-ups", decided, func(w *world) [2]order {
			w.must(w.rolling(two))
			return [2]order{w.rolling(one), w.rolling(one)}
		}, 2, 2, true, true},
		{"a roll-up while another decides and rolls up", submitted, func(w *world) [2]order {
			w.must(w.rolling(one))
			decideFirst, then := w.approving(two, 1), w.rolling(two)
			both := decideFirst
			both.run = func(ctx context.Context, s *app.Service, call app.Call) (string, error) {
				essence, err := decideFirst.run(ctx, s, call)
				if err == nil {
					_, err = then.run(ctx, s, call)
				}
				return essence, err
			}
			return [2]order{w.rolling(two), both}
		}, 2, 2, true, true},
		{"roll-ups of two ledgers", decided, func(w *world) [2]order { return [2]order{w.rolling(one), w.rolling(two)} }, 2, 2, true, false},
		{"roll up and decide", submitted, func(w *world) [2]order { return [2]order{w.rolling(two), w.approving(two, 1)} }, 2, 2, false, false},
	}
}

// TestEveryInterleaving plays each pair in every order of its store calls.
func TestEveryInterleaving(t *testing.T) { everyOrder(t, false) }

// TestEveryInterleavingOfTornReads does so while no read of several items is of one
// moment, which the engine promises of none.
func TestEveryInterleavingOfTornReads(t *testing.T) { everyOrder(t, true) }

func everyOrder(t *testing.T, torn bool) {
	few, _ := seeds()
	for _, p := range pairs(prepare(t)) {
		if p.long && (few < usualSeeds || torn && few == usualSeeds) {
			continue
		}
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			f, began := p.stage.at(t), time.Now()
			s := &search{torn: torn}
			explore(t, s, func(t *testing.T, sched *scheduler, s *search) { p.play(t, f, sched, s) })
			t.Logf("%d orders that can make a difference, %d more given up as equal to one of them; %s", s.orders, s.redundant, time.Since(began).Round(time.Millisecond))
			if s.orders < 2 || len(s.path) > 0 {
				t.Errorf("the search is not exhaustive: %d orders, %d choices left", s.orders, len(s.path))
			}
		})
	}
}

// The orders that are left out end as one that is not: all orders, one by one, have
// the same ends.
func TestTheSearchLosesNoEnd(t *testing.T) {
	for _, p := range pairs(prepare(t)) {
		if !slices.Contains([]string{"two contracts from one lot", "two placements", "submit and amend", "submit twice"}, p.name) {
			continue
		}
		var ends [2]map[string]bool
		var orders [2]int
		for i := range ends {
			ends[i] = map[string]bool{}
			s := &search{plain: i == 1}
			explore(t, s, func(t *testing.T, sched *scheduler, s *search) {
				if w := p.play(t, p.stage.at(t), sched, s); w != nil {
					ends[i][sroi.Digest(w.image())] = true
				}
			})
			orders[i] = s.orders
		}
		if !maps.Equal(ends[0], ends[1]) || orders[0] >= orders[1] {
			t.Errorf("%s: %d ends of %d orders, %d ends of all %d", p.name, len(ends[0]), orders[0], len(ends[1]), orders[1])
		}
		t.Logf("%s: %d ends, of %d orders as of all %d", p.name, len(ends[0]), orders[0], orders[1])
	}
}

// play is one order of a pair: its world, or nil where the order was given up.
func (p pair) play(t *testing.T, f fixture, sched *scheduler, s *search) *world {
	w := worldOver(t, f, nil)
	faults := model.Faults(w.fate)
	if s.torn {
		faults = tear
	}
	w.on(f.engine.Fork(model.Options{Now: w.now, Faults: faults}))
	w.service = serviceOver(clientOf(w), w.rules, sameSalt)
	workers := [2]string{"one", "two"}
	for _, who := range workers {
		salts := 0
		w.services[who] = serviceOver(clientOf(w), f.rules, func() string { salts++; return fmt.Sprint("zout van ", who, " ", salts) })
	}
	orders, outcomes, over := p.make(w), [2]outcome{}, atomic.Int32{}
	sched.engine, w.line = w.engine, sched
	for i, o := range orders {
		go func() {
			outcomes[i] = w.give(workers[i], o, o.run, 0, false)
			over.Add(1)
		}()
	}
	if !s.run(sched, func() int { return 2 - int(over.Load()) }) {
		s.redundant++
		return nil
	}
	s.orders++
	w.line = w.engine
	p.hold(w, orders, outcomes)
	if t.Failed() {
		for i, o := range orders {
			t.Logf("%s: %s %s: %s", workers[i], o.name, o.text, outcomes[i])
		}
		for _, n := range s.path {
			t.Log(n.chosen)
		}
	}
	return w
}

// hold holds the end of a pair to what must be true.
func (p pair) hold(w *world, orders [2]order, outcomes [2]outcome) {
	won := 0
	w.changes()
	for i, out := range outcomes {
		switch {
		case out.kind == failed:
			w.t.Errorf("%s: %s", orders[i].name, out)
		case out.kind == acknowledged && !orders[i].booked(w.view):
			w.t.Errorf("%s was acknowledged and is lost", orders[i].name)
		case out.kind == acknowledged:
			won++
		}
	}
	if won < p.least || won > p.most {
		w.t.Errorf("%d of two were acknowledged, want %d to %d", won, p.least, p.most)
	}
	if !p.folds {
		w.must(w.rollUp())
	}
	w.inspect()
	me := &person{Rand: chance(1), name: "again", world: w}
	for i, out := range outcomes {
		if out.kind == acknowledged {
			w.repeat(me, &given{order: orders[i], answered: true, essence: out.essence})
		}
	}
}
