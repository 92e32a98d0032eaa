// SPDX-License-Identifier: EUPL-1.2

package demo

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
)

// Verdict is what the consultant says of a line, where that is not simply
// that it is approved.
type Verdict struct {
	Contract, Period string
	Placement        int    // of the line, zero where it is an invoice
	Invoice          string // of the line
	Verdict          string // deelsGoedgekeurd or afgekeurd
	Reason, Text     string
	// What is approved of the line, where that is a part.
	PerWeek calendar.Minutes // at most so many hours; zero leaves them
	From    string           // only from this day on; empty leaves the days
	Amount  money.Cents      // of the invoice
}

const (
	partly   = "deelsGoedgekeurd"
	rejected = "afgekeurd"
)

// Verdicts are all lines that are not approved whole.
var Verdicts = []Verdict{
	{Contract: "2021-01", Period: "2021-Q2", Placement: 3, Verdict: partly, PerWeek: 32 * hour,
		Reason: "uren-niet-aangetoond", Text: "Het urenoverzicht toont 32 uren per week."},
	{Contract: "2021-05", Period: "2021-Q3", Placement: 7, Verdict: partly, From: "2021-09-15",
		Reason: "datum-onjuist", Text: "De overeenkomst begint op 15 september."},
	{Contract: "2021-05", Period: "2021-Q4", Invoice: "KD-21-11-05", Verdict: partly, Amount: 480_00,
		Reason: "bedrag-onjuist", Text: "De factuur bevat € 60 aan verpakking die niet telt."},
	{Contract: "2021-08", Period: "2021-Q3", Placement: 4, Verdict: rejected, Reason: "geen-doelgroep", Text: "Er is geen bewijs van de doelgroep."},
	{Contract: "2021-08", Period: "2021-Q4", Placement: 4, Verdict: rejected, Reason: "geen-doelgroep", Text: "Er is geen bewijs van de doelgroep."},
	{Contract: "2021-08", Period: "2022-Q1", Placement: 4, Verdict: rejected, Reason: "geen-doelgroep", Text: "Er is geen bewijs van de doelgroep."},
	{Contract: "2021-10", Period: "2021-Q3", Invoice: "TH-21-05-02", Verdict: rejected, Reason: "niet-betaald", Text: "De factuur is gecrediteerd."},
	{Contract: "2022-05", Period: "2022-Q3", Invoice: "VH-22-03-02", Verdict: partly, Amount: 8_450_00,
		Reason: "bedrag-onjuist", Text: "Het materiaal telt niet mee."},
	{Contract: "2022-03", Period: "2022-Q4", Invoice: "KK-22-01-06", Verdict: rejected, Reason: "niet-erkend", Text: "De verkoper stond niet in het register."},
	{Contract: "2022-01", Period: "2022-Q2", Placement: 5, Verdict: partly, PerWeek: 10 * hour,
		Reason: "uren-niet-aangetoond", Text: "Het urenoverzicht toont 10 uren per week."},
}

// Detour is a statement that is not decided at its first submission.
type Detour struct {
	Contract, Period string
	SentBack         string // the consultant's comment; empty: the supplier withdrew it
}

// Detours are the statements that went twice.
var Detours = []Detour{
	{"2021-02", "2021-Q3", ""},
	{"2021-04", "2021-Q4", "De uren zijn hoger dan het urenoverzicht. Graag aanpassen."},
	{"2022-05", "2022-Q2", "Graag de juiste uren, zie het urenoverzicht."},
	{"2021-09", "2022-Q1", ""},
}

// Open is a statement that stays without a decision.
type Open struct {
	Contract, Period string
	State            string // ingediend, teruggestuurd, concept, or empty: not begun
}

// Unfinished are the statements without a decision when the demo ends.
var Unfinished = []Open{
	{"2021-01", "2022-Q4", "ingediend"},
	{"2022-01", "2022-Q4", "ingediend"},
	{"2022-05", "2022-Q4", "ingediend"},
	{"2022-08", "2022-Q4", "teruggestuurd"},
	{"2022-06", "2022-Q4", "concept"},
	{"2022-04", "2022-Q4", ""},
}

// lastPeriod is the last one that the demo plays.
var lastPeriod = calendar.MustPeriod("2022-Q4")

// account plans every statement: how it is saved, submitted and decided.
func (p *player) account(placements []Placement) {
	for i, c := range Contracts {
		for _, period := range calendar.Periods(c.Term(), calendar.Quarterly) {
			ended := period.Span().Intersect(c.Term()).To
			if period.Compare(lastPeriod) > 0 || ended.Before(calendar.MustDate(c.registered())) {
				continue
			}
			s := course{player: p, contract: c, period: period, claims: lines(c, period, placements), day: ended.AddDays(8 + 7*i%13)}
			s.plan(12 + 5*i%11)
		}
	}
}

// course is a statement on its way from supplier to consultant.
type course struct {
	*player
	contract Contract
	period   calendar.Period
	claims   []claim
	day      calendar.Date // of the next step
	sent     int           // submissions planned
}

// plan plans the steps of a statement; the consultant takes so many days.
func (s *course) plan(days int) {
	detour, hasDetour := find(Detours, func(d Detour) bool { return d.Contract == s.contract.Number && d.Period == s.period.String() })
	open, isOpen := find(Unfinished, func(o Open) bool { return o.Contract == s.contract.Number && o.Period == s.period.String() })
	switch {
	case isOpen && open.State == "":
		return
	case isOpen && open.State == "concept":
		s.saved(false)
		return
	}
	s.handedIn(hasDetour)
	switch {
	case isOpen && open.State == "ingediend":
		return
	case isOpen:
		s.after(days)
		s.sentBack("Het bewijs van de doelgroep ontbreekt bij een regel.")
		return
	case hasDetour && detour.SentBack == "":
		s.after(2)
		s.step("intrekken", func(ctx context.Context) error { return s.withdraw(ctx, s.contract, s.period) })
		s.after(2)
		s.handedIn(false)
	case hasDetour:
		s.after(days)
		s.begun()
		s.sentBack(detour.SentBack)
		s.after(5)
		s.handedIn(false)
	}
	s.after(days)
	s.step("beoordelen", s.decide)
}

// find is the first that fits.
func find[T any](list []T, fits func(T) bool) (found T, ok bool) {
	for _, candidate := range list {
		if fits(candidate) {
			return candidate, true
		}
	}
	return found, false
}

// step plans a step on the day that it is.
func (s *course) step(what string, do func(ctx context.Context) error) {
	s.on(s.day.String(), fmt.Sprintf("verantwoording %s van contract %s %s", s.period, s.contract.Number, what), do)
}

func (s *course) after(days int) { s.day = s.day.AddDays(days) }

func (s *course) saved(mistaken bool) {
	body := statement(s.contract, s.claims, mistaken)
	s.step("opslaan", func(ctx context.Context) error { return s.save(ctx, s.contract, s.period, body) })
}

func (s *course) handedIn(mistaken bool) {
	s.saved(mistaken)
	s.sent++
	n := s.sent
	s.step("indienen", func(ctx context.Context) error { return s.submit(ctx, s.contract, s.period, n) })
}

// begun decides the last line of a placement, before the consultant sees that the
// statement has to go back: what that line held is given back.
func (s *course) begun() {
	for i, c := range slices.Backward(s.claims) {
		if c.invoice == nil {
			s.step("eerste regel beoordelen", func(ctx context.Context) error {
				return s.judge(ctx, "begin", object{"regels": []object{{"regel": i + 1, "oordeel": "goedgekeurd"}}})
			})
			return
		}
	}
}

func (s *course) sentBack(comment string) {
	s.step("terugsturen", func(ctx context.Context) error {
		return s.judge(ctx, "terugsturen", object{"terugsturen": comment})
	})
}

// decide looks at the statement and its evidence, and decides every line.
func (s *course) decide(ctx context.Context) error {
	if err := s.state(ctx, s.contract, s.period, ask{who: consultant, method: http.MethodGet}); err != nil {
		return err
	}
	if seen := s.evidence(); seen != nil {
		asked := ask{who: consultant, method: http.MethodPost, path: "/inzagen", body: object{"bewijsstukken": seen}}
		if err := s.state(ctx, s.contract, s.period, asked); err != nil {
			return err
		}
	}
	judged := []object{}
	for i, claim := range s.claims {
		judged = append(judged, s.judged(i+1, claim))
	}
	s.counted("beoordeling")
	return s.judge(ctx, "beoordeling", object{"regels": judged})
}

// judge sends the consultant's word.
func (s *course) judge(ctx context.Context, what string, body object) error {
	return s.state(ctx, s.contract, s.period, ask{
		who: consultant, method: http.MethodPost, path: "/beoordelingen", body: body, key: fmt.Sprintf("%s-%s-%s", what, s.contract.Number, s.period),
	})
}

// evidence is the hashes of the papers that the consultant looks at: one of
// the first line, and all of whatever is not approved whole.
func (s *course) evidence() []string {
	var seen []string
	for i, claim := range s.claims {
		papers := claim.papers(s.contract)
		if _, doubted := claim.verdict(s.contract, s.period.String()); !doubted {
			papers = papers[:max(1-i, 0)]
		}
		for _, paper := range papers {
			seen = append(seen, paper.SHA256)
		}
	}
	return seen
}

// verdict is what the table says of the claim in a statement.
func (c claim) verdict(contract Contract, period string) (Verdict, bool) {
	return find(Verdicts, func(v Verdict) bool {
		return v.Contract == contract.Number && v.Period == period && v.concerns(c)
	})
}

func (v Verdict) concerns(c claim) bool {
	if c.invoice != nil {
		return c.invoice.Number == v.Invoice
	}
	return c.number() == v.Placement
}

// judged is the decision on a line, as it is sent.
func (s *course) judged(line int, c claim) object {
	verdict, ok := c.verdict(s.contract, s.period.String())
	if !ok {
		return object{"regel": line, "oordeel": "goedgekeurd"}
	}
	return verdict.sent(line, c, s.contract)
}

func (v Verdict) sent(line int, c claim, contract Contract) object {
	sent := object{"regel": line, "oordeel": v.Verdict, "reden": v.Reason, "toelichting": v.Text}
	switch {
	case v.Verdict == rejected:
	case c.invoice != nil:
		sent["bedrag"] = v.Amount
	default:
		sent["urenschema"] = v.left(c.placement.within(contract, c.period))
	}
	return sent
}

// left is what the verdict leaves of agreed hours.
func (v Verdict) left(agreed []hours) []hours {
	var left []hours
	for _, h := range agreed {
		if v.PerWeek > 0 {
			h.PerWeek = min(h.PerWeek, v.PerWeek)
		}
		if v.From != "" {
			h.From = calendar.Span{From: calendar.MustDate(v.From), To: h.To}.Intersect(h.span()).From
		}
		left = append(left, h)
	}
	return left
}
