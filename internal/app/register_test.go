// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

const newcomer = "11223344" // KvK number of a seller that no register knows yet

// invoice is a purchase of € 1.000 from a seller on a day.
func (h *house) invoice(contract sroi.Contract, kvk, day string, as ruleset.Recognition) sroi.Claim {
	return sroi.Claim{Kind: sroi.PurchaseLine, Evidence: h.evidence(contract, "PURCHASE"), Purchase: &sroi.PurchaseClaim{
		Block: "PURCHASE", Seller: kvk, SellerName: "Goed Werk", Recognition: as,
		Order: "O-1", Invoice: "F-" + day, InvoiceDate: calendar.MustDate(day), Amount: cents("1000"),
	}}
}

func TestTheRegisterDecidesOnTheInvoiceDate(t *testing.T) {
	h := newHouse(t)
	contract := h.contract("register")
	h.recognised(newcomer, ruleset.Aspirant, span("2022-02-01", "2022-02-28"))
	h.today = "2022-04-05"
	for name, c := range map[string]struct {
		day     string
		claimed ruleset.Recognition
		value   string
		finding string
		version int // in the receipt
	}{
		"the day before":          {"2022-01-31", ruleset.Aspirant, "500", "niet-erkend", 0},
		"the first day":           {"2022-02-01", ruleset.Aspirant, "500", "", 1},
		"the last day":            {"2022-02-28", ruleset.Aspirant, "500", "", 1},
		"the day after":           {"2022-03-01", ruleset.Recognised, "1000", "niet-erkend", 0},
		"claimed as more than so": {"2022-02-15", ruleset.Recognised, "500", "erkenning-anders", 1},
	} {
		t.Run(name, func(t *testing.T) {
			line := h.draft(contract, "2022-Q1", h.invoice(contract, newcomer, c.day, c.claimed)).Lines[0]
			if line.Value != cents(c.value) || codes(line) != c.finding {
				t.Errorf("value %s, findings %q; want %s, %q", line.Value, codes(line), c.value, c.finding)
			}
			if (len(line.Notices) == 1) != (c.finding != "") {
				t.Errorf("the supplier reads %q", line.Notices)
			}
			if named := strings.Contains(string(line.Receipt.Input), `"register":{"id":"oost-nederland","version":1}`); named != (c.version == 1) {
				t.Errorf("the receipt names the register: %v: %s", named, line.Receipt.Input)
			}
			if again, err := h.Rules.Replay(line.Receipt); err != nil || again.Text != line.Receipt.Text {
				t.Errorf("the receipt does not replay: %v", err)
			}
		})
	}
	read, err := h.Statement(h.ctx, h.as(sroi.Supplier), contract.ID, calendar.MustPeriod("2022-Q1"))
	h.must(err)
	if len(read.Lines[0].Findings) != 0 {
		t.Error("findings are the consultant's")
	}
}

func TestWhoWasNotRecognisedIsNotApproved(t *testing.T) {
	h := newHouse(t)
	contract := h.contract("niet-erkend")
	h.today = "2022-04-05"
	s := h.submitted(contract, "2022-Q1",
		h.invoice(contract, seller, "2022-02-01", ruleset.Recognised),
		h.invoice(contract, newcomer, "2022-02-02", ruleset.Recognised),
		h.invoice(contract, newcomer, "2022-02-03", ruleset.Recognised))
	decide := func(lines ...app.LineDecision) (app.StatementFile, error) {
		return h.Decide(h.ctx, matching(h.as(sroi.Consultant), s.Version), contract.ID, s.Period, app.DecideInput{Lines: lines})
	}
	_, err := decide(approve(1), approve(2), app.LineDecision{Line: 3, Verdict: sroi.ApprovedPartly, Reason: "r", Text: "t", Amount: ref(cents("1"))})
	h.refused(err, app.Invalid, "niet-erkend-op-factuurdatum")
	if got, want := fields(err), []string{"/lines/1/verdict", "/lines/2/verdict"}; !slices.Equal(got, want) {
		t.Fatalf("faults at %v, want %v", got, want)
	}
	if file, err := h.Statement(h.ctx, h.as(sroi.Consultant), contract.ID, s.Period); err != nil || len(file.Decisions) != 0 {
		t.Fatalf("half-written: %+v %v", file.Decisions, err)
	}
	_, err = decide(approve(1), reject(2))
	h.must(err)

	h.recognised(newcomer, ruleset.Aspirant, span("2022-02-03", "2022-02-03"))
	h.recognised(newcomer, ruleset.Aspirant, span("2022-02-03", "")) // version 2
	file, err := decide(approve(3))
	h.must(err)
	d := file.Decisions[2]
	if d.Verdict != sroi.ApprovedPartly || d.Reason != string(sroi.RecognitionDiffers) || d.Value != cents("500") || d.Recognition != ruleset.Aspirant {
		t.Fatalf("an aspirant counts for half: %+v", d)
	}
	if !strings.Contains(string(d.Receipt.Input), `"version":2`) || len(d.Receipt.Steps) != 3 {
		t.Fatalf("the receipt does not name what the register said: %s", d.Receipt.Input)
	}
	h.recognised(newcomer, ruleset.Recognised, span("2022-02-03", ""))
	said, err := h.Enterprise(h.ctx, "oost-nederland", newcomer, 2)
	h.must(err)
	if said.RecognisedOn(calendar.MustDate("2022-02-03")) != ruleset.Aspirant {
		t.Fatalf("version 2 is not what it was: %+v", said)
	}
}

// Who is recognised as more since a line was handed in counts as that line says,
// with the receipt that says so.
func TestALineAsksNoMoreThanItDid(t *testing.T) {
	h := newHouse(t)
	contract := h.contract("meer-erkend")
	h.recognised(newcomer, ruleset.Aspirant, span("2022-01-01", ""))
	h.today = "2022-04-05"
	s := h.submitted(contract, "2022-Q1", h.invoice(contract, newcomer, "2022-02-01", ruleset.Recognised))
	h.recognised(newcomer, ruleset.Recognised, span("2022-01-01", ""))
	d := h.decided(s, approve).Decisions[0]
	if d.Value != cents("500") || d.Receipt.Result != d.Value || d.Verdict != sroi.Approved || d.Recognition != ruleset.Recognised {
		t.Fatalf("%+v", d)
	}
}

func TestACorrectionAsksTheRegisterToo(t *testing.T) {
	h := newHouse(t)
	contract := h.contract("correctie-register")
	h.today = "2022-04-05"
	s := h.submitted(contract, "2022-Q1", h.invoice(contract, seller, "2022-02-01", ruleset.Recognised))
	h.decided(s, approve)
	h.recognised(seller, ruleset.Recognised, span("2022-03-01", ""))
	correct := func(d app.LineDecision) error {
		_, _, err := h.Correct(h.ctx, matching(h.as(sroi.Consultant), h.balance(contract).Seq), contract.ID, app.CorrectionInput{
			Corrects: 3, Period: s.Period, Decision: &d, Reason: "r", Text: "t",
		})
		return err
	}
	err := correct(app.LineDecision{Line: 1, Verdict: sroi.ApprovedPartly, Reason: "r", Text: "t", Amount: ref(cents("500"))})
	h.refused(err, app.Invalid, "niet-erkend-op-factuurdatum")
	h.must(correct(reject(1)))
	if b := h.balance(contract); b.Verified != 0 {
		t.Fatalf("verified %s", b.Verified)
	}
}

// Whatever the supplier claims, a sheltered-employment company is no social
// enterprise in the figures.
func TestTheFiguresFollowTheRegister(t *testing.T) {
	h := newHouse(t)
	contract := h.contract("cijfers-register")
	h.recognised(seller, ruleset.Sheltered, span("2022-01-01", ""))
	h.today = "2022-04-05"
	h.decided(h.submitted(contract, "2022-Q1", h.invoice(contract, seller, "2022-02-01", ruleset.Recognised)), approve)
	rows := h.report(2022, "CONTRACT#"+contract.ID)
	if got := rows[sroi.SocialPurchaseValue].Current.Value.Num; got != 0 {
		t.Errorf("social purchases of %d cents", got)
	}
	if got := rows[sroi.RealisedValue].Current.Value.Num; got != 1000_00 {
		t.Errorf("realised %d cents", got)
	}
}

func TestWithoutARegisterTheClaimDecides(t *testing.T) {
	h := newHouse(t)
	contract := h.frisian()
	h.today = "2019-04-05"
	claim := h.invoice(contract, newcomer, "2019-02-01", ruleset.Sheltered)
	claim.Purchase.Block, claim.Purchase.LabourPart = "SW_SUBCONTRACT", ref(cents("600"))
	claim.Evidence = h.evidence(contract, "SW_SUBCONTRACT")
	s := h.submitted(contract, "2019-Q1", claim)
	file, err := h.Statement(h.ctx, h.as(sroi.Consultant), contract.ID, s.Period)
	h.must(err)
	if codes(file.Lines[0]) != "na-te-gaan" || len(file.Lines[0].Notices) != 0 {
		t.Fatalf("%+v", file.Lines[0])
	}
	if d := h.decided(s, approve).Decisions[0]; d.Value != cents("600") || d.Recognition != "" {
		t.Fatalf("%+v", d)
	}
}

func TestEnterpriseRefusals(t *testing.T) {
	h := newHouse(t)
	good := func() app.EnterpriseInput {
		return app.EnterpriseInput{Register: "oost-nederland", KvK: newcomer, Name: "Goed Werk", Spans: []sroi.RecognisedSpan{
			{Span: span("2022-01-01", "2022-06-30"), Recognition: ruleset.Aspirant, Source: "besluit"},
			{Span: span("2022-07-01", ""), Recognition: ruleset.Recognised, Source: "besluit"},
		}}
	}
	for name, c := range map[string]struct {
		change func(*app.EnterpriseInput)
		at     string
		code   string
	}{
		"unknown register":     {func(in *app.EnterpriseInput) { in.Register = "nergens" }, "/register", "register-onbekend"},
		"no register":          {func(in *app.EnterpriseInput) { in.Register = "" }, "/register", "register-onbekend"},
		"form of the number":   {func(in *app.EnterpriseInput) { in.KvK = "1122334" }, "/kvk", "onjuist-kvk-nummer"},
		"no name":              {func(in *app.EnterpriseInput) { in.Name = " " }, "/name", "verplicht"},
		"name that may be BSN": {func(in *app.EnterpriseInput) { in.Name = "Werk 111222333" }, "/name", "mogelijk-bsn"},
		"overlap by a day":     {func(in *app.EnterpriseInput) { in.Spans[1].From = calendar.MustDate("2022-06-30") }, "/spans/1/from", "overlap"},
		"after an open one":    {func(in *app.EnterpriseInput) { in.Spans[0].To = calendar.Date{} }, "/spans/1/from", "overlap"},
		"end before start":     {func(in *app.EnterpriseInput) { in.Spans[1].To = calendar.MustDate("2022-06-30") }, "/spans/1/to", "datums-verkeerd-om"},
		"no source":            {func(in *app.EnterpriseInput) { in.Spans[0].Source = "" }, "/spans/0/source", "verplicht"},
		"source may be BSN":    {func(in *app.EnterpriseInput) { in.Spans[0].Source = "111.222.333" }, "/spans/0/source", "mogelijk-bsn"},
	} {
		t.Run(name, func(t *testing.T) {
			in := good()
			c.change(&in)
			_, _, err := h.PutEnterprise(h.ctx, h.as(sroi.Administrator), in)
			h.refused(err, app.Invalid, c.code)
			if got := fields(err); !slices.Equal(got, []string{c.at}) {
				t.Errorf("faults at %v, want %s", got, c.at)
			}
		})
	}
	for _, role := range []sroi.Role{sroi.Officer, sroi.Supplier, sroi.Consultant, sroi.Auditor} {
		_, _, err := h.PutEnterprise(h.ctx, h.as(role), good())
		h.refused(err, app.Forbidden, "rol-mag-dit-niet")
	}
	_, err := h.Enterprise(h.ctx, "oost-nederland", newcomer, 0)
	h.refused(err, app.Absent, "niet-gevonden") // nothing was half-written
	first, created, err := h.PutEnterprise(h.ctx, h.as(sroi.Administrator), good())
	if h.must(err); !created || first.Version != 1 {
		t.Fatalf("%+v", first)
	}
	_, _, err = h.PutEnterprise(h.ctx, h.as(sroi.Administrator), good())
	h.refused(err, app.Unmatched, "if-match-ontbreekt")
	_, created, err = h.PutEnterprise(h.ctx, matching(h.as(sroi.Administrator), 1), good())
	if h.must(err); created {
		t.Fatal("it was there")
	}
	_, _, err = h.PutEnterprise(h.ctx, matching(h.as(sroi.Administrator), 1), good())
	h.refused(err, app.Stale, "versie-verouderd")
	if _, _, err = h.Enterprises(h.ctx, "nergens", app.Page{Limit: 5}); app.KindOf(err) != app.Absent {
		t.Fatalf("an unknown register: %v", err)
	}
	listed, _, err := h.Enterprises(h.ctx, "oost-nederland", app.Page{Limit: 5})
	if h.must(err); len(listed) != 2 || listed[0].KvK != newcomer || listed[0].Version != 2 {
		t.Fatalf("%+v", listed)
	}
}

// Spans that follow each other are taken, and on each day at most one of them
// speaks; any others are refused with a place.
func TestSpansFollowEachOther(t *testing.T) {
	h := newHouse(t)
	rapid.Check(t, func(t *rapid.T) {
		in := app.EnterpriseInput{Register: "oost-nederland", KvK: "99887766", Name: "Goed Werk"}
		for range rapid.IntRange(0, 4).Draw(t, "spans") {
			from := calendar.MustDate("2022-01-01").AddDays(rapid.IntRange(0, 20).Draw(t, "from"))
			s := sroi.RecognisedSpan{Span: calendar.Span{From: from}, Recognition: ruleset.Recognised, Source: "besluit"}
			if rapid.Bool().Draw(t, "closed") {
				s.To = from.AddDays(rapid.IntRange(-2, 10).Draw(t, "days"))
			}
			in.Spans = append(in.Spans, s)
		}
		inOrder := true
		for day := calendar.MustDate("2021-12-01"); day.Before(calendar.MustDate("2022-03-01")); day = day.AddDays(1) {
			speaking := 0
			for _, s := range in.Spans {
				if s.Contains(day) {
					speaking++
				}
			}
			inOrder = inOrder && speaking <= 1
		}
		inOrder = inOrder && slices.IsSortedFunc(in.Spans, func(a, b sroi.RecognisedSpan) int { return a.From.Compare(b.From) }) &&
			!slices.ContainsFunc(in.Spans, func(s sroi.RecognisedSpan) bool { return s.Empty() })
		call := h.as(sroi.Administrator)
		if stored, err := h.Enterprise(h.ctx, in.Register, in.KvK, 0); err == nil {
			call = matching(call, stored.Version)
		}
		_, _, err := h.PutEnterprise(h.ctx, call, in)
		if (err == nil) != inOrder {
			t.Fatalf("%+v: %v", in.Spans, err)
		}
		if refusal := new(app.Error); errors.As(err, &refusal) && !strings.HasPrefix(refusal.Faults[0].Field, "/spans/") {
			t.Fatalf("%+v", refusal)
		}
	})
}
