package ledger

import (
	"context"
	"time"
)

// Owners is the way by which owners get tasks. Nothing is sent here: the mail is
// queued by the step that notes that the task was taken, or that its owner was
// reminded. So none is lost, and none goes twice.
type Owners struct{ Now func() time.Time }

// When an owner who has not answered is reminded, beside the digest of each week.
const (
	remindBefore = 2 * 24 * time.Hour  // before the date
	remindAfter  = 24 * time.Hour      // after it
	remindEvery  = 28 * 24 * time.Hour // from then on
)

// OfOwner reports whether the owner of a system does an entry's task.
func (e *Entry) OfOwner(s System) bool { return e.ByOwner || s.Way == OwnerWay }

// Tell implements Way.
func (o Owners) Tell(_ context.Context, n Notice) (Answer, error) {
	return Answer{State: Told, RetryAt: remindAt(n, o.Now())}, nil
}

// remindAt is when an owner is to be reminded next, at least a day from now. One that
// is not required is not reminded any more when its date is over: its task ends then.
func remindAt(n Notice, now time.Time) time.Time {
	if at := n.DueAt.Add(-remindBefore); !at.Before(now.Add(24 * time.Hour)) {
		return at
	}
	if !n.System.Required {
		return later(now, n.DueAt)
	}
	at := n.DueAt.Add(remindAfter)
	for !at.After(now) {
		at = at.Add(remindEvery)
	}
	return at
}
