// SPDX-License-Identifier: EUPL-1.2

package simulation

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/sroi"
	"socialreturn/internal/store/model"
)

var q1 = calendar.MustPeriod("2022-Q1")

// stage is a world before a command: how far the first quarter of both contracts is.
type stage string

// The stages, each from the one before.
const (
	begun     stage = "begun"
	drafted   stage = "drafted"   // of the first contract one placement and an invoice, of the second the same person
	submitted stage = "submitted" // both
	halfway   stage = "halfway"   // the first line of the first contract is decided
	decided   stage = "decided"   // the first contract's are; the second's is submitted
	prepared  stage = "prepared"  // the close of a year waits for a second person
)

var stages = []stage{begun, drafted, submitted, halfway, decided, prepared}

var (
	staged      = map[stage]fixture{}
	stagedMutex sync.Mutex
)

// at is the fixture at a stage.
func (s stage) at(t testing.TB) fixture {
	t.Helper()
	f := prepare(t)
	stagedMutex.Lock()
	defer stagedMutex.Unlock()
	for _, each := range stages {
		if _, known := staged[each]; !known {
			staged[each] = each.after(t, f)
		}
		f = staged[each]
		if each == s {
			break
		}
	}
	return f
}

// after is the fixture at this stage, from that at the one before.
func (s stage) after(t testing.TB, f fixture) fixture {
	w := quiet(t, f)
	one, two := w.view.contract(f.contracts[0]), w.view.contract(f.contracts[1])
	switch s {
	case drafted:
		w.must(saveOrder(w.by(suppliers[builder], 0), one, q1, 0, []sroi.Claim{placed(1, 450*60), purchased("F-1", q1.Span().From, euros(900))}))
		w.must(saveOrder(w.by(suppliers[gardener], 0), two, q1, 0, []sroi.Claim{placed(1, 260*60)}))
	case submitted:
		for i, id := range f.contracts {
			w.must(submitOrder(w.by(suppliers[[]string{builder, gardener}[i]], 1), w.statement(id)))
		}
	case halfway:
		w.must(w.approving(one.ID, 1))
	case decided:
		w.must(w.approving(one.ID, 2))
	case prepared:
		w.must(closeOrder(w.by(consultant, 0), app.CloseInput{Authority: brummen, Year: firstYear}, 0))
	}
	f.engine = w.engine
	return f
}

// quiet is a world at a fixture in which nothing fails and every salt is the same.
func quiet(t testing.TB, f fixture) *world {
	w := worldOver(t, f, nil)
	w.on(f.engine.Fork(model.Options{Now: w.now, Faults: w.fate}))
	w.service = serviceOver(clientOf(w), f.rules, sameSalt)
	return w
}

// by is a call on a version; on none where that is zero.
func (w *world) by(actor app.Actor, version int) app.Call {
	call := app.Call{Actor: actor, Now: phases[0], Key: w.key()}
	if version > 0 {
		call = matching(call, version)
	}
	return call
}

func (w *world) statement(contract string) sroi.Statement {
	w.changes()
	s, _ := w.view.statement(contract, q1)
	return s
}

// approving approves lines of the first quarter.
func (w *world) approving(contract string, lines ...int) order {
	return w.approvingAt(w.statement(contract).Version, contract, lines...)
}

// approvingAt approves them at a version of the statement, now or once it is
// submitted again.
func (w *world) approvingAt(version int, contract string, lines ...int) order {
	s, in := w.statement(contract), app.DecideInput{}
	if version != s.Version {
		s.Submission++
	}
	for _, line := range lines {
		in.Lines = append(in.Lines, app.LineDecision{Line: line, Verdict: sroi.Approved})
	}
	return decideOrder(w.by(consultant, version), s, in)
}

// must gives an order that is to be acknowledged.
func (w *world) must(o order) string {
	w.t.Helper()
	out := w.give("stage", o, o.run, 0, false)
	if out.kind != acknowledged {
		w.t.Fatalf("%s %s: %s", o.name, o.text, out)
	}
	return out.essence
}

// rollUp is the roll-up of all ledgers as an order.
func (w *world) rollUp() order {
	w.changes()
	return rollUpOrder(slices.Concat(w.view.partitions("CONTRACT#"), w.view.partitions("TENDER#")))
}

// rolling is the roll-up of one contract.
func (w *world) rolling(contract string) order { return rollUpOrder([]string{"CONTRACT#" + contract}) }

// amending gives a contract more value.
func (w *world) amending(contract string) order {
	return amendOrder(w.by(officer, w.view.balance(contract).Seq), contract, app.AmendmentInput{
		Kind: sroi.AmendValue, Reason: sroi.MoreWork, Text: "Meerwerk.", Effective: calendar.MustDate("2022-03-01"), Value: ref(euros(900_000)),
	})
}

func (w *world) moving(contract string) order {
	return moveOrder(w.by(consultant, w.view.balance(contract).Seq), w.view, contract)
}

func rollUpOrder(ledgers []string) order {
	run := func(ctx context.Context, s *app.Service, _ app.Call) (string, error) {
		var failures []error
		for ledger, err := range s.RollUp(ctx, ledgers) {
			failures = append(failures, fmt.Errorf("%s: %w", ledger, err))
		}
		return "", errors.Join(failures...)
	}
	return order{name: "roll-up", run: run, lasting: true, booked: func(*view) bool { return true }}
}

// example is an order of a command, and a stage at which it is acknowledged and
// changes something.
func example(t testing.TB, name string, propose func(*game) (order, bool)) (order, fixture) {
	t.Helper()
	for _, s := range slices.Backward(stages) {
		f := s.at(t)
		for seed := range uint64(60) {
			w := quiet(t, f)
			g := &game{Rand: chance(seed), view: w.view, now: phases[0], keys: w.key}
			o, ok := propose(g)
			if !ok {
				continue
			}
			if out := w.give("example", o, o.run, 0, false); out.kind == acknowledged && w.changes() > w.begun {
				return o, f
			}
		}
	}
	t.Fatalf("there is no example of %s", name)
	return order{}, fixture{}
}

// image is the contents of a table.
func (w *world) image() map[string]string {
	w.changes()
	image := make(map[string]string, len(w.view.items))
	for k, item := range w.view.items {
		image[k.pk+" "+k.sk] = encoded(item)
	}
	return image
}

// sameImage holds two tables to be equal.
func sameImage(t testing.TB, got, want map[string]string) {
	t.Helper()
	for k, item := range want {
		if got[k] != item {
			t.Errorf("%s is %s, want %s", k, got[k], item)
		}
	}
	for k, item := range got {
		if _, wanted := want[k]; !wanted {
			t.Errorf("%s is left: %s", k, item)
		}
	}
}
