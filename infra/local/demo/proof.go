// SPDX-License-Identifier: EUPL-1.2

package demo

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"net/http"
	"slices"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
)

// Order is an assignment for a social enterprise, invoiced once a month.
type Order struct {
	Contract, Reference string
	Seller              string // KvK number
	Recognition         string
	First               string // day of the first invoice
	Invoices            int
	Amount              money.Cents // of each invoice, excl. VAT
}

const (
	recognised = "erkend"
	aspirant   = "aspirant"
	sheltered  = "sw"
)

// sellers are the invented social enterprises, by KvK number.
var sellers = map[string]string{
	"00002001": "Lunchcafé De Kiem", "00002002": "Drukatelier Tweede Kans", "00002003": "Fietskoeriers Om de Hoek",
	"00002004": "Wasserij Helder Werk", "00002005": "Tuinderij Zonneveld", "00002006": "Reparatiehuis Opnieuw",
	"00002007": "Schilderscollectief Kwiek", "00004002": "Werkhof Stedendal N.V.",
}

// Recognised is what the register says of a seller on some days; an empty To has
// no end.
type Recognised struct {
	Seller, From, To, Recognition string
}

// Recognitions are what the invented register says, in order of time per seller.
// It let go of an aspirant in November 2022, whose last invoice does not count.
var Recognitions = []Recognised{
	{"00002001", "2020-01-01", "2021-09-30", recognised},
	{"00002001", "2021-10-01", "2022-03-31", aspirant},
	{"00002001", "2022-04-01", "", recognised},
	{"00002002", "2020-01-01", "", recognised},
	{"00002003", "2020-01-01", "", recognised},
	{"00002004", "2020-01-01", "", recognised},
	{"00002005", "2020-01-01", "", recognised},
	{"00002006", "2022-01-01", "2022-10-31", aspirant},
	{"00002007", "2020-01-01", "", recognised},
	{"00004002", "2020-01-01", "", sheltered},
}

// recognise plans that the register is recorded.
func (p *player) recognise() {
	for _, kvk := range slices.Sorted(maps.Keys(sellers)) {
		spans := []object{}
		for _, r := range Recognitions {
			if r.Seller != kvk {
				continue
			}
			span := object{"van": r.From, "erkenning": r.Recognition, "bron": "Registercommissie (verzonnen)"}
			if r.To != "" {
				span["totEnMet"] = r.To
			}
			spans = append(spans, span)
		}
		p.on("2020-09-29", "verkoper "+kvk+" in het register zetten", func(ctx context.Context) error {
			_, err := p.do(ctx, ask{
				who: administrator, method: http.MethodPut, path: "/v1/sociale-ondernemingen/" + Register + "/" + kvk,
				body: object{"naam": sellers[kvk], "erkenningen": spans},
			})
			return err
		})
	}
}

// Orders are the invented assignments.
var Orders = []Order{
	{"2021-01", "GB-21-01", "00002005", recognised, "2021-04-15", 9, 1_450_00},
	{"2021-01", "GB-21-02", "00002001", recognised, "2021-06-10", 3, 312_40},
	{"2021-02", "SP-21-07", "00004002", sheltered, "2021-05-20", 8, 2_100_00},
	{"2021-04", "IJ-21-03", "00002004", recognised, "2021-09-08", 4, 986_50},
	{"2021-05", "KD-21-11", "00002004", recognised, "2021-06-15", 7, 540_00},
	{"2021-06", "HS-21-02", "00002007", recognised, "2021-08-25", 2, 8_400_00},
	{"2021-08", "TZ-21-01", "00002003", recognised, "2021-07-22", 6, 425_75},
	{"2021-08", "TZ-21-02", "00002001", aspirant, "2021-10-12", 3, 1_180_00},
	{"2021-10", "TH-21-05", "00002004", recognised, "2021-07-14", 5, 260_00},
	{"2021-01", "GB-22-01", "00002005", recognised, "2022-01-15", 12, 1_520_00},
	{"2021-02", "SP-22-02", "00002005", recognised, "2022-03-09", 4, 1_875_00},
	{"2021-03", "SW-22-01", "00002004", recognised, "2022-01-20", 12, 1_310_00},
	{"2021-03", "SW-22-04", "00002006", aspirant, "2022-05-11", 2, 2_640_00},
	{"2021-04", "IJ-22-01", "00002004", recognised, "2022-01-12", 11, 1_020_00},
	{"2021-05", "KD-22-02", "00002004", recognised, "2022-02-15", 8, 565_00},
	{"2021-08", "TZ-22-01", "00002003", recognised, "2022-01-22", 12, 455_25},
	{"2021-08", "TZ-22-03", "00002001", recognised, "2022-06-14", 3, 1_220_00},
	{"2021-09", "WT-22-01", "00002006", aspirant, "2022-04-19", 5, 735_00},
	{"2022-01", "FV-22-02", "00002002", recognised, "2022-04-05", 3, 1_960_00},
	{"2022-02", "KT-22-01", "00002005", recognised, "2022-04-26", 8, 2_215_80},
	{"2022-02", "KT-22-02", "00002001", recognised, "2022-05-17", 6, 1_405_00},
	{"2022-03", "KK-22-01", "00002006", aspirant, "2022-06-21", 6, 1_750_00},
	{"2022-05", "VH-22-03", "00002007", recognised, "2022-08-18", 3, 9_300_00},
	{"2022-05", "VH-22-04", "00004002", sheltered, "2022-07-07", 4, 3_250_00},
	{"2022-07", "WI-22-01", "00002002", recognised, "2022-09-13", 2, 1_150_00},
	{"2022-09", "KK-22-09", "00002007", recognised, "2022-08-03", 2, 4_800_00},
}

// Invoice is one invoice under an order.
type Invoice struct {
	Order
	Number string
	Day    calendar.Date
}

// Billed are the invoices of the orders, in order of the table.
func Billed() []Invoice {
	var invoices []Invoice
	for _, order := range Orders {
		for i := range order.Invoices {
			invoices = append(invoices, Invoice{order, fmt.Sprintf("%s-%02d", order.Reference, i+1), calendar.MustDate(order.First).AddMonths(i)})
		}
	}
	return invoices
}

// Late is a placement that its supplier forgot in one period and claims in another.
type Late struct {
	Contract string
	Number   int
	Of, In   string
}

// Forgotten is what was claimed late.
var Forgotten = []Late{{"2021-03", 12, "2022-Q1", "2022-Q2"}, {"2021-05", 5, "2021-Q3", "2021-Q4"}}

// claim is a line of a statement, a placement or an invoice.
type claim struct {
	placement *Placement
	invoice   *Invoice
	period    calendar.Period // that the line is about
	late      bool
}

// lines are what a statement claims, numbered from 1 in this order.
func lines(c Contract, period calendar.Period, placements []Placement) []claim {
	var claims []claim
	for i, placement := range placements {
		if placement.Contract != c.Number {
			continue
		}
		forgot := slices.IndexFunc(Forgotten, func(l Late) bool { return l.Contract == c.Number && l.Number == placement.Number })
		if forgot >= 0 && Forgotten[forgot].In == period.String() {
			claims = append(claims, claim{placement: &placements[i], period: calendar.MustPeriod(Forgotten[forgot].Of), late: true})
		}
		if runs := placement.within(c, period); len(runs) > 0 && !(forgot >= 0 && Forgotten[forgot].Of == period.String()) {
			claims = append(claims, claim{placement: &placements[i], period: period})
		}
	}
	for _, invoice := range Billed() {
		if invoice.Contract == c.Number && period.Span().Contains(invoice.Day) {
			claims = append(claims, claim{invoice: &invoice, period: period})
		}
	}
	return claims
}

// within is the placement's hours in a period of the contract.
func (p Placement) within(c Contract, period calendar.Period) []hours {
	var inside []hours
	for _, h := range p.schedule(period.Span().To) {
		if days := h.span().Intersect(period.Span()).Intersect(c.Term()); !days.Empty() {
			inside = append(inside, hours{days.From, days.To, h.PerWeek})
		}
	}
	return inside
}

// worked is what was worked of the agreed hours, to a quarter of an hour.
func worked(agreed []hours) calendar.Minutes {
	var minutes calendar.Minutes
	for _, h := range agreed {
		minutes += h.PerWeek * calendar.Minutes(h.span().Days()) / 7
	}
	return minutes / 15 * 15
}

// statement is the body of a draft. One with a mistake has too many hours.
func statement(c Contract, claims []claim, mistaken bool) object {
	placed, bought := []object{}, []object{}
	for _, claim := range claims {
		line := claim.sent(c, mistaken)
		line["bewijsstukken"] = claim.papers(c)
		if claim.invoice != nil {
			bought = append(bought, line)
		} else {
			placed = append(placed, line)
		}
	}
	return object{"plaatsingen": placed, "socialeInkopen": bought}
}

func (c claim) sent(contract Contract, mistaken bool) object {
	if i := c.invoice; i != nil {
		return object{
			"bouwblok": "PURCHASE", "verkoper": i.Seller, "verkoperNaam": sellers[i.Seller], "erkenning": i.Recognition,
			"opdracht": i.Reference, "factuur": i.Number, "factuurDatum": i.Day, "bedrag": i.Amount,
		}
	}
	hours := worked(c.placement.within(contract, c.period))
	if mistaken {
		hours += 4 * hour
	}
	line := object{"nummer": c.placement.Number, "gewerkteUren": hours}
	if c.late {
		line["periode"], line["toelichting"] = c.period, "Vergeten in de vorige verantwoording."
	}
	return line
}

// paper is what is told of a piece of evidence.
type paper struct {
	Kind   string `json:"soort"`
	Name   string `json:"naam"`
	SHA256 string `json:"sha256"`
}

// papers are the evidence of a claim. There are no real papers, so each hash is
// that of its name.
func (c claim) papers(contract Contract) []paper {
	of, kinds := fmt.Sprintf("%s-plaatsing%d-%s", contract.Number, c.number(), c.period), []string{"urenoverzicht", "plaatsingsovereenkomst", "doelgroepverklaring"}
	if c.invoice != nil {
		of, kinds = c.invoice.Number, []string{"factuur", "betaalbewijs", "erkenning"}
	}
	var papers []paper
	for _, kind := range kinds {
		name := kind + "-" + of + ".pdf"
		sum := sha256.Sum256([]byte(name))
		papers = append(papers, paper{kind, name, hex.EncodeToString(sum[:])})
	}
	return papers
}

// number is that of the placement, zero for an invoice.
func (c claim) number() int {
	if c.placement == nil {
		return 0
	}
	return c.placement.Number
}

// save saves the draft of a period.
func (p *player) save(ctx context.Context, c Contract, period calendar.Period, body object) error {
	return p.state(ctx, c, period, ask{who: supplier(c.Firm), method: http.MethodPut, body: body})
}

// submit hands the draft in, for the n-th time.
func (p *player) submit(ctx context.Context, c Contract, period calendar.Period, n int) error {
	p.counted("verantwoording")
	return p.move(ctx, c, period, "indiening", n)
}

// withdraw takes a submitted statement back.
func (p *player) withdraw(ctx context.Context, c Contract, period calendar.Period) error {
	return p.move(ctx, c, period, "intrekking", 1)
}

func (p *player) move(ctx context.Context, c Contract, period calendar.Period, how string, n int) error {
	return p.state(ctx, c, period, ask{
		who: supplier(c.Firm), method: http.MethodPost, path: "/" + how, key: fmt.Sprintf("%s-%s-%s-%d", how, c.Number, period, n),
	})
}

// state sends a request about a statement, under its newest ETag. The path of
// the request follows that of the statement.
func (p *player) state(ctx context.Context, c Contract, period calendar.Period, a ask) error {
	key := c.Number + " " + period.String()
	a.path = fmt.Sprintf("/v1/contracten/%s/verantwoordingen/%s%s", p.contracts[c.Number], period, a.path)
	a.match = p.statements[key]
	got, err := p.do(ctx, a)
	if got.etag != "" {
		p.statements[key] = got.etag
	}
	return err
}
