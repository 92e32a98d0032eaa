// SPDX-License-Identifier: EUPL-1.2

package signed_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"socialreturn/infra/local/queue"
	"socialreturn/internal/boot/signed"
)

func caller() signed.Caller {
	return signed.Caller{
		Region: "eu-west-1", Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "geheim", "bewijs"),
		Client: &http.Client{Timeout: 5 * time.Second},
	}
}

// answering is a service that gives one answer, and keeps the request.
func answering(t *testing.T, status int, body string) (url string, asked *http.Request) {
	t.Helper()
	asked = &http.Request{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*asked = *r
		w.Header().Set("X-Amz-Function-Error", "Unhandled")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(server.Close)
	return server.URL, asked
}

func TestPostIsSignedForItsServiceAndRegion(t *testing.T) {
	t.Parallel()
	url, asked := answering(t, http.StatusOK, "antwoord")
	answer, header, err := caller().Post(t.Context(), "sqs", url+"/", "AmazonSQS.SendMessage", map[string]string{"a": "b"})
	if err != nil || string(answer) != "antwoord" || header.Get("X-Amz-Function-Error") != "Unhandled" {
		t.Fatalf("%q %v %v", answer, header, err)
	}
	authorization := asked.Header.Get("Authorization")
	for _, part := range []string{
		"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/", "/eu-west-1/sqs/aws4_request", "SignedHeaders=content-length;content-type;host;x-amz-date;x-amz-security-token;x-amz-target",
	} {
		if !strings.Contains(authorization, part) {
			t.Errorf("%q lacks %q", authorization, part)
		}
	}
	if asked.Header.Get("X-Amz-Target") != "AmazonSQS.SendMessage" || asked.Header.Get("Content-Type") != "application/x-amz-json-1.0" {
		t.Errorf("headers %v", asked.Header)
	}
}

func TestARefusalGivesItsCodeAndNotItsText(t *testing.T) {
	t.Parallel()
	url, _ := answering(t, http.StatusForbidden, `{"__type":"com.amazon.coral.service#AccessDeniedException","message":"geheim"}`)
	_, _, err := caller().Post(t.Context(), "sqs", url, "", nil)
	if err == nil || !strings.Contains(err.Error(), "403 com.amazon.coral.service#AccessDeniedException") || strings.Contains(err.Error(), "geheim") {
		t.Errorf("%v", err)
	}
	if _, _, err := caller().Post(t.Context(), "sqs", "http://127.0.0.1:1", "", nil); err == nil {
		t.Error("nobody answered, and no error")
	}
}

func TestAQueueGivesWhatWasSentUntilItIsDeleted(t *testing.T) {
	t.Parallel()
	local, err := queue.Open("")
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(local)
	t.Cleanup(server.Close)
	q := signed.Queue{URL: server.URL + "/000000000000/FailureQueue", Caller: caller()}
	ok := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ok(q.Send(t.Context(), map[string]int{"a": 1}))
	first, err := q.Receive(t.Context(), 60)
	ok(err)
	if len(first) != 1 || first[0].Body != `{"a":1}` || first[0].ID == "" {
		t.Fatalf("%+v", first)
	}
	if held, err := q.Receive(t.Context(), 60); err != nil || len(held) != 0 {
		t.Errorf("received while it is held: %v %v", held, err)
	}
	ok(q.Hold(t.Context(), first[0], 0))
	again, err := q.Receive(t.Context(), 60)
	ok(err)
	if len(again) != 1 || again[0].ID != first[0].ID {
		t.Fatalf("%+v", again)
	}
	ok(q.Delete(t.Context(), again[0]))
	if left, err := q.Receive(t.Context(), 0); err != nil || len(left) != 0 || len(local.Bodies()) != 0 {
		t.Errorf("deleted, and received: %v %v", left, err)
	}
}
