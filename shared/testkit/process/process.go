// Package process starts child processes that end with this one, and keeps
// processes out of each other's way with locks.
//
// Each child gets a process group of its own, so that Ctrl-C in the terminal
// reaches the stack alone, which then stops its children in order. On Linux
// the kernel ends them too should the stack be killed; elsewhere DynamoDB Local
// must then be ended by hand.
//
// It must not know what it starts.
package process

import (
	"os/exec"
	"runtime"
	"sync"
)

type order struct {
	cmd  *exec.Cmd
	done chan error
}

var (
	once   sync.Once
	orders = make(chan order)
)

// Start starts the command like exec.Cmd.Start, bound to this process's life.
func Start(cmd *exec.Cmd) error {
	once.Do(func() { go serve() })
	bind(cmd)
	o := order{cmd, make(chan error, 1)}
	orders <- o
	return <-o.done
}

// serve starts every child from one thread that never ends: Linux's parent
// death signal comes when the thread ends that started the child.
func serve() {
	runtime.LockOSThread()
	for o := range orders {
		o.done <- o.cmd.Start()
	}
}
