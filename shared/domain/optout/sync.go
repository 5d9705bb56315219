package optout

import "time"

// Projection is what is known of a record on the SES suppression list.
type Projection struct {
	DueAt  time.Time // when SES must be synced (again); zero when nothing is due
	Status ListStatus
	At     time.Time // when SES was last synced
	Reason string    // of Unsupported, or why a bulk job did not take it
	Job    string    // the bulk job that it is or was in, until it is synced for good
}

// ListStatus is the state of a record on the SES suppression list.
type ListStatus string

// The statuses of a projection. Empty: never synced.
const (
	Listed      ListStatus = "listed"      // put
	Unlisted    ListStatus = "unlisted"    // deleted
	Unsupported ListStatus = "unsupported" // SES cannot hold the address; not retried
)
