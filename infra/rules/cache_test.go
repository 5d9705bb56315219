package rules

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Go does not see what a test builds in another process, and would repeat its cached result after a change.
func TestBuildersLookAtTheirSources(t *testing.T) {
	builds := regexp.MustCompile(`"go", "(build|run|list|test|vet)"|stack\.(Build|Start)\(`)
	packages := map[string]string{}
	for _, p := range goList(t) {
		tests, err := filepath.Glob(filepath.Join(p.Dir, "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range tests {
			if text, err := os.ReadFile(file); err != nil {
				t.Error(err)
			} else if !strings.HasSuffix(file, "bench_test.go") { // a benchmark's result is never repeated
				packages[p.ImportPath] += string(text)
			}
		}
	}
	found := 0
	for path, text := range packages {
		if !builds.MatchString(text) {
			continue
		}
		if found++; !strings.Contains(text, "testkit.Sources(") {
			t.Errorf("%s builds in a test: call testkit.Sources there, or Go may say (cached) after a change", path)
		}
	}
	if found < 6 {
		t.Errorf("only %d packages build in a test", found)
	}
}
