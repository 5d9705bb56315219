// Package letters stores the mails that must be sent, beside what causes them:
// opt-in confirmations and mails with a person's own links stand in the table of
// opt-outs, all others in the table of requests. It must not hold a rule; see package dynamo for the rows.
package letters

import (
	"fmt"
	"time"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/domain/mylinks"
	"privacydesk/shared/domain/optin"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/patch"
	"privacydesk/shared/domain/quota"
)

// RowPrefix is how the row of a letter begins in the table of requests.
const RowPrefix = "mail"

// personScopes are those of the letters in the table of opt-outs, where an opt-out
// has its scope. No channel begins with "#".
var personScopes = map[outbox.Template]string{optin.MailOptIn: "#opt-in", optin.MailOptedIn: "#opted-in", mylinks.MailLinks: "#my-links"}

// IsPersons reports whether a row of the table of opt-outs is a letter, by its
// scope.
func IsPersons(scope string) bool {
	for _, of := range personScopes {
		if scope == of {
			return true
		}
	}
	return false
}

// IsConfirmed reports whether a confirmation tells people that they are back.
func IsConfirmed(scope string) bool { return scope == personScopes[optin.MailOptedIn] }

// Key names a letter of a request by the event that causes it and its
// template, so that it exists once.
func Key(l outbox.Letter) dynamo.Item {
	if scope := personScopes[l.Template]; scope != "" {
		return dynamo.Item{"ref": dynamo.Str(l.SubjectID), "scope": dynamo.Str(scope)}
	}
	return dynamo.Item{"id": dynamo.Str(l.SubjectID), "row": dynamo.Str(fmt.Sprintf("%s#%04d#%s", RowPrefix, l.Seq, l.Template))}
}

// Queued writes the attributes of a letter.
func Queued(l outbox.Letter) patch.Patch {
	var u patch.Patch
	u.Set("template", l.Template)
	u.Set("mail_state", l.State)
	u.Set("queued_at", l.QueuedAt)
	if l.Seq != 0 {
		u.Set("seq", l.Seq)
	}
	if l.Cause != quota.ByConfirmed {
		u.Set("cause", l.Cause)
	}
	if l.UnderWay() {
		u.Set("pending", dynamo.PendingMail)
		u.Set("pending_at", l.DueAt)
	}
	if l.Paper {
		u.Set("paper", int64(1))
	}
	if !l.WrittenAt.IsZero() {
		u.Set("written_at", l.WrittenAt)
	}
	if !l.SentAt.IsZero() {
		u.Set("sent_at", l.SentAt)
	}
	if l.MessageID != "" {
		u.Set("ses_message", l.MessageID)
	}
	if l.Text != "" {
		u.Set("subject", l.Subject)
		u.Set("text", l.Text)
	}
	return u
}

// Row is a letter with its key.
func Row(l outbox.Letter) dynamo.Item {
	return dynamo.NewItem(Key(l), Queued(l))
}

// Read is what Row has written.
func Read(i dynamo.Item) outbox.Letter {
	l := outbox.Letter{
		SubjectID: i.Str("id"), Seq: int(i.Num("seq")), Template: outbox.Template(i.Str("template")), Cause: quota.Cause(i.Str("cause")),
		QueuedAt: i.Time("queued_at"), DueAt: i.Time("pending_at"), State: outbox.State(i.Str("mail_state")),
		Paper: i.Num("paper") > 0, WrittenAt: i.Time("written_at"), SentAt: i.Time("sent_at"), MessageID: i.Str("ses_message"),
		Words: outbox.Words{Subject: i.Str("subject"), Text: i.Str("text")},
	}
	if personScopes[l.Template] != "" {
		l.SubjectID = i.Str("ref")
	}
	return l
}

// Ended stores the end of a letter, or that it is to be posted.
func Ended(l outbox.Letter) patch.Patch {
	var u patch.Patch
	u.Set("mail_state", l.State)
	u.Set("written_at", l.WrittenAt)
	u.Set("sent_at", l.SentAt)
	u.Set("ses_message", l.MessageID)
	u.Clear("pending", "pending_at")
	u.If(patch.Is("mail_state", l.Before()))
	return u
}

// Expires is when the link of a confirmation is over, and its row goes.
func Expires(queued time.Time) int64 {
	return queued.Add(optin.ConfirmWithin).Unix()
}
