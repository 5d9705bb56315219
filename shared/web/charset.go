package web

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
)

// charsets are the encodings, beside UTF-8, in which the pages of our forms'
// sites are written; any other is read as windows-1252, as browsers do
// (https://encoding.spec.whatwg.org).
var charsets = map[string]encoding.Encoding{
	"shift_jis": japanese.ShiftJIS, "shift-jis": japanese.ShiftJIS, "sjis": japanese.ShiftJIS,
	"x-sjis": japanese.ShiftJIS, "windows-31j": japanese.ShiftJIS,
	"iso-8859-15": charmap.ISO8859_15, "windows-1251": charmap.Windows1251, "windows-1250": charmap.Windows1250,
}

// toUTF8 makes names and values valid UTF-8. A form names its charset in the
// content type, or in a field _charset_; UTF-8 is taken for what it is.
func toUTF8(fields Fields, charset string) Fields {
	if named := fields.First("_charset_"); charset == "" {
		charset = named
	}
	enc := charsets[strings.ToLower(charset)]
	for i, f := range fields {
		fields[i] = Field{decode(f.Name, enc), decode(f.Value, enc)}
	}
	return fields
}

func decode(s string, enc encoding.Encoding) string {
	if utf8.ValidString(s) {
		return s
	}
	if enc == nil {
		enc = charmap.Windows1252
	}
	text, err := enc.NewDecoder().String(s)
	if err != nil {
		return strings.ToValidUTF8(s, "\ufffd")
	}
	// Letters that the page's charset lacks arrive as &#29579;
	return html.UnescapeString(text)
}

// CleanText makes a person's free text fit to store and show: control and
// format characters (NUL, bidi overrides) go, white space becomes one blank,
// and it ends after max runes.
func CleanText(s string, limit int) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.Is(unicode.Cc, r), unicode.Is(unicode.Cf, r) && r != zeroWidthJoiner:
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
	runes := []rune(strings.Join(strings.Fields(s), " "))
	return strings.TrimSpace(string(runes[:min(len(runes), limit)]))
}

// zeroWidthJoiner holds emoji and Persian letters together.
const zeroWidthJoiner = '\u200d'
