// SPDX-License-Identifier: EUPL-1.2

//go:build !unix

package figure

import "time"

var started = time.Now()

// ProcessorTime is the time since the start, where the system's own account of
// the processor's time is not at hand.
func ProcessorTime() time.Duration { return time.Since(started) }
