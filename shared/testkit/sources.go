package testkit

import (
	"io/fs"
	"path/filepath"
	"testing"
)

// Sources looks at all that the functions and the local stack are built from,
// and at more folders of the project. A test calls it whose own package builds
// or lists them in another process: Go repeats a cached result unless a file
// has changed that the test itself has looked at (go help test). What TestMain
// does before m.Run does not count.
func Sources(tb testing.TB, more ...string) {
	tb.Helper()
	root, err := Root()
	if err != nil {
		tb.Fatal(err)
	}
	for _, path := range append([]string{"functions", "shared", "infra/local", "template.yaml", "go.mod", "go.sum"}, more...) {
		if err := filepath.WalkDir(filepath.Join(root, path), seen); err != nil {
			tb.Fatal(err)
		}
	}
}

// seen walks on. WalkDir reads each folder, and so Go compares the size and the
// time of each file in it.
func seen(_ string, entry fs.DirEntry, err error) error {
	if err == nil && entry.Name() == "node_modules" {
		return fs.SkipDir
	}
	return err
}
