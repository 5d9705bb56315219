package contract

import (
	"testing"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/request"
)

// An act on a request may change another: both, or none.
func twoRequests(t *testing.T, s RequestTables) {
	next := func(r request.Request, event string) request.Step {
		step := request.Step{Request: r}
		step.Request.Version++
		step.Events = []audit.Entry{entry(t, &step.Request, event)}
		return step
	}
	one, other := create(t, s.Requests, "PD-A"), create(t, s.Requests, "PD-B")
	both, took := next(one.Request, "joined"), next(other.Request, "took_over")
	both.Also = &took
	if err := s.Requests.Save(background, both); err != nil {
		t.Fatal(err)
	}
	late, stale := next(both.Request, "noted"), next(other.Request, "took_over")
	late.Also = &stale
	if err := s.Requests.Save(background, late); !isConflict(err) {
		t.Errorf("the other has moved: %v", err)
	}
	if a, b := file(t, s.Requests, "PD-A"), file(t, s.Requests, "PD-B"); len(a.Events) != 3 || len(b.Events) != 3 || a.Request.Version != 2 || b.Request.Version != 2 {
		t.Errorf("%+v\n%+v", a, b)
	}
}
