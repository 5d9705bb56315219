package catalog_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/adapter/catalog"
)

var placeholder = regexp.MustCompile(`\{[a-z]+\}`)

// subjects reads the files of a language by their names, and fails on a key that stands twice.
func subjects(t testing.TB, lang string) map[string]map[string]string {
	t.Helper()
	files, err := filepath.Glob(lang + "/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal(lang, " has no files ", err)
	}
	found := map[string]map[string]string{}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		texts := map[string]string{}
		if err := json.Unmarshal(raw, &texts); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if n := len(regexp.MustCompile(`(?m)^  "`).FindAll(raw, -1)); n != len(texts) {
			t.Errorf("%s has %d lines for %d keys: is one there twice?", file, n, len(texts))
		}
		found[filepath.Base(file)] = texts
	}
	return found
}

// entries are all texts of a language.
func entries(t testing.TB, lang string) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, texts := range subjects(t, lang) {
		maps.Copy(all, texts)
	}
	return all
}

// A translator finds a text in the same file in every language, and beside all others whose keys begin alike.
func TestEachGroupHasOneFile(t *testing.T) {
	fileOf := map[string]string{}
	for _, lang := range catalog.Languages() {
		for file, texts := range subjects(t, lang) {
			for key := range texts {
				group, _, _ := strings.Cut(key, ".")
				if known := fileOf[group]; known != "" && known != file {
					t.Errorf("%s: %s stands in %s, others of its group in %s", lang, key, file, known)
				}
				fileOf[group] = file
			}
		}
	}
}

func TestLanguagesSayTheSameThings(t *testing.T) {
	want := entries(t, catalog.Default)
	for _, lang := range catalog.Languages() {
		got := entries(t, lang)
		for key, text := range want {
			if !slices.Equal(placeholders(got[key]), placeholders(text)) {
				t.Errorf("%s: %s has %v, %s has %v", key, lang, placeholders(got[key]), catalog.Default, placeholders(text))
			}
		}
		for key, text := range got {
			if _, ok := want[key]; !ok {
				t.Errorf("%s: is in %s only", key, lang)
			}
			if strings.TrimSpace(text) != text || text == "" {
				t.Errorf("%s: in %s it is empty or has blanks around it", key, lang)
			}
		}
	}
}

func placeholders(text string) []string {
	found := placeholder.FindAllString(text, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

func TestPluralsHaveBothForms(t *testing.T) {
	all := entries(t, catalog.Default)
	for key := range all {
		base, isOne := strings.CutSuffix(key, ".one")
		if _, ok := all[base+".other"]; isOne && !ok {
			t.Errorf("%s has no form %s.other", key, base)
		}
	}
}

func TestText(t *testing.T) {
	en := catalog.For("en")
	for name, c := range map[string]struct{ got, want string }{
		"value":                {en.Text("landing.title", "name", "Biosero"), "Your privacy at Biosero"},
		"value with a brace":   {en.Text("landing.title", "name", "{name}"), "Your privacy at {name}"},
		"no such key":          {en.Text("no.such"), "⟦no.such⟧"},
		"missing value":        {en.Text("landing.title"), "Your privacy at {name}"},
		"value without a name": {en.Text("landing.title", "name"), "Your privacy at {name}"},
		"one":                  {en.Plural("form.correct", 1), en.Text("form.correct.one")},
		"three":                {en.Plural("form.correct", 3), en.Text("form.correct.other", "n", "3")},
		"channel":              {en.Scope("sms", ""), "Marketing text messages (SMS)"},
		"topic":                {en.Scope("email/x", "News"), "Emails on the topic “News”"},
		"topic without title":  {en.Scope("email/x", ""), "Emails on the topic “x”"},
		"unknown language":     {catalog.For("tlh").Lang(), "en"},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %q, want %q", name, c.got, c.want)
		}
	}
}

func TestDate(t *testing.T) {
	march := time.Date(2027, time.March, 1, 23, 30, 0, 0, time.UTC)
	tokyo := time.FixedZone("JST", 9*60*60)
	for name, c := range map[string]struct {
		lang string
		at   time.Time
		want string
	}{
		"English":            {"en", march, "1 March 2027"},
		"Spanish":            {"es", march, "1 de marzo de 2027"},
		"German":             {"de", march, "1. März 2027"},
		"the moment's place": {"en", march.In(tokyo), "2 March 2027"},
		"last month":         {"de", march.AddDate(0, 9, 0), "1. Dezember 2027"},
	} {
		if got := catalog.For(c.lang).Date(c.at); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
	for _, lang := range catalog.Languages() {
		if n := len(strings.Fields(catalog.For(lang).Text("date.months"))); n != 12 {
			t.Errorf("%s: %d months", lang, n)
		}
	}
}

func TestNameOfLanguage(t *testing.T) {
	for _, lang := range catalog.Languages() {
		if catalog.Name(lang) == "" || catalog.For(lang).Lang() != lang {
			t.Errorf("%s is not complete", lang)
		}
	}
	if catalog.Name("tlh") != "" {
		t.Error("a language that we do not speak has a name")
	}
}

// Parsing a language is part of the first page's time in a cold start.
func BenchmarkParse(b *testing.B) {
	files, err := filepath.Glob("de/*.json")
	if err != nil || len(files) == 0 {
		b.Fatal("no files", err)
	}
	raw := make([][]byte, len(files))
	for i, file := range files {
		if raw[i], err = os.ReadFile(file); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		var m map[string]string
		for _, text := range raw {
			if err := json.Unmarshal(text, &m); err != nil {
				b.Fatal(err)
			}
		}
	}
}
