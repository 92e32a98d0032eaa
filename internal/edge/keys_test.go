// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// line is the way to an issuer: it is as slow as it is told, may answer
// otherwise than the issuer does, and keeps when the keys were asked for.
type line struct {
	*issuer
	mutex  sync.Mutex
	slow   time.Duration
	answer func(path string) (status int, body string) // nil: the issuer's
	keys   []time.Time                                 // when they were asked for
	all    int
}

func (l *line) RoundTrip(request *http.Request) (*http.Response, error) {
	l.mutex.Lock()
	l.all++
	if request.URL.Path == "/keys" {
		l.keys = append(l.keys, time.Now())
	}
	slow, answer := l.slow, l.answer
	l.mutex.Unlock()
	select {
	case <-time.After(slow):
	case <-request.Context().Done():
		return nil, request.Context().Err()
	}
	if answer == nil {
		return l.issuer.RoundTrip(request)
	}
	status, body := answer(request.URL.Path)
	return &http.Response{
		StatusCode: status, Header: http.Header{"Location": {issuerURL + "/elders"}}, Body: io.NopCloser(strings.NewReader(body)), Request: request,
	}, nil
}

func (l *line) set(slow time.Duration, answer func(string) (int, string)) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.slow, l.answer = slow, answer
}

// within runs a test in a bubble with its own clock, on a verifier and its issuer.
func within(t *testing.T, test func(t *testing.T, verifier *Tokens, l *line)) {
	t.Helper()
	signer := newIssuer() // outside: keys are slow to make
	synctest.Test(t, func(t *testing.T) {
		l := &line{issuer: signer}
		test(t, NewVerifier(testAuth, &http.Client{Transport: l}, time.Now), l)
	})
}

// token is a new one of an administrator, under a key with that id.
func (l *line) token(kid string) string {
	signer := &issuer{key: l.key, curve: l.curve, kid: kid}
	return signer.sign("RS256", claims{
		"iss": testAuth.Issuer, "aud": testAuth.Audience, "sub": rand.Text(), testAuth.RoleClaim: "beheerder",
		"iat": time.Now().Unix(), "exp": time.Now().Add(time.Hour).Unix(),
	})
}

func isRefused(err error) bool {
	_, refused := errors.AsType[TokenError](err)
	return refused
}

// A thousand tokens at once with keys of their own invention, every half minute
// for ten minutes, at an issuer that takes a second: it is asked for its keys once
// a minute at most, and tokens under known keys never wait for that.
func TestUnknownKeysDoNotHammerTheIssuer(t *testing.T) {
	t.Parallel()
	within(t, func(t *testing.T, verifier *Tokens, l *line) {
		if err := verifier.Prefetch(t.Context()); err != nil {
			t.Fatal(err)
		}
		l.set(time.Second, nil)
		start := time.Now()
		for time.Since(start) < 10*time.Minute {
			var flood sync.WaitGroup
			_, rest, _ := strings.Cut(l.token(""), ".")
			for range 1000 {
				flood.Go(func() {
					header := fmt.Sprintf(`{"alg":"RS256","kid":%q}`, rand.Text())
					text := base64.RawURLEncoding.EncodeToString([]byte(header)) + "." + rest
					if _, err := verifier.Verify(t.Context(), text); !isRefused(err) {
						t.Errorf("an unknown key: %v", err)
					}
				})
			}
			synctest.Wait() // all of them wait, or are refused
			before := time.Now()
			if _, err := verifier.Verify(t.Context(), l.token("k1")); err != nil || time.Since(before) > 0 {
				t.Fatalf("under a known key: %v after %s", err, time.Since(before))
			}
			flood.Wait()
			time.Sleep(30 * time.Second)
		}
		for i := 1; i < len(l.keys); i++ {
			if gap := l.keys[i].Sub(l.keys[i-1]); gap < time.Minute {
				t.Fatalf("the keys were asked for again after %s", gap)
			}
		}
		if len(l.keys) < 5 || len(l.keys) > 11 || l.all != len(l.keys)+1 {
			t.Fatalf("%d calls, %d for keys", l.all, len(l.keys))
		}
	})
}

// Without keys everyone waits for the one fetch, as long as it may take.
func TestASlowIssuerHoldsNobodyLongerThanAFetchMayTake(t *testing.T) {
	t.Parallel()
	within(t, func(t *testing.T, verifier *Tokens, l *line) {
		l.set(time.Hour, nil)
		var group sync.WaitGroup
		before := time.Now()
		for range 100 {
			group.Go(func() {
				if _, err := verifier.Verify(t.Context(), l.token("k1")); err == nil || isRefused(err) {
					t.Errorf("without keys: %v", err)
				}
			})
		}
		group.Wait()
		if took := time.Since(before); took != fetchWithin || l.all != 1 {
			t.Fatalf("%d calls, %s", l.all, took)
		}
		l.set(fetchWithin/3, nil)
		time.Sleep(emptyAfter)
		if _, err := verifier.Verify(t.Context(), l.token("k1")); err != nil {
			t.Fatalf("after the issuer became quicker: %v", err)
		}
		l.set(time.Hour, nil)
		time.Sleep(freshFor)
		if _, err := verifier.Verify(t.Context(), l.token("k1")); err != nil {
			t.Fatalf("under a known key, while the issuer is slow: %v", err)
		}
	})
}

// A caller who goes away takes nothing from those who wait with it.
func TestAFetchOutlivesItsCaller(t *testing.T) {
	t.Parallel()
	within(t, func(t *testing.T, verifier *Tokens, l *line) {
		l.set(time.Second, nil)
		gone, leave := context.WithCancel(t.Context())
		var group sync.WaitGroup
		group.Go(func() { _, _ = verifier.Verify(gone, l.token("k1")) })
		synctest.Wait()
		leave()
		if _, err := verifier.Verify(t.Context(), l.token("k1")); err != nil {
			t.Error(err)
		}
		group.Wait()
		impatient, leave := context.WithCancel(t.Context())
		leave()
		time.Sleep(refetchAfter)
		group.Go(func() { _, _ = verifier.Verify(t.Context(), l.token("k2")) })
		synctest.Wait()
		if _, err := verifier.Verify(impatient, l.token("k3")); err == nil || isRefused(err) {
			t.Errorf("a caller who does not wait is told %v", err)
		}
		group.Wait()
	})
}

func TestAnswersThatAreNoKeys(t *testing.T) {
	t.Parallel()
	i := newIssuer()
	configuration := func(issuer, keys string) string {
		return fmt.Sprintf(`{"issuer":%q,"jwks_uri":%q}`, issuer, keys)
	}
	published := string(publishedBy(t, i))
	for name, answer := range map[string]func(path string) (int, string){
		"a page":               func(string) (int, string) { return 200, "<html>Even geduld</html>" },
		"nothing":              func(string) (int, string) { return 200, "" },
		"an error":             func(string) (int, string) { return 500, published },
		"a redirect":           func(string) (int, string) { return 302, "" },
		"another issuer":       configured(configuration("https://elders.test", issuerURL+"/keys"), published),
		"keys without TLS":     configured(configuration(issuerURL, "http://issuer.test/keys"), published),
		"keys nowhere":         configured(configuration(issuerURL, ""), published),
		"a long configuration": configured(configuration(issuerURL, issuerURL+"/keys")+strings.Repeat(" ", maxConfigurationBytes), published),
		"half a key set":       configured(configuration(issuerURL, issuerURL+"/keys"), published[:len(published)/2]),
		"an empty key set":     configured(configuration(issuerURL, issuerURL+"/keys"), `{"keys":[]}`),
		"keys of other kinds":  configured(configuration(issuerURL, issuerURL+"/keys"), `{"keys":[{"kty":"OKP","crv":"Ed448","kid":"k1","x":"AA"},7]}`),
		"a long key set":       configured(configuration(issuerURL, issuerURL+"/keys"), published+strings.Repeat(" ", maxKeySetBytes)),
		"too many keys":        configured(configuration(issuerURL, issuerURL+"/keys"), `{"keys":[`+strings.Repeat(`{},`, maxKeys)+`{}]}`),
	} {
		t.Run(name, func(t *testing.T) {
			within(t, func(t *testing.T, verifier *Tokens, l *line) {
				l.set(0, answer)
				if err := verifier.Prefetch(t.Context()); err == nil {
					t.Fatal("taken for keys")
				}
				if _, err := verifier.Verify(t.Context(), l.token("k1")); err == nil || isRefused(err) {
					t.Fatalf("without keys: %v", err)
				}
				l.set(0, nil)
				time.Sleep(emptyAfter)
				if _, err := verifier.Verify(t.Context(), l.token("k1")); err != nil {
					t.Fatalf("after the issuer came back: %v", err)
				}
				l.set(0, answer) // and what is known stays
				time.Sleep(freshFor)
				if _, err := verifier.Verify(t.Context(), l.token("k1")); err != nil {
					t.Fatalf("a bad answer takes the good one's place: %v", err)
				}
				_, err := verifier.Verify(t.Context(), l.token("k2"))
				status, keys := answer("/keys")
				if looked := status == 200 && keys == published; err == nil || isRefused(err) != looked {
					t.Fatalf("a key that could be looked up (%v): %v", looked, err)
				}
			})
		})
	}
}

// At each bound it still works.
func TestAnswersAtTheirBounds(t *testing.T) {
	t.Parallel()
	within(t, func(t *testing.T, verifier *Tokens, l *line) {
		address := fmt.Sprintf(`{"issuer":%q,"jwks_uri":%q}`, issuerURL, issuerURL+"/keys")
		keys := strings.TrimSuffix(string(publishedBy(t, l.issuer)), "]}\n") + strings.Repeat(",{}", maxKeys-2) + "]}"
		l.set(0, configured(strings.Repeat(" ", maxConfigurationBytes-len(address))+address, strings.Repeat(" ", maxKeySetBytes-len(keys))+keys))
		if _, err := verifier.Verify(t.Context(), l.token("k1")); err != nil {
			t.Fatal(err)
		}
	})
}

func configured(configuration, keys string) func(string) (int, string) {
	return func(path string) (int, string) {
		if path == "/keys" {
			return 200, keys
		}
		return 200, configuration
	}
}

// publishedBy is the key set of an issuer, ended by a line.
func publishedBy(t testing.TB, i *issuer) []byte {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, issuerURL+"/keys", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := i.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return append(body, '\n')
}

// A new key counts within a minute. One that was withdrawn counts no longer than
// it stays fresh and a token stays known; and a day where the issuer is out.
func TestKeysComeAndGo(t *testing.T) {
	t.Parallel()
	within(t, func(t *testing.T, verifier *Tokens, l *line) {
		taken := func(token string) bool {
			_, err := verifier.Verify(t.Context(), token)
			return err == nil
		}
		if !taken(l.token("k1")) {
			t.Fatal("the first key is not taken")
		}
		l.kid = "k2" // in the place of k1
		start := time.Now()
		for !taken(l.token("k2")) {
			time.Sleep(time.Second)
		}
		if took := time.Since(start); took > time.Minute {
			t.Errorf("a new key counts after %s", took)
		}
		l.kid = "k3"
		time.Sleep(freshFor - time.Second)
		last := l.token("k2")
		if !taken(last) {
			t.Error("a key that is fresh is not taken")
		}
		time.Sleep(time.Second)
		if taken(l.token("k2")) {
			t.Error("a withdrawn key counts when the keys are no longer fresh")
		}
		time.Sleep(knownFor - 2*time.Second)
		if !taken(last) {
			t.Error("a token that was verified is forgotten too soon")
		}
		time.Sleep(time.Second)
		if taken(last) {
			t.Error("a token under a withdrawn key outlives its being known")
		}
		l.down = true
		time.Sleep(keptFor - freshFor)
		if !taken(l.token("k3")) {
			t.Error("known keys while the issuer is out for most of a day")
		}
		time.Sleep(freshFor)
		if taken(l.token("k3")) {
			t.Error("keys of a day ago while the issuer is out")
		}
	})
}

// A second form of a token, as the library reads it, is none of ours.
func TestOnlyTheShortFormOfATokenIsRead(t *testing.T) {
	t.Parallel()
	within(t, func(t *testing.T, verifier *Tokens, l *line) {
		part := strings.Split(l.token("k1"), ".")
		long, err := json.Marshal(map[string]string{"protected": part[0], "payload": part[1], "signature": part[2]})
		if err != nil {
			t.Fatal(err)
		}
		for _, token := range []string{string(long), string(bytes.ReplaceAll(long, []byte(`{`), []byte(`{"x":"..",`)))} {
			if _, err := verifier.Verify(t.Context(), token); !isRefused(err) {
				t.Errorf("%.20s… is taken: %v", token, err)
			}
		}
	})
}
