package suppression

import (
	"context"
	"errors"
	"time"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
)

// scan reads one page of the table into the bitmap; after the last it adds what
// the run had seen before this process took it up.
func (c *Reconciler) scan(ctx context.Context) error {
	m := c.memo
	page, next, err := c.Ledger.ScanRecords(ctx, m.cursor)
	if err != nil {
		return err
	}
	now := c.Now()
	for _, r := range page {
		if x := wants(r, now); x != 0 {
			m.bitmap = append(m.bitmap, bitsOf(r.Ref)|x)
		}
	}
	if m.cursor = next; next != "" {
		return nil
	}
	m.bitmap = m.bitmap.merge()
	for n := range m.run.Parts {
		part, err := c.Runs.Seen(ctx, m.run.ID, n)
		if err != nil {
			return err
		}
		for _, x := range part {
			if i := m.bitmap.find(bits(x)); i >= 0 {
				m.bitmap[i] |= seen
			}
		}
	}
	m.scanned = true
	return nil
}

// wants returns the flags of what the record r asks of SES at the time now.
func wants(r optout.Record, now time.Time) bits {
	if !r.Scope.Synced() {
		return 0
	}
	var x bits
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

// readList takes one page of SES's list.
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
	clear(m.counted)
	m.run.Entries += len(entries)
	m.run.Token = next
	if next == "" {
		m.run.Expected = m.bitmap.count(bits.expected)
		if m.run.Phase = ReadingTable; m.bitmap.count(bits.missing) == 0 {
			m.run.Phase = Ending
		}
	}
	if next == "" || m.unsaved >= pagesBetween || m.run.Total() > before {
		return c.checkpoint(ctx)
	}
	return nil
}

// restarts is how often a run may begin anew because SES has forgotten where
// it was. Then it is abandoned: its repairs remain, and the next run
// that is asked for need not wait until this one is stale.
const restarts = 3

func (c *Reconciler) restart(ctx context.Context) error {
	m := c.memo
	run := m.run
	if run.Restarts == restarts {
		run.Phase, run.Abandoned = Ending, true
		m.run, m.newlySeen, m.unsaved = run, nil, 0
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

// compare notes the people whom the table expects, and classifies the other entries.
// They are added last: a page that fails half-way is read again.
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
			c.countOnce(e, Unreadable, "")
			continue
		}
		ref := c.key.Ref(e.Address)
		i := m.bitmap.find(bitsOf(ref))
		if i >= 0 {
			places = append(places, i)
		} else {
			others = append(others, uint64(bitsOf(ref))) // a later scan may have what is recorded of it now
		}
		if i < 0 || !m.bitmap[i].expected() || (e.Reason == ListedBounce) != (m.bitmap[i]&bounced != 0) {
			strange = append(strange, e)
			keys = append(keys, optout.Keys(ref, optout.SyncedScopes...)...)
		}
	}
	if err := c.classifyStrange(ctx, stopAt, strange, keys); err != nil {
		return err
	}
	for _, i := range places {
		if m.bitmap[i]&seen == 0 {
			m.bitmap[i] |= seen
			m.newlySeen = append(m.newlySeen, uint64(m.bitmap[i]&^flags))
		}
	}
	m.newlySeen = append(m.newlySeen, others...)
	return nil
}

// countOnce counts an entry, but not a second time if its page must be read again.
func (c *Reconciler) countOnce(e Entry, cause Cause, ref person.Ref) {
	m, text := c.memo, e.Spelling.Reveal()
	if m.counted == nil {
		m.counted = map[string]bool{}
	}
	if !m.counted[text] {
		m.counted[text] = true
		m.run.count(cause, ref)
	}
}
