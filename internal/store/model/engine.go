// SPDX-License-Identifier: EUPL-1.2

package model

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Options of an engine.
type Options struct {
	// Now is the clock: it dates changes and ends the life of request tokens. It
	// must be that of the bubble where there is one. Required.
	Now func() time.Time
	// Faults decides what happens to each call; nil lets all pass.
	Faults Faults
	// InTurn carries out one call at a time, each at a moment of its own, in an
	// order that is the same each time: for a bubble of testing/synctest, whose
	// clock moves on only when everybody waits. A call takes two nanoseconds of
	// that clock, or a few more. Callers that may call at the same moment need
	// names, see WithCaller.
	InTurn bool
}

// Engine is an in-memory DynamoDB behind http.RoundTripper. It has no goroutines
// of its own and keeps no time but that of its clock.
type Engine struct {
	options Options

	mutex    sync.Mutex
	calls    int
	tables   map[string]*table
	tokens   map[string]transaction
	late     []late
	arrivals []*arrival
	moments  map[int64]bool // taken, in nanoseconds since 1970
}

// late is a call that its caller has given up.
type late struct {
	call Call
	due  time.Time
}

// New is an engine without tables.
func New(options Options) *Engine {
	return &Engine{
		options: options, tables: make(map[string]*table), tokens: make(map[string]transaction), moments: make(map[int64]bool),
	}
}

func (e *Engine) now() time.Time { return e.options.Now() }

// operation carries out a request, given its body.
type operation func(e *Engine, body []byte, fate Fate) (any, error)

var operations = map[string]operation{
	"BatchGetItem":       on((*Engine).batchGetItem),
	"BatchWriteItem":     on((*Engine).batchWriteItem),
	"CreateTable":        on((*Engine).createTable),
	"DeleteTable":        on((*Engine).deleteTable),
	"DescribeTable":      on((*Engine).describeTable),
	"DescribeTimeToLive": on((*Engine).describeTimeToLive),
	"GetItem":            on((*Engine).getItem),
	"PutItem":            on((*Engine).putItem),
	"Query":              on((*Engine).query),
	"Scan":               on((*Engine).scan),
	"TransactWriteItems": on((*Engine).transactWriteItems),
	"UpdateTimeToLive":   on((*Engine).updateTimeToLive),
}

// on reads the request of an operation. What the operation does not know is
// refused, not ignored.
func on[Request any](carryOut func(*Engine, Request, Fate) (any, error)) operation {
	return func(e *Engine, body []byte, fate Fate) (any, error) {
		var in Request
		decoder := json.NewDecoder(bytes.NewReader(body))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&in); err != nil {
			return nil, unknown("%v", err)
		}
		return carryOut(e, in, fate)
	}
}

const target = "DynamoDB_20120810."

// RoundTrip answers a request as DynamoDB does. Its error is that of a
// connection, or the context's.
func (e *Engine) RoundTrip(request *http.Request) (*http.Response, error) {
	body, err := read(request.Body)
	if err != nil {
		return nil, err
	}
	ctx := request.Context()
	call := Call{Caller: callerOf(ctx), Operation: strings.TrimPrefix(request.Header.Get("X-Amz-Target"), target), Body: body}
	fate, err := e.admit(ctx, call)
	if err != nil {
		return nil, err
	}
	answer := e.answer(call, fate)
	if err := e.linger(ctx, call, fate.Lag); err != nil {
		return nil, err
	}
	switch fate.Fault {
	case Reset, Lost, Late:
		return nil, &net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", syscall.ECONNRESET)}
	case Truncated:
		answer.body = answer.body[:len(answer.body)/2]
	}
	return answer.response(request), nil
}

// read reads a body, where there is one, and closes it.
func read(body io.ReadCloser) ([]byte, error) {
	if body == nil {
		return nil, nil
	}
	content, err := io.ReadAll(body)
	return content, errors.Join(err, body.Close())
}

// answer is what is sent back.
type answer struct {
	status int
	kind   string // of content
	body   []byte
	sum    uint32 // CRC-32 of the whole body
	length int    // of the whole body
}

// answer carries out a call, and first of all those that came late.
func (e *Engine) answer(call Call, fate Fate) answer {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	e.catchUp()
	switch fate.Fault {
	case Throughput, Throttling:
		return encoded(http.StatusBadRequest, fate.Fault.refusal())
	case ServerError:
		return encoded(http.StatusInternalServerError, fate.Fault.refusal())
	case Unavailable:
		return encoded(http.StatusServiceUnavailable, fate.Fault.refusal())
	case BadGateway:
		return plain(http.StatusBadGateway, "text/html", "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>\n")
	case Timeout:
		return plain(http.StatusGatewayTimeout, "text/plain", "upstream request timeout\n")
	case Reset:
		return answer{}
	case Late:
		e.late = append(e.late, late{call, e.now().Add(fate.Delay)})
		return answer{}
	}
	return e.carryOut(call, fate)
}

// catchUp carries out what is late and due by now, in the order of its moments.
func (e *Engine) catchUp() {
	now := e.now()
	slices.SortStableFunc(e.late, func(a, b late) int { return a.due.Compare(b.due) })
	for len(e.late) > 0 && !e.late[0].due.After(now) {
		call := e.late[0].call
		e.late = e.late[1:]
		e.carryOut(call, Fate{}) // nobody hears the answer
	}
}

func (e *Engine) carryOut(call Call, fate Fate) answer {
	do, exists := operations[call.Operation]
	if !exists {
		return encoded(http.StatusBadRequest, &refusal{Type: "com.amazon.coral.service#UnknownOperationException", Message: "not in the model: " + call.Operation})
	}
	out, err := do(e, call.Body, fate)
	var refused *refusal
	switch {
	case errors.As(err, &refused):
		return encoded(refused.status, refused)
	case err != nil:
		return encoded(http.StatusInternalServerError, &refusal{Type: ofService + string(ServerError), Message: err.Error()})
	}
	return encoded(http.StatusOK, out)
}

// refusal is the fault where it is an answer of DynamoDB.
func (f Fault) refusal() *refusal {
	switch f {
	case Throttling:
		return &refusal{Type: ofTransport + string(f), Message: "Rate of requests exceeds the allowed throughput."}
	case Unavailable:
		return &refusal{Type: ofTransport + string(f) + "Exception", Message: "The service is currently unavailable or busy."}
	case ServerError:
		return &refusal{Type: ofService + string(f), Message: "The request could not be processed because of an internal server error."}
	}
	return refuse(string(f), "The level of configured provisioned throughput for the table was exceeded.")
}

func encoded(status int, out any) answer {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(out); err != nil {
		return plain(http.StatusInternalServerError, "text/plain", err.Error())
	}
	return sealed(answer{status: status, kind: "application/x-amz-json-1.0", body: bytes.TrimSuffix(buffer.Bytes(), []byte("\n"))})
}

func plain(status int, kind, text string) answer {
	return sealed(answer{status: status, kind: kind, body: []byte(text)})
}

func sealed(a answer) answer {
	a.sum, a.length = crc32.ChecksumIEEE(a.body), len(a.body)
	return a
}

// response is the answer on the wire. A body that is shorter than it should be
// ends in an error, as from a connection that breaks.
func (a answer) response(request *http.Request) *http.Response {
	var body io.Reader = bytes.NewReader(a.body)
	if len(a.body) < a.length {
		body = io.MultiReader(body, broken{})
	}
	return &http.Response{
		StatusCode: a.status, Status: fmt.Sprintf("%d %s", a.status, http.StatusText(a.status)),
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{
			"Content-Type":   {a.kind},
			"Content-Length": {strconv.Itoa(a.length)},
			"X-Amz-Crc32":    {strconv.FormatUint(uint64(a.sum), 10)},
		},
		ContentLength: int64(a.length), Body: io.NopCloser(body), Request: request,
	}
}

// broken is where a body breaks off.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
