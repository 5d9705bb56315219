package feedback

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
)

// subscription turns a choice on SES's own subscription page into one here. It
// names the person nowhere but among the mail's recipients, of whom there is
// one: SES manages subscriptions only of mails to one.
func (e event) subscription(sent time.Time) (Finding, error) {
	s := e.Subscription
	if s == nil {
		return Finding{}, errMalformed
	}
	f := Finding{Effect: Subscription, MessageID: word(e.Mail.MessageID)}
	people := f.people(recipients(e.Mail.Destination))
	switch {
	case len(people) == 0:
		return f, errNobody
	case len(people) > 1:
		f.Vague = true
		return f, nil
	}
	evidence := e.evidence(cmp.Or(s.Timestamp.Time, sent), "")
	evidence.Source = optout.FromSubscription
	f.Observations = s.New.since(s.Old, people[0], evidence)
	return f, nil
}

// since are the choices that the preferences hold. An opt-out counts as it
// it is; an opt-in only where it takes an opt-out back, for a contact's
// default is no choice of theirs.
func (p preferences) since(old preferences, who person.Address, evidence optout.Evidence) []Observation {
	before, now := old.choices(), p.choices()
	var observations []Observation
	for _, c := range now {
		if c.to == optout.In && !slices.Contains(before, choice{c.scope, optout.Out}) {
			continue
		}
		observations = append(observations, Observation{Address: who, Scope: c.scope, To: c.to, Evidence: evidence})
	}
	return observations
}

type choice struct {
	scope optout.Scope
	to    optout.State
}

// maxTopics is more than SES has topics in a contact list (20).
const maxTopics = 50

// choices are the preferences in our words, each scope once.
func (p preferences) choices() []choice {
	var all []choice
	if p.All != nil {
		all = append(all, choice{optout.Email.Scope(), state(*p.All)})
	}
	seen := map[optout.Scope]bool{}
	for _, t := range p.Topics {
		topic := strings.ToLower(word(t.Name))
		scope := optout.Email.About(topic)
		if topic == "" || strings.ContainsAny(topic, "/.") || seen[scope] || len(all) > maxTopics {
			continue
		}
		switch {
		case strings.EqualFold(t.Status, "OptOut"):
			all = append(all, choice{scope, optout.Out})
		case strings.EqualFold(t.Status, "OptIn"):
			all = append(all, choice{scope, optout.In})
		}
		seen[scope] = true
	}
	return all
}

func state(out bool) optout.State {
	if out {
		return optout.Out
	}
	return optout.In
}
