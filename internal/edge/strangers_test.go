// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// noRole is a token that names no role of ours.
const noRole = "geen"

var allRoles = []string{"inkoper", "opdrachtnemer", "adviseur", "auditor", "beheerder", noRole}

// kinds are the tokens that a stranger may try, and how each is refused; a good
// one is not refused for itself.
var kinds = []struct {
	name, code string
	make       func(o *town, c claims) string
}{
	{"valid", "", func(o *town, c claims) string { return o.issuer.sign("RS256", c) }},
	{"valid, of another algorithm", "", func(o *town, c claims) string { return o.issuer.sign("ES256", c) }},
	{"without the scope", "scope-ontbreekt", nil}, // made per operation
	{"expired", "token-ongeldig", changed(claims{"exp": -1})},
	{"not yet valid", "token-ongeldig", changed(claims{"nbf": 61})},
	{"for another audience", "token-ongeldig", changed(claims{"aud": "iets-anders"})},
	{"of another issuer", "token-ongeldig", changed(claims{"iss": "https://elders.test"})},
	{"signed by another", "token-ongeldig", func(_ *town, c claims) string { return strangersKey.sign("ES256", c) }},
	{"altered after signing", "token-ongeldig", altered},
	{"unsigned", "token-ongeldig", func(o *town, c claims) string { return signedPart(o.issuer.sign("none", c)) + "." }},
	{"signed with the public key as a secret", "token-ongeldig", confused},
	{"none", "token-ontbreekt", func(*town, claims) string { return "" }},
}

// strangersKey signs under the key id of the issuer, but is not the issuer's.
var strangersKey = newIssuer()

// changed replaces claims; a number is of seconds from now.
func changed(by claims) func(o *town, c claims) string {
	return func(o *town, c claims) string {
		c = maps.Clone(c)
		for name, value := range by {
			if seconds, ok := value.(int); ok {
				value = o.clock.now().Unix() + int64(seconds)
			}
			c[name] = value
		}
		return o.issuer.sign("RS256", c)
	}
}

func signedPart(token string) string { return token[:strings.LastIndex(token, ".")] }

// altered carries another role's claims under the signature of its own.
func altered(o *town, c claims) string {
	c = maps.Clone(c)
	own := o.issuer.sign("RS256", c)
	c["sub"] = "iemand-anders"
	return signedPart(o.issuer.sign("RS256", c)) + own[strings.LastIndex(own, "."):]
}

// confused is an HMAC under the issuer's public key as it is published.
func confused(o *town, c claims) string {
	public := pem.EncodeToMemory(&pem.Block{Type: "RSA PUBLIC KEY", Bytes: x509.MarshalPKCS1PublicKey(&o.issuer.key.PublicKey)})
	text := signedPart(o.issuer.sign("HS256", c))
	mac := hmac.New(sha256.New, public)
	mac.Write([]byte(text))
	return text + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// stranger makes the tokens of a role in the own place, each kind once.
type stranger struct {
	town   *town
	tokens map[string]string
}

func (s *stranger) token(kind int, role string, needed scope) string {
	name := fmt.Sprint(kind, role, needed)
	if token, made := s.tokens[name]; made {
		return token
	}
	p, scopes := s.town.places[ownPlace], "socialreturn:lezen socialreturn:schrijven"
	sign := kinds[kind].make
	if sign == nil {
		scopes = map[scope]string{reads: string(writes), writes: string(reads)}[needed]
		sign = kinds[0].make
	}
	named := role
	if role == noRole {
		named = "burgemeester"
	}
	s.tokens[name] = sign(s.town, s.town.clock.claimsOf(subjectOf(role, p), named, merged(claimsOf(role, p), claims{"scope": scopes})))
	return s.tokens[name]
}

func merged(a, b claims) claims {
	all := maps.Clone(a)
	if all == nil {
		all = claims{}
	}
	maps.Copy(all, b)
	return all
}

// operations are those of the document: method and path pattern by operationId.
func operations() map[string][2]string {
	all := map[string][2]string{}
	for path, item := range contractDocument().Paths.Map() {
		for method, operation := range item.Operations() {
			all[operation.OperationID] = [2]string{method, "/v1" + path}
		}
	}
	return all
}

// TestEveryOperationHasADuty holds the table of duties against the document:
// nothing is left out, everything asks what it says, and where the document
// names roles in words, they are those.
func TestEveryOperationHasADuty(t *testing.T) {
	t.Parallel()
	described := operations()
	for act, at := range described {
		d, ok := duties[act]
		if !ok {
			t.Errorf("%s %s (%s) has no duty: say in duties_test.go who may ask it, and how", at[0], at[1], act)
			continue
		}
		a := d.ask(place{authority: apeldoorn, area: "GM0200", open: "/v1/aanbestedingen/x", contract: "/v1/contracten/x",
			plain: "/v1/contracten/x", turnover: "/v1/contracten/x", corrected: "/v1/contracten/x/correcties/x"})
		if got := closedContract().Operation(a.method, a.path); got != act {
			t.Errorf("the duty of %s asks %s", act, got)
		}
		operation := contractDocument().Paths.Value(strings.TrimPrefix(at[1], "/v1")).GetOperation(at[0])
		if named := rolesIn(operation.Description); len(named) > 0 && !slices.Equal(named, rolesIn("Voor "+d.roles)) {
			t.Errorf("%s is for %s, described as for %v", act, d.roles, named)
		}
		if open := len(*operation.Security) == 0; open != (d.roles == nobody) {
			t.Errorf("%s needs a token: %v", act, !open)
		}
	}
	for act := range duties {
		if _, ok := described[act]; !ok {
			t.Errorf("the duty %s is of no operation", act)
		}
	}
}

var forWhom = regexp.MustCompile(`Voor [^.:]*$`)

// rolesIn are the roles that the last sentence about for whom it is names.
func rolesIn(description string) []string {
	description, _, _ = strings.Cut(description, ": wie")
	said := forWhom.FindString(strings.TrimSuffix(description, "."))
	if strings.Contains(said, "iedereen met een token") {
		said = anybody
	}
	var named []string
	for _, role := range allRoles {
		if regexp.MustCompile(`\b` + role + `\b`).MatchString(said) {
			named = append(named, role)
		}
	}
	return named
}

// TestStrangersSeeAndChangeNothing asks every operation of the document as every
// role, with every kind of token, of an own object, a neighbour's, a foreign and
// an absent one. Who may not gets the same bytes for what is foreign and what
// does not exist, and nothing is written.
func TestStrangersSeeAndChangeNothing(t *testing.T) {
	t.Parallel()
	o := newTown(t)
	m := &matrix{town: o, restore: o.restorer(), who: &stranger{o, map[string]string{}}, answers: map[string]answer{}}
	for _, act := range slices.Sorted(maps.Keys(duties)) {
		for _, role := range allRoles {
			for kind := range kinds {
				for _, where := range allPlaces {
					m.cell(act, role, kind, where)
				}
			}
			m.sameBytes(act, role)
		}
	}
	want := len(operations()) * len(allRoles) * len(kinds) * len(allPlaces)
	t.Logf("%d cells: %d operations, %d roles, %d tokens, %d places; %d of them may, %d wrote",
		m.cells, len(operations()), len(allRoles), len(kinds), len(allPlaces), m.allowed, m.wrote)
	if m.cells != want || m.allowed < want/50 || m.wrote < 40 {
		t.Errorf("%d cells, want %d; %d of them may, %d wrote", m.cells, want, m.allowed, m.wrote)
	}
}

// matrix goes through the cells.
type matrix struct {
	*town
	restore               func()
	who                   *stranger
	answers               map[string]answer // of good tokens, by operation, role and place
	cells, allowed, wrote int
}

// neededScope is that of reading, for what changes nothing.
func neededScope(act, method string) scope {
	if method == "GET" || act == "bereken" || act == "probeerRekenregel" {
		return reads
	}
	return writes
}

func (m *matrix) cell(act, role string, kind int, where string) {
	m.t.Helper()
	m.cells++
	d := duties[act]
	a := d.ask(m.places[where])
	a.token = m.who.token(kind, role, neededScope(act, a.method))
	status, code := expected(act, role, kind, where)
	a.bad = status >= 300
	got := m.do(a)
	if told, _ := got.problemIfAny(); got.status != status || code != "" && told != code {
		m.t.Errorf("%s as %s with a token %s, %s: %d %s, want %d %s", act, role, kinds[kind].name, where, got.status, told, status, code)
	}
	if kind == 0 {
		m.answers[act+role+where] = got
	}
	if status < 300 {
		m.allowed++
		m.holdsNothingForeign(act, role, a, got)
	}
	if m.town.wrote() {
		m.wrote++
		if status >= 300 {
			m.t.Errorf("%s as %s with a token %s, %s: refused, but it wrote", act, role, kinds[kind].name, where)
		}
		m.restore()
	}
}

// expected is what a cell answers, as the duty says; a code is expected where
// the refusal is not about the object.
func expected(act, role string, kind int, where string) (status int, code string) {
	d := duties[act]
	want := d.want
	if other, ok := exceptions[act][role]; ok {
		want = other
	}
	object := map[string]int{ownPlace: 0, neighbourPlace: 0, foreignPlace: 1, absentPlace: 2}[where]
	if where == neighbourPlace && role == "opdrachtnemer" {
		object = 1
	}
	switch {
	case d.roles == nobody:
		return want[object], ""
	case kinds[kind].code == "token-ontbreekt":
		return 401, "token-ontbreekt"
	case kinds[kind].code == "token-ongeldig", role == noRole:
		return 401, "token-ongeldig"
	case kinds[kind].code != "":
		return 403, kinds[kind].code
	case !slices.Contains(strings.Fields(d.roles), role):
		return 403, "rol-mag-dit-niet"
	}
	return want[object], ""
}

// sameBytes holds the answer about a foreign object against that about an absent
// one, of a role that may ask: status, headers and body.
func (m *matrix) sameBytes(act, role string) {
	m.t.Helper()
	absent := m.answers[act+role+absentPlace]
	strange := []string{foreignPlace}
	if role == "opdrachtnemer" {
		strange = append(strange, neighbourPlace)
	}
	for _, where := range strange {
		foreign := m.answers[act+role+where]
		if foreign.status >= 300 && (foreign.status != absent.status || foreign.text != absent.text || !maps.Equal(foreign.headers, absent.headers)) {
			m.t.Errorf("%s as %s: %s answers\n%d %v %s\nabsent\n%d %v %s", act, role, where,
				foreign.status, foreign.headers, foreign.text, absent.status, absent.headers, absent.text)
		}
	}
}

// holdsNothingForeign looks in an answer for what belongs to others, unless it
// was asked for by name.
func (m *matrix) holdsNothingForeign(act, role string, a ask, got answer) {
	m.t.Helper()
	if role == "beheerder" || duties[act].roles == nobody {
		return
	}
	strange := []place{m.places[foreignPlace]}
	if role == "opdrachtnemer" {
		strange = append(strange, m.places[neighbourPlace])
	}
	for _, p := range strange {
		marks := []string{p.supplier, p.awarded}
		for _, path := range []string{p.open, p.contract, p.plain, p.turnover} {
			marks = append(marks, path[strings.LastIndex(path, "/")+1:])
		}
		if p.authority != apeldoorn {
			marks = append(marks, p.authority, p.area)
		}
		for _, mark := range marks {
			if strings.Contains(got.text, mark) && !strings.Contains(a.path+a.query+a.body, mark) {
				m.t.Errorf("%s as %s shows %s of another:\n%s", act, role, mark, got.text)
			}
		}
	}
}
