// SPDX-License-Identifier: EUPL-1.2

//go:build !race

package edge

import (
	"testing"

	"socialreturn/infra/bench/figure"
)

// The race detector allocates too, so that under it there is nothing to count.
func TestAllocationsOfAGet(t *testing.T) {
	get, call := measured(t)
	handler, sdk := testing.AllocsPerRun(200, get), testing.AllocsPerRun(200, call)
	t.Logf("a GET allocates %.0f times, the SDK's call %.0f", handler, sdk)
	figure.Count(t, "allocations of a GET beyond the SDK's call", handler-sdk, figure.AtMost(60), figure.AtMost(20))
}
