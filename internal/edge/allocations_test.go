// SPDX-License-Identifier: EUPL-1.2

//go:build !race

package edge

import "testing"

// mostAllocations is the bar on what a GET allocates beyond the SDK's call. The
// race detector allocates too, so that under it there is nothing to count.
const mostAllocations = 60

func TestAllocationsOfAGet(t *testing.T) {
	get, call := measured(t)
	handler, sdk := testing.AllocsPerRun(200, get), testing.AllocsPerRun(200, call)
	t.Logf("a GET allocates %.0f times, the SDK's call %.0f", handler, sdk)
	if more := handler - sdk; more > mostAllocations {
		t.Errorf("%.0f allocations beyond the SDK's call, at most %d", more, mostAllocations)
	}
}
