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
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/settings"
)

// Sample is a mail with example data.
type Sample struct {
	Name string // file-safe: "confirm-opt-in"
	Mail mail.Mail
}

// Desk is one as its desk.yaml might describe it.
func Desk() mail.Desk {
	return mail.Desk{Zone: time.UTC, Desk: &settings.Desk{
		Organisation: settings.Organisation{
			Name: "Biosero", LegalName: "Biosero, Inc.", Contact: "info@biosero.example", Phone: "(858) 880-7376",
			City: "San Diego", Address: "9560 Waples Street\nSan Diego, CA 92121",
			PrivacyPolicy: "https://www.biosero.example/privacy", Website: "https://www.biosero.example/",
			Responsible: "A. Weber", DataProtectionOfficer: "dpo@biosero.example",
		},
		Requests: settings.Requests{AppealByAnother: true, ReviewDays: 30}, Systems: Systems,
		Topics: []settings.Topic{{ID: "newsletter", Name: map[string]string{"en": "News", "es": "Noticias", "de": "Neuigkeiten"}}, {ID: "events", Name: map[string]string{"en": "Events", "es": "Eventos", "de": "Veranstaltungen"}}},
	}}
}

// Systems are other systems of the organisation.
var Systems = []settings.System{
	{ID: "crm", Name: settings.Words{"en": "our customer database", "es": "nuestra base de datos de clientes", "de": "unsere Kundendatenbank"}},
	{ID: "news", Name: settings.Words{"en": "our newsletter service", "es": "nuestro servicio de boletines", "de": "unser Newsletter-Dienst"}},
	{ID: "contracts", Name: settings.Words{"en": "the contract files of our sales team", "es": "los contratos de nuestro equipo de ventas", "de": "die Vertragsakten unseres Vertriebs"}},
	{ID: "warehouse", Name: settings.Words{"en": "Data warehouse"}},
}

const stopURL = "https://privacy.biosero.example/u/AAECAwQFBgcICQoLDA0ODw"

// Mails are all samples in a language.
func Mails(lang string) []Sample {
	optIn := []Sample{
		{"confirm-opt-in", mail.ConfirmOptIn{
			Link:    "https://privacy.biosero.example/preferences/confirm/AAECAwQFBgcICQoLDA0ODw",
			Expires: civil.Date(2026, time.November, 29),
			Scopes:  []optout.Scope{"email", "email/newsletter", "sms"},
		}},
		{"confirm-opt-in-alone", mail.ConfirmOptIn{
			Link:    "https://privacy.biosero.example/preferences/confirm/AAECAwQFBgcICQoLDA0ODw",
			Expires: civil.Date(2026, time.November, 29), Scopes: []optout.Scope{"email/newsletter"}, Stays: []optout.Scope{"email/events"},
		}},
		{"opted-in", mail.OptedIn{
			StopURL: stopURL, OneClick: stopURL, Scopes: []optout.Scope{"email"},
		}},
		{"opted-in-several", mail.OptedIn{
			StopURL: "https://privacy.biosero.example/preferences/AAECAwQFBgcICQoLDA0ODw", OneClick: stopURL,
			Scopes: []optout.Scope{"email/newsletter", "sms"},
		}},
	}
	choices := "https://privacy.biosero.example/preferences/AAECAwQFBgcICQoLDA0ODw"
	optIn = append(optIn, Sample{"my-links", mail.MyLinks{ChoicesURL: choices, More: 2, Requests: []mail.MyRequest{
		{Reference: reference, Kinds: []intake.Kind{deadline.Access, deadline.Erasure}, State: lifecycle.Open, ReceivedAt: received, StatusURL: statusURL},
		{Reference: earlier, Kinds: []intake.Kind{deadline.Correction}, State: lifecycle.Withdrawn, ReceivedAt: received.AddDate(0, -2, 0), StatusURL: statusURL + "2"},
	}}}, Sample{"my-links-none", mail.MyLinks{ChoicesURL: choices}})
	return slices.Concat(optIn, in(lang).intake(), in(lang).course(), in(lang).answers(), []Sample{digest()}, owners())
}
