package mail

import (
	"slices"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/waiting"
)

// waiting says what we need before we can go on.
func (m RequestLetter) waiting(d Desk, t *catalog.Texts) letter {
	var w waiting.Waiting
	if m.Request.Waiting != nil {
		w = *m.Request.Waiting
	}
	var fee []fact
	cause := word(t, "waiting.cause.", string(w.Cause))
	if w.Fee != nil {
		fee = []fact{{t.Text("fact.fee"), t.Amount(w.Fee.Amount, w.Fee.Currency)}}
		cause += " " + word(t, "feeword.", string(w.Fee.Because))
	}
	return letter{Subject: t.Text("mail.waiting.subject", "reference", m.reference()), Parts: join(
		[]part{
			{Text: t.Text("mail.greeting")}, {Text: cause}, m.about(t, fee),
		},
		said(w.Question), m.evidence(d, t), m.reply(d, t), m.answerBy(d, t), m.clock(t), m.status(t, t.Text("mail.status")),
	)}
}

// reply says how to answer, where the list of evidence does not say it.
func (m RequestLetter) reply(d Desk, t *catalog.Texts) []part {
	if w := m.Request.Waiting; w == nil || len(w.Proofs) > 0 {
		return nil
	}
	return []part{{Text: t.Text("waiting.reply", "email", d.Organisation.Contact, "reference", m.reference())}}
}

// clock says what happens to the date meanwhile.
func (m RequestLetter) clock(t *catalog.Texts) []part {
	if w := m.Request.Waiting; w == nil || !w.ClockStands {
		return nil
	}
	return []part{{Text: t.Text("waiting.clock")}}
}

// extended says that the answer takes longer, and why.
func (m RequestLetter) extended(d Desk, t *catalog.Texts) letter {
	reason := ""
	if m.Request.Extension != nil {
		reason = string(m.Request.Extension.Reason)
	}
	return letter{Subject: t.Text("mail.extended.subject", "reference", m.reference()), Parts: join(
		[]part{
			{Text: t.Text("mail.greeting")}, {Text: t.Text("mail.extended.lead")},
			m.about(t, m.answered(d, t)),
			{Heading: t.Text("mail.extended.why")}, {Text: word(t, "extended.reason.", reason)},
		},
		said(m.Request.ExtensionWhy), m.due(d, t), m.status(t, t.Text("mail.status")),
	)}
}

// withdrawn confirms that a request was closed because the person said so.
func (m RequestLetter) withdrawn(_ Desk, t *catalog.Texts) letter {
	return letter{Subject: t.Text("mail.withdrawn.subject", "reference", m.reference()), Parts: join(
		[]part{{Text: t.Text("mail.greeting")}, {Text: t.Text("mail.withdrawn.lead")}, m.about(t)},
		listed(t.Text("mail.stays"), scopes(t, m.scopes())),
		[]part{{Text: t.Text("mail.withdrawn.again")}},
		m.status(t, closed(t, m.Kept)),
	)}
}

// joined says that a request is answered together with an earlier one. Of that of another mailbox it tells nothing.
func (m RequestLetter) joined(d Desk, t *catalog.Texts) letter {
	lead := t.Text("joined.elsewhere")
	if m.Request.LinkedTo != "" {
		lead = t.Text("joined.lead", "other", m.Request.LinkedTo)
	}
	return letter{Subject: t.Text("joined.subject", "reference", m.reference()), Parts: join(
		[]part{
			{Text: t.Text("mail.greeting")}, {Text: lead}, m.about(t, d.on(t, t.Text("fact.due"), m.Request.DueAt)),
			{Text: t.Text("joined.wrong", "email", d.Organisation.Contact, "reference", m.reference())},
		},
		listed(t.Text("mail.stays"), scopes(t, m.scopes())), m.status(t, closed(t, m.Kept)),
	)}
}

// expired says that a request was closed because it was not confirmed, or because what we asked for did not come.
func (m RequestLetter) expired(_ Desk, t *catalog.Texts) letter {
	lead := "mail.expired.unconfirmed"
	switch {
	case !m.Request.VerifiedAt.IsZero():
		lead = "mail.expired.unanswered"
	case m.unsubscribed():
		lead = "mail.expired.unconfirmed.unsubscribed"
	case len(m.scopes()) > 0:
		lead = "mail.expired.unconfirmed.out"
	}
	return letter{Subject: t.Text("mail.expired.subject", "reference", m.reference()), Parts: join(
		[]part{{Text: t.Text("mail.greeting")}, {Text: t.Text(lead)}, m.about(t)},
		listed(t.Text("mail.stays"), scopes(t, m.scopes())),
		[]part{{Text: t.Text("mail.expired.again")}, {Link: &link{t.Text("mail.expired.form"), m.FormURL}}},
		m.status(t, closed(t, m.Kept)),
	)}
}

// RequestsListed says in one mail what several would: the requests that one mailbox is to be told of, oldest first.
// Each is to be confirmed, in effect already, or closed because nobody confirmed it.
type RequestsListed []RequestLetter

func (m RequestsListed) letter(d Desk, t *catalog.Texts) letter {
	name := d.Organisation.Name
	parts := []part{{Text: t.Text("mail.greeting")}, {Text: t.Text("mail.listed.asked", "name", name)}}
	for _, r := range m {
		parts = append(parts, r.inList(d, t)...)
	}
	ignore := "mail.verify.ignore"
	if slices.ContainsFunc(m, RequestLetter.inEffect) {
		ignore = "mail.verify.ignore.out"
	}
	parts = append(parts, part{Text: t.Text(ignore)})
	return letter{Subject: t.Plural("mail.listed.subject", len(m), "name", name), Parts: parts}
}
