package request

import (
	"context"
	"strconv"
	"strings"

	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/draft"
	"privacydesk/shared/domain/intake"
)

// Preview tells what happens when an officer's answers go, and whether they may;
// without answers those of the draft. It returns the request as it is then, for
// its letter; nothing is written. NotFound: there is no such request.
func (s *Service) Preview(ctx context.Context, id, officer string, answers ...decision.Answer) (draft.Plan, Request, error) {
	r, err := s.Store.Load(ctx, id)
	if err != nil {
		return draft.Plan{}, r, err
	}
	t := s.begin(r)
	t.Request.Version = r.Version
	if answers == nil && r.Draft != nil {
		answers = r.Draft.Answers
	}
	w, err := t.weigh(ctx, officer, answers)
	if err != nil || !w.Clean() {
		return w.Plan, r, err
	}
	after, err := t.after(&w)
	if facts, erases := w.Effect(draft.Erases); err == nil && erases && s.Reaches != nil {
		err = s.count(ctx, &after, facts)
	}
	return w.Plan, after, err
}

// count adds how many records an erasure reaches.
func (s *Service) count(ctx context.Context, after *Request, facts map[string]string) error {
	n, err := s.Reaches.Reach(ctx, after)
	facts["records"], facts["stays"], facts["waits"] = strconv.Itoa(n.Goes), strconv.Itoa(n.Stays), strconv.Itoa(n.Waits)
	return err
}

// foresee carries the answer out on a copy, and tells what that does.
func (t *step) foresee(w *weighed) error {
	w.Effects = t.inEffect()
	tell := func(code draft.EffectCode, facts ...string) {
		w.Effects = append(w.Effects, draft.Effect{Code: code, Facts: pairs(facts)})
	}
	for _, h := range w.held {
		tell(draft.ErasureHeld, "hold", h.Hold, "of", h.Of, "keeps", h.Keeps, "until", stamp(h.Until))
	}
	if w.decision == nil || !w.Clean() {
		return nil
	}
	after, err := t.after(w)
	if err != nil {
		return err
	}
	tell(draft.Closes, "state", string(after.State))
	if asked := askedNow(t.systems, after.Tasks); asked != "" {
		tell(draft.Asks, "systems", asked)
	}
	if left := notIncluded(t.systems, after.Tasks); left != "" && intake.Exports(w.decision.Granted(true)) {
		tell(draft.NotIncluded, "systems", left)
	}
	if !after.ExportUntil.IsZero() && !after.Paper { // no link leads to it
		tell(draft.Exports, "until", stamp(after.ExportUntil))
	}
	if !after.EraseFrom.IsZero() {
		tell(draft.Erases, "from", stamp(after.EraseFrom))
	} else if intake.Erases(w.decision.Granted(true)) {
		tell(draft.ErasureByHand)
	}
	if after.Appealable() {
		tell(draft.Appeals, "another", yes(t.Settings.OtherEyes))
	}
	return nil
}

// after is the request as it is once the answer has gone.
func (t *step) after(w *weighed) (Request, error) {
	then := &step{Service: t.Service, Step: Step{Request: t.Request}, at: t.at, others: t.others, systems: t.systems, files: t.files}
	d := *w.decision
	err := then.decide(&d, w.held, t.Request.Head.Seq)
	then.Request.Tasks, then.Request.Files = then.systems, t.files
	return then.Request, err
}

// inEffect is what took effect when the request came.
func (t *step) inEffect() []draft.Effect {
	r := &t.Request
	scopes := intake.Codes(r.stopped())
	if r.Source == intake.FromUnsubscribe {
		scopes = []string{"email"}
	}
	if len(scopes) == 0 || r.AppealOf != "" {
		return []draft.Effect{}
	}
	return []draft.Effect{{Code: draft.OptedOut, Facts: map[string]string{"scopes": strings.Join(scopes, " "), "since": stamp(r.ReceivedAt)}}}
}
