// SPDX-License-Identifier: EUPL-1.2

// Package host runs every function of the cloud template on this one machine:
// engine, table, HTTP API, stream and a development issuer, on 127.0.0.1 only.
// Each function has the environment and the rights that the template gives it,
// and nothing of another's.
package host

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"

	cloud "socialreturn/infra/aws"
	"socialreturn/infra/local/engine"
	"socialreturn/infra/local/gateway"
	"socialreturn/infra/local/guard"
	"socialreturn/infra/local/issuer"
	"socialreturn/infra/local/queue"
	"socialreturn/infra/local/stream"
	"socialreturn/infra/local/template"
	"socialreturn/internal/app"
	"socialreturn/internal/boot"
	"socialreturn/internal/boot/persons"
	"socialreturn/internal/edge"
)

const (
	tableName = "socialreturn"
	// Audience is what the tokens of this machine are for.
	Audience = "socialreturn"
	// IssuerKey is the file in the data folder with the key that signs them.
	IssuerKey = "issuer.pem"
	region    = "eu-west-1"
)

// Options says where to run.
type Options struct {
	Port int    // 0 takes a free one
	Data string // folder for everything kept; empty keeps the table in memory
	Now  func() time.Time
	// Reader is who reads in the ReadingRoom.
	Reader issuer.Claims
}

// Host is a running house.
type Host struct {
	URL    string // http://127.0.0.1:8080
	Issuer *issuer.Issuer
	Guard  *guard.Guard // knows which rights were used, and which were missing
	Deps   edge.Deps    // the host's own, straight on the engine: no policy holds them
	Fresh  bool         // the table was made just now
	// Failures is what could not be applied; see the command redrive.
	Failures *queue.Queue

	engine  *engine.Engine
	server  *http.Server
	poller  *stream.Poller
	closers []func()
	failed  chan error
}

// Start brings everything up. Stop it whether or not it returns an error of its
// own later; see Failed.
func Start(ctx context.Context, options Options) (*Host, error) {
	h := &Host{failed: make(chan error, 3)}
	if err := h.start(ctx, options); err != nil {
		h.Stop()
		return nil, err
	}
	return h, nil
}

func (h *Host) start(ctx context.Context, options Options) error {
	layout, err := template.Parse(cloud.Template)
	if err != nil {
		return err
	}
	logs, err := h.logFile(options)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", options.Port))
	if err != nil {
		return fmt.Errorf("poort %d is niet vrij: kies een andere met PORT=: %w", options.Port, err)
	}
	h.URL = "http://" + listener.Addr().String()
	h.closers = append(h.closers, func() { _ = listener.Close() })
	if h.engine, err = engine.Start(ctx, engine.Options{File: inData(options, "table.db")}); err != nil {
		return err
	}
	streamARN, err := h.table(ctx, layout)
	if err != nil {
		return err
	}
	if h.Failures, err = queue.Open(inData(options, "failures.jsonl")); err != nil {
		return err
	}
	if h.Issuer, err = issuer.New(h.URL+"/issuer", Audience, inData(options, IssuerKey), options.Now); err != nil {
		return err
	}
	front := &switchboard{issuer: h.Issuer, reader: options.Reader}
	h.server = bounded(front)
	go h.serve(h.server, listener)
	functions, err := h.wire(ctx, options, layout, logs)
	if err != nil {
		return err
	}
	api, err := mount(options, layout, functions, logs)
	if err != nil {
		return err
	}
	front.api.Store(api)
	rollUp := functions[edge.StreamFunction]
	behind, err := newBackstage(h.Failures, edge.Redrive(rollUp), h.engine.URL)
	if err != nil {
		return err
	}
	front.behind.Store(behind)
	return h.follow(options, layout, streamARN, rollUp, logs)
}

func (h *Host) logFile(options Options) (io.Writer, error) {
	if options.Data == "" {
		return io.Discard, nil
	}
	if err := os.MkdirAll(options.Data, 0o700); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(inData(options, "log.jsonl"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	h.closers = append(h.closers, func() { _ = file.Close() })
	return file, nil
}

func inData(options Options, name string) string {
	if options.Data == "" {
		return ""
	}
	return filepath.Join(options.Data, name)
}

// table makes the table as the template says, where it is not there yet.
func (h *Host) table(ctx context.Context, layout *template.Template) (streamARN string, err error) {
	client := dynamodb.NewFromConfig(engine.Config(h.engine.URL))
	described, err := client.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: aws.String(tableName)})
	if absent := (*types.ResourceNotFoundException)(nil); errors.As(err, &absent) {
		h.Fresh = true
		if _, err := client.CreateTable(ctx, layout.Table(tableName)); err != nil {
			return "", fmt.Errorf("de tabel kan niet worden gemaakt: %w", err)
		}
		if _, err := client.UpdateTimeToLive(ctx, layout.TimeToLive(tableName)); err != nil {
			return "", fmt.Errorf("de tabel kan niet worden ingericht: %w", err)
		}
		described, err = client.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: aws.String(tableName)})
	}
	if err != nil {
		return "", err
	}
	return aws.ToString(described.Table.LatestStreamArn), nil
}

// wire builds the services of each function, by its name, from the environment
// that the template gives it; and those of the host itself, from all of them.
func (h *Host) wire(ctx context.Context, options Options, layout *template.Template, logs io.Writer) (map[string]edge.Deps, error) {
	guarded, err := h.startGuard(layout)
	if err != nil {
		return nil, err
	}
	keys, err := personKeys(options)
	if err != nil {
		return nil, err
	}
	secret := func(_ context.Context, env boot.Environment) (app.PersonKeys, error) {
		if env("PERSON_KEY_SECRET") == "" {
			return nil, nil
		}
		return keys, nil
	}
	functions, all := map[string]edge.Deps{}, map[string]string{}
	for _, function := range layout.Functions {
		values, err := function.Environment(h.refs())
		if err != nil {
			return nil, err
		}
		maps.Copy(all, values)
		if functions[function.Name], err = boot.Deps(ctx, environment(values, guarded, function.Name), secret, options.Now, logs); err != nil {
			return nil, fmt.Errorf("%s: %w", function.Name, err)
		}
	}
	h.Deps, err = boot.Deps(ctx, environment(all, h.engine.URL, "host"), secret, options.Now, logs)
	return functions, err
}

// startGuard sets the guard before the engine, and gives its address.
func (h *Host) startGuard(layout *template.Template) (address string, err error) {
	if h.Guard, err = guard.New(h.engine.URL, layout.Table(tableName), layout.Functions); err != nil {
		return "", err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	server := bounded(h.Guard)
	h.closers = append(h.closers, func() { _ = server.Close() })
	go h.serve(server, listener)
	return "http://" + listener.Addr().String(), nil
}

// What one connection may take: as API Gateway has it for headers, with room for
// a function that takes as long as it may.
const (
	maxHeaderBytes = 10 << 10
	readPatience   = 30 * time.Second
	writePatience  = readPatience + 2*gateway.Deadline
	idlePatience   = 2 * time.Minute
)

// bounded is a server on which no client holds a connection for ever.
func bounded(handler http.Handler) *http.Server {
	return &http.Server{
		Handler: handler, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: readPatience,
		WriteTimeout: writePatience, IdleTimeout: idlePatience, MaxHeaderBytes: maxHeaderBytes,
	}
}

func (h *Host) serve(server *http.Server, listener net.Listener) {
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		h.failed <- err
	}
}

// mount puts the functions behind the template's routes.
func mount(options Options, layout *template.Template, functions map[string]edge.Deps, logs io.Writer) (*gateway.Gateway, error) {
	handlers := map[string]gateway.Handler{}
	for name, build := range edge.Functions() {
		handlers[name] = gateway.Handler(build(functions[name]))
	}
	return gateway.New(layout.Routes, handlers, options.Now, slog.New(slog.NewJSONHandler(logs, nil)))
}

// refs are the local values of what the template refers to.
func (h *Host) refs() map[string]string {
	return map[string]string{
		"Table": tableName, "OidcIssuer": h.URL + "/issuer", "OidcAudience": Audience,
		"ClaimRole": "rol", "ClaimAuthority": "opdrachtgever", "ClaimKvk": "kvk", "ClaimDesk": "bureau", "ClaimScope": "scope",
		"CorsOrigins": "", "PersonKeySecretArn": "person-keys.json",
		"FailureQueue": QueueURL(h.URL),
	}
}

// environment is what the template sets, with what Lambda adds: where the table
// is, and whom its calls come from.
func environment(values map[string]string, endpoint, user string) boot.Environment {
	added := map[string]string{
		"AWS_REGION": region, "AWS_ENDPOINT_URL_DYNAMODB": endpoint, "AWS_ACCESS_KEY_ID": user, "AWS_SECRET_ACCESS_KEY": "local",
	}
	return func(name string) string { return cmp.Or(added[name], values[name]) }
}

// personKeys reads the key that turns people into tokens from the data folder,
// or makes one; in memory it lives as long as the process.
func personKeys(options Options) (app.PersonKeys, error) {
	file := inData(options, "person-keys.json")
	if file != "" {
		if secret, err := os.ReadFile(file); err == nil {
			return persons.Parse(string(secret))
		}
	}
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails
	secret, err := json.Marshal(map[string]string{"1": base64.StdEncoding.EncodeToString(key)})
	if err != nil {
		return nil, err
	}
	if file != "" {
		if err := os.WriteFile(file, secret, 0o600); err != nil {
			return nil, err
		}
	}
	return persons.Parse(string(secret))
}

// follow feeds the table's stream to the rollup.
func (h *Host) follow(options Options, layout *template.Template, streamARN string, rollUp edge.Deps, logs io.Writer) error {
	if len(layout.Streams) != 1 || layout.Streams[0].Function != edge.StreamFunction {
		return errors.New("het sjabloon heeft niet precies één stroom, naar " + edge.StreamFunction)
	}
	var err error
	h.poller, err = stream.New(dynamodbstreams.NewFromConfig(engine.Config(h.engine.URL)), stream.Options{
		StreamARN: streamARN, Mapping: layout.Streams[0], Handler: stream.Handler(edge.RollUp(rollUp)), RepeatEvery: 10,
		PositionFile: inData(options, "stream-position.json"), Failures: h.Failures,
		Log: slog.New(slog.NewJSONHandler(logs, nil)),
	})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := h.poller.Run(ctx); err != nil {
			h.failed <- err
		}
	}()
	h.closers = append(h.closers, func() { cancel(); <-done })
	return nil
}

// Idle returns when everything written so far is in the figures.
func (h *Host) Idle(ctx context.Context) error { return h.poller.Idle(ctx) }

// Failed gives what ended a part of the house.
func (h *Host) Failed() <-chan error { return h.failed }

// EngineEnded is closed when the engine is gone.
func (h *Host) EngineEnded() <-chan struct{} { return h.engine.Done() }

// Stop ends everything, in the reverse order, and leaves no process behind.
func (h *Host) Stop() {
	if h.server != nil {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		_ = h.server.Shutdown(ctx)
		cancel()
	}
	for i := len(h.closers) - 1; i >= 0; i-- {
		h.closers[i]()
	}
	if h.engine != nil {
		h.engine.Stop()
	}
}

// isIssuer tells whether a path is the issuer's.
func isIssuer(path string) bool { return strings.HasPrefix(path, "/issuer/") }
