// SPDX-License-Identifier: EUPL-1.2

package guard

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// need is a right that a request asks for.
type need struct {
	action string
	table  string
	place  string   // name of an index, or empty for the table itself
	keys   []string // partition keys that the request names
}

func (n need) resource(region string) string {
	if n.table == "" {
		return "*"
	}
	resource := fmt.Sprintf("arn:aws:dynamodb:%s:000000000000:table/%s", region, n.table)
	if n.place != "" {
		resource += "/index/" + n.place
	}
	return resource
}

// request is what the operations' requests say about whom they touch.
type request struct {
	target
	IndexName                 string
	KeyConditionExpression    string
	ExpressionAttributeNames  map[string]string
	ExpressionAttributeValues item
	RequestItems              map[string]json.RawMessage // by table
	TransactItems             []map[string]target        // by action
}

// target is one item of a table, given whole or by its key.
type target struct {
	TableName string
	Key, Item item
}

type item map[string]struct{ S *string }

// needs are the rights that an operation asks for.
func (g *Guard) needs(operation string, body []byte) ([]need, error) {
	var r request
	if err := json.Unmarshal(body, &r); err != nil {
		return nil, err
	}
	action := "dynamodb:" + operation
	switch operation {
	case "GetItem", "PutItem", "UpdateItem", "DeleteItem":
		return []need{g.one(action, r.target)}, nil
	case "Query":
		return []need{{action: action, table: r.TableName, place: r.IndexName, keys: g.queried(r)}}, nil
	case "BatchGetItem":
		return g.batch(r, action, itemsRead)
	case "BatchWriteItem":
		return g.batch(r, action, itemsWritten)
	case "TransactGetItems", "TransactWriteItems":
		return g.transaction(r), nil
	}
	// Scan, which names no key, and what no function has any business with.
	return []need{{action: action, table: r.TableName, place: r.IndexName}}, nil
}

func (g *Guard) one(action string, t target) need {
	return need{action: action, table: t.TableName, keys: slices.Concat(g.partition(t.Key), g.partition(t.Item))}
}

// partition is the partition key of an item, where it has one.
func (g *Guard) partition(i item) []string {
	if value := i[g.hashes[""]].S; value != nil {
		return []string{*value}
	}
	return nil
}

// batch needs the operation's own right on each table, also to write and to delete.
func (g *Guard) batch(r request, action string, itemsOf func(json.RawMessage) ([]item, error)) ([]need, error) {
	var needs []need
	for _, table := range slices.Sorted(maps.Keys(r.RequestItems)) {
		items, err := itemsOf(r.RequestItems[table])
		if err != nil {
			return nil, err
		}
		n := need{action: action, table: table}
		for _, i := range items {
			n.keys = append(n.keys, g.partition(i)...)
		}
		needs = append(needs, n)
	}
	return needs, nil
}

func itemsRead(requested json.RawMessage) ([]item, error) {
	var read struct{ Keys []item }
	err := json.Unmarshal(requested, &read)
	return read.Keys, err
}

func itemsWritten(requested json.RawMessage) ([]item, error) {
	var writes []struct{ PutRequest, DeleteRequest target }
	err := json.Unmarshal(requested, &writes)
	var items []item
	for _, w := range writes {
		items = append(items, w.PutRequest.Item, w.DeleteRequest.Key)
	}
	return items, err
}

// transaction needs the right of each member: there is none to transact.
func (g *Guard) transaction(r request) []need {
	var needs []need
	for _, members := range r.TransactItems {
		for kind, member := range members { // exactly one
			needs = append(needs, g.one("dynamodb:"+kind+"Item", member))
		}
	}
	return needs
}

var equality = regexp.MustCompile(`([#\w.-]+)\s*=\s*(:\w+)`)

// queried is the partition key of a query: in DynamoDB an equality.
func (g *Guard) queried(r request) []string {
	for _, found := range equality.FindAllStringSubmatch(r.KeyConditionExpression, -1) {
		name, placeholder := found[1], strings.HasPrefix(found[1], "#")
		if placeholder {
			name = r.ExpressionAttributeNames[name]
		}
		if value := r.ExpressionAttributeValues[found[2]].S; name == g.hashes[r.IndexName] && value != nil {
			return []string{*value}
		}
	}
	return nil
}
