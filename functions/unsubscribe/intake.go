package main

import (
	"errors"
	"slices"
	"strings"

	"privacydesk/shared/fault"
	"privacydesk/shared/optout"
	"privacydesk/shared/person"
	"privacydesk/shared/policy"
	"privacydesk/shared/web"
)

// Limits on what is kept of a form, in characters.
const (
	maxEmail    = 320
	maxName     = 200
	maxCampaign = 64
	maxHost     = 253
	maxRedirect = 2048
)

// conflicting is the reason when two fields hold different addresses.
const conflicting = "conflict"

// intake is what a form means, whatever its fields are called.
type intake struct {
	address    person.Address
	typed      string // the e-mail field as it was sent
	name       string
	topics     []string // ids of desk.yaml
	everything bool
	erase      bool
	redirect   string
	campaign   string
	language   string
	trapped    bool
	errors     []fault.FieldError
}

// intake reads the fields by their meaning. The address is the one valid
// address among the e-mail fields' values: values are never joined, and free
// text is never searched. Fields without a meaning are dropped here.
func (h *handler) intake(fields web.Fields) intake {
	var (
		in    intake
		found []person.Address
		group string // in which the first e-mail field stands
		why   = person.Missing
		names = map[string]string{} // by group
	)
	for _, f := range fields {
		switch h.desk.Forms.MeaningOf(f.Name) {
		case policy.Email:
			a, err := person.Parse(f.Value)
			if err == nil && !slices.Contains(found, a) {
				found = append(found, a)
			}
			if bad, ok := errors.AsType[*person.AddressError](err); ok && bad.Reason != person.Missing {
				why = bad.Reason
			}
			if in.typed == "" {
				in.typed, group = web.CleanText(f.Value, maxEmail), policy.Group(f.Name)
			}
		case policy.Name:
			if g := policy.Group(f.Name); names[g] == "" {
				names[g] = web.CleanText(f.Value, maxName)
			}
		case policy.TopicField:
			// A site's own "topic" may be about something else; what is no topic
			// of ours asks for less, never for nothing.
			id := strings.ToLower(strings.TrimSpace(f.Value))
			if _, ours := h.desk.Topic(id); ours && !slices.Contains(in.topics, id) {
				in.topics = append(in.topics, id)
			}
		case policy.Everything:
			in.everything = in.everything || ticked(f.Value)
		case policy.Erase:
			in.erase = in.erase || ticked(f.Value)
		case policy.Redirect:
			in.redirect = web.CleanText(f.Value, maxRedirect)
		case policy.Campaign:
			in.campaign = web.CleanText(f.Value, maxCampaign)
		case policy.Language:
			in.language = f.Value
		case policy.Honeypot:
			in.trapped = in.trapped || strings.TrimSpace(f.Value) != ""
		}
	}
	// Webflow sends the form's own name beside fields[Name]: the person's is the
	// one that stands with their address.
	in.name = names[group]
	switch len(found) {
	case 1:
		in.address = found[0]
	case 0:
		in.errors = append(in.errors, fault.FieldError{Field: "email", Reason: why, Message: emailHints[why]})
	default:
		in.errors = append(in.errors, fault.FieldError{Field: "email", Reason: conflicting, Message: emailHints[conflicting]})
	}
	if in.erase {
		in.topics = nil // whoever wants to be deleted does not want a topic to go on
	}
	return in
}

var emailHints = map[string]string{
	person.Missing:      "Enter your e-mail address.",
	person.NoAt:         "Enter one e-mail address, such as name@example.com.",
	person.BadLocalPart: "The part before the @ is not complete or holds characters that cannot stand there.",
	person.BadDomain:    "The part after the @ is not complete, such as example.com.",
	person.TooLong:      "The address is too long.",
	conflicting:         "The form holds two different addresses. Send one.",
}

// scopes are what the person leaves: the topics they ticked, or all e-mail;
// and the other channels too when they asked for everything.
func (in intake) scopes() []optout.Scope {
	var scopes []optout.Scope
	for _, id := range in.topics {
		scopes = append(scopes, optout.Email.About(id))
	}
	if len(scopes) == 0 {
		scopes = append(scopes, optout.Email.Scope())
	}
	if in.everything {
		scopes = append(scopes, optout.SMS.Scope(), optout.Phone.Scope(), optout.Post.Scope())
	}
	return scopes
}

func (in intake) request(formHost string) optout.Request {
	return optout.Request{
		Address: in.address, Scopes: in.scopes(), Name: in.name, Source: optout.FromForm,
		Campaign: in.campaign, Form: formHost, EraseWanted: in.erase,
	}
}

// ticked reports whether a check box was ticked; sites send all of these.
func ticked(value string) bool {
	switch strings.ToLower(strings.TrimSpace(value)) {
	case "", "0", "false", "no", "off", "null", "undefined":
		return false
	}
	return true
}

func first(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}
