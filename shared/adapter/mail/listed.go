package mail

import (
	"strings"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/lifecycle"
)

// inList is the request among others in one mail.
func (m RequestLetter) inList(d Desk, t *catalog.Texts) []part {
	unsure, kinds := part{Text: t.Text("mail.verify.unsure", "name", d.Organisation.Name)}, codes(t, "kind.", m.Request.Kinds)
	var facts []fact
	if len(kinds) > 0 {
		facts, unsure = []fact{{t.Text("fact.kinds"), strings.Join(kinds, "; ")}}, part{}
	}
	received := m.Request.ReceivedAt.In(d.Zone)
	facts = append(facts, fact{t.Text("fact.received"), t.Moment(received, d.Organisation.Place())})
	out := m.scopes()
	if m.unsubscribed() {
		out = []string{"email"}
	}
	if len(out) > 0 {
		facts = append(facts, fact{t.Text("fact.stopped"), strings.Join(scopes(t, out), "; ")})
	}
	return []part{{Heading: m.reference()}, {Facts: facts}, unsure, {Link: m.listLink(t)}}
}

// listLink leads to what can be done about a request of a list.
func (m RequestLetter) listLink(t *catalog.Texts) *link {
	switch {
	case m.Confirm.URL != "":
		return &link{t.Text("mail.listed.confirm", "date", t.Day(m.Confirm.Until)), m.Confirm.URL}
	case m.Request.State == lifecycle.Expired:
		return &link{t.Text("mail.listed.closed"), m.StatusURL}
	}
	return &link{t.Text("mail.listed.done"), m.StatusURL}
}
