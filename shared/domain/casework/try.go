package casework

import (
	"context"
	"time"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
)

// Outcome is what an act would make of a file.
type Outcome struct {
	Request request.Request   // as it would be
	State   lifecycle.State   // of it
	Before  time.Time         // our date as it is; zero: there is none
	DueAt   time.Time         // our date then
	Stands  bool              // our clock stands still then
	Mails   []outbox.Template // letters that it sends
	Other   *Beheld           // the other request that it changes; nil: none
	Did     bool              // false: it has been done, and nothing would change
}

// Beheld is another request that an act changes, as it is and as it would be.
type Beheld struct{ Before, After request.Request }

// Trial tries acts on one file. Each is the very act of package request, which
// finds a copy of the file and writes nowhere. So what is possible here is
// possible there, and the dates come from the same law.
type Trial struct {
	desk  *Desk
	file  request.File
	reads *reads
}

// Try opens a trial on a file that was read. It reads what an act needs beyond the
// file, once for all acts.
func (d *Desk) Try(f request.File) *Trial {
	return &Trial{desk: d, file: f, reads: &reads{Store: d.Requests.Store, holds: d.Requests.Holds}}
}

// Act tries an act. Its errors are those of the act.
func (t *Trial) Act(ctx context.Context, act func(context.Context, *request.Service) (request.Request, error)) (Outcome, error) {
	s := *t.desk.Requests
	copied := &copied{reads: t.reads, file: t.file}
	s.Store, s.Random, s.Replaces = copied, nothingRandom{}, true
	if s.Holds != nil {
		s.Holds = t.reads
	}
	if _, err := act(ctx, &s); err != nil {
		return Outcome{}, err
	}
	o := Outcome{Request: t.file.Request, Did: copied.step != nil}
	if o.Did {
		o.Request = copied.step.Request
		if also := copied.step.Also; also != nil {
			o.Other = &Beheld{t.reads.loaded[also.Request.ID].value, also.Request}
		}
		for _, l := range copied.step.Letters {
			o.Mails = append(o.Mails, l.Template)
		}
	}
	o.State, o.Before, o.DueAt = o.Request.State, dateOf(&t.file.Request), dateOf(&o.Request)
	watch, _ := o.Request.Watched()
	o.Stands = watch == lifecycle.WatchPaused
	return o, nil
}

// dateOf is when our answer is due; zero where none is.
func dateOf(r *request.Request) time.Time {
	if r.State.Closed() || r.State == lifecycle.Unverified {
		return time.Time{}
	}
	return r.DueAt
}

// copied is a store that holds one file, and keeps what an act would save.
type copied struct {
	*reads
	file request.File
	step *request.Step
}

func (c *copied) Load(ctx context.Context, id string) (request.Request, error) {
	if id == c.file.Request.ID {
		return c.file.Request, nil
	}
	return c.reads.Load(ctx, id)
}

func (c *copied) File(ctx context.Context, id string) (request.File, error) {
	if id == c.file.Request.ID {
		return c.file, nil
	}
	return c.Store.File(ctx, id)
}

func (c *copied) Systems(ctx context.Context, id string) ([]ledger.Entry, error) {
	if id == c.file.Request.ID {
		return c.file.Systems, nil
	}
	return c.Store.Systems(ctx, id)
}

func (c *copied) Save(_ context.Context, s request.Step) error {
	c.step = &s
	return nil
}

// Create keeps what an appeal would change in the file, with the letters that go.
func (c *copied) Create(_ context.Context, made request.Creation) error {
	if made.Also == nil {
		return fault.New(fault.Internal, "an act that is tried must not create a request")
	}
	about := *made.Also
	about.Letters = made.Letters
	return c.Save(context.Background(), about)
}

func (c *copied) OptOut(context.Context, []optout.Change) error { return nil }

// reads are what acts read beyond their own file, each kept once it was read. It
// has no method that writes: a new one of request.Store must be added here, and
// must not reach the store.
type reads struct {
	Store interface {
		Load(context.Context, string) (request.Request, error)
		File(context.Context, string) (request.File, error)
		OfPerson(context.Context, person.Ref) ([]request.Summary, error)
		ConfirmedOf(context.Context, person.Ref) ([]request.Summary, error)
		Systems(context.Context, string) ([]ledger.Entry, error)
	}
	holds request.Holds

	loaded    map[string]kept[request.Request]
	confirmed *kept[[]request.Summary]
	held      *kept[[]request.KeptBack]
}

type kept[T any] struct {
	value T
	err   error
}

func (r *reads) Load(ctx context.Context, id string) (request.Request, error) {
	if k, found := r.loaded[id]; found {
		return k.value, k.err
	}
	q, err := r.Store.Load(ctx, id)
	if r.loaded == nil {
		r.loaded = map[string]kept[request.Request]{}
	}
	r.loaded[id] = kept[request.Request]{q, err}
	return q, err
}

func (r *reads) OfPerson(ctx context.Context, ref person.Ref) ([]request.Summary, error) {
	return r.Store.OfPerson(ctx, ref)
}

func (r *reads) ConfirmedOf(ctx context.Context, ref person.Ref) ([]request.Summary, error) {
	if r.confirmed == nil {
		found, err := r.Store.ConfirmedOf(ctx, ref)
		r.confirmed = &kept[[]request.Summary]{found, err}
	}
	return r.confirmed.value, r.confirmed.err
}

// KeptBack implements request.Holds.
func (r *reads) KeptBack(ctx context.Context, q *request.Request) ([]request.KeptBack, error) {
	if r.held == nil {
		found, err := r.holds.KeptBack(ctx, q)
		r.held = &kept[[]request.KeptBack]{found, err}
	}
	return r.held.value, r.held.err
}

var _ request.Store = (*copied)(nil)

// nothingRandom salts the history of a trial, which nobody keeps.
type nothingRandom struct{}

func (nothingRandom) Read(p []byte) (int, error) { clear(p); return len(p), nil }
