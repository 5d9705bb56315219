package rights

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"privacydesk/shared/fault"
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
	return nil
}

// choose keeps what the officer must be told, and counts what is new of it.
func (d *digestRun) choose(report *ClockReport) error {
	d.due = slices.DeleteFunc(d.due, func(s Summary) bool {
		step, close := d.Service.step(d.at, s.DueAt)
		if s.Reminded != nil {
			d.named[s.Reminded.Digest] = true
		}
		fresh, again := d.row.news(s.ID, s.Reminded, s.DueAt, step)
		if fresh && close {
			d.fresh++
		} else if again {
			report.Unsure++
		}
		return !close || !fresh && !again
	})
	id, err := newDigestID(d.Service)
	d.digest = Digest{ID: id, Overdue: report.Overdue, DueSoon: report.DueSoon}
	return err
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
	for i, s := range d.due {
		if len(d.digest.Lines) == maxLines || over() {
			d.digest.More = len(d.due) - i
			break
		}
		line, err := d.claim(ctx, s.ID)
		if err != nil && fault.CodeOf(err) != fault.NotFound {
			// The reminder may stand in the request all the same.
			d.row.Lost = append(slices.Clone(d.row.Lost), LostDigest{ID: d.digest.ID, Request: s.ID, At: d.at})
			failed.add(err)
		}
		if line != nil && err == nil {
			d.digest.Lines = append(d.digest.Lines, *line)
		}
	}
	if len(d.digest.Lines) > 0 {
		failed.add(d.send(ctx, report))
	} else {
		d.row.State = DigestOver
		failed.add(d.save(ctx))
	}
	return failed.joined()
}

// claim writes a reminder into a request, if it is still due, and gives the
// line that tells of it. Conflict: the request changes all the time.
func (d *digestRun) claim(ctx context.Context, id string) (line *Line, err error) {
	_, err = d.Service.act(ctx, id, func(t *step) error {
		line = nil
		r := &t.Request
		step, close := d.Service.step(d.at, r.DueAt)
		fresh, again := d.row.news(id, r.Reminded, r.DueAt, step)
		ours := r.Reminded != nil && r.Reminded.Digest == d.digest.ID // its answer got lost
		if watch, _ := r.Watched(); watch != WatchOpen || !close || !fresh && !again && !ours {
			return errDone
		}
		l, err := d.Service.line(r, d.at)
		if err != nil {
			return err
		}
		if line = &l; ours {
			l.Again = r.Reminded.Again
			return errDone
		}
		l.Again = again
		r.Reminded = &Reminder{DueAt: r.DueAt, Step: step, Digest: d.digest.ID, Again: again}
		return nil
	})
	return line, err
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
		report.Sent, report.Told = true, len(d.digest.Lines)
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
