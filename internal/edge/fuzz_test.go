// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"socialreturn/internal/sroi"
)

// FuzzRequest asks any route anything: it is answered or refused with a whole
// problem document, never with a fault of ours, and neither a refusal nor the log
// repeats a text that was sent.
func FuzzRequest(f *testing.F) {
	w := newWorld(f)
	w.putAuthority()
	contract := w.placed("C-F")
	tokens := map[sroi.Role]string{
		sroi.Officer: w.officer(), sroi.Supplier: w.supplier(), sroi.Consultant: w.consultant(), sroi.Auditor: w.auditor(), sroi.Administrator: w.admin(),
	}
	seedRequests(f)
	named := regexp.MustCompile(canaryName + `[^"]*"\s*:`) // a name of a field may be repeated, cut short
	f.Fuzz(func(t *testing.T, n uint8, media uint8, body, query, accept, match, key string) {
		route := allRoutes[int(n)%len(allRoutes)]
		a := ask{method: route.method, path: pathOf(route.pattern), query: query, accept: accept, match: match, key: key, body: body}
		a.path = strings.Replace(a.path, "/v1/contracten/"+strings.Repeat("a", 24), contract, 1)
		if !route.open {
			a.token = tokens[route.roles[0]]
		}
		if len(route.takes) > 0 {
			a.media = route.takes[int(media)%len(route.takes)]
		}
		w.logs.Reset()
		got, err := handler(w.deps, a.method, a.path)(t.Context(), a.event())
		if err != nil || got.StatusCode >= http.StatusInternalServerError {
			t.Fatalf("%s %s: %v %d %s", a.method, a.path, err, got.StatusCode, w.logs)
		}
		if strings.Contains(w.logs.String(), canaryName) {
			t.Fatalf("the log repeats it: %s", w.logs)
		}
		if got.StatusCode < http.StatusBadRequest {
			return
		}
		var p problem
		if json.Unmarshal([]byte(got.Body), &p) != nil || p.Code == "" || p.Detail == "" || p.Status != got.StatusCode {
			t.Fatalf("no whole problem document: %s", got.Body)
		}
		if strings.Contains(got.Body, canaryName) && !named.MatchString(body) && !strings.Contains(query, canaryName) {
			t.Fatalf("the refusal repeats it: %s", got.Body)
		}
	})
}

// seedRequests adds the samples of the cloud's events, and bodies of these tests.
func seedRequests(f *testing.F) {
	for i, route := range allRoutes {
		f.Add(uint8(i), uint8(0), "{}", "", "", "", "k")
		for _, media := range route.takes {
			if media == mediaXML {
				notice, err := os.ReadFile("../intake/testdata/gunning.xml")
				if err != nil {
					f.Fatal(err)
				}
				f.Add(uint8(i), uint8(slices.Index(route.takes, media)), string(notice), "opdrachtgever="+apeldoorn, "*/*", "", "x")
			}
			if media == mediaCSV {
				f.Add(uint8(i), uint8(slices.Index(route.takes, media)), "soort;plaatsing;gewerkte uren\nplaatsing;1;"+canaryName+"\n", "", "", `"1"`, "")
			}
		}
		for _, body := range []string{authorityBody, fmt.Sprintf(tenderBody, "x"), placementBody, extensionBody, enterpriseBody, plannedBody} {
			f.Add(uint8(i), uint8(0), body, "perPage=2&jaar=2022", "application/json;q=0.5", `"1"`, "sleutel")
		}
	}
}

// FuzzToken verifies any claims under the issuer's key: who comes out of it is
// whole and of one role; else it is refused in a sentence that repeats none of it.
func FuzzToken(f *testing.F) {
	verifier, i, c := verifying()
	header := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"ES256","kid":"k1"}`))
	for _, seed := range []claims{
		c.claimsOf("i", "inkoper", claims{"opdrachtgever": []string{apeldoorn}}), c.claimsOf("l", "opdrachtnemer", claims{"kvk": wegenbouw}),
		c.claimsOf("a", "adviseur", claims{"bureau": ourDesk, "nbf": 1.5e300}), c.claimsOf(canaryName, "x", claims{"scope": []any{nil}, "aud": []string{"socialreturn"}}),
	} {
		text, err := json.Marshal(seed)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(header, string(text), false)
		f.Add(base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","kid":["k1"]}`)), string(text), true)
	}
	if err := verifier.Prefetch(f.Context()); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, head, payload string, raw bool) {
		token := i.signed(header, payload)
		if raw {
			token = head + "." + payload
		}
		identity, err := verifier.Verify(t.Context(), token)
		if err != nil {
			if !isRefused(err) || strings.Contains(err.Error(), canaryName) {
				t.Fatalf("refused with %v", err)
			}
			return
		}
		actor := identity.Actor
		whole := map[sroi.Role]bool{
			sroi.Officer: len(actor.Authorities) > 0, sroi.Auditor: len(actor.Authorities) > 0, sroi.Supplier: sroi.IsKvK(actor.Supplier),
			sroi.Consultant: deskForm.MatchString(actor.Desk), sroi.Administrator: true,
		}[actor.Role]
		if !whole || len(actor.ID) != 22 || len(actor.Authorities) > maxClaimed || len(identity.Scopes) > maxClaimed || raw {
			t.Fatalf("%+v of %s", identity, payload)
		}
		for _, id := range actor.Authorities {
			if !id.Valid() {
				t.Fatalf("an officer of %q", id)
			}
		}
	})
}

// signed is a token of a header and claims as they are, under ES256.
func (i *issuer) signed(header, payload string) string {
	return i.seal("ES256", header+"."+base64.RawURLEncoding.EncodeToString([]byte(payload)))
}

// FuzzKeySet reads any key set: what comes out are keys that are safe to check
// a signature with, each under its id and among all.
func FuzzKeySet(f *testing.F) {
	i := newIssuer()
	f.Add(publishedBy(f, i))
	f.Add([]byte(`{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"},{"kty":"EC","crv":"P-256","x":"","y":""},null,7]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		keys, err := parseKeys(data)
		if err != nil {
			if keys != nil || len(err.Error()) > 200 {
				t.Fatalf("%v with %d keys", err, len(keys))
			}
			return
		}
		if len(keys[""]) == 0 || len(keys[""]) > maxKeys {
			t.Fatalf("%d keys", len(keys[""]))
		}
		for id, named := range keys {
			for _, key := range named {
				switch key := key.(type) {
				case *rsa.PublicKey:
					if size := key.N.BitLen(); size < minRSA || size > maxRSA || key.E < 3 || key.E%2 == 0 {
						t.Fatalf("%s: an RSA key of %d bits and exponent %d", id, size, key.E)
					}
				case *ecdsa.PublicKey:
					if _, err := key.Bytes(); err != nil || key.Curve != elliptic.P256() {
						t.Fatalf("%s: no point of P-256: %v", id, err)
					}
				default:
					t.Fatalf("%s: a key of type %T", id, key)
				}
			}
		}
	})
}

// FuzzDecimal: what is read is written the same again but for the zeros at its end.
func FuzzDecimal(f *testing.F) {
	f.Add("125", uint8(0))
	f.Add("-0.5000", uint8(1))
	f.Add("99999999999999.9999", uint8(2))
	f.Add("1e1000000", uint8(3))
	units := []sroi.Unit{sroi.UnitCount, sroi.UnitPercent, sroi.UnitEuro, "fte"}
	f.Fuzz(func(t *testing.T, text string, n uint8) {
		var d decimal
		if d.UnmarshalText([]byte(text)) != nil {
			return
		}
		want := text
		if strings.Contains(text, ".") {
			want = strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
		}
		if want == "-0" {
			want = "0"
		}
		unit := units[int(n)%len(units)]
		if got := decimalOf(d.in(unit), unit).text; got != want {
			t.Fatalf("%s %s is written %s", text, unit, got)
		}
	})
}

// pathOf fills a pattern with ids that exist nowhere.
func pathOf(pattern string) string {
	return strings.NewReplacer("{periode}", "2022-Q1", "{nummer}", "1", "{gebied}", "GM0200", "{code}", "extra-arbeidsplaatsen",
		"{jaar}", "2022", "{datum}", "2016-01-01", "opdrachtgevers/{id}", "opdrachtgevers/"+zutphen,
		"rekenregels/{id}", "rekenregels/oost-nederland", "{id}", strings.Repeat("a", 24)).Replace(pattern)
}
