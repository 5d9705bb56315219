// Package golden compares what tests render with txtar archives under the package's testdata.
//
// An archive holds one subject, such as all pages of the unsubscribe form; an entry holds one sample. A test collects all of
// its samples and calls Check once, so that an entry whose sample is gone fails too. For tests only.
package golden

import (
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "write what the tests render now into testdata/*.txtar")

// Archives holds rendered texts: by the name of the archive, without .txtar, and by the name of the entry.
type Archives map[string]map[string]string

// Add puts a text into an archive. A text may be added again, as the frame of every page is; it must then be the same.
func (a Archives) Add(t testing.TB, archive, entry, text string) {
	t.Helper()
	if a[archive] == nil {
		a[archive] = map[string]string{}
	}
	text = strings.TrimRight(text, "\n") + "\n"
	if first, found := a[archive][entry]; found && first != text {
		t.Errorf("%s: %s differs between samples:\n%s", archive, entry, compare(first, text))
	}
	a[archive][entry] = text
}

// Check reports every entry that differs from its archive, is new, or has no sample anymore. With -update it writes the archives instead.
func Check(t *testing.T, got Archives) {
	t.Helper()
	if *update {
		write(t, got)
	}
	want := read(t)
	for _, archive := range keys(got, want) {
		for _, entry := range keys(got[archive], want[archive]) {
			t.Run(archive+"/"+entry, func(t *testing.T) {
				if diff := compare(want[archive][entry], got[archive][entry]); diff != "" {
					t.Errorf("testdata/%s.txtar (-) differs from what is rendered now (+); if that is meant, run this test with -update:\n%s", archive, diff)
				}
			})
		}
	}
}

// compare shows which lines differ.
func compare(want, got string) string {
	return cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n"))
}

func read(t testing.TB) Archives {
	t.Helper()
	all := Archives{}
	for _, file := range files(t) {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, entry := range archive.Files {
			all.Add(t, strings.TrimSuffix(filepath.Base(file), ".txtar"), entry.Name, string(entry.Data))
		}
	}
	return all
}

// write replaces all archives of the package.
func write(t testing.TB, got Archives) {
	t.Helper()
	for _, file := range files(t) {
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
	}
	for name, entries := range got {
		var archive txtar.Archive
		for _, entry := range slices.Sorted(maps.Keys(entries)) {
			archive.Files = append(archive.Files, txtar.File{Name: entry, Data: []byte(entries[entry])})
		}
		if err := os.WriteFile(filepath.Join("testdata", name+".txtar"), txtar.Format(&archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func files(t testing.TB) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join("testdata", "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// keys are the keys of both maps, sorted.
func keys[V any](a, b map[string]V) []string {
	all := maps.Clone(a)
	if all == nil {
		all = map[string]V{}
	}
	maps.Copy(all, b)
	return slices.Sorted(maps.Keys(all))
}
