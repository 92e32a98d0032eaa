// SPDX-License-Identifier: EUPL-1.2

package present

import (
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"socialreturn/internal/sroi"
)

const gutter = "  " // between the columns of the terminal's table

// Terminal writes the council's table as plain text for a terminal of width
// columns, with the state of the years, the notes and the assumptions beneath.
// Where the table does not fit, each name goes on a line above its figures, and
// where that does not fit either, each figure gets a line. No line is longer
// than width but for a single word that is. It returns the writer's error.
func Terminal(w io.Writer, r sroi.Report, width int) error {
	t := newTable(r)
	lines := append(wrap(title(r), width), "")
	lines = append(lines, body(t, width)...)
	lines = append(lines, "")
	if compared := basis(r); compared != "" {
		lines = append(lines, wrap(compared, width)...)
	}
	for _, sentence := range status(r) {
		lines = append(lines, wrap(sentence, width)...)
	}
	for i, act := range r.Acts {
		if i == 0 {
			lines = append(lines, "", "Na de afsluiting geboekt")
		}
		lines = append(lines, hanging("- ", actTold(r, act), width)...)
	}
	for i, note := range t.Notes {
		if i == 0 {
			lines = append(lines, "", "Bronnen en opmerkingen")
		}
		lines = append(lines, hanging(mark(note.Number)+" ", note.Text, width)...)
	}
	for i, assumption := range r.Assumptions {
		if i == 0 {
			lines = append(append(lines, ""), wrap("Aannames waarop deze cijfers rusten", width)...)
		}
		lines = append(lines, hanging("- ", clean(assumption.Text)+" ("+clean(assumption.RuleSet)+")", width)...)
	}
	_, err := io.WriteString(w, strings.Join(lines, "\n")+"\n")
	return err
}

// body is the table in the widest of the three forms that fits.
func body(t table, width int) []string {
	rows := textRows(t)
	figures := make([][]string, len(rows))
	for i, row := range rows {
		figures[i] = row[1:]
	}
	switch numeric := len(t.Columns) - 2; {
	case fits(rows, width):
		given := widths(rows, width)
		lines := append(grid(rows[0], given, 1, numeric), rule(given))
		for _, row := range rows[1:] {
			lines = append(lines, grid(row, given, 1, numeric)...)
		}
		return lines
	case fits(figures, width):
		given := widths(figures, width)
		lines := append(grid(figures[0], given, 0, numeric), rule(given))
		for i, row := range rows[1:] {
			lines = append(lines, hanging(margin(row[0]), strings.TrimLeft(row[0], " "), width)...)
			lines = append(lines, grid(figures[i+1], given, 0, numeric)...)
		}
		return lines
	default:
		return stacked(t, width)
	}
}

func rule(widths []int) string { return strings.Repeat("-", total(widths)) }

// textRows is the table as text: the column names, then a row per indicator.
// A line break in a cell stays one.
func textRows(t table) [][]string {
	rows := [][]string{append([]string{"Indicator"}, t.Columns...)}
	for _, group := range t.Groups {
		for _, line := range group {
			row := []string{indent(line) + line.Name}
			for _, cell := range line.Cells {
				row = append(row, cellText(cell, "\n", ""))
			}
			rows = append(rows, row)
		}
	}
	return rows
}

func indent(line line) string {
	if line.Parent == "" {
		return ""
	}
	return gutter
}

// signs stand before a verdict where there is no colour.
var signs = map[string]string{
	string(sroi.Reached): "+ ", string(sroi.NotReached): "x ", string(sroi.Undetermined): "? ",
}

// cellText is a cell with the parts of a share between before and after. Where
// the page keeps words together, a terminal has no room for it.
func cellText(c cell, before, after string) string {
	words := signs[c.Sign] + strings.ReplaceAll(c.Text, space+"procentpunt", " procentpunt")
	for _, reference := range c.Notes {
		words += space + mark(reference.Note)
	}
	if c.Parts != "" {
		words += before + strings.ReplaceAll(c.Parts, "van"+space, "van ") + after
	}
	return words
}

// fits tells whether every column can have its longest word.
func fits(rows [][]string, width int) bool { return total(narrowest(rows)) <= width }

// widths shares the width: each column what it needs, the widest giving way first.
func widths(rows [][]string, width int) []int {
	least, given := narrowest(rows), broadest(rows, "\n")
	for total(given) > width {
		widest := -1
		for i := range given {
			if given[i] > least[i] && (widest < 0 || given[i] > given[widest]) {
				widest = i
			}
		}
		given[widest]--
	}
	return given
}

// narrowest is the longest word of each column, with its margin.
func narrowest(rows [][]string) []int { return broadest(rows, " \n") }

// broadest is the longest piece of each column between any of the separators.
func broadest(rows [][]string, separators string) []int {
	longest := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			for piece := range strings.FieldsFuncSeq(cell, func(r rune) bool { return strings.ContainsRune(separators, r) }) {
				longest[i] = max(longest[i], utf8.RuneCountInString(strings.TrimLeft(piece, " "))+len(margin(cell)))
			}
		}
	}
	return longest
}

func total(columns []int) int {
	sum := len(gutter) * (len(columns) - 1)
	for _, width := range columns {
		sum += width
	}
	return sum
}

func margin(cell string) string { return cell[:len(cell)-len(strings.TrimLeft(cell, " "))] }

// grid writes one row in columns; those from first on that are numeric stand
// flush right.
func grid(row []string, widths []int, first, numeric int) []string {
	wrapped := make([][]string, len(row))
	height := 0
	for i, cell := range row {
		for paragraph := range strings.SplitSeq(cell, "\n") {
			wrapped[i] = append(wrapped[i], hanging(margin(cell), strings.TrimLeft(paragraph, " "), widths[i])...)
		}
		height = max(height, len(wrapped[i]))
	}
	var lines []string
	for at := range height {
		parts := make([]string, len(row))
		for i := range row {
			if at < len(wrapped[i]) {
				parts[i] = wrapped[i][at]
			}
			parts[i] = pad(parts[i], widths[i], i >= first && i < first+numeric)
		}
		lines = append(lines, strings.TrimRight(strings.Join(parts, gutter), " "))
	}
	return lines
}

func pad(s string, width int, right bool) string {
	blank := strings.Repeat(" ", max(0, width-utf8.RuneCountInString(s)))
	if right {
		return blank + s
	}
	return s + blank
}

// stacked writes each row as a list of its figures.
func stacked(t table, width int) []string {
	var lines []string
	for g, group := range t.Groups {
		if g > 0 {
			lines = append(lines, "")
		}
		for _, line := range group {
			lines = append(lines, hanging(indent(line), line.Name, width)...)
			for i, cell := range line.Cells {
				if line.Untargeted && i >= len(line.Cells)-2 {
					continue
				}
				lines = append(lines, hanging(indent(line)+gutter, cell.Column+": "+cellText(cell, " (", ")"), width)...)
			}
		}
	}
	return lines
}

func mark(number int) string { return "[" + strconv.Itoa(number) + "]" }

// wrap breaks words over lines of at most width; a longer word stands alone.
func wrap(words string, width int) []string { return hanging("", words, width) }

// hanging wraps words with a lead before the first line and as much blank
// before the others.
func hanging(lead, words string, width int) []string {
	blank := strings.Repeat(" ", utf8.RuneCountInString(lead))
	line, empty := lead, true
	var lines []string
	for word := range strings.SplitSeq(words, " ") {
		if !empty && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width {
			lines = append(lines, line)
			line, empty = blank, true
		}
		if !empty {
			line += " "
		}
		line, empty = line+word, false
	}
	return append(lines, line)
}
