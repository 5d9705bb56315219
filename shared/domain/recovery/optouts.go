package recovery

import (
	"slices"
	"time"

	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
)

// Recover says what comes back of a record that an older copy of the table has
// and the table has lost. Nobody knows what the person has chosen since the
// copy, so only what keeps them from being contacted comes back, and nothing
// that could end it by itself:
//
//   - An opt-out and a tombstone come back. No undo of that time can take them
//     back.
//   - A pause that still runs comes back as an opt-out: they may have left for
//     good since, and its end would be the end of that.
//   - A return, or a pause that is over, does not come back (false). Without a
//     record SES's list decides: whom it holds, the Reconciler records as out.
//   - Whoever was erased since comes back as a tombstone.
//
// Each record that holds an address is due for SES, and in the feed, from now on.
func Recover(r optout.Record, now, erased time.Time) (optout.Record, bool) {
	if !r.Suppresses(now) {
		return optout.Record{}, false
	}
	if r.State == optout.Paused {
		r.State, r.OutSince, r.Until = optout.Out, r.ChangedAt, time.Time{}
		if r.FirstAt.IsZero() {
			r.FirstAt = r.ChangedAt
		}
	}
	r.MadeBy, r.Trace = "", optout.Trace{}
	r.Projection = optout.Projection{Status: r.Projection.Status, At: r.Projection.At}
	switch {
	case erased.After(r.ChangedAt):
		return r.Reduce(erased, true), true
	case r.Tombstone():
		return r.Reduce(r.ReducedAt, false), true // whatever else the copy holds
	case r.ErasureRequestedAt.IsZero():
		r.ErasureLanguage = ""
	}
	if r.FedAt = now; r.Scope.Synced() {
		r.Projection.DueAt = now
	}
	return r, true
}

// Supersedes reports whether a record of an older copy replaces the one in
// service. It does where that is none that this code writes. It also does where
// the copy keeps the person from being mailed and the record in service no
// longer does so as strictly, if that record is older than the copy's, or was
// changed in a time in which nobody wanted to come back (spoilt).
func Supersedes(was, is optout.Record, now time.Time, spoilt bool) bool {
	if is.State == "" || !valid(is) {
		return is.State != "" || is.Projection.DueAt.IsZero() // else an import that was undone
	}
	ends := !is.Suppresses(now) || is.State == optout.Paused && was.State == optout.Out
	older := is.Version < was.Version && is.ChangedAt.Before(was.ChangedAt)
	return was.Suppresses(now) && ends && (older || spoilt)
}

// ErasedTombstone is the tombstone of somebody who was erased and of whom no
// record about e-mail is left: an erasure opts out, and an import must meet it.
func ErasedTombstone(ref person.Ref, at time.Time) optout.Record {
	key := optout.Key{Ref: ref, Scope: optout.Email.Scope()}
	return optout.Record{Key: key, State: optout.Out, Version: 1, FirstAt: at, OutSince: at, ChangedAt: at}.Reduce(at, true)
}

// valid reports whether a record is one that this code has written: of a known
// channel, with a state and a version.
func valid(r optout.Record) bool {
	_, err := optout.ParseScope(string(r.Scope))
	return (err == nil || r.Scope.Synced()) && r.Version > 0 && slices.Contains([]optout.State{optout.Out, optout.In, optout.Paused}, r.State)
}
