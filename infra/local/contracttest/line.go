// SPDX-License-Identifier: EUPL-1.2

package contracttest

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
)

// Line is a transport that holds every answer of the API that passes against
// the contract, and remembers what was wrong.
type Line struct {
	contract *Contract
	next     http.RoundTripper

	mutex   sync.Mutex
	checked int
	faults  []string
}

// NewLine puts a line in front of another transport.
func NewLine(contract *Contract, next http.RoundTripper) *Line {
	return &Line{contract: contract, next: next}
}

// RoundTrip passes a request on. The answer passes too, whatever is wrong with it.
func (l *Line) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := l.next.RoundTrip(request)
	if err != nil || !strings.HasPrefix(request.URL.Path, prefix+"/") {
		return response, err
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	if err := response.Body.Close(); err != nil {
		return nil, err
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	err = l.contract.Check(Answer{
		Method: request.Method, Path: request.URL.EscapedPath(), Status: response.StatusCode, Header: response.Header, Body: body,
	})
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.checked++
	if err != nil {
		l.faults = append(l.faults, err.Error())
	}
	return response, nil
}

// Faults are how many answers were held against the contract, and what was wrong.
func (l *Line) Faults() (checked int, faults []string) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.checked, l.faults
}

// Main runs the tests of a package with a line inside http.DefaultTransport, for
// plain HTTP: no answer of the API gets past the contract, whoever asks. It does
// not return. (The default stays the *http.Transport that others clone.)
func Main(m *testing.M, document []byte) {
	contract, err := Parse(document)
	standard, ok := http.DefaultTransport.(*http.Transport)
	if err != nil || !ok {
		fmt.Fprintf(os.Stderr, "no line: %v, default transport %T\n", err, http.DefaultTransport)
		os.Exit(1)
	}
	line := NewLine(contract, standard.Clone())
	standard.RegisterProtocol("http", line)
	code := m.Run()
	checked, faults := line.Faults()
	fmt.Fprintf(os.Stderr, "%d answers were held against the contract\n", checked)
	for _, fault := range faults {
		fmt.Fprintln(os.Stderr, "not as the contract says:", fault)
		code = 1
	}
	os.Exit(code)
}
