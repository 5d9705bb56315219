package catalog_test

import (
	"slices"
	"strings"
	"testing"

	"privacydesk/shared/adapter/catalog"
)

func TestNegotiate(t *testing.T) {
	for name, c := range map[string]struct{ field, header, want string }{
		"nothing":              {"", "", "en"},
		"field wins":           {"de", "es", "de"},
		"field with a region":  {"es-MX", "", "es"},
		"field in upper case":  {"DE_AT", "", "de"},
		"field not spoken":     {"fr", "es", "es"},
		"hostile field":        {"<script>", "de", "de"},
		"header":               {"", "es", "es"},
		"browser":              {"", "de-DE,de;q=0.9,en-US;q=0.8,en;q=0.7", "de"},
		"best quality":         {"", "en;q=0.2, es;q=0.9, de;q=0.5", "es"},
		"first of equals":      {"", "es;q=0.5,de;q=0.5", "es"},
		"next best is spoken":  {"", "fr-FR,fr;q=0.9,de;q=0.3", "de"},
		"refused":              {"", "de;q=0, es;q=0.1", "es"},
		"anything":             {"", "*", "en"},
		"anything but first":   {"", "de, *;q=0.5", "de"},
		"none spoken":          {"", "fr, ja", "en"},
		"nonsense quality":     {"", "de;q=high, es;q=0.1", "es"},
		"not a number":         {"", "de;q=NaN, es;q=0.1", "es"},
		"quality above one":    {"", "de;q=7, es", "es"},
		"blanks":               {"", " de ; q=0.4 , es ; q=0.3 ", "de"},
		"a word like ours":     {"", "den, esp", "en"},
		"very long":            {"", strings.Repeat("fr,", 100_000) + "de", "en"},
		"commas only":          {"", ",,,;;;", "en"},
		"quality in uppercase": {"", "de;Q=0.2,es;Q=0.3", "es"},
	} {
		if got := catalog.Negotiate(c.field, c.header); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}

func FuzzNegotiate(f *testing.F) {
	f.Add("", "de-DE,de;q=0.9,en;q=0.8")
	f.Add("es", "*;q=0")
	f.Fuzz(func(t *testing.T, field, header string) {
		if got := catalog.Negotiate(field, header); !slices.Contains(catalog.Languages(), got) {
			t.Errorf("%q is not a language of ours", got)
		}
	})
}
