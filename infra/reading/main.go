// Command reading says how hard the catalogue is to read: how many texts and sentences are over 20 words, which are the
// longest, and the score of a well-known formula for each language. `make lint` prints it; the figures should fall. It
// must not fail a build: a letter may need a long sentence.
package main

import (
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"slices"
)

func main() {
	log.SetFlags(0)
	dir := flag.String("dir", "shared/adapter/catalog", "folder of the catalogue")
	longest := flag.Int("longest", 3, "how many of the longest sentences to print for each language")
	flag.Parse()
	for _, f := range formulas {
		texts, err := read(filepath.Join(*dir, f.lang))
		if err != nil {
			log.Fatal(err)
		}
		report(os.Stdout, f, texts, *longest)
	}
}

// read returns the texts of a language by key.
func read(dir string) (map[string]string, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err == nil && len(files) == 0 {
		err = fmt.Errorf("%s holds no texts", dir)
	}
	texts := map[string]string{}
	for _, file := range files {
		raw, fault := os.ReadFile(file)
		if fault == nil {
			fault = json.Unmarshal(raw, &texts)
		}
		err = cmp.Or(err, fault)
	}
	return texts, err
}

// maxWords is how long a text or a sentence may be without being counted.
const maxWords = 20

func report(w io.Writer, f formula, texts map[string]string, longest int) {
	var all measure
	var long []sentence
	over := 0
	for key, text := range texts {
		found := sentences(text)
		if len(found) == 0 {
			continue // a label, no prose
		}
		words := 0
		for _, words1 := range found {
			one := sentence{key, len(words1)}
			words += one.words
			all.add(words1, f.syllables)
			if one.words > maxWords {
				long = append(long, one)
			}
		}
		if words > maxWords {
			over++
		}
		all.texts++
	}
	slices.SortFunc(long, func(a, b sentence) int { return cmp.Or(b.words-a.words, cmp.Compare(a.key, b.key)) })
	fmt.Fprintf(w, "reading %s: %d texts, %d over %d words; %d of %d sentences over %d words; %s %.1f (%s)\n",
		f.lang, all.texts, over, maxWords, len(long), all.sentences, maxWords, f.name, f.score(all), f.meaning)
	for _, s := range long[:min(longest, len(long))] {
		fmt.Fprintf(w, "  %d words: %s\n", s.words, s.key)
	}
}

type sentence struct {
	key   string
	words int
}
