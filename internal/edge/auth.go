// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"

	"socialreturn/internal/app"
	"socialreturn/internal/sroi"
)

// AuthConfig says whose tokens are trusted, for whom they must be, and in which
// claims they say what.
type AuthConfig struct {
	Issuer         string
	Audience       string
	RoleClaim      string // one of inkoper, opdrachtnemer, adviseur, auditor, beheerder
	AuthorityClaim string // OINs or KvK numbers of an officer's or auditor's authorities
	KvKClaim       string // a supplier's KvK number
	DeskClaim      string // a consultant's desk
	ScopeClaim     string
}

// Identity is what a verified token says.
type Identity struct {
	Actor  app.Actor
	Scopes []string
}

// Verifier verifies tokens. Its error is for the caller: a TokenError, or an
// internal error where the issuer's keys cannot be had.
type Verifier interface {
	Verify(ctx context.Context, token string) (Identity, error)
}

// TokenError says in Dutch why a token is refused.
type TokenError string

func (e TokenError) Error() string { return string(e) }

const leeway = time.Minute

var algorithms = []string{oidc.RS256, oidc.ES256, oidc.PS256}

// Tokens verifies tokens of one issuer. A token that was verified is known for
// as long as it holds, at most knownFor. So a key that the issuer no longer
// publishes counts for at most freshFor and knownFor together, and for keptFor
// where the issuer cannot be asked.
type Tokens struct {
	config AuthConfig
	claims *oidc.Config
	now    func() time.Time
	keys   *issuerKeys

	mutex sync.Mutex
	known map[[sha256.Size]byte]knownToken
}

type knownToken struct {
	identity Identity
	until    time.Time
}

const (
	knownFor  = 5 * time.Minute
	maxTokens = 1000
)

// NewVerifier verifies tokens of the issuer with the keys that it publishes.
// They are fetched through the client, at most once a minute; in between, and
// while the issuer is out, the last ones hold.
func NewVerifier(config AuthConfig, client *http.Client, now func() time.Time) *Tokens {
	return &Tokens{
		config: config, now: now, keys: newIssuerKeys(config.Issuer, client, now), known: map[[sha256.Size]byte]knownToken{},
		claims: &oidc.Config{ClientID: config.Audience, SupportedSigningAlgs: algorithms, Now: now},
	}
}

// Prefetch fetches the issuer's keys, so that the first request need not wait.
// Its error needs no answer: the first request tries again.
func (t *Tokens) Prefetch(ctx context.Context) error {
	_, err := t.keys.of(ctx, "")
	return err
}

// Verify checks signature, issuer, audience and times of a token and reads who
// it is. It returns a TokenError, or an internal error where there are no keys.
func (t *Tokens) Verify(ctx context.Context, token string) (Identity, error) {
	if len(token) > maxToken {
		return Identity{}, TokenError("Het token is te lang.")
	}
	sum, now := sha256.Sum256([]byte(token)), t.now()
	if identity, ok := t.recall(sum, now); ok {
		return identity, nil
	}
	if !tokenForm.MatchString(token) { // the library reads a second form, which no issuer sends
		return Identity{}, errToken
	}
	checked := &signature{keys: t.keys}
	verified, err := oidc.NewVerifier(t.config.Issuer, checked, t.claims).Verify(ctx, token)
	if checked.failure != nil {
		return Identity{}, checked.failure
	}
	if err != nil {
		return Identity{}, tokenError(err)
	}
	identity, err := t.identify(verified, now)
	if err != nil {
		return Identity{}, err
	}
	t.remember(sum, knownToken{identity, earliest(now.Add(knownFor), verified.Expiry)}, now)
	return identity, nil
}

func earliest(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func (t *Tokens) recall(sum [sha256.Size]byte, now time.Time) (Identity, bool) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	known, ok := t.known[sum]
	return known.identity, ok && now.Before(known.until)
}

func (t *Tokens) remember(sum [sha256.Size]byte, known knownToken, now time.Time) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if len(t.known) >= maxTokens {
		for other, stored := range t.known {
			if !now.Before(stored.until) {
				delete(t.known, other)
			}
		}
		if len(t.known) >= maxTokens {
			clear(t.known)
		}
	}
	t.known[sum] = known
}

var tokenForm = formOf(`^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$`)

const errToken = TokenError("Het token is niet geldig.")

func tokenError(err error) error {
	if _, expired := errors.AsType[*oidc.TokenExpiredError](err); expired {
		return TokenError("Het token is verlopen.")
	}
	return errToken
}

// identify reads the claims of a token whose signature, issuer, audience and
// end were checked.
func (t *Tokens) identify(token *oidc.IDToken, now time.Time) (Identity, error) {
	var claims map[string]json.RawMessage
	if err := token.Claims(&claims); err != nil || token.Subject == "" {
		return Identity{}, TokenError("Het token noemt geen gebruiker.")
	}
	if starts(claims["nbf"]).After(now.Add(leeway)) || token.IssuedAt.After(now.Add(leeway)) {
		return Identity{}, TokenError("Het token geldt nog niet.")
	}
	role, err := t.role(claims)
	if err != nil {
		return Identity{}, err
	}
	subject := sha256.Sum256([]byte(token.Issuer + "|" + token.Subject))
	identity := Identity{Actor: app.Actor{Role: role, ID: base64.RawURLEncoding.EncodeToString(subject[:])[:22]}}
	if identity.Scopes, err = texts(claims[t.config.ScopeClaim]); err != nil {
		return Identity{}, TokenError("De claim " + t.config.ScopeClaim + " is geen tekst of lijst van teksten.")
	}
	return identity, t.whose(claims, &identity.Actor)
}

// starts is the time of nbf; the zero time where there is none. The library
// allows five minutes, we allow one.
func starts(claim json.RawMessage) time.Time {
	var seconds json.Number
	if json.Unmarshal(claim, &seconds) != nil {
		return time.Time{}
	}
	whole, _, _ := strings.Cut(seconds.String(), ".")
	var n int64
	if _, err := fmt.Sscan(whole, &n); err != nil {
		return time.Time{}
	}
	return time.Unix(n, 0)
}

var roleType = reflect.TypeFor[sroi.Role]()

func (t *Tokens) role(claims map[string]json.RawMessage) (sroi.Role, error) {
	named, err := texts(claims[t.config.RoleClaim])
	var roles []sroi.Role
	for _, name := range named {
		if code, ok := dictionary[roleType].codes[name]; ok {
			roles = append(roles, sroi.Role(code))
		}
	}
	if err != nil || len(roles) != 1 {
		return "", TokenError("De claim " + t.config.RoleClaim + " noemt niet precies één rol: " +
			strings.Join(dictionary[roleType].words, ", ") + ".")
	}
	return roles[0], nil
}

var deskForm = formOf(shapes["code"].pattern)

// whose reads for whom the actor acts, as its role needs.
func (t *Tokens) whose(claims map[string]json.RawMessage, actor *app.Actor) error {
	claim := map[sroi.Role]string{
		sroi.Officer: t.config.AuthorityClaim, sroi.Auditor: t.config.AuthorityClaim,
		sroi.Supplier: t.config.KvKClaim, sroi.Consultant: t.config.DeskClaim,
	}[actor.Role]
	if claim == "" {
		return nil
	}
	values, err := texts(claims[claim])
	if err != nil || len(values) == 0 {
		return TokenError("De claim " + claim + " ontbreekt of is geen tekst of lijst van teksten.")
	}
	switch actor.Role {
	case sroi.Supplier:
		actor.Supplier = values[0]
		if len(values) > 1 || !sroi.IsKvK(values[0]) {
			return TokenError("De claim " + claim + " is geen KvK-nummer van acht cijfers.")
		}
	case sroi.Consultant:
		actor.Desk = values[0]
		if len(values) > 1 || !deskForm.MatchString(values[0]) {
			return TokenError("De claim " + claim + " noemt niet precies één bureau.")
		}
	default:
		for _, value := range values {
			if !sroi.AuthorityID(value).Valid() {
				return TokenError("De claim " + claim + " bevat een nummer dat geen OIN of KvK-nummer is.")
			}
			actor.Authorities = append(actor.Authorities, sroi.AuthorityID(value))
		}
	}
	return nil
}

var errClaim = errors.New("edge: a claim that is no text and no list of texts")

// texts reads a claim that is a text of words, or a list of them.
func texts(claim json.RawMessage) ([]string, error) {
	if len(claim) == 0 {
		return nil, nil
	}
	var text string
	if json.Unmarshal(claim, &text) == nil {
		return bounded(strings.Fields(text))
	}
	var list []string
	if json.Unmarshal(claim, &list) != nil {
		return nil, errClaim
	}
	return bounded(list)
}

func bounded(list []string) ([]string, error) {
	if len(list) > maxClaimed {
		return nil, errClaim
	}
	return list, nil
}

// authenticate finds out who asks, and whether that role and token may ask this at all.
func (r *request) authenticate() error {
	if r.route.open {
		return nil
	}
	scheme, token, _ := strings.Cut(r.header("authorization"), " ")
	if token = strings.TrimSpace(token); !strings.EqualFold(scheme, "Bearer") || token == "" {
		return refuse(http.StatusUnauthorized, "token-ontbreekt", "Meld u aan: stuur een token mee in Authorization: Bearer.").
			with("WWW-Authenticate", `Bearer realm="socialreturn"`)
	}
	identity, err := r.Verifier.Verify(r.ctx, token)
	if refused, ok := errors.AsType[TokenError](err); ok {
		return refuse(http.StatusUnauthorized, "token-ongeldig", string(refused)).
			with("WWW-Authenticate", `Bearer realm="socialreturn", error="invalid_token"`)
	}
	if err != nil {
		return &unverifiable{err}
	}
	r.call.Actor = identity.Actor
	if !slices.Contains(identity.Scopes, string(r.route.scope)) {
		return refuse(http.StatusForbidden, "scope-ontbreekt", "Uw token geeft hier geen toegang toe; nodig is de scope "+string(r.route.scope)+".").
			with("WWW-Authenticate", fmt.Sprintf(`Bearer realm="socialreturn", error="insufficient_scope", scope="%s"`, r.route.scope))
	}
	if !slices.Contains(r.route.roles, identity.Actor.Role) {
		return refuse(http.StatusForbidden, "rol-mag-dit-niet", "Uw rol mag dit niet.")
	}
	return nil
}

// unverifiable is a token that cannot be judged for want of the issuer's keys.
type unverifiable struct{ cause error }

func (u *unverifiable) Error() string { return u.cause.Error() }

func isUnverifiable(err error) bool {
	_, ok := errors.AsType[*unverifiable](err)
	return ok
}
