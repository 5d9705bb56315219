package mail

import (
	"strconv"
	"strings"
	"time"

	"privacydesk/shared/adapter/catalog"
)

// Digest tells the privacy officer which answers come due. It names requests by reference: who asked is read at the
// desk, not in a mailbox.
type Digest struct {
	Lines   []DigestLine // soonest first
	Overdue int          // of all requests
	DueSoon int          // of all requests
	More    int          // that the next digest names
	Looks   []DigestLook
	DeskURL string // absolute; signed with IAM
}

// DigestLine is one request of a digest.
type DigestLine struct {
	Reference string
	Kinds     []string
	Place     string // "DE", "US-CA"; empty: not given
	Waiting   bool   // for the person, while our clock runs on
	Due       time.Time
	Why       []string // sentences: which rule gave that date
	Left      int      // working days after today
	Late      int      // days since the date; 0: it is not over
	Again     bool     // it was in a digest that may not have arrived
}

// DigestLook is a request that the officer must look at since a mail came.
type DigestLook struct {
	Reference string
	Kinds     []string
	Why       string // "reply", "mention", "kept"
	Closed    bool   // of one that was kept: it was for opt-outs alone, which are in effect
	Since     time.Time
	Again     bool // as of a DigestLine
}

func (m Digest) letter(d Desk, t *catalog.Texts) letter {
	var parts []part
	if len(m.Lines) > 0 {
		parts = append(parts, part{Text: t.Text("mail.digest.lead")})
	}
	for _, l := range m.Lines {
		parts = append(parts, l.parts(d, t)...)
	}
	if len(m.Looks) > 0 {
		parts = append(parts, part{Heading: t.Plural("mail.digest.looks", len(m.Looks))}, part{Text: t.Text("mail.digest.looks.lead", "email", d.Organisation.Contact)})
	}
	for _, l := range m.Looks {
		parts = append(parts, l.parts(d, t)...)
	}
	parts = append(parts, part{Text: t.Text("mail.digest.all", "overdue", strconv.Itoa(m.Overdue), "soon", strconv.Itoa(m.DueSoon))})
	if m.More > 0 {
		parts = append(parts, part{Text: t.Plural("mail.digest.more", m.More)})
	}
	parts = append(parts, part{Link: &link{t.Text("mail.digest.desk"), m.DeskURL}})
	return letter{Subject: m.subject(t), Parts: parts}
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
	if len(m.Lines) == 0 {
		return t.Plural("mail.digest.subject.look", len(m.Looks))
	}
	return t.Plural("mail.digest.subject", len(m.Lines))
}

func (l DigestLine) parts(d Desk, t *catalog.Texts) []part {
	place, state := l.Place, "mail.digest.open"
	if place == "" {
		place = t.Text("mail.digest.noplace")
	}
	if l.Waiting {
		state = "mail.digest.waiting"
	}
	parts := []part{
		{Heading: l.when(t)},
		about(t, l.Reference, l.Kinds,
			[]fact{{t.Text("fact.place"), place}, {t.Text("fact.state"), t.Text(state)}}, d.on(t, t.Text("fact.due"), l.Due)),
		{Text: strings.Join(l.Why, " ")},
	}
	if l.Again {
		parts = append(parts, part{Text: t.Text("mail.digest.again")})
	}
	return parts
}

func (l DigestLook) parts(d Desk, t *catalog.Texts) []part {
	why := "mail.digest.look." + l.Why
	if l.Why == "kept" && l.Closed {
		why = "mail.digest.look.kept.closed"
	}
	parts := []part{
		{Text: t.Text(why)}, about(t, l.Reference, l.Kinds, d.on(t, t.Text("fact.received"), l.Since)),
	}
	if l.Again {
		parts = append(parts, part{Text: t.Text("mail.digest.again")})
	}
	return parts
}

func (l DigestLine) when(t *catalog.Texts) string {
	switch {
	case l.Late > 0:
		return t.Plural("mail.digest.late", l.Late)
	case l.Left == 0:
		return t.Text("mail.digest.today")
	}
	return t.Plural("mail.digest.left", l.Left)
}
