package optout

import (
	"slices"
	"strings"

	"privacydesk/shared/domain/fault"
)

// Channel is a way to contact people.
type Channel string

// The channels that the privacy policy speaks of (section J).
const (
	Email Channel = "email"
	SMS   Channel = "sms"
	Phone Channel = "phone"
	Post  Channel = "post"
)

// Sale is no channel: the sale or sharing of a person's data
// (Cal. Civ. Code 1798.120), which can be opted out of like one.
const Sale Channel = "sale"

// Bounce and Complaint are no channels either: what SES has observed of a
// mailbox, in records of their own. Nobody can choose them, and
// they can never overwrite what a person has chosen.
const (
	Bounce    Channel = "bounce"    // the mailbox does not exist
	Complaint Channel = "complaint" // the person called a mail of ours spam
)

// Channels lists all channels, in the order in which people are shown them.
var Channels = []Channel{Email, SMS, Phone, Post}

// Scope is what a record is about: a whole channel ("email") or one topic of
// it ("email/newsletter").
type Scope string

// Scope returns the scope of the whole channel.
func (c Channel) Scope() Scope { return Scope(c) }

// About returns the scope of one topic of the channel; of the whole channel
// when topic is empty.
func (c Channel) About(topic string) Scope {
	if topic == "" {
		return c.Scope()
	}
	return Scope(string(c) + "/" + topic)
}

// Channel returns the channel of a scope.
func (s Scope) Channel() Channel {
	channel, _, _ := strings.Cut(string(s), "/")
	return Channel(channel)
}

// Topic returns the topic of a scope, "" for a whole channel.
func (s Scope) Topic() string {
	_, topic, _ := strings.Cut(string(s), "/")
	return topic
}

// SyncedScopes are the scopes that are synced with SES: an address is on its
// suppression list if any of them suppresses.
var SyncedScopes = []Scope{Email.Scope(), Bounce.Scope(), Complaint.Scope()}

// Synced reports whether records of the scope are synced with SES: its
// suppression list knows whole addresses only, so topics are not.
func (s Scope) Synced() bool { return slices.Contains(SyncedScopes, s) }

// ParseChannel reads a channel's name; "" is e-mail.
func ParseChannel(text string) (Channel, error) {
	if text == "" {
		return Email, nil
	}
	if c := Channel(text); c == Sale || slices.Contains(Channels, c) {
		return c, nil
	}
	return "", fault.Field("channel", "unknown", "channel must be email, sms, phone, post or sale")
}

// ParseScope reads a scope.
func ParseScope(text string) (Scope, error) {
	channel, _, _ := strings.Cut(text, "/")
	if _, err := ParseChannel(channel); err != nil || channel == "" || strings.HasSuffix(text, "/") {
		return "", fault.Field("scope", "unknown", "scope must be a channel or channel/topic")
	}
	return Scope(text), nil
}
