package request

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/draft"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/foureyes"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/requestmail"
)

// SaveDraft keeps an officer's answers to be finished; none throws the draft away.
// What was not changed is not saved. LookedFor is noted with it, and alone
// changes no answer. Invalid: no answer can say that. Conflict: the
// request is answered, the answer is on its way (CallBack), or there is a colleague's
// draft (Replaces).
func (s *Service) SaveDraft(ctx context.Context, id, officer string, answers ...decision.Answer) (Request, error) {
	return s.act(ctx, id, func(t *step) error {
		if d := t.Request.Draft; d != nil && len(answers) == 0 && len(s.LookedFor) > 0 {
			answers = d.Answers
		}
		if _, err := lifecycle.Next(t.Request.State, lifecycle.EventDrafted); err != nil {
			return err
		}
		if err := cmp.Or(t.nothingOnItsWay(), t.mayReplace(officer, answers)); err != nil {
			return err
		}
		if err := DecisionFacts(&t.Request).CheckDraft(answers); err != nil {
			return err
		}
		if len(s.LookedFor) > 0 {
			if err := t.readFiles(ctx, officer); err != nil {
				return err
			}
		}
		before, next := t.Request.Draft, &draft.Draft{Answers: answers, By: officer, At: t.at}
		if len(answers) == 0 {
			next = nil
		}
		same := next == nil && before == nil || next != nil && before != nil && draft.Same(before.Answers, answers)
		switch {
		case same && len(t.Events) > 0: // files were checked
			return nil
		case same && (before == nil || before.By == officer):
			return errDone
		}
		t.Request.Draft = next
		return t.happen(lifecycle.EventDrafted, audit.AsOfficer(officer), map[string]string{"empty": yes(next == nil)}, nil)
	})
}

// Send puts the draft on its way: its letter goes after the minutes in which it
// can be called back, or at the hour of the organisation's next working day, and
// the answer takes effect when it goes. Where another must sign it, it waits for
// that first. Invalid and Conflict: as Decide; there is no draft; it waits for a
// signature already.
func (s *Service) Send(ctx context.Context, id, officer string, when draft.When) (Request, error) {
	if !slices.Contains(draft.Whens, when) {
		return Request{}, fault.Unknown("when", "time to send", draft.Whens...)
	}
	return s.act(ctx, id, func(t *step) error {
		if err := t.nothingOnItsWay(); err != nil {
			return err
		}
		d := t.Request.Draft
		if d == nil {
			return fault.New(fault.Conflict, "there is no draft to send").Because("no_draft")
		}
		w, err := t.weigh(ctx, officer, d.Answers) // who sends it decides, whoever wrote it
		if err != nil {
			return err
		}
		if err := w.refusal(); err != nil {
			return err
		}
		return t.sendOff(t.way(&w, when, officer))
	})
}

// way is an answer that is sent, with what it was judged by.
func (t *step) way(w *weighed, when draft.When, officer string) draft.Way {
	return draft.Way{
		Act: draft.Decide, When: when, By: officer, At: t.at, Needs: w.Needs, Answers: w.Answers,
		Held: len(w.held) > 0, State: t.Request.State, Replied: t.replied(),
	}
}

// replied reports whether the person has written to what we wait for.
func (t *step) replied() bool { return t.Request.Waiting != nil && t.Request.Waiting.Replied }

// CallBack takes back what is on its way; what was written stays. Doing it twice
// is doing it once. Conflict: the answer has gone.
func (s *Service) CallBack(ctx context.Context, id, officer string) (Request, error) {
	return s.act(ctx, id, func(t *step) error {
		r := &t.Request
		switch {
		case r.Draft.OnItsWay():
			act := string(r.Draft.Way.Act)
			r.Draft = r.Draft.With(nil)
			return t.happen(lifecycle.EventCalledBack, audit.AsOfficer(officer), map[string]string{"act": act}, nil)
		case r.Decision != nil:
			return fault.New(fault.Conflict, "the answer has gone").Because("gone")
		}
		return errDone
	})
}

// nothingOnItsWay refuses an act beside what is on its way.
func (t *step) nothingOnItsWay() error {
	switch d := t.Request.Draft; {
	case d.ToSign():
		return fault.New(fault.Conflict, "something waits for the signature of another (sign): call it back first (callback)").Because("to_sign")
	case d.OnItsWay():
		return fault.New(fault.Conflict, "an answer is on its way and goes at %s: call it back first (callback)", stamp(d.Way.SendAt)).Because("on_its_way", "send_at", stamp(d.Way.SendAt))
	}
	return nil
}

// mayReplace refuses that answers go over other ones of a colleague, who has not
// sent them, unless that is what the officer wants.
func (t *step) mayReplace(officer string, answers []decision.Answer) error {
	d := t.Request.Draft
	if t.Replaces || d == nil || len(d.Answers) == 0 || foureyes.Caller(d.By) == foureyes.Caller(officer) || draft.Same(d.Answers, answers) {
		return nil
	}
	return fault.New(fault.Conflict, "a colleague has saved a draft of an answer, at %s: look at it in the file, and say so if yours is to replace it (replace)", stamp(d.At)).
		Because("colleagues_draft", "at", stamp(d.At))
}

// sendOff puts something on its way: it waits for a signature where it needs one.
func (t *step) sendOff(w draft.Way) error {
	if len(w.Needs) == 0 {
		return t.schedule(w, w.By)
	}
	var needs []string
	for _, act := range w.Needs {
		needs = append(needs, string(act))
	}
	err := t.happen(lifecycle.EventSignatureAsked, audit.AsOfficer(w.By), map[string]string{"act": string(w.Act), "needs": strings.Join(needs, " ")}, nil)
	w.Seq = t.Request.Head.Seq
	t.Request.Draft = t.Request.Draft.With(&w)
	return err
}

// schedule queues the letter of an answer.
func (t *step) schedule(w draft.Way, officer string) error {
	w.SendAt = t.sendAt(w.When)
	if err := t.happen(lifecycle.EventScheduled, audit.AsOfficer(officer), map[string]string{"send_at": w.SendAt.Format(civil.Stamp)}, nil); err != nil {
		return err
	}
	w.Seq = t.Request.Head.Seq
	t.Request.Draft = t.Request.Draft.With(&w)
	t.mail(requestmail.Decision)
	t.Letters[len(t.Letters)-1].DueAt = w.SendAt
	return nil
}

// sendAt is when a letter goes that is sent now.
func (t *step) sendAt(when draft.When) time.Time {
	at := t.at.Add(t.Settings.Callback)
	if when == draft.Morning {
		at = t.Law.NextWorking(at, t.Settings.Morning)
	}
	return at.UTC()
}
