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
