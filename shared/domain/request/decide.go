package request

import (
	"cmp"
	"context"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/draft"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/requestmail"
)

// Decide answers the request at once, kind by kind; one answer without a kind is
// that to all others. Where another must sign it, it waits for that
// (Request.Draft), and nothing is decided yet. Invalid: see decision.Facts.Review.
// Conflict: what is asked for is not known yet, the officer decided on what is
// appealed against, the time that the person was given is not over, a legal hold
// keeps back what is granted, another answer is on its way, or a colleague has drafted
// one (Replaces).
func (s *Service) Decide(ctx context.Context, id, officer string, answers ...decision.Answer) (Request, error) {
	return s.act(ctx, id, func(t *step) error {
		if err := cmp.Or(t.nothingOnItsWay(), t.mayReplace(officer, answers)); err != nil {
			return err
		}
		w, err := t.weigh(ctx, officer, answers)
		if err != nil {
			return err
		}
		if err := w.refusal(); err != nil {
			return err
		}
		if len(w.Needs) == 0 {
			return t.decide(w.decision, w.held, 0)
		}
		t.Request.Draft = &draft.Draft{Answers: answers, By: officer, At: t.at}
		return t.sendOff(t.way(&w, draft.AtOnce, officer))
	})
}

// decide stores the decision, with all that follows from it. While other systems have
// to carry it out, the request is not closed. letter is the entry whose letter tells
// of it; 0: it queues one.
func (t *step) decide(d *decision.Decision, held []KeptBack, letter int) error {
	facts, private := map[string]string{}, map[string]string{}
	for _, a := range d.Answers {
		facts[string(a.Kind)], private["explanation_"+string(a.Kind)] = string(a.Outcome), a.Explanation
		if len(a.Grounds) > 0 {
			facts["grounds_"+string(a.Kind)] = a.Citations()
		}
	}
	asked := t.askSystems(len(held) > 0, granted(d)...)
	event := t.outcome(d)
	if event != lifecycle.EventRefused && len(ledger.Outstanding(t.toCarryOut(d))) > 0 {
		event, facts["decision"] = lifecycle.EventCarryingOut, string(d.Outcome)
	}
	if err := t.happen(event, audit.AsOfficer(d.By), facts, private); err != nil {
		return err
	}
	t.Request.Decision, t.Request.Draft = d, nil
	if intake.Exports(d.Granted(true)) && t.Request.OwnData() {
		if t.Settings.ExportFor < aDay {
			return fault.New(fault.Internal, "no period is set in which an export can be fetched")
		}
		t.Request.ExportUntil = t.through(t.at, t.Settings.ExportFor)
	}
	if d.Seq = letter; letter == 0 {
		d.Seq = t.Request.Head.Seq
		t.mail(requestmail.Decision)
	}
	t.Request.ObjectUntil = t.objectUntil(held)
	if event == lifecycle.EventPartlyFulfilled && d.Outcome == decision.Grant {
		t.Request.ObjectUntil = t.through(t.at, time.Duration(t.Law.ReviewDays)*aDay)
	}
	if err := t.systemsDecided(d, asked); err != nil {
		return err
	}
	if !t.ordersErasure(d, held) {
		return nil
	}
	t.Request.HeldBack = len(held) > 0
	return t.orderErasure(d.By)
}

// outcome is that of a decision. Access without the part of a system that keeps it back
// is no whole fulfilment.
func (t *step) outcome(d *decision.Decision) lifecycle.Event {
	if d.Outcome == decision.Grant && intake.Exports(d.Granted(true)) && ledger.Missing(t.systems) {
		return lifecycle.EventPartlyFulfilled
	}
	return lifecycle.Event(d.Outcome)
}

// ordersErasure reports whether a decision has the person erased: whose mailbox
// asked for it, all of it, or all that a legal hold does not keep.
func (t *step) ordersErasure(d *decision.Decision, held []KeptBack) bool {
	own := d.Answer(deadline.Erasure).Outcome
	return t.Request.erasesAsker() && (own == decision.Grant || own == decision.Partly && len(held) > 0)
}
