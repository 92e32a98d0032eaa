// SPDX-License-Identifier: EUPL-1.2

package demo

import (
	"context"
	"errors"
	"fmt"
	"net/http"
)

// ClosedOn is the day on which the years are closed that had ended by then.
const ClosedOn = "2022-03-16"

// ClosedYears are those, in order: in the first only tenders were awarded.
var ClosedYears = []int{2020, 2021}

// closeYears plans the closes. What is corrected or comes in later stands beside
// the closed year.
func (p *player) closeYears() {
	for _, year := range ClosedYears {
		p.on(ClosedOn, fmt.Sprintf("jaarafsluiting %d", year), func(ctx context.Context) error {
			if err := p.closeYear(ctx, year); err != nil {
				return err
			}
			p.counted("jaarafsluiting")
			return p.reread(ctx)
		})
	}
}

// attempts is how often a close is repeated that has more to do.
const attempts = 20

func (p *player) closeYear(ctx context.Context, year int) error {
	for range attempts {
		got, err := p.do(ctx, ask{
			who: consultant, method: http.MethodPost, path: "/v1/jaarafsluitingen", key: fmt.Sprintf("jaarafsluiting-%d", year),
			body: object{"opdrachtgever": Authority, "jaar": year},
		})
		if err != nil {
			return err
		}
		var closed struct{ Stand string }
		if err := got.into(&closed); err != nil || closed.Stand != "begonnen" {
			return err
		}
	}
	return errors.New("de jaarafsluiting komt niet klaar")
}

// reread takes over the new versions of the tenders: a close is an entry in each.
func (p *player) reread(ctx context.Context) error {
	for _, t := range Tenders {
		tender := p.tenders[t.Reference]
		if tender == nil {
			continue
		}
		got, err := p.do(ctx, ask{who: officer, method: http.MethodGet, path: "/v1/aanbestedingen/" + tender.id})
		if err != nil {
			return err
		}
		tender.etag = got.etag
	}
	return nil
}
