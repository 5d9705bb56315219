package catalog_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"privacydesk/shared/adapter/catalog"
)

var (
	literal = regexp.MustCompile(`"([a-z0-9._]+)"`)
	// A key has a dot; the attributes of a row, which are asked for by Text too, have none.
	asked = regexp.MustCompile(`\.(Text|Plural)\("([a-z0-9_]+\.[a-z0-9._]+)"[,)]`)
)

// sources is the Go code, tests left out, that may ask for texts.
func sources(t testing.TB) string {
	t.Helper()
	var all strings.Builder
	for _, root := range []string{"../..", "../../../functions"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if os.IsNotExist(err) {
				return nil
			}
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			code, err := os.ReadFile(path)
			all.Write(code)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all.String()
}

// A key is used when the code names it, names it without its plural form, or names what it begins with up to a
// dot ("scope." + channel).
func TestEveryKeyIsUsed(t *testing.T) {
	named := map[string]bool{}
	for _, match := range literal.FindAllStringSubmatch(sources(t), -1) {
		named[match[1]] = true
	}
	for key := range entries(t, catalog.Default) {
		plain := strings.TrimPrefix(key, "paper.") // another text for the same (Texts.Variant)
		base := strings.TrimSuffix(strings.TrimSuffix(plain, ".one"), ".other")
		group := plain[:strings.LastIndex(plain, ".")+1]
		if !strings.Contains(key, ".") {
			t.Errorf("%s has no dot, so that TestEveryKeyAskedForExists cannot tell it from an attribute", key)
		}
		if !named[key] && !named[plain] && !named[base] && (group == "" || !named[group]) {
			t.Errorf("%s is used nowhere", key)
		}
	}
}

// Those of the desk are package deskpage's own, with a test like this one.
func TestEveryKeyAskedForExists(t *testing.T) {
	have := entries(t, catalog.Default)
	for _, match := range asked.FindAllStringSubmatch(sources(t), -1) {
		key := match[2]
		if match[1] == "Plural" {
			key += ".other"
		}
		if _, ok := have[key]; !ok && !strings.HasPrefix(key, "desk.") {
			t.Errorf("%s is asked for, but in no catalogue", key)
		}
	}
}
