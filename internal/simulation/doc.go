// SPDX-License-Identifier: EUPL-1.2

// Package simulation plays the house under faults, from seeds. All of it is
// tests: the real use cases, store, stream handler and SDK client run over the
// in-memory model of DynamoDB, in a bubble of testing/synctest, where time costs
// nothing and chance comes from one number. What a seed did once it does again.
//
// # Seeds
//
// In a run (TestSeeds) three people and the roll-up work at the same time on two
// contracts that share persons, invoices and lots, in the year of the contracts and,
// when that is over, on closing it: in half the runs each for another authority at
// the same time. The store fails them in every way the model knows, their processes
// die at any call, they repeat what they asked and ask something else under the same
// key; the stream repeats, reorders, splits and replays. Then all of it is held
// against the invariants:
//
//   - entries are numbered without gaps and chained; the balance is their fold;
//   - what was written once never changes, and versions go up by one;
//   - nothing verified exceeds its claim, per line and per statement, and pending
//     and verified are the sums of the statements and lines that make them up;
//   - nobody works more than the norm week on any day, or counts for more hours
//     than the limit, over all contracts; what holds is taken, and the reverse;
//   - every total is the fold of its contributions, and these are what the
//     ledgers come to, byte for byte;
//   - the heads of a closed year are entries that close it, one in every ledger;
//     its frozen figures are the fold of the ledgers cut there, and never change;
//     an area's year is frozen with the last of its authorities and not before;
//   - what was acknowledged is in the ledger; asked again it answers the same and
//     writes nothing; its key is refused for anything else;
//   - every receipt replays to its own bytes.
//
// A seed that fails prints its history and how to play it again:
//
//	SEED=123 go test ./internal/simulation -run 'TestSeed$' -v
//	SEEDS=10000 FROM=1 go test ./internal/simulation -run 'TestSeeds$' -v
//
// # Without chance
//
// TestACrashAtEveryCall lets each command die at each of its calls, before and
// after that was carried out, and TestEveryFaultAtEveryCall gives each call each
// fault; what is in the table in the end must be what it is without.
// TestEveryInterleaving runs two commands in every order of their store calls that
// can make a difference. A new command joins all of these by a row in the table of
// commands_test.go.
package simulation
