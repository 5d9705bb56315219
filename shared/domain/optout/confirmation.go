package optout

import (
	"time"

	"privacydesk/shared/domain/person"
)

// OptInConfirmation is a mail about coming back. By default it asks the person
// to confirm that they want to come back. With Confirmed it reports that
// they are back. Those of one person are joined until the mail has gone.
type OptInConfirmation struct {
	Ref      person.Ref
	Address  person.Address
	Language string
	QueuedAt time.Time
	// Versions are the records that are to be In again, each with the version it
	// had when the person asked: a later opt-out makes the confirmation void.
	// With Confirmed only the scopes count.
	Versions  map[Scope]int
	Confirmed bool
}
