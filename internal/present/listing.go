// SPDX-License-Identifier: EUPL-1.2

package present

// listing is a table whose rows turn into cards on a phone.
type listing struct {
	ID      string // of the heading that names it
	Columns []column
	Groups  [][]listingRow // what belongs together
}

type column struct {
	Name    string
	Numeric bool
}

// listingRow is a row: its header, what stands small under that, and its cells.
type listingRow struct {
	Head, Href string
	Under      []string
	Part       bool // continues the row before it
	Cells      []listingCell
}

type listingCell struct {
	Column  string
	Numeric bool
	Empty   bool // a phone leaves it out
	Text    string
}

// add adds a row with these cells, to the group before it where it is a part.
func (g *listing) add(row listingRow, cells ...string) {
	for i, text := range cells {
		of := g.Columns[i+1]
		row.Cells = append(row.Cells, listingCell{Column: of.Name, Numeric: of.Numeric, Empty: text == dash, Text: text})
	}
	if n := len(g.Groups); row.Part && n > 0 {
		g.Groups[n-1] = append(g.Groups[n-1], row)
		return
	}
	g.Groups = append(g.Groups, []listingRow{row})
}

// fact is a name with what it is.
type fact struct{ Name, Text, Href string }

// known leaves out facts without a text.
func known(facts ...fact) []fact {
	var kept []fact
	for _, f := range facts {
		if f.Text != "" {
			kept = append(kept, f)
		}
	}
	return kept
}
