// SPDX-License-Identifier: EUPL-1.2

package simulation

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"socialreturn/internal/store/model"
)

// key is an item's primary key.
type key struct{ pk, sk string }

// view is the table as it is, for who stands outside: it reads the engine's own
// changes and makes no call. A body is decoded once.
type view struct {
	mutex   sync.Mutex
	engine  *model.Engine
	seen    int
	items   map[key]model.Item
	order   map[string][]string // sort keys by partition, sorted
	pks     []string            // sorted
	decoded map[string]any      // by type and body
}

func newView(e *model.Engine) *view {
	v := &view{engine: e, items: make(map[key]model.Item), order: make(map[string][]string), decoded: make(map[string]any)}
	v.refresh()
	return v
}

// refresh takes in what changed since.
func (v *view) refresh() {
	for _, c := range v.engine.Changes(tableName, v.seen) {
		k := keyOf(c.New)
		if c.Old == nil {
			at, _ := slices.BinarySearch(v.order[k.pk], k.sk)
			if len(v.order[k.pk]) == 0 {
				place, _ := slices.BinarySearch(v.pks, k.pk)
				v.pks = slices.Insert(v.pks, place, k.pk)
			}
			v.order[k.pk] = slices.Insert(v.order[k.pk], at, k.sk)
		}
		v.items[k], v.seen = c.New, c.Sequence
	}
}

func keyOf(item model.Item) key { return key{*item["PK"].S, *item["SK"].S} }

func textOf(item model.Item, name string) string {
	if value := item[name].S; value != nil {
		return *value
	}
	return ""
}

// bodyOf decodes an item's body.
func bodyOf[T any](item model.Item) T {
	var body T
	if err := json.Unmarshal([]byte(textOf(item, "body")), &body); err != nil {
		panic(fmt.Sprintf("a body of %s that is none: %v", textOf(item, "type"), err)) // the store wrote it
	}
	return body
}

func remembered[T any](v *view, item model.Item) T {
	name := textOf(item, "type") + textOf(item, "body")
	if body, known := v.decoded[name].(T); known {
		return body
	}
	body := bodyOf[T](item)
	v.decoded[name] = body
	return body
}

// read is one item's body; false where there is none.
func read[T any](v *view, pk, sk string) (T, bool) {
	item, there := v.items[key{pk, sk}]
	if !there {
		var none T
		return none, false
	}
	return remembered[T](v, item), true
}

// list is the bodies of a partition's items of a type, by sort key, from those
// whose sort key starts so.
func list[T any](v *view, pk, prefix, kind string) []T {
	var bodies []T
	for _, sk := range v.order[pk] {
		if item := v.items[key{pk, sk}]; strings.HasPrefix(sk, prefix) && textOf(item, "type") == kind {
			bodies = append(bodies, remembered[T](v, item))
		}
	}
	return bodies
}

// partitions are the partition keys that start so, sorted.
func (v *view) partitions(prefix string) []string {
	from, _ := slices.BinarySearch(v.pks, prefix)
	to := from
	for to < len(v.pks) && strings.HasPrefix(v.pks[to], prefix) {
		to++
	}
	return v.pks[from:to]
}
