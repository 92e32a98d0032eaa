// SPDX-License-Identifier: EUPL-1.2

// The function award-contract registers contracts, keeps their plans, and answers
// what they oblige to.
package main

import (
	"socialreturn/internal/boot"
	"socialreturn/internal/edge"
)

func main() { boot.HTTP(edge.AwardContract) }
