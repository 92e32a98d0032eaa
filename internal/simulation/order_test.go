// SPDX-License-Identifier: EUPL-1.2

package simulation

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/sroi"
)

// order is a command as someone gives it. It can be given again, to the letter.
type order struct {
	name string // of the command
	text string // what it is about, for the history
	call app.Call
	// run gives the command and returns what of the answer stays the same for ever.
	run func(ctx context.Context, s *app.Service, call app.Call) (string, error)
	// other gives the same command, under the same key, with another payload; nil
	// where the command has no key.
	other func(ctx context.Context, s *app.Service, call app.Call) (string, error)
	// lasting tells that the command made an item of its own: asked again it gives
	// the same answer whatever happened since. Otherwise it may also be refused as
	// overtaken.
	lasting bool
	// booked tells whether the command is in the table.
	booked func(v *view) bool
}

// order is a command with its payload.
func orderOf[In any](name, text string, call app.Call, in, other In, run func(context.Context, *app.Service, app.Call, In) (string, error)) order {
	given := func(payload In) func(context.Context, *app.Service, app.Call) (string, error) {
		return func(ctx context.Context, s *app.Service, call app.Call) (string, error) {
			return run(ctx, s, call, payload)
		}
	}
	return order{name: name, text: text, call: call, run: given(in), other: given(other)}
}

// that completes an order: how long its answer holds, and how it is found.
func (o order) that(lasts bool, booked func(v *view) bool) order {
	o.lasting, o.booked = lasts, booked
	return o
}

// guarded is an order that only If-Match protects: it has no key.
func (o order) guarded() order {
	o.other, o.call.Key = nil, ""
	return o
}

// game is what someone knows who is about to give an order.
type game struct {
	*rand.Rand
	view *view
	now  time.Time
	keys func() string // a new idempotency key
}

func (g *game) today() calendar.Date { return calendar.On(g.now) }

// hit is true so many times in a hundred.
func (g *game) hit(chance int) bool { return g.IntN(100) < chance }

func pick[T any](g *game, from []T) T { return from[g.IntN(len(from))] }

func (g *game) call(actor app.Actor) app.Call {
	return app.Call{Actor: actor, Now: g.now, Key: g.keys()}
}

// matching is a call that names the version it saw, now and then an old one.
func (g *game) matching(actor app.Actor, version int) app.Call {
	if g.hit(4) {
		version--
	}
	return matching(g.call(actor), version)
}

func (g *game) contracts() []string { return idsIn(g.view, "CONTRACT#") }

func (g *game) tenders() []string { return idsIn(g.view, "TENDER#") }

func idsIn(v *view, prefix string) []string {
	var ids []string
	for _, pk := range v.partitions(prefix) {
		ids = append(ids, pk[len(prefix):])
	}
	return ids
}

func (v *view) contract(id string) sroi.Contract {
	contract, _ := read[sroi.Contract](v, "CONTRACT#"+id, "HEAD")
	return contract
}

func (v *view) balance(id string) sroi.Balance {
	balance, _ := read[sroi.Balance](v, "CONTRACT#"+id, "BALANCE")
	return balance
}

func (v *view) entries(pk string) []sroi.Entry { return list[sroi.Entry](v, pk, "ENTRY#", "entry") }

func (v *view) placements(id string) []sroi.Placement {
	return list[sroi.Placement](v, "CONTRACT#"+id, "HEAD#", "placement")
}

func (v *view) statements(id string) []sroi.Statement {
	return list[sroi.Statement](v, "CONTRACT#"+id, "STATEMENT#", "statement")
}

func (v *view) statement(contract string, p calendar.Period) (sroi.Statement, bool) {
	return read[sroi.Statement](v, "CONTRACT#"+contract, "STATEMENT#"+p.String())
}

// revision is where the lines and decisions of a revision stand.
func revision(p calendar.Period, number int, linesHash string) string {
	return fmt.Sprintf("REV#%s#%04d-%s#", p, number, linesHash[:8])
}

func (v *view) lines(s sroi.Statement) []sroi.Line {
	return list[sroi.Line](v, "CONTRACT#"+s.Contract, revision(s.Period, s.Revision, s.LinesHash)+"LINE#", "line")
}

// decisions are those on the newest submission.
func (v *view) decisions(s sroi.Statement) []sroi.Decision {
	return v.decisionsOn(s.Contract, sroi.Revision{Period: s.Period, Number: s.Revision, LinesHash: s.LinesHash, Submission: s.Submission})
}

func (v *view) decisionsOn(contract string, r sroi.Revision) []sroi.Decision {
	prefix := revision(r.Period, r.Number, r.LinesHash) + fmt.Sprintf("DECISION#%04d#", r.Submission)
	return list[sroi.Decision](v, "CONTRACT#"+contract, prefix, "decision")
}
