package policy_test

import (
	"os"
	"testing"

	"privacydesk/shared/policy"
	"privacydesk/shared/policy/deskfile"
)

// settings are those of testkit.Desk, as a file: an adopter's field names are
// the adopter's business.
func settings(tb testing.TB) *policy.Desk {
	tb.Helper()
	text, err := os.ReadFile("../testkit/desk.yaml")
	if err != nil {
		tb.Fatal(err)
	}
	d, err := deskfile.Parse(text)
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

func TestMeaningOf(t *testing.T) {
	d := settings(t)
	for field, want := range map[string]policy.Meaning{
		"email": policy.Email, "Email": policy.Email, "EMAIL": policy.Email, "e-mail": policy.Email, "E_Mail": policy.Email, "your-email": policy.Email,
		"Footer-Email": policy.Email, "fields[Email]": policy.Email, "Email-2": policy.Email, "fields[Email 2]": policy.Email, "email[]": policy.Email,
		"email_address": policy.Email, "form_fields[email]": policy.Email, "et_pb_contact_email_0": policy.Email, "Newsletter Email": policy.Email,
		"payload[data][Email]": policy.Email, "mauticform[email]": policy.Email, "emailAddress": policy.Email, "contact[email]": policy.Email,
		"Email*": policy.Email, "E-Mail (required)": policy.Email, "Email Address (required)": policy.Email, "email:": policy.Email, "contact.email": policy.Email, "user:email": policy.Email,
		"email[0]": policy.Email, "email[0][value]": policy.Email, "fields[email][value]": policy.Email, "data[attributes][email]": policy.Email,
		"q3_email": policy.Email, "_replyto": policy.Email, "MERGE0": policy.Ignored, "EMAIL_2": policy.Email, "email-confirmation": policy.Email,
		"emails": policy.Email, "email_id": policy.Email, "email-input": policy.Email, "email_field": policy.Email, "mail_address": policy.Email, "user_mail": policy.Email,
		"email_opt_in": policy.Ignored, "email_list": policy.Ignored, "電子メール": policy.Email,
		"メールアドレス": policy.Email, "Correo electrónico": policy.Email, "Adresse e-mail": policy.Email, "Ihre E-Mail-Adresse": policy.Email,
		"\ufeffemail": policy.Email, "email\x00": policy.Email, "user[name][first]": policy.Ignored, "fields[name][value]": policy.Name,
		"_gotcha": policy.Honeypot, "bot-field": policy.Honeypot, "fields[email][type]": policy.Ignored, "emails-a-day": policy.Ignored,
		"input_3": policy.Ignored, "wpforms[fields][1]": policy.Ignored, "entry.12345": policy.Ignored, "value": policy.Ignored, "[value]": policy.Ignored,
		"name": policy.Name, "Name 2": policy.Name, "fields[Name]": policy.Name, "your-name": policy.Name,
		"topic": policy.TopicField, "topics[]": policy.TopicField, "erase": policy.Erase, "redirect": policy.Redirect, "lang": policy.Language,
		"Message": policy.Details, "email-consent": policy.Ignored, "cf-turnstile-response": policy.Ignored, "utm_source": policy.Ignored,
		"": policy.Ignored, "[": policy.Ignored, "fields[]": policy.Ignored, "2": policy.Ignored,
	} {
		if got := d.Forms.MeaningOf(field); got != want {
			t.Errorf("MeaningOf(%q) = %q, want %q", field, got, want)
		}
	}
}
