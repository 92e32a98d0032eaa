// SPDX-License-Identifier: EUPL-1.2

package ruleset

import (
	"fmt"

	"socialreturn/internal/money"
)

// ActivityValue is what an activity is worth; ExplainActivity gives the same
// amount with the reasons. It returns Faults.
func (rs *RuleSet) ActivityValue(in *ActivityInput) (money.Cents, error) {
	a, err := rs.activity(in)
	if err != nil {
		return 0, err
	}
	return a.result, nil
}

type activity struct {
	block  *Block
	most   money.Cents // the maximum of the day, where it bites
	value  exact
	result money.Cents
}

// maxPeople bounds who can take part in one activity.
const maxPeople = 100_000

func (rs *RuleSet) activity(in *ActivityInput) (activity, error) {
	var faults Faults
	a := activity{block: rs.blockOf(in.Block, ActivityEffort, &faults)}
	if in.Date.IsZero() {
		faults.add(FaultRequired, "date", "De datum ontbreekt.")
	}
	if in.Hours < 0 || in.Hours > maxUsed {
		faults.add(FaultHours, "hours", "De uren zijn negatief of onmogelijk veel.")
	}
	if in.People < 0 || in.People > maxPeople {
		faults.add(FaultRange, "people", "Het aantal deelnemers ligt niet tussen 1 en %d.", maxPeople)
	}
	for _, amount := range []struct {
		field, name string
		value       *money.Cents
	}{{"cost", "kosten", in.Cost}, {"agreed", "afgesproken bedrag", in.Agreed}} {
		if amount.value != nil {
			checkAmount(amount.field, amount.name, *amount.value, &faults)
		}
	}
	if a.block != nil {
		a.needs(in, &faults)
	}
	if faults != nil {
		return activity{}, faults
	}
	switch a.block.Kind {
	case PerHour:
		a.value = product(int64(a.block.Value), int64(in.Hours), 60)
		most := product(int64(a.block.DailyMaximum), int64(max(in.People, 1)), 1)
		ceiling, holds := most.cents()
		if worth, fits := a.value.cents(); ceiling > 0 && holds && (!fits || worth > ceiling) {
			a.value, a.most = most, ceiling
		}
	case PerActivity:
		a.value = product(int64(a.block.Value), 1, 1)
	case ActualCost:
		a.value = product(int64(*in.Cost), 1, 1)
	case Agreed:
		a.value = product(int64(*in.Agreed), 1, 1)
	}
	result, fits := a.value.cents()
	if !fits {
		return activity{}, Faults{{Code: FaultRange, Field: "hours", Detail: "De waarde van deze activiteit is groter dan het systeem aankan."}}
	}
	a.result = result
	return a, nil
}

// needs wants the field that the block's kind computes with.
func (a *activity) needs(in *ActivityInput, faults *Faults) {
	switch {
	case a.block.Kind == PerHour && in.Hours == 0:
		faults.add(FaultRequired, "hours", "De uren ontbreken; de waarde van %s hangt ervan af.", a.block.Code)
	case a.block.Kind == ActualCost && in.Cost == nil:
		faults.add(FaultRequired, "cost", "De werkelijke kosten ontbreken; bij %s tellen die.", a.block.Code)
	case a.block.Kind == Agreed && in.Agreed == nil:
		faults.add(FaultRequired, "agreed", "Het afgesproken bedrag ontbreekt; %s is maatwerk.", a.block.Code)
	}
}

// ExplainActivity is what an activity is worth, and why. It returns Faults.
func (rs *RuleSet) ExplainActivity(in ActivityInput) (Receipt, error) {
	a, err := rs.activity(&in)
	if err != nil {
		return Receipt{}, err
	}
	e := explanation{rules: rs}
	e.restsOn(a.block.Source, a.block.SourceOf, "kind", "value", "dailyMaximum")
	formula := ""
	switch a.block.Kind {
	case PerHour:
		e.step("Bouwblok "+a.block.Code+": "+a.block.Label, a.block.Value.String(), "euro per uur")
		e.step("Gewerkt op "+in.Date.Dutch(), in.Hours.String(), perHour)
		formula = fmt.Sprintf("%s uur × %s per uur %s", in.Hours.Dutch(), a.block.Value.Euro(), rounded(a.result, a.value.whole()))
		if a.most > 0 {
			formula = e.dailyMaximum(&a, &in)
		}
	case PerActivity:
		e.step("Bouwblok "+a.block.Code+": "+a.block.Label, a.block.Value.String(), "euro per activiteit")
		formula = a.block.Value.Euro() + " eenmalig op " + in.Date.Dutch() + " " + rounded(a.result, true)
	case ActualCost:
		e.step("Werkelijke kosten excl. btw op "+in.Date.Dutch(), a.result.String(), inEuro)
		formula = "Werkelijke kosten excl. btw " + rounded(a.result, a.value.whole())
	case Agreed:
		e.step("Afgesproken met de adviseur op "+in.Date.Dutch(), a.result.String(), inEuro)
		formula = "Maatwerk: afgesproken bedrag " + rounded(a.result, a.value.whole())
	}
	return e.receipt(ActivityEffort, rs.blockPath(a.block), a.block.Source, in, formula, a.value, a.result)
}

// dailyMaximum words an hour count that is worth more than a day may be.
func (e *explanation) dailyMaximum(a *activity, in *ActivityInput) string {
	people := max(in.People, 1)
	e.step("Maximum per persoon per dag", a.block.DailyMaximum.String(), inEuro)
	e.step("Deelnemers", fmt.Sprint(people), "personen")
	return fmt.Sprintf("%s uur × %s per uur is meer dan het maximum per dag: %d × %s %s",
		in.Hours.Dutch(), a.block.Value.Euro(), people, a.block.DailyMaximum.Euro(), rounded(a.result, true))
}
