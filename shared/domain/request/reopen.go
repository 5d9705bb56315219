package request

import (
	"context"
	"slices"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/requestmail"
)

// Reopen opens a closed request again, for a reason; the person is told. Its
// date is that of its receipt, as before: no law starts it anew. An order of
// erasure that was not carried out is withdrawn. Invalid: without a reason.
// Conflict: nobody confirmed it, nothing is to be answered, or an appeal is open.
func (s *Service) Reopen(ctx context.Context, id, officer, reason string) (Request, error) {
	if reason == "" {
		return Request{}, fault.Field("reason", "missing", "reopening a request needs its reason")
	}
	return s.act(ctx, id, func(t *step) error {
		if _, err := lifecycle.Next(t.Request.State, lifecycle.EventReopened); err != nil {
			return err
		}
		if err := t.mayReopen(ctx); err != nil {
			return err
		}
		wasJoined := t.Request.State == lifecycle.Joined
		facts := map[string]string{}
		if !t.Request.ClosedAt.IsZero() {
			facts["closed_at"] = t.Request.ClosedAt.UTC().Format(civil.Stamp)
		}
		if !t.Request.EraseFrom.IsZero() {
			facts["erasure_order"] = "withdrawn"
		}
		if err := t.happen(lifecycle.EventReopened, audit.AsOfficer(officer), facts, map[string]string{"reason": reason}); err != nil {
			return err
		}
		if err := t.dropSystems(ctx); err != nil {
			return err
		}
		r := &t.Request
		if wasJoined {
			r.LinkedTo = "" // it is not the same after all
		}
		if !r.ClosedAt.IsZero() {
			t.runOn(r.ClosedAt) // nothing is waited for any more
		}
		r.ClosedAt, r.ExportUntil, r.ObjectUntil, r.EraseFrom, r.HeldBack, r.Decision = time.Time{}, time.Time{}, time.Time{}, time.Time{}, false, nil
		r.Draft = r.Draft.With(nil) // an order of erasure, or an answer to what was closed
		t.mail(requestmail.Reopened)
		if err := t.gather(ctx); err != nil {
			return err
		}
		return t.date()
	})
}

func (t *step) mayReopen(ctx context.Context) error {
	switch {
	case t.Request.instant():
		return fault.New(fault.Conflict, "this request asked for opt-outs alone, which are in effect: nothing is to be answered").Because("opt_outs_alone")
	case t.Request.VerifiedAt.IsZero():
		return fault.New(fault.Conflict, "nobody has confirmed this request: enter it anew").Because("not_confirmed")
	}
	f, err := t.Store.File(ctx, t.Request.ID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(f.Events, func(e audit.Entry) bool { return e.Kind == string(lifecycle.EventAppealed) })
	if i < 0 {
		return nil
	}
	appeal, err := t.Store.Load(ctx, f.Events[i].Facts["appeal"])
	switch {
	case fault.CodeOf(err) == fault.NotFound:
		return nil
	case err == nil && !appeal.State.Decided():
		return fault.New(fault.Conflict, "an appeal against the answer is open: decide on %s instead", appeal.ID).Because("appeal_open", "appeal", appeal.ID)
	}
	return err
}
