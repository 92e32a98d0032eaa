// SPDX-License-Identifier: EUPL-1.2

package simulation

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/plan"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

// commands are all that people can ask, each with how often it is. Propose gives
// a meaningful order in the world as it is, or false where there is none.
var commands = []struct {
	name    string
	weight  int
	propose func(g *game) (order, bool)
}{
	{"register-tender", 2, registerTender},
	{"change-tender", 1, changeTender},
	{"award-lot", 2, awardLot},
	{"register-contract", 3, registerContract},
	{"amend-contract", 2, amendContract},
	{"report-turnover", 2, reportTurnover},
	{"move-rules", 2, moveRules},
	{"add-placement", 3, addPlacement},
	{"change-placement", 1, changePlacement},
	{"save-plan", 1, savePlan},
	{"save-statement", 9, saveStatement},
	{"submit-statement", 9, submitStatement},
	{"withdraw-statement", 1, withdrawStatement},
	{"see-evidence", 1, seeEvidence},
	{"decide", 12, decide},
	{"send-back", 2, sendBack},
	{"correct-line", 4, correctLine},
	{"correct-amount", 2, correctAmount},
	{"close-year", 1, closeYear},
	{"confirm-close", 1, confirmClose},
	{"redrive", 1, redriveLedger},
}

// any gives an order of some command, by the weights.
func (g *game) any() (order, bool) {
	sum := 0
	for _, c := range commands {
		sum += g.weight(c.name, c.weight)
	}
	lot := g.IntN(sum)
	for _, c := range commands {
		if lot -= g.weight(c.name, c.weight); lot < 0 {
			return c.propose(g)
		}
	}
	return order{}, false
}

// weight is how often a command is given: in January years are closed.
func (g *game) weight(name string, ordinary int) int {
	if closing := name == "close-year" || name == "confirm-close"; closing && g.now.Month() == time.January {
		return 8 * ordinary
	}
	return ordinary
}

func registerTender(g *game) (order, bool) {
	in := tenderInput(pick(g, officer.Authorities), fmt.Sprint("Kenmerk ", g.IntN(3)))
	if g.view.authority(in.Authority).ClosedThrough >= firstYear && g.hit(80) {
		in.Published = calendar.MustDate("2022-01-10")
	}
	call, other := g.call(officer), in
	other.Title = "Iets anders"
	return orderOf("register-tender", in.Reference, call, in, other, func(ctx context.Context, s *app.Service, call app.Call, in app.TenderInput) (string, error) {
		tender, err := s.RegisterTender(ctx, call, in)
		return tender.ID, err
	}).that(true, func(v *view) bool {
		tender, _ := read[sroi.Tender](v, "TENDER#"+actOf(call, "register-tender"), "HEAD")
		return tender.Payload == sroi.Digest(in) && len(v.entries("TENDER#"+tender.ID)) > 0
	}), true
}

func changeTender(g *game) (order, bool) {
	id := pick(g, g.tenders())
	tender, _ := read[sroi.Tender](g.view, "TENDER#"+id, "HEAD")
	change := app.TenderChange{Title: ref(fmt.Sprint("Titel ", g.IntN(1000)))}
	if g.hit(30) {
		change = app.TenderChange{Withdrawn: ref(true)}
	}
	change.Reason = g.reason(tender)
	return orderOf("change-tender", id, g.matching(officer, tender.Version), change, change, func(ctx context.Context, s *app.Service, call app.Call, in app.TenderChange) (string, error) {
		tender, err := s.ChangeTender(ctx, call, id, in)
		return fmt.Sprint(tender.Version), err
	}).that(false, func(v *view) bool {
		return len(v.entries("TENDER#"+id)) > tender.Version
	}).guarded(), true
}

func awardLot(g *game) (order, bool) {
	id := pick(g, g.tenders())
	tender, _ := read[sroi.Tender](g.view, "TENDER#"+id, "HEAD")
	in := awardInput(pick(g, []string{"1", "2"}), pick(g, []string{builder, gardener}))
	switch {
	case g.hit(20):
		in = app.AwardInput{Lot: in.Lot, State: sroi.WithdrawnAward, Date: in.Date}
	case g.hit(20):
		in.State = sroi.Provisional
	}
	if tender.Published.Year() > firstYear {
		in.Date = calendar.MustDate("2022-02-01")
	}
	in.Reason = g.reason(tender)
	other := in
	other.Date = other.Date.AddDays(1)
	call := g.matching(officer, tender.Version)
	return orderOf("award-lot", id+" "+in.Lot+" "+string(in.State), call, in, other, func(ctx context.Context, s *app.Service, call app.Call, in app.AwardInput) (string, error) {
		_, award, err := s.AwardLot(ctx, call, id, in)
		return sroi.Digest(award), err
	}).that(true, func(v *view) bool {
		return v.names("TENDER#"+id, "HEAD", actOf(call, "award-lot"))
	}), true
}

// reason is one for a change of a tender of which a year is closed.
func (g *game) reason(tender sroi.Tender) sroi.TenderReason {
	if tender.ClosedThrough > 0 && g.hit(80) {
		return sroi.TenderObjection
	}
	return ""
}

func registerContract(g *game) (order, bool) {
	id, lot := pick(g, g.tenders()), pick(g, []string{"1", "2"})
	tender, _ := read[sroi.Tender](g.view, "TENDER#"+id, "HEAD")
	supplier := pick(g, []string{builder, gardener})
	if found, ok := tender.Lot(lot); ok {
		if award, awarded := found.Awarded(); awarded {
			supplier = award.Supplier
		}
	}
	in := contractInput(id, lot, supplier, fmt.Sprint("C-", g.IntN(4)))
	if g.hit(20) {
		in.Opening = &sroi.Opening{Verified: euros(1000), AsOf: calendar.MustDate("2021-12-31"), Note: "oud systeem"}
	}
	return registerOrder(g.call(officer), in), true
}

func registerOrder(call app.Call, in app.ContractInput) order {
	other := in
	other.Title = "Iets anders"
	act := actOf(call, "register-contract")
	return orderOf("register-contract", in.Tender+" "+in.Lot, call, in, other, func(ctx context.Context, s *app.Service, call app.Call, in app.ContractInput) (string, error) {
		account, err := s.RegisterContract(ctx, call, in)
		return account.Contract.ID + account.Contract.Lot, err
	}).that(true, func(v *view) bool { return v.contract(act).ID == act && len(v.entries("CONTRACT#"+act)) > 0 })
}

// amended completes an order that makes an amendment.
func (o order) amended(contract, command string) order {
	act := actOf(o.call, command+"/"+contract)
	return o.that(true, func(v *view) bool {
		for _, a := range list[sroi.Amendment](v, "CONTRACT#"+contract, "AMENDMENT#", "amendment") {
			if a.Act == act {
				return len(v.entries("CONTRACT#"+contract)) >= a.Entry
			}
		}
		return false
	})
}

func amendContract(g *game) (order, bool) {
	id := pick(g, g.contracts())
	in := app.AmendmentInput{
		Kind: sroi.AmendValue, Reason: sroi.MoreWork, Text: "Meerwerk.", Effective: calendar.MustDate("2022-03-01"), Value: ref(euros(700_000 + 1000*int64(g.IntN(300)))),
	}
	if g.hit(40) {
		in = app.AmendmentInput{
			Kind: sroi.AmendTerm, Reason: sroi.Extension, Text: "Langer.", Effective: calendar.MustDate("2022-06-01"),
			EndsOn: calendar.MustDate("2022-12-31").AddDays(30 * (g.IntN(12) - 4)),
		}
	}
	return amendOrder(g.matching(officer, g.view.balance(id).Seq), id, in), true
}

func amendOrder(call app.Call, id string, in app.AmendmentInput) order {
	other := in
	other.Text = "Iets anders."
	return orderOf("amend-contract", id+" "+string(in.Kind), call, in, other, func(ctx context.Context, s *app.Service, call app.Call, in app.AmendmentInput) (string, error) {
		amendment, _, err := s.AmendContract(ctx, call, id, in)
		return sroi.Digest(amendment), err
	}).amended(id, "amend-contract")
}

func reportTurnover(g *game) (order, bool) {
	id := pick(g, g.contracts())
	contract := g.view.contract(id)
	in := app.TurnoverInput{From: contract.Term.From, Amount: euros(int64(g.IntN(300_000)))}
	if contract.Reported != nil {
		in.From = contract.Reported.AsOf.AddDays(1)
	}
	in.To = in.From.AddDays(g.IntN(80))
	other := in
	other.Text = "Iets anders."
	actor := pick(g, []app.Actor{officer, suppliers[contract.Supplier]})
	return orderOf("report-turnover", id, g.matching(actor, g.view.balance(id).Seq), in, other, func(ctx context.Context, s *app.Service, call app.Call, in app.TurnoverInput) (string, error) {
		amendment, _, err := s.ReportTurnover(ctx, call, id, in)
		return sroi.Digest(amendment), err
	}).amended(id, "report-turnover"), contract.Nature == ruleset.Works || g.hit(5)
}

func moveRules(g *game) (order, bool) {
	id := pick(g, g.contracts())
	return moveOrder(g.matching(consultant, g.view.balance(id).Seq), g.view, id), true
}

func moveOrder(call app.Call, v *view, id string) order {
	in := app.RulesInput{
		Version: calendar.MustDate("2022-01-01"), Blocks: map[string]string{"PW_LT2": "PW"}, Reason: sroi.PolicyChange, Text: "Besluit.", Deviates: true,
	}
	if v.contract(id).Rules.Version == in.Version {
		in.Version, in.Blocks = calendar.MustDate("2016-01-01"), map[string]string{"PW": "PW_LT2"}
	}
	other := in
	other.Text = "Iets anders."
	return orderOf("move-rules", id, call, in, other, func(ctx context.Context, s *app.Service, call app.Call, in app.RulesInput) (string, error) {
		move, err := s.MoveRules(ctx, call, id, in)
		return sroi.Digest([]any{move.Amendment, move.Lines}), err
	}).amended(id, "move-rules")
}

func (v *view) block(contract string) string {
	if v.contract(contract).Rules.Version == calendar.MustDate("2022-01-01") {
		return "PW"
	}
	return "PW_LT2"
}

func addPlacement(g *game) (order, bool) {
	id := pick(g, g.contracts())
	supplier := suppliers[g.view.contract(id).Supplier]
	in := placementInput(personNamed(pick(g, []string{"Jansen", "Bakker", "Visser"})), pick(g, []string{g.view.block(id), "NUG"}), calendar.Minutes(12+4*g.IntN(7)))
	in.Schedule[0].From = in.Schedule[0].From.AddDays(30 * g.IntN(8))
	other := in
	other.Schedule = []ruleset.Hours{{Span: in.Schedule[0].Span, PerWeek: in.Schedule[0].PerWeek - 60}}
	call := g.call(supplier)
	act := actOf(call, "add-placement/"+id)
	return orderOf("add-placement", id, call, in, other, func(ctx context.Context, s *app.Service, call app.Call, in app.PlacementInput) (string, error) {
		p, err := s.AddPlacement(ctx, call, id, in)
		return fmt.Sprint(p.Number, p.Person), err
	}).that(true, func(v *view) bool {
		return slices.ContainsFunc(v.placements(id), func(p sroi.Placement) bool { return p.Act == act })
	}), true
}

func changePlacement(g *game) (order, bool) {
	id := pick(g, g.contracts())
	list := g.view.placements(id)
	if len(list) == 0 {
		return order{}, false
	}
	p := pick(g, list)
	change := app.PlacementChange{EndsOn: p.Start().AddDays(60 + g.IntN(200))}
	if g.hit(50) {
		change = app.PlacementChange{Schedule: []ruleset.Hours{{Span: calendar.Span{From: p.Start().AddDays(g.IntN(200))}, PerWeek: calendar.Minutes(60 * (12 + g.IntN(28)))}}}
	}
	call := g.matching(suppliers[g.view.contract(id).Supplier], p.Version)
	return orderOf("change-placement", fmt.Sprint(id, " ", p.Number), call, change, change, func(ctx context.Context, s *app.Service, call app.Call, in app.PlacementChange) (string, error) {
		changed, err := s.ChangePlacement(ctx, call, id, p.Number, in)
		return fmt.Sprint(changed.Version), err
	}).that(false, func(v *view) bool { return v.placements(id)[p.Number-1].Version > p.Version }).guarded(), true
}

func savePlan(g *game) (order, bool) {
	id := pick(g, g.contracts())
	efforts := []plan.Effort{{Person: "A", Placement: &ruleset.PlacementInput{
		Block: "PW_GT2", Form: ruleset.Employment,
		Schedule: []ruleset.Hours{{Span: calendar.Span{From: calendar.MustDate("2022-01-01"), To: calendar.MustDate("2022-09-30")}, PerWeek: calendar.Minutes(60 * (12 + g.IntN(24)))}},
	}}}
	call := g.call(pick(g, []app.Actor{consultant, suppliers[g.view.contract(id).Supplier]}))
	head, exists := read[app.PlanHead](g.view, "CONTRACT#"+id, "PLAN")
	if exists {
		call = matching(call, head.Version)
	}
	return orderOf("save-plan", id, call, efforts, efforts, func(ctx context.Context, s *app.Service, call app.Call, in []plan.Effort) (string, error) {
		file, _, err := s.SavePlan(ctx, call, id, in)
		return fmt.Sprint(file.Head.Version), err
	}).that(false, func(v *view) bool {
		_, there := read[app.PlanRevision](v, "CONTRACT#"+id, fmt.Sprintf("PLAN#%04d", head.Version+1))
		return there
	}).guarded(), true
}

// period is one that the contract reports on, early ones more often.
func (g *game) period(contract sroi.Contract) (calendar.Period, bool) {
	var due []calendar.Period
	for _, p := range contract.Periods() {
		if p.Span().To.Before(g.today()) {
			due = append(due, p)
		}
	}
	if len(due) == 0 || g.hit(5) {
		due = contract.Periods()
	}
	if len(due) == 0 {
		return calendar.Period{}, false
	}
	return pick(g, due), true
}

func saveStatement(g *game) (order, bool) {
	contract := g.view.contract(pick(g, g.contracts()))
	period, ok := g.period(contract)
	if !ok {
		return order{}, false
	}
	call := g.call(suppliers[contract.Supplier])
	head, exists := g.view.statement(contract.ID, period)
	if exists {
		call = g.matching(suppliers[contract.Supplier], head.Version)
	}
	goesOn := !exists || head.State == sroi.Draft || head.State == sroi.SentBack || g.hit(5)
	return saveOrder(call, contract, period, head.Revision, g.claims(contract, period)), goesOn
}

// saveOrder saves a draft over the revision of a number.
func saveOrder(call app.Call, contract sroi.Contract, period calendar.Period, over int, claims []sroi.Claim) order {
	text := fmt.Sprintf("%s %s, %d lines", contract.ID, period, len(claims))
	return orderOf("save-statement", text, call, claims, claims, func(ctx context.Context, s *app.Service, call app.Call, in []sroi.Claim) (string, error) {
		file, _, err := s.SaveStatement(ctx, call, contract.ID, period, in)
		return fmt.Sprint(file.Statement.Version), err
	}).that(false, func(v *view) bool {
		now, _ := v.statement(contract.ID, period)
		return now.Revision > over
	}).guarded()
}

// claims are lines about the contract's placements, invoices that come back in
// other statements, and an activity on one of a few days.
func (g *game) claims(contract sroi.Contract, period calendar.Period) []sroi.Claim {
	claims := []sroi.Claim{}
	for _, p := range g.view.placements(contract.ID) {
		if g.hit(25) {
			continue
		}
		claim := placed(p.Number, calendar.Minutes(60*(100+g.IntN(250))))
		if earlier := contract.Periods()[0]; g.hit(10) && earlier != period {
			claim.Period = earlier
		}
		claims = append(claims, claim)
	}
	day := period.Span().From.AddDays(g.IntN(20))
	if g.hit(30) {
		claims = append(claims, purchased(fmt.Sprint("F-", g.IntN(3)), day, euros(int64(500+g.IntN(2000)))))
	}
	if g.hit(20) {
		claims = append(claims, active(period.Span().From.AddDays(g.IntN(2)), 2))
	}
	return claims
}

// papers satisfy every block.
var papers = func() []sroi.Evidence {
	var all []sroi.Evidence
	for _, kind := range []string{"plaatsingsovereenkomst", "urenoverzicht", "doelgroepverklaring", "factuur", "betaalbewijs", "erkenning"} {
		all = append(all, sroi.Evidence{Kind: kind, Name: kind + ".pdf", SHA256: strings.Repeat("ab", 32)})
	}
	return all
}()

func placed(number int, worked calendar.Minutes) sroi.Claim {
	return sroi.Claim{Kind: sroi.PlacementLine, Placement: &sroi.PlacementClaim{Number: number, Worked: worked}, Evidence: papers}
}

func purchased(invoice string, day calendar.Date, amount money.Cents) sroi.Claim {
	return sroi.Claim{Kind: sroi.PurchaseLine, Evidence: papers, Purchase: &sroi.PurchaseClaim{
		Block: "PURCHASE", Seller: seller, SellerName: "Goed Werk", Recognition: ruleset.Recognised, Order: "O-1", Invoice: invoice, InvoiceDate: day, Amount: amount,
	}}
}

func active(day calendar.Date, hours calendar.Minutes) sroi.Claim {
	return sroi.Claim{Kind: sroi.ActivityLine, Evidence: papers, Activity: &sroi.ActivityClaim{Block: "ACT", Description: "Les", Date: day, Hours: hours * 60, People: 1}}
}

// inState is a statement in one of these states.
func (g *game) inState(states ...sroi.StatementState) (sroi.Statement, bool) {
	var found []sroi.Statement
	for _, id := range g.contracts() {
		for _, s := range g.view.statements(id) {
			if slices.Contains(states, s.State) {
				found = append(found, s)
			}
		}
	}
	if len(found) == 0 {
		return sroi.Statement{}, false
	}
	return pick(g, found), true
}

// moving is an order that moves a statement: what it does is found by the entry
// that books it.
func moving(name string, call app.Call, s sroi.Statement, kind sroi.EntryKind, submission int, run func(context.Context, *app.Service, app.Call) (string, error)) order {
	o := orderOf(name, s.Contract+" "+s.Period.String(), call, true, false, func(ctx context.Context, service *app.Service, call app.Call, same bool) (string, error) {
		if !same {
			call = matching(call, *call.Match+1)
		}
		return run(ctx, service, call)
	})
	return o.that(false, func(v *view) bool {
		return slices.ContainsFunc(v.entries("CONTRACT#"+s.Contract), func(e sroi.Entry) bool {
			return e.Kind == kind && e.Period == s.Period && e.Submission == submission
		})
	})
}

func submitStatement(g *game) (order, bool) {
	s, ok := g.inState(sroi.Draft, sroi.SentBack)
	if !ok {
		return order{}, false
	}
	return submitOrder(g.matching(suppliers[s.Supplier], s.Version), s), true
}

func submitOrder(call app.Call, s sroi.Statement) order {
	return moving("submit-statement", call, s, sroi.StatementSubmitted, s.Submission+1, func(ctx context.Context, service *app.Service, call app.Call) (string, error) {
		head, err := service.SubmitStatement(ctx, call, s.Contract, s.Period)
		return head.SubmitAct, err
	})
}

func withdrawStatement(g *game) (order, bool) {
	s, ok := g.inState(sroi.Submitted)
	if !ok {
		return order{}, false
	}
	return withdrawOrder(g.matching(suppliers[s.Supplier], s.Version), s), true
}

func withdrawOrder(call app.Call, s sroi.Statement) order {
	return moving("withdraw-statement", call, s, sroi.StatementWithdrawn, s.Submission, func(ctx context.Context, service *app.Service, call app.Call) (string, error) {
		head, err := service.WithdrawStatement(ctx, call, s.Contract, s.Period)
		return head.Act, err
	})
}

func sendBack(g *game) (order, bool) {
	s, ok := g.inState(sroi.Submitted)
	if !ok {
		return order{}, false
	}
	return sendBackOrder(g.matching(consultant, s.Version), s), true
}

func sendBackOrder(call app.Call, s sroi.Statement) order {
	return moving("send-back", call, s, sroi.StatementSentBack, s.Submission, func(ctx context.Context, service *app.Service, call app.Call) (string, error) {
		file, err := service.Decide(ctx, call, s.Contract, s.Period, app.DecideInput{SendBack: "Vul aan."})
		return file.Statement.Act, err
	})
}

func seeEvidence(g *game) (order, bool) {
	id, hash := pick(g, g.contracts()), strings.Repeat(fmt.Sprint(g.IntN(9)), 64)
	return orderOf("see-evidence", id, g.call(consultant), hash, hash, func(ctx context.Context, s *app.Service, call app.Call, in string) (string, error) {
		_, err := s.SeeEvidence(ctx, call, id, []string{in})
		return hash, err
	}).that(true, func(v *view) bool {
		_, there := read[sroi.Sighting](v, "CONTRACT#"+id, "DOC#"+hash)
		return there
	}).guarded(), true
}

func decide(g *game) (order, bool) {
	s, ok := g.inState(sroi.Submitted)
	if !ok {
		return order{}, false
	}
	var in app.DecideInput
	done := g.view.decisions(s)
	for _, line := range g.view.lines(s) {
		decided := slices.ContainsFunc(done, func(d sroi.Decision) bool { return d.Line == line.Number })
		if decided && !g.hit(3) || !decided && g.hit(20) {
			continue
		}
		in.Lines = append(in.Lines, g.verdict(line))
	}
	if len(in.Lines) == 0 && len(done) < s.Lines {
		return order{}, false
	}
	return decideOrder(g.matching(consultant, s.Version), s, in), true
}

// decideOrder decides lines. Its effect is its decisions: who closes the statement
// is whoever decides last.
func decideOrder(call app.Call, s sroi.Statement, in app.DecideInput) order {
	other := in
	other.Lines = append(slices.Clone(in.Lines), app.LineDecision{Line: 1, Verdict: sroi.Rejected, Reason: "r", Text: "Iets anders."})
	act := actOf(call, "decide/"+s.Contract+"/"+s.Period.String())
	own := func(decisions []sroi.Decision) []sroi.Decision {
		return slices.DeleteFunc(slices.Clone(decisions), func(d sroi.Decision) bool { return d.Act != act })
	}
	text := fmt.Sprintf("%s %s", s.Contract, s.Period)
	for _, d := range in.Lines {
		text += fmt.Sprintf(", %d %s", d.Line, d.Verdict)
	}
	return orderOf("decide", text, call, in, other, func(ctx context.Context, service *app.Service, call app.Call, in app.DecideInput) (string, error) {
		file, err := service.Decide(ctx, call, s.Contract, s.Period, in)
		if state := file.Statement.State; err == nil && (file.Statement.Submission != s.Submission || state != sroi.Submitted && state != sroi.Decided) {
			return "", fmt.Errorf("a decision on submission %d answers with submission %d, %s", s.Submission, file.Statement.Submission, state)
		}
		return sroi.Digest(own(file.Decisions)), err
	}).that(false, func(v *view) bool {
		return len(own(v.decisions(s))) == len(in.Lines) && (len(in.Lines) > 0 || len(v.decisions(s)) == s.Lines)
	})
}

// verdict is a word on a line: mostly yes.
func (g *game) verdict(line sroi.Line) app.LineDecision {
	d := app.LineDecision{Line: line.Number, Verdict: sroi.Approved}
	switch {
	case g.hit(60):
		return d
	case g.hit(50) || line.Claim.Kind == sroi.ActivityLine:
		d.Verdict = sroi.Rejected
	default:
		d.Verdict = sroi.ApprovedPartly
		if line.Placed != nil {
			d.Hours = []ruleset.Hours{line.Placed.Hours[0]}
			d.Hours[0].PerWeek = max(d.Hours[0].PerWeek/2, 60)
			if d.Hours[0].PerWeek > line.Placed.Hours[0].PerWeek {
				d.Hours[0].PerWeek = line.Placed.Hours[0].PerWeek
			}
		} else {
			d.Amount = ref(line.Claim.Purchase.Amount / 2)
		}
	}
	d.Reason, d.Text = sroi.NoEvidence, "Het bewijs dekt dit niet."
	return d
}

// corrected completes an order that makes a correction.
func (o order) corrected(contract string) order {
	act := actOf(o.call, "correct/"+contract)
	return o.that(true, func(v *view) bool {
		return slices.ContainsFunc(v.entries("CONTRACT#"+contract), func(e sroi.Entry) bool { return e.Correction == act })
	})
}

func correctLine(g *game) (order, bool) {
	s, ok := g.inState(sroi.Decided)
	if !ok || s.Lines == 0 {
		return order{}, false
	}
	word := g.verdict(pick(g, g.view.lines(s)))
	for _, e := range g.view.entries("CONTRACT#" + s.Contract) {
		if e.Kind == sroi.StatementDecided && e.Period == s.Period {
			return correctOrder("correct-line", g.matching(consultant, g.view.balance(s.Contract).Seq), s.Contract, app.CorrectionInput{
				Corrects: e.Seq, Period: s.Period, Decision: &word, Reason: sroi.Objection, Text: "Op bezwaar.",
			}), true
		}
	}
	return order{}, false
}

func correctAmount(g *game) (order, bool) {
	id := pick(g, g.contracts())
	entry, ok := g.view.verifying(id)
	return correctOrder("correct-amount", g.matching(consultant, g.view.balance(id).Seq), id, app.CorrectionInput{
		Corrects: entry, Year: 2022, Delta: euros(int64(g.IntN(2000) - 1000)), Reason: sroi.Miscalculated, Text: "Rekenfout.",
	}), ok
}

// verifying is the number of a contract's newest entry that booked verified
// value in 2022.
func (v *view) verifying(contract string) (number int, ok bool) {
	for _, e := range v.entries("CONTRACT#" + contract) {
		decides := e.Kind == sroi.StatementDecided || e.Kind == sroi.Corrected
		if decides && slices.ContainsFunc(e.Amounts, func(a sroi.YearAmounts) bool { return a.Year == 2022 && a.Verified != 0 }) {
			number, ok = e.Seq, true
		}
	}
	return number, ok
}

func correctOrder(name string, call app.Call, contract string, in app.CorrectionInput) order {
	other := in
	other.Text = "Iets anders."
	text := contract
	if in.Decision != nil {
		text = fmt.Sprintf("%s %s line %d %s", contract, in.Period, in.Decision.Line, in.Decision.Verdict)
	}
	return orderOf(name, text, call, in, other, func(ctx context.Context, s *app.Service, call app.Call, in app.CorrectionInput) (string, error) {
		correction, _, err := s.Correct(ctx, call, contract, in)
		return sroi.Digest(correction), err
	}).corrected(contract)
}

// redriveLedger brings the figures of a ledger up to date beside the stream.
func redriveLedger(g *game) (order, bool) {
	ledgers := slices.Concat(g.view.partitions("CONTRACT#"), g.view.partitions("TENDER#"))
	o := rollUpOrder([]string{pick(g, ledgers)})
	o.name, o.call = "redrive", g.call(administrator)
	return o.guarded(), true
}

// actOf is the id of what a command creates, as internal/app derives it: the
// effect of a command is found by it.
func actOf(call app.Call, command string) string {
	encoded, err := json.Marshal([]string{string(call.Actor.Role), call.Actor.ID, command, call.Key})
	if err != nil {
		panic(err) // strings always have JSON
	}
	sum := sha256.Sum256(encoded)
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:15]))
}

// names tells whether an item's body holds a text.
func (v *view) names(pk, sk, text string) bool {
	return strings.Contains(textOf(v.items[key{pk, sk}], "body"), text)
}
