package letters

import (
	"context"
	"errors"
	"iter"
	"time"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/counters"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/mylinks"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/patch"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/quota"
)

// Store holds the letters of both tables.
type Store struct {
	OptOuts  dynamo.Table
	Requests dynamo.Table    // without a name: those of the other table alone are sent
	Counters *counters.Store // nil: nobody can ask for their links
}

var (
	_ outbox.Queue  = (*Store)(nil)
	_ outbox.Ender  = (*Store)(nil)
	_ mylinks.Store = (*Store)(nil)
)

func (t *Store) table(l outbox.Letter) dynamo.Table {
	if personScopes[l.Template] != "" {
		return t.OptOuts
	}
	return t.Requests
}

// Pending implements outbox.Queue.
func (t *Store) Pending(ctx context.Context, now time.Time) iter.Seq2[outbox.Letter, error] {
	return func(yield func(outbox.Letter, error) bool) {
		var failed error // of one table, which does not hold up the other
		for _, table := range []dynamo.Table{t.OptOuts, t.Requests} {
			if table.Name == "" {
				continue
			}
			for i, err := range table.Pending().Rows(ctx, dynamo.PendingMail, now) {
				if err != nil {
					failed = errors.Join(failed, err)
				} else if !yield(Read(i), nil) {
					return
				}
			}
		}
		if failed != nil {
			yield(outbox.Letter{}, dynamo.Fault(failed, "find the mails that must be sent"))
		}
	}
}

// Move implements outbox.Queue.
func (t *Store) Move(ctx context.Context, l outbox.Letter, to outbox.State, due time.Time) error {
	var u patch.Patch
	u.Set("mail_state", to)
	u.Set("pending_at", due)
	if to == outbox.Pending { // it did not go: what it said was never sent
		u.Clear("subject", "text")
	}
	u.If(patch.Is("mail_state", l.State), patch.Is("queued_at", l.QueuedAt), patch.Is("pending_at", l.DueAt))
	err := t.table(l).Update(ctx, Key(l), u)
	return dynamo.Fault(err, "move a mail on")
}

// Keep implements outbox.Queue.
func (t *Store) Keep(ctx context.Context, l outbox.Letter) error {
	var u patch.Patch
	u.Set("subject", l.Subject)
	u.Set("text", l.Text)
	u.If(patch.Is("mail_state", outbox.Sending), patch.Is("queued_at", l.QueuedAt), patch.Is("pending_at", l.DueAt))
	return dynamo.Fault(t.table(l).Update(ctx, Key(l), u), "keep what a mail says")
}

// End implements outbox.Ender.
func (t *Store) End(ctx context.Context, l outbox.Letter) error {
	u := Ended(l)
	u.If(patch.Is("queued_at", l.QueuedAt))
	if personScopes[l.Template] != "" {
		u.Clear("scopes", "address", "language")
		u.Set("expires_at", Expires(l.QueuedAt))
	}
	err := t.table(l).Update(ctx, Key(l), u)
	return dynamo.Fault(err, "end a mail")
}

// Queue stores a letter, unless one of its name is under way.
func (t *Store) Queue(ctx context.Context, l outbox.Letter) error {
	table := t.table(l)
	err := table.Transact(ctx, table.PutWrite(Row(l), patch.Absent("pending")))
	return fault.Unless(fault.Conflict, dynamo.Fault(err, "queue a mail"))
}

// QueueOnce stores a letter, unless one of its name is under way, or was queued at the
// same time or later.
func (t *Store) QueueOnce(ctx context.Context, l outbox.Letter) error {
	table := t.table(l)
	was, err := table.Get(ctx, Key(l))
	before := was.Time("queued_at")
	if err != nil || !before.Before(l.QueuedAt) {
		return dynamo.Fault(err, "read a mail")
	}
	as := patch.Absent("queued_at")
	if !before.IsZero() {
		as = patch.Is("queued_at", before)
	}
	err = table.Transact(ctx, table.PutWrite(Row(l), patch.Absent("pending"), as))
	return fault.Unless(fault.Conflict, dynamo.Fault(err, "queue a mail"))
}

// AskForLinks implements mylinks.Store.
func (t *Store) AskForLinks(ctx context.Context, a mylinks.Asked, limits []quota.Limit) error {
	u := Queued(a.Letter())
	u.Clear("sent_at", "ses_message")
	u.Set("address", a.Address.Reveal())
	u.Set("language", a.Language)
	u.Set("expires_at", a.QueuedAt.Add(mylinks.WaitFor).Unix())
	at := t.Counters.Now()
	err := t.OptOuts.Transact(ctx, append(t.Counters.Writes(limits, at), t.OptOuts.UpdateWrite(Key(a.Letter()), u))...)
	if used := counters.UsedUp(err, limits); len(used) > 0 {
		return quota.Exhausted(at, used...)
	}
	return dynamo.Fault(err, "queue a mail with links")
}

// LinksAsked implements mylinks.Store.
func (t *Store) LinksAsked(ctx context.Context, l outbox.Letter) (mylinks.Asked, error) {
	row, err := t.OptOuts.Get(ctx, Key(l))
	if err != nil {
		return mylinks.Asked{}, dynamo.Fault(err, "read who asked for their links")
	}
	address, err := person.Parse(row.Str("address"))
	if err != nil {
		return mylinks.Asked{}, fault.New(fault.NotFound, "nobody asked for these links")
	}
	return mylinks.Asked{Ref: person.Ref(row.Str("ref")), Address: address, Language: row.Str("language"), QueuedAt: row.Time("queued_at")}, nil
}
