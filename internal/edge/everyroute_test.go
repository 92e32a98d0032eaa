// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// asked is a request that succeeds, of an operation, by the first role that may.
func (o *town) asked(act string) ask {
	p := o.places[ownPlace]
	a := duties[act].ask(p)
	if roles := strings.Fields(duties[act].roles); len(roles) > 0 {
		a.token = o.userOf(roles[0], p)
	}
	return a
}

// ofEveryOperation runs a check on a request that succeeds of each operation,
// none of which may write.
func ofEveryOperation(t *testing.T, check func(o *town, act string, good ask)) {
	t.Helper()
	t.Parallel()
	o := newTown(t)
	for _, act := range slices.Sorted(maps.Keys(operations())) {
		check(o, act, o.asked(act))
		if o.wrote() {
			t.Errorf("%s: a refused request wrote something", act)
		}
	}
}

func TestNoOtherPathIsARoute(t *testing.T) {
	ofEveryOperation(t, func(o *town, act string, good ask) {
		under := strings.TrimPrefix(good.path, "/v1/")
		resource, rest, _ := strings.Cut(under, "/")
		last := strings.LastIndex(good.path, "/")
		for name, path := range map[string]string{
			"trailing slash":          good.path + "/",
			"double slash":            "/v1//" + under,
			"double slash in front":   "/" + good.path,
			"double slash at the end": good.path[:last] + "/" + good.path[last:],
			"encoded slash":           good.path[:last] + "%2F" + good.path[last+1:],
			"encoded slash, lower":    good.path[:last] + "%2f" + good.path[last+1:],
			"dot segment":             "/v1/./" + under,
			"two dots":                "/v1/x/../" + under,
			"two dots, encoded":       "/v1/x/%2e%2e/" + under,
			"version in capitals":     "/V1/" + under,
			"resource in capitals":    strings.TrimSuffix("/v1/"+strings.ToUpper(resource)+"/"+rest, "/"),
			"resource, encoded":       strings.TrimSuffix("/v1/%"+"6"+string("0123456789abcdef"[resource[0]&15])+resource[1:]+"/"+rest, "/"),
			"no version":              "/" + under,
			"another version":         "/v2/" + under,
		} {
			a := good
			a.path, a.bad = path, true
			if resource[0] >= 'p' && name == "resource, encoded" {
				a.path = strings.Replace(path, "%6", "%7", 1)
			}
			if got := o.do(a); got.status != http.StatusNotFound {
				o.t.Errorf("%s, %s: %d at %s", act, name, got.status, a.path)
			}
		}
	})
}

func TestEveryOtherMethodIsRefused(t *testing.T) {
	methods := []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "QUERY", "get"}
	ofEveryOperation(t, func(o *town, _ string, good ask) {
		for _, method := range methods {
			a := good
			a.method, a.bad = method, true
			if closedContract().Operation(method, a.path) == "" {
				o.do(a).refused(http.StatusMethodNotAllowed, "methode-niet-toegestaan")
			}
		}
	})
}

func TestEveryParameterIsHeldToTheDocument(t *testing.T) {
	ofEveryOperation(t, func(o *town, act string, good ask) {
		a := good
		a.bad, a.query = true, strings.Trim(good.query+"&onbekend=1", "&")
		if code, found := o.do(a).problem(); code != invalid || !slices.Contains(found, "query onbekend parameter-onbekend") {
			o.t.Errorf("%s with an unknown parameter: %s %q", act, code, found)
		}
		at := operations()[act]
		for _, parameter := range contractDocument().Paths.Value(strings.TrimPrefix(at[1], "/v1")).GetOperation(at[0]).Parameters {
			if name := parameter.Value.Name; parameter.Value.In == "query" {
				a.query = strings.Trim(good.query+"&"+name+"=1&"+name+"=1", "&")
				code, found := o.do(a).problem()
				// A notice names it, and an export; JSON does not.
				unknownHere := act == "registreerAanbesteding" || act == "lijstAanbestedingMutaties"
				if code != invalid || !slices.Contains(found, "query "+name+" parameter-dubbel") && !unknownHere {
					o.t.Errorf("%s with %s twice: %s %q", act, name, code, found)
				}
			}
		}
		a.query = "%zz=1"
		if status := o.do(a).status; status != http.StatusBadRequest {
			o.t.Errorf("%s with an unreadable query: %d", act, status)
		}
	})
}

func TestEveryMediaTypeIsHeldToTheDocument(t *testing.T) {
	ofEveryOperation(t, func(o *town, act string, good ask) {
		a := good
		a.bad, a.accept = true, "image/png, text/html;q=0, application/json;q=0, text/csv;q=0"
		o.do(a).refused(http.StatusNotAcceptable, "accept-onbekend")
		at := operations()[act]
		body := contractDocument().Paths.Value(strings.TrimPrefix(at[1], "/v1")).GetOperation(at[0]).RequestBody
		if body == nil {
			return
		}
		for _, media := range []string{" ", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application", ";", "*/*", "application/jsonx"} {
			a = good
			a.bad, a.media = true, media
			o.do(a).refused(http.StatusUnsupportedMediaType, "soort-inhoud-onbekend")
		}
		for media := range body.Value.Content {
			for _, charset := range []string{"iso-8859-1", `"UTF-16"`, "windows-1252", "bestaat-niet"} {
				a = good
				a.bad, a.media = true, media+"; a=b; Charset="+charset
				if media != mediaCSV { // a spreadsheet shows its own
					o.do(a).refused(http.StatusUnsupportedMediaType, "tekenset-onbekend")
				}
			}
			a = good
			a.bad, a.media, a.headers = true, media, map[string]string{"content-encoding": "gzip"}
			o.do(a).refused(http.StatusUnsupportedMediaType, "inhoud-gecodeerd")
			for _, empty := range []string{"", " ", "\n"} {
				a = good
				a.bad, a.media, a.body = true, media, empty
				if got := o.do(a); got.status != http.StatusBadRequest {
					o.t.Errorf("%s with the empty body %q as %s: %d %s", act, empty, media, got.status, got.text)
				}
			}
		}
	})
}

// TestReadingTakesNoBody sends one where there is none to read.
func TestReadingTakesNoBody(t *testing.T) {
	ofEveryOperation(t, func(o *town, act string, good ask) {
		if good.method != http.MethodGet {
			return
		}
		without := o.do(good).want(http.StatusOK)
		a := good
		a.bad, a.media, a.body = true, "text/plain", `{"id":"iets anders"}`
		if with := o.do(a); with.status != without.status || with.text != without.text {
			o.t.Errorf("%s: a body changes the answer to %d %s", act, with.status, with.text)
		}
	})
}

// TestEveryAnswerIsSharedWithOurOriginsOnly looks at preflights, refusals and
// answers alike; that each has its security headers the front door checks.
func TestEveryAnswerIsSharedWithOurOriginsOnly(t *testing.T) {
	ofEveryOperation(t, func(o *town, act string, good ask) {
		open := duties[act].roles == nobody
		for origin, shared := range map[string]bool{"https://sroi.test": true, "https://elders.test": false, "null": false, "": false, "https://sroi.test.elders": false} {
			for name, a := range map[string]ask{
				"preflight":       {method: "OPTIONS", path: good.path, query: good.query},
				"without a token": {method: good.method, path: good.path, query: "onbekend=1"},
				"other method":    {method: "DELETE", path: good.path},
				"other path":      {method: good.method, path: good.path + "/"},
			} {
				a.bad, a.headers = true, map[string]string{"origin": origin, "access-control-request-method": good.method}
				got := o.do(a)
				allowed := got.headers["Access-Control-Allow-Origin"]
				routed := name == "preflight" || name == "without a token"
				switch {
				case open && routed:
					if allowed != "*" {
						o.t.Errorf("%s, %s of %q: for %q", act, name, origin, allowed)
					}
				case shared != (allowed == origin && origin != ""), !shared && allowed != "":
					o.t.Errorf("%s, %s of %q: for %q", act, name, origin, allowed)
				}
				if got.headers["Access-Control-Allow-Credentials"] != "" {
					o.t.Errorf("%s, %s: with credentials", act, name)
				}
				if methods := got.headers["Access-Control-Allow-Methods"]; name == "preflight" && (allowed != "") != strings.Contains(methods, good.method) {
					o.t.Errorf("%s: a preflight of %q allows %q", act, origin, methods)
				}
			}
		}
	})
}
