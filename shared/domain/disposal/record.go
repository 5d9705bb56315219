package disposal

import (
	"time"

	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestlog"
	"privacydesk/shared/domain/schedule"
)

// Item is a record as the index of what is due shows it.
type Item struct {
	Class   schedule.Class
	ID      string     // its name in certificates: a request's reference, or that of a person with a scope
	Ref     person.Ref // whose it is
	Version int        // from 1 on; 0: the row has none that can be read
	Pending bool       // somebody must be told of it first
	Start   time.Time  // of its period; zero: the row has none that can be read
}

// Record is a record as its table has it. Of a request it holds the whole file,
// of an opt-out its record, of an opt-in confirmation neither.
type Record struct {
	Item
	Missing bool  // there is none any more
	Err     error // its rows cannot be read
	OptOut  *optout.Record
	Request *request.File
	Row     any // the store's own
}

// Work is a record and what is to become of it.
type Work struct {
	Record
	Outcome   Outcome
	Err       error                // of Failed
	At        time.Time            // of the tombstone or reduction
	Erased    bool                 // the tombstone is of a person who was erased
	Order     *Item                // the order of erasure by which it goes, if by one
	Reduction requestlog.Reduction // of a request that is reduced
}

// disposes reports whether the work changes anything.
func (w Work) disposes() bool { return w.Outcome == Deleted || w.Outcome == Reduced }

// Writes is how many rows of a transaction the work takes.
func (w Work) Writes() int {
	switch {
	case w.Request == nil:
		return 1
	case w.Outcome == Deleted:
		return 1 + len(w.Request.Events) + len(w.Request.Letters) + len(w.Request.Systems) + len(w.Request.Files)
	}
	return 2 + len(w.Reduction.Blanked) + len(w.Reduction.Letters) + len(w.Reduction.Systems) + len(w.Reduction.Files)
}
