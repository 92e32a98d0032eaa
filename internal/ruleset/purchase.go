// SPDX-License-Identifier: EUPL-1.2

package ruleset

import (
	"fmt"

	"socialreturn/internal/money"
)

// PurchaseValue is what a purchase is worth; ExplainPurchase gives the same
// amount with the reasons. It returns Faults.
func (rs *RuleSet) PurchaseValue(in *PurchaseInput) (money.Cents, error) {
	p, err := rs.purchase(in)
	if err != nil {
		return 0, err
	}
	return p.result, nil
}

type purchase struct {
	block  *Block
	share  RecognitionShare
	basis  money.Cents // the part of the invoice that the share is taken of
	value  exact
	result money.Cents
}

func (rs *RuleSet) purchase(in *PurchaseInput) (purchase, error) {
	var faults Faults
	p := purchase{block: rs.blockOf(in.Block, PurchaseEffort, &faults), basis: in.Amount}
	if in.InvoiceDate.IsZero() {
		faults.add(FaultRequired, "invoiceDate", "De factuurdatum ontbreekt.")
	}
	checkAmount("amount", "factuur", in.Amount, &faults)
	if in.LabourPart != nil {
		checkAmount("labourPart", "arbeidsdeel", *in.LabourPart, &faults)
		if *in.LabourPart > in.Amount {
			faults.add(FaultLabourPart, "labourPart", "Het arbeidsdeel is meer dan de factuur.")
		}
	}
	if p.block != nil {
		p.choose(in, &faults)
	}
	if faults != nil {
		return purchase{}, faults
	}
	p.value = product(int64(p.basis), int64(p.share.Percent), 100_00)
	p.result, _ = p.value.cents()
	return p, nil
}

// choose finds the share for the seller's recognition and what it is taken of.
func (p *purchase) choose(in *PurchaseInput, faults *Faults) {
	if p.block.Kind == LabourPart {
		if in.LabourPart == nil {
			faults.add(FaultRequired, "labourPart", "Het arbeidsdeel ontbreekt; bij %s telt alleen dat.", p.block.Code)
		} else {
			p.basis = *in.LabourPart
		}
	}
	for _, share := range p.block.Recognitions {
		if share.Recognition == in.Recognition {
			p.share = share
			return
		}
	}
	if !in.Recognition.valid() {
		faults.add(FaultRecognition, "recognition", "De erkenning %q bestaat niet.", in.Recognition)
		return
	}
	faults.add(FaultRecognition, "recognition", "Een inkoop bij een %s telt niet bij het bouwblok %s.", in.Recognition.Dutch(), p.block.Code)
}

// ExplainPurchase is what a purchase is worth, and why. It returns Faults.
func (rs *RuleSet) ExplainPurchase(in PurchaseInput) (Receipt, error) {
	p, err := rs.purchase(&in)
	if err != nil {
		return Receipt{}, err
	}
	e := explanation{rules: rs}
	e.restsOn(p.block.Source, p.block.SourceOf, "kind", "recognitions")
	e.restsOn(p.share.Source, nil)
	basis := "factuur excl. btw"
	e.step("Factuur excl. btw van "+in.InvoiceDate.Dutch(), in.Amount.String(), inEuro)
	if p.block.Kind == LabourPart {
		basis = "arbeidsdeel van de factuur"
		e.step("Waarvan arbeid; alleen dat telt", p.basis.String(), inEuro)
	}
	e.step("Telt bij een "+in.Recognition.Dutch(), p.share.Percent.String(), "%")
	formula := fmt.Sprintf("%s %s × %s %s", p.basis.Euro(), basis, p.share.Percent.Dutch(), rounded(p.result, p.value.whole()))
	return e.receipt(PurchaseEffort, rs.blockPath(p.block), p.block.Source, in, formula, p.value, p.result)
}
