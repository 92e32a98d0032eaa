// SPDX-License-Identifier: EUPL-1.2

package simulation

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"socialreturn/internal/app"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

// closeYear closes the next year of an authority; Brummen wants a second person
// for it.
func closeYear(g *game) (order, bool) { return closeNext(g, pick(g, officer.Authorities)) }

// closeNext closes the first year of an authority that is open.
func closeNext(g *game, id sroi.AuthorityID) (order, bool) {
	year := max(g.view.authority(id).ClosedThrough, firstYear-1) + 1
	if year >= g.today().Year() && !g.hit(5) {
		return order{}, false
	}
	in := app.CloseInput{Authority: id, Year: year, Open: g.view.knownOpen(id, year)}
	if len(in.Open) > 0 && g.hit(10) {
		in.Open = in.Open[1:]
	}
	return closeOrder(g.call(pick(g, []app.Actor{consultant, second})), in, g.patience()), true
}

// firstYear is the first that any ledger adds to.
const firstYear = 2021

// patience is how long someone waits for the close of a year: not always until
// it is done, and then it goes on at a repeat. Zero is for ever. It is more than a
// close leaves itself to put down how far it came.
func (g *game) patience() time.Duration {
	if g.hit(30) {
		return time.Duration(7+g.IntN(40)) * time.Second
	}
	return 0
}

func closeOrder(call app.Call, in app.CloseInput, patience time.Duration) order {
	other := in
	other.NoBSN = true
	act, payload := actOf(call, "close-year"), sroi.Digest(in)
	text := fmt.Sprintf("%s %d, %d known open", in.Authority, in.Year, len(in.Open))
	return orderOf("close-year", text, call, in, other, func(ctx context.Context, s *app.Service, call app.Call, in app.CloseInput) (string, error) {
		ctx, done := within(ctx, patience)
		defer done()
		c, err := s.CloseYear(ctx, call, in)
		return fmt.Sprint(c.Authority, c.Year, c.Payload), err
	}).that(false, func(v *view) bool {
		c := v.yearClose(in.Authority, in.Year)
		takenOver := c.Payload == payload && c.State != sroi.ClosePrepared
		return takenOver || slices.Contains(c.Acts(), act)
	})
}

// confirmClose is the second person's word on a close that was prepared.
func confirmClose(g *game) (order, bool) {
	for _, id := range officer.Authorities {
		c := g.view.yearClose(id, g.view.authority(id).ClosedThrough+1)
		if c.Version == 0 {
			c = g.view.yearClose(id, firstYear)
		}
		if c.State == sroi.ClosePrepared || c.Version > 0 && g.hit(2) {
			return confirmOrder(g.matching(pick(g, []app.Actor{consultant, second, second}), c.Version), c, g.patience()), true
		}
	}
	return order{}, false
}

func confirmOrder(call app.Call, c sroi.YearClose, patience time.Duration) order {
	id := app.CloseID(c.Authority, c.Year)
	act := actOf(call, "confirm-close/"+id)
	o := orderOf("confirm-close", id, call, id, id, func(ctx context.Context, s *app.Service, call app.Call, id string) (string, error) {
		ctx, done := within(ctx, patience)
		defer done()
		c, err := s.ConfirmClose(ctx, call, id)
		return fmt.Sprint(c.Authority, c.Year, c.Payload), err
	}).that(true, func(v *view) bool {
		by := v.yearClose(c.Authority, c.Year).Confirmed
		return by != nil && by.Act == act
	})
	o.other = nil // it has no payload
	return o
}

func within(ctx context.Context, patience time.Duration) (context.Context, context.CancelFunc) {
	if patience == 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, patience)
}

// closes tells whether an order closes a year: one that goes on at a repeat.
func (g *given) closes() bool { return g.name == "close-year" || g.name == "confirm-close" }

// goOn repeats what was asked to close a year, which may not have come to its end.
func (w *world) goOn(staff []*person) {
	for _, p := range staff {
		for _, g := range p.given {
			if g.closes() && g.answered {
				p.try(g, 0)
			}
		}
	}
}

// askAgain asks for every close that is frozen once more, by somebody new: that is
// refused, and areas follow that whoever froze it left.
func (w *world) askAgain() {
	g := &game{view: w.view, now: w.now(), keys: w.key}
	for _, id := range officer.Authorities {
		for year := firstYear; year <= w.now().Year(); year++ {
			if w.view.yearClose(id, year).State != sroi.CloseFrozen {
				continue
			}
			o := closeOrder(g.call(consultant), app.CloseInput{Authority: id, Year: year}, 0)
			if out := w.give("again", o, o.run, 0, false); out.kind != refused {
				w.t.Errorf("a year is closed twice: %s", out)
			}
		}
	}
}

func (v *view) authority(id sroi.AuthorityID) sroi.Authority {
	authority, _ := read[sroi.Authority](v, "AUTH#"+string(id), "PROFILE")
	return authority
}

func (v *view) yearClose(id sroi.AuthorityID, year int) sroi.YearClose {
	c, _ := read[sroi.YearClose](v, "AREA#"+string(id), fmt.Sprint("CLOSE#", year))
	return c
}

// knownOpen are the periods of a year that have no decided statement yet.
func (v *view) knownOpen(id sroi.AuthorityID, year int) []app.KnownOpen {
	var open []app.KnownOpen
	for _, pk := range v.ledgersOf(id) {
		if contract, is := strings.CutPrefix(pk, "CONTRACT#"); is {
			for _, o := range v.ledger(contract).OpenIn(year) {
				open = append(open, app.KnownOpen{Contract: o.Contract, Period: o.Period, Reason: "Wacht op stukken."})
			}
		}
	}
	return open
}

// ledgersOf are the ledgers of an authority, by name.
func (v *view) ledgersOf(id sroi.AuthorityID) []string {
	var owned []string
	for _, contract := range idsIn(v, "CONTRACT#") {
		if v.contract(contract).Authority == id {
			owned = append(owned, "CONTRACT#"+contract)
		}
	}
	for _, tender := range idsIn(v, "TENDER#") {
		if t, _ := read[sroi.Tender](v, "TENDER#"+tender, "HEAD"); t.Authority == id {
			owned = append(owned, "TENDER#"+tender)
		}
	}
	return owned
}

// checkCloses holds what was closed to the ledgers as they were then. What is
// frozen is looked at in the end of every run, so whatever came later changed
// nothing of it.
func (w *world) checkCloses() {
	for _, pk := range w.view.partitions("AREA#") {
		for _, c := range list[sroi.YearClose](w.view, pk, "CLOSE#", "yearClose") {
			w.checkClose(c)
		}
		for _, c := range list[sroi.AreaClose](w.view, pk, "CLOSED#", "areaClose") {
			w.checkAreaClose(c)
		}
	}
}

// checkClose holds the heads that a close keeps to entries that close the year,
// one in every ledger, and what is frozen to the fold of the ledgers cut there.
func (w *world) checkClose(c sroi.YearClose) {
	name := app.CloseID(c.Authority, c.Year)
	kept := slices.Concat(list[[]sroi.ClosedLedger](w.view, "AREA#"+string(c.Authority)+fmt.Sprint("#CLOSE#", c.Year), "HEADS#", "heads")...)
	seen := map[string]bool{}
	var facts []sroi.Facts
	var open []sroi.OpenPeriod
	for _, ledger := range kept {
		if seen[ledger.Ledger] {
			w.t.Errorf("close %s keeps %s twice", name, ledger.Ledger)
		}
		seen[ledger.Ledger] = true
		cut, closed := w.closing(ledger.Ledger, c.Year)
		if cut.Seq != ledger.Seq || cut.Hash != ledger.Hash || closed == ledger.Late {
			w.t.Errorf("close %s: its head %+v is not the entry %d %s", name, ledger, cut.Seq, cut.Kind)
			continue
		}
		if closed {
			part, left := w.cutAt(ledger.Ledger, cut.Seq, c.Area, c.Year)
			facts, open = append(facts, part), append(open, left...)
		}
	}
	if c.State != sroi.CloseFrozen {
		return
	}
	for _, ledger := range w.view.ledgersOf(c.Authority) {
		if cut, closed := w.closing(ledger, c.Year); !seen[ledger] && (closed || cut.Closes < c.Year) {
			w.t.Errorf("close %s was frozen without %s", name, ledger)
		}
	}
	if figures := sroi.FiguresOf(facts); c.Figures == nil || encoded(figures) != encoded(*c.Figures) {
		w.t.Errorf("close %s froze\n%s, its ledgers then came to\n%s", name, encoded(c.Figures), encoded(figures))
	}
	if digest := c.Snapshot(sroi.HeadsOf(kept)).Digest(); digest != c.Digest {
		w.t.Errorf("close %s: its digest is not that of what it froze", name)
	}
	if !sameOpen(c.Open, open) {
		w.t.Errorf("close %s has as open %+v, its ledgers then had %+v", name, c.Open, open)
	}
	if w.view.authority(c.Authority).ClosedThrough < c.Year {
		w.t.Errorf("close %s is frozen and its authority is open", name)
	}
}

// sameOpen compares what is open, without the reasons that people gave.
func sameOpen(frozen, found []sroi.OpenPeriod) bool {
	frozen, found = slices.Clone(frozen), slices.Clone(found)
	for i := range frozen {
		frozen[i].Reason = ""
	}
	byName := func(a, b sroi.OpenPeriod) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) }
	slices.SortFunc(frozen, byName)
	slices.SortFunc(found, byName)
	return slices.Equal(frozen, found)
}

// checkAreaClose holds the figures that an area was closed with to the fold of all
// ledgers that count in it, each cut at its own head.
func (w *world) checkAreaClose(c sroi.AreaClose) {
	var facts []sroi.Facts
	for _, id := range officer.Authorities {
		if !slices.Contains(w.view.authority(id).AreasIn(c.Year), c.Area) {
			continue
		}
		for _, ledger := range w.view.ledgersOf(id) {
			cut, closed := w.closing(ledger, c.Year)
			if closed {
				part, _ := w.cutAt(ledger, cut.Seq, c.Area, c.Year)
				facts = append(facts, part)
			} else if cut.Closes < c.Year {
				w.t.Errorf("%s of %d was frozen while %s was open", c.Area, c.Year, ledger)
			}
		}
	}
	if figures := sroi.FiguresOf(facts); encoded(figures) != encoded(c.Figures) {
		w.t.Errorf("%s of %d was frozen as\n%s, its ledgers then came to\n%s", c.Area, c.Year, encoded(c.Figures), encoded(figures))
	}
}

// checkAreas wants the year of an area to be frozen with the last of its authorities
// and not before: in the end of a run, when all that was left half is done.
func (w *world) checkAreas() {
	open := map[key]bool{} // the closes of areas
	for _, id := range officer.Authorities {
		for year := firstYear; year <= w.now().Year(); year++ {
			for _, area := range w.view.authority(id).AreasIn(year) {
				of := key{"AREA#" + area, fmt.Sprint("CLOSED#", year)}
				open[of] = open[of] || w.view.yearClose(id, year).State != sroi.CloseFrozen
			}
		}
	}
	for of, isOpen := range open {
		if _, frozen := w.view.items[of]; frozen == isOpen {
			w.t.Errorf("%s %s: an authority is open: %v, it is frozen: %v", of.pk, of.sk, isOpen, frozen)
		}
	}
}

// closing is the first entry of a ledger that knows a year to be closed, and
// whether it is the one that closed it; otherwise the ledger began later.
func (w *world) closing(ledger string, year int) (sroi.Entry, bool) {
	for _, e := range w.view.entries(ledger) {
		if e.Closes >= year {
			return e, e.Kind == sroi.YearClosed && e.Closes == year
		}
	}
	return sroi.Entry{}, false
}

// cutAt is what a ledger added to an area's year when it had so many entries, and
// what was open in it then.
func (w *world) cutAt(ledger string, seq int, area string, year int) (sroi.Facts, []sroi.OpenPeriod) {
	var parts []sroi.Contribution
	var open []sroi.OpenPeriod
	if id, isContract := strings.CutPrefix(ledger, "CONTRACT#"); isContract {
		cut := w.view.ledger(id).Through(seq)
		parts, open = sroi.ContractContributions(cut, w.extraJobs(cut)), cut.OpenIn(year)
	} else {
		parts = sroi.TenderContributions(w.view.entries(ledger)[:seq])
	}
	for _, part := range parts {
		if part.Area == area && part.Year == year {
			return part.Facts(), open
		}
	}
	return sroi.Facts{}, open
}

// extraJobs says what counts as an extra job under the rules that a contract has been under.
func (w *world) extraJobs(l sroi.Ledger) map[ruleset.Ref]ruleset.ExtraJob {
	extra := map[ruleset.Ref]ruleset.ExtraJob{}
	for n := range len(l.Amendments) + 1 {
		rules := w.rulesOf(l.ContractAfter(n).Rules)
		extra[rules.Ref()] = rules.ExtraJob
	}
	return extra
}
