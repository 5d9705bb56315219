package request

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/draft"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/quota"
)

// step collects what one act changes.
type step struct {
	*Service
	Step
	at        time.Time
	authentic bool           // the request came by a mail whose author is known
	others    time.Time      // until when the person needs their other requests
	systems   []ledger.Entry // what other systems must do, once it was read; see readSystems
	files     []attachment.File
	checked   map[string][]string // by law, the names of the files that an officer has looked at; see readFiles
}

func (s *Service) begin(r Request) *step {
	r.Version++
	return &step{Service: s, Step: Step{Request: r}, at: s.Now().UTC().Truncate(time.Millisecond)}
}

// happen moves the request through an event and writes it into the history.
func (t *step) happen(event lifecycle.Event, actor string, facts map[string]string, private map[string]string) error {
	state, err := lifecycle.Next(t.Request.State, event)
	if err != nil {
		return err
	}
	t.Request.State = state
	if state.Closed() && t.Request.ClosedAt.IsZero() {
		t.Request.ClosedAt, t.Request.Waiting = t.at, nil
		if d := t.Request.Draft; d.ToSign() && d.Way.Act != draft.Erase || strings.HasPrefix(actor, audit.AsOfficer("")) {
			t.Request.Draft = d.With(nil) // there is nothing left to sign; who closes it lets no answer go
		}
	}
	personal := map[string]audit.Private{}
	// Which officer acted is theirs to be forgotten too, and not the person's to know.
	actor, who, _ := strings.Cut(actor, ":")
	if actor == audit.ByOfficer {
		t.Request.Touched = true
		if !slices.Contains(quiet, event) {
			t.Request.lookOn()
		}
	}
	if who != "" {
		personal[audit.FactOfficer] = audit.Personal(who)
	}
	for name, value := range private {
		if value != "" {
			personal[name] = audit.Personal(value)
		}
	}
	entry, err := audit.Append(t.Request.Head, audit.Entry{
		At: t.at, Kind: string(event), Actor: actor, Facts: facts, Private: personal,
	}, t.Random)
	if err != nil {
		return err
	}
	t.Request.Head = entry.Head()
	t.Events = append(t.Events, entry)
	return nil
}

// quiet are the events of an officer that do nothing about what they must look at.
var quiet = []lifecycle.Event{lifecycle.EventLooked, lifecycle.EventRevealed, lifecycle.EventExportedByOfficer, lifecycle.EventFileFetched, lifecycle.EventFilesChecked, lifecycle.EventAssigned}

// Record moves a request through an event outside of any act and returns it with the
// entry that tells of it. Conflict: its state does not allow it.
func Record(r Request, event lifecycle.Event, actor string, facts map[string]string, at time.Time, random io.Reader) (Request, audit.Entry, error) {
	r.Version++
	t := &step{Service: &Service{Random: random}, Step: Step{Request: r}, at: at.UTC().Truncate(time.Millisecond)}
	if err := t.happen(event, actor, facts, nil); err != nil {
		return Request{}, audit.Entry{}, err
	}
	return t.Request, t.Events[0], nil
}

// ErrReduced says that nothing but the log is left of a request (package
// requestlog). It is a Conflict.
var ErrReduced = fault.New(fault.Conflict, "What was personal in this request has been disposed of.").Because("reduced")

// cause says by whose doing the last event happened. Who has confirmed a
// request is told all about it, and so is whom an officer writes to.
func (t *step) cause() quota.Cause {
	byOfficer := t.Request.Source == intake.FromOfficer || len(t.Events) > 0 && t.Events[len(t.Events)-1].Actor == audit.ByOfficer
	switch {
	case !t.Request.VerifiedAt.IsZero() || byOfficer:
		return quota.ByConfirmed
	case t.authentic:
		return quota.ByAuthor
	case t.Request.Source == intake.FromMail:
		return quota.ByMail
	}
	return quota.ByStranger
}

// tries is how often an act looks again when the request has changed under its
// hands: a double click is one act, and a mail that was settled meanwhile
// spoils none.
const tries = 5

// act loads a request, lets f change it, and saves the step. Conflict: f may
// not, the request was reduced, or it changes all the time.
func (s *Service) act(ctx context.Context, id string, f func(*step) error) (Request, error) {
	return s.change(ctx, id, func(t *step) error {
		if t.Request.Reduced() {
			return ErrReduced
		}
		return f(t)
	})
}

// change is act for what may be done to a reduced request too.
func (s *Service) change(ctx context.Context, id string, f func(*step) error) (r Request, err error) {
	for range tries {
		if r, err = s.Store.Load(ctx, id); err != nil {
			return Request{}, err
		}
		t := s.begin(r)
		switch err := f(t); {
		case errors.Is(err, errDone):
			return r, nil
		case err != nil:
			return r, err
		}
		if err := t.overtake(ctx, r.State); err != nil {
			return r, err
		}
		if err = s.Store.Save(ctx, t.Step); !isConflict(err) {
			return t.Request, err
		}
	}
	return r, errMoved
}

func isConflict(err error) bool { return fault.Is(err, fault.Conflict) }

// errDone ends an act that was done before.
var errDone = errors.New("done before")

// past is a time as the rows have it; none, or one to come, is now.
func (t *step) past(at time.Time) time.Time {
	if at = at.UTC().Truncate(time.Millisecond); at.IsZero() || at.After(t.at) {
		return t.at
	}
	return at
}
