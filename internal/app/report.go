// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"errors"
	"slices"

	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

// Report is the council's table of an area's year against another.
func (s *Service) Report(ctx context.Context, call Call, q ReportQuery) (sroi.Report, error) {
	if q.CompareWith == 0 {
		q.CompareWith = q.Year - 1
	}
	if err := checkReport(call, q); err != nil {
		return sroi.Report{}, err
	}
	authorities, err := s.authoritiesIn(ctx, call, q.Area)
	if err != nil {
		return sroi.Report{}, err
	}
	years, err := s.Store.Totals(ctx, q.Area, q.Year, q.CompareWith)
	if err != nil {
		return sroi.Report{}, err
	}
	in := sroi.ReportInput{
		Area: areaOf(q.Area, authorities), Current: years[0].Total, Previous: years[1].Total, Closed: years[0].Closed, PreviousClosed: years[1].Closed,
		Built: call.at(), AsOf: call.Today(), Assumptions: s.assumptions(years[0].Total.Rules, years[1].Total.Rules),
	}
	in.Current.Area, in.Current.Year = q.Area, q.Year
	in.Previous.Area, in.Previous.Year = q.Area, q.CompareWith
	before, ok, err := s.Store.FiguresOn(ctx, q.Area, q.CompareWith, call.Today().AddMonths(-12*(q.Year-q.CompareWith)))
	if err != nil {
		return sroi.Report{}, err
	}
	if ok {
		in.AtDate = &before
	}
	if in.Values, err = s.Store.IndicatorValues(ctx, q.Area); err != nil {
		return sroi.Report{}, err
	}
	report := sroi.BuildReport(in)
	if region.MatchString(q.Area) { // whose ledgers these are, contributions to a region do not say
		report.Acts = slices.Clone(report.Acts)
		for i := range report.Acts {
			report.Acts[i].Ledger, report.Acts[i].Number = "", ""
		}
		return report, nil
	}
	report.KnownOpen, err = s.knownOpen(ctx, authorities, report)
	return report, err
}

// knownOpen are the periods of the report's acts that were listed as known to be
// open when the year was closed.
func (s *Service) knownOpen(ctx context.Context, authorities []sroi.Authority, report sroi.Report) ([]sroi.OpenPeriod, error) {
	acts := slices.DeleteFunc(slices.Clone(report.Acts), func(a sroi.Act) bool { return !a.Open })
	if len(acts) == 0 {
		return nil, nil
	}
	var known []sroi.OpenPeriod
	for _, authority := range authorities {
		closed, err := s.Store.YearClose(ctx, authority.ID, report.Year)
		if err != nil && !errors.Is(err, ErrAbsent) {
			return nil, err
		}
		for _, open := range closed.Open {
			if slices.ContainsFunc(acts, open.Concerns) {
				known = append(known, open)
			}
		}
	}
	return known, nil
}

func checkReport(call Call, q ReportQuery) error {
	var found faults
	checkReportYear(call, q.Year, &found)
	if q.CompareWith < 2000 || q.CompareWith >= q.Year {
		found.add("/compareWith", "jaar-onmogelijk", "Vergelijk met een eerder jaar, vanaf 2000.")
	}
	return found.err()
}

func checkReportYear(call Call, year int, found *faults) {
	if last := call.Today().Year(); year < 2000 || year > last {
		found.add("/year", "jaar-onmogelijk", "Kies een jaar vanaf 2000 dat al begonnen is.")
	}
}

// areaOf names an area that these authorities lie in.
func areaOf(code string, authorities []sroi.Authority) sroi.Area {
	if authorities[0].Kind != sroi.Municipality {
		return sroi.Area{Code: code, Name: authorities[0].Name}
	}
	return sroi.Area{Code: code, Name: or(AreaName(code), code)}
}

// maxAuthorities bounds the authorities of one token or desk.
const maxAuthorities = 100

func (s *Service) actorsAuthorities(ctx context.Context, call Call) ([]sroi.Authority, error) {
	if call.Actor.Role == sroi.Consultant {
		authorities, _, err := s.Store.AuthoritiesOf(ctx, call.Actor.Desk, Page{Limit: maxAuthorities})
		return authorities, err
	}
	var authorities []sroi.Authority
	for _, id := range call.Actor.Authorities {
		authority, err := s.Authority(ctx, call, id)
		if KindOf(err) == Absent {
			continue
		}
		if err != nil {
			return nil, err
		}
		authorities = append(authorities, authority)
	}
	return authorities, nil
}

// assumptions are what the rule sets of the totals assume, each once.
func (s *Service) assumptions(sets ...[]ruleset.Ref) []sroi.Assumption {
	var assumptions []sroi.Assumption
	var seen []ruleset.Ref
	for _, ref := range slices.Concat(sets...) {
		rules, err := s.Rules.Pinned(ref)
		if err != nil || slices.Contains(seen, ref) {
			continue // a version that this program no longer has cannot be explained
		}
		seen = append(seen, ref)
		assumptions = append(assumptions, Assumed(rules)...)
	}
	return assumptions
}
