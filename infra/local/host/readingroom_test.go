// SPDX-License-Identifier: EUPL-1.2

package host

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"socialreturn/infra/local/issuer"
)

func TestTheReadingRoomAddsATokenAndNothingElse(t *testing.T) {
	t.Parallel()
	signs, err := issuer.New("http://127.0.0.1/issuer", "socialreturn", "", time.Now)
	if err != nil {
		t.Fatal(err)
	}
	var asked *http.Request
	room := &readingRoom{issuer: signs, reader: issuer.Claims{Subject: "leeszaal", Role: "auditor"}, api: http.HandlerFunc(
		func(_ http.ResponseWriter, r *http.Request) { asked = r },
	)}
	request := httptest.NewRequest(http.MethodGet, ReadingRoom+"jaarrapporten/2022?gebied=GM0200", http.NoBody)
	request.Host = "127.0.0.1:8080"
	request.Header.Set("Cookie", "anders")
	room.ServeHTTP(httptest.NewRecorder(), request)
	if asked == nil || asked.URL.Path != "/v1/jaarrapporten/2022" || asked.URL.RawQuery != "gebied=GM0200" || asked.Method != http.MethodGet {
		t.Fatalf("asked %+v", asked)
	}
	if !strings.HasPrefix(asked.Header.Get("Authorization"), "Bearer ey") || asked.Header.Get("Accept") != "text/html" || len(asked.Header) != 2 {
		t.Fatalf("headers %v", asked.Header)
	}
	asked = nil
	request.Host = "elders.example:8080"
	refused := httptest.NewRecorder()
	room.ServeHTTP(refused, request)
	if refused.Code != http.StatusNotFound || asked != nil {
		t.Fatalf("under another name: %d", refused.Code)
	}
	request.Host, request.Method = "127.0.0.1:8080", http.MethodPost
	refused = httptest.NewRecorder()
	room.ServeHTTP(refused, request)
	if refused.Code != http.StatusMethodNotAllowed || asked != nil {
		t.Fatalf("a command: %d", refused.Code)
	}
}
