// SPDX-License-Identifier: EUPL-1.2

package intake

import "strings"

// Guard makes a cell safe to open in a spreadsheet: one that the program might
// take for a formula gets a leading apostrophe. So does one that merely looks
// as if it had been guarded, so that ReadLines, which takes one apostrophe off
// again, gives back exactly what went in.
func Guard(cell string) string {
	if looksLikeFormula(cell) {
		return "'" + cell
	}
	return cell
}

func unguard(cell string) string {
	if strings.HasPrefix(cell, "'") && looksLikeFormula(cell) {
		return cell[1:]
	}
	return cell
}

// looksLikeFormula looks past leading apostrophes.
func looksLikeFormula(cell string) bool {
	bare := strings.TrimLeft(cell, "'")
	return bare != "" && strings.IndexByte("=+-@\t\r", bare[0]) >= 0
}
