// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"socialreturn/internal/ruleset"
)

// Kind is what an error means to whoever asked. Errors without a kind are
// internal: their text stays inside.
type Kind string

// The kinds of error; internal/edge maps each to one status.
const (
	Invalid     Kind = "invalid"     // the input has faults
	Absent      Kind = "absent"      // there is none, or none that the actor may see: the same answer
	Forbidden   Kind = "forbidden"   // the actor's role may not do this
	Conflict    Kind = "conflict"    // not in this state
	Stale       Kind = "stale"       // If-Match names another version
	Unmatched   Kind = "unmatched"   // If-Match is missing
	KeyReused   Kind = "keyReused"   // the idempotency key came with another payload
	Unavailable Kind = "unavailable" // too busy now; try again
)

// Fault is one thing wrong with an input.
type Fault struct {
	Code   string // stable, kebab-case Dutch, part of the interface
	Field  string // JSON pointer in the names of the input types, in lower camel case: /lots/0/exemption
	Detail string // a Dutch sentence that says what to do
}

// Error is a refusal.
type Error struct {
	Kind   Kind
	Code   string // stable, kebab-case Dutch, part of the interface
	Detail string // a Dutch sentence
	Faults []Fault
}

func (e *Error) Error() string { return string(e.Kind) + ": " + e.Detail }

// KindOf is an error's kind, and empty where it is internal.
func KindOf(err error) Kind {
	if refusal, ok := errors.AsType[*Error](err); ok {
		return refusal.Kind
	}
	return ""
}

// Passing tells of a fault that it may pass by itself: the store was busy, time
// ran out or others were faster. What it does not tell it of stays until
// somebody repairs it.
func Passing(err error) bool {
	for _, passing := range []error{ErrBusy, ErrStale, context.DeadlineExceeded, context.Canceled} {
		if errors.Is(err, passing) {
			return true
		}
	}
	return false
}

func refuse(kind Kind, code, detail string) error {
	return &Error{Kind: kind, Code: code, Detail: detail}
}

func absent() error {
	return refuse(Absent, "niet-gevonden", "Dit bestaat niet, of u mag het niet inzien.")
}

// faults collects everything wrong with an input, so that one answer names it all.
type faults []Fault

func (f *faults) add(field, code, detail string) {
	*f = append(*f, Fault{Code: code, Field: field, Detail: detail})
}

// addAll takes over the faults of the calculation room, under a field. It
// returns false where the error is something else.
func (f *faults) addAll(under string, err error) bool {
	found, ok := errors.AsType[ruleset.Faults](err)
	for _, fault := range found {
		f.add(under+"/"+strings.TrimPrefix(fault.Field, "/"), fault.Code, fault.Detail)
	}
	return ok
}

func (f faults) err() error {
	if len(f) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Code: "ongeldige-invoer", Detail: "De invoer bevat fouten; zie errors.", Faults: f}
}

// hidden answers an absent object as such; other errors pass.
func hidden(err error) error {
	if errors.Is(err, ErrAbsent) {
		return absent()
	}
	return err
}

// stale answers a lost race as a stale version; other errors pass.
func stale(err error) error {
	if errors.Is(err, ErrStale) {
		return refuse(Stale, "versie-verouderd", "Dit is intussen gewijzigd. Haal het opnieuw op en probeer het dan nog eens.")
	}
	return err
}

// badCursor answers a cursor that is none of ours; other errors pass.
func badCursor(err error) error {
	if errors.Is(err, ErrCursor) {
		var found faults
		found.add("/cursor", "onjuiste-cursor", "Gebruik de cursor uit de Link-header van de vorige pagina.")
		return found.err()
	}
	return err
}

// sameCommand compares the payload of a repeated command with what it made.
func sameCommand(stored, payload string) error {
	if stored != payload {
		return refuse(KeyReused, "sleutel-hergebruikt", "Deze Idempotency-Key is al gebruikt met andere inhoud. Kies een nieuwe sleutel.")
	}
	return nil
}

// attempts bounds how often a command tries again after losing a race. Each
// round has a winner, so this many writers may come at once.
const attempts = 40

// bounded retries a step that lost a race, a bounded number of times. The step
// returns ErrStale or ErrTaken to be tried again.
func bounded(step func() error) error {
	var err error
	for range attempts {
		if err = step(); !errors.Is(err, ErrStale) && !errors.Is(err, ErrTaken) {
			return err
		}
	}
	if errors.Is(err, ErrStale) || errors.Is(err, ErrTaken) {
		return refuse(Unavailable, "te-druk", "Er wordt door velen tegelijk aan gewerkt. Probeer het zo nog eens.")
	}
	return err
}

func itoa(n int) string { return strconv.Itoa(n) }
