// SPDX-License-Identifier: EUPL-1.2

package verify

import "testing"

func TestRecordsHaveADutchName(t *testing.T) {
	for kind, want := range map[string]string{entryKind: "de mutatie", contractKind: "het contract", amendmentKind: "de wijziging", lineKind: "regel 3", balanceKind: "de stand"} {
		if got := (line{Kind: kind, Item: 3}).name(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
