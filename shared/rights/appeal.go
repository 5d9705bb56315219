package rights

import (
	"context"

	"privacydesk/shared/fault"
	"privacydesk/shared/register"
)

// Appeal takes an appeal against the answer to a request: a request of its
// own, linked to the first, with the clock of an appeal. It is verified as the
// first was, whose status link the person has used.
func (s *Service) Appeal(ctx context.Context, id, reasons string) (Request, error) {
	about, err := s.Store.Load(ctx, id)
	if err != nil {
		return Request{}, err
	}
	if about.AppealOf != "" {
		return Request{}, fault.New(fault.Conflict, "The answer to an appeal is final; you can complain to the authority.")
	}
	first := s.begin(about)
	newID, err := newID(s.Random)
	if err != nil {
		return Request{}, err
	}
	if err := first.happen(EventAppealed, ByPerson, map[string]string{"appeal": newID}, nil); err != nil {
		return Request{}, err
	}
	t := s.begin(Request{
		ID: newID, Ref: about.Ref, Kinds: about.Kinds, Address: about.Address, Name: about.Name, Details: reasons,
		Place: about.Place, OnBehalfOf: about.OnBehalfOf, Language: about.Language, Source: FromAppeal, AppealOf: about.ID,
	})
	if err := t.receiveAppeal(); err != nil {
		return Request{}, err
	}
	return t.Request, s.Store.Create(ctx, Creation{Step: t.Step, About: &first.Step})
}

func (t *step) receiveAppeal() error {
	t.Request.ReceivedAt, t.Request.ClockFrom, t.Request.VerifiedAt = t.at, t.at, t.at
	t.Request.Head = register.Genesis(t.Request.ID)
	facts := map[string]string{"kinds": joined(t.Request.Kinds), "source": string(FromAppeal), "appeal_of": t.Request.AppealOf}
	private := map[string]string{"address": t.Request.Address.Reveal(), "name": t.Request.Name, "details": t.Request.Details}
	if err := t.happen(EventReceived, ByPerson, facts, private); err != nil {
		return err
	}
	if err := t.happen(EventVerified, BySystem, map[string]string{"by": t.Request.AppealOf}, nil); err != nil {
		return err
	}
	t.mail(MailAcknowledge)
	return t.date()
}
