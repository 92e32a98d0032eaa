// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"slices"

	"socialreturn/internal/sroi"
)

// Breakdown is what an indicator of an area's year is made of, a page of parts
// at a time, and the cursor of the next page, empty at the end. Who may read the
// area's report may read it, but reads one by one only what its own authorities
// add: the rest of a region is one sum.
func (s *Service) Breakdown(ctx context.Context, call Call, q BreakdownQuery, page Page) (sroi.Breakdown, string, error) {
	if err := checkBreakdown(call, q); err != nil {
		return sroi.Breakdown{}, "", err
	}
	authorities, err := s.authoritiesIn(ctx, call, q.Area)
	if err != nil {
		return sroi.Breakdown{}, "", err
	}
	in := sroi.BreakdownInput{Area: areaOf(q.Area, authorities), Year: q.Year, Code: q.Code, Built: call.at(), AsOf: call.Today()}
	if in.Shown, err = s.shownOneByOne(ctx, authorities, q); err != nil {
		return sroi.Breakdown{}, "", err
	}
	if in.Contributions, err = s.Store.Contributions(ctx, q.Area, q.Year); err != nil {
		return sroi.Breakdown{}, "", err
	}
	if in.Values, err = s.Store.IndicatorValues(ctx, q.Area); err != nil {
		return sroi.Breakdown{}, "", err
	}
	b := sroi.BreakDown(in)
	var next string
	if b.Parts, next, err = partsOn(page, b.Parts); err != nil {
		return sroi.Breakdown{}, "", badCursor(err)
	}
	return b, next, s.nameParts(ctx, call, b.Parts)
}

func checkBreakdown(call Call, q BreakdownQuery) error {
	var found faults
	checkReportYear(call, q.Year, &found)
	if _, known := sroi.IsIndicator(q.Code); !known {
		found.add("/code", "indicator-onbekend", "Deze indicator bestaat niet; zie het jaarrapport voor de codes.")
	}
	return found.err()
}

// shownOneByOne tells which contributions to the area are of the actor's own
// authorities. Those to a region do not say whose they are, but those to a
// municipality or another single authority are its own.
func (s *Service) shownOneByOne(ctx context.Context, authorities []sroi.Authority, q BreakdownQuery) (func(sroi.Contribution) bool, error) {
	own := map[string]bool{}
	for _, authority := range authorities {
		area := authority.AreasIn(q.Year)[0]
		if area == q.Area {
			return func(sroi.Contribution) bool { return true }, nil
		}
		contributions, err := s.Store.Contributions(ctx, area, q.Year)
		if err != nil {
			return nil, err
		}
		for _, c := range contributions {
			own[c.Source] = true
		}
	}
	return func(c sroi.Contribution) bool { return own[c.Source] }, nil
}

// partsOn is a page of the parts. Its cursor stands for the last one, without
// telling what it is.
func partsOn(page Page, parts []sroi.Part) ([]sroi.Part, string, error) {
	if page.Cursor != "" {
		last := slices.IndexFunc(parts, func(p sroi.Part) bool { return cursorAt(p) == page.Cursor })
		if last < 0 {
			return nil, "", ErrCursor
		}
		parts = parts[last+1:]
	}
	if len(parts) <= page.Limit {
		return parts, "", nil
	}
	return parts[:page.Limit], cursorAt(parts[page.Limit-1]), nil
}

func cursorAt(p sroi.Part) string { return sroi.Digest(p.Source)[:16] }

// nameParts gives parts the numbers and titles of their contracts and tenders.
// One of another authority in the same municipality stays without a name or source.
func (s *Service) nameParts(ctx context.Context, call Call, parts []sroi.Part) error {
	names := make([]string, len(parts))
	for i, part := range parts {
		names[i] = part.Source
	}
	sources, err := s.Store.Sources(ctx, names)
	if err != nil {
		return err
	}
	for i := range parts {
		part := &parts[i]
		contract, isContract := sources.Contracts[part.Source]
		tender, isTender := sources.Tenders[part.Source]
		switch {
		case isContract && call.seesContract(contract):
			part.Number, part.Title = contract.Number, contract.Title
		case isTender && call.sees(tender.Authority, tender.Desk, ""):
			part.Number, part.Title = tender.Reference, tender.Title
		default:
			*part = sroi.Part{Amount: part.Amount}
		}
	}
	return nil
}
