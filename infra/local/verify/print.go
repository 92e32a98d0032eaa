// SPDX-License-Identifier: EUPL-1.2

package verify

import (
	"fmt"
	"io"
	"strings"

	"socialreturn/internal/sroi"
)

var kinds = map[sroi.EntryKind]string{
	sroi.TenderRegistered: "aanbesteding geregistreerd", sroi.TenderChanged: "aanbesteding gewijzigd", sroi.TenderAwarded: "perceel gegund",
	sroi.ContractRegistered: "contract geregistreerd", sroi.OpeningBooked: "beginstand geboekt",
	sroi.StatementSubmitted: "verantwoording ingediend", sroi.StatementWithdrawn: "verantwoording ingetrokken",
	sroi.StatementSentBack: "verantwoording teruggestuurd", sroi.StatementDecided: "verantwoording beoordeeld",
	sroi.Corrected: "gecorrigeerd", sroi.ContractAmended: "contract gewijzigd", sroi.TurnoverReported: "omzet of loonsom opgegeven",
	sroi.RulesMoved: "van rekenregel gewisseld", sroi.YearClosed: "jaar afgesloten",
}

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
		r.Year.print(say)
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

func (y *Year) print(say func(string, ...any)) {
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
		say("  %s, mutatie %d, %s: %s (goedgekeurd %s)", l.Ledger, l.Entry, l.Booked.Dutch(), kinds[l.Kind], l.Verified.Euro())
	}
	for i, d := range differences(y.Frozen, y.Restated) {
		if i == 0 {
			say("\nDaardoor anders dan bevroren:")
		}
		say("  %-60s bevroren %s, nu %s", d.Name, d.Was, d.Is)
	}
}
