// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"context"
	"crypto"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
)

const (
	refetchAfter = time.Minute      // between two fetches, however many unknown keys come by
	emptyAfter   = 5 * time.Second  // instead of that, where there are no keys yet
	freshFor     = 10 * time.Minute // then keys are fetched again, so that one that was removed goes
	keptFor      = 24 * time.Hour   // keys of an issuer that is out
	fetchWithin  = 3 * time.Second  // configuration and keys together
)

// issuerKeys are the keys that an issuer publishes, as far as they are known
// here. They are fetched when a token needs one that is not known, and again
// when they are no longer fresh; by one caller at a time, at most once a minute,
// within a bounded time. While that lasts, and while the issuer is out, tokens
// under known keys go on; the others wait for what the fetch brings.
type issuerKeys struct {
	issuer string
	client *http.Client
	now    func() time.Time

	mutex    sync.Mutex
	address  string        // of the key set, as the configuration says; empty: ask for that first
	keys     publicKeys    // nil: none yet
	fetched  time.Time     // when keys were had
	asked    time.Time     // when the last fetch began
	underway chan struct{} // closed when the fetch that is under way has ended; nil: none is
	failure  error         // of the last fetch
}

func newIssuerKeys(issuer string, client *http.Client, now func() time.Time) *issuerKeys {
	strict := *client
	strict.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &issuerKeys{issuer: issuer, client: &strict, now: now}
}

// of gives the keys with an id, all of them for an empty id, and none for one
// that the issuer does not publish. It returns an error where that cannot be told:
// there are no keys, or the last fetch failed.
func (k *issuerKeys) of(ctx context.Context, id string) ([]crypto.PublicKey, error) {
	for tried := false; ; tried = true {
		known, underway, mine, failure := k.look(id, !tried)
		switch {
		case mine:
			k.fetch(ctx, underway)
		case len(known) > 0:
			return known, nil
		case underway != nil && !tried:
			select {
			case <-underway:
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		default:
			return nil, failure
		}
	}
}

// look finds keys and decides whether the caller, if it can, must fetch them (mine).
func (k *issuerKeys) look(id string, can bool) (known []crypto.PublicKey, underway chan struct{}, mine bool, failure error) {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	now := k.now()
	if now.Sub(k.fetched) >= keptFor {
		k.keys = nil
	}
	known = k.keys[id]
	patience := refetchAfter
	if k.keys == nil {
		patience = emptyAfter
	}
	wanted := len(known) == 0 || now.Sub(k.fetched) >= freshFor
	if mine = can && wanted && k.underway == nil && now.Sub(k.asked) >= patience; mine {
		k.asked, k.underway = now, make(chan struct{})
	}
	return known, k.underway, mine, k.failure
}

// fetch fetches the keys, for whoever waits too: it does not end with its caller.
func (k *issuerKeys) fetch(ctx context.Context, underway chan struct{}) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), fetchWithin)
	defer cancel()
	address, keys, err := k.published(ctx)
	k.mutex.Lock()
	defer k.mutex.Unlock()
	k.address, k.failure, k.underway = address, err, nil
	if err == nil {
		k.keys, k.fetched = keys, k.now()
	}
	close(underway)
}

// published asks the issuer where its keys are, unless that is known, and for
// the keys. Where it fails the address is empty, so that the next one asks again.
func (k *issuerKeys) published(ctx context.Context) (address string, keys publicKeys, err error) {
	if address = k.address; address == "" {
		if address, err = k.discover(ctx); err != nil {
			return "", nil, fmt.Errorf("edge: the issuer's configuration: %w", err)
		}
	}
	body, err := k.get(ctx, address, maxKeySetBytes)
	if err == nil {
		keys, err = parseKeys(body)
	}
	if err != nil {
		return "", nil, fmt.Errorf("edge: the issuer's keys: %w", err)
	}
	return address, keys, nil
}

var (
	errIssuer        = errors.New("edge: the issuer answers otherwise than with 200")
	errLong          = errors.New("edge: the issuer's answer is too long")
	errConfiguration = errors.New("edge: not the configuration of this issuer, or its keys are not where they are safe")
)

// discover reads the configuration (OpenID Connect Discovery 1.0, 4.2 and 4.3):
// it must be this issuer's, and an issuer over TLS has its keys there too.
func (k *issuerKeys) discover(ctx context.Context) (string, error) {
	body, err := k.get(ctx, strings.TrimSuffix(k.issuer, "/")+"/.well-known/openid-configuration", maxConfigurationBytes)
	if err != nil {
		return "", err
	}
	var found struct {
		Issuer string `json:"issuer"`
		Keys   string `json:"jwks_uri"`
	}
	const tls = "https://"
	if json.Unmarshal(body, &found) != nil || found.Issuer != k.issuer || found.Keys == "" ||
		strings.HasPrefix(k.issuer, tls) && !strings.HasPrefix(found.Keys, tls) {
		return "", errConfiguration
	}
	return found.Keys, nil
}

func (k *issuerKeys) get(ctx context.Context, address string, most int64) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return nil, err
	}
	answer, err := k.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, errIssuer
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, most+1))
	if err == nil && int64(len(body)) > most {
		err = errLong
	}
	return body, err
}

// signature checks the signature of one token. Why it could not be told is in
// failure: the library keeps no cause.
type signature struct {
	keys    *issuerKeys
	failure error
}

var errSignature = errors.New("edge: under no key of the issuer")

// VerifySignature gives the payload of a token whose signature is the issuer's.
func (s *signature) VerifySignature(ctx context.Context, token string) ([]byte, error) {
	keys, err := s.keys.of(ctx, keyID(token))
	if err != nil {
		s.failure = err
		return nil, err
	}
	if len(keys) == 0 {
		return nil, errSignature
	}
	return (&oidc.StaticKeySet{PublicKeys: keys}).VerifySignature(ctx, token)
}

// keyID is the id of the key in the header of a token; empty where it has none.
func keyID(token string) string {
	header, _, _ := strings.Cut(token, ".")
	var named struct {
		ID string `json:"kid"`
	}
	decoded, err := base64.RawURLEncoding.DecodeString(header)
	if err != nil || json.Unmarshal(decoded, &named) != nil {
		return ""
	}
	return named.ID
}
