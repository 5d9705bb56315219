package suppression

import (
	"context"
	"errors"
	"time"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
)

// scan reads one page of the table into marks; after the last it marks what
// the walk had seen before this process took it up.
func (c *Reconciler) scan(ctx context.Context) error {
	m := c.memo
	page, next, err := c.Ledger.ScanRecords(ctx, m.cursor)
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
func wants(r optout.Record, now time.Time) mark {
	if !r.Scope.Synced() {
		return 0
	}
	var x mark
	if pending(r, now) {
		x |= waiting
	}
	if !r.Suppresses(now) || r.Projection.Status == optout.Unsupported {
		return x
	}
	if r.Scope == optout.Bounce.Scope() {
		x |= bounced
	}
	return x | wanted
}

func pending(r optout.Record, now time.Time) bool {
	return !r.Projection.DueAt.IsZero() && !r.Projection.DueAt.After(now)
}

// walk takes one page of SES's list.
func (c *Reconciler) readList(ctx context.Context, stopAt time.Time) error {
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
		if m.run.Phase = ReadingTable; m.marks.count(mark.missing) == 0 {
			m.run.Phase = Ending
		}
	}
	if next == "" || m.unsaved >= pagesBetween || m.run.Total() > before {
		return c.checkpoint(ctx)
	}
	return nil
}

// restarts is how often a walk may begin anew because SES has forgotten where
// it stood. Then it is given up: what it has mended stands, and the next walk
// that is asked for need not wait until this one is stale.
const restarts = 3

func (c *Reconciler) restart(ctx context.Context) error {
	m := c.memo
	run := m.run
	if run.Restarts == restarts {
		run.Phase, run.GivenUp = Ending, true
		m.run, m.fresh, m.unsaved = run, nil, 0
		return c.Runs.SaveRun(ctx, run)
	}
	run = Run{Drift: Drift{ID: c.NewID(), DryRun: run.DryRun, Started: run.Started, Calls: run.Calls, Restarts: run.Restarts + 1}, Phase: ReadingList}
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
		keys    []optout.Key
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
		if i < 0 || !m.marks[i].expected() || (e.Reason == ListedBounce) != (m.marks[i]&bounced != 0) {
			strange = append(strange, e)
			for _, scope := range optout.SyncedScopes {
				keys = append(keys, optout.Key{Ref: ref, Scope: scope})
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
