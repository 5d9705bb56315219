package form

import (
	"html"
	"strings"
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
	"x-sjis": japanese.ShiftJIS, "windows-31j": japanese.ShiftJIS, "euc-jp": japanese.EUCJP,
	"windows-1250": charmap.Windows1250, "windows-1251": charmap.Windows1251, "windows-1253": charmap.Windows1253,
	"windows-1254": charmap.Windows1254, "iso-8859-2": charmap.ISO8859_2, "iso-8859-7": charmap.ISO8859_7,
	"iso-8859-9": charmap.Windows1254, "iso-8859-15": charmap.ISO8859_15, "koi8-r": charmap.KOI8R,
}

// toUTF8 makes names and values valid UTF-8. A form names its charset in the
// content type, or in a field _charset_; UTF-8 is taken for what it is.
func toUTF8(fields Fields, charset string) Fields {
	if named := fields.First("_charset_"); charset == "" {
		charset = named
	}
	enc := charsets[strings.ToLower(charset)]
	text := func(s string) string { return references(decode(s, enc)) }
	for i, f := range fields {
		fields[i] = Field{text(f.Name), text(f.Value), text(f.Raw)}
	}
	return fields
}

func decode(s string, enc encoding.Encoding) string {
	if utf8.ValidString(s) {
		return s
	}
	if enc == nil {
		if s := withoutSurrogates(s); utf8.ValidString(s) {
			return s
		}
		enc = charmap.Windows1252
	}
	text, err := enc.NewDecoder().String(s)
	if err != nil {
		return strings.ToValidUTF8(s, "\ufffd")
	}
	return text
}

// references reads the letters that the page's charset lacks; a browser sends
// them as &#29579; (https://html.spec.whatwg.org/#multipart-form-data). No
// valid address holds such a text.
func references(s string) string {
	if !strings.Contains(s, "&#") {
		return s
	}
	return html.UnescapeString(s)
}

// withoutSurrogates replaces lone UTF-16 surrogates in the bytes of UTF-8,
// ED A0 80 to ED BF BF, which some clients send for half a character.
func withoutSurrogates(s string) string {
	var out strings.Builder
	for i := 0; i < len(s); i++ {
		if strings.HasPrefix(s[i:], "\xed") && i+2 < len(s) && s[i+1] >= 0xa0 && s[i+1] < 0xc0 && s[i+2] >= 0x80 && s[i+2] < 0xc0 {
			out.WriteString("\ufffd")
			i += 2
			continue
		}
		out.WriteByte(s[i])
	}
	return out.String()
}
