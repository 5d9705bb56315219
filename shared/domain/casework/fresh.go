package casework

import (
	"context"
	"slices"
	"strconv"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
)

// beside are entries that make no form out of date: what was looked at, what went
// by mail, and what the clock did. All others do, those that are new here too.
var beside = []lifecycle.Event{
	lifecycle.EventLooked, lifecycle.EventRevealed, lifecycle.EventExportedByOfficer, lifecycle.EventFileFetched, lifecycle.EventExported,
	lifecycle.EventMailed, lifecycle.EventMailFailed, lifecycle.EventPosted, lifecycle.EventNotPosted, lifecycle.EventResumed, lifecycle.EventEraseReleased,
	lifecycle.EventSystemTold, lifecycle.EventSystemFetched, lifecycle.EventSystemHandedOver,
}

// Since returns what has happened after an entry that whoever saw the file as of
// that entry must know before they act. None: what they saw still holds.
func Since(events []audit.Entry, seq int) []audit.Entry {
	var since []audit.Entry
	for _, e := range events {
		if e.Seq > seq && !slices.Contains(beside, lifecycle.Event(e.Kind)) {
			since = append(since, e)
		}
	}
	return since
}

// AsOf is a store for an act of whoever saw a request as of an entry. Loading it is
// refused where it is not as they saw it, up to the moment of the act: Save fails on
// what comes after. Conflict: "stale", since which entry; or it has no such entry.
func AsOf(store request.Store, id string, seq int) request.Store { return asOf{store, id, seq} }

type asOf struct {
	request.Store
	id  string
	seq int
}

// Load implements request.Store.
func (a asOf) Load(ctx context.Context, id string) (request.Request, error) {
	r, err := a.Store.Load(ctx, id)
	if err != nil || id != a.id || r.Head.Seq == a.seq {
		return r, err
	}
	f, err := a.Store.File(ctx, id)
	if err == nil {
		err = fresh(f, a.seq)
	}
	return f.Request, err
}

func fresh(f request.File, seq int) error {
	switch since := Since(f.Events, seq); {
	case seq < 1 || seq > f.Request.Head.Seq:
		return fault.New(fault.Conflict, "the form does not say which state of the request it shows; open the request again").Because("stale")
	case len(since) > 0:
		return fault.New(fault.Conflict, "the request has changed since you opened it: %s. Look at it, and send this again", since[len(since)-1].Kind).
			Because("stale", "since", strconv.Itoa(since[0].Seq))
	}
	return nil
}
