// SPDX-License-Identifier: EUPL-1.2

package intake

import (
	"fmt"
	"strings"
	"testing"

	"socialreturn/infra/bench/figure"
)

// BenchmarkReadLines counts rows by the processor's time, collecting garbage
// included, so that whatever else runs on the machine matters little.
func BenchmarkReadLines(b *testing.B) {
	for _, rows := range []int{500, maxRows} {
		b.Run(fmt.Sprint(rows), func(b *testing.B) {
			file := manyLines(rows)
			b.SetBytes(int64(len(file)))
			b.ReportAllocs()
			start := figure.ProcessorTime()
			for b.Loop() {
				if _, faults := ReadLines(strings.NewReader(file)); faults != nil {
					b.Fatal(faults)
				}
			}
			rate := float64(rows) * float64(b.N) / (figure.ProcessorTime() - start).Seconds()
			figure.Time(b, fmt.Sprintf("lines of CSV a second and core, %d in a file", rows), rate, figure.AtLeast(500_000), figure.Bar{})
		})
	}
}
