// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/anishathalye/porcupine"

	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/sroi"
)

// contested are the periods that the clients work on, with what each claims.
var (
	contested = []string{"2022-Q1", "2022-Q2", "2022-Q3"}
	claims    = [3]money.Cents{1_000_00, 2_500_00, 4_000_00}
)

// command is one command on the contract, or a reading.
type command struct {
	act     string // submit withdraw approve reject sendBack correct amend; read, head
	quarter int
	key     string
	match   int
	amount  money.Cents // delta of a correction, value of an amendment
}

// answered is what the client saw of it.
type answered struct {
	outcome string
	version int                 // of the statement
	state   sroi.StatementState // of the statement
	balance sums                // of a reading, a correction and an amendment
}

// sums are the number of the newest entry and what the entries come to.
type sums struct {
	seq                                  int
	obliged, pending, verified, rejected money.Cents
}

// statementModel is a statement in the model: the acts are those that the head
// remembers.
type statementModel struct {
	state          sroi.StatementState
	version        int
	submitted, act string // key and payload
}

// contractModel is the contract in the model. It is compared with ==.
type contractModel struct {
	sums
	value    money.Cents
	quarters [3]statementModel
	booked   string // keys and payloads of corrections and amendments
}

// payload of a command, as a repetition is held to it.
func (c command) payload() string {
	given := c.match
	if c.act == "correct" || c.act == "amend" {
		given = int(c.amount)
	}
	return fmt.Sprint(" ", c.act, c.quarter, "/", c.key, "/", given, " ")
}

// family is the payload up to the key: the same one with another payload is a
// key used again. Decisions share their route.
func (c command) family() string {
	act := c.act
	if act == "approve" || act == "reject" || act == "sendBack" {
		act = "decide"
	}
	return fmt.Sprint(act, c.quarter, "/", c.key)
}

// step is the sequential specification.
func (m contractModel) step(c command, a answered) (bool, contractModel) {
	if a.outcome == unknown {
		if after, ok := m.effect(c); ok {
			return true, after
		}
		return true, m
	}
	q := m.quarters[c.quarter]
	switch c.act {
	case "read":
		return a.balance == m.sums, m
	case "head":
		return a.version == q.version && a.state == q.state, m
	case "correct", "amend":
		return m.stepLedger(c, a)
	}
	repeated := q.act == c.payload() || c.act == "submit" && q.submitted == c.payload()
	if a.outcome != done {
		return m.refuses(c, a.outcome, repeated), m
	}
	if repeated { // answered as it is now
		return a.version == q.version && a.state == q.state, m
	}
	after, ok := m.effect(c)
	if !ok {
		// A decision written for a submission that was taken back meanwhile books nothing.
		decides := c.act == "approve" || c.act == "reject"
		return decides && a.state != sroi.Decided && a.version == q.version && a.state == q.state, m
	}
	now := after.quarters[c.quarter]
	return a.version == now.version && a.state == now.state, after
}

// refuses tells whether a refusal fits the state. Losing a race is always
// possible, and so is to find decisions that are not booked yet.
func (m contractModel) refuses(c command, outcome string, repeated bool) bool {
	state := m.quarters[c.quarter].state
	switch outcome {
	case "versie-verouderd", "regel-al-beoordeeld", "al-geteld", "beoordeling-begonnen":
		return !repeated
	case "al-ingediend":
		return !repeated && c.act == "submit" && (state == sroi.Submitted || state == sroi.Decided)
	case "niet-ingediend":
		return !repeated && c.act != "submit" && state != sroi.Submitted
	case "sleutel-hergebruikt":
		return !repeated
	}
	return false
}

// stepLedger is the part about corrections and amendments.
func (m contractModel) stepLedger(c command, a answered) (bool, contractModel) {
	repeated := strings.Contains(m.booked, c.payload())
	reused := !repeated && strings.Contains(m.booked, " "+c.family()+"/")
	switch a.outcome {
	case done:
		if repeated {
			return true, m
		}
		after, ok := m.effect(c)
		return ok && a.balance == after.sums, after
	case "sleutel-hergebruikt":
		return reused, m
	case "versie-verouderd":
		return !repeated && !reused && c.match != m.seq, m
	case "bedrag-onmogelijk":
		_, possible := m.effectLedger(c)
		return !repeated && !reused && c.match == m.seq && !possible, m
	}
	return false, m
}

// effect is what a command does where the state allows it.
func (m contractModel) effect(c command) (contractModel, bool) {
	if c.act == "correct" || c.act == "amend" {
		return m.effectLedger(c)
	}
	q, claimed := &m.quarters[c.quarter], claims[c.quarter]
	if c.match != q.version {
		return m, false
	}
	submitted := q.state == sroi.Submitted
	switch {
	case c.act == "submit" && (q.state == sroi.Draft || q.state == sroi.SentBack):
		q.state, q.submitted = sroi.Submitted, c.payload()
		m.pending += claimed
	case c.act == "withdraw" && submitted:
		q.state, q.act = sroi.Draft, c.payload()
		m.pending -= claimed
	case c.act == "sendBack" && submitted:
		q.state, q.act = sroi.SentBack, c.payload()
		m.pending -= claimed
	case c.act == "approve" && submitted:
		q.state, q.act = sroi.Decided, c.payload()
		m.pending, m.verified = m.pending-claimed, m.verified+claimed
	case c.act == "reject" && submitted:
		q.state, q.act = sroi.Decided, c.payload()
		m.pending, m.rejected = m.pending-claimed, m.rejected+claimed
	default:
		return m, false
	}
	q.version++
	m.seq++
	return m, true
}

func (m contractModel) effectLedger(c command) (contractModel, bool) {
	switch {
	case c.match != m.seq || strings.Contains(m.booked, " "+c.family()+"/"):
		return m, false
	case c.act == "correct" && c.amount != 0 && m.verified+c.amount >= 0:
		m.verified += c.amount
	case c.act == "amend" && c.amount != m.value:
		m.value, m.obliged = c.amount, c.amount/20
	default:
		return m, false
	}
	m.booked += c.payload()
	m.seq++
	return m, true
}

func (c command) String() string {
	return fmt.Sprintf("%s %d key %s match %d amount %d", c.act, c.quarter, c.key, c.match, c.amount)
}

func modelOf(initial contractModel) porcupine.Model {
	return porcupine.Model{
		Init: func() any { return initial },
		Step: func(state, input, output any) (bool, any) {
			ok, after := state.(contractModel).step(input.(command), output.(answered))
			return ok, after
		},
		DescribeOperation: func(input, output any) string { return fmt.Sprintf("%v: %+v", input, output) },
	}
}

func sumsOf(b sroi.Balance) sums {
	return sums{b.Seq, b.Obliged, b.Pending, b.Verified, b.Rejected}
}

// TestABalanceIsLinearizable has clients submit, withdraw, decide, send back,
// correct and amend one contract, with keys used twice and stale versions, some
// cut amid the call, while others read the balance.
func TestABalanceIsLinearizable(t *testing.T) {
	t.Parallel()
	rounds(t, func(h *house, seed uint64) history {
		in := contractInput(h.awarded("lineair"))
		in.Opening = &sroi.Opening{Verified: cents("1000"), AsOf: calendar.MustDate("2022-01-01"), Note: "overgenomen"}
		account, err := h.RegisterContract(h.ctx, h.as(sroi.Officer), in)
		h.must(err)
		contract := account.Contract
		initial := contractModel{value: contract.Value}
		for i, quarter := range contested {
			claim := h.purchased(contract, fmt.Sprint("F-", i), fmt.Sprint(int64(claims[i]/100)))
			claim.Purchase.InvoiceDate = calendar.MustPeriod(quarter).Span().From.AddDays(20)
			file := h.draft(contract, quarter, claim)
			if file.Statement.Claimed != claims[i] {
				h.t.Fatalf("claimed %s", file.Statement.Claimed)
			}
			initial.quarters[i] = statementModel{state: file.Statement.State, version: file.Statement.Version}
		}
		balance := h.balance(contract)
		initial.seq, initial.obliged, initial.verified = balance.Seq, balance.Obliged, balance.Verified
		seen := start(h, seed, func(c *client) { c.onBalance(contract) })
		return history{seen, modelOf(initial), func() { h.balance(contract) }} // the fold of its entries
	}, "submit done", "withdraw done", "sendBack done", "decide done", "correct done", "amend done", "read done",
		unknown, "al-ingediend", "niet-ingediend", "versie-verouderd", "sleutel-hergebruikt")
}

// onBalance makes a reading and then a command on what was read, or somebody's
// command again.
func (c *client) onBalance(contract sroi.Contract) {
	if again, known := c.shared.recent(c.chance).(command); known && c.chance.IntN(4) == 0 {
		if c.chance.IntN(3) == 0 { // the same key for something else
			again.match++
			again.amount += 1_000_00
		}
		c.perform(contract, again)
		return
	}
	next := command{key: c.key()}
	if c.chance.IntN(3) == 0 {
		next.match = c.readBalance(contract)
		next.act, next.amount = "correct", money.Cents(c.chance.IntN(5)-2)*500_00
		if next.amount == 0 {
			next.act, next.amount = "amend", money.Cents(500_000_00+c.chance.IntN(500)*1_000_00)
		}
	} else {
		next.quarter = c.chance.IntN(len(contested))
		head := c.readHead(contract, next.quarter)
		next.match, next.act = head.Version, c.fitting(head.State)
	}
	if c.chance.IntN(10) == 0 {
		next.match--
	}
	c.shared.add(next)
	c.perform(contract, next)
}

// fitting is mostly an act that the state allows. Decisions are rare, for they
// are the end.
func (c *client) fitting(state sroi.StatementState) string {
	acts := "submit withdraw sendBack approve reject"
	switch {
	case c.chance.IntN(5) == 0:
	case state == sroi.Submitted && c.chance.IntN(6) > 0:
		acts = "withdraw sendBack"
	case state == sroi.Submitted:
		acts = "approve reject"
	case state != sroi.Decided:
		acts = "submit"
	}
	choice := strings.Fields(acts)
	return choice[c.chance.IntN(len(choice))]
}

func (c *client) readBalance(contract sroi.Contract) (seq int) {
	c.call(c.number, command{act: "read"}, "read", func() (any, string) {
		account, err := c.Store.Account(c.ctx, contract.ID)
		seq = account.Balance.Seq
		return answered{outcome: outcomeOf(err), balance: sumsOf(account.Balance)}, outcomeOf(err)
	})
	return seq
}

func (c *client) readHead(contract sroi.Contract, quarter int) (head sroi.Statement) {
	c.call(c.number, command{act: "head", quarter: quarter}, "head", func() (any, string) {
		var err error
		head, err = c.Store.Statement(c.ctx, contract.ID, calendar.MustPeriod(contested[quarter]))
		return answered{outcome: outcomeOf(err), version: head.Version, state: head.State}, outcomeOf(err)
	})
	return head
}

// perform gives a command.
func (c *client) perform(contract sroi.Contract, next command) {
	period := calendar.MustPeriod(contested[next.quarter])
	label := next.act
	if label == "approve" || label == "reject" {
		label = "decide"
	}
	c.call(c.number, next, label, func() (any, string) {
		var a answered
		var head sroi.Statement
		var err error
		switch next.act {
		case "submit", "withdraw":
			ctx, call := c.calling(sroi.Supplier, next.key, next.match)
			if next.act == "submit" {
				head, err = c.SubmitStatement(ctx, call, contract.ID, period)
			} else {
				head, err = c.WithdrawStatement(ctx, call, contract.ID, period)
			}
		case "correct":
			ctx, call := c.calling(sroi.Consultant, next.key, next.match)
			var balance sroi.Balance
			_, balance, err = c.Correct(ctx, call, contract.ID, app.CorrectionInput{Corrects: 2, Year: 2022, Delta: next.amount, Reason: "anders", Text: "proef"})
			a.balance = sumsOf(balance)
		case "amend":
			ctx, call := c.calling(sroi.Officer, next.key, next.match)
			var account app.Account
			_, account, err = c.AmendContract(ctx, call, contract.ID, app.AmendmentInput{
				Kind: sroi.AmendValue, Reason: sroi.MoreWork, Text: "proef", Effective: calendar.MustDate("2022-03-01"), Value: &next.amount,
			})
			a.balance = sumsOf(account.Balance)
		default:
			ctx, call := c.calling(sroi.Consultant, next.key, next.match)
			in := app.DecideInput{Lines: []app.LineDecision{approve(1)}}
			switch next.act {
			case "reject":
				in.Lines[0] = reject(1)
			case "sendBack":
				in = app.DecideInput{SendBack: "graag aanvullen"}
			}
			var file app.StatementFile
			file, err = c.Decide(ctx, call, contract.ID, period, in)
			head = file.Statement
		}
		a.outcome, a.version, a.state = outcomeOf(err), head.Version, head.State
		return a, a.outcome
	})
}
