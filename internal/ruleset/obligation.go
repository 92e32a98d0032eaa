// SPDX-License-Identifier: EUPL-1.2

package ruleset

import (
	"fmt"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
)

// Obligation is what a contract owes in Social Return, with its receipt. A
// percentage offered in the bid binds as it is: no threshold, no cap. It returns
// Faults.
func (rs *RuleSet) Obligation(in ObligationInput) (Obligation, error) {
	rule, faults := rs.checkObligation(&in)
	if faults != nil {
		return Obligation{}, faults
	}
	e := explanation{rules: rs}
	e.restsOn(rule.Source, rule.SourceOf, "basis")
	e.step("Opdrachtwaarde excl. btw", in.Value.String(), inEuro)
	if in.Offered != nil {
		return rs.owed(&e, &in, rule, ReasonOffered, *in.Offered)
	}
	if rule.Basis == NoObligation {
		return rs.nothing(&e, &in, ReasonNatureExcluded, fmt.Sprintf("Bij %s geldt volgens deze rekenregel geen SR-verplichting.", in.Nature.dutch()))
	}
	if reached, why := e.threshold(rule, &in); !reached {
		return rs.nothing(&e, &in, ReasonBelowThreshold, why)
	}
	if months := rule.MinimumMonths; months > 0 {
		e.restsOn(rule.Source, rule.SourceOf, "minimumMonths")
		e.step("Minimale looptijd", fmt.Sprint(months), "maanden")
		if in.Term.End().Before(in.Term.From.AddMonths(months).AddDays(-1)) {
			return rs.nothing(&e, &in, ReasonTooShort, fmt.Sprintf("De looptijd van %s is korter dan %d maanden: geen SR-verplichting.", through(in.Term), months))
		}
	}
	return rs.owed(&e, &in, rule, ReasonApplies, e.percentage(rule, &in))
}

// threshold compares the contract value with the threshold and words the
// outcome where it stays below.
func (e *explanation) threshold(rule *ObligationRule, in *ObligationInput) (reached bool, why string) {
	e.restsOn(rule.Source, rule.SourceOf, "threshold")
	limit, source, _ := rule.Threshold.on(in.Published)
	e.restsOn(source, nil)
	word, below := "vanaf", "ligt onder"
	if rule.Threshold.Comparison == Above {
		word, below = "boven", "ligt niet boven"
	}
	e.step(fmt.Sprintf("Drempel voor %s: verplichting %s", in.Nature.dutch(), word), limit.String(), inEuro)
	if rule.Threshold.reached(in.Value, limit) {
		return true, ""
	}
	return false, fmt.Sprintf("%s %s de drempel van %s voor %s: geen SR-verplichting.", in.Value.Euro(), below, limit.Euro(), in.Nature.dutch())
}

// on is the threshold that holds on a date of publication, with its own source
// where it is the European one; false where none is known.
func (t *Threshold) on(published calendar.Date) (limit money.Cents, source string, known bool) {
	for _, row := range t.EUThreshold {
		if (calendar.Span{From: row.From, To: row.To}).Contains(published) {
			return row.Amount, row.Source, true
		}
	}
	return t.Amount, "", t.EUThreshold == nil
}

// reached tells whether a contract value carries an obligation at this limit.
func (t *Threshold) reached(value, limit money.Cents) bool {
	return value > limit || value == limit && t.Comparison == From
}

// percentage picks the first percentage whose condition holds.
func (e *explanation) percentage(rule *ObligationRule, in *ObligationInput) money.Percent {
	e.restsOn(rule.Source, rule.SourceOf, "percentages")
	for _, row := range rule.Percentages {
		if row.LabourShareBelow == 0 {
			return row.Percent
		}
		if *in.LabourShare < row.LabourShareBelow {
			e.step("Arbeidsaandeel onder "+row.LabourShareBelow.Dutch(), in.LabourShare.String(), "%")
			return row.Percent
		}
		e.step("Arbeidsaandeel niet onder "+row.LabourShareBelow.Dutch(), in.LabourShare.String(), "%")
	}
	return 0
}

// owed is the percentage of the contract value, capped where the percentage
// comes from the rule.
func (rs *RuleSet) owed(e *explanation, in *ObligationInput, rule *ObligationRule, reason string, percent money.Percent) (Obligation, error) {
	name := "Percentage"
	if reason == ReasonOffered {
		name = "Percentage uit de inschrijving; dat bindt"
	}
	e.step(name, percent.String(), "%")
	value := product(int64(in.Value), int64(percent), 100_00)
	amount, _ := value.cents()
	formula := in.Value.Euro() + " × " + percent.Dutch() + " "
	if reason == ReasonOffered {
		formula = "Aangeboden in de inschrijving: " + formula
	}
	formula += rounded(amount, value.whole())
	if limit := rule.Cap; reason == ReasonApplies && limit != 0 {
		e.restsOn(rule.Source, rule.SourceOf, "cap")
		e.step("Maximum per project", limit.String(), inEuro)
		if amount > limit {
			e.remark("Dat is meer dan het maximum per project: de SR-verplichting is %s.", limit.Euro())
			amount, value = limit, product(int64(limit), 1, 1)
		}
	}
	receipt, err := e.receipt(ObligationResult, "/obligation/"+string(in.Nature), rule.Source, in, formula, value, amount)
	return Obligation{Applies: true, Reason: reason, Amount: amount, Receipt: receipt}, err
}

// nothing is a contract that owes no Social Return.
func (rs *RuleSet) nothing(e *explanation, in *ObligationInput, reason, why string) (Obligation, error) {
	rule, _ := rs.ObligationRule(in.Nature)
	receipt, err := e.receipt(ObligationResult, "/obligation/"+string(in.Nature), rule.Source, in, why, exact{}, 0)
	return Obligation{Reason: reason, Receipt: receipt}, err
}

// checkObligation finds every fault of an input, and the rule for its nature.
func (rs *RuleSet) checkObligation(in *ObligationInput) (*ObligationRule, Faults) {
	var faults Faults
	checkAmount("value", "opdrachtwaarde", in.Value, &faults)
	if in.Term.Empty() || in.Term.To.IsZero() {
		faults.add(FaultRequired, "term", "De looptijd heeft een eerste en een laatste dag nodig, in die volgorde.")
	}
	checkPercent("labourShare", "arbeidsaandeel", in.LabourShare, &faults)
	checkPercent("offered", "aangeboden percentage", in.Offered, &faults)
	rule, known := rs.ObligationRule(in.Nature)
	if !known {
		faults.add(FaultUnknownNature, "nature", "De aard %q bestaat niet: werken, diensten of leveringen.", in.Nature)
	}
	if !known || in.Offered != nil {
		return &rule, faults
	}
	if rule.Basis == DecidedPerContract {
		faults.add(FaultRequired, "offered", "Bij %s wordt het percentage per opdracht bepaald: geef het op.", in.Nature.dutch())
	}
	if len(rule.Percentages) > 1 && in.LabourShare == nil {
		faults.add(FaultRequired, "labourShare", "Het arbeidsaandeel ontbreekt; het percentage hangt ervan af.")
	}
	if rule.Threshold != nil {
		rule.Threshold.checkKnown(in.Published, &faults)
	}
	return &rule, faults
}

func (t *Threshold) checkKnown(published calendar.Date, faults *Faults) {
	if _, _, known := t.on(published); known {
		return
	}
	if published.IsZero() {
		faults.add(FaultRequired, "published", "De publicatiedatum ontbreekt; de Europese drempel hangt ervan af.")
		return
	}
	faults.add(FaultNoThreshold, "published", "Op %s is in deze rekenregel geen Europese drempel bekend.", published.Dutch())
}

func checkAmount(field, name string, amount money.Cents, faults *Faults) {
	if amount < 0 || amount > money.Max {
		faults.add(FaultRange, field, "Het bedrag (%s) is negatief of te groot.", name)
	}
}

func checkPercent(field, name string, percent *money.Percent, faults *Faults) {
	if percent != nil && (*percent < 0 || *percent > 100_00) {
		faults.add(FaultRange, field, "Het percentage (%s) ligt niet tussen 0 en 100.", name)
	}
}

// dutch is the name of the nature in the interface.
func (n Nature) dutch() string {
	switch n {
	case Works:
		return "werken"
	case Services:
		return "diensten"
	case Supplies:
		return "leveringen"
	}
	return ""
}
