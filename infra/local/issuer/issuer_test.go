// SPDX-License-Identifier: EUPL-1.2

package issuer_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"

	"socialreturn/infra/local/issuer"
)

const audience = "socialreturn"

var (
	noon       = time.Date(2026, 3, 12, 12, 0, 0, 0, time.UTC)
	consultant = issuer.Claims{Subject: "u-1", Role: "consulent", Authorities: []string{"GM0200", "GM0150"}, Desk: "AM06", Scope: "sroi"}
)

// serve mounts a fresh issuer under /issuer of a server of its own.
func serve(t *testing.T, keyFile string) (*issuer.Issuer, string) {
	t.Helper()
	var mounted *issuer.Issuer
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { mounted.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	address := server.URL + "/issuer"
	var err error
	mounted, err = issuer.New(address, audience, keyFile, func() time.Time { return noon })
	if err != nil {
		t.Fatal(err)
	}
	return mounted, address
}

func token(t *testing.T, i *issuer.Issuer) string {
	t.Helper()
	signed, err := i.Token(consultant, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

// verify checks a token as production does.
func verify(t *testing.T, address, audience, token string, now time.Time) (*oidc.IDToken, error) {
	t.Helper()
	provider, err := oidc.NewProvider(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	config := &oidc.Config{ClientID: audience, Now: func() time.Time { return now }}
	return provider.Verifier(config).Verify(t.Context(), token)
}

func TestTokenIsWhatItsVerifierExpects(t *testing.T) {
	mounted, address := serve(t, "")
	verified, err := verify(t, address, audience, token(t, mounted), noon)
	if err != nil {
		t.Fatal(err)
	}
	if verified.Subject != "u-1" || !verified.IssuedAt.Equal(noon) || !verified.Expiry.Equal(noon.Add(time.Hour)) {
		t.Errorf("token is %+v", verified)
	}
	var got map[string]any
	if err := verified.Claims(&got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"iss": address, "aud": audience, "sub": "u-1", "iat": float64(noon.Unix()), "exp": float64(noon.Add(time.Hour).Unix()),
		"rol": "consulent", "opdrachtgever": []any{"GM0200", "GM0150"}, "bureau": "AM06", "scope": "sroi",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("claims are %v, want %v", got, want)
	}
}

func TestVerifierRefuses(t *testing.T) {
	mounted, address := serve(t, "")
	other, _ := serve(t, "")
	good := token(t, mounted)
	tests := map[string]struct {
		token, audience string
		now             time.Time
	}{
		"too late":         {good, audience, noon.Add(time.Hour + time.Second)},
		"another audience": {good, "elders", noon},
		"another issuer":   {token(t, other), audience, noon},
		"changed":          {strings.Replace(good, ".", ".e", 1), audience, noon},
	}
	for name, test := range tests {
		if _, err := verify(t, address, test.audience, test.token, test.now); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestKeyIsKeptInItsFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "issuer.pem")
	before, address := serve(t, file)
	signed := token(t, before)
	after, err := issuer.New(address, audience, file, func() time.Time { return noon })
	if err != nil {
		t.Fatal(err)
	}
	if token(t, after) != signed {
		t.Error("another token after a restart")
	}
	about, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	if about.Mode().Perm() != 0o600 {
		t.Errorf("the key's file is %v", about.Mode())
	}
}

func TestNewRefusesAKeyThatIsNone(t *testing.T) {
	file := filepath.Join(t.TempDir(), "issuer.pem")
	for name, content := range map[string]string{
		"no PEM":    "sleutel",
		"no key":    "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
		"other PEM": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
	} {
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := issuer.New("http://127.0.0.1/issuer", audience, file, time.Now); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if _, err := issuer.New("http://127.0.0.1/issuer", audience, t.TempDir(), time.Now); err == nil {
		t.Error("a folder: accepted")
	}
}

func TestOtherPathsAreNotFound(t *testing.T) {
	_, address := serve(t, "")
	for _, path := range []string{"", "/", "/token", "/jwks/"} {
		response, err := http.Get(address + path)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != http.StatusNotFound {
			t.Errorf("%q answers %s", path, response.Status)
		}
	}
}
