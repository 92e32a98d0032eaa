// SPDX-License-Identifier: EUPL-1.2

package engine_test

import (
	"context"
	"errors"
	"log"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	cloud "socialreturn/infra/aws"
	"socialreturn/infra/local/engine"
	"socialreturn/infra/local/template"
)

func TestItemsOutliveTheEngineInAFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "socialreturn.db")
	table := "sroi"
	item := map[string]types.AttributeValue{
		"PK": &types.AttributeValueMemberS{Value: "CONTRACT#1"},
		"SK": &types.AttributeValueMemberS{Value: "HEAD"},
	}
	layout, err := template.Parse(cloud.Template)
	if err != nil {
		t.Fatal(err)
	}

	first := start(t, engine.Options{File: file})
	client := dynamodb.NewFromConfig(engine.Config(first.URL))
	if _, err := client.CreateTable(t.Context(), layout.Table(table)); err != nil {
		t.Fatal(err)
	}
	if _, err := client.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &table, Item: item}); err != nil {
		t.Fatal(err)
	}
	first.Stop()

	second := start(t, engine.Options{File: file})
	client = dynamodb.NewFromConfig(engine.Config(second.URL))
	got, err := client.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: &table, Key: item})
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Item) != len(item) {
		t.Errorf("item is %v after a restart", got.Item)
	}
}

func start(t *testing.T, options engine.Options) *engine.Engine {
	t.Helper()
	started, err := engine.Start(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(started.Stop)
	return started
}

func TestStopEndsTheEngine(t *testing.T) {
	started := start(t, engine.Options{})
	if !strings.HasPrefix(started.URL, "http://127.0.0.1:") {
		t.Errorf("listens on %s", started.URL)
	}
	started.Stop()
	started.Stop()
	select {
	case <-started.Done():
	default:
		t.Error("not done after Stop")
	}
	if response, err := http.Get(started.URL); err == nil {
		response.Body.Close()
		t.Error("still answers after Stop")
	}
}

func TestStopKillsAnEngineThatDoesNotListen(t *testing.T) {
	t.Setenv(deafVariable, "1")
	started := start(t, engine.Options{Binary: os.Args[0], Patience: 50 * time.Millisecond})
	started.Stop()
	if _, open := <-started.Done(); open {
		t.Error("not done after Stop")
	}
}

const deafVariable = "ENGINE_TEST_DEAF"

// TestMain turns the test binary into an engine that does not hear SIGTERM
// where the environment asks for one.
func TestMain(m *testing.M) {
	if os.Getenv(deafVariable) == "" {
		os.Exit(m.Run())
	}
	signal.Ignore(syscall.SIGTERM)
	address := "127.0.0.1:" + os.Args[slices.Index(os.Args, "--port")+1]
	log.Fatal(http.ListenAndServe(address, http.NotFoundHandler()))
}

func TestStartSaysWhatIsWrong(t *testing.T) {
	tests := map[string]struct {
		binary string
		want   string
	}{
		"no such binary": {filepath.Join(t.TempDir(), "dynoxide"), "start niet"},
		"ends at once":   {script(t, "echo kapot >&2; exit 3"), "kapot"},
		"not a program":  {t.TempDir(), "start niet"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := engine.Start(t.Context(), engine.Options{Binary: test.binary})
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error is %v, want %q", err, test.want)
			}
		})
	}
}

func TestStartGivesUpWithItsContext(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := engine.Start(ctx, engine.Options{Binary: script(t, "exec sleep 60")})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error is %v", err)
	}
}

func TestFind(t *testing.T) {
	t.Run("in the environment", func(t *testing.T) {
		t.Setenv("DYNOXIDE", "/opt/dynoxide")
		if got, err := engine.Find(); err != nil || got != "/opt/dynoxide" {
			t.Errorf("found %q, %v", got, err)
		}
	})
	t.Run("nowhere", func(t *testing.T) {
		t.Setenv("DYNOXIDE", "")
		t.Chdir(t.TempDir())
		_, err := engine.Find()
		if !errors.Is(err, engine.ErrMissing) || !strings.Contains(err.Error(), "make engine") {
			t.Errorf("error is %v", err)
		}
	})
}

// script is the path of a shell script that stands in for the engine.
func script(t *testing.T, lines string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "dynoxide")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+lines+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}
