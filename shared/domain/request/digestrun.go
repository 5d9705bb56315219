package request

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"privacydesk/shared/domain/fault"
)

// maxLines is how many requests one digest names; the next run tells of more.
const maxLines = 200

// digestRun is the gathering and sending of one digest.
type digestRun struct {
	*Clock
	at     time.Time
	row    Digesting
	named  map[string]bool // lost digests that requests name
	fresh  int             // candidates that the officer was surely never told of
	due    []Summary       // what is told, if anything is
	looks  []Summary       // what the officer is told to look at
	digest Digest
}

// digest tells the officer what has come closer since the last one. The order
// makes it one mail at most, and forgets nothing: the row is taken, reminders
// are written into the requests, the row says that SES is asked, SES is asked,
// the row says how that ended. Who finds a row of a run that died knows from
// its state whether the reminders count: never sent, they are told in the next
// digest; perhaps sent, they make no digest, and stand in the next one marked
// as such.
func (c *Clock) digest(ctx context.Context, over func() bool, report *ClockReport) error {
	row, err := c.Digests.Digesting(ctx)
	if err != nil {
		return err
	}
	run := &digestRun{Clock: c, at: c.now(), row: row, named: map[string]bool{}}
	if err := run.look(ctx, over, report); err != nil || over() || row.busy(run.at) {
		return err
	}
	if err = run.work(ctx, over, report); errors.Is(err, errTaken) {
		return nil
	}
	return err
}

func (d *digestRun) work(ctx context.Context, over func() bool, report *ClockReport) error {
	died, unsure := d.row.recover(d.at)
	if err := d.choose(report); err != nil {
		return err
	}
	switch {
	case d.fresh > 0:
		if err := d.begin(ctx); err != nil {
			return err
		}
	case died:
		if err := d.save(ctx); err != nil {
			return err
		}
	}
	if unsure { // counted by the run that took it over
		report.Unknown++
	}
	if d.fresh == 0 {
		return nil
	}
	return d.tell(ctx, over, report)
}

// look reads what is due within the horizon.
func (d *digestRun) look(ctx context.Context, over func() bool, report *ClockReport) error {
	for s, err := range d.Agenda.Watched(ctx, WatchOpen, d.Service.horizon(d.at)) {
		if err != nil || over() {
			return err
		}
		if d.at.After(s.DueAt) {
			report.Overdue++
		} else {
			report.DueSoon++
		}
		d.due = append(d.due, s)
	}
	report.Counted = true
	for s, err := range d.Agenda.Watched(ctx, WatchLook, d.at) {
		if err != nil || over() {
			return err
		}
		d.looks = append(d.looks, s)
	}
	return nil
}

// choose keeps what the officer must be told, and counts what is new of it.
func (d *digestRun) choose(report *ClockReport) error {
	d.due = slices.DeleteFunc(d.due, func(s Summary) bool {
		step, close := d.Service.step(d.at, s.DueAt)
		return !d.wanted(s.ID, s.Reminded, s.DueAt, step, close, report)
	})
	d.looks = slices.DeleteFunc(d.looks, func(s Summary) bool {
		due, step, close := d.Service.lookStep(d.at, s.Look)
		return !d.wanted(s.ID, s.Look.Reminded, due, step, close, report)
	})
	id, err := newDigestID(d.Service)
	d.digest = Digest{ID: id, Overdue: report.Overdue, DueSoon: report.DueSoon}
	return err
}

// wanted reports whether the officer must be told of a step, and counts it.
func (d *digestRun) wanted(id string, m *Reminder, due time.Time, step int, close bool, report *ClockReport) bool {
	if m != nil {
		d.named[m.Digest] = true
	}
	fresh, again := d.row.news(id, m, due, step)
	if fresh && close {
		d.fresh++
	} else if again {
		report.Unsure++
	}
	return close && (fresh || again)
}

// begin takes the row.
func (d *digestRun) begin(ctx context.Context) error {
	d.row.forget(d.at, d.named)
	d.row.ID, d.row.State, d.row.Until = d.digest.ID, DigestGathering, d.at.Add(tryFor)
	return d.save(ctx)
}

func (d *digestRun) save(ctx context.Context) error {
	d.row.Version++
	err := d.Digests.SaveDigesting(ctx, d.row)
	if isConflict(err) {
		return errTaken
	}
	return err
}

// errTaken says that another run is faster, which is no fault.
var errTaken = errors.New("another run has the digest")

// tell writes the reminders and sends the digest.
func (d *digestRun) tell(ctx context.Context, over func() bool, report *ClockReport) error {
	var failed faults
	failed.add(d.claimAll(ctx, over, d.due, d.claim))
	failed.add(d.claimAll(ctx, over, d.looks, d.claimLook))
	if d.told() > 0 {
		failed.add(d.send(ctx, report))
	} else {
		d.row.State = DigestOver
		failed.add(d.save(ctx))
	}
	return failed.joined()
}

// told is how many requests the digest names.
func (d *digestRun) told() int { return len(d.digest.Lines) + len(d.digest.Looks) }

func (d *digestRun) claimAll(ctx context.Context, over func() bool, all []Summary, claim func(context.Context, string) error) error {
	var failed faults
	for i, s := range all {
		if d.told() == maxLines || over() {
			d.digest.More += len(all) - i
			break
		}
		if err := claim(ctx, s.ID); err != nil && fault.CodeOf(err) != fault.NotFound {
			// The reminder may stand in the request all the same.
			d.row.Lost = append(slices.Clone(d.row.Lost), LostDigest{ID: d.digest.ID, Request: s.ID, At: d.at})
			failed.add(err)
		}
	}
	return failed.joined()
}

// claim writes a reminder into a request, if it is still due, and adds the line
// that tells of it. Conflict: the request changes all the time.
func (d *digestRun) claim(ctx context.Context, id string) error {
	var line *Line
	_, err := d.Service.act(ctx, id, func(t *step) error {
		line = nil
		r := &t.Request
		step, close := d.Service.step(d.at, r.DueAt)
		again, ours, due := d.stillDue(id, r.Reminded, r.DueAt, step)
		if watch, _ := r.Watched(); watch != WatchOpen || !close || !due {
			return errDone
		}
		l, err := d.Service.line(r, d.at)
		if err != nil {
			return err
		}
		l.Again, line = again, &l
		if ours {
			return errDone
		}
		r.Reminded = &Reminder{DueAt: r.DueAt, Step: step, Digest: d.digest.ID, Again: again}
		return nil
	})
	if err == nil && line != nil {
		d.digest.Lines = append(d.digest.Lines, *line)
	}
	return err
}

// claimLook is claim for what the officer must look at.
func (d *digestRun) claimLook(ctx context.Context, id string) error {
	var line *LookLine
	_, err := d.Service.act(ctx, id, func(t *step) error {
		line = nil
		if t.Request.Look == nil {
			return errDone
		}
		look := *t.Request.Look
		at, step, close := d.Service.lookStep(d.at, &look)
		again, ours, due := d.stillDue(id, look.Reminded, at, step)
		if !close || !due {
			return errDone
		}
		line = &LookLine{Reference: id, Kinds: t.Request.Kinds, State: t.Request.State, Why: look.Why, Since: look.Since, Again: again}
		if ours {
			return errDone
		}
		look.Reminded = &Reminder{DueAt: at, Step: step, Digest: d.digest.ID, Again: again}
		t.Request.Look = &look
		return nil
	})
	if err == nil && line != nil {
		d.digest.Looks = append(d.digest.Looks, *line)
	}
	return err
}

// stillDue reports whether the officer must be told of a step: ours is one
// that this digest has written already, whose answer got lost.
func (d *digestRun) stillDue(id string, m *Reminder, at time.Time, step int) (again, ours, due bool) {
	fresh, again := d.row.news(id, m, at, step)
	if m != nil && m.Digest == d.digest.ID {
		return m.Again, true, true
	}
	return again, false, fresh || again
}

// send asks SES once, and writes down how that ended.
func (d *digestRun) send(ctx context.Context, report *ClockReport) error {
	d.row.State, d.row.Until = DigestTrying, d.Service.Now().UTC().Add(tryFor)
	if err := d.save(ctx); err != nil {
		return err
	}
	err := d.Mailer.Digest(ctx, d.digest)
	switch {
	case err == nil:
		d.row.State = DigestOver
		report.Sent, report.Told = true, d.told()
	case errors.Is(err, ErrUnsure):
		report.Unknown++
		d.row.lose(LostDigest{ID: d.digest.ID, Unsure: true, At: d.at})
		err = nil
	default:
		d.row.lose(LostDigest{ID: d.digest.ID, At: d.at})
	}
	return errors.Join(err, d.save(ctx))
}

// newDigestID names a digest.
func newDigestID(s *Service) (string, error) {
	id, err := newID(s.Random)
	return strings.Replace(id, "PD-", "DG-", 1), err
}
