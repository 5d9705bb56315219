package agenda

import (
	"context"
	"errors"
	"time"

	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
)

// Digest tells the officer what has come closer, and what to look at.
type Digest struct {
	Lines   []Line // soonest first
	Looks   []LookLine
	Overdue int // of all requests, told of or not
	DueSoon int // within the longest reminder, and not overdue
	More    int // lines that did not fit in, for the next one

	failed error // of requests that could not be read
}

// Line is one request of a digest. It holds nothing about the person but the
// place whose law counts.
type Line struct {
	Reference string
	Kinds     []intake.Kind
	Place     deadline.Jurisdiction
	State     lifecycle.State
	Due       deadline.Deadline // with the rule that sets it
	DueAt     time.Time
	Left      int  // the controller's working days that are left; 0: none
	Late      int  // days since the date; 0: it is not over
	Again     bool // it was in a digest of which nobody knows whether it went

	reminder lifecycle.Reminder
}

// LookLine is one request of a digest that the officer must look at.
type LookLine struct {
	Reference string
	Kinds     []intake.Kind
	State     lifecycle.State
	Why       lifecycle.LookWhy
	Since     time.Time
	Again     bool // as of a Line

	reminder lifecycle.Reminder
}

// MailDigest is the template of the digest.
const MailDigest outbox.Template = "digest"

// DigestID is the subject of the digest, and no request.
const DigestID = "#clock"

// digestLetter is the one row of the digest: while it is under way there is no
// second one.
func digestLetter(now time.Time) outbox.Letter {
	return outbox.Letter{SubjectID: DigestID, Template: MailDigest, QueuedAt: now, DueAt: now, State: outbox.Pending}
}

// maxLines is how many requests one digest names; the next one tells of more.
const maxLines = 200

// Digests is the outbox.Owner of the officer's digest. It is gathered when it
// is sent. What it has told is written into the requests once it has gone. What
// cannot be written, or may not have gone, is told again and says so.
type Digests struct {
	*request.Service
	Agenda Agenda
	Ender  outbox.Ender
	To     person.Address
}

// Read implements outbox.Owner.
func (d Digests) Read(ctx context.Context, l outbox.Letter) (outbox.Subject, error) {
	g := gathering{service: service{d.Service}, letter: l}
	g.at = g.rowTime()
	n, _, err := g.findUnreminded(ctx, d.Agenda, g.at, never)
	if err != nil {
		return outbox.Subject{}, err
	}
	g.Overdue, g.DueSoon = n.overdue, n.soon
	for _, due := range n.due {
		if err := g.add(ctx, due, g.line); err != nil {
			return outbox.Subject{}, err
		}
	}
	for _, look := range n.looks {
		if err := g.add(ctx, look, func(r *request.Request) error { return g.lookLine(ctx, r) }); err != nil {
			return outbox.Subject{}, err
		}
	}
	return outbox.Subject{To: d.To, Obsolete: g.size() == 0, About: g.Digest}, nil
}

func never() bool { return false }

// Settle implements outbox.Owner.
func (d Digests) Settle(ctx context.Context, i outbox.Item) error {
	digest, _ := i.Subject.About.(Digest)
	if i.State == outbox.Sent {
		if err := d.remind(ctx, digest); err != nil {
			return errors.Join(digest.failed, err) // the letter stays Sending: the rest comes again, marked
		}
	}
	return errors.Join(digest.failed, d.Ender.End(ctx, i.Letter))
}

// remind writes down what a digest has told.
func (d Digests) remind(ctx context.Context, digest Digest) error {
	var failed faults
	for _, l := range digest.Lines {
		failed.add(d.Remind(ctx, l.Reference, time.Time{}, l.reminder))
	}
	for _, l := range digest.Looks {
		failed.add(d.Remind(ctx, l.Reference, l.Since, l.reminder))
	}
	return failed.joined()
}

// rowTime is the time of a run, as the rows have it.
func (s service) rowTime() time.Time { return s.Now().UTC().Truncate(time.Millisecond) }

// gathering is the making of one digest.
type gathering struct {
	service
	Digest
	letter outbox.Letter
	at     time.Time
}

func (g *gathering) size() int { return len(g.Lines) + len(g.Looks) }

// add adds a request as it is now. One that cannot be read holds up no other.
func (g *gathering) add(ctx context.Context, s request.Summary, add func(*request.Request) error) error {
	if g.size() == maxLines {
		g.More++
		return nil
	}
	r, err := g.Store.Load(ctx, s.ID)
	if err == nil {
		err = add(&r)
	}
	switch fault.CodeOf(err) {
	case fault.Unavailable:
		return err
	case fault.NotFound:
		return nil
	}
	g.failed = errors.Join(g.failed, err)
	return nil
}

// line adds what the officer reads of a due date, unless they have read it.
func (g *gathering) line(r *request.Request) error {
	step, close := g.step(g.at, r.DueAt)
	if watch, _ := r.Watched(); watch != lifecycle.WatchOpen || !close || !misses(r.Reminded, r.DueAt, step) {
		return nil
	}
	l, err := g.service.line(r, g.at)
	if err != nil {
		return err
	}
	before, was := g.step(g.letter.DueAt, r.DueAt)
	l.Again = g.again() && was && before == step
	l.reminder = lifecycle.Reminder{DueAt: r.DueAt, Step: step}
	g.Lines = append(g.Lines, l)
	return nil
}

// lookLine is line for what the officer must look at.
func (g *gathering) lookLine(ctx context.Context, r *request.Request) error {
	if r.Look == nil || r.Reduced() {
		return nil
	}
	due, step, close := g.lookStep(g.at, r.Look)
	if !close || !misses(r.Look.Reminded, due, step) {
		return nil
	}
	l := LookLine{
		Reference: r.ID, Kinds: r.Kinds, State: r.State, Why: r.Look.Why, Since: r.Look.Since, reminder: lifecycle.Reminder{DueAt: due, Step: step},
	}
	if _, before, was := g.lookStep(g.letter.DueAt, r.Look); g.again() && was && before == step {
		f, err := g.Store.File(ctx, r.ID)
		if err != nil {
			return err
		}
		l.Again = !lookedFrom(f).After(g.letter.DueAt)
	}
	g.Looks = append(g.Looks, l)
	return nil
}

// again reports whether an earlier attempt, which was over when the letter came
// due, may have told of a step already.
func (g *gathering) again() bool { return g.letter.State == outbox.Sending }

// lookedFrom is since when an officer must look, as the history has it: a mail
// may be read long after it came.
func lookedFrom(f request.File) (at time.Time) {
	for _, e := range f.Events {
		if e.Kind == string(lifecycle.EventReplied) || e.Kind == string(lifecycle.EventKept) {
			at = e.At
		}
	}
	return at
}
