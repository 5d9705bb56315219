package request

import (
	"context"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
)

// Answer records that the person has done what was asked, at a time; zero is
// now. The clocks run again from then. Invalid: it is to come, or before the day
// of the question.
func (s *Service) Answer(ctx context.Context, id, officer string, at time.Time) (Request, error) {
	f, err := s.Store.File(ctx, id)
	if err != nil {
		return Request{}, err
	}
	return s.act(ctx, id, func(t *step) error {
		came, err := t.came("at", at, f.lastAsked(), "the question")
		if err != nil {
			return err
		}
		facts := map[string]string{"came": came.Format(civil.Stamp)}
		if err := t.happen(lifecycle.EventAnswered, audit.AsOfficer(officer), facts, nil); err != nil {
			return err
		}
		t.runOn(came)
		t.Request.Waiting = nil
		if err := t.gather(ctx); err != nil {
			return err
		}
		return t.date()
	})
}

// runOn lets the clocks run again from a time, where they stand still.
func (t *step) runOn(from time.Time) {
	if resumed, err := t.Law.Resume(t.Request.lawCase(), from); err == nil {
		t.Request.Pauses = resumed.Pauses
	}
}

// came is when something came. Whoever names the day of what it answers means a
// time after that.
func (t *step) came(field string, at, asked time.Time, what string) (time.Time, error) {
	at = at.UTC().Truncate(time.Millisecond)
	zone := t.Law.Zone()
	switch {
	case at.IsZero():
		return t.at, nil
	case at.After(t.at):
		return at, fault.Field(field, "future", field+" must not be in the future")
	case !at.Before(asked):
		return at, nil
	case civil.Of(at, zone) == civil.Of(asked, zone):
		return asked, nil
	}
	return at, fault.Field(field, "early", field+" must not be before "+what+", of "+asked.In(zone).Format("2006-01-02"))
}

// entered is who says something, when it came, and what the history tells of that:
// the person does by their link, or an officer enters it for them.
func (t *step) entered(by []intake.Entered) (actor string, at time.Time, facts map[string]string, err error) {
	if len(by) == 0 || t.Request.Decision == nil {
		return audit.ByPerson, t.at, map[string]string{}, nil
	}
	e := by[0]
	if at, err = t.came("received_on", e.At, t.Request.Decision.At, "our answer"); err == nil {
		err = e.Check()
	}
	return audit.AsOfficer(e.Officer), at, map[string]string{"came": at.Format(civil.Stamp), "came_by": string(e.By)}, err
}

// lastAsked is when the person was last asked for something.
func (f *File) lastAsked() (at time.Time) {
	for _, e := range f.Events {
		if e.Kind == string(lifecycle.EventAsked) {
			at = e.At
		}
	}
	return at
}
