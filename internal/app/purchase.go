// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"fmt"
	"slices"
	"strings"

	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

func (c claimed) purchase(at string, line *sroi.Line, found *faults) error {
	claim := line.Claim.Purchase
	checkKvK(at+"/purchase/seller", claim.Seller, found)
	c.within(at+"/purchase/invoiceDate", claim.InvoiceDate, line.Span, found)
	line.Year = claim.InvoiceDate.Year()
	input, recognised := c.register.purchase(c.rules, claim)
	var err error
	line.Receipt, err = c.rules.ExplainPurchase(input)
	if err != nil {
		return c.faulty(at+"/purchase", err, found)
	}
	line.Value = line.Receipt.Result
	line.Missing = c.missing(claim.Block, line.Claim)
	c.noteRecognition(line, input.Recognition, recognised)
	if slices.ContainsFunc(c.file.Placements, func(p sroi.Placement) bool { return p.Employer.KvK == claim.Seller }) {
		line.Findings = append(line.Findings, sroi.Finding{
			Code: "mogelijk-dubbel", Detail: "De verkoper is ook werkgever van een plaatsing op dit contract; dezelfde persoon telt niet als plaatsing én via een inkoop.",
		})
	}
	return nil
}

// noteRecognition says, to consultant and supplier, where the register does not
// recognise the seller as claimed. Without a register the consultant is asked.
func (c claimed) noteRecognition(line *sroi.Line, recognition ruleset.Recognition, recognised bool) {
	claim := line.Claim.Purchase
	day := claim.InvoiceDate.Dutch()
	var code, text string
	switch {
	case c.rules.Register == "":
		line.Findings = append(line.Findings, sroi.Finding{Code: findingQuestion, Detail: "Was de verkoper op " + day + " erkend zoals opgegeven?"})
		return
	case !recognised:
		code = "niet-erkend"
		text = fmt.Sprintf("De verkoper is op %s in het register %s niet erkend op een wijze die hier telt. Zo kan deze regel niet worden goedgekeurd.", day, c.rules.Register)
	case recognition != claim.Recognition:
		code = "erkenning-anders"
		text = fmt.Sprintf("Volgens het register %s was de verkoper op %s: %s. Daarmee is gerekend.", c.rules.Register, day, recognition.Dutch())
	default:
		return
	}
	line.Findings = append(line.Findings, sroi.Finding{Code: code, Detail: text})
	line.Notices = append(line.Notices, text)
}

// purchase asks for the worth of a purchase. Where the rule set names a register,
// that decides what the seller was on the invoice date; false where it recognises
// nothing that counts, and then the claim still says what the line asks for.
func (r register) purchase(rules *ruleset.RuleSet, claim *sroi.PurchaseClaim) (ruleset.PurchaseInput, bool) {
	input := ruleset.PurchaseInput{
		Block: claim.Block, InvoiceDate: claim.InvoiceDate, Amount: claim.Amount, LabourPart: claim.LabourPart, Recognition: claim.Recognition,
	}
	if rules.Register == "" {
		return input, true
	}
	entry := r[claim.Seller]
	recognition := entry.RecognisedOn(claim.InvoiceDate)
	block, known := rules.Block(claim.Block)
	if !known {
		return input, false
	}
	if _, counts := block.ShareOf(recognition); !counts {
		return input, false
	}
	input.Recognition, input.Register = recognition, &ruleset.RegisterEntry{ID: rules.Register, Version: entry.Version}
	return input, true
}

// checkRecognition refuses to approve a purchase from who was not recognised on
// the invoice date.
func (d *desk) checkRecognition(at string, in LineDecision, found *faults) {
	claim := d.file.present(d.Lines[in.Line-1].Claim).Purchase
	if claim == nil || in.Verdict == sroi.Rejected {
		return
	}
	if _, recognised := d.register.purchase(d.rules, claim); !recognised {
		found.add(at+"/verdict", "niet-erkend-op-factuurdatum", fmt.Sprintf(
			"Het register %s erkent de verkoper (KvK %s) op %s niet op een wijze die hier telt. Keur de regel af, of laat eerst het register bijwerken.",
			d.rules.Register, claim.Seller, claim.InvoiceDate.Dutch()))
	}
}

func (d *desk) weighPurchase(line sroi.Line, decision *sroi.Decision) (*Take, error) {
	claim := d.file.present(line.Claim).Purchase
	input, _ := d.register.purchase(d.rules, claim)
	if input.Register != nil {
		decision.Recognition = input.Recognition
	}
	if decision.Amount != nil {
		input.Amount = *decision.Amount
		if input.LabourPart != nil {
			labour := min(*input.LabourPart, input.Amount)
			input.LabourPart = &labour
		}
	}
	var err error
	if decision.Receipt, err = d.rules.ExplainPurchase(input); err != nil {
		return nil, err
	}
	if decision.Receipt.Result > line.Value { // recognised as more since: the line asks no more than it did
		var asked ruleset.PurchaseInput
		if err := decode(line.Receipt.Input, &asked); err != nil {
			return nil, err
		}
		input.Recognition, input.Register = asked.Recognition, asked.Register
		if decision.Receipt, err = d.rules.ExplainPurchase(input); err != nil {
			return nil, err
		}
	}
	if decision.Verdict == sroi.Approved && decision.Receipt.Result < line.Value {
		decision.Verdict, decision.Reason = sroi.ApprovedPartly, string(sroi.RecognitionDiffers)
		decision.Text = strings.TrimSpace(decision.Text + " Het register van sociale ondernemingen erkent de verkoper anders dan bij het indienen.")
	}
	return &Take{Contract: d.Statement.Contract, Holder: d.holder(), Seller: claim.Seller, Invoice: claim.Invoice}, nil
}
