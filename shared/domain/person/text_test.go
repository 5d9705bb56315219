package person

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestCleanText(t *testing.T) {
	for name, c := range map[string]struct {
		in    string
		limit int
		want  string
	}{
		"plain":              {"Zoë 王小明", 20, "Zoë 王小明"},
		"white space":        {"\t Zoë\r\n\u00a0\u2003B \u2028", 20, "Zoë B"},
		"NUL":                {"a\x00b\x1b[31m\x7f", 20, "ab[31m"},
		"bidi":               {"a\u202eb\u2066c\u200fd", 20, "abcd"},
		"mark and hyphen":    {"\ufeffa\u00adb", 20, "ab"},
		"family":             {"👩\u200d👩\u200d👧", 20, "👩\u200d👩\u200d👧"},
		"Persian":            {"می\u200cخواهم", 20, "می\u200cخواهم"},
		"no UTF-8":           {"a\xffb\xed\xa0\x80", 20, "a\ufffdb\ufffd"},
		"cut":                {"Zoë王小明", 4, "Zoë王"},
		"cut at a blank":     {"Zoë Beeblebrox", 4, "Zoë"},
		"nothing left":       {"\x00\u202e \t", 20, ""},
		"nothing":            {"", 20, ""},
		"markup stays as is": {"<b>&amp;", 20, "<b>&amp;"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := CleanText(c.in, c.limit); got != c.want {
				t.Errorf("CleanText = %q, want %q", got, c.want)
			}
		})
	}
}

func TestCleanTextIsFitToStoreAndShow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) })).Draw(t, "text")
		limit := rapid.IntRange(1, 50).Draw(t, "limit")
		got := CleanText(text, limit)
		switch {
		case !utf8.ValidString(got):
			t.Fatalf("%q is no UTF-8", got)
		case utf8.RuneCountInString(got) > limit:
			t.Fatalf("%q is longer than %d", got, limit)
		case CleanText(got, limit) != got:
			t.Fatalf("%q is cleaned again to %q", got, CleanText(got, limit))
		case strings.ContainsFunc(got, unicode.IsControl), strings.ContainsAny(got, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"):
			t.Fatalf("%q still holds control characters", got)
		case strings.Contains(got, "  "), strings.TrimSpace(got) != got:
			t.Fatalf("%q holds needless blanks", got)
		}
	})
}
