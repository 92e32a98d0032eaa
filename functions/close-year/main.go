// SPDX-License-Identifier: EUPL-1.2

// The function close-year closes the years of authorities: it fences, recomputes from the ledgers, and freezes.
package main

import (
	"socialreturn/internal/boot"
	"socialreturn/internal/edge"
)

func main() { boot.HTTP(edge.CloseYear) }
