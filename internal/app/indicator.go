// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"strconv"
	"strings"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/sroi"
)

// RecordIndicator records a target, or a figure measured elsewhere, as a new
// revision under If-Match. It tells whether it is the first.
func (s *Service) RecordIndicator(ctx context.Context, call Call, in IndicatorInput) (sroi.IndicatorValue, bool, error) {
	if err := call.may(sroi.Officer, sroi.Consultant); err != nil {
		return sroi.IndicatorValue{}, false, err
	}
	if _, err := s.authoritiesIn(ctx, call, in.Area); err != nil {
		return sroi.IndicatorValue{}, false, err
	}
	if err := checkIndicator(in); err != nil {
		return sroi.IndicatorValue{}, false, err
	}
	revisions, err := s.Store.IndicatorRevisions(ctx, in.Area, in.Code, in.Period)
	if err != nil {
		return sroi.IndicatorValue{}, false, err
	}
	revision := 0
	for _, v := range revisions {
		if v.Intended == in.Intended {
			revision = v.Revision
		}
	}
	if revision > 0 {
		if err := call.matches(revision); err != nil {
			return sroi.IndicatorValue{}, false, err
		}
	}
	value := sroi.IndicatorValue{
		Area: in.Area, Code: in.Code, Period: in.Period, Revision: revision + 1, Intended: in.Intended, Value: in.Value, State: in.State,
		Qualifier: in.Qualifier, Reading: in.Reading, Source: in.Source, Remark: in.Remark,
		Recorded: call.Today(), Actor: call.actor(), Payload: sroi.Digest(in),
	}
	return value, revision == 0, stale(s.Store.AddIndicatorValue(ctx, value))
}

func checkIndicator(in IndicatorInput) error {
	var found faults
	unit, known := sroi.IsIndicator(in.Code)
	if !known {
		found.add("/code", "indicator-onbekend", "Deze indicator bestaat niet; zie het jaarrapport voor de codes.")
	}
	checkIndicatorPeriod(in.Period, &found)
	if in.Intended != (in.Reading != "") {
		found.add("/reading", "lezing-onjuist", "Een beoogde waarde heeft een lezing (ten minste, meer dan vorig jaar, hoger dan); een behaalde niet.")
	}
	needsValue := in.State == sroi.HasValue && in.Reading != sroi.MoreThanBefore
	switch {
	case needsValue && in.Value == nil:
		found.add("/value", "verplicht", "Geef de waarde.")
	case in.State != sroi.HasValue && in.Value != nil:
		found.add("/value", "niet-toegestaan", "Wat niet gemeten of nog niet bekend is, heeft geen waarde.")
	case in.Value != nil:
		checkIndicatorValue(in.Code, unit, *in.Value, &found)
	}
	if strings.TrimSpace(in.Source) == "" {
		found.add("/source", "verplicht", "Noem de bron.")
	}
	checkFreeText("/source", in.Source, in.NoBSN, &found)
	checkFreeText("/remark", in.Remark, in.NoBSN, &found)
	return found.err()
}

func checkIndicatorPeriod(period string, found *faults) {
	if year, err := strconv.Atoi(period); err == nil && len(period) == 4 && year >= 2000 && year < 2200 {
		return
	}
	if _, err := calendar.ParsePeriod(period); err != nil {
		found.add("/period", "periode-onjuist", "Een periode ziet eruit als 2022, 2022-Q1, 2022-H1 of 2022-03.")
	}
}

func checkIndicatorValue(code string, unit sroi.Unit, value money.Fraction, found *faults) {
	one := money.Fraction{Num: 1, Den: 1}
	most := money.Fraction{Num: int64(money.Max), Den: 1}
	switch {
	case value.Num < 0, value.Compare(most) > 0, unit == sroi.UnitPercent && code != sroi.RealisedShare && value.Compare(one) > 0:
		// More may be realised than was obliged.
		found.add("/value", "waarde-onmogelijk", "Een waarde is nul of meer, en een aandeel hoogstens 100 %.")
	case unit == sroi.UnitCount && value.Reduced().Den != 1:
		found.add("/value", "waarde-onmogelijk", "Dit is een aantal: geef een geheel getal.")
	}
}

// Indicator lists all revisions of an area's values of a code and period, targets
// and achieved figures, oldest first.
func (s *Service) Indicator(ctx context.Context, call Call, area, code, period string) ([]sroi.IndicatorValue, error) {
	if _, err := s.authoritiesIn(ctx, call, area); err != nil {
		return nil, err
	}
	var found faults
	checkIndicatorPeriod(period, &found)
	if err := found.err(); err != nil {
		return nil, err
	}
	return s.Store.IndicatorRevisions(ctx, area, code, period)
}
