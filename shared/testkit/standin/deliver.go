package standin

import (
	"slices"
	"strings"
)

// outcome is what becomes of a mail at one recipient: the event that SES publishes
// and whether the mail arrives.
type outcome struct {
	event   string // Bounce, Complaint or Delivery
	kind    string // bounceType, or complaintFeedbackType
	sub     string // bounceSubType, or complaintSubType
	arrives bool
	lists   string // reason under which SES itself puts the address on the list
}

var (
	delivered    = outcome{event: "Delivery", arrives: true}
	hardBounce   = outcome{event: "Bounce", kind: "Permanent", sub: "General", lists: "BOUNCE"}
	abuse        = outcome{event: "Complaint", kind: "abuse", arrives: true, lists: "COMPLAINT"}
	notSpam      = outcome{event: "Complaint", kind: "not-spam", arrives: true}
	globalBounce = outcome{event: "Bounce", kind: "Permanent", sub: "Suppressed"}

	// by the reason under which the address stands on the list
	suppressed = map[string]outcome{
		"BOUNCE":    {event: "Bounce", kind: "Permanent", sub: "OnAccountSuppressionList"},
		"COMPLAINT": {event: "Complaint", sub: "OnAccountSuppressionList"},
	}
	suppressedTenant = map[string]outcome{
		"BOUNCE":    {event: "Bounce", kind: "Permanent", sub: "OnTenantSuppressionList"},
		"COMPLAINT": {event: "Complaint", sub: "OnTenantSuppressionList"},
	}
	// simulator names the local parts of the SES mailbox simulator; +label may follow.
	simulator = map[string]outcome{
		"success":         delivered,
		"ooto":            delivered,
		"bounce":          hardBounce,
		"complaint":       abuse,
		"suppressionlist": globalBounce,
	}
)

const simulatorDomain = "simulator.amazonses.com"

// deliver puts the mail into the mailbox for those whom it reaches and returns the
// events of the whole.
func (s *Server) deliver(m Mail, set ConfigurationSet) []Event {
	events := []Event{s.event(m, set, "Send", nil, outcome{})}
	outcomes := map[outcome][]string{}
	var order []outcome
	var reached []string
	for _, r := range m.Recipients {
		o := s.outcome(m, set, r)
		if outcomes[o] == nil {
			order = append(order, o)
		}
		outcomes[o] = append(outcomes[o], r)
		if o.arrives {
			reached = append(reached, r)
		}
	}
	for _, o := range order {
		events = append(events, s.feedback(m, set, outcomes[o], o)...)
	}
	if len(reached) > 0 {
		m.Recipients = reached
		s.st.addMail(m)
	}
	return events
}

// outcome decides for one recipient: the suppression list comes before all else.
func (s *Server) outcome(m Mail, set ConfigurationSet, recipient string) outcome {
	l, echoes := s.st.list(""), suppressed
	if m.Tenant != "" && set.Scope != "ACCOUNT" {
		l, echoes = s.st.list(m.Tenant), suppressedTenant
	}
	reasons := set.reasons()
	for _, e := range l.matching(recipient) {
		if slices.Contains(reasons, e.Reason) {
			return echoes[e.Reason]
		}
	}
	if o, ok := simulated(recipient); ok {
		return o
	}
	return delivered
}

func simulated(recipient string) (outcome, bool) {
	local, domain, _ := strings.Cut(strings.ToLower(recipient), "@")
	name, _, _ := strings.Cut(local, "+")
	o, ok := simulator[name]
	return o, ok && domain == simulatorDomain
}

// reasons are those for which mail through this configuration set is held back.
func (set ConfigurationSet) reasons() []string {
	if set.SuppressedReasons != nil {
		return set.SuppressedReasons
	}
	return suppressionReasons
}

// feedback is what SES says, and does to its list, when a mail met this outcome. A
// mail that is complained about was delivered first.
func (s *Server) feedback(m Mail, set ConfigurationSet, recipients []string, o outcome) []Event {
	var events []Event
	if o.arrives && o.event != "Delivery" && o != notSpam {
		events = append(events, s.event(m, set, "Delivery", recipients, delivered))
	}
	event := s.event(m, set, o.event, recipients, o)
	for _, r := range recipients {
		s.enlist(m, set, r, o, event.FeedbackID)
	}
	return append(events, event)
}

// enlist keeps the list as SES does by itself: a hard bounce or a complaint puts the
// address on it, "not spam" takes a complaint off; simulator addresses never count.
func (s *Server) enlist(m Mail, set ConfigurationSet, recipient string, o outcome, feedbackID string) {
	if strings.HasSuffix(strings.ToLower(recipient), "@"+simulatorDomain) {
		return
	}
	l := s.st.list("")
	if set.Scope != "ACCOUNT" {
		l = s.st.list(m.Tenant)
	}
	switch {
	case o == notSpam:
		for _, e := range l.matching(recipient) {
			if e.Reason == "COMPLAINT" {
				l.remove(e.Address)
			}
		}
	case o.lists != "" && slices.Contains(set.reasons(), o.lists):
		l.put(entry{Address: recipient, Reason: o.lists, Updated: s.cfg.Now(), MessageID: m.ID, FeedbackID: feedbackID})
	}
}
