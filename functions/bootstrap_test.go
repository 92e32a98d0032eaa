// SPDX-License-Identifier: EUPL-1.2

// Package functions holds the compiled functions to their samples in events/.
package functions

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"socialreturn/infra/local/contracttest"
	"socialreturn/infra/local/engine/enginetest"
	"socialreturn/infra/local/issuer"
	"socialreturn/infra/local/runtimeapi"
	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/edge"
	"socialreturn/internal/money"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
	"socialreturn/internal/store"
)

const (
	authority = "00000001001234567000"
	supplier  = "12345678"
	desk      = "stedendriehoek"
)

// TestTheCompiledFunctionsAnswerTheirSamples builds each function as it ships
// (for this machine), starts it under the Lambda Runtime API with nothing but
// its environment, and hands it its samples.
func TestTheCompiledFunctionsAnswerTheirSamples(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	build := exec.Command("sh", "-c", "go build "+shippedFlags(t)+" -o "+folder+" ./...")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	mains, err := filepath.Glob("*/main.go")
	if err != nil || len(mains) == 0 {
		t.Fatal("no functions", err)
	}
	for _, main := range mains {
		name := filepath.Dir(main)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			samples, err := filepath.Glob("../events/" + name + "/*.answer.json")
			if err != nil || len(samples) == 0 {
				t.Fatal("no sample", err)
			}
			world := newWorld(t)
			function, err := runtimeapi.Start(filepath.Join(folder, name), world.environment)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(function.Stop)
			for _, sample := range samples {
				answers(t, world, function, name, sample)
			}
		})
	}
}

func answers(t *testing.T, world *world, function *runtimeapi.Function, name, sample string) {
	t.Helper()
	event, want := world.read(t, name, strings.Replace(sample, ".answer", "", 1)), world.read(t, name, sample)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	got, err := function.Invoke(ctx, event)
	if err != nil {
		t.Fatalf("%s: %v\n%s", sample, err, function.Logs())
	}
	if name == "roll-up" {
		var batch, expected any
		decode(t, got, &batch)
		decode(t, want, &expected)
		if !reflect.DeepEqual(batch, expected) {
			t.Errorf("%s: %s\n%s", sample, got, function.Logs())
		}
		return
	}
	var answer, expected events.APIGatewayV2HTTPResponse
	decode(t, got, &answer)
	decode(t, want, &expected)
	if answer.StatusCode != expected.StatusCode {
		t.Errorf("%s: %d %s, want %d\n%s", sample, answer.StatusCode, answer.Body, expected.StatusCode, function.Logs())
	}
	holdAgainstContract(t, event, answer)
}

// holdAgainstContract fails the test where the answer is not as the OpenAPI
// document says.
func holdAgainstContract(t *testing.T, event []byte, answer events.APIGatewayV2HTTPResponse) {
	t.Helper()
	contract, err := contracttest.Parse(edge.Contract)
	if err != nil {
		t.Fatal(err)
	}
	var asked events.APIGatewayV2HTTPRequest
	decode(t, event, &asked)
	header := http.Header{}
	for name, value := range answer.Headers {
		header.Set(name, value)
	}
	if err := contract.Check(contracttest.Answer{
		Method: asked.RequestContext.HTTP.Method, Path: asked.RawPath, Status: answer.StatusCode, Header: header, Body: []byte(answer.Body),
	}); err != nil {
		t.Errorf("the answer is not as the contract says: %v\n%s", err, answer.Body)
	}
}

func decode(t *testing.T, body []byte, into any) {
	t.Helper()
	if err := json.Unmarshal(body, into); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
}

// world is a table with an authority, a contract and a placement, an issuer and
// a secret store.
type world struct {
	issuer      *issuer.Issuer
	contract    string
	environment []string
}

func newWorld(t testing.TB) *world {
	t.Helper()
	config := enginetest.Config(t)
	client := dynamodb.NewFromConfig(config)
	table := enginetest.CreateTable(t, client)
	w := &world{contract: seed(t, &app.Service{
		Store: store.New(client, table), Rules: ruleset.Embedded(), Salt: rand.Text,
		Persons: app.PersonKeys{{Version: 1, Secret: bytes.Repeat([]byte("k"), 32)}},
	})}
	var mux http.ServeMux
	server := httptest.NewServer(&mux)
	t.Cleanup(server.Close)
	var err error
	if w.issuer, err = issuer.New(server.URL+"/issuer", "socialreturn", "", time.Now); err != nil {
		t.Fatal(err)
	}
	mux.Handle("/issuer/", w.issuer)
	mux.HandleFunc("/", secretStore)
	w.environment = []string{
		"AWS_REGION=eu-west-1", "AWS_ACCESS_KEY_ID=local", "AWS_SECRET_ACCESS_KEY=local", "TABLE_NAME=" + table,
		"AWS_ENDPOINT_URL_DYNAMODB=" + *config.BaseEndpoint, "AWS_ENDPOINT_URL_SECRETS_MANAGER=" + server.URL,
		"FAILURE_QUEUE_URL=" + server.URL + "/000000000000/FailureQueue", "PERSON_KEY_SECRET=persons", "OIDC_ISSUER=" + server.URL + "/issuer", "OIDC_AUDIENCE=socialreturn",
		"CLAIM_ROLE=rol", "CLAIM_AUTHORITY=opdrachtgever", "CLAIM_KVK=kvk", "CLAIM_DESK=bureau", "CLAIM_SCOPE=scope",
	}
	return w
}

// secretStore answers GetSecretValue with one key, as Secrets Manager does.
func secretStore(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("X-Amz-Target") != "secretsmanager.GetSecretValue" {
		http.Error(w, "unexpected", http.StatusBadRequest)
		return
	}
	secret := fmt.Sprintf(`{"1":%q}`, base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("k"), 32)))
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	_ = json.NewEncoder(w).Encode(map[string]string{"SecretString": secret})
}

// read fills the blanks of a sample.
func (w *world) read(t *testing.T, function, file string) []byte {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	claims := issuer.Claims{Subject: "monster", Role: "inkoper", Authorities: []string{authority}, Scope: "socialreturn:lezen socialreturn:schrijven"}
	switch function {
	case "award-contract", "submit-proof":
		claims.Role, claims.KvK = "opdrachtnemer", supplier
	case "verify-proof", "close-year":
		claims.Role, claims.Desk = "adviseur", desk
	case "keep-register":
		claims.Role = "beheerder"
	}
	token, err := w.issuer.Token(claims, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	return []byte(strings.NewReplacer("{{token}}", token, "{{contract}}", w.contract).Replace(string(content)))
}

// seed makes the world of the samples through the use cases, and returns the
// id of the contract.
func seed(t testing.TB, service *app.Service) string {
	t.Helper()
	key := 0
	as := func(role sroi.Role) app.Call {
		key++
		return app.Call{Now: time.Date(2022, 1, 10, 10, 0, 0, 0, time.UTC), Key: fmt.Sprint(key), Actor: app.Actor{
			Role: role, ID: string(role), Authorities: []sroi.AuthorityID{authority}, Supplier: supplier, Desk: desk,
		}}
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	value, day := money.Cents(800_000_00), calendar.MustDate
	_, _, err := service.PutAuthority(t.Context(), as(sroi.Administrator), app.AuthorityInput{
		ID: authority, Name: "Gemeente Apeldoorn", Kind: sroi.Municipality, Desk: desk, RuleSet: "oost-nederland",
		Areas: []sroi.AreaSpan{{Span: calendar.Span{From: day("2000-01-01")}, Municipality: "GM0200", Region: "AM06"}},
	})
	must(err)
	tender, err := service.RegisterTender(t.Context(), as(sroi.Officer), app.TenderInput{
		Authority: authority, Reference: "2021-900", Title: "Groen", Procedure: sroi.European, Published: day("2021-10-01"),
		Lots: []app.LotInput{{ID: "1", Title: "Groen", Nature: ruleset.Services, Estimated: &value, SocialReturn: sroi.Applied, Form: sroi.Requirement}},
	})
	must(err)
	award := as(sroi.Officer)
	award.Match = &tender.Version
	_, _, err = service.AwardLot(t.Context(), award, tender.ID, app.AwardInput{
		Lot: "1", State: sroi.Final, Date: day("2021-12-01"), Supplier: supplier, SupplierName: "Groenbedrijf", Value: value,
	})
	must(err)
	account, err := service.RegisterContract(t.Context(), as(sroi.Officer), app.ContractInput{
		Tender: tender.ID, Lot: "1", Number: "C-900", Supplier: supplier, Value: value, Signed: day("2021-12-10"), Clause: "artikel 7",
		Term: calendar.Span{From: day("2022-01-01"), To: day("2022-12-31")},
	})
	must(err)
	_, err = service.AddPlacement(t.Context(), as(sroi.Supplier), account.Contract.ID, app.PlacementInput{
		Person: app.PersonInput{Code: "SDH-1"}, Block: "PW_LT2", Form: ruleset.Employment,
		Employer: sroi.Employer{KvK: supplier, Name: "Groenbedrijf", Relation: sroi.Contractor},
		Schedule: []ruleset.Hours{{Span: calendar.Span{From: day("2022-01-01")}, PerWeek: 24 * 60}},
	})
	must(err)
	return account.Contract.ID
}
