// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"socialreturn/internal/sroi"
)

// verifying is a verifier of one issuer, under a clock.
func verifying() (*Tokens, *issuer, *clock) {
	c := &clock{}
	c.set("2022-07-04")
	i := newIssuer()
	return NewVerifier(testAuth, &http.Client{Transport: i}, c.now), i, c
}

func TestTokensThatAreRefused(t *testing.T) {
	t.Parallel()
	verifier, i, c := verifying()
	officer := func(more claims) claims {
		all := c.claimsOf("inkoper-1", "inkoper", claims{"opdrachtgever": []string{apeldoorn}})
		for name, value := range more {
			all[name] = value
			if value == nil {
				delete(all, name)
			}
		}
		return all
	}
	now := c.now().Unix()
	hmacToken := func() string {
		text := strings.Join(strings.Split(i.sign("HS256", officer(nil)), ".")[:2], ".")
		mac := hmac.New(sha256.New, x509.MarshalPKCS1PublicKey(&i.key.PublicKey))
		mac.Write([]byte(text))
		return text + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
	}
	unsigned := func() string {
		return strings.Join(strings.Split(i.sign("none", officer(nil)), ".")[:2], ".") + "."
	}
	for name, row := range map[string]struct{ token, want string }{
		"none":                  {unsigned(), "niet geldig"},
		"HMAC with public key":  {hmacToken(), "niet geldig"},
		"other algorithm":       {i.sign("RS512", officer(nil)), "niet geldig"},
		"other issuer":          {i.sign("RS256", officer(claims{"iss": "https://elders.test"})), "niet geldig"},
		"other audience":        {i.sign("RS256", officer(claims{"aud": "iets-anders"})), "niet geldig"},
		"no audience":           {i.sign("RS256", officer(claims{"aud": nil})), "niet geldig"},
		"expired":               {i.sign("RS256", officer(claims{"exp": now - 1})), "verlopen"},
		"without an end":        {i.sign("RS256", officer(claims{"exp": nil})), "verlopen"},
		"not yet":               {i.sign("RS256", officer(claims{"nbf": now + 61})), "nog niet"},
		"made in the future":    {i.sign("RS256", officer(claims{"iat": now + 61})), "nog niet"},
		"without a subject":     {i.sign("RS256", officer(claims{"sub": ""})), "geen gebruiker"},
		"without a role":        {i.sign("RS256", officer(claims{"rol": nil})), "rol"},
		"of an unknown role":    {i.sign("RS256", officer(claims{"rol": "burgemeester"})), "rol"},
		"of two roles":          {i.sign("RS256", officer(claims{"rol": []string{"inkoper", "adviseur"}})), "rol"},
		"of a role in numbers":  {i.sign("RS256", officer(claims{"rol": 7})), "rol"},
		"without an authority":  {i.sign("RS256", officer(claims{"opdrachtgever": nil})), "opdrachtgever"},
		"with a bad authority":  {i.sign("RS256", officer(claims{"opdrachtgever": []string{apeldoorn, "12"}})), "opdrachtgever"},
		"with an odd authority": {i.sign("RS256", officer(claims{"opdrachtgever": claims{"a": 1}})), "opdrachtgever"},
		"with odd scopes":       {i.sign("RS256", officer(claims{"scope": 1})), "scope"},
		"a supplier's bad KvK":  {i.sign("RS256", c.claimsOf("l", "opdrachtnemer", claims{"kvk": "0812345"})), "kvk"},
		"a supplier's two KvKs": {i.sign("RS256", c.claimsOf("l", "opdrachtnemer", claims{"kvk": []string{wegenbouw, schilders}})), "kvk"},
		"a supplier without":    {i.sign("RS256", c.claimsOf("l", "opdrachtnemer", nil)), "kvk"},
		"a consultant without":  {i.sign("RS256", c.claimsOf("a", "adviseur", nil)), "bureau"},
		"a desk with a hash":    {i.sign("RS256", c.claimsOf("a", "adviseur", claims{"bureau": "a#b"})), "bureau"},
		"too long":              {i.sign("RS256", officer(claims{"x": strings.Repeat("x", maxToken)})), "te lang"},
		"other text":            {"a.b.c", "niet geldig"},
	} {
		_, err := verifier.Verify(t.Context(), row.token)
		refused, ok := errors.AsType[TokenError](err)
		if !ok || !strings.Contains(string(refused), row.want) {
			t.Errorf("%s: %v, want a refusal with %q", name, err, row.want)
		}
	}
}

func TestTokensThatAreTaken(t *testing.T) {
	t.Parallel()
	verifier, i, c := verifying()
	now := c.now().Unix()
	for name, row := range map[string]struct {
		claims claims
		role   sroi.Role
	}{
		"an officer":             {c.claimsOf("i", "inkoper", claims{"opdrachtgever": apeldoorn}), sroi.Officer},
		"an officer of two":      {c.claimsOf("i", "inkoper", claims{"opdrachtgever": []string{apeldoorn, zutphen}}), sroi.Officer},
		"roles of other systems": {c.claimsOf("i", "", claims{"rol": []string{"medewerker", "inkoper"}, "opdrachtgever": apeldoorn}), sroi.Officer},
		"a clock a bit behind":   {c.claimsOf("i", "inkoper", claims{"opdrachtgever": apeldoorn, "nbf": now + 59, "iat": now + 59}), sroi.Officer},
		"a supplier":             {c.claimsOf("l", "opdrachtnemer", claims{"kvk": wegenbouw}), sroi.Supplier},
		"a consultant":           {c.claimsOf("a", "adviseur", claims{"bureau": ourDesk}), sroi.Consultant},
		"an administrator":       {c.claimsOf("b", "beheerder", nil), sroi.Administrator},
	} {
		identity, err := verifier.Verify(t.Context(), i.sign("RS256", row.claims))
		if err != nil || identity.Actor.Role != row.role || len(identity.Actor.ID) != 22 || len(identity.Scopes) != 2 {
			t.Errorf("%s: %+v %v", name, identity, err)
		}
	}
	one, _ := verifier.Verify(t.Context(), i.sign("RS256", c.claimsOf("b-1", "beheerder", nil)))
	other, _ := verifier.Verify(t.Context(), i.sign("RS256", c.claimsOf("b-2", "beheerder", nil)))
	if one.Actor.ID == other.Actor.ID {
		t.Error("two users have one pseudonym")
	}
}

func TestKnownTokenEndsWithItsTime(t *testing.T) {
	t.Parallel()
	verifier, i, c := verifying()
	token := i.sign("RS256", c.claimsOf("b", "beheerder", claims{"exp": c.now().Add(2 * time.Minute).Unix()}))
	if _, err := verifier.Verify(t.Context(), token); err != nil {
		t.Fatal(err)
	}
	c.time = c.time.Add(3 * time.Minute)
	if _, err := verifier.Verify(t.Context(), token); err == nil {
		t.Error("a token that was verified once outlives its end")
	}
}

func TestKnownTokensAreBounded(t *testing.T) {
	t.Parallel()
	verifier, _, c := verifying()
	for n := range 3 * maxTokens {
		verifier.remember(sha256.Sum256([]byte{byte(n), byte(n >> 8)}), knownToken{until: c.now().Add(time.Hour)}, c.now())
	}
	if len(verifier.known) > maxTokens {
		t.Errorf("%d tokens are remembered", len(verifier.known))
	}
}

func TestKeysAreFetchedOnceAMinute(t *testing.T) {
	t.Parallel()
	verifier, i, c := verifying()
	if err := verifier.Prefetch(t.Context()); err != nil {
		t.Fatal(err)
	}
	if i.fetches != 2 {
		t.Fatalf("prefetching asked %d times, want 2", i.fetches)
	}
	token := func() string { return i.sign("RS256", c.claimsOf(rand.Text(), "beheerder", nil)) }
	if _, err := verifier.Verify(t.Context(), token()); err != nil || i.fetches != 2 {
		t.Errorf("after prefetching: %v, %d fetches", err, i.fetches)
	}
	foreign := newIssuer()
	foreign.kid = "k2"
	c.time = c.time.Add(time.Minute - time.Second)
	for range 50 {
		if _, err := verifier.Verify(t.Context(), foreign.sign("RS256", c.claimsOf(rand.Text(), "beheerder", nil))); err == nil {
			t.Fatal("a token under an unknown key was taken")
		}
	}
	if i.fetches != 2 {
		t.Errorf("a flood of unknown keys asked %d times within the minute", i.fetches-2)
	}
	i.kid = "k2"
	c.time = c.time.Add(time.Second)
	if _, err := verifier.Verify(t.Context(), token()); err != nil {
		t.Errorf("a new key after a minute: %v", err)
	}
	if i.fetches != 3 {
		t.Errorf("a new key took %d fetches, want 1", i.fetches-2)
	}
}

func TestTheIssuerMayBeOut(t *testing.T) {
	t.Parallel()
	verifier, i, c := verifying()
	i.down = true
	token := i.sign("RS256", c.claimsOf("b", "beheerder", nil))
	if verifier.Prefetch(t.Context()) == nil {
		t.Error("prefetching from an issuer that is out succeeds")
	}
	_, err := verifier.Verify(t.Context(), token)
	if _, refused := errors.AsType[TokenError](err); refused || err == nil {
		t.Errorf("without keys: %v, want an internal error", err)
	}
	i.down = false
	c.time = c.time.Add(emptyAfter)
	if _, err := verifier.Verify(t.Context(), token); err != nil {
		t.Errorf("after the issuer came back: %v", err)
	}
	i.down = true
	c.time = c.time.Add(2 * time.Minute)
	if _, err := verifier.Verify(t.Context(), i.sign("RS256", c.claimsOf("b2", "beheerder", nil))); err != nil {
		t.Errorf("known keys while the issuer is out: %v", err)
	}
}

func TestNoKeysIsUnavailable(t *testing.T) {
	t.Parallel()
	w := newWorldOn(t, nil)
	w.issuer.down = true
	got := w.do(ask{method: "GET", path: "/v1/contracten", token: w.officer()})
	got.refused(503, "aanmelden-niet-mogelijk")
	if got.headers["Retry-After"] == "" {
		t.Error("no Retry-After")
	}
}

func TestEveryAlgorithmOfTheListIsTaken(t *testing.T) {
	t.Parallel()
	verifier, i, c := verifying()
	for _, algorithm := range algorithms {
		token := i.sign(algorithm, c.claimsOf("b-"+algorithm, "beheerder", nil))
		if _, err := verifier.Verify(t.Context(), token); err != nil {
			t.Errorf("%s: %v", algorithm, err)
		}
	}
	stranger := newIssuer()
	stranger.curve = newCurve()
	if _, err := verifier.Verify(t.Context(), stranger.sign("ES256", c.claimsOf("b", "beheerder", nil))); err == nil {
		t.Error("a signature under a key that is not the issuer's was taken")
	}
}

// pathOf fills a pattern with ids that exist nowhere.
func pathOf(pattern string) string {
	return strings.NewReplacer("{periode}", "2022-Q1", "{nummer}", "1", "{gebied}", "GM0200", "{code}", "extra-arbeidsplaatsen",
		"{jaar}", "2022", "{datum}", "2016-01-01", "opdrachtgevers/{id}", "opdrachtgevers/"+zutphen,
		"rekenregels/{id}", "rekenregels/oost-nederland", "{id}", strings.Repeat("a", 24)).Replace(pattern)
}

// TestEveryRouteForEveryRole asks each route as each role, with each scope, and
// without a token: only who may gets past the door.
func TestEveryRouteForEveryRole(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	users := map[sroi.Role]func(claims) string{
		sroi.Officer: func(c claims) string {
			return w.token("i", "inkoper", merged(c, claims{"opdrachtgever": apeldoorn}))
		},
		sroi.Supplier:   func(c claims) string { return w.token("l", "opdrachtnemer", merged(c, claims{"kvk": wegenbouw})) },
		sroi.Consultant: func(c claims) string { return w.token("a", "adviseur", merged(c, claims{"bureau": ourDesk})) },
		sroi.Auditor: func(c claims) string {
			return w.token("u", "auditor", merged(c, claims{"opdrachtgever": apeldoorn}))
		},
		sroi.Administrator: func(c claims) string { return w.token("b", "beheerder", c) },
	}
	for _, route := range allRoutes {
		at := ask{method: route.method, path: pathOf(route.pattern), bad: true, key: "k"}
		if len(route.takes) > 0 {
			at.media, at.body = route.takes[0], "{}"
		}
		if route.open {
			at.query = map[string]string{"vergelijkRekenregels": "van=2016-01-01&tot=2016-01-01"}[route.act]
			w.do(at).want(200)
			continue
		}
		w.do(at).refused(401, "token-ontbreekt")
		for role, token := range users {
			at.token = token(nil)
			got := w.do(at)
			code, _ := got.problemIfAny()
			if barred := got.status == 403 && code == "rol-mag-dit-niet"; barred == slices.Contains(route.roles, role) {
				t.Errorf("%s %s as %s: %d %s", route.method, route.pattern, role, got.status, got.text)
			}
			if slices.Contains(route.roles, role) && got.status == 500 {
				t.Errorf("%s %s as %s: %s", route.method, route.pattern, role, w.logs)
			}
			other := map[scope]string{reads: string(writes), writes: string(reads)}[route.scope]
			at.token = token(claims{"scope": other})
			refused := w.do(at)
			refused.refused(403, "scope-ontbreekt")
			if !strings.Contains(refused.headers["WWW-Authenticate"], `scope="`+string(route.scope)+`"`) {
				t.Errorf("%s: %s", route.pattern, refused.headers["WWW-Authenticate"])
			}
		}
	}
}

// TestWhoMayAskWhat holds the route table against who does what in the trade.
func TestWhoMayAskWhat(t *testing.T) {
	t.Parallel()
	const (
		watching = "inkoper adviseur auditor"
		everyone = "inkoper opdrachtnemer adviseur auditor"
	)
	allowed := map[string]string{
		"legOpdrachtgeverVast": "beheerder", "leesOpdrachtgever": "beheerder inkoper adviseur auditor", "lijstOpdrachtgevers": "adviseur",
		"registreerAanbesteding": "inkoper", "lijstAanbestedingen": watching, "leesAanbesteding": watching,
		"wijzigAanbesteding": "inkoper", "gunPerceel": "inkoper",
		"registreerContract": "inkoper", "lijstContracten": everyone, "leesContract": everyone, "leesSrVerplichting": everyone,
		"wijzigContract": "inkoper", "lijstWijzigingen": everyone, "geefOmzetOp": "inkoper opdrachtnemer", "lijstOmzetopgaven": everyone,
		"probeerRekenregel": "adviseur", "wisselRekenregel": "adviseur",
		"bewaarPlanVanAanpak": "opdrachtnemer adviseur", "leesPlanVanAanpak": everyone,
		"bereken":          "inkoper opdrachtnemer adviseur",
		"voegPlaatsingToe": "opdrachtnemer", "lijstPlaatsingen": everyone, "leesPlaatsing": everyone, "wijzigPlaatsing": "opdrachtnemer",
		"lijstPerioden": everyone, "bewaarVerantwoording": "inkoper opdrachtnemer", "leesVerantwoording": everyone,
		"dienVerantwoordingIn": "opdrachtnemer", "trekVerantwoordingIn": "opdrachtnemer", "leesVerantwoordingsjabloon": everyone,
		"beoordeelVerantwoording": "adviseur", "legInzageVast": "adviseur", "lijstVerantwoordingen": "adviseur", "corrigeer": "adviseur",
		"legIndicatorwaardeVast": "inkoper adviseur", "leesIndicatorwaarden": watching,
		"legSocialeOndernemingVast": "beheerder", "leesSocialeOnderneming": "beheerder " + everyone, "lijstSocialeOndernemingen": "beheerder " + everyone,
		"leesJaarrapport": watching, "lijstMutaties": everyone, "exporteerMutaties": watching,
		"lijstRekenregels": "", "leesRekenregel": "", "vergelijkRekenregels": "", "leesOpenapi": "",
		"leesOnderbouwing": watching, "leesCorrectie": everyone, "lijstAanbestedingMutaties": watching,
	}
	for _, route := range allRoutes {
		var roles []string
		for _, role := range route.roles {
			roles = append(roles, dictionary[roleType].dutch[string(role)])
		}
		want, known := allowed[route.act]
		if got := strings.Join(roles, " "); got != want || !known || route.open != (want == "") {
			t.Errorf("%s is for %q, want %q", route.act, got, want)
		}
		if safe := route.method == http.MethodGet || route.act == "bereken" || route.act == "probeerRekenregel"; !route.open && safe != (route.scope == reads) {
			t.Errorf("%s needs the scope %s", route.act, route.scope)
		}
	}
}

func merged(a, b claims) claims {
	all := claims{}
	for _, part := range []claims{a, b} {
		for name, value := range part {
			all[name] = value
		}
	}
	return all
}

func (a answer) problemIfAny() (code string, faults []string) {
	if a.status < 400 {
		return "", nil
	}
	return a.problem()
}

func TestRefusalsSayHowToLogIn(t *testing.T) {
	t.Parallel()
	w := newWorldOn(t, nil)
	for scheme, want := range map[string]string{"": "token-ontbreekt", "Basic YTpi": "token-ontbreekt", "Bearer": "token-ontbreekt", "bearer x": "token-ongeldig"} {
		got := w.do(ask{method: "GET", path: "/v1/contracten", headers: map[string]string{"authorization": scheme}})
		got.refused(401, want)
		if !strings.HasPrefix(got.headers["WWW-Authenticate"], "Bearer ") {
			t.Errorf("%q: %v", scheme, got.headers)
		}
	}
}

// stuck is a verifier that breaks.
type stuck struct{}

func (stuck) Verify(context.Context, string) (Identity, error) { panic(canaryName) }

func TestPanicIsAnInternalError(t *testing.T) {
	t.Parallel()
	w := newWorldOn(t, nil)
	token := w.officer()
	w.deps.Verifier = stuck{}
	w.do(ask{method: "GET", path: "/v1/contracten", token: token}).refused(500, "interne-fout")
	if logs := w.logs.String(); strings.Contains(logs, canaryName) || !strings.Contains(logs, "panic of string") {
		t.Errorf("log: %s", logs)
	}
}
