// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"crypto/rand"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"socialreturn/infra/bench/figure"
	"socialreturn/infra/local/engine/enginetest"
	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/plan"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
	"socialreturn/internal/store"
)

// useCase is a method of the service and how many round trips it takes.
type useCase struct {
	method string
	calls  int
	play   func() error
}

// played is a house in which every use case is played once. A statement here has
// one line; each further approved line with a person costs two calls more, and
// every 25 lines of a draft one. Purchases cost one call more per hundred
// sellers, to save and to decide, where a register decides.
type played struct {
	*house
	tender     sroi.Tender
	account    app.Account
	file       app.StatementFile
	statement  sroi.Statement
	correction sroi.Correction
	seq        int // of the contract's newest entry
}

var (
	quarter = calendar.MustPeriod("2022-Q1")
	page    = app.Page{Limit: 100}
)

func (p *played) contract() string { return p.account.Contract.ID }

func (p *played) tenders() []useCase {
	return []useCase{
		{"RegisterTender", 2, func() (err error) {
			p.tender, err = p.RegisterTender(p.ctx, p.as(sroi.Officer), p.tenderInput("kosten"))
			return err
		}},
		{"ChangeTender", 3, func() (err error) {
			p.tender, err = p.ChangeTender(p.ctx, matching(p.as(sroi.Officer), p.tender.Version), p.tender.ID, app.TenderChange{Title: ref("Groenonderhoud")})
			return err
		}},
		{"AwardLot", 3, func() (err error) {
			p.tender, _, err = p.AwardLot(p.ctx, matching(p.as(sroi.Officer), p.tender.Version), p.tender.ID, app.AwardInput{
				Lot: "1", State: sroi.Final, Date: calendar.MustDate("2021-12-15"), Supplier: builder, SupplierName: "Bouw BV", Value: cents("800000"),
			})
			return err
		}},
		{"Tender", 1, func() error { return second(p.Tender(p.ctx, p.as(sroi.Officer), p.tender.ID)) }},
		{"Tenders", 1, func() error {
			return third(p.Tenders(p.ctx, p.as(sroi.Officer), app.TenderQuery{Authority: apeldoorn}, page))
		}},
		{"TenderLedger", 2, func() error { return third(p.TenderLedger(p.ctx, p.as(sroi.Officer), p.tender.ID)) }},
		{"PutAuthority", 2, func() error {
			return third(p.PutAuthority(p.ctx, matching(p.as(sroi.Administrator), 1), app.AuthorityInput{
				ID: apeldoorn, Name: "Apeldoorn", Kind: sroi.Municipality, Desk: eenheid, RuleSet: "oost-nederland",
				Areas: []sroi.AreaSpan{{Span: calendar.Span{From: calendar.MustDate("2000-01-01")}, Municipality: "GM0200", Region: "AM06"}},
			}))
		}},
		{"Authority", 1, func() error { return second(p.Authority(p.ctx, p.as(sroi.Officer), apeldoorn)) }},
		{"Authorities", 1, func() error { return third(p.Authorities(p.ctx, p.as(sroi.Consultant), page)) }},
	}
}

func (p *played) proof() []useCase {
	return []useCase{
		{"RegisterContract", 3, func() (err error) {
			p.account, err = p.RegisterContract(p.ctx, p.as(sroi.Officer), contractInput(p.tender))
			return err
		}},
		{"AddPlacement", 3, func() error {
			return second(p.AddPlacement(p.ctx, p.as(sroi.Supplier), p.contract(), placementInput("Jansen", 24)))
		}},
		{"ChangePlacement", 3, func() error {
			return second(p.ChangePlacement(p.ctx, matching(p.as(sroi.Supplier), 1), p.contract(), 1, app.PlacementChange{EndsOn: calendar.MustDate("2022-12-31")}))
		}},
		{"Placements", 1, func() error { return second(p.Placements(p.ctx, p.as(sroi.Supplier), p.contract())) }},
		{"Placement", 1, func() error { return second(p.Placement(p.ctx, p.as(sroi.Supplier), p.contract(), 1)) }},
		{"SaveStatement", 4, func() (err error) {
			p.today = "2022-04-05"
			p.file, _, err = p.SaveStatement(p.ctx, p.as(sroi.Supplier), p.contract(), quarter, []sroi.Claim{p.placed(p.account.Contract, 1, 312)})
			return err
		}},
		{"SubmitStatement", 5, func() (err error) {
			p.statement, err = p.SubmitStatement(p.ctx, matching(p.as(sroi.Supplier), p.file.Statement.Version), p.contract(), quarter)
			return err
		}},
		{"WithdrawStatement", 5, func() (err error) {
			p.statement, err = p.WithdrawStatement(p.ctx, matching(p.as(sroi.Supplier), p.statement.Version), p.contract(), quarter)
			return err
		}},
		{"SubmitStatement", 6, func() (err error) {
			p.statement, err = p.SubmitStatement(p.ctx, matching(p.as(sroi.Supplier), p.statement.Version), p.contract(), quarter)
			return err
		}},
		{"Statement", 3, func() error { return second(p.Statement(p.ctx, p.as(sroi.Supplier), p.contract(), quarter)) }},
		{"Statement", 4, func() error { return second(p.Statement(p.ctx, p.as(sroi.Consultant), p.contract(), quarter)) }},
		{"Statements", 2, func() error { return second(p.Statements(p.ctx, p.as(sroi.Supplier), p.contract())) }},
		{"SeeEvidence", 3, func() error {
			return second(p.SeeEvidence(p.ctx, p.as(sroi.Consultant), p.contract(), []string{strings.Repeat("ab", 32)}))
		}},
		{"Queue", 1, func() error { return third(p.Queue(p.ctx, p.as(sroi.Consultant), sroi.Submitted, page)) }},
		{"Decide", 8, func() error {
			return second(p.Decide(p.ctx, matching(p.as(sroi.Consultant), p.statement.Version), p.contract(), quarter,
				app.DecideInput{Lines: []app.LineDecision{approve(1)}}))
		}},
	}
}

func (p *played) figures() []useCase {
	return []useCase{
		{"RollUp", 10, func() error {
			for _, err := range p.RollUp(p.ctx, []string{"CONTRACT#" + p.contract()}) {
				return err
			}
			return nil
		}},
		{"Report", 4, func() error {
			return second(p.Report(p.ctx, p.as(sroi.Officer), app.ReportQuery{Area: "GM0200", Year: 2022}))
		}},
		{"Breakdown", 4, func() error {
			return third(p.Breakdown(p.ctx, p.as(sroi.Officer), app.BreakdownQuery{Area: "GM0200", Year: 2022, Code: sroi.RealisedValue}, page))
		}},
		{"RecordIndicator", 3, func() error {
			return third(p.RecordIndicator(p.ctx, p.as(sroi.Officer), app.IndicatorInput{
				Area: "GM0200", Code: sroi.ExtraJobs, Period: "2022", Intended: true, State: sroi.HasValue,
				Value: &money.Fraction{Num: 125, Den: 1}, Reading: sroi.AtLeast, Source: "begroting 2022",
			}))
		}},
		{"Indicator", 2, func() error {
			return second(p.Indicator(p.ctx, p.as(sroi.Officer), "GM0200", sroi.ExtraJobs, "2022"))
		}},
		{"PutEnterprise", 2, func() error {
			return third(p.PutEnterprise(p.ctx, p.as(sroi.Administrator), app.EnterpriseInput{
				Register: "oost-nederland", KvK: newcomer, Name: "Nieuw Werk",
				Spans: []sroi.RecognisedSpan{{Span: calendar.Span{From: calendar.MustDate("2022-01-01")}, Recognition: ruleset.Recognised, Source: "besluit"}},
			}))
		}},
		{"Enterprise", 1, func() error { return second(p.Enterprise(p.ctx, "oost-nederland", newcomer, 0)) }},
		{"Enterprises", 1, func() error { return third(p.Enterprises(p.ctx, "oost-nederland", page)) }},
	}
}

func (p *played) contracts() []useCase {
	return []useCase{
		{"Contract", 1, func() error { return second(p.Contract(p.ctx, p.as(sroi.Officer), p.contract())) }},
		{"Contracts", 2, func() error { return third(p.Contracts(p.ctx, p.as(sroi.Officer), app.ContractQuery{}, page)) }},
		{"Obligation", 1, func() error {
			return second(p.Obligation(p.ctx, p.as(sroi.Officer), p.contract(), calendar.MustDate("2022-04-05")))
		}},
		{"Entries", 2, func() error { return third(p.Entries(p.ctx, p.as(sroi.Officer), p.contract(), 0, 20)) }},
		{"Correct", 12, func() (err error) {
			p.correction, _, err = p.Correct(p.ctx, matching(p.as(sroi.Consultant), p.seq), p.contract(), app.CorrectionInput{
				Corrects: p.seq, Period: quarter, Decision: ref(reject(1)), Reason: "fout", Text: "Het bewijs klopte niet.",
			})
			return err
		}},
		{"Correction", 2, func() error {
			return third(p.Correction(p.ctx, p.as(sroi.Officer), p.contract(), p.correction.ID))
		}},
		{"AmendContract", 4, func() error {
			return third(p.AmendContract(p.ctx, matching(p.as(sroi.Officer), p.seq), p.contract(), extension()))
		}},
		{"Amendments", 2, func() error { return third(p.Amendments(p.ctx, p.as(sroi.Officer), p.contract())) }},
		{"TryRules", 7, func() error { return second(p.TryRules(p.ctx, p.as(sroi.Consultant), p.contract(), toUtrecht())) }},
		{"Prospect", 1, func() error { return second(p.Prospect(p.ctx, p.as(sroi.Officer), p.contract())) }},
		{"SavePlan", 2, func() error {
			return third(p.SavePlan(p.ctx, p.as(sroi.Supplier), p.contract(), []plan.Effort{intended("A", "2022-01-01", "2022-12-31", 24)}))
		}},
		{"Plan", 2, func() error { return second(p.Plan(p.ctx, p.as(sroi.Officer), p.contract())) }},
		{"MoveRules", 13, func() error {
			return second(p.MoveRules(p.ctx, matching(p.as(sroi.Consultant), p.seq), p.contract(), toUtrecht()))
		}},
		{"Calculate", 0, func() error {
			return second(p.Calculate(p.ctx, p.as(sroi.Officer), app.CalculationInput{
				RuleSet: "oost-nederland", Date: calendar.MustDate("2022-01-01"),
				Contract: &ruleset.ObligationInput{Nature: ruleset.Services, Value: cents("800000"), Term: calendar.YearSpan(2022)},
			}))
		}},
	}
}

// closing closes the year before, of a tender and a contract of their own, by two people. It
// takes about six calls per ledger to fence and recompute it, and as many to roll
// it up where the stream has not done that yet.
func (p *played) closing() []useCase {
	p.account.Contract = p.house.contract("sluiten")
	p.tender.ID = p.account.Contract.Tender
	id := app.CloseID(apeldoorn, 2021)
	p.twoPeople()
	other := p.as(sroi.Consultant)
	other.Actor.ID = "collega"
	return []useCase{
		{"CloseYear", 6, func() error {
			return second(p.CloseYear(p.ctx, p.as(sroi.Consultant), app.CloseInput{Authority: apeldoorn, Year: 2021}))
		}},
		{"ConfirmClose", 46, func() error { return second(p.ConfirmClose(p.ctx, matching(other, 1), id)) }},
		{"YearClose", 2, func() error { return second(p.YearClose(p.ctx, p.as(sroi.Officer), id)) }},
		{"YearCloses", 1, func() error { return second(p.YearCloses(p.ctx, p.as(sroi.Officer), apeldoorn)) }},
		{"CloseSnapshot", 3, func() error { return second(p.CloseSnapshot(p.ctx, p.as(sroi.Officer), id)) }},
		{"ExportTender", 2, func() error { return second(p.ExportTender(p.ctx, p.as(sroi.Officer), p.tender.ID, page)) }},
		{"ExportContract", 3, func() error { return second(p.ExportContract(p.ctx, p.as(sroi.Officer), p.contract(), page)) }},
		{"ExportAuthority", 7, func() error { return second(p.ExportAuthority(p.ctx, p.as(sroi.Officer), apeldoorn, page)) }},
	}
}

func toUtrecht() app.RulesInput {
	return app.RulesInput{
		RuleSet: "utrecht", Version: calendar.MustDate("2021-01-01"), Blocks: map[string]string{"PW_LT2": "PW"},
		Reason: sroi.PolicyChange, Text: "Proef.", Deviates: true,
	}
}

func second[T any](_ T, err error) error { return err }

func third[A, B any](_ A, _ B, err error) error { return err }

// turnover is a contract of its own, whose obligation is a share of turnover.
func (p *played) turnover() []useCase {
	p.under(func(doc document) { services(doc)["basis"] = "invoicedTurnover" })
	contract := p.house.contract("omzet")
	p.today = "2022-07-05"
	return []useCase{{"ReportTurnover", 3, func() error {
		return third(p.ReportTurnover(p.ctx, matching(p.as(sroi.Supplier), 1), contract.ID, app.TurnoverInput{
			From: calendar.MustDate("2022-01-01"), To: calendar.MustDate("2022-06-30"), Amount: cents("400000"),
		}))
	}}}
}

// TestCallsPerUseCase plays each use case once, in the order in which a year
// runs, and holds it to its number of round trips.
func TestCallsPerUseCase(t *testing.T) {
	h, meter := meteredHouse(t)
	p := &played{house: h}
	known := map[string]bool{}
	play := func(useCases []useCase) {
		for _, u := range useCases {
			if known[u.method] = true; p.contract() != "" {
				account, err := p.Store.Account(p.ctx, p.contract())
				p.must(err)
				p.seq = account.Balance.Seq
			}
			meter.Read()
			p.must(u.play())
			cost := meter.Read()
			figure.Count(t, fmt.Sprintf("round trips of %s (%s)", u.method, cost.Units()), float64(cost.Calls), figure.AtMost(float64(u.calls)), figure.AtMost(1))
			if cost.Calls < u.calls {
				t.Errorf("%s takes %d calls, fewer than its %d", u.method, cost.Calls, u.calls)
			}
		}
	}
	play(slices.Concat(p.tenders(), p.proof(), p.figures(), p.contracts()))
	play(p.turnover())
	p.house, meter = meteredHouse(t)
	play(p.closing())
	for method := range reflect.TypeFor[*app.Service]().Methods() {
		if !known[method.Name] {
			t.Errorf("nobody knows what %s costs", method.Name)
		}
	}
}

func meteredHouse(t testing.TB) (*house, *enginetest.Meter) {
	client, table, meter := enginetest.Metered(t)
	h := &house{t: t, ctx: t.Context(), today: "2022-01-03", Service: &app.Service{
		Store: store.New(client, table), Rules: ruleset.Embedded(), Salt: rand.Text,
		Persons: app.PersonKeys{{Version: 1, Secret: []byte(strings.Repeat("k", 32))}},
	}}
	h.settle()
	return h, meter
}
