// SPDX-License-Identifier: EUPL-1.2

package intake

import (
	"fmt"
	"strings"

	"socialreturn/internal/sroi"
)

var (
	errKindMissing = &flaw{"missing", "De soort van de regel ontbreekt. Schrijf plaatsing, sociale inkoop of activiteit."}
	errKind        = &flaw{"kind", "Deze soort regel is niet bekend. Schrijf plaatsing, sociale inkoop of activiteit."}
	errMissing     = &flaw{"missing", "Deze cel is verplicht voor deze soort regel. Vul de cel in."}
)

// readLine turns the row's values into a claim of the named kind, or into faults.
func (s *sheet) readLine(kindName string) {
	kind, known := s.readKind(kindName)
	if !known {
		return
	}
	for _, c := range foreignColumns[kind] {
		if s.values[c] != "" {
			s.columnFault(c, &flaw{"foreign", fmt.Sprintf(
				"Deze kolom hoort niet bij een regel van de soort %s. Maak de cel leeg of kies een andere soort.", kindNames[kind])})
		}
	}
	claim := sroi.Claim{
		Kind:     kind,
		Period:   given(s, colPeriod, parsePeriod),
		Evidence: s.readEvidence(),
		Remark:   given(s, colRemark, parseText),
		NoBSN:    given(s, colNoBSN, parseYesNo),
	}
	switch kind {
	case sroi.PlacementLine:
		claim.Placement = s.readPlacement()
	case sroi.PurchaseLine:
		claim.Purchase = s.readPurchase()
	case sroi.ActivityLine:
		claim.Activity = s.readActivity()
	}
	if len(s.faults) == 0 {
		s.read = append(s.read, Line{Row: s.row, Claim: claim})
	}
}

func (s *sheet) readKind(name string) (sroi.LineKind, bool) {
	kind, known := kindsByName[name]
	switch {
	case known || s.spoiled[colKind]:
	case s.values[colKind] == "":
		s.columnFault(colKind, errKindMissing)
	default:
		s.columnFault(colKind, errKind)
	}
	return kind, known
}

func (s *sheet) readPlacement() *sroi.PlacementClaim {
	return &sroi.PlacementClaim{
		Number: demanded(s, colPlacement, parseNumber),
		Worked: demanded(s, colWorked, parseHours),
	}
}

func (s *sheet) readPurchase() *sroi.PurchaseClaim {
	return &sroi.PurchaseClaim{
		Block:       demanded(s, colBlock, parseText),
		Seller:      demanded(s, colSeller, parseKvK),
		SellerName:  demanded(s, colSellerName, parseText),
		Recognition: demanded(s, colRecognition, parseRecognition),
		Order:       demanded(s, colOrder, parseReference),
		Invoice:     demanded(s, colInvoice, parseReference),
		InvoiceDate: demanded(s, colInvoiceDate, parseDate),
		Amount:      demanded(s, colAmount, parseAmount),
		LabourPart:  optional(s, colLabourPart, parseAmount),
	}
}

func (s *sheet) readActivity() *sroi.ActivityClaim {
	return &sroi.ActivityClaim{
		Block:       demanded(s, colBlock, parseText),
		Description: demanded(s, colDescription, parseText),
		Date:        demanded(s, colDate, parseDate),
		Hours:       given(s, colHours, parseHours),
		People:      given(s, colPeople, parseCount),
		Cost:        optional(s, colCost, parseAmount),
		Agreed:      optional(s, colAgreed, parseAmount),
		Motivation:  given(s, colMotivation, parseText),
	}
}

// readEvidence joins the three columns of evidence, in which a bar separates
// one paper from the next.
func (s *sheet) readEvidence() []sroi.Evidence {
	kinds, names, hashes := s.values[colEvidenceKind], s.values[colEvidenceName], s.values[colEvidenceHash]
	papers := papersIn(kinds)
	if papers != papersIn(names) || papers != papersIn(hashes) {
		s.rowFault(&flaw{"evidence", fmt.Sprintf(
			"De bewijsstukken kloppen niet: %d keer een soort, %d keer een naam en %d keer een SHA-256. Noem ze alle drie per bewijsstuk, gescheiden door een streepje (|).",
			papers, papersIn(names), papersIn(hashes))})
		return nil
	}
	if papers == 0 {
		return nil
	}
	evidence := make([]sroi.Evidence, papers)
	for i := range evidence {
		var paper sroi.Evidence
		var hash string
		paper.Kind, kinds = nextPaper(kinds)
		paper.Name, names = nextPaper(names)
		hash, hashes = nextPaper(hashes)
		var problem *flaw
		if paper.SHA256, problem = parseHash(hash); problem != nil {
			s.columnFault(colEvidenceHash, problem)
		}
		if paper.Kind == "" {
			s.columnFault(colEvidenceKind, errMissing)
		}
		if paper.Name == "" {
			s.columnFault(colEvidenceName, errMissing)
		}
		evidence[i] = paper
	}
	return evidence
}

// papersIn is how many papers a cell names.
func papersIn(cell string) int {
	if cell == "" {
		return 0
	}
	return strings.Count(cell, "|") + 1
}

func nextPaper(cell string) (paper, rest string) {
	paper, rest, _ = strings.Cut(cell, "|")
	return strings.TrimSpace(paper), rest
}

// demanded reads a cell that this kind of line needs. Where the whole column is
// absent, that is said once, at the header.
func demanded[T any](s *sheet, c column, parse func(string) (T, *flaw)) T {
	var none T
	switch {
	case s.values[c] != "":
		return given(s, c, parse)
	case s.spoiled[c]:
	case s.has(c):
		s.columnFault(c, errMissing)
	case !s.lacks[c]:
		s.lacks[c] = true
		s.add(RowFault{Row: s.headerRow, Column: columnNames[c], Code: "missingColumn", Detail: fmt.Sprintf(
			"De kolom %s ontbreekt, maar is nodig vanaf rij %d. Voeg de kolom toe.", columnNames[c], s.row)})
	}
	return none
}

// given reads a cell that may be empty, which gives the zero value.
func given[T any](s *sheet, c column, parse func(string) (T, *flaw)) T {
	if s.values[c] == "" {
		var none T
		return none
	}
	value, problem := parse(s.values[c])
	if problem != nil {
		s.columnFault(c, problem)
	}
	return value
}

// optional reads a cell whose absence differs from zero.
func optional[T any](s *sheet, c column, parse func(string) (T, *flaw)) *T {
	if s.values[c] == "" {
		return nil
	}
	value := given(s, c, parse)
	return &value
}
