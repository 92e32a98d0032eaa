// SPDX-License-Identifier: EUPL-1.2

// Package engine runs dynoxide, a DynamoDB-compatible server in one small
// binary, as a child process that listens on this machine only.
package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"socialreturn/infra/local/child"
)

const (
	startPatience = 10 * time.Second
	stopPatience  = 5 * time.Second
	startAttempts = 3 // another program may take the free port first
)

// ErrMissing reports that no dynoxide binary was found.
var ErrMissing = errors.New("engine: dynoxide niet gevonden: draai `make engine` (Linux x64), of zet DYNOXIDE op het pad van een dynoxide")

// Options says how to run the engine.
type Options struct {
	File     string        // the database; empty keeps everything in memory
	Binary   string        // the dynoxide to run; empty finds it, see Find
	Patience time.Duration // between asking it to end and killing it; 0 for five seconds
}

// Engine is a running engine.
type Engine struct {
	URL      string // where it answers
	process  *child.Process
	patience time.Duration
}

// Find is the path of the dynoxide binary: DYNOXIDE in the environment, else
// the npm package under infra/local of the module around the working folder.
// Its error is ErrMissing.
func Find() (string, error) {
	if binary := os.Getenv("DYNOXIDE"); binary != "" {
		return binary, nil
	}
	folder, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("%w (%w)", ErrMissing, err)
	}
	for {
		binary := filepath.Join(folder, "infra", "local", "node_modules", "@dynoxide", "linux-x64", "dynoxide")
		if _, err := os.Stat(binary); err == nil {
			return binary, nil
		}
		parent := filepath.Dir(folder)
		if parent == folder {
			return "", ErrMissing
		}
		folder = parent
	}
}

// Start runs the engine on a free port and returns when it answers. It ends
// with Stop, and on Linux with this process, however that ends.
func Start(ctx context.Context, options Options) (*Engine, error) {
	options.Patience = cmp.Or(options.Patience, stopPatience)
	if options.Binary == "" {
		binary, err := Find()
		if err != nil {
			return nil, err
		}
		options.Binary = binary
	}
	var fault error
	for range startAttempts {
		started, err := start(ctx, options)
		if err == nil {
			return started, nil
		}
		fault = err
		if errors.Is(err, os.ErrNotExist) || errors.Is(err, os.ErrPermission) || ctx.Err() != nil {
			break
		}
	}
	return nil, fault
}

func start(ctx context.Context, options Options) (*Engine, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	arguments := []string{"serve", "--host", "127.0.0.1", "--port", strconv.Itoa(port)}
	if options.File != "" {
		arguments = append(arguments, "--db-path", options.File)
	}
	process, err := child.Start(options.Binary, arguments, nil)
	if err != nil {
		return nil, fmt.Errorf("engine: %w", err)
	}
	engine := &Engine{URL: fmt.Sprintf("http://127.0.0.1:%d", port), process: process, patience: options.Patience}
	if err := engine.await(ctx); err != nil {
		engine.Stop()
		return nil, fmt.Errorf("engine: %s antwoordt niet: %w", options.Binary, err)
	}
	return engine, nil
}

// await returns when the engine answers, or says why it never will.
func (e *Engine) await(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, e.URL, nil)
		if err != nil {
			return err
		}
		if response, err := http.DefaultClient.Do(request); err == nil {
			return response.Body.Close()
		}
		select {
		case <-e.process.Done():
			return e.process.Ended()
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(2 * time.Millisecond):
		}
	}
}

// Stop ends the engine, politely first, and returns when it has ended. It may
// be called more than once.
func (e *Engine) Stop() { e.process.Stop(e.patience) }

// Done is closed when the engine has ended, asked or not.
func (e *Engine) Done() <-chan struct{} { return e.process.Done() }

// Config points clients of DynamoDB and its streams at an endpoint. The region
// and the credentials are those of the environment, else made up: a local
// engine asks for none.
func Config(url string) aws.Config {
	return aws.Config{
		Region:       cmp.Or(os.Getenv("AWS_REGION"), "eu-central-1"),
		BaseEndpoint: &url,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{
				AccessKeyID:     cmp.Or(os.Getenv("AWS_ACCESS_KEY_ID"), "local"),
				SecretAccessKey: cmp.Or(os.Getenv("AWS_SECRET_ACCESS_KEY"), "local"),
				SessionToken:    os.Getenv("AWS_SESSION_TOKEN"),
			}, nil
		}),
	}
}

func freePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("engine: geen vrije poort: %w", err)
	}
	return listener.Addr().(*net.TCPAddr).Port, listener.Close()
}
