// SPDX-License-Identifier: EUPL-1.2

package intake

import "fmt"

// fieldLabels name the business terms that are read, for people.
var fieldLabels = map[string]string{
	"BT-02":    "Het type aankondiging",
	"BT-04":    "Het kenmerk van de procedure",
	"BT-05":    "De datum van verzending",
	"BT-105":   "Het soort procedure",
	"BT-118":   "De maximale waarde van de raamovereenkomsten",
	"BT-13713": "De verwijzing van het resultaat naar het perceel",
	"BT-137":   "Het kenmerk van het perceel",
	"BT-142":   "Het resultaat van het perceel",
	"BT-145":   "De datum van sluiting van het contract",
	"BT-1451":  "De datum van de gunningsbeslissing",
	"BT-161":   "De totale waarde van de gegunde contracten",
	"BT-21":    "De titel",
	"BT-23":    "De aard van de opdracht (werken, diensten of leveringen)",
	"BT-262":   "De CPV-code",
	"BT-27":    "De geraamde waarde",
	"BT-271":   "De maximale waarde van de raamovereenkomst",
	"BT-3202":  "De winnende inschrijving van het contract",
	"BT-36":    "De looptijd",
	"BT-500":   "De naam van een organisatie",
	"BT-501":   "Het registratienummer van een organisatie",
	"BT-536":   "De begindatum",
	"BT-537":   "De einddatum",
	"BT-701":   "Het kenmerk van de aankondiging",
	"BT-702":   "De taal van de aankondiging",
	"BT-709":   "De maximale waarde van de raamovereenkomst voor dit perceel",
	"BT-71":    "De voorbehouden deelname",
	"BT-720":   "De waarde van de inschrijving",
	"BT-736":   "De voorbehouden uitvoering",
	"BT-757":   "De versie van de aankondiging",
	"BT-765":   "Het soort raamovereenkomst",
	"OPP-070":  "Het subtype van de aankondiging",
	"OPT-200":  "De organisatie waarnaar wordt verwezen",
	"OPT-300":  "De aanbestedende dienst",
	"OPT-301":  "De winnaar",
	"OPT-315":  "Het contract van het perceel",
}

// omissionReasons finish the sentence that a label starts.
var omissionReasons = map[string]string{
	OmittedMissing:       "ontbreekt in de aankondiging",
	OmittedCurrency:      "is niet in euro's opgegeven en daarom niet overgenomen",
	OmittedInvalid:       "staat niet in de voorgeschreven vorm en is niet overgenomen",
	OmittedUnpublished:   "is door de aanbestedende dienst niet openbaar gemaakt",
	OmittedUnsupported:   "heeft een code die hier niet wordt gebruikt en is niet overgenomen",
	OmittedContradiction: "is tegenstrijdig met de rest van de aankondiging en niet overgenomen",
	OmittedShared:        "geldt voor een groep percelen samen en is daarom niet per perceel overgenomen",
}

const maxOmitted = 20_000 // a thousand lots may each lack all that is read

// omit notes a field that is left out. One over the bound is noted too, and the
// notice is refused.
func (r *noticeReader) omit(field, lot, code string) {
	if len(r.notice.Omitted) > maxOmitted {
		return
	}
	detail := fmt.Sprintf("%s (%s) %s.", fieldLabels[field], field, omissionReasons[code])
	r.notice.Omitted = append(r.notice.Omitted, Omission{Field: field, Lot: lot, Code: code, Detail: detail})
}

// expect notes that a field is missing unless it is there.
func (r *noticeReader) expect(there bool, field, lot string) {
	if !there {
		r.omit(field, lot, OmittedMissing)
	}
}

// required passes a text on, and notes that it is missing where it is empty.
func (r *noticeReader) required(text, field, lot string) string {
	r.expect(text != "", field, lot)
	return text
}
