// SPDX-License-Identifier: EUPL-1.2

package host_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"socialreturn/infra/local/demo"
	"socialreturn/infra/local/host"
	"socialreturn/infra/local/issuer"
)

const scopes = "socialreturn:lezen socialreturn:schrijven"

// auditor may read everything of the demo's municipality.
var auditor = issuer.Claims{Subject: "proef-auditor", Role: "auditor", Authorities: []string{demo.Authority}, Scope: scopes}

// clock is the house's time, as a test sets it.
type clock struct{ at atomic.Pointer[time.Time] }

func newClock(at time.Time) *clock {
	c := &clock{}
	c.set(at)
	return c
}

func (c *clock) set(at time.Time) { c.at.Store(&at) }
func (c *clock) now() time.Time   { return *c.at.Load() }

// house is a running house with a test around it.
type house struct {
	*host.Host
	t     *testing.T
	clock *clock
}

// open starts a house; with a data folder it has a log and stays.
func open(t *testing.T, data string, c *clock) *house {
	t.Helper()
	h, err := host.Start(t.Context(), host.Options{Data: data, Now: c.now, Reader: auditor})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.Stop)
	return &house{h, t, c}
}

// idle waits until the figures have everything, for two minutes at most.
func (h *house) idle() {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(h.t.Context(), 2*time.Minute)
	defer cancel()
	if err := h.Idle(ctx); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) token(claims issuer.Claims) (string, error) {
	return h.Issuer.Token(claims, time.Hour)
}

// reply is an answer of the house.
type reply struct {
	status int
	etag   string
	body   []byte
}

// send sends a request; a body is sent as JSON of the given media type.
func (h *house) send(who issuer.Claims, method, path string, body any, headers map[string]string) reply {
	h.t.Helper()
	var content bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&content).Encode(body); err != nil {
			h.t.Fatal(err)
		}
	}
	request, err := http.NewRequestWithContext(h.t.Context(), method, h.URL+path, &content)
	if err != nil {
		h.t.Fatal(err)
	}
	token, err := h.token(who)
	if err != nil {
		h.t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	for name, value := range headers {
		request.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		h.t.Fatal(err)
	}
	answered, err := io.ReadAll(response.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	if err := response.Body.Close(); err != nil {
		h.t.Fatal(err)
	}
	return reply{response.StatusCode, response.Header.Get("ETag"), answered}
}

// get reads a resource into a value.
func (h *house) get(who issuer.Claims, path string, into any) reply {
	h.t.Helper()
	got := h.send(who, http.MethodGet, path, nil, nil)
	if got.status != http.StatusOK {
		h.t.Fatalf("GET %s: %d %s", path, got.status, got.body)
	}
	if err := json.Unmarshal(got.body, into); err != nil {
		h.t.Fatalf("GET %s: %v", path, err)
	}
	return got
}

// report is the yearly report as the tests read it.
type report struct {
	Huidig, Vorig struct {
		TeBeoordelen int
		Definitief   bool
	}
	Herzien      bool
	NaAfsluiting struct {
		Aantal   int
		Mutaties []struct{ Soort, Periode, Reden, Link string }
	}
	Rijen []row
}

type row struct {
	Code                                        string
	Huidig, Vorig, VorigOpDezelfdeDag, Verschil figure
	Oordeel                                     string
	// of a closed year
	Vastgesteld, VorigHerzien figure
}

type figure struct {
	Stand, Waarde, Exact, Voorbehoud string
	Geteld                           *struct{ Deel, Geheel int64 }
}

// row finds a row by its code.
func (r report) row(t *testing.T, code string) row {
	t.Helper()
	for _, row := range r.Rijen {
		if row.Code == code {
			return row
		}
	}
	t.Fatalf("the report has no row %s", code)
	return row{}
}
