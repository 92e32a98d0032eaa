// SPDX-License-Identifier: EUPL-1.2

// Package child runs a program as a child of this process that does not
// outlive it, and keeps what the program prints.
package child

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
)

// pipePatience bounds the wait for output that children of a dead child hold
// open.
const pipePatience = time.Second

// Process is a running program.
type Process struct {
	process *os.Process
	done    chan struct{}
	err     error // why it ended; set before done closes
	output  output
	stop    sync.Once
}

// Start runs a program with exactly this environment; nil gives it that of
// this process. On Linux the program ends with this process, however that ends.
func Start(binary string, arguments, environment []string) (*Process, error) {
	p := &Process{done: make(chan struct{})}
	command := exec.Command(binary, arguments...) //nolint:gosec // G204: its caller names a program of this machine
	command.Env = environment
	command.Stdout, command.Stderr = &p.output, &p.output
	command.WaitDelay = pipePatience
	command.SysProcAttr = tiedToParent()
	started := make(chan error)
	go func() {
		// Linux ties the life of a child to the thread that started it, so that
		// thread stays with the child.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		if err := command.Start(); err != nil {
			started <- fmt.Errorf("%s start niet: %w", binary, err)
			return
		}
		p.process = command.Process
		started <- nil
		p.err = command.Wait()
		close(p.done)
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	return p, nil
}

// Stop asks the program to end, kills it when it has not ended in time, and
// returns when it has ended. It may be called more than once.
func (p *Process) Stop(patience time.Duration) {
	p.stop.Do(func() {
		_ = p.process.Signal(syscall.SIGTERM) // fails only when it has already ended
		select {
		case <-p.done:
		case <-time.After(patience):
			_ = p.process.Kill()
		}
	})
	<-p.done
}

// Done is closed when the program has ended, asked or not.
func (p *Process) Done() <-chan struct{} { return p.done }

// Ended waits for the end and says how the program ended, with what it printed.
func (p *Process) Ended() error {
	<-p.done
	if p.err == nil {
		return fmt.Errorf("gestopt: %s", strings.TrimSpace(p.Output()))
	}
	return fmt.Errorf("gestopt (%w): %s", p.err, strings.TrimSpace(p.Output()))
}

// Output is what the program has printed so far.
func (p *Process) Output() string {
	p.output.mutex.Lock()
	defer p.output.mutex.Unlock()
	return p.output.text.String()
}

type output struct {
	mutex sync.Mutex
	text  bytes.Buffer
}

func (o *output) Write(data []byte) (int, error) {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	return o.text.Write(data)
}
