package lawfile_test

import (
	"bytes"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/deadline/lawfile"
)

func shipped(t testing.TB) []byte {
	t.Helper()
	text, err := os.ReadFile("../law.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestGeneratedDataIsFresh fails when law.yaml was changed and `go generate ./shared/domain/deadline` was forgotten.
func TestGeneratedDataIsFresh(t *testing.T) {
	book, err := lawfile.Parse(shipped(t))
	if err != nil {
		t.Fatal(err)
	}
	want, err := lawfile.GoSource(book)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../law_data.go")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) || !reflect.DeepEqual(deadline.Default(), book) {
		t.Error("law_data.go is stale: run go generate ./shared/domain/deadline")
	}
}

// small is the least that is accepted; the tests below spoil it line by line.
const small = `regimes:
  - id: r
    name: R
    places: [US, US-CA, "*"]
    in_force: 2020-01-01
    source: Act 1
    checked_on: 2026-11-22
    clocks:
      - id: c
        purpose: respond
        kinds: [access]
        starts: receipt
        length: 45
        unit: calendar_days
        roll: next_working_day
        calendar: w
        clause: section 1
        checked: unchecked
        pauses:
          - {cause: identity, effect: suspend, clause: section 2, checked: "text: read"}
        extension:
          length: 45
          unit: calendar_days
          reasons: [complexity]
          clause: section 3
          checked: "secondary: a report"
    withholds:
      kinds: [access]
      what: [biometric, health_id]
      clause: section 4
      checked: "text: read"
      checked_on: 2026-11-28
calendars:
  - id: w
    name: W
    weekend: [saturday, sunday]
    source: none
    checked: unchecked
    checked_on: 2026-11-22
    holidays:
      - {name: H, rule: fixed, month: 1, day: 1}
`

func TestSmallIsAccepted(t *testing.T) {
	if _, err := lawfile.Parse([]byte(small)); err != nil {
		t.Fatal(err)
	}
}

// TestRefusals replaces a piece of the small file and wants a fault on that line.
func TestRefusals(t *testing.T) {
	tests := map[string]struct{ old, bad, want string }{
		"unknown field":                {"    source: Act 1", "    sauce: Act 1", "line 6: field sauce not found"},
		"unknown field in a clock":     {"        starts: receipt", "        begins: receipt", "line 12: field begins not found"},
		"unknown field in a pause":     {"effect: suspend", "efect: suspend", "line 20: field efect not found"},
		"a field twice":                {"    name: R\n", "    name: R\n    name: S\n", `line 4: mapping key "name" already defined`},
		"a word for a number":          {"length: 45\n        unit: calendar_days\n        roll", "length: many\n        unit: calendar_days\n        roll", "line 13: cannot unmarshal"},
		"not YAML":                     {"regimes:\n", "regimes: [\n", "law.yaml: "},
		"two documents":                {"calendars:\n", "---\ncalendars:\n", "more than one document"},
		"bad identifier":               {"- id: c\n", "- id: C c\n", "line 9: clock r/C c: id:"},
		"an address":                   {"source: Act 1", "source: see www.example.org", "line 6: regime r: source: an address"},
		"no source":                    {"source: Act 1", "source: ''", "line 6: regime r: source: missing"},
		"bad place":                    {"[US, US-CA", "[USA, US-CA", "line 4: regime r: places: \"USA\""},
		"place twice":                  {"[US, US-CA", "[US, US", "line 4: regime r: places: \"US\""},
		"bad date":                     {"in_force: 2020-01-01", "in_force: 2020-02-30", "line 5: regime r: in_force:"},
		"unknown purpose":              {"purpose: respond", "purpose: reply", "line 10: clock r/c: purpose: \"reply\""},
		"unknown kind":                 {"kinds: [access]", "kinds: [acces]", "line 11: clock r/c: kinds: \"acces\""},
		"kind twice":                   {"kinds: [access]", "kinds: [access, access]", "line 11: clock r/c: kinds: \"access\" stands twice"},
		"no kind":                      {"kinds: [access]", "kinds: []", "line 11: clock r/c: kinds: nothing"},
		"no length":                    {"        length: 45\n        unit: calendar_days\n        roll", "        unit: calendar_days\n        roll", "clock r/c: length: 0"},
		"unknown unit":                 {"unit: calendar_days\n        roll", "unit: fortnights\n        roll", "line 14: clock r/c: unit:"},
		"unknown calendar":             {"calendar: w\n", "calendar: x\n", "line 16: clock r/c: calendar: \"x\""},
		"a roll without a calendar":    {"        calendar: w\n", "", "clock r/c: calendar: \"\""},
		"a calendar without a need":    {"roll: next_working_day", "roll: none", "line 16: clock r/c: calendar: \"w\""},
		"no clause":                    {"        clause: section 1\n", "", "clock r/c: clause: missing"},
		"no check":                     {"        checked: unchecked\n        pauses", "        pauses", "clock r/c: checked: missing"},
		"a check of no kind":           {"checked: unchecked\n        pauses", "checked: sure\n        pauses", "line 18: clock r/c: checked: begin with"},
		"an appeal from the receipt":   {"purpose: respond", "purpose: appeal", "line 12: clock r/c: starts: an appeal"},
		"unknown cause":                {"cause: identity", "cause: weather", "line 20: clock r/c: cause: \"weather\""},
		"unknown effect":               {"effect: suspend", "effect: halt", "line 20: clock r/c: effect: \"halt\""},
		"extension without reasons":    {"          reasons: [complexity]\n", "", "clock r/c: reasons: nothing"},
		"extension by hours":           {"unit: calendar_days\n          reasons", "unit: hours\n          reasons", "line 23: clock r/c: unit: \"hours\""},
		"a bar that breaks the table":  {"section 3", "section 3 | 4", "line 25: clock r/c: clause: a bar"},
		"a thing of no kind":           {"[biometric, health_id]", "[face]", "line 29: withheld r: what: \"face\" is none"},
		"nothing is withheld":          {"      what: [biometric, health_id]\n", "", "withheld r: what: nothing"},
		"withheld without a day":       {"      checked_on: 2026-11-28\n", "", "withheld r: checked_on:"},
		"withheld without a clause":    {"      clause: section 4\n", "", "withheld r: clause: missing"},
		"no calendars":                 {small[strings.Index(small, "calendars:"):], "", "no regimes, or no calendars"},
		"an endless weekend":           {"[saturday, sunday]", "[saturday, sunday, monday, tuesday]", "line 36: calendar w: weekend: too few"},
		"an unknown weekday":           {"[saturday, sunday]", "[caturday]", "line 36: calendar w: weekend: \"caturday\""},
		"a day that no month has":      {"month: 1, day: 1", "month: 2, day: 29", "line 41: calendar w: day: 29"},
		"an unknown rule":              {"rule: fixed", "rule: lunar", "line 41: calendar w: rule: \"lunar\""},
		"the controller's own name":    {"  - id: w\n", "  - id: controller\n", "line 34: calendar controller: id:"},
		"hours with a roll":            {"unit: calendar_days\n        roll", "unit: hours\n        roll", "line 15: clock r/c: roll: hours"},
		"business days with the first": {"unit: calendar_days\n        roll", "unit: business_days\n        first_day_counts: true\n        roll", "line 15: clock r/c: first_day_counts:"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if !strings.Contains(small, tc.old) {
				t.Fatalf("the small file has no %q", tc.old)
			}
			_, err := lawfile.Parse([]byte(strings.Replace(small, tc.old, tc.bad, 1)))
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v\nwant %s", err, tc.want)
			}
		})
	}
}

func TestTooLargeIsRefused(t *testing.T) {
	if _, err := lawfile.Parse(bytes.Repeat([]byte("# law\n"), 1<<17)); err == nil {
		t.Error("half a megabyte was read")
	}
}

// TestNoAddressesInTheLawFile: sources are cited by name, so that no link goes stale.
func TestNoAddressesInTheLawFile(t *testing.T) {
	if found := regexp.MustCompile(`(?i)https?://|www\.`).Find(shipped(t)); found != nil {
		t.Errorf("%s", found)
	}
}

// FuzzLawYAML: the parser never panics, names the file in every fault, and what it accepts can be written as Go and
// as a table.
func FuzzLawYAML(f *testing.F) {
	f.Add([]byte(small)) // the shipped file is so long that mutating it finds little
	for _, seed := range []string{"", "regimes", "regimes: [{}]\ncalendars: [{}]", "a: &a [*a]", "? ", "regimes: [{clocks: [{pauses: [{}]}]}]", "---\n---\n", "regimes: 2020-01-01", "\xff", "!!binary x"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		book, err := lawfile.Parse(text)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "law.yaml: ") {
				t.Errorf("%v", err)
			}
			return
		}
		if _, err := lawfile.GoSource(book); err != nil {
			t.Error(err)
		}
		if err := book.WriteTable(&bytes.Buffer{}); err != nil {
			t.Error(err)
		}
	})
}

// BenchmarkParse is what a cold start would pay without the generated data.
func BenchmarkParse(b *testing.B) {
	text := shipped(b)
	for b.Loop() {
		if _, err := lawfile.Parse(text); err != nil {
			b.Fatal(err)
		}
	}
}
