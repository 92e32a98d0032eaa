// SPDX-License-Identifier: EUPL-1.2

package child

import "syscall"

// tiedToParent makes the kernel end the child when this process ends.
func tiedToParent() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
