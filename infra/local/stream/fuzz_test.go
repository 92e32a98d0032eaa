// SPDX-License-Identifier: EUPL-1.2

package stream

import (
	"testing"
)

// FuzzFilter: a pattern is read as conditions on the name of the event or an
// attribute, or refused; what it lets through fulfils every one of them.
func FuzzFilter(f *testing.F) {
	f.Add(`{"eventName":["INSERT"],"dynamodb":{"NewImage":{"type":{"S":["entry"]}}}}`, "INSERT", "entry")
	f.Add(`{"eventName":[],"dynamodb":{"NewImage":{"type":{"S":[]}}}}`, "INSERT", "entry")
	f.Add(`{"dynamodb":{"NewImage":{"":{"S":["entry"]}}}}`, "", "")
	f.Add(`[[["INSERT"]]]`, "MODIFY", "entry")
	f.Fuzz(func(t *testing.T, pattern, event, kind string) {
		compiled, err := compile([]string{pattern})
		if err != nil {
			if len(compiled) > 0 {
				t.Fatalf("refused (%v) and read as %v", err, compiled)
			}
			return
		}
		if len(compiled) != 1 {
			t.Fatalf("one pattern is %d filters", len(compiled))
		}
		r := record(event, kind)
		all := true
		for _, c := range compiled[0] {
			holds := false
			for _, value := range c.values {
				holds = holds || c.attribute == "" && value == event || c.attribute == "type" && value == kind
			}
			all = all && holds
		}
		if got := compiled.match(r); got != all {
			t.Fatalf("%s lets %s of %s through: %v", pattern, event, kind, got)
		}
	})
}
