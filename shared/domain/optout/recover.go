package optout

import "time"

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
// Each record that holds an address is due for SES from now on.
func Recover(r Record, now, erased time.Time) (Record, bool) {
	if !r.Suppresses(now) {
		return Record{}, false
	}
	if r.State == Paused {
		r.State, r.OutSince, r.Until = Out, r.ChangedAt, time.Time{}
		if r.FirstAt.IsZero() {
			r.FirstAt = r.ChangedAt
		}
	}
	r.MadeBy, r.Trace = "", Trace{}
	r.Projection = Projection{Status: r.Projection.Status, At: r.Projection.At}
	if erased.After(r.ChangedAt) {
		return r.Reduce(erased, true), true
	}
	if r.Scope.Synced() && !r.Tombstone() {
		r.Projection.DueAt = now
	}
	return r, true
}

// Valid reports whether a record is one that this code has written: of a known
// channel, with a state and a version.
func Valid(r Record) bool {
	_, err := ParseScope(string(r.Scope))
	known := err == nil || r.Scope == Bounce.Scope() || r.Scope == Complaint.Scope()
	return known && r.Version > 0 && (r.State == Out || r.State == In || r.State == Paused)
}
