package stack

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"privacydesk/shared/testkit/template"
)

// buildersAtOnce suits a machine of two cores; a compiler uses more than one.
const buildersAtOnce = 2

// flags are those of `make build`; only the architecture is this machine's.
var flags = []string{"build", "-tags", "lambda.norpc", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w -buildid="}

// Build builds the functions that template.yaml names into dist/<folder>/bootstrap,
// for this machine, with more flags of go build.
func Build(ctx context.Context, root, dist string, functions []template.Function, more ...string) error {
	var builders errgroup.Group
	builders.SetLimit(buildersAtOnce)
	for _, f := range functions {
		builders.Go(func() error { return buildOne(ctx, root, dist, f.Folder, more...) })
	}
	return builders.Wait()
}

func buildOne(ctx context.Context, root, dist, folder string, more ...string) error {
	if _, err := os.Stat(filepath.Join(root, "functions", folder)); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("template.yaml names the function %s, but there is no folder functions/%s", folder, folder)
	}
	out, err := filepath.Abs(filepath.Join(dist, folder, "bootstrap"))
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, "go", slices.Concat(flags, more, []string{"-o", out, "./functions/" + folder})...)
	cmd.Dir, cmd.Env = root, append(os.Environ(), "CGO_ENABLED=0")
	cmd.WaitDelay = time.Second // its compilers may outlive a cancelled go
	said, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if errors.Is(err, exec.ErrNotFound) {
		return errors.New("go is not in the PATH; the stack builds the functions with it")
	}
	if err != nil {
		return fmt.Errorf("functions/%s does not build:\n%s", folder, strings.TrimSpace(string(said)))
	}
	return nil
}

func (s *Stack) buildFunctions(ctx context.Context) error {
	if s.config.Dist != "" {
		return nil
	}
	started := time.Now()
	s.config.Dist = filepath.Join(s.config.Data, "dist")
	s.progress("  building %s", list(s.folders()))
	if err := Build(ctx, s.config.Root, s.config.Dist, s.Template.Functions, s.config.BuildFlags...); err != nil {
		return err
	}
	s.progress("  built %s (%.1f s)", count(len(s.Template.Functions), "function"), time.Since(started).Seconds())
	return nil
}

func (s *Stack) folders() []string {
	var out []string
	for _, f := range s.Template.Functions {
		out = append(out, f.Folder)
	}
	return out
}
