// SPDX-License-Identifier: EUPL-1.2

package ruleset

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
)

// subject is what a difference is about: a field, and whose it is where it is not
// the rule set's own.
type subject struct {
	whose    string
	word     word
	optional bool // nothing where it is zero
}

// inside is whose the fields of a composite field are.
func (s subject) inside() string {
	if s.whose == "" {
		return capitalised(s.word.name)
	}
	return s.whose + ", " + s.word.name
}

// one is an element of a list that came or went.
func (s subject) one(v reflect.Value) subject {
	if name := nameOf(v); name != "" {
		return subject{whose: capitalised(s.word.name + " " + name)}
	}
	return s
}

// of is whose the fields of an element of a list are. A block needs no noun.
func (s subject) of(v reflect.Value) string {
	if block, ok := v.Interface().(Block); ok {
		return block.Label
	}
	if name := nameOf(v); name != "" {
		return capitalised(s.word.name + " " + name)
	}
	switch each := v.Interface().(type) {
	case PercentageRule:
		if each.LabourShareBelow == 0 {
			return s.whose
		}
		return s.whose + " bij een arbeidsaandeel onder " + each.LabourShareBelow.Dutch()
	case DatedAmount:
		return s.inside() + " vanaf " + each.From.Dutch()
	case RecognitionShare:
		return s.inside() + " bij een " + each.Recognition.Dutch()
	case Discount:
		return s.inside() + " " + each.Level
	}
	return s.inside()
}

// sentence words a difference.
func (s subject) sentence(kind DifferenceKind, before, after string) string {
	head := s.whose
	switch {
	case s.whose == "":
		head = capitalised(s.word.name)
	case s.word.name != "":
		head += ": " + s.word.name
	}
	switch kind {
	case DifferenceAdded:
		return fmt.Sprintf("%s komt erbij: %s.", head, after)
	case DifferenceRemoved:
		return fmt.Sprintf("%s vervalt; was %s.", head, before)
	}
	if amount, unit, found := strings.Cut(before, " "); found && strings.HasSuffix(after, " "+unit) && unit != "%" && !strings.Contains(unit, " ") {
		before = amount // 40 naar 36 uur
	}
	return fmt.Sprintf("%s van %s naar %s.", head, before, after)
}

// nameOf is the name that an element of a list has for people; empty: none.
func nameOf(v reflect.Value) string {
	switch each := v.Interface().(type) {
	case Block:
		return each.Label
	case Bonus:
		return each.Label
	case Ceiling:
		return each.Label
	case Evidence:
		return each.Label
	case Source:
		return each.ID
	case Assumption:
		return each.ID
	}
	return ""
}

// describe words a value, with the unit of its field.
func describe(v reflect.Value, w word) string {
	switch value := v.Interface().(type) {
	case Block:
		return value.worthText()
	case Assumption:
		return inQuotes + value.Text + inQuotes
	case money.Cents:
		return value.Euro()
	case money.Percent:
		return value.Dutch()
	case calendar.Minutes:
		return value.Dutch() + " uur"
	case calendar.Date:
		return value.Dutch()
	case fmt.Stringer: // a day count
		return codeWords[v.Type().Name()+"."+value.String()]
	case interface{ dutch() string }:
		return value.dutch()
	}
	switch v.Kind() {
	case reflect.Int:
		return strings.TrimSpace(strconv.FormatInt(v.Int(), 10) + " " + w.unit)
	case reflect.Bool:
		return map[bool]string{true: "ja", false: "nee"}[v.Bool()]
	case reflect.String:
		if said, coded := codeWords[v.Type().Name()+"."+v.String()]; coded {
			return said
		}
		if w.unit == inQuotes {
			return inQuotes + v.String() + inQuotes
		}
		return v.String()
	case reflect.Pointer:
		return describe(v.Elem(), w)
	case reflect.Slice:
		var items []string
		for i := range v.Len() {
			items = append(items, describe(v.Index(i), w))
		}
		return strings.Join(items, ", ")
	}
	return describeFields(v)
}

// describeFields words what is written in an object, but for what it rests on.
func describeFields(v reflect.Value) string {
	var parts []string
	for i := range v.NumField() {
		name, options, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		named := nameOf(v) != "" && slices.Contains([]string{"code", "id", "label"}, name)
		if named || name == "source" || name == "sourceOf" || options != "" && v.Field(i).IsZero() {
			continue
		}
		w := words[v.Type().Name()+"."+name]
		parts = append(parts, w.name+" "+describe(v.Field(i), w))
	}
	return strings.Join(parts, ", ")
}

// word is how a field is called, and the unit of its number.
type word struct{ name, unit string }

// inQuotes is the unit of free text.
const inQuotes = "\""

// words are those of every field of the format but source and sourceOf.
var words = map[string]word{
	"document.schema":           {"formaat", ""},
	"document.id":               {"rekenregel", ""},
	"document.title":            {"titel", inQuotes},
	"document.region":           {"regio", inQuotes},
	"document.areas":            {"gebied", ""},
	"document.validity":         {"geldigheid", ""},
	"document.sources":          {"bron", ""},
	"document.assumptions":      {"aanname", ""},
	"document.anchor":           {"datum die de versie bepaalt", ""},
	"document.personReference":  {"peildatum van doelgroep en leeftijd", ""},
	"document.normWeek":         {"norm", ""},
	"document.dayCount":         {"dagentelling", ""},
	"document.cadence":          {"ritme van verantwoorden", ""},
	"document.decideWithinDays": {"beslistermijn", "dagen"},
	"document.headStartMonths":  {"aanloop voor het contract", "maanden"},
	"document.minimumWeek":      {"minimum per week", ""},
	"document.extraJob":         {"extra arbeidsplaats", ""},
	"document.register":         {"register van sociale ondernemingen", ""},
	"document.obligation":       {"SR-verplichting", ""},
	"document.personLimit":      {"grens per persoon", ""},
	"document.blocks":           {"bouwblok", ""},
	"document.bonuses":          {"toeslag", ""},
	"document.ceilings":         {"plafond", ""},
	"document.evidence":         {"bewijsstuk", ""},

	"validity.from":    {"eerste dag", ""},
	"validity.to":      {"laatste dag", ""},
	"Source.id":        {"id", ""},
	"Source.title":     {"titel", inQuotes},
	"Source.url":       {"adres", ""},
	"Source.retrieved": {"geraadpleegd", ""},
	"Assumption.id":    {"id", ""},
	"Assumption.text":  {"tekst", inQuotes},

	"ExtraJob.minHours":  {"minimum per week", ""},
	"ExtraJob.minMonths": {"minimale duur", "maanden"},
	"Register.id":        {"register", ""},

	"obligationRules.works":    {"werken", ""},
	"obligationRules.services": {"diensten", ""},
	"obligationRules.supplies": {"leveringen", ""},

	"ObligationRule.kind":             {"soort", ""},
	"ObligationRule.basis":            {"grondslag", ""},
	"ObligationRule.threshold":        {"drempel", ""},
	"ObligationRule.small":            {"kleine opdracht", ""},
	"ObligationRule.minimumMonths":    {"minimale looptijd", "maanden"},
	"ObligationRule.percentages":      {"percentage", ""},
	"ObligationRule.floor":            {"minimum van een aanbod", ""},
	"ObligationRule.cap":              {"maximum per project", ""},
	"ObligationRule.discounts":        {"korting voor certificaat", ""},
	"Threshold.comparison":            {"verplichting", ""},
	"Threshold.amount":                {"bedrag", ""},
	"Threshold.euThreshold":           {"Europese drempel", ""},
	"DatedAmount.from":                {"vanaf", ""},
	"DatedAmount.to":                  {"tot en met", ""},
	"DatedAmount.amount":              {"bedrag", ""},
	"SmallRule.from":                  {"vanaf", ""},
	"SmallRule.activities":            {"aantal", "activiteiten"},
	"PercentageRule.percent":          {"percentage", ""},
	"PercentageRule.labourShareBelow": {"bij een arbeidsaandeel onder", ""},
	"Discount.level":                  {"niveau", ""},
	"Discount.percent":                {"percentage", ""},

	"PersonLimit.hours":     {"gewerkte uren", ""},
	"PersonLimit.months":    {"duur", "maanden"},
	"PersonLimit.gapMonths": {"onderbreking die meetelt", "maanden"},
	"PersonLimit.appliesTo": {"bouwblok", ""},

	"Ceiling.code":      {"code", ""},
	"Ceiling.label":     {"naam", inQuotes},
	"Ceiling.percent":   {"deel van de SR-verplichting", ""},
	"Ceiling.appliesTo": {"bouwblok", ""},

	"Block.code":                   {"code", ""},
	"Block.label":                  {"naam", inQuotes},
	"Block.kind":                   {"soort", ""},
	"Block.category":               {"categorie", ""},
	"Block.payer":                  {"betaler van de uitkering", ""},
	"Block.value":                  {"waarde", ""},
	"Block.weeks":                  {"aantal weken", "weken"},
	"Block.dailyMaximum":           {"maximum per persoon per dag", ""},
	"Block.proRata":                {"rato", ""},
	"Block.forms":                  {"vorm", ""},
	"Block.maxMonths":              {"grens", "maanden"},
	"Block.duringSubsidy":          {"alleen zolang loonkostensubsidie loopt", ""},
	"Block.sameEmployerMonths":     {"uitsluiting na werk bij dezelfde werkgever", "maanden"},
	"Block.recognitions":           {"aandeel van de inkoop", ""},
	"RecognitionShare.recognition": {"bij een", ""},
	"RecognitionShare.percent":     {"percentage", ""},

	"Bonus.code":                    {"code", ""},
	"Bonus.label":                   {"naam", inQuotes},
	"Bonus.value":                   {"bedrag", ""},
	"Bonus.proRata":                 {"naar rato", ""},
	"Bonus.replaces":                {"in plaats van de waarde van het bouwblok", ""},
	"Bonus.group":                   {"groep waarvan de hoogste telt", ""},
	"Bonus.minimumAge":              {"minimumleeftijd", "jaar"},
	"Bonus.minimumInternshipMonths": {"minimale stage", "maanden"},
	"Bonus.conditions":              {"voorwaarde", ""},
	"Bonus.appliesTo":               {"bouwblok", ""},

	"Evidence.code":     {"code", ""},
	"Evidence.label":    {"naam", inQuotes},
	"Evidence.kinds":    {"soort bouwblok", ""},
	"Evidence.required": {"verplicht", ""},
}

// codeWords are the words of the closed lists that no type words itself.
var codeWords = map[string]string{
	"Kind.perFulltimeYear":              "per voltijdjaar",
	"Kind.perMonth":                     "per maand",
	"Kind.perLearningYear":              "per leerjaar",
	"Kind.perWeeks":                     "per aantal weken",
	"Kind.perPlacement":                 "per plaatsing",
	"Kind.invoicePercentage":            "deel van de factuur",
	"Kind.labourPart":                   "deel van het arbeidsdeel van de factuur",
	"Kind.perHour":                      "per uur",
	"Kind.perActivity":                  "per activiteit",
	"Kind.actualCost":                   "werkelijke kosten",
	"Kind.agreed":                       "maatwerk",
	"ProRata.hoursAndDuration":          "uren en duur",
	"ProRata.duration":                  "duur",
	"Payer.municipality":                "gemeente",
	"Payer.uwv":                         "UWV",
	"Payer.none":                        "niemand",
	"Anchor.tenderPublication":          "publicatie van de aanbesteding",
	"Anchor.contract":                   "contract",
	"Anchor.award":                      "gunning",
	"PersonReference.award":             "gunning",
	"PersonReference.placementStart":    "start van de plaatsing",
	"Comparison.from":                   "vanaf de drempel",
	"Comparison.above":                  "boven de drempel",
	"ObligationKind.percentage":         "percentage",
	"ObligationKind.decidedPerContract": "per opdracht bepaald",
	"ObligationKind.none":               "geen",
	"DayCount.monthsFromStart":          "maanden vanaf de eerste getelde dag",
	"DayCount.actualActual":             "dagen van het kalenderjaar",
	"cadence.monthly":                   "per maand",
	"cadence.quarterly":                 "per kwartaal",
	"cadence.halfYearly":                "per half jaar",
	"Condition.permanentContract":       "vast dienstverband",
	"Condition.refugeeStatus":           "vluchtelingenstatus",
	"Condition.statusOrLanguage":        "statushouder of taalachterstand",
	"Condition.workDisability":          "arbeidsbeperking",
}
