package request

import "time"

// Watch is what is waited for in a request that is not closed.
type Watch string

// The watches: the person's confirmation, their answer while our clock stands
// still, our own answer, and beside these an officer's look (Request.Look).
const (
	WatchUnverified Watch = "unverified"
	WatchPaused     Watch = "paused"
	WatchOpen       Watch = "open"
	WatchLook       Watch = "look"
)

// Watches lists all watches.
var Watches = []Watch{WatchLook, WatchUnverified, WatchPaused, WatchOpen}

// Watched says what is waited for, and until when; "" when nothing is.
func (r *Request) Watched() (Watch, time.Time) {
	switch {
	case r.State.Closed(), r.held():
		return "", time.Time{}
	case r.State == Unverified:
		return WatchUnverified, r.DueAt
	case r.State == WaitingForPerson && r.Waiting != nil && r.Waiting.Stands && !r.Waiting.Replied && !r.Waiting.Until.IsZero():
		return WatchPaused, r.Waiting.Until
	}
	return WatchOpen, r.DueAt
}

// held reports whether an unconfirmed request waits for an officer, and so does
// not expire by itself.
func (r *Request) held() bool {
	return r.State == Unverified && r.Look != nil && r.Look.Why != LookMention
}
