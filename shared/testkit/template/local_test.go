package template

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The real template must be readable with the parameters that `make run` uses.
func TestTheRepositorysOwnTemplate(t *testing.T) {
	got, err := LoadLocal("../../..", map[string]string{"PublicUrl": "http://127.0.0.1:3000"}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Functions) == 0 || len(got.Routes) == 0 || len(got.Tables) == 0 || len(got.Streams) == 0 || len(got.Schedules) == 0 {
		t.Errorf("got %d functions, %d routes, %d tables, %d streams, %d schedules",
			len(got.Functions), len(got.Routes), len(got.Tables), len(got.Streams), len(got.Schedules))
	}
	for _, r := range got.Resources {
		if r.Err != nil {
			t.Errorf("%s: %v", r.LogicalID, r.Err)
		}
	}
}

func TestLoadParameters(t *testing.T) {
	cases := map[string]struct{ yaml, want string }{
		"values": {"A: 1\nB: x\nC: \"007\"\n", ""},
		"a list": {"A: [1]", "A must be a single value"},
		"broken": {"A: [", "yaml"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "parameters.yaml")
			if err := os.WriteFile(path, []byte(c.yaml), 0o600); err != nil {
				t.Fatal(err)
			}
			got, err := LoadParameters(path)
			if c.want == "" && (err != nil || got["A"] != "1" || got["C"] != "007") {
				t.Errorf("got %v, %v", got, err)
			}
			if c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("got %v", err)
			}
		})
	}
}
