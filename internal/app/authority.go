// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"errors"
	"regexp"

	"socialreturn/internal/calendar"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

var (
	municipality = regexp.MustCompile(`^GM[0-9]{4}$`)
	region       = regexp.MustCompile(`^AM[0-9]{2}$`)
)

// PutAuthority sets up an authority, or changes it under If-Match. It tells
// whether it is new.
func (s *Service) PutAuthority(ctx context.Context, call Call, in AuthorityInput) (sroi.Authority, bool, error) {
	if err := call.may(sroi.Administrator); err != nil {
		return sroi.Authority{}, false, err
	}
	if err := s.checkAuthority(in, call.Today()); err != nil {
		return sroi.Authority{}, false, err
	}
	stored, err := s.Store.Authority(ctx, in.ID)
	created := errors.Is(err, ErrAbsent)
	if err != nil && !created {
		return sroi.Authority{}, false, err
	}
	if err := call.saves(created, stored.Version); err != nil {
		return sroi.Authority{}, false, err
	}
	authority := sroi.Authority{
		ID: in.ID, Name: in.Name, Kind: in.Kind, Areas: in.Areas, Desk: in.Desk, RuleSet: in.RuleSet,
		TwoPeople: in.TwoPeople, ClosedThrough: stored.ClosedThrough, Version: stored.Version + 1,
	}
	if err := s.Store.PutAuthority(ctx, authority); err != nil {
		return sroi.Authority{}, false, stale(err)
	}
	return authority, created, nil
}

func (s *Service) checkAuthority(in AuthorityInput, today calendar.Date) error {
	var found faults
	if !in.ID.Valid() {
		found.add("/id", "onjuist-nummer", "Gebruik het OIN (20 cijfers) of het KvK-nummer (8 cijfers).")
	}
	checkName("/name", in.Name, &found)
	checkName("/desk", in.Desk, &found)
	if in.Kind == sroi.Municipality && len(in.Areas) == 0 {
		found.add("/areas", "gebied-ontbreekt", "Een gemeente heeft een gemeentecode en een arbeidsmarktregio.")
	}
	if in.Kind != sroi.Municipality && len(in.Areas) > 0 {
		found.add("/areas", "gebied-niet-toegestaan", "Alleen een gemeente telt mee in een gebied; laat gebieden weg.")
	}
	for i, area := range in.Areas {
		at := "/areas/" + itoa(i)
		if !municipality.MatchString(area.Municipality) {
			found.add(at+"/municipality", "onjuiste-gemeentecode", "Een gemeentecode ziet eruit als GM0200.")
		}
		if !region.MatchString(area.Region) {
			found.add(at+"/region", "onjuiste-regiocode", "Een arbeidsmarktregio ziet eruit als AM06.")
		}
		if area.Empty() || i > 0 && !in.Areas[i-1].End().Before(area.From) {
			found.add(at+"/from", "periode-onjuist", "De gebieden volgen elkaar op in de tijd en overlappen niet.")
		}
	}
	if _, err := s.Rules.At(in.RuleSet, today); errors.Is(err, ruleset.ErrUnknown) {
		found.add("/ruleSet", "rekenregel-onbekend", "Deze rekenregel bestaat niet; zie /v1/rekenregels.")
	}
	return found.err()
}

// Authority reads one.
func (s *Service) Authority(ctx context.Context, call Call, id sroi.AuthorityID) (sroi.Authority, error) {
	authority, err := s.Store.Authority(ctx, id)
	if err != nil {
		return sroi.Authority{}, hidden(err)
	}
	if !call.sees(authority.ID, authority.Desk, "") {
		return sroi.Authority{}, absent()
	}
	return authority, nil
}

// Authorities lists those of the consultant's desk.
func (s *Service) Authorities(ctx context.Context, call Call, page Page) ([]sroi.Authority, string, error) {
	if err := call.may(sroi.Consultant); err != nil {
		return nil, "", err
	}
	authorities, next, err := s.Store.AuthoritiesOf(ctx, call.Actor.Desk, page)
	return authorities, next, badCursor(err)
}
