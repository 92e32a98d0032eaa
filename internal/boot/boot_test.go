// SPDX-License-Identifier: EUPL-1.2

package boot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"socialreturn/internal/app"
	"socialreturn/internal/boot/signed"
	"socialreturn/internal/edge"
)

func environment(values map[string]string) Environment {
	return func(name string) string { return values[name] }
}

func TestAnEnvironmentThatLacksSomethingIsRefused(t *testing.T) {
	t.Parallel()
	for _, values := range []map[string]string{nil, {"TABLE_NAME": "t"}, {"AWS_REGION": "eu-west-1"}} {
		if _, err := Deps(t.Context(), environment(values), none, time.Now, io.Discard); err == nil {
			t.Errorf("%v is enough", values)
		}
	}
	failing := func(context.Context, Environment) (app.PersonKeys, error) { return nil, errors.New("no secret") }
	whole := environment(map[string]string{"TABLE_NAME": "t", "AWS_REGION": "eu-west-1"})
	if _, err := Deps(t.Context(), whole, failing, time.Now, io.Discard); err == nil {
		t.Error("no keys are enough")
	}
}

// An identity provider and a table that are out at the start are not fatal:
// the first request tries again.
func TestAnOutageAtTheStartIsNotFatal(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	deps, err := Deps(ctx, environment(map[string]string{
		"TABLE_NAME": "t", "AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b",
		"AWS_ENDPOINT_URL_DYNAMODB": "http://127.0.0.1:1", "OIDC_ISSUER": "http://127.0.0.1:1", "CORS_ORIGINS": "https://a.example,https://b.example",
	}), none, time.Now, io.Discard)
	if err != nil || deps.Service == nil || deps.Verifier == nil || len(deps.CORSOrigins) != 2 {
		t.Fatalf("%+v %v", deps, err)
	}
}

func TestTheFailureQueueIsThatOfTheEnvironment(t *testing.T) {
	t.Parallel()
	values := map[string]string{"TABLE_NAME": "t", "AWS_REGION": "eu-west-1", "AWS_ENDPOINT_URL_DYNAMODB": "http://127.0.0.1:1"}
	for _, url := range []string{"", "https://sqs.eu-west-1.amazonaws.com/123456789012/FailureQueue"} {
		values["FAILURE_QUEUE_URL"] = url
		deps, _, err := wire(environment(values), time.Now, io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		if queue, named := deps.Failures.(signed.Queue); named != (url != "") || queue.URL != url {
			t.Errorf("%q gives %+v", url, deps.Failures)
		}
	}
}

// Each of the three calls of init is answered only when all have come: they are
// made side by side, and each of them is made.
func TestInitCallsTheStoreTheIssuerAndTheSecretSideBySide(t *testing.T) {
	t.Parallel()
	var all sync.WaitGroup
	all.Add(3)
	met := make(chan struct{})
	go func() {
		all.Wait()
		close(met)
	}()
	var keys atomic.Int32
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	meeting := func() func() { // a repetition comes no second time
		came := sync.OnceFunc(all.Done)
		return func() {
			came()
			<-met
		}
	}
	table, issuer, vault := meeting(), meeting(), meeting()
	mux.HandleFunc("POST /", func(w http.ResponseWriter, _ *http.Request) {
		table()
		_, _ = w.Write([]byte("{}"))
	})
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		issuer()
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(w, `{"issuer":%q,"jwks_uri":%q}`, server.URL, server.URL+"/jwks")
	})
	mux.HandleFunc("GET /jwks", func(w http.ResponseWriter, _ *http.Request) {
		keys.Add(1)
		_, _ = w.Write([]byte(`{"keys":[]}`))
	})
	secret := func(context.Context, Environment) (app.PersonKeys, error) {
		vault()
		return app.PersonKeys{{Version: 1}}, nil
	}
	finished := make(chan edge.Deps)
	go func() {
		deps, err := Deps(t.Context(), environment(map[string]string{
			"TABLE_NAME": "t", "AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b",
			"AWS_ENDPOINT_URL_DYNAMODB": server.URL, "OIDC_ISSUER": server.URL,
		}), secret, time.Now, io.Discard)
		if err != nil {
			t.Error(err)
		}
		finished <- deps
	}()
	select {
	case deps := <-finished:
		if len(deps.Service.Persons) != 1 || keys.Load() != 1 {
			t.Errorf("%d person keys, %d fetches of the issuer's", len(deps.Service.Persons), keys.Load())
		}
	case <-time.After(20 * time.Second):
		t.Fatal("the calls wait for each other, or one is not made")
	}
}
