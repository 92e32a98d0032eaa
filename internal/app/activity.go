// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"strings"

	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

func (c claimed) activity(at string, line *sroi.Line, found *faults) error {
	claim := line.Claim.Activity
	c.within(at+"/activity/date", claim.Date, line.Span, found)
	checkFreeText(at+"/activity/description", claim.Description, line.Claim.NoBSN, found)
	checkFreeText(at+"/activity/motivation", claim.Motivation, line.Claim.NoBSN, found)
	line.Year = claim.Date.Year()
	c.onlyWhatCounts(at+"/activity", claim, found)
	var err error
	line.Receipt, err = c.rules.ExplainActivity(activityInput(claim))
	if err != nil {
		return c.faulty(at+"/activity", err, found)
	}
	line.Value = line.Receipt.Result
	line.Missing = c.missing(claim.Block, line.Claim)
	return nil
}

func activityInput(claim *sroi.ActivityClaim) ruleset.ActivityInput {
	return ruleset.ActivityInput{
		Block: claim.Block, Date: claim.Date, Hours: claim.Hours, People: claim.People, Cost: claim.Cost, Agreed: claim.Agreed,
	}
}

// onlyWhatCounts refuses what the block does not count by: it would stand on the
// line without meaning anything. A custom arrangement cannot do without its
// motivation.
func (c claimed) onlyWhatCounts(at string, claim *sroi.ActivityClaim, found *faults) {
	block, ok := c.rules.Block(claim.Block)
	if !ok {
		return
	}
	for _, given := range []struct {
		field  string
		is     bool
		counts bool
	}{
		{"/hours", claim.Hours > 0, block.Kind == ruleset.PerHour},
		{"/people", claim.People > 0, block.DailyMaximum > 0},
		{"/cost", claim.Cost != nil, block.Kind == ruleset.ActualCost},
		{"/agreed", claim.Agreed != nil, block.Kind == ruleset.Agreed},
		{"/motivation", claim.Motivation != "", block.Kind == ruleset.Agreed},
	} {
		if given.is && !given.counts {
			found.add(at+given.field, "niet-toegestaan", "Dit bouwblok telt hier niet naar; laat het weg.")
		}
	}
	if block.Kind == ruleset.Agreed && strings.TrimSpace(claim.Motivation) == "" {
		found.add(at+"/motivation", "motivering-ontbreekt", "Maatwerk heeft een motivering: wat is afgesproken, en waarom is het dit bedrag waard?")
	}
}

// countsOnceADay tells whether a contract has one line for this activity's block
// and day, since that day has a maximum.
func countsOnceADay(rules *ruleset.RuleSet, claim *sroi.ActivityClaim) bool {
	block, ok := rules.Block(claim.Block)
	return ok && block.DailyMaximum > 0
}

// checkApprover wants of a custom arrangement that is approved who approved it
// and why, also where it is approved whole, and of nothing else.
func (d *desk) checkApprover(at string, line sroi.Line, in LineDecision, found *faults) {
	custom := line.Claim.Activity != nil && line.Claim.Activity.Agreed != nil && in.Verdict != sroi.Rejected
	checkFreeText(at+"/approvedBy", in.ApprovedBy, in.NoBSN, found)
	switch {
	case custom && strings.TrimSpace(in.ApprovedBy) == "":
		found.add(at+"/approvedBy", "goedkeurder-ontbreekt", "Noem de functie van wie dit maatwerk goedkeurt, geen naam.")
	case custom:
		checkOther(at+"/approvedBy", in.ApprovedBy, sroi.Consultant, found)
	case in.ApprovedBy != "":
		found.add(at+"/approvedBy", "niet-toegestaan", "Alleen goedgekeurd maatwerk noemt wie het goedkeurde; laat het weg.")
	}
	if custom && in.Verdict == sroi.Approved && strings.TrimSpace(in.Text) == "" {
		found.add(at+"/text", "verplicht", "Wie maatwerk goedkeurt, licht dat toe.")
	}
}

// weighActivity takes the day where that has a maximum.
func (d *desk) weighActivity(line sroi.Line, decision *sroi.Decision) (*Take, error) {
	claim := d.file.present(line.Claim).Activity
	input := activityInput(claim)
	if decision.Spent != nil {
		input.Hours = *decision.Spent
	}
	if decision.Amount != nil {
		switch {
		case claim.Agreed != nil:
			input.Agreed = decision.Amount
		default:
			input.Cost = decision.Amount
		}
	}
	var err error
	decision.Receipt, err = d.rules.ExplainActivity(input)
	if err != nil || !countsOnceADay(d.rules, claim) {
		return nil, err
	}
	return &Take{Contract: d.Statement.Contract, Holder: d.holder(), Block: d.file.takenAs(line.Claim.Activity.Block), Day: claim.Date}, nil
}
