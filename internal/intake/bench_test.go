// SPDX-License-Identifier: EUPL-1.2

//go:build unix

package intake

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"
)

// BenchmarkReadLines counts rows by the processor's time, collecting garbage
// included, so that whatever else runs on the machine matters little.
func BenchmarkReadLines(b *testing.B) {
	for _, rows := range []int{500, maxRows} {
		b.Run(fmt.Sprint(rows), func(b *testing.B) {
			file := manyLines(rows)
			b.SetBytes(int64(len(file)))
			b.ReportAllocs()
			start := processorTime(b)
			for b.Loop() {
				if _, faults := readClaims(strings.NewReader(file)); faults != nil {
					b.Fatal(faults)
				}
			}
			b.ReportMetric(float64(rows)*float64(b.N)/(processorTime(b)-start).Seconds(), "rows/s")
		})
	}
}

func processorTime(b *testing.B) time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
