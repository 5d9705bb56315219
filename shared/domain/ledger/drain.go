package ledger

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"privacydesk/shared/domain/fault"
)

// Drain tells the systems what is due. Each system has a line of its own, so that one
// that is slow, or down, holds up no other.
type Drain struct {
	Book    Book
	Systems []System
	Ways    map[string]Way // by System.Way; that of OwnerWay is for owners too
	// Do does a deed to an entry, with an entry of its request's history. Conflict: it
	// cannot be done any more.
	Do func(ctx context.Context, request string, d Deed) error
	// Whom says whom an entry is about, as far as its system needs it. NotFound: there is
	// nobody any more.
	Whom func(ctx context.Context, e Entry, s System) (Person, error)
	Now  func() time.Time
	// Failed hears why an attempt failed; the entry keeps the code alone. nil: nobody does.
	Failed func(ctx context.Context, e Entry, because error)
}

// OwnerWay is the way by which an owner gets a task.
const OwnerWay = "task"

const (
	attemptFor = 2 * time.Minute // for which an attempt is a run's own
	giveUpFor  = 24 * time.Hour  // until an owner, or a system that nobody knows, is tried again
	maxDue     = 20_000          // entries that one run looks at
	maxLine    = 500             // of those, entries of one system that it tells
)

// Report counts what one run did.
type Report struct {
	Told       int // took the task, and answer later
	Answered   int
	Failed     int // attempts that are made again
	HandedOver int // to owners
	Lapsed     int // ended without an answer, which nobody waits for any more
}

func (r *Report) add(o Report) {
	r.Told, r.Answered, r.Failed, r.HandedOver, r.Lapsed = r.Told+o.Told, r.Answered+o.Answered, r.Failed+o.Failed, r.HandedOver+o.HandedOver, r.Lapsed+o.Lapsed
}

// Run works until nothing is due or over says that no more may be begun; the rest stays
// due. Two runs at once tell each system once. The error is the store's.
func (d *Drain) Run(ctx context.Context, over func() bool) (Report, error) {
	lines, failed := d.lines(ctx)
	var (
		wait  sync.WaitGroup
		mutex sync.Mutex
		total Report
	)
	for _, entries := range lines {
		wait.Go(func() {
			did, err := d.line(ctx, entries, over)
			mutex.Lock()
			defer mutex.Unlock()
			total.add(did)
			failed = errors.Join(failed, err)
		})
	}
	wait.Wait()
	return total, failed
}

// lines are the entries that are due, by what they wait for.
func (d *Drain) lines(ctx context.Context) (map[string][]Entry, error) {
	lines, n := map[string][]Entry{}, 0
	for e, err := range d.Book.Due(ctx, d.now()) {
		if err != nil {
			return lines, err // what was found is told all the same
		}
		line := e.System
		if e.ByOwner {
			line = "" // owners are mailed
		}
		if len(lines[line]) < maxLine {
			lines[line] = append(lines[line], e)
		}
		if n++; n == maxDue {
			break
		}
	}
	return lines, nil
}

// line tells one system, until it does not answer.
func (d *Drain) line(ctx context.Context, entries []Entry, over func() bool) (Report, error) {
	var did Report
	var failed error
	for _, e := range entries {
		if over() {
			break
		}
		before := did.Failed
		err := d.one(ctx, e, &did)
		failed = errors.Join(failed, unlessGone(err))
		if fault.CodeOf(err) == fault.Unavailable || did.Failed > before && !e.ByOwner {
			break // the others are due as before
		}
	}
	return did, failed
}

func (d *Drain) now() time.Time { return d.Now().UTC().Truncate(time.Millisecond) }

// one makes one attempt. The error is the store's.
func (d *Drain) one(ctx context.Context, e Entry, did *Report) error {
	s, known := d.system(e.System)
	if known && e.lapses(d.now()) {
		did.Lapsed++
		return d.do(ctx, e, Deed{Act: Answered, State: Failed, Outcome: Outcome{Ground: NoAnswer}})
	}
	tried := e
	tried.Attempts, tried.TellAt = e.Attempts+1, d.now().Add(attemptFor)
	if err := d.Book.Try(ctx, e, tried); err != nil {
		return err
	}
	way := d.Ways[s.Way]
	if e.ByOwner {
		way = d.Ways[OwnerWay]
	}
	if !known || way == nil {
		return d.retry(ctx, tried, fault.New(fault.Invalid, "no way to tell this system is set up"), did)
	}
	answer, err := way.Tell(ctx, d.notice(tried, s))
	switch {
	case err != nil || answer.Gone:
		return d.retry(ctx, tried, gone(err), did)
	case answer.State == Told && e.State == Told && e.OfOwner(s):
		did.Told++
		return d.do(ctx, e, Deed{Act: Reminded, Ask: answer.RetryAt})
	case answer.State == Told && e.State == Told: // it goes on with it
		did.Told++
		asked := tried
		asked.TellAt, asked.Mark, asked.Attempts, asked.Trouble = answer.RetryAt, cmp.Or(answer.Mark, e.Mark), 0, ""
		return d.Book.Try(ctx, tried, asked)
	case answer.State == Told:
		did.Told++
		return d.do(ctx, e, Deed{Act: Taken, Ask: answer.RetryAt, Mark: answer.Mark})
	case !slices.Contains(Outcomes, answer.State):
		return d.retry(ctx, tried, fault.New(fault.Unavailable, "the system gave an answer that is none"), did)
	}
	err = d.do(ctx, e, Deed{Act: Answered, State: answer.State, Outcome: Outcome{Records: answer.Records, Ground: answer.Ground}})
	if fault.Is(err, fault.Invalid) { // what it holds did not come, say: its owner must see to it
		return d.retry(ctx, tried, err, did)
	}
	did.Answered++
	return err
}

// gone is an error; none stands for a system that does not want to be told any more.
func gone(err error) error {
	if err == nil {
		return fault.New(fault.Invalid, "the system does not want to be told any more")
	}
	return err
}

// lapses reports whether nobody waits for an answer any more.
func (e *Entry) lapses(now time.Time) bool {
	return e.State == Told && !e.Required && !now.Before(e.DueAt)
}

func (d *Drain) do(ctx context.Context, e Entry, deed Deed) error {
	deed.System, deed.Task, deed.Notice = e.System, e.Task, e.ID()
	return d.Do(ctx, e.Request, deed)
}

// retry puts a failed attempt off, or hands it over to the owner.
func (d *Drain) retry(ctx context.Context, e Entry, because error, did *Report) error {
	if d.Failed != nil {
		d.Failed(ctx, e, because)
	}
	at, more := next(d.now(), e.Attempts, because)
	s, known := d.system(e.System)
	switch {
	case !more && known && !e.ByOwner && s.Way != OwnerWay:
		did.HandedOver++
		return d.do(ctx, e, Deed{Act: HandedOver})
	case !more:
		at = d.now().Add(giveUpFor)
	}
	did.Failed++
	put := e
	put.TellAt, put.Trouble = at, string(fault.CodeOf(because))
	return d.Book.Try(ctx, e, put)
}

func (d *Drain) system(id string) (System, bool) {
	for _, s := range d.Systems {
		if s.ID == id {
			return s, true
		}
	}
	return System{ID: id}, false
}

func (d *Drain) notice(e Entry, s System) Notice {
	return Notice{
		ID: e.ID(), System: s, Task: e.Task, Request: e.Request, DueAt: e.DueAt, Asked: e.State == Told, Mark: e.Mark,
		Person: func(ctx context.Context) (Person, error) { return d.Whom(ctx, e, s) },
	}
}

// unlessGone takes it for no fault that another run has an entry, that it was answered
// meanwhile, or that its request is gone.
func unlessGone(err error) error {
	if code := fault.CodeOf(err); code == fault.Conflict || code == fault.NotFound {
		return nil
	}
	return err
}
