// SPDX-License-Identifier: EUPL-1.2

package model

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// Change is one change of an item, as the table's stream tells it. As JSON it is
// a record of the event that a function gets.
type Change struct {
	Table    string
	Sequence int // from 1, without gaps
	At       time.Time
	Keys     Item
	New      Item
	Old      Item // nil: the item is new

	id id
}

// SequenceNumber is the number as a stream writes it: digits, of one length for
// all changes of a table, so that it also sorts as text.
func (c Change) SequenceNumber() string { return fmt.Sprintf("1%020d", c.Sequence) }

// MarshalJSON writes the change as a record of a DynamoDB event.
func (c Change) MarshalJSON() ([]byte, error) {
	name := "INSERT"
	if c.Old != nil {
		name = "MODIFY"
	}
	type images struct {
		ApproximateCreationDateTime int64 // in seconds
		Keys, NewImage              Item
		OldImage                    Item `json:",omitempty"`
		SequenceNumber              string
		SizeBytes                   int
		StreamViewType              string
	}
	return json.Marshal(struct {
		ID      string `json:"eventID"`
		Name    string `json:"eventName"`
		Version string `json:"eventVersion"`
		Source  string `json:"eventSource"`
		Region  string `json:"awsRegion"`
		ARN     string `json:"eventSourceARN"`
		Change  images `json:"dynamodb"`
	}{
		fmt.Sprintf("%032x", c.Sequence), name, "1.1", "aws:dynamodb", region, tableARN(c.Table) + "/stream/1",
		images{c.At.Unix(), c.Keys, c.New, c.Old, c.SequenceNumber(), c.Keys.size() + c.New.size() + c.Old.size(), "NEW_AND_OLD_IMAGES"},
	})
}

const region = "eu-central-1"

func tableARN(name string) string {
	return "arn:aws:dynamodb:" + region + ":000000000000:table/" + name
}

// Changes are a table's changes after a sequence number, oldest first; none
// where there is no such table. Those of one item come in the order in which
// they were made, those of one transaction together.
func (e *Engine) Changes(name string, after int) []Change {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	e.catchUp()
	t := e.tables[name]
	if t == nil || after >= len(t.changes) {
		return nil
	}
	return slices.Clone(t.changes[max(0, after):])
}
