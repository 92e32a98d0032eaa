// SPDX-License-Identifier: EUPL-1.2

//go:build unix

package figure

import (
	"syscall"
	"time"
)

// ProcessorTime is what this process took of the processor so far, collecting
// garbage included: whatever else runs on the machine matters little to it.
func ProcessorTime() time.Duration {
	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &usage) != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
