// SPDX-License-Identifier: EUPL-1.2

// Package enginetest gives a test a fresh table in a real engine.
package enginetest

import (
	"context"
	"crypto/rand"
	"net/http"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	cloud "socialreturn/infra/aws"
	"socialreturn/infra/local/engine"
	"socialreturn/infra/local/template"
	"socialreturn/internal/store/model"
)

// Variable names the environment variable with the endpoint of another engine
// to test against: a real table, DynamoDB Local, or Model.
const Variable = "DYNAMODB_TEST_ENDPOINT"

// Model is the value of the variable that stands for the in-memory model of
// internal/store/model: each Config then is a new one, which only this process
// can reach.
const Model = "model"

const tableActive = 2 * time.Minute // a real table takes a while

// New is a client and the name of an empty table, laid out as the cloud
// template says and gone after the test. It fails the test where there is no
// engine. One embedded engine serves all tests that run at the same time.
func New(t testing.TB) (*dynamodb.Client, string) {
	t.Helper()
	client := dynamodb.NewFromConfig(Config(t))
	return client, CreateTable(t, client)
}

// Config is the configuration for clients of the engine that New uses, with the
// HTTP client that reaches it; the engine stays until the test has ended.
func Config(t testing.TB) aws.Config {
	t.Helper()
	url := os.Getenv(Variable)
	switch url {
	case Model:
		t.Logf("engine: model (%s)", Variable)
		return configured("http://model.invalid", model.New(model.Options{Now: time.Now}))
	case "":
		var err error
		if url, err = shared.acquire(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(shared.release)
		t.Logf("engine: dynoxide (embedded) at %s", url)
	default:
		t.Logf("engine: %s (%s)", url, Variable)
	}
	line := &http.Transport{MaxIdleConnsPerHost: 32}
	t.Cleanup(line.CloseIdleConnections)
	return configured(url, line)
}

func configured(url string, line http.RoundTripper) aws.Config {
	config := engine.Config(url)
	config.HTTPClient = &http.Client{Transport: line}
	return config
}

// CreateTable makes an empty table as the cloud template says, for this test
// only, and returns its name.
func CreateTable(t testing.TB, client *dynamodb.Client) string {
	t.Helper()
	layout, err := template.Parse(cloud.Template)
	if err != nil {
		t.Fatal(err)
	}
	name := "test-" + rand.Text()
	ctx := t.Context()
	if _, err := client.CreateTable(ctx, layout.Table(name)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), tableActive)
		defer cancel()
		if _, err := client.DeleteTable(ctx, &dynamodb.DeleteTableInput{TableName: &name}); err != nil {
			t.Errorf("table %s stays behind: %v", name, err)
		}
	})
	exists := dynamodb.NewTableExistsWaiter(client, func(options *dynamodb.TableExistsWaiterOptions) {
		options.MinDelay = 5 * time.Millisecond
	})
	if err := exists.Wait(ctx, &dynamodb.DescribeTableInput{TableName: &name}, tableActive); err != nil {
		t.Fatal(err)
	}
	if _, err := client.UpdateTimeToLive(ctx, layout.TimeToLive(name)); err != nil {
		t.Fatal(err)
	}
	return name
}

// sharedEngine runs while at least one test uses it: no test binary leaves an
// engine behind, on any system.
type sharedEngine struct {
	mutex   sync.Mutex
	users   int
	running *engine.Engine
}

var shared sharedEngine

func (s *sharedEngine) acquire() (string, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.users == 0 {
		started, err := engine.Start(context.Background(), engine.Options{})
		if err != nil {
			return "", err
		}
		s.running = started
	}
	s.users++
	return s.running.URL, nil
}

func (s *sharedEngine) release() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.users--
	if s.users == 0 {
		s.running.Stop()
	}
}
