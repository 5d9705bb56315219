package page

import "privacydesk/shared/adapter/catalog"

// Landing is the page at "/": what can be done here, and whom to ask.
type Landing struct{}

type landingBody struct {
	Lead  string
	Cards []card
}

// card is one thing that can be done.
type card struct {
	Title, Text string
	Action      link
	Main        bool
}

func (Landing) view(d *Desk, t *catalog.Texts) view {
	o := d.Organisation
	return view{
		shape: landingShape, title: t.Text("landing.title", "name", o.Name), languages: true, revisit: true,
		body: landingBody{Lead: t.Text("landing.lead", "name", o.Name), Cards: []card{
			{t.Text("landing.stop.title"), t.Text("landing.stop.text"), inLanguage(t, pathUnsubscribe, "landing.stop.action"), true},
			{t.Text("landing.choose.title"), t.Text("landing.choose.text"), inLanguage(t, pathMyLinks, "mylinks.title"), false},
			{t.Text("landing.rights.title"), t.Text("landing.rights.text"), inLanguage(t, pathRequests, "landing.rights.action"), false},
			{t.Text("landing.receipt.title"), t.Text("landing.receipt.text"), inLanguage(t, pathReceiptCheck, "receipt.title"), false},
			{t.Text("landing.ask.title"), t.Text("landing.ask.text"), link{"mailto:" + o.Contact, t.Text("landing.ask.action", "email", o.Contact)}, false},
		}},
	}
}
