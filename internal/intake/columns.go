// SPDX-License-Identifier: EUPL-1.2

package intake

import (
	"slices"
	"strings"
	"unicode"

	"socialreturn/internal/sroi"
)

// column is a column of the file, by what it holds.
type column int

const (
	colKind column = iota
	colPeriod
	colPlacement
	colWorked
	colBlock
	colSeller
	colSellerName
	colRecognition
	colOrder
	colInvoice
	colInvoiceDate
	colAmount
	colLabourPart
	colDescription
	colDate
	colHours
	colPeople
	colCost
	colAgreed
	colMotivation
	colEvidenceKind
	colEvidenceName
	colEvidenceHash
	colRemark
	colNoBSN
	columnCount
)

// columnNames are the headers as the template writes them. They are read
// regardless of case, spaces and punctuation.
var columnNames = [columnCount]string{
	colKind:         "soort",
	colPeriod:       "periode",
	colPlacement:    "plaatsing",
	colWorked:       "gewerkte uren",
	colBlock:        "bouwblok",
	colSeller:       "verkoper (KvK)",
	colSellerName:   "verkopernaam",
	colRecognition:  "erkenning",
	colOrder:        "opdracht",
	colInvoice:      "factuur",
	colInvoiceDate:  "factuurdatum",
	colAmount:       "bedrag",
	colLabourPart:   "arbeidsdeel",
	colDescription:  "omschrijving",
	colDate:         "datum",
	colHours:        "uren",
	colPeople:       "deelnemers",
	colCost:         "kosten",
	colAgreed:       "afgesproken",
	colMotivation:   "motivering",
	colEvidenceKind: "bewijs soort",
	colEvidenceName: "bewijs naam",
	colEvidenceHash: "bewijs sha256",
	colRemark:       "toelichting",
	colNoBSN:        "geen BSN",
}

// kindNames are the kinds of line as the column soort writes them.
var kindNames = map[sroi.LineKind]string{
	sroi.PlacementLine: "plaatsing",
	sroi.PurchaseLine:  "sociale inkoop",
	sroi.ActivityLine:  "activiteit",
}

// ownColumns are the columns of one kind only, beside those of every kind.
var ownColumns = map[sroi.LineKind][]column{
	sroi.PlacementLine: {colPlacement, colWorked},
	sroi.PurchaseLine: {colBlock, colSeller, colSellerName, colRecognition, colOrder,
		colInvoice, colInvoiceDate, colAmount, colLabourPart},
	sroi.ActivityLine: {colBlock, colDescription, colDate, colHours, colPeople, colCost, colAgreed, colMotivation},
}

// foreignColumns are, per kind, the columns that must stay empty.
var foreignColumns = func() map[sroi.LineKind][]column {
	foreign := map[sroi.LineKind][]column{}
	for kind, own := range ownColumns {
		for c := colPlacement; c <= colMotivation; c++ {
			if !slices.Contains(own, c) {
				foreign[kind] = append(foreign[kind], c)
			}
		}
	}
	return foreign
}()

// plain is a name without case, spaces and punctuation.
func plain(name string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			return unicode.ToLower(c)
		}
		return -1
	}, name)
}

var columnsByName = func() map[string]column {
	byName := map[string]column{"verkoper": colSeller, "kvk": colSeller}
	for c, name := range columnNames {
		byName[plain(name)] = column(c)
	}
	return byName
}()

var kindsByName = func() map[string]sroi.LineKind {
	byName := map[string]sroi.LineKind{}
	for kind, name := range kindNames {
		byName[plain(name)] = kind
	}
	return byName
}()

// nearestColumn is the name that a mistyped header probably means, or empty
// where none is near: at most a third of its letters away.
func nearestColumn(header string) string {
	typed := []rune(plain(header))
	best, distance := "", len(typed)/3+1
	if len(typed) > 40 {
		return ""
	}
	for _, name := range columnNames {
		if d := editDistance(typed, []rune(plain(name))); d < distance {
			best, distance = name, d
		}
	}
	return best
}

// editDistance counts the letters to insert, drop or replace (Levenshtein).
func editDistance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j, y := range b {
			replace := diagonal
			if x != y {
				replace++
			}
			diagonal = row[j+1]
			row[j+1] = min(replace, diagonal+1, row[j]+1)
		}
	}
	return row[len(b)]
}

// letter is how a spreadsheet names the column at an index from 0: A to Z,
// then AA.
func letter(index int) string {
	name := ""
	for n := index + 1; n > 0; n = (n - 1) / 26 {
		name = string(rune('A'+(n-1)%26)) + name
	}
	return name
}
