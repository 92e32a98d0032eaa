// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"
)

// NewLog is a log of one JSON line per request, with these fields and no
// others: tijdstip, actie, object, resultaat, herkomst, actor, traceId, status,
// and oorzaak where the fault is ours. Never a name, a date of birth, a token,
// a payload or a query string. Now is the clock of tijdstip.
func NewLog(w io.Writer, now func() time.Time) *slog.Logger {
	return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		switch a.Key {
		case slog.TimeKey:
			return slog.Time("tijdstip", now().UTC())
		case slog.LevelKey, slog.MessageKey:
			return slog.Attr{}
		}
		return a
	}}))
}

// identifiers are the forms, by parameter, of what may stand in a log: ids of
// ours, those of authorities and areas, numbers and periods. Whatever else
// stands in a path could be anything.
var identifiers = map[string]form{
	"id":      formOf(`^([a-z2-7]{24}|([0-9]{8}|[0-9]{20})(-[0-9]{4})?)$`),
	"nummer":  formOf(`^[0-9]{1,4}$`),
	"jaar":    formOf(`^[0-9]{4}$`),
	"periode": formOf(shapes["figureDate"].pattern),
	"gebied":  formOf(shapes["area"].pattern),
}

// authorities are the paths of which the id is, or begins with, a number that
// the authority has in public.
var authorities = []string{"/v1/opdrachtgevers/", "/v1/jaarafsluitingen/"}

var objectsOwn = formOf(`^[a-z2-7]{24}$`)

// objectOf is the path of what a request is about, as far as a log may know it.
func objectOf(pattern string, params map[string]string) string {
	for name, value := range params {
		form, known := identifiers[name]
		if name == "id" && !slices.ContainsFunc(authorities, func(path string) bool { return strings.HasPrefix(pattern, path) }) {
			form = objectsOwn
		}
		if known && form.MatchString(value) {
			pattern = strings.ReplaceAll(pattern, "{"+name+"}", value)
		}
	}
	return pattern
}

// log writes the line of a request that was answered.
func (r *request) log(status int, err error) {
	act, object := "onbekend", "onbekend"
	if r.route != nil {
		act, object = r.route.act, r.object
	}
	if object == "" {
		object = objectOf(r.route.pattern, r.params)
	}
	fields := []slog.Attr{
		slog.String("actie", act),
		slog.String("object", object),
		slog.String("resultaat", outcome(status)),
		slog.String("herkomst", r.event.RequestContext.HTTP.SourceIP),
		slog.String("actor", r.actorInLog()),
		slog.String("traceId", r.traceID),
		slog.Int("status", status),
	}
	if status >= http.StatusInternalServerError && err != nil {
		fields = append(fields, slog.String("oorzaak", err.Error()))
	}
	r.Log.LogAttrs(r.ctx, slog.LevelInfo, "", fields...)
}

func (r *request) actorInLog() string {
	if r.call.Actor.ID == "" {
		return "onbekend"
	}
	return dictionary[roleType].dutch[string(r.call.Actor.Role)] + ":" + r.call.Actor.ID
}

func outcome(status int) string {
	switch {
	case status < http.StatusBadRequest:
		return "gelukt"
	case status < http.StatusInternalServerError:
		return "geweigerd"
	}
	return "mislukt"
}
