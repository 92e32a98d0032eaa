// SPDX-License-Identifier: EUPL-1.2

package host_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"socialreturn/infra/local/demo"
	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
)

// count counts the demo's own tables, without the program: what the report of
// a year must say, as its JSON writes it.
type count struct {
	t          *testing.T
	year       int
	placements []demo.Placement
	want       map[string]string
}

func counted(t *testing.T, year int) map[string]string {
	t.Helper()
	placements, err := demo.Placements()
	if err != nil {
		t.Fatal(err)
	}
	c := count{t, year, placements, map[string]string{}}
	c.people()
	c.tenders()
	c.purchases()
	c.obligations()
	return c.want
}

func (c count) number(code string, n int)         { c.want[code] = strconv.Itoa(n) }
func (c count) amount(code string, n money.Cents) { c.want[code] = trimmed(n.String()) }
func (c count) share(code string, part, whole int64) {
	c.want[code] = fmt.Sprintf("%d van %d", part, whole)
}

// trimmed drops zeros after the point, as the report does.
func trimmed(decimal string) string { return strings.TrimRight(strings.TrimRight(decimal, "0"), ".") }

var employment = []string{"dienstverband", "uitzendwerk", "detachering"}

const fullWeek calendar.Minutes = 36 * 60

// people counts persons, jobs and placements.
func (c count) people() {
	persons, starters, minutes := map[string]bool{}, map[string]bool{}, map[string]calendar.Minutes{}
	jobs, byForm := 0, map[string]int{}
	for _, p := range c.placements {
		who := fmt.Sprint(p.Person, p.Born)
		verified := c.verifiedIn(p)
		if slices.ContainsFunc(verified, func(q calendar.Period) bool { return q.Year() == c.year }) {
			persons[who] = true
		}
		if len(verified) == 0 || p.From.Year() != c.year || p.Continues {
			continue
		}
		byForm[p.Form]++
		if slices.Contains(employment, p.Form) {
			starters[who] = true
			minutes[who] += min(startedAt(p, verified[0]), fullWeek)
			if p.Replaces == 0 {
				jobs++
			}
		}
	}
	var week calendar.Minutes
	for _, sum := range minutes {
		week += min(sum, fullWeek)
	}
	placed := byForm["dienstverband"] + byForm["uitzendwerk"] + byForm["detachering"]
	c.number("extra-arbeidsplaatsen", len(starters))
	c.number("extra-arbeidsplaatsen-banen", jobs)
	c.want["extra-arbeidsplaatsen-fte"] = money.Fraction{Num: int64(week), Den: int64(fullWeek)}.Reduced().String()
	c.number("personen", len(persons))
	c.number("plaatsingen", placed+byForm["leerbaan"]+byForm["stage"]+byForm["werkervaringsplek"])
	c.number("plaatsingen-dienstverband", placed)
	c.number("plaatsingen-leerbaan", byForm["leerbaan"])
	c.number("plaatsingen-stage", byForm["stage"])
	c.number("plaatsingen-werkervaring", byForm["werkervaringsplek"])
}

// startedAt is the hours per week that were verified in the first period.
func startedAt(p demo.Placement, first calendar.Period) calendar.Minutes {
	v, ok := holding(p.Contract, first, func(v demo.Verdict) bool { return v.Placement == p.Number })
	if ok && v.PerWeek > 0 {
		return min(p.PerWeek, v.PerWeek)
	}
	return p.PerWeek
}

// verifiedIn lists the periods in which hours of the placement were verified.
func (c count) verifiedIn(p demo.Placement) []calendar.Period {
	var verified []calendar.Period
	for q := calendar.MustPeriod("2021-Q1"); q.Year() < 2023; q = q.Next() {
		runs := (calendar.Span{From: p.From, To: p.To}).Overlaps(q.Span())
		if runs && decided(p.Contract, q) && !rejected(p.Contract, q, func(v demo.Verdict) bool { return v.Placement == p.Number }) {
			verified = append(verified, q)
		}
	}
	return verified
}

func decided(contract string, q calendar.Period) bool {
	return !slices.ContainsFunc(demo.Unfinished, func(o demo.Open) bool { return o.Contract == contract && o.Period == q.String() })
}

func rejected(contract string, q calendar.Period, of func(demo.Verdict) bool) bool {
	verdict, ok := holding(contract, q, of)
	return ok && verdict.Verdict == "afgekeurd"
}

// holding is the last word on a line, where the tables have one.
func holding(contract string, q calendar.Period, of func(demo.Verdict) bool) (last demo.Verdict, ok bool) {
	all := slices.Clone(demo.Verdicts)
	for _, correction := range demo.Corrections {
		all = append(all, correction.Verdict)
	}
	for _, v := range all {
		if v.Contract == contract && v.Period == q.String() && of(v) {
			last, ok = v, true
		}
	}
	return last, ok
}

// tender sums for one share.
type tenders struct{ count, social, value, valueSocial int64 }

func (s *tenders) add(t demo.Tender) {
	s.count++
	if slices.ContainsFunc(t.Lots, func(l demo.Lot) bool { return l.SocialReturn }) {
		s.social++
	}
	for _, lot := range t.Lots {
		value := int64(lot.Awards[len(lot.Awards)-1].Value) * 100
		s.value += value
		if lot.SocialReturn {
			s.valueSocial += value
		}
	}
}

// tenders counts the tenders that were finally awarded in the year.
func (c count) tenders() {
	var all, above tenders
	by := map[string]*tenders{"europees": {}, "nationaal": {}, "meervoudigOnderhands": {}, "enkelvoudigOnderhands": {}}
	reserved, exempted := 0, 0
	for _, t := range demo.Tenders {
		if t.CallOffOf != "" || t.Withdrawn != "" || finalYear(t) != c.year {
			continue
		}
		all.add(t)
		by[t.Procedure].add(t)
		if slices.ContainsFunc(t.Lots, overThreshold) {
			above.add(t)
		}
		if slices.ContainsFunc(t.Lots, func(l demo.Lot) bool { return l.Reserved }) {
			reserved++
		}
		for _, lot := range t.Lots {
			if overThreshold(lot) && !lot.SocialReturn {
				exempted += lot.Awards[len(lot.Awards)-1].Value
			}
		}
	}
	c.share("aandeel-aanbestedingen", all.social, all.count)
	c.share("aandeel-naar-waarde", all.valueSocial, all.value)
	c.share("aandeel-boven-drempel", above.social, above.count)
	c.share("aandeel-europees", by["europees"].social, by["europees"].count)
	c.share("aandeel-nationaal", by["nationaal"].social, by["nationaal"].count)
	c.share("aandeel-meervoudig-onderhands", by["meervoudigOnderhands"].social, by["meervoudigOnderhands"].count)
	c.share("aandeel-enkelvoudig-onderhands", by["enkelvoudigOnderhands"].social, by["enkelvoudigOnderhands"].count)
	c.number("voorbehouden-opdrachten", reserved)
	c.number("vrijgestelde-waarde", exempted)
}

// finalYear is the year of the final award, zero where there is none. The
// lots of a tender of the demo are awarded on one day.
func finalYear(t demo.Tender) int {
	last := t.Lots[0].Awards[len(t.Lots[0].Awards)-1]
	if last.State != "definitief" {
		return 0
	}
	return calendar.MustDate(last.Day).Year()
}

func overThreshold(l demo.Lot) bool { return l.Estimated >= threshold(l.Nature) }

func threshold(nature string) int {
	if nature == "werken" {
		return 250_000
	}
	return 100_000
}

// purchases counts verified invoices of social enterprises.
func (c count) purchases() {
	firms, assignments := map[string]bool{}, map[string]calendar.Date{}
	var sum money.Cents
	for _, invoice := range demo.Billed() {
		q := calendar.PeriodOf(invoice.Day, calendar.Quarterly)
		ofInvoice := func(v demo.Verdict) bool { return v.Invoice == invoice.Number }
		if invoice.Recognition == "sw" || !decided(invoice.Contract, q) || rejected(invoice.Contract, q, ofInvoice) {
			continue
		}
		if first, known := assignments[invoice.Reference]; !known || invoice.Day.Before(first) {
			assignments[invoice.Reference] = invoice.Day
		}
		if invoice.Day.Year() != c.year {
			continue
		}
		amount := invoice.Amount
		if v, ok := holding(invoice.Contract, q, ofInvoice); ok {
			amount = v.Amount
		}
		sum += amount
		firms[firmOf(invoice.Contract)] = true
	}
	started := 0
	for _, first := range assignments {
		if first.Year() == c.year {
			started++
		}
	}
	c.share("opdrachtnemers-sociale-inkoop", int64(len(firms)), int64(c.suppliers()))
	c.number("opdrachten-impactondernemers", started)
	c.amount("waarde-sociale-inkoop", sum)
}

func firmOf(contract string) string {
	i := slices.IndexFunc(demo.Contracts, func(c demo.Contract) bool { return c.Number == contract })
	return demo.Contracts[i].Firm
}

// suppliers is how many have a running contract in the year.
func (c count) suppliers() int {
	firms := map[string]bool{}
	for _, contract := range demo.Contracts {
		if contract.Term().Overlaps(calendar.YearSpan(c.year)) {
			firms[contract.Firm] = true
		}
	}
	return len(firms)
}

// obligations adds up five percent of the values as amended, or what was offered,
// whole and by days of the term.
func (c count) obligations() {
	var whole, proRata money.Cents
	for _, registered := range demo.Contracts {
		contract := registered.Amended()
		term := contract.Term()
		if !term.Overlaps(calendar.YearSpan(c.year)) {
			continue
		}
		owed := owed(contract)
		until := func(day calendar.Date) money.Cents {
			days := money.Cents((term.Intersect(calendar.Span{From: term.From, To: day})).Days())
			return (2*owed*days + money.Cents(term.Days())) / money.Cents(2*term.Days()) // half a cent goes up
		}
		whole += owed
		proRata += until(calendar.YearSpan(c.year).To) - until(calendar.YearSpan(c.year-1).To)
	}
	c.amount("verplichte-waarde-geheel", whole)
	c.amount("verplichte-waarde", proRata)
}

// owed is the obligation of a contract, in cents; every value here gives whole cents.
func owed(contract demo.Contract) money.Cents {
	hundredths := map[string]money.Cents{"": 500, "6": 600, "7.5": 750}[contract.Offered]
	for _, t := range demo.Tenders {
		if t.Reference == contract.Tender && contract.Offered == "" && contract.Value < threshold(t.Lots[0].Nature) {
			return 0
		}
	}
	return money.Cents(contract.Value) * hundredths / 100
}
