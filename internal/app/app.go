// SPDX-License-Identifier: EUPL-1.2

// Package app holds the use cases: load, decide, save. It owns the ports and
// says who may do what; the trade itself is in internal/sroi and
// internal/ruleset, and Dutch names are in internal/edge.
package app

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"strings"
	"time"

	"socialreturn/internal/calendar"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

// Service is the use cases over a store.
type Service struct {
	Store   Store
	Rules   *ruleset.Library
	Persons PersonKeys
	// Salt gives a random text of at least 128 bits for each item whose digest
	// must not be guessed.
	Salt func() string
}

// Actor is who asks, as a verified token says.
type Actor struct {
	Role        sroi.Role
	ID          string             // pseudonym of the subject
	Authorities []sroi.AuthorityID // an officer's or auditor's
	Supplier    string             // a supplier's KvK number
	Desk        string             // a consultant's
}

// Call is one request: who, when, and its guards against repetition and races.
type Call struct {
	Actor Actor
	Now   time.Time
	// Key is the idempotency key of a creating command.
	Key string
	// Match is the version that If-Match names, nil where it is missing.
	Match *int
}

// Today is the day of the call in Europe/Amsterdam.
func (c Call) Today() calendar.Date { return calendar.On(c.Now) }

func (c Call) actor() sroi.Actor { return sroi.Actor{Role: c.Actor.Role, ID: c.Actor.ID} }

// at is the time of the call as entries keep it.
func (c Call) at() time.Time { return c.Now.UTC().Truncate(time.Millisecond) }

// act is the id of what a command creates: the same actor, command and key
// give the same id, so that a repeat finds what it made.
func (c Call) act(command string) string {
	body, err := json.Marshal([]string{string(c.Actor.Role), c.Actor.ID, command, c.Key})
	if err != nil {
		panic(err) // strings always have JSON
	}
	sum := sha256.Sum256(body)
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:15]))
}

// matches holds the caller to the version it saw.
func (c Call) matches(version int) error {
	switch {
	case c.Match == nil:
		return refuse(Unmatched, "if-match-ontbreekt", "Stuur If-Match mee met de ETag die u het laatst zag.")
	case *c.Match != version:
		return refuse(Stale, "versie-verouderd", "Dit is intussen gewijzigd. Haal het opnieuw op en probeer het dan nog eens.")
	}
	return nil
}

// saves wants the version of what is there, and none of what is not.
func (c Call) saves(created bool, version int) error {
	switch {
	case !created:
		return c.matches(version)
	case c.Match != nil:
		return refuse(Stale, "versie-verouderd", "Dit bestaat nog niet; stuur geen If-Match mee om het te maken.")
	}
	return nil
}

// may refuses every role but these.
func (c Call) may(roles ...sroi.Role) error {
	for _, role := range roles {
		if c.Actor.Role == role {
			return nil
		}
	}
	return refuse(Forbidden, "rol-mag-dit-niet", "Uw rol mag dit niet.")
}

// sees tells whether the actor may see an object of this authority, desk and
// supplier; an empty supplier is nobody's.
func (c Call) sees(authority sroi.AuthorityID, desk, supplier string) bool {
	switch c.Actor.Role {
	case sroi.Officer, sroi.Auditor:
		return containsAuthority(c.Actor.Authorities, authority)
	case sroi.Consultant:
		return desk != "" && c.Actor.Desk == desk
	case sroi.Supplier:
		return supplier != "" && c.Actor.Supplier == supplier
	case sroi.Administrator:
		return true
	}
	return false
}

func containsAuthority(ids []sroi.AuthorityID, id sroi.AuthorityID) bool {
	for _, candidate := range ids {
		if candidate == id {
			return true
		}
	}
	return false
}
