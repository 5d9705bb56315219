package request

import (
	"io"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/outbox"
)

// Errors of Recover, all Conflict. They follow a request's reference.
var (
	ErrNeverConfirmed = fault.New(fault.Conflict, "its person was erased since, and nobody had confirmed it")
	errErasedOpen     = fault.New(fault.Conflict, "it is open in the copy, and its person was erased since. If it does not ask for that erasure itself, answer it from the copy")
)

// Recover is what comes back of a request that the table has lost and an older
// copy, made at asOf, still has: the file as it was then. An entry of its
// history says so, since what happened after the copy is lost. The time erased,
// if not zero, is when the person was erased after they had sent it: then only
// the log comes back.
//
// Errors: a *audit.Broken where the history is not whole; ErrNeverConfirmed
// and ErrErasedOpen.
func Recover(f File, asOf, now, erased time.Time, random io.Reader) (File, error) {
	if err := audit.Verify(f.Events, f.Request.Head); err != nil {
		return File{}, err
	}
	t := &step{Service: &Service{Random: random}, Step: Step{Request: f.Request}, at: now.UTC().Truncate(time.Millisecond)}
	t.Request.Version++
	if err := t.happen(lifecycle.EventNoted, BySystem, map[string]string{"recovered_as_of": asOf.UTC().Format(timeFormat)}, nil); err != nil {
		return File{}, err
	}
	back := File{Request: t.Request, Events: append(f.Events[:len(f.Events):len(f.Events)], t.Events...), Letters: quiet(f.Letters, t.at)}
	switch {
	case erased.IsZero() || back.Request.Reduced():
		return back, nil
	case back.Request.neverConfirmed():
		return File{}, ErrNeverConfirmed
	case !back.Request.State.Closed():
		return File{}, errErasedOpen
	}
	left, err := Reduce(back, lifecycle.EventErased, t.at, random)
	if err != nil {
		return File{}, err
	}
	return left.Apply(back), nil
}

// RecoverParts is what comes back of a file's lost rows where its request is
// still there: nothing private of one that has been reduced.
func RecoverParts(r *Request, lost File, now time.Time) File {
	back := File{Events: lost.Events, Letters: quiet(lost.Letters, now)}
	if !r.Reduced() {
		return back
	}
	for i, e := range back.Events {
		back.Events[i] = audit.Blank(e)
	}
	for i, n := range back.Letters {
		back.Letters[i] = letterLog(n)
	}
	return back
}

// quiet ends the mails that were still to be sent when a copy was made. They
// may have gone since, so that no run sends them: an officer may (MailAgain).
func quiet(letters []outbox.Letter, now time.Time) []outbox.Letter {
	quiet := make([]outbox.Letter, len(letters))
	for i, n := range letters {
		if n.UnderWay() {
			n.State, n.SentAt, n.DueAt = outbox.Unknown, now, time.Time{}
		}
		quiet[i] = n
	}
	return quiet
}
