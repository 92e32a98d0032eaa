// SPDX-License-Identifier: EUPL-1.2

package contracttest_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"socialreturn/infra/local/contracttest"
	"socialreturn/internal/edge"
)

func contract(t *testing.T) *contracttest.Contract {
	t.Helper()
	c, err := contracttest.Parse(edge.Contract)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// headers of every answer, with more.
func headers(more ...string) http.Header {
	h := http.Header{}
	for _, pair := range append([]string{
		"API-Version: 1.0.0", "Cache-Control: no-store", "Content-Security-Policy: frame-ancestors 'none'", "X-Frame-Options: DENY",
		"Strict-Transport-Security: max-age=31536000; includeSubDomains", "X-Content-Type-Options: nosniff", "Referrer-Policy: no-referrer",
		"Vary: Accept, Origin",
	}, more...) {
		name, value, _ := strings.Cut(pair, ": ")
		h.Set(name, value)
	}
	return h
}

const (
	enterprise = `{"register":"r","kvk":"12345678","naam":"Es","erkenningen":[],"vastgelegdOp":"2022-01-01T00:00:00Z","versie":1}`
	absent     = `{"type":"about:blank","title":"Niet gevonden","status":404,"detail":"Weg.","code":"niet-gevonden","traceId":"12345678"}`
)

// good are answers in which nothing is wrong.
func good() map[string]contracttest.Answer {
	const seller = "/v1/sociale-ondernemingen/r/12345678"
	return map[string]contracttest.Answer{
		"success":   {Method: "GET", Path: seller, Status: 200, Header: headers("Content-Type: application/json", `ETag: "1"`), Body: []byte(enterprise)},
		"refusal":   {Method: "GET", Path: seller, Status: 404, Header: headers("Content-Type: application/problem+json"), Body: []byte(absent)},
		"no path":   {Method: "GET", Path: "/v1/nergens", Status: 404, Header: headers("Content-Type: application/problem+json"), Body: []byte(absent)},
		"preflight": {Method: "OPTIONS", Path: seller, Status: 204, Header: headers("Access-Control-Allow-Origin: https://a.test")},
		"no method": {Method: "DELETE", Path: seller, Status: 405, Header: headers("Content-Type: application/problem+json", "Allow: GET, OPTIONS, PUT"),
			Body: []byte(strings.ReplaceAll(absent, "404", "405"))},
	}
}

func TestGoodAnswersPass(t *testing.T) {
	t.Parallel()
	c := contract(t)
	for name, answer := range good() {
		if err := c.Check(answer); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := c.Operation("GET", "/v1/sociale-ondernemingen/r/12345678"); got != "leesSocialeOnderneming" {
		t.Errorf("the operation is %q", got)
	}
}

func TestWhatIsNotDescribedIsAFault(t *testing.T) {
	t.Parallel()
	c := contract(t)
	for name, row := range map[string]struct {
		of     string
		change func(*contracttest.Answer)
		want   string
	}{
		"another status":          {"success", func(a *contracttest.Answer) { a.Status = 202 }, "this status"},
		"a teapot":                {"refusal", func(a *contracttest.Answer) { a.Status = 418 }, "this status"},
		"no version":              {"success", func(a *contracttest.Answer) { a.Header.Del("API-Version") }, "Api-Version"},
		"no ETag":                 {"success", func(a *contracttest.Answer) { a.Header.Del("ETag") }, "ETag is missing"},
		"a weak ETag":             {"success", func(a *contracttest.Answer) { a.Header.Set("ETag", `W/"1"`) }, "ETag"},
		"a header more":           {"success", func(a *contracttest.Answer) { a.Header.Set("X-Powered-By", "Go") }, "X-Powered-By"},
		"stored by caches":        {"refusal", func(a *contracttest.Answer) { a.Header.Set("Cache-Control", "max-age=5") }, "Cache-Control"},
		"framed":                  {"preflight", func(a *contracttest.Answer) { a.Header.Del("X-Frame-Options") }, "X-Frame-Options"},
		"another media type":      {"success", func(a *contracttest.Answer) { a.Header.Set("Content-Type", "text/plain") }, "text/plain"},
		"a field more":            {"success", func(a *contracttest.Answer) { a.Body = replaced(a.Body, `"naam"`, `"bsn":"111222333","naam"`) }, "bsn"},
		"a field less":            {"success", func(a *contracttest.Answer) { a.Body = replaced(a.Body, `"kvk":"12345678",`, "") }, "kvk"},
		"a field of another type": {"success", func(a *contracttest.Answer) { a.Body = replaced(a.Body, `"Es"`, "7") }, "naam"},
		"a time without a zone":   {"success", func(a *contracttest.Answer) { a.Body = replaced(a.Body, "00Z", "00") }, "date-time"},
		"no JSON":                 {"success", func(a *contracttest.Answer) { a.Body = []byte("{") }, "no JSON"},
		"a field in a problem":    {"refusal", func(a *contracttest.Answer) { a.Body = replaced(a.Body, `"title"`, `"stack":"x","title"`) }, "stack"},
		"a status in a problem":   {"refusal", func(a *contracttest.Answer) { a.Body = replaced(a.Body, "404", "400") }, "says status 400"},
		"a problem without why":   {"no path", func(a *contracttest.Answer) { a.Body = replaced(a.Body, `"Weg."`, `""`) }, "no detail"},
		"a problem as JSON":       {"no path", func(a *contracttest.Answer) { a.Header.Set("Content-Type", "application/json") }, "as \"application/json\""},
		"methods left out":        {"no method", func(a *contracttest.Answer) { a.Header.Set("Allow", "GET") }, "Allow"},
		"a preflight with a body": {"preflight", func(a *contracttest.Answer) { a.Body = []byte("x") }, "no content"},
		"what is not there":       {"success", func(a *contracttest.Answer) { a.Path = "/v1/nergens" }, "want 404"},
		"a trailing slash":        {"success", func(a *contracttest.Answer) { a.Path += "/" }, "want 404"},
	} {
		answer := good()[row.of]
		row.change(&answer)
		if err := c.Check(answer); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: %v, want a fault with %q", name, err, row.want)
		}
	}
}

func replaced(body []byte, old, with string) []byte {
	if !strings.Contains(string(body), old) {
		panic(old + " is not there")
	}
	return []byte(strings.Replace(string(body), old, with, 1))
}

// canned answers everything the same.
type canned contracttest.Answer

func (c canned) RoundTrip(request *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: c.Status, Header: c.Header, Body: io.NopCloser(strings.NewReader(string(c.Body))), Request: request}, nil
}

func TestTheLineSeesEveryAnswer(t *testing.T) {
	t.Parallel()
	wrong := good()["success"]
	wrong.Body = replaced(wrong.Body, `"naam"`, `"bsn":"1","naam"`)
	line := contracttest.NewLine(contract(t), canned(wrong))
	client := &http.Client{Transport: line}
	for _, path := range []string{wrong.Path, "/issuer/keys"} {
		got, err := client.Get("http://house.test" + path)
		if err != nil {
			t.Fatal(err)
		}
		if body, err := io.ReadAll(got.Body); err != nil || string(body) != string(wrong.Body) {
			t.Errorf("%s: the answer was changed on its way: %s %v", path, body, err)
		}
		if err := got.Body.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if checked, faults := line.Faults(); checked != 1 || len(faults) != 1 || !strings.Contains(faults[0], "bsn") {
		t.Errorf("%d answers checked: %q", checked, faults)
	}
}

// TestNobodyPassesTheLine wants every package whose tests ask a running house
// over HTTP to do so through the line: it runs its tests with Main, and makes no
// transport of its own.
func TestNobodyPassesTheLine(t *testing.T) {
	t.Parallel()
	guarded := 0
	for _, dir := range folders(t) {
		asks, through, around := false, false, []string{}
		for _, file := range testFiles(t, dir) {
			ast.Inspect(file, func(node ast.Node) bool {
				selector, ok := node.(*ast.SelectorExpr)
				if !ok {
					return true
				}
				switch from, _ := selector.X.(*ast.Ident); {
				case from == nil:
				case from.Name == "host" && selector.Sel.Name == "Start", from.Name == "edge" && selector.Sel.Name == "Functions":
					asks = true
				case from.Name == "contracttest" && selector.Sel.Name == "Main":
					through = true
				case from.Name == "http" && selector.Sel.Name == "Transport":
					around = append(around, file.Name.Name)
				}
				return true
			})
		}
		if asks && (!through || len(around) > 0) {
			t.Errorf("%s asks the house: through the line %v, with transports of its own in %v", dir, through, around)
		}
		if asks {
			guarded++
		}
	}
	if guarded < 3 {
		t.Errorf("%d packages ask the house", guarded)
	}
}

func folders(t *testing.T) []string {
	t.Helper()
	var all []string
	err := filepath.WalkDir("../..", func(path string, entry os.DirEntry, err error) error {
		if err == nil && entry.IsDir() && slices.Contains([]string{"node_modules", "testdata"}, entry.Name()) {
			return filepath.SkipDir
		}
		if err == nil && entry.IsDir() {
			all = append(all, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return append(all, "../../../functions")
}

func testFiles(t *testing.T, dir string) []*ast.File {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	var files []*ast.File
	for _, name := range names {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	return files
}
