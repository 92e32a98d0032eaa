// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"socialreturn/infra/local/engine/enginetest"
	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
	"socialreturn/internal/store"
)

const (
	apeldoorn = sroi.AuthorityID("00000001001234567000")
	builder   = "12345678" // KvK number of a supplier
	eenheid   = "stedendriehoek"
)

// house is the use cases over a real engine, with one municipality.
type house struct {
	*app.Service
	t     testing.TB
	ctx   context.Context
	today string
	keys  int
}

func newHouse(t *testing.T) *house {
	t.Helper()
	t.Parallel()
	client, table := enginetest.New(t)
	h := &house{t: t, ctx: t.Context(), today: "2022-01-03", Service: &app.Service{
		Store: store.New(client, table), Rules: ruleset.Embedded(), Salt: rand.Text,
		Persons: app.PersonKeys{{Version: 1, Secret: []byte(strings.Repeat("k", 32))}},
	}}
	h.settle()
	return h
}

// seller is the KvK number of a social enterprise in the register.
const seller = "87654321"

// settle sets up the municipality, and a seller that its rule set recognises.
func (h *house) settle() {
	h.t.Helper()
	_, created, err := h.PutAuthority(h.ctx, h.as(sroi.Administrator), app.AuthorityInput{
		ID: apeldoorn, Name: "Gemeente Apeldoorn", Kind: sroi.Municipality, Desk: eenheid, RuleSet: "oost-nederland",
		Areas: []sroi.AreaSpan{{Span: calendar.Span{From: calendar.MustDate("2000-01-01")}, Municipality: "GM0200", Region: "AM06"}},
	})
	h.must(err)
	if !created {
		h.t.Fatal("the authority was there already")
	}
	h.recognised(seller, ruleset.Recognised, calendar.Span{From: calendar.MustDate("2020-01-01")})
}

// recognised records a seller in the register, or changes it.
func (h *house) recognised(kvk string, as ruleset.Recognition, spans ...calendar.Span) sroi.Enterprise {
	h.t.Helper()
	in := app.EnterpriseInput{Register: "oost-nederland", KvK: kvk, Name: "Goed Werk"}
	for _, span := range spans {
		in.Spans = append(in.Spans, sroi.RecognisedSpan{Span: span, Recognition: as, Source: "besluit"})
	}
	call := h.as(sroi.Administrator)
	if stored, err := h.Enterprise(h.ctx, in.Register, kvk, 0); err == nil {
		call = matching(call, stored.Version)
	}
	saved, _, err := h.PutEnterprise(h.ctx, call, in)
	h.must(err)
	return saved
}

// ruledBy gives the municipality another rule set.
func (h *house) ruledBy(ruleSet string) {
	h.t.Helper()
	authority, err := h.Authority(h.ctx, h.as(sroi.Officer), apeldoorn)
	h.must(err)
	_, _, err = h.PutAuthority(h.ctx, matching(h.as(sroi.Administrator), authority.Version), app.AuthorityInput{
		ID: authority.ID, Name: authority.Name, Kind: authority.Kind, Areas: authority.Areas, Desk: authority.Desk, RuleSet: ruleSet,
	})
	h.must(err)
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

// refused wants a refusal of a kind and code; with faults, the code of one of them.
func (h *house) refused(err error, kind app.Kind, code string) {
	h.t.Helper()
	refusal, ok := errors.AsType[*app.Error](err)
	if !ok || refusal.Kind != kind {
		h.t.Fatalf("got %v, want %s", err, kind)
	}
	found := refusal.Code
	for _, fault := range refusal.Faults {
		if fault.Code == code {
			found = code
		}
	}
	if found != code {
		h.t.Fatalf("got %s %+v, want %s", refusal.Code, refusal.Faults, code)
	}
}

// as is a call by a role of the municipality, its supplier or its desk, today,
// with a key of its own.
func (h *house) as(role sroi.Role) app.Call {
	h.keys++
	day, err := time.Parse(time.DateOnly, h.today)
	h.must(err)
	return app.Call{
		Actor: app.Actor{Role: role, ID: "sub-" + string(role), Authorities: []sroi.AuthorityID{apeldoorn}, Supplier: builder, Desk: eenheid},
		Now:   day.Add(10 * time.Hour), Key: fmt.Sprint("key-", h.keys),
	}
}

func matching(call app.Call, version int) app.Call {
	call.Match = &version
	return call
}

func cents(s string) money.Cents {
	c, err := money.Parse(s)
	if err != nil {
		panic(err)
	}
	return c
}

func ref[T any](v T) *T { return &v }

func (h *house) tenderInput(reference string) app.TenderInput {
	return app.TenderInput{
		Authority: apeldoorn, Reference: reference, Title: "Onderhoud", Procedure: sroi.European, Published: calendar.MustDate("2021-10-01"),
		Lots: []app.LotInput{{ID: "1", Title: "Groen", Nature: ruleset.Services, Estimated: ref(cents("800000")), SocialReturn: sroi.Applied, Form: sroi.Requirement}},
	}
}

// awarded registers a tender and awards its lot.
func (h *house) awarded(reference string) sroi.Tender {
	h.t.Helper()
	tender, err := h.RegisterTender(h.ctx, h.as(sroi.Officer), h.tenderInput(reference))
	h.must(err)
	tender, _, err = h.AwardLot(h.ctx, matching(h.as(sroi.Officer), tender.Version), tender.ID, app.AwardInput{
		Lot: "1", State: sroi.Final, Date: calendar.MustDate("2021-12-15"), Supplier: builder, SupplierName: "Bouw BV", Value: cents("800000"),
	})
	h.must(err)
	return tender
}

func contractInput(tender sroi.Tender) app.ContractInput {
	return app.ContractInput{
		Tender: tender.ID, Lot: "1", Number: "C-" + tender.Reference, Supplier: builder, Value: cents("800000"),
		Term:   calendar.Span{From: calendar.MustDate("2022-01-01"), To: calendar.MustDate("2022-12-31")},
		Signed: calendar.MustDate("2021-12-20"), Clause: "bijlage 3, artikel 7",
	}
}

func (h *house) contract(reference string) sroi.Contract {
	h.t.Helper()
	account, err := h.RegisterContract(h.ctx, h.as(sroi.Officer), contractInput(h.awarded(reference)))
	h.must(err)
	return account.Contract
}

func placementInput(surname string, hours calendar.Minutes) app.PlacementInput {
	return app.PlacementInput{
		Person: app.PersonInput{Initials: "J.", Surname: surname, Birth: app.BirthDate{Year: 1980, Month: 5}},
		Block:  "PW_LT2", Form: ruleset.Employment,
		Employer: sroi.Employer{KvK: builder, Name: "Bouw BV", Relation: sroi.Contractor},
		Schedule: []ruleset.Hours{{Span: calendar.Span{From: calendar.MustDate("2022-01-01")}, PerWeek: hours * 60}},
	}
}

// evidence satisfies whatever the rule set requires for a block.
func (h *house) evidence(contract sroi.Contract, block string) []sroi.Evidence {
	rules, err := h.Rules.Pinned(contract.Rules)
	h.must(err)
	var papers []sroi.Evidence
	for _, paper := range rules.EvidenceFor(block) {
		papers = append(papers, sroi.Evidence{Kind: paper.Code, Name: paper.Code + ".pdf", SHA256: strings.Repeat("ab", 32)})
	}
	return papers
}

func (h *house) placed(contract sroi.Contract, number int, worked calendar.Minutes) sroi.Claim {
	return sroi.Claim{
		Kind: sroi.PlacementLine, Placement: &sroi.PlacementClaim{Number: number, Worked: worked * 60}, Evidence: h.evidence(contract, "PW_LT2"),
	}
}

// submitted saves and submits a statement of the period.
func (h *house) submitted(contract sroi.Contract, period string, claims ...sroi.Claim) sroi.Statement {
	h.t.Helper()
	file, _, err := h.SaveStatement(h.ctx, h.as(sroi.Supplier), contract.ID, calendar.MustPeriod(period), claims)
	h.must(err)
	statement, err := h.SubmitStatement(h.ctx, matching(h.as(sroi.Supplier), file.Statement.Version), contract.ID, calendar.MustPeriod(period))
	h.must(err)
	return statement
}

// decided decides every line of a submitted statement alike.
func (h *house) decided(s sroi.Statement, verdict func(line int) app.LineDecision) app.StatementFile {
	h.t.Helper()
	var in app.DecideInput
	for line := range s.Lines {
		in.Lines = append(in.Lines, verdict(line+1))
	}
	file, err := h.Decide(h.ctx, matching(h.as(sroi.Consultant), s.Version), s.Contract, s.Period, in)
	h.must(err)
	return file
}

func approve(line int) app.LineDecision { return app.LineDecision{Line: line, Verdict: sroi.Approved} }

func reject(line int) app.LineDecision {
	return app.LineDecision{Line: line, Verdict: sroi.Rejected, Reason: sroi.NoEvidence, Text: "Het bewijs ontbreekt."}
}

// balance reads it and holds it to the fold of its entries.
func (h *house) balance(contract sroi.Contract) sroi.Balance {
	h.t.Helper()
	account, err := h.Store.Account(h.ctx, contract.ID)
	h.must(err)
	entries, err := h.Store.Entries(h.ctx, contract.ID, 0, 1000)
	h.must(err)
	folded := sroi.Balance{Contract: contract.ID}
	for _, entry := range entries {
		folded, err = folded.Apply(entry)
		h.must(err)
	}
	if sroi.Digest(folded) != sroi.Digest(account.Balance) {
		h.t.Fatalf("balance %+v is not the fold %+v", account.Balance, folded)
	}
	return folded
}

// report rolls everything up and reads the municipality's table.
func (h *house) report(year int, ledgers ...string) map[string]sroi.Row {
	h.t.Helper()
	for ledger, err := range h.RollUp(h.ctx, ledgers) {
		h.t.Fatalf("%s: %v", ledger, err)
	}
	report, err := h.Report(h.ctx, h.as(sroi.Officer), app.ReportQuery{Area: "GM0200", Year: year})
	h.must(err)
	rows := map[string]sroi.Row{}
	for _, row := range report.Rows {
		rows[row.Code] = row
	}
	return rows
}
