package main

import (
	"slices"
	"strings"
	"time"

	"privacydesk/shared/adapter/form"
	"privacydesk/shared/domain/optout"
)

const maxCampaign = 64 // characters

// submission is what an unsubscribe form asks for.
type submission struct {
	form.Form
	topics     []string // ids of desk.yaml that were ticked; see left
	unknown    []string // what was sent as a topic and is none
	everything bool
	erase      bool
	held       bool          // the erasure is not taken in: a robot may have filled in the honeypot
	wait       time.Duration // until the erasure can be taken in: its source has asked for too much
	campaign   string
	signal     bool // the browser sends Global Privacy Control: for whoever the form names, an opt-out of sale (11 CCR 7025(c)(1))
	now        time.Time
}

// erases reports whether the form opens an erasure request.
func (in submission) erases() bool { return in.erase && !in.held && in.wait == 0 }

func (h *handler) submission(sent form.Form) submission {
	in := submission{
		Form: sent, everything: sent.Ticked(form.Everything), erase: sent.Ticked(form.Erase),
		campaign: sent.First(form.Campaign, maxCampaign),
	}
	// An opt-out costs nobody anything; a request costs somebody a mail.
	in.held = in.erase && sent.Trapped
	for _, value := range sent.Values(form.Topic) {
		// A site's own "topic" may be about something else; what is no topic of
		// ours asks for less, never for nothing.
		id := strings.ToLower(strings.TrimSpace(value))
		switch _, ours := h.Desk.Topic(id); {
		case !ours && id != "":
			in.unknown = append(in.unknown, id)
		case ours && !slices.Contains(in.topics, id):
			in.topics = append(in.topics, id)
		}
	}
	return in
}

// left are the topics that the person leaves, none for all e-mail: whoever
// wants to be deleted does not want a topic to go on.
func (in submission) left() []string {
	if in.erase {
		return nil
	}
	return in.topics
}

// scopes are what the person leaves: the topics they ticked, or all e-mail;
// and the other channels too when they asked for everything.
func (in submission) scopes() []optout.Scope {
	var scopes []optout.Scope
	for _, id := range in.left() {
		scopes = append(scopes, optout.Email.About(id))
	}
	if len(scopes) == 0 {
		scopes = append(scopes, optout.Email.Scope())
	}
	if in.everything {
		scopes = append(scopes, optout.SMS.Scope(), optout.Phone.Scope(), optout.Post.Scope())
	}
	if in.signal {
		scopes = append(scopes, optout.Sale.Scope())
	}
	return scopes
}
