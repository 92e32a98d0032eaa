// SPDX-License-Identifier: EUPL-1.2

package verify_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"socialreturn/infra/local/verify"
	"socialreturn/internal/app"
	"socialreturn/internal/sroi"
)

// withoutEnds is an export without the ends of its pages.
func withoutEnds(t testing.TB, export string) []string {
	t.Helper()
	return slices.DeleteFunc(linesOf(export), func(text string) bool { return parsed(t, text).Kind == "einde" })
}

// However an export is cut into pages, also within a ledger and within the lines
// of an entry, together they are the same.
func TestPagesAreTheWhole(t *testing.T) {
	t.Parallel()
	h, export, heads := closedYear(t)
	want := withoutEnds(t, export)
	for _, perPage := range []int{1, 2, 3, 5, 7, 11, len(want) - 1, len(want)} {
		pages := h.export(actor(sroi.Auditor), everything, perPage)
		if got := withoutEnds(t, pages); !slices.Equal(got, want) {
			t.Errorf("pages of %d: %d records, want %d", perPage, len(got), len(want))
		}
		if n := len(linesOf(pages)) - len(want); n != (len(want)+perPage-1)/perPage {
			t.Errorf("%d records come in %d pages of %d", len(want), n, perPage)
		}
		h.accepted(pages, heads)
		lines := linesOf(pages)
		ends := slices.IndexFunc(lines, func(text string) bool { return parsed(t, text).Kind == "einde" })
		if perPage < len(want) {
			_, err := h.check(strings.Join(lines[ends+1:], ""), heads)
			faulty(t, "a first page left out", err)
			_, err = h.check(strings.Join(lines[:ends+1], ""), heads)
			faulty(t, "only a first page", err)
		}
	}
	for name, path := range paths(t, export) {
		alone := h.export(actor(sroi.Auditor), path, 0)
		records, _, _ := ledgerOf(t, linesOf(export), name)
		if got := withoutEnds(t, alone); len(got) != len(records) || got[0] != records[0].String() {
			t.Errorf("%s alone is not what it is among all", name)
		}
		if pages := h.export(actor(sroi.Auditor), path, 2); !slices.Equal(withoutEnds(t, pages), withoutEnds(t, alone)) {
			t.Errorf("%s in pages is not the whole", name)
		}
		h.accepted(alone, nil)
	}
}

// paths are where each ledger of an export is by itself.
func paths(t testing.TB, export string) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, text := range withoutEnds(t, export) {
		name := parsed(t, text).Ledger
		kind, id, _ := strings.Cut(name, "#")
		found[name] = map[string]string{"CONTRACT": "/v1/contracten/", "TENDER": "/v1/aanbestedingen/"}[kind] + id + "/mutaties"
	}
	return found
}

// A statement of many lines does not fit a page, nor does its ledger.
func TestALargeLedgerIsSplit(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	contract := h.contract(h.tender(apeldoorn, "groot", "2021-10-01"), year(2022), nil)
	h.today = "2022-04-05"
	var claims []sroi.Claim
	for n := range 900 {
		claims = append(claims, h.invoice(contract, fmt.Sprint("F-", n)))
	}
	h.decide(h.submit(contract, "2022-Q1", claims...))
	largest, pages, query := 0, 0, ""
	var all strings.Builder
	for more := true; more; more = query != "" {
		status, content, next := h.page(actor(sroi.Consultant), everything, query)
		if status != http.StatusOK {
			t.Fatal(content)
		}
		all.WriteString(content)
		query, pages, largest = next, pages+1, max(largest, len(encoded(t, content))) // as the answer of a function
	}
	result := h.accepted(all.String(), nil)
	if pages < 2 || largest > 4<<20 || result.Lines != 900 || result.Decisions != 900 {
		t.Errorf("%d pages, the largest of %d bytes: %+v", pages, largest, result)
	}
}

// Who may not see findings gets no line, decision or correction, whether it has
// a finding or not; the chain verifies all the same, and a change is found.
func TestWhatIsHiddenKeepsItsHash(t *testing.T) {
	t.Parallel()
	h, export, heads := closedYear(t)
	hidden := h.export(actor(sroi.Officer), everything, 0)
	result := h.accepted(hidden, heads)
	want := 0
	for _, text := range withoutEnds(t, export) {
		switch parsed(t, text).Kind {
		case "regel", "beoordeling", "correctie":
			want++
		}
	}
	if result.Hidden != want || result.Year.Confirmed || len(result.Unchecked) != 2 {
		t.Errorf("%d of %d hidden: %+v", result.Hidden, want, result)
	}
	for i, text := range linesOf(hidden) {
		r := parsed(t, text)
		if secret := r.Kind == "regel" || r.Kind == "beoordeling" || r.Kind == "correctie"; !secret {
			continue
		}
		if r.Content != nil {
			t.Errorf("line %d shows %s", i+1, r.Kind)
		}
		changedText := strings.Replace(text, r.Hash, changed(`"` + r.Hash + `"`)[1:len(r.Hash)+1], 1)
		_, err := h.check(strings.Replace(hidden, text, changedText, 1), heads)
		if f := faulty(t, "a hidden record", err); f.Ledger != r.Ledger || f.Entry != r.Entry {
			t.Errorf("line %d: %v", i+1, f)
		}
	}
	for name, path := range paths(t, export) {
		if strings.HasPrefix(name, "CONTRACT#") {
			supplied := h.export(actor(sroi.Supplier), path, 0)
			if h.accepted(supplied, nil); strings.Contains(supplied, "person") {
				t.Errorf("a supplier is shown persons in %s", name)
			}
		}
	}
}

// What is foreign is as absent as what does not exist, and a cursor leads nowhere
// that its list does not go.
func TestNobodyExportsWhatIsNotTheirs(t *testing.T) {
	t.Parallel()
	h, export, _ := closedYear(t)
	theirs := "CONTRACT#" + h.contract(h.tender(zutphen, "vreemd", "2023-02-01"), year(2023), nil).ID
	own := paths(t, export)
	var contract, tender string
	for name := range own {
		if strings.HasPrefix(name, "CONTRACT#") {
			contract = name
		} else {
			tender = name
		}
	}
	stranger := app.Actor{Role: sroi.Auditor, ID: "z", Authorities: []sroi.AuthorityID{zutphen}}
	others := h.export(stranger, "/v1/opdrachtgevers/"+string(zutphen)+"/mutaties", 0)
	var foreign string
	for name := range paths(t, others) {
		if strings.HasPrefix(name, "TENDER#") {
			foreign = name
		}
	}
	for _, c := range []struct {
		what        string
		who         app.Actor
		path, query string
		status      int
	}{
		{"a foreign authority", stranger, everything, "", 404},
		{"an absent authority", stranger, "/v1/opdrachtgevers/00000001000000000000/mutaties", "", 404},
		{"a foreign contract", stranger, own[contract], "", 404},
		{"a foreign tender", stranger, own[tender], "", 404},
		{"another desk's authority", app.Actor{Role: sroi.Consultant, ID: "z", Desk: "elders"}, everything, "", 404},
		{"an authority for a supplier", actor(sroi.Supplier), everything, "", 403},
		{"a tender for a supplier", actor(sroi.Supplier), own[tender], "", 403},
		{"an authority for an administrator", actor(sroi.Administrator), everything, "", 403},
		{"a foreign tender by cursor", actor(sroi.Auditor), everything, "cursor=" + url.QueryEscape(foreign+"/1/0"), 400},
		{"a foreign contract by cursor", actor(sroi.Auditor), everything, "cursor=" + url.QueryEscape(theirs+"/1/0"), 400},
		{"a contract of the desk's other authority by cursor", actor(sroi.Consultant), everything, "cursor=" + url.QueryEscape(theirs+"/1/0"), 400},
		{"an absent ledger by cursor", actor(sroi.Auditor), everything, "cursor=" + url.QueryEscape("CONTRACT#nergens/1/0"), 400},
		{"no ledger by cursor", actor(sroi.Auditor), everything, "cursor=" + url.QueryEscape("PROFILE/1/0"), 400},
		{"a cursor of another contract", actor(sroi.Auditor), own[contract], "cursor=" + url.QueryEscape(tender+"/1/0"), 400},
		{"a cursor of another tender", actor(sroi.Auditor), own[tender], "cursor=" + url.QueryEscape(contract+"/1/0"), 400},
		{"a cursor before the first", actor(sroi.Auditor), own[contract], "cursor=" + url.QueryEscape(contract+"/0/0"), 400},
		{"a cursor that is none", actor(sroi.Auditor), everything, "cursor=12", 400},
		{"a cursor written otherwise", actor(sroi.Auditor), everything, "cursor=" + url.QueryEscape(contract+"/01/0"), 400},
		{"an unknown parameter", actor(sroi.Auditor), everything, "vanaf=1", 400},
		{"too many per page", actor(sroi.Auditor), everything, "perPage=101", 400},
	} {
		status, content, _ := h.page(c.who, c.path, c.query)
		if status != c.status || strings.Contains(content, "inhoud\":") {
			t.Errorf("%s: %d %s", c.what, status, content)
		}
	}
}

// Exports of single ledgers may follow each other; one of two authorities does
// not fit the heads of one.
func TestExportsInARow(t *testing.T) {
	t.Parallel()
	h, export, heads := closedYear(t)
	auditor := actor(sroi.Auditor)
	auditor.Authorities = append(auditor.Authorities, zutphen)
	others := h.export(auditor, "/v1/opdrachtgevers/"+string(zutphen)+"/mutaties", 0)
	if result := h.accepted(export+others, nil); result.Tenders != 5 {
		t.Errorf("%+v", result)
	}
	_, err := h.check(export+others, heads)
	faulty(t, "another authority's ledger", err)
	_, err = h.check(export+export, nil)
	faulty(t, "everything twice", err)
	if _, err := h.check("", nil); !isUnreadable(err, 1) {
		t.Errorf("nothing at all: %v", err)
	}
	for i, text := range []string{"geen json\n", "[]\n", "{}{}\n", `{"soort":"mutatie","soort":"mutatie"}` + "\n", ` {"soort":"einde","records":0}` + "\n", strings.Repeat("x", 5<<20)} {
		if _, err := h.check(linesOf(export)[0]+text, nil); !isUnreadable(err, 2) {
			t.Errorf("unreadable %d: %v", i, err)
		}
	}
	for _, text := range []string{"", "{}", "geen json", `{"opdrachtgever":"x","gebied":"GM0200","digest":"x","hoofden":[{"grootboek":"a","nummer":0}]}`} {
		if _, err := h.check(export, []byte(text)); !isUnreadable(err, 0) {
			t.Errorf("heads %q: %v", text, err)
		}
	}
}

func isUnreadable(err error, line int) bool {
	found, ok := errors.AsType[*verify.Unreadable](err)
	return ok && found.Line == line
}
