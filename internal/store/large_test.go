// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"socialreturn/infra/bench/figure"
	"socialreturn/internal/sroi"
)

const manyLines = 1000

// The floor of an import is its lines, each written once: a hundred thousand are
// a hundred of these, or twenty of the largest files. What comes on top is the head.
func TestALargeDraftCostsTheFloor(t *testing.T) {
	table, line := open(t)
	list := lines(manyLines)
	line.start(nil)
	ok(t, table.SaveDraft(t.Context(), draft("C1", q1, 1, list), list))
	var units, floor float64
	for _, e := range line.exchanges {
		cost := e.reported(t)
		units += cost
		if e.operation == "BatchWriteItem" {
			floor += cost
		}
	}
	var least float64
	for _, w := range draftWrites(list) {
		least += up(w.item.size(), 1024)
	}
	if floor != least {
		t.Errorf("the lines cost %v units, their sizes ask for %v", floor, least)
	}
	figure.Count(t, "write units of 1,000 imported lines over the store's floor", units/floor, figure.AtMost(1.2), figure.AtMost(1.05))
}

// A draft that broke off is resumed by sending it again: what was written is
// written over, not beside.
func TestALargeDraftThatBrokeOffIsResumed(t *testing.T) {
	table, line := open(t)
	list := lines(manyLines)
	head := draft("C1", q1, 1, list)
	line.start(func(operation string, n int) fault {
		if operation == "BatchWriteItem" && n > 20 {
			return fault{answer: refused("ValidationException")}
		}
		return fault{}
	})
	if table.SaveDraft(t.Context(), head, list) == nil {
		t.Fatal("the writing did not break off")
	}
	line.start(nil)
	ok(t, table.SaveDraft(t.Context(), head, list))
	read, _, err := table.Revision(t.Context(), head)
	ok(t, err)
	if len(read) != manyLines || sroi.DigestAll(read) != sroi.DigestAll(list) {
		t.Errorf("%d lines after the second try, want the %d", len(read), manyLines)
	}
}

func BenchmarkLargeDraft(b *testing.B) {
	table, line := open(b)
	list := lines(manyLines)
	requests := make([]types.WriteRequest, manyLines)
	for i, w := range draftWrites(list) {
		requests[i] = types.WriteRequest{PutRequest: &types.PutRequest{Item: w.item}}
	}
	var ours, floor []time.Duration
	head := draft("C1", q1, 1, list)
	for ; b.Loop(); head.Version++ {
		start := time.Now()
		if err := table.SaveDraft(b.Context(), head, list); err != nil {
			b.Fatal(err)
		}
		between := time.Now()
		for chunk := range slices.Chunk(requests, maxBatchWrite) {
			input := &dynamodb.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{table.name: chunk}}
			if _, err := table.engine.batchWriteItem(b.Context(), input); err != nil {
				b.Fatal(err)
			}
		}
		ours, floor = append(ours, between.Sub(start)), append(floor, time.Since(between))
		line.start(nil)
	}
	slices.Sort(ours)
	slices.Sort(floor)
	middle := len(ours) / 2
	figure.Time(b, "time of 1,000 imported lines over raw batch writes", float64(ours[middle])/float64(floor[middle]), figure.AtMost(1.2), figure.AtMost(1.05))
}

// draftWrites are the lines as a draft writes them.
func draftWrites(list []sroi.Line) []write {
	head := draft("C1", q1, 1, list)
	writes := make([]write, len(list))
	for i, line := range list {
		writes[i] = put(lineKey.key(head.Contract, q1.String(), revision(head.Revision, head.LinesHash), padded(line.Number, 5)), typeLine, line)
	}
	return writes
}
