package request

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/requestmail"
)

// Join closes a request because another, which came before, is the same: that one
// goes on with all that both ask for, by its own earlier clock, and is answered once.
// The person is told. Where the two came from different addresses, why says how the
// officer knows that it is one person; neither mailbox is told of the other. The same
// twice is one. Invalid: there is no such request, or why is missing. Conflict: one
// of the two is not open or is an appeal, the other came later, an answer is on its
// way, they are about different people, or something would be answered later or not
// at all.
func (s *Service) Join(ctx context.Context, id, officer, into, why string) (Request, error) {
	if into == "" || into == id {
		return Request{}, fault.Field("into", "other", "into must be the reference of the other request, which stays")
	}
	return s.act(ctx, id, func(t *step) error {
		if same, err := t.joinedInto(ctx, into); same || err != nil {
			return cmp.Or(err, errDone)
		}
		if err := t.mayLeave(); err != nil {
			return err
		}
		other, err := s.Store.Load(ctx, into)
		switch {
		case fault.Is(err, fault.NotFound):
			return fault.Field("into", "unknown", "there is no request with this reference")
		case err != nil:
			return err
		}
		stays := s.begin(other)
		if err := t.mayJoin(&other, why); err != nil {
			return err
		}
		if err := stays.takeOver(t.Request, officer, why); err != nil {
			return err
		}
		if err := stays.gather(ctx); err != nil {
			return err
		}
		t.Also = &stays.Step
		if err := t.join(&stays.Request, officer, why); err != nil {
			return err
		}
		return t.dropSystems(ctx)
	})
}

// joinedInto reports whether the request was joined into that one before. Where that
// is another mailbox's, only the history knows it.
func (t *step) joinedInto(ctx context.Context, into string) (same bool, err error) {
	if t.Request.State != lifecycle.Joined {
		return false, nil
	}
	f, err := t.Store.File(ctx, t.Request.ID)
	for _, e := range f.Events {
		if e.Kind == string(lifecycle.EventJoined) {
			private, _ := e.Private["into"].Reveal()
			same = cmp.Or(e.Facts["into"], private) == into
		}
	}
	return same, err
}

// join closes the request. By its date the answer comes from now on.
func (t *step) join(stays *Request, officer, why string) error {
	r := &t.Request
	facts, private := about("into", r, stays)
	private["why"] = why
	r.LinkedTo, r.Draft = facts["into"], nil
	r.DueAt, r.DueRule = stays.DueAt, stays.DueRule
	if err := t.happen(lifecycle.EventJoined, audit.AsOfficer(officer), facts, private); err != nil {
		return err
	}
	t.mail(requestmail.Joined)
	return nil
}

// takeOver adds what a later request asks for, on the condition that nothing is
// answered later than it would have been.
func (t *step) takeOver(later Request, officer, why string) error {
	r, before := &t.Request, t.Request
	marketing := slices.Contains(r.Kinds, deadline.Objection) && r.done(deadline.Objection) // words would make another of it
	r.Kinds = inOrder(slices.Concat(r.Kinds, later.forAnswer()))
	byWords := slices.ContainsFunc(later.forAnswer(), r.done) // an objection counts by its words
	switch {
	case byWords && r.Ref != later.Ref:
		return fault.New(fault.Conflict, "the objection gives reasons, which must be answered where it came from").Because("join_words")
	case byWords || r.Ref == later.Ref && !marketing && !strings.Contains(r.Details, later.Details):
		r.Details = strings.TrimSpace(r.Details + "\n\n" + later.Details)
	}
	if err := t.date(); err != nil {
		return err
	}
	if err := t.noneLater(later, before); err != nil {
		return err
	}
	facts, private := about("joined", r, &later)
	private["why"] = why
	if !slices.Equal(r.Kinds, before.Kinds) {
		facts["kinds"], facts["kinds_before"] = joined(r.Kinds), joined(before.Kinds)
	}
	if !r.DueAt.Equal(before.DueAt) {
		facts["due_at"], facts["due_before"] = r.DueAt.UTC().Format(civil.Stamp), before.DueAt.UTC().Format(civil.Stamp)
	}
	err := t.happen(lifecycle.EventTookOver, audit.AsOfficer(officer), facts, private)
	r.Look = before.Look // nobody has looked at this one
	return err
}

// about names the other request in the history: privately where it is of another
// mailbox, to which this one is not shown.
func about(fact string, r, other *Request) (facts, private map[string]string) {
	facts, private = map[string]string{}, map[string]string{}
	if r.Ref == other.Ref {
		facts[fact] = other.ID
	} else {
		private[fact] = other.ID
	}
	return facts, private
}

var errAppealAlone = fault.New(fault.Conflict, "an appeal is answered on its own").Because("join_appeal")

// mayLeave reports whether the request can be joined into any other.
func (t *step) mayLeave() error {
	r := &t.Request
	_, err := lifecycle.Next(r.State, lifecycle.EventJoined)
	switch {
	case err != nil && r.VerifiedAt.IsZero() && !r.State.Closed(): // anybody can have sent it
		return fault.New(fault.Conflict, "nobody has confirmed this request: make sure who asks first (verify)").Because("verify_first")
	case err != nil:
		return err
	case r.AppealOf != "":
		return errAppealAlone
	}
	return t.nothingOnItsWay()
}

// mayJoin reports whether the request can be joined into that one.
func (t *step) mayJoin(stays *Request, why string) error {
	r := &t.Request
	_, err := lifecycle.Next(stays.State, lifecycle.EventTookOver)
	switch d := stays.Draft; {
	case err != nil:
		return fault.New(fault.Conflict, "%s is %q: only an open request goes on for both", stays.ID, stays.State).Because("other_state", "reference", stays.ID, "state", string(stays.State))
	case stays.AppealOf != "":
		return errAppealAlone
	case d.OnItsWay() || d.ToSign():
		return fault.New(fault.Conflict, "an answer to %s is on its way, or waits for a signature: call it back first (callback)", stays.ID).Because("other_on_its_way", "reference", stays.ID)
	case r.before(stays):
		return fault.New(fault.Conflict, "%s came first and stays: join %s into it", r.ID, stays.ID).Because("came_first", "reference", r.ID, "other", stays.ID)
	}
	return r.ofOnePerson(stays, why)
}

// before reports whether the request came before another.
func (r *Request) before(other *Request) bool {
	return cmp.Or(r.ClockFrom.Compare(other.ClockFrom), r.ReceivedAt.Compare(other.ReceivedAt), cmp.Compare(r.ID, other.ID)) < 0
}

// ofOnePerson reports whether two requests are about the same person, and can be
// answered to the mailbox of the one that stays. What is carried out by address does
// not reach that of the other.
func (r *Request) ofOnePerson(stays *Request, why string) error {
	behalf := func(q *Request) intake.Behalf { return cmp.Or(q.OnBehalfOf, intake.Self) }
	apart := r.Ref != stays.Ref
	switch {
	case behalf(r) != behalf(stays), r.OwnData() != stays.OwnData(), apart && !r.OwnData():
		return fault.New(fault.Conflict, "one of the two is made for somebody else: each is answered on its own").Because("join_behalf")
	case apart && (intake.Erases(r.forAnswer()) || intake.Exports(r.forAnswer())):
		return fault.New(fault.Conflict, "an erasure, or a copy, reaches the data of one address only, and this request came from another: answer it on its own").Because("join_by_address")
	case apart && why == "":
		return fault.Field("why", "missing", "the two came from different addresses: say how you know that it is the same person")
	}
	return nil
}

// noneLater refuses what would have any kind of either request answered later.
func (t *step) noneLater(each ...Request) error {
	for _, was := range each {
		for _, k := range was.forAnswer() {
			before, err := t.dueOf(was, k)
			if err != nil {
				return err
			}
			now, err := t.dueOf(t.Request, k)
			if err != nil {
				return err
			}
			if now.Due.After(before.Due) {
				return fault.New(fault.Conflict, "%s asks for %s by %s, and %s is due later: answer it on its own", was.ID, k, stamp(before.Due), t.Request.ID).
					Because("join_later", "reference", t.Request.ID, "until", civil.Of(before.Due, t.Law.Zone()).String())
			}
		}
	}
	return nil
}

// dueOf is when one kind of a request is due.
func (t *step) dueOf(r Request, k intake.Kind) (deadline.Deadline, error) {
	r.Kinds = []intake.Kind{k}
	return t.Due(r)
}
