package person

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestParse(t *testing.T) {
	for name, c := range map[string]struct{ in, want, reason string }{
		"plain":                 {"zaphod@example.com", "zaphod@example.com", ""},
		"case":                  {"Zaphod@EXAMPLE.com", "zaphod@example.com", ""},
		"tag and dots stay":     {"z.b+x@example.com", "z.b+x@example.com", ""},
		"pasted":                {"\ufeff \u00a0zaphod@example.com\u200b\r\n", "zaphod@example.com", ""},
		"U-label":               {"z@mañana.example", "z@xn--maana-pta.example", ""},
		"U-label upper":         {"z@MAÑANA.example", "z@xn--maana-pta.example", ""},
		"U-label decomposed":    {"z@man\u0303ana.example", "z@xn--maana-pta.example", ""},
		"A-label":               {"z@XN--maana-pta.example", "z@xn--maana-pta.example", ""},
		"ideographic full stop": {"z@例え。jp", "z@xn--r8jz45g.jp", ""},
		"sharp s stays":         {"z@straße.de", "z@xn--strae-oqa.de", ""},
		"EAI":                   {"Zoë@example.com", "zoë@example.com", ""},
		"EAI decomposed":        {"zoe\u0308@example.com", "zoë@example.com", ""},
		"carrier dots":          {"a..b.@docomo.example.jp", "a..b.@docomo.example.jp", ""},
		"hyphens":               {"z@r3---sn.example.com", "z@r3---sn.example.com", ""},
		"empty":                 {" \t", "", Missing},
		"two":                   {"a@example.com,b@example.com", "", NoAt},
		"display name":          {"Z <z@example.com>", "", BadLocalPart},
		"mailto":                {"mailto:z@example.com", "", BadLocalPart},
		"quoted":                {`"z b"@example.com`, "", BadLocalPart},
		"NUL":                   {"z\x00@example.com", "", BadLocalPart},
		"zero width inside":     {"z\u200bb@example.com", "", BadLocalPart},
		"invalid UTF-8":         {"z\xff@example.com", "", BadLocalPart},
		"literal":               {"z@[192.0.2.1]", "", BadDomain},
		"no top-level domain":   {"z@localhost", "", BadDomain},
		"numeric top level":     {"z@192.0.2.1", "", BadDomain},
		"trailing dot":          {"z@example.com.", "", BadDomain},
		"long local":            {strings.Repeat("a", 65) + "@example.com", "", TooLong},
		"long":                  {"z@" + strings.Repeat("a.", 130) + "com", "", TooLong},
		"very long":             {strings.Repeat("é", 5000), "", TooLong},
	} {
		t.Run(name, func(t *testing.T) {
			a, err := Parse(c.in)
			var bad *AddressError
			if errors.As(err, &bad) && bad.Reason != c.reason || (err == nil) != (c.reason == "") || a.Reveal() != c.want {
				t.Errorf("Parse = %q, %v; want %q %q", a.Reveal(), err, c.want, c.reason)
			}
		})
	}
}

// The isemail corpus with SES's own limits; see shared/inputs/README.md.
func TestParseCorpus(t *testing.T) {
	f, err := os.Open("../../../shared/inputs/addresses.tsv")
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

func TestAddressNeverLeaks(t *testing.T) {
	a, _ := Parse("zaphod@heartofgold.example")
	wrapped := struct {
		Pub  Address
		priv Address
		m    map[string]Address
	}{a, a, map[string]Address{"k": a}}
	var log bytes.Buffer
	l := slog.New(slog.NewJSONHandler(&log, nil))
	l.Info("x", "a", a, "w", wrapped, "err", fmt.Errorf("with %v", a))
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "a", a, "w", wrapped, "p", &wrapped)
	j, _ := json.Marshal(map[string]any{"a": a, "w": wrapped})
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
		fmt.Fprintf(&log, verb, a)
		fmt.Fprintf(&log, verb, wrapped)
		fmt.Fprintf(&log, verb, &wrapped)
	}
	out := log.String() + string(j)
	for _, secret := range []string{"zaphod", "heartofgold", fmt.Sprintf("%x", "zaphod")} {
		if strings.Contains(out, secret) {
			t.Errorf("%q leaks in %s", secret, out)
		}
	}
	if !strings.Contains(out, "z***@h***.example") {
		t.Error("nothing was printed at all")
	}
}

func TestRef(t *testing.T) {
	key, err := NewKey(strings.Repeat("k", 32))
	if err != nil {
		t.Fatal(err)
	}
	other, _ := NewKey(strings.Repeat("o", 32))
	a, _ := Parse("Zaphod@Example.com")
	b, _ := Parse("zaphod@example.com")
	c, _ := Parse("zaphod+x@example.com")
	if key.Ref(a) != key.Ref(b) || key.Ref(a) == key.Ref(c) || key.Ref(a) == other.Ref(a) || len(key.Ref(a)) != 43 {
		t.Errorf("refs %s %s %s", key.Ref(a), key.Ref(b), key.Ref(c))
	}
	if _, err := NewKey("short"); err == nil {
		t.Error("a short key was taken")
	}
	if strings.Contains(fmt.Sprintf("%v %+v %#v", key, key, key), "kkk") {
		t.Error("the key leaks")
	}
}

func TestParseIsCanonical(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[ \t]?[\pL\pN._+-]{1,20}@[\pL\pN-]{1,15}\.[\pL]{2,8}[ \n]?`).Draw(t, "text")
		a, err := Parse(text)
		if err != nil {
			return
		}
		if b, err := Parse(a.Reveal()); err != nil || b != a {
			t.Fatalf("Parse(%q) = %q, which parses as %q, %v", text, a.Reveal(), b.Reveal(), err)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"a@b.co", "z@mañana.example", `"a b"@c.d`, "@", "a@xn--.com", "\xff@\xfe.com", "İ@İ.com"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := Parse(s)
		if err != nil {
			return
		}
		if b, err := Parse(a.Reveal()); err != nil || a != b {
			t.Errorf("Parse(%q) = %q is not canonical: %q %v", s, a.Reveal(), b.Reveal(), err)
		}
	})
}
