// SPDX-License-Identifier: EUPL-1.2

package present

import (
	"fmt"
	"strings"
	"unicode"

	"socialreturn/internal/sroi"
)

// indicator is what people read about a row of the report.
type indicator struct {
	name       string
	definition string
	subject    string // as in "In 2022 was … 131"; for the main indicators
}

// mainIndicators are those of the programme budget, told in words above the table.
var mainIndicators = []string{sroi.ExtraJobs, sroi.TenderShare, sroi.SocialBuyers, sroi.SocialAssignments}

// chartedIndicators have a bar chart: one figure per year that stands by itself.
var chartedIndicators = append(mainIndicators[:len(mainIndicators):len(mainIndicators)],
	sroi.Persons, sroi.FTEYears, sroi.Placements, sroi.RealisedShare, sroi.ExemptedValue)

// byProcedure is the share of tenders of one procedure.
func byProcedure(name, which string) indicator {
	return indicator{name: name, definition: "Teller: definitief gegunde aanbestedingen met Social Return " + which + ". " +
		"Noemer: alle definitief gegunde aanbestedingen " + which + ". Telt in het jaar van de definitieve gunning."}
}

var indicators = map[string]indicator{
	sroi.ExtraJobs: {
		name:    "Extra arbeidsplaatsen door Social Return",
		subject: "het aantal extra arbeidsplaatsen door Social Return",
		definition: "Het aantal personen met een goedgekeurde plaatsing in een dienstverband, als uitzendkracht of in detachering die in het jaar begint. " +
			"Een persoon telt per jaar en per gebied één keer, ook als meer contracten de plaatsing delen. Een voortzetting of verlenging is geen nieuwe arbeidsplaats; " +
			"een vervanger telt als persoon, niet als extra baan. Telt in het jaar waarin de baan begint, of waarin het contract begint als dat later is.",
	},
	sroi.JobsStartedFTE: {
		name: "Extra arbeidsplaatsen in fte",
		definition: "De omvang van de arbeidsplaatsen die in het jaar beginnen, omgerekend naar voltijdbanen: " +
			"de goedgekeurde uren per week bij het begin, gedeeld door de normweek van 36 uur. Telt in hetzelfde jaar als de extra arbeidsplaatsen.",
	},
	sroi.JobsStarted: {
		name: "Extra arbeidsplaatsen in banen",
		definition: "Het aantal goedgekeurde plaatsingen in een dienstverband, als uitzendkracht of in detachering die in het jaar beginnen. " +
			"Hier tellen banen, niet personen: wie twee banen begint, telt twee keer, en een vervanger voegt geen baan toe.",
	},
	sroi.TenderShare: {
		name:    "Aandeel aanbestedingen met Social Return",
		subject: "het aandeel aanbestedingen waarbij Social Return is toegepast",
		definition: "Teller: definitief gegunde aanbestedingen met Social Return in ten minste één perceel, voorbehouden opdrachten meegeteld. " +
			"Noemer: alle definitief gegunde aanbestedingen. Ingetrokken aanbestedingen en nadere opdrachten onder een raamovereenkomst tellen niet mee. " +
			"Telt in het jaar van de definitieve gunning.",
	},
	sroi.TenderShareAbove: {
		name: "Aandeel op of boven de drempel",
		definition: "Teller: definitief gegunde aanbestedingen met Social Return waarvan de waarde op of boven de drempel voor Social Return ligt. " +
			"Noemer: alle definitief gegunde aanbestedingen op of boven die drempel. Telt in het jaar van de definitieve gunning.",
	},
	sroi.TenderShareValue: {
		name: "Aandeel naar waarde",
		definition: "Teller: de waarde, exclusief btw, van de definitief gegunde aanbestedingen met Social Return. " +
			"Noemer: de waarde van alle definitief gegunde aanbestedingen. Telt in het jaar van de definitieve gunning.",
	},
	sroi.TenderShareEuropean: byProcedure("Aandeel bij Europese procedures", "die Europees zijn aanbesteed"),
	sroi.TenderShareNational: byProcedure("Aandeel bij nationale procedures", "die nationaal zijn aanbesteed"),
	sroi.TenderShareSeveral:  byProcedure("Aandeel bij meervoudig onderhands", "waarvoor meer ondernemers om een offerte zijn gevraagd"),
	sroi.TenderShareSingle:   byProcedure("Aandeel bij enkelvoudig onderhands", "waarvoor één ondernemer om een offerte is gevraagd"),
	sroi.TenderReserved: {
		name: "Voorbehouden opdrachten",
		definition: "Het aantal definitief gegunde opdrachten die zijn voorbehouden aan sociale werkplaatsen en ondernemers met hetzelfde doel. " +
			"Ze tellen mee in het aandeel aanbestedingen met Social Return en staan hier apart. Telt in het jaar van de definitieve gunning.",
	},
	sroi.ExemptedValue: {
		name: "Vrijgestelde waarde",
		definition: "De waarde, exclusief btw, van definitief gegunde aanbestedingen op of boven de drempel waarbij Social Return niet is toegepast. " +
			"Telt in het jaar van de definitieve gunning.",
	},
	sroi.SocialBuyers: {
		name:    "Opdrachtnemers met sociale inkoop",
		subject: "het aantal opdrachtnemers met sociale inkoop",
		definition: "Het aantal opdrachtnemers met ten minste één goedgekeurde inkoop bij een sociale onderneming, " +
			"van alle opdrachtnemers met een lopend contract met Social Return. Telt in het jaar van de factuurdatum.",
	},
	sroi.SocialAssignments: {
		name:    "Opdrachten voor impactondernemers",
		subject: "het aantal opdrachten voor impactondernemers",
		definition: "Het aantal verschillende combinaties van contract, sociale onderneming en opdrachtnummer met een goedgekeurde inkoop: " +
			"twaalf maandfacturen onder één opdracht zijn één opdracht. Inkoop bij SW-bedrijven en directe gunningen tellen hier niet mee. " +
			"Telt in het jaar van de eerste goedgekeurde factuur.",
	},
	sroi.SocialPurchaseValue: {
		name: "Waarde van de sociale inkoop",
		definition: "Het factuurbedrag, exclusief btw, van de goedgekeurde inkopen bij sociale ondernemingen. " +
			"Telt in het jaar van de factuurdatum.",
	},
	sroi.Persons: {
		name: "Personen met een plaatsing",
		definition: "Het aantal verschillende personen met een goedgekeurde plaatsing die in het jaar loopt, ook als zij eerder begon. " +
			"Een persoon telt per jaar en per gebied één keer; daarom kan het totaal van een regio lager zijn dan de som van haar gemeenten.",
	},
	sroi.FTEYears: {
		name: "Voltijdjaren",
		definition: "De omvang van alle goedgekeurde plaatsingen in het jaar: uren per week gedeeld door de normweek, maal het aantal maanden gedeeld door twaalf. " +
			"Eén voltijdjaar is één persoon die het hele jaar voltijds werkt. Een regio rekent met één normweek van 36 uur. Telt in de maanden waarin is gewerkt.",
	},
	sroi.Placements: {
		name: "Plaatsingen",
		definition: "Het aantal goedgekeurde plaatsingen die in het jaar beginnen: dienstverbanden, leerbanen, stages en werkervaringsplekken samen. " +
			"Aangeboden maar niet vervulde plekken tellen niet mee. Telt in het jaar waarin de plaatsing begint, of waarin het contract begint als dat later is.",
	},
	sroi.PlacedEmployment: {
		name:       "Plaatsingen: dienstverbanden",
		definition: "De plaatsingen in een dienstverband, als uitzendkracht of in detachering. Telt in hetzelfde jaar als de plaatsingen.",
	},
	sroi.PlacedLearningJob: {
		name:       "Plaatsingen: leerbanen",
		definition: "De plaatsingen in een leerbaan (bbl): werken en leren met een arbeidsovereenkomst. Telt in hetzelfde jaar als de plaatsingen.",
	},
	sroi.PlacedInternship: {
		name:       "Plaatsingen: stages",
		definition: "De plaatsingen in een stage (bol, praktijkonderwijs of voortgezet speciaal onderwijs). Telt in hetzelfde jaar als de plaatsingen.",
	},
	sroi.PlacedExperience: {
		name:       "Plaatsingen: werkervaringsplekken",
		definition: "De plaatsingen op een werkervaringsplek of proefplaatsing. Telt in hetzelfde jaar als de plaatsingen.",
	},
	sroi.RealisedShare: {
		name: "Gerealiseerd tegen verplicht",
		definition: "Teller: de inspanningswaarde van de goedgekeurde inspanningen. " +
			"Noemer: de SR-verplichting naar rato van de looptijd tot de peildatum. Boven de 100 % is meer gedaan dan tot nu toe gevraagd.",
	},
	sroi.RealisedValue: {
		name: "Gerealiseerde inspanningswaarde",
		definition: "De inspanningswaarde in euro's van de goedgekeurde inspanningen volgens de bouwblokken van het contract. " +
			"Een inspanningswaarde is een rekenwaarde, geen salaris of uitkering. Telt in het jaar waarin de periode van de inspanning eindigt. " +
			"Wat boven een maximum uit de rekenregel uitkomt, telt niet mee; dat gaat af van de laatste jaren van het contract.",
	},
	sroi.ObligedValue: {
		name:       "SR-verplichting naar rato",
		definition: "De SR-verplichting van de lopende contracten zoals die nu zijn, met hun wijzigingen, naar rato van de looptijd in dagen tot de peildatum.",
	},
	sroi.ObligedWhole: {
		name:       "SR-verplichting geheel",
		definition: "De SR-verplichting van de lopende contracten over hun gehele looptijd.",
	},
}

// Definition is the Dutch name of an indicator and what it counts: numerator,
// denominator and the year it counts in. Of a code that is none of the report's
// the name is the code itself, and the definition says that there is none.
func Definition(code string) (name, definition string) {
	if known, ok := indicators[code]; ok {
		return known.name, known.definition
	}
	return clean(code), "Van deze indicator is geen omschrijving vastgelegd."
}

var qualifiers = map[sroi.Qualifier]string{sroi.Nearly: "bijna", sroi.About: "ongeveer", sroi.Over: "ruim"}

var verdicts = map[sroi.Verdict]string{
	sroi.NoTarget:     "geen doel",
	sroi.Reached:      "bereikt",
	sroi.NotReached:   "niet bereikt",
	sroi.Undetermined: "nog niet te zeggen",
}

var states = map[sroi.Measured]string{
	sroi.HasValue:    "gemeten",
	sroi.NotMeasured: "niet gemeten",
	sroi.NotYetKnown: "nog niet bekend",
}

// goal says in words what was intended: "ten minste 125", "meer dan in 2021".
func goal(row sroi.Row, compareWith int) string {
	target := row.Target
	if target == nil {
		return ""
	}
	more := "meer"
	if row.Unit == sroi.UnitPercent {
		more = "hoger"
	}
	before := fmt.Sprintf("%s dan in %d", more, compareWith)
	switch {
	case target.Value == nil:
		return before
	case target.Reading == sroi.MoreThanBefore:
		return "ten minste " + qualified(target.Qualifier, step(row.Unit, *target.Value)) + " " + before
	case target.Reading == sroi.HigherThanValue:
		return more + " dan " + qualified(target.Qualifier, number(row.Unit, *target.Value))
	default:
		return "ten minste " + qualified(target.Qualifier, number(row.Unit, *target.Value))
	}
}

func qualified(q sroi.Qualifier, text string) string {
	if word := qualifiers[q]; word != "" {
		return word + " " + text
	}
	return text
}

// figureText says what a cell holds, and of a share also its parts: "18 van 31".
func figureText(row sroi.Row, f sroi.Figure) (text, parts string) {
	switch f.State {
	case sroi.HasValue:
		if f.Parts.Den != 0 {
			parts = part(row.Code, f.Parts.Num) + " van" + space + part(row.Code, f.Parts.Den)
		}
		return qualified(f.Qualifier, number(row.Unit, f.Value)), parts
	case sroi.NotYetKnown:
		return states[sroi.NotYetKnown], ""
	default:
		return dash, ""
	}
}

// signedText says how much more or less it became.
func signedText(row sroi.Row, change sroi.Figure) string {
	if change.State == sroi.HasValue {
		return qualified(change.Qualifier, signed(row.Unit, change.Value))
	}
	text, _ := figureText(row, change)
	return text
}

// dash stands where nothing was measured.
const dash = "–"

// clean takes from recorded text what could disturb a page or a terminal:
// control characters and marks that turn the reading direction.
func clean(text string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r):
			return ' '
		case unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))), " ")
}
