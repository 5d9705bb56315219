package rules

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const root = "../.."

func TestTopLevel(t *testing.T) {
	allowed := []string{"functions", "infra", "shared", "events", "template.yaml", "go.mod", "go.sum", "README.md", "Makefile"}
	made := []string{"dist"} // by make build; ignored by git
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") && !slices.Contains(allowed, e.Name()) && !slices.Contains(made, e.Name()) {
			t.Errorf("%s stands at the top; only %s do, so that a newcomer sees the whole house at a glance", e.Name(), strings.Join(allowed, ", "))
		}
	}
}

// A binary that was built by hand and committed stays in every clone for good.
func TestNoLargeOrBuiltFiles(t *testing.T) {
	list, err := exec.Command("git", "-C", root, "ls-files", "-z").Output()
	if err != nil {
		t.Skipf("not a git work tree: %v", err)
	}
	if len(list) == 0 {
		t.Skip("a copy that git does not track")
	}
	for name := range strings.SplitSeq(strings.TrimSuffix(string(list), "\x00"), "\x00") {
		content, err := os.ReadFile(filepath.Join(root, name))
		if os.IsNotExist(err) { // removed, not yet committed
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, magic := range []string{"\x7fELF", "MZ", "\xcf\xfa\xed\xfe", "PK\x03\x04", "!<arch>"} {
			if bytes.HasPrefix(content, []byte(magic)) {
				t.Errorf("%s is a built file; take it out of git", name)
			}
		}
		if len(content) > 1<<20 {
			t.Errorf("%s has %d bytes; the most is 1 MiB", name, len(content))
		}
	}
}

// Code that asks the clock itself cannot be tested at a leap day or a deadline. What is signed for AWS keeps to the
// machine's time.
func TestClockIsAField(t *testing.T) {
	for _, p := range goList(t) {
		path := strings.TrimPrefix(p.ImportPath, house)
		if strings.HasPrefix(path, "infra/") || path == "shared/adapter/boot" || path == "shared/adapter/aws" || strings.HasPrefix(path, "shared/testkit") {
			continue
		}
		for _, file := range p.GoFiles {
			if file != "main.go" && strings.Contains(read(t, filepath.Join(p.Dir, file)), "time.Now") {
				t.Errorf("%s/%s uses time.Now; take a field `now func() time.Time`, which main.go or shared/adapter/boot fills in", path, file)
			}
		}
	}
}

// A file that a newcomer cannot read in one go hides that it does two things.
func TestNoLongFiles(t *testing.T) {
	const most = 300
	for _, path := range filesOf(t, ".go") {
		text := read(t, path)
		generated := strings.HasPrefix(text, "// Code generated ")
		if n := strings.Count(text, "\n"); n > most && !generated && !strings.HasSuffix(path, "_test.go") {
			t.Errorf("%s has %d lines; the most is %d", rel(path), n, most)
		}
	}
}

// An event file that no test runs looks like a promise and is none.
func TestEventsAreUsed(t *testing.T) {
	for _, event := range filesOf(t, ".json") {
		folder, inside := strings.CutPrefix(filepath.Dir(rel(event)), "events/") // a function, or a door of one
		if !inside {
			continue
		}
		name := filepath.Base(event)
		if !json.Valid([]byte(read(t, event))) {
			t.Errorf("events/%s/%s is not JSON", folder, name)
		}
		if !mentioned(t, root+"/functions/"+folder, "events/"+folder, name) {
			t.Errorf("no test in functions/%s reads events/%s/%s; run it there, or remove it", folder, folder, name)
		}
	}
}

// mentioned tells whether a test in dir names the file, or reads the whole folder.
func mentioned(tb testing.TB, dir, folder, name string) bool {
	tests, _ := filepath.Glob(dir + "/*_test.go")
	for _, test := range tests {
		text := read(tb, test)
		if strings.Contains(text, name) || strings.Contains(text, folder+`/*.json"`) || strings.Contains(text, folder+`"`) || strings.Contains(text, `testkit.Events(t, "`+filepath.Base(folder)+`"`) {
			return true
		}
	}
	return false
}

var (
	makeTarget = regexp.MustCompile("(?m)(?:^|`)(?:[A-Z_]+=\\S+ )*make ([a-z][a-z-]*)")
	targetLine = regexp.MustCompile(`(?m)^([a-z][a-z-]*):`)
)

// What the documents say to type exists.
func TestDocumentsAreTrue(t *testing.T) {
	targets := map[string]bool{}
	for _, m := range targetLine.FindAllStringSubmatch(read(t, root+"/Makefile"), -1) {
		targets[m[1]] = true
	}
	for _, doc := range documents(t) {
		text := read(t, doc)
		for _, m := range makeTarget.FindAllStringSubmatch(text, -1) {
			if !targets[m[1]] {
				t.Errorf("%s says `make %s`, which the Makefile does not have", rel(doc), m[1])
			}
		}
	}
}

// documents gives every Markdown file of the house.
func documents(tb testing.TB) []string { return filesOf(tb, ".md") }

func filesOf(tb testing.TB, suffix string) []string {
	tb.Helper()
	var found []string
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name := d.Name(); d.IsDir() && path != root && (name == "node_modules" || strings.HasPrefix(name, ".")) {
			return filepath.SkipDir
		}
		if strings.HasSuffix(path, suffix) {
			found = append(found, path)
		}
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
	return found
}

func rel(path string) string { return strings.TrimPrefix(filepath.ToSlash(path), root+"/") }

func read(tb testing.TB, path string) string {
	tb.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	return string(text)
}
