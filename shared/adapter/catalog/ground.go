package catalog

import (
	"unicode"
	"unicode/utf8"
)

// Ground is why a system did not do its task, for whoever reads it: in our words where its owner chose one of them
// (ledger.Reasons), else as it stands.
func (t *Texts) Ground(ground string) string { return t.Named("systems.ground.", ground) }

// Capital begins with a large letter.
func Capital(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}
