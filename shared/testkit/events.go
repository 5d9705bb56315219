package testkit

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Events runs a test with each file of a function's folder below events/. The
// files are those that shapes names, and each is what its shape says and no more.
func Events(t *testing.T, function string, shapes map[string]any, run func(t *testing.T, name string, event []byte)) {
	t.Helper()
	root, err := Root()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(root, "events", function, "*.json"))
	var names []string
	for _, file := range files {
		names = append(names, strings.TrimSuffix(filepath.Base(file), ".json"))
	}
	slices.Sort(names)
	if want := slices.Sorted(maps.Keys(shapes)); err != nil || !slices.Equal(names, want) || len(want) == 0 {
		t.Fatalf("events/%s has %q, want %q: %v", function, names, want, err)
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			event, err := os.ReadFile(filepath.Join(root, "events", function, name+".json"))
			if err != nil {
				t.Fatal(err)
			}
			strict := json.NewDecoder(bytes.NewReader(event))
			strict.DisallowUnknownFields()
			if err := strict.Decode(shapes[name]); err != nil {
				t.Fatal(err)
			}
			run(t, name, event)
		})
	}
}
