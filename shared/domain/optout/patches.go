package optout

import (
	"time"

	"privacydesk/shared/domain/patch"
	"privacydesk/shared/domain/schedule"
)

// This file says what the table writes beside choices: what SES knows, what an
// import leaves, what disposal keeps.

// SyncedPatch marks the record as synced with SES, on the condition that its
// version has not moved and it is no tombstone. One without a state, of an
// import that was undone, goes once nothing is due any more.
func (r Record) SyncedPatch(s Projection) patch.Patch {
	var p patch.Patch
	p.If(patch.Is("version", r.Version))
	if r.State == "" && s.DueAt.IsZero() {
		p.KeepOnly()
		p.If(patch.Absent("state"))
		return p
	}
	s.set(&p)
	p.If(patch.Absent("reduced_at"))
	return p
}

// RequeuePatch makes a record due. A tombstone has no address to sync.
func RequeuePatch(at time.Time) patch.Patch {
	var p patch.Patch
	due(&p, at)
	p.If(patch.Present("ref"), patch.Absent("reduced_at"))
	return p
}

// ForgottenPatch marks a tombstone as one that SES does not list.
func ForgottenPatch() patch.Patch {
	var p patch.Patch
	p.Clear("ses")
	p.If(patch.Present("reduced_at"))
	return p
}

// ClaimPatch moves a pending record into a bulk job. pending_at stays: it says
// how long the record has waited. One that is in the job already is taken too:
// else a lost answer would leave it in the job and not in what SES gets.
func (r Record) ClaimPatch(job string) patch.Patch {
	var p patch.Patch
	p.Set("pending", PendingJob+job)
	p.Set("job", job)
	p.If(patch.Is("version", r.Version), patch.OneOf("pending", PendingSync, PendingJob+job))
	return p
}

// ReturnPatch makes a record of a bulk job pending again.
func ReturnPatch(job, reason string) patch.Patch {
	var p patch.Patch
	p.Set("pending", PendingSync)
	p.Set("ses_reason", reason)
	p.Clear("job")
	p.If(patch.Is("pending", PendingJob+job))
	return p
}

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
	p.If(patch.Is("version", r.Version), patch.Is("import", imported))
	return p
}

// OpenedPatch takes the wish to be erased away, once it is a request.
func OpenedPatch() patch.Patch {
	var p patch.Patch
	p.Clear("erase_wanted_at", "erase_language")
	p.If(patch.Present("erase_wanted_at"))
	return p
}

// kept is all that a tombstone may hold: whose choice, of what, and since when.
var kept = []string{
	"ref", "scope", "state", "version", "first_at", "out_since", "changed_at", "until", "reduced_at", "erased_at", "ses", "ses_at",
}

// TombstonePatch makes the tombstone of a record, on the condition that SES
// knows of its choice, which stands as before.
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
