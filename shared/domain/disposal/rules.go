package disposal

import (
	"errors"
	"io"
	"time"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestlog"
	"privacydesk/shared/domain/schedule"
)

// rules decide what becomes of records at a time.
type rules struct {
	at     time.Time
	random io.Reader                // salts of the histories
	unread func(optout.Record) bool // whether another system has still to read a choice; nil: none has
}

// due decides on a record that the index has shown as due.
func (r rules) due(item Item, action schedule.Action, found Record) Work {
	switch {
	case found.Missing:
		return Work{Record: found, Outcome: Gone}
	case found.Err != nil:
		return failed(found, fault.Wrap(fault.CodeOf(found.Err), found.Err, item.name()))
	case found.Request != nil:
		return r.request(item, action, lifecycle.EventReduced, found)
	case item.Start.IsZero():
		return unreadable(found)
	case found.Version != item.Version || found.Class != item.Class:
		return Work{Record: found, Outcome: Changed}
	case found.OptOut != nil && found.OptOut.Tombstone(): // reduced since the index was read; its version stands
		return Work{Record: found, Outcome: Gone}
	}
	return r.optOut(found, false)
}

// optOut decides on an opt-out as it is now. Days of soft bounces go; any other
// leaves a tombstone. Without a version no condition can protect it.
func (r rules) optOut(found Record, erased bool) Work {
	switch {
	case found.Version < 1:
		return unreadable(found)
	case found.Pending, r.unread != nil && found.OptOut != nil && r.unread(*found.OptOut):
		return Work{Record: found, Outcome: Waiting}
	case found.Class == schedule.SoftBounces:
		return Work{Record: found, Outcome: Deleted}
	}
	return Work{Record: found, Outcome: Reduced, At: r.at, Erased: erased}
}

// request decides on a request that must still be of the class and the date that
// the index has shown. A note moves its version on, and not its period.
func (r rules) request(item Item, action schedule.Action, event lifecycle.Event, found Record) Work {
	f := found.Request
	class, start := requestlog.Disposal(&f.Request)
	switch {
	case class != item.Class || !start.Equal(item.Start):
		if f.Request.Version != item.Version { // the index lags
			return Work{Record: found, Outcome: Changed}
		}
		return failed(found, fault.New(fault.Internal, "request %s is not of the class that its row names", item.ID))
	case f.Request.Version < 1:
		return failed(found, fault.New(fault.Internal, "request %s has no version", item.ID))
	}
	found.Item = item
	return r.file(action, event, found)
}

// file deletes or reduces a request, unless a letter or another system needs it.
func (r rules) file(action schedule.Action, event lifecycle.Event, found Record) Work {
	found.Version = found.Request.Request.Version
	if requestlog.Pending(*found.Request) != nil {
		return Work{Record: found, Outcome: Waiting}
	}
	if action == schedule.Delete {
		return Work{Record: found, Outcome: Deleted}
	}
	reduction, err := requestlog.Reduce(*found.Request, event, r.at, r.random)
	switch {
	case errors.Is(err, request.ErrReduced):
		return Work{Record: found, Outcome: Gone}
	case err != nil:
		return failed(found, fault.Wrap(fault.Internal, err, "reduce "+found.ID))
	}
	return Work{Record: found, Outcome: Reduced, Reduction: reduction, At: r.at}
}

func failed(found Record, err error) Work { return Work{Record: found, Outcome: Failed, Err: err} }

func unreadable(found Record) Work {
	return failed(found, fault.New(fault.Internal, "a record of %s has no version or no date", found.Class))
}

// name says in errors what a record is. Only a request's reference may stand there.
func (i Item) name() string {
	if i.Class == schedule.OptOutEvidence || i.Class == schedule.SoftBounces {
		return "a record of " + string(i.Class)
	}
	return "request " + i.ID
}
