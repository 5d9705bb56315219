// Package requestmail names the letters about a request by their templates, for
// whoever queues them and whoever words them. It must not say when one is due.
package requestmail

import "privacydesk/shared/domain/outbox"

// The templates of the letters about a request.
const (
	Verify      outbox.Template = "verify"
	Acknowledge outbox.Template = "acknowledge"
	OptedOut    outbox.Template = "opted_out"
	Waiting     outbox.Template = "waiting"
	Extended    outbox.Template = "extended"
	Decision    outbox.Template = "decision"
	Withdrawn   outbox.Template = "withdrawn"
	Expired     outbox.Template = "expired"
	Reopened    outbox.Template = "reopened"
	Erasing     outbox.Template = "erasing"
	Amended     outbox.Template = "amended"
	Joined      outbox.Template = "joined"
	CarriedOut  outbox.Template = "carried_out"
)

// The letters to the owners of other systems.
const (
	OwnerTask     outbox.Template = "owner_task"
	OwnerReminder outbox.Template = "owner_reminder"
)

// ToOwners lists them: a person gets none of them.
var ToOwners = []outbox.Template{OwnerTask, OwnerReminder}

// Templates lists all that people get.
var Templates = []outbox.Template{
	Verify, Acknowledge, OptedOut, Waiting, Extended, Decision, Withdrawn, Expired, Reopened, Erasing, Amended, Joined, CarriedOut,
}
