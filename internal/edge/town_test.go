// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"socialreturn/infra/local/engine"
	"socialreturn/infra/local/engine/enginetest"
	"socialreturn/internal/store"
	"socialreturn/internal/store/model"
)

const (
	ownPlace       = "own"
	neighbourPlace = "neighbour" // of the own authority, with another supplier
	foreignPlace   = "foreign"   // of another authority, desk and supplier
	absentPlace    = "absent"    // as the own one, but nothing of it exists
)

var allPlaces = []string{ownPlace, neighbourPlace, foreignPlace, absentPlace}

// place is whose objects are asked about, and which there are: paths, and ids
// where a body names them.
type place struct {
	authority, area, desk, supplier string

	authorityTag string // ETag of the authority

	open      string // a tender that is not awarded
	awarded   string // id of a tender with a winner and no contract yet
	contract  string // with statements: Q1 decided, Q2 submitted, Q3 a draft, Q4 not begun
	tag       string // ETag of contract
	submitted string // ETag of Q2
	draft     string // ETag of Q3
	corrected string // path of a correction of contract
	plain     string // a contract with nothing yet
	plainTag  string
	turnover  string // a contract whose obligation follows its turnover
	turnTag   string
}

// town is a world on the model of the engine with every kind of object in each place.
type town struct {
	*world
	engine *model.Engine
	places map[string]place
	seen   int // changes of the table that were looked at
	tokens map[string]string
}

// newTown builds the places, and the absent one from the own.
func newTown(t testing.TB) *town {
	memory := model.New(model.Options{Now: time.Now})
	config := engine.Config("http://model.invalid")
	config.HTTPClient = &http.Client{Transport: memory}
	client := dynamodb.NewFromConfig(config)
	table := enginetest.CreateTable(t, client)
	o := &town{world: newWorldOn(t, store.New(client, table)), engine: memory, tokens: map[string]string{}}
	o.client, o.table = client, table
	o.clock.set("2023-02-01")
	o.places = map[string]place{
		ownPlace:       o.built(place{authority: apeldoorn, area: "GM0200", desk: ourDesk, supplier: wegenbouw}),
		neighbourPlace: o.built(place{authority: apeldoorn, area: "GM0200", desk: ourDesk, supplier: "23456789"}),
		foreignPlace:   o.built(place{authority: zutphen, area: "GM0301", desk: otherDesk, supplier: schilders}),
	}
	absent := o.places[ownPlace]
	nothing := strings.Repeat("a", 24)
	absent.authority, absent.area, absent.awarded = "00000001005555555000", "GM9999", nothing
	absent.open = "/v1/aanbestedingen/" + nothing
	absent.contract, absent.plain, absent.turnover = "/v1/contracten/"+nothing, "/v1/contracten/"+nothing, "/v1/contracten/"+nothing
	absent.corrected = absent.contract + "/correcties/" + nothing
	o.places[absentPlace] = absent
	o.rollUp(o.ledgers()...)
	o.seen = len(o.changes())
	return o
}

// ledgers are the keys of all that has one.
func (o *town) ledgers() []string {
	var all []string
	for _, name := range []string{ownPlace, neighbourPlace, foreignPlace} {
		p := o.places[name]
		for _, contract := range []string{p.contract, p.plain, p.turnover} {
			all = append(all, "CONTRACT#"+strings.TrimPrefix(contract, "/v1/contracten/"))
		}
		all = append(all, "TENDER#"+p.awarded, "TENDER#"+strings.TrimPrefix(p.open, "/v1/aanbestedingen/"))
	}
	return all
}

// changes are everything that was ever written into the table.
func (o *town) changes() []model.Change { return o.engine.Changes(o.table, 0) }

// wrote tells whether anything was written since the last time this was asked.
func (o *town) wrote() bool {
	before := o.seen
	o.seen = len(o.changes())
	return o.seen > before
}

// userOf is a token of a role in a place.
func (o *town) userOf(role string, p place) string {
	return o.token(subjectOf(role, p), role, claimsOf(role, p))
}

func subjectOf(role string, p place) string { return role + "-" + p.supplier }

// claimsOf are the claims that tie a role to a place.
func claimsOf(role string, p place) claims {
	return map[string]claims{
		"inkoper": {"opdrachtgever": p.authority}, "auditor": {"opdrachtgever": p.authority},
		"opdrachtnemer": {"kvk": p.supplier}, "adviseur": {"bureau": p.desk},
	}[role]
}

// made does something that must succeed, under a key of its own.
func (o *town) made(role string, p place, a ask) answer {
	o.t.Helper()
	o.keys++
	a.token, a.key = o.userOf(role, p), fmt.Sprintf("stad-%d", o.keys)
	got := o.do(a)
	if got.status >= 300 {
		o.t.Fatalf("%s %s: %d %s", a.method, a.path, got.status, got.text)
	}
	return got
}

// in puts a place's own numbers in a body of the other tests.
func (p place) in(body string) string {
	return strings.NewReplacer(apeldoorn, p.authority, "GM0200", p.area, `"stedendriehoek"`, `"`+p.desk+`"`, wegenbouw, p.supplier).Replace(body)
}

func (o *town) built(p place) place {
	o.t.Helper()
	authority := o.do(ask{method: "PUT", path: "/v1/opdrachtgevers/" + p.authority, token: o.admin(), body: p.in(authorityBody), bad: true})
	if authority.status == 201 {
		o.do(ask{method: "PUT", path: "/v1/indicatorwaarden/" + p.area + "/extra-arbeidsplaatsen/2022", token: o.userOf("inkoper", p), body: figureBody}).want(201)
		o.closed(p)
	}
	p.authorityTag = o.do(ask{method: "GET", path: "/v1/opdrachtgevers/" + p.authority, token: o.admin()}).want(200).headers["ETag"]
	o.do(ask{method: "PUT", path: enterprise(groen), token: o.admin(), body: enterpriseBody, bad: true})
	p.open = o.made("inkoper", p, ask{method: "POST", path: "/v1/aanbestedingen", body: p.in(fmt.Sprintf(tenderBody, "open "+p.supplier))}).headers["Location"]
	p.awarded = o.wonIn(p, "gegund ")
	p.contract, p.plain, p.turnover = o.contractIn(p, "C "), o.contractIn(p, "P "), o.contractIn(p, "O ")
	o.reported(&p)
	moved := o.made("adviseur", p, ask{method: "POST", path: p.turnover + "/rekenregelwissels", match: `"1"`,
		body: `{"rekenregel":"zwolle","versie":"2019-10-01","reden":"gewijzigdBeleid","toelichting":"Besluit.","afwijkendVanAnker":true}`})
	p.turnTag, p.plainTag = moved.headers["ETag"], `"1"`
	return p
}

// closed closes 2019 for good, and has a colleague prepare the close of 2020,
// which then takes two.
func (o *town) closed(p place) {
	o.t.Helper()
	o.made("adviseur", p, ask{method: "POST", path: "/v1/jaarafsluitingen", body: p.in(fmt.Sprintf(closingBody, 2019))})
	at := ask{method: "GET", path: "/v1/opdrachtgevers/" + p.authority, token: o.admin()}
	at.match, at.method, at.body = o.do(at).want(200).headers["ETag"], "PUT", p.in(strings.TrimSuffix(authorityBody, "}")+`,"afsluitenMetTweePersonen":true}`)
	o.do(at).want(200)
	colleague := p
	colleague.supplier += "-collega"
	o.made("adviseur", colleague, ask{method: "POST", path: "/v1/jaarafsluitingen", body: p.in(fmt.Sprintf(closingBody, 2020))})
}

const closingBody = `{"opdrachtgever":"00000001001234567000","jaar":%d}`

const figureBody = `{"soort":"beoogd","stand":"gemeten","waarde":"100","lezing":"tenMinste","bron":"Begroting"}`

// wonIn is the id of a tender of which the lot is awarded to the place's supplier.
func (o *town) wonIn(p place, reference string) string {
	o.t.Helper()
	tender := o.made("inkoper", p, ask{method: "POST", path: "/v1/aanbestedingen", body: p.in(fmt.Sprintf(tenderBody, reference+p.supplier))})
	o.made("inkoper", p, ask{method: "POST", path: tender.headers["Location"] + "/gunningen", match: tender.headers["ETag"], body: p.in(awardBody)})
	return tender.at("id").(string)
}

const awardBody = `{"perceel":"1","stand":"definitief","datum":"2021-12-01","opdrachtnemer":"08123456","opdrachtnemerNaam":"Wegenbouw Oost","waarde":"800000.00"}`

func (o *town) contractIn(p place, number string) string {
	o.t.Helper()
	body := p.in(fmt.Sprintf(contractBody, o.wonIn(p, "voor "+number), number+p.supplier))
	return o.made("inkoper", p, ask{method: "POST", path: "/v1/contracten", body: body}).headers["Location"]
}

// reported puts a placement, a plan and statements under the contract.
func (o *town) reported(p *place) {
	o.t.Helper()
	o.made("opdrachtnemer", *p, ask{method: "POST", path: p.contract + "/plaatsingen", body: p.in(placementBody)})
	o.made("opdrachtnemer", *p, ask{method: "PUT", path: p.contract + "/plan-van-aanpak", body: plannedBody})
	statement := func(quarter, body string) (path, etag string) {
		path = p.contract + "/verantwoordingen/2022-" + quarter
		return path, o.made("opdrachtnemer", *p, ask{method: "PUT", path: path, body: body}).headers["ETag"]
	}
	submit := func(path, etag string) string {
		return o.made("opdrachtnemer", *p, ask{method: "POST", path: path + "/indiening", match: etag}).headers["ETag"]
	}
	decided, etag := statement("Q1", statementBody())
	o.made("adviseur", *p, ask{method: "POST", path: decided + "/beoordelingen", match: submit(decided, etag),
		body: `{"regels":[{"regel":1,"oordeel":"goedgekeurd"},{"regel":2,"oordeel":"goedgekeurd"}]}`})
	balance := o.do(ask{method: "GET", path: p.contract, token: o.userOf("adviseur", *p)}).want(200)
	correction := o.made("adviseur", *p, ask{method: "POST", path: p.contract + "/correcties", match: balance.headers["ETag"], body: correctionBody})
	p.corrected = correction.headers["Location"]
	p.submitted = submit(statement("Q2", lateBody))
	_, p.draft = statement("Q3", lateBody)
	p.tag = o.do(ask{method: "GET", path: p.contract, token: o.userOf("adviseur", *p)}).want(200).headers["ETag"]
}

const (
	correctionBody = `{"corrigeert":3,"jaar":2022,"verschil":"-500.00","reden":"dubbel-geteld","toelichting":"De factuur stond er twee keer."}`
	// lateBody is a statement that can be submitted for any quarter.
	lateBody = `{"plaatsingen":[]}`
)

// restorer gives what undoes what was written since the town was built, in a table of its own.
func (o *town) restorer() func() {
	o.t.Helper()
	var kept []map[string]types.AttributeValue
	pages := dynamodb.NewScanPaginator(o.client, &dynamodb.ScanInput{TableName: &o.table})
	for pages.HasMorePages() {
		page, err := pages.NextPage(o.t.Context())
		if err != nil {
			o.t.Fatal(err)
		}
		kept = append(kept, page.Items...)
	}
	return func() {
		o.table = enginetest.CreateTable(o.t, o.client)
		for batch := range slices.Chunk(kept, 25) {
			var puts []types.WriteRequest
			for _, item := range batch {
				puts = append(puts, types.WriteRequest{PutRequest: &types.PutRequest{Item: item}})
			}
			if _, err := o.client.BatchWriteItem(o.t.Context(), &dynamodb.BatchWriteItemInput{
				RequestItems: map[string][]types.WriteRequest{o.table: puts},
			}); err != nil {
				o.t.Fatal(err)
			}
		}
		o.deps.Service.Store = store.New(o.client, o.table)
		o.seen = len(o.changes())
	}
}
