// SPDX-License-Identifier: EUPL-1.2

package model

import (
	"math/rand/v2"
	"time"
)

// Call is a request that came in.
type Call struct {
	Number    int    // from 1, in the order in which calls are taken up
	Caller    string // see WithCaller; empty where the caller has no name
	Operation string // "PutItem"
	Body      []byte // as it was sent; the order of its fields is by chance
}

// Faults decides what happens to each call. It is called for one call at a time,
// in the order of their numbers; see Options.InTurn for when that order is the
// same each time.
type Faults func(call Call) Fate

// Fate is what happens to a call. The zero one lets it pass.
type Fate struct {
	Fault Fault
	// Delay comes before the call is carried out, Lag after it, before the answer.
	// A caller that gives up in the delay finds nothing carried out; in the lag, all.
	Delay, Lag time.Duration
	// Behind is how many changes of the table a read does not see yet that may be
	// eventually consistent; others see all.
	Behind int
	// Member is the member of a transaction that a Conflict is about, from 0. It
	// counts around, so that any number will do.
	Member int
}

// Fault is something that goes wrong.
type Fault string

// What can go wrong. The first ones are refused before anything is carried out.
const (
	Pass        Fault = ""
	Throughput  Fault = "ProvisionedThroughputExceededException"
	Throttling  Fault = "ThrottlingException"
	ServerError Fault = "InternalServerError" // 500
	BadGateway  Fault = "502"                 // with a page of HTML
	Unavailable Fault = "ServiceUnavailable"  // 503
	Timeout     Fault = "504"                 // with a line of text
	Reset       Fault = "connection reset"    // before anything is carried out
	Conflict    Fault = "TransactionConflict" // of a transaction's member, or a put
	InProgress  Fault = "TransactionInProgressException"
	Partial     Fault = "unprocessed"          // half of a batch is left over; one of one is refused
	EmptyPage   Fault = "empty page"           // of a query: no items, and a cursor
	ShortPage   Fault = "short page"           // of a query: half of the items, and a cursor
	Lost        Fault = "answer lost"          // carried out; the connection breaks
	Truncated   Fault = "answer truncated"     // carried out; half of the body arrives
	Late        Fault = "carried out too late" // the connection breaks at once, and after the delay the call is carried out all the same
)

// AllFaults is every fault but Pass.
func AllFaults() []Fault {
	return []Fault{
		Throughput, Throttling, ServerError, BadGateway, Unavailable, Timeout, Reset,
		Conflict, InProgress, Partial, EmptyPage, ShortPage, Lost, Truncated, Late,
	}
}

// Suits reports whether the fault can happen to an operation. One that does not
// suit lets the call pass.
func (f Fault) Suits(operation string) bool {
	switch f {
	case Conflict:
		return operation == "TransactWriteItems" || operation == "PutItem"
	case InProgress:
		return operation == "TransactWriteItems"
	case Partial:
		return operation == "BatchGetItem" || operation == "BatchWriteItem"
	case EmptyPage, ShortPage:
		return operation == "Query"
	}
	return true
}

// Odds are chances in a thousand.
type Odds struct {
	Faults  map[Fault]int // of each fault that suits the call; together at most a thousand
	Stale   int           // that a read is behind, where it may be
	Behind  int           // by so many changes at most
	Slow    int           // that there is a delay, and that there is a lag
	Longest time.Duration // each of them at most
}

// Even are odds at which each fault happens equally often, and so often together
// that the SDK's retries mostly come through.
func Even() Odds {
	odds := Odds{Faults: make(map[Fault]int), Stale: 200, Behind: 20, Slow: 200, Longest: 5 * time.Second}
	for _, f := range AllFaults() {
		odds.Faults[f] = 10
	}
	return odds
}

// Seeded draws fates by the odds: the same ones for the same seed and calls.
func Seeded(seed uint64, odds Odds) Faults {
	draw := rand.New(rand.NewPCG(seed, seed)) //nolint:gosec // G404: a fate is to be replayed, not to be secret
	hit := func(chance int) bool { return draw.IntN(1000) < chance }
	pause := func() time.Duration {
		if odds.Longest <= 0 || !hit(odds.Slow) {
			return 0
		}
		return time.Duration(draw.Int64N(int64(odds.Longest)))
	}
	return func(call Call) Fate {
		fate := Fate{Delay: pause(), Lag: pause(), Member: draw.IntN(maxTransaction)}
		if odds.Behind > 0 && hit(odds.Stale) {
			fate.Behind = 1 + draw.IntN(odds.Behind)
		}
		lot := draw.IntN(1000)
		for _, f := range AllFaults() {
			if lot -= odds.Faults[f]; lot < 0 {
				if f.Suits(call.Operation) {
					fate.Fault = f
				}
				break
			}
		}
		return fate
	}
}
