// SPDX-License-Identifier: EUPL-1.2

package model_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/cryptotest"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"socialreturn/internal/store/model"
)

const hands = 5 // abreast, of each worker

// history is all that happens in a race of two workers, each with a few hands
// that start at the same moment and read and write the same items.
func history(t *testing.T, seed uint64) string {
	t.Helper()
	cryptotest.SetGlobalRandom(t, seed)
	var told strings.Builder
	synctest.Test(t, func(t *testing.T) {
		decide := model.Seeded(seed, model.Even())
		e, s := small(t, model.Options{Now: time.Now, InTurn: true, Faults: func(call model.Call) model.Fate {
			fate := decide(call)
			fmt.Fprintln(&told, call.Number, call.Caller, call.Operation, time.Now().UnixNano(), fate)
			return fate
		}})
		client := sdk(s)
		var group sync.WaitGroup
		for _, worker := range []string{"one", "two"} {
			for hand := range hands {
				group.Go(func() { increase(t, client, worker, hand) })
			}
		}
		group.Wait()
		changes, err := json.Marshal(e.Changes("TABLE", 0))
		if err != nil {
			t.Fatal(err)
		}
		told.Write(changes)
	})
	return told.String()
}

// increase adds one to the counters of its hand, the first without looking, so that
// all begin with a request token that is drawn at the same moment. A fault at
// which the SDK gives up is part of the history.
func increase(t *testing.T, client *dynamodb.Client, worker string, hand int) {
	ctx, table, expression := model.WithCaller(t.Context(), worker), "TABLE", "ADD #n :one"
	names := map[string]string{"#n": "n"}
	values := map[string]types.AttributeValue{":one": &types.AttributeValueMemberN{Value: "1"}}
	for round := range 5 {
		key := map[string]types.AttributeValue{
			"PK": &types.AttributeValueMemberS{Value: "counter"}, "SK": &types.AttributeValueMemberS{Value: fmt.Sprint((hand + round) % hands)},
		}
		if round > 0 {
			if _, err := client.GetItem(ctx, &dynamodb.GetItemInput{TableName: &table, Key: key}); err != nil {
				continue
			}
		}
		_, _ = client.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{{Update: &types.Update{
			TableName: &table, Key: key, UpdateExpression: &expression, ExpressionAttributeNames: names, ExpressionAttributeValues: values,
		}}}})
	}
}

// One seed is one run, whatever the scheduler does; another is another.
func TestARaceIsReplayed(t *testing.T) {
	seen := map[string]bool{}
	for seed := range uint64(5) {
		first := history(t, seed)
		seen[first] = true
		for range 4 {
			if again := history(t, seed); again != first {
				t.Fatalf("seed %d has two histories\n%s", seed, firstDifference(first, again))
			}
		}
		if lines := strings.Count(first, "\n"); lines < 2*hands*5 {
			t.Errorf("seed %d: only %d calls", seed, lines)
		}
	}
	if len(seen) != 5 {
		t.Errorf("%d histories of 5 seeds", len(seen))
	}
}

func firstDifference(a, b string) string {
	left, right := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(left), len(right)) {
		if left[i] != right[i] {
			return left[i] + "\n" + right[i]
		}
	}
	return "one is longer"
}

// Calls of one moment go in turn: each at a moment of its own, by the names of
// their callers.
func TestCallsGoInTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var order []string
		e, s := small(t, model.Options{Now: time.Now, InTurn: true, Faults: func(call model.Call) model.Fate {
			order = append(order, call.Caller)
			return model.Fate{}
		}})
		var group sync.WaitGroup
		for i := range 20 {
			group.Go(func() {
				caller := fmt.Sprintf("caller %02d", 19-i)
				_, _, err := s.raw(model.WithCaller(t.Context(), caller), "PutItem", strings.Replace(putOfAB, `"b"`, fmt.Sprintf("%q", caller), 1))
				if err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		moments := map[time.Time]bool{}
		for i, change := range e.Changes("TABLE", 0) {
			moments[change.At] = true
			if want := fmt.Sprintf("caller %02d", i); order[i] != want || *change.Keys["SK"].S != want {
				t.Errorf("place %d is of %s, carried out for %s", i, order[i], *change.Keys["SK"].S)
			}
		}
		if len(moments) != 20 {
			t.Errorf("20 calls at %d moments", len(moments))
		}
	})
}

// Callers whose patience ends at the same moment give up one by one.
func TestCallersGiveUpInTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, s := small(t, model.Options{Now: time.Now, InTurn: true, Faults: func(call model.Call) model.Fate {
			if strings.HasSuffix(call.Caller, "0") { // half of them wait for the answer
				return model.Fate{Lag: time.Hour}
			}
			return model.Fate{Delay: time.Hour}
		}})
		var group sync.WaitGroup
		var mutex sync.Mutex
		var order []string
		moments := map[time.Time]bool{}
		for i := range 20 {
			group.Go(func() {
				caller := fmt.Sprintf("caller %02d", 19-i)
				ctx, cancel := context.WithTimeout(model.WithCaller(t.Context(), caller), time.Second)
				defer cancel()
				if _, _, err := s.raw(ctx, "PutItem", putOfAB); !errors.Is(err, context.DeadlineExceeded) {
					t.Error(err)
				}
				mutex.Lock()
				defer mutex.Unlock()
				order = append(order, caller)
				moments[time.Now()] = true
			})
		}
		group.Wait()
		if !slices.IsSorted(order) || len(moments) != 20 {
			t.Errorf("%d moments: %q", len(moments), order)
		}
	})
}
