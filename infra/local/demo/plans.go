// SPDX-License-Identifier: EUPL-1.2

package demo

import (
	"context"
	"net/http"
)

// plan is a plan of approach, kept on a day.
type plan struct {
	Day     string
	Efforts []object
}

// planned is the contract with a plan: the one over which its supplier has yet
// to report.
const planned = openContract

// plans are the plan of that contract as it begins, and as it is mended when
// autumn shows that it falls short.
var plans = []plan{
	{"2022-06-20", []object{
		work("A", "PW_GT2", "dienstverband", "2022-06-15", "2023-06-14", "32"),
		work("B", "WW_GT1", "uitzendwerk", "2022-07-06", "2023-01-05", "36"),
		invoice("2023-05-15", "4000.00"),
	}},
	{"2022-10-10", []object{
		work("A", "PW_GT2", "dienstverband", "2022-06-15", "2024-06-14", "32"),
		work("B", "WW_GT1", "uitzendwerk", "2022-07-06", "2023-01-05", "36"),
		work("C", "PW_LT2", "dienstverband", "2022-09-01", "2023-05-31", "28"),
		invoice("2023-05-15", "4000.00"),
	}},
}

// work is an intended placement, of someone who has no name yet.
func work(person, block, form, from, to, perWeek string) object {
	return object{"soort": "plaatsing", "persoon": person, "bouwblok": block, "vorm": form, "van": from, "totEnMet": to, "urenPerWeek": perWeek}
}

// invoice is an intended purchase from a social enterprise.
func invoice(day, amount string) object {
	return object{"soort": "inkoop", "bouwblok": "PURCHASE", "factuurDatum": day, "bedrag": amount, "erkenning": "erkend"}
}

// plan plans the keeping of the plans of approach.
func (p *player) plan() {
	etag := ""
	for _, kept := range plans {
		p.on(kept.Day, "plan van aanpak "+planned, func(ctx context.Context) error {
			got, err := p.do(ctx, ask{
				who: supplier(contractNumbered(planned).Firm), method: http.MethodPut, match: etag,
				path: "/v1/contracten/" + p.contracts[planned] + "/plan-van-aanpak", body: object{"inspanningen": kept.Efforts},
			})
			etag = got.etag
			p.counted("plan")
			return err
		})
	}
}
