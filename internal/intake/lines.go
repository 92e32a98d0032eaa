// SPDX-License-Identifier: EUPL-1.2

package intake

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"socialreturn/internal/sroi"
)

// What a file of lines may hold.
const (
	maxLinesBytes = 5 << 20
	maxRows       = 5000
	maxCellBytes  = 4 << 10
	maxFaults     = 1000
)

// RowFault is one thing wrong with a file of lines, and where. It never repeats
// what a cell holds.
type RowFault struct {
	Row    int    // as the spreadsheet numbers it, the header is 1; 0 for the file as a whole
	Letter string // of the column, such as "L"; empty for the whole row
	Column string // its name as the template writes it; empty where it has no known name
	Code   string // stable, for programs
	Detail string // in Dutch: what is wrong and what to do
}

// ReadLines reads a statement's lines from CSV: UTF-8, UTF-16 with a byte order
// mark, or Windows-1252; separated by semicolons, commas or tabs; one header
// row with the names of WriteTemplate in any order. It skips empty rows and
// the template's examples, trims the space around a cell, and takes off the
// apostrophe of Guard.
//
// It gives either every line or every fault, at most 1,000 of them and then how
// many more there are. At most 5 MiB, 5,000 lines and 4 KiB a cell.
func ReadLines(r io.Reader) ([]Line, []RowFault) {
	var file strings.Builder
	if sized, ok := r.(interface{ Len() int }); ok {
		file.Grow(min(sized.Len(), maxLinesBytes+1))
	}
	if _, err := io.Copy(&file, io.LimitReader(r, maxLinesBytes+1)); err != nil {
		return nil, fileFault(errFileRead)
	}
	if file.Len() > maxLinesBytes {
		return nil, fileFault(errFileSize)
	}
	text, problem := decodeText(file.String())
	if problem != nil {
		return nil, fileFault(problem)
	}
	if strings.TrimSpace(text) == "" {
		return nil, fileFault(errFileEmpty)
	}
	s := &sheet{}
	rows := s.readHeader(text)
	if s.has(colKind) {
		s.read = make([]Line, 0, min(strings.Count(rows.rest, "\n")+1, maxRows))
		s.readRows(rows)
	}
	if len(s.faults) > 0 {
		return nil, s.allFaults()
	}
	return s.read, nil
}

// Line is a claim and the row that it stands in, as a spreadsheet numbers it.
type Line struct {
	Row   int
	Claim sroi.Claim
}

func fileFault(problem *flaw) []RowFault {
	return []RowFault{{Code: problem.code, Detail: problem.detail}}
}

// noColumn stands for a header that is empty or unknown.
const noColumn column = -1

// sheet is a file while it is read.
type sheet struct {
	columns   []column         // what each column of the file holds
	unnamed   []bool           // which of them have no header at all
	at        [columnCount]int // where each column stands, from 1; 0 where the file lacks it
	headerRow int
	lacks     [columnCount]bool   // needed columns of which it was said that they are absent
	row       int                 // the row being read
	values    [columnCount]string // its cells
	spoiled   [columnCount]bool   // cells of the row that cannot be read whatever they mean
	lines     int                 // rows with a line so far
	read      []Line
	faults    []RowFault
	more      int // faults beyond maxFaults
}

func (s *sheet) has(c column) bool { return s.at[c] > 0 }

// readHeader finds the separator and what each column holds, and gives the
// rows below.
func (s *sheet) readHeader(text string) *splitter {
	rows, header := findHeader(text)
	s.row, s.headerRow = rows.row, rows.row
	known := 0
	for i, cell := range header {
		name := plain(cell)
		c, found := columnsByName[name]
		if !found {
			c = noColumn
		}
		s.columns = append(s.columns, c)
		s.unnamed = append(s.unnamed, name == "")
		switch {
		case name == "":
		case !found:
			s.fault(i, c, &flaw{"unknownColumn", unknownColumn(cell)})
		case s.has(c):
			s.fault(i, c, &flaw{"duplicateColumn", "Deze kolom komt twee keer voor. Verwijder er één."})
		default:
			s.at[c] = i + 1
			known++
		}
	}
	switch {
	case known == 0:
		s.faults = nil
		s.rowFault(&flaw{"header", "De eerste rij bevat geen bekende kolomnamen. Gebruik de kolommen van het sjabloon: " +
			strings.Join(columnNames[:], "; ") + "."})
	case !s.has(colKind):
		s.rowFault(&flaw{"missingColumn", "De kolom soort ontbreekt. Elke regel noemt daarin plaatsing, sociale inkoop of activiteit."})
	}
	return rows
}

// findHeader takes the first row that is not empty, split by the separator
// that gives the most known names.
func findHeader(text string) (*splitter, []string) {
	var best *splitter
	var header []string
	most := -1
	for _, separator := range []byte(";,\t") {
		rows := &splitter{rest: text, separator: separator}
		cells, problem, more := rows.next(nil)
		for more && problem == nil && strings.TrimSpace(strings.Join(cells, "")) == "" {
			cells, problem, more = rows.next(cells)
		}
		known := 0
		for _, cell := range cells {
			if _, found := columnsByName[plain(cell)]; found {
				known++
			}
		}
		if known > most {
			best, header, most = rows, cells, known
		}
	}
	return best, header
}

func unknownColumn(header string) string {
	if name := nearestColumn(header); name != "" {
		return fmt.Sprintf("Deze kolomnaam is niet bekend. Bedoelde u %s?", name)
	}
	return "Deze kolomnaam is niet bekend. Gebruik de kolomnamen van het sjabloon of verwijder de kolom."
}

func (s *sheet) readRows(rows *splitter) {
	var cells []string
	for {
		var problem *flaw
		var more bool
		cells, problem, more = rows.next(cells)
		if !more {
			return
		}
		s.row = rows.row
		if problem != nil {
			s.rowFault(problem)
			continue
		}
		filled, kind := s.readCells(cells), plain(s.values[colKind])
		if !filled || strings.HasPrefix(kind, exampleMark) {
			continue
		}
		if s.lines++; s.lines > maxRows {
			s.rowFault(&flaw{"tooManyRows", fmt.Sprintf("Het bestand telt meer dan %d regels. Verdeel ze over meer bestanden.", maxRows)})
			return
		}
		s.readLine(kind)
	}
}

// readCells takes the values of a row, and tells whether it holds any.
func (s *sheet) readCells(cells []string) bool {
	s.values, s.spoiled = [columnCount]string{}, [columnCount]bool{}
	filled := false
	for i, cell := range cells {
		if cell == "" {
			continue
		}
		value := unguard(strings.TrimSpace(cell))
		if value == "" {
			continue
		}
		filled = true
		c := noColumn
		if i < len(s.columns) {
			c = s.columns[i]
		}
		switch problem := cellFlaw(cell, value); {
		case i >= len(s.columns) || s.unnamed[i]:
			s.fault(i, noColumn, &flaw{"noHeader", "Deze cel staat in een kolom zonder kolomnaam. Maak de cel leeg of geef de kolom een naam."})
		case problem != nil:
			s.fault(i, c, problem)
			if c != noColumn {
				s.spoiled[c] = true
			}
		case c != noColumn && s.at[c] == i+1:
			s.values[c] = value
		}
	}
	return filled
}

var (
	errCellSize    = &flaw{"cellTooLong", "De tekst in deze cel is langer dan 4 KiB. Kort de tekst in."}
	errCellControl = &flaw{"control", "Deze cel bevat onzichtbare stuurtekens. Typ de inhoud opnieuw."}
	errCellExcel   = &flaw{"excelError", "Deze cel bevat een foutmelding van Excel of een te smalle kolom (####). Herstel de cel en sla het bestand opnieuw op."}
)

// excelErrors are what a spreadsheet saves for a formula that failed, in Dutch
// and English.
var excelErrors = []string{
	"#N/B", "#NAAM?", "#WAARDE!", "#VERW!", "#DEEL/0!", "#GETAL!", "#LEEG!", "#OVERLOOP!",
	"#N/A", "#NAME?", "#VALUE!", "#REF!", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!",
}

// cellFlaw is what can be wrong with a cell whatever its column.
func cellFlaw(cell, value string) *flaw {
	if len(cell) > maxCellBytes {
		return errCellSize
	}
	if value[0] == '#' && (strings.Trim(value, "#") == "" || slices.Contains(excelErrors, value)) {
		return errCellExcel
	}
	for i := range len(value) {
		if b := value[i]; b < ' ' && b != '\n' && b != '\r' && b != '\t' || b == 0x7F {
			return errCellControl
		}
	}
	return nil
}

// fault notes what is wrong with the cell at an index from 0.
func (s *sheet) fault(index int, c column, problem *flaw) {
	name := ""
	if c != noColumn {
		name = columnNames[c]
	}
	s.add(RowFault{Row: s.row, Letter: letter(index), Column: name, Code: problem.code, Detail: problem.detail})
}

// columnFault notes what is wrong with the cell of a column that the file has.
func (s *sheet) columnFault(c column, problem *flaw) { s.fault(s.at[c]-1, c, problem) }

func (s *sheet) rowFault(problem *flaw) {
	s.add(RowFault{Row: s.row, Code: problem.code, Detail: problem.detail})
}

func (s *sheet) add(fault RowFault) {
	if len(s.faults) < maxFaults {
		s.faults = append(s.faults, fault)
		return
	}
	s.more++
}

func (s *sheet) allFaults() []RowFault {
	if s.more == 0 {
		return s.faults
	}
	detail := fmt.Sprintf("En nog %d fouten. Herstel eerst de fouten hierboven.", s.more)
	return append(s.faults, RowFault{Code: "more", Detail: detail})
}
