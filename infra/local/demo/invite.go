// SPDX-License-Identifier: EUPL-1.2

package demo

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"

	"socialreturn/infra/local/issuer"
)

// Ready are tokens for the three users of the demo.
type Ready struct{ Officer, Supplier, Consultant string }

// Tokens signs the three tokens: an officer of the municipality, a supplier
// with work to do, and a consultant of the desk.
func Tokens(sign func(issuer.Claims) (string, error)) (Ready, error) {
	var ready Ready
	for _, user := range []struct {
		claims issuer.Claims
		token  *string
	}{{officer, &ready.Officer}, {supplier(Supplier), &ready.Supplier}, {consultant, &ready.Consultant}} {
		var err error
		if *user.token, err = sign(user.claims); err != nil {
			return Ready{}, fmt.Errorf("geen token voor %s: %w", user.claims.Subject, err)
		}
	}
	return ready, nil
}

// Example is a command line to paste, and what it does. It names its user's
// token as a shell variable; see Ready.Lines.
type Example struct{ User, What, Line string }

// The shell variables that hold the tokens.
const (
	officerToken    = "INKOPER"
	supplierToken   = "OPDRACHTNEMER" //nolint:gosec // G101: the name of a shell variable, no secret
	consultantToken = "ADVISEUR"
)

// Lines set the shell variables that the examples use.
func (r Ready) Lines() []string {
	return []string{
		officerToken + "='" + r.Officer + "'",
		supplierToken + "='" + r.Supplier + "'",
		consultantToken + "='" + r.Consultant + "'",
	}
}

// open is the contract and period over which the supplier has yet to report.
const (
	openContract = "2022-04"
	openPeriod   = "2022-Q4"
)

// Curl gives commands for the three users, that work on the running house with
// the demo in it. It looks up the ids that they need.
func Curl(ctx context.Context, address string, ready Ready) ([]Example, error) {
	contract, err := lookUp(ctx, address, ready.Supplier, "/v1/contracten?perPage=100", "nummer", openContract, "id")
	if err != nil {
		return nil, err
	}
	queued, err := lookUp(ctx, address, ready.Consultant, "/v1/verantwoordingen?status=ingediend&perPage=100", "periode", openPeriod, "contract")
	if err != nil {
		return nil, err
	}
	const tender = `{"opdrachtgever":"` + Authority + `","kenmerk":"2022-40","titel":"Onderhoud sportvelden","procedure":"nationaal",` +
		`"publicatieDatum":"2022-12-19","percelen":[{"id":"1","titel":"Onderhoud sportvelden","aard":"diensten",` +
		`"geraamdeWaarde":"240000.00","socialReturn":"ja","vorm":"contracteis"}]}`
	draft := `{"plaatsingen":[{"nummer":2,"gewerkteUren":"120"}]}`
	period := "/v1/contracten/" + contract + "/verantwoordingen/" + openPeriod
	return []Example{
		{"Inkoper", "leest het jaarrapport", curl(officerToken, address+"/v1/jaarrapporten/2022?gebied="+Area)},
		{"Inkoper", "registreert een aanbesteding", curl(officerToken, address+"/v1/aanbestedingen",
			"-H 'Content-Type: application/json'", "-H 'Idempotency-Key: probeer-het-zelf'", "-d '"+tender+"'")},
		{"Opdrachtnemer", "leest de eigen contracten", curl(supplierToken, address+"/v1/contracten")},
		{"Opdrachtnemer", "ziet welke perioden nog open staan", curl(supplierToken, address+"/v1/contracten/"+contract+"/verantwoordingen")},
		{"Opdrachtnemer", "leest het plan van aanpak met de prognose", curl(supplierToken, address+"/v1/contracten/"+contract+"/plan-van-aanpak")},
		{"Opdrachtnemer", "bewaart een concept", curl(supplierToken, address+period, "-X PUT",
			"-H 'Content-Type: application/json'", "-d '"+draft+"'")},
		{"Adviseur", "leest wat te beoordelen is", curl(consultantToken, address+"/v1/verantwoordingen?status=ingediend")},
		{"Adviseur", "leest één verantwoording", curl(consultantToken, address+"/v1/contracten/"+queued+"/verantwoordingen/"+openPeriod)},
	}, nil
}

// curl is a command line that fails when the house refuses.
func curl(token, address string, more ...string) string {
	parts := append([]string{"curl -sS --fail-with-body", `-H "Authorization: Bearer $` + token + `"`}, more...)
	return strings.Join(append(parts, "'"+address+"'"), " ")
}

// lookUp reads a list and gives a field of the object in which another has a value.
func lookUp(ctx context.Context, address, token, path, field, value, wanted string) (string, error) {
	c := newClient(address, func(issuer.Claims) (string, error) { return token, nil })
	got, err := c.do(ctx, ask{method: http.MethodGet, path: path})
	if err != nil {
		return "", err
	}
	var lists map[string][]map[string]any
	if err := got.into(&lists); err != nil {
		return "", err
	}
	for _, list := range lists {
		for _, item := range list {
			if item[field] == value {
				return fmt.Sprint(item[wanted]), nil
			}
		}
	}
	return "", fmt.Errorf("%s kent geen %s %s; is de demo gespeeld?", path, field, value)
}

// Invite writes how each user goes on from here: commands to paste.
func Invite(out io.Writer, address string, sign func(issuer.Claims) (string, error)) error {
	ready, err := Tokens(sign)
	if err != nil {
		return err
	}
	examples, err := Curl(context.Background(), address, ready)
	if err != nil {
		return err
	}
	fmt.Fprint(out, "\nDrie tokens, twaalf uur geldig. Plak eerst deze regels:\n\n")
	for _, line := range ready.Lines() {
		fmt.Fprintln(out, line)
	}
	user := ""
	for _, example := range examples {
		if example.User != user {
			user = example.User
			fmt.Fprintf(out, "\n%s\n", user)
		}
		fmt.Fprintf(out, "\n  # %s\n%s\n", example.What, example.Line)
	}
	return nil
}
