package request

import (
	"context"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/draft"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/requestmail"
)

// Prepare implements outbox.Preparer: an answer takes effect when its letter goes,
// and before it does. A run that dies in between has changed nothing, or all of
// it. Where the answer cannot be given any more, nothing is sent, the draft stays,
// and an officer must look.
func (s Letters) Prepare(ctx context.Context, i outbox.Item) (outbox.Subject, error) {
	about, known := i.Subject.About.(Request)
	if i.Paper && known && about.Waiting != nil {
		t := s.begin(about)
		posted, err := t.asPosted()
		i.Subject.About = posted
		return i.Subject, err
	}
	if i.Template != requestmail.Decision || !known || !about.Draft.Carries(i.Seq) {
		return i.Subject, nil
	}
	r, err := s.change(ctx, i.SubjectID, func(t *step) error {
		if !t.Request.Draft.Carries(i.Seq) {
			return errDone // it was called back, or carried out
		}
		return t.carryOut(ctx)
	})
	if err == nil {
		err = s.withSystems(ctx, i.Template, &r)
	}
	return subject(i.Letter, r), err
}

// carryOut decides what is on its way, or stops it.
func (t *step) carryOut(ctx context.Context) error {
	w := *t.Request.Draft.Way
	judged, err := t.judgeAgain(ctx, w)
	if err != nil {
		return err
	}
	if c := judged.Refusal(); c != nil {
		return t.stop(c)
	}
	look := t.Request.Look // the officer acted before it came
	err = t.decide(judged.decision, judged.held, w.Seq)
	t.Request.Look = look
	return err
}

// overtaken stops an answer that was sent for a request that is another by now.
func (t *step) overtaken() error {
	if d := t.Request.Draft; !d.OnItsWay() || d.Way.Act != draft.Decide {
		return nil
	}
	return t.stop(&draft.Check{Code: draft.Changed})
}

// stop keeps the draft, and has an officer look at it.
func (t *step) stop(c *draft.Check) error {
	d := *t.Request.Draft
	d.Way, d.Stopped = nil, &draft.Stopped{At: t.at, Why: c.Code, Facts: c.Facts}
	t.Request.Draft = &d
	if before := t.Request.Look; !t.look(lifecycle.LookUnsent, t.at) {
		t.Request.Look = &lifecycle.Look{Why: before.Why, Since: before.Since} // told of anew
	}
	return t.happen(lifecycle.EventNotSent, audit.BySystem, map[string]string{"why": string(c.Code)}, nil)
}

// decidedBy reports whether the answer was decided that the letter of an entry
// carries out. Of one that was not, surely nothing went.
func (f *File) decidedBy(seq int) bool {
	for _, e := range f.Events {
		if e.Seq <= seq {
			continue
		}
		switch lifecycle.Event(e.Kind) {
		case lifecycle.EventFulfilled, lifecycle.EventPartlyFulfilled, lifecycle.EventRefused, lifecycle.EventCarryingOut:
			return true
		case lifecycle.EventCalledBack, lifecycle.EventNotSent, lifecycle.EventWithdrawn, lifecycle.EventExpired:
			return false
		}
	}
	return false
}

// neverBegun reports whether a letter whose run died has surely not gone: what it
// tells had not taken effect.
func (f *File) neverBegun(l outbox.Letter) bool {
	if l.Template != requestmail.Decision {
		return false
	}
	for _, e := range f.Events {
		if e.Seq == l.Seq {
			return e.Kind == string(lifecycle.EventScheduled) && !f.decidedBy(l.Seq)
		}
	}
	return false
}
