package request

import (
	"slices"

	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
)

// lawCase is what the law needs to know of the request.
func (r *Request) lawCase() deadline.Case {
	return deadline.Case{
		Kinds: r.unanswered(), Place: r.Place, ReceivedAt: r.ClockFrom, Appeal: r.AppealOf != "",
		Pauses: r.Pauses, Extension: r.Extension,
	}
}

// done reports whether a kind was fulfilled when it was received. An objection
// with reasons may be about more than marketing (Art. 21(1) GDPR), so a human
// reads it.
func (r *Request) done(k intake.Kind) bool {
	return intake.Instant(k) && r.AppealOf == "" && (k != deadline.Objection || r.Details == "")
}

// instant reports whether nothing but opt-outs was asked for.
func (r *Request) instant() bool {
	return !r.KindsUnsure && !slices.ContainsFunc(r.Kinds, func(k intake.Kind) bool { return !r.done(k) })
}

// unanswered are the kinds whose clocks run: the opt-outs beside them have
// taken effect. Of a request for nothing else, all.
func (r *Request) unanswered() []intake.Kind {
	if r.instant() {
		return r.Kinds
	}
	return r.forAnswer()
}

// forAnswer are the kinds that a human must answer.
func (r *Request) forAnswer() []intake.Kind { return slices.DeleteFunc(slices.Clone(r.Kinds), r.done) }

// answers are the purposes of the clocks by which we must answer.
func (r *Request) answers() []deadline.Purpose {
	if r.AppealOf != "" {
		return []deadline.Purpose{deadline.Appeal}
	}
	return []deadline.Purpose{deadline.Respond, deadline.OptOut}
}

// date computes the due date anew from the request's facts.
func (t *step) date() error {
	if t.Request.State == lifecycle.Unverified {
		t.Request.DueAt, t.Request.DueRule = t.Request.VerifyBy, ""
		return nil
	}
	d, err := t.Due(t.Request)
	t.Request.DueAt, t.Request.DueRule = d.Due, d.Rule
	if err != nil || t.Request.Waiting == nil {
		return err
	}
	w := *t.Request.Waiting
	w.ClockStands, err = t.noClockRuns(t.Request)
	t.Request.Waiting = &w
	return err
}

// Due returns the strictest date by which a request must be answered, with
// the reasons for it.
func (s *Service) Due(r Request) (deadline.Deadline, error) {
	all, err := s.Deadlines(r)
	if err != nil {
		return deadline.Deadline{}, err
	}
	d, found := deadline.Strictest(all, r.answers()...)
	if !found {
		return deadline.Deadline{}, fault.Wrap(fault.Internal, deadline.ErrNoClock, "date a request")
	}
	return d, nil
}

// noClockRuns reports whether all clocks stand still by which we must answer.
func (s *Service) noClockRuns(r Request) (bool, error) {
	all, err := s.Deadlines(r)
	runs := slices.ContainsFunc(all, func(d deadline.Deadline) bool { return !d.Paused && slices.Contains(r.answers(), d.Purpose) })
	return err == nil && !runs, err
}

// Deadlines returns all due dates of a request, the strictest first.
func (s *Service) Deadlines(r Request) ([]deadline.Deadline, error) {
	return s.Law.Deadlines(r.lawCase())
}
