// SPDX-License-Identifier: EUPL-1.2

package model

import (
	"maps"
	"slices"
)

const (
	maxBatchGet  = 100
	maxBatchSize = 16 << 20 // bytes in the answer of a BatchGetItem
	maxPage      = 1 << 20  // bytes that a query looks at in one call
)

type getRequest struct {
	TableName              string
	Key                    Item
	ConsistentRead         bool
	ReturnConsumedCapacity string
}

type getAnswer struct {
	Item             Item      `json:",omitempty"`
	ConsumedCapacity *consumed `json:",omitempty"`
}

// sight is the table as a read of it sees it: stale only where it may be.
func (t *table) sight(consistent bool, fate Fate) view {
	if consistent {
		return t.ago(0)
	}
	return t.ago(fate.Behind)
}

func (e *Engine) getItem(in getRequest, fate Fate) (any, error) {
	if err := checkDetail(in.ReturnConsumedCapacity); err != nil {
		return nil, err
	}
	t := e.tables[in.TableName]
	if t == nil {
		return nil, noTable()
	}
	if err := t.checkPrimary(in.Key); err != nil {
		return nil, err
	}
	item := t.sight(in.ConsistentRead, fate).get(t.id(in.Key))
	took := bill{base: readHalves(item.size(), in.ConsistentRead)}
	return getAnswer{item, took.render(in.TableName, in.ReturnConsumedCapacity)}, nil
}

type keysOfTable struct {
	Keys           []Item
	ConsistentRead bool
}

type batchGetRequest struct {
	RequestItems           map[string]keysOfTable
	ReturnConsumedCapacity string
}

type batchGetAnswer struct {
	Responses        map[string][]Item
	UnprocessedKeys  map[string]keysOfTable
	ConsumedCapacity []*consumed `json:",omitempty"`
}

func (e *Engine) batchGetItem(in batchGetRequest, fate Fate) (any, error) {
	if err := e.checkBatchGet(in); err != nil {
		return nil, err
	}
	most, err := allowance(fate, in.count())
	if err != nil {
		return nil, err
	}
	out := batchGetAnswer{Responses: make(map[string][]Item), UnprocessedKeys: make(map[string]keysOfTable)}
	size := 0
	for _, name := range slices.Sorted(maps.Keys(in.RequestItems)) {
		wanted, t := in.RequestItems[name], e.tables[name]
		seen, took := t.sight(wanted.ConsistentRead, fate), bill{}
		out.Responses[name] = []Item{}
		left := keysOfTable{ConsistentRead: wanted.ConsistentRead}
		for _, key := range wanted.Keys {
			item := seen.get(t.id(key))
			if most == 0 || size+item.size() > maxBatchSize {
				left.Keys = append(left.Keys, key)
				continue
			}
			most--
			size += item.size()
			took.base += readHalves(item.size(), wanted.ConsistentRead)
			if item != nil {
				out.Responses[name] = append(out.Responses[name], item)
			}
		}
		if len(left.Keys) > 0 {
			out.UnprocessedKeys[name] = left
		}
		if c := took.render(name, in.ReturnConsumedCapacity); c != nil {
			out.ConsumedCapacity = append(out.ConsumedCapacity, c)
		}
	}
	return out, nil
}

func (in batchGetRequest) count() int {
	count := 0
	for _, wanted := range in.RequestItems {
		count += len(wanted.Keys)
	}
	return count
}

func (e *Engine) checkBatchGet(in batchGetRequest) error {
	if err := checkDetail(in.ReturnConsumedCapacity); err != nil {
		return err
	}
	if count := in.count(); count == 0 || count > maxBatchGet {
		return invalid("Too many items requested for the BatchGetItem call, or none")
	}
	for _, name := range slices.Sorted(maps.Keys(in.RequestItems)) {
		t := e.tables[name]
		if t == nil {
			return noTable()
		}
		seen := make(map[id]bool)
		for _, key := range in.RequestItems[name].Keys {
			if err := t.checkPrimary(key); err != nil {
				return err
			}
			if seen[t.id(key)] {
				return invalid("Provided list of item keys contains duplicates")
			}
			seen[t.id(key)] = true
		}
	}
	return nil
}

type queryRequest struct {
	TableName                                string
	IndexName                                string
	KeyConditionExpression, FilterExpression string
	expressions
	ConsistentRead         bool
	ScanIndexForward       *bool
	Limit                  *int
	ExclusiveStartKey      Item
	ReturnConsumedCapacity string
}

type pageAnswer struct {
	Items            []Item
	Count            int
	ScannedCount     int
	LastEvaluatedKey Item      `json:",omitempty"`
	ConsumedCapacity *consumed `json:",omitempty"`
}

// reading is what one call of a query or scan looks at.
type reading struct {
	table  *table
	schema schema
	seen   view
	places []place // in the order of the reading
	filter condition
	limit  *int
}

func (e *Engine) query(in queryRequest, fate Fate) (any, error) {
	r, hash, err := e.plan(&in, fate)
	if err != nil {
		return nil, err
	}
	if fate.Fault == ShortPage {
		r.shorten()
	}
	out, size := r.page()
	if fate.Fault == EmptyPage {
		start := in.ExclusiveStartKey
		if start == nil {
			start = r.edge(hash, in.forward())
		}
		out, size = pageAnswer{Items: []Item{}, LastEvaluatedKey: start}, 0
	}
	took := bill{}
	if r.schema.name == "" {
		took.base = readHalves(size, in.ConsistentRead)
	} else {
		took.index(r.schema.name, readHalves(size, false))
	}
	out.ConsumedCapacity = took.render(in.TableName, in.ReturnConsumedCapacity)
	return out, nil
}

func (in *queryRequest) forward() bool { return in.ScanIndexForward == nil || *in.ScanIndexForward }

// plan checks a query, and finds what it would look at without end.
func (e *Engine) plan(in *queryRequest, fate Fate) (r reading, hash Value, err error) {
	if err := checkPaging(in.Limit, in.ReturnConsumedCapacity); err != nil {
		return r, hash, err
	}
	t := e.tables[in.TableName]
	if t == nil {
		return r, hash, noTable()
	}
	s, exists := t.schema(in.IndexName)
	switch {
	case !exists:
		return r, hash, invalid("The table does not have the specified index: %s", in.IndexName)
	case s.name != "" && in.ConsistentRead:
		return r, hash, invalid("Consistent reads are not supported on global secondary indexes")
	}
	hash, sort, filter, err := in.conditions(t, s)
	if err != nil {
		return r, hash, err
	}
	r = reading{table: t, schema: s, seen: t.sight(in.ConsistentRead, fate), filter: filter, limit: in.Limit}
	for _, p := range r.seen.partition(s, hash.bytes()) {
		if sort.holds(Item{s.sort: t.sortValue(s, p)}) {
			r.places = append(r.places, p)
		}
	}
	if !in.forward() {
		slices.Reverse(r.places)
	}
	if in.ExclusiveStartKey == nil {
		return r, hash, nil
	}
	start, err := r.start(in.ExclusiveStartKey)
	if err != nil {
		return r, hash, err
	}
	atEdge := start.sort == lowest || start.sort == highest
	if start.hash != hash.bytes() || !atEdge && !sort.holds(in.ExclusiveStartKey) {
		return r, hash, invalid("The provided starting key is outside query boundaries based on provided conditions")
	}
	r.after(start, in.forward())
	return r, hash, nil
}

// sortValue is the sort key of a place as a value.
func (t *table) sortValue(s schema, p place) Value {
	if t.kinds[s.sort] == "B" {
		raw := []byte(p.sort)
		return Value{B: &raw}
	}
	return Value{S: &p.sort}
}

func checkPaging(limit *int, detail string) error {
	if limit != nil && *limit < 1 {
		return invalid("1 validation error detected: Value at 'Limit' failed to satisfy constraint: Member must have value greater than or equal to 1")
	}
	return checkDetail(detail)
}

// conditions reads the expressions of a query.
func (in *queryRequest) conditions(t *table, s schema) (hash Value, sort, filter condition, err error) {
	if err = in.prepare(); err != nil {
		return hash, nil, nil, err
	}
	if hash, sort, err = in.keyCondition(in.KeyConditionExpression, s); err != nil {
		return hash, nil, nil, err
	}
	if hash.kind() != t.kinds[s.hash] || hash.bytes() == "" {
		return hash, nil, nil, invalid("One or more parameter values were invalid: Condition parameter type does not match schema type")
	}
	if filter, err = in.condition(in.FilterExpression); err != nil {
		return hash, nil, nil, err
	}
	for _, name := range names(filter) {
		if name != "" && (name == s.hash || name == s.sort) {
			return hash, nil, nil, invalid("Filter Expression can only contain non-primary key attributes: Primary key attribute: %s", name)
		}
	}
	return hash, sort, filter, in.finish()
}

// start is the place of a starting key, which names all attributes of the keys
// of the table and the index, and no others.
func (r *reading) start(key Item) (place, error) {
	wrong := invalid("The provided starting key is invalid")
	if err := key.settle(); err != nil {
		return place{}, err
	}
	attributes := map[string]bool{r.table.base.hash: true, r.table.base.sort: true, r.schema.hash: true, r.schema.sort: true}
	if len(key) != len(attributes) {
		return place{}, wrong
	}
	for name := range attributes {
		if value := key[name]; value.kind() != r.table.kinds[name] || value.bytes() == "" {
			return place{}, wrong
		}
	}
	start, _ := r.schema.place(r.table, key)
	return start, nil
}

// after drops the places up to a start, which need not be among them.
func (r *reading) after(start place, forward bool) {
	first := slices.IndexFunc(r.places, func(p place) bool {
		if forward {
			return start.compare(p) < 0
		}
		return start.compare(p) > 0
	})
	if first < 0 {
		first = len(r.places)
	}
	r.places = r.places[first:]
}

// shorten ends the page half-way, as the engine may at any item.
func (r *reading) shorten() {
	half := max(len(r.places)/2, 1)
	if r.limit == nil || half < *r.limit {
		r.limit = &half
	}
}

// Sort keys before and after all that anybody uses: where a page ends that
// looked at nothing. They are a starting key of every query.
const (
	lowest  = "\x00"
	highest = "\U0010FFFF"
)

// edge is a cursor at the start of a partition.
func (r *reading) edge(hash Value, forward bool) Item {
	sort := lowest
	if !forward {
		sort = highest
	}
	key := make(Item)
	for _, name := range []string{r.table.base.hash, r.table.base.sort, r.schema.sort} {
		key[name] = r.table.sortValue(schema{sort: name}, place{sort: sort})
	}
	key[r.schema.hash] = hash
	return key
}

// page looks at items until the limit or the size of a page; what was looked at
// last is the cursor, also where nothing follows a full page. It gives also the
// bytes that it looked at.
func (r *reading) page() (out pageAnswer, size int) {
	out.Items = []Item{}
	for _, p := range r.places {
		item := r.seen.get(p.id)
		more := item.size()
		if size+more > maxPage && out.ScannedCount > 0 {
			break
		}
		size += more
		out.ScannedCount++
		if r.filter.holds(item) {
			out.Items = append(out.Items, item)
		}
		if r.limit != nil && out.ScannedCount == *r.limit {
			break
		}
	}
	out.Count = len(out.Items)
	full := r.limit != nil && out.ScannedCount == *r.limit
	if full || out.ScannedCount < len(r.places) {
		out.LastEvaluatedKey = r.cursor(r.places[out.ScannedCount-1])
	}
	return out, size
}

// cursor is the keys of the item at a place.
func (r *reading) cursor(p place) Item {
	item := r.seen.get(p.id)
	key := r.table.keys(item)
	key[r.schema.hash], key[r.schema.sort] = item[r.schema.hash], item[r.schema.sort]
	return key
}

type scanRequest struct {
	TableName              string
	ConsistentRead         bool
	Limit                  *int
	ExclusiveStartKey      Item
	ReturnConsumedCapacity string
}

// scan reads the whole table, by primary key; DynamoDB gives partitions in no
// order that anyone could use.
func (e *Engine) scan(in scanRequest, fate Fate) (any, error) {
	if err := checkPaging(in.Limit, in.ReturnConsumedCapacity); err != nil {
		return nil, err
	}
	t := e.tables[in.TableName]
	if t == nil {
		return nil, noTable()
	}
	r := reading{table: t, schema: t.base, seen: t.sight(in.ConsistentRead, fate), filter: always{}, limit: in.Limit}
	r.places = r.seen.all()
	if in.ExclusiveStartKey != nil {
		start, err := r.start(in.ExclusiveStartKey)
		if err != nil {
			return nil, err
		}
		r.places = slices.DeleteFunc(r.places, func(p place) bool { return p.id.compare(start.id) <= 0 })
	}
	out, size := r.page()
	took := bill{base: readHalves(size, in.ConsistentRead)}
	out.ConsumedCapacity = took.render(in.TableName, in.ReturnConsumedCapacity)
	return out, nil
}
