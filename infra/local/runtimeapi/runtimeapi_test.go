// SPDX-License-Identifier: EUPL-1.2

package runtimeapi_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"socialreturn/infra/local/runtimeapi"
)

var bootstrap string

// TestMain builds the function once, as the cloud's are built.
func TestMain(m *testing.M) {
	os.Exit(func() int {
		folder, err := os.MkdirTemp("", "runtimeapi")
		if err != nil {
			panic(err)
		}
		defer os.RemoveAll(folder)
		bootstrap = filepath.Join(folder, "bootstrap")
		build := exec.Command("go", "build", "-tags", "lambda.norpc", "-o", bootstrap, "./testdata/echo")
		if output, err := build.CombinedOutput(); err != nil {
			fmt.Fprintln(os.Stderr, string(output))
			return 1
		}
		return m.Run()
	}())
}

func start(t *testing.T) *runtimeapi.Function {
	t.Helper()
	function, err := runtimeapi.Start(bootstrap, []string{"GIVEN=yes"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(function.Stop)
	return function
}

func TestInvoke(t *testing.T) {
	function := start(t)
	deadline := time.Now().Add(10 * time.Second).UTC().Truncate(time.Millisecond)
	ctx, cancel := context.WithDeadline(t.Context(), deadline)
	defer cancel()
	requests := make(map[string]bool)
	for range 3 {
		answer, err := function.Invoke(ctx, []byte(`{"do":"echo"}`))
		if err != nil {
			t.Fatal(err)
		}
		var got map[string]string
		if err := json.Unmarshal(answer, &got); err != nil {
			t.Fatal(err)
		}
		requests[got["request"]] = true
		if got["given"] != "yes" || got["home"] != "" || got["deadline"] != deadline.Format(time.RFC3339Nano) {
			t.Errorf("answer is %v", got)
		}
	}
	if len(requests) != 3 {
		t.Errorf("request ids are %v", requests)
	}
	function.Stop() // and with it the pipe that its output comes through
	if logs := function.Logs(); strings.Count(logs, "heard echo") != 3 {
		t.Errorf("logs are %q", logs)
	}
}

func TestInvokeOneAtATime(t *testing.T) {
	function := start(t)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			if _, err := function.Invoke(t.Context(), []byte(`{}`)); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
}

func TestFaultOfTheFunctionIsToldAndSurvived(t *testing.T) {
	function := start(t)
	_, err := function.Invoke(t.Context(), []byte(`{"do":"fail"}`))
	var fault *runtimeapi.FunctionError
	if !errors.As(err, &fault) || fault.Message != "kapot" || fault.Type != "errorString" {
		t.Errorf("error is %v", err)
	}
	if _, err := function.Invoke(t.Context(), []byte(`{}`)); err != nil {
		t.Errorf("after a fault: %v", err)
	}
}

func TestLargeAnswers(t *testing.T) {
	function := start(t)
	if _, err := function.Invoke(t.Context(), fmt.Appendf(nil, `{"size":%d}`, runtimeapi.MaximumPayload)); !errors.Is(err, runtimeapi.ErrTooLarge) {
		t.Errorf("error is %v", err)
	}
}

func TestFunctionThatEnds(t *testing.T) {
	function := start(t)
	for range 2 {
		_, err := function.Invoke(t.Context(), []byte(`{"do":"end"}`))
		if err == nil || !strings.Contains(err.Error(), "exit status 3") || !strings.Contains(err.Error(), "heard end") {
			t.Errorf("error is %v", err)
		}
	}
}

func TestFunctionThatIsTooSlowIsStopped(t *testing.T) {
	function := start(t)
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if _, err := function.Invoke(ctx, []byte(`{"do":"sleep"}`)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error is %v", err)
	}
	if _, err := function.Invoke(t.Context(), []byte(`{}`)); err == nil {
		t.Error("still answers")
	}
}

func TestStartSaysThatThereIsNoBootstrap(t *testing.T) {
	if _, err := runtimeapi.Start(filepath.Join(t.TempDir(), "bootstrap"), nil); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error is %v", err)
	}
}
