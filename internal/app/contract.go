// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"socialreturn/internal/calendar"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

// RegisterContract registers a contract from a finally awarded lot and answers
// with its obligation and balance.
func (s *Service) RegisterContract(ctx context.Context, call Call, in ContractInput) (Account, error) {
	if err := call.may(sroi.Officer); err != nil {
		return Account{}, err
	}
	tender, err := s.Tender(ctx, call, in.Tender)
	if err != nil {
		return Account{}, unknownTender(err)
	}
	authority, err := s.Store.Authority(ctx, tender.Authority)
	if err != nil {
		return Account{}, err
	}
	var found faults
	lot, award := awardedLot(&tender, in, &found)
	checkContract(call, in, &found)
	if err := found.err(); err != nil {
		return Account{}, err
	}
	contract, err := s.obliged(newContract(call, in, tender, *lot, award, authority), authority.RuleSet, lot.Form)
	if err != nil {
		return Account{}, err
	}
	return s.createContract(ctx, contract, tender, authority.ClosedThrough, call)
}

func newContract(call Call, in ContractInput, tender sroi.Tender, lot sroi.Lot, award sroi.Award, authority sroi.Authority) sroi.Contract {
	id := call.act("register-contract")
	return sroi.Contract{
		ID: id, Authority: authority.ID, AuthorityKind: authority.Kind, Areas: authority.Areas, Desk: authority.Desk,
		Tender: tender.ID, Lot: lot.ID, Number: in.Number, Title: or(in.Title, lot.Title),
		Supplier: in.Supplier, SupplierName: or(in.SupplierName, award.SupplierName),
		Nature: or(in.Nature, lot.Nature), Value: in.Value, BidSum: in.Value, Term: in.Term, Signed: in.Signed, Awarded: award.Date,
		Clause: in.Clause, Offered: in.Offered, LabourShare: in.LabourShare, WageBill: in.WageBill, Published: tender.Published,
		TenderDate: in.TenderDate, Certificates: in.Certificates, Opening: in.Opening,
		Registered: call.at(), Act: id, Payload: sroi.Digest(in), Version: 1,
	}
}

// or is the first text that is not empty.
func or[T ~string](given, otherwise T) T {
	if given != "" {
		return given
	}
	return otherwise
}

func unknownTender(err error) error {
	if KindOf(err) != Absent {
		return err
	}
	var found faults
	found.add("/tender", "aanbesteding-onbekend", "Deze aanbesteding bestaat niet, of is niet van u.")
	return found.err()
}

// awardedLot is the lot that the contract follows from, with the award that holds.
func awardedLot(tender *sroi.Tender, in ContractInput, found *faults) (*sroi.Lot, sroi.Award) {
	lot, ok := tender.Lot(in.Lot)
	if !ok {
		found.add("/lot", "perceel-onbekend", "Dit perceel bestaat niet in de aanbesteding.")
		return nil, sroi.Award{}
	}
	award, awarded := lot.Awarded()
	switch {
	case tender.Withdrawn:
		found.add("/tender", "aanbesteding-ingetrokken", "De aanbesteding is ingetrokken.")
	case !awarded || award.State != sroi.Final:
		found.add("/lot", "niet-definitief-gegund", "Dit perceel is nog niet definitief gegund.")
	case award.Supplier != in.Supplier:
		found.add("/supplier", "niet-de-winnaar", "Dit perceel is aan een andere opdrachtnemer gegund.")
	}
	if lot.SocialReturn != sroi.Applied {
		found.add("/lot", "zonder-social-return", "Dit perceel heeft geen Social Return; er hoort geen SR-verplichting bij.")
	}
	if or(in.Nature, lot.Nature) == "" {
		found.add("/nature", "aard-ontbreekt", "Geef aan of het om werken, diensten of leveringen gaat.")
	}
	if lot.Form == sroi.Criterion && in.Offered == nil {
		found.add("/offered", "aangeboden-percentage-ontbreekt", "Social Return was gunningscriterium: het aangeboden percentage bindt en is nodig.")
	}
	return lot, award
}

// maxTermDays bounds the term of a contract.
const (
	maxTermDays = 30 * 366
	tooLongTerm = "Een looptijd van meer dan dertig jaar kan niet."
)

func checkContract(call Call, in ContractInput, found *faults) {
	checkKvK("/supplier", in.Supplier, found)
	checkName("/title", in.Title, found)
	checkName("/supplierName", in.SupplierName, found)
	checkName("/clause", in.Clause, found)
	if in.Value <= 0 {
		found.add("/value", "bedrag-onmogelijk", "Geef de waarde in euro's exclusief btw, groter dan nul.")
	}
	if in.Term.Empty() || in.Term.To.IsZero() {
		found.add("/term/to", "looptijd-onjuist", "De looptijd begint op of voor de laatste dag; beide dagen zijn nodig.")
	} else if in.Term.Days() > maxTermDays {
		found.add("/term/to", "looptijd-te-lang", tooLongTerm)
	}
	if in.Signed.IsZero() || in.Signed.After(call.Today()) {
		found.add("/signed", "datum-onmogelijk", "De contractdatum ligt niet in de toekomst.")
	}
	if strings.TrimSpace(in.Clause) == "" {
		found.add("/clause", "clausule-ontbreekt", "Zonder verwijzing naar de Social Return-clausule kan een contract niet ingaan.")
	}
	if in.Opening == nil {
		return
	}
	if in.Opening.Verified < 0 {
		found.add("/opening/verified", "bedrag-onmogelijk", "Een beginstand is nul of meer.")
	}
	if in.Opening.AsOf.IsZero() || in.Opening.AsOf.After(call.Today()) {
		found.add("/opening/asOf", "datum-onmogelijk", "De peildatum van de beginstand ligt niet in de toekomst.")
	}
	checkName("/opening/note", in.Opening.Note, found)
}

// obliged pins the rule set and sets the obligation. A percentage comes with the
// contract where the bid offered it, or where the rules leave it to each contract.
func (s *Service) obliged(contract sroi.Contract, ruleSet string, form sroi.ClauseForm) (sroi.Contract, error) {
	rules, err := s.anchored(ruleSet, datesOf(contract))
	if err != nil {
		return contract, err
	}
	contract = contract.Under(rules)
	contract.Cadence = rules.Cadence
	contract, err = contract.Obliged(rules)
	var found faults
	rule, _ := rules.ObligationRule(contract.Nature)
	if contract.Offered != nil && form != sroi.Criterion && rule.Kind != ruleset.DecidedPerContract {
		found.add("/offered", "aangeboden-percentage-niet-toegestaan", "Social Return was geen gunningscriterium; laat het aangeboden percentage weg.")
	}
	if found.addAll("", err) || len(found) > 0 {
		return contract, found.err()
	}
	return contract, err
}

// datesOf are the dates of a contract that may select its rules.
func datesOf(c sroi.Contract) ruleset.Dates {
	return ruleset.Dates{Publication: c.Published, Contract: c.Signed, Award: c.Awarded}
}

// anchored finds the version that the contract's dates select.
func (s *Service) anchored(id string, dates ruleset.Dates) (*ruleset.RuleSet, error) {
	rules, err := s.Rules.Anchored(id, dates)
	var found faults
	switch {
	case errors.Is(err, ruleset.ErrNotYetInForce):
		found.add("/signed", "rekenregel-nog-niet-van-kracht", "Op de datum die de versie bepaalt, was nog geen versie van de rekenregel van kracht.")
	case errors.Is(err, ruleset.ErrEnded):
		found.add("/signed", "rekenregel-vervallen", "Op de datum die de versie bepaalt, was geen versie van de rekenregel meer van kracht.")
	case err != nil:
		return nil, err
	}
	return rules, found.err()
}

func (s *Service) createContract(ctx context.Context, contract sroi.Contract, tender sroi.Tender, closedThrough int, call Call) (Account, error) {
	obliged := contract.Obligation
	entries := []sroi.Entry{{
		Kind: sroi.ContractRegistered, Booked: call.Today(), At: call.at(), Actor: call.actor(), Subject: sroi.Digest(contract),
		Amounts:  []sroi.YearAmounts{{Year: contract.Term.From.Year(), Obliged: obliged.Amount, Asked: obliged.Activities}},
		Ceilings: contract.Ceilings, Closes: closedThrough,
	}}
	if o := contract.Opening; o != nil {
		entries = append(entries, sroi.Entry{
			Kind: sroi.OpeningBooked, Booked: call.Today(), At: call.at(), Actor: call.actor(),
			Amounts: []sroi.YearAmounts{{Year: o.AsOf.Year(), Verified: o.Verified}},
		})
	}
	balance := sroi.Balance{Contract: contract.ID}
	for i := range entries {
		balance, entries[i] = balance.Next(entries[i])
	}
	stored, err := s.Store.CreateContract(ctx, NewContract{
		Contract: contract, Balance: balance, Entries: entries, TenderVersion: tender.Version, OnePerLot: !tender.Framework,
	})
	switch {
	case errors.Is(err, ErrTaken):
		return Account{}, refuse(Conflict, "contract-bestaat-al", "Er is al een contract met dit nummer, of uit dit perceel.")
	case errors.Is(err, ErrYearClosed):
		return Account{}, yearClosed()
	case errors.Is(err, ErrStale):
		return Account{}, refuse(Conflict, "gunning-gewijzigd", "De gunning is intussen gewijzigd, of een jaar is intussen afgesloten. Haal de aanbesteding opnieuw op.")
	case err != nil:
		return Account{}, err
	}
	if err := sameCommand(stored.Payload, contract.Payload); err != nil {
		return Account{}, err
	}
	if stored.Registered.Equal(contract.Registered) && stored.Version == contract.Version {
		return Account{Contract: stored, Balance: balance}, nil
	}
	return s.Store.Account(ctx, stored.ID)
}

// Contract reads one with its balance.
func (s *Service) Contract(ctx context.Context, call Call, id string) (Account, error) {
	account, err := s.Store.Account(ctx, id)
	if err != nil {
		return Account{}, hidden(err)
	}
	if !call.seesContract(account.Contract) {
		return Account{}, absent()
	}
	return account, nil
}

func (c Call) seesContract(contract sroi.Contract) bool {
	return c.Actor.Role != sroi.Administrator && c.sees(contract.Authority, contract.Desk, contract.Supplier)
}

// Contracts lists the actor's contracts: a supplier's own, a desk's, or an authority's.
func (s *Service) Contracts(ctx context.Context, call Call, q ContractQuery, page Page) ([]Account, string, error) {
	owner := Owner{}
	switch {
	case call.Actor.Role == sroi.Supplier:
		owner.Supplier = call.Actor.Supplier
	case call.Actor.Role == sroi.Consultant && q.Authority == "":
		owner.Desk = call.Actor.Desk
	default:
		authority, err := s.listedAuthority(ctx, call, q.Authority)
		if err != nil {
			return nil, "", err
		}
		owner.Authority = authority
	}
	if q.Phase == "" {
		accounts, next, err := s.Store.ListContracts(ctx, owner, page)
		return accounts, next, badCursor(err)
	}
	return s.contractsInPhase(ctx, owner, q.Phase, call.Today(), page)
}

// maxReadings bounds how far one page of a filtered list reads on.
const maxReadings = 20

// contractsInPhase reads on until the page is full, so that it is short only
// where the list ends or few of very many contracts are in the phase.
func (s *Service) contractsInPhase(ctx context.Context, owner Owner, phase sroi.Phase, today calendar.Date, page Page) ([]Account, string, error) {
	var kept []Account
	rest := page
	for range maxReadings {
		rest.Limit = page.Limit - len(kept)
		accounts, next, err := s.Store.ListContracts(ctx, owner, rest)
		if err != nil {
			return nil, "", badCursor(err)
		}
		kept, rest.Cursor = append(kept, inPhase(accounts, phase, today)...), next
		if next == "" || len(kept) == page.Limit {
			break
		}
	}
	return kept, rest.Cursor, nil
}

func inPhase(accounts []Account, phase sroi.Phase, today calendar.Date) []Account {
	kept := accounts[:0]
	for _, account := range accounts {
		if account.Contract.PhaseOn(today) == phase {
			kept = append(kept, account)
		}
	}
	return kept
}

// Assumed is what a rule set assumes, as reports name it.
func Assumed(rules *ruleset.RuleSet) []sroi.Assumption {
	ref := rules.Ref()
	var assumptions []sroi.Assumption
	for _, a := range rules.Assumptions {
		assumptions = append(assumptions, sroi.Assumption{RuleSet: fmt.Sprintf("%s %s", ref.ID, ref.Version), ID: a.ID, Text: a.Text})
	}
	return assumptions
}
