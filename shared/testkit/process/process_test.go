package process

import (
	"errors"
	"os/exec"
	"path/filepath"
	"runtime"
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
