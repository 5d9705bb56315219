package outbox

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/quota"
)

// How many letters one run holds, and how many one mail lists.
const (
	maxHeld   = 2000
	maxJoined = 50
)

// mailbox is where letters go that somebody may have caused in another's name.
type mailbox struct {
	to    person.Address
	cause quota.Cause
}

// hold keeps a letter until all that waits for its mailbox is known. What it
// is about is read anew when it is sent.
func (r *run) hold(l Letter, s Subject) {
	s.About = nil
	key := mailbox{s.To, l.Cause}
	r.held[key] = append(r.held[key], Item{Letter: l, Subject: s})
	r.count++
}

// oldestFirst returns the mailboxes by their oldest subject, and the letters of
// each by theirs.
func (r *run) oldestFirst() [][]Item {
	older := func(a, b Item) int {
		return cmp.Or(a.Subject.Since.Compare(b.Subject.Since), cmp.Compare(a.Letter.SubjectID, b.Letter.SubjectID), a.Seq-b.Seq)
	}
	all := slices.Collect(maps.Values(r.held))
	for _, items := range all {
		slices.SortFunc(items, older)
	}
	slices.SortFunc(all, func(a, b []Item) int { return older(a[0], b[0]) })
	return all
}

func (r *run) postpone(ctx context.Context, items []Item, full error) error {
	var failed error
	for _, i := range items {
		err := unlessGone(r.Queue.Move(ctx, i.Letter, i.State, fault.RetryAt(full)))
		if fault.CodeOf(err) == fault.Unavailable {
			return errors.Join(failed, err)
		}
		failed = errors.Join(failed, err)
		r.report.Postponed++
		if errors.Is(full, quota.ErrBudget) {
			r.report.OverBudget++
		}
	}
	return failed
}
