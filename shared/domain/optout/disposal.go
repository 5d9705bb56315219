package optout

import (
	"slices"
	"time"

	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/schedule"
)

// disposal is the class that the record is of after the change, and the date
// that starts its period: when the last choice came to be known, or the last day
// of a temporary bounce. A tombstone is of no class: it is kept for good.
func (c Change) disposal() (class schedule.Class, since time.Time) {
	if c.Scope == Bounce.Scope() && c.To == In && c.Evidence.Source == FromSoftBounces && c.Observed != nil && len(c.Observed.SoftDays) > 0 {
		if day, err := time.Parse(time.DateOnly, c.Observed.SoftDays[len(c.Observed.SoftDays)-1]); err == nil {
			return schedule.SoftBounces, day
		}
	}
	return schedule.OptOutEvidence, c.knownAt()
}

// Tombstone reports whether nothing is left of the record but the choice
// itself: whose by keyed reference, of what, and since when.
func (r Record) Tombstone() bool { return !r.ReducedAt.IsZero() }

// Final reports whether a tombstone needs nothing more: the person is out, and SES
// knows if it has to.
func (r Record) Final() bool {
	synced := r.Projection.Status == Listed || r.Projection.Status == Unsupported
	return r.Tombstone() && r.State == Out && (synced || !r.Scope.Synced())
}

// over is what an opt-out made now is when it meets the record r. A final
// tombstone stays one: the opt-out holds already, so nothing that was erased
// comes back. Only a wish to be erased still needs the address. An opt-out that
// another page view made cannot be undone by this one any more, nor by that.
func (c Change) Over(r Record) Change {
	if c.To != Out || c.Observed != nil {
		return c
	}
	if r.State == Out && r.MadeBy != c.MadeBy {
		c.MadeBy = ""
	}
	c.datesOnly = r.Final() && !c.ErasureRequested
	return c
}

// together is what opt-outs made together are when they meet the records that
// there are. Whoever was erased, and whose opt-out meets a final tombstone,
// comes back by no other scope either: SES is not synced with it, so a record that
// begins with it needs no address. A request for erasure still does.
func together(changes []Change, known map[Key]Record) []Change {
	all, erased := slices.Clone(changes), map[person.Ref]time.Time{}
	for i, c := range changes {
		all[i] = c.Over(known[c.Key])
		if at := known[c.Key].ErasedAt; all[i].datesOnly && at.After(erased[c.Ref]) {
			erased[c.Ref] = at
		}
	}
	for i, c := range all {
		if _, there := known[c.Key]; !there && c.To == Out && c.Observed == nil && !c.Scope.Synced() && !c.ErasureRequested {
			all[i].erasedAt = erased[c.Ref]
		}
	}
	return all
}
