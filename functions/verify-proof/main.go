// SPDX-License-Identifier: EUPL-1.2

// The function verify-proof takes a consultant's decisions and corrections.
package main

import (
	"socialreturn/internal/boot"
	"socialreturn/internal/edge"
)

func main() { boot.HTTP(edge.VerifyProof) }
