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
	// With Confirmed only the scopes count. KeptOut stands in place of a version
	// for a topic that is stopped when the confirmation is followed.
	Versions  map[Scope]int
	Confirmed bool
}

// KeptOut stands for a topic that stays stopped when single topics come back while
// all e-mail is stopped: SES and screening know the stop of the whole channel, which
// must be lifted, so that the other topics get a stop of their own.
const KeptOut = -2

// single reports whether a confirmation brings single topics back.
func single(versions map[Scope]int) bool {
	for _, v := range versions {
		if v == KeptOut {
			return true
		}
	}
	return false
}
