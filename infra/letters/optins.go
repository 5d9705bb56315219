package main

import (
	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/mail"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/optin"
	"privacydesk/shared/domain/optout"
)

// plain is a letter that hangs on no place, kind or answer.
type plain struct {
	title string
	mail  mail.Mail
}

func (b *book) plain() []plain {
	zone := b.desk.Organisation.Zone()
	scopes := []optout.Scope{"email", "sms", "phone", "post", "sale"}
	for _, t := range b.desk.Topics {
		scopes = append(scopes, optout.Email.Scope()+"/"+optout.Scope(t.ID))
	}
	expires := civil.Through(optin.ConfirmUntil(b.at, zone), zone)
	mine := []mail.MyRequest{{Reference: "PD-7K3M-9QXT-40BZ-1HNE", Kinds: intake.Kinds(), State: lifecycle.Open, ReceivedAt: b.at, StatusURL: site + "/requests/status/…"}}
	return []plain{
		{"To come back: please confirm", mail.ConfirmOptIn{Link: site + "/preferences/confirm/…", Expires: expires, Scopes: scopes}},
		{"Back: switched on again", mail.OptedIn{StopURL: site + "/preferences/…", OneClick: site + "/u/…", Scopes: scopes}},
		{"One's own links", mail.MyLinks{ChoicesURL: site + "/preferences/…", Requests: mine, More: 2}},
		{"One's own links: no request", mail.MyLinks{ChoicesURL: site + "/preferences/…"}},
	}
}

func (b *book) optIns(say func(string, ...any)) {
	say("\n# In all languages\n")
	for _, p := range b.plain() {
		say("\n## %s\n", p.title)
		for _, lang := range b.langs {
			c := combination{lang: lang}
			var err error
			if c.Message, err = (mail.Desk{Desk: b.desk, Zone: b.desk.Organisation.Zone()}).Render(catalog.For(lang), p.mail); err != nil {
				say("\n%v\n", err)
				continue
			}
			say("\n%s:\n\n```text\n%s\n```\n", catalog.Name(lang), c.text())
		}
	}
}
