package deskpage

import (
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"privacydesk/shared/adapter/catalog"
)

func wordsOf(t *testing.T, lang string) map[string]string {
	t.Helper()
	all := map[string]string{}
	files, err := filepath.Glob("words/" + lang + "/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no words in %s: %v", lang, err)
	}
	for _, f := range files {
		raw, err := os.ReadFile(f)
		own := map[string]string{}
		if err == nil {
			err = json.Unmarshal(raw, &own)
		}
		if err != nil {
			t.Fatal(err)
		}
		for key, text := range own {
			if all[key] != "" {
				t.Errorf("%s: %s stands in two files", f, key)
			}
			all[key] = text
		}
	}
	return all
}

var placeholder = regexp.MustCompile(`\{[a-z_]+\}`)

// Every language says everything, with the same values in it.
func TestWordsInEveryLanguage(t *testing.T) {
	english := wordsOf(t, catalog.Default)
	for _, lang := range catalog.Languages() {
		words := wordsOf(t, lang)
		for key := range maps.Keys(english) {
			if !strings.HasPrefix(key, "desk.") {
				t.Errorf("%s: key %q does not begin with desk.", lang, key)
			}
			own := slices.Sorted(slices.Values(placeholder.FindAllString(words[key], -1)))
			want := slices.Sorted(slices.Values(placeholder.FindAllString(english[key], -1)))
			if words[key] == "" || !slices.Equal(slices.Compact(own), slices.Compact(want)) {
				t.Errorf("%s: %s is %q, in English %q", lang, key, words[key], english[key])
			}
		}
		if len(words) != len(english) {
			t.Errorf("%s has %d texts, English %d", lang, len(words), len(english))
		}
	}
}

var (
	literal = regexp.MustCompile(`"([a-zA-Z0-9._-]+)"`)
	lawWord = regexp.MustCompile(`([a-z0-9_-]+)`)
	asked   = regexp.MustCompile(`\.(Text|Plural)\("([a-z0-9_]+\.[a-z0-9._]+)"[,)]`)
)

// code is that of the folder, and of those below it where they are asked for, without tests.
func code(t *testing.T, folder string, below bool) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir(folder, func(path string, f fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case f.IsDir() && path != folder && !below:
			return fs.SkipDir
		case filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		raw, err := os.ReadFile(path)
		all.Write(raw)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}

// found are the texts that fit, in what was read.
func found(read string, fit *regexp.Regexp) map[string]bool {
	all := map[string]bool{}
	for _, match := range fit.FindAllStringSubmatch(read, -1) {
		all[strings.TrimPrefix(match[1], ".")] = true
	}
	return all
}

// begins reports whether the code names what a key begins with, up to a dot, and something says what follows;
// "desk." alone says nothing.
func begins(names, said map[string]bool, key string) bool {
	for i, c := range key {
		if c == '.' && key[:i+1] != "desk." && names[key[:i+1]] && follows(said, key[i+1:]) {
			return true
		}
	}
	return false
}

// follows reports whether the rest of a key is a code, or several; "_" joins the field and the reason of a refusal.
func follows(said map[string]bool, rest string) bool {
	for i, c := range rest {
		if strings.ContainsRune("._=", c) && said[rest[:i]] && follows(said, rest[i+1:]) {
			return true
		}
	}
	return said[rest] || rest == "0"
}

// A key is used when the code names it, or what it begins with up to a dot and the domain, a door or the law says what
// follows; and each that is asked for is there.
func TestEveryWordIsUsed(t *testing.T) {
	own := code(t, ".", false)
	law, err := os.ReadFile("../../domain/deadline/law.yaml")
	if err != nil {
		t.Fatal(err)
	}
	names, said := found(own, literal), found(string(law), lawWord)
	maps.Copy(said, found(own+code(t, "../../domain", true)+code(t, "../login", true)+code(t, "../../../functions/desk", true), literal))
	for key := range wordsOf(t, catalog.Default) {
		base := strings.TrimSuffix(strings.TrimSuffix(key, ".one"), ".other")
		if !names[key] && !names[base] && !begins(names, said, key) && !begins(names, said, base) {
			t.Errorf("%s is used nowhere", key)
		}
	}
	for _, match := range asked.FindAllStringSubmatch(own, -1) {
		key := match[2]
		if match[1] == "Plural" {
			key += ".other"
		}
		if !Texts(catalog.Default).Has(key) {
			t.Errorf("%s is asked for, and is nowhere", key)
		}
	}
}
