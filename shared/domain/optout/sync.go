package optout

import "time"

// Projection is what SES has been told of a record.
type Projection struct {
	DueAt  time.Time // when SES must be told (again); zero when there is nothing to tell
	Status ListStatus
	At     time.Time // when SES was last told
	Reason string    // of Unsupported, or why a bulk job did not take it
	Job    string    // the bulk job that it is or was in, until SES is told for good
}

// ListStatus is where a record stands on the SES suppression list.
type ListStatus string

// The statuses of a projection.
const (
	Unsynced    ListStatus = ""            // never told
	Listed      ListStatus = "listed"      // put
	Unlisted    ListStatus = "unlisted"    // deleted
	Unsupported ListStatus = "unsupported" // SES cannot hold the address; told once, not retried
)
