// SPDX-License-Identifier: EUPL-1.2

// The function keep-register takes what registers of social enterprises say.
package main

import (
	"socialreturn/internal/boot"
	"socialreturn/internal/edge"
)

func main() { boot.HTTP(edge.KeepRegister) }
