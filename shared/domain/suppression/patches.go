package suppression

import (
	"time"

	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/patch"
)

// PendingJob begins the kind of work of a record that is in a bulk job. The others
// that are due have optout.PendingSync.
const PendingJob = "job#"

// SyncedPatch marks the record as synced with SES, on the condition that its
// version has not moved and it is no tombstone. One without a state, of an
// import that was undone, goes once nothing is due any more.
func SyncedPatch(r optout.Record, s optout.Projection) patch.Patch {
	var p patch.Patch
	p.If(patch.Is("version", r.Version))
	if r.State == "" && s.DueAt.IsZero() {
		p.KeepOnly()
		p.If(patch.Absent("state"))
		return p
	}
	s.Set(&p)
	p.If(patch.Absent("reduced_at"))
	return p
}

// RequeuePatch makes a record due. A tombstone has no address to sync.
func RequeuePatch(at time.Time) patch.Patch {
	var p patch.Patch
	p.Set("pending", optout.PendingSync)
	p.Set("pending_at", at)
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

// ClaimPatch moves a pending record into a bulk job. pending_at stays: it
// shows how long the record has waited. One that is in the job already is taken too:
// else a lost answer would leave it in the job and not in what SES gets.
func ClaimPatch(r optout.Record, job string) patch.Patch {
	var p patch.Patch
	p.Set("pending", PendingJob+job)
	p.Set("job", job)
	p.If(patch.Is("version", r.Version), patch.OneOf("pending", optout.PendingSync, PendingJob+job))
	return p
}

// ReturnPatch makes a record of a bulk job pending again.
func ReturnPatch(job, reason string) patch.Patch {
	var p patch.Patch
	p.Set("pending", optout.PendingSync)
	p.Set("ses_reason", reason)
	p.Clear("job")
	p.If(patch.Is("pending", PendingJob+job))
	return p
}
