// SPDX-License-Identifier: EUPL-1.2

// The function register-tender registers tenders and their awards: with Social Return and without.
package main

import (
	"socialreturn/internal/boot"
	"socialreturn/internal/edge"
)

func main() { boot.HTTP(edge.RegisterTender) }
