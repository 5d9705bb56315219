package inbox

import (
	"slices"
	"strings"
	"unicode"
)

// Wish is what a mail to privacy@… asks for, as far as its subject line tells.
type Wish string

// The wishes. Whatever is not one of the first three is Ask: the person says
// what they want when they confirm, or the officer asks.
const (
	Erase   Wish = "erase"
	See     Wish = "see"
	Correct Wish = "correct"
	Ask     Wish = "ask"
)

// wishes are the words of a subject by which a wish is known, in the languages
// of the catalogue. A mistake costs little: the confirmation mail names the
// kind, the person confirms or asks for another, and an officer decides.
var wishes = []struct {
	wish  Wish
	words []string
}{
	{Erase, []string{"erase", "erasure", "delete", "deletion", "forgotten", "löschen", "löschung", "vergessen", "borrar", "borre", "borrado", "suprimir", "supresión", "eliminar", "elimine"}},
	{Correct, []string{"correct", "correction", "rectify", "rectification", "berichtigen", "berichtigung", "rectificar", "rectificación", "corregir"}},
	{See, []string{"access", "dsar", "sar", "copy", "auskunft", "kopie", "acceso", "copia"}},
}

// WishOf reads a subject line.
func WishOf(subject string) Wish {
	words := strings.FieldsFunc(strings.ToLower(subject), func(r rune) bool { return !unicode.IsLetter(r) })
	for _, w := range wishes {
		if slices.ContainsFunc(words, func(word string) bool { return slices.Contains(w.words, word) }) {
			return w.wish
		}
	}
	return Ask
}
