// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/sroi"
)

// copies registers so many contracts like one of a tender's framework, each over a
// term of its own, and with decided statements of its periods. It writes what
// registering writes; the statements' entries do not matter to who asks what is open.
func (h *house) copies(model sroi.Contract, many int, term func(n int) calendar.Span) {
	h.t.Helper()
	entries, err := h.Store.Entries(h.ctx, model.ID, 0, 1)
	h.must(err)
	tender, err := h.Store.Tender(h.ctx, model.Tender)
	h.must(err)
	for n := range many {
		contract := model
		contract.ID, contract.Number, contract.Term = fmt.Sprintf("%032d", n), fmt.Sprint("K-", n), term(n)
		balance, first := sroi.Balance{Contract: contract.ID}.Next(entries[0])
		_, err := h.Store.CreateContract(h.ctx, app.NewContract{
			Contract: contract, Balance: balance, Entries: []sroi.Entry{first}, TenderVersion: tender.Version,
		})
		h.must(err)
		for _, period := range contract.Periods() {
			h.must(h.Store.SaveDraft(h.ctx, sroi.Statement{
				Contract: contract.ID, Authority: contract.Authority, Desk: contract.Desk, Period: period, State: sroi.Decided, Revision: 1, LinesHash: sroi.Digest(n), Version: 1,
			}, nil))
		}
	}
}

func hundreds(n int) int64 { return int64(n+99) / 100 }

// What is open in a year of 1,500 contracts is asked in some thirty calls: who
// they are by the hundred, and of the periods in that year alone the statements. Of
// 5,000 with 1,001 in that year it was 97 calls, and 6,007 one by one.
func TestPreparingACloseOfThousandsTakesFewCalls(t *testing.T) {
	t.Parallel()
	line := &brokenLine{}
	h := modelHouse(t, line)
	model := h.contract("raam")
	h.twoPeople()
	const many, due = 1499, 300
	h.copies(model, many, func(n int) calendar.Span {
		if n < due {
			return calendar.YearSpan(2022)
		}
		return calendar.Span{From: calendar.MustDate("2021-10-01"), To: calendar.MustDate("2021-12-31")}
	})
	h.today = "2023-02-01"
	open := quarters(model, 1, 2, 3, 4)
	line.calls.Store(0)
	c, err := h.CloseYear(h.ctx, h.as(sroi.Consultant), app.CloseInput{Authority: apeldoorn, Year: 2022, Open: open})
	h.must(err)
	const pages, others = 1, 4 // of pointers; the authority, the close twice, the totals
	if want := pages + hundreds(many+1) + hundreds(4*(due+1)) + others; line.calls.Load() != want || c.State != sroi.ClosePrepared {
		t.Errorf("%d calls, want %d: %+v", line.calls.Load(), want, c)
	}
}

// slowLine takes its time over each call, while it is told to.
type slowLine struct {
	next http.RoundTripper
	slow bool
}

const slowness = 300 * time.Millisecond

func (l *slowLine) RoundTrip(r *http.Request) (*http.Response, error) {
	if l.slow {
		select {
		case <-r.Context().Done():
			return nil, r.Context().Err()
		case <-time.After(slowness):
		}
	}
	return l.next.RoundTrip(r)
}

// A close of hundreds of contracts over a store that is thirty times as slow as
// ours is finished by repeats, each within the patience of the function, and the
// figures are brought up to date meanwhile.
func TestACloseOfHundredsIsFinishedByRepeats(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		line := &brokenLine{}
		h := modelHouse(t, line)
		slow := &slowLine{next: line.next}
		line.next = slow
		model := h.contract("raam")
		const many = 500
		h.copies(model, many, func(int) calendar.Span {
			return calendar.Span{From: calendar.MustDate("2022-10-01"), To: calendar.MustDate("2022-12-31")}
		})
		h.today = "2023-02-01"
		h.table("GM0200", 2022)
		h.closed(h.as(sroi.Consultant), 2021)
		call, in := h.as(sroi.Consultant), app.CloseInput{Authority: apeldoorn, Year: 2022, Open: quarters(model, 1, 2, 3, 4)}
		for repeat, done := 0, -1; ; repeat++ {
			slow.slow = true
			ctx, end := context.WithTimeout(t.Context(), 29*time.Second)
			c, err := h.CloseYear(ctx, call, in)
			end()
			slow.slow = false
			h.must(err)
			h.table("GM0200", 2022)
			if c.State == sroi.CloseFrozen {
				if repeat < 2 || c.Heads != many+2 {
					t.Errorf("after %d repeats: %d heads", repeat, c.Heads)
				}
				return
			}
			if c.Done <= done || repeat > many {
				t.Fatalf("repeat %d left off at %d, as before", repeat, c.Done)
			}
			done = c.Done
		}
	})
}
