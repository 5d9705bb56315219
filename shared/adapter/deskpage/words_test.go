package deskpage

import (
	"encoding/json"
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
	literal = regexp.MustCompile(`"([a-z0-9._]+)"`)
	asked   = regexp.MustCompile(`\.(Text|Plural)\("([a-z0-9_]+\.[a-z0-9._]+)"[,)]`)
)

// begins reports whether the code names what a key begins with, up to a dot; "desk." alone says nothing.
func begins(named map[string]bool, key string) bool {
	for i, c := range key {
		if c == '.' && key[:i+1] != "desk." && named[key[:i+1]] {
			return true
		}
	}
	return false
}

// A key is used when the code names it, or what it begins with up to a dot; and each that is asked for is there.
func TestEveryWordIsUsed(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var code strings.Builder
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(f, "_test.go") {
			code.Write(raw)
		}
	}
	named := map[string]bool{}
	for _, match := range literal.FindAllStringSubmatch(code.String(), -1) {
		named[match[1]] = true
	}
	for key := range wordsOf(t, catalog.Default) {
		base := strings.TrimSuffix(strings.TrimSuffix(key, ".one"), ".other")
		if !named[key] && !named[base] && !begins(named, key) && !strings.HasPrefix(key, "desk.message.") {
			t.Errorf("%s is used nowhere", key)
		}
	}
	for _, match := range asked.FindAllStringSubmatch(code.String(), -1) {
		key := match[2]
		if match[1] == "Plural" {
			key += ".other"
		}
		if !Texts(catalog.Default).Has(key) {
			t.Errorf("%s is asked for, and is nowhere", key)
		}
	}
}
