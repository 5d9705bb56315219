package main

import (
	"time"

	"privacydesk/shared/adapter/mail"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/request"
)

func (l letter) answerBy() mail.AnswerBy {
	w := l.rights.Wait(&l.Request)
	return mail.AnswerBy{At: civil.Of(w.By, l.place), Then: w.Then, End: civil.Of(w.End, l.place)}
}

// kept is how long the page of a closed request shows it, by the schedule of
// retention. Who is to be erased keeps the log alone.
func (l letter) kept() mail.Kept {
	class, since := l.Disposal()
	switch class {
	case "":
		return mail.Kept{}
	case request.ClassUnverified:
		return mail.Kept{Until: l.lastDay(disposal.UnverifiedRequest, since)}
	}
	k := mail.Kept{Log: l.lastDay(disposal.RequestLog, l.ClosedAt)}
	switch {
	case class == request.ClassClosed:
		k.Until = l.lastDay(disposal.ClosedRequest, since)
	case since.After(l.now()):
		k.Until = civil.Through(since, l.place)
	}
	return k
}

// lastDay is that of a period of the schedule that has an end.
func (l letter) lastDay(class disposal.Class, since time.Time) civil.Day {
	due, _ := l.schedule.Rule(class).Period.End(since, l.place)
	return civil.Through(due, l.place)
}
