// SPDX-License-Identifier: EUPL-1.2

package guard_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"socialreturn/infra/local/demo"
	"socialreturn/infra/local/host"
	"socialreturn/infra/local/issuer"
)

const scopes = "socialreturn:lezen socialreturn:schrijven"

var (
	officer    = issuer.Claims{Subject: "proef-inkoper", Role: "inkoper", Authorities: []string{demo.Authority}, Scope: scopes}
	consultant = issuer.Claims{Subject: "proef-adviseur", Role: "adviseur", Desk: demo.Desk, Scope: scopes}
)

const (
	figure = "/v1/indicatorwaarden/" + demo.Area + "/personen/2019"
	report = "/v1/jaarrapporten/2021?gebied=" + demo.Area
)

// asked is what the demo does not ask, with the rights that only this takes.
var asked = []struct {
	who          issuer.Claims
	method, path string
	body, match  string
	key          string
	rights       []string
}{
	{who: consultant, method: "GET", path: "/v1/opdrachtgevers", rights: []string{"register-tender: dynamodb:Query on index/byDesk"}},
	{who: officer, method: "GET", path: "/v1/aanbestedingen", rights: []string{"register-tender: dynamodb:Query on index/byOwner"}},
	{who: consultant, method: "GET", path: "/v1/contracten", rights: []string{"award-contract: dynamodb:Query on index/byDesk"}},
	{who: officer, method: "GET", path: "/v1/contracten", rights: []string{"award-contract: dynamodb:Query on index/byOwner"}},
	{who: consultant, method: "GET", path: "/v1/verantwoordingen?status=ingediend", rights: []string{"verify-proof: dynamodb:Query on index/byDesk"}},
	{who: officer, method: "PUT", path: figure, body: `{"soort":"behaald","stand":"gemeten","waarde":"3","bron":"telling"}`},
	{who: officer, method: "PUT", path: figure, body: `{"soort":"behaald","stand":"gemeten","waarde":"4","bron":"telling"}`, match: `"1"`,
		rights: []string{"record-indicator: dynamodb:ConditionCheckItem on the table"}},
	{who: consultant, method: "GET", path: figure, rights: []string{"record-indicator: dynamodb:Query on index/byDesk"}},
	{who: consultant, method: "GET", path: "/v1/sociale-ondernemingen/" + demo.Register, rights: []string{"keep-register: dynamodb:Query on the table"}},
	{who: consultant, method: "GET", path: report, rights: []string{"report: dynamodb:Query on index/byDesk"}},
	{who: consultant, method: "POST", path: "/v1/jaarafsluitingen", key: "sluit-2000", body: `{"opdrachtgever":"` + demo.Authority + `","jaar":2000}`,
		rights: []string{
			"close-year: dynamodb:BatchGetItem on the table", "close-year: dynamodb:GetItem on the table", "close-year: dynamodb:PutItem on the table",
			"close-year: dynamodb:Query on the table", "close-year: dynamodb:Query on index/byDesk",
		}},
	{who: officer, method: "GET", path: report, rights: []string{"report: dynamodb:BatchGetItem on the table", "report: dynamodb:Query on the table"}},
}

// The demo plays under the guard until every right is used but those that the
// requests above are to use. From there on its acts are of the same kinds; the
// test of the demo itself plays them all, under the guard as well.
func TestTheHouseUsesExactlyItsRights(t *testing.T) {
	var clock atomic.Pointer[time.Time]
	start := time.Date(2020, 9, 1, 9, 0, 0, 0, time.UTC)
	clock.Store(&start)
	house, err := host.Start(t.Context(), host.Options{Now: func() time.Time { return *clock.Load() }})
	if err != nil {
		t.Fatal(err)
	}
	defer house.Stop()
	ctx, enough := context.WithCancel(t.Context())
	defer enough()
	err = demo.Play(ctx, demo.Options{
		URL: house.URL, Progress: io.Discard,
		Token: func(claims issuer.Claims) (string, error) { return house.Issuer.Token(claims, time.Hour) },
		Clock: func(at time.Time) {
			clock.Store(&at)
			if len(house.Guard.Refused()) > 0 || !slices.ContainsFunc(house.Guard.Unused(), isLeftToTheDemo) {
				enough()
			}
		},
	})
	if err != nil && !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	patient, impatient := context.WithTimeout(t.Context(), 10*time.Second) // a roll-up without its rights is never done
	defer impatient()
	if err := house.Idle(patient); err != nil {
		t.Error(err)
	}
	for _, a := range asked {
		send(t, house, a.who, a.method, a.path, a.body, a.match, a.key)
	}
	if unused := house.Guard.Unused(); len(unused) > 0 {
		t.Errorf("allowed, but never used:\n%s", strings.Join(unused, "\n"))
	}
	if refused := house.Guard.Refused(); len(refused) > 0 {
		t.Errorf("used, but not allowed:\n%s", strings.Join(refused, "\n"))
	}
}

func isLeftToTheDemo(right string) bool {
	for _, a := range asked {
		if slices.Contains(a.rights, right) {
			return false
		}
	}
	return true
}

func send(t *testing.T, house *host.Host, who issuer.Claims, method, path, body, match, key string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, house.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	token, err := house.Issuer.Token(who, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	if match != "" {
		request.Header.Set("If-Match", match)
	}
	if key != "" {
		request.Header.Set("Idempotency-Key", key)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode >= 300 {
		t.Errorf("%s %s: %d %s", method, path, response.StatusCode, answer)
	}
}
