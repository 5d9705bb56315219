package main

import (
	"context"
	"slices"
	"time"

	"privacydesk/shared/domain/fault"
	others "privacydesk/shared/domain/ledger"
)

// system is another system: what it was told, what it did about each notice, and what it still has to answer. It does
// a thing once, however often it is told.
type system struct {
	t    *tasks
	id   string
	did  map[string]others.Answer // by the notice
	owes []others.Notice
	up   bool
}

// works does what a notice asks for, as a system may: the same notice again is done already.
func (s *system) works(notice string) others.Answer {
	a, done := s.did[notice]
	if !done {
		a = others.Answer{State: others.NotFound}
		if n := s.t.random.IntN(4); n > 0 {
			a = others.Answer{State: others.Done, Records: n}
		}
		s.did[notice] = a
	}
	return a
}

func (s *system) takes(n others.Notice) others.Answer {
	if !slices.ContainsFunc(s.owes, func(o others.Notice) bool { return o.ID == n.ID }) {
		s.owes = append(s.owes, n)
	}
	return others.Answer{State: others.Told}
}

// Tell implements others.Way. Nothing reaches it from a process that is dead.
func (s *system) Tell(_ context.Context, n others.Notice) (others.Answer, error) {
	if s.t.now().dead {
		return others.Answer{}, fault.New(fault.Unavailable, "the process is dead")
	}
	mood := 9
	if !s.up {
		mood = s.t.random.IntN(12)
	}
	s.t.trace("  %s hears %s, in mood %d", s.id, n.ID, mood)
	switch {
	case mood == 0:
		return others.Answer{}, fault.New(fault.Unavailable, "the system is down")
	case mood == 1:
		return others.Answer{}, &fault.Error{Code: fault.TooMany, RetryAt: s.t.clock.Now().Add(3 * time.Hour)}
	case mood == 2:
		return others.Answer{Gone: true}, nil
	case s.id == "bus":
		return others.Answer{State: others.Told}, nil
	case s.id == "news" && !n.Asked:
		return others.Answer{State: others.Told, RetryAt: s.t.clock.Now().Add(10 * time.Minute), Mark: "7"}, nil
	case mood == 3 && s.id != "news": // it answers later
		return s.takes(n), nil
	}
	a := s.works(n.ID)
	switch mood {
	case 4:
		return others.Answer{}, fault.New(fault.Unavailable, "the answer is lost")
	case 5:
		s.t.now().dead = true
		s.t.plan.Count("killed once a system had done it")
		return others.Answer{}, fault.New(fault.Unavailable, "the process is dead")
	}
	return a, nil
}

// owner is who answers for a system. The mail is queued with the step that notes that the task was taken.
type owner struct {
	*system
	others.Owners
}

// Tell implements others.Way.
func (o owner) Tell(ctx context.Context, n others.Notice) (others.Answer, error) {
	if o.t.now().dead {
		return others.Answer{}, fault.New(fault.Unavailable, "the process is dead")
	}
	o.takes(n)
	return o.Owners.Tell(ctx, n)
}
