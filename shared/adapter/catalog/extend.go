package catalog

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"sync"
)

// Extend returns texts beside the catalogue's own, by language: those of files
// whose names are <language>/<subject>.json. A function that shows none of them does
// not carry them. It panics on a broken file, as the catalogue does.
func Extend(files fs.FS) func(lang string) *Texts {
	more := map[string]func() *Texts{}
	for _, l := range languages {
		more[l.code] = sync.OnceValue(func() *Texts { return extended(l.load(), files) })
	}
	return func(lang string) *Texts {
		if load, known := more[lang]; known {
			return load()
		}
		return more[Default]()
	}
}

func extended(base *Texts, files fs.FS) *Texts {
	t := &Texts{lang: base.lang, entries: maps.Clone(base.entries)}
	names, err := fs.Glob(files, base.lang+"/*.json")
	if err != nil {
		panic(fmt.Sprintf("catalog: %s: %v", base.lang, err))
	}
	for _, name := range names {
		raw, err := fs.ReadFile(files, name)
		if err == nil {
			err = json.Unmarshal(raw, &t.entries)
		}
		if err != nil {
			panic(fmt.Sprintf("catalog: %s: %v", name, err))
		}
	}
	return t
}
