package request

import (
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/settings"
	"privacydesk/shared/domain/waiting"
)

// Wait returns the time that the person has to do what we wait for; the zero
// Wait when there is nothing to wait for, or none is left, or they have written.
func (s *Service) Wait(r *Request) waiting.Time {
	if r.State != lifecycle.WaitingForPerson || r.Waiting == nil || r.Waiting.Replied || r.Waiting.ToPost {
		return waiting.Time{}
	}
	w := waiting.Time{By: r.Waiting.Until, Then: settings.Lapse}
	if r.Waiting.Resumes {
		w.Then = settings.Resume
	}
	if watch, _ := r.Watched(); watch == lifecycle.WatchPaused {
		return w
	}
	w.Then, w.End = waiting.RunsOn, r.answerable()
	if due := r.DueAt; w.By.IsZero() || due.Before(w.By) && due.After(s.Now()) {
		w.By = due // what comes after our answer is of no use to it
	}
	if !w.By.After(s.Now()) {
		return waiting.Time{}
	}
	return w
}
