// Package sample holds one example of every page in every state worth looking at: for the preview and for the
// golden tests, which thereby see the same things.
//
// It must not be imported by a function.
package sample

import (
	"net/http"
	"slices"
	"time"

	"privacydesk/shared/adapter/page"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/settings"
)

// Sample is a page as it would be answered.
type Sample struct {
	Name   string // file-safe: "unsubscribe-form-refused"
	Status int
	Page   page.Page
}

// Desk is an organisation as its desk.yaml might describe it.
func Desk() *page.Desk {
	return &page.Desk{
		Organisation: settings.Organisation{
			Name: "Biosero", LegalName: "Biosero, Inc.", Contact: "info@biosero.example", Phone: "(858) 880-7376",
			City: "San Diego", Address: "9560 Waples Street\nSan Diego, CA 92121",
			PrivacyPolicy: "https://www.biosero.example/privacy", Website: "https://www.biosero.example/",
		},
		Systems: []settings.System{
			{ID: "crm", Name: settings.Words{"en": "our customer database", "es": "nuestra base de datos de clientes", "de": "unsere Kundendatenbank"}},
			{ID: "news", Name: settings.Words{"en": "our newsletter service", "es": "nuestro servicio de boletines", "de": "unser Newsletter-Dienst"}},
			{ID: "shop", Name: settings.Words{"en": "our shop", "es": "nuestra tienda", "de": "unser Shop"}},
			{ID: "forum", Name: settings.Words{"en": "our forum", "es": "nuestro foro", "de": "unser Forum"}},
			{ID: "files", Name: settings.Words{"en": "the files of our sales team", "es": "los archivos de ventas", "de": "die Akten unseres Vertriebs"}},
			{ID: "wiki", Name: settings.Words{"en": "our wiki", "es": "nuestra wiki", "de": "unser Wiki"}},
			{ID: "chat", Name: settings.Words{"en": "our chat", "es": "nuestro chat", "de": "unser Chat"}},
		},
		Access: told(), Retention: []settings.Retention{{Class: "closed-request", After: "24 months"}},
		Zone: time.UTC, AppealByAnother: true, RedirectOrigins: []string{"https://www.biosero.example"},
	}
}

// told is what people are told with their data.
func told() settings.Access {
	return settings.Access{
		Purposes: []settings.Words{{"en": "To answer your requests.", "es": "Responder a sus solicitudes.", "de": "Um Ihre Anfragen zu beantworten."}},
		Categories: []settings.Category{{
			What:       settings.Words{"en": "Contact details", "es": "Datos de contacto", "de": "Kontaktdaten"},
			California: []string{"identifiers", "customer_records"}, DisclosedTo: []string{"hosting"},
		}},
		Recipients: []settings.Recipient{{ID: "hosting", Who: settings.Words{"en": "The provider that hosts our service", "es": "El proveedor que aloja nuestro servicio", "de": "Der Anbieter, bei dem unser Dienst läuft"}}},
		Transfers:  []settings.Words{{"en": "The United States; our contracts protect the data.", "es": "Los Estados Unidos; nuestros contratos protegen los datos.", "de": "Die Vereinigten Staaten; unsere Verträge schützen die Daten."}},
		Periods:    []settings.Words{{"en": "Your requests: {closed-request} after our answer.", "es": "Sus solicitudes: {closed-request} desde nuestra respuesta.", "de": "Ihre Anfragen: {closed-request} ab unserer Antwort."}},
		Sources:    []settings.Words{{"en": "You, and your browser.", "es": "Usted y su navegador.", "de": "Sie selbst und Ihr Browser."}},
		Automated:  []settings.Words{{"en": "There are no such decisions.", "es": "No hay tales decisiones.", "de": "Solche Entscheidungen gibt es nicht."}},
		Sale:       []settings.Words{{"en": "We do not sell data.", "es": "No vendemos datos.", "de": "Wir verkaufen keine Daten."}},
	}
}

const (
	masked      = "m***@e***.com"
	typed       = "maria@example.com"
	linkPath    = "/u/AAECAwQFBgcICQoLDA0ODw"
	undoPath    = "/undo/AAECAwQFBgcICQoLDA0ODw"
	choicesPath = "/preferences/AAECAwQFBgcICQoLDA0ODw"
	receiptPath = "/done/AAECAwQFBgcICQoLDA0ODw?file=receipt"
	confirmPath = "/preferences/confirm/AAECAwQFBgcICQoLDA0ODw"
)

var day = civil.Date(2026, time.December, 22)

var (
	email = page.Subject{Scope: "email"}
	sms   = page.Subject{Scope: "sms"}
	phone = page.Subject{Scope: "phone"}
	post  = page.Subject{Scope: "post"}
)

// words are what desk.yaml would say in the language of the page.
type words struct{ newsletter, events, offers page.Subject }

func in(lang string) words {
	titles := map[string][4]string{
		"en": {"News", "Events and webinars", "Offers", "About products and people, once a month."},
		"es": {"Noticias", "Eventos y seminarios web", "Ofertas", "Sobre productos y personas, una vez al mes."},
		"de": {"Neuigkeiten", "Veranstaltungen und Webinare", "Angebote", "Über Produkte und Menschen, einmal im Monat."},
	}[lang]
	return words{
		newsletter: page.Subject{Scope: "email/newsletter", Title: titles[0], Description: titles[3]},
		events:     page.Subject{Scope: "email/events", Title: titles[1]},
		offers:     page.Subject{Scope: "email/offers", Title: titles[2]},
	}
}

// Pages are all samples in a language, in the order a person meets them.
func Pages(lang string) []Sample {
	w := in(lang)
	return slices.Concat(w.formPages(), w.linkPages(), w.preferencePages(), requestPages(lang), ownerPages(lang), problemPages())
}

func (w words) formPages() []Sample {
	refused := page.UnsubscribeForm{
		Email: "maria.example.com", Topics: w.topics("events"), Erase: true,
		Trap: "website", Redirect: "https://elsewhere.example/",
		Errors: []fault.FieldError{
			{Field: page.FieldEmail, Reason: "invalid"}, {Field: page.FieldName, Reason: person.TooLong},
			{Field: page.FieldTopic, Reason: "invalid"}, {Field: page.FieldRedirect, Reason: "invalid"},
		},
	}
	return []Sample{
		{"landing", http.StatusOK, page.Landing{}},
		{"my-links", http.StatusOK, page.MyLinks{Trap: "website"}},
		{"my-links-refused", http.StatusUnprocessableEntity, page.MyLinks{
			Email: "maria.example.com", Trap: "website", Errors: []fault.FieldError{{Field: page.FieldEmail, Reason: "invalid"}}}},
		{"my-links-held", http.StatusUnprocessableEntity, page.MyLinks{Email: typed, Held: true}},
		{"my-links-sent", http.StatusOK, page.MyLinksSent{Address: typed}},
		{"my-links-sent-slip", http.StatusOK, page.MyLinksSent{Address: "maria@gmial.com", Meant: "maria@gmail.com"}},
		{"unsubscribe-form", http.StatusOK, page.UnsubscribeForm{Topics: w.topics(), Trap: "website"}},
		{"unsubscribe-form-filled", http.StatusOK, page.UnsubscribeForm{
			Email: "maria@example.com", Topics: w.topics("newsletter", "offers"), Everything: true, Trap: "website"}},
		{"unsubscribe-form-missing", http.StatusUnprocessableEntity, page.UnsubscribeForm{
			Topics: w.topics(), Trap: "website",
			Errors: []fault.FieldError{{Field: page.FieldEmail, Reason: person.Missing}}}},
		{"unsubscribe-form-refused", http.StatusUnprocessableEntity, refused},
		{"received", http.StatusOK, page.Received{Address: typed}},
		{"received-gpc", http.StatusOK, page.Received{Address: typed, NoSale: true}},
		{"received-slip", http.StatusOK, page.Received{Address: "maria@gmial.com", Meant: "maria@gmail.com"}},
		{"received-erasure-held", http.StatusOK, page.Received{Address: typed, Held: true}},
		{"received-erasure-limited", http.StatusOK, page.Received{Address: typed, Wait: 7 * time.Hour}},
		{"received-all-wishes", http.StatusOK, page.Received{
			Address: typed, Topics: []string{w.newsletter.Title, w.offers.Title}, Everything: true, Erase: true,
			ReceiptURL: receiptPath}},
	}
}

func (w words) topics(chosen ...string) []page.Topic {
	all := []page.Topic{
		{ID: "newsletter", Title: w.newsletter.Title, Description: w.newsletter.Description},
		{ID: "events", Title: w.events.Title},
		{ID: "offers", Title: w.offers.Title},
	}
	for i := range all {
		for _, id := range chosen {
			all[i].Chosen = all[i].Chosen || all[i].ID == id
		}
	}
	return all
}

func (w words) linkPages() []Sample {
	return []Sample{
		{"unsubscribe-link", http.StatusOK, openLink(email, &page.Preference{})},
		{"unsubscribe-link-unknown", http.StatusOK, openLink(email, nil)},
		{"unsubscribe-link-stopped", http.StatusOK, openLink(email, &page.Preference{State: page.Stopped, Since: day})},
		{"unsubscribe-link-paused", http.StatusOK, openLink(email, &page.Preference{State: page.Paused, Until: day})},
		{"unsubscribe-link-topic", http.StatusOK, openLink(w.newsletter, &page.Preference{})},
		{"unsubscribe-link-topic-paused", http.StatusOK, openLink(w.newsletter, &page.Preference{State: page.Paused, Until: day})},
		{"unsubscribe-link-topic-stopped", http.StatusOK, openLink(w.newsletter, &page.Preference{State: page.Stopped, Since: day})},
		{"unsubscribe-link-topic-covered", http.StatusOK, openLink(w.newsletter, &page.Preference{State: page.Stopped, Since: day, Covered: true})},
		{"unsubscribed", http.StatusOK, page.Unsubscribed{
			Address: masked, Subject: email, UndoURL: undoPath, PreferencesURL: choicesPath, ReceiptURL: receiptPath}},
		{"unsubscribed-topic", http.StatusOK, page.Unsubscribed{
			Address: masked, Subject: w.newsletter, UndoURL: undoPath, PreferencesURL: choicesPath, ReceiptURL: receiptPath,
			NotStopped: []page.Subject{w.events, w.offers}, AllURL: linkPath, View: view}},
		{"unsubscribed-already", http.StatusOK, page.Unsubscribed{
			Address: masked, Subject: w.newsletter, PreferencesURL: choicesPath, Already: true}},
		{"undone", http.StatusOK, page.Undone{Address: masked, Now: []page.Preference{{Subject: email}}, PreferencesURL: choicesPath}},
		{"undone-paused", http.StatusOK, page.Undone{
			Address: masked, Now: []page.Preference{{Subject: email, State: page.Paused, Until: day}}, PreferencesURL: choicesPath}},
		{"undone-covered", http.StatusOK, page.Undone{
			Address: masked, Now: []page.Preference{{Subject: w.newsletter, State: page.Stopped, Covered: true}}, PreferencesURL: choicesPath}},
		{"undone-several", http.StatusOK, page.Undone{Address: masked, Now: []page.Preference{{Subject: w.newsletter}, {Subject: phone}}, PreferencesURL: choicesPath}},
		{"link-damaged", http.StatusBadRequest, page.LinkProblem{}},
		{"link-expired", http.StatusGone, page.LinkProblem{Expired: true}},
		{"link-back-damaged", http.StatusBadRequest, page.LinkProblem{Meant: page.ToComeBack}},
		{"link-overtaken", http.StatusConflict, page.LinkProblem{Changed: true}},
	}
}

const view = "AAECAwQFBgcICQoLDA0ODw"

func openLink(subject page.Subject, now *page.Preference) page.UnsubscribeLink {
	return page.UnsubscribeLink{Action: linkPath, Address: masked, Subject: subject, Now: now, PreferencesURL: choicesPath, View: view}
}

func (w words) preferencePages() []Sample {
	return []Sample{
		{"preferences", http.StatusOK, page.Preferences{Action: choicesPath, Address: masked, Rows: []page.Preference{
			{Subject: email}, {Subject: w.newsletter}, {Subject: w.events, State: page.Paused, Until: day, DaysLeft: 30},
			{Subject: w.offers, State: page.Stopped}, {Subject: sms, State: page.Requested},
			{Subject: phone, State: page.Stopped}, {Subject: post}}}},
		{"preferences-email-paused", http.StatusOK, page.Preferences{
			Action: choicesPath, Address: masked, NoSale: day, Rows: []page.Preference{
				{Subject: email, State: page.Paused, Until: day, DaysLeft: 75}, {Subject: w.newsletter, Covered: true}, {Subject: sms}}}},
		{"preferences-all-stopped", http.StatusOK, page.Preferences{
			Action: choicesPath, Address: masked, Rows: w.allStopped()}},
		{"preferences-saved", http.StatusOK, page.PreferencesSaved{
			Address: masked, PreferencesURL: choicesPath, UndoURL: undoPath, ReceiptURL: receiptPath, Changes: []page.Change{
				{Subject: w.newsletter, To: page.Stopped}, {Subject: w.events, To: page.Paused, Until: day},
				{Subject: phone, To: page.Receiving}}}},
		{"preferences-saved-confirm", http.StatusOK, page.PreferencesSaved{
			Address: masked, PreferencesURL: choicesPath, Changes: []page.Change{{Subject: email, To: page.Requested}}}},
		{"preferences-saved-kept", http.StatusOK, page.PreferencesSaved{
			Address: masked, PreferencesURL: choicesPath, Changes: []page.Change{{Subject: w.events, To: page.Paused, Until: day, Kept: true}}}},
		{"preferences-saved-nothing", http.StatusOK, page.PreferencesSaved{Address: masked, PreferencesURL: choicesPath}},
		{"opt-in-confirm", http.StatusOK, page.ConfirmOptIn{
			Action: confirmPath, Address: masked, Subjects: []page.Subject{email, w.newsletter}}},
		{"opt-in-confirm-alone", http.StatusOK, page.ConfirmOptIn{
			Action: confirmPath, Address: masked, Subjects: []page.Subject{w.newsletter}, Stays: []page.Subject{w.events, w.offers}}},
		{"opted-in", http.StatusOK, page.OptedIn{
			Address: masked, Now: []page.Preference{{Subject: email}, {Subject: w.newsletter}}, PreferencesURL: choicesPath}},
		{"opted-in-covered", http.StatusOK, page.OptedIn{
			Address: masked, Now: []page.Preference{{Subject: w.newsletter, State: page.Stopped, Covered: true}}, PreferencesURL: choicesPath}},
	}
}

func (w words) allStopped() []page.Preference {
	var rows []page.Preference
	for _, s := range []page.Subject{email, w.newsletter, w.events, w.offers, sms, phone, post} {
		rows = append(rows, page.Preference{Subject: s, State: page.Stopped, Covered: s.Title != ""})
	}
	return rows
}

func problemPages() []Sample {
	samples := []Sample{
		{"too-many", http.StatusTooManyRequests, page.TooMany{RetryAfter: time.Minute}},
		{"too-many-hours", http.StatusTooManyRequests, page.TooMany{RetryAfter: 7*time.Hour + time.Minute}},
		{"too-many-opted-out", http.StatusTooManyRequests, page.TooMany{RetryAfter: 40 * time.Second, OptedOut: []string{"email", "sale"}}},
		{"not-found", http.StatusNotFound, page.NotFound{}},
	}
	for _, p := range []struct {
		name   string
		status int
	}{
		{"problem-unreadable", http.StatusBadRequest}, {"problem-forbidden", http.StatusForbidden},
		{"problem-method", http.StatusMethodNotAllowed}, {"problem-too-large", http.StatusRequestEntityTooLarge},
		{"problem-format", http.StatusUnsupportedMediaType}, {"problem-internal", http.StatusInternalServerError},
	} {
		samples = append(samples, Sample{p.name, p.status, page.Problem{Status: p.status, Reference: "c2FtcGxlLWlk", Sent: p.status >= 500}})
	}
	return samples
}
