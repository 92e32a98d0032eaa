// SPDX-License-Identifier: EUPL-1.2

package plan_test

import (
	"fmt"
	"testing"

	"socialreturn/internal/plan"
)

// BenchmarkPlan works out plans of four years of quarters, as many lines as can
// be kept among them.
func BenchmarkPlan(b *testing.B) {
	rules := rulesWith(b)
	asked := terms(rules, "20000000", "2022-01-01", "2025-12-31")
	for _, lines := range []int{10, 200, 1000} {
		var efforts []plan.Effort
		for i := range lines {
			efforts = append(efforts, works(fmt.Sprint("A", i%300), "2022-01-01", "2025-12-31", 10))
		}
		b.Run(fmt.Sprint(lines), func(b *testing.B) {
			for b.Loop() {
				if _, err := plan.Work(rules, efforts, asked); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
