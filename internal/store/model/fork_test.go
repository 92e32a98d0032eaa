// SPDX-License-Identifier: EUPL-1.2

package model_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"socialreturn/internal/store/model"
)

// queried is the sort keys that a query finds, by its key condition.
func (s side) queried(t *testing.T, index, hash string) string {
	t.Helper()
	request := fields{
		"TableName": "TABLE", "KeyConditionExpression": "#hash = :hash",
		"ExpressionAttributeNames": fields{"#hash": "PK"}, "ExpressionAttributeValues": fields{":hash": text(hash)},
	}
	if index != "" {
		request["IndexName"], request["ExpressionAttributeNames"] = index, fields{"#hash": strings.TrimPrefix(index, "by") + "PK"}
	}
	var keys []string
	for _, item := range s.must(t, "Query", request)["Items"].([]any) {
		keys = append(keys, item.(map[string]any)["SK"].(map[string]any)["S"].(string))
	}
	return strings.Join(keys, " ")
}

func TestAForkIsATableOfItsOwn(t *testing.T) {
	t.Parallel()
	indexed := func(sk, owner string) fields {
		return with(keyed("a", sk), fields{"OwnerPK": text("x"), "OwnerSK": text(owner)})
	}
	e, s := small(t, model.Options{})
	for i := range 3 {
		s.put(t, indexed(fmt.Sprint(i), fmt.Sprint(i)))
	}
	fork, f := e.Fork(model.Options{Now: time.Now}), s
	f.client = &http.Client{Transport: fork}
	s.put(t, indexed("old", "0"))
	f.put(t, indexed("00", "9"))
	f.put(t, indexed("0", "5"))
	for _, c := range []struct {
		e              *model.Engine
		side           side
		table, byOwner string
	}{{e, s, "0 1 2 old", "0 old 1 2"}, {fork, f, "0 00 1 2", "1 2 0 00"}} {
		if got := c.side.queried(t, "", "a"); got != c.table {
			t.Errorf("the table holds %s, want %s", got, c.table)
		}
		if got := c.side.queried(t, "byOwner", "x"); got != c.byOwner {
			t.Errorf("the index holds %s, want %s", got, c.byOwner)
		}
		changes := c.e.Changes("TABLE", 3)
		if len(changes) == 0 || changes[0].Sequence != 4 {
			t.Errorf("after the third change come %v", changes)
		}
	}
}
