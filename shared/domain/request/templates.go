package request

import "privacydesk/shared/domain/outbox"

// The templates of the letters about a request.
const (
	MailVerify      outbox.Template = "verify"
	MailAcknowledge outbox.Template = "acknowledge"
	MailOptedOut    outbox.Template = "opted_out"
	MailWaiting     outbox.Template = "waiting"
	MailExtended    outbox.Template = "extended"
	MailDecision    outbox.Template = "decision"
	MailWithdrawn   outbox.Template = "withdrawn"
	MailExpired     outbox.Template = "expired"
	MailReopened    outbox.Template = "reopened"
	MailErasing     outbox.Template = "erasing"
)

// Templates lists them all.
var Templates = []outbox.Template{
	MailVerify, MailAcknowledge, MailOptedOut, MailWaiting, MailExtended, MailDecision, MailWithdrawn, MailExpired, MailReopened, MailErasing,
}
