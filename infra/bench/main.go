// Bench measures the real bootstraps beside baselines with the cold-start tool, where that is present (COLDSTART names
// its folder), and prints what each zipped arm64 package weighs. Both sides of a ratio are started in turn within one
// run, because figures of two runs do not compare. It reports and never fails a test: a busy machine is no fault of
// the code. `make bench` runs the Go benchmarks first. Settings: N (starts of each, 20), WARM (warm requests, 300).
package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"privacydesk/infra/local/template"
)

// out holds what is built here; `make clean` removes it.
const out = ".local/bench"

// run is one call of the tool. Its targets are baselines and the keys of ours.
type run struct {
	title   string
	args    []string
	targets []string // the first is what the others are compared with
	bars    []string
	root    bool // needs root, for the CPU's share
}

// ours says which function a target is; any other target is a baseline.
var ours = map[string]string{"unsubscribe": "unsubscribe", "form": "unsubscribe", "suppression": "suppression", "notices": "notices"}

var runs = []run{
	{
		title:   "Start and warm requests, backend over http, GOMAXPROCS=1 on both sides",
		args:    []string{"-stub", "http", "-env", "GOMAXPROCS=1"},
		targets: []string{"hello", "put", "putses", "unsubscribe", "form", "suppression", "notices"},
		bars: []string{"init_ms unsubscribe/hello <= 1.8", "init_ms suppression/hello <= 2.1", "warm_cpu_us unsubscribe/put <= 1.25",
			"rss_mb unsubscribe <= 24", "rss_mb form <= 24", "rss_mb suppression <= 24", "rss_mb notices <= 24"},
	}, {
		title:   "What the first caller waits for, over TLS",
		args:    []string{"-stub", "https", "-warm", "0"},
		targets: []string{"put", "putwarm", "unsubscribe"},
		bars:    []string{"cold_ms unsubscribe/put <= 0.5"},
	}, {
		title:   "The same at the share of a CPU that 256 MB get",
		args:    []string{"-stub", "https", "-warm", "0", "-throttle", "-memory", "256"},
		targets: []string{"put", "putwarm", "unsubscribe"},
		bars:    []string{"cold_ms unsubscribe/put <= 0.2"},
		root:    true,
	},
}

func main() {
	if err := bench(cmp.Or(os.Getenv("COLDSTART"), "../shared/tools/coldstart")); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func bench(tool string) error {
	tpl, err := template.Load("template.yaml", template.Options{Parameters: map[string]string{
		"PublicUrl": "https://privacy.example.com", "SesFrom": "privacy@example.com",
	}})
	if err != nil {
		return err
	}
	if err := weigh(tpl.Functions); err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(tool, "go.mod")); errors.Is(err, fs.ErrNotExist) {
		fmt.Printf("\nNo cold-start tool in %s, so that is all (COLDSTART= names another folder).\n", tool)
		return nil
	}
	if err := build(tool, tpl.Functions); err != nil {
		return err
	}
	keys, err := serveSecrets(tpl.Functions)
	if err != nil {
		return err
	}
	if err := writeEvents(keys); err != nil {
		return err
	}
	for _, r := range runs {
		if r.root && os.Geteuid() != 0 {
			fmt.Printf("\n== %s: left out, it needs root\n", r.title)
			continue
		}
		fmt.Printf("\n== %s\n", r.title)
		if err := r.start(tpl, keys.url); err != nil {
			return err
		}
	}
	return nil
}

// start runs the tool. Its status 1 says that a bar was missed, which it has printed.
func (r run) start(tpl *template.Template, secrets string) error {
	args := append([]string{"-n", cmp.Or(os.Getenv("N"), "20"), "-warm", cmp.Or(os.Getenv("WARM"), "300")}, r.args...)
	for _, name := range r.targets {
		args = append(args, "-t", target(tpl, name, secrets))
	}
	for _, bar := range r.bars {
		args = append(args, "-bar", bar)
	}
	err := command(".", filepath.Join(out, "coldstart"), args...).Run()
	if status, ok := errors.AsType[*exec.ExitError](err); ok && status.ExitCode() == 1 {
		return nil
	}
	return err
}

// target is a baseline, or a function with the environment that template.yaml gives it.
func target(tpl *template.Template, name, secrets string) string {
	folder, env, event := name, []string{"TABLE=bench"}, "baseline.json"
	if f, ok := tpl.Function(ours[name]); ok {
		folder, env, event = f.Folder, []string{"AWS_ENDPOINT_URL_SECRETS_MANAGER=" + secrets}, name+".jsonl"
		for k, v := range f.Environment {
			env = append(env, k+"="+v)
		}
	}
	return fmt.Sprintf("%s=%s,%s,%s", name, filepath.Join(out, folder, "bootstrap"), filepath.Join(out, event), strings.Join(env, ","))
}

// build makes the tool, the baselines and our functions, for this machine.
func build(tool string, functions []template.Function) error {
	abs, err := filepath.Abs(out)
	if err != nil {
		return err
	}
	baselines := command(".", filepath.Join(tool, "../baselines/build.sh"))
	baselines.Env = append(os.Environ(), "OUT="+abs)
	steps := []*exec.Cmd{command(tool, "go", "build", "-o", filepath.Join(abs, "coldstart"), "."), baselines}
	for _, f := range functions {
		steps = append(steps, goBuild(f.Folder, filepath.Join(out, f.Folder, "bootstrap"), os.Environ()))
	}
	for _, step := range steps {
		if err := step.Run(); err != nil {
			return fmt.Errorf("%s: %w", step, err)
		}
	}
	return nil
}

// goBuild builds a function as `make build` does.
func goBuild(folder, to string, env []string) *exec.Cmd {
	cmd := command(".", "go", "build", "-tags", "lambda.norpc", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w -buildid=", "-o", to, "./functions/"+folder)
	cmd.Env = append(env, "CGO_ENABLED=0")
	return cmd
}

func command(dir, name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, os.Stdout, os.Stderr
	return cmd
}
