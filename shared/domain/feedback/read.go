package feedback

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
)

// Finding is what one event comes to.
type Finding struct {
	Effect       Effect
	Observations []Observation
	// Vague is set for a complaint that names several people, of whom nobody
	// knows who it was.
	Vague bool
	// Unreadable counts the addresses that are none.
	Unreadable int
	// Undelivered is what the mail was about that did not arrive, where its
	// sender had tagged it so: a request of this service. MessageID is SES's.
	Undelivered string
	MessageID   string
}

// RequestTag is the tag of a mail that is about a request; its value is the
// request's reference.
const RequestTag = "request"

// campaignTag is the tag by which a sender may name the mailing.
const campaignTag = "campaign"

// Read reads one event of SES, in the envelopes of SNS or EventBridge or in
// none. sent is when it was sent, where the event itself has no time. The
// error is fault.Invalid and holds nothing of the event.
func Read(raw []byte, sent time.Time) (Finding, error) {
	record, enveloped, err := unwrap(raw)
	switch {
	case err != nil:
		return Finding{}, err
	case record == nil:
		return Finding{Effect: Counted}, nil
	}
	var e event
	if json.Unmarshal(record, &e) != nil || e.kind() == "" {
		return Finding{}, errMalformed
	}
	sent = cmp.Or(e.Mail.Timestamp.Time, enveloped, sent)
	switch e.kind() {
	case "Bounce":
		return e.bounce(sent)
	case "Complaint":
		return e.complaint(sent)
	case "Subscription":
		return e.subscription(sent)
	}
	return Finding{Effect: ruleFor(e.kind(), "", "").effect}, nil
}

// errNobody is for an event that must concern a person and names none.
var errNobody = fault.New(fault.Invalid, "an event of SES without a recipient that can be read")

func (e event) bounce(sent time.Time) (Finding, error) {
	b := e.Bounce
	if b == nil {
		return Finding{}, errMalformed
	}
	f := Finding{Effect: ruleFor("Bounce", b.Type, b.Subtype).effect, MessageID: word(e.Mail.MessageID)}
	if strings.EqualFold(b.Type, "Permanent") {
		f.Undelivered = word(e.Mail.Tags.first(RequestTag))
	}
	people := f.people(b.Recipients)
	if len(people) == 0 && f.matters() {
		return f, errNobody
	}
	people = e.mailed(people)
	f.Vague = len(people) == 0 && f.matters()
	f.observe(people, e.evidence(cmp.Or(b.Timestamp.Time, sent), b.Type+"/"+b.Subtype))
	return f, nil
}

func (e event) complaint(sent time.Time) (Finding, error) {
	c := e.Complaint
	if c == nil {
		return Finding{}, errMalformed
	}
	f := Finding{Effect: ruleFor("Complaint", c.Type, c.Subtype).effect, MessageID: word(e.Mail.MessageID)}
	people := f.people(c.Recipients)
	if len(people) == 0 && f.matters() {
		return f, errNobody
	}
	people = e.complainants(people)
	f.Vague = len(people) == 0
	f.observe(people, e.evidence(cmp.Or(c.Timestamp.Time, c.ArrivedAt.Time, sent), c.Type))
	return f, nil
}

// mailed are those whom the mail went to, of those whom SES names. A mailbox
// that passes its mail on makes SES name where that went: a stranger to us, of
// whom nothing is recorded. If none is left, it is the one whom we mailed;
// among several it is nobody, for we cannot know whose mailbox passed it on.
func (e event) mailed(named []person.Address) []person.Address {
	var f Finding
	to := f.people(recipients(e.recipients()))
	if len(to) == 0 && f.Unreadable == 0 { // SES names them always; whoever leaves them out has no list to go by
		return named
	}
	ours := slices.DeleteFunc(slices.Clone(named), func(a person.Address) bool { return !slices.Contains(to, a) })
	if len(ours) == 0 && len(to) == 1 && f.Unreadable == 0 {
		return to
	}
	return ours
}

// recipients are those of the mail, as its envelope or else its header has them.
func (e event) recipients() []string {
	if len(e.Mail.Destination) > 0 {
		return e.Mail.Destination
	}
	h := e.Mail.CommonHeaders
	return slices.Concat(h.To, h.Cc, h.Bcc)
}

// complainants are those against whom a complaint is held: who it was, if it
// names one. A provider that hides the person makes SES name everybody at its
// domain that the mail went to; then it is nobody, unless the mail went to one
// alone.
func (e event) complainants(named []person.Address) []person.Address {
	if len(named) == 1 {
		return e.mailed(named)
	}
	var f Finding
	to := f.people(recipients(e.recipients()))
	if f.Unreadable == 0 && len(to) == 1 && slices.Contains(named, to[0]) {
		return to
	}
	return nil
}

// matters reports whether the event changes a record.
func (f *Finding) matters() bool {
	_, recorded := meanings[f.Effect]
	return recorded
}

func (f *Finding) observe(people []person.Address, evidence optout.Evidence) {
	s, known := meanings[f.Effect]
	if !known {
		return
	}
	evidence.Source = s.source
	for _, a := range people {
		f.Observations = append(f.Observations, Observation{Address: a, Scope: s.scope, To: s.to, Evidence: evidence})
	}
}

// people are the recipients, each once, whatever the case they are written in.
func (f *Finding) people(list []recipient) []person.Address {
	var people []person.Address
	for _, r := range list {
		a, err := person.Parse(bare(r.Address))
		if err != nil {
			f.Unreadable++
		} else if !slices.Contains(people, a) {
			people = append(people, a)
		}
	}
	return people
}

// bare takes the address out of "Name <address>".
func bare(text string) string {
	if open := strings.LastIndexByte(text, '<'); open >= 0 {
		inside, _, _ := strings.Cut(text[open+1:], ">")
		return inside
	}
	return text
}

func recipients(addresses []string) []recipient {
	list := make([]recipient, len(addresses))
	for i, a := range addresses {
		list[i].Address = a
	}
	return list
}

func (e event) evidence(at time.Time, detail string) optout.Evidence {
	return optout.Evidence{At: at, Campaign: word(e.Mail.Tags.first(campaignTag)), Detail: word(strings.Trim(detail, "/"))}
}

// maxWord bounds what SES or a sender may have us keep.
const maxWord = 128

// word lets only what can be a name or a code through: no address, no text.
func word(text string) string {
	bad := func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("-_./", r)
	}
	if len(text) > maxWord || strings.ContainsFunc(text, bad) {
		return ""
	}
	return text
}
