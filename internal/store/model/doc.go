// SPDX-License-Identifier: EUPL-1.2

// Package model is DynamoDB in memory, as far as this house uses it, behind
// http.RoundTripper: the store and the SDK's client run on it unchanged, in a
// simulation that one seed replays. It knows DynamoDB's JSON protocol 1.0 and
// nothing of our items. What it does not know it refuses, loudly, as invalid;
// nothing is ignored.
//
// # What it knows
//
// Tables with a string or binary key of two attributes and sparse global
// indexes of the same form that hold whole items; GetItem, BatchGetItem, Query,
// Scan without a filter, PutItem, BatchWriteItem of puts, TransactWriteItems of
// puts, updates and condition checks; CreateTable, DescribeTable, DeleteTable
// and the two of time to live. Values are text, numbers, binaries, booleans and
// null. Expressions name attributes and values by placeholders; conditions and
// filters know = <> < <= > >=, BETWEEN, AND, OR, NOT, brackets,
// attribute_exists, attribute_not_exists and begins_with; updates SET a value
// and ADD a number. No item is ever deleted.
//
// # What it holds to
//
// The Developer Guide and the API reference of DynamoDB: sizes of items, pages,
// batches and transactions; units; reasons by position; request tokens, for ten
// minutes; the checksum that the SDK verifies. Its tests run the same random
// requests against the embedded engine and compare the answers. Where the two
// differ on purpose, DynamoDB is followed:
//
//	Request                                        | Here, as DynamoDB                    | Embedded engine
//	an update that sets an attribute of the key    | ValidationException                  | carried out
//	an update that names an attribute twice        | ValidationException                  | carried out
//	ADD of a value that is no number               | ValidationException of the request   | the reason of a member
//	a starting key outside the query's boundaries  | ValidationException                  | begins there, or anywhere
//	a put that changes nothing                     | no change is recorded                | one is recorded
//	a transaction asked again, its read units      | of the items as they are             | as they were
//	a page of 1 MB                                 | counts what it gave or filtered out  | counts one item more
//
// Messages for people are not compared, only what programs read.
//
// # Time and chance
//
// It has no goroutine and no clock of its own, and waits only where a fate says
// so, or for its turn. In a bubble of testing/synctest, with Options.InTurn, the
// calls of concurrent callers are carried out one at a time, in an order that
// depends on the seed, the callers' names and what they ask, never on the
// scheduler. A run is then replayable as long as its callers draw their chance
// from a seed too: testing/cryptotest seeds crypto/rand, from which the SDK draws
// its pauses, and the store its own.
package model
