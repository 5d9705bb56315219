package mail

import (
	"cmp"
	"strconv"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/agenda"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/lifecycle"
)

// Digest tells the privacy officer which answers come due. It names requests by reference: who asked is read at the
// desk, not in a mailbox.
type Digest struct {
	agenda.Digest
	DeskURL string // of the desk's first page, absolute; it leads through the login
}

func (m Digest) letter(d Desk, t *catalog.Texts) letter {
	var parts []part
	if len(m.Lines) > 0 {
		parts = append(parts, part{Text: t.Text("mail.digest.lead")})
	}
	for _, l := range m.Lines {
		parts = append(parts, m.due(l, d, t)...)
	}
	unsent, paper, mails := m.looks()
	for _, group := range []struct {
		heading string
		looks   []agenda.LookLine
	}{{"mail.digest.unsent", unsent}, {"mail.digest.paper", paper}} {
		if len(group.looks) > 0 {
			parts = append(parts, part{Heading: t.Plural(group.heading, len(group.looks))})
		}
		for _, l := range group.looks {
			parts = append(parts, m.look(l, d, t)...)
		}
	}
	if len(mails) > 0 {
		parts = append(parts, part{Heading: t.Plural("mail.digest.looks", len(mails))}, part{Text: t.Text("mail.digest.looks.lead", "email", d.Organisation.Contact)})
	}
	for _, l := range mails {
		parts = append(parts, m.look(l, d, t)...)
	}
	parts = append(parts, part{Text: t.Text("mail.digest.all", "overdue", strconv.Itoa(m.Overdue), "soon", strconv.Itoa(m.DueSoon))})
	if m.More > 0 {
		parts = append(parts, part{Text: t.Plural("mail.digest.more", m.More)})
	}
	parts = append(parts, part{Link: &link{t.Text("mail.digest.desk"), m.DeskURL}})
	return letter{Subject: m.subject(t), Parts: parts}
}

// looks are letters that did not go or arrive, what is to be done on paper, and mails that came.
func (m Digest) looks() (unsent, paper, mails []agenda.LookLine) {
	for _, l := range m.Looks {
		switch {
		case ofLetter(l):
			unsent = append(unsent, l)
		case l.Why == lifecycle.LookToPost || l.Why == lifecycle.LookVerify:
			paper = append(paper, l)
		default:
			mails = append(mails, l)
		}
	}
	return unsent, paper, mails
}

func (m Digest) subject(t *catalog.Texts) string {
	late := 0
	for _, l := range m.Lines {
		if l.Late > 0 {
			late++
		}
	}
	if late > 0 {
		return t.Plural("mail.digest.subject.late", late)
	}
	unsent, paper, _ := m.looks()
	switch {
	case len(m.Lines) == 0 && len(unsent) > 0:
		return t.Plural("mail.digest.subject.unsent", len(unsent))
	case len(m.Lines) == 0 && len(paper) == len(m.Looks):
		return t.Plural("mail.digest.subject.paper", len(paper))
	case len(m.Lines) == 0:
		return t.Plural("mail.digest.subject.look", len(m.Looks))
	}
	return t.Plural("mail.digest.subject", len(m.Lines))
}

// due is what the digest says of a date.
func (m Digest) due(l agenda.Line, d Desk, t *catalog.Texts) []part {
	place, state := cmp.Or(t.Place(l.Place.Country, l.Place.Region), t.Text("mail.digest.noplace")), "mail.digest.open"
	if l.State == lifecycle.WaitingForPerson {
		state = "mail.digest.waiting"
	}
	if l.State == lifecycle.CarryingOut {
		state = "mail.digest.carrying_out"
	}
	parts := []part{
		{Heading: when(l, t)},
		about(t, l.Reference, l.Kinds,
			[]fact{{t.Text("fact.place"), place}, {t.Text("fact.state"), t.Text(state)}}, d.on(t, t.Text("fact.due"), l.DueAt)),
		{Text: deadline.Words(t, l.Due.Explain())}, m.open(t, l.Reference),
	}
	if l.Again {
		parts = append(parts, part{Text: t.Text("mail.digest.again")})
	}
	return parts
}

// ofLetter reports whether it is about a letter of ours, and not about a mail.
func ofLetter(l agenda.LookLine) bool {
	return l.Why == lifecycle.LookUnsent || l.Why == lifecycle.LookUndelivered
}

// look is what the digest says of what the officer must look at. A mail
// that was kept and is closed was for opt-outs alone, which are in effect.
func (m Digest) look(l agenda.LookLine, d Desk, t *catalog.Texts) []part {
	why := "mail.digest.look." + string(l.Why)
	if l.Why == lifecycle.LookKept && l.State.Closed() {
		why = "mail.digest.look.kept.closed"
	}
	since := "fact.received"
	if ofLetter(l) || l.Why == lifecycle.LookToPost {
		since = "fact.made"
	}
	parts := []part{
		{Text: t.Text(why)}, about(t, l.Reference, l.Kinds, d.on(t, t.Text(since), l.Since)), m.open(t, l.Reference),
	}
	if l.Again {
		parts = append(parts, part{Text: t.Text("mail.digest.again")})
	}
	return parts
}

// open leads to the file of a request.
func (m Digest) open(t *catalog.Texts, reference string) part {
	return part{Link: &link{t.Text("mail.digest.file", "reference", reference), m.DeskURL + "/requests/" + reference}}
}

func when(l agenda.Line, t *catalog.Texts) string {
	switch {
	case l.Late > 0:
		return t.Plural("mail.digest.late", l.Late)
	case l.Left == 0:
		return t.Text("mail.digest.today")
	}
	return t.Plural("mail.digest.left", l.Left)
}
