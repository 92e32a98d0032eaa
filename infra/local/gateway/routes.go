// SPDX-License-Identifier: EUPL-1.2

package gateway

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"socialreturn/infra/local/template"
)

// routes are sorted from the most to the least specific; the default is last.
type routes []route

type route struct {
	key      string
	method   string
	segments []segment // nil in the default route
	function string
	handler  Handler
}

// segment is one part of a path: a text that must be equal, or a parameter
// that takes any text but the empty one.
type segment struct {
	text        string
	isParameter bool
}

func mount(declared []template.Route, handlers map[string]Handler) (routes, error) {
	var mounted routes
	var faults []error
	for _, d := range declared {
		handler := handlers[d.Function]
		if handler == nil {
			faults = append(faults, fmt.Errorf("gateway: route %s: functie %q is er niet", d.Key(), d.Function))
			continue
		}
		mounted = append(mounted, route{
			key: d.Key(), method: d.Method, segments: parse(d.Path), function: d.Function, handler: handler,
		})
	}
	isDefault := func(d template.Route) bool { return d.Key() == template.Default }
	if !slices.ContainsFunc(declared, isDefault) {
		faults = append(faults, fmt.Errorf("gateway: geen route %s", template.Default))
	}
	slices.SortStableFunc(mounted, func(a, b route) int { return slices.CompareFunc(b.segments, a.segments, specificity) })
	return mounted, errors.Join(faults...)
}

func specificity(a, b segment) int {
	switch {
	case a.isParameter == b.isParameter:
		return 0
	case a.isParameter:
		return -1
	default:
		return 1
	}
}

func parse(path string) []segment {
	if path == "" {
		return nil
	}
	var segments []segment
	for part := range strings.SplitSeq(path[1:], "/") {
		name, opened := strings.CutPrefix(part, "{")
		if name, closed := strings.CutSuffix(name, "}"); opened && closed {
			segments = append(segments, segment{text: name, isParameter: true})
			continue
		}
		segments = append(segments, segment{text: part})
	}
	return segments
}

// find is the route of a request, with the parameters of its path decoded.
func (rs routes) find(method, path string) (route, map[string]string) {
	parts := strings.Split(strings.TrimPrefix(path, "/"), "/")
	for _, candidate := range rs {
		if candidate.method != method || len(candidate.segments) != len(parts) {
			continue
		}
		if parameters, matches := candidate.match(parts); matches {
			return candidate, parameters
		}
	}
	return rs[len(rs)-1], nil
}

func (r route) match(parts []string) (map[string]string, bool) {
	var parameters map[string]string
	for i, expected := range r.segments {
		if !expected.isParameter {
			if parts[i] != expected.text {
				return nil, false
			}
			continue
		}
		value, err := url.PathUnescape(parts[i])
		if err != nil || value == "" {
			return nil, false
		}
		if parameters == nil {
			parameters = make(map[string]string)
		}
		parameters[expected.text] = value
	}
	return parameters, true
}
