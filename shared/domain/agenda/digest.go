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
// is sent. What it tells is written into the requests before it goes, with the
// digest that tells it: one that may not have gone tells it again, and says so.
// A request that cannot be written is left out, so that it does not bring the
// same mail again and again.
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
	n, _, err := g.findUnreminded(ctx, d.Agenda, l, g.at, never)
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
		if err := g.add(ctx, look, g.lookLine); err != nil {
			return outbox.Subject{}, err
		}
	}
	return d.subject(g.Digest), nil
}

func (d Digests) subject(digest Digest) outbox.Subject {
	return outbox.Subject{To: d.To, Obsolete: digest.size() == 0, About: digest}
}

func never() bool { return false }

// Prepare implements outbox.Preparer: it writes down what the digest tells, and
// leaves out what it cannot write.
func (d Digests) Prepare(ctx context.Context, i outbox.Item) (outbox.Subject, error) {
	digest, _ := i.Subject.About.(Digest)
	all := digest
	all.Lines, all.Looks = nil, nil
	for _, l := range digest.Lines {
		if told, err := all.tell(d.Remind(ctx, l.Reference, time.Time{}, l.reminder)); err != nil {
			return outbox.Subject{}, err
		} else if told {
			all.Lines = append(all.Lines, l)
		}
	}
	for _, l := range digest.Looks {
		if told, err := all.tell(d.Remind(ctx, l.Reference, l.Since, l.reminder)); err != nil {
			return outbox.Subject{}, err
		} else if told {
			all.Looks = append(all.Looks, l)
		}
	}
	return d.subject(all), nil
}

// Settle implements outbox.Owner. A digest whose address is refused is tried
// again: it stays Sending.
func (d Digests) Settle(ctx context.Context, i outbox.Item) error {
	digest, _ := i.Subject.About.(Digest)
	if i.State == outbox.Refused {
		return digest.failed
	}
	return errors.Join(digest.failed, d.Ender.End(ctx, i.Letter))
}

// tell reports whether the digest tells of a request, by what reading or
// writing it came to. Only a table that is down holds up the others.
func (d *Digest) tell(err error) (bool, error) {
	switch fault.CodeOf(err) {
	case "":
		return true, nil
	case fault.Unavailable:
		return false, err
	case fault.NotFound, fault.Conflict: // it was disposed of, or has changed: the next digest sees
		return false, nil
	}
	d.failed = errors.Join(d.failed, err)
	return false, nil
}

func (d *Digest) size() int { return len(d.Lines) + len(d.Looks) }

// rowTime is the time of a run, as the rows have it.
func (s service) rowTime() time.Time { return s.Now().UTC().Truncate(time.Millisecond) }

// gathering is the making of one digest.
type gathering struct {
	service
	Digest
	letter outbox.Letter
	at     time.Time
}

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
	_, err = g.tell(err)
	return err
}

// line adds what the officer reads of a due date, unless they have read it.
func (g *gathering) line(r *request.Request) error {
	step, close := g.step(g.at, r.DueAt)
	yes, again := misses(r.Reminded, r.DueAt, step, g.letter)
	if watch, _ := r.Watched(); watch != lifecycle.WatchOpen || !close || !yes || r.Draft.Due() {
		return nil
	}
	l, err := g.service.line(r, g.at)
	if err != nil {
		return err
	}
	l.Again, l.reminder = again, lifecycle.Reminder{DueAt: r.DueAt, Step: step, Digest: g.letter.QueuedAt}
	g.Lines = append(g.Lines, l)
	return nil
}

// lookLine is line for what the officer must look at.
func (g *gathering) lookLine(r *request.Request) error {
	if r.Look == nil || r.Reduced() {
		return nil
	}
	due, step, close := g.lookStep(g.at, r.Look)
	yes, again := misses(r.Look.Reminded, due, step, g.letter)
	if !close || !yes {
		return nil
	}
	g.Looks = append(g.Looks, LookLine{
		Reference: r.ID, Kinds: r.Kinds, State: r.State, Why: r.Look.Why, Since: r.Look.Since, Again: again,
		reminder: lifecycle.Reminder{DueAt: due, Step: step, Digest: g.letter.QueuedAt},
	})
	return nil
}
