package disposal

import (
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/requestlog"
	"privacydesk/shared/domain/schedule"
)

// erasure is what an order of erasure comes to now.
type erasure struct {
	pieces []Work // the person's records and other requests
	own    Work   // the order's own request, which ends it
	waits  bool   // something is not to be erased yet: an open request, or an export
}

// erase decides who goes with an order of erasure (Art. 17 GDPR). all is
// everything that is kept of the person, the order's own request among it.
func (r rules) erase(order Item, all []Record) erasure {
	e := erasure{own: Work{Record: Record{Item: order, Missing: true}, Outcome: Gone}}
	for _, found := range all {
		switch {
		case found.ID == order.ID:
			e.own = r.ownRequest(order, found)
		case found.Missing:
		case found.Err != nil:
			e.pieces = append(e.pieces, r.due(found.Item, schedule.Reduce, found))
		case found.Request != nil:
			r.otherRequest(&e, order, found)
		case found.OptOut == nil: // an opt-in confirmation
			e.pieces = append(e.pieces, Work{Record: found, Outcome: Deleted})
		case found.OptOut.Tombstone() && !found.OptOut.ErasedAt.Before(order.Start):
		default: // an older tombstone learns that its person was erased
			e.pieces = append(e.pieces, r.optOut(found, true))
		}
	}
	for n := range e.pieces {
		e.pieces[n].Order = &order
	}
	return e
}

func (r rules) ownRequest(order Item, found Record) Work {
	if found.Missing || found.Err != nil {
		return r.due(order, schedule.Reduce, found)
	}
	return r.request(order, schedule.Reduce, lifecycle.EventErased, found)
}

// otherRequest decides on another request of the person.
func (r rules) otherRequest(e *erasure, order Item, found Record) {
	q := found.Request.Request
	found.Class, found.Start = requestlog.Disposal(&q)
	switch requestlog.OnErasure(&q, order.Start, r.at) {
	case requestlog.Delays:
		e.waits = true
	case requestlog.Deleted:
		e.pieces = append(e.pieces, r.file(schedule.Delete, "", found))
	case requestlog.Shrunk:
		e.pieces = append(e.pieces, r.file(schedule.Reduce, lifecycle.EventErased, found))
	}
}
