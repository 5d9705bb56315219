package mail

import (
	"slices"
	"strings"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/intake"
)

// amended says what was corrected in a request, and by when we answer now.
func (m RequestLetter) amended(d Desk, t *catalog.Texts) letter {
	return letter{Subject: t.Text("amended.subject", "reference", m.reference()), Parts: join(
		[]part{
			{Text: t.Text("mail.greeting")}, {Text: t.Text("amended.lead")},
			m.about(t, d.on(t, t.Text("fact.received"), m.Request.ReceivedAt)),
		},
		listed(t.Text("amended.list"), m.corrections(t)),
		[]part{{Text: t.Text("amended.wrong", "email", d.Organisation.Contact, "reference", m.reference())}},
		listed(t.Text("mail.stays"), scopes(t, m.scopes())), m.due(d, t), m.dueBefore(d, t), m.status(t, t.Text("mail.status")),
	)}
}

// corrections are what is otherwise than before. The name is not repeated: it is the person's own text.
func (m RequestLetter) corrections(t *catalog.Texts) []string {
	var items []string
	for _, c := range []struct{ name, label, before, after string }{
		{"place", "fact.place", place(t, m.Before.Words.Place), place(t, m.Request.Place)},
		{"kinds", "fact.kinds", kinds(t, m.Before.Words.Kinds), kinds(t, m.Request.Kinds)},
		{"on_behalf_of", "fact.behalf", word(t, "behalf.", string(m.Before.Words.OnBehalfOf)), word(t, "behalf.", string(m.Request.OnBehalfOf))},
	} {
		if slices.Contains(m.Before.Changed, c.name) && c.after != "" && c.before != c.after { // it may have been changed back since
			items = append(items, t.Text("amended.change", "what", t.Text(c.label), "before", c.before, "after", c.after))
		}
	}
	if slices.Contains(m.Before.Changed, "name") {
		items = append(items, t.Text("amended.name"))
	}
	return items
}

// place names a place by what has a name: a code that has none was not written for a mail.
func place(t *catalog.Texts, p deadline.Jurisdiction) string {
	country, whole := t.Place(p.Country, ""), t.Place(p.Country, p.Region)
	switch {
	case country == p.Country:
		return t.Text("mail.digest.noplace")
	case strings.HasPrefix(whole, p.Region+", "):
		return country
	}
	return whole
}

func kinds(t *catalog.Texts, list []intake.Kind) string {
	return strings.Join(codes(t, "kind.", list), "; ")
}

// dueBefore says from which date the correction has moved our answer.
func (m RequestLetter) dueBefore(d Desk, t *catalog.Texts) []part {
	switch {
	case m.Due.At.IsZero(), m.Due.Paused:
		return nil
	case m.Before.DueAt.IsZero() && m.Late:
		return nil
	case m.Before.DueAt.IsZero(), m.Before.DueAt.Equal(m.Due.At):
		return []part{{Text: t.Text("amended.due.same")}}
	}
	return []part{{Text: t.Text("amended.due.before", "date", t.Date(m.Before.DueAt.In(d.Zone)))}}
}
