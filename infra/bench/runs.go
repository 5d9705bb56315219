package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// run is one call of the tool.
type run struct {
	title   string
	args    []string
	targets []string       // the first is what the others are compared with
	bars    []string       // as the tool has them
	calls   map[string]int // target -> most calls of AWS that an invoke may make
	even    bool           // the baselines get our GOMAXPROCS too
	root    bool           // needs root, for the CPU's share
}

var runs = []run{
	{
		title:   "Start and warm requests, AWS over http, the same GOMAXPROCS for all",
		args:    []string{"-stub", "http"},
		targets: []string{"hello", "put", "putses", "putwarm", "one-click", "form", "suppression", "notices", "systems", "clock", "rights", "feedback", "desk", "desk-page"},
		bars: []string{
			"init_ms one-click/hello <= 1.8", "init_ms suppression/hello <= 2.1", "init_ms rights/hello <= 2.1", "warm_cpu_us one-click/put <= 1.25",
			"rss_mb one-click <= 24", "rss_mb form <= 24", "rss_mb suppression <= 24", "rss_mb notices <= 24", "rss_mb clock <= 24",
		},
		calls: map[string]int{"one-click": 1, "form": 2, "rights": 2, "feedback": 11, "clock": 6},
		even:  true,
	}, {
		title:   "What the first caller waits for, DynamoDB over TLS",
		args:    []string{"-stub", "https", "-warm", "0"},
		targets: []string{"put", "putwarm", "one-click"},
		bars:    []string{"cold_ms one-click/put <= 0.5"},
	}, {
		title:   "The same at the share of a CPU that 256 MB get",
		args:    []string{"-stub", "https", "-warm", "0", "-throttle", "-memory", "256"},
		targets: []string{"put", "putwarm", "one-click"},
		bars:    []string{"cold_ms one-click/put <= 0.2"},
		root:    true,
	}, {
		title:   "The same at 512 MB",
		args:    []string{"-stub", "https", "-warm", "0", "-throttle", "-memory", "512"},
		targets: []string{"put", "desk", "desk-page"},
		bars:    []string{"cold_ms desk/put <= 0.5", "cold_ms desk-page/put <= 0.5"},
		root:    true,
	},
}

// config and target are what the tool reads.
type config struct {
	Targets []target `json:"targets"`
	Bars    []string `json:"bars"`
}

type target struct {
	Name  string            `json:"name"`
	Cmd   []string          `json:"cmd"`
	Event string            `json:"event"`
	Env   map[string]string `json:"env"`
	Want  []int             `json:"want"` // statuses of a good answer
}

// measure runs the tool, which prints what it finds and which bars hold.
func (s *stage) measure(r run) error {
	fmt.Printf("\n== %s\n", r.title)
	if r.root && os.Geteuid() != 0 {
		fmt.Println("left out: it needs root")
		return nil
	}
	c := config{Bars: r.bars}
	for _, name := range r.targets {
		t, err := s.target(name, r.even)
		if err != nil {
			return err
		}
		c.Targets = append(c.Targets, t)
	}
	settings, result := filepath.Join(s.dir, "run.json"), filepath.Join(s.dir, "result.json")
	if err := errors.Join(writeJSON(settings, c), os.RemoveAll(result)); err != nil {
		return err
	}
	args := []string{"-config", settings, "-json", result, "-n", cmp.Or(os.Getenv("N"), "20"), "-warm", cmp.Or(os.Getenv("WARM"), "300")}
	err := command(".", filepath.Join(out, "coldstart"), append(args, r.args...)...).Run()
	if status, ok := errors.AsType[*exec.ExitError](err); err != nil && !(ok && status.ExitCode() == barMissed) {
		return err
	}
	return judgeCalls(result, r.calls)
}

// barMissed is also the tool's status when a function has failed; then there is no result.
const barMissed = 1

// judgeCalls reads from a result how many calls of AWS an invoke made. Those of starts do not count: GET / opens the
// connection.
func judgeCalls(path string, most map[string]int) error {
	var result struct {
		Options struct{ Warm int }
		Targets []struct {
			Name    string
			Calls   map[string]int `json:"stub_calls"`
			Samples []struct{}
		}
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("the tool left no result: %w", err)
	}
	if err := json.Unmarshal(text, &result); err != nil {
		return err
	}
	for _, t := range result.Targets {
		limit, judged := most[t.Name]
		if !judged {
			continue
		}
		calls := 0
		for call, n := range t.Calls {
			if call != "GET /" {
				calls += n
			}
		}
		each := float64(calls) / float64(len(t.Samples)*(1+result.Options.Warm))
		fmt.Printf("bar calls %s <= %d: %g: %s\n", t.Name, limit, each, verdict(each <= float64(limit)))
	}
	return nil
}

// verdict has the tool's own words.
func verdict(holds bool) string {
	if holds {
		return "holds"
	}
	return "FALLS SHORT"
}

func writeJSON(path string, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o600)
}
