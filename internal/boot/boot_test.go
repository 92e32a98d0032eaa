// SPDX-License-Identifier: EUPL-1.2

package boot

import (
	"context"
	"errors"
	"io"
	"testing"
	"time"

	"socialreturn/internal/app"
	"socialreturn/internal/boot/signed"
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
