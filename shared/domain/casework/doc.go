// Package casework is what a desk's screens need beyond the acts of a request:
// the queue with its views and counts, the acts that are possible on a file with
// why not and what they do to the date, search, a person's records, and whether a
// form is out of date. It holds no rule of an act: it lets package request try the
// act on a copy (try.go). It reads only, and must not import AWS, net/http or HTML.
package casework

import (
	"context"
	"sync"
	"time"

	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
)

// Desk reads what screens show.
type Desk struct {
	Requests *request.Service
	Store    Store
	OptOuts  OptOuts // only Person needs it
	Holds    Holds   // nil: rows do not say what a legal hold keeps

	inForce     recent[[]disposal.Hold]
	unconfirmed recent[Count]
}

// Store finds requests for lists, without reading them whole. Errors are faults:
// Unavailable when the backend does not answer.
type Store interface {
	// Listed returns at most so many of a list, in its order, from after a
	// position on, and whether there are more.
	Listed(ctx context.Context, l List, after Position, most int) (found []request.Summary, more bool, err error)
	// NewestOf returns a person's latest requests, those that were confirmed or
	// the others, latest first, and whether there are more.
	NewestOf(ctx context.Context, ref person.Ref, confirmed bool, most int) (found []request.Summary, more bool, err error)
}

// List is what the queue reads together: the requests over which a watch is kept,
// those under way that are one officer's, or the special ones, soonest first, or
// latest first.
type List struct {
	Watch    lifecycle.Watch
	Assignee string // who an officer is, without the name beside it; then Watch is ""
	Special  bool   // function Special; then Watch is ""
	Latest   bool
}

// Position is a place in a list: the end of what was read. The zero Position is
// its beginning.
type Position struct {
	At time.Time `json:"at"` // Summary.Watched
	ID string    `json:"id"`
}

// OptOuts finds a person's choices.
type OptOuts interface {
	OfPerson(context.Context, person.Ref) ([]optout.Record, error)
}

// Holds knows the legal holds.
type Holds interface {
	InForce(context.Context) (disposal.InForce, error)
}

// recent is what was read in the last minute: what a list shows beside its rows may
// be so old, and costs it no further read.
type recent[T any] struct {
	sync.Mutex
	at    time.Time
	value T
}

const keptFor = time.Minute

// get reads it, unless that was done shorter than so long ago; 0: it reads it.
func (k *recent[T]) get(now time.Time, ago time.Duration, read func() (T, error)) (T, error) {
	k.Lock()
	defer k.Unlock()
	if ago > 0 && !k.at.IsZero() && now.Sub(k.at).Abs() <= ago {
		return k.value, nil
	}
	value, err := read()
	if err == nil {
		k.at, k.value = now, value
	}
	return value, err
}

// holds are those in force, unless they were read that short ago; 0: it reads them.
func (d *Desk) holds(ctx context.Context, now time.Time, ago time.Duration) ([]disposal.Hold, error) {
	return d.inForce.get(now, ago, func() ([]disposal.Hold, error) {
		if d.Holds == nil {
			return nil, nil
		}
		force, err := d.Holds.InForce(ctx)
		return force.List, err
	})
}

// held reports whether a legal hold is of a request or of its person.
func held(holds []disposal.Hold, s *request.Summary, now time.Time) bool {
	for _, h := range holds {
		if h.Active(now) && (h.Request == s.ID || h.Ref != "" && h.Ref == s.Ref) {
			return true
		}
	}
	return false
}
