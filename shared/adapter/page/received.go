package page

import (
	"time"

	"privacydesk/shared/adapter/catalog"
)

// Received is the answer to a form that was taken in (200).
type Received struct {
	Address    string   // whole, as typed: only its owner could notice a slip
	Meant      string   // the address that was perhaps meant; empty: nothing looks wrong
	Topics     []string // titles of the topics; empty: all e-mail
	Everything bool
	NoSale     bool          // the browser's Sec-GPC: 1 was honoured
	Erase      bool          // a mail was sent that asks to confirm the erasure
	Held       bool          // the erasure was asked for but not taken in, since the honeypot was filled in
	Wait       time.Duration // the erasure was asked for but not taken in, since its source has asked for too much: until then
	ReceiptURL string        // of the signed receipt, as a file; empty: none is offered
}

func (p Received) view(d *Desk, t *catalog.Texts) view {
	return view{shape: messageShape, title: p.title(t), languages: true, retryAfter: p.Wait, body: message{
		Mark:   markDone,
		Lead:   d.wording(t).Received,
		Notice: p.slip(t),
		Facts:  append(addressFact(t, p.Address), fact{t.Text("fact.stopped"), p.stopped(t)}),
		Lists:  append(p.step(t), list{t.Text("received.next"), p.next(d, t)}),
		Links:  p.links(t),

		Disclosures: receiptBox(t, p.ReceiptURL),
	}}
}

// stopped names what was asked for. The choice of topics narrows e-mail; "everything" adds the other channels.
func (p Received) stopped(t *catalog.Texts) []string {
	var names []string
	for _, title := range p.Topics {
		names = append(names, t.Scope("email/", title))
	}
	if len(p.Topics) == 0 {
		names = append(names, t.Scope("email", ""))
	}
	if p.Everything {
		names = append(names, t.Scope("phone", ""), t.Scope("sms", ""), t.Scope("post", ""))
	}
	if p.NoSale {
		names = append(names, t.Scope("sale", ""))
	}
	return names
}

func (p Received) title(t *catalog.Texts) string {
	if len(p.Topics) > 0 {
		return t.Text("received.topics.title")
	}
	return t.Text("unsubscribed.title")
}

// step is what the person must still do, before anything else.
func (p Received) step(t *catalog.Texts) []list {
	if !p.Erase {
		return nil
	}
	return []list{{t.Text("received.erase.title"), points(t.Text("received.erase"))}}
}

func (p Received) next(d *Desk, t *catalog.Texts) []item {
	next := []string{t.Text("received.now")}
	switch {
	case p.Held || p.Wait > 0:
		next = append(next, p.NotTaken(t))
	case !p.Erase:
		next = append(next, t.Text("received.keep"))
	}
	if p.NoSale {
		next = append(next, t.Text("received.signal"))
	}
	next = append(next, t.Text("received.holds"))
	if p.Everything {
		next = append(next, t.Text("received.channels", "email", d.Organisation.Contact))
	}
	return points(append(next, t.Text("received.service"))...)
}

// NotTaken says why the erasure was not taken in.
func (p Received) NotTaken(t *catalog.Texts) string {
	if p.Wait > 0 {
		return t.Text("received.limited") + " " + tryAgain(t, p.Wait)
	}
	return t.Text("received.held")
}

// slip is a hint, no refusal: the address may be right.
func (p Received) slip(t *catalog.Texts) *notice {
	if p.Meant == "" {
		return nil
	}
	return &notice{t.Text("received.slip.title"), t.Text("received.slip.text", "address", p.Address, "meant", p.Meant)}
}

func (p Received) links(t *catalog.Texts) []link {
	another := inLanguage(t, pathUnsubscribe, "received.another")
	if !p.Held && p.Wait == 0 {
		return []link{another}
	}
	return []link{inLanguage(t, pathRequests, "badlink.request.form"), another}
}
