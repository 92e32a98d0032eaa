// SPDX-License-Identifier: EUPL-1.2

package rules_test

import (
	"bytes"
	"os"
	"testing"

	"socialreturn/infra/local/rules"
	"socialreturn/internal/calendar"
	"socialreturn/internal/ruleset"
)

// What is published passes the check that its successors are asked to pass.
func TestPublishedRulesPassTheCheck(t *testing.T) {
	house := rules.House{Root: os.DirFS("../../.."), Today: calendar.MustDate("2026-11-22")}
	for _, rs := range ruleset.Embedded().All() {
		t.Run(rs.Path(), func(t *testing.T) {
			var said bytes.Buffer
			if err := house.Check(&said, rs.Path(), rs.Raw(), nil); err != nil {
				t.Errorf("%v\n%s", err, said.String())
			}
		})
	}
}
