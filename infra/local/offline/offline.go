// SPDX-License-Identifier: EUPL-1.2

// Package offline works a plan out on this machine alone: the very handler of
// POST /v1/berekeningen, without a table, a login or a network.
package offline

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"socialreturn/internal/app"
	"socialreturn/internal/edge"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

// MaxPlan bounds the file of a plan, in bytes; one more is refused as by the API.
const MaxPlan = 1 << 20

const path = "/v1/berekeningen"

// Refused is a plan that cannot be worked out, in Dutch.
type Refused struct {
	Detail string
	Errors []Fault
}

// Fault is one thing wrong with a plan: where, as a JSON pointer, and what.
type Fault struct {
	Location, Detail string
}

func (r *Refused) Error() string {
	lines := []string{r.Detail}
	for _, fault := range r.Errors {
		where := fault.Location
		if where == "" {
			where = "(hele bestand)"
		}
		lines = append(lines, "  "+where+": "+fault.Detail)
	}
	return strings.Join(lines, "\n")
}

// Answer is the answer of the API to a plan, as JSON. It returns a *Refused.
func Answer(ctx context.Context, plan []byte, now func() time.Time) ([]byte, error) {
	handler := edge.AwardContract(edge.Deps{
		Service:  &app.Service{Store: nowhere{}, Rules: ruleset.Embedded()},
		Verifier: anyone{}, Now: now, Log: edge.NewLog(io.Discard, now),
	})
	event := events.APIGatewayV2HTTPRequest{
		RawPath: path, Body: string(plan),
		Headers: map[string]string{"content-type": "application/json", "authorization": "Bearer offline"},
	}
	event.RequestContext.HTTP.Method, event.RequestContext.HTTP.Path = http.MethodPost, path
	answer, err := handler(ctx, event)
	if err != nil {
		return nil, err
	}
	if answer.StatusCode == http.StatusOK {
		return []byte(answer.Body), nil
	}
	refused := &Refused{}
	if err := json.Unmarshal([]byte(answer.Body), refused); err != nil {
		return nil, fmt.Errorf("het antwoord is onleesbaar: %w", err)
	}
	return nil, refused
}

// anyone lets this machine's user ask, without a token.
type anyone struct{}

// Verify gives the rights that a calculation needs.
func (anyone) Verify(context.Context, string) (edge.Identity, error) {
	return edge.Identity{Actor: app.Actor{Role: sroi.Officer, ID: "offline"}, Scopes: []string{"socialreturn:lezen"}}, nil
}

// nowhere is the store of a machine without one. A calculation asks it only
// which rule set an authority has.
type nowhere struct{ app.Store }

// Authority says that it is not known here.
func (nowhere) Authority(context.Context, sroi.AuthorityID) (sroi.Authority, error) {
	return sroi.Authority{}, &app.Error{Kind: app.Invalid, Code: "ongeldige-invoer", Detail: "Het plan bevat fouten:", Faults: []app.Fault{{
		Code: "opdrachtgever-onbekend", Field: "/authority",
		Detail: "Zonder server is niet bekend welke rekenregel bij een opdrachtgever hoort. Noem in plaats daarvan de rekenregel, of het gebied.",
	}}}
}
