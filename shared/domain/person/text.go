package person

import (
	"strings"
	"unicode"
)

// CleanText makes a person's free text fit to store and show: control and
// format characters (NUL, bidi overrides) go, white space becomes one blank,
// and it ends after limit runes.
func CleanText(s string, limit int) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.Is(unicode.Cc, r), unicode.Is(unicode.Cf, r) && r != zeroWidthJoiner && r != zeroWidthNonJoiner:
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
	runes := []rune(strings.Join(strings.Fields(s), " "))
	return strings.TrimSpace(string(runes[:min(len(runes), limit)]))
}

// The joiner holds an emoji's parts together, the non-joiner keeps Persian
// letters apart.
const zeroWidthJoiner, zeroWidthNonJoiner = '\u200d', '\u200c'
