// SPDX-License-Identifier: EUPL-1.2

package simulation

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"socialreturn/internal/sroi"
	"socialreturn/internal/store/model"
)

// inspect holds the table against everything that must be true of it.
func (w *world) inspect() {
	w.inspectLedgers()
	w.checkPeople()
	w.checkFigures()
}

// inspectLedgers holds what must be true at every moment, also where someone died
// half-way and nobody repeats what he asked.
func (w *world) inspectLedgers() {
	w.changes() // takes in what is new
	w.checkChanges()
	for _, id := range idsIn(w.view, "TENDER#") {
		w.checkTender(id)
	}
	for _, id := range idsIn(w.view, "CONTRACT#") {
		w.checkContract(id)
	}
	w.checkUnique()
	w.checkTakenOnce()
	w.checkReceipts()
	w.checkCloses()
}

// checkChanges holds every change of the run, and so every state in between: what
// is written once stays, versions go up by one, nobody takes what another holds.
func (w *world) checkChanges() {
	for _, c := range w.engine.Changes(tableName, w.begun) {
		if fault := faultIn(c); fault != "" {
			w.t.Errorf("change %d of %s %s: %s", c.Sequence, keyOf(c.New).pk, keyOf(c.New).sk, fault)
		}
	}
}

func faultIn(c model.Change) string {
	switch kind := textOf(c.New, "type"); kind {
	case "entry", "line", "decision", "amendment", "correction", "planRevision", "pointer", "sighting", "reservation", "heads", "areaClose":
		if c.Old != nil {
			return "a " + kind + " is written over"
		}
	case "balance":
		if c.Old != nil && numberOf(c.New, "seq") != numberOf(c.Old, "seq")+1 {
			return "the number jumps"
		}
	case "tender", "contract", "placement", "statement", "plan", "tally", "total", "authority", "yearClose":
		if kind == "yearClose" && c.Old != nil && bodyOf[sroi.YearClose](c.Old).State == sroi.CloseFrozen {
			return "a frozen close changes"
		}
		if numberOf(c.New, "version") != numberOf(c.Old, "version")+1 {
			return "the version jumps"
		}
	case "contribution":
		if numberOf(c.New, "seq") <= numberOf(c.Old, "seq") {
			return "an older contribution takes the place of a newer one"
		}
		if was := textOf(c.Old, "body"); strings.Contains(was, `"closing"`) && !sameClosing(bodyOf[sroi.Contribution](c.Old).Closing, bodyOf[sroi.Contribution](c.New).Closing) {
			return "what was closed becomes something else"
		}
		if !actsAddUp(bodyOf[sroi.Contribution](c.New)) {
			return "the acts after the close do not add up to the correction"
		}
	case "take":
		if c.Old != nil && c.Old["released"].BOOL == nil && statementOf(c.Old) != statementOf(c.New) {
			return "it was taken by " + textOf(c.Old, "holder")
		}
	}
	return ""
}

// sameClosing tells whether a ledger adds to a closed year what it did before;
// acts may have joined.
func sameClosing(was, is *sroi.Closing) bool {
	return was == nil || is != nil && was.Seq == is.Seq && encoded(was.Facts) == encoded(is.Facts) && len(was.Acts) <= len(is.Acts)
}

// actsAddUp tells whether what a ledger adds to a closed year is what it added
// then with what each act since made more of it.
func actsAddUp(c sroi.Contribution) bool {
	if c.Closing == nil || len(c.Steps) == 0 {
		return true
	}
	now, then := c.Steps[len(c.Steps)-1].Facts, c.Closing.Facts
	for _, act := range c.Closing.Acts {
		then.Verified += act.Realised
		then.ObligedWhole += act.Obliged
	}
	return now.Verified == then.Verified && now.ObligedWhole == then.ObligedWhole
}

func numberOf(item model.Item, name string) int {
	if value := item[name].N; value != nil {
		if n, err := strconv.Atoi(*value); err == nil {
			return n
		}
	}
	return 0
}

// statementOf is the statement that holds a take.
func statementOf(take model.Item) string {
	period, _, _ := strings.Cut(textOf(take, "holder"), "/")
	return period
}

// checkFigures holds contributions to the ledgers and totals to their
// contributions, byte for byte, and both to be complete.
func (w *world) checkFigures() {
	want := map[key]string{}
	parts := map[key][]sroi.Contribution{} // by the total's key
	for _, c := range w.contributions() {
		year := strconv.Itoa(c.Year)
		want[key{"AREA#" + c.Area + "#YEAR#" + year, c.Source}] = encoded(c)
		total := key{"AREA#" + c.Area, "YEAR#" + year}
		parts[total] = append(parts[total], c)
	}
	for k, contributions := range parts {
		total, courses := sroi.Fold(contributions[0].Area, contributions[0].Year, contributions)
		total.Version = numberOf(w.view.items[k], "version")
		want[k] = encoded(total)
		for _, course := range courses {
			want[key{k.pk, k.sk + "#COURSE#" + course.Month}] = encoded(course)
		}
	}
	for _, pk := range w.view.partitions("AREA#") {
		for _, sk := range w.view.order[pk] {
			if kind := textOf(w.view.items[key{pk, sk}], "type"); kind == "yearClose" || kind == "heads" || kind == "areaClose" {
				continue // held to the ledgers by checkCloses
			}
			emptied := strings.Contains(sk, "#COURSE#") && len(remembered[sroi.Course](w.view, w.view.items[key{pk, sk}]).Days) == 0
			if _, wanted := want[key{pk, sk}]; !wanted && !emptied {
				w.t.Errorf("%s %s is in no ledger", pk, sk)
			}
		}
	}
	for _, k := range slices.SortedFunc(maps.Keys(want), func(a, b key) int { return strings.Compare(a.pk+a.sk, b.pk+b.sk) }) {
		if stored := textOf(w.view.items[k], "body"); stored != want[k] {
			w.t.Errorf("%s %s is not what the ledgers come to:\nstored %s\nledger %s", k.pk, k.sk, stored, want[k])
		}
	}
}

// contributions are those that the ledgers come to.
func (w *world) contributions() []sroi.Contribution {
	var all []sroi.Contribution
	for _, pk := range w.view.partitions("TENDER#") {
		all = append(all, sroi.TenderContributions(w.view.entries(pk))...)
	}
	for _, id := range idsIn(w.view, "CONTRACT#") {
		l := w.view.ledger(id)
		all = append(all, sroi.ContractContributions(l, w.extraJobs(l))...)
	}
	return all
}
