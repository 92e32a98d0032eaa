// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/anishathalye/porcupine"

	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/sroi"
)

const (
	employers = 3                         // contracts that claim the same person
	claimed   = calendar.Minutes(24 * 60) // a week, each
	norm      = calendar.Minutes(36 * 60) // a week, of which the three may get no more
	disputed  = "2022-Q1"                 // that all are about
	elsewhere = calendar.Minutes(-1)      // the answer no longer shows what was granted
	invoice   = "F-open"                  // of a line that nobody decides, so that the statement stays open
)

// tallyAct is something that takes or gives back a person's hours, or reads them.
type tallyAct struct {
	act        string // take giveBack read
	contract   int
	submission int // of the statement
	key        string
}

// tallyAnswer is what came of it.
type tallyAnswer struct {
	outcome string
	granted calendar.Minutes            // by a take
	version int                         // of the tally, in a reading
	taken   [employers]calendar.Minutes // in a reading
}

// personModel is the person in the model.
type personModel struct {
	version int
	taken   [employers]calendar.Minutes
	holder  [employers]int // the submission that takes
	acts    string         // keys of takes with what they were granted
}

func (m personModel) room(contract int) calendar.Minutes {
	left := norm
	for other, minutes := range m.taken {
		if other != contract {
			left -= minutes
		}
	}
	return min(claimed, left)
}

func (m personModel) effect(a tallyAct) (personModel, bool) {
	switch {
	case a.act == "take" && !strings.Contains(m.acts, " "+a.key+"="):
		granted := m.room(a.contract)
		m.taken[a.contract], m.holder[a.contract] = granted, a.submission
		m.acts += fmt.Sprintf(" %s=%d ", a.key, granted)
		m.version++
		return m, true
	case a.act == "giveBack" && m.holder[a.contract] == a.submission && m.taken[a.contract] > 0:
		m.taken[a.contract] = 0
		m.version++
		return m, true
	}
	return m, false
}

func (m personModel) step(a tallyAct, got tallyAnswer) (bool, personModel) {
	after, possible := m.effect(a)
	switch {
	case a.act == "read":
		return got.version == m.version && got.taken == m.taken, m
	case got.outcome == unknown && possible:
		return true, after
	case got.outcome != done: // refused, or never came about
		return true, m
	case a.act == "giveBack": // nothing to give back is well too
		return true, after
	case possible:
		return got.granted == after.taken[a.contract], after
	}
	return strings.Contains(m.acts, fmt.Sprintf(" %s=%d ", a.key, got.granted)), m
}

// steps are the states that a call may leave. A take that is refused because the
// statement went on may have taken before that, which is then given back.
func (m personModel) steps(a tallyAct, got tallyAnswer) []any {
	possible, after := m.step(a, got)
	if !possible {
		return nil
	}
	if overtaken, took := m.effect(a); a.act == "take" && got.outcome == "versie-verouderd" && took {
		return []any{after, overtaken}
	}
	return []any{after}
}

var tallyModel = (&porcupine.NondeterministicModel{
	Init: func() []any { return []any{personModel{}} },
	Step: func(state, input, output any) []any {
		return state.(personModel).steps(input.(tallyAct), output.(tallyAnswer))
	},
	DescribeOperation: func(input, output any) string { return fmt.Sprintf("%+v: %+v", input, output) },
}).ToModel()

// TestAPersonsTallyIsLinearizable has three contracts claim the same person:
// clients approve the hours, send back and withdraw, with keys used twice and
// calls cut, while others read what is taken. No more than the norm is granted.
func TestAPersonsTallyIsLinearizable(t *testing.T) {
	t.Parallel()
	rounds(t, func(h *house, seed uint64) history {
		var contracts []sroi.Contract
		for i := range employers {
			contract := h.contract(fmt.Sprint("persoon-", i))
			number := h.add(contract, placementInput("Jansen", 24))
			h.draft(contract, disputed, h.placed(contract, number, 312), h.purchased(contract, invoice, "100"))
			contracts = append(contracts, contract)
		}
		file, err := h.Store.File(h.ctx, contracts[0].ID)
		h.must(err)
		person := file.Placements[0].Person
		seen := start(h, seed, func(c *client) { c.onTally(contracts, person) })
		return history{seen, tallyModel, func() {
			for _, contract := range contracts {
				h.balance(contract)
			}
		}}
	}, "take done", "giveBack done", "read done", unknown, "regel-al-beoordeeld", "niet-ingediend")
}

// onTally looks at a contract's statement and does what its state allows, or
// repeats what somebody did.
func (c *client) onTally(contracts []sroi.Contract, person sroi.Token) {
	c.call(c.number, tallyAct{act: "read"}, "read", func() (any, string) {
		found, err := c.Store.Person(c.ctx, person)
		got := tallyAnswer{outcome: outcomeOf(err), version: found.TallyVersion}
		for _, take := range found.Takes {
			at := slices.IndexFunc(contracts, func(contract sroi.Contract) bool { return contract.ID == take.Contract })
			for _, hours := range take.Hours {
				got.taken[at] = hours.PerWeek
			}
		}
		return got, got.outcome
	})
	next := tallyCommand{key: c.key()}
	next.contract = c.chance.IntN(employers)
	head, err := c.Store.Statement(c.ctx, contracts[next.contract].ID, calendar.MustPeriod(disputed))
	if err != nil {
		c.t.Error(err)
		return
	}
	if head.State != sroi.Submitted { // which the tally does not notice
		_, call := c.calling(sroi.Supplier, next.key, head.Version)
		_, _ = c.SubmitStatement(c.ctx, call, contracts[next.contract].ID, calendar.MustPeriod(disputed)) // somebody else may have
		return
	}
	acts := []string{"approve", "approve", "sendBack", "withdraw"}
	next.act, next.head = acts[c.chance.IntN(len(acts))], head
	if again, known := c.shared.recent(c.chance).(tallyCommand); known && c.chance.IntN(4) == 0 {
		next = again
	} else {
		c.shared.add(next)
	}
	c.onStatement(contracts[next.contract], next)
}

// tallyCommand is a command on the statement of a contract, as it was seen.
type tallyCommand struct {
	act, key string
	contract int
	head     sroi.Statement
}

func (c *client) onStatement(contract sroi.Contract, next tallyCommand) {
	of := tallyAct{act: "giveBack", contract: next.contract, submission: next.head.Submission, key: next.key}
	if next.act == "approve" {
		of.act = "take"
	}
	period := calendar.MustPeriod(disputed)
	c.call(c.number, of, of.act, func() (any, string) {
		var file app.StatementFile
		var err error
		switch next.act {
		case "withdraw":
			ctx, call := c.calling(sroi.Supplier, next.key, next.head.Version)
			_, err = c.WithdrawStatement(ctx, call, contract.ID, period)
		case "sendBack":
			ctx, call := c.calling(sroi.Consultant, next.key, next.head.Version)
			_, err = c.Decide(ctx, call, contract.ID, period, app.DecideInput{SendBack: "graag aanvullen"})
		default:
			ctx, call := c.calling(sroi.Consultant, next.key, next.head.Version)
			file, err = c.Decide(ctx, call, contract.ID, period, app.DecideInput{Lines: []app.LineDecision{approve(1)}})
		}
		got := tallyAnswer{outcome: outcomeOf(err)}
		if next.act == "approve" && got.outcome == done {
			got.granted = granted(file, next.head)
			if got.granted == elsewhere {
				got.outcome = unknown
			}
		}
		return got, got.outcome
	})
}

// granted is what the decision on the first line grants, as long as the
// statement is as it was.
func granted(file app.StatementFile, head sroi.Statement) calendar.Minutes {
	if file.Statement.Version != head.Version || len(file.Decisions) == 0 {
		return elsewhere
	}
	var minutes calendar.Minutes
	for _, hours := range file.Decisions[0].Hours {
		minutes = hours.PerWeek
	}
	return minutes
}
