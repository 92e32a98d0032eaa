// SPDX-License-Identifier: EUPL-1.2

package engine_test

import (
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"socialreturn/infra/local/engine"
)

// TestEngineDiesWithItsParent runs this very test in a child process that is
// killed while its engine runs.
func TestEngineDiesWithItsParent(t *testing.T) {
	if os.Getenv("ENGINE_TEST_CHILD") != "" {
		started := start(t, engine.Options{})
		os.Stdout.WriteString(started.URL + "\n")
		select {}
	}
	command := exec.Command(os.Args[0], "-test.run=^TestEngineDiesWithItsParent$")
	command.Env = append(os.Environ(), "ENGINE_TEST_CHILD=1")
	output, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	line := make([]byte, 64)
	n, err := output.Read(line)
	if err != nil {
		t.Fatal(err)
	}
	url := strings.TrimSpace(string(line[:n]))
	if response, err := http.Get(url); err != nil {
		t.Fatal(err)
	} else {
		response.Body.Close()
	}
	if err := command.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = command.Wait() // killed on purpose
	for range 200 {
		response, err := http.Get(url)
		if err != nil {
			return
		}
		response.Body.Close()
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("the engine at %s outlives its parent", url)
}
