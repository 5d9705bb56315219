package rules

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// folders are where code lives: one line each in infra/CONTRIBUTING.md.
func folders(tb testing.TB) []string {
	tb.Helper()
	var found []string
	for _, pattern := range []string{"functions/*", "shared/*", "shared/domain/*", "shared/adapter/*", "infra/*"} {
		paths, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			tb.Fatal(err)
		}
		for _, path := range paths {
			name := rel(path)
			if info, err := os.Stat(path); err == nil && info.IsDir() && name != "shared/domain" && name != "shared/adapter" && hasFiles(tb, path) {
				found = append(found, name)
			}
		}
	}
	return found
}

// hasFiles is false for a folder that git does not know, such as one that a rename has left empty.
func hasFiles(tb testing.TB, folder string) bool {
	tb.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		tb.Fatal(err)
	}
	return slices.ContainsFunc(entries, func(e os.DirEntry) bool {
		return !e.IsDir() || hasFiles(tb, filepath.Join(folder, e.Name()))
	})
}

// listed is the first cell of a line of a table, where it names a folder.
var listed = regexp.MustCompile("(?m)^\\| `((?:functions|shared|infra)/[a-z0-9/]+)` \\|")

// A newcomer finds the folder for a change in infra/CONTRIBUTING.md. TestDocumentsAreTrue finds the names that exist no more.
func TestContributingListsEveryFolder(t *testing.T) {
	lines := map[string]int{}
	for _, m := range listed.FindAllStringSubmatch(read(t, root+"/infra/CONTRIBUTING.md"), -1) {
		lines[m[1]]++
	}
	all := folders(t)
	for _, folder := range all {
		if lines[folder] != 1 {
			t.Errorf("infra/CONTRIBUTING.md has %d lines for %s, want 1", lines[folder], folder)
		}
	}
	for folder := range lines {
		if !slices.Contains(all, folder) {
			t.Errorf("infra/CONTRIBUTING.md lists %s, which does not exist", folder)
		}
	}
}

// README names every package too, by its last element after the folder that holds it.
func TestReadmeNamesEveryFolder(t *testing.T) {
	_, table, _ := strings.Cut(read(t, root+"/README.md"), "\n## Where things are\n")
	table, _, _ = strings.Cut(table, "\n## ")
	for _, folder := range folders(t) {
		named := false
		for line := range strings.Lines(table) {
			named = named || strings.HasPrefix(line, "| `"+filepath.Dir(folder)+"/`") && strings.Contains(line, "`"+filepath.Base(folder)+"`")
		}
		if !named {
			t.Errorf("README.md, Where things are, does not name %s", folder)
		}
	}
}
