// SPDX-License-Identifier: EUPL-1.2

package simulation

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

// verified is a line of which something is verified: in a decided statement, as
// corrected since, or in one that is being decided.
type verified struct {
	contract         sroi.Contract
	statement, about calendar.Period
	submission       int
	line             sroi.Line
	decision         sroi.Decision
}

// verifiedLines are all of them, by contract and statement.
func (w *world) verifiedLines() []verified {
	var all []verified
	for _, id := range idsIn(w.view, "CONTRACT#") {
		contract, l := w.view.contract(id), w.view.ledger(id)
		add := func(s sroi.Statement, line sroi.Line, d sroi.Decision) {
			if d.Verdict == sroi.Rejected {
				return
			}
			v := verified{contract: contract, statement: s.Period, about: line.Claim.Period, submission: s.Submission, line: line, decision: d}
			if v.about.IsZero() {
				v.about = s.Period
			}
			all = append(all, v)
		}
		for _, s := range w.view.statements(id) {
			lines := w.view.lines(s)
			for _, d := range w.view.decisions(s) {
				switch s.State {
				case sroi.Submitted:
					add(s, lines[d.Line-1], d)
				case sroi.Decided:
					add(s, lines[d.Line-1], l.Holding(s.Period, s.Revision, d.Line, d))
				}
			}
		}
	}
	return all
}

// checkPeople holds that nobody works more than the norm week on any day over all
// contracts, nor counts for more hours than the limit, and that what holds is taken.
func (w *world) checkPeople() {
	byPerson := map[sroi.Token][]verified{}
	for _, v := range w.verifiedLines() {
		if v.line.Placed != nil && len(v.decision.Hours) > 0 {
			byPerson[v.line.Placed.Person] = append(byPerson[v.line.Placed.Person], v)
		}
	}
	for _, person := range slices.Sorted(maps.Keys(byPerson)) {
		lines := byPerson[person]
		var hours []ruleset.Hours
		for _, v := range lines {
			hours = append(hours, v.decision.Hours...)
		}
		for _, h := range hours { // the most is reached where a span begins
			var sum calendar.Minutes
			for _, other := range hours {
				if other.Contains(h.From) {
					sum += other.PerWeek
				}
			}
			if norm := w.rulesOf(lines[0].contract.Rules).NormWeek; sum > norm {
				w.t.Errorf("person %s works %s hours a week on %s, over all contracts; the norm is %s", person, sum.Dutch(), h.From, norm.Dutch())
			}
		}
		w.checkPersonLimit(person, lines)
		w.checkHoursTaken(person, lines)
	}
	for _, pk := range w.view.partitions("PERSON#") {
		if person := sroi.Token(strings.TrimPrefix(pk, "PERSON#")); byPerson[person] == nil {
			w.checkHoursTaken(person, nil)
		}
	}
}

// checkPersonLimit holds the hours that count of a person to the limit: of each
// line the part of its hours worked that its value is of its value without limit.
// A cent of rounding per line is left out.
func (w *world) checkPersonLimit(person sroi.Token, lines []verified) {
	var counted calendar.Minutes
	var text []string
	for _, v := range lines {
		var in ruleset.PlacementInput
		must(w.t, json.Unmarshal(v.decision.Receipt.Input, &in))
		rules := w.rulesOf(v.decision.Receipt.Rules)
		if rules.LimitOf(in.Block) == nil {
			continue
		}
		in.Earlier = nil
		in.Worked = 0
		full, err := rules.PlacementValue(&in)
		must(w.t, err)
		take, _ := read[app.Take](w.view, "PERSON#"+string(person), v.takeKey())
		if full == 0 || v.decision.Value <= 1 {
			continue
		}
		part := take.Worked * calendar.Minutes(v.decision.Value-1) / calendar.Minutes(full)
		counted += part
		text = append(text, fmt.Sprintf("%s %s/%d line %d: %s of %s", v.contract.ID, v.statement, v.submission, v.line.Number, part.Dutch(), take.Worked.Dutch()))
	}
	if counted > personHours {
		w.t.Errorf("of person %s %s hours count, over all contracts; the limit is %s\n%s", person, counted.Dutch(), personHours.Dutch(), strings.Join(text, "\n"))
	}
}

func (v verified) takeKey() string {
	return fmt.Sprintf("PERIOD#%s#CONTRACT#%s#%04d", v.about, v.contract.ID, v.line.Claim.Placement.Number)
}

// checkHoursTaken holds what is taken of a person to the decisions that hold.
func (w *world) checkHoursTaken(person sroi.Token, lines []verified) {
	want := map[string]string{}
	for _, v := range lines {
		if other := want[v.takeKey()]; other != "" {
			w.t.Errorf("person %s: %s is verified twice", person, v.takeKey())
		}
		want[v.takeKey()] = fmt.Sprint(v.statement, " ", encoded(v.decision.Hours))
	}
	for _, take := range list[app.Take](w.view, "PERSON#"+string(person), "PERIOD#", "take") {
		k := fmt.Sprintf("PERIOD#%s#CONTRACT#%s#%04d", take.Period, take.Contract, take.Placement)
		statement, _, _ := strings.Cut(take.Holder, "/")
		if !take.Released && len(take.Hours) > 0 && want[k] != statement+" "+encoded(take.Hours) {
			w.t.Errorf("person %s: %s holds %s, the decisions say %q", person, k, encoded(take), want[k])
		}
		if !take.Released {
			delete(want, k)
		}
	}
	for k, hours := range want {
		w.t.Errorf("person %s: %s is verified for %s and not taken", person, k, hours)
	}
}

// checkTakenOnce holds that an invoice, and a day of an activity, is verified once
// within a contract, whatever its spelling.
func (w *world) checkTakenOnce() {
	seen := map[string]string{}
	for _, v := range w.verifiedLines() {
		var place string
		switch claim := v.line.Claim; {
		case claim.Purchase != nil:
			place = fmt.Sprint("invoice ", claim.Purchase.Seller, strings.ToLower(claim.Purchase.Invoice))
		case claim.Activity != nil:
			place = fmt.Sprint("day ", claim.Activity.Block, claim.Activity.Date)
		default:
			continue
		}
		place = v.contract.ID + " " + place
		where := fmt.Sprintf("%s line %d", v.statement, v.line.Number)
		if seen[place] != "" {
			w.t.Errorf("%s is verified in %s and in %s", place, seen[place], where)
		}
		seen[place] = where
	}
}
