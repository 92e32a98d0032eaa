// SPDX-License-Identifier: EUPL-1.2

package edge

import (
	"strings"
	"testing"
)

// TestOnePersonWithTwoRolesDoesNotDecide hands in as a supplier and decides as a
// consultant, with two tokens of one subject.
func TestOnePersonWithTwoRolesDoesNotDecide(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.putAuthority()
	statement, etag := w.submitted("C-1")
	decision := ask{method: "POST", path: statement + "/beoordelingen", key: "oordeel", match: etag, body: `{"terugsturen":"Onvolledig."}`}
	decision.token = w.token("leverancier-1", "adviseur", claims{"bureau": ourDesk})
	before := w.stored()
	got := w.do(decision)
	got.refused(403, "eigen-verantwoording")
	if !strings.Contains(got.text, "Een ander beoordeelt haar") || w.stored() != before {
		t.Errorf("refused as %s", got.text)
	}
	decision.token = w.consultant()
	w.do(decision).want(201)
}
