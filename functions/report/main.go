// SPDX-License-Identifier: EUPL-1.2

// The function report answers reports, ledgers, rule sets, and whatever no route takes.
package main

import (
	"socialreturn/internal/boot"
	"socialreturn/internal/edge"
)

func main() { boot.HTTP(edge.Report) }
