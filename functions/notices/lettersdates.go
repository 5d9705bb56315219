package main

import (
	"time"

	"privacydesk/shared/adapter/mail"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/request"
)

// kept is how long the page of a closed request shows it, by the schedule of
// retention. Who is to be erased keeps the log alone.
func (c *courier) kept(r request.Request) mail.Kept {
	class, since := r.Disposal()
	switch class {
	case "":
		return mail.Kept{}
	case request.ClassUnverified:
		return mail.Kept{Until: c.lastDay(disposal.UnverifiedRequest, since)}
	}
	k := mail.Kept{Log: c.lastDay(disposal.RequestLog, r.ClosedAt)}
	switch {
	case class == request.ClassClosed:
		k.Until = c.lastDay(disposal.ClosedRequest, since)
	case since.After(c.now()):
		k.Until = civil.Through(since, c.place)
	}
	return k
}

// lastDay is that of a period of the schedule that has an end.
func (c *courier) lastDay(class disposal.Class, since time.Time) civil.Day {
	due, _ := c.schedule.Rule(class).Period.End(since, c.place)
	return civil.Through(due, c.place)
}
