// SPDX-License-Identifier: EUPL-1.2

package gateway

import (
	"crypto/rand"
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"
)

const accessLogTime = "02/Jan/2006:15:04:05 -0700"

// newEvent is the event of a request without its route and its body.
func newEvent(r *http.Request, now time.Time) events.APIGatewayV2HTTPRequest {
	source := sourceIP(r.RemoteAddr)
	event := events.APIGatewayV2HTTPRequest{
		Version:               "2.0",
		RawPath:               r.URL.EscapedPath(),
		RawQueryString:        r.URL.RawQuery,
		Cookies:               cookies(r.Header),
		Headers:               headers(r, source),
		QueryStringParameters: query(r.URL.RawQuery),
		RequestContext: events.APIGatewayV2HTTPRequestContext{
			AccountID:    "anonymous",
			APIID:        "local",
			Stage:        "$default",
			RequestID:    rand.Text(),
			DomainName:   r.Host,
			DomainPrefix: "local",
			Time:         now.UTC().Format(accessLogTime),
			TimeEpoch:    now.UnixMilli(),
			HTTP: events.APIGatewayV2HTTPRequestContextHTTPDescription{
				Method:    r.Method,
				Path:      r.URL.Path,
				Protocol:  r.Proto,
				SourceIP:  source,
				UserAgent: r.UserAgent(),
			},
		},
	}
	return event
}

// headers are lower-case, those that come twice joined with commas, with what
// the gateway itself adds. Cookies are not among them.
func headers(r *http.Request, source string) map[string]string {
	joined := map[string]string{"host": r.Host}
	for name, values := range r.Header {
		if name != "Cookie" {
			joined[strings.ToLower(name)] = strings.Join(values, ",")
		}
	}
	if before := joined["x-forwarded-for"]; before != "" {
		source = before + ", " + source
	}
	joined["x-forwarded-for"] = source
	joined["x-forwarded-proto"] = "http" // the truth here: nothing on this machine needs TLS
	if _, port, err := net.SplitHostPort(r.Host); err == nil {
		joined["x-forwarded-port"] = port
	}
	return joined
}

func cookies(header http.Header) []string {
	var found []string
	for _, line := range header["Cookie"] {
		for cookie := range strings.SplitSeq(line, ";") {
			if cookie = strings.TrimSpace(cookie); cookie != "" {
				found = append(found, cookie)
			}
		}
	}
	return found
}

// query is the query string decoded, with values of one name joined with
// commas in their order. What cannot be decoded is left to the raw string.
func query(raw string) map[string]string {
	values, _ := url.ParseQuery(raw) // keeps what it can read
	if len(values) == 0 {
		return nil
	}
	joined := make(map[string]string, len(values))
	for name, all := range values {
		joined[name] = strings.Join(all, ",")
	}
	return joined
}

// readBody is the body as text, or in base64 where it is none. Its error is an
// http.MaxBytesError when the body would not fit into an event.
func readBody(w http.ResponseWriter, r *http.Request) (body string, isBase64 bool, err error) {
	content, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaximumPayload))
	if err != nil {
		return "", false, err
	}
	if utf8.Valid(content) {
		return string(content), false, nil
	}
	if base64.StdEncoding.EncodedLen(len(content)) > MaximumPayload {
		return "", false, &http.MaxBytesError{Limit: MaximumPayload}
	}
	return base64.StdEncoding.EncodeToString(content), true, nil
}

func sourceIP(address string) string {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return address
	}
	return host
}
