// SPDX-License-Identifier: EUPL-1.2

// The function record-indicator takes targets, and figures measured elsewhere.
package main

import (
	"socialreturn/internal/boot"
	"socialreturn/internal/edge"
)

func main() { boot.HTTP(edge.RecordIndicator) }
