// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// allowed are the licences, by SPDX identifier, whose work may be linked into
// what is published under EUPL-1.2: none of them asks another licence of ours.
var allowed = []string{
	"0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BlueOak-1.0.0", "EUPL-1.2", "ISC", "MIT", "MIT-0", "MPL-2.0", "Unlicense",
}

// allowedInTools are those of tools beside them: tools are used here and never
// handed on.
var allowedInTools = []string{"CNRI-Python", "PSF-2.0"}

// marks are words that a licence's text has, in order of precedence, and words
// that it must not have: those of a licence that says more.
var marks = []struct{ id, has, lacks string }{
	{id: "GPL", has: "everyone is permitted to copy and distribute verbatim copies of this license document"},
	{id: "MPL-2.0", has: "mozilla public license version 2.0"},
	{id: "Apache-2.0", has: "apache license,? version 2.0"},
	{id: "ISC", has: "permission to use, copy, modify, and/or distribute this software for any purpose with or without fee"},
	{id: "MIT", has: "permission is hereby granted, free of charge.* this permission notice shall be included"},
	{id: "MIT-0", has: "permission is hereby granted, free of charge", lacks: "this permission notice shall be included"},
	{id: "BSD-3-Clause", has: "redistribution and use in source and binary forms.* neither the name"},
	{id: "BSD-2-Clause", has: "redistribution and use in source and binary forms", lacks: "neither the name"},
}

var errUnknownLicence = errors.New("de licentie wordt niet herkend")

// identify tells from a text under which licences the work comes, by SPDX
// identifier: all of those that the text holds. errUnknownLicence.
func identify(text string) ([]string, error) {
	text = strings.ToLower(strings.Join(strings.Fields(text), " "))
	var ids []string
	for _, mark := range marks {
		if regexp.MustCompile(mark.has).MatchString(text) && (mark.lacks == "" || !strings.Contains(text, mark.lacks)) {
			ids = append(ids, mark.id)
		}
	}
	if len(ids) == 0 {
		return nil, errUnknownLicence
	}
	return ids, nil
}

// permits tells whether one of the ways that an SPDX expression offers asks only
// for those licences. Expressions with groups in groups it does not understand,
// so they are not permitted.
func permits(expression string, licences []string) bool {
	expression = strings.TrimSpace(expression)
	if strings.HasPrefix(expression, "(") && strings.HasSuffix(expression, ")") {
		expression = expression[1 : len(expression)-1]
	}
	for way := range strings.SplitSeq(expression, " OR ") {
		terms := strings.Split(way, " AND ")
		if !slices.ContainsFunc(terms, func(id string) bool { return !slices.Contains(licences, strings.TrimSpace(id)) }) {
			return true
		}
	}
	return false
}

// component is something that others wrote.
type component struct {
	name, version string
	licence       string // SPDX expression; empty where it is not known
}

func (c component) String() string { return c.name + " " + c.version }

// judge says what is wrong with the components' licences.
func judge(components []component, licences []string) error {
	var faults []error
	for _, c := range components {
		switch {
		case c.licence == "":
			faults = append(faults, fmt.Errorf("%s: %w", c, errUnknownLicence))
		case !permits(c.licence, licences):
			faults = append(faults, fmt.Errorf("%s: %s gaat niet samen met EUPL-1.2", c, c.licence))
		}
	}
	return errors.Join(faults...)
}
