// SPDX-License-Identifier: EUPL-1.2

// The function roll-up folds new ledger entries into the totals that reports read.
package main

import (
	"socialreturn/internal/boot"
	"socialreturn/internal/edge"
)

func main() { boot.Stream(edge.RollUp, edge.Redrive) }
