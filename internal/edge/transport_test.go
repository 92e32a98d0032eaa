// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"socialreturn/internal/app"
)

func TestMatch(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		pattern, path string
		params        map[string]string
		ok            bool
	}{
		{"/v1/a", "/v1/a", nil, true},
		{"/v1/a", "/v1/a/", nil, false},
		{"/v1/a", "v1/a", nil, false},
		{"/v1/a", "/v1//a", nil, false},
		{"/v1/a", "/V1/a", nil, false},
		{"/v1/a", "/v1/%61", nil, false},
		{"/v1/{id}", "/v1/a", map[string]string{"id": "a"}, true},
		{"/v1/{id}", "/v1/a%20b", map[string]string{"id": "a b"}, true},
		{"/v1/{id}", "/v1/a%2Fb", nil, false},
		{"/v1/{id}", "/v1/a%zz", nil, false},
		{"/v1/{id}", "/v1/", nil, false},
		{"/v1/{id}/b/{n}", "/v1/x/b/7", map[string]string{"id": "x", "n": "7"}, true},
		{"/v1/{id}/b/{n}", "/v1/x//7", nil, false},
		{"/v1/{id}", "/v1/{id}", map[string]string{"id": "{id}"}, true},
	} {
		params, ok := match(row.pattern, row.path)
		if ok != row.ok || ok && fmt.Sprint(params) != fmt.Sprint(row.params) && row.path != "/v1/{id}" {
			t.Errorf("%s on %s: %v %v, want %v %v", row.path, row.pattern, params, ok, row.params, row.ok)
		}
	}
}

func FuzzMatch(f *testing.F) {
	f.Add("/v1/contracten/abc/plaatsingen/1")
	f.Add("/v1/contracten/%2e%2e/plaatsingen/")
	f.Fuzz(func(t *testing.T, path string) {
		for _, route := range allRoutes {
			params, ok := match(route.pattern, path)
			for name, value := range params {
				if ok && (value == "" || strings.Contains(value, "/")) {
					t.Errorf("%s: %s is %q", path, name, value)
				}
			}
		}
	})
}

func TestAccepted(t *testing.T) {
	t.Parallel()
	offers := []string{mediaJSON, mediaHTML, mediaCSV}
	for header, want := range map[string]string{
		"":                                   mediaJSON,
		"*/*":                                mediaJSON,
		"text/html":                          mediaHTML,
		"TEXT/HTML":                          mediaHTML,
		"text/*":                             mediaHTML,
		"text/*;q=0.5, text/csv":             mediaCSV,
		"text/html;q=0.4, text/csv;q=0.5":    mediaCSV,
		"text/html;level=1;q=0.9, */*;q=0.1": mediaHTML,
		"*/*, application/json;q=0":          mediaHTML,
		"text/html;q=0":                      "",
		"image/png":                          "",
		"text/html;q=2":                      "",
		"text/html;q=nee":                    "",
		"text/html;q=0.12345":                "",
		"text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8": mediaHTML,
		"application/json;q=0.001": mediaJSON,
		"text/html;q=.5":           mediaHTML,
		",":                        "",
	} {
		if got, ok := accepted(header, offers); got != want || ok != (want != "") {
			t.Errorf("%q accepts %q, want %q", header, got, want)
		}
	}
}

func FuzzAccepted(f *testing.F) {
	f.Add("text/html;q=0.4, text/csv;q=0.5")
	f.Fuzz(func(t *testing.T, header string) {
		offers := []string{mediaJSON, mediaHTML}
		if got, ok := accepted(header, offers); ok != slices.Contains(offers, got) {
			t.Errorf("%q accepts %q, %v", header, got, ok)
		}
	})
}

func TestMethodsAreTold(t *testing.T) {
	t.Parallel()
	w := newWorldOn(t, nil)
	got := w.do(ask{method: "DELETE", path: "/v1/contracten"})
	got.refused(405, "methode-niet-toegestaan")
	if allow := got.headers["Allow"]; allow != "GET, OPTIONS, POST" {
		t.Errorf("Allow: %s", allow)
	}
}

func TestSharingWithBrowsers(t *testing.T) {
	t.Parallel()
	w := newWorldOn(t, nil)
	preflight := func(origin, path string) answer {
		return w.do(ask{method: "OPTIONS", path: path, headers: map[string]string{"origin": origin, "access-control-request-method": "PATCH"}})
	}
	ours := preflight("https://sroi.test", "/v1/aanbestedingen/"+strings.Repeat("a", 24)).want(204)
	for name, want := range map[string]string{
		"Access-Control-Allow-Origin": "https://sroi.test", "Access-Control-Allow-Methods": "GET, OPTIONS, PATCH", "Vary": "Accept, Origin",
	} {
		if ours.headers[name] != want {
			t.Errorf("%s is %q, want %q", name, ours.headers[name], want)
		}
	}
	if foreign := preflight("https://elders.test", "/v1/contracten").want(204); foreign.headers["Access-Control-Allow-Origin"] != "" {
		t.Errorf("a foreign origin may read: %v", foreign.headers)
	}
	preflight("https://sroi.test", "/v1/bestaat-niet").want(404)
	open := w.do(ask{method: "GET", path: "/v1/openapi.json", headers: map[string]string{"origin": "https://elders.test"}}).want(200)
	if open.headers["Access-Control-Allow-Origin"] != "*" {
		t.Errorf("the contract is not for everyone: %v", open.headers)
	}
	refused := w.do(ask{method: "GET", path: "/v1/contracten", headers: map[string]string{"origin": "https://sroi.test"}}).want(401)
	if refused.headers["Access-Control-Allow-Origin"] != "https://sroi.test" {
		t.Error("a browser cannot read the refusal")
	}
}

func TestRuleSetsAreForEveryone(t *testing.T) {
	t.Parallel()
	w := newWorldOn(t, nil)
	list := w.get("", "/v1/rekenregels").want(200)
	for i := range list.at("rekenregels").([]any) {
		at := fmt.Sprintf("rekenregels/%d/", i)
		file := w.get("", fmt.Sprintf("/v1/rekenregels/%s/versies/%s", list.at(at+"id"), list.at(at+"versie"))).want(200)
		if file.headers["ETag"] != fmt.Sprintf("%q", list.at(at+"sha256")) {
			t.Errorf("rule set %s: ETag %s", list.at(at+"id"), file.headers["ETag"])
		}
	}
	w.get("", "/v1/rekenregels/oost-nederland/versies/2016-01-02").refused(404, "rekenregel-onbekend")
	w.do(ask{method: "GET", path: "/v1/rekenregels/a%20b/versies/nu", bad: true}).refused(400, invalid, "path datum onjuiste-vorm")
}

func TestDifferencesOfRuleSets(t *testing.T) {
	t.Parallel()
	w := newWorldOn(t, nil)
	compare := func(id, query string) answer {
		return w.do(ask{method: "GET", path: "/v1/rekenregels/" + id + "/verschil", query: query, bad: true})
	}
	told := w.do(ask{method: "GET", path: "/v1/rekenregels/utrecht/verschil", query: "van=2015-01-01&tot=2018-01-01"}).want(200)
	for _, text := range []string{
		"Norm van 40 naar 36 uur: 11 % meer waarde bij gelijke uren.",
		"Bouwblok Bbl-traject komt erbij: € 15.000 per voltijdjaar.",
		"Bron utrecht-v1 vervalt;",
	} {
		if !strings.Contains(told.text, text) {
			t.Errorf("nothing tells %q", text)
		}
	}
	if told.at("van/versie") != "2015-01-01" || told.at("tot/versie") != "2018-01-01" || told.at("verschillen/0/soort") != "gewijzigd" {
		t.Errorf("compared %s", told.text)
	}
	if same := w.do(ask{method: "GET", path: "/v1/rekenregels/utrecht/verschil", query: "van=2018-01-01&tot=2018-01-01"}).want(200); len(same.at("verschillen").([]any)) != 0 {
		t.Errorf("a version differs from itself: %s", same.text)
	}
	compare("nergens", "van=2015-01-01&tot=2018-01-01").refused(404, "rekenregel-onbekend")
	compare("utrecht", "van=2015-01-02&tot=2018-01-02").refused(400, invalid, "query van rekenregel-onbekend", "query tot rekenregel-onbekend")
	compare("utrecht", "van=gisteren").refused(400, invalid, "query van onjuiste-vorm", "query tot verplicht")
}

// failing is a store of which every call fails.
type failing struct {
	app.Store
	err error
}

func (f failing) Prospect(context.Context, string) (app.Prospect, error) {
	return app.Prospect{}, f.err
}

func TestErrorsOfTheStore(t *testing.T) {
	t.Parallel()
	path := "/v1/contracten/" + strings.Repeat("a", 24)
	for _, row := range []struct {
		err    error
		status int
		code   string
	}{
		{fmt.Errorf("geheim: %s", canaryName), 500, "interne-fout"},
		{fmt.Errorf("%s: %w", canaryName, context.DeadlineExceeded), 503, "te-druk"},
		{fmt.Errorf("%s: %w", canaryName, app.ErrBusy), 503, "te-druk"},
		{app.ErrAbsent, 404, "niet-gevonden"},
		{&app.Error{Kind: app.Unavailable, Code: "even-geduld", Detail: "Straks."}, 503, "even-geduld"},
	} {
		w := newWorldOn(t, failing{err: row.err})
		got := w.get(w.officer(), path)
		got.refused(row.status, row.code)
		if strings.Contains(got.text, canaryName) {
			t.Errorf("an internal text left the house: %s", got.text)
		}
		if (row.status == 503) != (got.headers["Retry-After"] != "") {
			t.Errorf("%v: Retry-After is %q", row.err, got.headers["Retry-After"])
		}
		if row.status == 500 && !strings.Contains(w.logs.String(), canaryName) {
			t.Error("the cause is not in the log")
		}
	}
}

func TestEveryKindHasAStatus(t *testing.T) {
	t.Parallel()
	kinds := constants(t, "../app")["Kind"]
	if len(kinds) == 0 || len(kinds) != len(statuses) {
		t.Errorf("kinds %v, statuses %v", kinds, statuses)
	}
	for _, kind := range kinds {
		if titles[statuses[app.Kind(kind)]] == "" {
			t.Errorf("%s has no status with a title", kind)
		}
	}
}

func TestTraceID(t *testing.T) {
	t.Parallel()
	w := newWorldOn(t, nil)
	event := ask{method: "GET", path: "/v1/contracten"}.event()
	event.RequestContext.RequestID = "a\nb"
	if got := w.send(event); strings.Contains(got.text, `a\nb`) || !strings.Contains(got.text, `"traceId":"`) {
		t.Errorf("a trace id of another form went through: %s", got.text)
	}
}

func TestNextPageKeepsTheFilters(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.putAuthority()
	for i := range 3 {
		w.post(w.officer(), "/v1/aanbestedingen", fmt.Sprintf(tenderBody, fmt.Sprint("nr ", i))).want(201)
	}
	seen := map[string]bool{}
	query := queryOf("perPage", "2", "jaar", "2021", "socialReturn", "true", "opdrachtgever", apeldoorn)
	for query != "" {
		page := w.do(ask{method: "GET", path: "/v1/aanbestedingen", query: query, token: w.auditor()}).want(200)
		for i := range page.at("aanbestedingen").([]any) {
			seen[page.at(fmt.Sprintf("aanbestedingen/%d/kenmerk", i)).(string)] = true
		}
		link := page.headers["Link"]
		query = ""
		if link != "" {
			target, rel, _ := strings.Cut(strings.TrimPrefix(link, "<"), ">")
			path, next, _ := strings.Cut(target, "?")
			if path != "/v1/aanbestedingen" || rel != `; rel="next"` || !strings.Contains(next, "jaar=2021") || !strings.Contains(next, "socialReturn=true") {
				t.Fatalf("Link: %s", link)
			}
			query = next
		}
	}
	if len(seen) != 3 {
		t.Errorf("pages show %v", seen)
	}
}
