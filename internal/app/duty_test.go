// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"testing"

	"socialreturn/internal/app"
	"socialreturn/internal/calendar"
	"socialreturn/internal/sroi"
)

// by is a call of one person in a role.
func (h *house) by(person string, role sroi.Role) app.Call {
	call := h.as(role)
	call.Actor.ID = person
	return call
}

// TestWhoPreparedDoesNotDecide gives one person several roles: whoever saved any
// draft of a statement or submitted it neither decides nor corrects it, nor sends
// it back; anyone else of the desk does.
func TestWhoPreparedDoesNotDecide(t *testing.T) {
	h := newHouse(t)
	contract := h.contract("K-1")
	_, err := h.AddPlacement(h.ctx, h.as(sroi.Supplier), contract.ID, placementInput("Jansen", 24))
	h.must(err)
	h.today = "2022-04-02"
	period := calendar.MustPeriod("2022-Q1")
	claims := []sroi.Claim{h.placed(contract, 1, 312)}
	draft, _, err := h.SaveStatement(h.ctx, h.by("eerste", sroi.Officer), contract.ID, period, claims)
	h.must(err)
	draft, _, err = h.SaveStatement(h.ctx, matching(h.by("tweede", sroi.Supplier), draft.Statement.Version), contract.ID, period, claims)
	h.must(err)
	s, err := h.SubmitStatement(h.ctx, matching(h.by("derde", sroi.Supplier), draft.Statement.Version), contract.ID, period)
	h.must(err)

	approval := app.DecideInput{Lines: []app.LineDecision{approve(1)}}
	for _, person := range []string{"eerste", "tweede", "derde"} {
		for _, in := range []app.DecideInput{approval, {SendBack: "Er ontbreekt iets."}} {
			_, err := h.Decide(h.ctx, matching(h.by(person, sroi.Consultant), s.Version), contract.ID, period, in)
			h.refused(err, app.Forbidden, "eigen-verantwoording")
		}
	}
	h.must(second(h.Decide(h.ctx, matching(h.by("ander", sroi.Consultant), s.Version), contract.ID, period, approval)))

	balance := h.balance(contract)
	line := app.CorrectionInput{Corrects: balance.Seq, Period: period, Decision: ref(reject(1)), Reason: "dubbel", Text: "Dubbel."}
	amount := app.CorrectionInput{Corrects: balance.Seq, Year: 2022, Delta: -cents("1"), Reason: "dubbel", Text: "Dubbel."}
	for _, person := range []string{"eerste", "tweede", "derde"} {
		for _, in := range []app.CorrectionInput{line, amount} {
			_, _, err := h.Correct(h.ctx, matching(h.by(person, sroi.Consultant), balance.Seq), contract.ID, in)
			h.refused(err, app.Forbidden, "eigen-verantwoording")
		}
	}
	// Who decided may set right what went wrong: a desk may have one consultant, and
	// the entry names who did both.
	_, balance, err = h.Correct(h.ctx, matching(h.by("ander", sroi.Consultant), balance.Seq), contract.ID, amount)
	h.must(err)
	line.Corrects = 3
	_, _, err = h.Correct(h.ctx, matching(h.by("ander", sroi.Consultant), balance.Seq), contract.ID, line)
	h.must(err)
}

// TestNobodyApprovesTheirOwnExemption wants the function of someone else.
func TestNobodyApprovesTheirOwnExemption(t *testing.T) {
	h := newHouse(t)
	for approver, code := range map[string]string{
		"inkoper": "goedkeurder-zelf", " Inkoper ": "goedkeurder-zelf", "ik zelf": "goedkeurder-zelf",
		"afdelingshoofd 111222333": "mogelijk-bsn", "hoofd inkoop": "", "teammanager van de inkoper": "",
	} {
		in := h.tenderInput("vrijgesteld " + approver)
		in.Lots[0].SocialReturn, in.Lots[0].Form = sroi.NotApplied, ""
		in.Lots[0].Exemption = &sroi.Exemption{Reason: sroi.Urgency, Text: "Spoed.", Approver: approver}
		_, err := h.RegisterTender(h.ctx, h.as(sroi.Officer), in)
		if code == "" {
			h.must(err)
			continue
		}
		h.refused(err, app.Invalid, code)
	}
}
