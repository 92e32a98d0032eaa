// SPDX-License-Identifier: EUPL-1.2

// Package boot turns the environment into wired services, once per process.
package boot

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"socialreturn/internal/app"
	"socialreturn/internal/boot/signed"
	"socialreturn/internal/edge"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/store"
)

// Environment gives a variable, as os.Getenv does.
type Environment func(name string) string

// PersonKeys gives the secret that turns people into tokens; see Secret.
type PersonKeys func(ctx context.Context, env Environment) (app.PersonKeys, error)

// none is for functions that meet no person.
func none(context.Context, Environment) (app.PersonKeys, error) { return nil, nil }

// HTTP starts a function of the HTTP API. It returns only when the runtime ends.
func HTTP(build func(edge.Deps) edge.Handler) { HTTPWithPersons(build, none) }

// HTTPWithPersons is HTTP for a function that turns people into tokens.
func HTTPWithPersons(build func(edge.Deps) edge.Handler, keys PersonKeys) {
	handler := build(started(keys, Deps))
	lambda.Start(func(ctx context.Context, event events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
		return handler(ctx, event)
	})
}

// streamCall is what the function behind the stream is called with: records, or
// by hand ledgers.
type streamCall struct {
	events.DynamoDBEvent
	edge.Redriven
}

// Stream starts the function that the table's stream feeds, and that redrives by
// hand; it verifies no token. It needs FAILURE_QUEUE_URL.
func Stream(build func(edge.Deps) edge.StreamHandler, redrive func(edge.Deps) edge.RedriveHandler) {
	deps := started(none, func(ctx context.Context, env Environment, _ PersonKeys, now func() time.Time, logs io.Writer) (edge.Deps, error) {
		deps, _, err := wire(env, now, logs)
		if err == nil && deps.Failures == nil {
			err = errors.New("FAILURE_QUEUE_URL is needed")
		}
		if err == nil {
			firstCall(ctx, deps.Service)
		}
		return deps, err
	})
	apply, again := build(deps), redrive(deps)
	lambda.Start(func(ctx context.Context, call streamCall) (any, error) {
		if len(call.Ledgers) > 0 {
			return again(ctx, call.Redriven)
		}
		return apply(ctx, call.DynamoDBEvent)
	})
}

// queuePatience bounds a call to the failure queue. The records are delivered
// again where it does not answer.
const queuePatience = 3 * time.Second

// warmUp bounds what is done ahead of the first request, best effort.
const warmUp = 3 * time.Second

// started wires a function, or ends the process with the reason.
func started(keys PersonKeys, wiring func(context.Context, Environment, PersonKeys, func() time.Time, io.Writer) (edge.Deps, error)) edge.Deps {
	ctx, cancel := context.WithTimeout(context.Background(), warmUp)
	defer cancel()
	deps, err := wiring(ctx, os.Getenv, keys, time.Now, os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "boot:", err)
		os.Exit(1)
	}
	return deps
}

// Deps wires the services of a function of the HTTP API. The first store call,
// the fetch of the identity provider's keys and that of the secret are made
// here, side by side, at init, where they are cheapest. The first two need not
// succeed, for their failure shows again at the first request. It returns an
// error where the environment lacks something.
func Deps(ctx context.Context, env Environment, keys PersonKeys, now func() time.Time, logs io.Writer) (edge.Deps, error) {
	deps, verifier, err := wire(env, now, logs)
	if err != nil {
		return deps, err
	}
	var calls sync.WaitGroup
	calls.Go(func() { _ = verifier.Prefetch(ctx) })
	calls.Go(func() { firstCall(ctx, deps.Service) })
	deps.Service.Persons, err = keys(ctx, env)
	calls.Wait()
	if err != nil {
		return edge.Deps{}, err
	}
	return deps, nil
}

// firstCall opens the connection to the table.
func firstCall(ctx context.Context, service *app.Service) {
	_, _ = service.Store.Authority(ctx, "00000000")
}

func wire(env Environment, now func() time.Time, logs io.Writer) (edge.Deps, *edge.Tokens, error) {
	client, table, err := database(env)
	if err != nil {
		return edge.Deps{}, nil, err
	}
	verifier := edge.NewVerifier(auth(env), identityClient(), now)
	deps := edge.Deps{
		Service:  &app.Service{Store: store.New(client, table), Rules: ruleset.Embedded(), Salt: rand.Text},
		Verifier: verifier, Now: now, Log: edge.NewLog(logs, now),
	}
	if origins := env("CORS_ORIGINS"); origins != "" {
		deps.CORSOrigins = strings.Split(origins, ",")
	}
	if queue := env("FAILURE_QUEUE_URL"); queue != "" {
		deps.Failures = signed.Queue{URL: queue, Caller: signed.Caller{
			Region: env("AWS_REGION"), Credentials: provider(env), Client: &http.Client{Timeout: queuePatience},
		}}
	}
	return deps, verifier, nil
}

func auth(env Environment) edge.AuthConfig {
	return edge.AuthConfig{
		Issuer: env("OIDC_ISSUER"), Audience: env("OIDC_AUDIENCE"),
		RoleClaim: env("CLAIM_ROLE"), AuthorityClaim: env("CLAIM_AUTHORITY"), KvKClaim: env("CLAIM_KVK"),
		DeskClaim: env("CLAIM_DESK"), ScopeClaim: env("CLAIM_SCOPE"),
	}
}

// database is the one client of the process. Its credentials are the function's
// own, which hold as long as the process lives.
func database(env Environment) (*dynamodb.Client, string, error) {
	table, region := env("TABLE_NAME"), env("AWS_REGION")
	if table == "" || region == "" {
		return nil, "", errors.New("TABLE_NAME and AWS_REGION are needed")
	}
	options := dynamodb.Options{Region: region, Credentials: provider(env)}
	if endpoint := env("AWS_ENDPOINT_URL_DYNAMODB"); endpoint != "" {
		options.BaseEndpoint = aws.String(endpoint)
	}
	return dynamodb.New(options), table, nil
}

func provider(env Environment) aws.CredentialsProvider {
	return credentials.NewStaticCredentialsProvider(env("AWS_ACCESS_KEY_ID"), env("AWS_SECRET_ACCESS_KEY"), env("AWS_SESSION_TOKEN"))
}

// identityClient trusts the system's roots, read from one file: SSL_CERT_FILE
// names a small bundle that knows only the cloud's own services. The file holds
// some 150 roots, so it is read when the first call is made, beside other calls.
func identityClient() *http.Client {
	return &http.Client{Transport: whenCalled(sync.OnceValue(identityTransport)), Timeout: 5 * time.Second}
}

// whenCalled is a transport that is made at its first call.
type whenCalled func() *http.Transport

// RoundTrip calls what is made.
func (w whenCalled) RoundTrip(request *http.Request) (*http.Response, error) {
	return w().RoundTrip(request)
}

func identityTransport() *http.Transport {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxResponseHeaderBytes = 64 << 10
	for _, bundle := range []string{"/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/certs/ca-certificates.crt"} {
		if pem, err := os.ReadFile(bundle); err == nil { //nolint:gosec // G304: one of the two above
			roots := x509.NewCertPool()
			roots.AppendCertsFromPEM(pem)
			transport.TLSClientConfig = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
			break
		}
	}
	return transport
}
