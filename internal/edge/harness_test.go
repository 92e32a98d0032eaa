// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"

	"socialreturn/infra/local/contracttest"
	"socialreturn/infra/local/engine/enginetest"
	"socialreturn/internal/app"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/store"
)

const (
	issuerURL  = "https://login.test"
	apeldoorn  = "00000001001234567000"
	zutphen    = "00000001009876543000"
	wegenbouw  = "08123456"
	schilders  = "08654321"
	groen      = "12345678"
	ourDesk    = "stedendriehoek"
	otherDesk  = "elders"
	aDigest    = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	otherHash  = "0000000000000000000000000000000000000000000000000000000000000001"
	canaryName = "Kanarievogel"
)

// issuer signs tokens, and serves its keys as a transport.
type issuer struct {
	key     *rsa.PrivateKey
	curve   *ecdsa.PrivateKey
	kid     string
	down    bool
	fetches int
	mutex   sync.Mutex
}

var testKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

func newCurve() *ecdsa.PrivateKey {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	return key
}

func newIssuer() *issuer { return &issuer{key: testKey(), curve: newCurve(), kid: "k1"} }

func (i *issuer) RoundTrip(request *http.Request) (*http.Response, error) {
	i.mutex.Lock()
	defer i.mutex.Unlock()
	i.fetches++
	if i.down {
		return nil, io.ErrUnexpectedEOF
	}
	content := map[string]any{"issuer": issuerURL, "jwks_uri": issuerURL + "/keys"}
	if request.URL.Path == "/keys" {
		point, err := i.curve.PublicKey.Bytes()
		if err != nil {
			return nil, err
		}
		content = map[string]any{"keys": []map[string]string{{
			"kty": "RSA", "kid": i.kid, "use": "sig",
			"n": base64.RawURLEncoding.EncodeToString(i.key.N.Bytes()),
			"e": base64.RawURLEncoding.EncodeToString(big.NewInt(int64(i.key.E)).Bytes()),
		}, {
			"kty": "EC", "crv": "P-256", "kid": i.kid, "use": "sig",
			"x": base64.RawURLEncoding.EncodeToString(point[1:33]), "y": base64.RawURLEncoding.EncodeToString(point[33:]),
		}}}
	}
	body, err := json.Marshal(content)
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(bytes.NewReader(body)), Request: request,
	}, err
}

type claims map[string]any

// sign makes a token of claims. Under an algorithm that is not ours the
// signature is that of RS256.
func (i *issuer) sign(algorithm string, c claims) string {
	header, _ := json.Marshal(map[string]string{"alg": algorithm, "kid": i.kid, "typ": "JWT"})
	payload, _ := json.Marshal(c)
	return i.seal(algorithm, base64.RawURLEncoding.EncodeToString(header)+"."+base64.RawURLEncoding.EncodeToString(payload))
}

// seal adds the signature to the text of a token.
func (i *issuer) seal(algorithm, text string) string {
	sum := sha256.Sum256([]byte(text))
	var signature []byte
	var err error
	switch algorithm {
	case "ES256":
		var r, s *big.Int
		r, s, err = ecdsa.Sign(rand.Reader, i.curve, sum[:])
		signature = append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...)
	case "PS256":
		signature, err = rsa.SignPSS(rand.Reader, i.key, crypto.SHA256, sum[:], &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash})
	default:
		signature, err = rsa.SignPKCS1v15(rand.Reader, i.key, crypto.SHA256, sum[:])
	}
	if err != nil {
		panic(err)
	}
	return text + "." + base64.RawURLEncoding.EncodeToString(signature)
}

// clock is a time that tests move.
type clock struct {
	mutex sync.Mutex
	time  time.Time
}

func (c *clock) now() time.Time {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.time
}

func (c *clock) set(day string) {
	moment, err := time.Parse(time.DateOnly, day)
	if err != nil {
		panic(err)
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.time = moment.Add(10 * time.Hour)
}

// claimsOf are those of a user, valid for an hour.
func (c *clock) claimsOf(subject, role string, more claims) claims {
	all := claims{
		"iss": issuerURL, "aud": "socialreturn", "sub": subject, "rol": role,
		"iat": c.now().Unix(), "exp": c.now().Add(time.Hour).Unix(), "scope": "socialreturn:lezen socialreturn:schrijven",
	}
	for name, value := range more {
		all[name] = value
	}
	return all
}

var testAuth = AuthConfig{
	Issuer: issuerURL, Audience: "socialreturn", RoleClaim: "rol", AuthorityClaim: "opdrachtgever",
	KvKClaim: "kvk", DeskClaim: "bureau", ScopeClaim: "scope",
}

// world is every function over one store, as one user after another sees it.
type world struct {
	client *dynamodb.Client
	table  string

	t      testing.TB
	clock  *clock
	issuer *issuer
	deps   Deps
	logs   *bytes.Buffer
	keys   int
}

// newWorld is a world on an empty table in a real engine.
func newWorld(t testing.TB) *world {
	client, table := enginetest.New(t)
	w := newWorldOn(t, store.New(client, table))
	w.client, w.table = client, table
	return w
}

// stored is everything in the table, in a form to compare.
func (w *world) stored() string {
	w.t.Helper()
	var items []string
	pages := dynamodb.NewScanPaginator(w.client, &dynamodb.ScanInput{TableName: &w.table})
	for pages.HasMorePages() {
		page, err := pages.NextPage(context.Background())
		if err != nil {
			w.t.Fatal(err)
		}
		for _, item := range page.Items {
			var fields []string
			for name, value := range item {
				fields = append(fields, fmt.Sprintf("%s=%#v", name, value))
			}
			slices.Sort(fields)
			items = append(items, strings.Join(fields, " "))
		}
	}
	slices.Sort(items)
	return strings.Join(items, "\n")
}

func newWorldOn(t testing.TB, kept app.Store) *world {
	w := &world{t: t, clock: &clock{}, issuer: newIssuer(), logs: &bytes.Buffer{}}
	w.clock.set("2022-07-04")
	w.deps = Deps{
		Service: &app.Service{
			Store: kept, Rules: ruleset.Embedded(), Salt: rand.Text,
			Persons: app.PersonKeys{{Version: 1, Secret: bytes.Repeat([]byte{7}, 32)}},
		},
		Verifier:    NewVerifier(testAuth, &http.Client{Transport: w.issuer}, w.clock.now),
		Now:         w.clock.now,
		Log:         NewLog(w.logs, w.clock.now),
		CORSOrigins: []string{"https://sroi.test"},
	}
	return w
}

func (w *world) token(subject, role string, more claims) string {
	return w.issuer.sign("RS256", w.clock.claimsOf(subject, role, more))
}

func (w *world) admin() string { return w.token("beheer-1", "beheerder", nil) }

func (w *world) officer() string {
	return w.token("inkoper-1", "inkoper", claims{"opdrachtgever": []string{apeldoorn}})
}

func (w *world) supplier() string {
	return w.token("leverancier-1", "opdrachtnemer", claims{"kvk": wegenbouw})
}

func (w *world) consultant() string {
	return w.token("adviseur-1", "adviseur", claims{"bureau": ourDesk})
}

func (w *world) auditor() string {
	return w.token("auditor-1", "auditor", claims{"opdrachtgever": []string{apeldoorn}})
}

// ask is one request. A bad one is wrong on purpose: only its answer is held
// against the contract, as every answer is.
type ask struct {
	method, path, query, token string
	body                       string
	media, accept, key, match  string
	headers                    map[string]string
	bad                        bool
}

// answer is what came back.
type answer struct {
	t       testing.TB
	status  int
	headers map[string]string
	text    string
}

func (a answer) json() map[string]any {
	a.t.Helper()
	var value map[string]any
	if err := json.Unmarshal([]byte(a.text), &value); err != nil {
		a.t.Fatalf("no JSON object: %v in %s", err, a.text)
	}
	return value
}

// at walks into the JSON: "percelen/0/id".
func (a answer) at(path string) any {
	a.t.Helper()
	var value any = a.json()
	for step := range strings.SplitSeq(path, "/") {
		switch inner := value.(type) {
		case map[string]any:
			value = inner[step]
		case []any:
			n := atoi(step)
			if n >= len(inner) {
				a.t.Fatalf("no %s in %s", path, a.text)
			}
			value = inner[n]
		default:
			a.t.Fatalf("no %s in %s", path, a.text)
		}
	}
	return value
}

func (a answer) want(status int) answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("status %d, want %d: %s", a.status, status, a.text)
	}
	return a
}

// problem is the document's code and its faults as "in location code".
func (a answer) problem() (code string, faults []string) {
	a.t.Helper()
	var p problem
	if err := json.Unmarshal([]byte(a.text), &p); err != nil {
		a.t.Fatal(err)
	}
	for _, f := range p.Errors {
		faults = append(faults, f.In+" "+f.Location+" "+f.Code)
	}
	return p.Code, faults
}

func (a answer) refused(status int, code string, faults ...string) {
	a.t.Helper()
	a.want(status)
	got, found := a.problem()
	if got != code || !slices.Equal(found, faults) {
		a.t.Errorf("refused with %s %q, want %s %q", got, found, code, faults)
	}
	if a.headers["Content-Type"] != problemType {
		a.t.Errorf("a refusal as %s", a.headers["Content-Type"])
	}
}

// event is the request as the gateway hands it over.
func (a ask) event() events.APIGatewayV2HTTPRequest {
	event := events.APIGatewayV2HTTPRequest{
		Version: "2.0", RawPath: a.path, RawQueryString: a.query, Headers: map[string]string{}, Body: a.body,
	}
	event.RequestContext.RequestID = "JKJaXmPLvHcESHA="
	event.RequestContext.HTTP = events.APIGatewayV2HTTPRequestContextHTTPDescription{
		Method: a.method, Path: a.path, Protocol: "HTTP/1.1", SourceIP: "192.0.2.17",
	}
	for name, value := range map[string]string{
		"content-type": a.media, "accept": a.accept, "idempotency-key": a.key, "if-match": a.match,
	} {
		if value != "" {
			event.Headers[name] = value
		}
	}
	if a.token != "" {
		event.Headers["authorization"] = "Bearer " + a.token
	}
	for name, value := range a.headers {
		event.Headers[name] = value
	}
	return event
}

// functions are all of the HTTP API, with their routes.
var functions = []struct {
	name   string
	build  func(Deps) Handler
	routes []route
}{
	{"register-tender", RegisterTender, registerTenderRoutes()},
	{"award-contract", AwardContract, awardContractRoutes()},
	{"submit-proof", SubmitProof, submitProofRoutes()},
	{"verify-proof", VerifyProof, verifyProofRoutes()},
	{"record-indicator", RecordIndicator, recordIndicatorRoutes()},
	{"keep-register", KeepRegister, keepRegisterRoutes()},
	{"close-year", CloseYear, closeYearRoutes()},
	{"report", Report, reportRoutes()},
}

// handler is the function that the gateway chooses.
func handler(d Deps, method, path string) Handler {
	for _, f := range functions {
		for _, route := range f.routes {
			if _, ok := match(route.pattern, path); ok && route.method == method {
				return f.build(d)
			}
		}
	}
	return Report(d)
}

// do sends a request through the front door, and holds it and its answer
// against the contract.
func (w *world) do(a ask) answer {
	w.t.Helper()
	if a.media == "" && a.body != "" {
		a.media = mediaJSON
		if a.method == http.MethodPatch {
			a.media = mediaPatch
		}
	}
	event := a.event()
	if !a.bad {
		holdRequestAgainstContract(w.t, a, event)
	}
	return w.send(event)
}

// send hands an event to the function that the gateway chooses.
func (w *world) send(event events.APIGatewayV2HTTPRequest) answer {
	w.t.Helper()
	return w.sendTo(handler(w.deps, event.RequestContext.HTTP.Method, event.RawPath), event)
}

// sendTo is the only way to a function, see TestNobodyPassesTheFrontDoor: it
// holds every answer against the contract.
func (w *world) sendTo(function Handler, event events.APIGatewayV2HTTPRequest) answer {
	w.t.Helper()
	method, path := event.RequestContext.HTTP.Method, event.RawPath
	got, err := function(context.Background(), event)
	if err != nil {
		w.t.Fatalf("%s %s: a handler gave an error: %v", method, path, err)
	}
	header := http.Header{}
	for name, value := range got.Headers {
		header.Set(name, value)
	}
	if err := closedContract().Check(contracttest.Answer{
		Method: method, Path: path, Status: got.StatusCode, Header: header, Body: []byte(got.Body),
	}); err != nil {
		w.t.Errorf("the answer is not as the contract says: %v\n%s", err, got.Body)
	}
	return answer{t: w.t, status: got.StatusCode, headers: got.Headers, text: got.Body}
}

// closedContract is the document that every answer is held against.
var closedContract = sync.OnceValue(func() *contracttest.Contract {
	contract, err := contracttest.Parse(Contract)
	if err != nil {
		panic(err)
	}
	return contract
})

// post creates something under a key of its own.
func (w *world) post(token, path, body string) answer {
	w.t.Helper()
	w.keys++
	return w.do(ask{method: "POST", path: path, token: token, body: body, key: fmt.Sprintf("sleutel-%d", w.keys)})
}

func (w *world) get(token, path string) answer {
	w.t.Helper()
	path, query, _ := strings.Cut(path, "?")
	return w.do(ask{method: "GET", path: path, query: query, token: token})
}

var contractDocument = sync.OnceValue(func() *openapi3.T {
	plain := func(body io.Reader, _ http.Header, _ *openapi3.SchemaRef, _ openapi3filter.EncodingFn) (any, error) {
		text, err := io.ReadAll(body)
		return string(text), err
	}
	openapi3filter.RegisterBodyDecoder(mediaCSV, plain)
	openapi3filter.RegisterBodyDecoder(mediaXML, plain)
	openapi3filter.RegisterBodyDecoder(mediaHTML, plain)
	openapi3filter.RegisterBodyDecoder(mediaJSONL, decodeLines)
	openapi3filter.RegisterBodyDecoder(mediaPatch, openapi3filter.JSONBodyDecoder)
	document, err := openapi3.NewLoader().LoadFromData(Contract)
	if err != nil {
		panic(err)
	}
	return document
})

// decodeLines reads JSON Lines as the list that the contract describes.
func decodeLines(body io.Reader, _ http.Header, _ *openapi3.SchemaRef, _ openapi3filter.EncodingFn) (any, error) {
	all := []any{}
	for decoder := json.NewDecoder(body); decoder.More(); {
		var value any
		if err := decoder.Decode(&value); err != nil {
			return nil, err
		}
		all = append(all, value)
	}
	return all, nil
}

// holdRequestAgainstContract fails the test where the request is not as
// openapi.json says.
func holdRequestAgainstContract(t testing.TB, a ask, event events.APIGatewayV2HTTPRequest) {
	t.Helper()
	operation, params := operationOf(a.method, a.path)
	if operation == nil {
		return
	}
	sent, err := http.NewRequestWithContext(context.Background(), a.method, "https://api.test"+a.path+"?"+a.query, strings.NewReader(a.body))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range event.Headers {
		sent.Header.Set(name, value)
	}
	input := &openapi3filter.RequestValidationInput{
		Request: sent, PathParams: params, QueryParams: sent.URL.Query(), Route: operation,
		Options: &openapi3filter.Options{MultiError: true, AuthenticationFunc: openapi3filter.NoopAuthenticationFunc},
	}
	if err := openapi3filter.ValidateRequest(context.Background(), input); err != nil {
		t.Errorf("%s %s: the request is not as the contract says: %v\n%s", a.method, a.path, err, a.body)
	}
}

func operationOf(method, path string) (*routers.Route, map[string]string) {
	document := contractDocument()
	for pattern, item := range document.Paths.Map() {
		if params, ok := match("/v1"+pattern, path); ok && item.GetOperation(method) != nil {
			return &routers.Route{Spec: document, Path: pattern, PathItem: item, Method: method, Operation: item.GetOperation(method)}, params
		}
	}
	return nil, nil
}

func queryOf(pairs ...string) string {
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Add(pairs[i], pairs[i+1])
	}
	return values.Encode()
}
