package mail_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/net/html"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/mail"
	"privacydesk/shared/adapter/mail/sample"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/requestmail"
)

func everyMail(t *testing.T, test func(t *testing.T, m mail.Message)) {
	t.Helper()
	for _, lang := range catalog.Languages() {
		for _, s := range sample.Mails(lang) {
			t.Run(s.Name+"/"+lang, func(t *testing.T) {
				test(t, render(t, lang, s))
			})
		}
	}
}

func TestEveryMailIsWellFormed(t *testing.T) {
	everyMail(t, func(t *testing.T, m mail.Message) {
		if m.Subject == "" || strings.ContainsAny(m.Subject, "\r\n⟦{") || utf8.RuneCountInString(m.Subject) > 90 {
			t.Errorf("subject %q", m.Subject)
		}
		if strings.ContainsAny(m.Text+m.HTML, "⟦{}") {
			t.Error("a text is missing or not filled")
		}
		for line := range strings.SplitSeq(m.Text, "\n") {
			if utf8.RuneCountInString(line) > 72 && !strings.HasPrefix(line, "https://") {
				t.Errorf("a long line: %q", line)
			}
		}
		if m.Headers[0] != (mail.Header{Name: "Auto-Submitted", Value: "auto-generated"}) {
			t.Errorf("headers %v", m.Headers)
		}
	})
}

// The blocks are the letter that text and HTML are: what the desk shows before a letter goes is what goes.
func TestBlocksAreTheLetter(t *testing.T) {
	plain := func(text string) string { return strings.Join(strings.Fields(strings.ReplaceAll(text, ",", "")), " ") }
	everyMail(t, func(t *testing.T, m mail.Message) {
		text := plain(strings.NewReplacer("\n> ", " ", "\n>", " ").Replace("\n" + m.Text))
		for _, b := range m.Blocks {
			said := append(append([]string{b.Heading, b.URL}, b.Items...), b.Quote...)
			for _, f := range b.Facts {
				said = append(said, f[0]+": "+f[1])
			}
			if b.URL == "" { // what stands on a button is in the HTML alone
				said = append(said, b.Text)
			}
			for _, words := range said {
				if !strings.Contains(text, plain(words)) {
					t.Errorf("the text does not say %q", words)
				}
			}
		}
		if len(m.Blocks) < 4 {
			t.Errorf("%d blocks", len(m.Blocks))
		}
	})
}

// A letter that is posted is not broken into a mail's lines: paper breaks its own.
func TestPaperBreaksItsOwnLines(t *testing.T) {
	long := 0
	for _, lang := range catalog.Languages() {
		for _, s := range sample.Mails(lang) {
			letter, about := s.Mail.(mail.RequestLetter)
			if !about {
				continue
			}
			letter.Paper = true
			s.Mail = letter
			m := render(t, lang, s)
			for _, b := range m.Blocks[:len(m.Blocks)-2] {
				if !strings.Contains(m.Text, b.Text) {
					t.Errorf("%s/%s: a paragraph is broken: %q", s.Name, lang, b.Text)
				}
				if utf8.RuneCountInString(b.Text) > 72 {
					long++
				}
			}
		}
	}
	if long < 20 {
		t.Errorf("only %d paragraphs are long", long)
	}
}

// Text and HTML lead to the same places.
func TestLinksAreInBoth(t *testing.T) {
	everyMail(t, func(t *testing.T, m mail.Message) {
		for _, href := range links(t, m.HTML) {
			if !strings.Contains(m.Text, href) {
				t.Errorf("%s is in the HTML alone", href)
			}
		}
	})
}

func links(t testing.TB, document string) []string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(document))
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && n.Data == "script" {
			t.Error("there is a script")
		}
		for _, a := range n.Attr {
			if a.Key == "href" {
				found = append(found, a.Val)
			}
		}
	}
	return found
}

// poison puts a text into every string that can be reached from a value.
func poison(v reflect.Value, text string) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				poison(v.Field(i), text)
			}
		}
	case reflect.Pointer:
		if !v.IsNil() {
			poison(v.Elem(), text)
		}
	case reflect.Slice:
		for i := range v.Len() {
			poison(v.Index(i), text)
		}
	case reflect.String:
		v.SetString(text)
	}
}

func TestHostileWordsStayText(t *testing.T) {
	for name, bad := range map[string]string{
		"header": "x\r\nBcc: all@example.com <script>alert(1)</script>", "link": "javascript:alert(1)", "markup": `"><img src=x>`,
	} {
		d := sample.Desk()
		poison(reflect.ValueOf(&d.Organisation).Elem(), bad)
		for _, s := range sample.Mails("en") {
			t.Run(name+"/"+s.Name, func(t *testing.T) {
				m := reflect.New(reflect.TypeOf(s.Mail))
				m.Elem().Set(reflect.ValueOf(s.Mail))
				poison(m.Elem(), bad)
				checkHarmless(t, d, sameTemplate(s.Mail, m.Elem().Interface().(mail.Mail)))
			})
		}
	}
}

// sameTemplate gives a letter the template of another again.
func sameTemplate(of, m mail.Mail) mail.Mail {
	if l, ok := m.(mail.RequestLetter); ok {
		l.Template = of.(mail.RequestLetter).Template
		return l
	}
	return m
}

func checkHarmless(t *testing.T, d mail.Desk, m mail.Mail) {
	t.Helper()
	message, err := d.Render(catalog.For("en"), m)
	if err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(message.Subject, "\r\n") {
		t.Errorf("subject %q", message.Subject)
	}
	if strings.Contains(message.HTML, "<img") {
		t.Error("an image appeared")
	}
	for _, href := range links(t, message.HTML) {
		if strings.HasPrefix(href, "javascript:") {
			t.Errorf("a link runs %s", href)
		}
	}
}

// The request may have been closed between the cause of a mail and its sending: what is not known is left out.
func TestMailsLeaveOutWhatIsNotKnown(t *testing.T) {
	for _, s := range sample.Mails("en") {
		empty := sameTemplate(s.Mail, reflect.New(reflect.TypeOf(s.Mail)).Elem().Interface().(mail.Mail))
		m, err := sample.Desk().Render(catalog.For("en"), empty)
		if err != nil {
			t.Fatal(err)
		}
		l, isLetter := empty.(mail.RequestLetter)
		_, isOptIn := empty.(mail.ConfirmOptIn)
		if dated := strings.Contains(m.Text, "January 1"); dated && !isOptIn && !(isLetter && l.Template == requestmail.Verify) || strings.ContainsAny(m.Text, "⟦{") {
			t.Errorf("%s says\n%s", s.Name, m.Text)
		}
	}
}

// Nobody is mailed what somebody typed into a form, by whatever letter. An officer's words are not a form's.
func TestLettersHoldNothingTyped(t *testing.T) {
	const typed = "Buy now!"
	check := func(name string, m mail.Mail) {
		got, err := sample.Desk().Render(catalog.For("en"), m)
		if err != nil || strings.Contains(got.Subject+got.Text+got.HTML, typed) {
			t.Errorf("%s: error %v in\n%s", name, err, got.Text)
		}
	}
	for _, s := range sample.Mails("en") {
		if l, ok := s.Mail.(mail.RequestLetter); ok {
			l.Request.Name, l.Request.Details, l.Request.Statement, l.Request.Language = typed, typed, typed, typed
			l.Request.Place, l.Request.Kinds = deadline.Jurisdiction{Country: typed, Region: typed}, append(slices.Clone(l.Request.Kinds), typed)
			l.Request.OnBehalfOf, l.Request.Source = typed, typed
			check(s.Name, l)
			check(s.Name+" in a list", mail.RequestsListed{l})
		}
	}
}

func TestUnknownTemplateIsNotSent(t *testing.T) {
	if _, err := sample.Desk().Render(catalog.For("en"), mail.RequestLetter{Template: "no such"}); err == nil {
		t.Error("a letter without words was written")
	}
}

func TestConfirmOptInTellsItsLastDay(t *testing.T) {
	m, err := sample.Desk().Render(catalog.For("es"), mail.ConfirmOptIn{Link: "https://x.example/", Expires: civil.Date(2026, time.November, 29)})
	if err != nil || !strings.Contains(m.Text, "29 de noviembre de 2026") {
		t.Errorf("error %v in\n%s", err, m.Text)
	}
}
