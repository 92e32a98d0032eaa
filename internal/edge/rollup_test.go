// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"socialreturn/internal/app"
	"socialreturn/internal/sroi"
)

// ailing is a store that fails on the ledgers of some tenders: a number of
// times, or for ever where the number is negative.
type ailing struct {
	app.Store
	fault map[string]error
	times map[string]int
	read  []string
}

func (a *ailing) TenderEntries(_ context.Context, id string) ([]sroi.Entry, error) {
	a.read = append(a.read, id[:1])
	if a.times[id] == 0 {
		return nil, nil
	}
	a.times[id]--
	return nil, a.fault[id]
}

// aside is a failure queue in memory.
type aside struct {
	messages []string
	fault    error
	asked    int
}

func (a *aside) Send(_ context.Context, message any) error {
	a.asked++
	if a.fault != nil {
		return a.fault
	}
	body, err := json.Marshal(message)
	a.messages = append(a.messages, string(body))
	return err
}

// rolling is what RollUp needs, on such a store and queue.
type rolling struct {
	deps  Deps
	store *ailing
	queue *aside
	logs  *bytes.Buffer
}

func newRolling(fault error, ids ...string) rolling {
	r := rolling{store: &ailing{fault: map[string]error{}, times: map[string]int{}}, queue: &aside{}, logs: &bytes.Buffer{}}
	for _, id := range ids {
		r.store.fault[id], r.store.times[id] = fault, -1
	}
	r.deps = Deps{Service: &app.Service{Store: r.store}, Now: time.Now, Log: NewLog(r.logs, time.Now), Failures: r.queue}
	return r
}

// deliver hands over records and gives the sequence numbers to deliver again.
func (r rolling) deliver(t *testing.T, records ...events.DynamoDBEventRecord) string {
	t.Helper()
	answer, err := RollUp(r.deps)(t.Context(), events.DynamoDBEvent{Records: records})
	if err != nil {
		t.Fatal(err)
	}
	var again []string
	for _, item := range answer.BatchItemFailures {
		again = append(again, item.ItemIdentifier)
	}
	return strings.Join(again, " ")
}

// tenderRecord is a record of the tender whose id is one letter, 24 times.
func tenderRecord(sequence, letter string) events.DynamoDBEventRecord {
	return keyed(sequence, events.NewStringAttribute("TENDER#"+idOf(letter)))
}

func keyed(sequence string, key events.DynamoDBAttributeValue) events.DynamoDBEventRecord {
	return events.DynamoDBEventRecord{Change: events.DynamoDBStreamRecord{
		SequenceNumber: sequence, Keys: map[string]events.DynamoDBAttributeValue{"PK": key},
		ApproximateCreationDateTime: events.SecondsEpochTime{Time: time.Now()},
	}}
}

func idOf(letter string) string { return strings.Repeat(letter, 24) }

func TestPoisonIsSetAsideWithItsKeyAndHoldsUpNobody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRolling(errors.New("kapot"), idOf("b"))
		nothing := keyed("6", events.NewStringAttribute("x"))
		nothing.Change.Keys = nil
		again := r.deliver(t, tenderRecord("1", "a"), tenderRecord("2", "b"), tenderRecord("3", "a"), tenderRecord("4", "b"),
			keyed("5", events.NewStringAttribute("AREA#GM0200")), nothing, keyed("7", events.NewNumberAttribute("1")),
			keyed("8", events.NewStringAttribute("TENDER#x")), tenderRecord("9", "c"))
		if again != "" {
			t.Errorf("to be delivered again: %s", again)
		}
		// All once, and only what fails twice more.
		if got := strings.Join(r.store.read, ""); got != "abcbb" {
			t.Errorf("ledgers were read in the order %s", got)
		}
		at := `,"tijdstip":"2000-01-01T00:00:00.3Z"}`
		want := []string{`{"grootboek":"TENDER#` + idOf("b") + `","volgnummers":["2","4"]` + at}
		for _, number := range []string{"5", "6", "7", "8"} {
			want = append(want, `{"volgnummers":["`+number+`"]`+at)
		}
		if !slices.Equal(r.queue.messages, want) {
			t.Errorf("queue holds\n%s\nwant\n%s", strings.Join(r.queue.messages, "\n"), strings.Join(want, "\n"))
		}
		if logs := r.logs.String(); strings.Count(logs, "zetGrootboekApart") != 5 || strings.Count(logs, `"oorzaak":"kapot"`) != 1 {
			t.Errorf("log: %s", logs)
		}
	})
}

func TestAFaultThatPassesAtOnceIsNoFailure(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRolling(errors.New("even niet"), idOf("b"))
		r.store.times[idOf("b")] = 2
		if again := r.deliver(t, tenderRecord("1", "b")); again != "" || r.queue.asked != 0 {
			t.Errorf("again %q, queue asked %d times", again, r.queue.asked)
		}
	})
}

func TestABusyStoreIsWaitedForWhileTheRecordIsYoung(t *testing.T) {
	t.Parallel()
	busy := fmt.Errorf("store: %w", app.ErrBusy)
	synctest.Test(t, func(t *testing.T) {
		r := newRolling(busy, idOf("b"))
		began := time.Now()
		if again := r.deliver(t, tenderRecord("1", "b"), tenderRecord("2", "a"), tenderRecord("3", "b")); again != "1 3" || r.queue.asked != 0 {
			t.Errorf("again %q, queue asked %d times", again, r.queue.asked)
		}
		if took := time.Since(began); took < CallPatience || took > CallPatience+longestPause {
			t.Errorf("gave up after %v", took)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		r := newRolling(busy, idOf("b"))
		old := tenderRecord("1", "b")
		time.Sleep(RecordPatience)
		began := time.Now()
		if again := r.deliver(t, old, tenderRecord("2", "b")); again != "" || len(r.queue.messages) != 1 {
			t.Errorf("again %q, queue holds %v", again, r.queue.messages)
		}
		if took := time.Since(began); took > time.Second {
			t.Errorf("others waited %v", took)
		}
	})
}

func TestTheCallsOwnTimeIsKept(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRolling(app.ErrBusy, idOf("b"))
		ctx, cancel := context.WithTimeout(t.Context(), reserve+3*time.Second)
		defer cancel()
		answer, err := RollUp(r.deps)(ctx, events.DynamoDBEvent{Records: []events.DynamoDBEventRecord{tenderRecord("1", "b")}})
		if err != nil || ctx.Err() != nil || len(answer.BatchItemFailures) != 1 {
			t.Errorf("%v %v %v", answer, err, ctx.Err())
		}
	})
}

func TestWhatCannotBeSetAsideIsDeliveredAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRolling(errors.New("kapot"), idOf("b"), idOf("c"))
		r.queue.fault = errors.New("geen wachtrij")
		if again := r.deliver(t, tenderRecord("1", "a"), tenderRecord("2", "b"), tenderRecord("3", "c")); again != "2 3" || r.queue.asked != 1 {
			t.Errorf("again %q, queue asked %d times", again, r.queue.asked)
		}
	})
}

func TestRollUpOfNothing(t *testing.T) {
	t.Parallel()
	r := newRolling(nil)
	if again := r.deliver(t); again != "" || r.queue.asked != 0 || r.logs.Len() > 0 {
		t.Errorf("%q %d %s", again, r.queue.asked, r.logs)
	}
}

func TestRedriveTellsWhatStillFails(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRolling(errors.New("nog kapot"), idOf("b"))
		good, bad := "TENDER#"+idOf("a"), "TENDER#"+idOf("b")
		answer, err := Redrive(r.deps)(t.Context(), Redriven{Ledgers: []string{good, bad, "AREA#GM0200"}})
		if err != nil || len(answer.Failed) != 2 || answer.Failed[bad] != "nog kapot" || answer.Failed["AREA#GM0200"] == "" {
			t.Errorf("%v %v", answer, err)
		}
		if r.queue.asked != 0 {
			t.Error("what is redriven is set aside again")
		}
		if _, err := Redrive(r.deps)(t.Context(), Redriven{Ledgers: make([]string, MaxRedriven+1)}); err == nil {
			t.Error("no bound")
		}
	})
}
