package testkit

import (
	"cmp"
	"context"
	"iter"
	"maps"
	"slices"
	"sync"
	"time"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/mylinks"
	"privacydesk/shared/domain/optin"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/quota"
)

// Outbox holds the letters of both tables in memory. It passes the same
// contract (OutboxContract) as the real one.
type Outbox struct {
	mu            sync.Mutex
	letters       map[letterName]outbox.Letter
	confirmations map[letterName]optout.OptInConfirmation
	links         map[letterName]mylinks.Asked
	Counts        *Counts // what is asked for is counted here
}

type letterName struct {
	subject  string
	seq      int
	template outbox.Template
}

func nameOf(l outbox.Letter) letterName { return letterName{l.SubjectID, l.Seq, l.Template} }

func newOutbox() *Outbox {
	return &Outbox{
		letters: map[letterName]outbox.Letter{}, confirmations: map[letterName]optout.OptInConfirmation{}, links: map[letterName]mylinks.Asked{},
		Counts: &Counts{Now: func() time.Time { return T0 }},
	}
}

// Pending implements outbox.Queue.
func (m *Outbox) Pending(_ context.Context, now time.Time) iter.Seq2[outbox.Letter, error] {
	due := m.find(func(l outbox.Letter) bool { return l.UnderWay() && !l.DueAt.After(now) })
	slices.SortStableFunc(due, func(a, b outbox.Letter) int { return a.DueAt.Compare(b.DueAt) })
	return func(yield func(outbox.Letter, error) bool) {
		for _, l := range due {
			if !yield(l, nil) {
				return
			}
		}
	}
}

// find returns letters in the order of their names.
func (m *Outbox) find(want func(outbox.Letter) bool) []outbox.Letter {
	m.mu.Lock()
	defer m.mu.Unlock()
	found := slices.DeleteFunc(slices.Collect(maps.Values(m.letters)), func(l outbox.Letter) bool { return !want(l) })
	slices.SortFunc(found, func(a, b outbox.Letter) int {
		return cmp.Or(cmp.Compare(a.SubjectID, b.SubjectID), a.Seq-b.Seq, cmp.Compare(a.Template, b.Template))
	})
	return found
}

func (m *Outbox) of(subject string) []outbox.Letter {
	return m.find(func(l outbox.Letter) bool { return l.SubjectID == subject })
}

// change stores what f makes of a letter. Conflict: f refuses it.
func (m *Outbox) change(l outbox.Letter, f func(is *outbox.Letter) bool) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	is := m.letters[nameOf(l)]
	if !f(&is) {
		return moved
	}
	m.letters[nameOf(l)] = is
	return nil
}

// Move implements outbox.Queue.
func (m *Outbox) Move(_ context.Context, l outbox.Letter, to outbox.State, due time.Time) error {
	return m.change(l, func(is *outbox.Letter) bool {
		same := is.State == l.State && is.QueuedAt.Equal(l.QueuedAt) && is.DueAt.Equal(l.DueAt)
		if is.State, is.DueAt = to, due; to == outbox.Pending {
			is.Words = outbox.Words{}
		}
		return same
	})
}

// Keep implements outbox.Queue.
func (m *Outbox) Keep(_ context.Context, l outbox.Letter) error {
	return m.change(l, func(is *outbox.Letter) bool {
		same := is.State == outbox.Sending && is.QueuedAt.Equal(l.QueuedAt) && is.DueAt.Equal(l.DueAt)
		is.Words = l.Words
		return same
	})
}

// End implements outbox.Ender.
func (m *Outbox) End(_ context.Context, l outbox.Letter) error {
	return m.change(l, func(is *outbox.Letter) bool {
		if is.State != outbox.Sending || !is.QueuedAt.Equal(l.QueuedAt) {
			return false
		}
		*is = ended(l)
		delete(m.confirmations, nameOf(l))
		delete(m.links, nameOf(l))
		return true
	})
}

// ended is a letter as it is stored when it has ended.
func ended(l outbox.Letter) outbox.Letter {
	l.DueAt = time.Time{}
	return l
}

// Queue stores a letter, unless one of its name is under way.
func (m *Outbox) Queue(_ context.Context, l outbox.Letter) error {
	_ = m.change(l, func(is *outbox.Letter) bool {
		busy := is.UnderWay()
		*is = l
		return !busy
	})
	return nil
}

// QueueOnce is Queue, unless one was queued at the same time or later.
func (m *Outbox) QueueOnce(_ context.Context, l outbox.Letter) error {
	_ = m.change(l, func(is *outbox.Letter) bool {
		known := is.UnderWay() || !is.QueuedAt.Before(l.QueuedAt)
		*is = l
		return !known
	})
	return nil
}

// settle ends a letter in its owner's transaction.
func (m *Outbox) settle(l outbox.Letter) { m.put(ended(l)) }

func (m *Outbox) ends(l outbox.Letter) bool {
	return m.change(l, func(is *outbox.Letter) bool { return is.State == l.Before() }) == nil
}

func (m *Outbox) put(letters ...outbox.Letter) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, l := range letters {
		m.letters[nameOf(l)] = l
	}
}

func (m *Outbox) remove(subject string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	maps.DeleteFunc(m.letters, func(n letterName, _ outbox.Letter) bool { return n.subject == subject })
}

// confirm queues a confirmation, or joins it to the one that waits.
func (m *Outbox) confirm(c optout.OptInConfirmation) {
	l := optin.Letter(&c)
	m.put(l)
	m.mu.Lock()
	defer m.mu.Unlock()
	c.Versions = maps.Clone(c.Versions)
	for scope, v := range m.confirmations[nameOf(l)].Versions {
		if now, found := c.Versions[scope]; !found || v > now {
			c.Versions[scope] = v
		}
	}
	m.confirmations[nameOf(l)] = c
}

// Confirmation implements optin.Store.
func (m *OptOuts) Confirmation(_ context.Context, l outbox.Letter) (optout.OptInConfirmation, error) {
	m.Outbox.mu.Lock()
	defer m.Outbox.mu.Unlock()
	c, found := m.Outbox.confirmations[nameOf(l)]
	if !found {
		return c, fault.New(fault.NotFound, "there is no such opt-in confirmation")
	}
	return c, nil
}

// ConfirmationsOf returns the opt-in confirmations that are kept of a person.
func (m *OptOuts) ConfirmationsOf(ctx context.Context, ref person.Ref) ([]optout.OptInConfirmation, error) {
	var all []optout.OptInConfirmation
	for _, confirmed := range []bool{false, true} {
		c := optout.OptInConfirmation{Ref: ref, Confirmed: confirmed}
		if c, err := m.Confirmation(ctx, optin.Letter(&c)); err == nil {
			all = append(all, c)
		}
	}
	return all, nil
}

// AskForLinks implements mylinks.Store.
func (m *Outbox) AskForLinks(ctx context.Context, a mylinks.Asked, limits []quota.Limit) error {
	if err := m.Counts.Take(ctx, limits...); err != nil {
		return err
	}
	m.put(a.Letter())
	m.mu.Lock()
	defer m.mu.Unlock()
	m.links[nameOf(a.Letter())] = a
	return nil
}

// LinksAsked implements mylinks.Store.
func (m *Outbox) LinksAsked(_ context.Context, l outbox.Letter) (mylinks.Asked, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	a, found := m.links[nameOf(l)]
	if !found {
		return a, fault.New(fault.NotFound, "nobody asked for these links")
	}
	return a, nil
}
