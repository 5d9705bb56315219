package main

import (
	"time"

	"privacydesk/shared/adapter/mail"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/schedule"
)

// kept is how long the page of a closed request shows it, by the schedule of
// retention. Who is to be erased keeps the log alone.
func (c *courier) kept(r request.Request) mail.Kept {
	class, since := r.Disposal()
	switch class {
	case "":
		return mail.Kept{}
	case schedule.UnverifiedRequest:
		return mail.Kept{Until: c.lastDay(schedule.UnverifiedRequest, since)}
	}
	k := mail.Kept{Log: c.lastDay(schedule.RequestLog, r.ClosedAt)}
	switch {
	case class == schedule.ClosedRequest:
		k.Until = c.lastDay(schedule.ClosedRequest, since)
	case since.After(c.now()):
		k.Until = civil.Through(since, c.place)
	}
	return k
}

// lastDay is that of a period of the schedule that has an end.
func (c *courier) lastDay(class schedule.Class, since time.Time) civil.Day {
	due, _ := c.schedule.Rule(class).Period.End(since, c.place)
	return civil.Through(due, c.place)
}
