// SPDX-License-Identifier: EUPL-1.2

package host

import (
	"net/http"
	"strings"
	"sync/atomic"

	"socialreturn/infra/local/gateway"
	"socialreturn/infra/local/issuer"
)

// switchboard sends requests to the issuer, the reading room, what stands behind
// the house, or the API. The issuer answers
// first: the services fetch its keys while they are wired.
type switchboard struct {
	issuer *issuer.Issuer
	reader issuer.Claims
	api    atomic.Pointer[gateway.Gateway]
	behind atomic.Pointer[backstage]
}

func (s *switchboard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	api, behind := s.api.Load(), s.behind.Load()
	switch {
	case behind != nil && isBackstage(r):
		behind.ServeHTTP(w, r)
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
