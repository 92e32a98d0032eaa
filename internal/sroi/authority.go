// SPDX-License-Identifier: EUPL-1.2

// Package sroi is the trade itself, pure: tenders, contracts, placements,
// statements, decisions, the ledger, the rollup and the council's table. It
// knows no context, clock, I/O or Dutch but the words that people wrote.
package sroi

import (
	"regexp"
	"slices"

	"socialreturn/internal/calendar"
)

// AuthorityID is an OIN (20 digits) or, for who has none, a KvK number (8 digits).
type AuthorityID string

var (
	oin = regexp.MustCompile(`^[0-9]{20}$`)
	kvk = regexp.MustCompile(`^[0-9]{8}$`)
)

// IsOIN tells whether the text has the form of an OIN.
func IsOIN(s string) bool { return oin.MatchString(s) }

// IsKvK tells whether the text has the form of a KvK number; it has no check digit.
func IsKvK(s string) bool { return kvk.MatchString(s) }

// Valid tells whether the id has one of its two forms.
func (id AuthorityID) Valid() bool { return IsOIN(string(id)) || IsKvK(string(id)) }

// AuthorityKind is what sort of buyer an authority is. Only municipalities
// count in the figures of a municipality and its region.
type AuthorityKind string

// The kinds of authority.
const (
	Municipality AuthorityKind = "municipality"
	Province     AuthorityKind = "province"
	WaterBoard   AuthorityKind = "waterBoard"
	Corporation  AuthorityKind = "corporation" // housing corporation
	State        AuthorityKind = "state"
	Private      AuthorityKind = "private"
)

// Authority is a contracting authority, as an administrator set it up.
type Authority struct {
	ID      AuthorityID   `json:"id"`
	Name    string        `json:"name"`
	Kind    AuthorityKind `json:"kind"`
	Areas   []AreaSpan    `json:"areas,omitempty"` // in order of time; municipalities only
	Desk    string        `json:"desk"`            // the regional desk whose consultants verify
	RuleSet string        `json:"ruleSet"`         // id of the rule set for new contracts
	// TwoPeople tells that one consultant prepares the close of a year and another
	// one confirms it.
	TwoPeople bool `json:"twoPeople,omitempty"`
	// ClosedThrough is the last closed year, zero where none is.
	ClosedThrough int `json:"closedThrough,omitempty"`
	Version       int `json:"version"` // from 1
}

// AreaSpan is the municipality and its labour market region, while they were.
type AreaSpan struct {
	calendar.Span
	Municipality string `json:"municipality"` // GM0200
	Region       string `json:"region"`       // AM06
}

// LiesIn tells whether the authority's figures roll up, or ever did, into an area.
func (a Authority) LiesIn(area string) bool {
	if a.Kind != Municipality {
		return string(a.ID) == area
	}
	return slices.ContainsFunc(a.Areas, func(s AreaSpan) bool { return s.Municipality == area || s.Region == area })
}

// SharedAreas are the municipalities and regions that the authority lies in, or
// ever did, each once: others may lie there too.
func (a Authority) SharedAreas() []string {
	var shared []string
	for _, span := range a.Areas {
		for _, area := range []string{span.Municipality, span.Region} {
			if !slices.Contains(shared, area) {
				shared = append(shared, area)
			}
		}
	}
	return shared
}

// AreasIn are the codes of the areas that the authority's figures of a year
// roll up into: its municipality and region on the last day of that year, or
// its own number where it is no municipality.
func (a Authority) AreasIn(year int) []string {
	if a.Kind == Municipality {
		for _, area := range a.Areas {
			if area.Contains(calendar.YearSpan(year).To) {
				return []string{area.Municipality, area.Region}
			}
		}
	}
	return []string{string(a.ID)}
}
