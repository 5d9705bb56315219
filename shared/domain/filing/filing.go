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

	"privacydesk/shared/domain/access"
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
	// Holds knows the legal holds. nil: an act leaves to Clean what it takes away.
	Holds Holds
	// Verdict tells what a scan for malware says of an object. nil: nothing is scanned.
	Verdict func(ctx context.Context, id string) (attachment.Verdict, error)
}

// Errors of the acts, all Conflict but ErrNotThere, which is NotFound.
var (
	ErrNotAsked = fault.New(fault.Conflict, "Nothing is asked of the person that a file could answer.")
	ErrNoAnswer = fault.New(fault.Conflict, "The request takes no file for an answer: it is answered, or asks for no data.").Because("no_answer_file")
	ErrTooMany  = fault.New(fault.Conflict, "There are as many files as one request may have.").Because("files")
	ErrReplaces = fault.New(fault.Conflict, "The file that is to be replaced is not there any more.").Because("file_replaced")
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
		what, wanted := Wanted(&f.Request)
		if !wanted {
			return request.Step{}, attachment.File{}, ErrNotAsked
		}
		return s.expect(f, Wish{For: what, By: audit.ByPerson})
	})
}

// expect gives the same file to the same wish until it has arrived. An archive is
// written by ourselves, each under an id of its own.
func (s *Service) expect(f request.File, w Wish) (request.Step, attachment.File, error) {
	a := attachment.Expect(f.Request.ID, s.NewID(), w.For, s.now())
	a.System, a.By, a.Replaces = w.System, w.By, w.Replaces
	before := slices.IndexFunc(f.Files, func(o attachment.File) bool {
		return o.State == attachment.Expected && w.For != attachment.Archive && o.System == w.System && o.By == w.By && o.Replaces == w.Replaces &&
			(o.For == w.For || o.For.FromPerson() && w.For.FromPerson())
	})
	switch {
	case before >= 0:
		a.ID = f.Files[before].ID
	case !attachment.Room(f.Files, a):
		return request.Step{}, attachment.File{}, ErrTooMany
	}
	return quietly(f.Request, a)
}

// Arrived looks whether an expected file is there. One of the person answers the
// question, as a reply by mail does: an officer looks, and the request does not lapse.
// One that replaces another has it leave. NotFound: ErrNotThere, or there is no such
// file. Invalid: attachment.ErrType, ErrSize or ErrThreat. Conflict: ErrReplaces, ErrNoAnswer. What
// came is deleted then. Once it is there it may be asked again.
func (s *Service) Arrived(ctx context.Context, id, file string) (attachment.File, error) {
	a, err := s.change(ctx, id, func(f request.File) (request.Step, attachment.File, error) {
		a, err := find(f, file)
		switch {
		case err != nil || a.State == attachment.Refused:
			return request.Step{}, a, err
		case a.State == attachment.Stored:
			return s.sentAgain(ctx, f, a)
		case a.State != attachment.Expected: // no form is given for it any more
			return request.Step{}, a, errNoFile
		}
		return s.arrived(ctx, f, a)
	})
	switch {
	case err == nil && a.State == attachment.Refused:
		err = attachment.ErrThreat
	case err == nil && a.Replaces != "":
		err = s.leave(ctx, id, a.Replaces, s.Holds)
	}
	return a, err
}

func (s *Service) arrived(ctx context.Context, f request.File, a attachment.File) (request.Step, attachment.File, error) {
	content, err := s.Objects.Read(ctx, a.ID)
	switch {
	case fault.Is(err, fault.NotFound):
		return request.Step{}, a, ErrNotThere
	case err != nil:
		return request.Step{}, a, err
	}
	found, err := s.verdict(ctx, a)
	if err != nil {
		return request.Step{}, a, err
	}
	stored, err := a.Arrived(content, s.now())
	if wrong := cmp.Or(unwanted(f, a), err, threat(found)); wrong != nil {
		if err == nil || fault.Is(err, fault.Invalid) {
			err = s.Objects.Delete(ctx, a.ID)
		}
		return request.Step{}, a, cmp.Or(err, wrong)
	}
	if a.For == attachment.Answer {
		stored.Found = access.Scan(content.Text)
	}
	if s.Verdict != nil {
		stored = stored.Later(s.now())
	}
	return s.added(f, stored)
}

// unwanted says why a file is not taken any more that was expected.
func unwanted(f request.File, a attachment.File) error {
	if f.Request.Reduced() {
		return request.ErrReduced
	}
	return takes(f, Wish{For: a.For, System: a.System, Replaces: a.Replaces})
}

// added is the step with a file that is there. What it replaces is given out no more.
func (s *Service) added(f request.File, a attachment.File) (request.Step, attachment.File, error) {
	q, entry, err := request.Record(f.Request, lifecycle.EventFileAdded, a.By, facts(a), a.StoredAt, s.Random)
	if a.For.FromPerson() {
		replied(&q, a.StoredAt)
	}
	step := request.Step{Request: q, Events: []audit.Entry{entry}, Files: []attachment.File{a}}
	if old, gone := find(f, a.Replaces); gone == nil {
		step.Files = append(step.Files, old.Leaves(a.StoredAt))
	}
	return step, a, err
}

func replied(q *request.Request, now time.Time) {
	if q.Look == nil || q.Look.Why != lifecycle.LookReply {
		q.Look = &lifecycle.Look{Why: lifecycle.LookReply, Since: now}
	}
	if w := q.Waiting; w != nil {
		answered := *w
		answered.Replied = true
		q.Waiting = &answered
	}
}

// facts are what the history keeps of a file.
func facts(a attachment.File) map[string]string {
	f := map[string]string{"file": a.Name(), "for": string(a.For), "bytes": strconv.FormatInt(a.Size, 10), "sha256": a.SHA256}
	if a.System != "" {
		f["system"] = a.System
	}
	return f
}

var errNoFile = fault.New(fault.NotFound, "The request has no such file.")

func find(f request.File, id string) (attachment.File, error) {
	i := slices.IndexFunc(f.Files, func(a attachment.File) bool { return a.ID == id })
	if i < 0 {
		return attachment.File{}, errNoFile
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
	return attachment.File{}, fault.New(fault.Conflict, "The request changes all the time.").Because("changed")
}

func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Millisecond) }
