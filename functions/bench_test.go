// SPDX-License-Identifier: EUPL-1.2

package functions

import (
	"context"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	cloud "socialreturn/infra/aws"
	"socialreturn/infra/bench/figure"
	"socialreturn/infra/local/issuer"
	"socialreturn/infra/local/runtimeapi"
	"socialreturn/infra/local/template"
)

// BenchmarkColdStart starts a function and the least that one can be in turns,
// each with a store behind TLS whose only root is in a small bundle, and takes
// the time from the start of the program to its first answer.
func BenchmarkColdStart(b *testing.B) {
	folder := b.TempDir()
	build := exec.Command("sh", "-c", "go build "+shippedFlags(b)+" -o "+folder+" ./register-tender ./testdata/minimal")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if output, err := build.CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, output)
	}
	world := newWorld(b)
	environment := append(behindTLS(b, world.environment), fromTemplate(b, "GOGC", "GOMEMLIMIT")...)
	event := readAuthority(b, world)
	var ours, minimal []time.Duration
	for b.Loop() {
		ours = append(ours, firstAnswer(b, filepath.Join(folder, "register-tender"), environment, event))
		minimal = append(minimal, firstAnswer(b, filepath.Join(folder, "minimal"), environment, event))
	}
	b.Logf("to the first answer: %v; of a minimal function %v", median(ours), median(minimal))
	figure.Time(b, "start to first answer over a minimal function", float64(median(ours))/float64(median(minimal)), figure.AtMost(1.3), figure.AtMost(1.05))
}

// behindTLS puts a server with a certificate of its own before the store, as
// the environment names it, and its root in the bundle of the function.
func behindTLS(b *testing.B, environment []string) []string {
	b.Helper()
	const variable = "AWS_ENDPOINT_URL_DYNAMODB="
	changed := slices.Clone(environment)
	i := slices.IndexFunc(changed, func(set string) bool { return strings.HasPrefix(set, variable) })
	target, err := url.Parse(strings.TrimPrefix(changed[i], variable))
	if err != nil {
		b.Fatal(err)
	}
	proxy := httptest.NewTLSServer(httputil.NewSingleHostReverseProxy(target))
	b.Cleanup(proxy.Close)
	bundle := filepath.Join(b.TempDir(), "roots.pem")
	root := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: proxy.Certificate().Raw})
	if err := os.WriteFile(bundle, root, 0o600); err != nil {
		b.Fatal(err)
	}
	changed[i] = variable + proxy.URL
	return append(changed, "SSL_CERT_FILE="+bundle, "SSL_CERT_DIR="+filepath.Join(b.TempDir(), "none"))
}

// fromTemplate is what the cloud template sets those variables to.
func fromTemplate(b *testing.B, names ...string) []string {
	b.Helper()
	layout, err := template.Parse(cloud.Template)
	if err != nil {
		b.Fatal(err)
	}
	refs := make(map[string]string)
	for _, ref := range []string{"Table", "OidcIssuer", "OidcAudience", "ClaimRole", "ClaimAuthority", "ClaimKvk", "ClaimDesk", "ClaimScope", "CorsOrigins"} {
		refs[ref] = ref
	}
	values, err := layout.Functions[0].Environment(refs)
	if err != nil {
		b.Fatal(err)
	}
	set := make([]string, len(names))
	for i, name := range names {
		set[i] = name + "=" + values[name]
	}
	return set
}

func readAuthority(b *testing.B, world *world) []byte {
	b.Helper()
	token, err := world.issuer.Token(issuer.Claims{
		Subject: "meting", Role: "inkoper", Authorities: []string{authority}, Scope: "socialreturn:lezen",
	}, time.Hour)
	if err != nil {
		b.Fatal(err)
	}
	event, err := json.Marshal(events.APIGatewayV2HTTPRequest{
		RawPath: "/v1/opdrachtgevers/" + authority, PathParameters: map[string]string{"id": authority},
		Headers:        map[string]string{"authorization": "Bearer " + token},
		RequestContext: events.APIGatewayV2HTTPRequestContext{HTTP: events.APIGatewayV2HTTPRequestContextHTTPDescription{Method: http.MethodGet}},
	})
	if err != nil {
		b.Fatal(err)
	}
	return event
}

func firstAnswer(b *testing.B, program string, environment []string, event []byte) time.Duration {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.Context(), time.Minute)
	defer cancel()
	start := time.Now()
	function, err := runtimeapi.Start(program, environment)
	if err != nil {
		b.Fatal(err)
	}
	defer function.Stop()
	encoded, err := function.Invoke(ctx, event)
	took := time.Since(start)
	var answer events.APIGatewayV2HTTPResponse
	if err == nil {
		err = json.Unmarshal(encoded, &answer)
	}
	if err != nil || answer.StatusCode != http.StatusOK {
		b.Fatalf("%s: %v %s\n%s", program, err, encoded, function.Logs())
	}
	return took
}

func median(times []time.Duration) time.Duration {
	slices.Sort(times)
	return times[len(times)/2]
}
