package process

import (
	"os/exec"
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
