// SPDX-License-Identifier: EUPL-1.2

// The function submit-proof takes a supplier's placements and periodic statements.
package main

import (
	"socialreturn/internal/boot"
	"socialreturn/internal/boot/persons"
	"socialreturn/internal/edge"
)

func main() { boot.HTTPWithPersons(edge.SubmitProof, persons.FromSecret) }
