// SPDX-License-Identifier: EUPL-1.2

// Package edge turns events of the cloud into calls of the use cases and their
// answers into representations: tokens, routes, strict decoding, Dutch names,
// problem documents. It decides nothing about the trade.
//
// One file per resource holds its wire types; openapi.json is the contract.
package edge

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"reflect"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"socialreturn/internal/app"
	"socialreturn/internal/present"
)

// Version is the full version of the API, on every answer.
const Version = "1.0.0"

// Handler answers one request of an HTTP API (payload format 2.0). It never
// returns an error: whatever goes wrong is a problem document.
type Handler func(ctx context.Context, event events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error)

// Deps is what handlers need.
type Deps struct {
	Service  *app.Service
	Verifier Verifier
	Now      func() time.Time
	Log      *slog.Logger // see NewLog
	// CORSOrigins may call the API from a browser, such as "https://sroi.example".
	CORSOrigins []string
	// Failures is where RollUp sets aside what it cannot apply; no other function needs it.
	Failures FailureQueue
}

// request is one request on its way through.
type request struct {
	Deps
	ctx     context.Context
	event   *events.APIGatewayV2HTTPRequest
	route   *route
	params  map[string]string
	traceID string
	call    app.Call
	content []byte // of the body
	media   string // of the body, without parameters
	offer   string // the media type chosen for the answer

	found   findings
	absent  bool // a path names something that cannot exist
	queried bool
	object  string // what was made, for the log
	sources []source
	parts   [3]source // of sources, at most: path, query, body
	// relocate finds the place of a fault where the wire is built otherwise than
	// the input; an empty in leaves it to the request types, with another path.
	relocate func(path string) (in, location, rest string)
}

// source is a part of the request that was decoded, and its type.
type source struct {
	in    string
	shape reflect.Type
}

// response is what a handler answers.
type response struct {
	status    int
	mediaType string
	headers   map[string]string
	body      []byte
}

func (a *response) set(header, value string) *response {
	if a.headers == nil {
		a.headers = make(map[string]string, 12)
	}
	a.headers[header] = value
	return a
}

// versioned adds the strong ETag that If-Match repeats.
func (a *response) versioned(version int) *response {
	return a.set("ETag", `"`+strconv.Itoa(version)+`"`)
}

// serve answers with the routes of one function; the others are only known, so
// that a wrong method is told from an absent path.
func serve(d Deps, own []route) Handler {
	return func(ctx context.Context, event events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
		r := &request{Deps: d, ctx: ctx, event: &event, traceID: traceID(&event)}
		r.sources = r.parts[:0]
		r.call.Now = d.Now()
		answer, err := r.guarded(own)
		if err != nil {
			answer = problemAnswer(r.refusalOf(err), r.traceID)
		}
		r.secure(answer)
		r.log(answer.status, err)
		return written(answer), nil
	}
}

// guarded turns a panic into an internal error, so that it too is a problem document.
func (r *request) guarded(own []route) (answer *response, err error) {
	defer func() {
		if broken := recover(); broken != nil {
			err = fmt.Errorf("edge: panic of %T in %s", broken, debug.Stack())
		}
	}()
	return r.handle(own)
}

func (r *request) handle(own []route) (*response, error) {
	if err := r.findRoute(own); err != nil {
		return nil, err
	}
	if r.event.RequestContext.HTTP.Method == http.MethodOptions {
		return &response{status: http.StatusNoContent}, nil
	}
	if err := r.authenticate(); err != nil {
		return nil, err
	}
	if err := r.negotiate(); err != nil {
		return nil, err
	}
	if err := r.readContent(); err != nil {
		return nil, err
	}
	r.readGuards()
	return r.route.handle(r)
}

var traceForm = formOf(`^[A-Za-z0-9=_-]{8,64}$`)

func traceID(event *events.APIGatewayV2HTTPRequest) string {
	if id := event.RequestContext.RequestID; traceForm.MatchString(id) {
		return id
	}
	return rand.Text()
}

// header reads a request header; the gateway gives their names in lower case.
func (r *request) header(name string) string { return strings.TrimSpace(r.event.Headers[name]) }

// negotiate chooses the media type of the answer.
func (r *request) negotiate() error {
	asked := r.header("accept")
	if len(asked) > maxAccept {
		asked = ""
		r.found.add(inHeader, "Accept", "te-veel", "Deze kop is langer dan "+strconv.Itoa(maxAccept)+" tekens.")
	}
	offer, ok := accepted(asked, r.route.gives())
	if !ok {
		return refuse(http.StatusNotAcceptable, "accept-onbekend", "Dit is er als "+strings.Join(r.route.gives(), ", ")+".")
	}
	r.offer = offer
	return nil
}

// readContent decodes and bounds the body and checks its media type.
func (r *request) readContent() error {
	if len(r.route.takes) == 0 {
		return nil
	}
	r.media, _, _ = strings.Cut(strings.ToLower(r.header("content-type")), ";")
	r.media = strings.TrimSpace(r.media)
	if !slices.Contains(r.route.takes, r.media) {
		return refuse(http.StatusUnsupportedMediaType, "soort-inhoud-onbekend", "Stuur de inhoud als "+strings.Join(r.route.takes, " of ")+".")
	}
	if r.media != mediaCSV && !isUTF8(r.header("content-type")) { // a spreadsheet shows its own
		return refuse(http.StatusUnsupportedMediaType, "tekenset-onbekend", "Stuur de inhoud in UTF-8.")
	}
	if encoding := r.header("content-encoding"); encoding != "" && !strings.EqualFold(encoding, "identity") {
		return refuse(http.StatusUnsupportedMediaType, "inhoud-gecodeerd", "Stuur de inhoud zonder Content-Encoding.")
	}
	r.content = []byte(r.event.Body)
	if r.event.IsBase64Encoded {
		content, err := base64.StdEncoding.DecodeString(r.event.Body)
		if err != nil {
			return refuse(statusInvalid, "inhoud-onleesbaar", "De inhoud is onleesbaar.")
		}
		r.content = content
	}
	if limit := r.route.limit(); len(r.content) > limit {
		return refuse(http.StatusRequestEntityTooLarge, "te-groot", fmt.Sprintf("De inhoud is groter dan %d MiB.", limit>>20))
	}
	return nil
}

// isUTF8 tells whether a Content-Type names no character set, or UTF-8 or a part of it.
func isUTF8(contentType string) bool {
	_, parameters, _ := strings.Cut(contentType, ";")
	for parameter := range strings.SplitSeq(parameters, ";") {
		name, value, _ := strings.Cut(parameter, "=")
		value = strings.ToLower(strings.Trim(value, ` "`))
		if strings.EqualFold(strings.TrimSpace(name), "charset") && !slices.Contains([]string{"utf-8", "utf8", "us-ascii"}, value) {
			return false
		}
	}
	return true
}

var (
	visibleASCII = formOf(`^[!-~]{1,64}$`)
	strongETag   = formOf(`^"([0-9]{1,9})"$`)
)

// readGuards reads Idempotency-Key and If-Match.
func (r *request) readGuards() {
	if r.route.keyed {
		if r.call.Key = r.header("idempotency-key"); !visibleASCII.MatchString(r.call.Key) {
			r.found.add(inHeader, "Idempotency-Key", "idempotency-key-ontbreekt",
				"Stuur een eigen sleutel mee van 1 tot en met 64 zichtbare tekens zonder spaties, en bij een herhaling dezelfde.")
		}
	}
	if _, sent := r.event.Headers["if-match"]; !r.route.matched || !sent {
		return
	}
	parts := strongETag.compiled().FindStringSubmatch(r.header("if-match"))
	if parts == nil {
		r.found.add(inHeader, "If-Match", "if-match-onjuist",
			`Stuur precies één ETag mee zoals u hem kreeg, zoals "3": geen *, geen lijst en geen zwakke ETag.`)
		return
	}
	version := atoi(parts[1])
	r.call.Match = &version
}

// body decodes the body as JSON.
func body[T any](r *request) T {
	var value T
	before := len(r.found.list)
	decodeJSON(r.content, &value, &r.found)
	if !unreadable(r.found.list[before:]) {
		checkShape(inBody, value, &r.found)
	}
	r.sources = append(r.sources, source{inBody, reflect.TypeFor[T]()})
	return value
}

// unreadable tells that a document as a whole could not be read, so that what
// it lacks says nothing.
func unreadable(found []finding) bool {
	return slices.ContainsFunc(found, func(f finding) bool { return f.Location == "" })
}

// path decodes the parameters of the path.
func path[T any](r *request) T {
	var value T
	v := reflect.ValueOf(&value).Elem()
	for _, f := range fieldsOf(v.Type()).list {
		r.parameter(inPath, f.name, r.params[f.name], v.FieldByIndex(f.index))
	}
	if len(r.found.list) == 0 && !r.absent {
		checkShape(inPath, value, &r.found)
	}
	r.sources = append(r.sources, source{inPath, v.Type()})
	return value
}

// query decodes the parameters of the query; each may be there once.
func query[T any](r *request) T {
	var value T
	v := reflect.ValueOf(&value).Elem()
	fields := fieldsOf(v.Type())
	values := r.parseQuery()
	for _, name := range slices.Sorted(maps.Keys(values)) {
		f, known := fields.byName[name]
		switch {
		case !known:
			r.unknownParameter(name)
		case len(values[name]) > 1:
			r.found.add(inQuery, name, "parameter-dubbel", "Geef deze parameter één keer.")
		case values[name][0] == "":
			r.found.add(inQuery, name, "parameter-leeg", "Geef deze parameter een waarde, of laat haar weg.")
		default:
			r.parameter(inQuery, name, values[name][0], v.FieldByIndex(f.index))
		}
	}
	for _, f := range fields.list {
		if f.required && len(values[f.name]) == 0 {
			r.found.add(inQuery, f.name, "verplicht", "Deze parameter is verplicht.")
		}
	}
	if !slices.ContainsFunc(r.found.list, func(f finding) bool { return f.In == inQuery }) {
		checkShape(inQuery, value, &r.found)
	}
	r.queried = true
	r.sources = append(r.sources, source{inQuery, v.Type()})
	return value
}

func (r *request) unknownParameter(name string) {
	r.found.add(inQuery, cut(name), "parameter-onbekend", "Deze parameter bestaat niet.")
}

// refused is why the request cannot go on, after everything was decoded. It
// comes before any use case, so nothing is half-done.
func (r *request) refused() error {
	if !r.queried && r.event.RawQueryString != "" {
		for _, name := range slices.Sorted(maps.Keys(r.parseQuery())) {
			r.unknownParameter(name)
		}
	}
	if err := r.found.err(); err != nil {
		return err
	}
	if r.absent {
		return notFound()
	}
	return nil
}

// answer represents a value as JSON.
func (r *request) answer(status int, value any) (*response, error) {
	var content bytes.Buffer
	encoder := json.NewEncoder(&content)
	encoder.SetEscapeHTML(false) // a bouwblok reads "< 2 jaar"
	if err := encoder.Encode(value); err != nil {
		return nil, err
	}
	return &response{status: status, mediaType: mediaJSON, body: content.Bytes()}, nil
}

// page represents something as a page for people, under the policy that lets it
// have its own style sheet and nothing else.
func (r *request) page(write func(io.Writer) error) (*response, error) {
	var content bytes.Buffer
	if err := write(&content); err != nil {
		return nil, err
	}
	answer := &response{status: http.StatusOK, mediaType: mediaHTML + charset, body: content.Bytes()}
	return answer.set("Content-Security-Policy", present.ContentSecurityPolicy()), nil
}

// versioned represents a value with its ETag.
func (r *request) versioned(status, version int, value any) (*response, error) {
	answer, err := r.answer(status, value)
	if err != nil {
		return nil, err
	}
	return answer.versioned(version), nil
}

// created represents a new thing, its ETag and where it is.
func (r *request) created(location string, version int, value any) (*response, error) {
	answer, err := r.versioned(http.StatusCreated, version, value)
	if err != nil {
		return nil, err
	}
	r.object = location
	return answer.set("Location", location), nil
}

// put represents what a PUT saved.
func (r *request) put(isNew bool, location string, version int, value any) (*response, error) {
	if isNew {
		return r.created(location, version, value)
	}
	return r.versioned(http.StatusOK, version, value)
}

// written is the answer as the gateway takes it. Bodies are UTF-8 text.
func written(answer *response) events.APIGatewayV2HTTPResponse {
	if answer.mediaType != "" {
		answer.set("Content-Type", answer.mediaType)
	}
	return events.APIGatewayV2HTTPResponse{StatusCode: answer.status, Headers: answer.headers, Body: string(answer.body)}
}
