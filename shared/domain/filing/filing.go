// Package filing holds the acts about files of a request: a person is given a form
// for one, it arrives, and it goes. A file counts as there only when its content was
// read: nothing is believed from the browser. What a file is, is in package attachment.
// The package must not import AWS, net/http or HTML.
package filing

import (
	"cmp"
	"context"
	"io"
	"iter"
	"slices"
	"strconv"
	"time"

	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
)

// Objects is the bucket, by the ids of files.
type Objects interface {
	// Read reads an object to its end. NotFound: there is none.
	Read(ctx context.Context, id string) (attachment.Content, error)
	// Delete deletes one, if there is one.
	Delete(ctx context.Context, id string) error
}

// Store keeps requests with their files; see request.Store.
type Store interface {
	File(ctx context.Context, id string) (request.File, error)
	Save(context.Context, request.Step) error
	// DueFiles yields the files that must be looked at by now, soonest first.
	DueFiles(ctx context.Context, now time.Time) iter.Seq2[attachment.File, error]
}

// Service does the acts.
type Service struct {
	Store   Store
	Objects Objects
	Now     func() time.Time
	Random  io.Reader     // salts of the history
	NewID   func() string // of files
}

// Errors of the acts, all Conflict but ErrNotThere, which is NotFound.
var (
	ErrNotAsked = fault.New(fault.Conflict, "Nothing is asked of the person that a file could answer.")
	ErrTooMany  = fault.New(fault.Conflict, "There are as many files as one request may have.")
	ErrNotThere = fault.New(fault.NotFound, "The file has not arrived.")
)

// Wanted says what a file of the person would be for; false: none is asked for.
func Wanted(q *request.Request) (attachment.For, bool) {
	switch {
	case q.State != lifecycle.WaitingForPerson || q.Waiting == nil:
		return "", false
	case q.Waiting.Cause == deadline.Identity:
		return attachment.Proof, true
	}
	return attachment.Words, q.Waiting.Cause == deadline.Clarification
}

// Expect gives the file for which the person gets a form. One that has not arrived is
// used again. Conflict: ErrNotAsked, ErrTooMany.
func (s *Service) Expect(ctx context.Context, id string) (attachment.File, error) {
	return s.change(ctx, id, func(f request.File) (request.Step, attachment.File, error) {
		q, now := f.Request, s.now()
		what, wanted := Wanted(&q)
		before := slices.IndexFunc(f.Files, func(a attachment.File) bool { return a.State == attachment.Expected })
		switch {
		case !wanted:
			return request.Step{}, attachment.File{}, ErrNotAsked
		case before < 0 && len(f.Files) >= attachment.MaxFiles:
			return request.Step{}, attachment.File{}, ErrTooMany
		}
		a := attachment.Expect(id, s.NewID(), what, now)
		if before >= 0 {
			a.ID = f.Files[before].ID
		}
		q.Version++
		return request.Step{Request: q, Files: []attachment.File{a}}, a, nil
	})
}

// Arrived looks whether an expected file is there. A file that came answers the
// question, as a reply by mail does: an officer looks, and the request does not lapse.
// NotFound: ErrNotThere, or there is no such file. Invalid: attachment.ErrType or
// ErrSize; what came is deleted. Once it is there it may be asked again.
func (s *Service) Arrived(ctx context.Context, id, file string) (attachment.File, error) {
	return s.change(ctx, id, func(f request.File) (request.Step, attachment.File, error) {
		a, err := find(f, file)
		if err != nil || a.State == attachment.Stored {
			return request.Step{}, a, err
		}
		return s.arrived(ctx, f.Request, a)
	})
}

func (s *Service) arrived(ctx context.Context, q request.Request, a attachment.File) (request.Step, attachment.File, error) {
	content, err := s.Objects.Read(ctx, a.ID)
	switch {
	case fault.Is(err, fault.NotFound):
		return request.Step{}, a, ErrNotThere
	case err != nil:
		return request.Step{}, a, err
	}
	now := s.now()
	stored, err := a.Arrived(content, now)
	if fault.Is(err, fault.Invalid) || q.Reduced() {
		err = cmp.Or(err, error(request.ErrReduced))
		if fail := s.Objects.Delete(ctx, a.ID); fail != nil {
			return request.Step{}, a, fail
		}
	}
	if err != nil {
		return request.Step{}, a, err
	}
	q, entry, err := request.Record(q, lifecycle.EventFileAdded, audit.ByPerson, facts(stored), now, s.Random)
	if q.Look == nil || q.Look.Why != lifecycle.LookReply {
		q.Look = &lifecycle.Look{Why: lifecycle.LookReply, Since: now}
	}
	if w := q.Waiting; w != nil {
		answered := *w
		answered.Replied = true
		q.Waiting = &answered
	}
	return request.Step{Request: q, Events: []audit.Entry{entry}, Files: []attachment.File{stored}}, stored, err
}

// facts are what the history keeps of a file.
func facts(a attachment.File) map[string]string {
	return map[string]string{"file": a.Name(), "for": string(a.For), "bytes": strconv.FormatInt(a.Size, 10), "sha256": a.SHA256}
}

func find(f request.File, id string) (attachment.File, error) {
	i := slices.IndexFunc(f.Files, func(a attachment.File) bool { return a.ID == id })
	if i < 0 {
		return attachment.File{}, fault.New(fault.NotFound, "The request has no such file.")
	}
	return f.Files[i], nil
}

// tries is how often an act looks again when the request has changed meanwhile.
const tries = 5

// change saves what do makes of a request's file. A step without a request changes
// nothing.
func (s *Service) change(ctx context.Context, id string, do func(request.File) (request.Step, attachment.File, error)) (a attachment.File, err error) {
	for range tries {
		f, err := s.Store.File(ctx, id)
		if err != nil {
			return attachment.File{}, err
		}
		step, a, err := do(f)
		if err != nil || step.Request.ID == "" {
			return a, err
		}
		if err := s.Store.Save(ctx, step); !fault.Is(err, fault.Conflict) {
			return a, err
		}
	}
	return attachment.File{}, fault.New(fault.Conflict, "The request changes all the time.")
}

func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Millisecond) }
