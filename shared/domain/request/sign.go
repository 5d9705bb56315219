package request

import (
	"context"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/draft"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/foureyes"
	"privacydesk/shared/domain/lifecycle"
)

// Sign signs what waits for the signature of another, and sets it going: an answer
// as it was sent, a question or an order of erasure at once. of is the entry that
// asked for it (draft.Way.Seq), so that nobody signs what they have not seen.
// Doing it twice is doing it once. Conflict: nothing waits, or another text by
// now; the officer sent it, or decided on what is appealed against; it cannot take
// effect any more.
func (s *Service) Sign(ctx context.Context, id, officer string, of int) (Request, error) {
	return s.act(ctx, id, func(t *step) error {
		d := t.Request.Draft
		switch {
		case d.Due() && foureyes.Caller(d.Way.SignedBy) == foureyes.Caller(officer):
			return errDone
		case !d.ToSign():
			return fault.New(fault.Conflict, "nothing waits for a signature").Because("nothing_to_sign")
		case of != d.Way.Seq:
			return fault.New(fault.Conflict, "what waits is not what you have seen: name the entry that asked for it, as the file shows it now (of)").Because("changed")
		}
		if err := t.maySign(officer); err != nil {
			return err
		}
		w := *d.Way
		w.SignedBy, w.SignedAt = officer, t.at
		if err := t.happen(lifecycle.EventSigned, audit.AsOfficer(officer), map[string]string{"act": string(w.Act)}, nil); err != nil {
			return err
		}
		return t.signed(ctx, w)
	})
}

// maySign refuses the signature of whoever sent it, and of whoever decided on
// what is appealed against. Whoever signed that decision may sign again.
func (t *step) maySign(officer string) error {
	r := &t.Request
	if r.AppealOf != "" && t.Settings.OtherEyes && foureyes.Caller(r.AnsweredBy) == foureyes.Caller(officer) {
		return decidedBefore(r.AppealOf)
	}
	return foureyes.Another(r.Draft.Way.By, officer)
}

// signed sets going what was signed.
func (t *step) signed(ctx context.Context, w draft.Way) error {
	switch w.Act {
	case draft.Ask:
		t.Request.Draft = t.Request.Draft.With(nil)
		question := *w.Question
		return t.question(&question, w.By)
	case draft.Erase:
		t.Request.Draft = t.Request.Draft.With(nil)
		return t.erase(ctx, w.By)
	}
	judged, err := t.judgeAgain(ctx, w)
	if err == nil {
		err = judged.refusal()
	}
	switch {
	case err != nil:
		return err
	case w.When == draft.AtOnce:
		return t.decide(judged.decision, judged.held, 0)
	}
	return t.schedule(w, w.SignedBy)
}

// judgeAgain judges what is on its way as things are now.
func (t *step) judgeAgain(ctx context.Context, w draft.Way) (weighed, error) {
	judged, err := t.weigh(ctx, w.By, t.Request.Draft.Answers)
	if err != nil {
		return judged, err
	}
	if judged.decision != nil {
		judged.decision.Signed = w.SignedBy
	}
	t.compare(&judged, &w)
	return judged, nil
}
