package page

import (
	"net/url"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/fault"
)

// MyLinks is the page at GET /my-links, by which a person without a mail of ours gets their links, and its refusal
// (422) when Errors are given or Held is.
type MyLinks struct {
	Email  string             // as typed, or as ?email= gave it
	Trap   string             // name of the honeypot field; empty: none
	Held   bool               // the honeypot was filled in: nothing was sent, and the page is shown again without that field
	Errors []fault.FieldError // empty on a first visit
}

// MyLinksSent is the answer (200), the same for every address.
type MyLinksSent struct {
	Address string // whole, as typed: only its owner could notice a slip
	Meant   string // the address that was perhaps meant; empty: nothing looks wrong
}

func (p MyLinks) view(_ *Desk, t *catalog.Texts) view {
	errs := fieldErrors(p.Errors)
	body := formBody{
		Errors: errs.summary(t, t.Text("form.problem"), map[string]string{FieldEmail: "#" + FieldEmail}),
		Intro:  t.Text("mylinks.intro"), Action: pathMyLinks, Hidden: []hidden{langField(t)}, Trap: newTrap(t, p.Trap),
		Email:  errs.input(t, FieldEmail, t.Text("form.email.label"), t.Text("mylinks.hint"), p.Email),
		Submit: t.Text("mylinks.title"), Assurance: t.Text("mylinks.note"),
	}
	if p.Held {
		body.Notice = &notice{t.Text("ask.held.title"), t.Text("mylinks.held.text")}
	}
	blank := p.Email == "" && len(p.Errors) == 0
	return view{shape: formShape, title: t.Text("mylinks.title"), failed: len(p.Errors) > 0 || p.Held, languages: true, revisit: blank, body: body}
}

func (p MyLinksSent) view(_ *Desk, t *catalog.Texts) view {
	m := message{
		Mark: markAsk, Lead: t.Text("mylinks.sent.lead"), Facts: addressFact(t, p.Address), Notes: []string{t.Text("mylinks.sent.wait")},
		Links: []link{inLanguage(t, pathMyLinks, "mylinks.another")},
	}
	if p.Meant != "" {
		m.Notice = &notice{t.Text("received.slip.title"), t.Text("mylinks.slip", "address", p.Address, "meant", p.Meant)}
	}
	return view{shape: messageShape, title: t.Text("mylinks.sent.title"), languages: true, body: m}
}

// inLanguage is a link to a page of ours that stays in the language of this one.
func inLanguage(t *catalog.Texts, path, key string) link {
	return link{path + "?" + url.Values{FieldLang: {t.Lang()}}.Encode(), t.Text(key)}
}
