package page

import (
	"slices"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
)

// RequestReceived is the answer to a request form that was taken in (200): the same for every address, known or
// not, whether the same was sent before or not, and after a press on "send it again". It has no date: that of an
// earlier sending would tell others of it.
type RequestReceived struct {
	Request    request.Request // its address is shown whole, as it was typed; without an ID when the form was swallowed; closed when nothing but opt-outs was asked for
	GPC        bool            // the browser's Sec-GPC: 1 was honoured
	ResendURL  string          // posts there; empty: sending again is not offered
	Resent     bool            // the mail was just asked for once more
	ReceiptURL string          // of the signed receipt, as a file; empty: none is offered
}

func (p RequestReceived) view(d *Desk, t *catalog.Texts) view {
	m := message{
		Mark: markAsk, Lead: p.Message(d, t), Button: p.resend(t),
		Facts:  slices.Concat(referenceFact(t, p.Request), addressFact(t, p.Request.Address.Reveal()), kindsFact(t, p.Request), stoppedFact(t, t.Text("fact.stopped"), p.Request)),
		Notice: p.notice(t), Links: []link{inLanguage(t, pathRequests, "asked.another")}, Disclosures: receiptBox(t, p.ReceiptURL),
	}
	title, confirm := t.Text("mylinks.sent.title"), "asked.next.confirm"
	switch {
	case p.instant():
		m.Mark = markDone
		return view{shape: messageShape, title: t.Text("asked.instant.title"), languages: true, body: m}
	case p.Resent:
		title, m.Lead = t.Text("asked.resent.title"), t.Text("asked.lead")
	}
	if len(intake.OptOutsOf(p.Request.Kinds)) > 0 {
		confirm = "asked.next.confirm.out"
	}
	m.Lists = []list{{t.Text("received.next"), points(t.Text(confirm), t.Text("asked.next.answer"))}}
	return view{shape: messageShape, title: title, languages: true, body: m}
}

// instant: all is done, no mail has to be confirmed.
func (p RequestReceived) instant() bool { return p.Request.State == lifecycle.Fulfilled }

func (p RequestReceived) notice(t *catalog.Texts) *notice {
	if a := p.Request.Address; a.Slip() != "" {
		return &notice{t.Text("received.slip.title"), t.Text("asked.slip", "address", a.Reveal(), "meant", a.Slip())}
	}
	if !p.GPC {
		return nil
	}
	return &notice{t.Text("asked.gpc.title"), t.Text("received.signal")}
}

func (p RequestReceived) resend(t *catalog.Texts) *button {
	if p.ResendURL == "" || p.instant() {
		return nil
	}
	return &button{
		Action: p.ResendURL, Quiet: true, Hidden: []hidden{langField(t)},
		Intro: t.Text("asked.resend"), Text: t.Text("asked.resend.button"),
	}
}

// RequestNotResent is the answer to "send it again" when the mail is not sent any more often (409).
type RequestNotResent struct {
	Request request.Request
}

func (p RequestNotResent) view(d *Desk, t *catalog.Texts) view {
	return view{shape: messageShape, title: t.Text("asked.spent.title"), body: message{
		Mark: markAsk, Lead: p.Message(t),
		Facts: referenceFact(t, p.Request),
		Notes: []string{t.Text("toomany.write", "email", d.Organisation.Contact)},
	}}
}

// Message says the same to a script.
func (p RequestNotResent) Message(t *catalog.Texts) string {
	return t.Plural("asked.spent.lead", 1+p.Request.Resent)
}

// RequestMovedOn is shown instead of RequestReceived once the request is no longer to be confirmed. Whoever typed the
// address may not be the person, and is told no more.
type RequestMovedOn struct {
	Request request.Request
}

func (p RequestMovedOn) view(_ *Desk, t *catalog.Texts) view {
	return view{shape: messageShape, title: t.Text("asked.moved.title"), languages: true, body: message{
		Mark: markWork, Lead: t.Text("asked.moved.lead"), Facts: referenceFact(t, p.Request),
	}}
}
