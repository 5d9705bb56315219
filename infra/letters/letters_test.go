package main

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/requestmail"
	"privacydesk/shared/domain/settings"
)

// made is the book of a day in 2027, on which California's rules on automated decisions hold.
var made = sync.OnceValues(func() (*book, error) {
	desk, err := settings.Load()
	if err != nil {
		return nil, err
	}
	return newBook(desk, time.Date(2027, time.January, 11, 18, 0, 0, 0, time.UTC), catalog.Languages(), "")
})

func theBook(t *testing.T) *book {
	t.Helper()
	b, err := made()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Every answer that the domain's tables allow is in the book: each kind with each outcome, and each ground with its
// clause, for each place and language. The opt-out of sale needs no answer: it is in effect at once.
func TestEveryAnswerIsThere(t *testing.T) {
	b := theBook(t)
	if len(b.groups) < 30 {
		t.Fatalf("%d groups of places", len(b.groups))
	}
	byKind := map[string][]decision.Answer{}
	for _, c := range b.all {
		if r := c.request(); c.letter == requestmail.Decision && r.AppealOf == "" {
			for _, a := range r.Decision.Answers {
				key := strings.Join([]string{string(a.Kind), string(a.Outcome), c.place.String(), c.lang}, " ")
				byKind[key] = append(byKind[key], a)
			}
		}
	}
	for _, k := range intake.Kinds() {
		for _, o := range []decision.Outcome{decision.Grant, decision.Partly, decision.Refuse} {
			for _, g := range b.groups {
				for _, lang := range catalog.Languages() {
					key := strings.Join([]string{string(k), string(o), g.String(), lang}, " ")
					if found := byKind[key]; (len(found) == 0) != (k == deadline.OptOutOfSale) {
						t.Errorf("%s: %d letters", key, len(found))
					} else if k != deadline.OptOutOfSale && o != decision.Grant {
						missing(t, key, found, decision.Grounds(k, g.Jurisdiction, o))
					}
				}
			}
		}
	}
}

func missing(t *testing.T, key string, found []decision.Answer, grounds []decision.Ground) {
	t.Helper()
	for _, want := range grounds {
		if !slices.ContainsFunc(found, func(a decision.Answer) bool {
			return slices.ContainsFunc(a.Grounds, func(g decision.Given) bool { return g.Ground == want })
		}) {
			t.Errorf("%s: no letter gives %s", key, want)
		}
	}
}

// Every appeal, and every review, is acknowledged; it can be refused, and its answer is final.
func TestEveryAppealIsThere(t *testing.T) {
	b := theBook(t)
	seen := map[string]bool{}
	for _, c := range b.all {
		if r := c.request(); r.AppealOf != "" {
			outcome := decision.Outcome("")
			if r.Decision != nil {
				outcome = r.Decision.Outcome
			}
			seen[strings.Join([]string{string(c.asked[0]), string(outcome), c.place.String(), c.lang}, " ")] = true
		}
	}
	for _, k := range intake.Kinds() {
		for _, o := range []decision.Outcome{"", decision.Grant, decision.Partly, decision.Refuse} {
			for _, g := range b.groups {
				for _, lang := range catalog.Languages() {
					key := strings.Join([]string{string(k), string(o), g.String(), lang}, " ")
					if want := k != deadline.OptOutOfSale && (o == "" || o == decision.Refuse || slices.Contains([]intake.Kind{deadline.Access, deadline.Erasure}, k)); seen[key] != want {
						t.Errorf("%s: %v", key, !want)
					}
				}
			}
		}
	}
}

// extends are places whose law lets the period be extended. Not every law does.
var extends = []string{"DE", "GB", "US-CA", "US-VA", "US-TX", "CA-ON"}

// Each letter is in the book, at each place and in each language.
func TestEveryLetterIsThere(t *testing.T) {
	b := theBook(t)
	seen := map[string]bool{}
	for _, c := range b.all {
		seen[strings.Join([]string{string(c.letter), c.place.String(), c.lang}, " ")] = true
	}
	for _, l := range requestmail.Templates {
		for _, g := range b.groups {
			for _, lang := range catalog.Languages() {
				if key := strings.Join([]string{string(l), g.String(), lang}, " "); !seen[key] && (l != requestmail.Extended || slices.Contains(extends, g.String())) {
					t.Errorf("no letter: %s", key)
				}
			}
		}
	}
	if len(titles) != len(requestmail.Templates)+1 {
		t.Errorf("%d titles for %d letters and the joined one", len(titles), len(requestmail.Templates))
	}
}

// Every place that a form offers is in one group, and what the book prints once holds for all who are named.
func TestEveryPlaceIsThere(t *testing.T) {
	b := theBook(t)
	var out strings.Builder
	b.print(&out)
	seen := map[string]int{}
	for _, g := range b.groups {
		for _, p := range g.places {
			seen[p.String()]++
		}
		if !strings.Contains(out.String(), "- **"+g.name()+"**") {
			t.Errorf("%s is not in the table of places", g.name())
		}
	}
	for _, p := range places() {
		if seen[p.String()] != 1 {
			t.Errorf("%q is in %d groups", p, seen[p.String()])
		}
	}
	for _, leaf := range b.leaves() {
		same, changes := differences(leaf)
		named := slices.Clone(same)
		for _, c := range changes {
			named = append(named, c.places...)
		}
		for _, c := range leaf {
			if !slices.Contains(named, c.place.name()) {
				t.Errorf("%s, %s: %s is not named", c.letter, c.name, c.place.name())
			}
		}
		if !strings.Contains(out.String(), leaf[0].text()) {
			t.Errorf("%s, %s, %s is not printed", leaf[0].letter, leaf[0].name, leaf[0].lang)
		}
	}
}

func TestDiff(t *testing.T) {
	for name, c := range map[string]struct{ a, b, want string }{
		"alike":         {"x\n\ny", "x\n\ny", ""},
		"one instead":   {"x\n\nold\nwords\n\nz", "x\n\nnew\nwords\n\nz", "- old …\n+ new\n+ words\n"},
		"one more":      {"x\n\nz", "x\n\ny\n\nz", "+ y\n"},
		"one less":      {"x\n\ny", "x", "- y\n"},
		"an item":       {"why:\n\n- a\n- b", "why:\n\n- a\n- c", "- - b\n+ - c\n"},
		"a single fact": {"Answer by: 1 May\nReceived: 2 May", "Answer by: 3 May\nReceived: 2 May", "- Answer by: 1 May\n+ Answer by: 3 May\n"},
	} {
		if got := strings.Join(diff(paragraphs(c.a), paragraphs(c.b)), "|"); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestRun(t *testing.T) {
	for _, c := range []struct{ at, lang, place, want string }{
		{"yesterday", "", "", "AT"}, {"", "fr", "", "LANG is one of en, es, de"}, {"", "", "Narnia", "PLACE"},
	} {
		if err := run(nil, "", c.at, c.lang, c.place, time.Now()); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: %v", c, err)
		}
	}
}

// A book of one place and language holds what the whole book says there.
func TestABookOfOnePlace(t *testing.T) {
	whole := theBook(t)
	part, err := newBook(whole.desk, whole.at, []string{"de"}, "CH")
	if err != nil {
		t.Fatal(err)
	}
	var want, got []string
	for _, c := range whole.all {
		if c.lang == "de" && c.place.Country == "CH" {
			want = append(want, c.text())
		}
	}
	for _, c := range part.all {
		got = append(got, c.text())
	}
	if len(want) < 100 || !slices.Equal(got, want) {
		t.Errorf("%d letters, want %d", len(got), len(want))
	}
}
