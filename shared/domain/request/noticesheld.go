package request

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/quota"
)

// How much one run looks at, and how many requests one mail lists.
const (
	maxHeld   = 2000
	maxJoined = 50
)

// mailboxes are the letters that somebody may have caused in another's name,
// by mailbox and cause.
type mailboxes struct {
	letters map[mailbox][]Letter
	held    int
}

type mailbox struct {
	ref   person.Ref
	cause quota.Cause
}

// hold keeps a notice until all that waits for its mailbox is known.
func (n *Notifier) hold(ctx context.Context, m *mailboxes, notice Notice) error {
	if m.held == maxHeld {
		return nil // the next run's
	}
	r, err := n.Service.Store.Load(ctx, notice.RequestID)
	if err != nil {
		return unlessGone(err)
	}
	if m.letters == nil {
		m.letters = map[mailbox][]Letter{}
	}
	key := mailbox{r.Ref, notice.Cause}
	kept := Request{Ref: r.Ref, Address: r.Address, ReceivedAt: r.ReceivedAt} // it is read anew when it is written about
	m.letters[key] = append(m.letters[key], Letter{kept, notice})
	m.held++
	return nil
}

// oldestFirst returns the mailboxes by their oldest request, and the letters
// of each by theirs.
func (m *mailboxes) oldestFirst() [][]Letter {
	var all [][]Letter
	older := func(a, b Letter) int {
		return cmp.Or(a.Request.ReceivedAt.Compare(b.Request.ReceivedAt), cmp.Compare(a.Notice.RequestID, b.Notice.RequestID), a.Notice.Seq-b.Notice.Seq)
	}
	for _, letters := range m.letters {
		slices.SortFunc(letters, older)
		all = append(all, letters)
	}
	slices.SortFunc(all, func(a, b []Letter) int { return older(a[0], b[0]) })
	return all
}

// sendHeld sends what waits for a mailbox in one mail, or postpones all of it
// until there is room.
func (n *Notifier) sendHeld(ctx context.Context, letters []Letter, report *NotifierReport) error {
	first := letters[0]
	full := n.Mails.Room(ctx, first.Notice.Cause, first.Request.Address)
	switch fault.CodeOf(full) {
	case "":
		var notices []Notice
		for _, l := range letters[:min(len(letters), maxJoined)] {
			notices = append(notices, l.Notice)
		}
		return n.send(ctx, notices, report)
	case fault.TooMany:
		return n.postpone(ctx, letters, full, report)
	}
	report.Failed++ // whether there is room is not known
	return nil
}

func (n *Notifier) postpone(ctx context.Context, letters []Letter, full error, report *NotifierReport) error {
	var failed error
	for _, l := range letters {
		err := unlessGone(n.Queue.ReleaseNotice(ctx, l.Notice, fault.RetryAt(full)))
		if fault.CodeOf(err) == fault.Unavailable {
			return errors.Join(failed, err)
		}
		failed = errors.Join(failed, err)
		report.Postponed++
		if errors.Is(full, quota.ErrBudget) {
			report.OverBudget++
		}
	}
	return failed
}
