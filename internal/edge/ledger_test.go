// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"reflect"
	"regexp"
	"strings"
	"testing"

	"socialreturn/internal/present"
	"socialreturn/internal/sroi"
)

// TestEveryReasonReadsOnThePage: whatever reason has a word on the wire is said in
// words on the page, and a code that is none of ours is not repeated there.
func TestEveryReasonReadsOnThePage(t *testing.T) {
	t.Parallel()
	said := func(code string) string {
		var page strings.Builder
		correction := sroi.Entry{Seq: 2, Kind: sroi.Corrected, Corrects: 1, Reason: code}
		if err := present.LedgerHTML(&page, sroi.Contract{}, sroi.Balance{}, []sroi.Entry{correction}, ""); err != nil {
			t.Fatal(err)
		}
		return regexp.MustCompile(`reden: ([^<]*)<`).FindStringSubmatch(page.String())[1]
	}
	of := map[string]string{}
	for code, word := range reasonWords {
		label := said(code)
		if (label == "anders") != (word == "anders") || label != strings.ToLower(label) || of[label] != "" {
			t.Errorf("%s is said as %q, as is %q", word, label, of[label])
		}
		of[label] = word
	}
	if got := said("jan-jansen"); got != "anders" {
		t.Errorf("a code that is none of ours is said as %q", got)
	}
}

// TestEveryKindOfEntryHasANameOnThePage: whatever has a word on the wire has a
// name on the page of the ledger.
func TestEveryKindOfEntryHasANameOnThePage(t *testing.T) {
	t.Parallel()
	named := regexp.MustCompile(`>\s*1\. \p{Lu}`)
	for word, kind := range dictionary[reflect.TypeFor[sroi.EntryKind]()].codes {
		var page strings.Builder
		entry := sroi.Entry{Seq: 1, Kind: sroi.EntryKind(kind)}
		if err := present.LedgerHTML(&page, sroi.Contract{}, sroi.Balance{}, []sroi.Entry{entry}, ""); err != nil {
			t.Fatal(err)
		}
		if !named.MatchString(page.String()) {
			t.Errorf("an entry of kind %s has no name", word)
		}
	}
}
