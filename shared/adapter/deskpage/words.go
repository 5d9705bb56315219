package deskpage

import (
	"embed"
	"io/fs"

	"privacydesk/shared/adapter/catalog"
)

//go:embed words/*/*.json
var words embed.FS

var texts = catalog.Extend(sub(words, "words"))

func sub(files fs.FS, dir string) fs.FS {
	below, err := fs.Sub(files, dir)
	if err != nil {
		panic(err)
	}
	return below
}

// Texts are the catalogue's and the desk's own sentences in a language, English for one that we do not speak.
func Texts(lang string) *catalog.Texts { return texts(lang) }
