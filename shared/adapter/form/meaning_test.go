package form

import (
	"testing"

	"privacydesk/shared/domain/settings"
	"privacydesk/shared/testkit"
)

func TestMeaning(t *testing.T) {
	r := NewReader(&testkit.Desk(t).Forms)
	for field, want := range map[string]Meaning{
		"email": Email, "Email": Email, "EMAIL": Email, "e-mail": Email, "E_Mail": Email, "your-email": Email,
		"Footer-Email": Email, "fields[Email]": Email, "Email-2": Email, "fields[Email 2]": Email, "email[]": Email,
		"email_address": Email, "form_fields[email]": Email, "et_pb_contact_email_0": Email, "Newsletter Email": Email,
		"payload[data][Email]": Email, "mauticform[email]": Email, "emailAddress": Email, "contact[email]": Email,
		"Email*": Email, "E-Mail (required)": Email, "Email Address (required)": Email, "email:": Email, "contact.email": Email, "user:email": Email,
		"email[0]": Email, "email[0][value]": Email, "fields[email][value]": Email, "data[attributes][email]": Email,
		"q3_email": Email, "_replyto": Email, "MERGE0": Ignored, "EMAIL_2": Email, "email-confirmation": Email,
		"emails": Email, "email_id": Email, "email-input": Email, "email_field": Email, "mail_address": Email, "user_mail": Email,
		"email_opt_in": Ignored, "email_list": Ignored, "電子メール": Email,
		"メールアドレス": Email, "Correo electrónico": Email, "Adresse e-mail": Email, "Ihre E-Mail-Adresse": Email,
		"\ufeffemail": Email, "email\x00": Email, "user[name][first]": Ignored, "fields[name][value]": Name,
		"_gotcha": Honeypot, "bot-field": Honeypot, "fields[email][type]": Ignored, "emails-a-day": Ignored,
		"input_3": Ignored, "wpforms[fields][1]": Ignored, "entry.12345": Ignored, "value": Ignored, "[value]": Ignored,
		"name": Name, "Name 2": Name, "fields[Name]": Name, "your-name": Name,
		"topic": Topic, "topics[]": Topic, "erase": Erase, "redirect": Redirect, "lang": Language,
		"Message": Details, "email-consent": Ignored, "cf-turnstile-response": Ignored, "utm_source": Ignored,
		"": Ignored, "[": Ignored, "fields[]": Ignored, "2": Ignored,
	} {
		if got := r.Meaning(field); got != want {
			t.Errorf("Meaning(%q) = %q, want %q", field, got, want)
		}
	}
}

// Builders that number their fields need a name of their own in desk.yaml; it
// must not take the neighbours along.
func TestWholeNames(t *testing.T) {
	r := NewReader(&settings.Forms{Email: []string{"input_3", "wpforms[fields][1]", "Email"}, Name: []string{"input_1.3"}})
	for field, want := range map[string]Meaning{
		"input_3": Email, "INPUT_3": Email, "input_4": Ignored, "input_": Ignored, "input": Ignored,
		"wpforms[fields][1]": Email, "wpforms[fields][2]": Ignored, "fields": Ignored, "input_1.3": Name, "input_1.6": Ignored,
		"Email-2": Email,
	} {
		if got := r.Meaning(field); got != want {
			t.Errorf("Meaning(%q) = %q, want %q", field, got, want)
		}
	}
}

// A pattern without a letter would give every field a meaning.
func TestPatternsNeedALetter(t *testing.T) {
	r := NewReader(&settings.Forms{Email: []string{"*2", "*", "*a[-]"}})
	for _, field := range []string{"x", "input_2", "-"} {
		if got := r.Meaning(field); got != Ignored {
			t.Errorf("Meaning(%q) = %q", field, got)
		}
	}
}

func TestGroup(t *testing.T) {
	for field, want := range map[string]string{
		"email": "", "email[]": "", "email[0][value]": "", "fields[Email]": "fields", "data[fields][Email][value]": "data[fields]",
		"": "", "[": "", "a[b": "a", "]": "", "fields[email][0]": "fields",
	} {
		if got := group(field); got != want {
			t.Errorf("group(%q) = %q, want %q", field, got, want)
		}
	}
}

func FuzzMeaning(f *testing.F) {
	r := NewReader(&testkit.Desk(f).Forms)
	f.Add("fields[Email 2][0][value]")
	f.Fuzz(func(t *testing.T, field string) {
		if r.Meaning(field) != Ignored && fieldKey(field) == "" {
			t.Errorf("%q means something without holding a letter", field)
		}
	})
}
