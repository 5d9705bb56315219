package person

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

// canonical fails unless every reader takes an address that Parse gave for
// itself.
func canonical(t interface{ Errorf(string, ...any) }, in string, a Address) {
	if b, err := Parse(a.Reveal()); err != nil || b != a {
		t.Errorf("Parse(%q) = %q, which parses as %q, %v", in, a.Reveal(), b.Reveal(), err)
	}
	if b, err := Read(a.Reveal()); err != nil || b != a {
		t.Errorf("Parse(%q) = %q, which reads as %q, %v", in, a.Reveal(), b.Reveal(), err)
	}
	if b, _, err := ReadForm(a.Reveal(), ""); err == nil && b != a && !strings.Contains(a.Reveal(), "%2b") {
		t.Errorf("Parse(%q) = %q, which a form reads as %q", in, a.Reveal(), b.Reveal())
	}
}

// Every letter of Unicode, alone and beside others, before and after the @.
func TestEveryRuneIsCanonical(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		s := string(r)
		texts := []string{
			"z" + s + "@example.com", "z@a" + s + ".com",
			"i" + s + "x@example.com", s + "\u0307\u0301@example.com", "z@" + s + ".com", "z@ن" + s + ".com", "z@xn--maana-pta." + s + "a",
		}
		if !unicode.IsGraphic(r) {
			texts = texts[:2]
		}
		for _, in := range texts {
			if a, err := Parse(in); err == nil {
				canonical(t, in, a)
			}
		}
	}
}

// No letter beyond ASCII is taken for one of ASCII unless Unicode itself says
// that they are the same, or that it is the wide form of it.
func TestNoLetterTurnsIntoAnother(t *testing.T) {
	for r := rune(utf8.RuneSelf); r <= unicode.MaxRune; r++ {
		a, err := Parse("z" + string(r) + "z@example.com")
		if err != nil || !a.ASCII() {
			continue
		}
		wide := r >= '！' && r <= '～'
		if same := norm.NFC.String(string(r)); !wide && !isASCII(same) {
			t.Errorf("%U makes %q", r, a.Reveal())
		}
	}
}

func TestStringsAreCanonical(t *testing.T) {
	odd := rapid.SampledFrom([]string{"İ", "I\u0307", "i\u0307", "ß", "ς", "Σ", "\u200d", "\u200c", "्", "ක", "\u037e", "K", "ﬁ", "ｚ", "．", "@", "＠", "%2B", "%40", "+", "xn--", "-", "\u0301", "א", "٣", "·", "l", "\u0345"})
	local := rapid.OneOf(rapid.StringMatching(`[\pL\pM\pN._+%-]{1,20}`), rapid.String(), odd)
	domain := rapid.OneOf(rapid.StringMatching(`[\pL\pN\pM-]{1,15}\.[\pL]{2,8}`), rapid.String(), odd, rapid.Just("example.com"))
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(local, 1, 3).Draw(t, "local")
		text := strings.Join(parts, "") + "@" + domain.Draw(t, "label") + domain.Draw(t, "domain")
		for _, read := range []func(string) (Address, error){Parse, Read, func(s string) (Address, error) {
			a, _, err := ReadForm(s, strings.ReplaceAll(s, " ", "+"))
			return a, err
		}} {
			if a, err := read(text); err == nil {
				canonical(t, text, a)
			}
		}
	})
}

// Whatever surrounds an address, Read finds that address or none.
func TestDecorationsChangeNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bare := rapid.StringMatching(`[a-z0-9][a-z0-9._+%'-]{0,10}@[a-z][a-z0-9]{0,8}\.(com|de|museum)`).Draw(t, "address")
		want, err := Parse(bare)
		if err != nil {
			t.Fatalf("%q: %v", bare, err)
		}
		text := bare
		for _, wrap := range rapid.SliceOfN(rapid.SampledFrom([]string{"<%>", "Zoë <%>", "%.", "%;", " %\r\n", "mailto:%", `"Foo, Bar" <%>`}), 0, 4).Draw(t, "wraps") {
			text = strings.Replace(wrap, "%", text, 1)
		}
		if a, err := Read(text); err == nil && a != want && !strings.Contains(text, "mailto:") {
			t.Fatalf("%q is read as %q", text, a.Reveal())
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"a@b.co", "z@mañana.example", `"a b"@c.d`, "@", "a@xn--.com", "\xff@\xfe.com", "İ@İ.com", "marvin\u037e@example.com", "ｚ＠ｅ．ｃｏｍ",
		"mar\u212ain@example.com", "z@domain.com©", "z@ශ්\u200dරී.lk", "z@a·b.com", "z@xn--n3h.net", "z@example.com\x00", "mar%2Bvin@example.com",
		"marvin%2540example.com", "a%b@example.com", "mailto:gorby%25kremvax@example.com?subject=x", "a@b.co <a@b.co>", "Foo <mailto:a@b.co.>;", "ทำ@b.co",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if a, err := Parse(s); err == nil {
			canonical(t, s, a)
		}
		if a, err := Read(s); err == nil {
			canonical(t, s, a)
		}
		if a, _, err := ReadForm(s, strings.ReplaceAll(s, " ", "+")); err == nil {
			canonical(t, s, a)
		}
	})
}
