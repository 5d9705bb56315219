package suppression

import (
	"context"

	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
)

// repair reads one page of the table for people whom SES should have and was
// not seen to have, and makes them pending again.
func (c *Reconciler) repair(ctx context.Context) error {
	m := c.memo
	page, next, err := c.Ledger.ScanRecords(ctx, m.run.Cursor)
	if err != nil {
		return err
	}
	var (
		refs   []person.Ref
		places = map[int]bool{} // once a person, whatever their records
	)
	for _, r := range page {
		i := m.bitmap.find(bitsOf(r.Ref))
		if i >= 0 && !places[i] && m.bitmap[i].missing() && wants(r, c.Now())&wanted != 0 {
			places[i] = true
			refs = append(refs, r.Ref)
		}
	}
	if err := c.putAgain(ctx, refs); err != nil {
		return err
	}
	for i := range places {
		m.bitmap[i] |= seen
	}
	if m.run.Cursor = next; next == "" {
		m.run.Phase = Ending
	}
	if len(refs) == 0 && next != "" {
		return nil
	}
	m.unsaved++
	return c.checkpoint(ctx)
}

func (c *Reconciler) putAgain(ctx context.Context, refs []person.Ref) error {
	if len(refs) == 0 {
		return nil
	}
	var keys []optout.Key
	for _, ref := range refs {
		keys = append(keys, optout.Keys(ref, optout.SyncedScopes...)...)
	}
	records, err := c.Ledger.Records(ctx, keys)
	if err != nil {
		return err
	}
	var again, gone []optout.Key
	for _, ref := range refs {
		k, cause := c.lost(ref, records)
		if cause != "" {
			c.memo.run.count(cause, ref)
		}
		switch {
		case cause == Missing:
			again = append(again, k)
		case cause == MissingErased && records[k].Final():
			gone = append(gone, k)
		}
	}
	if c.memo.run.DryRun {
		return nil
	}
	if err := each(gone, func(k optout.Key) error { return c.Ledger.Forgotten(ctx, k) }); err != nil {
		return err
	}
	return each(again, func(k optout.Key) error { return c.Ledger.Requeue(ctx, k, c.Now()) })
}

// lost decides, by the records as they are now, whether SES has lost a person.
// What has changed or was synced since the run began is not lost. The key is that
// of the record by which SES can be synced again, now or at the next opt-out.
func (c *Reconciler) lost(ref person.Ref, records map[optout.Key]optout.Record) (optout.Key, Cause) {
	began := c.memo.run.Started
	key, cause := optout.Key{}, Cause("")
	for _, k := range optout.Keys(ref, optout.SyncedScopes...) {
		r, found := records[k]
		switch {
		case !found:
		case pending(r, c.Now()), r.ChangedAt.After(began), r.Projection.At.After(began):
			return optout.Key{}, ""
		case wants(r, c.Now())&wanted == 0, cause == Missing:
		case r.Address.IsZero():
			key, cause = optout.Key{Ref: ref, Scope: optout.Email.Scope()}, MissingErased
		default:
			key, cause = r.Key, Missing
		}
	}
	return key, cause
}

// putBounce has an entry put again as the bounce that it was: mails that a
// person has asked for are held back by nothing less.
func (c *Reconciler) putBounce(ctx context.Context, f finding) error {
	if f.queue == (optout.Key{}) {
		c.countOnce(f.Entry, MissingErased, f.ref)
		return nil
	}
	c.countOnce(f.Entry, Missing, f.ref)
	if c.memo.run.DryRun {
		return nil
	}
	return c.Ledger.Requeue(ctx, f.queue, c.Now())
}
