// SPDX-License-Identifier: EUPL-1.2

package queue_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"socialreturn/infra/local/queue"
)

func open(t *testing.T, file string) *queue.Queue {
	t.Helper()
	q, err := queue.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// ask does one operation and gives the answer.
func ask(t *testing.T, q *queue.Queue, operation, body string, signed bool) (int, string) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader(body))
	r.Header.Set("X-Amz-Target", queue.Target+operation)
	if signed {
		r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=x")
	}
	w := httptest.NewRecorder()
	q.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

func TestMessagesSurviveARestartAndATornWrite(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "failures.jsonl")
	q := open(t, file)
	for i := range 3 {
		if err := q.Send(t.Context(), i); err != nil {
			t.Fatal(err)
		}
	}
	_, answer := ask(t, q, "ReceiveMessage", `{"VisibilityTimeout":60}`, true)
	handle := strings.Split(answer, `"`)[9]
	if code, _ := ask(t, q, "DeleteMessage", fmt.Sprintf(`{"ReceiptHandle":%q}`, handle), true); code != http.StatusOK {
		t.Fatalf("delete: %d after %s", code, answer)
	}
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, append(content, `{"id":"half`...), 0o600); err != nil {
		t.Fatal(err)
	}
	q = open(t, file)
	if err := q.Send(t.Context(), 3); err != nil {
		t.Fatal(err)
	}
	if got := open(t, file).Bodies(); !slices.Equal(got, []string{"1", "2", "3"}) {
		t.Errorf("after the restart %v", got)
	}
}

func TestAtMostTenAtOnce(t *testing.T) {
	t.Parallel()
	q := open(t, "")
	for i := range 12 {
		if err := q.Send(t.Context(), i); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []int{10, 2, 0} {
		_, answer := ask(t, q, "ReceiveMessage", `{"MaxNumberOfMessages":99,"VisibilityTimeout":60}`, true)
		if got := strings.Count(answer, "MessageId"); got != want {
			t.Errorf("received %d, want %d", got, want)
		}
	}
}

func TestWhatIsNoCallOfOursIsRefused(t *testing.T) {
	t.Parallel()
	q := open(t, "")
	for name, call := range map[string]struct {
		operation, body string
		signed          bool
	}{
		"not signed":        {"SendMessage", `{"MessageBody":"x"}`, false},
		"no JSON":           {"SendMessage", `{`, true},
		"another operation": {"PurgeQueue", `{}`, true},
	} {
		if code, _ := ask(t, q, call.operation, call.body, call.signed); code != http.StatusBadRequest {
			t.Errorf("%s: %d", name, code)
		}
	}
	if len(q.Bodies()) != 0 {
		t.Errorf("the queue holds %v", q.Bodies())
	}
}

func TestUnusableFilesAreRefused(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	broken := filepath.Join(folder, "broken.jsonl")
	if err := os.WriteFile(broken, []byte("{\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{broken, folder} {
		if _, err := queue.Open(file); err == nil {
			t.Errorf("%s is opened", file)
		}
	}
	gone := open(t, filepath.Join(folder, "gone", "x.jsonl"))
	if err := gone.Send(t.Context(), 1); err == nil || len(gone.Bodies()) != 0 {
		t.Errorf("a message that is not on disk counts as sent: %v", err)
	}
}
