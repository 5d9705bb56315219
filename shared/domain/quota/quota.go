// Package quota says how often something may happen that costs others
// something: requests from one source, mails to one mailbox. It must not count:
// shared/adapter/dynamo does. What costs nobody anything, such as an opt-out, has no
// limit.
package quota

import (
	"context"
	"time"

	"privacydesk/shared/domain/fault"
)

// Limit allows Max events in every window of length Per for one Ref. Windows
// of one length begin at the same times for everybody, counted in UTC.
type Limit struct {
	Name string // what is limited
	Ref  string // whose: a keyed reference, never personal data
	Max  int
	Per  time.Duration
}

// Meter counts events.
type Meter interface {
	// Take counts one event against every limit, all or none. TooMany, with
	// RetryAt: one of them is used up; any other error: it is not known.
	Take(context.Context, ...Limit) error
	// Count returns the count of a limit's running window and its start.
	Count(context.Context, Limit) (int, time.Time, error)
}

// Day is the longest window.
const Day = 24 * time.Hour

// End is the end of the window that runs at a time.
func (l Limit) End(at time.Time) time.Time { return at.Truncate(l.Per).Add(l.Per) }

// Exhausted is the fault of limits that are used up at a time: TooMany, until
// all of them have room again.
func Exhausted(at time.Time, used ...Limit) *fault.Error {
	err := fault.New(fault.TooMany, "Too many requests. Please try again later.")
	for _, l := range used {
		if end := l.End(at); end.After(err.RetryAt) {
			err.RetryAt = end
		}
	}
	return err
}
