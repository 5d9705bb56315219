package mail_test

import (
	"html"
	"regexp"
	"strings"
	"testing"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/mail"
	"privacydesk/shared/adapter/mail/sample"
	"privacydesk/shared/testkit/golden"
)

// archives says which archive holds a mail, by the beginning of the sample's name. The first that fits counts.
var archives = []struct{ prefix, name string }{
	{"my-links", "opt-in"}, {"opted-in", "opt-in"}, {"confirm-opt-in", "opt-in"}, {"verify-request", "verify-request"}, {"request-acknowledged", "acknowledged"},
	{"appeal-acknowledged", "acknowledged"}, {"decision", "decision"}, {"digest", "digest"}, {"owner", "owner"}, {"", "request"},
}

func archiveOf(name string) string {
	for _, a := range archives {
		if strings.HasPrefix(name, a.prefix) {
			return a.name
		}
	}
	return ""
}

// In the other languages one mail shows that dates, plurals and lists read as they should; TestMailsAreTranslated has the rest.
const elsewhere = "decision-by-kind"

func TestGolden(t *testing.T) {
	got := golden.Archives{}
	for _, lang := range catalog.Languages() {
		for _, s := range sample.Mails(lang) {
			switch {
			case lang == catalog.Default:
				addMail(t, got, archiveOf(s.Name), "frame", s.Name, render(t, lang, s))
			case s.Name == elsewhere:
				addMail(t, got, lang, lang, s.Name, render(t, lang, s))
			}
		}
	}
	golden.Check(t, got)
}

var (
	heading = regexp.MustCompile(`(<title>|<h1[^>]*>).*(</title>|</h1>)`)
	parts   = regexp.MustCompile(`(?s)(</h1>\n)(.*?)(</div>)`)
)

// addMail adds a mail's text with its headers, and what its HTML says between heading and footer. The HTML's frame is an
// entry of its own, since all mails share it.
func addMail(t *testing.T, got golden.Archives, archive, shared, name string, m mail.Message) {
	t.Helper()
	head := "Subject: " + m.Subject + "\n"
	for _, h := range m.Headers {
		head += h.Name + ": " + h.Value + "\n"
	}
	got.Add(t, archive, name+".txt", head+"\n"+m.Text)
	got.Add(t, archive, name+".html", parts.FindStringSubmatch(m.HTML)[2])
	if strings.Count(m.HTML, ">"+html.EscapeString(m.Subject)+"<") != 2 {
		t.Errorf("%s: the subject is not title and heading of the HTML", name)
	}
	got.Add(t, shared, "frame.html", heading.ReplaceAllString(parts.ReplaceAllString(m.HTML, "$1…\n$3"), "$1…$2"))
}

func render(t *testing.T, lang string, s sample.Sample) mail.Message {
	t.Helper()
	m, err := sample.Desk().Render(catalog.For(lang), s.Mail)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// No mail in another language says anything in English, unless the sample itself does.
func TestMailsAreTranslated(t *testing.T) {
	english := map[string]mail.Message{}
	for _, s := range sample.Mails(catalog.Default) {
		english[s.Name] = render(t, catalog.Default, s)
	}
	for _, lang := range catalog.Languages() {
		for _, s := range sample.Mails(lang) {
			if m := render(t, lang, s); lang != catalog.Default {
				for _, text := range golden.Untranslated(t, english[s.Name].HTML, m.HTML, nil, s.Mail, sample.Desk().Organisation, sample.Desk().Organisation.Postal(), strings.ReplaceAll(sample.Desk().Organisation.Postal(), "\n", ", ")) {
					t.Errorf("%s/%s says %q, as the English mail does", s.Name, lang, text)
				}
				if !strings.Contains(m.HTML, `<html lang="`+lang+`">`) {
					t.Errorf("%s/%s does not say its language", s.Name, lang)
				}
			}
		}
	}
}
