package rules

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"testing"

	"privacydesk/shared/testkit"
)

type pkg struct {
	Name       string
	ImportPath string
	Dir        string
	Imports    []string
	Deps       []string
	GoFiles    []string
}

// goList gives every package of both modules; test files do not count as imports. A package that does not compile is
// for the compiler to name, hence -e.
func goList(tb testing.TB) []pkg {
	tb.Helper()
	if err := testkit.Sources("infra"); err != nil {
		tb.Fatal(err)
	}
	var all []pkg
	for _, module := range []string{root, root + "/infra"} {
		cmd := exec.Command("go", "list", "-e", "-tags", "lambda.norpc", "-json=Name,ImportPath,Dir,Imports,Deps,GoFiles", "./...")
		cmd.Dir = module
		out, err := cmd.Output()
		if err != nil {
			tb.Fatalf("go list: %v", err)
		}
		for dec := json.NewDecoder(bytes.NewReader(out)); ; {
			var p pkg
			if err := dec.Decode(&p); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				tb.Fatal(err)
			}
			all = append(all, p)
		}
	}
	return all
}
