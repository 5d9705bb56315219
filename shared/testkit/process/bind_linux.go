package process

import (
	"os/exec"
	"syscall"
)

func bind(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// Kill ends the command and whatever it started, at once.
func Kill(cmd *exec.Cmd) { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }

// Terminate asks the command to end.
func Terminate(cmd *exec.Cmd) { _ = cmd.Process.Signal(syscall.SIGTERM) }

// Freeze stops the command where it is, as Lambda does between two calls.
func Freeze(cmd *exec.Cmd) { _ = cmd.Process.Signal(syscall.SIGSTOP) }

// Thaw lets a frozen command run on.
func Thaw(cmd *exec.Cmd) { _ = cmd.Process.Signal(syscall.SIGCONT) }
