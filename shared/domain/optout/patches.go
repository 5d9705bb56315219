package optout

import (
	"time"

	"privacydesk/shared/domain/patch"
	"privacydesk/shared/domain/schedule"
)

// This file says what the table writes beside choices: what an import leaves and
// what disposal keeps.

// PredatePatch makes a first date earlier. The version stays: nobody has chosen anything.
func PredatePatch(firstAt time.Time, t Trace) patch.Patch {
	var p patch.Patch
	p.Set("first_at", firstAt)
	if t.Import != "" {
		t.set(&p)
	}
	p.If(patch.After("first_at", firstAt))
	return p
}

// DisownPatch takes the trace of an import away.
func DisownPatch(imported string) patch.Patch {
	var p patch.Patch
	Trace{}.set(&p)
	p.If(patch.Is("import", imported))
	return p
}

// RestorePatch makes a record what it was before an import; see backfill.UndoStore.
func (r Record) RestorePatch(imported string, syncAt time.Time) patch.Patch {
	var p patch.Patch
	p.Increment("version")
	r.choice(&p)
	Trace{}.set(&p)
	if !syncAt.IsZero() && (r.Scope.Synced() || r.State == "") {
		due(&p, syncAt)
	}
	switch {
	case r.State == "": // nobody has come back: other systems may know of an opt-out of their own
		p.Clear("feed", "feed_at")
	case !syncAt.IsZero():
		enter(&p, syncAt)
	}
	p.If(patch.Is("version", r.Version), patch.Is("import", imported))
	return p
}

// OpenedPatch clears the request for erasure once it is open.
func OpenedPatch() patch.Patch {
	var p patch.Patch
	p.Clear("erase_wanted_at", "erase_language")
	p.If(patch.Present("erase_wanted_at"))
	return p
}

// kept is all that a tombstone may hold: whose choice, of what, and since when.
var kept = []string{
	"ref", "scope", "state", "version", "first_at", "out_since", "changed_at", "until", "reduced_at", "erased_at", "lifted_at", "ses", "ses_at",
}

// TombstonePatch makes the tombstone of a record, on the condition that SES
// knows of its choice, which stays as it is.
func TombstonePatch(at time.Time, erased bool) patch.Patch {
	p := reduction(at, erased)
	p.If(patch.Absent("pending"))
	return p
}

func reduction(at time.Time, erased bool) patch.Patch {
	var p patch.Patch
	p.KeepOnly(kept...)
	p.SetOnce("reduced_at", at)
	if erased {
		p.Set("erased_at", at)
	}
	return p
}

// Reduce is the record as a tombstone.
func (r Record) Reduce(at time.Time, erased bool) Record {
	row, _ := reduction(at, erased).Apply(r.Row())
	return FromRow(row)
}

// RemovalPatch removes a record of a class that leaves no tombstone, once SES
// knows of it.
func RemovalPatch(version int, class schedule.Class) patch.Patch {
	var p patch.Patch
	p.KeepOnly()
	p.If(patch.Is("version", version), patch.Is("disposal", string(class)), patch.Absent("pending"))
	return p
}
