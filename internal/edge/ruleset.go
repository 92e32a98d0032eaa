// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	_ "embed"
	"net/http"

	"socialreturn/internal/calendar"
	"socialreturn/internal/ruleset"
)

// Contract is the description of the API, OpenAPI 3.1, written by hand.
//
//go:embed openapi.json
var Contract []byte

type ruleSetAnswer struct {
	ID      string        `json:"id"`
	Version calendar.Date `json:"versie"`
	Ends    calendar.Date `json:"totEnMet,omitzero"`
	Title   string        `json:"titel"`
	Region  string        `json:"regio"`
	Areas   []string      `json:"gebieden"`
	// Register of social enterprises that decides what a seller is.
	Register string `json:"register,omitempty"`
	SHA256   string `json:"sha256"`
}

func ruleSetOf(rs *ruleset.RuleSet) ruleSetAnswer {
	ref := rs.Ref()
	return ruleSetAnswer{
		ID: ref.ID, Version: ref.Version, Ends: rs.Validity.To, Title: rs.Title, Region: rs.Region,
		Areas: each(rs.Areas, func(area ruleset.Area) string { return string(area) }), Register: rs.Register, SHA256: ref.SHA256,
	}
}

func listRuleSets(r *request) (*response, error) {
	if err := r.refused(); err != nil {
		return nil, err
	}
	return whole(r, "rekenregels", r.Service.Rules.All(), ruleSetOf)
}

type ruleSetPath struct {
	ID      string        `json:"id" validate:"code"`
	Version calendar.Date `json:"datum"`
}

// readRuleSet gives the file itself, byte for byte, so that its hash can be checked.
func readRuleSet(r *request) (*response, error) {
	at := path[ruleSetPath](r)
	if err := r.refused(); err != nil {
		return nil, err
	}
	rules, err := r.Service.Rules.Version(at.ID, at.Version)
	if err != nil {
		return nil, refuse(http.StatusNotFound, "rekenregel-onbekend", "Deze versie van de rekenregel bestaat niet; zie /v1/rekenregels.")
	}
	answer := &response{status: http.StatusOK, mediaType: mediaJSON, body: rules.Raw()}
	return answer.set("ETag", `"`+rules.Ref().SHA256+`"`), nil
}

type comparedPath struct {
	ID string `json:"id" validate:"code"`
}

type comparedQuery struct {
	From calendar.Date `json:"van"`
	To   calendar.Date `json:"tot"`
}

type comparisonAnswer struct {
	From        rulesAnswer        `json:"van"`
	To          rulesAnswer        `json:"tot"`
	Differences []differenceAnswer `json:"verschillen"`
}

type differenceAnswer struct {
	Path   string                       `json:"vindplaats"`
	Kind   word[ruleset.DifferenceKind] `json:"soort"`
	Before string                       `json:"van,omitempty"`
	After  string                       `json:"naar,omitempty"`
	Text   string                       `json:"tekst"`
}

func differenceOf(d ruleset.Difference) differenceAnswer {
	return differenceAnswer{Path: d.Path, Kind: word[ruleset.DifferenceKind](d.Kind), Before: d.Before, After: d.After, Text: d.Text}
}

// compareRuleSets tells in words what one version says otherwise than another.
func compareRuleSets(r *request) (*response, error) {
	at, asked := path[comparedPath](r), query[comparedQuery](r)
	if err := r.refused(); err != nil {
		return nil, err
	}
	if len(r.Service.Rules.Versions(at.ID)) == 0 {
		return nil, refuse(http.StatusNotFound, "rekenregel-onbekend", "Deze rekenregel bestaat niet; zie /v1/rekenregels.")
	}
	version := func(name string, from calendar.Date) *ruleset.RuleSet {
		rules, err := r.Service.Rules.Version(at.ID, from)
		if err != nil {
			r.found.add(inQuery, name, "rekenregel-onbekend", "Deze versie van de rekenregel bestaat niet; zie /v1/rekenregels.")
		}
		return rules
	}
	before, after := version("van", asked.From), version("tot", asked.To)
	if err := r.refused(); err != nil {
		return nil, err
	}
	return r.answer(http.StatusOK, comparisonAnswer{
		From: rulesOf(before.Ref()), To: rulesOf(after.Ref()), Differences: each(ruleset.Differences(before, after), differenceOf),
	})
}

func readContractDocument(r *request) (*response, error) {
	if err := r.refused(); err != nil {
		return nil, err
	}
	return &response{status: http.StatusOK, mediaType: mediaJSON, body: Contract}, nil
}
