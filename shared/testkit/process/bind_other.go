//go:build !linux

package process

import (
	"os"
	"os/exec"
)

func bind(*exec.Cmd) {}

// Kill ends the command at once.
func Kill(cmd *exec.Cmd) { _ = cmd.Process.Kill() }

// Terminate asks the command to end.
func Terminate(cmd *exec.Cmd) { _ = cmd.Process.Signal(os.Interrupt) }

// Freeze does nothing here: a frozen child would outlive a stack that is killed.
func Freeze(*exec.Cmd) {}

// Thaw does nothing here.
func Thaw(*exec.Cmd) {}
