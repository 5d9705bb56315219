package process

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"
)

func TestKillEndsTheChild(t *testing.T) {
	cmd := exec.Command("sleep", "60")
	if err := Start(cmd); err != nil {
		t.Skipf("SKIPPED: no sleep here: %v", err)
	}
	Kill(cmd)
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	select {
	case err := <-done:
		if err == nil {
			t.Error("the child ended by itself")
		}
	case <-time.After(5 * time.Second):
		t.Error("the child still runs")
	}
}

func TestStartTellsWhatIsMissing(t *testing.T) {
	if err := Start(exec.Command("/no/such/program")); err == nil {
		t.Error("want an error")
	}
}

func TestLeash(t *testing.T) {
	cases := map[string]struct {
		command []string
		during  func(cmd *exec.Cmd, end *os.File)
		code    int
	}{
		"ends by itself":     {[]string{"sh", "-c", "exit 3"}, func(*exec.Cmd, *os.File) {}, 3},
		"the stack has gone": {[]string{"sleep", "60"}, func(_ *exec.Cmd, end *os.File) { _ = end.Close() }, 128 + 9},
		"is asked to end":    {[]string{"sleep", "60"}, func(cmd *exec.Cmd, _ *os.File) { Terminate(cmd) }, 128 + 15},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			cmd := exec.Command(c.command[0], c.command[1:]...)
			if err := leash(cmd); err != nil {
				t.Skipf("SKIPPED: no shell here: %v", err)
			}
			before := slices.Clone(ends)
			if err := Start(cmd); err != nil {
				t.Fatal(err)
			}
			time.AfterFunc(200*time.Millisecond, func() { c.during(cmd, before[len(before)-1]) })
			started := time.Now()
			_ = cmd.Wait()
			if got := cmd.ProcessState.ExitCode(); got != c.code || time.Since(started) > 20*time.Second {
				t.Errorf("got %d after %v", got, time.Since(started))
			}
		})
	}
}

func TestLock(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("SKIPPED: there are no locks on Windows")
	}
	path := filepath.Join(t.TempDir(), "lock")
	unlock, err := Lock(path, false)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Lock(path, false); !errors.Is(err, ErrLocked) {
		t.Errorf("got %v", err)
	}
	time.AfterFunc(50*time.Millisecond, unlock)
	if _, err := Lock(path, true); err != nil {
		t.Error(err)
	}
}
