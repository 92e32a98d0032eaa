// SPDX-License-Identifier: EUPL-1.2

package child_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"socialreturn/infra/local/child"
)

func run(t *testing.T, script string, environment []string) *child.Process {
	t.Helper()
	process, err := child.Start("/bin/sh", []string{"-c", script}, environment)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { process.Stop(time.Second) })
	return process
}

func TestEndedTellsHowAndWhatWasPrinted(t *testing.T) {
	for script, want := range map[string]string{
		"echo een; echo twee >&2": "gestopt: een\ntwee",
		"echo kapot >&2; exit 3":  "gestopt (exit status 3): kapot",
	} {
		if err := run(t, script, nil).Ended(); err.Error() != want {
			t.Errorf("%s: %q, want %q", script, err, want)
		}
	}
}

func TestEnvironmentIsExactlyWhatIsGiven(t *testing.T) {
	t.Setenv("OURS", "leaks")
	process := run(t, `echo "$OURS/$THEIRS"`, []string{"THEIRS=given"})
	<-process.Done()
	if got := strings.TrimSpace(process.Output()); got != "/given" {
		t.Errorf("the child sees %q", got)
	}
}

func TestOutputOfAGrandchildDoesNotHoldUpTheEnd(t *testing.T) {
	began := time.Now()
	process := run(t, "sleep 30 & exit 0", os.Environ())
	<-process.Done()
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("took %v", took)
	}
}
