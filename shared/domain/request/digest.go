package request

import (
	"context"
	"iter"
	"slices"
	"time"

	"privacydesk/shared/domain/deadline"
)

// Agenda finds what is due.
type Agenda interface {
	// Watched yields the requests over which a watch is kept until the time by
	// or earlier, soonest first. It reads nothing else.
	Watched(ctx context.Context, w Watch, by time.Time) iter.Seq2[Summary, error]
}

// Reminder is what the officer was last told of a due date. It stands in the
// request and is written, like every change of it, if the version has not
// moved: of two runs one tells.
type Reminder struct {
	DueAt  time.Time // of which it was told; a new date is told of anew
	Step   int       // see Service.step
	Digest string    // id of the digest in which it was
	Again  bool      // and perhaps in an earlier one, of which nobody knows whether it went
}

// Line is one request of a digest. It holds nothing about the person but the
// place whose law counts.
type Line struct {
	Reference string
	Kinds     []Kind
	Place     deadline.Jurisdiction
	State     State
	Due       deadline.Deadline // with the rule that sets it
	DueAt     time.Time
	Left      int  // the controller's working days that are left; 0: none
	Late      int  // days since the date; 0: it is not over
	Again     bool // it was in a digest of which nobody knows whether it went
}

// LookLine is one request of a digest that the officer must look at.
type LookLine struct {
	Reference string
	Kinds     []Kind
	State     State
	Why       LookWhy
	Since     time.Time
	Again     bool // as of a Line
}

// Digest tells the officer what has come closer, and what to look at.
type Digest struct {
	ID      string
	Lines   []Line // soonest first
	Looks   []LookLine
	Overdue int // of all requests, told of or not
	DueSoon int // within the longest reminder, and not overdue
	More    int // lines that did not fit in, for the next one
}

// step is the nearest reminder that a due date has come to: the working days
// of one of Settings.RemindDays, or below zero how often it is told that it is
// overdue: -1 at once, -2 after Settings.OverdueAgain days, and so on. It only
// falls as time goes on. false: the date is further away.
func (s *Service) step(now, due time.Time) (step int, close bool) {
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
func (s *Service) lookStep(now time.Time, l *Look) (due time.Time, step int, close bool) {
	due = s.Law.EndOfDay(l.Since, 0).UTC()
	if !now.After(due) {
		return due, 0, false
	}
	step, close = s.step(now, due)
	return due, step, close
}

// horizon is the latest due date that has come to a reminder.
func (s *Service) horizon(now time.Time) time.Time {
	if len(s.Settings.RemindDays) == 0 {
		return now
	}
	return s.Law.WithinWorkingDays(now, s.Settings.RemindDays[0])
}

// line is what the officer reads of a request.
func (s *Service) line(r *Request, now time.Time) (Line, error) {
	due, err := s.due(r)
	if err != nil {
		return Line{}, err
	}
	l := Line{Reference: r.ID, Kinds: r.Kinds, Place: r.Place, State: r.State, Due: due, DueAt: r.DueAt, Left: s.Law.WorkingDays(now, r.DueAt)}
	if now.After(r.DueAt) {
		l.Late = max(1, s.Law.Days(r.DueAt, now))
	}
	return l, nil
}
