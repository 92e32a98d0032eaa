// SPDX-License-Identifier: EUPL-1.2

package model

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"time"
)

const (
	maxBatchWrite      = 25
	maxTransaction     = 100
	maxTransactionSize = 4 << 20 // bytes
	maxToken           = 36
	tokenLife          = 10 * time.Minute
)

// write is a put, an update or a condition check, alone or in a transaction.
type write struct {
	TableName                           string
	Item                                Item // of a put
	Key                                 Item // of the others
	UpdateExpression                    string
	ConditionExpression                 string
	ReturnValuesOnConditionCheckFailure string
	expressions
}

// intent is a write that could be carried out.
type intent struct {
	table  *table
	id     id
	item   Item // to put; nil: none
	key    Item
	update update // nil: none
	when   condition
	tell   bool // what was there, where the condition is lost
}

// kindOfWrite is what a write is; each asks for other fields.
type kindOfWrite int

const (
	putting kindOfWrite = iota
	updating
	checking
)

// intend checks a write against all but the items that there are.
func (e *Engine) intend(kind kindOfWrite, w *write) (intent, error) {
	t := e.tables[w.TableName]
	if t == nil {
		return intent{}, noTable()
	}
	if (kind == putting) != (w.Item != nil) || (kind == putting) == (w.Key != nil) || (kind == updating) != (w.UpdateExpression != "") ||
		kind == checking && w.ConditionExpression == "" {
		return intent{}, unknown("a put is of an item, a check of a key and a condition, an update of a key and an expression")
	}
	n := intent{table: t, item: w.Item, key: w.Key}
	switch w.ReturnValuesOnConditionCheckFailure {
	case "ALL_OLD":
		n.tell = true
	case "", "NONE":
	default:
		return intent{}, unknown("ReturnValuesOnConditionCheckFailure %q", w.ReturnValuesOnConditionCheckFailure)
	}
	if err := w.prepare(); err != nil {
		return intent{}, err
	}
	var err error
	if n.when, err = w.condition(w.ConditionExpression); err != nil {
		return intent{}, err
	}
	if kind == updating {
		if n.update, err = w.update(w.UpdateExpression, t); err != nil {
			return intent{}, err
		}
	}
	if err := w.finish(); err != nil {
		return intent{}, err
	}
	if kind != putting {
		n.id = t.id(w.Key)
		return n, t.checkPrimary(w.Key)
	}
	if err := w.Item.settle(); err != nil {
		return intent{}, err
	}
	n.id = t.id(w.Item)
	return n, t.checkItem(w.Item)
}

// outcome is the item after the write; that before it for a check. Its error is
// a refusal.
func (n *intent) outcome() (Item, error) {
	old := n.table.items[n.id]
	switch {
	case !n.when.holds(old):
		if !n.tell {
			return nil, conditionLost(nil)
		}
		return nil, conditionLost(old)
	case n.item != nil:
		return n.item, nil
	case n.update == nil:
		return old, nil
	}
	if old == nil {
		old = n.key
	}
	item, err := n.update.apply(old)
	if err != nil {
		return nil, err
	}
	return item, n.table.checkItem(item)
}

type putRequest struct {
	write
	ReturnConsumedCapacity string
}

type putAnswer struct {
	ConsumedCapacity *consumed `json:",omitempty"`
}

func (e *Engine) putItem(in putRequest, fate Fate) (any, error) {
	if err := checkDetail(in.ReturnConsumedCapacity); err != nil {
		return nil, err
	}
	n, err := e.intend(putting, &in.write)
	if err != nil {
		return nil, err
	}
	if fate.Fault == Conflict {
		return nil, refuse("TransactionConflictException", "Transaction is ongoing for the item")
	}
	item, err := n.outcome()
	if err != nil {
		return nil, err
	}
	var took bill
	took.write(n.table, n.table.items[n.id], item)
	n.table.put(item, e.now())
	return putAnswer{took.render(in.TableName, in.ReturnConsumedCapacity)}, nil
}

type batchedPut struct{ PutRequest *struct{ Item Item } }

type batchWriteRequest struct {
	RequestItems           map[string][]batchedPut
	ReturnConsumedCapacity string
}

type batchWriteAnswer struct {
	UnprocessedItems map[string][]batchedPut
	ConsumedCapacity []*consumed `json:",omitempty"`
}

func (e *Engine) batchWriteItem(in batchWriteRequest, fate Fate) (any, error) {
	count, err := e.checkBatchWrite(in)
	if err != nil {
		return nil, err
	}
	most, err := allowance(fate, count)
	if err != nil {
		return nil, err
	}
	out := batchWriteAnswer{UnprocessedItems: make(map[string][]batchedPut)}
	for _, name := range slices.Sorted(maps.Keys(in.RequestItems)) {
		t, took := e.tables[name], bill{}
		for _, put := range in.RequestItems[name] {
			if most == 0 {
				out.UnprocessedItems[name] = append(out.UnprocessedItems[name], put)
				continue
			}
			most--
			item := put.PutRequest.Item
			took.write(t, t.items[t.id(item)], item)
			t.put(item, e.now())
		}
		if c := took.render(name, in.ReturnConsumedCapacity); c != nil {
			out.ConsumedCapacity = append(out.ConsumedCapacity, c)
		}
	}
	return out, nil
}

func (e *Engine) checkBatchWrite(in batchWriteRequest) (count int, err error) {
	if err := checkDetail(in.ReturnConsumedCapacity); err != nil {
		return 0, err
	}
	for _, name := range slices.Sorted(maps.Keys(in.RequestItems)) {
		t := e.tables[name]
		if t == nil {
			return 0, noTable()
		}
		seen := make(map[id]bool)
		for _, put := range in.RequestItems[name] {
			if put.PutRequest == nil {
				return 0, unknown("a batch with something else than puts")
			}
			item := put.PutRequest.Item
			if err := item.settle(); err != nil {
				return 0, err
			}
			if err := t.checkItem(item); err != nil {
				return 0, err
			}
			if seen[t.id(item)] {
				return 0, invalid("Provided list of item keys contains duplicates")
			}
			seen[t.id(item)] = true
			count++
		}
	}
	if count == 0 || count > maxBatchWrite {
		return 0, invalid("Too many items requested for the BatchWriteItem call, or none")
	}
	return count, nil
}

// allowance is how much of a batch is carried out. Where nothing would be, the
// whole is refused, as DynamoDB does.
func allowance(fate Fate, count int) (int, error) {
	if fate.Fault != Partial {
		return count, nil
	}
	if count < 2 {
		return 0, refuse(string(Throughput), "The level of configured provisioned throughput for the table was exceeded")
	}
	return count / 2, nil
}

type member struct{ Put, Update, ConditionCheck *write }

type transactRequest struct {
	TransactItems          []member
	ClientRequestToken     string
	ReturnConsumedCapacity string
}

type transactAnswer struct {
	ConsumedCapacity []*consumed `json:",omitempty"`
}

// transaction is one that was carried out and is remembered by its token.
type transaction struct {
	request [sha256.Size]byte // digest
	until   time.Time
}

func (e *Engine) transactWriteItems(in transactRequest, fate Fate) (any, error) {
	if err := checkDetail(in.ReturnConsumedCapacity); err != nil {
		return nil, err
	}
	if len(in.ClientRequestToken) > maxToken {
		return nil, invalid("1 validation error detected: Value at 'clientRequestToken' failed to satisfy constraint: Member must have length less than or equal to 36")
	}
	encoded, err := json.Marshal(in.TransactItems)
	if err != nil {
		return nil, err
	}
	request := sha256.Sum256(encoded)
	intents, err := e.intents(in.TransactItems)
	if err != nil {
		return nil, err
	}
	if before, known := e.tokens[in.ClientRequestToken]; known && e.now().Before(before.until) {
		if before.request != request {
			return nil, refuse("IdempotentParameterMismatchException", "The request token was used with other parameters")
		}
		return transactAnswer{billRepeat(intents, in.ReturnConsumedCapacity)}, nil
	}
	switch fate.Fault {
	case Conflict:
		return nil, conflict(len(intents), fate.Member)
	case InProgress:
		return nil, refuse("TransactionInProgressException", "Transaction is in progress")
	}
	items, err := outcomes(intents)
	if err != nil {
		return nil, err
	}
	answer := transactAnswer{billTransaction(intents, items, in.ReturnConsumedCapacity)}
	for i, n := range intents {
		if n.item != nil || n.update != nil {
			n.table.put(items[i], e.now())
		}
	}
	if in.ClientRequestToken != "" {
		e.tokens[in.ClientRequestToken] = transaction{request, e.now().Add(tokenLife)}
	}
	return answer, nil
}

// intents checks the members of a transaction, and the whole.
func (e *Engine) intents(members []member) ([]intent, error) {
	if len(members) == 0 || len(members) > maxTransaction {
		return nil, invalid("1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length between 1 and 100")
	}
	type target struct {
		table *table
		id    id
	}
	seen, size := make(map[target]bool), 0
	intents := make([]intent, len(members))
	for i, m := range members {
		kind, w := m.only()
		if w == nil {
			return nil, invalid("TransactItems can only contain one of Check, Put, Update or Delete")
		}
		n, err := e.intend(kind, w)
		if err != nil {
			return nil, err
		}
		if seen[target{n.table, n.id}] {
			return nil, invalid("Transaction request cannot include multiple operations on one item")
		}
		seen[target{n.table, n.id}] = true
		if size += n.item.size(); n.item == nil {
			size += n.table.items[n.id].size()
		}
		intents[i] = n
	}
	if size > maxTransactionSize {
		return nil, invalid("Collection size exceeded: the aggregate size of the items in the transaction exceeds 4 MB")
	}
	return intents, nil
}

// only is the one write that a member is; nil where it is none or several.
func (m member) only() (kindOfWrite, *write) {
	switch {
	case m.Put != nil && m.Update == nil && m.ConditionCheck == nil:
		return putting, m.Put
	case m.Put == nil && m.Update != nil && m.ConditionCheck == nil:
		return updating, m.Update
	case m.Put == nil && m.Update == nil && m.ConditionCheck != nil:
		return checking, m.ConditionCheck
	}
	return 0, nil
}

// outcomes are the items after the writes, or the reasons by position why there
// are none.
func outcomes(intents []intent) ([]Item, error) {
	items, reasons, lost := make([]Item, len(intents)), make([]reason, len(intents)), false
	for i := range intents {
		item, err := intents[i].outcome()
		items[i], reasons[i] = item, reason{Code: "None"}
		if r, isRefusal := errors.AsType[*refusal](err); isRefusal {
			lost = true
			reasons[i] = reason{Code: "ValidationError", Message: r.Message}
			if r.Type == ofService+lostCondition+"Exception" {
				reasons[i] = reason{Code: lostCondition, Message: r.Message, Item: r.Item}
			}
		}
	}
	if lost {
		return nil, cancelled(reasons)
	}
	return items, nil
}

// conflict cancels a transaction of so many members because another one has the
// item of one of them, which counts around.
func conflict(members, at int) error {
	reasons := make([]reason, members)
	for i := range reasons {
		reasons[i] = reason{Code: "None"}
	}
	reasons[max(0, at)%members] = reason{Code: "TransactionConflict", Message: "Transaction is ongoing for the item"}
	return cancelled(reasons)
}

// bills renders what was taken of each table, by name.
func bills(byTable map[string]*bill, detail string) []*consumed {
	var all []*consumed
	for _, name := range slices.Sorted(maps.Keys(byTable)) {
		if c := byTable[name].render(name, detail); c != nil {
			all = append(all, c)
		}
	}
	return all
}

func billTransaction(intents []intent, items []Item, detail string) []*consumed {
	byTable := make(map[string]*bill)
	for i, n := range intents {
		name := n.table.definition.TableName
		if byTable[name] == nil {
			byTable[name] = &bill{transaction: true}
		}
		if old := n.table.items[n.id]; n.item == nil && n.update == nil {
			byTable[name].check(old)
		} else {
			byTable[name].write(n.table, old, items[i])
		}
	}
	return bills(byTable, detail)
}

// billRepeat is what a transaction takes that was carried out before: it reads
// the items (API reference of TransactWriteItems, ClientRequestToken).
func billRepeat(intents []intent, detail string) []*consumed {
	byTable := make(map[string]*bill)
	for _, n := range intents {
		name := n.table.definition.TableName
		if byTable[name] == nil {
			byTable[name] = &bill{transaction: true, reads: true}
		}
		byTable[name].base += 2 * readHalves(n.table.items[n.id].size(), true)
	}
	return bills(byTable, detail)
}
