// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"socialreturn/internal/sroi"
)

// scope is what a token must allow.
type scope string

const (
	reads  scope = "socialreturn:lezen"
	writes scope = "socialreturn:schrijven"
)

// route is one thing that can be asked, and by whom.
type route struct {
	method  string
	pattern string
	act     string // operationId in the contract, and the action in the log
	scope   scope
	roles   []sroi.Role // may ask; who sees what is decided in internal/app
	open    bool        // for everyone, without a token
	keyed   bool        // creates: needs an Idempotency-Key
	matched bool        // takes If-Match
	takes   []string    // media types of the body
	offers  []string    // media types of the answer; JSON where there are none
	large   bool        // 5 MiB instead of 1
	handle  func(*request) (*response, error)
}

var onlyJSON = []string{mediaJSON}

func (r *route) gives() []string {
	if len(r.offers) == 0 {
		return onlyJSON
	}
	return r.offers
}

func (r *route) limit() int {
	if r.large {
		return 5 << 20
	}
	return 1 << 20
}

func as(roles ...sroi.Role) []sroi.Role { return roles }

var (
	watchers = as(sroi.Officer, sroi.Consultant, sroi.Auditor)
	parties  = as(sroi.Officer, sroi.Supplier, sroi.Consultant, sroi.Auditor)
)

const (
	contractPattern  = "/v1/contracten/{id}"
	statementPattern = contractPattern + "/verantwoordingen/{periode}"
)

// The routes of each function, as the template deploys them.
func registerTenderRoutes() []route {
	return []route{
		{method: "PUT", pattern: "/v1/opdrachtgevers/{id}", act: "legOpdrachtgeverVast", scope: writes,
			roles: as(sroi.Administrator), matched: true, takes: onlyJSON, handle: putAuthority},
		{method: "GET", pattern: "/v1/opdrachtgevers/{id}", act: "leesOpdrachtgever", scope: reads,
			roles: append(as(sroi.Administrator), watchers...), handle: readAuthority},
		{method: "GET", pattern: "/v1/opdrachtgevers", act: "lijstOpdrachtgevers", scope: reads,
			roles: as(sroi.Consultant), handle: listAuthorities},
		{method: "POST", pattern: "/v1/aanbestedingen", act: "registreerAanbesteding", scope: writes,
			roles: as(sroi.Officer), keyed: true, takes: []string{mediaJSON, mediaXML}, handle: registerTender},
		{method: "GET", pattern: "/v1/aanbestedingen", act: "lijstAanbestedingen", scope: reads,
			roles: watchers, handle: listTenders},
		{method: "GET", pattern: "/v1/aanbestedingen/{id}", act: "leesAanbesteding", scope: reads,
			roles: watchers, handle: readTender},
		{method: "PATCH", pattern: "/v1/aanbestedingen/{id}", act: "wijzigAanbesteding", scope: writes,
			roles: as(sroi.Officer), matched: true, takes: []string{mediaPatch}, handle: changeTender},
		{method: "POST", pattern: "/v1/aanbestedingen/{id}/gunningen", act: "gunPerceel", scope: writes,
			roles: as(sroi.Officer), keyed: true, matched: true, takes: onlyJSON, handle: awardLot},
	}
}

func awardContractRoutes() []route {
	return []route{
		{method: "POST", pattern: "/v1/contracten", act: "registreerContract", scope: writes,
			roles: as(sroi.Officer), keyed: true, takes: onlyJSON, handle: registerContract},
		{method: "GET", pattern: "/v1/contracten", act: "lijstContracten", scope: reads,
			roles: parties, handle: listContracts},
		{method: "GET", pattern: contractPattern, act: "leesContract", scope: reads,
			roles: parties, handle: readContract},
		{method: "GET", pattern: contractPattern + "/sr-verplichting", act: "leesSrVerplichting", scope: reads,
			roles: parties, handle: readObligation},
		{method: "POST", pattern: "/v1/berekeningen", act: "bereken", scope: reads,
			roles: as(sroi.Officer, sroi.Supplier, sroi.Consultant), takes: onlyJSON, handle: calculate},
	}
}

func submitProofRoutes() []route {
	return []route{
		{method: "POST", pattern: contractPattern + "/plaatsingen", act: "voegPlaatsingToe", scope: writes,
			roles: as(sroi.Supplier), keyed: true, takes: onlyJSON, handle: addPlacement},
		{method: "GET", pattern: contractPattern + "/plaatsingen", act: "lijstPlaatsingen", scope: reads,
			roles: parties, handle: listPlacements},
		{method: "GET", pattern: contractPattern + "/plaatsingen/{nummer}", act: "leesPlaatsing", scope: reads,
			roles: parties, handle: readPlacement},
		{method: "PATCH", pattern: contractPattern + "/plaatsingen/{nummer}", act: "wijzigPlaatsing", scope: writes,
			roles: as(sroi.Supplier), matched: true, takes: []string{mediaPatch}, handle: changePlacement},
		{method: "GET", pattern: contractPattern + "/verantwoordingen", act: "lijstPerioden", scope: reads,
			roles: parties, handle: listPeriods},
		{method: "PUT", pattern: statementPattern, act: "bewaarVerantwoording", scope: writes,
			roles: as(sroi.Officer, sroi.Supplier), matched: true, takes: []string{mediaJSON, mediaCSV}, large: true, handle: saveStatement},
		{method: "GET", pattern: statementPattern, act: "leesVerantwoording", scope: reads,
			roles: parties, handle: readStatement},
		{method: "POST", pattern: statementPattern + "/indiening", act: "dienVerantwoordingIn", scope: writes,
			roles: as(sroi.Supplier), keyed: true, matched: true, handle: submitStatement},
		{method: "POST", pattern: statementPattern + "/intrekking", act: "trekVerantwoordingIn", scope: writes,
			roles: as(sroi.Supplier), keyed: true, matched: true, handle: withdrawStatement},
		{method: "GET", pattern: "/v1/verantwoordingsjabloon", act: "leesVerantwoordingsjabloon", scope: reads,
			roles: parties, offers: []string{mediaCSV}, handle: readTemplate},
	}
}

func verifyProofRoutes() []route {
	return []route{
		{method: "POST", pattern: statementPattern + "/beoordelingen", act: "beoordeelVerantwoording", scope: writes,
			roles: as(sroi.Consultant), keyed: true, matched: true, takes: onlyJSON, handle: decide},
		{method: "POST", pattern: statementPattern + "/inzagen", act: "legInzageVast", scope: writes,
			roles: as(sroi.Consultant), takes: onlyJSON, handle: seeEvidence},
		{method: "GET", pattern: "/v1/verantwoordingen", act: "lijstVerantwoordingen", scope: reads,
			roles: as(sroi.Consultant), handle: listQueue},
		{method: "POST", pattern: contractPattern + "/correcties", act: "corrigeer", scope: writes,
			roles: as(sroi.Consultant), keyed: true, takes: onlyJSON, handle: correct},
	}
}

const figurePattern = "/v1/indicatorwaarden/{gebied}/{code}/{periode}"

func recordIndicatorRoutes() []route {
	return []route{
		{method: "PUT", pattern: figurePattern, act: "legIndicatorwaardeVast", scope: writes,
			roles: as(sroi.Officer, sroi.Consultant), matched: true, takes: onlyJSON, handle: recordIndicator},
		{method: "GET", pattern: figurePattern, act: "leesIndicatorwaarden", scope: reads,
			roles: watchers, handle: readIndicator},
	}
}

func reportRoutes() []route {
	return []route{
		{method: "GET", pattern: "/v1/jaarrapporten/{jaar}", act: "leesJaarrapport", scope: reads,
			roles: watchers, offers: []string{mediaJSON, mediaHTML, mediaCSV}, handle: readReport},
		{method: "GET", pattern: contractPattern + "/mutaties", act: "lijstMutaties", scope: reads,
			roles: parties, handle: listEntries},
		{method: "GET", pattern: "/v1/rekenregels", act: "lijstRekenregels", open: true, handle: listRuleSets},
		{method: "GET", pattern: "/v1/rekenregels/{id}/versies/{datum}", act: "leesRekenregel", open: true, handle: readRuleSet},
		{method: "GET", pattern: "/v1/openapi.json", act: "leesOpenapi", open: true, handle: readContractDocument},
	}
}

// allRoutes is every route of every function.
var allRoutes []route

func init() {
	allRoutes = slices.Concat(registerTenderRoutes(), awardContractRoutes(), submitProofRoutes(),
		verifyProofRoutes(), recordIndicatorRoutes(), reportRoutes())
}

// RegisterTender serves authorities, tenders and awards.
func RegisterTender(d Deps) Handler { return serve(d, registerTenderRoutes()) }

// AwardContract serves contracts, obligations and calculations.
func AwardContract(d Deps) Handler { return serve(d, awardContractRoutes()) }

// SubmitProof serves placements and the supplier's side of statements.
func SubmitProof(d Deps) Handler { return serve(d, submitProofRoutes()) }

// VerifyProof serves the consultant's side of statements, and corrections.
func VerifyProof(d Deps) Handler { return serve(d, verifyProofRoutes()) }

// RecordIndicator serves figures that people record.
func RecordIndicator(d Deps) Handler { return serve(d, recordIndicatorRoutes()) }

// Report serves reports, ledgers, rule sets and the contract of the API. It
// also answers whatever no route takes.
func Report(d Deps) Handler { return serve(d, reportRoutes()) }

// findRoute finds what is asked. The path must be exactly that of a route: a
// trailing or double slash is another path, and there are no redirects.
func (r *request) findRoute(own []route) error {
	method, path := r.event.RequestContext.HTTP.Method, r.event.RawPath
	for i := range own {
		if params, ok := match(own[i].pattern, path); ok && (own[i].method == method || method == http.MethodOptions) {
			r.route, r.params = &own[i], params
			return nil
		}
	}
	methods := methodsOf(path)
	switch {
	case len(methods) == 0, slices.Contains(methods, method) && method != http.MethodOptions:
		return notFound()
	case method == http.MethodOptions: // of a route that another function serves
		r.route = &route{act: "preflight"}
		return nil
	}
	return refuse(http.StatusMethodNotAllowed, "methode-niet-toegestaan", "Hier kan: "+strings.Join(methods, ", ")+".").
		with("Allow", strings.Join(methods, ", "))
}

// methodsOf lists what can be done at a path; nothing where there is no such path.
func methodsOf(path string) []string {
	var methods []string
	for i := range allRoutes {
		if _, ok := match(allRoutes[i].pattern, path); ok {
			methods = append(methods, allRoutes[i].method)
		}
	}
	if len(methods) > 0 {
		methods = append(methods, http.MethodOptions)
		slices.Sort(methods)
	}
	return methods
}

// match compares a path with a pattern, segment by segment, and gives the
// decoded parameters. A slash is never part of a segment, encoded or not.
func match(pattern, path string) (map[string]string, bool) {
	if strings.Count(pattern, "/") != strings.Count(path, "/") {
		return nil, false
	}
	var params map[string]string
	for pattern != "" {
		var want, got string
		want, pattern = nextSegment(pattern)
		got, path = nextSegment(path)
		if want == got && got != "" {
			continue
		}
		value, err := url.PathUnescape(got)
		if !strings.HasPrefix(want, "{") || err != nil || value == "" || strings.Contains(value, "/") {
			return nil, false
		}
		if params == nil {
			params = make(map[string]string, 3)
		}
		params[strings.Trim(want, "{}")] = value
	}
	return params, true
}

// nextSegment takes "/a" off "/a/b".
func nextSegment(path string) (segment, rest string) {
	segment = strings.TrimPrefix(path, "/")
	if i := strings.IndexByte(segment, '/'); i >= 0 {
		return segment[:i], segment[i:]
	}
	return segment, ""
}

// parseQuery reads the query as it was sent. One that cannot be read is a fault.
func (r *request) parseQuery() url.Values {
	values, err := url.ParseQuery(r.event.RawQueryString)
	if err != nil {
		r.found.add(inQuery, "", "query-onleesbaar", "De parameters na het vraagteken zijn onleesbaar.")
	}
	return values
}

// parameter fills a field from the text of a parameter.
func (r *request) parameter(in, name, text string, v reflect.Value) {
	switch {
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		r.parameter(in, name, text, v.Elem())
		return
	case v.Type() == reflect.TypeFor[objectID]():
		v.SetString(text)
		r.absent = r.absent || !objectForm.MatchString(text)
		return
	case v.Kind() == reflect.Int && !readsText(v):
		if n, err := strconv.ParseUint(text, 10, 30); err == nil {
			v.SetInt(int64(n))
			return
		}
		r.found.add(in, name, "geen-getal", "Geef een geheel getal.")
		return
	case v.Kind() == reflect.Bool:
		v.SetBool(text == "true")
		if text != "true" && text != "false" {
			r.found.add(in, name, "geen-waarheidswaarde", "Kies true of false.")
		}
		return
	}
	if code, detail := setText(v, text); code != "" {
		r.found.add(in, name, code, detail)
	}
}

// atoi reads digits that a pattern let through.
func atoi(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}
