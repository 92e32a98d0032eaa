// SPDX-License-Identifier: EUPL-1.2

package edge

import "fmt"

// What each of the own, foreign and absent objects answers, to who may ask at all.
var (
	reading  = [3]int{200, 404, 404}
	creating = [3]int{201, 404, 404}
	// ofAll is something without an owner: the own and the foreign are the same.
	ofAll = [3]int{200, 200, 404}
	// ofNone names no object.
	ofNone = [3]int{200, 200, 200}
)

const (
	watching = "inkoper adviseur auditor"
	taking   = "inkoper opdrachtnemer adviseur auditor"
	anybody  = "inkoper opdrachtnemer adviseur auditor beheerder"
	nobody   = "" // for everyone, without a token
)

// duty is who does something in the trade (domain.md: the officer registers, the
// supplier accounts and hands in, the consultant decides and corrects, the
// auditor looks, the administrator sets up), what becomes of it for each place,
// and a request that succeeds in the own place.
type duty struct {
	roles string
	want  [3]int
	ask   func(p place) ask
}

// exceptions are roles to which an operation answers otherwise.
var exceptions = map[string]map[string][3]int{
	"leesOpdrachtgever": {"beheerder": ofAll},               // sets up all of them
	"lijstContracten":   {"opdrachtnemer": ofNone},          // its own, whichever authority it names
	"bereken":           {"opdrachtnemer": {400, 400, 400}}, // works for no authority: names the rules or the area
}

func seen(path func(p place) string) func(p place) ask {
	return func(p place) ask { return ask{method: "GET", path: path(p)} }
}

func sent(method string, path func(p place) string, match func(p place) string, body string) func(p place) ask {
	return func(p place) ask {
		return ask{method: method, path: path(p), match: match(p), key: "nieuw", body: p.in(body)}
	}
}

func fixed(text string) func(place) string { return func(place) string { return text } }

func below(suffix string) func(place) string {
	return func(p place) string { return p.contract + suffix }
}

var (
	unmatched = fixed("")
	first     = fixed(`"1"`)
)

// duties is every operation of the document.
var duties = map[string]duty{
	"legOpdrachtgeverVast": {"beheerder", [3]int{200, 200, 412}, sent("PUT", authorityAt, func(p place) string { return p.authorityTag }, authorityBody)},
	"leesOpdrachtgever":    {"beheerder inkoper adviseur auditor", reading, seen(authorityAt)},
	"lijstOpdrachtgevers":  {"adviseur", ofNone, seen(fixed("/v1/opdrachtgevers"))},

	"registreerAanbesteding": {"inkoper", [3]int{201, 400, 400}, sent("POST", fixed("/v1/aanbestedingen"), unmatched, fmt.Sprintf(tenderBody, "nieuw"))},
	"lijstAanbestedingen": {watching, reading, func(p place) ask {
		return ask{method: "GET", path: "/v1/aanbestedingen", query: "opdrachtgever=" + p.authority}
	}},
	"leesAanbesteding":          {watching, reading, seen(openTender)},
	"wijzigAanbesteding":        {"inkoper", reading, sent("PATCH", openTender, first, `{"titel":"Anders"}`)},
	"gunPerceel":                {"inkoper", creating, sent("POST", under(openTender, "/gunningen"), first, awardBody)},
	"lijstAanbestedingMutaties": {watching, reading, seen(under(openTender, "/mutaties"))},

	"exporteerMutaties": {watching, reading, seen(func(p place) string { return authorityAt(p) + "/mutaties" })},

	"sluitJaarAf":              {"adviseur", [3]int{201, 400, 400}, sent("POST", fixed("/v1/jaarafsluitingen"), unmatched, fmt.Sprintf(closingBody, 2020))},
	"bekrachtigJaarafsluiting": {"adviseur", creating, sent("POST", closeAt("-2020/bekrachtiging"), first, "")},
	"leesJaarafsluiting":       {watching, reading, seen(closeAt("-2019"))},
	"leesHoofden":              {watching, reading, seen(closeAt("-2019/hoofden"))},
	"lijstJaarafsluitingen": {watching, reading, func(p place) ask {
		return ask{method: "GET", path: "/v1/jaarafsluitingen", query: "opdrachtgever=" + p.authority}
	}},

	"registreerContract": {"inkoper", [3]int{201, 400, 400}, func(p place) ask {
		return ask{method: "POST", path: "/v1/contracten", key: "nieuw", body: p.in(fmt.Sprintf(contractBody, p.awarded, "N-1"))}
	}},
	"lijstContracten": {taking, reading, func(p place) ask {
		return ask{method: "GET", path: "/v1/contracten", query: "opdrachtgever=" + p.authority}
	}},
	"leesContract":        {taking, reading, seen(below(""))},
	"leesSrVerplichting":  {taking, reading, seen(below("/sr-verplichting"))},
	"wijzigContract":      {"inkoper", creating, sent("POST", below("/wijzigingen"), func(p place) string { return p.tag }, extensionBody)},
	"lijstWijzigingen":    {taking, reading, seen(below("/wijzigingen"))},
	"geefOmzetOp":         {"inkoper opdrachtnemer", creating, sent("POST", func(p place) string { return p.turnover + "/omzetopgaven" }, func(p place) string { return p.turnTag }, turnoverBody)},
	"lijstOmzetopgaven":   {taking, reading, seen(below("/omzetopgaven"))},
	"bewaarPlanVanAanpak": {"opdrachtnemer adviseur", reading, sent("PUT", below("/plan-van-aanpak"), first, plannedBody)},
	"leesPlanVanAanpak":   {taking, reading, seen(below("/plan-van-aanpak"))},
	"lijstMutaties":       {taking, reading, seen(below("/mutaties"))},
	"leesCorrectie":       {taking, reading, seen(func(p place) string { return p.corrected })},
	"bereken": {"inkoper opdrachtnemer adviseur", [3]int{200, 400, 400}, func(p place) ask {
		return ask{method: "POST", path: "/v1/berekeningen", body: p.in(calculationBody)}
	}},

	"voegPlaatsingToe": {"opdrachtnemer", creating, sent("POST", below("/plaatsingen"), unmatched, placementBody)},
	"lijstPlaatsingen": {taking, reading, seen(below("/plaatsingen"))},
	"leesPlaatsing":    {taking, reading, seen(below("/plaatsingen/1"))},
	"wijzigPlaatsing":  {"opdrachtnemer", reading, sent("PATCH", below("/plaatsingen/1"), first, `{"eindDatum":"2022-05-31"}`)},

	"lijstPerioden":           {taking, reading, seen(below("/verantwoordingen"))},
	"bewaarVerantwoording":    {"inkoper opdrachtnemer", reading, sent("PUT", quarter("Q3", ""), func(p place) string { return p.draft }, lateBody)},
	"leesVerantwoording":      {taking, reading, seen(quarter("Q1", ""))},
	"dienVerantwoordingIn":    {"opdrachtnemer", creating, sent("POST", quarter("Q3", "/indiening"), func(p place) string { return p.draft }, "")},
	"trekVerantwoordingIn":    {"opdrachtnemer", creating, sent("POST", quarter("Q2", "/intrekking"), func(p place) string { return p.submitted }, "")},
	"beoordeelVerantwoording": {"adviseur", creating, sent("POST", quarter("Q2", "/beoordelingen"), func(p place) string { return p.submitted }, `{"terugsturen":"De urenstaat ontbreekt."}`)},
	"legInzageVast": {"adviseur", reading, func(p place) ask {
		return ask{method: "POST", path: quarter("Q1", "/inzagen")(p), body: `{"bewijsstukken":["` + aDigest + `"]}`}
	}},
	"lijstVerantwoordingen": {"adviseur", ofNone, func(place) ask {
		return ask{method: "GET", path: "/v1/verantwoordingen", query: "status=ingediend"}
	}},
	"leesVerantwoordingsjabloon": {taking, ofNone, seen(fixed("/v1/verantwoordingsjabloon"))},
	"corrigeer":                  {"adviseur", creating, sent("POST", below("/correcties"), func(p place) string { return p.tag }, correctionBody)},
	"probeerRekenregel": {"adviseur", reading, func(p place) ask {
		return ask{method: "POST", path: p.plain + "/rekenregelwissels/proef", body: moveBody}
	}},
	"wisselRekenregel": {"adviseur", creating, sent("POST", func(p place) string { return p.plain + "/rekenregelwissels" }, func(p place) string { return p.plainTag }, moveBody)},

	"legIndicatorwaardeVast": {"inkoper adviseur", reading, sent("PUT", figureAt, first, figureBody)},
	"leesIndicatorwaarden":   {watching, reading, seen(figureAt)},
	"leesJaarrapport": {watching, reading, func(p place) ask {
		return ask{method: "GET", path: "/v1/jaarrapporten/2022", query: "gebied=" + p.area}
	}},
	"leesOnderbouwing": {watching, reading, func(p place) ask {
		return ask{method: "GET", path: "/v1/jaarrapporten/2022/onderbouwing", query: "gebied=" + p.area + "&indicator=extra-arbeidsplaatsen"}
	}},

	"legSocialeOndernemingVast": {"beheerder", [3]int{200, 200, 400}, sent("PUT", sellerAt, first, enterpriseBody)},
	"leesSocialeOnderneming":    {anybody, ofAll, seen(sellerAt)},
	"lijstSocialeOndernemingen": {anybody, ofAll, seen(func(p place) string { return "/v1/sociale-ondernemingen/" + registerIn(p) })},

	"lijstRekenregels": {nobody, ofNone, seen(fixed("/v1/rekenregels"))},
	"leesRekenregel":   {nobody, ofNone, seen(fixed("/v1/rekenregels/oost-nederland/versies/2016-01-01"))},
	"vergelijkRekenregels": {nobody, ofNone, func(place) ask {
		return ask{method: "GET", path: "/v1/rekenregels/utrecht/verschil", query: "van=2015-01-01&tot=2018-01-01"}
	}},
	"leesOpenapi": {nobody, ofNone, seen(fixed("/v1/openapi.json"))},
}

const (
	moveBody        = `{"rekenregel":"utrecht","versie":"2023-01-01","reden":"gewijzigdBeleid","toelichting":"Besluit.","afwijkendVanAnker":true}`
	turnoverBody    = `{"van":"2022-01-01","totEnMet":"2022-03-31","bedrag":"100000.00","toelichting":"Eerste kwartaal."}`
	calculationBody = `{"opdrachtgever":"00000001001234567000","inspanningen":[{"soort":"inkoop","bouwblok":"PURCHASE","factuurDatum":"2022-10-01","bedrag":"2500.00","erkenning":"erkend"}]}`
)

func authorityAt(p place) string { return "/v1/opdrachtgevers/" + p.authority }

func closeAt(suffix string) func(place) string {
	return func(p place) string { return "/v1/jaarafsluitingen/" + p.authority + suffix }
}

func openTender(p place) string { return p.open }

func under(path func(place) string, suffix string) func(place) string {
	return func(p place) string { return path(p) + suffix }
}

func quarter(number, suffix string) func(place) string {
	return below("/verantwoordingen/2022-" + number + suffix)
}

func figureAt(p place) string {
	return "/v1/indicatorwaarden/" + p.area + "/extra-arbeidsplaatsen/2022"
}

// registerIn is a register that does not exist in the absent place.
func registerIn(p place) string {
	if p.area == "GM9999" {
		return "nergens"
	}
	return "oost-nederland"
}

func sellerAt(p place) string { return "/v1/sociale-ondernemingen/" + registerIn(p) + "/" + groen }
