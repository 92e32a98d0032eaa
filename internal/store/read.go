// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"socialreturn/internal/app"
)

// index is a way into the table: its name and the attributes of its key.
type index struct {
	name   string // empty: the table itself
	pk, sk string
}

var (
	base    = &index{pk: "PK", sk: "SK"}
	byOwner = &index{name: "byOwner", pk: "OwnerPK", sk: "OwnerSK"}
	byDesk  = &index{name: "byDesk", pk: "DeskPK", sk: "DeskSK"}
)

// in adds an item to the index under a key.
func (w write) in(x *index, k key) write {
	if k.fault != nil {
		w.fault = k.fault
	}
	if w.fault == nil {
		w.item[x.pk], w.item[x.sk] = text(x.pk, k.pk).value, text(x.sk, k.sk).value
	}
	return w
}

// stretch is a run of sort keys within a partition, both ends included; a whole
// partition where from is empty.
type stretch struct {
	pk, from, to string
	fault        error
}

// under is every key that starts with a prefix, which may be empty.
func under(prefix key) stretch {
	s := stretch{pk: prefix.pk, from: prefix.sk, fault: prefix.fault}
	if end := len(prefix.sk) - 1; end >= 0 {
		s.to = prefix.sk[:end] + string(rune(prefix.sk[end]+1))
	}
	return s
}

// between is every key from one to another of the same partition.
func between(from, to key) stretch {
	s := stretch{pk: from.pk, from: from.sk, to: to.sk, fault: from.fault}
	if to.fault != nil {
		s.fault = to.fault
	}
	return s
}

func (s stretch) holds(sk string) bool { return s.from == "" || sk >= s.from && sk <= s.to }

// reading is a query.
type reading struct {
	stretch
	index      *index
	consistent bool // only of the table itself
	backward   bool
	limit      int       // items looked at in one call; zero: as many as a page takes
	filter     condition // drops items after they were looked at
	after      record    // the key to go on from
}

func (t *Table) page(ctx context.Context, r reading) ([]record, record, error) {
	if r.fault != nil {
		return nil, nil, r.fault
	}
	where, values := "#"+r.index.pk+" = :pk", []attribute{text("pk", r.pk)}
	if r.from != "" {
		where += " AND #" + r.index.sk + " BETWEEN :from AND :to"
		values = append(values, text("from", r.from), text("to", r.to))
	}
	forward := !r.backward
	input := &dynamodb.QueryInput{
		TableName: &t.name, KeyConditionExpression: &where, FilterExpression: r.filter.expressionOrNil(),
		ExpressionAttributeNames: r.filter.names(where), ExpressionAttributeValues: r.filter.bindings(values...),
		ScanIndexForward: &forward, ExclusiveStartKey: r.after,
	}
	if r.index.name != "" {
		input.IndexName = &r.index.name
	} else {
		input.ConsistentRead = &r.consistent
	}
	if r.limit > 0 {
		limit := int32(r.limit) //nolint:gosec // G115: a page holds at most a hundred
		input.Limit = &limit
	}
	out, err := t.engine.query(ctx, input)
	if err != nil {
		return nil, nil, wrapped(err)
	}
	records := make([]record, len(out.Items))
	for i, item := range out.Items {
		records[i] = item
	}
	return records, out.LastEvaluatedKey, nil
}

// all reads a stretch to its end, or to most items where that is positive.
func (t *Table) all(ctx context.Context, r reading, most int) ([]record, error) {
	var records []record
	r.limit = most
	for range maxPages {
		page, next, err := t.page(ctx, r)
		if err != nil {
			return nil, err
		}
		records = append(records, page...)
		if next == nil || most > 0 && len(records) >= most {
			return records, nil
		}
		r.after = next
		if most > 0 {
			r.limit = most - len(records)
		}
	}
	return nil, fmt.Errorf("store: more than %d pages", maxPages)
}

const (
	maxLimit     = 100
	maxListCalls = 16 // in search of one page behind a filter
)

// list reads one page of a list and the cursor of the next one, which is empty
// at the end. Behind a filter a page may be short and still have a next one.
// The item of a cursor must have a key of the layout. ErrCursor.
func (t *Table) list(ctx context.Context, r reading, page app.Page, items *layout) ([]record, string, error) {
	if err := r.start(page.Cursor, items); err != nil {
		return nil, "", err
	}
	want := min(max(page.Limit, 1), maxLimit)
	r.limit = want + 1 // one more, so that no page turns out to be empty
	if r.filter.expression != "" {
		r.limit = maxLimit
	}
	var records []record
	for range maxListCalls {
		found, next, err := t.page(ctx, r)
		if err != nil {
			return nil, "", err
		}
		records = append(records, found...)
		if len(records) > want {
			return records[:want], r.cursor(records[want-1]), nil
		}
		if next == nil {
			return records, "", nil
		}
		r.after = next
	}
	return records, r.cursor(r.after), nil
}

// position is what a cursor says. The partition is never taken from it.
type position struct {
	List string `json:"l"` // fingerprint of the list that it belongs to
	Sort string `json:"s"` // sort key in the index
	PK   string `json:"p"` // of the item
	SK   string `json:"k"`
}

func (r reading) fingerprint() string {
	sum := sha256.Sum256([]byte(r.index.name + "\n" + r.pk + "\n" + r.from + "\n" + r.to))
	return hex.EncodeToString(sum[:6])
}

func (r reading) cursor(at record) string {
	encoded, _ := json.Marshal(position{ // four strings: cannot fail
		List: r.fingerprint(), Sort: at.text(r.index.sk), PK: at.text("PK"), SK: at.text("SK"),
	})
	return base64.RawURLEncoding.EncodeToString(encoded)
}

func (r *reading) start(cursor string, items *layout) error {
	if cursor == "" {
		return nil
	}
	decoded, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return app.ErrCursor
	}
	var at position
	if err := json.Unmarshal(decoded, &at); err != nil || at.List != r.fingerprint() {
		return app.ErrCursor
	}
	k := key{pk: at.PK, sk: at.SK}
	if _, fits := items.parse(k); !fits || at.Sort == "" || len(at.Sort) > 1024 || !r.holds(at.Sort) {
		return app.ErrCursor
	}
	r.after = k.primary()
	r.after[r.index.pk], r.after[r.index.sk] = text("", r.pk).value, text("", at.Sort).value
	return nil
}
