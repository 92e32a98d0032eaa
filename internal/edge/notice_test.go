// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"socialreturn/internal/intake"
	"socialreturn/internal/sroi"
)

// notices are small ones of our own and, beside the repository, the samples of
// the eForms SDK; the log says where those are absent.
func notices(t *testing.T) []string {
	t.Helper()
	own, err := filepath.Glob("../intake/testdata/*.xml")
	if err != nil || len(own) == 0 {
		t.Fatalf("no notices: %v", err)
	}
	samples, err := filepath.Glob("../../../shared/data/eforms/*.xml")
	if err != nil {
		t.Fatal(err)
	}
	if len(samples) == 0 {
		t.Log("the samples of the eForms SDK are not beside the repository: only our own notices are imported")
	}
	return append(own, samples...)
}

func TestEveryNoticeImports(t *testing.T) {
	t.Parallel()
	for _, file := range notices(t) {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		notice, err := intake.ReadNotice(strings.NewReader(string(content)))
		if err != nil || notice.Issued.IsZero() || len(notice.Lots) == 0 {
			continue // for the tests of that room
		}
		w := newWorld(t)
		w.putAuthority()
		w.clock.set("2030-01-01")
		got := w.do(ask{method: "POST", path: "/v1/aanbestedingen", token: w.officer(), key: "xml", media: mediaXML, body: string(content)})
		if got.status != 201 {
			t.Errorf("%s: %s", filepath.Base(file), got.text)
			continue
		}
		for _, lot := range got.at("percelen").([]any) {
			if state := lot.(map[string]any)["socialReturn"]; state != "voorgesteld" {
				t.Errorf("%s: a lot of a notice has Social Return %v before a person said so", filepath.Base(file), state)
			}
		}
	}
}

func TestTenderFromNotice(t *testing.T) {
	t.Parallel()
	notice := intake.Notice{
		ID: "n-1", Subtype: "16", Title: "Wegen",
		Lots: []intake.Lot{
			{ID: "LOT-1", SocialReturn: []intake.Clue{{Field: "BT-775", Text: "opp"}}, Framework: "fa-wo-rc"},
			{ID: "LOT-2", ReservedProcurement: []string{"res-ws"}, Framework: "none"},
			{ID: "LOT-3", ReservedExecution: "yes"},
		},
		Omitted: []intake.Omission{{Field: "BT-27", Lot: "LOT-1", Code: intake.OmittedCurrency, Detail: "Dollars."}},
	}
	in := tenderFrom(notice, apeldoorn)
	if in.Reference != "n-1" || in.Procedure != sroi.European || !in.Framework || in.Notice != "n-1" {
		t.Errorf("tender: %+v", in)
	}
	if in.Lots[0].ProposedBy != "BT-775" || in.Lots[1].ProposedBy != "" || in.Lots[0].Reserved || !in.Lots[1].Reserved || !in.Lots[2].Reserved {
		t.Errorf("lots: %+v", in.Lots)
	}
	if len(in.Omitted) != 3 || !slices.ContainsFunc(in.Omitted, func(o sroi.Omission) bool { return o.Lot == "LOT-2" && o.Field == "BT-775" }) {
		t.Errorf("omitted: %+v", in.Omitted)
	}
	for subtype, want := range map[string]sroi.Procedure{"": "", "E3": sroi.National, "29": sroi.European} {
		if got := procedureOf(intake.Notice{Subtype: subtype}); got != want {
			t.Errorf("subtype %q is %q, want %q", subtype, got, want)
		}
	}
}

func TestNoticeOfAnOfficerOfTwoAuthorities(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.putAuthority()
	two := w.token("inkoper-3", "inkoper", claims{"opdrachtgever": []string{zutphen, apeldoorn}})
	content, err := os.ReadFile(notices(t)[0])
	if err != nil {
		t.Fatal(err)
	}
	at := ask{method: "POST", path: "/v1/aanbestedingen", token: two, key: "xml", media: mediaXML, body: string(content)}
	w.do(at).refused(400, invalid, "query opdrachtgever opdrachtgever-ontbreekt")
	at.query = "opdrachtgever=" + apeldoorn
	if got := w.do(at); got.status != 201 {
		t.Errorf("with the authority named: %s", got.text)
	}
}
