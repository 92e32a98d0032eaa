// SPDX-License-Identifier: EUPL-1.2

package gateway_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambdacontext"

	cloud "socialreturn/infra/aws"
	"socialreturn/infra/local/gateway"
	"socialreturn/infra/local/template"
)

var noon = time.Date(2026, 3, 12, 12, 0, 0, 0, time.UTC)

func now() time.Time { return noon }

// serve mounts one handler behind every route of the cloud template.
func serve(t *testing.T, handler gateway.Handler) http.Handler {
	t.Helper()
	parsed, err := template.Parse(cloud.Template)
	if err != nil {
		t.Fatal(err)
	}
	handlers := make(map[string]gateway.Handler)
	for _, function := range parsed.Functions {
		handlers[function.Name] = handler
	}
	mounted, err := gateway.New(parsed.Routes, handlers, now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return mounted
}

// capture is the event that a request becomes.
func capture(t *testing.T, request *http.Request) events.APIGatewayV2HTTPRequest {
	t.Helper()
	var captured *events.APIGatewayV2HTTPRequest
	handler := serve(t, func(_ context.Context, event events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
		captured = &event
		return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusNoContent}, nil
	})
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, request)
	if captured == nil {
		t.Fatalf("no event, but %d %s", recorder.Code, recorder.Body)
	}
	return *captured
}

func TestRoutes(t *testing.T) {
	tests := []struct {
		method, path, key string
		parameters        map[string]string
	}{
		{"GET", "/v1/contracten", "GET /v1/contracten", nil},
		{"GET", "/v1/contracten/C-1", "GET /v1/contracten/{id}", map[string]string{"id": "C-1"}},
		{"GET", "/v1/contracten/a%2Fb%20c", "GET /v1/contracten/{id}", map[string]string{"id": "a/b c"}},
		{"POST", "/v1/contracten/C-1/verantwoordingen/2026-Q1/indiening", "POST /v1/contracten/{id}/verantwoordingen/{periode}/indiening", map[string]string{"id": "C-1", "periode": "2026-Q1"}},
		{"GET", "/v1/openapi.json", "GET /v1/openapi.json", nil},
		{"HEAD", "/v1/contracten", "$default", nil},
		{"BREW", "/v1/contracten", "$default", nil},
		{"DELETE", "/v1/contracten/C-1", "$default", nil},
		{"OPTIONS", "/v1/contracten", "$default", nil},
		{"GET", "/v1/contracten/", "$default", nil},
		{"GET", "//v1/contracten", "$default", nil},
		{"GET", "/v1//contracten", "$default", nil},
		{"GET", "/v1/../v1/contracten", "$default", nil},
		{"GET", "/v1/contract%65n", "$default", nil},
		{"GET", "/", "$default", nil},
		{"GET", "/v1/contracten/%00/x/y/z", "$default", nil},
	}
	for _, test := range tests {
		t.Run(test.method+" "+test.path, func(t *testing.T) {
			event := capture(t, httptest.NewRequest(test.method, test.path, nil))
			if event.RouteKey != test.key || event.RequestContext.RouteKey != test.key {
				t.Errorf("route is %q and %q, want %q", event.RouteKey, event.RequestContext.RouteKey, test.key)
			}
			if !maps.Equal(event.PathParameters, test.parameters) {
				t.Errorf("parameters are %v, want %v", event.PathParameters, test.parameters)
			}
			if event.RawPath != test.path || event.RequestContext.HTTP.Method != test.method {
				t.Errorf("event is %s %s", event.RequestContext.HTTP.Method, event.RawPath)
			}
		})
	}
}

func TestTheMostSpecificRouteWins(t *testing.T) {
	answer := func(name string) gateway.Handler {
		return func(context.Context, events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
			return events.APIGatewayV2HTTPResponse{StatusCode: 200, Body: name}, nil
		}
	}
	paths := []string{"", "/{a}/{b}", "/{a}/x", "/x/{b}", "/x/x"}
	var declared []template.Route
	handlers := make(map[string]gateway.Handler)
	for _, path := range paths {
		route := template.Route{Path: path, Function: path}
		if path != "" {
			route.Method = "GET"
		}
		declared = append(declared, route)
		handlers[path] = answer(path)
	}
	for range 2 {
		slices.Reverse(declared)
		mounted, err := gateway.New(declared, handlers, now, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		for path, want := range map[string]string{"/x/x": "/x/x", "/x/y": "/x/{b}", "/y/x": "/{a}/x", "/y/y": "/{a}/{b}", "/y": ""} {
			recorder := httptest.NewRecorder()
			mounted.ServeHTTP(recorder, httptest.NewRequest("GET", path, nil))
			if got := recorder.Body.String(); got != want {
				t.Errorf("%s goes to %q, want %q", path, got, want)
			}
		}
	}
}

func TestNewNamesEveryFault(t *testing.T) {
	declared := []template.Route{{Method: "GET", Path: "/a", Function: "gone"}, {Method: "GET", Path: "/b", Function: "lost"}}
	_, err := gateway.New(declared, nil, now, slog.New(slog.DiscardHandler))
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{"gone", "lost", "$default"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not name %s", err, want)
		}
	}
}

func TestEvent(t *testing.T) {
	request := httptest.NewRequest("POST", "http://127.0.0.1:8080/v1/contracten?perPage=5&status=a&status=b%2Cc&leeg=&x", strings.NewReader(`{"naam":"Café"}`))
	request.RemoteAddr = "127.0.0.1:4711"
	request.Header.Add("If-Match", `"1"`)
	request.Header.Add("If-Match", `"2"`)
	request.Header.Set("User-Agent", "test")
	request.Header.Set("X-Forwarded-For", "10.0.0.1")
	request.Header.Add("Cookie", "a=1; b=2")
	request.Header.Add("Cookie", "c=3")
	event := capture(t, request)

	if event.Version != "2.0" || event.Body != `{"naam":"Café"}` || event.IsBase64Encoded {
		t.Errorf("event is version %s, base64 %v, body %s", event.Version, event.IsBase64Encoded, event.Body)
	}
	if event.RawQueryString != "perPage=5&status=a&status=b%2Cc&leeg=&x" {
		t.Errorf("raw query is %q", event.RawQueryString)
	}
	if want := map[string]string{"perPage": "5", "status": "a,b,c", "leeg": "", "x": ""}; !maps.Equal(event.QueryStringParameters, want) {
		t.Errorf("query is %v", event.QueryStringParameters)
	}
	if !slices.Equal(event.Cookies, []string{"a=1", "b=2", "c=3"}) {
		t.Errorf("cookies are %q", event.Cookies)
	}
	wanted := map[string]string{
		"host": "127.0.0.1:8080", "if-match": `"1","2"`, "user-agent": "test",
		"x-forwarded-for": "10.0.0.1, 127.0.0.1", "x-forwarded-proto": "http", "x-forwarded-port": "8080",
	}
	if !maps.Equal(event.Headers, wanted) {
		t.Errorf("headers are %v, want %v", event.Headers, wanted)
	}
	about := event.RequestContext
	if about.Stage != "$default" || about.Time != "12/Mar/2026:12:00:00 +0000" || about.TimeEpoch != noon.UnixMilli() || about.DomainName != "127.0.0.1:8080" {
		t.Errorf("context is %+v", about)
	}
	if got := about.HTTP; got.Protocol != "HTTP/1.1" || got.SourceIP != "127.0.0.1" || got.UserAgent != "test" || got.Path != "/v1/contracten" {
		t.Errorf("http is %+v", got)
	}
}

func TestRequestIDsDiffer(t *testing.T) {
	first := capture(t, httptest.NewRequest("GET", "/v1/contracten", nil))
	second := capture(t, httptest.NewRequest("GET", "/v1/contracten", nil))
	if first.RequestContext.RequestID == "" || first.RequestContext.RequestID == second.RequestContext.RequestID {
		t.Errorf("request ids are %q and %q", first.RequestContext.RequestID, second.RequestContext.RequestID)
	}
}

func TestBinaryBodyBecomesBase64(t *testing.T) {
	content := []byte{0xff, 0xfe, 'a', 0}
	event := capture(t, httptest.NewRequest("POST", "/v1/contracten", bytes.NewReader(content)))
	if !event.IsBase64Encoded || event.Body != base64.StdEncoding.EncodeToString(content) {
		t.Errorf("base64 %v, body %q", event.IsBase64Encoded, event.Body)
	}
}

func TestLargeRequests(t *testing.T) {
	handler := serve(t, func(_ context.Context, event events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
		return events.APIGatewayV2HTTPResponse{StatusCode: 200, Body: fmt.Sprint(len(event.Body))}, nil
	})
	text := func(size int) []byte { return bytes.Repeat([]byte{'a'}, size) }
	binary := func(size int) []byte { return bytes.Repeat([]byte{0xff}, size) }
	tests := map[string]struct {
		body   []byte
		status int
		answer string
	}{
		"text that fits":        {text(gateway.MaximumPayload), 200, fmt.Sprint(gateway.MaximumPayload)},
		"text, one byte more":   {text(gateway.MaximumPayload + 1), 413, `{"message":"Request Too Long"}`},
		"binary that fits":      {binary(gateway.MaximumPayload / 4 * 3), 200, fmt.Sprint(gateway.MaximumPayload)},
		"binary, one byte more": {binary(gateway.MaximumPayload/4*3 + 1), 413, `{"message":"Request Too Long"}`},
		"nothing":               {nil, 200, "0"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			recorder := httptest.NewRecorder()
			handler.ServeHTTP(recorder, httptest.NewRequest("POST", "/v1/contracten", bytes.NewReader(test.body)))
			if recorder.Code != test.status || recorder.Body.String() != test.answer {
				t.Errorf("answer is %d %s", recorder.Code, recorder.Body)
			}
		})
	}
}

func TestAnswers(t *testing.T) {
	type answer = events.APIGatewayV2HTTPResponse
	internal := `{"message":"Internal Server Error"}`
	tests := map[string]struct {
		answer  answer
		err     error
		status  int
		body    string
		headers map[string][]string
	}{
		"plain": {answer{StatusCode: 200, Body: "ja", Headers: map[string]string{"content-type": "text/html", "ETag": `"3"`}}, nil,
			200, "ja", map[string][]string{"Content-Type": {"text/html"}, "Etag": {`"3"`}}},
		"without a type": {answer{StatusCode: 201, Body: "<p>"}, nil, 201, "<p>", map[string][]string{"Content-Type": {"text/plain;charset=UTF-8"}}},
		"base64":         {answer{StatusCode: 200, Body: "//4=", IsBase64Encoded: true}, nil, 200, "\xff\xfe", nil},
		"cookies":        {answer{StatusCode: 204, Cookies: []string{"a=1", "b=2"}}, nil, 204, "", map[string][]string{"Set-Cookie": {"a=1", "b=2"}}},
		"wrong length":   {answer{StatusCode: 200, Body: "ja", Headers: map[string]string{"content-length": "99"}}, nil, 200, "ja", nil},
		"largest":        {answer{StatusCode: 200, Body: strings.Repeat("a", gateway.MaximumPayload)}, nil, 200, strings.Repeat("a", gateway.MaximumPayload), nil},
		"too large":      {answer{StatusCode: 200, Body: strings.Repeat("a", gateway.MaximumPayload+1)}, nil, 500, internal, nil},
		"no base64":      {answer{StatusCode: 200, Body: "%", IsBase64Encoded: true}, nil, 500, internal, nil},
		"no status":      {answer{Body: "ja"}, nil, 500, internal, nil},
		"error":          {answer{}, errors.New("kapot"), 500, internal, map[string][]string{"Content-Type": {"application/json"}}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(serve(t, func(context.Context, events.APIGatewayV2HTTPRequest) (answer, error) {
				return test.answer, test.err
			}))
			defer server.Close()
			response, err := http.Get(server.URL + "/v1/contracten")
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			body, err := io.ReadAll(response.Body)
			if err != nil {
				t.Fatal(err)
			}
			if response.StatusCode != test.status || string(body) != test.body {
				t.Errorf("answer is %d with %d bytes, want %d with %d", response.StatusCode, len(body), test.status, len(test.body))
			}
			for header, want := range test.headers {
				if got := response.Header[header]; !slices.Equal(got, want) {
					t.Errorf("%s is %q, want %q", header, got, want)
				}
			}
		})
	}
}

func TestPanicIsAnErrorOfItsRequestOnly(t *testing.T) {
	handler := serve(t, func(context.Context, events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
		panic("kapot")
	})
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, httptest.NewRequest("GET", "/v1/contracten", nil))
	if recorder.Code != 500 || strings.Contains(recorder.Body.String(), "kapot") {
		t.Errorf("answer is %d %s", recorder.Code, recorder.Body)
	}
}

func TestSlowFunctionIsUnavailable(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		handler := serve(t, func(ctx context.Context, _ events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
			<-ctx.Done()
			time.Sleep(time.Second)
			return events.APIGatewayV2HTTPResponse{StatusCode: 200}, nil
		})
		began := time.Now()
		recorder := httptest.NewRecorder()
		handler.ServeHTTP(recorder, httptest.NewRequest("GET", "/v1/contracten", nil))
		if recorder.Code != 503 || recorder.Body.String() != `{"message":"Service Unavailable"}` {
			t.Errorf("answer is %d %s", recorder.Code, recorder.Body)
		}
		if took := time.Since(began); took != gateway.Deadline {
			t.Errorf("took %v, want %v", took, gateway.Deadline)
		}
		time.Sleep(2 * time.Second)
	})
}

func TestFunctionKnowsItsRequest(t *testing.T) {
	handler := serve(t, func(ctx context.Context, event events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
		about, known := lambdacontext.FromContext(ctx)
		if !known || about.AwsRequestID != event.RequestContext.RequestID {
			t.Errorf("lambda context is %+v", about)
		}
		if _, bounded := ctx.Deadline(); !bounded {
			t.Error("no deadline")
		}
		return events.APIGatewayV2HTTPResponse{StatusCode: 204}, nil
	})
	handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/v1/contracten", nil))
}
