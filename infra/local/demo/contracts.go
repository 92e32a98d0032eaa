// SPDX-License-Identifier: EUPL-1.2

package demo

import (
	"context"
	"net/http"
	"slices"

	"socialreturn/internal/calendar"
)

// Contract is an invented contract from an awarded lot, in whole euros excl. VAT.
type Contract struct {
	Number, Tender, Lot string
	Firm                string // KvK number of the supplier
	Value               int
	From, To, Signed    string
	Offered             string // percentage of the bid where Social Return was an award criterion
	Opening             *Opening
}

// Opening is what was verified before the contract came into the system.
type Opening struct {
	Registered, AsOf string
	Verified         int // whole euros
}

// Contracts are the invented contracts of 2021 and 2022.
var Contracts = []Contract{
	{Number: "2021-01", Tender: "2020-41", Lot: "P1", Firm: "00001001", Value: 4_620_000, From: "2021-03-01", To: "2024-02-29", Signed: "2021-02-15"},
	{Number: "2021-02", Tender: "2020-41", Lot: "P2", Firm: "00001002", Value: 3_690_000, From: "2021-03-01", To: "2024-02-29", Signed: "2021-02-15"},
	{Number: "2021-03", Tender: "2020-44", Lot: "1", Firm: "00001003", Value: 6_960_000, From: "2021-04-01", To: "2025-03-31", Signed: "2021-03-01",
		Opening: &Opening{Registered: "2021-07-05", AsOf: "2021-06-30", Verified: 22_500}},
	{Number: "2021-04", Tender: "2020-46", Lot: "P1", Firm: "00001004", Value: 10_100_000, From: "2021-08-01", To: "2024-07-31", Signed: "2021-04-01"},
	{Number: "2021-05", Tender: "2020-46", Lot: "P2", Firm: "00001005", Value: 5_400_000, From: "2021-05-01", To: "2024-04-30", Signed: "2021-04-01"},
	{Number: "2021-06", Tender: "2021-02", Lot: "1", Firm: "00001006", Value: 3_380_000, From: "2021-05-03", To: "2022-03-31", Signed: "2021-04-23"},
	{Number: "2021-07", Tender: "2021-05", Lot: "1", Firm: "00001007", Value: 1_810_000, From: "2021-06-01", To: "2022-02-28", Signed: "2021-05-25"},
	{Number: "2021-08", Tender: "2021-08", Lot: "1", Firm: "00001008", Value: 16_200_000, From: "2021-07-01", To: "2024-06-30", Signed: "2021-05-17"},
	{Number: "2021-09", Tender: "2021-11", Lot: "1", Firm: "00001009", Value: 2_360_000, From: "2021-07-01", To: "2023-06-30", Signed: "2021-06-14", Offered: "7.5"},
	{Number: "2021-10", Tender: "2021-13", Lot: "1", Firm: "00001010", Value: 118_000, From: "2021-06-01", To: "2022-05-31", Signed: "2021-05-28"},
	{Number: "2021-11", Tender: "2021-17", Lot: "1", Firm: "00001002", Value: 94_500, From: "2021-09-01", To: "2023-08-31", Signed: "2021-07-12"},

	{Number: "2022-01", Tender: "2021-24", Lot: "1", Firm: "00001011", Value: 8_000_000, From: "2022-03-01", To: "2024-02-29", Signed: "2022-02-14"},
	{Number: "2022-02", Tender: "2021-25", Lot: "1", Firm: "00001012", Value: 1_485_000, From: "2022-04-01", To: "2025-03-31", Signed: "2022-02-28"},
	{Number: "2022-03", Tender: "2022-01", Lot: "1", Firm: "00001013", Value: 5_900_000, From: "2022-05-01", To: "2026-04-30", Signed: "2022-04-22"},
	{Number: "2022-04", Tender: "4f1d2c3b-0000-4000-8000-202200000002", Lot: "LOT-0001", Firm: "00001001", Value: 1_730_000,
		From: "2022-06-01", To: "2025-05-31", Signed: "2022-05-06"},
	{Number: "2022-05", Tender: "2022-04", Lot: "1", Firm: "00001007", Value: 7_500_000, From: "2022-05-16", To: "2023-06-30", Signed: "2022-05-09"},
	{Number: "2022-06", Tender: "2022-05", Lot: "P1", Firm: "00001007", Value: 2_120_000, From: "2022-06-15", To: "2023-03-31", Signed: "2022-05-30"},
	{Number: "2022-07", Tender: "2022-05", Lot: "P2", Firm: "00001014", Value: 2_760_000, From: "2022-06-15", To: "2023-03-31", Signed: "2022-05-30"},
	{Number: "2022-08", Tender: "2022-07", Lot: "1", Firm: "00001010", Value: 2_530_000, From: "2022-07-01", To: "2024-06-30", Signed: "2022-06-20"},
	{Number: "2022-09", Tender: "2022-08", Lot: "1", Firm: "00001013", Value: 204_000, From: "2022-06-01", To: "2023-05-31", Signed: "2022-05-20"},
	{Number: "2022-10", Tender: "2022-10", Lot: "1", Firm: "00001009", Value: 1_880_000, From: "2022-08-01", To: "2024-07-31", Signed: "2022-07-15", Offered: "6"},
	{Number: "2022-11", Tender: "2022-12", Lot: "1", Firm: "00001006", Value: 910_000, From: "2022-09-01", To: "2023-02-28", Signed: "2022-08-08"},
	{Number: "2022-12", Tender: "2022-13", Lot: "1", Firm: "00001003", Value: 196_000, From: "2022-10-01", To: "2024-09-30", Signed: "2022-09-12"},
	{Number: "2022-13", Tender: "2022-15", Lot: "1", Firm: "00001006", Value: 1_196_000, From: "2022-07-01", To: "2022-12-31", Signed: "2022-06-17"},
}

// Term is the days of the contract.
func (c Contract) Term() calendar.Span {
	return calendar.Span{From: calendar.MustDate(c.From), To: calendar.MustDate(c.To)}
}

// registered is the day on which the contract comes into the system.
func (c Contract) registered() string {
	if c.Opening != nil {
		return c.Opening.Registered
	}
	return c.Signed
}

// contractNumbered finds a contract of the table.
func contractNumbered(number string) Contract {
	return Contracts[slices.IndexFunc(Contracts, func(c Contract) bool { return c.Number == number })]
}

// contract plans the registration of every contract.
func (p *player) contract() {
	for _, c := range Contracts {
		p.on(c.registered(), "contract "+c.Number, func(ctx context.Context) error {
			got, err := p.do(ctx, ask{
				who: officer, method: http.MethodPost, path: "/v1/contracten", body: c.sent(p.tenders[c.Tender].id), key: "contract-" + c.Number,
			})
			if err != nil {
				return err
			}
			var made struct{ ID string }
			p.counted("contract")
			err = got.into(&made)
			p.contracts[c.Number] = made.ID
			return err
		})
	}
}

func (c Contract) sent(tender string) object {
	sent := object{
		"aanbesteding": tender, "perceel": c.Lot, "nummer": c.Number, "opdrachtnemer": c.Firm, "waarde": euros(c.Value),
		"van": c.From, "totEnMet": c.To, "contractDatum": c.Signed, "clausule": "Overeenkomst artikel 12, Social Return",
	}
	if c.Offered != "" {
		sent["aangebodenPercentage"] = c.Offered
	}
	if o := c.Opening; o != nil {
		sent["beginstand"] = object{"goedgekeurd": euros(o.Verified), "peildatum": o.AsOf, "toelichting": "Overgenomen uit de lijst van het bureau."}
	}
	return sent
}
