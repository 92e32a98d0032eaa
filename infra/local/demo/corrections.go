// SPDX-License-Identifier: EUPL-1.2

package demo

import (
	"context"
	"errors"
	"net/http"

	"socialreturn/internal/calendar"
)

// Correction is another verdict on a line that was decided before.
type Correction struct {
	Day string
	Verdict
}

// Corrections are the corrections, in order of days.
var Corrections = []Correction{
	{"2022-03-22", Verdict{Contract: "2021-09", Period: "2021-Q4", Placement: 7, Verdict: rejected,
		Reason: "telt-niet-meer-mee", Text: "Bij controle bleek de kandidaat al bij de opdrachtnemer in dienst."}},
	{"2022-10-11", Verdict{Contract: "2022-02", Period: "2022-Q2", Invoice: "KT-22-01-02", Verdict: partly, Amount: 1_985_80,
		Reason: "bedrag-onjuist", Text: "De verkoper heeft € 230 gecrediteerd."}},
}

// correct plans the corrections.
func (p *player) correct(placements []Placement) {
	for _, correction := range Corrections {
		c := contractNumbered(correction.Contract)
		claims := lines(c, calendar.MustPeriod(correction.Period), placements)
		for i, claim := range claims {
			if !correction.concerns(claim) {
				continue
			}
			p.on(correction.Day, "correctie op contract "+c.Number, func(ctx context.Context) error {
				return p.rectify(ctx, c, correction, correction.Verdict.sent(i+1, claim, c))
			})
		}
	}
}

var errUndecided = errors.New("het grootboek kent geen beoordeling van deze periode")

// rectify corrects a line: it names the ledger entry that booked the decision.
func (p *player) rectify(ctx context.Context, c Contract, correction Correction, decision object) error {
	path := "/v1/contracten/" + p.contracts[c.Number]
	contract, err := p.do(ctx, ask{who: consultant, method: http.MethodGet, path: path})
	if err != nil {
		return err
	}
	number, err := p.entry(ctx, path, correction.Period)
	if err != nil {
		return err
	}
	_, err = p.do(ctx, ask{
		who: consultant, method: http.MethodPost, path: path + "/correcties", key: "correctie-" + c.Number + "-" + correction.Day, match: contract.etag,
		body: object{
			"corrigeert": number, "periode": correction.Period, "beoordeling": decision,
			"reden": correction.Reason, "toelichting": correction.Text,
		},
	})
	p.counted("correctie")
	return err
}

// entry is the number of the ledger entry that booked the decision on a period.
func (p *player) entry(ctx context.Context, path, period string) (int, error) {
	got, err := p.do(ctx, ask{who: consultant, method: http.MethodGet, path: path + "/mutaties?perPage=100"})
	if err != nil {
		return 0, err
	}
	var ledger struct {
		Mutaties []struct {
			Nummer         int
			Soort, Periode string
		}
	}
	if err := got.into(&ledger); err != nil {
		return 0, err
	}
	for _, entry := range ledger.Mutaties {
		if entry.Soort == "verantwoordingBeoordeeld" && entry.Periode == period {
			return entry.Nummer, nil
		}
	}
	return 0, errUndecided
}
