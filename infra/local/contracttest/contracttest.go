// SPDX-License-Identifier: EUPL-1.2

// Package contracttest holds the answers that tests receive against the OpenAPI
// document: status, headers, media type and every field. Its schemas are closed
// here, though a client must allow for more: a field that nobody described is a
// fault of ours.
package contracttest

import (
	"bytes"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

const (
	resource    = "contract.json"
	prefix      = "/v1"
	problemType = "application/problem+json"
	problem     = "/components/schemas/Probleem"
)

// Answer is what a client received.
type Answer struct {
	Method string
	Path   string // escaped, as it was sent, without the query
	Status int
	Header http.Header
	Body   []byte
}

// Contract is the document, ready to hold answers against. It is safe for
// concurrent use.
type Contract struct {
	root map[string]any

	mutex    sync.Mutex
	compiler *jsonschema.Compiler
	schemas  map[string]*jsonschema.Schema
}

// Parse reads the document.
func Parse(document []byte) (*Contract, error) {
	whole, err := jsonschema.UnmarshalJSON(bytes.NewReader(document))
	if err != nil {
		return nil, err
	}
	root, ok := whole.(map[string]any)
	if !ok {
		return nil, errors.New("contracttest: the document is no object")
	}
	closeSchemas(whole)
	c := &Contract{root: root, compiler: jsonschema.NewCompiler(), schemas: map[string]*jsonschema.Schema{}}
	c.compiler.AssertFormat()
	return c, c.compiler.AddResource(resource, whole)
}

// closeSchemas lets no object have a field that its schema does not name.
func closeSchemas(node any) {
	switch node := node.(type) {
	case map[string]any:
		_, named := node["properties"].(map[string]any)
		if _, said := node["additionalProperties"]; named && !said && node["type"] == "object" {
			node["additionalProperties"] = false
		}
		for _, below := range node {
			closeSchemas(below)
		}
	case []any:
		for _, below := range node {
			closeSchemas(below)
		}
	}
}

// everywhere are the headers of every answer, and what they must say.
var everywhere = map[string]string{
	"Cache-Control":             "no-store",
	"Content-Security-Policy":   "frame-ancestors 'none'",
	"Strict-Transport-Security": "max-age=31536000",
	"X-Content-Type-Options":    "nosniff",
	"X-Frame-Options":           "DENY",
	"Referrer-Policy":           "no-referrer",
	"Vary":                      "Origin",
	"Api-Version":               "",
}

// carried are headers that need no description: of HTTP itself, and of CORS.
var carried = []string{"Content-Type", "Content-Length", "Date", "Allow"}

// Check returns everything in which an answer is not as the document says.
func (c *Contract) Check(a Answer) error {
	var faults []error
	add := func(err error) {
		if err != nil {
			faults = append(faults, fmt.Errorf("%s %s answers %d: %w", a.Method, a.Path, a.Status, err))
		}
	}
	for name, mark := range everywhere {
		if !strings.Contains(a.Header.Get(name), mark) || a.Header.Get(name) == "" {
			add(fmt.Errorf("header %s is %q", name, a.Header.Get(name)))
		}
	}
	patterns := c.patternsOf(a.Path)
	pattern, known := patterns[a.Method]
	switch {
	case !known:
		add(c.checkOutside(a, patterns))
	default:
		add(c.checkDescribed(a, "/paths/"+escape(pattern)+"/"+strings.ToLower(a.Method)+"/responses/"+strconv.Itoa(a.Status)))
	}
	if a.Status >= http.StatusBadRequest {
		add(c.checkProblem(a))
	}
	return errors.Join(faults...)
}

// Operation is the operationId of what is asked; empty where the document has no such thing.
func (c *Contract) Operation(method, path string) string {
	pattern, ok := c.patternsOf(path)[method]
	if !ok {
		return ""
	}
	node, _ := c.find("/paths/" + escape(pattern) + "/" + strings.ToLower(method))
	id, _ := node["operationId"].(string)
	return id
}

// patternsOf are the patterns in the document that a path fits, by method.
func (c *Contract) patternsOf(path string) map[string]string {
	fitting := map[string]string{}
	paths, _ := c.root["paths"].(map[string]any)
	for pattern, item := range paths {
		methods, ok := item.(map[string]any)
		if !ok || !fits(prefix+pattern, path) {
			continue
		}
		for method := range methods {
			fitting[strings.ToUpper(method)] = pattern
		}
	}
	return fitting
}

// fits tells whether a path is one of a pattern: segment by segment, in which
// there is no slash, encoded or not.
func fits(pattern, path string) bool {
	want, got := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return false
	}
	for i := range want {
		value, err := url.PathUnescape(got[i])
		free := strings.HasPrefix(want[i], "{") && err == nil && value != "" && !strings.Contains(value, "/")
		if want[i] != got[i] && !free {
			return false
		}
	}
	return true
}

// checkOutside holds an answer to what the document does not describe: a path
// that is none, a method that is none there, a preflight.
func (c *Contract) checkOutside(a Answer, there map[string]string) error {
	want := http.StatusMethodNotAllowed
	switch {
	case len(there) == 0:
		want = http.StatusNotFound
	case a.Method == http.MethodOptions:
		want = http.StatusNoContent
	}
	methods := []string{http.MethodOptions}
	for method := range there {
		methods = append(methods, method)
	}
	slices.Sort(methods)
	allow := a.Header.Get("Allow")
	switch {
	case a.Status != want:
		return fmt.Errorf("the document has no such operation: want %d", want)
	case want == http.StatusNoContent && len(a.Body) > 0:
		return errors.New("a body where there is no content")
	case want == http.StatusMethodNotAllowed && allow != strings.Join(methods, ", "):
		return fmt.Errorf("header Allow is %q, want %q", allow, methods)
	}
	return nil
}

// checkDescribed holds an answer to its description at a pointer.
func (c *Contract) checkDescribed(a Answer, at string) error {
	node, at := c.find(at)
	if node == nil {
		return errors.New("the document does not have this status")
	}
	headers, _ := node["headers"].(map[string]any)
	for name := range headers {
		if err := c.checkHeader(a, name, at+"/headers/"+name); err != nil {
			return err
		}
	}
	for name := range a.Header {
		_, always := everywhere[name]
		declared := slices.ContainsFunc(slices.Collect(keys(headers)), func(known string) bool { return http.CanonicalHeaderKey(known) == name })
		if !always && !declared && !slices.Contains(carried, name) && !strings.HasPrefix(name, "Access-Control-") {
			return fmt.Errorf("the document does not have the header %s", name)
		}
	}
	media, _, err := mime.ParseMediaType(a.Header.Get("Content-Type"))
	content, _ := node["content"].(map[string]any)
	if _, ok := content[media]; err != nil || !ok {
		return fmt.Errorf("the document does not have the media type %q", a.Header.Get("Content-Type"))
	}
	if !strings.HasSuffix(media, "json") {
		return readable(a.Body)
	}
	return c.validate(at+"/content/"+escape(media)+"/schema", a.Body)
}

func readable(body []byte) error {
	if len(body) == 0 || !utf8.Valid(body) {
		return errors.New("the body is no text")
	}
	return nil
}

func keys(m map[string]any) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for key := range m {
			if !yield(key) {
				return
			}
		}
	}
}

func (c *Contract) checkHeader(a Answer, name, at string) error {
	header, at := c.find(at)
	values := a.Header.Values(name)
	switch {
	case len(values) == 0 && header["required"] == true:
		return fmt.Errorf("header %s is missing", name)
	case len(values) == 0:
		return nil
	}
	schema, err := c.schema(at + "/schema")
	if err != nil {
		return err
	}
	if err := schema.Validate(strings.Join(values, ", ")); err != nil {
		return fmt.Errorf("header %s: %w", name, err)
	}
	return nil
}

// checkProblem wants a whole problem document, wherever the refusal comes from.
func (c *Contract) checkProblem(a Answer) error {
	if media := a.Header.Get("Content-Type"); media != problemType {
		return fmt.Errorf("a refusal as %q", media)
	}
	if err := c.validate(problem, a.Body); err != nil {
		return err
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(a.Body))
	if err != nil {
		return err
	}
	told, _ := value.(map[string]any)
	if fmt.Sprint(told["status"]) != strconv.Itoa(a.Status) {
		return fmt.Errorf("the problem says status %v", told["status"])
	}
	for _, name := range []string{"title", "detail", "code", "traceId"} {
		if told[name] == "" {
			return fmt.Errorf("the problem has no %s", name)
		}
	}
	return nil
}

func (c *Contract) validate(at string, body []byte) error {
	schema, err := c.schema(at)
	if err != nil {
		return err
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("no JSON: %w", err)
	}
	return schema.Validate(value)
}

// schema compiles what a pointer points at, once.
func (c *Contract) schema(at string) (*jsonschema.Schema, error) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if known, ok := c.schemas[at]; ok {
		return known, nil
	}
	compiled, err := c.compiler.Compile(resource + "#" + (&url.URL{Path: at}).EscapedPath())
	c.schemas[at] = compiled
	return compiled, err
}

// find follows a pointer, and the references on its way; nil where there is nothing.
func (c *Contract) find(pointer string) (node map[string]any, at string) {
	node = c.root
	for step := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		next, ok := node[strings.NewReplacer("~1", "/", "~0", "~").Replace(step)].(map[string]any)
		if !ok {
			return nil, pointer
		}
		node, at = next, at+"/"+step
		if reference, ok := node["$ref"].(string); ok {
			node, at = c.find(strings.TrimPrefix(reference, "#"))
		}
	}
	return node, at
}

// escape writes a name as a step of a pointer.
func escape(name string) string { return strings.NewReplacer("~", "~0", "/", "~1").Replace(name) }
