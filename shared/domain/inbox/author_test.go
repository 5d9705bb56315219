package inbox_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"privacydesk/shared/domain/inbox"
)

// authors are those of From fields, "?" behind them where one cannot be read.
func authors(fields ...string) string {
	var m inbox.Message
	for _, f := range fields {
		m.Headers = append(m.Headers, inbox.Header{Name: "From", Value: f})
	}
	all, clear := m.Authors()
	var texts []string
	for _, a := range all {
		texts = append(texts, a.Reveal())
	}
	if !clear {
		texts = append(texts, "?")
	}
	return strings.Join(texts, " ")
}

func TestAuthors(t *testing.T) {
	const a = "a@example.com"
	for field, want := range map[string]string{
		// As the standard has it.
		a: a, "<" + a + ">": a, "John <" + a + ">": a, `"Doe, John" <` + a + ">": a, `"John \"The Man\" Doe" <` + a + ">": a, "=?utf-8?q?Doe=2C_John?= <" + a + ">": a,
		a + " (John)": a, "(John) " + a: a, "John (work (old)) <" + a + ">": a, "John\r\n <" + a + ">": a, "=?utf-8?q?a?=\r\n =?utf-8?q?b?= <" + a + ">": a,
		"Team: " + a + ";": a, "Team: John <" + a + ">;": a, "undisclosed:;": "", "<@relay.example.com,@b.example.com:" + a + ">": a, "<a (x) @ example . com>": a, `<"a"@example.com>`: a,
		"A@EXAMPLE.COM": a, " " + a + " ": a,
		// As mailers have it.
		"John [ACME] <" + a + ">": a, a + " <" + a + ">": a, "'" + a + "' <" + a + ">": a, "Doe, John <" + a + ">": a, `"` + a + `" <` + a + ">": a, "'" + a + "'": a,
		"Doe, John (Sales) <" + a + ">": a, "Doe, Jr., John <" + a + ">": a, `John "Johnny Doe <` + a + ">": a, "John (Sales <" + a + ">": a, "John :) <" + a + ">": a, "John; Doe <" + a + ">": a,
		"John @ ACME <" + a + ">": a, "ACME: Support <" + a + ">": a, "John <" + a: a, "<<" + a + ">>": a, "<mailto:" + a + ">": a, "John <Johnny> <" + a + ">": a, "a < b <" + a + ">": a, "<> " + a: a,
		a + "," + a: a, "Straße, Jürgen <" + a + ">": a, `"John" "Doe" <` + a + ">": a, "John\x00 <" + a + ">": a, "ｊｏｈｎ <" + a + ">": a, a + ",": a,
		// An address in a name is nobody's.
		"ceo@victim.example <" + a + ">": a, `"ceo@victim.example" <` + a + ">": a, `"<ceo@victim.example>" <` + a + ">": a, "(ceo@victim.example) " + a: a, a + " (<ceo@victim.example>)": a,
		"=?utf-8?q?=3Cceo=40victim.example=3E?= <" + a + ">": a, `"\"<ceo@victim.example>" <` + a + ">": a, `'ceo@victim.example' <` + a + ">": a, `Doe, "ceo@victim.example," <` + a + ">": a,
		"ceo@victim.example via List <" + a + ">": a,
		// Two, or nobody knows.
		a + ", b@example.com": a + " b@example.com", a + ", John <b@example.com>": a + " b@example.com", "<" + a + ">, <b@example.com>": a + " b@example.com",
		"all: " + a + ", b@example.com;": a + " b@example.com", "<" + a + "> <b@example.com>": "?", "<a b@example.com>": "?", "<a@example>": "?", "John a@example.com": "?", `"a@example.com"`: "",
		`"john doe"@example.com`: "?", `<"john doe"@example.com>`: "?", `"x".a@example.com`: "?", "=?utf-8?B?Sm9obiA8YUBleGFtcGxlLmNvbT4=?=": "", "nobody": "", "": "", "<>": "",
	} {
		if got := authors(field); got != want {
			t.Errorf("%q: %q, want %q", field, got, want)
		}
	}
	if got := authors("John <"+a+">", "<A@example.com>"); got != a {
		t.Errorf("the same twice: %q", got)
	}
	if got := authors(a, "b@example.com"); got != a+" b@example.com" {
		t.Errorf("two fields: %q", got)
	}
}

// Whatever stands in a quoted name, a comment or an encoded word: the author
// is the one in angle brackets, or nobody.
func TestNobodyElse(t *testing.T) {
	name := rapid.SampledFrom([]string{"John", "ceo@victim.example", "<ceo@victim.example>", ",", ";", ":", "[x]", "\\\\", "\\\"", "(", ")", "=?utf-8?q?x?=", " ", "'", "a@b.example,"})
	rapid.Check(t, func(t *rapid.T) {
		inside := strings.Join(rapid.SliceOfN(name, 0, 6).Draw(t, "name"), "")
		field := `"` + inside + `" <a@example.com>`
		if rapid.Bool().Draw(t, "comment") {
			field = "(" + strings.NewReplacer("(", "", ")", "").Replace(inside) + ") a@example.com"
		}
		if got := authors(field); got != "a@example.com" {
			t.Fatalf("%q: %q", field, got)
		}
	})
}

// No author is read from what is quoted or a comment, and none is made up of
// two pieces.
func FuzzAuthors(f *testing.F) {
	for _, seed := range []string{`"a\"b" <x@y.example>, z@y.example`, "a (b (c) d) <e@f.example", "g: <@h,@i:j@k.example>;", `<"l>m"@n.example>`, "'o@p.example'"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, field string) {
		m := inbox.Message{Headers: []inbox.Header{{Name: "From", Value: field}}}
		all, _ := m.Authors()
		if len(all) > 0 && !strings.Contains(field, "@") {
			t.Fatalf("%q: an author", field)
		}
		if len(all) > strings.Count(field, "@") {
			t.Fatalf("%q: %d authors", field, len(all))
		}
	})
}
