// Package sample holds one example of every mail: for the preview and for the golden tests, which thereby see
// the same things.
//
// It must not be imported by a function.
package sample

import (
	"slices"
	"time"

	"privacydesk/shared/adapter/mail"
	"privacydesk/shared/domain/civil"
)

// Sample is a mail with example data.
type Sample struct {
	Name string // file-safe: "confirm-opt-in"
	Mail mail.Mail
}

// Organisation is one as its desk.yaml might describe it.
func Organisation() mail.Organisation {
	return mail.Organisation{
		Name: "Biosero", Email: "info@biosero.example", Phone: "(858) 880-7376",
		Postal:    "9560 Waples Street\nSan Diego, CA 92121",
		PolicyURL: "https://www.biosero.example/privacy", HomeURL: "https://www.biosero.example/",
	}
}

const stopURL = "https://privacy.biosero.example/u/AAECAwQFBgcICQoLDA0ODw"

// Mails are all samples in a language.
func Mails(lang string) []Sample {
	news := map[string]string{"en": "News", "es": "Noticias", "de": "Neuigkeiten"}[lang]
	optIn := []Sample{
		{"confirm-opt-in", mail.ConfirmOptIn{
			Link:    "https://privacy.biosero.example/preferences/confirm/AAECAwQFBgcICQoLDA0ODw",
			Expires: civil.Date(2026, time.November, 29),
			Items:   []mail.Item{{Scope: "email"}, {Scope: "email/newsletter", Title: news}, {Scope: "sms"}},
		}},
		{"opted-in", mail.OptedIn{
			StopURL: stopURL, OneClick: stopURL, Items: []mail.Item{{Scope: "email"}},
		}},
		{"opted-in-several", mail.OptedIn{
			StopURL: "https://privacy.biosero.example/preferences/AAECAwQFBgcICQoLDA0ODw", OneClick: stopURL,
			Items: []mail.Item{{Scope: "email/newsletter", Title: news}, {Scope: "sms"}},
		}},
	}
	return slices.Concat(optIn, in(lang).intake(), in(lang).course(), in(lang).answers(), in(lang).digest())
}
