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
func (m *mailer) kept(r request.Request) mail.Kept {
	class, since := r.Disposal()
	switch class {
	case "":
		return mail.Kept{}
	case schedule.UnverifiedRequest:
		return mail.Kept{Until: m.lastDay(schedule.UnverifiedRequest, since)}
	}
	k := mail.Kept{Log: m.lastDay(schedule.RequestLog, r.ClosedAt)}
	switch {
	case class == schedule.ClosedRequest:
		k.Until = m.lastDay(schedule.ClosedRequest, since)
	case since.After(m.now()):
		k.Until = civil.Through(since, m.zone)
	}
	return k
}

// lastDay is that of a period of the schedule that has an end.
func (m *mailer) lastDay(class schedule.Class, since time.Time) civil.Day {
	due, _ := m.schedule.Rule(class).Period.End(since, m.zone)
	return civil.Through(due, m.zone)
}
