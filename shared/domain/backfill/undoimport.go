package backfill

import (
	"context"
	"sync"
	"time"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
)

// took reports whether the import has made the opt-out.
func took(t optout.Trace, imported string) bool {
	return imported != "" && t.Import == imported && t.FirstAt.IsZero()
}

// trace is what the import leaves with the record r that it changes.
func (m Import) trace(r optout.Record) optout.Trace {
	if m.ID == "" {
		return optout.Trace{}
	}
	t := optout.Trace{Import: m.ID}
	if r.State != "" {
		r.Trace, r.Projection = optout.Trace{}, optout.Projection{}
		t.Before = &r
	}
	return t
}

// disown takes the trace away from an opt-out that has another reason too.
func disown(ctx context.Context, s interface {
	Disown(context.Context, optout.Key, string) error
}, r optout.Record) error {
	if r.Trace.Import == "" {
		return nil
	}
	return s.Disown(ctx, r.Key, r.Trace.Import)
}

// undone is the record as it was before the import: without a state where there
// was none. It reports false where the import has left nothing to take back. A
// record that was a tombstone stays as it is, since the address must not come
// back and SES could not be synced without.
func undone(r optout.Record, imported string) (optout.Record, bool) {
	t := r.Trace
	switch {
	case imported == "" || t.Import != imported:
		return optout.Record{}, false
	case !t.FirstAt.IsZero():
		r.FirstAt, r.Trace = t.FirstAt, optout.Trace{}
		return r, true
	case t.Before == nil:
		return optout.Record{Key: r.Key, Version: r.Version, Address: r.Address, ErasedAt: r.ErasedAt}, true
	case t.Before.Tombstone():
		return optout.Record{}, false
	}
	before := *t.Before
	before.Key, before.Version, before.ErasedAt = r.Key, r.Version, r.ErasedAt
	return before, true
}

// UndoStore is what undoing an import needs of the table.
type UndoStore interface {
	// Imported returns the records with a trace of an import after cursor (""
	// begins), and the cursor of the next page, "" at the end. A page may be
	// empty and not the last. Invalid: the cursor is none that it has given.
	Imported(ctx context.Context, imported, cursor string) (page []optout.Record, next string, err error)
	// Restore makes a record what it was, on the condition that it has still the
	// version and a trace of the import. SES is to be synced from the time
	// syncAt on, unless that is zero. A record without a state is none: its row
	// goes once SES is synced. Conflict: the condition does not hold.
	Restore(ctx context.Context, was optout.Record, imported string, syncAt time.Time) error
}

// UndoCounts counts what undoing an import did.
type UndoCounts struct {
	Withdrawn int // opt-outs taken back
	Reverted  int // people who stay as they are, with the first date or evidence of before
	Left      int // records left alone
	Unsettled int // records that could not be written: the same page does the rest
}

// Undoer takes imports back.
type Undoer struct {
	Store UndoStore
	Now   func() time.Time
}

// Undo takes back what one import did, a page of the table at a time, to people
// to whom nothing has happened since. Doing it again does the rest. Its errors
// are those of Imported.
func (u *Undoer) Undo(ctx context.Context, imported, cursor string) (did UndoCounts, next string, err error) {
	page, next, err := u.Store.Imported(ctx, imported, cursor)
	if err != nil {
		return UndoCounts{}, "", err
	}
	var mu sync.Mutex
	inParallel(importWriters, page, func(r optout.Record) {
		one := u.one(ctx, r, imported)
		mu.Lock()
		defer mu.Unlock()
		did.add(one)
	})
	return did, next, nil
}

func (u *Undoer) one(ctx context.Context, r optout.Record, imported string) UndoCounts {
	was, ok := undone(r, imported)
	if !ok {
		return UndoCounts{Left: 1}
	}
	err := ctx.Err()
	now, syncAt := u.Now(), time.Time{}
	if was.State != r.State || was.Suppresses(now) != r.Suppresses(now) {
		syncAt = now
	}
	if err == nil {
		err = u.Store.Restore(ctx, was, imported, syncAt)
	}
	switch {
	case fault.CodeOf(err) == fault.Conflict:
		return UndoCounts{Left: 1} // something has happened to it just now
	case err != nil:
		return UndoCounts{Unsettled: 1}
	case r.State == optout.Out && was.State != optout.Out:
		return UndoCounts{Withdrawn: 1}
	}
	return UndoCounts{Reverted: 1}
}

func (d *UndoCounts) add(o UndoCounts) {
	d.Withdrawn, d.Reverted = d.Withdrawn+o.Withdrawn, d.Reverted+o.Reverted
	d.Left, d.Unsettled = d.Left+o.Left, d.Unsettled+o.Unsettled
}
