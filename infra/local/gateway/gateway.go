// SPDX-License-Identifier: EUPL-1.2

// Package gateway answers HTTP as an API Gateway HTTP API does: it turns each
// request into an event of payload format 2.0, calls the function that the
// route names, and turns the function's answer into an HTTP response.
package gateway

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/textproto"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"socialreturn/infra/local/template"
)

const (
	// MaximumPayload bounds the body of an event and of an answer, in bytes as
	// they stand in the JSON: after base64.
	MaximumPayload = 6 << 20
	// Deadline is how long the gateway waits for a function.
	Deadline = 30 * time.Second
)

// Handler is a function behind a route.
type Handler = func(ctx context.Context, event events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error)

// Gateway is an http.Handler that needs no ServeMux around it: that would
// redirect a path such as //v1, which API Gateway does not.
type Gateway struct {
	routes routes
	now    func() time.Time
	log    *slog.Logger
}

// New mounts handlers, by name of the function, behind the routes. Its error
// names every route without a function and a missing default route.
func New(declared []template.Route, handlers map[string]Handler, now func() time.Time, log *slog.Logger) (*Gateway, error) {
	mounted, err := mount(declared, handlers)
	if err != nil {
		return nil, err
	}
	return &Gateway{routes: mounted, now: now, log: log}, nil
}

// ServeHTTP answers one request.
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	route, parameters := g.routes.find(r.Method, r.URL.EscapedPath())
	body, isBase64, err := readBody(w, r)
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		refuse(w, http.StatusRequestEntityTooLarge, "Request Too Long")
		return
	}
	if err != nil {
		refuse(w, http.StatusBadRequest, "Bad Request")
		return
	}
	event := newEvent(r, g.now())
	event.RouteKey, event.RequestContext.RouteKey = route.key, route.key
	event.PathParameters = parameters
	event.Body, event.IsBase64Encoded = body, isBase64

	// As in the cloud, a function runs on when its client leaves.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), Deadline)
	defer cancel()
	answer, err := call(ctx, route.handler, event)
	var content []byte
	if err == nil {
		content, err = decode(answer)
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		g.log.Error("function too slow", "function", route.function, "requestId", event.RequestContext.RequestID)
		refuse(w, http.StatusServiceUnavailable, "Service Unavailable")
	case err != nil:
		g.log.Error("function failed", "function", route.function, "requestId", event.RequestContext.RequestID, "error", err)
		refuse(w, http.StatusInternalServerError, "Internal Server Error")
	default:
		write(w, answer, content)
	}
}

// call runs the handler as Lambda would: a panic is an error, and one that is
// not done in time is left behind with its context cancelled.
func call(ctx context.Context, handler Handler, event events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
	type outcome struct {
		answer events.APIGatewayV2HTTPResponse
		err    error
	}
	done := make(chan outcome, 1)
	ctx = lambdacontext.NewContext(ctx, &lambdacontext.LambdaContext{AwsRequestID: event.RequestContext.RequestID})
	go func() {
		var o outcome
		defer func() {
			if reason := recover(); reason != nil {
				o.err = fmt.Errorf("panic: %v", reason)
			}
			done <- o
		}()
		o.answer, o.err = handler(ctx, event)
	}()
	select {
	case o := <-done:
		return o.answer, o.err
	case <-ctx.Done():
		return events.APIGatewayV2HTTPResponse{}, ctx.Err()
	}
}

// decode is the body of an answer that API Gateway would accept.
func decode(answer events.APIGatewayV2HTTPResponse) ([]byte, error) {
	if answer.StatusCode < 200 || answer.StatusCode > 599 {
		return nil, fmt.Errorf("gateway: status %d", answer.StatusCode)
	}
	if len(answer.Body) > MaximumPayload {
		return nil, fmt.Errorf("gateway: answer of %d bytes, more than %d", len(answer.Body), MaximumPayload)
	}
	if !answer.IsBase64Encoded {
		return []byte(answer.Body), nil
	}
	content, err := base64.StdEncoding.DecodeString(answer.Body)
	if err != nil {
		return nil, fmt.Errorf("gateway: answer is no base64: %w", err)
	}
	return content, nil
}

func write(w http.ResponseWriter, answer events.APIGatewayV2HTTPResponse, content []byte) {
	header := w.Header()
	for name, value := range answer.Headers {
		header.Set(textproto.TrimString(name), value)
	}
	for _, cookie := range answer.Cookies {
		header.Add("Set-Cookie", cookie)
	}
	if header.Get("Content-Type") == "" && len(content) > 0 {
		header.Set("Content-Type", "text/plain;charset=UTF-8")
	}
	header.Del("Content-Length") // counted here, whatever the function says
	w.WriteHeader(answer.StatusCode)
	_, _ = w.Write(content) //nolint:gosec // G705: what the function made of it; fails only when the client has left
}

func refuse(w http.ResponseWriter, status int, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, `{"message":"`+message+`"}`) // fails only when the client has left
}
