package feedback

import (
	"strings"

	"privacydesk/shared/domain/optout"
)

// Effect is what follows from an event.
type Effect string

// The effects, as the metrics count them.
const (
	Bounced      Effect = "bounced"      // the mailbox does not exist
	SoftBounced  Effect = "soft-bounced" // a day with a temporary bounce
	Complained   Effect = "complained"
	NotSpam      Effect = "not-spam"     // takes a complaint back
	Echoed       Effect = "echoed"       // SES held the mail back because of its, or our, own list
	KnownDead    Effect = "known-dead"   // SES held it back: the mailbox bounced for somebody else
	Subscription Effect = "subscription" // a choice on SES's own subscription page
	Counted      Effect = "counted"      // nothing lasting about a person
)

// rule is one row: what SES reports, and what follows. An empty text matches
// anything.
type rule struct {
	event   string // eventType or notificationType
	kind    string // bounceType, or complaintFeedbackType
	subtype string // bounceSubType, or complaintSubType
	effect  Effect
	because string
}

// rules are tried in order; the first that fits decides.
var rules = []rule{
	{"Bounce", "", "OnAccountSuppressionList", Echoed, "SES repeats its list, and the entry may be ours"},
	{"Bounce", "", "OnTenantSuppressionList", Echoed, "as above, a tenant's list"},
	{"Bounce", "", "UnsubscribedRecipient", Echoed, "SES's own list management held the mail back"},
	{"Bounce", "Permanent", "Suppressed", KnownDead, "on SES's own global list: an echo of bounces of others, kept only where we know nothing of ours"},
	{"Bounce", "Permanent", "", Bounced, "the mailbox does not exist: only such a bounce suppresses"},
	{"Bounce", "Transient", "MessageTooLarge", Counted, "about the mail, not about the mailbox"},
	{"Bounce", "Transient", "ContentRejected", Counted, "as above"},
	{"Bounce", "Transient", "AttachmentRejected", Counted, "as above"},
	{"Bounce", "Transient", "", SoftBounced, "may pass; desk.yaml sets how many days of it count"},
	{"Bounce", "", "", Counted, "Undetermined: SES could not read why"},
	{"Complaint", "not-spam", "", NotSpam, "the person reports that it is no spam"},
	{"Complaint", "", "OnAccountSuppressionList", Echoed, "SES repeats its list"},
	{"Complaint", "", "OnTenantSuppressionList", Echoed, "as above, a tenant's list"},
	{"Complaint", "", "", Complained, "abuse, auth-failure, fraud, other, virus, or without a type"},
	{"Subscription", "", "", Subscription, "SES's own list management"},
	{"", "", "", Counted, "Send, Delivery, Open, Click, Reject, DeliveryDelay, Rendering Failure, and what is yet to come"},
}

func ruleFor(event, kind, subtype string) rule {
	for _, r := range rules {
		if fits(r.event, event) && fits(r.kind, kind) && fits(r.subtype, subtype) {
			return r
		}
	}
	return rules[len(rules)-1] // not reached: the last fits everything
}

func fits(pattern, text string) bool { return pattern == "" || strings.EqualFold(pattern, text) }

// meaning is how an effect is recorded; Subscription is several and has none.
type meaning struct {
	scope  optout.Scope
	to     optout.State
	source optout.Source
}

var meanings = map[Effect]meaning{
	Bounced:     {optout.Bounce.Scope(), optout.Out, optout.FromBounce},
	KnownDead:   {optout.Bounce.Scope(), optout.Out, optout.FromSESList},
	SoftBounced: {optout.Bounce.Scope(), optout.In, optout.FromSoftBounces},
	Complained:  {optout.Complaint.Scope(), optout.Out, optout.FromComplaint},
	NotSpam:     {optout.Complaint.Scope(), optout.In, optout.FromNotSpam},
}
