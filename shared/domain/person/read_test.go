package person

import (
	"strings"
	"testing"
)

// What Read takes beside a bare address, in every spelling.
func TestRead(t *testing.T) {
	for name, c := range map[string]struct{ in, want, reason string }{
		"bare":                   {"Marvin@example.com", "marvin@example.com", ""},
		"final dot":              {"marvin@example.com.", "marvin@example.com", ""},
		"final full stop":        {"marvin@例え.jp。", "marvin@xn--r8jz45g.jp", ""},
		"separator":              {"marvin@example.com; ", "marvin@example.com", ""},
		"comma":                  {"marvin@example.com,", "marvin@example.com", ""},
		"brackets":               {" <marvin@example.com> ", "marvin@example.com", ""},
		"brackets and a dot":     {"<marvin@example.com>.", "marvin@example.com", ""},
		"name":                   {"Marvin <marvin@example.com>", "marvin@example.com", ""},
		"quoted name":            {`"Foo" <foo@example.com>`, "foo@example.com", ""},
		"name with a comma":      {"Doe, John <marvin@example.com>", "marvin@example.com", ""},
		"name with brackets":     {"John [ACME] <marvin@example.com>", "marvin@example.com", ""},
		"name glued":             {"Marvin<marvin@example.com>", "marvin@example.com", ""},
		"the same address":       {"marvin@example.com <Marvin@example.com>", "marvin@example.com", ""},
		"the same in quotes":     {"'marvin@example.com' <marvin@example.com>", "marvin@example.com", ""},
		"as Outlook pastes it":   {"marvin@example.com<mailto:marvin@example.com>", "marvin@example.com", ""},
		"mailto":                 {"mailto:marvin@example.com", "marvin@example.com", ""},
		"mailto, upper":          {"MAILTO: marvin@example.com", "marvin@example.com", ""},
		"mailto, slashes":        {"mailto://marvin@example.com", "marvin@example.com", ""},
		"mailto with a subject":  {"mailto:marvin@example.com?subject=unsubscribe", "marvin@example.com", ""},
		"mailto, encoded":        {"mailto:mar%2Bvin%40example.com", "mar+vin@example.com", ""},
		"mailto of RFC 6068":     {"mailto:gorby%25kremvax@example.com", "gorby%kremvax@example.com", ""},
		"mailto, a plus":         {"mailto:mar+vin@example.com", "mar+vin@example.com", ""},
		"all of it":              {"Marvin <mailto:marvin@example.com.>;", "marvin@example.com", ""},
		"full-width brackets":    {"Ａｒｔｈｕｒ　＜arthur＠example.com＞", "arthur@example.com", ""},
		"full-width separator":   {"arthur@example.com；", "arthur@example.com", ""},
		"full-width comma":       {"arthur@example.com，", "arthur@example.com", ""},
		"full-width mailto":      {"ｍａｉｌｔｏ：arthur@example.com", "arthur@example.com", ""},
		"in quotes":              {`"arthur@example.com"`, "arthur@example.com", ""},
		"in single quotes":       {"'arthur@example.com';", "arthur@example.com", ""},
		"in full-width quotes":   {"＂ arthur@example.com.＂", "arthur@example.com", ""},
		"in brackets and quotes": {`<"arthur@example.com">`, "arthur@example.com", ""},
		"two in quotes":          {`"arthur@example.com","trillian@example.com"`, "", NoAt},
		"an apostrophe first":    {"'t-hooft@example.com", "'t-hooft@example.com", ""},
		"quotes alone":           {`""`, "", Missing},
		"one quote":              {`"`, "", NoAt},
		"another in the name":    {"trillian@example.com <marvin@example.com>", "", Doubtful},
		"another, full width":    {"trillian＠example.com <marvin@example.com>", "", Doubtful},
		"another in quotes":      {`"Marvin (trillian@example.com)" <marvin@example.com>`, "", Doubtful},
		"two in brackets":        {"<trillian@example.com> <marvin@example.com>", "", Doubtful},
		"text behind":            {"<marvin@example.com> or trillian", "", Doubtful},
		"no bracket at the end":  {"Marvin <marvin@example.com", "", Doubtful},
		"another in the mailto":  {"mailto:marvin@example.com?cc=trillian@example.com", "", Doubtful},
		"another, encoded":       {"mailto:marvin@example.com?to=trillian%40example.com", "", Doubtful},
		"two in a mailto":        {"mailto:marvin@example.com,trillian@example.com", "", NoAt},
		"mailto to a path":       {"mailto:/marvin@example.com", "", BadLocalPart},
		"mailto, broken":         {"mailto:mar%zzvin@example.com", "", Doubtful},
		"mailto of nobody":       {"mailto:", "", Missing},
		"brackets around nobody": {"<>", "", Missing},
		"two of them":            {"marvin@example.com; trillian@example.com", "", NoAt},
		"two dots":               {"marvin@example.com..", "", BadDomain},
		"NUL in brackets":        {"<marvin@example.com\x00>", "", Control},
		"NUL behind":             {"<marvin@example.com>\x00", "", Control},
		"a percent is no escape": {"mar%2Bvin@example.com", "mar%2bvin@example.com", ""},
		"very long":              {strings.Repeat("<", 5000), "", TooLong},
	} {
		t.Run(name, func(t *testing.T) { parses(t, Read, c.in, c.want, c.reason) })
	}
}

// value is what a decoder made of the form, raw the same with its pluses kept.
func TestReadForm(t *testing.T) {
	for name, c := range map[string]struct{ value, raw, want, reason, typed string }{
		"plain":                   {"Marvin@example.com", "", "marvin@example.com", "", "Marvin@example.com"},
		"a raw plus":              {"mar vin@example.com", "mar+vin@example.com", "mar+vin@example.com", "", "mar+vin@example.com"},
		"two raw pluses":          {"m a r@example.com", "m+a+r@example.com", "m+a+r@example.com", "", "m+a+r@example.com"},
		"in a name":               {"Marvin A <mar vin@example.com>", "Marvin+A+<mar+vin@example.com>", "mar+vin@example.com", "", "mar+vin@example.com"},
		"a name":                  {"Marvin A <marvin@example.com>", "Marvin+A+<marvin@example.com>", "marvin@example.com", "", "marvin@example.com"},
		"around":                  {" marvin@example.com ", "+marvin@example.com+", "marvin@example.com", "", "marvin@example.com"},
		"a plus and a blank":      {"mar+vin x@example.com", "mar+vin+x@example.com", "", BadLocalPart, "mar+vin x@example.com"},
		"a blank":                 {"mar vin@example.com", "", "", BadLocalPart, "mar vin@example.com"},
		"a blank beside it":       {"m ar vin@example.com", "m+ar vin@example.com", "", BadLocalPart, "m ar vin@example.com"},
		"before the @":            {"marvin @example.com", "marvin+@example.com", "", BadLocalPart, "marvin @example.com"},
		"beside a dot":            {"mar . vin@example.com", "mar+.+vin@example.com", "", BadLocalPart, "mar . vin@example.com"},
		"two in a row":            {"mar  vin@example.com", "mar++vin@example.com", "", BadLocalPart, "mar  vin@example.com"},
		"in the domain":           {"marvin@exam ple.com", "marvin@exam+ple.com", "", BadDomain, "marvin@exam ple.com"},
		"a sentence":              {"not an email", "not+an+email", "", NoAt, "not an email"},
		"encoded twice":           {"mar%2Bvin@example.com", "", "mar+vin@example.com", "", "mar+vin@example.com"},
		"lower case":              {"mar%2bvin@example.com", "", "mar+vin@example.com", "", "mar+vin@example.com"},
		"all of it":               {"mar%2Bvin%40example.com", "", "mar+vin@example.com", "", "mar+vin@example.com"},
		"the @":                   {"marvin%40example.com", "", "marvin@example.com", "", "marvin@example.com"},
		"three times":             {"marvin%2540example.com", "", "marvin@example.com", "", "marvin@example.com"},
		"all, with an é":          {"ren%C3%A9%40example.com", "", "rené@example.com", "", "rené@example.com"},
		"with a percent":          {"a%25b%40example.com", "", "a%b@example.com", "", "a%b@example.com"},
		"a name, twice":           {"Marvin%20%3Cmarvin%40example.com%3E", "", "marvin@example.com", "", "marvin@example.com"},
		"a NUL, twice":            {"marvin%40example.com%00", "", "", Control, "marvin%40example.com%00"},
		"a mailto, twice":         {"mailto%3Amar%252Bvin%40example.com", "", "mar+vin@example.com", "", "mar+vin@example.com"},
		"a percent sign":          {"a%b@example.com", "", "a%b@example.com", "", "a%b@example.com"},
		"two of them":             {"a%%b@example.com", "", "a%%b@example.com", "", "a%%b@example.com"},
		"at the end":              {"100%@example.com", "", "100%@example.com", "", "100%@example.com"},
		"a route":                 {"user%example.org@example.com", "", "user%example.org@example.com", "", "user%example.org@example.com"},
		"letters as by chance":    {"a%bc@example.com", "", "a%bc@example.com", "", "a%bc@example.com"},
		"chance and a plus":       {"a%bc%2Bd@example.com", "", "a%bc%2bd@example.com", "", "a%bc%2Bd@example.com"},
		"an apostrophe, perhaps":  {"o%27hara@example.com", "", "", Doubtful, "o%27hara@example.com"},
		"a blank, perhaps":        {"mar%20vin@example.com", "", "", Doubtful, "mar%20vin@example.com"},
		"a NUL, perhaps":          {"marvin%00@example.com", "", "", Doubtful, "marvin%00@example.com"},
		"an @, perhaps":           {"a%40b@example.com", "", "", Doubtful, "a%40b@example.com"},
		"three times, with the @": {"mar%252Bvin@example.com", "", "", Doubtful, "mar%252Bvin@example.com"},
		"a letter, perhaps":       {"m%61rvin@example.com", "", "", Doubtful, "m%61rvin@example.com"},
		"two addresses":           {"a%40example.com%2Cb%40example.com", "", "", NoAt, "a%40example.com%2Cb%40example.com"},
		"in the domain, encoded":  {"marvin@example%2Ecom", "", "", Doubtful, "marvin@example%2Ecom"},
	} {
		t.Run(name, func(t *testing.T) {
			read := func(value string) (Address, error) {
				a, typed, err := ReadForm(value, c.raw)
				if typed != c.typed {
					t.Errorf("shown as %q, want %q", typed, c.typed)
				}
				return a, err
			}
			parses(t, read, c.value, c.want, c.reason)
		})
	}
}
