package request

import (
	"privacydesk/shared/domain/lifecycle"
	"time"
)

// Watched says what is waited for, and until when; "" when nothing is. Of a
// closed request it is WatchClosed, since when, or WatchSign.
func (r *Request) Watched() (lifecycle.Watch, time.Time) {
	switch {
	case r.State.Closed() && r.Draft.ToSign():
		return lifecycle.WatchSign, r.Draft.Way.At
	case r.State.Closed() && !r.VerifiedAt.IsZero(), r.State == lifecycle.Fulfilled, r.State == lifecycle.Refused:
		return lifecycle.WatchClosed, r.ClosedAt
	case r.State.Closed(), r.held(): // let go by whoever never confirmed it
		return "", time.Time{}
	case r.State == lifecycle.Unverified:
		return lifecycle.WatchUnverified, r.DueAt
	case r.State == lifecycle.WaitingForPerson && r.Waiting != nil && r.Waiting.ClockStands && !r.Waiting.Replied && !r.Waiting.Until.IsZero():
		return lifecycle.WatchPaused, r.Waiting.Until
	}
	return lifecycle.WatchOpen, r.DueAt
}

// held reports whether an unconfirmed request waits for an officer, and so does
// not expire by itself.
func (r *Request) held() bool {
	return r.State == lifecycle.Unverified && r.Look != nil && r.Look.Why != lifecycle.LookMention
}
