// SPDX-License-Identifier: EUPL-1.2

package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"socialreturn/infra/local/issuer"
)

const (
	mediaJSON  = "application/json"
	mediaPatch = "application/merge-patch+json"
	mediaXML   = "application/xml"

	maxAnswer = 8 << 20 // bytes; the largest answer here is a statement of some forty lines
	patience  = 30 * time.Second
)

// client speaks HTTP with the house, as any other client would.
type client struct {
	address string
	sign    func(claims issuer.Claims) (string, error)
	http    http.Client
}

func newClient(address string, sign func(issuer.Claims) (string, error)) *client {
	return &client{address: address, sign: sign, http: http.Client{Timeout: patience}}
}

// ask is one request.
type ask struct {
	who    issuer.Claims
	method string
	path   string
	body   any    // encoded as JSON, unless it is []byte; nil sends none
	media  string // of the body; JSON where it is empty
	key    string // Idempotency-Key
	match  string // If-Match
}

// answer is what came back.
type answer struct {
	etag string
	body []byte
}

// into decodes the answer.
func (a answer) into(value any) error {
	if err := json.Unmarshal(a.body, value); err != nil {
		return fmt.Errorf("het antwoord is onleesbaar: %w", err)
	}
	return nil
}

// refused is an answer that is no success, with its whole problem document.
type refused struct {
	request string
	status  int
	problem string
}

func (r *refused) Error() string {
	return fmt.Sprintf("%s: antwoord %d\n%s", r.request, r.status, r.problem)
}

// do sends a request. Its error is a refusal, or that there was no answer.
func (c *client) do(ctx context.Context, a ask) (answer, error) {
	request, err := c.request(ctx, a)
	if err != nil {
		return answer{}, err
	}
	response, err := c.http.Do(request)
	if err != nil {
		return answer{}, fmt.Errorf("%s %s: %w", a.method, a.path, err)
	}
	defer func() { _ = response.Body.Close() }() // it was read whole, or refused
	content, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return answer{}, fmt.Errorf("%s %s: %w", a.method, a.path, err)
	}
	if response.StatusCode >= http.StatusMultipleChoices {
		return answer{}, &refused{a.method + " " + a.path, response.StatusCode, indented(content)}
	}
	return answer{etag: response.Header.Get("ETag"), body: content}, nil
}

func (c *client) request(ctx context.Context, a ask) (*http.Request, error) {
	content, given := a.body.([]byte)
	if a.body != nil && !given {
		var err error
		if content, err = json.Marshal(a.body); err != nil {
			return nil, fmt.Errorf("%s %s: %w", a.method, a.path, err)
		}
	}
	request, err := http.NewRequestWithContext(ctx, a.method, c.address+a.path, bytes.NewReader(content))
	if err != nil {
		return nil, err
	}
	token, err := c.sign(a.who)
	if err != nil {
		return nil, fmt.Errorf("geen token voor %s: %w", a.who.Subject, err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	for name, value := range map[string]string{"Idempotency-Key": a.key, "If-Match": a.match} {
		if value != "" {
			request.Header.Set(name, value)
		}
	}
	if media := a.media; a.body != nil {
		if media == "" {
			media = mediaJSON
		}
		request.Header.Set("Content-Type", media)
	}
	return request, nil
}

// indented makes a problem document readable; what is no JSON stays as it is.
func indented(content []byte) string {
	var pretty bytes.Buffer
	if json.Indent(&pretty, content, "", "  ") != nil {
		return strings.TrimSpace(string(content))
	}
	return pretty.String()
}
