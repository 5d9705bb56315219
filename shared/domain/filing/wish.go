package filing

import (
	"context"
	"errors"
	"slices"
	"time"

	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
)

// Wish is a file that an officer, a system or its owner wants to add, or an archive.
type Wish struct {
	For      attachment.For
	System   string // whose part of an answer it is; "": the desk's own
	Replaces string // id of the file whose place it takes
	By       string // audit's actor; officers are "officer:…"
}

// ExpectFrom gives the file for which whoever has that wish gets a form. A form that
// has not been used is used again. Conflict: ErrNoAnswer, ErrTooMany, ErrReplaces,
// request.ErrReduced.
func (s *Service) ExpectFrom(ctx context.Context, id string, w Wish) (attachment.File, error) {
	return s.change(ctx, id, func(f request.File) (request.Step, attachment.File, error) {
		err := takes(f, w)
		switch {
		case f.Request.Reduced():
			return request.Step{}, attachment.File{}, request.ErrReduced
		case w.For.FromPerson() || w.By == "":
			return request.Step{}, attachment.File{}, fault.New(fault.Internal, "expect a file: %q is not for %q", w.For, w.By)
		case w.For == attachment.Archive && !f.Request.ExportOpen(s.now()):
			return request.Step{}, attachment.File{}, ErrNoAnswer
		case err != nil:
			return request.Step{}, attachment.File{}, err
		}
		return s.expect(f, w)
	})
}

// takes says why a request does not take such a file.
func takes(f request.File, w Wish) error {
	if w.For == attachment.Answer && !TakesAnswer(&f.Request) {
		return ErrNoAnswer
	}
	old, err := find(f, w.Replaces)
	if w.Replaces != "" && (err != nil || old.State != attachment.Stored || old.For != w.For || old.System != w.System) {
		return ErrReplaces
	}
	return nil
}

// TakesAnswer reports whether files may be added to the answer of a request: it asks
// for data, and is not answered. What comes later, nobody has looked at.
func TakesAnswer(q *request.Request) bool {
	return !q.State.Decided() && intake.Exports(q.Kinds)
}

// Archived records an archive that was expected and has been written: the person
// fetches it, which is an entry with its hash. Earlier ones leave. Where it came too
// late, what was written is deleted.
func (s *Service) Archived(ctx context.Context, id, file string, c attachment.Content) (attachment.File, error) {
	a, err := s.changeAnswer(ctx, id, func(f request.File) (request.Step, attachment.File, error) {
		a, err := find(f, file)
		if err == nil {
			a, err = a.Arrived(c, s.now())
		}
		if err != nil {
			return request.Step{}, a, err
		}
		return s.exported(f, a)
	})
	if err != nil && !a.Held() { // nothing else leads to it
		err = errors.Join(err, s.Objects.Delete(ctx, file))
	}
	return a, err
}

func (s *Service) exported(f request.File, a attachment.File) (request.Step, attachment.File, error) {
	q := f.Request
	q.Fetched, q.FetchedAt = q.Fetched+1, a.StoredAt
	told := facts(a)
	told["format"] = string(a.Type)
	q, entry, err := request.Record(q, lifecycle.EventExported, audit.ByPerson, told, a.StoredAt, s.Random)
	return request.Step{Request: q, Events: []audit.Entry{entry}, Files: append([]attachment.File{a}, archives(f, a.StoredAt)...)}, a, err
}

// archives are those of a request, as they leave: they hold what is given out no more.
func archives(f request.File, now time.Time) (leave []attachment.File) {
	for _, o := range f.Files {
		if o.For == attachment.Archive && o.State == attachment.Stored {
			leave = append(leave, o.Leaves(now))
		}
	}
	return leave
}

// changeAnswer is change, after which the archives that leave are deleted.
func (s *Service) changeAnswer(ctx context.Context, id string, do func(request.File) (request.Step, attachment.File, error)) (attachment.File, error) {
	var left []attachment.File
	a, err := s.change(ctx, id, func(f request.File) (request.Step, attachment.File, error) {
		step, a, err := do(f)
		left = slices.DeleteFunc(slices.Clone(step.Files), func(o attachment.File) bool { return o.For != attachment.Archive || o.State != attachment.Leaving })
		return step, a, err
	})
	for i := 0; err == nil && i < len(left); i++ {
		err = s.leave(ctx, id, left[i].ID, s.Holds)
	}
	return a, err
}

// freshFor is for how long an archive is given again instead of written anew.
const freshFor = 10 * time.Minute

// FreshArchive is one that is there, was written a moment ago, and has all of the answer.
func FreshArchive(f request.File, now time.Time) (attachment.File, bool) {
	since := now.Add(-freshFor)
	for _, a := range f.Files {
		if a.For == attachment.Answer && a.StoredAt.After(since) {
			since = a.StoredAt
		}
	}
	i := slices.IndexFunc(f.Files, func(a attachment.File) bool {
		return a.For == attachment.Archive && a.State == attachment.Stored && !a.StoredAt.Before(since)
	})
	if i < 0 {
		return attachment.File{}, false
	}
	return f.Files[i], true
}

// Remove takes away a file of an officer or of an answer: it is given out no more, and
// what it holds is deleted, if no legal hold is on it, and so are archives. Doing it
// again ends the same. NotFound: there is no such file that an officer may remove.
func (s *Service) Remove(ctx context.Context, id, file, officer string) (attachment.File, error) {
	a, err := s.changeAnswer(ctx, id, func(f request.File) (request.Step, attachment.File, error) {
		a, err := find(f, file)
		switch {
		case err != nil:
			return request.Step{}, a, err
		case a.For != attachment.Internal && a.For != attachment.Answer:
			return request.Step{}, a, errNoFile
		case a.State != attachment.Stored:
			return request.Step{}, a, nil
		}
		q, entry, err := request.Record(f.Request, lifecycle.EventFileRemoved, audit.AsOfficer(officer), facts(a), s.now(), s.Random)
		a = a.Leaves(s.now())
		return request.Step{Request: q, Events: []audit.Entry{entry}, Files: append([]attachment.File{a}, archives(f, s.now())...)}, a, err
	})
	if err == nil {
		err = s.leave(ctx, id, file, s.Holds)
	}
	return a, err
}

// leave deletes what a leaving file holds at once, where the legal holds are known.
func (s *Service) leave(ctx context.Context, id, file string, holds Holds) error {
	if holds == nil {
		return nil
	}
	_, err := s.change(ctx, id, func(f request.File) (request.Step, attachment.File, error) {
		a, err := find(f, file)
		if err != nil || a.State != attachment.Leaving {
			return request.Step{}, a, err
		}
		return s.unlessHeld(ctx, f, a, holds, s.left)
	})
	return err
}

// left deletes the object first: what a crash leaves is a row, which leads here again.
func (s *Service) left(ctx context.Context, f request.File, a attachment.File) (request.Step, attachment.File, error) {
	if err := s.Objects.Delete(ctx, a.ID); err != nil {
		return request.Step{}, a, err
	}
	by := slices.IndexFunc(f.Files, func(o attachment.File) bool { return o.Replaces == a.ID && !o.StoredAt.IsZero() })
	if by < 0 {
		return quietly(f.Request, a.Left(s.now()))
	}
	gone, told := a.GaveWay(s.now()), facts(a)
	told["by"], told["by_sha256"] = f.Files[by].Name(), f.Files[by].SHA256
	q, entry, err := request.Record(f.Request, lifecycle.EventFileReplaced, audit.BySystem, told, gone.GoneAt, s.Random)
	return request.Step{Request: q, Events: []audit.Entry{entry}, Files: []attachment.File{gone}}, gone, err
}
