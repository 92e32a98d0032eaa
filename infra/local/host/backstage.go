// SPDX-License-Identifier: EUPL-1.2

package host

import (
	"encoding/json"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"

	"socialreturn/infra/local/queue"
	"socialreturn/internal/edge"
)

const (
	invocations  = "/2015-03-31/functions/" + edge.StreamFunction + "/invocations"
	streamTarget = "DynamoDBStreams_20120810."
)

// QueueURL is that of the failure queue of the house at an address.
func QueueURL(house string) string { return house + "/000000000000/FailureQueue" }

// backstage is what a redrive asks of the cloud, on this machine: the failure
// queue, the function roll-up, and the table's stream. It is known by headers and
// a path that only a signed call has: no page in a browser can send them.
type backstage struct {
	failures *queue.Queue
	redrive  edge.RedriveHandler
	streams  *httputil.ReverseProxy // the engine
}

func newBackstage(failures *queue.Queue, redrive edge.RedriveHandler, engine string) (*backstage, error) {
	address, err := url.Parse(engine)
	if err != nil {
		return nil, err
	}
	return &backstage{failures, redrive, httputil.NewSingleHostReverseProxy(address)}, nil
}

// isBackstage tells whether a request is for what stands behind the house.
func isBackstage(r *http.Request) bool {
	target := r.Header.Get("X-Amz-Target")
	asked := r.URL.Path == invocations || strings.HasPrefix(target, queue.Target) || strings.HasPrefix(target, streamTarget)
	return asked && r.Method == http.MethodPost && strings.HasPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 ")
}

func (b *backstage) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path == invocations:
		b.invoke(w, r)
	case strings.HasPrefix(r.Header.Get("X-Amz-Target"), queue.Target):
		b.failures.ServeHTTP(w, r)
	default:
		b.streams.ServeHTTP(w, r)
	}
}

// invoke answers as Lambda's Invoke does.
func (b *backstage) invoke(w http.ResponseWriter, r *http.Request) {
	var asked edge.Redriven
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&asked); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	answer, err := b.redrive(r.Context(), asked)
	if err != nil {
		w.Header().Set("X-Amz-Function-Error", "Unhandled")
		_ = json.NewEncoder(w).Encode(map[string]string{"errorType": "errorString"}) // fails only when the caller has left
		return
	}
	_ = json.NewEncoder(w).Encode(answer) // likewise
}
