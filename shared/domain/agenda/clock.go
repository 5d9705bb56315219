// Package agenda finds what comes due and does what time brings: it ends
// requests that nobody confirmed or answered, and gathers the officer's digest.
// It writes only through package request, and must not import AWS or HTML.
package agenda

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/request"
)

// Agenda finds what is due.
type Agenda interface {
	// Watched yields the requests over which a watch is kept until the time by
	// or earlier, soonest first. It reads nothing else.
	Watched(ctx context.Context, w lifecycle.Watch, by time.Time) iter.Seq2[request.Summary, error]
}

// Clock does what time brings: it ends what nobody confirmed, lets go on or
// lapse what waits for its person, and queues the officer's digest of what
// comes due. It may run at any time, twice at once, or die anywhere.
type Clock struct {
	Service *request.Service
	Agenda  Agenda
	Letters interface {
		// Queue stores a letter, unless one of its name is under way.
		Queue(context.Context, outbox.Letter) error
		// QueueOnce stores a letter, unless one of its name is under way, or was
		// queued at the same time or later.
		QueueOnce(context.Context, outbox.Letter) error
	}
	Tasks Tasks // of the owners of other systems
}

// Report counts what one run did and found.
type Report struct {
	Expired int // never confirmed
	Lapsed  int // not answered by the person
	Resumed int // the clock runs again without the answer

	Overdue int
	DueSoon int  // and not overdue
	Counted bool // both are known
	Queued  bool // there is news for the officer
}

// Run does what is due until over says that no more may be begun: the next run
// goes on. A request that cannot be worked on holds up no other; all errors
// come back together. Those whom anybody can send come last.
func (c *Clock) Run(ctx context.Context, over func() bool) (Report, error) {
	var (
		report Report
		failed faults
	)
	c.each(ctx, lifecycle.WatchPaused, over, &failed, func(id string) error {
		done, err := c.Service.Lapse(ctx, id)
		switch done {
		case lifecycle.EventExpired:
			report.Lapsed++
		case lifecycle.EventResumed:
			report.Resumed++
		}
		return err
	})
	failed.add(c.digest(ctx, over, &report))
	failed.add(c.weeks(ctx))
	c.each(ctx, lifecycle.WatchUnverified, over, &failed, func(id string) error {
		_, err := c.Service.Expire(ctx, id, audit.BySystem)
		if err == nil {
			report.Expired++
		}
		return err
	})
	return report, failed.joined()
}

// digest queues a digest if there is anything of which the officer has not
// been told.
func (c *Clock) digest(ctx context.Context, over func() bool, report *Report) error {
	s := service{c.Service}
	now := s.rowTime()
	n, counted, err := s.findUnreminded(ctx, c.Agenda, outbox.Letter{}, now, over)
	report.Overdue, report.DueSoon, report.Counted = n.overdue, n.soon, counted
	if err != nil || len(n.due)+len(n.looks) == 0 {
		return err
	}
	report.Queued = true
	return c.Letters.Queue(ctx, digestLetter(now))
}

// each works on all requests whose time is over.
func (c *Clock) each(ctx context.Context, w lifecycle.Watch, over func() bool, failed *faults, do func(id string) error) {
	for s, err := range c.Agenda.Watched(ctx, w, c.Service.Now()) {
		if err != nil {
			failed.add(err)
			return
		}
		if over() {
			return
		}
		switch err := do(s.ID); fault.CodeOf(err) {
		case fault.Conflict, fault.NotFound: // another run was faster, or the person; or it was disposed of
		default:
			failed.add(err)
		}
	}
}

// faults collects errors, and keeps the first few: a table that is down fails
// for each of a thousand requests.
type faults struct {
	some []error
	more int
}

const faultsKept = 10

func (f *faults) add(err error) {
	switch {
	case err == nil:
	case len(f.some) == faultsKept:
		f.more++
	default:
		f.some = append(f.some, err)
	}
}

func (f *faults) joined() error {
	if f.more == 0 {
		return errors.Join(f.some...)
	}
	return errors.Join(append(f.some, fmt.Errorf("and %d more", f.more))...)
}

// Soonest yields all that is watched until the time by, what is next first,
// whatever is waited for in it; what an officer must look at is next since the
// mail came, and stands there alone.
func Soonest(ctx context.Context, a Agenda, by time.Time) iter.Seq2[request.Summary, error] {
	return func(yield func(request.Summary, error) bool) {
		var heads []*head
		for _, w := range lifecycle.Watches {
			next, stop := iter.Pull2(a.Watched(ctx, w, by))
			defer stop()
			h := &head{next: next, watch: w}
			if h.pull(); h.more {
				heads = append(heads, h)
			}
		}
		for len(heads) > 0 {
			first := slices.MinFunc(heads, func(a, b *head) int { return a.Watched.Compare(b.Watched) })
			if !yield(first.Summary, first.err) || first.err != nil {
				return
			}
			if first.pull(); !first.more {
				heads = slices.DeleteFunc(heads, func(h *head) bool { return h == first })
			}
		}
	}
}

// head is the next of one watch.
type head struct {
	request.Summary
	err  error
	more bool
	next func() (request.Summary, error, bool)

	watch lifecycle.Watch
}

func (h *head) pull() {
	for {
		h.Summary, h.err, h.more = h.next()
		if !h.more || h.err != nil || h.Look == nil || h.watch == lifecycle.WatchLook {
			return
		}
	}
}
