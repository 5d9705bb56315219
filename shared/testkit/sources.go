package testkit

import (
	"errors"
	"io/fs"
	"path/filepath"
)

// Sources looks at all that the functions and the local stack are built from,
// and at more folders of the project. A test calls it beside what builds or
// lists them in another process: Go repeats a cached result unless a file has
// changed that the test itself has looked at (go help test). What TestMain
// does before m.Run does not count.
func Sources(more ...string) error {
	root, err := Root()
	for _, path := range append([]string{"functions", "shared", "infra/local", "template.yaml", "go.mod", "go.sum", "infra/go.mod", "infra/go.sum"}, more...) {
		err = errors.Join(err, filepath.WalkDir(filepath.Join(root, path), seen))
	}
	return err
}

// seen walks on. WalkDir reads each folder, and so Go compares the size and the
// time of each file in it.
func seen(_ string, entry fs.DirEntry, err error) error {
	if err == nil && entry.Name() == "node_modules" {
		return fs.SkipDir
	}
	return err
}
