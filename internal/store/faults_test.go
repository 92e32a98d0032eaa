// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/sroi"
)

const writers = 20

// race runs a command of twenty writers at once and gives their errors.
func race(command func(writer int) error) []error {
	failures := make([]error, writers)
	var group sync.WaitGroup
	start := make(chan struct{})
	for i := range writers {
		group.Go(func() {
			<-start
			failures[i] = command(i)
		})
	}
	close(start)
	group.Wait()
	return failures
}

// oneWins holds that one writer succeeded and all others lost as they should.
func oneWins(t *testing.T, failures []error, lost error) int {
	t.Helper()
	winner := -1
	for i, err := range failures {
		switch {
		case err == nil && winner < 0:
			winner = i
		case err == nil:
			t.Errorf("writers %d and %d both won", winner, i)
		case !errors.Is(err, lost):
			t.Errorf("writer %d: %v, want %v", i, err, lost)
		}
	}
	if winner < 0 {
		t.Fatal("nobody won")
	}
	return winner
}

func TestTwentyWriters(t *testing.T) {
	table, _, m := submitted(t, 1)
	ctx := t.Context()
	named := func(i int) string { return fmt.Sprint("writer ", i) }
	c2, c3, c4 := addContract(t, table, "C2"), addContract(t, table, "C3"), addContract(t, table, "C4")
	ok(t, table.AddPlacement(ctx, placement("C2", 1)))
	for name, c := range map[string]struct {
		lost    error
		command func(i int) error
	}{
		"PutAuthority": {app.ErrStale, func(i int) error {
			a := authority(2)
			a.Name = named(i)
			return table.PutAuthority(ctx, a)
		}},
		"CreateTender": {app.ErrTaken, func(i int) error { // twenty ids, one reference
			x := tender(fmt.Sprint("R", i), 1)
			x.Reference = "dezelfde"
			_, err := table.CreateTender(ctx, x, tenderEntryOf(x))
			return err
		}},
		"UpdateTender": {app.ErrStale, func(i int) error {
			x := tender("T1", 2)
			x.Title = named(i)
			return table.UpdateTender(ctx, x, tenderEntryOf(x))
		}},
		"AddPlacement": {app.ErrTaken, func(i int) error {
			p := placement("C1", 1)
			p.Act = named(i)
			return table.AddPlacement(ctx, p)
		}},
		"AddPlacement of one person": {app.ErrStale, func(i int) error { // twenty tokens of whom an older one is shared
			p := placement("C3", i+1)
			p.Person = sroi.Token(named(i))
			return table.AddPlacement(ctx, p, p.Person, "the older one")
		}},
		"UpdatePlacement": {app.ErrStale, func(i int) error {
			p := placement("C2", 1)
			p.Version, p.Act = 2, named(i)
			return table.UpdatePlacement(ctx, p)
		}},
		"Move": {app.ErrStale, func(i int) error {
			next := moved(m.Statement, m.Balance, sroi.Decided, sroi.StatementDecided)
			next.Statement.Act = named(i)
			return table.Move(ctx, next)
		}},
		"Amend": {app.ErrStale, func(i int) error {
			next := amended(c3.Contract, c3.Balance)
			next.Amendment.Act = named(i)
			return table.Amend(ctx, next)
		}},
		"AddCorrection": {app.ErrStale, func(i int) error {
			x, after, e := correction("C2", fmt.Sprint("K", i), c2.Balance)
			_, err := table.AddCorrection(ctx, x, after, e, nil)
			return err
		}},
		"AddIndicatorValue": {app.ErrStale, func(i int) error {
			v := indicator("GM0200", "banen", "2022", 1, true)
			v.Source = named(i)
			return table.AddIndicatorValue(ctx, v)
		}},
		"Book": {app.ErrStale, func(i int) error {
			e := sroi.Entry{Kind: sroi.YearClosed, Booked: today, At: at, Actor: actor, Closes: 2000 + i}
			after, e := c4.Balance.Next(e)
			return table.Book(ctx, after, e)
		}},
		"PutYearClose": {app.ErrStale, func(i int) error {
			c := yearClose(1)
			c.Payload = named(i)
			return table.PutYearClose(ctx, c)
		}},
		"AddClosedLedgers": {app.ErrStale, func(i int) error {
			return table.AddClosedLedgers(ctx, apeldoorn, 2022, 1, closedLedgers(i))
		}},
		"SwapTotal": {app.ErrStale, func(i int) error {
			x := total("GM0200", 2022, 1)
			x.Position.Entries = i
			return table.SwapTotal(ctx, x, []sroi.Course{course("GM0200", 2022, "2022-03-05")})
		}},
	} {
		t.Run(name, func(t *testing.T) { oneWins(t, race(c.command), c.lost) })
	}
}

func TestTwentyContractsForOneLot(t *testing.T) {
	table, _ := prepared(t)
	winner := oneWins(t, race(func(i int) error {
		n := newContract(fmt.Sprint("L", i))
		n.OnePerLot, n.Contract.Lot = true, "2"
		_, err := table.CreateContract(t.Context(), n)
		return err
	}), app.ErrTaken)
	contracts, _, err := table.ListContracts(t.Context(), app.Owner{Desk: oost}, app.Page{Limit: 100})
	ok(t, err)
	wantText(t, ids(contracts, func(a app.Account) string { return a.Contract.ID }), fmt.Sprintf("L%d C1", winner))
}

func TestTwentyRepeatsOfOneCreation(t *testing.T) {
	table, _ := prepared(t)
	stored := make([]sroi.Contract, writers)
	for i, err := range race(func(i int) (err error) {
		n := newContract("C2")
		n.Contract.Payload = fmt.Sprint("payload ", i)
		stored[i], err = table.CreateContract(t.Context(), n)
		return err
	}) {
		ok(t, err)
		same(t, stored[i], stored[0])
	}
}

func TestTwentyDecisions(t *testing.T) {
	table, _, m := submitted(t, writers)
	ctx := t.Context()
	// All on one line, each by an act of its own.
	oneWins(t, race(func(i int) error {
		return second(table.AddDecision(ctx, m.Statement, decision(1, fmt.Sprint(i)), invoiceTake("C1", "h1", fmt.Sprint("F", i))))
	}), app.ErrTaken)
	// Each on a line of its own, all for one invoice and another holder.
	oneWins(t, race(func(i int) error {
		return second(table.AddDecision(ctx, m.Statement, decision(i+1, "twee"), invoiceTake("C1", fmt.Sprint("h", i), "F-zelfde")))
	}), app.ErrTaken)
	// Each on a placement of its own, all by one person: serialised by the tally.
	for _, err := range race(func(i int) error {
		for {
			person, err := table.Person(ctx, sroi.Token(payload))
			if err != nil {
				return err
			}
			take := hoursTake(fmt.Sprint("C", i), "h", person.TallyVersion)
			if err := table.commit(ctx, claim(*take)...); !errors.Is(err, app.ErrStale) {
				return err
			}
		}
	}) {
		ok(t, err)
	}
	person, err := table.Person(ctx, sroi.Token(payload))
	ok(t, err)
	if person.TallyVersion != writers || len(person.Takes) != writers {
		t.Errorf("tally %d, %d takes", person.TallyVersion, len(person.Takes))
	}
}

func TestTwentyDraftsLeaveTheWinnerWhole(t *testing.T) {
	table, _ := prepared(t)
	rivals := make([][]sroi.Line, writers)
	winner := oneWins(t, race(func(i int) error {
		rivals[i] = lines(3)
		rivals[i][2].Salt = fmt.Sprint("salt ", i)
		return table.SaveDraft(t.Context(), draft("C1", q1, 1, rivals[i]), rivals[i])
	}), app.ErrStale)
	head, err := table.Statement(t.Context(), "C1", q1)
	ok(t, err)
	read, _, err := table.Revision(t.Context(), head)
	ok(t, err)
	same(t, read, rivals[winner])
}

func TestTwentyBookingsAreNumberedWithoutGaps(t *testing.T) {
	table, _ := prepared(t)
	ctx := t.Context()
	for _, err := range race(func(i int) error {
		for {
			account, err := table.Account(ctx, "C1")
			if err != nil {
				return err
			}
			c, after, e := correction("C1", fmt.Sprint("K", i), account.Balance)
			if _, err = table.AddCorrection(ctx, c, after, e, nil); !errors.Is(err, app.ErrStale) {
				return err
			}
		}
	}) {
		ok(t, err)
	}
	entries, err := table.Entries(ctx, "C1", 0, 100)
	ok(t, err)
	folded := sroi.Balance{Contract: "C1"}
	for _, e := range entries {
		folded, err = folded.Apply(e)
		ok(t, err)
	}
	account, err := table.Account(ctx, "C1")
	ok(t, err)
	same(t, account.Balance, folded)
	if folded.Seq != writers+1 {
		t.Errorf("%d entries", folded.Seq)
	}
}

func TestTwentyContributionsLeaveTheNewest(t *testing.T) {
	table, _ := open(t)
	for _, err := range race(func(i int) error {
		return table.PutContribution(t.Context(), contribution("CONTRACT#C1", 1+(i*7)%writers))
	}) {
		ok(t, err)
	}
	got, err := table.Contributions(t.Context(), "GM0200", 2022)
	ok(t, err)
	same(t, got, []sroi.Contribution{contribution("CONTRACT#C1", writers)})
}

// commands are one of each that changes something, on a store as submitted leaves it.
func commands(m app.Transition) map[string]func(context.Context, *Table) error {
	next := moved(m.Statement, m.Balance, sroi.Decided, sroi.StatementDecided)
	c, after, e := correction("C1", "K1", m.Balance)
	list := lines(30)
	return map[string]func(context.Context, *Table) error{
		"PutAuthority": func(ctx context.Context, x *Table) error { return x.PutAuthority(ctx, authority(2)) },
		"CreateTender": func(ctx context.Context, x *Table) error {
			return second(x.CreateTender(ctx, tender("T2", 1), tenderEntryOf(tender("T2", 1))))
		},
		"UpdateTender": func(ctx context.Context, x *Table) error {
			return x.UpdateTender(ctx, tender("T1", 2), tenderEntryOf(tender("T1", 2)), "2")
		},
		"CreateContract": func(ctx context.Context, x *Table) error { return second(x.CreateContract(ctx, newContract("C2"))) },
		"Amend":          func(ctx context.Context, x *Table) error { return x.Amend(ctx, amended(contract("C1"), m.Balance)) },
		"AddPlacement": func(ctx context.Context, x *Table) error {
			return x.AddPlacement(ctx, placement("C1", 1), sroi.Token(payload))
		},
		"SavePlan": func(ctx context.Context, x *Table) error {
			head, revision := planned("C1", 1, 10)
			return x.SavePlan(ctx, head, revision)
		},
		"SaveDraft": func(ctx context.Context, x *Table) error {
			return x.SaveDraft(ctx, draft("C1", calendar.MustPeriod("2022-Q2"), 1, list), list)
		},
		"Move": func(ctx context.Context, x *Table) error { return x.Move(ctx, next) },
		"AddSighting": func(ctx context.Context, x *Table) error {
			return x.AddSighting(ctx, "C1", sroi.Sighting{SHA256: payload})
		},
		"AddDecision": func(ctx context.Context, x *Table) error {
			return second(x.AddDecision(ctx, m.Statement, decision(1, act), hoursTake("C1", "h", 0)))
		},
		"AddCorrection": func(ctx context.Context, x *Table) error {
			return second(x.AddCorrection(ctx, c, after, e, invoiceTake("C1", "h", "F1")))
		},
		"PutContribution": func(ctx context.Context, x *Table) error {
			return x.PutContribution(ctx, contribution("CONTRACT#C1", 1))
		},
		"SwapTotal": func(ctx context.Context, x *Table) error {
			return x.SwapTotal(ctx, total("GM0200", 2022, 1), []sroi.Course{course("GM0200", 2022, "2022-03-05")})
		},
		"AddIndicatorValue": func(ctx context.Context, x *Table) error {
			return x.AddIndicatorValue(ctx, indicator("GM0200", "banen", "2022", 1, true))
		},
		"PutEnterprise": func(ctx context.Context, x *Table) error {
			return x.PutEnterprise(ctx, enterprise("oost", "12345678", 1))
		},
		"Book": func(ctx context.Context, x *Table) error {
			after, e := closing(m.Balance)
			return x.Book(ctx, after, e)
		},
		"PutYearClose": func(ctx context.Context, x *Table) error { return x.PutYearClose(ctx, yearClose(1)) },
		"AddClosedLedgers": func(ctx context.Context, x *Table) error {
			return x.AddClosedLedgers(ctx, apeldoorn, 2022, 1, closedLedgers(100))
		},
		"AddAreaClose": func(ctx context.Context, x *Table) error {
			return x.AddAreaClose(ctx, sroi.AreaClose{Area: "GM0200", Year: 2022, On: today})
		},
	}
}

func TestLostAnswerAfterCommitIsASuccess(t *testing.T) {
	for name, command := range commands(app.Transition{}) {
		t.Run(name, func(t *testing.T) {
			table, line, m := submitted(t, 1)
			command = commands(m)[name]
			spoiled := map[string]bool{}
			line.start(func(operation string, n int) fault {
				spoiled[operation] = true
				return fault{lose: n == 1}
			})
			ok(t, command(t.Context(), table))
			if len(spoiled) == 0 {
				t.Error("no call was made")
			}
		})
	}
}

// A lost answer to a transaction is also found where the engine forgot the
// request token: by what stands there.
func TestRepeatedCommandIsASuccess(t *testing.T) {
	for name := range commands(app.Transition{}) {
		t.Run(name, func(t *testing.T) {
			table, _, m := submitted(t, 1)
			ok(t, commands(m)[name](t.Context(), table))
			ok(t, commands(m)[name](t.Context(), table))
		})
	}
}

func TestThrottledCallsAreRepeated(t *testing.T) {
	for name := range commands(app.Transition{}) {
		t.Run(name, func(t *testing.T) {
			table, line, m := submitted(t, 1)
			line.start(func(_ string, n int) fault {
				if n == 1 {
					return fault{answer: refused("ProvisionedThroughputExceededException")}
				}
				return fault{}
			})
			ok(t, commands(m)[name](t.Context(), table))
		})
	}
}

func TestConflictIsRepeatedButNotForEver(t *testing.T) {
	table, line, m := submitted(t, 1)
	table.firstPause = time.Microsecond
	next := moved(m.Statement, m.Balance, sroi.Decided, sroi.StatementDecided)
	for _, passing := range []string{
		cancelled("TransactionConflict", "None", "None"), cancelled("None", "ThrottlingError", "None"),
		cancelled("None", "None", "ProvisionedThroughputExceeded"), cancelled("TransactionConflict", conditionLost, "None"),
		refused("TransactionInProgressException"),
	} {
		line.start(func(string, int) fault { return fault{answer: passing} })
		wantErr(t, table.Move(t.Context(), next), errConflict)
		if n := line.calls()["TransactWriteItems"]; n < maxTries {
			t.Errorf("%d tries of %s", n, passing)
		}
	}
	line.start(func(_ string, n int) fault {
		if n < maxTries {
			return fault{answer: cancelled("None", "TransactionConflict", "None")}
		}
		return fault{}
	})
	ok(t, table.Move(t.Context(), next))
	same(t, line.calls(), map[string]int{"TransactWriteItems": maxTries})
	tokens := map[string]bool{}
	for _, e := range line.exchanges {
		_, rest, _ := strings.Cut(string(e.request), `"ClientRequestToken":"`)
		token, _, _ := strings.Cut(rest, `"`)
		tokens[token] = true
	}
	if len(tokens) != 1 {
		t.Errorf("%d request tokens for one command", len(tokens))
	}
}

// A put that meets someone else's transaction on its item is repeated too, as all
// transactions are; the SDK does not.
func TestAPutInConflictIsRepeated(t *testing.T) {
	table, line := prepared(t)
	table.firstPause = time.Microsecond
	for passing, want := range map[int]error{1: nil, maxTries - 1: nil, maxTries: errConflict} {
		line.start(func(_ string, n int) fault {
			if n <= passing {
				return fault{answer: refused("TransactionConflictException")}
			}
			return fault{}
		})
		p := placement("C1", passing)
		wantErr(t, table.AddPlacement(t.Context(), p), want)
		same(t, line.calls(), map[string]int{"PutItem": min(passing+1, maxTries)})
	}
}

func TestLostConditionIsNotRepeated(t *testing.T) {
	table, line, m := submitted(t, 1)
	behind := moved(m.Statement, newContract("C1").Balance, sroi.Decided, sroi.StatementDecided)
	line.start(nil)
	wantErr(t, table.Move(t.Context(), behind), app.ErrStale)
	same(t, line.calls(), map[string]int{"TransactWriteItems": 1})
}

func TestReasonsByPosition(t *testing.T) {
	faults := []error{errors.New("first"), errors.New("second"), errors.New("third")}
	writes := []write{{lost: always(faults[0])}, {lost: always(faults[1])}, {lost: always(faults[2])}}
	reasons := func(codes ...string) error {
		list := make([]types.CancellationReason, len(codes))
		for i := range codes {
			list[i] = types.CancellationReason{Code: &codes[i]}
		}
		return &types.TransactionCanceledException{CancellationReasons: list}
	}
	mine := []write{{lost: always(nil)}, {lost: always(faults[1])}}
	for name, c := range map[string]struct {
		err    error
		writes []write
		want   error
		again  bool
	}{
		"none":                 {nil, writes, nil, false},
		"first":                {reasons(conditionLost, "None", "None"), writes, faults[0], false},
		"second":               {reasons("None", conditionLost, "None"), writes, faults[1], false},
		"third":                {reasons("None", "None", conditionLost), writes, faults[2], false},
		"the first decides":    {reasons("None", conditionLost, conditionLost), writes, faults[1], false},
		"conflict":             {reasons("None", "TransactionConflict", "None"), writes, errConflict, true},
		"conflict comes first": {reasons(conditionLost, "TransactionConflict", "None"), writes, errConflict, true},
		"throttled":            {reasons("ThrottlingError", "None", "None"), writes, errConflict, true},
		"invalid":              {reasons("None", "ValidationError", "None"), writes, errRefused, false},
		"already mine":         {reasons(conditionLost, conditionLost), mine, nil, false},
		"single write":         {&types.ConditionalCheckFailedException{}, writes[:1], faults[0], false},
		"under way":            {&types.TransactionInProgressException{}, writes, errConflict, true},
		"put in conflict":      {&types.TransactionConflictException{}, writes[:1], errConflict, true},
	} {
		again, got := outcome(c.err, c.writes)
		if !errors.Is(got, c.want) || again != c.again {
			t.Errorf("%s: %v, again %v; want %v, %v", name, got, again, c.want, c.again)
		}
	}
	for name, err := range map[string]error{
		"too few reasons": reasons(conditionLost), "unknown": reasons("None", "ItemCollectionSizeLimitExceeded", "None"), "no reason": reasons("None", "None", "None"),
	} {
		again, got := outcome(err, writes)
		if got == nil || again {
			t.Errorf("%s: %v, again %v", name, got, again)
		}
		for _, f := range append(faults, errConflict, errRefused) {
			if errors.Is(got, f) {
				t.Errorf("%s is taken for %v", name, f)
			}
		}
	}
}

func TestInvalidRequestIsOneFaultFromEitherPlace(t *testing.T) {
	table, line, m := submitted(t, 1)
	next := moved(m.Statement, m.Balance, sroi.Decided, sroi.StatementDecided)
	for _, answer := range []string{refused("ValidationException"), cancelled("ValidationError", "None", "None")} {
		line.start(once("TransactWriteItems", fault{answer: answer}))
		wantErr(t, table.Move(t.Context(), next), errRefused)
	}
	line.start(once("GetItem", fault{answer: refused("ValidationException")}))
	wantErr(t, second(table.Tender(t.Context(), "T1")), errRefused)
}

// What passes by itself is told from what somebody must repair.
func TestABusyEngineIsToldFromARefusal(t *testing.T) {
	table, line := prepared(t)
	for refusal, want := range map[string]bool{
		"ProvisionedThroughputExceededException": true, "ThrottlingException": true, "RequestLimitExceeded": true,
		"AccessDeniedException": false, "ResourceNotFoundException": false, "ValidationException": false,
	} {
		line.start(func(string, int) fault { return fault{answer: refused(refusal)} })
		_, err := table.Total(t.Context(), "GM0200", 2022)
		if err == nil || app.Passing(err) != want {
			t.Errorf("%s: passing is %v, want %v: %v", refusal, app.Passing(err), want, err)
		}
	}
	line.start(nil)
	ok(t, table.commit(t.Context(), broken("T1")))
	if _, err := table.Tender(t.Context(), "T1"); err == nil || app.Passing(err) {
		t.Errorf("an item that cannot be read: %v", err)
	}
	if !app.Passing(errConflict) {
		t.Error("a conflict passes")
	}
}

// broken is a tender's head whose body cannot be read.
func broken(id string) write {
	w := tenderHead(tender(id, 1))
	w.item["body"] = text("", "{").value
	return w
}

func TestLeftOverItemsOfBatchesAreRepeated(t *testing.T) {
	table, line := prepared(t)
	table.firstPause = time.Microsecond
	list := lines(26)
	head := draft("C1", q1, 1, list)
	leaveOne := func(body []byte, request string) []byte {
		return []byte(strings.Replace(string(body), `"UnprocessedItems":{}`, `"UnprocessedItems":`+request, 1))
	}
	var extra string
	line.start(func(operation string, n int) fault {
		if operation != "BatchWriteItem" || n > 1 {
			return fault{}
		}
		first := fmt.Sprintf(`{"PutRequest":{"Item":{"PK":{"S":"CONTRACT#C1"},"SK":{"S":%q},"type":{"S":"line"},"v":{"N":"1"},"body":{"S":"{}"}}}}`, "REV#left-over")
		extra = `{"` + table.name + `":[` + first + `]}`
		return fault{edit: func(body []byte) []byte { return leaveOne(body, extra) }}
	})
	ok(t, table.SaveDraft(t.Context(), head, list))
	same(t, line.calls(), map[string]int{"BatchWriteItem": 3, "PutItem": 1})

	line.start(func(operation string, n int) fault {
		if operation != "BatchGetItem" || n > 1 {
			return fault{}
		}
		keys := `{"` + table.name + `":{"ConsistentRead":true,"Keys":[{"PK":{"S":"CONTRACT#C1"},"SK":{"S":"BALANCE"}}]}}`
		return fault{edit: func([]byte) []byte { return []byte(`{"Responses":{},"UnprocessedKeys":` + keys + `}`) }}
	})
	wantErr(t, second(table.Account(t.Context(), "C1")), app.ErrAbsent) // only the balance was asked again
	same(t, line.calls(), map[string]int{"BatchGetItem": 2})

	line.start(func(string, int) fault {
		return fault{edit: func(body []byte) []byte { return leaveOne(body, extra) }}
	})
	wantErr(t, table.SaveDraft(t.Context(), head, list), errConflict)
}

func TestACrashBeforeTheSwapLeavesTheOldRevision(t *testing.T) {
	table, line := prepared(t)
	list := lines(30)
	first := draft("C1", q1, 1, list)
	ok(t, table.SaveDraft(t.Context(), first, list))
	fresh := lines(40)
	fresh[0].Salt = "anders"
	ctx, cancel := context.WithCancel(t.Context())
	line.start(once("PutItem", fault{before: cancel, hang: true}))
	wantErr(t, table.SaveDraft(ctx, draft("C1", q1, 2, fresh), fresh), context.Canceled)
	head, err := table.Statement(t.Context(), "C1", q1)
	ok(t, err)
	same(t, head, first)
	read, _, err := table.Revision(t.Context(), head)
	ok(t, err)
	same(t, read, list)
}

func TestCancelledContext(t *testing.T) {
	table, line, m := submitted(t, 1)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, command := range commands(m) {
		if err := command(ctx, table); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
	}
	conflicted, stop := context.WithCancel(t.Context())
	line.start(func(_ string, n int) fault {
		if n == 2 {
			stop()
		}
		return fault{answer: cancelled("TransactionConflict", "None", "None")}
	})
	wantErr(t, table.Move(conflicted, moved(m.Statement, m.Balance, sroi.Decided, sroi.StatementDecided)), context.Canceled)
	if n := line.calls()["TransactWriteItems"]; n > 3 {
		t.Errorf("%d tries after the context ended", n)
	}
}

func TestASlowAttemptIsRepeated(t *testing.T) {
	t.Parallel()
	table, line := prepared(t)
	line.start(once("GetItem", fault{hang: true}))
	got, err := table.Tender(t.Context(), "T1")
	ok(t, err)
	same(t, got, tender("T1", 1))
}

func TestItemsOfAnotherFormatAreRefused(t *testing.T) {
	table, _ := prepared(t)
	for name, spoil := range map[string]func(record){
		"type":    func(r record) { r["type"] = text("", "tenderX").value },
		"version": func(r record) { r["v"] = number("", 2).value },
		"none":    func(r record) { delete(r, "v") },
		"body":    func(r record) { r["body"] = text("", "{").value },
	} {
		w := tenderHead(tender("T9", 1))
		spoil(w.item)
		ok(t, table.commit(t.Context(), w))
		_, err := table.Tender(t.Context(), "T9")
		if err == nil || errors.Is(err, app.ErrAbsent) || !strings.Contains(err.Error(), "tender") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAnItemThatIsTooLargeIsRefusedBeforeTheCall(t *testing.T) {
	table, line := prepared(t)
	line.start(nil)
	c := contribution("CONTRACT#C1", 1)
	c.Steps[0].Facts.Assignments = []string{strings.Repeat("x", maxItem)}
	if err := table.PutContribution(t.Context(), c); err == nil || !strings.Contains(err.Error(), "contribution of 4") {
		t.Errorf("%v", err)
	}
	if len(line.calls()) != 0 {
		t.Error("a call was made")
	}
}

// Who repeats a decision of his own gets the one that is written, which the ledger
// will hash, also where he wrote it again with another salt.
func TestARepeatedDecisionIsTheWrittenOne(t *testing.T) {
	table, _, m := submitted(t, 2)
	for line, take := range []*app.Take{nil, hoursTake("C1", "h", 0)} {
		first := decision(line+1, act)
		stored, err := table.AddDecision(t.Context(), m.Statement, first, take)
		ok(t, err)
		same(t, stored, first)
		again := first
		again.Salt = "another"
		stored, err = table.AddDecision(t.Context(), m.Statement, again, take)
		ok(t, err)
		same(t, stored, first)
	}
}
