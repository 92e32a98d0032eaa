// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"errors"
	"slices"
	"strings"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

// RegisterTender registers a tender, with Social Return or without.
func (s *Service) RegisterTender(ctx context.Context, call Call, in TenderInput) (sroi.Tender, error) {
	if err := call.may(sroi.Officer); err != nil {
		return sroi.Tender{}, err
	}
	if !containsAuthority(call.Actor.Authorities, in.Authority) {
		return sroi.Tender{}, notYourAuthority()
	}
	authority, err := s.Store.Authority(ctx, in.Authority)
	if err != nil {
		return sroi.Tender{}, unknownAuthority(err)
	}
	rules, err := s.rulesAt(authority.RuleSet, in.Published, "/published")
	if err != nil {
		return sroi.Tender{}, err
	}
	tender := sroi.Tender{
		ID: call.act("register-tender"), Authority: in.Authority, Desk: authority.Desk,
		Reference: in.Reference, Title: in.Title, Procedure: in.Procedure, Published: in.Published,
		Notice: in.Notice, Framework: in.Framework, CallOffOf: in.CallOffOf, Omitted: in.Omitted,
		Rules: rules.Ref(), Registered: call.at(), Act: call.act("register-tender"), Payload: sroi.Digest(in), Version: 1,
		ClosedThrough: authority.ClosedThrough,
	}
	for _, lot := range in.Lots {
		tender.Lots = append(tender.Lots, sroi.Lot{
			ID: lot.ID, Title: lot.Title, CPV: lot.CPV, Nature: lot.Nature, Estimated: lot.Estimated,
			SocialReturn: lot.SocialReturn, ProposedBy: lot.ProposedBy, Form: lot.Form, Reserved: lot.Reserved, Exemption: lot.Exemption,
		})
	}
	found := checkTender(&tender, rules)
	s.checkCallOff(ctx, in, &found)
	if err := found.err(); err != nil {
		return sroi.Tender{}, err
	}
	return s.createTender(ctx, call, tender, authority)
}

func (s *Service) createTender(ctx context.Context, call Call, tender sroi.Tender, authority sroi.Authority) (sroi.Tender, error) {
	entry := tenderEntry(call, sroi.Entry{Kind: sroi.TenderRegistered, Closes: tender.ClosedThrough}, &tender, authority)
	stored, err := s.Store.CreateTender(ctx, tender, entry)
	switch {
	case errors.Is(err, ErrTaken):
		return sroi.Tender{}, refuse(Conflict, "kenmerk-bestaat-al", "Er is al een aanbesteding met dit kenmerk.")
	case errors.Is(err, ErrYearClosed):
		return sroi.Tender{}, yearClosed()
	case errors.Is(err, ErrStale):
		return sroi.Tender{}, refuse(Unavailable, "jaar-net-afgesloten", "Er is zojuist een jaar afgesloten. Probeer het nog eens.")
	case err != nil:
		return sroi.Tender{}, err
	}
	return stored, sameCommand(stored.Payload, tender.Payload)
}

// tenderEntry seals the entry that books the tender's new version onto its chain.
func tenderEntry(call Call, entry sroi.Entry, tender *sroi.Tender, authority sroi.Authority) sroi.Entry {
	facts := tender.Facts(authority)
	entry.Owner, entry.Booked, entry.At, entry.Actor, entry.Tender = tender.ID, call.Today(), call.at(), call.actor(), &facts
	entry = entry.Sealed(tender.Version, tender.Head)
	tender.Head = entry.Hash
	return entry
}

// checkTender judges each lot against the threshold and names every fault.
func checkTender(tender *sroi.Tender, rules *ruleset.RuleSet) faults {
	var found faults
	if len(tender.Lots) == 0 {
		found.add("/lots", "perceel-ontbreekt", "Een aanbesteding heeft ten minste één perceel.")
	}
	checkName("/title", tender.Title, &found)
	seen := map[string]bool{}
	for i := range tender.Lots {
		lot, at := &tender.Lots[i], "/lots/"+itoa(i)
		checkName(at+"/id", lot.ID, &found)
		checkName(at+"/title", lot.Title, &found)
		if seen[lot.ID] {
			found.add(at+"/id", "perceel-dubbel", "Elk perceel heeft een eigen nummer.")
		}
		seen[lot.ID] = true
		lot.AboveThreshold = aboveThreshold(rules, tender.Published, lot.Nature, judgedValue(lot))
		checkLot(lot, at, &found)
	}
	return found
}

func checkLot(lot *sroi.Lot, at string, found *faults) {
	switch {
	case lot.SocialReturn != sroi.NotApplied && lot.Exemption != nil:
		found.add(at+"/exemption", "vrijstelling-niet-nodig", "Een vrijstelling hoort alleen bij een perceel zonder Social Return.")
	case lot.SocialReturn == sroi.NotApplied && !lot.Reserved && lot.AboveThreshold != nil && *lot.AboveThreshold && lot.Exemption == nil:
		found.add(at+"/exemption", "vrijstelling-ontbreekt",
			"Boven de drempel vraagt een perceel zonder Social Return om een vrijstelling met reden, toelichting en wie haar goedkeurde.")
	}
	if lot.Exemption != nil {
		checkName(at+"/exemption/text", lot.Exemption.Text, found)
		checkName(at+"/exemption/approver", lot.Exemption.Approver, found)
		checkOther(at+"/exemption/approver", lot.Exemption.Approver, sroi.Officer, found)
	}
	if lot.SocialReturn == sroi.NotApplied && lot.Form != "" {
		found.add(at+"/form", "vorm-niet-toegestaan", "Een perceel zonder Social Return heeft geen vorm van Social Return.")
	}
}

// judgedValue is the estimate, or without one the value of the final award; nil
// where there is neither.
func judgedValue(lot *sroi.Lot) *money.Cents {
	if award, ok := lot.Awarded(); lot.Estimated == nil && ok && award.State == sroi.Final {
		return &award.Value
	}
	return lot.Estimated
}

// aboveThreshold asks the rules; nil where there is no value or nature to judge by.
func aboveThreshold(rules *ruleset.RuleSet, published calendar.Date, nature ruleset.Nature, value *money.Cents) *bool {
	if nature == "" || value == nil {
		return nil
	}
	above := rules.AboveThreshold(nature, *value, published)
	return &above
}

func (s *Service) checkCallOff(ctx context.Context, in TenderInput, found *faults) {
	if in.CallOffOf == "" {
		return
	}
	framework, err := s.Store.Tender(ctx, in.CallOffOf)
	if err != nil || framework.Authority != in.Authority || !framework.Framework {
		found.add("/callOffOf", "raamovereenkomst-onbekend", "Noem de aanbesteding van een raamovereenkomst van dezelfde opdrachtgever.")
	}
}

// rulesAt finds the rule-set version in force on a date, or says under a field
// why there is none.
func (s *Service) rulesAt(id string, date calendar.Date, field string) (*ruleset.RuleSet, error) {
	rules, err := s.Rules.At(id, date)
	return inForce(rules, err, field, field, "Deze rekenregel bestaat niet; zie /v1/rekenregels.")
}

// inForce says why the library gave no rule set: under one field that it is
// unknown, in these words, and under another that the date is not in it.
func inForce(rules *ruleset.RuleSet, err error, field, dateField, unknown string) (*ruleset.RuleSet, error) {
	var found faults
	switch {
	case errors.Is(err, ruleset.ErrUnknown):
		found.add(field, "rekenregel-onbekend", unknown)
	case errors.Is(err, ruleset.ErrNotYetInForce):
		found.add(dateField, "rekenregel-nog-niet-van-kracht", "Op deze datum was nog geen versie van de rekenregel van kracht.")
	case errors.Is(err, ruleset.ErrEnded):
		found.add(dateField, "rekenregel-vervallen", "Op deze datum was geen versie van de rekenregel meer van kracht.")
	case err != nil:
		return nil, err
	}
	return rules, found.err()
}

// Tender reads one.
func (s *Service) Tender(ctx context.Context, call Call, id string) (sroi.Tender, error) {
	tender, err := s.Store.Tender(ctx, id)
	if err != nil {
		return sroi.Tender{}, hidden(err)
	}
	if !call.sees(tender.Authority, tender.Desk, "") {
		return sroi.Tender{}, absent()
	}
	return tender, nil
}

// Tenders lists an authority's tenders, or those of every authority in an area,
// one authority after the other. Consultants name an authority of their desk, or
// an area.
func (s *Service) Tenders(ctx context.Context, call Call, q TenderQuery, page Page) ([]sroi.Tender, string, error) {
	if q.Area != "" {
		return s.tendersIn(ctx, call, q, page)
	}
	authority, err := s.listedAuthority(ctx, call, q.Authority)
	if err != nil {
		return nil, "", err
	}
	q.Authority = authority
	tenders, next, err := s.Store.ListTenders(ctx, q, page)
	return tenders, next, badCursor(err)
}

// tendersIn lists the tenders of an area. Its cursor is that of one authority's
// list, with the authority in front.
func (s *Service) tendersIn(ctx context.Context, call Call, q TenderQuery, page Page) ([]sroi.Tender, string, error) {
	authorities, err := s.authoritiesIn(ctx, call, q.Area)
	if err != nil {
		return nil, "", err
	}
	at, inner, ours := strings.Cut(page.Cursor, ".")
	if page.Cursor != "" && !ours {
		return nil, "", badCursor(ErrCursor)
	}
	var tenders []sroi.Tender
	for i, authority := range authorities {
		if at != "" && string(authority.ID) != at {
			continue
		}
		at = ""
		q.Authority = authority.ID
		found, next, err := s.Store.ListTenders(ctx, q, Page{Limit: page.Limit - len(tenders), Cursor: inner})
		if err != nil {
			return nil, "", badCursor(err)
		}
		tenders, inner = append(tenders, found...), ""
		switch {
		case next != "":
			return tenders, string(authority.ID) + "." + next, nil
		case len(tenders) == page.Limit && i+1 < len(authorities):
			return tenders, string(authorities[i+1].ID) + ".", nil
		}
	}
	if at != "" {
		return nil, "", badCursor(ErrCursor)
	}
	return tenders, "", nil
}

// authoritiesIn are the actor's authorities that lie in an area, by id; none is
// an absent area.
func (s *Service) authoritiesIn(ctx context.Context, call Call, area string) ([]sroi.Authority, error) {
	authorities, err := s.actorsAuthorities(ctx, call)
	if err != nil {
		return nil, err
	}
	authorities = slices.DeleteFunc(authorities, func(a sroi.Authority) bool { return !a.LiesIn(area) })
	if len(authorities) == 0 {
		return nil, absent()
	}
	slices.SortFunc(authorities, func(a, b sroi.Authority) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return authorities, nil
}

// listedAuthority is whose objects a list shows: the one asked for, if the actor
// may see it, else the actor's only one.
func (s *Service) listedAuthority(ctx context.Context, call Call, asked sroi.AuthorityID) (sroi.AuthorityID, error) {
	if asked == "" {
		if len(call.Actor.Authorities) == 1 {
			return call.Actor.Authorities[0], nil
		}
		var found faults
		found.add("/authority", "opdrachtgever-ontbreekt", "Noem de opdrachtgever.")
		return "", found.err()
	}
	if call.Actor.Role != sroi.Consultant {
		if !call.sees(asked, "", "") {
			return "", absent()
		}
		return asked, nil
	}
	if _, err := s.Authority(ctx, call, asked); err != nil {
		return "", err
	}
	return asked, nil
}

// ChangeTender changes a tender under If-Match: confirms what a notice
// proposed, adds an exemption, withdraws it.
func (s *Service) ChangeTender(ctx context.Context, call Call, id string, change TenderChange) (sroi.Tender, error) {
	tender, authority, rules, err := s.ownTender(ctx, call, id)
	if err != nil {
		return sroi.Tender{}, err
	}
	if err := call.matches(tender.Version); err != nil {
		return sroi.Tender{}, err
	}
	if tender.Withdrawn {
		return sroi.Tender{}, refuse(Conflict, "aanbesteding-ingetrokken", "Een ingetrokken aanbesteding wijzigt niet meer.")
	}
	was := tender.Facts(authority)
	found := applyChange(&tender, change)
	found = append(found, checkTender(&tender, rules)...)
	checkReason(was, &tender, authority, change.Reason, &found)
	if err := found.err(); err != nil {
		return sroi.Tender{}, err
	}
	tender.Version++
	entry := tenderEntry(call, sroi.Entry{Kind: sroi.TenderChanged, Reason: string(change.Reason)}, &tender, authority)
	var freed []string
	for _, lot := range tender.Lots {
		if tender.Withdrawn {
			freed = append(freed, lot.ID)
		}
	}
	return tender, contracted(s.Store.UpdateTender(ctx, tender, entry, freed...))
}

// checkReason wants a reason for what moves figures of a closed year.
func checkReason(was sroi.TenderFacts, tender *sroi.Tender, authority sroi.Authority, reason sroi.TenderReason, found *faults) {
	if reason == "" && sroi.TouchesYears(was, tender.Facts(authority), tender.ClosedThrough) {
		found.add("/reason", "reden-ontbreekt", "Dit verandert cijfers van een jaar dat is afgesloten. Geef een reden.")
	}
}

// contracted says that an award cannot go from under its contract.
func contracted(err error) error {
	if errors.Is(err, ErrTaken) {
		return refuse(Conflict, "contract-loopt", "Uit dit perceel is een contract geregistreerd; de gunning kan niet meer worden ingetrokken.")
	}
	return stale(err)
}

// ownTender loads a tender that the officer may change, with what judges it.
func (s *Service) ownTender(ctx context.Context, call Call, id string) (sroi.Tender, sroi.Authority, *ruleset.RuleSet, error) {
	tender, err := s.Tender(ctx, call, id)
	if err != nil {
		return tender, sroi.Authority{}, nil, err
	}
	if err := call.may(sroi.Officer); err != nil {
		return tender, sroi.Authority{}, nil, err
	}
	authority, err := s.Store.Authority(ctx, tender.Authority)
	if err != nil {
		return tender, authority, nil, err
	}
	rules, err := s.Rules.Pinned(tender.Rules)
	return tender, authority, rules, err
}

func applyChange(tender *sroi.Tender, change TenderChange) faults {
	var found faults
	set(&tender.Title, change.Title)
	set(&tender.Withdrawn, change.Withdrawn)
	for i, c := range change.Lots {
		lot, ok := tender.Lot(c.ID)
		if !ok {
			found.add("/lots/"+itoa(i)+"/id", "perceel-onbekend", "Dit perceel bestaat niet.")
			continue
		}
		if award, awarded := lot.Awarded(); awarded && award.State == sroi.Final && (c.SocialReturn != nil || c.Reserved != nil || c.Form != nil) {
			found.add("/lots/"+itoa(i), "perceel-gegund", "Dit perceel is definitief gegund; trek eerst de gunning in.")
			continue
		}
		set(&lot.Title, c.Title)
		set(&lot.Nature, c.Nature)
		set(&lot.SocialReturn, c.SocialReturn)
		set(&lot.Form, c.Form)
		set(&lot.Reserved, c.Reserved)
		set(&lot.Exemption, c.Exemption)
		if c.Estimated != nil {
			lot.Estimated = c.Estimated
		}
		if lot.SocialReturn == sroi.NotApplied && c.SocialReturn != nil && c.Form == nil {
			lot.Form = ""
		}
	}
	return found
}

// set changes what was given.
func set[T any](field *T, given *T) {
	if given != nil {
		*field = *given
	}
}

// AwardLot takes a step in the award of a lot, under If-Match.
func (s *Service) AwardLot(ctx context.Context, call Call, id string, in AwardInput) (sroi.Tender, sroi.Award, error) {
	tender, authority, rules, err := s.ownTender(ctx, call, id)
	if err != nil {
		return sroi.Tender{}, sroi.Award{}, err
	}
	award := sroi.Award{
		Act: call.act("award-lot"), Payload: sroi.Digest(in), State: in.State, Date: in.Date,
		Supplier: in.Supplier, SupplierName: in.SupplierName, Value: in.Value,
	}
	if made, ok := tender.AwardBy(award.Act); ok {
		return tender, made, sameCommand(made.Payload, award.Payload)
	}
	if err := call.matches(tender.Version); err != nil {
		return sroi.Tender{}, sroi.Award{}, err
	}
	lot, ok := tender.Lot(in.Lot)
	if err := checkAward(call, &tender, lot, ok, in); err != nil {
		return sroi.Tender{}, sroi.Award{}, err
	}
	was := tender.Facts(authority)
	lot.Awards = append(lot.Awards, award)
	found := checkTender(&tender, rules) // the award's value may show that an exemption is needed
	checkReason(was, &tender, authority, in.Reason, &found)
	if err := found.err(); err != nil {
		return sroi.Tender{}, sroi.Award{}, err
	}
	tender.Version++
	entry := tenderEntry(call, sroi.Entry{Kind: sroi.TenderAwarded, Reason: string(in.Reason)}, &tender, authority)
	var freed []string
	if award.State == sroi.WithdrawnAward {
		freed = []string{lot.ID}
	}
	return tender, award, contracted(s.Store.UpdateTender(ctx, tender, entry, freed...))
}

func checkAward(call Call, tender *sroi.Tender, lot *sroi.Lot, exists bool, in AwardInput) error {
	var found faults
	if !exists {
		found.add("/lot", "perceel-onbekend", "Dit perceel bestaat niet.")
		return found.err()
	}
	if in.Date.Before(tender.Published) || in.Date.After(call.Today()) {
		found.add("/date", "datum-onmogelijk", "De gunning valt niet voor de publicatie en niet in de toekomst.")
	}
	checkName("/supplierName", in.SupplierName, &found)
	if in.State == sroi.WithdrawnAward {
		if in.Supplier != "" || in.Value != 0 {
			found.add("/supplier", "niet-toegestaan", "Een intrekking heeft geen opdrachtnemer en geen waarde.")
		}
	} else {
		checkKvK("/supplier", in.Supplier, &found)
		if in.Value <= 0 {
			found.add("/value", "bedrag-onmogelijk", "Geef de waarde in euro's exclusief btw, groter dan nul.")
		}
	}
	if err := found.err(); err != nil {
		return err
	}
	last, awarded := lot.Awarded()
	switch {
	case tender.Withdrawn:
		return refuse(Conflict, "aanbesteding-ingetrokken", "De aanbesteding is ingetrokken.")
	case in.State == sroi.WithdrawnAward && !awarded:
		return refuse(Conflict, "niet-gegund", "Er is geen gunning om in te trekken.")
	case in.State != sroi.WithdrawnAward && awarded && last.State == sroi.Final:
		return refuse(Conflict, "al-gegund", "Dit perceel is al definitief gegund; trek eerst die gunning in.")
	case in.State == sroi.Final && lot.SocialReturn == sroi.Proposed:
		return refuse(Conflict, "social-return-onbevestigd", "Bevestig eerst of dit perceel Social Return heeft; de aankondiging stelde het alleen voor.")
	}
	return nil
}

func checkKvK(field, number string, found *faults) {
	if !sroi.IsKvK(number) {
		found.add(field, "onjuist-kvk-nummer", "Een KvK-nummer heeft acht cijfers.")
	}
}

func checkFreeText(field, text string, noBSN bool, found *faults) {
	if !noBSN && sroi.MayHoldBSN(text) {
		found.add(field, "mogelijk-bsn", "Hierin staat een getal dat een burgerservicenummer kan zijn. Haal het weg, of bevestig met geenBsn dat het er geen is.")
	}
}

// checkName does so for a short text of which nobody can say that its number is none.
func checkName(field, text string, found *faults) {
	if sroi.MayHoldBSN(text) {
		found.add(field, "mogelijk-bsn", "Hierin staat een getal dat een burgerservicenummer kan zijn. Haal het weg.")
	}
}

func notYourAuthority() error {
	var found faults
	found.add("/authority", "opdrachtgever-niet-van-u", "U handelt niet voor deze opdrachtgever.")
	return found.err()
}

func unknownAuthority(err error) error {
	if !errors.Is(err, ErrAbsent) {
		return err
	}
	var found faults
	found.add("/authority", "opdrachtgever-onbekend", "Deze opdrachtgever is nog niet ingericht; vraag het uw beheerder.")
	return found.err()
}

func yearClosed() error {
	return refuse(Conflict, "jaar-afgesloten", "Dat jaar is afgesloten. Boek een correctie.")
}
