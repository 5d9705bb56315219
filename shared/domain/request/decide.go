package request

import (
	"context"
	"strings"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/requestmail"
)

// Decide answers the request, kind by kind; one answer without a kind is that
// to all others. Invalid: see decision.Facts.Check. Conflict: what is asked for is
// not known yet, the officer decided on what is appealed against, the time that
// the person was given is not over, or a legal hold keeps back what is granted.
func (s *Service) Decide(ctx context.Context, id, officer string, answers ...decision.Answer) (Request, error) {
	return s.act(ctx, id, func(t *step) error {
		if t.Request.KindsUnsure {
			return fault.New(fault.Conflict, "it is not known yet what the person asks for: they choose when they confirm, or verify names the kinds")
		}
		d, err := t.Request.decisionFacts().Check(answers, t.at)
		if err != nil {
			return err
		}
		d.By = officer
		held, err := t.mayDecide(ctx, d)
		if err != nil {
			return err
		}
		return t.decide(d, held)
	})
}

func (r *Request) decisionFacts() decision.Facts {
	return decision.Facts{Kinds: r.unanswered(), Place: r.Place, Repeated: r.Repeated}
}

// mayDecide refuses a decision that another must make, or that comes too early.
// It returns the legal holds that keep back the erasure that is asked for.
func (t *step) mayDecide(ctx context.Context, d *decision.Decision) ([]KeptBack, error) {
	if _, err := lifecycle.Next(t.Request.State, lifecycle.Event(d.Outcome)); err != nil {
		return nil, err
	}
	if err := t.byAnother(d.By); err != nil {
		return nil, err
	}
	if err := t.timeIsOver(ctx, d); err != nil {
		return nil, err
	}
	return t.heldBack(ctx, d)
}

// decide stores the decision, with all that follows from it.
func (t *step) decide(d *decision.Decision, held []KeptBack) error {
	facts, private := map[string]string{}, map[string]string{}
	for _, a := range d.Answers {
		facts[string(a.Kind)], private["explanation_"+string(a.Kind)] = string(a.Outcome), a.Explanation
		if len(a.Grounds) > 0 {
			facts["grounds_"+string(a.Kind)] = a.Citations()
		}
	}
	if err := t.happen(lifecycle.Event(d.Outcome), audit.ByOfficer+":"+d.By, facts, private); err != nil {
		return err
	}
	t.Request.Decision = d
	if intake.Exports(d.Granted(true)) {
		if t.Settings.ExportFor < aDay {
			return fault.New(fault.Internal, "no period is set in which an export can be fetched")
		}
		t.Request.ExportUntil = t.through(t.at, t.Settings.ExportFor)
	}
	t.mail(requestmail.Decision)
	own := d.Answer(deadline.Erasure).Outcome
	if !t.Request.erasesAsker() || own != decision.Grant && (own != decision.Partly || len(held) == 0) {
		return nil
	}
	t.Request.HeldBack = len(held) > 0
	return t.orderErasure(d.By)
}

// byAnother refuses that whoever decided on a request decides on the appeal
// against it. It is the caller that counts, not the role that they give.
func (t *step) byAnother(officer string) error {
	if t.Request.AppealOf == "" || !t.Settings.OtherEyes || caller(t.Request.AnsweredBy) != caller(officer) {
		return nil
	}
	return fault.New(fault.Conflict, "you decided on request %s: another officer must decide on the appeal against it (requests.appeal_by_another)", t.Request.AppealOf)
}

// caller is who acted, without the role that they gave: see audit.CheckRole.
func caller(officer string) string {
	if _, who, hasRole := strings.Cut(officer, "/"); hasRole {
		return who
	}
	return officer
}
