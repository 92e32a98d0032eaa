// SPDX-License-Identifier: EUPL-1.2

// Package guard stands between the functions and the engine and lets each do
// what its policy in the cloud template allows, as IAM would decide, so that a
// missing right shows on this machine, and not first in the cloud.
//
// A function is known by its access key id, which is its name. Signatures are
// not verified: the guard keeps out mistakes, not thieves.
package guard

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"socialreturn/infra/local/template"
)

const (
	maxBody     = 32 << 20 // bytes; the engine takes 16 MB of items
	connections = 64       // kept open to the engine
)

// Guard is an http.Handler in front of an engine.
type Guard struct {
	table  string
	hashes map[string]string   // partition key attribute, by place
	roles  map[string][]*grant // by function
	proxy  *httputil.ReverseProxy

	mutex   sync.Mutex // guards used in grants, and refused
	refused []string
}

// New is a guard in front of the engine at a URL, for one table and for the
// functions that use it.
func New(engine string, table *dynamodb.CreateTableInput, functions []template.Function) (*Guard, error) {
	address, err := url.Parse(engine)
	if err != nil {
		return nil, fmt.Errorf("guard: %w", err)
	}
	g := &Guard{table: *table.TableName, hashes: map[string]string{"": *table.KeySchema[0].AttributeName}, roles: map[string][]*grant{}}
	for _, index := range table.GlobalSecondaryIndexes {
		g.hashes[*index.IndexName] = *index.KeySchema[0].AttributeName
	}
	for _, function := range functions {
		g.roles[function.Name] = grantsOf(function.Policy)
	}
	g.proxy = &httputil.ReverseProxy{
		Rewrite:   func(r *httputil.ProxyRequest) { r.SetURL(address) },
		Transport: &http.Transport{MaxIdleConnsPerHost: connections, IdleConnTimeout: time.Minute, DisableCompression: true},
		// The engine is gone, or the function no longer waits: it will try again.
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) },
	}
	return g, nil
}

// caller is the function, and the region, in the signature of a request.
var caller = regexp.MustCompile(`^AWS4-HMAC-SHA256 Credential=([^/]+)/\d{8}/([^/]+)/dynamodb/aws4_request,`)

const service = "DynamoDB_20120810." // ahead of the operation in X-Amz-Target

// ServeHTTP passes a request on, or refuses it as DynamoDB does.
func (g *Guard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	signed := caller.FindStringSubmatch(r.Header.Get("Authorization"))
	if signed == nil {
		refuse(w, "MissingAuthenticationTokenException", "Request is missing Authentication Token")
		return
	}
	function, region := signed[1], signed[2]
	grants, known := g.roles[function]
	if !known {
		refuse(w, "UnrecognizedClientException", "The security token included in the request is invalid.")
		return
	}
	operation, ours := strings.CutPrefix(r.Header.Get("X-Amz-Target"), service)
	if !ours {
		refuse(w, "UnknownOperationException", "The operation is none of DynamoDB's.")
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var needs []need
	if err == nil {
		needs, err = g.needs(operation, body)
	}
	if err != nil {
		refuse(w, "SerializationException", "The request cannot be read.")
		return
	}
	if missing := g.missing(grants, needs); missing != nil {
		denial := fmt.Sprintf("User: arn:aws:sts::000000000000:assumed-role/%[1]s/local is not authorized to perform: %[2]s on resource: %[3]s"+
			" because no identity-based policy allows the %[2]s action", function, missing.action, missing.resource(region))
		g.note(function, missing)
		refuse(w, "AccessDeniedException", denial)
		return
	}
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	g.proxy.ServeHTTP(w, r)
}

// refuse answers with an error of DynamoDB's.
func refuse(w http.ResponseWriter, code, message string) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	w.WriteHeader(http.StatusBadRequest)
	_ = json.NewEncoder(w).Encode(map[string]string{"__type": "com.amazon.coral.service#" + code, "message": message}) // fails only when the caller has left
}

// grant is one action that a function may do in one place.
type grant struct {
	action, place string
	keys          *regexp.Regexp // of partition keys; nil: any, and none
	used          bool
}

func grantsOf(policy []template.Statement) []*grant {
	var grants []*grant
	for _, statement := range policy {
		for _, action := range statement.Actions {
			for _, place := range statement.Places {
				grants = append(grants, &grant{action: action, place: place, keys: anyOf(statement.LeadingKeys)})
			}
		}
	}
	return grants
}

// anyOf matches what one of the patterns does, with * and ? as in IAM.
func anyOf(patterns []string) *regexp.Regexp {
	if len(patterns) == 0 {
		return nil
	}
	alternatives := make([]string, len(patterns))
	for i, pattern := range patterns {
		alternatives[i] = strings.NewReplacer(`\*`, `.*`, `\?`, `.`).Replace(regexp.QuoteMeta(pattern))
	}
	return regexp.MustCompile(`(?s)^(` + strings.Join(alternatives, `|`) + `)$`)
}

func (g *grant) allows(n need) bool {
	if g.action != n.action || g.place != n.place {
		return false
	}
	return g.keys == nil || len(n.keys) > 0 && !slices.ContainsFunc(n.keys, func(key string) bool { return !g.keys.MatchString(key) })
}

// missing is the first need that no grant covers; where all are covered, the
// grants count as used.
func (g *Guard) missing(grants []*grant, needs []need) *need {
	covering := make([]*grant, len(needs))
	for i, n := range needs {
		found := slices.IndexFunc(grants, func(candidate *grant) bool { return n.table == g.table && candidate.allows(n) })
		if found < 0 {
			return &n
		}
		covering[i] = grants[found]
	}
	g.mutex.Lock()
	defer g.mutex.Unlock()
	for _, grant := range covering {
		grant.used = true
	}
	return nil
}

func (g *Guard) note(function string, n *need) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	g.refused = append(g.refused, right(function, n.action, n.place))
}

// Unused are the rights that no function has used so far, in order of their
// names: "report: dynamodb:Query on index/byDesk".
func (g *Guard) Unused() []string {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	var unused []string
	for function, grants := range g.roles {
		for _, grant := range grants {
			if !grant.used {
				unused = append(unused, right(function, grant.action, grant.place))
			}
		}
	}
	slices.Sort(unused)
	return unused
}

// Refused are the rights that functions lacked so far, each once, in order of
// their names.
func (g *Guard) Refused() []string {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	refused := slices.Clone(g.refused)
	slices.Sort(refused)
	return slices.Compact(refused)
}

func right(function, action, place string) string {
	if place == "" {
		return function + ": " + action + " on the table"
	}
	return function + ": " + action + " on index/" + place
}
