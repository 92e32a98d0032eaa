// SPDX-License-Identifier: EUPL-1.2

package intake

import "strings"

// maxCells bounds the width of a row, so that a file of separators costs no
// more than any other.
const maxCells = 256

// splitter cuts a text into rows and cells as Excel does: a quoted cell may
// hold separators and line breaks, and a blank line is a row too, so that rows
// count as they do on the screen. encoding/csv skips blank lines and lets a
// row be of any width.
type splitter struct {
	rest      string
	separator byte
	row       int // of the cells that next gave last, from 1
}

// What can be wrong with a row's form.
var (
	errOpenQuote = &flaw{"openQuote", "Een aanhalingsteken wordt niet gesloten, of er staat tekst achter een gesloten aanhalingsteken. Schrijf een aanhalingsteken binnen een cel dubbel."}
	errWideRow   = &flaw{"wideRow", "De rij heeft meer dan 256 cellen. Controleer het scheidingsteken."}
)

// next gives the cells of the next row, in the space that cells offers, and
// false at the end. After a flaw it goes on with the next line.
func (s *splitter) next(cells []string) ([]string, *flaw, bool) {
	if s.rest == "" {
		return nil, nil, false
	}
	s.row++
	cells = cells[:0]
	for {
		if len(cells) == maxCells {
			return nil, s.skipLine(errWideRow), true
		}
		cell, last, problem := s.cell()
		if problem != nil {
			return nil, s.skipLine(problem), true
		}
		cells = append(cells, cell)
		if last {
			return cells, nil, true
		}
	}
}

func (s *splitter) skipLine(problem *flaw) *flaw {
	_, s.rest, _ = strings.Cut(s.rest, "\n")
	return problem
}

// cell takes one cell with the separator or line end behind it, and tells
// whether it is the last of its row.
func (s *splitter) cell() (cell string, last bool, problem *flaw) {
	if strings.HasPrefix(s.rest, `"`) {
		return s.quoted()
	}
	rest, separator := s.rest, s.separator
	for i := range len(rest) {
		switch rest[i] {
		case separator:
			s.rest = rest[i+1:]
			return rest[:i], false, nil
		case '\n':
			s.rest = rest[i+1:]
			return strings.TrimSuffix(rest[:i], "\r"), true, nil
		}
	}
	cell, s.rest = strings.TrimSuffix(s.rest, "\r"), ""
	return cell, true, nil
}

func (s *splitter) quoted() (cell string, last bool, problem *flaw) {
	end := 1
	for {
		quote := strings.IndexByte(s.rest[end:], '"')
		if quote < 0 {
			return "", false, errOpenQuote
		}
		end += quote + 1
		if !strings.HasPrefix(s.rest[end:], `"`) {
			break
		}
		end++
	}
	cell = s.rest[1 : end-1]
	if strings.Contains(cell, `"`) {
		cell = strings.ReplaceAll(cell, `""`, `"`)
	}
	after := s.rest[end:]
	switch {
	case after != "" && after[0] == s.separator:
		s.rest = after[1:]
		return cell, false, nil
	case strings.HasPrefix(after, "\n"):
		s.rest = after[1:]
	case strings.HasPrefix(after, "\r\n"):
		s.rest = after[2:]
	case after == "" || after == "\r":
		s.rest = ""
	default:
		return "", false, errOpenQuote
	}
	return cell, true, nil
}
