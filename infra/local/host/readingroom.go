// SPDX-License-Identifier: EUPL-1.2

package host

import (
	"net"
	"net/http"
	"strings"
	"time"

	"socialreturn/infra/local/issuer"
)

// ReadingRoom is where a browser on this machine reads the annual report as a
// page, and everything that its figures lead down to: a browser sends no token,
// so the room adds an auditor's. Like the issuer, it exists on one machine only.
// What the API has under /v1/ follows: /leeszaal/jaarrapporten/2022?gebied=GM0200.
const ReadingRoom = "/leeszaal/"

// readingRoom passes a reading on to the API with a token of the authority
// that it was opened for. The links of its pages are relative, so they stay in
// the room.
type readingRoom struct {
	issuer *issuer.Issuer
	reader issuer.Claims
	api    http.Handler
}

func (room *readingRoom) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	// Only this machine by its own name: another site's page cannot read here
	// through a name that it makes point at the loopback address.
	if host, _, err := net.SplitHostPort(r.Host); err != nil || host != "127.0.0.1" && host != "localhost" {
		http.NotFound(w, r)
		return
	}
	if r.Method != http.MethodGet {
		w.Header().Set("Allow", http.MethodGet)
		http.Error(w, "in de leeszaal wordt alleen gelezen", http.StatusMethodNotAllowed)
		return
	}
	token, err := room.issuer.Token(room.reader, time.Minute)
	if err != nil {
		http.Error(w, "de leeszaal heeft geen token", http.StatusInternalServerError)
		return
	}
	inside := r.Clone(r.Context())
	inside.URL.Path = "/v1/" + strings.TrimPrefix(r.URL.Path, ReadingRoom)
	inside.URL.RawPath = ""
	inside.Header = http.Header{"Authorization": {"Bearer " + token}, "Accept": {"text/html"}}
	room.api.ServeHTTP(w, inside)
}
