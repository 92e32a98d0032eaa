// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"
)

const (
	refetchAfter = time.Minute
	emptyAfter   = 5 * time.Second // where there is no answer at all yet
	maxKeysBytes = 1 << 20
)

// onceAMinute is a transport that asks each address at most once a minute, and
// answers from memory in between and when the other side is out; one that never
// answered is asked again sooner. So a token
// with an unknown key makes the key set be fetched anew, but a flood of them
// does not.
type onceAMinute struct {
	next http.RoundTripper
	now  func() time.Time

	mutex sync.Mutex
	last  map[string]*fetched
}

// fetched is what an address last gave.
type fetched struct {
	asked time.Time
	body  []byte // of the last good answer
	kind  string
	err   error // where there never was one
}

var errIssuer = errors.New("edge: the issuer answers otherwise than with 200")

func newOnceAMinute(next http.RoundTripper, now func() time.Time) *onceAMinute {
	if next == nil {
		next = http.DefaultTransport
	}
	return &onceAMinute{next: next, now: now, last: map[string]*fetched{}}
}

// RoundTrip answers from the network or from memory.
func (o *onceAMinute) RoundTrip(request *http.Request) (*http.Response, error) {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	address := request.URL.String()
	known := o.last[address]
	if known == nil {
		known = &fetched{}
		o.last[address] = known
	}
	patience := refetchAfter
	if known.body == nil {
		patience = emptyAfter
	}
	if now := o.now(); known.asked.IsZero() || now.Sub(known.asked) >= patience {
		known.asked = now
		body, kind, err := o.fetch(request)
		if err == nil {
			known.body, known.kind = body, kind
		}
		known.err = err
	}
	if known.body == nil {
		return nil, known.err
	}
	return &http.Response{
		Status: "200 OK", StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header:  http.Header{"Content-Type": {known.kind}},
		Body:    io.NopCloser(bytes.NewReader(known.body)),
		Request: request, ContentLength: int64(len(known.body)),
	}, nil
}

func (o *onceAMinute) fetch(request *http.Request) (body []byte, kind string, err error) {
	answer, err := o.next.RoundTrip(request)
	if err != nil {
		return nil, "", err
	}
	defer func() { err = errors.Join(err, answer.Body.Close()) }()
	if answer.StatusCode != http.StatusOK {
		return nil, "", errIssuer
	}
	body, err = io.ReadAll(io.LimitReader(answer.Body, maxKeysBytes))
	return body, answer.Header.Get("Content-Type"), err
}
