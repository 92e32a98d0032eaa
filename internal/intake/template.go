// SPDX-License-Identifier: EUPL-1.2

package intake

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"socialreturn/internal/calendar"
	"socialreturn/internal/money"
	"socialreturn/internal/ruleset"
	"socialreturn/internal/sroi"
)

// exampleMark starts the kind of an example row, so that ReadLines skips it.
const exampleMark = "voorbeeld"

// WriteTemplate writes an empty file of lines for Dutch Excel: UTF-8 with byte
// order mark, semicolons, CRLF, the header and one example row per kind of
// line. Their kind reads "voorbeeld: plaatsing" and so on; ReadLines skips such
// rows, so that they may stay. The error is that of the writer.
func WriteTemplate(w io.Writer) error {
	if _, err := w.Write(byteOrderMark); err != nil {
		return err
	}
	rows := csv.NewWriter(w)
	rows.Comma = ';'
	rows.UseCRLF = true
	if err := rows.Write(columnNames[:]); err != nil {
		return err
	}
	for _, claim := range examples() {
		cells := lineCells(claim)
		cells[colKind] = exampleMark + ": " + cells[colKind]
		if err := rows.Write(cells[:]); err != nil {
			return err
		}
	}
	rows.Flush()
	return rows.Error()
}

// examples holds one claim of each kind.
func examples() []sroi.Claim {
	papers := []sroi.Evidence{
		{Kind: "factuur", Name: "factuur-2022-117.pdf", SHA256: strings.Repeat("0", 64)},
		{Kind: "betaalbewijs", Name: "betaling-2022-117.pdf", SHA256: strings.Repeat("1", 64)},
	}
	cost := money.Cents(350_00)
	return []sroi.Claim{
		{
			Kind:      sroi.PlacementLine,
			Placement: &sroi.PlacementClaim{Number: 1, Worked: 312*60 + 30},
			Remark:    "Uren van het kwartaal volgens de urenstaat",
		},
		{
			Kind:   sroi.PurchaseLine,
			Period: calendar.MustPeriod("2022-Q1"),
			Purchase: &sroi.PurchaseClaim{
				Block: "sociale-inkoop", Seller: "12345678", SellerName: "Voorbeeld Groenbedrijf",
				Recognition: ruleset.Recognised, Order: "ORDER-2022-04", Invoice: "2022-117",
				InvoiceDate: calendar.MustDate("2022-03-31"), Amount: 12_500_00,
			},
			Evidence: papers,
		},
		{
			Kind: sroi.ActivityLine,
			Activity: &sroi.ActivityClaim{
				Block: "activiteit", Description: "Sollicitatietraining voor werkzoekenden",
				Date: calendar.MustDate("2022-02-14"), Hours: 8 * 60, Cost: &cost,
			},
		},
	}
}

// lineCells writes a claim as ReadLines reads it, guarded for a spreadsheet.
func lineCells(claim sroi.Claim) [columnCount]string {
	var cells [columnCount]string
	cells[colKind] = kindNames[claim.Kind]
	cells[colPeriod] = claim.Period.String()
	cells[colRemark] = claim.Remark
	if claim.NoBSN {
		cells[colNoBSN] = "ja"
	}
	var kinds, names, hashes []string
	for _, paper := range claim.Evidence {
		kinds, names, hashes = append(kinds, paper.Kind), append(names, paper.Name), append(hashes, paper.SHA256)
	}
	cells[colEvidenceKind] = strings.Join(kinds, "|")
	cells[colEvidenceName] = strings.Join(names, "|")
	cells[colEvidenceHash] = strings.Join(hashes, "|")
	switch {
	case claim.Placement != nil:
		cells[colPlacement] = fmt.Sprint(claim.Placement.Number)
		cells[colWorked] = claim.Placement.Worked.Dutch()
	case claim.Purchase != nil:
		fillPurchase(&cells, claim.Purchase)
	case claim.Activity != nil:
		fillActivity(&cells, claim.Activity)
	}
	for c := range cells {
		cells[c] = Guard(cells[c])
	}
	return cells
}

func fillPurchase(cells *[columnCount]string, p *sroi.PurchaseClaim) {
	cells[colBlock] = p.Block
	cells[colSeller] = p.Seller
	cells[colSellerName] = p.SellerName
	for name, recognition := range recognitionNames {
		if recognition == p.Recognition {
			cells[colRecognition] = name
		}
	}
	cells[colOrder] = p.Order
	cells[colInvoice] = p.Invoice
	cells[colInvoiceDate] = dutchDate(p.InvoiceDate)
	cells[colAmount] = dutchAmount(&p.Amount)
	cells[colLabourPart] = dutchAmount(p.LabourPart)
}

func fillActivity(cells *[columnCount]string, a *sroi.ActivityClaim) {
	cells[colBlock] = a.Block
	cells[colDescription] = a.Description
	cells[colDate] = dutchDate(a.Date)
	if a.Hours != 0 {
		cells[colHours] = a.Hours.Dutch()
	}
	if a.People != 0 {
		cells[colPeople] = fmt.Sprint(a.People)
	}
	cells[colCost] = dutchAmount(a.Cost)
	cells[colAgreed] = dutchAmount(a.Agreed)
	cells[colMotivation] = a.Motivation
}

func dutchDate(d calendar.Date) string {
	year, month, day := d.Civil()
	return fmt.Sprintf("%02d-%02d-%04d", day, month, year)
}

// dutchAmount has a decimal comma and no thousands points.
func dutchAmount(c *money.Cents) string {
	if c == nil {
		return ""
	}
	return strings.Replace(c.String(), ".", ",", 1)
}
