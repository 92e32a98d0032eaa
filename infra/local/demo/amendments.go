// SPDX-License-Identifier: EUPL-1.2

package demo

import (
	"context"
	"net/http"

	"socialreturn/internal/calendar"
)

// Amendment is an option exercised: a new value, in whole euros excl. VAT, and a
// new last day.
type Amendment struct {
	Day, Contract string
	Value         int
	To            string
	Text          string
}

// Amendments are the changes of contracts, in order of days.
var Amendments = []Amendment{
	{"2022-03-14", "2021-09", 3_540_000, "2024-06-30", "Het optiejaar is gelicht; de prijs per jaar blijft gelijk."},
}

// Amended is the contract as it is after its amendments.
func (c Contract) Amended() Contract {
	for _, a := range Amendments {
		if a.Contract == c.Number {
			c.Value, c.To = a.Value, a.To
		}
	}
	return c
}

// extend plans the amendments.
func (p *player) extend() {
	for _, a := range Amendments {
		p.on(a.Day, "wijziging van contract "+a.Contract, func(ctx context.Context) error {
			path := "/v1/contracten/" + p.contracts[a.Contract]
			contract, err := p.do(ctx, ask{who: officer, method: http.MethodGet, path: path})
			if err != nil {
				return err
			}
			_, err = p.do(ctx, ask{
				who: officer, method: http.MethodPost, path: path + "/wijzigingen", key: "wijziging-" + a.Contract + "-" + a.Day, match: contract.etag,
				body: object{
					"soort": "optie", "reden": "voorzieneOptie", "toelichting": a.Text, "ingangsDatum": calendar.MustDate(a.Day),
					"waarde": euros(a.Value), "totEnMet": a.To,
				},
			})
			p.counted("wijziging")
			return err
		})
	}
}
