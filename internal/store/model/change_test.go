// SPDX-License-Identifier: EUPL-1.2

package model_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"socialreturn/internal/store/model"
)

// asEvent is a change as a function reads it.
func asEvent(t *testing.T, c model.Change) events.DynamoDBEventRecord {
	t.Helper()
	encoded, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	var record events.DynamoDBEventRecord
	if err := json.Unmarshal(encoded, &record); err != nil {
		t.Fatal(err)
	}
	return record
}

func TestChangesAreWhatTheStreamTells(t *testing.T) {
	t.Parallel()
	c := &clock{time.Unix(1_600_000_000, 0)}
	e, s := small(t, model.Options{Now: c.now})
	s.put(t, with(keyed("a", "b"), fields{"n": number("1.0")}))
	s.put(t, with(keyed("a", "b"), fields{"n": number("1")})) // changes nothing
	c.time = c.time.Add(time.Minute)
	s.must(t, "TransactWriteItems", fields{"TransactItems": []fields{
		{"Put": fields{"TableName": "TABLE", "Item": keyed("a", "c")}},
		{"ConditionCheck": fields{"TableName": "TABLE", "Key": keyed("a", "d"), "ConditionExpression": "attribute_not_exists(#PK)", "ExpressionAttributeNames": fields{"#PK": "PK"}}},
		{"Update": fields{
			"TableName": "TABLE", "Key": keyed("a", "b"), "UpdateExpression": "ADD #n :n",
			"ExpressionAttributeNames": fields{"#n": "n"}, "ExpressionAttributeValues": fields{":n": number("2")},
		}},
	}})
	s.refused(t, "PutItem", fields{
		"TableName": "TABLE", "Item": keyed("a", "b"), "ConditionExpression": "attribute_not_exists(#PK)", "ExpressionAttributeNames": fields{"#PK": "PK"},
	}, "ConditionalCheckFailedException")

	changes := e.Changes("TABLE", 0)
	var told, numbers []string
	for i, change := range changes {
		record := asEvent(t, change)
		told = append(told, fmt.Sprint(record.EventName, " ", record.Change.Keys["SK"].String(), " at ", record.Change.ApproximateCreationDateTime.Unix()-1_600_000_000))
		numbers = append(numbers, record.Change.SequenceNumber)
		if change.Sequence != i+1 || record.Change.SequenceNumber != change.SequenceNumber() || record.EventSource != "aws:dynamodb" {
			t.Errorf("change %d is %+v", i, record)
		}
	}
	if want := []string{"INSERT b at 0", "INSERT c at 60", "MODIFY b at 60"}; !slices.Equal(told, want) {
		t.Errorf("%q", told)
	}
	if !slices.IsSorted(numbers) {
		t.Errorf("%q do not sort", numbers)
	}
	last := asEvent(t, changes[2])
	if last.Change.OldImage["n"].Number() != "1" || last.Change.NewImage["n"].Number() != "3" || last.Change.StreamViewType != "NEW_AND_OLD_IMAGES" {
		t.Errorf("%+v", last.Change)
	}
	if first := asEvent(t, changes[0]); first.Change.OldImage != nil || first.Change.NewImage["PK"].String() != "a" || first.Change.SizeBytes != 2*6+3 {
		t.Errorf("%+v", first.Change)
	}
}

func TestChangesAfterASequence(t *testing.T) {
	t.Parallel()
	e, s := small(t, model.Options{})
	for i := range 5 {
		s.put(t, keyed("a", fmt.Sprint(i)))
	}
	for after, want := range map[int]int{-1: 5, 0: 5, 3: 2, 5: 0, 9: 0} {
		got := e.Changes("TABLE", after)
		if len(got) != want || want > 0 && got[0].Sequence != max(0, after)+1 {
			t.Errorf("after %d: %d changes", after, len(got))
		}
	}
	if got := e.Changes("other", 0); got != nil {
		t.Errorf("%v of a table that is none", got)
	}
}
