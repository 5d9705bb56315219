package request

import (
	"context"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/draft"
	"privacydesk/shared/domain/foureyes"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/requestmail"
	"privacydesk/shared/domain/waiting"
)

// Ask makes the request wait for the person: for a proof, for what they mean,
// or for a fee that the law allows. Where another must sign that a fee is asked
// for, the question waits for that (Request.Draft). Conflict: an answer is on its
// way.
func (s *Service) Ask(ctx context.Context, id, officer string, w waiting.Waiting) (Request, error) {
	if err := w.Check(); err != nil {
		return Request{}, err
	}
	return s.act(ctx, id, func(t *step) error {
		if err := t.nothingOnItsWay(); err != nil {
			return err
		}
		if err := t.Request.allows(w.Fee); err != nil {
			return err
		}
		needs := t.Settings.FourEyes.Of(foureyes.Fee)
		if w.Fee == nil || len(needs) == 0 {
			return t.question(&w, officer)
		}
		if _, err := lifecycle.Next(t.Request.State, lifecycle.EventAsked); err != nil {
			return err
		}
		return t.sendOff(draft.Way{Act: draft.Ask, When: draft.AtOnce, By: officer, At: t.at, Needs: needs, Question: &w})
	})
}

func (t *step) question(w *waiting.Waiting, officer string) error {
	if err := t.Request.allows(w.Fee); err != nil {
		return err
	}
	if err := t.wait(w, audit.AsOfficer(officer)); err != nil {
		return err
	}
	t.mail(requestmail.Waiting)
	return nil
}

// wait stops the request until the person has answered; the clock stops only
// where the law of the place says that it may, and not where our mails come back.
func (t *step) wait(w *waiting.Waiting, actor string) error {
	facts := map[string]string{"cause": string(w.Cause), "evidence": joined(w.Proofs)}
	if w.Fee != nil {
		facts["fee"], facts["fee_because"] = w.Fee.String(), string(w.Fee.Because)
	}
	paused, err := t.Law.Pause(t.Request.lawCase(), w.Cause, t.at)
	w.ToPost = t.Request.Paper
	stops := err == nil && !w.ToPost && t.Request.MailFailedAt.IsZero()
	if stops {
		t.Request.Pauses = paused.Pauses
	}
	facts["clock_stopped"] = yes(stops)
	if err := t.happen(lifecycle.EventAsked, actor, facts, map[string]string{"question": w.Question}); err != nil {
		return err
	}
	if rule, found := t.Settings.Waiting[w.Cause]; found {
		w.Days, w.Resumes = rule.Days, rule.Resume
	}
	if w.Days > 0 && !w.ToPost {
		w.Until = t.Law.EndOfDay(t.at, w.Days).UTC()
	}
	t.Request.Waiting = w
	return t.date()
}
