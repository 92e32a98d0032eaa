// SPDX-License-Identifier: EUPL-1.2

//go:build !linux

package child

import "syscall"

// tiedToParent changes nothing: only Linux can end a child with its parent.
func tiedToParent() *syscall.SysProcAttr { return nil }
