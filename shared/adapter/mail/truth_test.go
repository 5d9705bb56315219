package mail_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/mail"
	"privacydesk/shared/adapter/mail/sample"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/optout"
)

// stops are the words of each language for what does not go on.
var stops = map[string]*regexp.Regexp{
	"en": regexp.MustCompile(`(?i)stopped|\bstop\b|paused`),
	"es": regexp.MustCompile(`(?i)desactivad|en pausa`),
	"de": regexp.MustCompile(`(?i)gestoppt|stoppen|pausiert`),
}

// A mail names what was stopped only below words that say so, or beside a label that does.
func TestWhatWasStoppedIsNamedAsStopped(t *testing.T) {
	named := 0
	for _, lang := range catalog.Languages() {
		texts := catalog.For(lang)
		subjects := []string{texts.Scope(string(optout.Sale.Scope()), "")}
		for _, c := range optout.Channels {
			subjects = append(subjects, texts.Scope(string(c.Scope()), ""))
		}
		for _, topic := range sample.Desk().Topics {
			subjects = append(subjects, texts.Scope("email/"+topic.ID, topic.Title(lang)))
		}
		for _, s := range sample.Mails(lang) {
			doc, err := html.Parse(strings.NewReader(render(t, lang, s).HTML))
			if err != nil {
				t.Fatal(err)
			}
			before := ""
			for n := range doc.Descendants() {
				if n.Type != html.TextNode || strings.TrimSpace(n.Data) == "" {
					continue
				}
				text := strings.TrimSpace(n.Data)
				if slices.Contains(subjects, strings.Split(text, "; ")[0]) {
					named++
					if !stops[lang].MatchString(before) {
						t.Errorf("%s/%s: %q comes after %q", s.Name, lang, text, before)
					}
					continue // the list goes on below the same words
				}
				before = text
			}
		}
	}
	if named < 20 {
		t.Errorf("only %d subjects were found in all mails", named)
	}
}

// Nobody is told that what was stopped is "in effect", which reads as its opposite.
func TestNothingIsSaidToBeInEffect(t *testing.T) {
	effect := regexp.MustCompile(`(?i)in effect|en vigor|gilt bereits|gilt weiterhin`)
	for _, lang := range catalog.Languages() {
		for _, s := range sample.Mails(lang) {
			if m := render(t, lang, s); effect.MatchString(m.Subject + m.Text) {
				t.Errorf("%s/%s: %q", s.Name, lang, effect.FindString(m.Subject+m.Text))
			}
		}
	}
}

// After "Guten Tag," German goes on with a small letter, but for nouns and the forms of Sie.
func TestGermanGoesOnSmallAfterTheGreeting(t *testing.T) {
	capital := regexp.MustCompile(`^(Sie|Ihr|Ihre|Ihrem|Ihren|Ihrer|Ihres|Ihnen|Anliegen)\b`)
	small := 0
	for _, s := range sample.Mails("de") {
		_, text, greeted := strings.Cut(render(t, "de", s).Text, "Guten Tag,\n\n")
		if !greeted {
			continue
		}
		first, _ := utf8.DecodeRuneInString(text)
		if unicode.IsLower(first) {
			small++
		} else if !capital.MatchString(text) {
			t.Errorf("%s goes on with %.40q", s.Name, text)
		}
	}
	if small < 10 {
		t.Errorf("only %d mails go on with a small letter", small)
	}
}

// A complaint that was decided is answered, in the list of somebody's requests too: nothing is refused.
func TestAComplaintIsListedAsAnswered(t *testing.T) {
	m := mail.MyLinks{Requests: []mail.MyRequest{{Reference: "PD-1", Kinds: []intake.Kind{deadline.Complaint}, State: lifecycle.Refused}}}
	got, err := sample.Desk().Render(catalog.For("en"), m)
	if err != nil || !strings.Contains(got.Text, "Answered") || strings.Contains(got.Text, "Refused") {
		t.Errorf("%v: %s", err, got.Text)
	}
}
