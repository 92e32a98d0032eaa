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

var (
	onlyJSON = []string{mediaJSON}
	asPage   = []string{mediaJSON, mediaHTML}
	asLedger = []string{mediaJSON, mediaHTML, mediaJSONL}
)

func (r *route) gives() []string {
	if len(r.offers) == 0 {
		return onlyJSON
	}
	return r.offers
}

func (r *route) limit() int {
	if r.large {
		return maxLargeBody
	}
	return maxBody
}

var (
	watchers = as(sroi.Officer, sroi.Consultant, sroi.Auditor)
	parties  = as(sroi.Officer, sroi.Supplier, sroi.Consultant, sroi.Auditor)
	everyone = append(as(sroi.Administrator), parties...)
)

const (
	contractPattern  = "/v1/contracten/{id}"
	statementPattern = contractPattern + "/verantwoordingen/{periode}"
	figurePattern    = "/v1/indicatorwaarden/{gebied}/{code}/{periode}"
	registerPattern  = "/v1/sociale-ondernemingen/{register}"
	closesPattern    = "/v1/jaarafsluitingen"
)

// allRoutes is every route of every function. The handlers are not in it, so
// that a function links only its own.
var allRoutes = []route{
	{method: "PUT", pattern: "/v1/opdrachtgevers/{id}", act: "legOpdrachtgeverVast", scope: writes,
		roles: as(sroi.Administrator), matched: true, takes: onlyJSON},
	{method: "GET", pattern: "/v1/opdrachtgevers/{id}", act: "leesOpdrachtgever", scope: reads,
		roles: append(as(sroi.Administrator), watchers...)},
	{method: "GET", pattern: "/v1/opdrachtgevers", act: "lijstOpdrachtgevers", scope: reads,
		roles: as(sroi.Consultant)},
	{method: "POST", pattern: "/v1/aanbestedingen", act: "registreerAanbesteding", scope: writes,
		roles: as(sroi.Officer), keyed: true, takes: []string{mediaJSON, mediaXML}},
	{method: "GET", pattern: "/v1/aanbestedingen", act: "lijstAanbestedingen", scope: reads,
		roles: watchers},
	{method: "GET", pattern: "/v1/aanbestedingen/{id}", act: "leesAanbesteding", scope: reads,
		roles: watchers},
	{method: "PATCH", pattern: "/v1/aanbestedingen/{id}", act: "wijzigAanbesteding", scope: writes,
		roles: as(sroi.Officer), matched: true, takes: []string{mediaPatch}},
	{method: "POST", pattern: "/v1/aanbestedingen/{id}/gunningen", act: "gunPerceel", scope: writes,
		roles: as(sroi.Officer), keyed: true, matched: true, takes: onlyJSON},

	{method: "POST", pattern: "/v1/contracten", act: "registreerContract", scope: writes,
		roles: as(sroi.Officer), keyed: true, takes: onlyJSON},
	{method: "GET", pattern: "/v1/contracten", act: "lijstContracten", scope: reads,
		roles: parties},
	{method: "GET", pattern: contractPattern, act: "leesContract", scope: reads,
		roles: parties},
	{method: "GET", pattern: contractPattern + "/sr-verplichting", act: "leesSrVerplichting", scope: reads,
		roles: parties, offers: asPage},
	{method: "POST", pattern: contractPattern + "/wijzigingen", act: "wijzigContract", scope: writes,
		roles: as(sroi.Officer), keyed: true, matched: true, takes: onlyJSON},
	{method: "GET", pattern: contractPattern + "/wijzigingen", act: "lijstWijzigingen", scope: reads,
		roles: parties},
	{method: "POST", pattern: contractPattern + "/omzetopgaven", act: "geefOmzetOp", scope: writes,
		roles: as(sroi.Officer, sroi.Supplier), keyed: true, matched: true, takes: onlyJSON},
	{method: "GET", pattern: contractPattern + "/omzetopgaven", act: "lijstOmzetopgaven", scope: reads,
		roles: parties},
	{method: "PUT", pattern: contractPattern + "/plan-van-aanpak", act: "bewaarPlanVanAanpak", scope: writes,
		roles: as(sroi.Supplier, sroi.Consultant), matched: true, takes: onlyJSON},
	{method: "GET", pattern: contractPattern + "/plan-van-aanpak", act: "leesPlanVanAanpak", scope: reads,
		roles: parties},
	{method: "POST", pattern: "/v1/berekeningen", act: "bereken", scope: reads,
		roles: as(sroi.Officer, sroi.Supplier, sroi.Consultant), takes: onlyJSON},

	{method: "POST", pattern: contractPattern + "/plaatsingen", act: "voegPlaatsingToe", scope: writes,
		roles: as(sroi.Supplier), keyed: true, takes: onlyJSON},
	{method: "GET", pattern: contractPattern + "/plaatsingen", act: "lijstPlaatsingen", scope: reads,
		roles: parties},
	{method: "GET", pattern: contractPattern + "/plaatsingen/{nummer}", act: "leesPlaatsing", scope: reads,
		roles: parties},
	{method: "PATCH", pattern: contractPattern + "/plaatsingen/{nummer}", act: "wijzigPlaatsing", scope: writes,
		roles: as(sroi.Supplier), matched: true, takes: []string{mediaPatch}},
	{method: "GET", pattern: contractPattern + "/verantwoordingen", act: "lijstPerioden", scope: reads,
		roles: parties},
	{method: "PUT", pattern: statementPattern, act: "bewaarVerantwoording", scope: writes,
		roles: as(sroi.Officer, sroi.Supplier), matched: true, takes: []string{mediaJSON, mediaCSV}, large: true},
	{method: "GET", pattern: statementPattern, act: "leesVerantwoording", scope: reads,
		roles: parties, offers: asPage},
	{method: "POST", pattern: statementPattern + "/indiening", act: "dienVerantwoordingIn", scope: writes,
		roles: as(sroi.Supplier), keyed: true, matched: true},
	{method: "POST", pattern: statementPattern + "/intrekking", act: "trekVerantwoordingIn", scope: writes,
		roles: as(sroi.Supplier), keyed: true, matched: true},
	{method: "GET", pattern: "/v1/verantwoordingsjabloon", act: "leesVerantwoordingsjabloon", scope: reads,
		roles: parties, offers: []string{mediaCSV}},

	{method: "POST", pattern: statementPattern + "/beoordelingen", act: "beoordeelVerantwoording", scope: writes,
		roles: as(sroi.Consultant), keyed: true, matched: true, takes: onlyJSON},
	{method: "POST", pattern: statementPattern + "/inzagen", act: "legInzageVast", scope: writes,
		roles: as(sroi.Consultant), takes: onlyJSON},
	{method: "GET", pattern: "/v1/verantwoordingen", act: "lijstVerantwoordingen", scope: reads,
		roles: as(sroi.Consultant)},
	{method: "POST", pattern: contractPattern + "/correcties", act: "corrigeer", scope: writes,
		roles: as(sroi.Consultant), keyed: true, matched: true, takes: onlyJSON},
	{method: "POST", pattern: contractPattern + "/rekenregelwissels/proef", act: "probeerRekenregel", scope: reads,
		roles: as(sroi.Consultant), takes: onlyJSON},
	{method: "POST", pattern: contractPattern + "/rekenregelwissels", act: "wisselRekenregel", scope: writes,
		roles: as(sroi.Consultant), keyed: true, matched: true, takes: onlyJSON},

	{method: "PUT", pattern: figurePattern, act: "legIndicatorwaardeVast", scope: writes,
		roles: as(sroi.Officer, sroi.Consultant), matched: true, takes: onlyJSON},
	{method: "GET", pattern: figurePattern, act: "leesIndicatorwaarden", scope: reads,
		roles: watchers},

	{method: "PUT", pattern: registerPattern + "/{kvk}", act: "legSocialeOndernemingVast", scope: writes,
		roles: as(sroi.Administrator), matched: true, takes: onlyJSON},
	{method: "GET", pattern: registerPattern + "/{kvk}", act: "leesSocialeOnderneming", scope: reads,
		roles: everyone},
	{method: "GET", pattern: registerPattern, act: "lijstSocialeOndernemingen", scope: reads,
		roles: everyone},

	{method: "POST", pattern: closesPattern, act: "sluitJaarAf", scope: writes,
		roles: as(sroi.Consultant), keyed: true, takes: onlyJSON},
	{method: "GET", pattern: closesPattern, act: "lijstJaarafsluitingen", scope: reads,
		roles: watchers},
	{method: "GET", pattern: closesPattern + "/{id}", act: "leesJaarafsluiting", scope: reads,
		roles: watchers},
	{method: "POST", pattern: closesPattern + "/{id}/bekrachtiging", act: "bekrachtigJaarafsluiting", scope: writes,
		roles: as(sroi.Consultant), keyed: true, matched: true},
	{method: "GET", pattern: closesPattern + "/{id}/hoofden", act: "leesHoofden", scope: reads,
		roles: watchers},

	{method: "GET", pattern: "/v1/jaarrapporten/{jaar}", act: "leesJaarrapport", scope: reads,
		roles: watchers, offers: []string{mediaJSON, mediaHTML, mediaCSV}},
	{method: "GET", pattern: "/v1/jaarrapporten/{jaar}/onderbouwing", act: "leesOnderbouwing", scope: reads,
		roles: watchers, offers: asPage},
	{method: "GET", pattern: contractPattern + "/mutaties", act: "lijstMutaties", scope: reads,
		roles: parties, offers: asLedger},
	{method: "GET", pattern: "/v1/opdrachtgevers/{id}/mutaties", act: "exporteerMutaties", scope: reads,
		roles: watchers, offers: []string{mediaJSONL}},
	{method: "GET", pattern: contractPattern + "/correcties/{correctie}", act: "leesCorrectie", scope: reads,
		roles: parties, offers: asPage},
	{method: "GET", pattern: "/v1/aanbestedingen/{id}/mutaties", act: "lijstAanbestedingMutaties", scope: reads,
		roles: watchers, offers: asLedger},
	{method: "GET", pattern: "/v1/rekenregels", act: "lijstRekenregels", open: true},
	{method: "GET", pattern: "/v1/rekenregels/{id}/versies/{datum}", act: "leesRekenregel", open: true},
	{method: "GET", pattern: "/v1/rekenregels/{id}/verschil", act: "vergelijkRekenregels", open: true},
	{method: "GET", pattern: "/v1/openapi.json", act: "leesOpenapi", open: true},
}

// handlers are what answers each act of a function.
type handlers map[string]func(*request) (*response, error)

// routes are those of the table that the handlers serve.
func (h handlers) routes() []route {
	var own []route
	for _, r := range allRoutes {
		if handle, ok := h[r.act]; ok {
			r.handle = handle
			own = append(own, r)
		}
	}
	return own
}

func registerTenderRoutes() []route {
	return handlers{
		"legOpdrachtgeverVast":   putAuthority,
		"leesOpdrachtgever":      readAuthority,
		"lijstOpdrachtgevers":    listAuthorities,
		"registreerAanbesteding": registerTender,
		"lijstAanbestedingen":    listTenders,
		"leesAanbesteding":       readTender,
		"wijzigAanbesteding":     changeTender,
		"gunPerceel":             awardLot,
	}.routes()
}

func awardContractRoutes() []route {
	return handlers{
		"registreerContract":  registerContract,
		"lijstContracten":     listContracts,
		"leesContract":        readContract,
		"wijzigContract":      amendContract,
		"lijstWijzigingen":    listAmendments,
		"geefOmzetOp":         reportTurnover,
		"lijstOmzetopgaven":   listTurnover,
		"leesSrVerplichting":  readObligation,
		"bewaarPlanVanAanpak": savePlan,
		"leesPlanVanAanpak":   readPlan,
		"bereken":             calculate,
	}.routes()
}

func submitProofRoutes() []route {
	return handlers{
		"voegPlaatsingToe":           addPlacement,
		"lijstPlaatsingen":           listPlacements,
		"leesPlaatsing":              readPlacement,
		"wijzigPlaatsing":            changePlacement,
		"lijstPerioden":              listPeriods,
		"bewaarVerantwoording":       saveStatement,
		"leesVerantwoording":         readStatement,
		"dienVerantwoordingIn":       submitStatement,
		"trekVerantwoordingIn":       withdrawStatement,
		"leesVerantwoordingsjabloon": readTemplate,
	}.routes()
}

func verifyProofRoutes() []route {
	return handlers{
		"beoordeelVerantwoording": decide,
		"legInzageVast":           seeEvidence,
		"lijstVerantwoordingen":   listQueue,
		"corrigeer":               correct,
		"probeerRekenregel":       tryRules,
		"wisselRekenregel":        moveRules,
	}.routes()
}

func recordIndicatorRoutes() []route {
	return handlers{
		"legIndicatorwaardeVast": recordIndicator,
		"leesIndicatorwaarden":   readIndicator,
	}.routes()
}

func keepRegisterRoutes() []route {
	return handlers{
		"legSocialeOndernemingVast": putEnterprise,
		"leesSocialeOnderneming":    readEnterprise,
		"lijstSocialeOndernemingen": listEnterprises,
	}.routes()
}

func closeYearRoutes() []route {
	return handlers{
		"sluitJaarAf":              closeYear,
		"lijstJaarafsluitingen":    listCloses,
		"leesJaarafsluiting":       readClose,
		"bekrachtigJaarafsluiting": confirmClose,
		"leesHoofden":              readHeads,
	}.routes()
}

func reportRoutes() []route {
	return handlers{
		"leesJaarrapport":           readReport,
		"lijstMutaties":             listEntries,
		"exporteerMutaties":         exportAuthority,
		"lijstRekenregels":          listRuleSets,
		"leesRekenregel":            readRuleSet,
		"vergelijkRekenregels":      compareRuleSets,
		"leesOpenapi":               readContractDocument,
		"leesOnderbouwing":          readBreakdown,
		"leesCorrectie":             readCorrection,
		"lijstAanbestedingMutaties": listTenderEntries,
	}.routes()
}

// RegisterTender serves authorities, tenders and awards.
func RegisterTender(d Deps) Handler { return serve(d, registerTenderRoutes()) }

// AwardContract serves contracts, obligations, plans and calculations.
func AwardContract(d Deps) Handler { return serve(d, awardContractRoutes()) }

// SubmitProof serves placements and the supplier's side of statements.
func SubmitProof(d Deps) Handler { return serve(d, submitProofRoutes()) }

// VerifyProof serves the consultant's side of statements, and corrections.
func VerifyProof(d Deps) Handler { return serve(d, verifyProofRoutes()) }

// RecordIndicator serves figures that people record.
func RecordIndicator(d Deps) Handler { return serve(d, recordIndicatorRoutes()) }

// KeepRegister serves registers of social enterprises.
func KeepRegister(d Deps) Handler { return serve(d, keepRegisterRoutes()) }

// CloseYear serves the closes of years.
func CloseYear(d Deps) Handler { return serve(d, closeYearRoutes()) }

// Report serves reports, ledgers, rule sets and the contract of the API. It
// also answers whatever no route takes.
func Report(d Deps) Handler { return serve(d, reportRoutes()) }

// findRoute finds what is asked. The path must be exactly that of a route: a
// trailing or double slash is another path, and there are no redirects.
func (r *request) findRoute(own []route) error {
	method, path := r.event.RequestContext.HTTP.Method, r.event.RawPath
	for i := range own {
		if own[i].method != method && method != http.MethodOptions {
			continue
		}
		if params, ok := match(own[i].pattern, path); ok {
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
	if len(r.event.RawQueryString) > maxQuery {
		r.found.add(inQuery, "", "te-veel", "De parameters na het vraagteken zijn samen langer dan "+strconv.Itoa(maxQuery)+" tekens.")
		return nil
	}
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

func as(roles ...sroi.Role) []sroi.Role { return roles }
