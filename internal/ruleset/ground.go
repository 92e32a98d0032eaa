// SPDX-License-Identifier: EUPL-1.2

package ruleset

// Ground is a source or an assumption, with how many places of the file name it.
type Ground struct {
	ID      string
	Assumed bool
	Places  int // zero: nothing rests on it
}

// Grounds lists the sources of the file, then its assumptions.
func (rs *RuleSet) Grounds() []Ground {
	places := map[string]int{}
	for _, use := range rs.doc.sourcesUsed() {
		places[use.id]++
	}
	var grounds []Ground
	for _, source := range rs.Sources {
		grounds = append(grounds, Ground{ID: source.ID, Places: places[source.ID]})
	}
	for _, assumption := range rs.Assumptions {
		grounds = append(grounds, Ground{ID: assumption.ID, Assumed: true, Places: places[assumption.ID]})
	}
	return grounds
}
