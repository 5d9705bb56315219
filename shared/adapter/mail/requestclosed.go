package mail

import "privacydesk/shared/adapter/catalog"

// RequestWithdrawn confirms that a request was closed at the person's wish.
type RequestWithdrawn struct {
	Reference string
	Kinds     []string
	OptedOut  []string // scopes that stay out in spite of it
	Kept      Kept
	StatusURL string // absolute; may be empty
}

// RequestExpired says that a request was closed because it was not confirmed, or because what we asked for did
// not come.
type RequestExpired struct {
	Reference string
	Kinds     []string
	OptedOut  []string // scopes that stay out in spite of it
	Verified  bool     // it was confirmed, but what we asked for did not come
	FormURL   string   // absolute URL of the form, to ask again
	Kept      Kept
	StatusURL string // absolute; may be empty
}

func (m RequestWithdrawn) letter(_ Organisation, t *catalog.Texts) letter {
	return letter{Subject: t.Text("mail.withdrawn.subject", "reference", m.Reference), Parts: join(
		[]part{
			{Text: t.Text("mail.greeting")}, {Text: t.Text("mail.withdrawn.lead")}, about(t, m.Reference, m.Kinds),
		},
		listed(t.Text("mail.stays"), scopes(t, m.OptedOut)),
		[]part{{Text: t.Text("mail.withdrawn.again")}},
		status(t, m.Kept.intro(t), m.StatusURL),
	)}
}

func (m RequestExpired) letter(_ Organisation, t *catalog.Texts) letter {
	lead := "mail.expired.unconfirmed"
	if m.Verified {
		lead = "mail.expired.unanswered"
	}
	return letter{Subject: t.Text("mail.expired.subject", "reference", m.Reference), Parts: join(
		[]part{
			{Text: t.Text("mail.greeting")}, {Text: t.Text(lead)}, about(t, m.Reference, m.Kinds),
		},
		listed(t.Text("mail.stays"), scopes(t, m.OptedOut)),
		[]part{{Text: t.Text("mail.expired.again")}, {Link: &link{t.Text("mail.expired.form"), m.FormURL}}},
		status(t, m.Kept.intro(t), m.StatusURL),
	)}
}
