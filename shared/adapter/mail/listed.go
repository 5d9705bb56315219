package mail

import (
	"slices"
	"strings"
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/civil"
)

// RequestsListed says in one mail what several would: the requests that wait to be told to one mailbox, oldest
// first. It names kinds alone, never what was typed.
type RequestsListed struct {
	Requests []ListedRequest
}

// ListedRequest is one of them: to be confirmed, in effect already, or closed because nobody confirmed it.
type ListedRequest struct {
	Reference    string
	Kinds        []string // codes; none: what was sent does not say, and the page lets the person choose
	ReceivedAt   time.Time
	OptedOut     []string  // scopes that are out already
	Unsubscribed bool      // it came with an opt-out, which holds already
	ConfirmURL   string    // absolute URL of the page with the button; empty: there is nothing to confirm
	Expires      civil.Day // the last day of that link
	Closed       bool
	StatusURL    string // absolute; of one that there is nothing to confirm of
}

func (m RequestsListed) letter(o Organisation, t *catalog.Texts) letter {
	parts := []part{{Text: t.Text("mail.greeting")}, {Text: t.Text("mail.listed.asked", "name", o.Name)}}
	for _, r := range m.Requests {
		parts = append(parts, r.parts(o, t)...)
	}
	ignore := "mail.verify.ignore"
	if slices.ContainsFunc(m.Requests, ListedRequest.inEffect) {
		ignore = "mail.verify.ignore.out"
	}
	parts = append(parts, part{Text: t.Text(ignore)})
	return letter{Subject: t.Plural("mail.listed.subject", len(m.Requests), "name", o.Name), Parts: parts}
}

func (r ListedRequest) inEffect() bool { return r.Unsubscribed || len(r.OptedOut) > 0 }

func (r ListedRequest) parts(o Organisation, t *catalog.Texts) []part {
	var facts []fact
	unsure := part{Text: t.Text("mail.verify.unsure", "name", o.Name)}
	if len(r.Kinds) > 0 {
		facts, unsure = []fact{{t.Text("fact.kinds"), strings.Join(codes(t, "kind.", r.Kinds), "; ")}}, part{}
	}
	facts = append(facts, fact{t.Text("fact.received"), t.Date(r.ReceivedAt) + ", " + r.ReceivedAt.Format("15:04")})
	out := r.OptedOut
	if r.Unsubscribed {
		out = []string{"email"}
	}
	if len(out) > 0 {
		facts = append(facts, fact{t.Text("fact.effect"), strings.Join(scopes(t, out), "; ")})
	}
	way := link{t.Text("mail.listed.done"), r.StatusURL}
	switch {
	case r.ConfirmURL != "":
		way = link{t.Text("mail.listed.confirm", "date", t.Day(r.Expires)), r.ConfirmURL}
	case r.Closed:
		way.Text = t.Text("mail.listed.closed")
	}
	return []part{{Heading: r.Reference}, {Facts: facts}, unsure, {Link: &way}}
}
