package optout

import (
	"strings"
	"time"

	"privacydesk/shared/domain/patch"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/schedule"
)

// PendingSync is the kind of work that a record waits for while SES must be
// synced with it.
const PendingSync = "ses"

// Fed is the kind of the records in the feed of changes.
const Fed = "choice"

// FromRow reads a record as a table keeps it.
func FromRow(row patch.Row) Record {
	address, _ := person.Parse(row.Text("address"))
	return Record{
		Key:                Key{person.Ref(row.Text("ref")), Scope(row.Text("scope"))},
		State:              State(row.Text("state")),
		Version:            int(row.Int("version")),
		Address:            address,
		Name:               row.Text("name"),
		MadeBy:             row.Text("made_by"),
		FirstAt:            row.Time("first_at"),
		OutSince:           row.Time("out_since"),
		ChangedAt:          row.Time("changed_at"),
		Until:              row.Time("until"),
		ErasureRequestedAt: row.Time("erase_wanted_at"),
		ErasureLanguage:    row.Text("erase_language"),
		ReducedAt:          row.Time("reduced_at"),
		ErasedAt:           row.Time("erased_at"),
		LiftedAt:           row.Time("lifted_at"),
		FedAt:              row.Time("feed_at"),
		Evidence: Evidence{
			Source: Source(row.Text("source")), At: row.Time("changed_at"),
			Campaign: row.Text("campaign"), Form: row.Text("form"), Detail: row.Text("detail"), Officer: row.Text("officer"),
		},
		SoftDays: strings.FieldsFunc(row.Text("soft_days"), func(r rune) bool { return r == ',' }),
		Trace:    traceOf(row),
		Projection: Projection{
			DueAt: row.Time("pending_at"), Status: ListStatus(row.Text("ses")),
			At: row.Time("ses_at"), Reason: row.Text("ses_reason"), Job: row.Text("job"),
		},
	}
}

// Row is the record as a table keeps it, in no bulk job.
func (r Record) Row() patch.Row {
	var p patch.Patch
	r.choice(&p)
	p.Set("ref", r.Ref)
	p.Set("scope", r.Scope)
	p.Set("version", r.Version)
	p.Set("made_by", r.MadeBy)
	p.Set("erase_wanted_at", r.ErasureRequestedAt)
	p.Set("erase_language", r.ErasureLanguage)
	p.Set("erased_at", r.ErasedAt)
	p.Set("lifted_at", r.LiftedAt)
	r.Trace.set(&p)
	r.Projection.Set(&p)
	if !r.FedAt.IsZero() {
		enter(&p, r.FedAt)
	}
	row, _ := p.Apply(nil)
	return row
}

// choice sets all fields of a choice and clears the others. It leaves out the
// request for erasure, which may be open by now, and the page view.
func (r Record) choice(p *patch.Patch) {
	p.Set("state", r.State)
	p.Set("address", r.Address.Reveal())
	p.Set("name", r.Name)
	p.Set("first_at", r.FirstAt)
	p.Set("out_since", r.OutSince)
	p.Set("changed_at", r.ChangedAt)
	p.Set("until", r.Until)
	r.Evidence.set(p)
	p.Set("soft_days", strings.Join(r.SoftDays, ","))
	p.Set("reduced_at", r.ReducedAt)
	class, since := schedule.Class(""), time.Time{}
	if r.State != "" && !r.Tombstone() {
		class, since = Change{Key: r.Key, To: r.State, Evidence: r.Evidence, Observed: &Observation{At: r.ChangedAt, SoftDays: r.SoftDays}}.disposal()
	}
	p.Set("disposal", string(class))
	p.Set("disposal_at", since)
}

// set writes how a choice is known; its time is the record's changed_at.
func (e Evidence) set(p *patch.Patch) {
	p.Set("source", e.Source)
	p.Set("campaign", e.Campaign)
	p.Set("form", e.Form)
	p.Set("detail", e.Detail)
	p.Set("officer", e.Officer)
}

// Set writes what is known of the record on SES's list.
func (s Projection) Set(p *patch.Patch) {
	p.Set("ses", s.Status)
	p.Set("ses_at", s.At)
	p.Set("ses_reason", s.Reason)
	p.Set("job", s.Job)
	if s.DueAt.IsZero() {
		p.Clear("pending", "pending_at")
		return
	}
	due(p, s.DueAt)
}

func due(p *patch.Patch, at time.Time) {
	p.Set("pending", PendingSync)
	p.Set("pending_at", at)
}

// set writes the trace of an import, or takes it away: "import" is its id, and
// "before" what the import has changed, or all that the record was.
func (t Trace) set(p *patch.Patch) {
	var before patch.Patch
	switch {
	case t.Before != nil:
		t.Before.choice(&before)
	case !t.FirstAt.IsZero():
		before.Set("first_at", t.FirstAt)
	}
	row, _ := before.Apply(nil)
	p.Set("import", t.Import)
	p.Set("before", row)
}

func traceOf(row patch.Row) Trace {
	t, before := Trace{Import: row.Text("import")}, row.Row("before")
	if before.Text("state") == "" {
		t.FirstAt = before.Time("first_at")
	} else {
		r := FromRow(before)
		t.Before = &r
	}
	return t
}
