package person

import (
	"bufio"
	"errors"
	"os"
	"strconv"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for name, c := range map[string]struct{ in, want, reason string }{
		"plain":                 {"zaphod@example.com", "zaphod@example.com", ""},
		"case":                  {"Zaphod@EXAMPLE.com", "zaphod@example.com", ""},
		"tag and dots stay":     {"z.b+x@example.com", "z.b+x@example.com", ""},
		"a percent sign stays":  {"a%b@example.com", "a%b@example.com", ""},
		"pasted":                {"\ufeff \u00a0zaphod@example.com\u200b\ufe0f\r\n", "zaphod@example.com", ""},
		"EAI":                   {"Zoë@example.com", "zoë@example.com", ""},
		"EAI decomposed":        {"zoe\u0308@example.com", "zoë@example.com", ""},
		"EAI Thai":              {"ทำ@example.com", "ทำ@example.com", ""},
		"EAI Hindi":             {"संपर्क@example.com", "संपर्क@example.com", ""},
		"carrier dots":          {"a..b.@docomo.example.jp", "a..b.@docomo.example.jp", ""},
		"hyphens":               {"z@r3---sn.example.com", "z@r3---sn.example.com", ""},
		"full width":            {"Ｚａｐｈｏｄ＋１＠ｅｘａｍｐｌｅ．ｃｏｍ", "zaphod+1@example.com", ""},
		"full width before":     {"ｚａｐｈｏｄ@example.com", "zaphod@example.com", ""},
		"Kelvin sign":           {"mar\u212ain@example.com", "markin@example.com", ""}, // canonically a K
		"empty":                 {" \t", "", Missing},
		"two":                   {"a@example.com,b@example.com", "", NoAt},
		"two, full width":       {"a@example.com＠example.org", "", NoAt},
		"display name":          {"Z <z@example.com>", "", BadLocalPart},
		"mailto":                {"mailto:z@example.com", "", BadLocalPart},
		"quoted":                {`"z b"@example.com`, "", BadLocalPart},
		"NUL inside":            {"z\x00b@example.com", "", Control},
		"NUL at the end":        {"z@example.com\x00", "", Control},
		"NUL at the start":      {"\x00z@example.com", "", Control},
		"DEL":                   {"z@example.com\x7f", "", Control},
		"C1":                    {"z\u0091@example.com", "", Control},
		"a blank inside":        {"mar vin@example.com", "", BadLocalPart},
		"zero width inside":     {"z\u200bb@example.com", "", BadLocalPart},
		"a filler inside":       {"z\u3164b@example.com", "", BadLocalPart},
		"a variation selector":  {"z\ufe0fb@example.com", "", BadLocalPart},
		"invalid UTF-8":         {"z\xff@example.com", "", BadLocalPart},
		"invalid in the domain": {"z@ex\xffample.com", "", BadDomain},
		"Greek question mark":   {"marvin\u037e@example.com", "", BadLocalPart},
		"Greek at the end":      {"marvin@example.com\u037e", "", BadDomain},
		"dotted I":              {"İbrahim@example.com", "", BadLocalPart},
		"dotted I, decomposed":  {"I\u0307brahim@example.com", "", BadLocalPart},
		"dotted i, lower case":  {"i\u0307brahim@example.com", "", BadLocalPart},
		"dotted I in a domain":  {"z@İstanbul.example", "", BadDomain},
		"long s":                {"ſam@example.com", "", BadLocalPart},
		"superscript":           {"a²@example.com", "", BadLocalPart},
		"ordinal":               {"mª@example.com", "", BadLocalPart},
		"circled":               {"①@example.com", "", BadLocalPart},
		"mathematical":          {"𝐦arvin@example.com", "", BadLocalPart},
		"ligature":              {"ﬁona@example.com", "", BadLocalPart},
		"trade mark":            {"a™@example.com", "", BadLocalPart},
		"a mark first":          {"\u0301marvin@example.com", "", BadLocalPart},
		"a vowel sign first":    {"\u0940marvin@example.com", "", BadLocalPart},
		"half-width katakana":   {"ﾀﾛｳ@example.com", "", BadLocalPart},
		"bullet":                {"•marvin@example.com", "", BadLocalPart},
		"curly quote":           {"“marvin@example.com", "", BadLocalPart},
		"long dash":             {"anna–maria@example.com", "", BadLocalPart},
		"full-width semicolon":  {"marvin；@example.com", "", BadLocalPart},
		"literal":               {"z@[192.0.2.1]", "", BadDomain},
		"no top-level domain":   {"z@localhost", "", BadDomain},
		"numeric top level":     {"z@192.0.2.1", "", BadDomain},
		"trailing dot":          {"z@example.com.", "", BadDomain},
		"long local":            {strings.Repeat("a", 65) + "@example.com", "", TooLong},
		"long":                  {"z@" + strings.Repeat("a.", 130) + "com", "", TooLong},
		"very long":             {strings.Repeat("é", 5000), "", TooLong},
	} {
		t.Run(name, func(t *testing.T) { parses(t, Parse, c.in, c.want, c.reason) })
	}
}

func TestDomains(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"U-label":               {"mañana.example", "xn--maana-pta.example"},
		"U-label upper":         {"MAÑANA.example", "xn--maana-pta.example"},
		"U-label decomposed":    {"man\u0303ana.example", "xn--maana-pta.example"},
		"A-label":               {"XN--maana-pta.example", "xn--maana-pta.example"},
		"ideographic full stop": {"例え。jp", "xn--r8jz45g.jp"},
		"Japanese":              {"日本語.jp", "xn--wgv71a119e.jp"},
		"prolonged sound mark":  {"メール.jp", "xn--4dkua4c.jp"},
		"katakana middle dot":   {"二・一.jp", "xn--vek868f7la.jp"},
		"sharp s stays":         {"straße.de", "xn--strae-oqa.de"},
		"capital sharp s":       {"STRAẞE.de", "xn--strae-oqa.de"},
		"final sigma stays":     {"βόλος.gr", "xn--nxasmm1c.gr"},
		"joiner":                {"ශ්\u200dරී.lk", "xn--10cl1a0b660p.lk"},
		"non-joiner":            {"نامه\u200cای.ir", "xn--mgba3gch31f060k.ir"},
		"Hebrew":                {"דוגמה.example", "xn--6dbbec0c.example"},
		"Arabic digits":         {"ب٣.example", "xn--ngb2j.example"},
		"Catalan":               {"col·lecció.cat", "xn--collecci-ioa91d.cat"},
		"full width":            {"ｅｘａｍｐｌｅ．ｃｏｍ", "example.com"},
		"soft hyphen":           {"exam\u00adple.com", "example.com"},
		"hyphens, ASCII":        {"c--n.com", "c--n.com"},
		"hyphens beside an IDN": {"r3---sn.mañana.example", "r3---sn.xn--maana-pta.example"},
		"top level":             {"юзер.рф", "xn--e1ad2a5c.xn--p1ai"},
		"copyright":             {"domain.com©", ""},
		"inverted mark":         {"email¡a.com", ""},
		"euro":                  {"€.com", ""},
		"pound":                 {"a£b.com", ""},
		"section":               {"§.com", ""},
		"not":                   {"a¬b.com", ""},
		"heart":                 {"i❤.ws", ""},
		"emoji":                 {"😀.example", ""},
		"emoji with joiner":     {"👩\u200d💻.example", ""},
		"snowman":               {"☃.net", ""},
		"its A-label":           {"xn--n3h.net", ""},
		"its A-label, upper":    {"XN--N3H.net", ""},
		"infinity":              {"∞.example", ""},
		"Roman numeral":         {"ↀ.example", ""},
		"tatweel":               {"ـب.example", ""},
		"old jamo":              {"ᄀ.example", ""},
		"music":                 {"a𝅥.example", ""},
		"curly quote":           {"a”.com", ""},
		"long dash":             {"a–b.com", ""},
		"a joiner alone":        {"a\u200db.com", ""},
		"non-joiner in Latin":   {"a\u200cb.com", ""},
		"middle dot in Latin":   {"a·b.com", ""},
		"geresh in Latin":       {"a׳b.com", ""},
		"katakana dot in Latin": {"a・b.com", ""},
		"keraia alone":          {"a͵b.com", ""},
		"digits of two kinds":   {"ب٣۴.example", ""},
		"BIDI":                  {"aא.example", ""},
		"BIDI, a label beside":  {"א.1a.example", ""},
		"hyphens before an ñ":   {"ab--ñ.com", ""},
		"a hyphen, then ñ":      {"-ñ.com", ""},
		"its A-label too":       {"xn----zqa.com", ""},
		"ñ, then a hyphen":      {"ñ-.com", ""},
		"a mark first":          {"\u0301a.com", ""},
		"no A-label":            {"xn--0.com", ""},
		"no label in it":        {"xn--.com", ""},
		"ASCII as A-label":      {"xn--abc-.com", ""},
		"underscore":            {"a_b.com", ""},
		"percent":               {"a%b.com", ""},
		"unassigned":            {"\u0378.com", ""},
		"private use":           {"\ue000.com", ""},
		"a label too long":      {strings.Repeat("ñ", 60) + ".com", ""},
	} {
		t.Run(name, func(t *testing.T) {
			want, reason := "z@"+c.want, ""
			if c.want == "" {
				want, reason = "", BadDomain
			}
			parses(t, Parse, "z@"+c.in, want, reason)
		})
	}
}

// parses compares what read makes of a text with what it should be.
func parses(t *testing.T, read func(string) (Address, error), in, want, reason string) {
	t.Helper()
	a, err := read(in)
	bad, _ := errors.AsType[*AddressError](err)
	if bad == nil {
		bad = &AddressError{}
	}
	if a.Reveal() != want || bad.Reason != reason || (err == nil) != (reason == "") {
		t.Errorf("%q is %q, %v; want %q %q", in, a.Reveal(), err, want, reason)
	}
}

// The isemail corpus with SES's own limits, where it lies beside the project.
func TestParseCorpus(t *testing.T) {
	f, err := os.Open("../../../../shared/inputs/addresses.tsv")
	if err != nil {
		t.Skip("SKIPPED: ../shared/inputs is not here:", err)
	}
	defer f.Close()
	rows := 0
	for s := bufio.NewScanner(f); s.Scan(); rows++ {
		col := strings.Split(s.Text(), "\t")
		if col[0] == "source" || col[5] == "doubtful" {
			continue
		}
		in, err := strconv.Unquote(`"` + strings.ReplaceAll(col[2], `"`, `\"`) + `"`)
		if err != nil {
			t.Fatal(col[1], err)
		}
		a, err := Parse(in)
		want := strings.HasPrefix(col[5], "yes")
		if (err == nil) != want || want && a.Reveal() != col[6] {
			t.Errorf("row %s %q: %q, %v; want %v %q", col[1], in, a.Reveal(), err, want, col[6])
		}
	}
	if rows < 100 {
		t.Errorf("read %d rows", rows)
	}
}
