// SPDX-License-Identifier: EUPL-1.2

package scenario

import (
	"socialreturn/internal/calendar"
	"socialreturn/internal/ruleset"
)

func (c *Contract) span() calendar.Span { return calendar.Span{From: c.From, To: c.To} }

// input is the contract as the calculation room takes it.
func (c *Contract) input() ruleset.ObligationInput {
	in := ruleset.ObligationInput{
		Nature: Natures[c.Nature], Value: c.Value, Term: c.span(), LabourShare: c.LabourShare, Offered: c.Offered,
		Published: c.Published, BidSum: c.BidSum, WageBill: c.WageBill, Stage: Stages[c.Stage], Realised: c.Realised,
		AsOf: c.AsOf, TenderDate: c.TenderDate, CertifiedAsOf: c.CertifiedAsOf,
	}
	for _, certificate := range c.Certificates {
		in.Certificates = append(in.Certificates, ruleset.Certificate{Level: certificate.Level, Span: certificate.span()})
	}
	return in
}

// explain asks the rule set what the effort is worth.
func (e *Effort) explain(rules *ruleset.RuleSet, contract *Contract) (ruleset.Receipt, error) {
	switch Kinds[e.Kind] {
	case ruleset.PurchaseEffort:
		return rules.ExplainPurchase(ruleset.PurchaseInput{
			Block: e.Block, InvoiceDate: e.InvoiceDate, Amount: e.Amount, LabourPart: e.LabourPart, Recognition: Recognitions[e.Recognition],
		})
	case ruleset.ActivityEffort:
		return rules.ExplainActivity(ruleset.ActivityInput{Block: e.Block, Date: e.Date, Hours: e.Hours, People: e.People, Cost: e.Cost, Agreed: e.Agreed})
	}
	return rules.ExplainPlacement(e.placement(rules, contract))
}

// placement is the effort as the calculation room takes a placement.
func (e *Effort) placement(rules *ruleset.RuleSet, contract *Contract) ruleset.PlacementInput {
	counted := rules.Counted(contract.span())
	in := ruleset.PlacementInput{
		Block: e.Block, Bonuses: e.Bonuses, Form: Forms[e.Form], Schedule: schedule(e.Schedule), Counted: counted, Window: counted,
		Approved: schedule(e.Approved), Worked: e.Worked, LeftEmployer: e.LeftEmployer, Age: e.Age, InternshipMonths: e.InternshipMonths,
	}
	if in.Schedule == nil {
		in.Schedule = []ruleset.Hours{{Span: e.span(), PerWeek: e.PerWeek}}
	}
	if e.Window != nil {
		in.Window = e.Window.span()
	}
	for _, time := range e.Earlier {
		in.Earlier = append(in.Earlier, ruleset.Earlier{Span: time.span(), Worked: time.Worked})
	}
	in.Earlier = ruleset.Merge(in.Earlier)
	for _, days := range e.Subsidised {
		in.Subsidised = append(in.Subsidised, days.span())
	}
	return in
}

// schedule is nil where there is none: an empty list says something else.
func schedule(list []Hours) []ruleset.Hours {
	if list == nil {
		return nil
	}
	spans := make([]ruleset.Hours, 0, len(list))
	for _, hours := range list {
		spans = append(spans, ruleset.Hours{Span: hours.span(), PerWeek: hours.PerWeek})
	}
	return spans
}

// extraJob tells whether the effort counts as an extra job: employment that
// reaches what the rule set asks, on the days that count.
func (e *Effort) extraJob(rules *ruleset.RuleSet, contract *Contract) bool {
	if Kinds[e.Kind] != ruleset.PlacementEffort || !Forms[e.Form].Employs() {
		return false
	}
	in := e.placement(rules, contract)
	hours := in.Schedule
	if in.Approved != nil {
		hours = in.Approved
	}
	var verified []ruleset.Hours
	for _, span := range hours {
		if days := span.Intersect(in.Counted); !days.Empty() {
			verified = append(verified, ruleset.Hours{Span: days, PerWeek: span.PerWeek})
		}
	}
	return rules.ExtraJob.Reached(in.Schedule[0].From, verified)
}
