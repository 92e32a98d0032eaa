// SPDX-License-Identifier: EUPL-1.2

package host

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"socialreturn/infra/local/gateway"
)

// No client holds a connection for ever, and no header is larger than in the
// cloud; the library adds four KiB of its own to that.
func TestAConnectionIsBounded(t *testing.T) {
	server := httptest.NewUnstartedServer(nil)
	server.Config = bounded(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ja") }))
	server.Start()
	t.Cleanup(server.Close)
	for length, want := range map[int]int{maxHeaderBytes - 1<<10: http.StatusOK, maxHeaderBytes + 4<<10: http.StatusRequestHeaderFieldsTooLarge} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("X-Lang", strings.Repeat("x", length))
		answer, err := server.Client().Do(request)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != want {
			t.Errorf("a header of %d bytes: %d, want %d", length, answer.StatusCode, want)
		}
	}
	c := server.Config
	for name, patience := range map[string]time.Duration{"header": c.ReadHeaderTimeout, "request": c.ReadTimeout, "answer": c.WriteTimeout, "silence": c.IdleTimeout} {
		if patience <= 0 || patience > 2*time.Minute {
			t.Errorf("%s: %s", name, patience)
		}
	}
	if c.WriteTimeout < c.ReadTimeout+gateway.Deadline {
		t.Errorf("an answer gets %s, which a function may need", c.WriteTimeout)
	}
}
