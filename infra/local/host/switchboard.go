// SPDX-License-Identifier: EUPL-1.2

package host

import (
	"net/http"
	"strings"
	"sync/atomic"

	"socialreturn/infra/local/gateway"
	"socialreturn/infra/local/issuer"
)

// switchboard sends requests to the issuer, the reading room or the API. The issuer answers
// first: the services fetch its keys while they are wired.
type switchboard struct {
	issuer *issuer.Issuer
	reader issuer.Claims
	api    atomic.Pointer[gateway.Gateway]
}

func (s *switchboard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	api := s.api.Load()
	switch {
	case isIssuer(r.URL.Path):
		s.issuer.ServeHTTP(w, r)
	case api == nil:
		w.WriteHeader(http.StatusServiceUnavailable)
	case strings.HasPrefix(r.URL.Path, ReadingRoom):
		(&readingRoom{issuer: s.issuer, reader: s.reader, api: api}).ServeHTTP(w, r)
	default:
		api.ServeHTTP(w, r)
	}
}
