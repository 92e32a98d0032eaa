// SPDX-License-Identifier: EUPL-1.2

package simulation

import (
	"testing"

	"socialreturn/internal/sroi"
)

// What a correction gives back to a person counts for another contract, and cannot
// be had again by correcting it back.
func TestALimitHoldsOverCorrections(t *testing.T) {
	f := decided.at(t)
	w := quiet(t, f)
	one, two := f.contracts[0], f.contracts[1]
	w.must(w.correcting(one, 1, sroi.Rejected))
	w.must(w.approving(two, 1))
	w.changes()
	w.must(w.correcting(one, 1, sroi.Approved))
	w.must(w.rollUp())
	w.inspect()
}
