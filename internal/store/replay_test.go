// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/cryptotest"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	cloud "socialreturn/infra/aws"
	"socialreturn/infra/local/engine"
	"socialreturn/infra/local/template"
	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/sroi"
	"socialreturn/internal/store/model"
)

// modelled is a store on the model, with the retries and pauses of production.
// Faults begin when the given channel is closed.
func modelled(t *testing.T, faults model.Faults, begin <-chan struct{}) (*Table, *model.Engine) {
	t.Helper()
	e := model.New(model.Options{Now: time.Now, InTurn: true, Faults: func(call model.Call) model.Fate {
		select {
		case <-begin:
			return faults(call)
		default:
			return model.Fate{}
		}
	}})
	config := engine.Config("http://model.invalid")
	config.HTTPClient = &http.Client{Transport: e}
	client := dynamodb.NewFromConfig(config)
	layout, err := template.Parse(cloud.Template)
	ok(t, err)
	_, err = client.CreateTable(t.Context(), layout.Table("sroi"))
	ok(t, err)
	return New(client, "sroi"), e
}

// booked is the history of two workers who book corrections on one contract
// while all kinds of things go wrong: every call, and every change of the table.
func booked(t *testing.T, seed uint64) string {
	t.Helper()
	cryptotest.SetGlobalRandom(t, seed)
	var told strings.Builder
	synctest.Test(t, func(t *testing.T) {
		odds := model.Even()
		odds.Faults[model.Conflict] = 100 // after which the store itself pauses
		begin, decide := make(chan struct{}), model.Seeded(seed, odds)
		table, e := modelled(t, func(call model.Call) model.Fate {
			fate := decide(call)
			fmt.Fprintln(&told, call.Number, call.Caller, call.Operation, time.Now().UnixNano(), fate)
			return fate
		}, begin)
		prepare(t, table)
		close(begin)
		var group sync.WaitGroup
		for _, worker := range []string{"one", "two"} {
			group.Go(func() { book10(model.WithCaller(t.Context(), worker), table, worker) })
		}
		group.Wait()
		changes, err := json.Marshal(e.Changes("sroi", 0))
		ok(t, err)
		told.Write(changes)
		balanced(t, table)
	})
	return told.String()
}

// book10 books ten corrections, each again and again until it is there.
func book10(ctx context.Context, table *Table, worker string) {
	for i := range 10 {
		for range 100 {
			account, err := table.Account(ctx, "C1")
			if err != nil {
				continue
			}
			c, after, e := correction("C1", fmt.Sprint(worker, i), account.Balance)
			if _, err := table.AddCorrection(ctx, c, after, e, nil); err == nil {
				break
			}
		}
	}
}

// balanced holds that each correction was booked once, and the balance is the
// fold of the entries.
func balanced(t *testing.T, table *Table) {
	t.Helper()
	var entries []sroi.Entry
	var account app.Account
	for {
		var errs [2]error
		entries, errs[0] = table.Entries(t.Context(), "C1", 0, 100)
		account, errs[1] = table.Account(t.Context(), "C1")
		if errors.Join(errs[:]...) == nil {
			break
		}
	}
	folded := sroi.Balance{Contract: "C1"}
	for _, e := range entries {
		var err error
		folded, err = folded.Apply(e)
		ok(t, err)
	}
	same(t, account.Balance, folded)
	if folded.Seq != 21 {
		t.Errorf("%d entries of one contract and twenty corrections", folded.Seq)
	}
}

func TestTwoWorkersAmongFaultsAreReplayed(t *testing.T) {
	for seed := range uint64(3) {
		first := booked(t, seed)
		if again := booked(t, seed); again != first {
			t.Errorf("seed %d has two histories", seed)
		}
	}
}

// A truncated answer, also one to a write that was carried out.
func TestAnAnswerThatBreaksOffIsAskedAgain(t *testing.T) {
	for name := range commands(app.Transition{}) {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				begin, seen := make(chan struct{}), map[string]bool{}
				table, _ := modelled(t, func(call model.Call) model.Fate {
					if seen[call.Operation] {
						return model.Fate{}
					}
					seen[call.Operation] = true
					return model.Fate{Fault: model.Truncated}
				}, begin)
				prepare(t, table)
				m := submit(t, table, 1)
				close(begin)
				ok(t, commands(m)[name](t.Context(), table))
				if len(seen) == 0 {
					t.Error("no call was made")
				}
			})
		})
	}
}

// A page without items, or with some, that has a next one ends no list and hides no
// figure.
func TestPagesThatEndEarlyHideNothing(t *testing.T) {
	for _, early := range []model.Fault{model.EmptyPage, model.ShortPage} {
		t.Run(string(early), func(t *testing.T) { hidesNothing(t, early) })
	}
}

func hidesNothing(t *testing.T, early model.Fault) {
	synctest.Test(t, func(t *testing.T) {
		begin, asked := make(chan struct{}), 0
		table, _ := modelled(t, func(model.Call) model.Fate {
			if asked++; asked%2 == 1 {
				return model.Fate{Fault: early}
			}
			return model.Fate{}
		}, begin)
		prepare(t, table)
		ctx, m := t.Context(), submit(t, table, 2)
		ok(t, table.SwapTotal(ctx, total("GM0200", 2022, 1), []sroi.Course{course("GM0200", 2022, "2022-01-10"), course("GM0200", 2022, "2022-03-10")}))
		close(begin)
		for day, want := range map[string]bool{"2022-12-31": true, "2022-03-09": true, "2022-01-09": false} {
			_, found, err := table.FiguresOn(ctx, "GM0200", 2022, calendar.MustDate(day))
			ok(t, err)
			if found != want {
				t.Errorf("figures on %s: %v", day, found)
			}
		}
		found, _, err := table.Revision(ctx, m.Statement)
		ok(t, err)
		same(t, found, lines(2))
		file, err := table.File(ctx, "C1")
		ok(t, err)
		same(t, file.Contract, contract("C1"))
		ledger, err := table.ContractLedger(ctx, "C1")
		ok(t, err)
		same(t, len(ledger.Entries), 2)
		queue, _, err := table.Queue(ctx, app.DeskQuery{Desk: oost, State: sroi.Submitted}, app.Page{Limit: 1})
		ok(t, err)
		same(t, len(queue), 1)
		tenders, next, err := table.ListTenders(ctx, app.TenderQuery{Authority: apeldoorn}, app.Page{Limit: 1})
		ok(t, err)
		same(t, len(tenders), 1)
		wantText(t, next, "")
	})
}
