// SPDX-License-Identifier: EUPL-1.2

package model

import (
	"cmp"
	"slices"
	"time"
)

// id is an item's primary key.
type id struct{ hash, sort string }

func (a id) compare(b id) int {
	return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.sort, b.sort))
}

// place is where an item stands in the table or in an index: partition, sort
// key, and, since that need not be unique in an index, the item's primary key.
type place struct {
	hash, sort string
	id         id
}

// compare orders places of one partition.
func (a place) compare(b place) int { return cmp.Or(cmp.Compare(a.sort, b.sort), a.id.compare(b.id)) }

// schema is the table's key or an index's: the names of its two attributes.
type schema struct {
	name       string // of the index; empty: the table itself
	hash, sort string
}

// place is where an item stands; false where it lacks an attribute of the key:
// indexes are sparse.
func (s schema) place(t *table, item Item) (place, bool) {
	hash, sort := item[s.hash], item[s.sort]
	if hash.kind() == "" || sort.kind() == "" {
		return place{}, false
	}
	return place{hash.bytes(), sort.bytes(), t.id(item)}, true
}

// table is a table with its indexes. All of an item is in each index.
type table struct {
	definition definition
	base       schema
	indexes    []schema
	kinds      map[string]string // S or B, of each attribute of a key
	expiry     string            // name of the attribute; empty: nothing expires
	items      map[id]Item
	partitions map[string]map[string][]place // in order; by the schema's name and hash key
	changes    []Change
}

func (t *table) id(item Item) id { return id{item[t.base.hash].bytes(), item[t.base.sort].bytes()} }

// schema is that of an index, or of the table for an empty name.
func (t *table) schema(index string) (schema, bool) {
	for _, s := range append(t.indexes, t.base) {
		if s.name == index {
			return s, true
		}
	}
	return schema{}, false
}

// put stores an item, and records the change unless there is none: DynamoDB
// writes no stream record for a put that changes nothing ("Change data capture
// for DynamoDB Streams" in the Developer Guide).
func (t *table) put(item Item, now time.Time) {
	where := t.id(item)
	old := t.items[where]
	if old != nil && old.same(item) {
		return
	}
	t.items[where] = item
	for _, s := range append(t.indexes, t.base) {
		before, was := s.place(t, old)
		after, is := s.place(t, item)
		if was && is && before == after {
			continue
		}
		if was && old != nil {
			t.leave(s, before)
		}
		if is {
			t.enter(s, after)
		}
	}
	t.changes = append(t.changes, Change{
		Table: t.definition.TableName, Sequence: len(t.changes) + 1, At: now, Keys: t.keys(item), New: item, Old: old, id: where,
	})
}

// keys are the attributes of an item that its primary key is made of.
func (t *table) keys(item Item) Item {
	return Item{t.base.hash: item[t.base.hash], t.base.sort: item[t.base.sort]}
}

func (t *table) enter(s schema, p place) {
	partitions := t.partitions[s.name]
	at, _ := slices.BinarySearchFunc(partitions[p.hash], p, place.compare)
	partitions[p.hash] = slices.Insert(partitions[p.hash], at, p)
}

func (t *table) leave(s schema, p place) {
	partitions := t.partitions[s.name]
	at, _ := slices.BinarySearchFunc(partitions[p.hash], p, place.compare)
	partitions[p.hash] = slices.Delete(partitions[p.hash], at, at+1)
}

// view is the table as a read sees it: as it is, or as it was some writes ago.
type view struct {
	*table
	was map[id]Item // what has changed since; nil: it was not there
}

// ago is the table before its last n changes; before the first where there were
// fewer. A writer's own changes may be among them, as in DynamoDB.
func (t *table) ago(n int) view {
	v := view{table: t}
	if n <= 0 {
		return v
	}
	v.was = make(map[id]Item)
	for i := len(t.changes) - 1; i >= max(0, len(t.changes)-n); i-- {
		v.was[t.changes[i].id] = t.changes[i].Old
	}
	return v
}

func (v view) get(where id) Item {
	if item, changed := v.was[where]; changed {
		return item
	}
	return v.items[where]
}

// partition is the places of a partition, in order.
func (v view) partition(s schema, hash string) []place {
	places := v.partitions[s.name][hash]
	if len(v.was) == 0 {
		return places
	}
	places = slices.DeleteFunc(slices.Clone(places), func(p place) bool {
		_, changed := v.was[p.id]
		return changed
	})
	for _, item := range v.was {
		if p, stood := s.place(v.table, item); stood && p.hash == hash {
			places = append(places, p)
		}
	}
	slices.SortFunc(places, place.compare)
	return places
}

// all is the places of all items, by primary key.
func (v view) all() []place {
	var places []place
	for hash := range v.partitions[v.base.name] {
		places = append(places, v.partition(v.base, hash)...)
	}
	slices.SortFunc(places, func(a, b place) int { return a.id.compare(b.id) })
	return places
}

const (
	maxHashKey = 2048
	maxSortKey = 1024
	maxItem    = 400 << 10
)

// checkItem refuses an item that the table cannot hold.
func (t *table) checkItem(item Item) error {
	for _, name := range []string{t.base.hash, t.base.sort} {
		value, there := item[name]
		if !there {
			return invalid("One or more parameter values were invalid: Missing the key %s in the item", name)
		}
		if err := t.checkKey(name, value); err != nil {
			return err
		}
	}
	for _, x := range t.indexes {
		for _, name := range []string{x.hash, x.sort} {
			if err := t.checkIndexKey(x, name, item); err != nil {
				return err
			}
		}
	}
	if item.size() > maxItem {
		return invalid("Item size has exceeded the maximum allowed size")
	}
	return nil
}

// checkKey refuses a value as an attribute of the primary key.
func (t *table) checkKey(name string, value Value) error {
	size := len(value.bytes())
	switch {
	case value.kind() != t.kinds[name]:
		return invalid("One or more parameter values were invalid: Type mismatch for key %s expected: %s actual: %s", name, t.kinds[name], value.kind())
	case size == 0:
		return invalid("One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: %s", name)
	case name == t.base.hash && size > maxHashKey, name == t.base.sort && size > maxSortKey:
		return invalid("One or more parameter values were invalid: Size of %s has exceeded the maximum size limit", name)
	}
	return nil
}

func (t *table) checkIndexKey(x schema, name string, item Item) error {
	value, there := item[name]
	size := len(value.bytes())
	switch {
	case !there:
		return nil
	case value.kind() != t.kinds[name]:
		return invalid("One or more parameter values were invalid: Type mismatch for Index Key %s Expected: %s Actual: %s IndexName: %s", name, t.kinds[name], value.kind(), x.name)
	case size == 0:
		return invalid("One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: %s, IndexKey: %s", x.name, name)
	case name == x.hash && size > maxHashKey, name == x.sort && size > maxSortKey:
		return invalid("One or more parameter values were invalid: Size of %s has exceeded the maximum size limit", name)
	}
	return nil
}

// checkPrimary refuses what is not exactly a primary key.
func (t *table) checkPrimary(key Item) error {
	if err := key.settle(); err != nil {
		return err
	}
	hash, sort := key[t.base.hash], key[t.base.sort]
	if len(key) != 2 || hash.kind() != t.kinds[t.base.hash] || sort.kind() != t.kinds[t.base.sort] {
		return invalid("The provided key element does not match the schema")
	}
	if err := t.checkKey(t.base.hash, hash); err != nil {
		return err
	}
	return t.checkKey(t.base.sort, sort)
}
