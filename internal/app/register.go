// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"errors"
	"strings"

	"socialreturn/internal/calendar"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

// PutEnterprise records what a register of social enterprises says of a seller,
// or changes it under If-Match; earlier versions stay. It tells whether the
// seller is new. Only an administrator does: who decides lines must not decide
// what they rest on, and a register serves more desks than one.
func (s *Service) PutEnterprise(ctx context.Context, call Call, in EnterpriseInput) (sroi.Enterprise, bool, error) {
	if err := call.may(sroi.Administrator); err != nil {
		return sroi.Enterprise{}, false, err
	}
	if err := s.checkEnterprise(in); err != nil {
		return sroi.Enterprise{}, false, err
	}
	stored, err := s.Store.Enterprise(ctx, in.Register, in.KvK, 0)
	created := errors.Is(err, ErrAbsent)
	if err != nil && !created {
		return sroi.Enterprise{}, false, err
	}
	if err := call.saves(created, stored.Version); err != nil {
		return sroi.Enterprise{}, false, err
	}
	enterprise := sroi.Enterprise{
		Register: in.Register, KvK: in.KvK, Name: in.Name, Spans: in.Spans,
		Recorded: call.at(), Actor: call.actor(), Version: stored.Version + 1,
	}
	return enterprise, created, stale(s.Store.PutEnterprise(ctx, enterprise))
}

func (s *Service) checkEnterprise(in EnterpriseInput) error {
	var found faults
	if !s.Rules.HasRegister(in.Register) {
		found.add("/register", "register-onbekend", "Geen rekenregel kent dit register; zie /v1/rekenregels.")
	}
	checkKvK("/kvk", in.KvK, &found)
	if strings.TrimSpace(in.Name) == "" {
		found.add("/name", "verplicht", "Geef de handelsnaam.")
	}
	checkFreeText("/name", in.Name, in.NoBSN, &found)
	checkSpans("/spans", in.Spans, func(s sroi.RecognisedSpan) calendar.Span { return s.Span }, &found)
	for i, span := range in.Spans {
		if strings.TrimSpace(span.Source) == "" {
			found.add("/spans/"+itoa(i)+"/source", "verplicht", "Noem de bron van deze erkenning.")
		}
		checkFreeText("/spans/"+itoa(i)+"/source", span.Source, in.NoBSN, &found)
	}
	return found.err()
}

// Enterprise reads what a register says of a seller: a version of it, or the
// newest where that is zero. Every role may: registers are public.
func (s *Service) Enterprise(ctx context.Context, register, kvk string, version int) (sroi.Enterprise, error) {
	enterprise, err := s.Store.Enterprise(ctx, register, kvk, version)
	return enterprise, hidden(err)
}

// Enterprises lists the sellers of a register by KvK number. Every role may.
func (s *Service) Enterprises(ctx context.Context, register string, page Page) ([]sroi.Enterprise, string, error) {
	if !s.Rules.HasRegister(register) {
		return nil, "", absent()
	}
	enterprises, next, err := s.Store.Enterprises(ctx, register, page)
	return enterprises, next, badCursor(err)
}

// register is what a register says of sellers, by KvK number.
type register map[string]sroi.Enterprise

// registerOf reads what the register of a rule set says of the sellers of claims;
// nothing where the rule set names none.
func (s *Service) registerOf(ctx context.Context, rules *ruleset.RuleSet, claims []sroi.Claim) (register, error) {
	if rules.Register == "" {
		return nil, nil
	}
	known, sellers := register{}, []string{}
	for _, claim := range claims {
		if claim.Purchase == nil || !sroi.IsKvK(claim.Purchase.Seller) {
			continue
		}
		if _, asked := known[claim.Purchase.Seller]; !asked {
			known[claim.Purchase.Seller] = sroi.Enterprise{}
			sellers = append(sellers, claim.Purchase.Seller)
		}
	}
	if len(sellers) == 0 {
		return nil, nil
	}
	listed, err := s.Store.EnterprisesOf(ctx, rules.Register, sellers)
	for _, enterprise := range listed {
		known[enterprise.KvK] = enterprise
	}
	return known, err
}

// registerOfLines is registerOf the claims of lines.
func (s *Service) registerOfLines(ctx context.Context, rules *ruleset.RuleSet, lines []sroi.Line) (register, error) {
	claims := make([]sroi.Claim, len(lines))
	for i, line := range lines {
		claims[i] = line.Claim
	}
	return s.registerOf(ctx, rules, claims)
}
