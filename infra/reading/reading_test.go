package main

import (
	"math"
	"strings"
	"testing"
)

func TestSyllables(t *testing.T) {
	for name, c := range map[string]struct {
		count func(string) int
		words map[string]int
	}{
		"English": {english, map[string]int{"stop": 1, "address": 2, "unsubscribe": 3, "date": 1, "changed": 1, "people": 2, "wanted": 2, "a": 1, "12": 1}},
		"German":  {german, map[string]int{"Anliegen": 3, "Datenschutz": 3, "ja": 1, "beantworten": 4, "Schaltfläche": 3, "Häuser": 2}},
		"Spanish": {spanish, map[string]int{"solicitud": 4, "día": 2, "correo": 3, "baja": 2, "cuando": 2, "aún": 2, "ciudad": 2}},
	} {
		for word, want := range c.words {
			if got := c.count(word); got != want {
				t.Errorf("%s: %s has %d, want %d", name, word, got, want)
			}
		}
	}
}

func TestSentences(t *testing.T) {
	for text, want := range map[string][]int{
		"Stop our emails":                              nil,
		"It is done. You can undo it.":                 {3, 4},
		"Write to {email}; that counts just as much.":  {8},
		"Nach Art. 12 Abs. 3 DSGVO geht das.":          {8},
		"Is it yours? Then close the page, and go on:": {3, 7},
	} {
		got := sentences(text)
		if len(got) != len(want) {
			t.Errorf("%s: %q", text, got)
			continue
		}
		for i := range want {
			if len(got[i]) != want[i] {
				t.Errorf("%s: %q", text, got)
			}
		}
	}
}

// The formulas on counts that are easily done by hand.
func TestScores(t *testing.T) {
	m := measure{sentences: 10, words: 100, syllables: 150}
	for i, want := range []float64{0.39*10 + 11.8*1.5 - 15.59, 206.84 - 90 - 10.2, 180 - 10 - 87.75} {
		if got := formulas[i].score(m); math.Abs(got-want) > 1e-9 {
			t.Errorf("%s: %v, want %v", formulas[i].name, got, want)
		}
	}
}

func TestReport(t *testing.T) {
	var out strings.Builder
	long := strings.Repeat("word ", 21) + "end."
	report(&out, formulas[0], map[string]string{"a.label": "Stop", "a.short": "It is done.", "a.long": long, "a.two": strings.Repeat("It is now done and all is well here. ", 3) + "Go."}, 1)
	for _, want := range []string{"3 texts, 2 over 20 words", "1 of 6 sentences over 20 words", "  22 words: a.long"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q lacks %q", out.String(), want)
		}
	}
}

func TestEveryLanguageOfTheCatalogueIsMeasured(t *testing.T) {
	for _, f := range formulas {
		texts, err := read("../../shared/adapter/catalog/" + f.lang)
		if err != nil || len(texts) < 500 {
			t.Errorf("%s: %d texts, %v", f.lang, len(texts), err)
		}
	}
	if _, err := read("nowhere"); err == nil {
		t.Error("a folder without texts is taken")
	}
}
