// SPDX-License-Identifier: EUPL-1.2

package sroi

import "socialreturn/internal/calendar"

// MayHoldBSN tells whether a free text holds a stand-alone number of eight or
// nine digits that passes the 11-test of citizen service numbers, also where
// dots, spaces or hyphens stand between its digits. One in eleven arbitrary
// nine-digit numbers passes, so whoever wrote it may confirm that it is none. A
// date, as 2022-03-12 or 12-03-2022, is none.
func MayHoldBSN(text string) bool {
	var groups [][]byte // runs of digits with one separator between each
	for i := 0; i < len(text); {
		if !isDigit(text[i]) {
			i++
			if i < len(text) && isDigit(text[i]) && isSeparator(text[i-1]) {
				continue
			}
			groups = groups[:0]
			continue
		}
		start := i
		for i < len(text) && isDigit(text[i]) {
			i++
		}
		groups = append(groups, []byte(text[start:i]))
		if endsInBSN(groups) {
			return true
		}
	}
	return false
}

// endsInBSN tells whether the last group, alone or with those before it, makes
// a number that passes.
func endsInBSN(groups [][]byte) bool {
	var digits []byte
	for i := len(groups) - 1; i >= 0 && len(digits)+len(groups[i]) <= 9; i-- {
		digits = append(append([]byte{}, groups[i]...), digits...)
		if passesElevenTest(digits) && !isDate(groups[i:]) {
			return true
		}
	}
	return false
}

// isDate tells whether groups of digits are those of a date, with the year first
// or last.
func isDate(groups [][]byte) bool {
	if len(groups) != 3 {
		return false
	}
	year, month, day := string(groups[0]), string(groups[1]), string(groups[2])
	if len(day) == 4 {
		year, day = day, year
	}
	_, err := calendar.ParseDate(year + "-" + month + "-" + day)
	return err == nil
}

func isDigit(c byte) bool     { return c >= '0' && c <= '9' }
func isSeparator(c byte) bool { return c == '.' || c == ' ' || c == '-' }

func passesElevenTest(digits []byte) bool {
	if len(digits) != 8 && len(digits) != 9 {
		return false
	}
	sum, nonzero := 0, false
	for i, c := range digits {
		weight := len(digits) - i // 9 (or 8) down to 2, and -1 for the last
		if weight == 1 {
			weight = -1
		}
		sum += weight * int(c-'0')
		nonzero = nonzero || c != '0'
	}
	return nonzero && sum%11 == 0
}
