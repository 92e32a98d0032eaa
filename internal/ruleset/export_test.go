// SPDX-License-Identifier: EUPL-1.2

package ruleset

// Shape is what the loader finds wrong with the form of a file, before it asks
// what the file means.
func Shape(raw []byte) FileFaults {
	r := reader{}
	var d document
	r.read(raw, &d)
	return r.faults
}
