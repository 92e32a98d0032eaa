// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"encoding/json"
	"testing"
	"testing/fstest"

	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

type document = map[string]any

// under gives the house the rules of Oost-Nederland with changes, as the version
// of 2016 and, where there is a second change, another of 2022.
func (h *house) under(changes ...func(document)) {
	h.t.Helper()
	files := fstest.MapFS{}
	published, err := ruleset.Embedded().At("oost-nederland", calendar.MustDate("2022-01-01"))
	h.must(err)
	for i, from := range []string{"2016-01-01", "2022-01-01"}[:len(changes)] {
		var doc document
		h.must(json.Unmarshal(published.Raw(), &doc))
		doc["validity"].(document)["from"] = from
		changes[i](doc)
		raw, err := json.Marshal(doc)
		h.must(err)
		files["oost-nederland/"+from+".json"] = &fstest.MapFile{Data: raw}
	}
	h.Rules, err = ruleset.Load(files)
	h.must(err)
}

// services is the obligation rule of services in a rule-set document.
func services(doc document) document { return doc["obligation"].(document)["services"].(document) }

// account reads a contract and its balance as they are now.
func (h *house) account(contract sroi.Contract) app.Account {
	h.t.Helper()
	h.balance(contract) // holds it to the fold of its entries
	account, err := h.Contract(h.ctx, h.as(sroi.Consultant), contract.ID)
	h.must(err)
	return account
}

func (h *house) amend(contract sroi.Contract, in app.AmendmentInput) (sroi.Amendment, app.Account) {
	h.t.Helper()
	amendment, account, err := h.AmendContract(h.ctx, matching(h.as(sroi.Officer), h.balance(contract).Seq), contract.ID, in)
	h.must(err)
	return amendment, account
}

func extension() app.AmendmentInput {
	return app.AmendmentInput{
		Kind: sroi.AmendOption, Reason: sroi.ForeseenOption, Text: "Verlengd met een jaar.", Effective: calendar.MustDate("2022-12-31"),
		Value: ref(cents("1000000")), EndsOn: calendar.MustDate("2023-12-31"),
	}
}

// 5 % of € 800.000 becomes 5 % of € 1.000.000; what is due at the end of 2022 is
// 365 of 730 days of it.
func TestAnExtensionIsBookedAndWhatWasStaysProvable(t *testing.T) {
	h := newHouse(t)
	contract := h.contract("optie")
	h.today = "2022-11-01"
	call := matching(h.as(sroi.Officer), 1)
	amendment, account, err := h.AmendContract(h.ctx, call, contract.ID, extension())
	h.must(err)
	if account.Contract.Obligation.Amount != cents("50000") || account.Balance.Obliged != cents("50000") || account.Contract.BidSum != cents("800000") {
		t.Fatalf("%+v %+v", account.Contract.Obligation, account.Balance)
	}
	if amendment.Was.Obligation.Amount != cents("40000") || amendment.Obligations[0].Amount != cents("50000") {
		t.Fatalf("%+v", amendment)
	}
	again, repeated, err := h.AmendContract(h.ctx, call, contract.ID, extension())
	h.must(err)
	if sroi.Digest(again) != sroi.Digest(amendment) || sroi.Digest(repeated) != sroi.Digest(account) {
		t.Fatal("a repeat answers otherwise")
	}
	other := extension()
	other.Text = "Iets anders."
	_, _, err = h.AmendContract(h.ctx, call, contract.ID, other)
	h.refused(err, app.KeyReused, "sleutel-hergebruikt")
	_, _, err = h.AmendContract(h.ctx, matching(h.as(sroi.Officer), 1), contract.ID, extension())
	h.refused(err, app.Stale, "versie-verouderd")
	h.provable(contract)

	due, err := h.Obligation(h.ctx, h.as(sroi.Supplier), contract.ID, calendar.MustDate("2022-12-31"))
	h.must(err)
	if due.Due.Result != cents("25000") {
		t.Fatalf("due %s: %s", due.Due.Result, due.Due.Text)
	}
	h.report(2022, "CONTRACT#"+contract.ID)
	for day, want := range map[string]money.Cents{"2022-10-31": cents("40000"), "2022-11-01": cents("25000")} {
		figures, _, err := h.Store.FiguresOn(h.ctx, "GM0200", 2022, calendar.MustDate(day))
		h.must(err)
		if figures.Obliged[11] != want {
			t.Errorf("on %s the year obliges %s, want %s", day, figures.Obliged[11], want)
		}
	}
	h.today = "2023-06-01"
	if rows := h.report(2023); rows[sroi.ObligedWhole].Current.Value.Num != int64(cents("50000")) {
		t.Errorf("2023: %+v", rows[sroi.ObligedWhole].Current)
	}
}

// provable holds every state of a contract to what the ledger hashes, and every
// receipt to its replay.
func (h *house) provable(contract sroi.Contract) {
	h.t.Helper()
	ledger, err := h.Store.ContractLedger(h.ctx, contract.ID)
	h.must(err)
	if sroi.Digest(ledger.ContractAfter(0)) != ledger.Entries[0].Subject {
		h.t.Error("the contract as registered is not what its entry hashes")
	}
	for _, a := range ledger.Amendments {
		after := ledger.ContractAfter(a.Number)
		if sroi.Digest(a) != ledger.Entries[a.Entry-1].Subject || sroi.Digest(after) != a.Becomes || after.Version != a.Number+1 {
			h.t.Errorf("amendment %d is not what its entry hashes", a.Number)
		}
		for _, o := range a.Obligations {
			replayed, err := h.Rules.Replay(o.Receipt)
			h.must(err)
			if sroi.Digest(replayed) != sroi.Digest(o.Receipt) {
				h.t.Errorf("%s replays as %s", o.Receipt.Text, replayed.Text)
			}
		}
	}
}

func TestFaultsOfAnAmendmentAreNamedAtOnce(t *testing.T) {
	h := newHouse(t)
	contract := h.contract("fouten")
	try := func(in app.AmendmentInput) error {
		_, _, err := h.AmendContract(h.ctx, matching(h.as(sroi.Officer), 1), contract.ID, in)
		return err
	}
	bad := app.AmendmentInput{
		Kind: sroi.AmendTerm, Reason: sroi.PolicyChange, Text: "over 111222333", Effective: calendar.MustDate("2030-01-01"),
		EndsOn: calendar.MustDate("2021-12-31"), Value: ref(cents("800000")),
	}
	for _, code := range []string{"reden-past-niet", "mogelijk-bsn", "past-niet-bij-soort", "al-verantwoord", "buiten-looptijd", "bedrag-onmogelijk"} {
		h.refused(try(bad), app.Invalid, code)
	}
	h.refused(try(app.AmendmentInput{Kind: sroi.AmendTerm, Text: "x", Effective: contract.Term.From}), app.Invalid, "niets-te-wijzigen")
	for _, kind := range []sroi.AmendmentKind{sroi.AmendTurnover, sroi.AmendRules} {
		elsewhere := app.AmendmentInput{Kind: kind, Text: "x", Effective: contract.Term.From, Value: ref(cents("800000"))}
		h.refused(try(elsewhere), app.Invalid, "soort-past-niet")
	}
	same := app.AmendmentInput{Kind: sroi.AmendTerm, Text: "x", Effective: contract.Term.From, EndsOn: contract.Term.To}
	h.refused(try(same), app.Invalid, "niets-te-wijzigen")
	_, _, err := h.AmendContract(h.ctx, matching(h.as(sroi.Supplier), 1), contract.ID, extension())
	h.refused(err, app.Forbidden, "rol-mag-dit-niet")
	foreign := matching(h.as(sroi.Officer), 1)
	foreign.Actor.Authorities = []sroi.AuthorityID{"87654321"}
	_, _, err = h.AmendContract(h.ctx, foreign, contract.ID, extension())
	h.refused(err, app.Absent, "niet-gevonden")
	if account := h.account(contract); account.Balance.Seq != 1 || account.Contract.Version != 1 {
		t.Fatalf("a refusal booked something: %+v", account)
	}
}

// A term never ends before what was reported; a draft from before it changed is
// saved again.
func TestATermFollowsWhatWasReported(t *testing.T) {
	h := newHouse(t)
	contract := h.contract("looptijd")
	_, err := h.AddPlacement(h.ctx, h.as(sroi.Supplier), contract.ID, placementInput("Jansen", 24))
	h.must(err)
	h.today = "2022-07-05"
	h.submitted(contract, "2022-Q1", h.placed(contract, 1, 312))
	q2 := calendar.MustPeriod("2022-Q2")
	draft, _, err := h.SaveStatement(h.ctx, h.as(sroi.Supplier), contract.ID, q2, []sroi.Claim{h.placed(contract, 1, 312)})
	h.must(err)
	early := app.AmendmentInput{Kind: sroi.AmendTerm, Reason: sroi.EarlyEnd, Text: "Ontbonden.", Effective: calendar.MustDate("2022-05-15"), EndsOn: calendar.MustDate("2022-03-30")}
	_, _, err = h.AmendContract(h.ctx, matching(h.as(sroi.Officer), h.balance(contract).Seq), contract.ID, early)
	h.refused(err, app.Invalid, "al-verantwoord")
	early.EndsOn = calendar.MustDate("2022-05-15")
	_, account := h.amend(contract, early)
	if account.Contract.Obligation.Amount != cents("40000") {
		t.Fatalf("duration does not change a value-based obligation: %s", account.Contract.Obligation.Amount)
	}
	_, err = h.SubmitStatement(h.ctx, matching(h.as(sroi.Supplier), draft.Statement.Version), contract.ID, q2)
	h.refused(err, app.Conflict, "concept-verouderd")
	draft, _, err = h.SaveStatement(h.ctx, matching(h.as(sroi.Supplier), draft.Statement.Version), contract.ID, q2, []sroi.Claim{h.placed(contract, 1, 150)})
	h.must(err)
	if draft.Lines[0].Span.To != early.EndsOn || draft.Statement.Claimed >= cents("5000") {
		t.Fatalf("the draft goes on after the end: %+v", draft.Lines[0])
	}
	_, err = h.SubmitStatement(h.ctx, matching(h.as(sroi.Supplier), draft.Statement.Version), contract.ID, q2)
	h.must(err)
	periods, err := h.Statements(h.ctx, h.as(sroi.Supplier), contract.ID)
	h.must(err)
	if len(periods) != 2 {
		t.Fatalf("%d periods", len(periods))
	}
	h.amend(contract, app.AmendmentInput{ // a value changes no line
		Kind: sroi.AmendValue, Reason: sroi.LessWork, Text: "Minder.", Effective: calendar.MustDate("2022-05-15"), Value: ref(cents("600000")),
	})
	if b := h.balance(contract); b.Obliged != cents("30000") {
		t.Fatalf("%+v", b)
	}
	h.provable(contract)
}

// The last quarter was cut at the end of the term and decided; then the option
// turned out to be exercised. The rest of that quarter is claimed with the next.
func TestAnExtensionAfterTheLastStatementLosesNoDay(t *testing.T) {
	h := newHouse(t)
	in := contractInput(h.awarded("te-laat"))
	in.Term.To = calendar.MustDate("2022-02-15")
	account, err := h.RegisterContract(h.ctx, h.as(sroi.Officer), in)
	h.must(err)
	contract := account.Contract
	_, err = h.AddPlacement(h.ctx, h.as(sroi.Supplier), contract.ID, placementInput("Jansen", 36))
	h.must(err)
	h.today = "2022-04-05"
	h.decided(h.submitted(contract, "2022-Q1", h.placed(contract, 1, 230)), approve)
	longer := app.AmendmentInput{Kind: sroi.AmendTerm, Reason: sroi.Extension, Text: "Toch verlengd.", Effective: contract.Term.To, EndsOn: calendar.MustDate("2022-03-20")}
	_, _, err = h.AmendContract(h.ctx, matching(h.as(sroi.Officer), h.balance(contract).Seq), contract.ID, longer)
	h.refused(err, app.Invalid, "periode-al-verantwoord")
	longer.EndsOn = calendar.MustDate("2022-12-31")
	_, account = h.amend(contract, longer)
	h.today = "2022-07-05"
	file := h.decided(h.submitted(account.Contract, "2022-Q2", h.placed(contract, 1, 690)), approve)
	if got := file.Lines[0].Span; got != span("2022-02-16", "2022-06-30") {
		t.Fatalf("the second quarter claims %v", got)
	}
	if b := h.balance(contract); b.Verified != cents("15000") { // half of € 30.000, to the cent
		t.Fatalf("half a year is worth %s", b.Verified)
	}
}

func (h *house) turnover(contract sroi.Contract, role sroi.Role, in app.TurnoverInput) (sroi.Amendment, app.Account, error) {
	return h.ReportTurnover(h.ctx, matching(h.as(role), h.balance(contract).Seq), contract.ID, in)
}

// 5 % of invoiced turnover: estimated over € 800.000; in force is the greater of
// estimated and current until the final report, which may be less.
func TestAnObligationOverTurnoverMoves(t *testing.T) {
	h := newHouse(t)
	h.under(func(doc document) { services(doc)["basis"] = "invoicedTurnover" })
	contract := h.contract("omzet")
	h.today = "2023-02-01"
	report := func(from, to, amount string, final bool) error {
		_, _, err := h.turnover(contract, sroi.Supplier, app.TurnoverInput{
			From: calendar.MustDate(from), To: calendar.MustDate(to), Amount: cents(amount), Final: final,
		})
		return err
	}
	h.refused(report("2022-01-02", "2022-03-31", "1", false), app.Invalid, "sluit-niet-aan")
	h.refused(report("2022-01-01", "2022-06-30", "1", true), app.Invalid, "looptijd-niet-voorbij")
	h.refused(report("2022-01-01", "2023-01-31", "1", false), app.Invalid, "buiten-looptijd")
	h.refused(report("2022-01-01", "2022-03-31", "-1", false), app.Invalid, "bedrag-onmogelijk")
	for _, step := range []struct {
		from, to, amount         string
		final                    bool
		inForce, current, finals string
	}{
		{"2022-01-01", "2022-03-31", "225000", false, "40000", "11250", ""},
		{"2022-04-01", "2022-10-31", "700000", false, "46250", "46250", ""},
		{"2022-11-01", "2022-11-30", "-325000", false, "40000", "30000", ""},
		{"2022-12-01", "2022-12-31", "100000", true, "35000", "30000", "35000"},
	} {
		h.must(report(step.from, step.to, step.amount, step.final))
		account := h.account(contract)
		h.stage(account, ruleset.Estimated, "40000")
		h.stage(account, ruleset.Current, step.current)
		if step.finals != "" {
			h.stage(account, ruleset.Final, step.finals)
		}
		if account.Balance.Obliged != cents(step.inForce) || account.Contract.Obligation.Amount != cents(step.inForce) {
			t.Errorf("after %s: %s in force, want %s", step.to, account.Balance.Obliged, step.inForce)
		}
	}
	h.refused(report("2023-01-01", "2023-01-31", "1", false), app.Conflict, "opgave-definitief")
	_, _, err := h.AmendContract(h.ctx, matching(h.as(sroi.Officer), h.balance(contract).Seq), contract.ID, extension())
	h.refused(err, app.Invalid, "opgave-definitief")
	_, _, err = h.turnover(contract, sroi.Consultant, app.TurnoverInput{})
	h.refused(err, app.Forbidden, "rol-mag-dit-niet")
	h.provable(contract)
	amendments, _, err := h.Amendments(h.ctx, h.as(sroi.Consultant), contract.ID)
	h.must(err)
	if len(amendments) != 4 || amendments[3].Turnover == nil || !amendments[3].Turnover.Final {
		t.Fatalf("%+v", amendments)
	}
}

// Who reported the whole term without calling it final can still do so, with
// what the accountant found: € 5.000 less, or nothing.
func TestATurnoverThatIsAllReportedBecomesFinal(t *testing.T) {
	h := newHouse(t)
	h.under(func(doc document) { services(doc)["basis"] = "invoicedTurnover" })
	for reference, last := range map[string]struct{ amount, final string }{"omzet-af": {"-5000", "44750"}, "omzet-nul": {"0", "45000"}} {
		h.today = "2022-01-03"
		contract := h.contract(reference)
		h.today = "2023-02-01"
		report := func(from, to, amount string, final bool) error {
			_, _, err := h.turnover(contract, sroi.Supplier, app.TurnoverInput{
				From: calendar.MustDate(from), To: calendar.MustDate(to), Amount: cents(amount), Final: final,
			})
			return err
		}
		h.must(report("2022-01-01", "2022-12-31", "900000", false))
		h.refused(report("2022-12-31", "2022-12-31", last.amount, false), app.Invalid, "sluit-niet-aan")
		h.refused(report("2022-12-30", "2022-12-31", last.amount, true), app.Invalid, "sluit-niet-aan")
		h.must(report("2022-12-31", "2022-12-31", last.amount, true))
		h.stage(h.account(contract), ruleset.Final, last.final)
		h.refused(report("2022-12-31", "2022-12-31", last.amount, true), app.Conflict, "opgave-definitief")
		h.provable(contract)
	}
}

func (h *house) stage(account app.Account, stage ruleset.Stage, want string) {
	h.t.Helper()
	if got, known := account.Contract.Stage(stage); !known || got.Amount != cents(want) {
		h.t.Errorf("%s is %s (known: %v), want %s", stage, got.Amount, known, want)
	}
}

func TestTurnoverOfAFixedBasisIsRefused(t *testing.T) {
	h := newHouse(t)
	contract := h.contract("vast")
	h.today = "2022-05-01"
	_, _, err := h.turnover(contract, sroi.Officer, app.TurnoverInput{From: contract.Term.From, To: calendar.MustDate("2022-03-31"), Amount: 1})
	h.refused(err, app.Conflict, "grondslag-ligt-vast")
}

// A certificate takes 30 % off where it held at tender and ever since.
func TestACertificateThatLapsesTakesTheDiscountWithIt(t *testing.T) {
	h := newHouse(t)
	h.under(func(doc document) {
		services(doc)["discounts"] = []document{{"level": "pso-3", "percent": "30", "source": "verplichting"}}
	})
	in := contractInput(h.awarded("pso"))
	in.Certificates = []ruleset.Certificate{{Level: "pso-3", Span: span("2021-01-01", "2022-06-30")}}
	_, err := h.RegisterContract(h.ctx, h.as(sroi.Officer), in)
	h.refused(err, app.Invalid, ruleset.FaultRequired)
	in.TenderDate = calendar.MustDate("2021-11-01")
	account, err := h.RegisterContract(h.ctx, h.as(sroi.Officer), in)
	h.must(err)
	if account.Balance.Obliged != cents("28000") {
		t.Fatalf("with the discount %s", account.Balance.Obliged)
	}
	h.today = "2022-08-01"
	known := app.AmendmentInput{
		Kind: sroi.AmendCertificates, Reason: sroi.CertificateChange, Text: "Niet verlengd.", Effective: calendar.MustDate("2022-07-31"), Certificates: in.Certificates,
	}
	if _, account = h.amend(account.Contract, known); account.Balance.Obliged != cents("40000") {
		t.Fatalf("lapsed: %s", account.Balance.Obliged)
	}
	known.Certificates = append(known.Certificates, ruleset.Certificate{Level: "pso-3", Span: span("2022-07-01", "2024-06-30")})
	if _, account = h.amend(account.Contract, known); account.Balance.Obliged != cents("28000") {
		t.Fatalf("renewed: %s", account.Balance.Obliged)
	}
	h.provable(account.Contract)
}

// Rebuilding all figures at the end gives what was reached step by step.
func TestFiguresOfAmendmentsRebuildToTheSame(t *testing.T) {
	h := newHouse(t)
	contract := h.contract("herbouw")
	ledger := "CONTRACT#" + contract.ID
	h.report(2022, ledger)
	for i, day := range []string{"2022-03-01", "2022-03-01", "2022-09-15"} {
		h.today = day
		in := extension()
		in.Value = ref(cents("900000") + money.Cents(i)*cents("50000"))
		in.EndsOn = calendar.MustDate("2023-01-31").AddMonths(3 * i)
		h.amend(contract, in)
		h.report(2022, ledger)
	}
	whole, err := h.Store.ContractLedger(h.ctx, contract.ID)
	h.must(err)
	rules, err := h.Rules.Pinned(contract.Rules)
	h.must(err)
	contributions := sroi.ContractContributions(whole, map[ruleset.Ref]ruleset.ExtraJob{rules.Ref(): rules.ExtraJob})
	if len(contributions) != 4 { // two areas, two years
		t.Fatalf("%d contributions", len(contributions))
	}
	for _, c := range contributions {
		rebuilt, _ := sroi.Fold(c.Area, c.Year, []sroi.Contribution{c})
		stored, err := h.Store.Total(h.ctx, c.Area, c.Year)
		h.must(err)
		if rebuilt.Version = stored.Version; sroi.Digest(rebuilt) != sroi.Digest(stored) {
			t.Errorf("%s %d: rebuilt %+v, stored %+v", c.Area, c.Year, rebuilt.Figures, stored.Figures)
		}
	}
}
