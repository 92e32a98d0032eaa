// SPDX-License-Identifier: EUPL-1.2

package verify

import (
	"fmt"
	"io"
	"strings"

	"socialreturn/internal/money"
	"socialreturn/internal/present"
)

// Print writes the result in Dutch. It returns the writer's error.
func (r Result) Print(out io.Writer) error {
	var text strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&text, format+"\n", args...) }
	say("Alles klopt wat hier is gecontroleerd: nummering, keten, hashes, optelling en rekenbewijzen.")
	for _, c := range []struct {
		n    int
		name string
	}{
		{r.Contracts + r.Tenders, fmt.Sprintf("grootboeken, van %d contracten en %d aanbestedingen", r.Contracts, r.Tenders)},
		{r.Entries, "mutaties"},
		{r.Lines, "regels"},
		{r.Decisions, "beoordelingen"},
		{r.Amendments, "wijzigingen"},
		{r.Corrections, "correcties"},
		{r.Receipts, "rekenbewijzen nagerekend"},
	} {
		say("%8d %s", c.n, c.name)
	}
	if r.Year != nil {
		r.Year.tell(say)
	}
	if len(r.Unchecked) > 0 {
		say("\nNiet gecontroleerd:")
	}
	for _, what := range r.Unchecked {
		say("- %s", what)
	}
	_, err := io.WriteString(out, text.String())
	return err
}

// signed is a change of an amount.
func signed(c money.Cents) string {
	if c < 0 {
		return "- " + (-c).Euro()
	}
	return "+ " + c.Euro()
}

func (y *Year) tell(say func(string, ...any)) {
	say("\n%s %d van opdrachtgever %s, afgesloten op %s:", y.Area, y.Year, y.Authority, y.Closed.Dutch())
	if !y.Confirmed {
		say("de grootboeken zijn die van de afsluiting.")
		return
	}
	say("de grootboeken zijn die van de afsluiting, en de bevroren cijfers volgen eruit.")
	for _, f := range figuresOf(y.Frozen) {
		say("  %-60s %s", f.Name, f.Text)
	}
	if len(y.Later) > 0 {
		say("\nNa de afsluiting geboekt, over %d:", y.Year)
	}
	for _, l := range y.Later {
		say("  %s, mutatie %d, %s: %s, goedgekeurd %s", l.Ledger, l.Entry, l.Booked.Dutch(), present.EntryName(l.Kind), signed(l.Verified))
	}
	for i, d := range differences(y.Frozen, y.Restated) {
		if i == 0 {
			say("\nDaardoor anders dan bevroren:")
		}
		say("  %-60s bevroren %s, nu %s", d.Name, d.Was, d.Is)
	}
}
