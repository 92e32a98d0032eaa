// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"regexp"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"socialreturn/internal/app"
)

// condition is a condition or filter. Names in it start with #, values with :.
type condition struct {
	expression string
	values     []attribute
}

var (
	absent      = condition{expression: "attribute_not_exists(#PK)"}
	nameInside  = regexp.MustCompile(`#\w+`)
	returnOld   = types.ReturnValuesOnConditionCheckFailureAllOld
	errRefused  = errors.New("store: the engine refuses the request as invalid")
	errConflict = fmt.Errorf("store: in conflict with other writers, or throttled, for too long: %w", app.ErrBusy)
)

// follows holds where version comes next: the stored one is one lower, or there
// is none and version is 1.
func follows(version int) condition {
	if version == 1 {
		return absent
	}
	return condition{"#version = :version", []attribute{number("version", version-1)}}
}

func (c condition) expressionOrNil() *string {
	if c.expression == "" {
		return nil
	}
	return &c.expression
}

func (c condition) names(more ...string) map[string]string {
	var names map[string]string
	for _, text := range append(more, c.expression) {
		for _, name := range nameInside.FindAllString(text, -1) {
			if names == nil {
				names = make(map[string]string)
			}
			names[name] = name[1:]
		}
	}
	return names
}

func (c condition) bindings(more ...attribute) record {
	if len(c.values)+len(more) == 0 {
		return nil
	}
	values := make(record)
	for _, a := range append(more, c.values...) {
		values[":"+a.name] = a.value
	}
	return values
}

// write is one member of a command: an item to put, an item to update, or, with
// neither, a condition alone.
type write struct {
	key    key
	item   record
	update string // expression
	values []attribute
	when   condition
	// lost is what a lost condition means, given the item that is there (nil:
	// none). Nil means that the command was carried out before: a success.
	lost  func(old record) error
	fault error // why it cannot be sent
}

func put(k key, kind string, body any, attributes ...attribute) write {
	item, err := newRecord(k, kind, body, attributes)
	return write{key: k, item: item, fault: err}
}

// check is a condition on an item that the command does not change.
func check(k key, when condition, lost func(old record) error) write {
	return write{key: k, when: when, lost: lost, fault: k.fault}
}

// on sets the condition of a write and what it means to lose it.
func (w write) on(when condition, lost func(old record) error) write {
	w.when, w.lost = when, lost
	return w
}

// onceOn is on, where losing means the fault unless the very same item is there:
// then an earlier attempt was carried out and only its answer was lost.
func (w write) onceOn(when condition, fault error) write {
	return w.on(when, func(old record) error {
		if body := w.item.text("body"); body != "" && old.text("body") == body {
			return nil
		}
		return fault
	})
}

func always(fault error) func(record) error { return func(record) error { return fault } }

// lostCondition is a condition that did not hold: which, and what was there.
type lostCondition struct {
	position int
	old      record
	fault    error
}

func (l *lostCondition) Error() string { return l.fault.Error() }

func (l *lostCondition) Unwrap() error { return l.fault }

// errExists: the item that the command creates is there already.
var errExists = fmt.Errorf("%w: the id exists", app.ErrTaken)

// existing is the item that was there already where a command's first write
// creates an item.
func existing(err error) (record, bool) {
	var lost *lostCondition
	if errors.As(err, &lost) && lost.position == 0 && errors.Is(lost.fault, errExists) {
		return lost.old, true
	}
	return nil, false
}

const maxTransaction = 100 // members, of the engine

// commit carries out all writes or none. The first lost condition, in the order
// of the writes, decides the error, which is a *lostCondition.
func (t *Table) commit(ctx context.Context, writes ...write) error {
	for _, w := range writes {
		if w.fault != nil {
			return w.fault
		}
	}
	switch {
	case len(writes) == 1 && writes[0].item != nil:
		input := t.putInput(writes[0])
		return t.send(ctx, writes, func() error { return second(t.engine.putItem(ctx, input)) })
	case len(writes) > maxTransaction:
		return fmt.Errorf("store: a transaction of %d items is over the engine's %d", len(writes), maxTransaction)
	}
	return t.transact(ctx, writes)
}

func (t *Table) transact(ctx context.Context, writes []write) error {
	// One token for all tries: an attempt that was carried out, and whose answer
	// was lost, is not carried out again.
	token := rand.Text()
	input := &dynamodb.TransactWriteItemsInput{ClientRequestToken: &token}
	for _, w := range writes {
		input.TransactItems = append(input.TransactItems, t.member(w))
	}
	return t.send(ctx, writes, func() error { return second(t.engine.transactWriteItems(ctx, input)) })
}

// send makes a call that writes, again with pauses where the engine says that it
// is in conflict with other writers.
func (t *Table) send(ctx context.Context, writes []write, call func() error) error {
	for try := range maxTries {
		if err := t.pause(ctx, try); err != nil {
			return err
		}
		again, fault := outcome(call(), writes)
		if !again {
			return fault
		}
	}
	return errConflict
}

func second[T any](_ T, err error) error { return err }

func (t *Table) putInput(w write) *dynamodb.PutItemInput {
	return &dynamodb.PutItemInput{
		TableName: &t.name, Item: w.item,
		ConditionExpression: w.when.expressionOrNil(), ExpressionAttributeNames: w.when.names(),
		ExpressionAttributeValues: w.when.bindings(), ReturnValuesOnConditionCheckFailure: returnOld,
	}
}

func (t *Table) member(w write) types.TransactWriteItem {
	names, values := w.when.names(w.update), w.when.bindings(w.values...)
	switch {
	case w.item != nil:
		return types.TransactWriteItem{Put: &types.Put{
			TableName: &t.name, Item: w.item, ConditionExpression: w.when.expressionOrNil(),
			ExpressionAttributeNames: names, ExpressionAttributeValues: values,
			ReturnValuesOnConditionCheckFailure: returnOld,
		}}
	case w.update != "":
		return types.TransactWriteItem{Update: &types.Update{
			TableName: &t.name, Key: w.key.primary(), UpdateExpression: &w.update,
			ConditionExpression: w.when.expressionOrNil(), ExpressionAttributeNames: names,
			ExpressionAttributeValues: values, ReturnValuesOnConditionCheckFailure: returnOld,
		}}
	}
	return types.TransactWriteItem{ConditionCheck: &types.ConditionCheck{
		TableName: &t.name, Key: w.key.primary(), ConditionExpression: w.when.expressionOrNil(),
		ExpressionAttributeNames: names, ExpressionAttributeValues: values,
		ReturnValuesOnConditionCheckFailure: returnOld,
	}}
}

// outcome says what the engine's error means for the writes, and whether to try
// again. Reasons stand in the order of the writes. While one of them is passing
// (a conflict, throttling) the others are not believed: a condition may have
// been lost to our own earlier attempt, which is what conflicts.
func outcome(err error, writes []write) (again bool, fault error) {
	var (
		single    *types.ConditionalCheckFailedException
		cancelled *types.TransactionCanceledException
		underway  *types.TransactionInProgressException
		conflict  *types.TransactionConflictException // of a single write
	)
	switch {
	case err == nil:
		return false, nil
	case errors.As(err, &single):
		return fromReasons([]types.CancellationReason{{Code: &conditionLost, Item: single.Item}}, writes)
	case errors.As(err, &cancelled):
		return fromReasons(cancelled.CancellationReasons, writes)
	case errors.As(err, &underway), errors.As(err, &conflict):
		return true, errConflict
	}
	return false, wrapped(err)
}

var conditionLost = "ConditionalCheckFailed"

func fromReasons(reasons []types.CancellationReason, writes []write) (again bool, fault error) {
	if len(reasons) != len(writes) {
		return false, fmt.Errorf("store: %d reasons for %d writes", len(reasons), len(writes))
	}
	for _, reason := range reasons {
		switch codeOf(reason) {
		case "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded", "RequestLimitExceeded":
			return true, errConflict
		}
	}
	for i, reason := range reasons {
		switch code := codeOf(reason); code {
		case "None":
		case conditionLost:
			if fault := writes[i].lost(reason.Item); fault != nil {
				return false, &lostCondition{position: i, old: reason.Item, fault: fault}
			}
			return false, nil
		case "ValidationError":
			return false, fmt.Errorf("%w: write %d", errRefused, i)
		default:
			return false, fmt.Errorf("store: write %d cancelled: %s", i, code)
		}
	}
	return false, errors.New("store: cancelled without a reason")
}

func codeOf(reason types.CancellationReason) string {
	if reason.Code == nil {
		return "None"
	}
	return *reason.Code
}
