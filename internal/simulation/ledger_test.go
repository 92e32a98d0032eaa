// SPDX-License-Identifier: EUPL-1.2

package simulation

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"sync"

	"socialreturn/internal/money"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

// ledger is a contract's ledger as the table has it, read without the store.
func (v *view) ledger(id string) sroi.Ledger {
	pk := "CONTRACT#" + id
	l := sroi.Ledger{
		Contract: v.contract(id), Entries: v.entries(pk),
		Amendments:  list[sroi.Amendment](v, pk, "AMENDMENT#", "amendment"),
		Corrections: list[sroi.Correction](v, pk, "CORRECTION#", "correction"),
	}
	for _, e := range l.Entries {
		if e.Period.IsZero() || e.LinesHash == "" {
			continue
		}
		r := sroi.Revision{Period: e.Period, Number: e.Revision, LinesHash: e.LinesHash, Submission: e.Submission}
		r.Lines = list[sroi.Line](v, pk, revision(r.Period, r.Number, r.LinesHash)+"LINE#", "line")
		r.Decisions = v.decisionsOn(id, r)
		same := func(other sroi.Revision) bool {
			return other.Period == r.Period && other.Number == r.Number && other.LinesHash == r.LinesHash
		}
		if i := slices.IndexFunc(l.Revisions, same); i >= 0 {
			l.Revisions[i] = r
		} else {
			l.Revisions = append(l.Revisions, r)
		}
	}
	return l
}

// encoded is a body as the store writes it.
func encoded(body any) string {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(body); err != nil {
		panic(err) // all our types have JSON
	}
	return strings.TrimSuffix(buffer.String(), "\n")
}

// checkContract holds a contract's ledger to its chain, its balance and its items.
func (w *world) checkContract(id string) {
	l := w.view.ledger(id)
	folded := sroi.Balance{Contract: id}
	for _, e := range l.Entries {
		var err error
		if folded, err = folded.Apply(e); err != nil {
			w.t.Errorf("contract %s: %v", id, err)
			return
		}
	}
	stored := w.view.balance(id)
	if encoded(folded) != encoded(stored) {
		w.t.Errorf("contract %s: the balance %+v is not the fold of its entries %+v", id, stored, folded)
	}
	w.checkAmendments(l)
	w.checkStatements(l)
	w.checkSums(l, stored)
}

func (w *world) checkAmendments(l sroi.Ledger) {
	id := l.Contract.ID
	if len(l.Amendments) != l.Contract.Version-1 {
		w.t.Errorf("contract %s of version %d has %d amendments", id, l.Contract.Version, len(l.Amendments))
	}
	if first := sroi.Digest(l.ContractAfter(0)); l.Entries[0].Subject != first {
		w.t.Errorf("contract %s: the first entry books another contract", id)
	}
	for i, a := range l.Amendments {
		if a.Number != i+1 || a.Entry > len(l.Entries) || l.Entries[a.Entry-1].Amendment != a.Number || l.Entries[a.Entry-1].Subject != sroi.Digest(a) {
			w.t.Errorf("contract %s: amendment %d is not the one that its entry books", id, i+1)
		}
		if a.Becomes != sroi.Digest(l.ContractAfter(a.Number)) {
			w.t.Errorf("contract %s: amendment %d made something else of it", id, i+1)
		}
	}
	for _, e := range l.Entries {
		if e.Correction == "" {
			continue
		}
		c, there := read[sroi.Correction](w.view, "CONTRACT#"+id, "CORRECTION#"+e.Correction)
		if !there || sroi.Digest(c) != e.Subject {
			w.t.Errorf("contract %s: entry %d books another correction", id, e.Seq)
		}
	}
}

// checkStatements holds each statement to its entries, its lines and decisions to
// their hashes, and what is verified to what is claimed.
func (w *world) checkStatements(l sroi.Ledger) {
	id := l.Contract.ID
	for _, s := range w.view.statements(id) {
		state, submission := sroi.Draft, 0
		for _, e := range l.Entries {
			if e.Period != s.Period || e.Period.IsZero() || e.Correction != "" {
				continue
			}
			submission = e.Submission
			state = map[sroi.EntryKind]sroi.StatementState{
				sroi.StatementSubmitted: sroi.Submitted, sroi.StatementWithdrawn: sroi.Draft, sroi.StatementSentBack: sroi.SentBack, sroi.StatementDecided: sroi.Decided,
			}[e.Kind]
		}
		if s.State != state || s.Submission != submission {
			w.t.Errorf("contract %s %s: is %s after %d submissions, its entries say %s after %d", id, s.Period, s.State, s.Submission, state, submission)
		}
		lines := w.view.lines(s)
		if len(lines) != s.Lines || sroi.DigestAll(lines) != s.LinesHash {
			w.t.Errorf("contract %s %s: the lines are not those of the statement", id, s.Period)
		}
		if s.State == sroi.Decided && s.Verified+s.Rejected != s.Claimed {
			w.t.Errorf("contract %s %s: verified %d and rejected %d of %d", id, s.Period, s.Verified, s.Rejected, s.Claimed)
		}
		for _, d := range w.view.decisions(s) {
			if line := lines[d.Line-1]; d.Value < 0 || d.Value > line.Value {
				w.t.Errorf("contract %s %s line %d: verified %d of %d", id, s.Period, d.Line, d.Value, line.Value)
			}
		}
	}
	for _, e := range l.Entries {
		if e.Kind != sroi.StatementDecided {
			continue
		}
		decisions := w.view.decisionsOn(id, sroi.Revision{Period: e.Period, Number: e.Revision, LinesHash: e.LinesHash, Submission: e.Submission})
		if len(decisions) != e.Lines || sroi.DigestAll(decisions) != e.DecisionsHash {
			w.t.Errorf("contract %s: entry %d hashes other decisions than there are", id, e.Seq)
		}
	}
}

// checkSums holds a balance to the lines and statements that it is the sum of.
func (w *world) checkSums(l sroi.Ledger, balance sroi.Balance) {
	var pending, verified money.Cents
	for _, s := range w.view.statements(l.Contract.ID) {
		if s.State == sroi.Submitted {
			pending += s.Claimed
		}
	}
	for _, line := range l.DecidedLines() {
		if line.Decision.Value < 0 || line.Decision.Receipt.Rules == line.Line.Receipt.Rules && line.Decision.Value > line.Line.Value {
			w.t.Errorf("contract %s %s line %d: %d holds of %d", l.Contract.ID, line.Period, line.Line.Number, line.Decision.Value, line.Line.Value)
		}
		verified += line.Decision.Value
	}
	for _, c := range l.Corrections {
		if c.Decision == nil {
			verified += c.Delta
		}
	}
	if l.Contract.Opening != nil {
		verified += l.Contract.Opening.Verified
	}
	obliged := l.Contract.Obligation.Amount
	if balance.Pending != pending || balance.Verified != verified || balance.Obliged != obliged {
		w.t.Errorf("contract %s: pending %d, verified %d, obliged %d; its statements, lines and contract say %d, %d, %d",
			l.Contract.ID, balance.Pending, balance.Verified, balance.Obliged, pending, verified, obliged)
	}
}

// checkTender holds a tender's ledger to its chain and its newest version.
func (w *world) checkTender(id string) {
	tender, _ := read[sroi.Tender](w.view, "TENDER#"+id, "HEAD")
	entries, prev := w.view.entries("TENDER#"+id), ""
	for i, e := range entries {
		if e.Seq != i+1 || e.Prev != prev || e.Sealed(e.Seq, e.Prev).Hash != e.Hash {
			w.t.Errorf("tender %s: entry %d does not follow", id, i+1)
		}
		prev = e.Hash
	}
	if len(entries) != tender.Version || tender.Head != prev {
		w.t.Errorf("tender %s of version %d has %d entries", id, tender.Version, len(entries))
	}
}

// checkUnique holds references, numbers and lots to one holder each.
func (w *world) checkUnique() {
	holders := map[string]string{}
	take := func(place, id string) {
		if holder := holders[place]; holder != "" {
			w.t.Errorf("%s has both %s and %s", place, holder, id)
		}
		holders[place] = id
	}
	for _, id := range idsIn(w.view, "TENDER#") {
		tender, _ := read[sroi.Tender](w.view, "TENDER#"+id, "HEAD")
		take("reference "+string(tender.Authority)+" "+tender.Reference, id)
	}
	for _, id := range idsIn(w.view, "CONTRACT#") {
		contract := w.view.contract(id)
		take("number "+string(contract.Authority)+" "+contract.Number, id)
		take("lot "+contract.Tender+" "+contract.Lot, id)
		tender, _ := read[sroi.Tender](w.view, "TENDER#"+contract.Tender, "HEAD")
		lot, _ := tender.Lot(contract.Lot)
		if award, awarded := lot.Awarded(); !awarded || award.State != sroi.Final || award.Supplier != contract.Supplier || tender.Withdrawn {
			w.t.Errorf("contract %s: its lot is no longer awarded", id)
		}
	}
}

// checkReceipts replays every receipt that is stored. What one receipt comes to
// is the same in every run.
func (w *world) checkReceipts() {
	for _, id := range idsIn(w.view, "CONTRACT#") {
		for _, sk := range w.view.order["CONTRACT#"+id] {
			switch item := w.view.items[key{"CONTRACT#" + id, sk}]; textOf(item, "type") {
			case "contract":
				w.replayReceipt(remembered[sroi.Contract](w.view, item).Obligation.Receipt)
			case "line":
				w.replayReceipt(remembered[sroi.Line](w.view, item).Receipt)
			case "decision":
				w.replayReceipt(remembered[sroi.Decision](w.view, item).Receipt)
			case "correction":
				c := remembered[sroi.Correction](w.view, item)
				w.replayReceipt(c.Receipt)
				if c.Decision != nil {
					w.replayReceipt(c.Decision.Receipt)
				}
			}
		}
	}
}

var replayed sync.Map // receipts, as text

func (w *world) replayReceipt(stored ruleset.Receipt) {
	text := encoded(stored)
	if _, known := replayed.Load(text); known {
		return
	}
	again, err := w.rules.Replay(stored)
	if err != nil || encoded(again) != text {
		w.t.Errorf("a receipt does not replay: %v\nstored   %s\nreplayed %s", err, text, encoded(again))
		return
	}
	replayed.Store(text, true)
}
