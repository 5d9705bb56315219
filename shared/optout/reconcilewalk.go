package optout

import (
	"context"
	"errors"
	"time"

	"privacydesk/shared/fault"
	"privacydesk/shared/person"
)

// census reads one page of the table into marks; after the last it marks what
// the walk had seen before this process took it up.
func (c *Reconciler) census(ctx context.Context) error {
	m := c.memo
	page, next, err := c.Ledger.Census(ctx, m.cursor)
	if err != nil {
		return err
	}
	now := c.Now()
	for _, r := range page {
		if x := wants(r, now); x != 0 {
			m.marks = append(m.marks, markOf(r.Ref)|x)
		}
	}
	if m.cursor = next; next != "" {
		return nil
	}
	m.marks = m.marks.merge()
	for n := range m.run.Parts {
		part, err := c.Runs.Seen(ctx, m.run.ID, n)
		if err != nil {
			return err
		}
		for _, x := range part {
			if i := m.marks.find(mark(x)); i >= 0 {
				m.marks[i] |= seen
			}
		}
	}
	m.counted = true
	return nil
}

// wants says in flags what the record r asks of SES at the time now.
func wants(r Record, now time.Time) mark {
	if !r.Scope.Projected() {
		return 0
	}
	var x mark
	if pending(r, now) {
		x |= waiting
	}
	if !r.Suppresses(now) || r.Projection.Status == Unsupported {
		return x
	}
	if r.Scope == Bounce.Scope() {
		x |= bounced
	}
	return x | wanted
}

func pending(r Record, now time.Time) bool {
	return !r.Projection.DueAt.IsZero() && !r.Projection.DueAt.After(now)
}

// walk takes one page of SES's list.
func (c *Reconciler) walk(ctx context.Context, stopAt time.Time) error {
	m := c.memo
	var (
		entries []Entry
		next    string
	)
	err := c.call(ctx, stopAt, func() (err error) {
		entries, next, err = c.List.Page(ctx, m.run.Token)
		return err
	})
	if errors.Is(err, ErrTokenExpired) {
		return c.restart(ctx)
	}
	if err != nil {
		return notNow(err)
	}
	before := m.run.Total()
	if err := c.compare(ctx, stopAt, entries); err != nil {
		return err
	}
	m.run.Pages++
	m.unsaved++
	clear(m.settled)
	m.run.Entries += len(entries)
	m.run.Token = next
	if next == "" {
		m.run.Expected = m.marks.count(mark.expected)
		if m.run.Phase = Mending; m.marks.count(mark.missing) == 0 {
			m.run.Phase = Ending
		}
	}
	if next == "" || m.unsaved >= pagesBetween || m.run.Total() > before {
		return c.checkpoint(ctx)
	}
	return nil
}

// restarts is how often a walk may begin anew because SES has forgotten where
// it stood.
const restarts = 3

func (c *Reconciler) restart(ctx context.Context) error {
	run := c.memo.run
	if run.Restarts == restarts {
		return fault.Wrap(fault.Unavailable, ErrTokenExpired, "walk through SES's list")
	}
	run = Run{Drift: Drift{ID: c.NewID(), DryRun: run.DryRun, Started: run.Started, Calls: run.Calls, Restarts: run.Restarts + 1}, Phase: Walking}
	c.memo = &memo{run: run}
	return c.Runs.SaveRun(ctx, run)
}

// notNow turns a call that failed into the end of this invocation's work: the
// next one tries the same again.
func notNow(err error) error {
	if fault.CodeOf(err) == fault.Unavailable {
		return errNotNow
	}
	return err
}

// compare marks the entries that the table expects, and looks at the others.
// The marks are added last: a page that fails half-way is walked again.
func (c *Reconciler) compare(ctx context.Context, stopAt time.Time, entries []Entry) error {
	m := c.memo
	var (
		places  []int
		others  []uint64
		strange []Entry
		keys    []Key
	)
	for _, e := range entries {
		if e.Address.IsZero() {
			c.once(e, Unreadable, "")
			continue
		}
		ref := c.key.Ref(e.Address)
		i := m.marks.find(markOf(ref))
		if i >= 0 {
			places = append(places, i)
		} else {
			others = append(others, uint64(markOf(ref))) // a later census may have what is recorded of it now
		}
		if i < 0 || !m.marks[i].expected() || e.Reason == ListedBounce && m.marks[i]&bounced == 0 {
			strange = append(strange, e)
			for _, scope := range listed {
				keys = append(keys, Key{ref, scope})
			}
		}
	}
	if err := c.lookAt(ctx, stopAt, strange, keys); err != nil {
		return err
	}
	for _, i := range places {
		if m.marks[i]&seen == 0 {
			m.marks[i] |= seen
			m.fresh = append(m.fresh, uint64(m.marks[i]&^flags))
		}
	}
	m.fresh = append(m.fresh, others...)
	return nil
}

func (c *Reconciler) lookAt(ctx context.Context, stopAt time.Time, strange []Entry, keys []Key) error {
	if len(strange) == 0 {
		return nil
	}
	records, err := c.Ledger.Records(ctx, keys)
	if err != nil {
		return err
	}
	findings := make([]finding, len(strange))
	for i, e := range strange {
		findings[i] = c.judge(e, keys[i*len(listed):(i+1)*len(listed)], records)
	}
	if err := each(findings, c.recordUnheard(ctx)); err != nil {
		return err
	}
	for _, f := range findings {
		if f.unheard {
			c.once(f.Entry, Unheard, f.ref)
		}
	}
	for _, f := range findings {
		if !f.doubtful || c.memo.settled[f.Spelling.Reveal()] {
			continue
		}
		cause, err := c.settle(ctx, stopAt, f)
		if err != nil {
			return notNow(err)
		}
		if cause != "" {
			c.once(f.Entry, cause, f.ref)
		}
	}
	return nil
}

// once counts an entry, but not a second time if its page must be walked again.
func (c *Reconciler) once(e Entry, cause Cause, ref person.Ref) {
	m, text := c.memo, e.Spelling.Reveal()
	if m.settled == nil {
		m.settled = map[string]bool{}
	}
	if !m.settled[text] {
		m.settled[text] = true
		m.run.count(cause, ref)
	}
}

// finding is what an entry that the marks did not expect turns out to be.
type finding struct {
	Entry
	ref      person.Ref
	record   Record // of the entry's own scope: bounce or complaint
	queue    Key    // a record by which the Projector is told to look again
	unheard  bool   // to be recorded
	doubtful bool   // nothing suppresses: only SES can say who made it
}

// judge decides by the records as they are now.
func (c *Reconciler) judge(e Entry, keys []Key, records map[Key]Record) finding {
	f := finding{Entry: e, ref: keys[0].Ref}
	var all []Record
	for _, k := range keys {
		r, found := records[k]
		if found && pending(r, c.Now()) {
			return f // the Projector will tell SES what holds
		}
		if found {
			all, f.queue = append(all, r), k
		}
	}
	own := Key{f.ref, Complaint.Scope()}
	if e.Reason == ListedBounce {
		own.Scope = Bounce.Scope()
	}
	f.record = records[own]
	f.record.Key = own
	listing := ListingOf(c.Now(), all...)
	switch {
	case len(all) == 0, listing == ListedComplaint && e.Reason == ListedBounce && c.news(f):
		f.unheard = true
	case listing == NotListed:
		f.doubtful = true
	}
	return f
}

// news reports whether the entry is younger than what is recorded of its kind.
func (c *Reconciler) news(f finding) bool {
	return f.record.Version == 0 || f.Updated.After(f.record.ChangedAt)
}

// foundBy is how a record says that the walk through the list made it.
const foundBy = "reconcile"

// recordUnheard records what SES has listed without our knowing. The list need
// not be told: SES's own entry stays as it is.
func (c *Reconciler) recordUnheard(ctx context.Context) func(finding) error {
	return func(f finding) error {
		if !f.unheard || c.memo.run.DryRun {
			return nil
		}
		_, err := c.Ledger.Apply(ctx, c.unheard(f))
		if fault.CodeOf(err) == fault.Conflict {
			return nil // it has just been heard of
		}
		return err
	}
}

func (c *Reconciler) unheard(f finding) Change {
	source, version, first := FromComplaint, f.record.Version, f.record.FirstAt
	if f.record.Scope == Bounce.Scope() {
		source = FromBounce
	}
	if version == 0 {
		version = Unrecorded
	}
	if first.IsZero() || f.Updated.Before(first) {
		first = f.Updated
	}
	return Change{
		Key: f.record.Key, To: Out, Address: f.Address, IfVersion: version,
		Evidence: Evidence{Source: source, At: f.Updated, Detail: foundBy},
		Told:     &Told{At: c.Now(), FirstAt: first, SoftDays: f.record.SoftDays, Quiet: true},
	}
}

// settle asks SES who made an entry of somebody who may be mailed, and
// deletes it only if it was not SES.
func (c *Reconciler) settle(ctx context.Context, stopAt time.Time, f finding) (Cause, error) {
	var made bool
	err := c.call(ctx, stopAt, func() (err error) {
		made, err = c.List.MadeBySES(ctx, f.Entry)
		return err
	})
	switch {
	case errors.Is(err, ErrNotListed):
		return "", nil
	case errors.Is(err, ErrUnlistable): // SES lists what it does not take in a call, such as a slash
		return Unreadable, nil
	case err != nil:
		return "", err
	case made && c.news(f):
		f.unheard = true
		return Unheard, c.recordUnheard(ctx)(f)
	case made:
		return SESOwn, nil
	case c.memo.run.DryRun:
		return StillListed, nil
	case f.canonical():
		return StillListed, c.Ledger.Requeue(ctx, f.queue, c.Now())
	}
	return StillListed, c.call(ctx, stopAt, func() error { return c.List.Drop(ctx, f.Entry) })
}
