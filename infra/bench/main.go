// Bench starts the real bootstraps beside baselines with the cold-start tool, where that is present (COLDSTART names
// its folder), and weighs each zipped arm64 package. Both sides of a ratio are started in turn within one run, because
// figures of two runs do not compare. Every bar is printed as held or not and none fails anything: a busy machine is no
// fault of the code. `make bench` runs the Go benchmarks first. N and WARM set how many starts and warm requests.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"privacydesk/infra/local/stack"
	"privacydesk/shared/testkit/template"
)

// out holds what is built here; `make clean` removes it.
const out = ".local/bench"

func main() {
	if err := bench(cmp.Or(os.Getenv("COLDSTART"), "../shared/tools/coldstart")); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func bench(tool string) error {
	tpl, err := template.LoadLocal(".", map[string]string{"PublicUrl": "https://privacy.example.com"}, template.Options{})
	if err != nil {
		return err
	}
	if err := weigh(tpl.Functions); err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(tool, "go.mod")); errors.Is(err, fs.ErrNotExist) {
		fmt.Printf("\nThere is no cold-start tool in %s (COLDSTART= names another folder), so that is all.\n", tool)
		return nil
	}
	if err := build(tool, tpl.Functions); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	s, err := newStage(tpl, dir)
	if err != nil {
		return err
	}
	for _, r := range runs {
		if err := s.measure(r); err != nil {
			return err
		}
	}
	return nil
}

// build makes the tool, the baselines and our functions, for this machine.
func build(tool string, functions []template.Function) error {
	abs, err := filepath.Abs(out)
	if err != nil {
		return err
	}
	baselines := command(".", filepath.Join(tool, "../baselines/build.sh"))
	baselines.Env = append(os.Environ(), "OUT="+abs)
	for _, step := range []*exec.Cmd{command(tool, "go", "build", "-o", filepath.Join(abs, "coldstart"), "."), baselines} {
		if err := step.Run(); err != nil {
			return fmt.Errorf("%s: %w", strings.Join(step.Args, " "), err)
		}
	}
	return stack.Build(context.Background(), ".", out, functions)
}

func command(dir, name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, os.Stdout, os.Stderr
	return cmd
}
