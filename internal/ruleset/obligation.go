// SPDX-License-Identifier: EUPL-1.2

package ruleset

import (
	"fmt"
	"strings"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
)

// Obligation is what a contract owes in Social Return, with its receipt. A
// percentage offered in the bid binds as it is: no threshold, no cap, no
// discount. It returns Faults.
func (rs *RuleSet) Obligation(in ObligationInput) (Obligation, error) {
	rule, faults := rs.checkObligation(&in)
	if faults != nil {
		return Obligation{}, faults
	}
	e := obligation{explanation: explanation{rules: rs}, rule: rule, in: &in}
	e.restsOn(rule.Source, rule.SourceOf, "kind", "basis")
	e.step("Opdrachtwaarde excl. btw", in.Value.String(), inEuro)
	if in.Offered != nil {
		return e.owed(ReasonOffered, *in.Offered)
	}
	if rule.Kind == NoObligation {
		return e.nothing(ReasonNatureExcluded, fmt.Sprintf("Bij %s geldt volgens deze rekenregel geen SR-verplichting.", in.Nature.dutch()))
	}
	if reached, why := e.threshold(); !reached {
		return e.small(why)
	}
	if months := rule.MinimumMonths; months > 0 {
		e.restsOn(rule.Source, rule.SourceOf, "minimumMonths")
		e.step("Minimale looptijd", fmt.Sprint(months), "maanden")
		if in.Term.End().Before(in.Term.From.AddMonths(months).AddDays(-1)) {
			return e.nothing(ReasonTooShort, fmt.Sprintf("De looptijd van %s is korter dan %d maanden: geen SR-verplichting.", through(in.Term), months))
		}
	}
	return e.owed(ReasonApplies, e.percentage())
}

// obligation is an obligation while it is worked out.
type obligation struct {
	explanation
	rule *ObligationRule
	in   *ObligationInput
}

// threshold compares the contract value with the threshold and words the
// outcome where it stays below.
func (e *obligation) threshold() (reached bool, why string) {
	rule, in := e.rule, e.in
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
func (e *obligation) percentage() money.Percent {
	rule, in := e.rule, e.in
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

// small is what a contract under the threshold carries: activities, or nothing.
func (e *obligation) small(why string) (Obligation, error) {
	small := e.rule.Small
	if small == nil {
		return e.nothing(ReasonBelowThreshold, why)
	}
	e.restsOn(e.rule.Source, e.rule.SourceOf, "small")
	if small.From > 0 {
		e.step("Kleine opdracht: activiteit vanaf", small.From.String(), inEuro)
	}
	if e.in.Value < small.From {
		return e.nothing(ReasonBelowThreshold, why)
	}
	e.step("In plaats van een percentage", fmt.Sprint(small.Activities), "maatschappelijke activiteiten")
	why = strings.TrimSuffix(why, ": geen SR-verplichting.")
	asked := fmt.Sprintf("%s: in plaats van een bedrag %d maatschappelijke activiteit(en).", why, small.Activities)
	o, err := e.nothing(ReasonActivity, asked)
	o.Applies, o.Activities = true, small.Activities
	return o, err
}

// owed is the percentage of the basis; where it comes from the rule, less a
// discount and at most the cap.
func (e *obligation) owed(reason string, percent money.Percent) (Obligation, error) {
	name, words := "Percentage", ""
	if reason == ReasonOffered && e.rule.Kind == DecidedPerContract {
		name = "Percentage, afgesproken voor deze opdracht"
	} else if reason == ReasonOffered {
		name, words = "Percentage uit de inschrijving; dat bindt", "Aangeboden in de inschrijving: "
	}
	basis, of := e.basis()
	e.step(name, percent.String(), "%")
	parts := of.times(int64(percent), 100_00)
	words += basis + " × " + percent.Dutch()
	if reason == ReasonApplies {
		if discount, found := e.discount(); found {
			parts = parts.times(100_00-int64(discount.Percent), 100_00)
			words += " × (100 % - " + discount.Percent.Dutch() + " korting)"
		}
	}
	amount, _ := parts.cents()
	formula := words + " " + rounded(amount, parts.whole())
	if limit := e.rule.Cap; reason == ReasonApplies && limit != 0 {
		e.restsOn(e.rule.Source, e.rule.SourceOf, "cap")
		e.step("Maximum per project", limit.String(), inEuro)
		if amount > limit {
			e.remark("Dat is meer dan het maximum per project: de SR-verplichting is %s.", limit.Euro())
			amount, parts = limit, product(int64(limit), 1, 1)
		}
	}
	return e.outcome(reason, true, formula, parts, amount)
}

// basis is what the percentage is taken of, in words and exactly.
func (e *obligation) basis() (words string, amount exact) {
	in, value := e.in, e.in.Value
	switch {
	case e.rule.Basis == OfBidSum && in.BidSum != nil:
		value = *in.BidSum
		e.step("Inschrijfsom excl. btw", value.String(), inEuro)
	case e.rule.Basis == OfLabourShare:
		e.step("Arbeidsaandeel", in.LabourShare.String(), "%")
		return value.Euro() + " × " + in.LabourShare.Dutch() + " arbeid", product(int64(value), int64(*in.LabourShare), 100_00)
	case e.rule.Basis.Moving() && in.Realised != nil:
		value = *in.Realised
		e.step(capitalised(e.rule.Basis.dutch())+" tot en met "+in.AsOf.Dutch(), value.String(), inEuro)
		return value.Euro() + " " + e.rule.Basis.dutch(), product(int64(value), 1, 1)
	case e.rule.Basis == OfWageBill:
		value = *in.WageBill
		e.step("Loonsom, geraamd", value.String(), inEuro)
	}
	if e.rule.Basis.Moving() {
		e.remark("Dit is een raming; de %s bepaalt de SR-verplichting.", e.rule.Basis.dutch())
	}
	return value.Euro(), product(int64(value), 1, 1)
}

func capitalised(word string) string { return strings.ToUpper(word[:1]) + word[1:] }

// discount is the highest discount for a certificate that held at tender and on
// every day of the term since, as far as is known.
func (e *obligation) discount() (Discount, bool) {
	var best Discount
	for _, discount := range e.rule.Discounts {
		if e.in.held(discount.Level) && discount.Percent > best.Percent {
			best = discount
		}
	}
	if best.Percent == 0 {
		return best, false
	}
	e.restsOn(best.Source, nil)
	e.step("Korting voor certificaat "+best.Level, best.Percent.String(), "%")
	return best, true
}

// held tells whether certificates of a level cover the tender date and each day
// from the first of the term to the day up to which things are known.
func (in *ObligationInput) held(level string) bool {
	until := in.Term.From
	for _, known := range []calendar.Date{in.AsOf, in.CertifiedAsOf} {
		if known.After(until) {
			until = known
		}
	}
	if until.After(in.Term.End()) {
		until = in.Term.End()
	}
	atTender, day := false, in.Term.From
	for range in.Certificates {
		for _, certificate := range in.Certificates {
			if certificate.Level != level {
				continue
			}
			atTender = atTender || certificate.Contains(in.TenderDate)
			if certificate.Contains(day) {
				day = certificate.End().AddDays(1)
			}
		}
	}
	return atTender && day.After(until)
}

// nothing is a contract that owes no amount of Social Return.
func (e *obligation) nothing(reason, why string) (Obligation, error) {
	return e.outcome(reason, false, why, exact{}, 0)
}

func (e *obligation) outcome(reason string, applies bool, formula string, value exact, amount money.Cents) (Obligation, error) {
	stage := Final
	if e.rule.Basis.Moving() {
		if stage = e.in.Stage; stage == "" {
			stage = Estimated
		}
	}
	receipt, err := e.receipt(ObligationResult, "/obligation/"+string(e.in.Nature), e.rule.Source, e.in, formula, value, amount)
	return Obligation{Applies: applies, Reason: reason, Stage: stage, Amount: amount, Receipt: receipt}, err
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
		return &rule, faults
	}
	in.checkBasis(&rule, &faults)
	in.checkCertificates(&faults)
	if in.Offered != nil {
		if *in.Offered < rule.Floor {
			faults.add(FaultBelowFloor, "offered", "Het percentage is lager dan het minimum van %s.", rule.Floor.Dutch())
		}
		return &rule, faults
	}
	if rule.Kind == DecidedPerContract {
		faults.add(FaultRequired, "offered", "Bij %s wordt het percentage per opdracht bepaald: geef het op.", in.Nature.dutch())
	}
	if len(rule.Percentages) > 1 && in.LabourShare == nil && rule.Basis != OfLabourShare {
		faults.add(FaultRequired, "labourShare", "Het arbeidsaandeel ontbreekt; het percentage hangt ervan af.")
	}
	if rule.Threshold != nil {
		rule.Threshold.checkKnown(in.Published, &faults)
	}
	return &rule, faults
}

// checkBasis wants what the percentage is taken of.
func (in *ObligationInput) checkBasis(rule *ObligationRule, faults *Faults) {
	for _, amount := range []struct {
		field, name string
		value       *money.Cents
	}{{"bidSum", "inschrijfsom", in.BidSum}, {"wageBill", "loonsom", in.WageBill}, {"realised", rule.Basis.dutch(), in.Realised}} {
		if amount.value != nil {
			checkAmount(amount.field, amount.name, *amount.value, faults)
		}
	}
	reported := in.Stage == Current || in.Stage == Final
	switch {
	case in.Stage != "" && !in.Stage.valid(), in.Stage != "" && !rule.Basis.Moving():
		faults.add(FaultStage, "stage", "De stand past niet bij een verplichting over de %s.", rule.Basis.dutch())
	case reported && in.Realised == nil:
		faults.add(FaultRequired, "realised", "De %s tot nu toe ontbreekt.", rule.Basis.dutch())
	case reported && in.AsOf.IsZero():
		faults.add(FaultRequired, "asOf", "De dag tot en met welke de %s bekend is, ontbreekt.", rule.Basis.dutch())
	case !reported && in.Realised != nil:
		faults.add(FaultStage, "realised", "Een raming telt geen opgegeven bedrag.")
	case rule.Basis == OfWageBill && !reported && in.WageBill == nil:
		faults.add(FaultRequired, "wageBill", "De geraamde loonsom ontbreekt; de verplichting is daar een percentage van.")
	}
	if rule.Basis == OfLabourShare && in.LabourShare == nil {
		faults.add(FaultRequired, "labourShare", "Het arbeidsaandeel ontbreekt; de verplichting is een percentage van het arbeidsdeel.")
	}
}

func (in *ObligationInput) checkCertificates(faults *Faults) {
	if len(in.Certificates) > 0 && in.TenderDate.IsZero() {
		faults.add(FaultRequired, "tenderDate", "De datum van de inschrijving ontbreekt; een certificaat moet toen gelden.")
	}
	for i, certificate := range in.Certificates {
		if certificate.Empty() || certificate.To.IsZero() {
			faults.add(FaultCertificate, place("certificates", i), "Een certificaat heeft een eerste en een laatste dag, in die volgorde.")
		}
	}
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
