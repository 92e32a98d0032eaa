// SPDX-License-Identifier: EUPL-1.2

// Package runtimeapi runs the very bootstrap that ships to the cloud: it
// serves the Lambda Runtime API to the program and hands it events.
package runtimeapi

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"socialreturn/infra/local/child"
)

const (
	// MaximumPayload bounds an answer in bytes.
	MaximumPayload = 6 << 20

	prefix      = "/2018-06-01/runtime/invocation/"
	patience    = 100 * time.Millisecond // between asking a function to end and killing it
	noDeadline  = time.Minute            // for a call whose context has none
	requestID   = "Lambda-Runtime-Aws-Request-Id"
	deadlineMS  = "Lambda-Runtime-Deadline-Ms"
	functionARN = "Lambda-Runtime-Invoked-Function-Arn"
)

// FunctionError is what the function itself answered to an event that it could
// not handle.
type FunctionError struct {
	Message string `json:"errorMessage"`
	Type    string `json:"errorType"`
}

// Error is the message with its type.
func (e *FunctionError) Error() string { return e.Type + ": " + e.Message }

// ErrTooLarge reports an answer of more than MaximumPayload bytes.
var ErrTooLarge = errors.New("runtimeapi: antwoord te groot")

// Function is a running bootstrap. It handles one event at a time.
type Function struct {
	process *child.Process
	server  *http.Server
	queue   chan *invocation
	current atomic.Pointer[invocation] // handed out by next and not answered yet
	turn    chan struct{}
}

type invocation struct {
	id       string
	event    []byte
	deadline time.Time
	done     chan outcome
}

type outcome struct {
	answer []byte
	err    error
}

// Start runs the bootstrap with exactly this environment ("NAME=value") and
// what Lambda itself adds.
func Start(bootstrap string, environment []string) (*Function, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("runtimeapi: %w", err)
	}
	f := &Function{queue: make(chan *invocation), turn: make(chan struct{}, 1)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+prefix+"next", f.next)
	mux.HandleFunc("POST "+prefix+"{id}/response", f.response)
	mux.HandleFunc("POST "+prefix+"{id}/error", f.failure)
	f.server = &http.Server{Handler: mux, ReadHeaderTimeout: time.Minute}
	go func() { _ = f.server.Serve(listener) }() // ends with Stop

	added := []string{
		"AWS_LAMBDA_RUNTIME_API=" + listener.Addr().String(), "AWS_LAMBDA_FUNCTION_NAME=local",
		"AWS_LAMBDA_FUNCTION_VERSION=$LATEST", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE=512", "_HANDLER=bootstrap",
	}
	f.process, err = child.Start(bootstrap, nil, append(added, environment...))
	if err != nil {
		_ = f.server.Close()
		return nil, fmt.Errorf("runtimeapi: %w", err)
	}
	return f, nil
}

// Invoke hands an event to the function and returns its answer. Its error is a
// *FunctionError, ErrTooLarge, or tells how the program ended. As in Lambda, a
// function that is not done when the context ends is stopped.
func (f *Function) Invoke(ctx context.Context, event []byte) ([]byte, error) {
	deadline, bounded := ctx.Deadline()
	if !bounded {
		deadline = time.Now().Add(noDeadline)
	}
	ctx, cancel := context.WithDeadline(ctx, deadline)
	defer cancel()
	select {
	case f.turn <- struct{}{}:
		defer func() { <-f.turn }()
	case <-ctx.Done():
		return nil, fmt.Errorf("runtimeapi: %w", ctx.Err())
	}
	call := &invocation{id: rand.Text(), event: event, deadline: deadline, done: make(chan outcome, 1)}
	queue := f.queue
	for {
		select {
		case queue <- call:
			queue = nil
		case done := <-call.done:
			return done.answer, done.err
		case <-f.process.Done():
			return nil, fmt.Errorf("runtimeapi: %w", f.process.Ended())
		case <-ctx.Done():
			f.Stop()
			return nil, fmt.Errorf("runtimeapi: %w", ctx.Err())
		}
	}
}

// Stop ends the function. It may be called more than once.
func (f *Function) Stop() {
	f.process.Stop(patience)
	_ = f.server.Close() // has no connection left to lose
}

// Logs is what the function has printed so far.
func (f *Function) Logs() string { return f.process.Output() }

func (f *Function) next(w http.ResponseWriter, r *http.Request) {
	var call *invocation
	select {
	case call = <-f.queue:
	case <-r.Context().Done():
		return
	}
	f.current.Store(call)
	header := w.Header()
	header.Set("Content-Type", "application/json")
	header.Set(requestID, call.id)
	header.Set(deadlineMS, strconv.FormatInt(call.deadline.UnixMilli(), 10))
	header.Set(functionARN, "arn:aws:lambda:eu-central-1:000000000000:function:local")
	_, _ = w.Write(call.event) // fails only when the function has ended
}

func (f *Function) response(w http.ResponseWriter, r *http.Request) {
	answer, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaximumPayload))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		f.settle(w, r, http.StatusRequestEntityTooLarge, outcome{err: ErrTooLarge})
		return
	}
	f.settle(w, r, http.StatusAccepted, outcome{answer, err})
}

func (f *Function) failure(w http.ResponseWriter, r *http.Request) {
	fault := new(FunctionError)
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, MaximumPayload)).Decode(fault); err != nil {
		fault = &FunctionError{Message: err.Error(), Type: "Runtime.UnreadableError"}
	}
	f.settle(w, r, http.StatusAccepted, outcome{err: fault})
}

// settle ends the current invocation, unless the function answers another.
func (f *Function) settle(w http.ResponseWriter, r *http.Request, status int, result outcome) {
	call := f.current.Load()
	if call == nil || r.PathValue("id") != call.id || !f.current.CompareAndSwap(call, nil) {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	call.done <- result
	w.WriteHeader(status)
}
