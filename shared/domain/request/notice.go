package request

import (
	"time"

	"privacydesk/shared/domain/quota"
)

// Template names a mail to the person.
type Template string

// The mails.
const (
	MailVerify      Template = "verify"
	MailAcknowledge Template = "acknowledge"
	MailOptedOut    Template = "opted_out"
	MailWaiting     Template = "waiting"
	MailExtended    Template = "extended"
	MailDecision    Template = "decision"
	MailWithdrawn   Template = "withdrawn"
	MailExpired     Template = "expired"
)

// Notice is a mail that must be sent. It is stored in the same transaction as
// the event that causes it, and sent at most once.
type Notice struct {
	RequestID string      `json:"-"`
	Seq       int         `json:"seq"` // of the event that causes it
	Template  Template    `json:"template"`
	Cause     quota.Cause `json:"-"` // by whose doing it is sent
	DueAt     time.Time   `json:"-"`
	State     NoticeState `json:"state"`
	SentAt    time.Time   `json:"sent_at,omitzero"`
	MessageID string      `json:"ses_message,omitempty"` // SES's
}

// UnderWay reports whether the mail is still to be sent: it needs its request
// as it is.
func (n Notice) UnderWay() bool { return n.State == NoticePending || n.State == NoticeTrying }

// NoticeState is what became of a notice.
type NoticeState string

// The states of a notice. A run that dies between the call to SES and its
// record leaves Unknown: it may have been sent, so it is not sent again by
// itself; the officer sees it and may ask for it anew.
const (
	NoticePending  NoticeState = "pending"
	NoticeTrying   NoticeState = "trying"
	NoticeSent     NoticeState = "sent"
	NoticeUnknown  NoticeState = "unknown"
	NoticeRefused  NoticeState = "refused"  // SES does not take the address
	NoticeObsolete NoticeState = "obsolete" // what it was about has passed
)
