// SPDX-License-Identifier: EUPL-1.2

package edge

import "socialreturn/internal/ruleset"

// codeOf gives a code of another room its name on the wire; a code that has
// none there is one of the wire already.
func codeOf(code string, names map[string]string) string {
	if name, ok := names[code]; ok {
		return name
	}
	return code
}

// ruleCodes names the faults of the calculation room.
var ruleCodes = map[string]string{
	ruleset.FaultUnknownBlock:     "bouwblok-onbekend",
	ruleset.FaultWrongKind:        "bouwblok-van-andere-soort",
	ruleset.FaultForm:             "vorm-niet-toegestaan",
	ruleset.FaultUnknownBonus:     "bonus-onbekend",
	ruleset.FaultBonusNotForBlock: "bonus-niet-bij-bouwblok",
	ruleset.FaultDuplicateBonus:   "bonus-dubbel",
	ruleset.FaultRequired:         "verplicht",
	ruleset.FaultOrder:            "datums-verkeerd-om",
	ruleset.FaultHours:            "uren-onmogelijk",
	ruleset.FaultOutsideWindow:    "buiten-periode",
	ruleset.FaultAboveSchedule:    "meer-dan-rooster",
	ruleset.FaultRange:            "bedrag-onmogelijk",
	ruleset.FaultLabourPart:       "arbeidsdeel-te-groot",
	ruleset.FaultRecognition:      "erkenning-niet-toegestaan",
	ruleset.FaultUnknownNature:    "aard-onbekend",
	ruleset.FaultNoThreshold:      "drempel-onbekend",
	ruleset.FaultBelowFloor:       "onder-minimumpercentage",
	ruleset.FaultBonusCondition:   "bonus-voorwaarde",
	ruleset.FaultStage:            "stand-past-niet",
	ruleset.FaultCertificate:      "certificaat-onjuist",
}

// fileCodes names what is wrong with a notice or a spreadsheet, and why a field
// of a notice was left out.
var fileCodes = map[string]string{
	"ambiguous":       "dubbelzinnig",
	"amount":          "geen-bedrag",
	"cellTooLong":     "cel-te-lang",
	"contradiction":   "tegenstrijdig",
	"control":         "onleesbaar-teken",
	"currency":        "andere-valuta",
	"date":            "geen-datum",
	"duplicateColumn": "kolom-dubbel",
	"empty":           "leeg",
	"encoding":        "onbekende-codering",
	"evidence":        "bewijsstukken-ongelijk",
	"excelError":      "foutmelding-van-excel",
	"foreign":         "past-niet-bij-soort",
	"formType":        "ander-soort-aankondiging",
	"header":          "geen-kolomnamen",
	"hours":           "geen-uren",
	"invalid":         "onjuiste-vorm",
	"kind":            "soort-onbekend",
	"kvk":             "onjuist-kvk-nummer",
	"limit":           "te-omvangrijk",
	"missing":         "ontbreekt",
	"missingColumn":   "kolom-ontbreekt",
	"more":            "meer-fouten",
	"noHeader":        "cel-zonder-kolomnaam",
	"notNotice":       "geen-aankondiging",
	"notText":         "geen-tekst",
	"number":          "geen-getal",
	"openQuote":       "aanhalingsteken-open",
	"period":          "geen-periode",
	"range":           "buiten-bereik",
	"read":            "niet-gelezen",
	"recognition":     "erkenning-onbekend",
	"scientific":      "wetenschappelijke-notatie",
	"shared":          "geldt-voor-meer-percelen",
	"syntax":          "geen-xml",
	"tooLarge":        "te-groot",
	"tooManyRows":     "te-veel-regels",
	"unknownColumn":   "kolom-onbekend",
	"unpublished":     "niet-openbaar",
	"unsafe":          "xml-onveilig",
	"unsupported":     "code-onbekend",
	"wideRow":         "rij-te-breed",
	"workbook":        "geen-csv",
	"yesNo":           "geen-ja-of-nee",
}
