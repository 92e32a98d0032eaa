// SPDX-License-Identifier: EUPL-1.2

package verify_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	cloud "socialreturn/infra/aws"
	"socialreturn/infra/local/engine"
	"socialreturn/infra/local/template"
	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/edge"
	"socialreturn/internal/money"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
	"socialreturn/internal/store"
	"socialreturn/internal/store/model"
)

const (
	apeldoorn = sroi.AuthorityID("00000001001234567000")
	zutphen   = sroi.AuthorityID("00000001009876543000")
	builder   = "12345678"
	seller    = "87654321"
	desk      = "stedendriehoek"
)

// house is the whole program over the model of the engine, with two
// municipalities of one desk.
type house struct {
	*app.Service
	t      testing.TB
	today  string
	keys   int
	minute int
}

func newHouse(t testing.TB) *house {
	t.Helper()
	config := engine.Config("http://model.invalid")
	config.HTTPClient = &http.Client{Transport: model.New(model.Options{Now: time.Now})}
	client := dynamodb.NewFromConfig(config)
	layout, err := template.Parse(cloud.Template)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.CreateTable(t.Context(), layout.Table("sroi")); err != nil {
		t.Fatal(err)
	}
	salts := 0
	h := &house{t: t, today: "2022-01-03", Service: &app.Service{
		Store: store.New(client, "sroi"), Rules: twoVersions(t),
		Salt:    func() string { salts++; return fmt.Sprintf("salt<%026d>", salts) },
		Persons: app.PersonKeys{{Version: 1, Secret: bytes.Repeat([]byte{7}, 32)}},
	}}
	for id, code := range map[sroi.AuthorityID]string{apeldoorn: "GM0200", zutphen: "GM0301"} {
		_, _, err := h.PutAuthority(t.Context(), h.as(sroi.Administrator), app.AuthorityInput{
			ID: id, Name: "Gemeente", Kind: sroi.Municipality, Desk: desk, RuleSet: "oost-nederland",
			Areas: []sroi.AreaSpan{{Span: calendar.Span{From: calendar.MustDate("2000-01-01")}, Municipality: code, Region: "AM06"}},
		})
		h.must(err)
	}
	_, _, err = h.PutEnterprise(t.Context(), h.as(sroi.Administrator), app.EnterpriseInput{
		Register: "oost-nederland", KvK: seller, Name: "Goed Werk",
		Spans: []sroi.RecognisedSpan{{Span: calendar.Span{From: calendar.MustDate("2020-01-01")}, Recognition: ruleset.Recognised, Source: "besluit"}},
	})
	h.must(err)
	return h
}

// twoVersions are the rules of Oost-Nederland as of 2016, and as of 2022 with
// another value for one block.
func twoVersions(t testing.TB) *ruleset.Library {
	t.Helper()
	return rulesFrom(t, "2016-01-01", "2022-01-01")
}

// rulesFrom are those of twoVersions that begin on these days.
func rulesFrom(t testing.TB, days ...string) *ruleset.Library {
	t.Helper()
	published, err := ruleset.Embedded().At("oost-nederland", calendar.MustDate("2022-01-01"))
	if err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{}
	for _, from := range days {
		var document map[string]any
		if err := json.Unmarshal(published.Raw(), &document); err != nil {
			t.Fatal(err)
		}
		document["validity"].(map[string]any)["from"] = from
		for _, block := range document["blocks"].([]any) {
			if b := block.(map[string]any); b["code"] == "PW_LT2" && from == "2022-01-01" {
				b["value"] = "36000.00"
			}
		}
		raw, err := json.Marshal(document)
		if err != nil {
			t.Fatal(err)
		}
		files["oost-nederland/"+from+".json"] = &fstest.MapFile{Data: raw}
	}
	library, err := ruleset.Load(files)
	if err != nil {
		t.Fatal(err)
	}
	return library
}

func (h *house) must(err error) {
	h.t.Helper()
	if refusal, ok := errors.AsType[*app.Error](err); ok {
		h.t.Fatalf("%v %+v", err, refusal.Faults)
	}
	if err != nil {
		h.t.Fatal(err)
	}
}

func actor(role sroi.Role) app.Actor {
	return app.Actor{Role: role, ID: "sub-" + string(role), Authorities: []sroi.AuthorityID{apeldoorn}, Supplier: builder, Desk: desk}
}

// as is a call of a role, today, a minute after the one before.
func (h *house) as(role sroi.Role) app.Call {
	h.keys++
	h.minute++
	day, err := time.Parse(time.DateOnly, h.today)
	h.must(err)
	who := actor(role)
	who.Authorities = append(who.Authorities, zutphen)
	return app.Call{Actor: who, Now: day.Add(8*time.Hour + time.Duration(h.minute)*time.Second), Key: fmt.Sprint("key-", h.keys)}
}

// on is the contract's newest entry as the version that a command names.
func (h *house) on(role sroi.Role, contract sroi.Contract) app.Call {
	h.t.Helper()
	account, err := h.Store.Account(h.t.Context(), contract.ID)
	h.must(err)
	return matching(h.as(role), account.Balance.Seq)
}

func matching(call app.Call, version int) app.Call {
	call.Match = &version
	return call
}

func cents(text string) money.Cents {
	c, err := money.Parse(text)
	if err != nil {
		panic(err)
	}
	return c
}

func ref[T any](v T) *T { return &v }

// tender registers a tender and awards its lot.
func (h *house) tender(authority sroi.AuthorityID, reference string, published string) sroi.Tender {
	h.t.Helper()
	tender, err := h.RegisterTender(h.t.Context(), h.as(sroi.Officer), app.TenderInput{
		Authority: authority, Reference: reference, Title: "Onderhoud", Procedure: sroi.European, Published: calendar.MustDate(published),
		Lots: []app.LotInput{{ID: "1", Title: "Groen", Nature: ruleset.Services, Estimated: ref(cents("800000")), SocialReturn: sroi.Applied, Form: sroi.Requirement}},
	})
	h.must(err)
	tender, _, err = h.AwardLot(h.t.Context(), matching(h.as(sroi.Officer), tender.Version), tender.ID, app.AwardInput{
		Lot: "1", State: sroi.Final, Date: calendar.MustDate(h.today), Supplier: builder, SupplierName: "Bouw & Zn", Value: cents("800000"),
	})
	h.must(err)
	return tender
}

func (h *house) contract(tender sroi.Tender, term calendar.Span, opening *sroi.Opening) sroi.Contract {
	h.t.Helper()
	account, err := h.RegisterContract(h.t.Context(), h.as(sroi.Officer), app.ContractInput{
		Tender: tender.ID, Lot: "1", Number: "C-" + tender.Reference, Supplier: builder, Value: cents("800000"), Term: term,
		Signed: calendar.MustDate("2021-12-20"), Clause: "bijlage 3, artikel 7", Opening: opening,
	})
	h.must(err)
	return account.Contract
}

func year(n int) calendar.Span { return calendar.YearSpan(n) }

func (h *house) placement(contract sroi.Contract, surname string) {
	h.t.Helper()
	_, err := h.AddPlacement(h.t.Context(), h.as(sroi.Supplier), contract.ID, app.PlacementInput{
		Person: app.PersonInput{Initials: "J.", Surname: surname, Birth: app.BirthDate{Year: 1980, Month: 5}},
		Block:  "PW_LT2", Form: ruleset.Employment, Employer: sroi.Employer{KvK: builder, Name: "Bouw & Zn", Relation: sroi.Contractor},
		Schedule: []ruleset.Hours{{Span: calendar.Span{From: calendar.MustDate("2022-01-01")}, PerWeek: 24 * 60}},
	})
	h.must(err)
}

func (h *house) evidence(contract sroi.Contract, block string) []sroi.Evidence {
	h.t.Helper()
	rules, err := h.Rules.Pinned(contract.Rules)
	h.must(err)
	var papers []sroi.Evidence
	for _, paper := range rules.EvidenceFor(block) {
		papers = append(papers, sroi.Evidence{Kind: paper.Code, Name: paper.Code + ".pdf", SHA256: strings.Repeat("ab", 32)})
	}
	return papers
}

func (h *house) placed(contract sroi.Contract, number int) sroi.Claim {
	return sroi.Claim{Kind: sroi.PlacementLine, Placement: &sroi.PlacementClaim{Number: number, Worked: 312 * 60}, Evidence: h.evidence(contract, "PW_LT2")}
}

func (h *house) invoice(contract sroi.Contract, number string) sroi.Claim {
	return sroi.Claim{Kind: sroi.PurchaseLine, Evidence: h.evidence(contract, "PURCHASE"), Purchase: &sroi.PurchaseClaim{
		Block: "PURCHASE", Seller: seller, SellerName: "Goed Werk <groen>", Recognition: ruleset.Recognised,
		Order: "O-1", Invoice: number, InvoiceDate: calendar.MustDate("2022-02-10"), Amount: cents("1200"),
	}}
}

func (h *house) submit(contract sroi.Contract, period string, claims ...sroi.Claim) sroi.Statement {
	h.t.Helper()
	p := calendar.MustPeriod(period)
	call := h.as(sroi.Supplier)
	if head, err := h.Store.Statement(h.t.Context(), contract.ID, p); err == nil {
		call = matching(call, head.Version)
	}
	file, _, err := h.SaveStatement(h.t.Context(), call, contract.ID, p, claims)
	h.must(err)
	return h.handIn(file.Statement)
}

func (h *house) handIn(s sroi.Statement) sroi.Statement {
	h.t.Helper()
	handed, err := h.SubmitStatement(h.t.Context(), matching(h.as(sroi.Supplier), s.Version), s.Contract, s.Period)
	h.must(err)
	return handed
}

func (h *house) decide(s sroi.Statement, lines ...app.LineDecision) {
	h.t.Helper()
	for n := len(lines) + 1; n <= s.Lines; n++ {
		lines = append(lines, app.LineDecision{Line: n, Verdict: sroi.Approved})
	}
	_, err := h.Decide(h.t.Context(), matching(h.as(sroi.Consultant), s.Version), s.Contract, s.Period, app.DecideInput{Lines: lines})
	h.must(err)
}

func (h *house) correct(contract sroi.Contract, in app.CorrectionInput) {
	h.t.Helper()
	in.Reason, in.Text = sroi.OtherReason, "Bij controle gezien."
	_, _, err := h.Correct(h.t.Context(), h.on(sroi.Consultant, contract), contract.ID, in)
	h.must(err)
}

// history is a year of two contracts and a tender without one, in which every
// kind of entry of both ledgers comes about but one: no rule set here has a
// moving basis.
func (h *house) history() (one, two sroi.Contract) {
	h.t.Helper()
	ctx := h.t.Context()
	one = h.contract(h.tender(apeldoorn, "een", "2021-10-01"), year(2022), nil)
	h.placement(one, "Jansen")
	h.placement(one, "Pietersen")
	h.today = "2022-04-05"
	first := h.submit(one, "2022-Q1", h.placed(one, 1), h.placed(one, 2), h.invoice(one, "F-1"))
	withdrawn, err := h.WithdrawStatement(ctx, matching(h.as(sroi.Supplier), first.Version), one.ID, first.Period)
	h.must(err)
	again := h.handIn(withdrawn) // the very same lines
	back, err := h.Decide(ctx, matching(h.as(sroi.Consultant), again.Version), one.ID, first.Period, app.DecideInput{SendBack: "De urenstaat ontbreekt."})
	h.must(err)
	_ = back
	decided := h.submit(one, "2022-Q1", h.placed(one, 1), h.placed(one, 2), h.invoice(one, "F-1"))
	h.decide(decided, app.LineDecision{Line: 1, Verdict: sroi.Approved}, app.LineDecision{
		Line: 2, Verdict: sroi.ApprovedPartly, Reason: "r", Text: "t", Hours: []ruleset.Hours{{Span: calendar.Span{From: calendar.MustDate("2022-01-01"), To: calendar.MustDate("2022-02-28")}, PerWeek: 24 * 60}},
	})
	h.today = "2022-06-01"
	_, _, err = h.AmendContract(ctx, h.on(sroi.Officer, one), one.ID, app.AmendmentInput{
		Kind: sroi.AmendOption, Reason: sroi.ForeseenOption, Text: "Verlengd met een jaar.", Effective: calendar.MustDate("2022-06-01"),
		Value: ref(cents("1000000")), EndsOn: calendar.MustDate("2023-12-31"),
	})
	h.must(err)
	account, err := h.Store.Account(ctx, one.ID)
	h.must(err)
	h.correct(one, app.CorrectionInput{Corrects: account.Balance.Seq - 1, Year: 2022, Delta: -cents("100")})
	h.correct(one, app.CorrectionInput{Corrects: account.Balance.Seq - 1, Period: first.Period, Decision: &app.LineDecision{Line: 3, Verdict: sroi.Rejected, Reason: "r", Text: "t"}})
	_, err = h.MoveRules(ctx, h.on(sroi.Consultant, one), one.ID, app.RulesInput{
		Version: calendar.MustDate("2022-01-01"), Reason: sroi.PolicyChange, Text: "Besluit.", Deviates: true,
	})
	h.must(err)

	two = h.contract(h.tender(apeldoorn, "twee", "2022-02-01"), year(2022), &sroi.Opening{Verified: cents("7500"), AsOf: calendar.MustDate("2022-03-31"), Note: "uit het oude systeem"})
	h.today = "2022-07-05"
	h.submit(two, "2022-Q2", h.invoice2(two))
	h.tender(zutphen, "elders", "2022-02-01")
	alone := h.tender(apeldoorn, "drie", "2022-02-01")
	_, err = h.ChangeTender(ctx, matching(h.as(sroi.Officer), alone.Version), alone.ID, app.TenderChange{Title: ref("Anders")})
	h.must(err)
	return one, two
}

// invoice2 is of the second quarter.
func (h *house) invoice2(contract sroi.Contract) sroi.Claim {
	claim := h.invoice(contract, "F-2")
	purchase := *claim.Purchase
	purchase.InvoiceDate = calendar.MustDate("2022-05-10")
	claim.Purchase = &purchase
	return claim
}

// close closes a year through the use case, with all that is open known to be.
func (h *house) close(n int) sroi.Snapshot {
	h.t.Helper()
	ctx := h.t.Context()
	ledgers, err := h.Store.LedgersOf(ctx, apeldoorn, "", 0)
	h.must(err)
	in := app.CloseInput{Authority: apeldoorn, Year: n}
	for _, name := range ledgers {
		contract, is := strings.CutPrefix(name, "CONTRACT#")
		if !is {
			continue
		}
		periods, err := h.Statements(ctx, h.as(sroi.Consultant), contract)
		h.must(err)
		for _, p := range periods {
			if p.Period.Year() == n && (p.Statement == nil || p.Statement.State != sroi.Decided) {
				in.Open = append(in.Open, app.KnownOpen{Contract: contract, Period: p.Period, Reason: "Wacht op stukken."})
			}
		}
	}
	for ledger, err := range h.RollUp(ctx, ledgers) {
		h.t.Fatalf("%s: %v", ledger, err)
	}
	closed, err := h.CloseYear(ctx, h.as(sroi.Consultant), in)
	h.must(err)
	if closed.State != sroi.CloseFrozen {
		h.t.Fatalf("%+v", closed)
	}
	snapshot, err := h.CloseSnapshot(ctx, h.as(sroi.Auditor), app.CloseID(apeldoorn, n))
	h.must(err)
	return snapshot
}

// heads is the document of a closed year, as the server gives it.
func (h *house) heads(n int) []byte {
	h.t.Helper()
	status, content, _ := h.asked(edge.CloseYear, actor(sroi.Auditor), "/v1/jaarafsluitingen/"+app.CloseID(apeldoorn, n)+"/hoofden", "", "application/json")
	if status != http.StatusOK {
		h.t.Fatal(content)
	}
	return []byte(content)
}

// document is a snapshot in the form in which the server gives it.
func document(t testing.TB, s sroi.Snapshot) []byte {
	t.Helper()
	type rules struct {
		ID      string        `json:"id"`
		Version calendar.Date `json:"versie"`
		SHA256  string        `json:"sha256"`
	}
	type head struct {
		Ledger string `json:"grootboek"`
		Seq    int    `json:"nummer"`
		Hash   string `json:"hash"`
	}
	answer := map[string]any{
		"opdrachtgever": s.Authority, "gebied": s.Area, "jaar": s.Year, "afgeslotenOp": s.Closed, "vastgelegdOp": s.At,
		"cijfers": s.Figures, "digest": s.Digest(),
	}
	var refs []rules
	for _, r := range s.Rules {
		refs = append(refs, rules(r))
	}
	var heads []head
	for _, h := range s.Heads {
		heads = append(heads, head(h))
	}
	answer["rekenregels"], answer["hoofden"] = refs, heads
	text, err := json.Marshal(answer)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// reader is whose token any token is.
type reader struct{ app.Actor }

func (r reader) Verify(context.Context, string) (edge.Identity, error) {
	return edge.Identity{Actor: r.Actor, Scopes: []string{"socialreturn:lezen"}}, nil
}

// page reads a page of an export, and the way to the next one.
func (h *house) page(who app.Actor, path, query string) (status int, content, next string) {
	h.t.Helper()
	return h.asked(edge.Report, who, path, query, "application/jsonl")
}

// asked reads through the front door of a function, and the way to the next page.
func (h *house) asked(function func(edge.Deps) edge.Handler, who app.Actor, path, query, accept string) (status int, content, next string) {
	h.t.Helper()
	now := func() time.Time { return time.Date(2023, 6, 1, 10, 0, 0, 0, time.UTC) }
	handler := function(edge.Deps{Service: h.Service, Verifier: reader{who}, Now: now, Log: edge.NewLog(io.Discard, now)})
	event := events.APIGatewayV2HTTPRequest{
		RawPath: path, RawQueryString: query, Headers: map[string]string{"accept": accept, "authorization": "Bearer x"},
	}
	event.RequestContext.HTTP.Method, event.RequestContext.HTTP.Path = http.MethodGet, path
	answer, err := handler(h.t.Context(), event)
	h.must(err)
	if link, ok := answer.Headers["Link"]; ok {
		_, next, _ = strings.Cut(strings.TrimSuffix(link, `>; rel="next"`), "?")
	}
	return answer.StatusCode, answer.Body, next
}

// export reads all pages; perPage zero leaves their size to the server.
func (h *house) export(who app.Actor, path string, perPage int) string {
	h.t.Helper()
	var all strings.Builder
	query := ""
	if perPage > 0 {
		query = fmt.Sprintf("perPage=%d", perPage)
	}
	for {
		status, content, next := h.page(who, path, query)
		if status != http.StatusOK {
			h.t.Fatalf("%s?%s: %d %s", path, query, status, content)
		}
		all.WriteString(content)
		if next == "" {
			return all.String()
		}
		query = next
	}
}

const everything = "/v1/opdrachtgevers/" + string(apeldoorn) + "/mutaties"

func linesOf(export string) []string {
	return slices.DeleteFunc(strings.SplitAfter(export, "\n"), func(s string) bool { return s == "" })
}
