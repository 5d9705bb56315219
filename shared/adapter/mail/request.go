package mail

import (
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestlog"
	"privacydesk/shared/domain/requestmail"
	"privacydesk/shared/domain/waiting"
)

// RequestLetter is a mail about a request, as the request is now. The template says which one.
type RequestLetter struct {
	Template outbox.Template
	Request  request.Request

	Due    Due
	Wait   waiting.Time    // how long we wait for the person
	Kept   requestlog.Kept // of a closed request
	Erased bool            // with an order to erase: it may be carried out already
	Held   bool            // with an order to erase: a legal hold keeps it back that was placed since
	Late   bool            // the due date has passed
	Backup civil.Day       // with an order to erase: the last day on which a backup copy can hold what is erased

	Paper bool // it is posted
	Known bool // of an acknowledgement: an officer has established that the request is theirs; else our link has
	Asked bool // of an acknowledgement: a mail of its own says what we wait for

	Before request.Before // of an amendment: what it changed

	Confirm   Link   // by which the request is confirmed; empty: there is nothing to confirm
	Export    Link   // to what we hold; empty: there is none
	FormURL   string // absolute; of the form for requests
	StatusURL string // absolute; may be empty
}

// Link is an absolute URL with the last day on which it works.
type Link struct {
	URL   string
	Until civil.Day
}

// Due is by when we answer; zero when nothing is due any more.
type Due struct {
	At     time.Time
	Why    []string // sentences: which rule gave that date
	Paused bool     // the clock stands still: At is the earliest that it can come to be
}

// letters write each template.
var letters = map[outbox.Template]func(RequestLetter, Desk, *catalog.Texts) letter{
	requestmail.Verify:      RequestLetter.verify,
	requestmail.Acknowledge: RequestLetter.acknowledge,
	requestmail.OptedOut:    RequestLetter.optedOut,
	requestmail.Waiting:     RequestLetter.waiting,
	requestmail.Extended:    RequestLetter.extended,
	requestmail.Decision:    RequestLetter.decision,
	requestmail.Withdrawn:   RequestLetter.withdrawn,
	requestmail.Expired:     RequestLetter.expired,
	requestmail.Reopened:    RequestLetter.reopened,
	requestmail.Erasing:     RequestLetter.erasing,
	requestmail.Amended:     RequestLetter.amended,
	requestmail.Joined:      RequestLetter.joined,
	requestmail.CarriedOut:  RequestLetter.carriedOut,
}

func (m RequestLetter) letter(d Desk, t *catalog.Texts) letter {
	write := letters[m.Template]
	switch {
	case write == nil:
		return letter{}
	case !m.Paper:
		return write(m, d, t)
	}
	l := write(m, d, t.Variant("paper."))
	l.Paper, l.Close = true, []string{m.questions(d, t)}
	return l
}

// questions says how to reach us by post, or by telephone where there is a number.
func (m RequestLetter) questions(d Desk, t *catalog.Texts) string {
	if phone := d.Organisation.Phone; phone != "" {
		return t.Text("paper.questions", "phone", phone, "reference", m.reference())
	}
	return t.Text("paper.write", "reference", m.reference())
}

// reference stands in subjects and facts.
func (m RequestLetter) reference() string { return m.Request.ID }

// scopes are what the request put out at once.
func (m RequestLetter) scopes() []string {
	return intake.Codes(intake.Stopped(m.Request.Kinds, !m.Request.NoEmail))
}

// noEmail says which opt-out cannot be put into effect: that of an address which we do not know.
func (m RequestLetter) noEmail(t *catalog.Texts) []part {
	if len(m.scopes()) == len(intake.OptOutsOf(m.Request.Kinds)) || m.Request.AppealOf != "" {
		return nil
	}
	return []part{{Text: t.Text("paper.no_email")}}
}

// unsubscribed reports whether the request came with an opt-out, which holds already.
func (m RequestLetter) unsubscribed() bool { return m.Request.Source == intake.FromUnsubscribe }

// verify asks the owner of an address to confirm a request.
func (m RequestLetter) verify(d Desk, t *catalog.Texts) letter {
	return letter{Subject: t.Text("mail.verify.subject", "name", d.Organisation.Name), Parts: join(
		[]part{{Text: t.Text("mail.greeting")}},
		m.wanted(d, t),
		[]part{
			{Button: &button{t.Text("mail.verify.button"), m.Confirm.URL, t.Text("mail.button.fallback")}},
			{Text: t.Text("mail.verify.until", "date", t.Day(m.Confirm.Until), "reference", m.reference())},
		},
		listed(t.Text("mail.verify.effect"), scopes(t, m.scopes())),
		m.holds(t),
		[]part{{Text: m.ignore(t)}},
	)}
}

// wanted says what was asked for, and never a guess.
func (m RequestLetter) wanted(d Desk, t *catalog.Texts) []part {
	name := d.Organisation.Name
	if m.Request.KindsUnsure {
		return []part{{Text: t.Text("mail.verify.unsure", "name", name)}, {Text: t.Text("mail.verify.choose")}}
	}
	do := "mail.verify.do"
	if m.counts() {
		do = "mail.verify.counts"
	}
	return []part{
		{Text: t.Text("mail.verify.asked", "name", name)}, {Items: codes(t, "kind.", m.Request.Kinds)}, {Text: t.Text(do)},
	}
}

// counts reports whether the request counts before it is confirmed.
func (m RequestLetter) counts() bool { return intake.Unconfirmed(m.Request.Kinds) }

// inEffect reports whether an opt-out of the request holds already.
func (m RequestLetter) inEffect() bool { return m.unsubscribed() || len(m.scopes()) > 0 }

// ignore says what happens without a confirmation. That is not nothing where an opt-out holds already.
func (m RequestLetter) ignore(t *catalog.Texts) string {
	switch {
	case m.counts():
		return t.Text("mail.verify.ignore.counts")
	case m.inEffect():
		return t.Text("mail.verify.ignore.out")
	}
	return t.Text("mail.verify.ignore")
}

func (m RequestLetter) holds(t *catalog.Texts) []part {
	if !m.unsubscribed() {
		return nil
	}
	return []part{{Text: t.Text("mail.verify.unsubscribed")}}
}

// acknowledge confirms that a verified request is in hand (11 CCR 7021(a)): how we verify, and by when we answer.
func (m RequestLetter) acknowledge(d Desk, t *catalog.Texts) letter {
	q, subject, lead := m.Request, "mail.ack.subject", t.Text("mail.ack.lead")
	if q.AppealOf != "" {
		subject, lead = m.second("mail.ack.appeal.subject", "review.ack.subject"), t.Text(m.second("status.appeal.of", "review.of"), "reference", q.AppealOf)
	}
	return letter{Subject: t.Text(subject, "reference", q.ID), Parts: join(
		[]part{
			{Text: t.Text("mail.greeting")}, {Text: lead},
			m.about(t, d.on(t, t.Text("fact.received"), q.ReceivedAt), m.answered(d, t)),
		},
		m.linked(t), m.verified(t), m.proofs(d, t), m.due(d, t),
		[]part{{Text: m.more(t)}}, m.status(t, t.Text("mail.status")),
	)}
}

func (m RequestLetter) verified(t *catalog.Texts) []part {
	how := []part{{Text: t.Text("mail.ack.verify.text")}}
	if m.Known {
		how = append(listed(t.Text("check.known"), codes(t, "check.", m.Request.Checked)), part{Text: t.Text("mail.ack.verify.known")})
	}
	return append([]part{{Heading: t.Text("mail.ack.verify")}}, how...)
}

func (m RequestLetter) linked(t *catalog.Texts) []part {
	if m.Request.LinkedTo == "" {
		return nil
	}
	return []part{{Text: t.Text("status.linked", "reference", m.Request.LinkedTo)}}
}

// more says what else may come, and that it costs nothing where no fee can have been asked for.
func (m RequestLetter) more(t *catalog.Texts) string {
	w := m.Request.Waiting
	if m.Asked || m.Request.Repeated || w != nil && w.Fee != nil {
		return t.Text("mail.ack.more")
	}
	return t.Text("mail.ack.more") + " " + t.Text("mail.ack.free")
}

// proofs are what an acknowledgement asks for, unless a mail of its own does.
func (m RequestLetter) proofs(d Desk, t *catalog.Texts) []part {
	if m.Request.Waiting == nil || m.Asked {
		return nil
	}
	return join(m.evidence(d, t), m.answerBy(d, t))
}

// optedOut says what is in effect already, for a request that asked for nothing else.
func (m RequestLetter) optedOut(d Desk, t *catalog.Texts) letter {
	lead := "mail.out.lead"
	if m.Request.GPC && len(m.Request.Kinds) == 1 { // beside an objection the signal is not the whole reason
		lead = "mail.out.gpc"
	}
	return letter{Subject: t.Text("mail.out.subject", "reference", m.reference()), Parts: join(
		[]part{
			{Text: t.Text("mail.greeting")}, {Text: t.Text(lead)}, {Items: scopes(t, m.scopes())},
			m.about(t, d.on(t, t.Text("fact.effective"), m.Request.ReceivedAt)),
			{Text: t.Text("mail.out.holds")},
		},
		m.noEmail(t), m.status(t, closed(t, m.Kept)),
	)}
}
