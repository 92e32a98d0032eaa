// SPDX-License-Identifier: EUPL-1.2

package present

import (
	"fmt"
	"strings"
	"unicode"

	"socialreturn/internal/money"
	"socialreturn/internal/sroi"
)

// amendmentReasons are those for which a contract changes.
var amendmentReasons = map[string]string{
	string(sroi.MoreWork):          "meerwerk",
	string(sroi.LessWork):          "minderwerk",
	string(sroi.Indexation):        "indexering",
	string(sroi.Extension):         "verlenging",
	string(sroi.EarlyEnd):          "vroegtijdig einde",
	string(sroi.ForeseenOption):    "voorziene optie",
	string(sroi.CertificateChange): "certificaat gewijzigd",
	string(sroi.RegistrationError): "registratiefout",
	string(sroi.PolicyChange):      "gewijzigd beleid",
}

// reasonText says a reason's code in words: one of ours by its name, one that
// people chose as it reads: "telt niet mee" of teltNietMee and telt-niet-mee.
func reasonText(code string) string {
	if words, known := amendmentReasons[code]; known {
		return words
	}
	var words strings.Builder
	lower := false
	for _, r := range clean(code) {
		switch {
		case r == '-' || r == '_' || r == '.':
			r = ' '
		case unicode.IsUpper(r) && lower:
			words.WriteByte(' ')
		}
		lower = unicode.IsLower(r)
		words.WriteRune(unicode.ToLower(r))
	}
	if words.Len() == 0 {
		return dash
	}
	return words.String()
}

// afterClose lists what was booked after the year was closed, with the ledgers
// that it stands in; nil where nothing was.
func afterClose(r sroi.Report) *listing {
	if len(r.Acts) == 0 {
		return nil
	}
	g := listing{ID: "na-afsluiting", Columns: []column{{"Mutatie", false}, {"Geboekt", true}, {"Reden", false}}}
	for _, act := range r.Acts {
		row := listingRow{Head: actText(act), Under: []string{fmt.Sprintf("Mutatie %d", act.Seq)}}
		switch kind, id, _ := strings.Cut(act.Ledger, "#"); kind {
		case "CONTRACT":
			row.Href, row.Under[0] = "../contracten/"+id+"/mutaties", row.Under[0]+" van een contract"
		case "TENDER":
			row.Href, row.Under[0] = "../aanbestedingen/"+id+"/mutaties", row.Under[0]+" van een aanbesteding"
		}
		g.add(row, day(act.Booked), reasonText(act.Reason))
	}
	return &g
}

// actText is what was booked: "Verantwoording beoordeeld (2022-Q4)".
func actText(act sroi.Act) string {
	text := entryNames[act.Kind]
	if !act.Period.IsZero() {
		text += " (" + act.Period.String() + ")"
	}
	return text
}

// actsTold says how much was booked after the close; empty where nothing was.
func actsTold(r sroi.Report) string {
	var text string
	switch r.ActCount {
	case 0:
		return ""
	case 1:
		text = fmt.Sprintf("Na de afsluiting is 1 mutatie geboekt die %d betreft.", r.Year)
	default:
		text = fmt.Sprintf("Na de afsluiting zijn %s mutaties geboekt die %d betreffen.", money.Thousands(int64(r.ActCount)), r.Year)
	}
	if r.ActCount > len(r.Acts) {
		text += fmt.Sprintf(" Hier staan de eerste %d.", len(r.Acts))
	}
	return text
}

// correctionSentence tells of a figure that was corrected after the close.
func correctionSentence(row sroi.Row) string {
	if row.AsClosed.State != sroi.HasValue || row.Correction.Value.Num == 0 {
		return ""
	}
	return fmt.Sprintf(" Bij de afsluiting was het %s; de correctie daarna is %s.",
		withParts(row, row.AsClosed), signed(row.Unit, row.Correction.Value))
}

// lastYear is last year's figure, which of a closed year is that of the close,
// with a remark where it was restated.
func lastYear(row sroi.Row) sroi.Figure {
	figure := row.Previous
	if row.PreviousRestated.State == sroi.HasValue {
		figure.Remark = strings.TrimSpace(figure.Remark + " Zoals vastgesteld bij de afsluiting; daarna herzien: " + withParts(row, row.PreviousRestated) + ".")
	}
	return figure
}
