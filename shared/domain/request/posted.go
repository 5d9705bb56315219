package request

import (
	"context"
	"slices"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/requestmail"
)

// Posted records that an officer has posted a letter on paper, handed it over or
// read it out, and on which day; the zero time is now. never: it is not needed any
// more. The time that the person is given begins on that day. Doing it twice is doing
// it once.
// Invalid: the day is to come, or before that of the letter. Conflict: there is no
// such letter to post.
func (s *Service) Posted(ctx context.Context, id, officer string, seq int, template outbox.Template, on time.Time, never bool) (Request, error) {
	return s.act(ctx, id, func(t *step) error {
		f, err := s.Store.File(ctx, id)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(f.Letters, func(l outbox.Letter) bool { return l.Seq == seq && l.Template == template && l.Paper })
		switch {
		case i < 0 || f.Letters[i].UnderWay():
			return fault.New(fault.Conflict, "there is no such letter to post").Because("not_to_post")
		case f.Letters[i].State != outbox.ToPost:
			return errDone
		}
		t.Request.ToPost = f.toPostBut(i)
		return t.posted(f.Letters[i], officer, on, never, &f)
	})
}

// toPostBut is since when letters wait to be posted, one of them left out.
func (f *File) toPostBut(one int) (since time.Time) {
	for i, l := range f.Letters {
		if i != one && l.State == outbox.ToPost && (since.IsZero() || l.WrittenAt.Before(since)) {
			since = l.WrittenAt
		}
	}
	return since
}

func (t *step) posted(l outbox.Letter, officer string, on time.Time, never bool, f *File) error {
	event, facts := lifecycle.EventNotPosted, map[string]string{"template": string(l.Template)}
	l.State, l.SentAt = outbox.Obsolete, t.at
	if !never {
		at, err := t.postedAt(on, l.WrittenAt)
		if err != nil {
			return err
		}
		l.State, l.SentAt = outbox.Sent, at
		event, facts["posted_on"] = lifecycle.EventPosted, at.Format(civil.Stamp)
	}
	t.Done = []outbox.Letter{l}
	if asks := f.asks(l); asks && l.State == outbox.Sent {
		stops, err := t.begun(l.SentAt)
		if err != nil {
			return err
		}
		facts["clock_stopped"] = yes(stops)
	}
	return t.happen(event, audit.AsOfficer(officer), facts, nil)
}

// postedAt is when a letter was posted. Whoever names the day on which it was
// written means a time after that.
func (t *step) postedAt(on, written time.Time) (time.Time, error) {
	zone, on := t.Law.Zone(), on.UTC().Truncate(time.Millisecond)
	switch day := civil.Of(on, zone); {
	case on.IsZero():
		return t.at, nil
	case on.After(t.at):
		return on, fault.Field("posted_on", "future", "posted_on must not be in the future")
	case day < civil.Of(written, zone):
		return on, fault.Field("posted_on", "early", "posted_on must not be before the letter was written, on "+written.In(zone).Format(time.DateOnly))
	case on.Before(written):
		return written, nil
	}
	return on, nil
}

// overtake ends the written letters on paper that do not hold after a step: nobody
// must post them. An acknowledgement that asks for what has come is written anew.
func (t *step) overtake(ctx context.Context, was lifecycle.State) error {
	r := &t.Request
	resumed := func(e audit.Entry) bool { return e.Kind == string(lifecycle.EventResumed) } // its question was posted
	if r.ToPost.IsZero() || r.State == was || slices.ContainsFunc(t.Events, resumed) {
		return nil
	}
	f, err := t.Store.File(ctx, r.ID)
	f.Letters = slices.Clone(f.Letters)
	for i, l := range f.Letters {
		answered, ended := f.asks(l) && r.Waiting == nil, obsolete(l, r)
		if l.State != outbox.ToPost || !answered && !ended {
			continue
		}
		l.State, l.SentAt = outbox.Obsolete, t.at
		if f.Letters[i], t.Done = l, append(t.Done, l); !ended {
			t.mail(l.Template)
		}
	}
	if r.ToPost = f.toPostBut(-1); r.Look != nil && r.Look.Why == lifecycle.LookToPost {
		r.lookOn()
	}
	return err
}

// asks reports whether a letter puts the question for which the request waits: one
// of its own, or the acknowledgement where there is none.
func (f *File) asks(l outbox.Letter) bool {
	w := f.Request.Waiting
	if w == nil || !w.ToPost {
		return false
	}
	later := func(o outbox.Letter) bool { return o.Template == requestmail.Waiting && o.Seq > l.Seq }
	return (l.Template == requestmail.Waiting || l.Template == requestmail.Acknowledge) && !slices.ContainsFunc(f.Letters, later)
}

// begun lets the time of the person begin with a letter on paper, and reports
// whether our clock stops for it.
func (t *step) begun(at time.Time) (stops bool, err error) {
	w := *t.Request.Waiting
	if w.ToPost = false; w.Days > 0 {
		w.Until = t.Law.EndOfDay(at, w.Days).UTC()
	}
	if paused, err := t.Law.Pause(t.Request.lawCase(), w.Cause, at); err == nil {
		t.Request.Pauses, stops = paused.Pauses, true
	}
	t.Request.Waiting = &w
	return stops, t.date()
}

// asPosted is the request as a letter on paper tells of it, which is written as if
// it were posted at once.
func (t *step) asPosted() (Request, error) {
	if w := t.Request.Waiting; w == nil || !w.ToPost {
		return t.Request, nil
	}
	_, err := t.begun(t.at)
	return t.Request, err
}

// toPost has an officer post what is written.
func (t *step) toPost(since time.Time) {
	if t.Request.ToPost.IsZero() {
		t.Request.ToPost = since
	}
	t.look(lifecycle.LookToPost, since)
}

// lasting is why an officer must look whatever they have done beside.
func (r *Request) lasting() lifecycle.Look {
	switch {
	case r.State == lifecycle.Unverified && r.NoEmail:
		return lifecycle.Look{Why: lifecycle.LookVerify, Since: r.ReceivedAt}
	case !r.ToPost.IsZero():
		return lifecycle.Look{Why: lifecycle.LookToPost, Since: r.ToPost}
	}
	return lifecycle.Look{}
}

// lookOn ends what an officer had to look at, but for what lasts.
func (r *Request) lookOn() {
	switch l := r.lasting(); {
	case l.Why == "":
		r.Look = nil
	case r.Look == nil || r.Look.Why != l.Why || !r.Look.Since.Equal(l.Since):
		r.Look = &l
	}
}

// reachBy makes a contact the person's. Letters go on paper where there is a postal
// address, or nothing else.
func (t *step) reachBy(c person.Contact) {
	t.Request.Contact, t.Request.Paper = c, t.Request.NoEmail || c.Post() != ""
}

// stopped are the opt-outs of the request that are in effect.
func (r *Request) stopped() []optout.Scope { return intake.Stopped(r.Kinds, !r.NoEmail) }
