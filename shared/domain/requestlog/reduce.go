package requestlog

import (
	"io"
	"reflect"
	"slices"
	"time"

	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/request"
)

// Reduction makes a log of a closed request: that there was one, of which
// kind, when, and how it was answered (11 CCR 7101). Who asked, their words
// and ours are taken away; the history still verifies.
type Reduction struct {
	Request request.Request   // as it then stands; Version is one more than before
	Blanked []audit.Entry     // entries that held something private, without it
	Event   audit.Entry       // the entry that tells of it
	Letters []outbox.Letter   // those that held more than the log keeps, without it
	Systems []ledger.Entry    // … as well
	Files   []attachment.File // their hashes alone: what they held was deleted before
}

// ErrMailPending says that a mail about the request has still to go, and
// ErrSystemPending that another system has still to answer: both need the address.
// They are Conflicts.
var (
	ErrMailPending   = fault.New(fault.Conflict, "a mail about the request has not gone yet")
	ErrSystemPending = fault.New(fault.Conflict, "another system has not answered yet")
)

// Reduce reduces a closed request: by EventReduced when its period is over, by
// EventErased when the person is erased (Art. 17 GDPR). Doing a part of it
// again, after the rest was lost, ends the same. Conflict: ErrMailPending,
// ErrSystemPending, request.ErrReduced, or it is open.
func Reduce(f request.File, event lifecycle.Event, at time.Time, random io.Reader) (Reduction, error) {
	if f.Request.Reduced() {
		return Reduction{}, request.ErrReduced
	}
	if !reductions[event] {
		return Reduction{}, fault.New(fault.Internal, "reduce a request: %q is no reduction", event)
	}
	if err := Pending(f); err != nil {
		return Reduction{}, err
	}
	q, entry, err := request.Record(f.Request, event, audit.BySystem, nil, at, random)
	if err != nil {
		return Reduction{}, err
	}
	r := Reduction{Request: logOf(q), Event: entry}
	r.Request.ReducedAt = entry.At
	for _, e := range f.Events {
		if private(e) {
			r.Blanked = append(r.Blanked, audit.Blank(e))
		}
	}
	for _, n := range f.Letters {
		if left := letterLog(n); left != n {
			r.Letters = append(r.Letters, left)
		}
	}
	for _, e := range f.Systems {
		if left := e.Log(); left != e {
			r.Systems = append(r.Systems, left)
		}
	}
	for _, a := range f.Files {
		if left := a.Log(entry.At); !reflect.DeepEqual(left, a) {
			r.Files = append(r.Files, left)
		}
	}
	return r, nil
}

var reductions = map[lifecycle.Event]bool{lifecycle.EventReduced: true, lifecycle.EventErased: true}

// logOf is what the log keeps of a request: what is named here, and nothing
// else.
func logOf(r request.Request) request.Request {
	left := request.Request{
		ID: r.ID, Ref: r.Ref, Version: r.Version, Kinds: r.Kinds, KindsUnsure: r.KindsUnsure, State: r.State, Place: r.Place, OnBehalfOf: r.OnBehalfOf, Source: r.Source, GPC: r.GPC,
		ReceivedAt: r.ReceivedAt, ClockFrom: r.ClockFrom, AskedAt: r.AskedAt, VerifyBy: r.VerifyBy, VerifiedAt: r.VerifiedAt, ClosedAt: r.ClosedAt, Resent: r.Resent,
		Pauses: r.Pauses, Extension: r.Extension, DueAt: r.DueAt, DueRule: r.DueRule, NoEmail: r.NoEmail, LinkedTo: r.LinkedTo, AppealOf: r.AppealOf, Repeated: r.Repeated, Reminded: r.Reminded,
		ExportUntil: r.ExportUntil, Fetched: r.Fetched, FetchedAt: r.FetchedAt, MailFailedAt: r.MailFailedAt, EraseFrom: r.EraseFrom, ReducedAt: r.ReducedAt, Head: r.Head,
	}
	if d := r.Decision; d != nil {
		left.Decision = &decision.Decision{Outcome: d.Outcome, Answers: answerLog(d.Answers), At: d.At}
	}
	return left
}

// answerLog is what the log keeps of answers: their codes.
func answerLog(answers []decision.Answer) []decision.Answer {
	var left []decision.Answer
	for _, a := range answers {
		left = append(left, decision.Answer{Kind: a.Kind, Outcome: a.Outcome, Grounds: a.Grounds})
	}
	return left
}

// letterLog is what the log keeps of a letter.
func letterLog(l outbox.Letter) outbox.Letter {
	return outbox.Letter{
		SubjectID: l.SubjectID, Seq: l.Seq, Template: l.Template, Cause: l.Cause, QueuedAt: l.QueuedAt, DueAt: l.DueAt, State: l.State, Paper: l.Paper, WrittenAt: l.WrittenAt, SentAt: l.SentAt,
	}
}

// Pending says why a request cannot go yet, ErrMailPending or ErrSystemPending; nil: it can.
func Pending(f request.File) error {
	switch {
	case slices.ContainsFunc(f.Letters, outbox.Letter.Waits):
		return ErrMailPending
	case len(ledger.Unended(f.Systems)) > 0:
		return ErrSystemPending
	}
	return nil
}

func private(e audit.Entry) bool {
	for _, p := range e.Private {
		if _, there := p.Reveal(); there {
			return true
		}
	}
	return false
}

// Apply makes of a file what the reduction leaves of it.
func (r Reduction) Apply(f request.File) request.File {
	now := request.File{Request: r.Request}
	for _, e := range f.Events {
		now.Events = append(now.Events, audit.Blank(e))
	}
	now.Events = append(now.Events, r.Event)
	for _, n := range f.Letters {
		now.Letters = append(now.Letters, letterLog(n))
	}
	for _, e := range f.Systems {
		now.Systems = append(now.Systems, e.Log())
	}
	for _, a := range f.Files {
		now.Files = append(now.Files, a.Log(r.Event.At))
	}
	return now
}
