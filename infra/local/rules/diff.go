// SPDX-License-Identifier: EUPL-1.2

package rules

import (
	"fmt"
	"io"

	"socialreturn/internal/calendar"
	"socialreturn/internal/ruleset"
)

// Compare prints what one version of a rule set says otherwise than another. It
// returns ruleset.ErrUnknown.
func (h House) Compare(out io.Writer, id string, from, to calendar.Date) error {
	library, err := h.library("")
	if err != nil {
		return err
	}
	before, err := library.Version(id, from)
	if err != nil {
		return err
	}
	after, err := library.Version(id, to)
	if err != nil {
		return err
	}
	tell(out, before, after)
	return nil
}

// CompareFile prints what a file says otherwise than the newest published version
// before it. It returns ruleset.FileFaults where the file cannot be read.
func (h House) CompareFile(out io.Writer, file string, raw []byte) error {
	after, err := ruleset.Parse(file, raw)
	if err != nil {
		return err
	}
	library, err := h.library(after.Path())
	if err != nil {
		return err
	}
	published, err := h.published()
	if err != nil {
		return err
	}
	before := newest(library, published, after.ID, after.Ref().Version)
	if before == nil {
		fmt.Fprintf(out, "Van %s is nog geen eerdere versie gepubliceerd: alles is nieuw.\n", after.ID)
		return nil
	}
	tell(out, before, after)
	return nil
}

func tell(out io.Writer, before, after *ruleset.RuleSet) {
	differences := ruleset.Differences(before, after)
	fmt.Fprintf(out, "%s: van %s naar %s\n\n", after.ID, before.Ref().Version.Dutch(), after.Ref().Version.Dutch())
	for _, d := range differences {
		fmt.Fprintf(out, "  %s\n    %s\n", d.Text, d.Path)
	}
	switch len(differences) {
	case 0:
		fmt.Fprintln(out, "  Geen verschil.")
	case 1:
		fmt.Fprintln(out, "\n1 verschil.")
	default:
		fmt.Fprintf(out, "\n%d verschillen.\n", len(differences))
	}
}
