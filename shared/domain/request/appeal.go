package request

import (
	"context"
	"errors"
	"slices"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/requestmail"
)

// Appeal takes an appeal against the answer to a request: a request of its
// own, linked to the first, with the clock of an appeal. It is verified as the
// first was, whose status link the person has used, or an officer enters it for them:
// its clock runs from the day on which it came. There is one appeal; the same again while it is open returns it. Conflict: there is nothing to appeal
// against; ErrAppealed, ErrFinal.
func (s *Service) Appeal(ctx context.Context, id, reasons string, by ...intake.Entered) (r Request, err error) {
	if err := intake.CheckLength("reasons", reasons, intake.MaxDetails); err != nil && len(by) == 0 {
		return Request{}, err
	}
	for range tries {
		about, err := s.Store.File(ctx, id)
		if err != nil {
			return Request{}, err
		}
		if r, err = s.appeal(ctx, about, reasons, by); !errors.Is(err, errMoved) {
			return r, err
		}
	}
	return r, errMoved
}

// errMoved says that the request changed while it was appealed against.
var errMoved = fault.New(fault.Conflict, "The request has just changed. Please try again.").Because("changed")

func (s *Service) appeal(ctx context.Context, f File, reasons string, by []intake.Entered) (Request, error) {
	about := f.Request
	if about.Reduced() {
		return Request{}, ErrReduced
	}
	if about.AppealOf != "" {
		return Request{}, ErrFinal
	}
	if about.State == lifecycle.CarryingOut && !about.refused() {
		return Request{}, errGranted
	}
	if r, found, err := s.appealAgainst(ctx, f, reasons); found || err != nil {
		return r, err
	}
	first := s.begin(about)
	id, err := newID(s.Random)
	if err != nil {
		return Request{}, err
	}
	actor, at, facts, err := first.entered(by)
	if err != nil {
		return Request{}, err
	}
	facts["appeal"] = id
	if err := first.happen(lifecycle.EventAppealed, actor, facts, nil); err != nil {
		return Request{}, err
	}
	first.Request.ObjectUntil = time.Time{} // it is objected to
	t := s.begin(Request{
		ID: id, Ref: about.Ref, Kinds: about.denied(), Address: about.Address, Name: about.Name, Details: reasons,
		Place: about.Place, OnBehalfOf: about.OnBehalfOf, Language: about.Language, Source: intake.FromAppeal, AppealOf: about.ID, AnsweredBy: about.Decision.By, AnsweredSigned: about.Decision.Signed,
		Contact: about.Contact, NoEmail: about.NoEmail, Paper: about.Paper,
	})
	if err = t.receiveAppeal(actor, at, facts["came_by"]); err == nil {
		err = t.gather(ctx)
	}
	if err != nil {
		return Request{}, err
	}
	t.Also = &first.Step
	if err := s.Store.Create(ctx, Creation{Step: t.Step}); err != nil {
		if isConflict(err) {
			err = errMoved
		}
		return Request{}, err
	}
	return t.Request, nil
}

// Errors of Appeal, both Conflict.
var (
	ErrFinal    = fault.New(fault.Conflict, "The answer to an appeal is final; you can complain to the authority.").Because("final")
	ErrAppealed = fault.New(fault.Conflict, "You have appealed against this answer before.").Because("appealed")
)

// errGranted says that nothing was denied.
var errGranted = fault.New(fault.Conflict, "All that the request asks for was granted.").Because("granted")

// appealAgainst finds the appeal that was made before.
func (s *Service) appealAgainst(ctx context.Context, f File, reasons string) (r Request, found bool, err error) {
	i := slices.IndexFunc(f.Events, func(e audit.Entry) bool { return e.Kind == string(lifecycle.EventAppealed) })
	if i < 0 {
		return Request{}, false, nil
	}
	r, err = s.Store.Load(ctx, f.Events[i].Facts["appeal"])
	switch {
	case fault.CodeOf(err) == fault.NotFound || r.State == lifecycle.Withdrawn || r.State == lifecycle.Expired:
		return Request{}, false, ErrAppealed
	case err != nil:
		return Request{}, false, err
	case r.State.Decided():
		return Request{}, false, ErrFinal
	case reasons != "" && !alikeText(reasons, r.Details):
		return Request{}, false, ErrAppealed // these reasons are not in it
	}
	return r, true, nil
}

// denied are the kinds that an appeal is about.
func (r *Request) denied() []intake.Kind {
	if denied := r.Decision.Denied(); len(denied) > 0 {
		return denied
	}
	return r.Kinds
}

func (t *step) receiveAppeal(actor string, at time.Time, cameBy string) error {
	t.Request.ReceivedAt, t.Request.ClockFrom, t.Request.VerifiedAt = at, at, t.at
	t.Request.Head = audit.Genesis(t.Request.ID)
	facts := map[string]string{"kinds": joined(t.Request.Kinds), "source": string(intake.FromAppeal), "appeal_of": t.Request.AppealOf}
	if cameBy != "" {
		facts["came"], facts["came_by"] = at.Format(civil.Stamp), cameBy
	}
	private := map[string]string{"address": t.Request.Address.Reveal(), "post": t.Request.Contact.Post(), "telephone": t.Request.Contact.Telephone(), "name": t.Request.Name, "details": t.Request.Details}
	if err := t.happen(lifecycle.EventReceived, actor, facts, private); err != nil {
		return err
	}
	if err := t.happen(lifecycle.EventVerified, audit.BySystem, map[string]string{"by": t.Request.AppealOf}, nil); err != nil {
		return err
	}
	t.mail(requestmail.Acknowledge)
	return t.date()
}

// refused reports whether the person did not get all that they asked for.
func (r *Request) refused() bool {
	partly := r.State == lifecycle.CarryingOut && r.Decision.Outcome == decision.Partly
	return r.State == lifecycle.Refused || r.State == lifecycle.PartlyFulfilled || partly
}

// Appealable reports whether the person may appeal against the answer; an
// appeal's own answer goes to the authority.
func (r *Request) Appealable() bool { return r.refused() && r.AppealOf == "" }

// Appealable is that of the request, unless the history shows an appeal. One
// that was let go counts too.
func (f *File) Appealable() bool {
	return f.Request.Appealable() && !f.Request.Reduced() &&
		!slices.ContainsFunc(f.Events, func(e audit.Entry) bool { return e.Kind == string(lifecycle.EventAppealed) })
}
