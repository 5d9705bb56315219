package request

import (
	"context"
	"slices"
	"time"
)

// DigestStore keeps how far the sending of digests has come: one row, so that
// one run gathers at a time.
type DigestStore interface {
	// Digesting returns the row; the zero value before the first digest.
	Digesting(context.Context) (Digesting, error)
	// SaveDigesting stores the row in place of that of the version before.
	// Conflict: another run was faster.
	SaveDigesting(context.Context, Digesting) error
}

// DigestMailer writes and sends a digest to the officer.
type DigestMailer interface {
	// Digest sends it. ErrUnsure: it may have been sent. Any other error: it
	// was not.
	Digest(context.Context, Digest) error
}

// Digesting is the state of the last digest. A reminder in a request counts
// unless it names a digest that is lost.
type Digesting struct {
	Version int          `json:"version"`
	ID      string       `json:"id"`
	State   DigestState  `json:"state"`
	Until   time.Time    `json:"until"` // by when the run has surely ended
	Lost    []LostDigest `json:"lost,omitempty"`
}

// DigestState is how far a digest has come.
type DigestState string

// The states: reminders are written into the requests; SES has it, or not;
// its run has ended.
const (
	DigestGathering DigestState = "gathering"
	DigestTrying    DigestState = "trying"
	DigestOver      DigestState = "over"
)

// LostDigest is a digest whose reminders may not have reached the officer. It
// is kept as long as a request names it.
type LostDigest struct {
	ID      string    `json:"id"`
	Request string    `json:"request,omitempty"` // this one alone; "": all
	Unsure  bool      `json:"unsure"`            // it may have gone; else it has not
	At      time.Time `json:"at"`
}

// busy reports whether another run may be at work. A row of a time to come is
// none: the local stack's clock moves both ways.
func (d *Digesting) busy(now time.Time) bool {
	return d.State != DigestOver && d.ID != "" && now.Before(d.Until) && !now.Before(d.Until.Add(-tryFor))
}

// recover ends a digest whose run has died, and reports whether it may have
// gone all the same.
func (d *Digesting) recover(now time.Time) (died, unsure bool) {
	if d.ID == "" || d.State == DigestOver {
		return false, false
	}
	unsure = d.State == DigestTrying
	d.lose(LostDigest{ID: d.ID, Unsure: unsure, At: now})
	return true, unsure
}

func (d *Digesting) lose(l LostDigest) {
	d.State = DigestOver
	d.Lost = append(slices.Clone(d.Lost), l)
}

// lost finds what became of the digest that a reminder was in.
func (d *Digesting) lost(request, digest string) (LostDigest, bool) {
	for _, l := range d.Lost {
		if l.ID == digest && (l.Request == "" || l.Request == request) {
			return l, true
		}
	}
	return LostDigest{}, false
}

// The index that names what is due lags behind a little: a lost digest is not
// forgotten before.
const forgetAfter = time.Hour

// forget drops the lost digests that no request names any more.
func (d *Digesting) forget(now time.Time, named map[string]bool) {
	d.Lost = slices.DeleteFunc(slices.Clone(d.Lost), func(l LostDigest) bool {
		return !named[l.ID] && now.Sub(l.At) > forgetAfter
	})
}

// news says whether the officer must be told of a step: fresh, if never before;
// again, if perhaps.
func (d *Digesting) news(id string, m *Reminder, due time.Time, step int) (fresh, again bool) {
	if m == nil || !m.DueAt.Equal(due) || step < m.Step {
		return true, false
	}
	l, lost := d.lost(id, m.Digest)
	perhaps := l.Unsure || m.Again
	return lost && !perhaps, lost && perhaps
}
