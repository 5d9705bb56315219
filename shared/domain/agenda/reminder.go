package agenda

import (
	"context"
	"slices"
	"time"

	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/request"
)

// service counts in the days and by the law of the desk.
type service struct{ *request.Service }

// misses reports whether the officer has not been told of a step for certain:
// not at all, or by the digest that is under way. again: that one may have gone.
func misses(m *lifecycle.Reminder, due time.Time, step int, digest outbox.Letter) (yes, again bool) {
	if m == nil || !m.DueAt.Equal(due) || step < m.Step {
		return true, false
	}
	attempted := !digest.DueAt.Equal(digest.QueuedAt)
	underWay := attempted && m.Digest.Equal(digest.QueuedAt)
	return underWay, underWay && digest.State == outbox.Sending
}

// step is the nearest reminder that a due date has come to: the working days
// of one of Settings.RemindDays, or below zero how often it is told that it is
// overdue: -1 at once, -2 after Settings.OverdueAgain days, and so on. It only
// falls as time goes on. false: the date is further away.
func (s service) step(now, due time.Time) (step int, close bool) {
	if now.After(due) {
		return -1 - max(0, s.Law.Days(due, now)-1)/max(1, s.Settings.OverdueAgain), true
	}
	left := s.Law.WorkingDays(now, due)
	for _, days := range slices.Backward(s.Settings.RemindDays) {
		if left <= days {
			return days, true
		}
	}
	return 0, false
}

// lookStep is step for what the officer must look at, which is due at the end
// of the day on which it came: all that a day brings comes in one digest.
func (s service) lookStep(now time.Time, l *lifecycle.Look) (due time.Time, step int, close bool) {
	due = s.Law.EndOfDay(l.Since, 0).UTC()
	if !now.After(due) {
		return due, 0, false
	}
	step, close = s.step(now, due)
	return due, step, close
}

// horizon is the latest due date that has come to a reminder.
func (s service) horizon(now time.Time) time.Time {
	if len(s.Settings.RemindDays) == 0 {
		return now
	}
	return s.Law.WithinWorkingDays(now, s.Settings.RemindDays[0])
}

// line is what the officer reads of a request.
func (s service) line(r *request.Request, now time.Time) (Line, error) {
	due, err := s.Due(*r)
	if err != nil {
		return Line{}, err
	}
	l := Line{Reference: r.ID, Kinds: r.Kinds, Place: r.Place, State: r.State, Due: due, DueAt: r.DueAt, Left: s.Law.WorkingDays(now, r.DueAt)}
	if now.After(r.DueAt) {
		l.Late = max(1, s.Law.Days(r.DueAt, now))
	}
	return l, nil
}

// unreminded is what the officer has not been told of yet.
type unreminded struct {
	due, looks    []request.Summary
	overdue, soon int // of all requests
}

// findUnreminded reads what is due within the horizon, which is then counted,
// and what an officer must look at. digest is the letter that will tell it; the
// zero one: none is under way.
func (s service) findUnreminded(ctx context.Context, a Agenda, digest outbox.Letter, at time.Time, over func() bool) (n unreminded, counted bool, err error) {
	for q, err := range a.Watched(ctx, lifecycle.WatchOpen, s.horizon(at)) {
		if err != nil || over() {
			return n, false, err
		}
		if at.After(q.DueAt) {
			n.overdue++
		} else {
			n.soon++
		}
		if step, close := s.step(at, q.DueAt); close && q.SendAt.IsZero() { // that goes by itself
			if yes, _ := misses(q.Reminded, q.DueAt, step, digest); yes {
				n.due = append(n.due, q)
			}
		}
	}
	for q, err := range a.Watched(ctx, lifecycle.WatchLook, at) {
		if err != nil || over() {
			return n, true, err
		}
		if due, step, close := s.lookStep(at, q.Look); close {
			if yes, _ := misses(q.Look.Reminded, due, step, digest); yes {
				n.looks = append(n.looks, q)
			}
		}
	}
	return n, true, nil
}
