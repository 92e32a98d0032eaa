// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"socialreturn/internal/sroi"
)

// CloseYear closes a year of an authority, or prepares that where a second person
// must confirm it. What it takes long over goes on at a repeat of the command,
// where it stopped or died; a close that is not frozen asks for that.
func (s *Service) CloseYear(ctx context.Context, call Call, in CloseInput) (sroi.YearClose, error) {
	if err := call.may(sroi.Consultant); err != nil {
		return sroi.YearClose{}, err
	}
	authority, err := s.Store.Authority(ctx, in.Authority)
	if err != nil && !errors.Is(err, ErrAbsent) {
		return sroi.YearClose{}, err
	}
	if err != nil || !call.sees(authority.ID, authority.Desk, "") {
		var found faults
		found.add("/authority", "opdrachtgever-onbekend", "Deze opdrachtgever bestaat niet, of is niet van uw bureau.")
		return sroi.YearClose{}, found.err()
	}
	by := sroi.Signature{Actor: call.actor(), On: call.Today(), At: call.at(), Act: call.act("close-year")}
	stored, err := s.Store.YearClose(ctx, in.Authority, in.Year)
	if err != nil && !errors.Is(err, ErrAbsent) {
		return sroi.YearClose{}, err
	}
	goesOn, err := s.resumes(ctx, stored, by.Act, sroi.Digest(in))
	if err != nil {
		return sroi.YearClose{}, err
	}
	if !goesOn {
		if stored, err = s.prepareClose(ctx, call, in, authority, sroi.YearClose{
			Authority: in.Authority, Year: in.Year, State: sroi.CloseBegun, Prepared: by, Payload: sroi.Digest(in),
			Replaced: stored.Acts(), Version: stored.Version + 1,
		}); err != nil {
			return sroi.YearClose{}, err
		}
	}
	return s.goOn(ctx, call, stored)
}

// resumes tells whether a command goes on with the close that is there. One that
// is under way may be taken over by whoever means the same; one that only waits
// for a second person is replaced by a new one, and never by a repeat of an old one.
func (s *Service) resumes(ctx context.Context, stored sroi.YearClose, act, payload string) (bool, error) {
	switch {
	case stored.Version == 0:
		return false, nil
	case stored.Prepared.Act == act:
		return true, sameCommand(stored.Payload, payload)
	case slices.Contains(stored.Replaced, act):
		return false, refuse(Conflict, "jaarafsluiting-vervangen", "Na deze voorbereiding kwam een andere, die haar vervangt.")
	case stored.State == sroi.ClosePrepared:
		return false, nil
	case stored.State == sroi.CloseFrozen:
		return false, s.alreadyClosed(ctx, stored)
	case stored.Payload == payload:
		return true, nil
	}
	return false, refuse(Conflict, "jaarafsluiting-loopt", "Dit jaar wordt al afgesloten, met een andere inhoud. Herhaal die opdracht.")
}

// alreadyClosed refuses to close a year once more. Whoever closed it may have been
// gone before its areas followed: then they do now.
func (s *Service) alreadyClosed(ctx context.Context, c sroi.YearClose) error {
	if err := s.freezeAreas(ctx, c); err != nil {
		return err
	}
	return refuse(Conflict, "jaar-al-afgesloten", fmt.Sprintf("%d is al afgesloten, op %s.", c.Year, c.Begun().On.Dutch()))
}

// checkLast refuses a year that was never closed, where a later one was: the entry
// that closed that one closed every year before it too, in each ledger.
func checkLast(authority sroi.Authority, year int) error {
	if year > authority.ClosedThrough {
		return nil
	}
	return refuse(Conflict, "later-jaar-afgesloten", fmt.Sprintf(
		"%d is niet afgesloten, maar %d wel, en daarmee staan ook de jaren daarvoor vast. Een eerder jaar kan er niet meer bij.", year, authority.ClosedThrough))
}

// prepareClose checks that the year can be closed, and writes down that it will be.
func (s *Service) prepareClose(ctx context.Context, call Call, in CloseInput, authority sroi.Authority, c sroi.YearClose) (sroi.YearClose, error) {
	if err := s.checkCloseYear(ctx, call, in, authority); err != nil {
		return c, err
	}
	for _, known := range in.Open {
		c.Open = append(c.Open, sroi.OpenPeriod{Contract: known.Contract, Period: known.Period, Reason: known.Reason})
	}
	if err := s.checkOpenPeriods(ctx, c, true); err != nil {
		return c, err
	}
	c.Area = authority.AreasIn(in.Year)[0]
	if authority.TwoPeople {
		c.State = sroi.ClosePrepared
	}
	return c, s.putClose(ctx, c)
}

// putClose saves a step of a person in a close.
func (s *Service) putClose(ctx context.Context, c sroi.YearClose) error {
	err := s.Store.PutYearClose(ctx, c)
	if errors.Is(err, ErrStale) {
		return refuse(Unavailable, "te-druk", "Iemand anders sluit dit jaar op dit moment af. Probeer het zo nog eens.")
	}
	return err
}

func (s *Service) checkCloseYear(ctx context.Context, call Call, in CloseInput, authority sroi.Authority) error {
	var found faults
	if in.Year < firstYear || in.Year >= call.Today().Year() {
		found.add("/year", "jaar-loopt-nog", "Alleen een jaar dat voorbij is, kan worden afgesloten.")
	}
	for i, known := range in.Open {
		at := "/open/" + itoa(i)
		if strings.TrimSpace(known.Reason) == "" {
			found.add(at+"/reason", "verplicht", "Zeg waarom deze verantwoording open mag blijven.")
		}
		checkFreeText(at+"/reason", known.Reason, in.NoBSN, &found)
	}
	if err := found.err(); err != nil {
		return err
	}
	if err := checkLast(authority, in.Year); err != nil {
		return err
	}
	earlier, err := s.earliestOpen(ctx, authority, in.Year)
	if err == nil && earlier < in.Year {
		err = refuse(Conflict, "eerder-jaar-open", fmt.Sprintf("Sluit eerst %d af: jaren sluiten op volgorde.", earlier))
	}
	return err
}

// firstYear is the first that reports and closes are about.
const firstYear = 2000

// earliestOpen is the first year that is being closed, or is open and has any
// figures; else the year itself.
func (s *Service) earliestOpen(ctx context.Context, authority sroi.Authority, year int) (int, error) {
	last, err := s.Store.YearClose(ctx, authority.ID, authority.ClosedThrough)
	if err == nil && last.State != sroi.CloseFrozen {
		return last.Year, nil
	}
	if err != nil && !errors.Is(err, ErrAbsent) {
		return year, err
	}
	years := map[string][]int{}
	for y := max(authority.ClosedThrough+1, firstYear); y < year; y++ {
		area := authority.AreasIn(y)[0]
		years[area] = append(years[area], y)
	}
	for area, asked := range years {
		totals, err := s.Store.Totals(ctx, area, asked...)
		if err != nil {
			return year, err
		}
		for _, of := range totals {
			if of.Total.Version > 0 {
				year = min(year, of.Total.Year)
			}
		}
	}
	return year, nil
}

// ConfirmClose is the second person's word on a close as it was prepared, under
// If-Match, and sets it going; a repeat goes on with it.
func (s *Service) ConfirmClose(ctx context.Context, call Call, id string) (sroi.YearClose, error) {
	authority, stored, err := s.closeOf(ctx, call, id)
	if err != nil {
		return stored, err
	}
	if err := call.may(sroi.Consultant); err != nil {
		return stored, err
	}
	by := sroi.Signature{Actor: call.actor(), On: call.Today(), At: call.at(), Act: call.act("confirm-close/" + id)}
	switch {
	case stored.Confirmed != nil && stored.Confirmed.Act == by.Act:
		return s.goOn(ctx, call, stored)
	case stored.State == sroi.CloseFrozen:
		return stored, s.alreadyClosed(ctx, stored)
	case stored.State == sroi.CloseBegun:
		return stored, refuse(Conflict, "jaarafsluiting-loopt", "Deze jaarafsluiting is al in gang gezet. Herhaal die opdracht.")
	case stored.Prepared.Actor.ID == by.Actor.ID:
		return stored, refuse(Forbidden, "voorbereider-bekrachtigt-niet", "U heeft deze jaarafsluiting voorbereid; een ander bekrachtigt haar.")
	}
	if err := call.matches(stored.Version); err != nil {
		return stored, err
	}
	if err := checkLast(authority, stored.Year); err != nil {
		return stored, err
	}
	if err := s.checkOpenPeriods(ctx, stored, false); err != nil {
		return stored, err
	}
	stored.State, stored.Confirmed = sroi.CloseBegun, &by
	stored.Version++
	if err := s.putClose(ctx, stored); err != nil {
		return stored, err
	}
	return s.goOn(ctx, call, stored)
}

// CloseID is the id of the close of an authority's year: "<authority>-<year>".
func CloseID(authority sroi.AuthorityID, year int) string {
	return string(authority) + "-" + itoa(year)
}

// YearClose reads one by its id.
func (s *Service) YearClose(ctx context.Context, call Call, id string) (sroi.YearClose, error) {
	_, stored, err := s.closeOf(ctx, call, id)
	return stored, err
}

// closeOf reads a close by its id, with its authority.
func (s *Service) closeOf(ctx context.Context, call Call, id string) (sroi.Authority, sroi.YearClose, error) {
	owner, last, _ := strings.Cut(id, "-")
	year, err := strconv.Atoi(last)
	if err != nil || !sroi.AuthorityID(owner).Valid() || id != CloseID(sroi.AuthorityID(owner), year) {
		return sroi.Authority{}, sroi.YearClose{}, absent()
	}
	authority, err := s.Authority(ctx, call, sroi.AuthorityID(owner))
	if err != nil {
		return sroi.Authority{}, sroi.YearClose{}, err
	}
	stored, err := s.Store.YearClose(ctx, authority.ID, year)
	return authority, stored, hidden(err)
}

// YearCloses lists those of an authority by year.
func (s *Service) YearCloses(ctx context.Context, call Call, authority sroi.AuthorityID) ([]sroi.YearClose, error) {
	listed, err := s.listedAuthority(ctx, call, authority)
	if err != nil {
		return nil, err
	}
	return s.Store.YearClosesOf(ctx, listed)
}

// CloseSnapshot is what was frozen with all heads, for whoever keeps it elsewhere.
func (s *Service) CloseSnapshot(ctx context.Context, call Call, id string) (sroi.Snapshot, error) {
	stored, err := s.YearClose(ctx, call, id)
	if err != nil {
		return sroi.Snapshot{}, err
	}
	if stored.State != sroi.CloseFrozen {
		return sroi.Snapshot{}, refuse(Conflict, "nog-niet-vastgesteld", "Deze jaarafsluiting is nog niet vastgesteld; er zijn nog geen hoofden.")
	}
	parts, err := s.Store.ClosedLedgers(ctx, stored.Authority, stored.Year)
	if err != nil {
		return sroi.Snapshot{}, err
	}
	return stored.Snapshot(sroi.HeadsOf(flat(parts))), nil
}

// checkOpenPeriods holds the list of what is known to be open against the
// statements: each that is open must be on it, and where strict what is on it
// must be open.
func (s *Service) checkOpenPeriods(ctx context.Context, c sroi.YearClose, strict bool) error {
	open, err := s.openPeriods(ctx, c.Authority, c.Year)
	if err != nil {
		return err
	}
	waits := map[Due]bool{}
	for _, o := range open {
		waits[Due{o.Contract, o.Period}] = true
	}
	var found faults
	listed := map[Due]bool{}
	for i, known := range c.Open {
		of := Due{known.Contract, known.Period}
		if strict && (!waits[of] || listed[of]) {
			found.add("/open/"+itoa(i), "niet-open", "Deze verantwoording is niet open, hoort niet bij dit jaar, of staat er dubbel. Haal haar van de lijst.")
		}
		listed[of] = true
	}
	for _, o := range open {
		if !listed[Due{o.Contract, o.Period}] {
			found.add("/open", "verantwoording-open", fmt.Sprintf(
				"Contract %s, periode %s: %s. Handel haar af, of zet haar op de lijst met een reden.", o.Contract, o.Period, openWords[o.State]))
		}
	}
	return found.err()
}

var openWords = map[sroi.StatementState]string{
	"": "ontbreekt", sroi.Draft: "concept", sroi.SentBack: "teruggestuurd", sroi.Submitted: "ingediend",
}

// openPeriods are the periods of a year without a decided statement, over all
// contracts of an authority, by contract and period. The pointers of the authority
// name its contracts, so that one registered just now is among them; who they are
// and what they handed in is read by the hundred: 5,000 contracts with a statement
// a quarter take some 250 calls, a few abreast.
func (s *Service) openPeriods(ctx context.Context, authority sroi.AuthorityID, year int) ([]sroi.OpenPeriod, error) {
	ledgers, err := s.Store.LedgersOf(ctx, authority, "", 0)
	if err != nil {
		return nil, err
	}
	var contracts []string
	for _, name := range ledgers {
		if contract, isContract := strings.CutPrefix(name, "CONTRACT#"); isContract {
			contracts = append(contracts, contract)
		}
	}
	due, err := inHundreds(ctx, contracts, func(ctx context.Context, some []string) ([]Due, error) {
		read, err := s.Store.Contracts(ctx, some)
		return dueIn(read, year), err
	})
	if err != nil {
		return nil, err
	}
	return inHundreds(ctx, due, s.undecided)
}

// dueIn are the periods of a year that contracts report on, in their order.
func dueIn(contracts []sroi.Contract, year int) []Due {
	var due []Due
	for i := range contracts {
		for _, period := range contracts[i].Periods() {
			if period.Year() == year {
				due = append(due, Due{contracts[i].ID, period})
			}
		}
	}
	return due
}

// undecided are those of at most 100 periods that have no decided statement.
func (s *Service) undecided(ctx context.Context, due []Due) ([]sroi.OpenPeriod, error) {
	statements, err := s.Store.StatementsDue(ctx, due)
	if err != nil {
		return nil, err
	}
	var open []sroi.OpenPeriod
	for _, of := range due {
		if state := statements[of].State; state != sroi.Decided {
			open = append(open, sroi.OpenPeriod{Contract: of.Contract, Period: of.Period, State: state})
		}
	}
	return open, nil
}

// inHundreds reads what a list leads to by the hundred, as many as one call of the
// store takes, and gives it in order of the list.
func inHundreds[In, Out any](ctx context.Context, list []In, read func(ctx context.Context, some []In) ([]Out, error)) ([]Out, error) {
	parts := slices.Collect(slices.Chunk(list, 100))
	found := make([][]Out, len(parts))
	err := abreast(ctx, len(parts), func(ctx context.Context, i int) (err error) {
		found[i], err = read(ctx, parts[i])
		return err
	})
	return flat(found), err
}

func flat[T any](lists [][]T) []T {
	var all []T
	for _, list := range lists {
		all = append(all, list...)
	}
	return all
}
