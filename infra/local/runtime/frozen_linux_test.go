package runtime

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

// Between two calls a function does nothing, as on Lambda.
func TestFrozenBetweenCalls(t *testing.T) {
	r, _ := start(t, nil)
	for range 3 {
		if payload, fault := call(t, r, "env", "OWN"); payload != `"1"` || fault != "" {
			t.Fatalf("got %q, %s", fault, payload)
		}
		if state := settled(t, r); state != "T" {
			t.Errorf("its process is %s", state)
		}
	}
	if n := len(r.functions["echo"].environments()); n != 1 {
		t.Errorf("%d processes for calls one after the other", n)
	}
}

// settled is the state of the only process, as /proc has it, once it is frozen
// or a second has gone by.
func settled(t *testing.T, r *Runtime) (state string) {
	t.Helper()
	pid := r.functions["echo"].environments()[0].cmd.Process.Pid
	for range 100 {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			t.Fatal(err)
		}
		_, after, _ := strings.Cut(string(stat), ") ")
		if state, _, _ = strings.Cut(after, " "); state == "T" {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	return state
}
