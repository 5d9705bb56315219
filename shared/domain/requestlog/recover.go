package requestlog

import (
	"io"
	"slices"
	"time"

	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/draft"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/request"
)

// Errors of Recover, all Conflict. They follow a request's reference.
var (
	ErrNeverConfirmed = fault.New(fault.Conflict, "its person was erased since, and nobody had confirmed it")
	errErasedOpen     = fault.New(fault.Conflict, "it is open in the copy, and its person was erased since. If it does not ask for that erasure itself, answer it from the copy")
)

// Recover is what the table must be given of a request of which rows are gone.
// The table holds the file is, and an older copy, made at asOf, the file was.
//
//   - Where the request's own row is there, the lost rows of its history and its
//     letters come back, nothing private of one that has been reduced.
//   - Where it is gone, the request comes back as it was. An entry of its history
//     says so, since what happened after the copy is lost. If the person was
//     erased after they had sent it, only the log comes back.
//
// erased is when the person was last erased; zero: never. Errors: a
// *audit.Broken where the history would not be whole; ErrNeverConfirmed, and
// other Conflicts that say what to do.
func Recover(was, is request.File, asOf, now, erased time.Time, random io.Reader) (request.File, error) {
	head, lost := is.Request.Head, is.Request.ID == ""
	younger := func(e audit.Entry) bool { return e.Seq > was.Request.Head.Seq }
	switch {
	case lost && was.Request.ID == "":
		return request.File{}, fault.New(fault.Conflict, "its own row is not in the copy")
	case lost && slices.ContainsFunc(is.Events, younger):
		return request.File{}, fault.New(fault.Conflict, "the table holds events of it that are younger than the copy: take a younger copy")
	case lost:
		head = was.Request.Head
	}
	back := missing(was, is, head.Seq)
	whole := slices.SortedFunc(slices.Values(slices.Concat(back.Events, is.Events)), func(a, b audit.Entry) int { return a.Seq - b.Seq })
	if err := audit.Verify(whole, head); err != nil {
		return request.File{}, err
	}
	back.Letters = quiet(back.Letters, is.Request, now)
	switch {
	case lost:
		return recoverWhole(request.File{Request: was.Request, Events: whole, Letters: back.Letters, Systems: back.Systems, Files: back.Files}, asOf, now, erased, random)
	case was.Request.Head.Seq > head.Seq:
		return request.File{}, fault.New(fault.Conflict, "the copy has more of its history than the table: delete its rows, and run this again")
	case is.Request.Reduced():
		blank(&back, is.Request.ReducedAt)
	}
	return back, nil
}

// missing is what of a history that ends with entry seq the copy has and the
// table has not.
func missing(was, is request.File, seq int) request.File {
	return request.File{
		Events: slices.DeleteFunc(slices.Clone(was.Events), func(e audit.Entry) bool {
			return e.Seq > seq || slices.ContainsFunc(is.Events, func(o audit.Entry) bool { return o.Seq == e.Seq })
		}),
		Letters: slices.DeleteFunc(slices.Clone(was.Letters), func(l outbox.Letter) bool {
			return l.Seq > seq || slices.ContainsFunc(is.Letters, func(o outbox.Letter) bool { return o.Seq == l.Seq && o.Template == l.Template })
		}),
		Systems: slices.DeleteFunc(slices.Clone(was.Systems), func(e ledger.Entry) bool {
			_, err := ledger.Find(is.Systems, e.System, e.Task)
			return err == nil
		}),
		Files: slices.DeleteFunc(slices.Clone(was.Files), func(a attachment.File) bool {
			return slices.ContainsFunc(is.Files, func(o attachment.File) bool { return o.ID == a.ID })
		}),
	}
}

func recoverWhole(f request.File, asOf, now, erased time.Time, random io.Reader) (request.File, error) {
	q, entry, err := request.Record(f.Request, lifecycle.EventNoted, audit.BySystem, map[string]string{"recovered_as_of": asOf.UTC().Format(civil.Stamp)}, now, random)
	if err != nil {
		return request.File{}, err
	}
	if d := q.Draft; d.OnItsWay() { // it may have gone, or been signed, since the copy
		stopped := *d
		stopped.Way, stopped.Stopped = nil, &draft.Stopped{At: entry.At, Why: draft.Recovered}
		q.Draft, q.Look = &stopped, &lifecycle.Look{Why: lifecycle.LookUnsent, Since: entry.At}
	}
	back := request.File{Request: q, Events: append(f.Events, entry), Letters: f.Letters, Systems: f.Systems, Files: f.Files}
	switch {
	case !erased.After(f.Request.ReceivedAt) || back.Request.Reduced():
		return back, nil
	case neverConfirmed(&back.Request):
		return request.File{}, ErrNeverConfirmed
	case !back.Request.State.Closed():
		return request.File{}, errErasedOpen
	}
	left, err := Reduce(back, lifecycle.EventErased, entry.At, random)
	if err != nil {
		return request.File{}, err
	}
	return left.Apply(back), nil
}

func blank(f *request.File, at time.Time) {
	for i, e := range f.Events {
		f.Events[i] = audit.Blank(e)
	}
	for i, l := range f.Letters {
		f.Letters[i] = letterLog(l)
	}
	for i, e := range f.Systems {
		f.Systems[i] = e.Log()
	}
	for i, a := range f.Files {
		f.Files[i] = a.Log(at)
	}
}

// quiet ends the mails that were still to be sent when a copy was made. They
// may have gone since, so that no run sends them: an officer may (request.Service.MailAgain).
// The letter of an answer that is still on its way has not gone.
func quiet(letters []outbox.Letter, is request.Request, now time.Time) []outbox.Letter {
	quiet := make([]outbox.Letter, len(letters))
	for i, n := range letters {
		if n.UnderWay() && !is.Draft.Carries(n.Seq) {
			n.State, n.SentAt, n.DueAt = outbox.Unknown, now, time.Time{}
		}
		quiet[i] = n
	}
	return quiet
}
