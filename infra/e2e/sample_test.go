package e2e

import (
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
	"testing"

	"privacydesk/infra/local/stack"
	"privacydesk/shared/testkit/faults"
)

// What `make sample` fills the stack with is taken by the desk as it ships: all that people ask, and all that officers do.
func TestSample(t *testing.T) {
	t.Parallel()
	if _, err := buildFor(t); err != nil { // skips where there is no DynamoDB Local
		t.Fatal(err)
	}
	root, command := compile(t, "infra/sample")
	first := freePort(t) - 2
	d, err := newDeskOf(stack.Config{Data: t.TempDir(), Memory: true, Port: first}, faults.Reset)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	run := exec.Command(command, "-port", strconv.Itoa(first))
	run.Dir = root
	said, err := run.CombinedOutput()
	asked := regexp.MustCompile(`(\d+) people have asked`).FindSubmatch(said)
	if err != nil || asked == nil {
		t.Fatalf("%v: %s", err, said)
	}
	states, requests := map[string]int{}, 0
	for _, r := range d.rows(t, "RequestsTable") {
		if r["row"] == "request" {
			requests++
			states[r["state"]]++
		}
	}
	const gone = 1 // nobody confirmed it for more than a month
	if fmt.Sprint(requests+gone) != string(asked[1]) || states["refused"] == 0 || states["waiting_for_person"] == 0 {
		t.Errorf("%s people have made %d requests: %v", asked[1], requests, states)
	}
}
