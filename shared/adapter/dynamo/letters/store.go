package letters

import (
	"context"
	"errors"
	"iter"
	"time"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/patch"
)

// Store holds the letters of both tables.
type Store struct {
	OptOuts  dynamo.Table
	Requests dynamo.Table // without a name: there are opt-in confirmations alone
}

var (
	_ outbox.Queue = (*Store)(nil)
	_ outbox.Ender = (*Store)(nil)
)

func (t *Store) table(l outbox.Letter) dynamo.Table {
	if confirmationScopes[l.Template] != "" {
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
	if confirmationScopes[l.Template] != "" {
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
