// SPDX-License-Identifier: EUPL-1.2

package offline_test

import (
	"testing"

	"socialreturn/infra/local/contracttest"
	"socialreturn/internal/edge"
)

// TestMain holds every answer of the API against its contract.
func TestMain(m *testing.M) { contracttest.Main(m, edge.Contract) }
