package testkit

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// What a test has looked at, go test reads in its log.
func TestSourcesAreLookedAt(t *testing.T) {
	log := filepath.Join(t.TempDir(), "log")
	if said, err := exec.Command(os.Args[0], "-test.run=^TestSourcesAlone$", "-test.testlogfile="+log).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	text, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	root, err := Root()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"open functions/desk", "open shared/testkit", "open infra/local/runtime/testdata/echo", "open infra/lists", "stat template.yaml", "stat go.mod", "stat go.sum"} {
		how, path, _ := strings.Cut(want, " ")
		if !strings.Contains(string(text), how+" "+filepath.Join(root, path)+"\n") {
			t.Errorf("not noted: %s", want)
		}
	}
	if strings.Contains(string(text), "node_modules/") {
		t.Error("it has walked through node_modules")
	}
}

func TestSourcesAlone(t *testing.T) {
	if err := Sources("infra/lists"); err != nil {
		t.Fatal(err)
	}
}
