// SPDX-License-Identifier: EUPL-1.2

package verify

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"socialreturn/internal/present"
	"socialreturn/internal/sroi"
)

// figure is a number of a year, in Dutch.
type figure struct{ Name, Text string }

// difference is a figure that is not the same twice.
type difference struct{ Name, Was, Is string }

var procedures = map[sroi.Procedure]string{
	sroi.European: "Europees", sroi.National: "nationaal", sroi.NegotiatedSeveral: "meervoudig onderhands", sroi.NegotiatedSingle: "enkelvoudig onderhands",
}

// figuresOf lists every figure of a year: none is left out of a comparison.
func figuresOf(f sroi.Figures) []figure {
	count := func(n int) string { return strconv.Itoa(n) }
	list := []figure{
		{"personen aan het werk", count(f.Persons)},
		{"extra arbeidsplaatsen, personen", count(f.JobPersons)},
		{"extra arbeidsplaatsen, banen", count(f.Jobs)},
		{"extra arbeidsplaatsen, minuten per week", strconv.FormatInt(f.JobMinutes, 10)},
		{"gewerkte tijd, in voltijdjaren", fmt.Sprintf("%s (%d/%d)", present.FTEYears(f.Work), f.Work, sroi.WorkPerFTEYear)},
		{"plaatsingen, dienstverband", count(f.Placed.Employment)},
		{"plaatsingen, leerbaan", count(f.Placed.LearningJob)},
		{"plaatsingen, stage", count(f.Placed.Internship)},
		{"plaatsingen, werkervaringsplek", count(f.Placed.WorkExperience)},
	}
	list = append(list, tenders("aanbestedingen", f.Tenders)...)
	list = append(list, tenders("aanbestedingen boven de drempel", f.Above)...)
	for _, procedure := range slices.Sorted(maps.Keys(f.ByProcedure)) {
		list = append(list, tenders("aanbestedingen "+procedures[procedure], f.ByProcedure[procedure])...)
	}
	list = append(list, []figure{
		{"voorbehouden opdrachten", count(f.Reserved)},
		{"vrijgestelde waarde", f.Exempted.Euro()},
		{"opdrachtnemers", count(f.Suppliers)},
		{"opdrachtnemers die sociaal inkopen", count(f.SuppliersBuying)},
		{"opdrachten aan sociale ondernemingen", count(f.Assignments)},
		{"sociale inkoop", f.Purchases.Euro()},
		{"goedgekeurd", f.Verified.Euro()},
	}...)
	for month, obliged := range f.Obliged {
		list = append(list, figure{fmt.Sprintf("SR-verplichting naar rato, maand %d", month+1), obliged.Euro()})
	}
	return append(list, []figure{
		{"SR-verplichting, geheel", f.ObligedWhole.Euro()},
		{"regels te beoordelen", count(f.Undecided)},
		{"verantwoordingen open", count(f.Unsettled)},
	}...)
}

func tenders(name string, f sroi.TenderFigures) []figure {
	return []figure{
		{name + ", aantal", strconv.Itoa(f.Count)}, {name + ", met Social Return", strconv.Itoa(f.Social)},
		{name + ", waarde", f.Value.Euro()}, {name + ", waarde met Social Return", f.ValueSocial.Euro()},
	}
}

const none = "—"

// differences are the figures that differ, in order; one that a year lacks is a dash.
func differences(was, is sroi.Figures) []difference {
	var found []difference
	now := map[string]string{}
	for _, f := range figuresOf(is) {
		now[f.Name] = f.Text
	}
	for _, f := range figuresOf(was) {
		text, has := now[f.Name]
		if delete(now, f.Name); !has {
			text = none
		}
		if text != f.Text {
			found = append(found, difference{f.Name, f.Text, text})
		}
	}
	for _, f := range figuresOf(is) {
		if text, added := now[f.Name]; added {
			found = append(found, difference{f.Name, none, text})
		}
	}
	return found
}
