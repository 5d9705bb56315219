package filing

import (
	"context"
	"errors"

	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
)

// Holds knows the legal holds; see request.Holds.
type Holds interface {
	KeptBack(ctx context.Context, r *request.Request) ([]request.KeptBack, error)
}

// Clean looks at the files that are due for it. One that was expected and came after
// all counts; one that did not come is not expected any more. Proofs go when their
// case is closed, archives after a day, and what was replaced or removed at once. No
// content goes that a legal hold is on. Until over says stop. One that fails does not
// stop the next.
func (s *Service) Clean(ctx context.Context, holds Holds, over func() bool) (gone int, err error) {
	var faults []error
	for a, err := range s.Store.DueFiles(ctx, s.now()) {
		if err != nil {
			return gone, errors.Join(append(faults, err)...)
		}
		if over() {
			break
		}
		left, err := s.look(ctx, a, holds)
		if err != nil {
			faults = append(faults, fault.Wrap(fault.CodeOf(err), err, "look at a file of "+a.Request))
		} else if !left.Held() {
			gone++
		}
	}
	return gone, errors.Join(faults...)
}

func (s *Service) look(ctx context.Context, due attachment.File, holds Holds) (attachment.File, error) {
	a, err := s.change(ctx, due.Request, func(f request.File) (request.Step, attachment.File, error) {
		a, err := find(f, due.ID)
		switch {
		case err != nil || a.State != due.State || !a.CheckAt.Equal(due.CheckAt): // the index lags
			return request.Step{}, a, err
		case a.State == attachment.Expected:
			return s.late(ctx, f, a)
		case a.State == attachment.Leaving || a.For == attachment.Archive:
			return s.unlessHeld(ctx, f, a, holds, s.left)
		case a.For != attachment.Proof || !f.Request.State.Closed():
			return s.settle(ctx, f, a, holds)
		}
		return s.unlessHeld(ctx, f, a, holds, s.gone)
	})
	if err == nil && a.State == attachment.Stored && a.Replaces != "" {
		err = s.leave(ctx, due.Request, a.Replaces, holds)
	}
	return a, err
}

// unlessHeld has a file go, or looks later while a legal hold is on its request.
func (s *Service) unlessHeld(ctx context.Context, f request.File, a attachment.File, holds Holds, goes func(context.Context, request.File, attachment.File) (request.Step, attachment.File, error)) (request.Step, attachment.File, error) {
	held, err := holds.KeptBack(ctx, &f.Request)
	switch {
	case err != nil:
		return request.Step{}, a, err
	case len(held) > 0:
		return quietly(f.Request, a.Later(s.now()))
	}
	return goes(ctx, f, a)
}

// late is for a file that may have come although nobody said so. An archive is of use
// to nobody then.
func (s *Service) late(ctx context.Context, f request.File, a attachment.File) (request.Step, attachment.File, error) {
	if a.For == attachment.Archive {
		return s.left(ctx, f, a)
	}
	step, stored, err := s.arrived(ctx, f, a)
	if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		return quietly(f.Request, a.Left(s.now()))
	}
	return step, stored, err
}

// gone deletes the object first: what a crash leaves is a row, which leads here again.
func (s *Service) gone(ctx context.Context, f request.File, a attachment.File) (request.Step, attachment.File, error) {
	if err := s.Objects.Delete(ctx, a.ID); err != nil {
		return request.Step{}, a, err
	}
	left := a.Left(s.now())
	q, entry, err := request.Record(f.Request, lifecycle.EventFileGone, audit.BySystem, facts(a), left.GoneAt, s.Random)
	return request.Step{Request: q, Events: []audit.Entry{entry}, Files: []attachment.File{left}}, left, err
}

// quietly changes a file without an entry of the history.
func quietly(q request.Request, a attachment.File) (request.Step, attachment.File, error) {
	q.Version++
	return request.Step{Request: q, Files: []attachment.File{a}}, a, nil
}
