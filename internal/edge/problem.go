// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"socialreturn/internal/app"
)

const (
	problemType       = "application/problem+json"
	statusInvalid     = http.StatusBadRequest // never 422: that is for a key that came before
	retryAfterSeconds = "2"
)

// problem is a refusal or failure as RFC 9457 has it, with everything that is
// wrong with the input at once.
type problem struct {
	Type    string    `json:"type"`
	Title   string    `json:"title"`
	Status  int       `json:"status"`
	Detail  string    `json:"detail"`
	Code    string    `json:"code"`
	TraceID string    `json:"traceId"`
	Errors  []finding `json:"errors,omitempty"`
}

// refusal is an error that the transport itself gives.
type refusal struct {
	status  int
	code    string
	detail  string
	headers map[string]string
	found   []finding
}

func (r *refusal) Error() string { return r.code }

func (r *refusal) with(header, value string) *refusal {
	r.headers = map[string]string{header: value}
	return r
}

func refuse(status int, code, detail string) *refusal {
	return &refusal{status: status, code: code, detail: detail}
}

func notFound() *refusal {
	return refuse(http.StatusNotFound, "niet-gevonden", "Dit bestaat niet, of u mag het niet inzien.")
}

// statuses is what each kind of error means in HTTP.
var statuses = map[app.Kind]int{
	app.Invalid:     statusInvalid,
	app.Absent:      http.StatusNotFound,
	app.Forbidden:   http.StatusForbidden,
	app.Conflict:    http.StatusConflict,
	app.Stale:       http.StatusPreconditionFailed,
	app.Unmatched:   http.StatusPreconditionRequired,
	app.KeyReused:   http.StatusUnprocessableEntity,
	app.Unavailable: http.StatusServiceUnavailable,
}

var titles = map[int]string{
	http.StatusBadRequest:            "Ongeldige aanvraag",
	http.StatusUnauthorized:          "Niet aangemeld",
	http.StatusForbidden:             "Niet toegestaan",
	http.StatusNotFound:              "Niet gevonden",
	http.StatusMethodNotAllowed:      "Methode niet toegestaan",
	http.StatusNotAcceptable:         "Geen passende vorm",
	http.StatusConflict:              "Kan nu niet",
	http.StatusPreconditionFailed:    "Verouderde versie",
	http.StatusRequestEntityTooLarge: "Te groot",
	http.StatusUnsupportedMediaType:  "Onbekend soort inhoud",
	http.StatusUnprocessableEntity:   "Sleutel al gebruikt",
	http.StatusPreconditionRequired:  "Versie ontbreekt",
	http.StatusInternalServerError:   "Interne fout",
	http.StatusServiceUnavailable:    "Even niet beschikbaar",
}

// refusalOf says what the caller may know of an error. An error without a kind
// is internal: its text stays inside.
func (r *request) refusalOf(err error) *refusal {
	if own, ok := errors.AsType[*refusal](err); ok {
		return own
	}
	known, ok := errors.AsType[*app.Error](err)
	switch {
	case ok:
		answer := refuse(statuses[known.Kind], known.Code, known.Detail)
		answer.found = r.located(known.Faults)
		if known.Kind == app.Unavailable {
			return answer.with("Retry-After", retryAfterSeconds)
		}
		return answer
	case isUnverifiable(err):
		return refuse(http.StatusServiceUnavailable, "aanmelden-niet-mogelijk", "Uw token kan nu niet worden gecontroleerd. Probeer het zo nog eens.").
			with("Retry-After", retryAfterSeconds)
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, app.ErrBusy):
		return refuse(http.StatusServiceUnavailable, "te-druk", "Het lukt nu niet op tijd. Probeer het zo nog eens.").
			with("Retry-After", retryAfterSeconds)
	}
	return refuse(http.StatusInternalServerError, "interne-fout", "Er ging iets mis. Meld ons het traceId als het blijft gebeuren.")
}

// located says where in what was sent the faults of a use case are. The
// parameters come first: a fault that none of them has is the body's.
func (r *request) located(faults []app.Fault) []finding {
	var found findings
	for _, fault := range faults {
		in, location := r.locate(fault.Field)
		found.add(in, location, codeOf(fault.Code, ruleCodes), fault.Detail)
	}
	return found.list
}

func (r *request) locate(path string) (in, location string) {
	if r.relocate != nil {
		if in, location, path = r.relocate(path); in != "" {
			return in, location
		}
	}
	for _, source := range r.sources {
		if wire := wirePath(source.shape, path); wire != "" {
			if source.in != inBody {
				wire = strings.TrimPrefix(wire, "/")
			}
			return source.in, wire
		}
	}
	return inBody, ""
}

// problemAnswer writes a refusal as a problem document.
func problemAnswer(refused *refusal, traceID string) *response {
	body, err := json.Marshal(problem{
		Type: "about:blank", Title: titles[refused.status], Status: refused.status,
		Detail: refused.detail, Code: refused.code, TraceID: traceID, Errors: refused.found,
	})
	if err != nil {
		panic(err) // texts always have JSON
	}
	answer := &response{status: refused.status, mediaType: problemType, body: body}
	for header, value := range refused.headers {
		answer.set(header, value)
	}
	return answer
}
