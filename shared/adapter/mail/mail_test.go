package mail_test

import (
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/net/html"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/mail"
	"privacydesk/shared/adapter/mail/sample"
	"privacydesk/shared/domain/civil"
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
		var o mail.Organisation
		poison(reflect.ValueOf(&o).Elem(), bad)
		for _, s := range sample.Mails("en") {
			t.Run(name+"/"+s.Name, func(t *testing.T) {
				m := reflect.New(reflect.TypeOf(s.Mail))
				m.Elem().Set(reflect.ValueOf(s.Mail))
				poison(m.Elem(), bad)
				checkHarmless(t, o, m.Elem().Interface().(mail.Mail))
			})
		}
	}
}

func checkHarmless(t *testing.T, o mail.Organisation, m mail.Mail) {
	t.Helper()
	message, err := mail.Render(o, catalog.For("en"), m)
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
		empty := reflect.New(reflect.TypeOf(s.Mail)).Elem().Interface().(mail.Mail)
		m, err := mail.Render(sample.Organisation(), catalog.For("en"), empty)
		if err != nil {
			t.Fatal(err)
		}
		_, isRequest := empty.(mail.VerifyRequest)
		_, isOptIn := empty.(mail.ConfirmOptIn)
		if dated := strings.Contains(m.Text, "January 1"); dated && !isRequest && !isOptIn || strings.ContainsAny(m.Text, "⟦{") {
			t.Errorf("%s says\n%s", s.Name, m.Text)
		}
	}
}

// Nobody is told in a mail what somebody else typed: the mail before the confirmation has no field for it.
func TestVerificationHasNoRoomForFreeText(t *testing.T) {
	m, err := mail.Render(sample.Organisation(), catalog.For("en"), mail.VerifyRequest{
		Reference: "PD-X", Kinds: []string{"Buy now!"}, OptedOut: []string{"email"}, Link: "https://x.example/"})
	if err != nil || strings.Contains(m.Text+m.HTML, "Buy now") {
		t.Errorf("error %v in\n%s", err, m.Text)
	}
}

func TestConfirmOptInTellsItsLastDay(t *testing.T) {
	m, err := mail.Render(sample.Organisation(), catalog.For("es"), mail.ConfirmOptIn{Link: "https://x.example/", Expires: civil.Date(2026, time.November, 29)})
	if err != nil || !strings.Contains(m.Text, "29 de noviembre de 2026") {
		t.Errorf("error %v in\n%s", err, m.Text)
	}
}
