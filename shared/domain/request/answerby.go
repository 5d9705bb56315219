package request

import (
	"time"

	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/settings"
)

// Wait is what the person of a waiting request is told of their time.
type Wait struct {
	By   time.Time // the last second in which their answer is of use
	Then string    // what follows: settings.Lapse, settings.Resume, or RunsOn
	End  time.Time // with RunsOn: the last second in which the request cannot be closed without an answer
}

// RunsOn says that our clock does not stand still meanwhile: we answer in time
// whether they do or not.
const RunsOn = "open"

// Wait returns the time that the person has to do what we wait for; the zero
// Wait when there is nothing to wait for, or none is left, or they have written.
func (s *Service) Wait(r *Request) Wait {
	if r.State != lifecycle.WaitingForPerson || r.Waiting == nil || r.Waiting.Replied {
		return Wait{}
	}
	w := Wait{By: r.Waiting.Until, Then: settings.Lapse}
	if r.Waiting.Resumes {
		w.Then = settings.Resume
	}
	if watch, _ := r.Watched(); watch == lifecycle.WatchPaused {
		return w
	}
	w.Then, w.End = RunsOn, r.answerable()
	if due := r.DueAt; w.By.IsZero() || due.Before(w.By) && due.After(s.Now()) {
		w.By = due // what comes after our answer is of no use to it
	}
	if !w.By.After(s.Now()) {
		return Wait{}
	}
	return w
}
