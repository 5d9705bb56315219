package person

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
)

// domains maps U-labels to A-labels as browsers do (UTS #46, non-transitional)
// and checks joiners and the Bidi rule (RFC 5893). It takes letters that IDNA
// 2008 disallows; see isULabel. Hyphens are looked at label by label, since
// plain ASCII labels such as r3---sn are in use.
var domains = idna.New(idna.MapForLookup(), idna.Transitional(false), idna.BidiRule(), idna.CheckHyphens(false))

func canonicalDomain(s string) (string, bool) {
	if isASCII(s) {
		s = strings.ToLower(s)
	}
	if !isASCII(s) || strings.Contains(s, "xn--") {
		var ok bool
		if s, ok = aLabels(s); !ok {
			return "", false
		}
	}
	labels := strings.Split(s, ".")
	top := labels[len(labels)-1]
	return s, len(labels) > 1 && strings.ContainsFunc(top, unicode.IsLetter) && !slices.ContainsFunc(labels, notLDH)
}

// aLabels is the domain in A-labels, each of which stands for a U-label that
// gives it back (RFC 5890 section 2.3.2.1).
func aLabels(s string) (string, bool) {
	// UTS #46 made ss of the capital sharp s before Unicode 15.1: another's domain.
	a, err := domains.ToASCII(strings.ReplaceAll(s, "ẞ", "ß"))
	if err != nil || hasDottedI(norm.NFC.String(s)) {
		return "", false
	}
	u, err := domains.ToUnicode(a)
	if err != nil {
		return "", false
	}
	for label := range strings.SplitSeq(u, ".") {
		if !isASCII(label) && !isULabel([]rune(label)) {
			return "", false
		}
	}
	again, err := domains.ToASCII(u)
	return a, err == nil && again == a && !hasDottedI(u)
}

// notLDH reports whether a label holds other than letters, digits and inner
// hyphens (RFC 5890 section 2.3.1).
func notLDH(l string) bool {
	if l == "" || len(l) > maxLabel || l[0] == '-' || l[len(l)-1] == '-' {
		return true
	}
	for _, c := range []byte(l) {
		if c != '-' && (c < '0' || c > '9') && (c < 'a' || c > 'z') {
			return true
		}
	}
	return false
}

// isULabel reports whether IDNA 2008 lets a label stand that has passed
// domains: RFC 5891 section 4.2.3.1 on hyphens, RFC 5892 on letters.
func isULabel(l []rune) bool {
	if l[0] == '-' || l[len(l)-1] == '-' || len(l) > 3 && l[2] == '-' && l[3] == '-' {
		return false
	}
	for i, r := range l {
		if disallowed(r) || !inContext(l, i) {
			return false
		}
	}
	return true
}

// pvalid are letters that RFC 5892 section 2.6 admits whatever their category;
// the joiners and the letters with a rule of context are among them.
const pvalid = "-\u06fd\u06fe\u0f0b\u3007\u200c\u200d\u00b7\u0375\u05f3\u05f4\u30fb"

// exceptions are letters that RFC 5892 disallows whatever their category: those
// of section 2.6, and the blocks of section 2.8 and 2.9.
var exceptions = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x0640, Hi: 0x0640, Stride: 1}, {Lo: 0x07fa, Hi: 0x07fa, Stride: 1},
		{Lo: 0x1100, Hi: 0x11ff, Stride: 1}, {Lo: 0x20d0, Hi: 0x20ff, Stride: 1},
		{Lo: 0x302e, Hi: 0x302f, Stride: 1}, {Lo: 0x3031, Hi: 0x3035, Stride: 1}, {Lo: 0x303b, Hi: 0x303b, Stride: 1},
		{Lo: 0xa960, Hi: 0xa97f, Stride: 1}, {Lo: 0xd7b0, Hi: 0xd7ff, Stride: 1},
	},
	R32: []unicode.Range32{{Lo: 0x1d100, Hi: 0x1d24f, Stride: 1}},
}

func disallowed(r rune) bool {
	if strings.ContainsRune(pvalid, r) {
		return false
	}
	letterOrDigit := unicode.In(r, unicode.Ll, unicode.Lo, unicode.Lm, unicode.Mn, unicode.Mc, unicode.Nd)
	return !letterOrDigit || blank(r) || unicode.Is(exceptions, r)
}

// inContext follows the rules CONTEXTO of RFC 5892 appendix A.3 to A.9.
func inContext(l []rune, i int) bool {
	before, after := rune(0), rune(0)
	if i > 0 {
		before = l[i-1]
	}
	if i+1 < len(l) {
		after = l[i+1]
	}
	switch r := l[i]; {
	case r == '·':
		return before == 'l' && after == 'l'
	case r == '\u0375':
		return unicode.Is(unicode.Greek, after)
	case r == '\u05f3', r == '\u05f4':
		return unicode.Is(unicode.Hebrew, before)
	case r == '・':
		return slices.ContainsFunc(l, func(r rune) bool { return unicode.In(r, unicode.Hiragana, unicode.Katakana, unicode.Han) })
	case arabicIndic(r):
		return !slices.ContainsFunc(l, extendedArabicIndic)
	}
	return true
}

func arabicIndic(r rune) bool         { return r >= '\u0660' && r <= '\u0669' }
func extendedArabicIndic(r rune) bool { return r >= '\u06f0' && r <= '\u06f9' }
